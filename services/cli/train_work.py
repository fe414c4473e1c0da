"""What the commands of `rasid train` do once their options are checked. Needs the extra `rasid[train]`."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from services.cli.errors import LOST_OR_REJECTED, complain, fail
from services.cli.train_options import told
from services.extraction.training.corpora import CorpusError, conll_articles, labelled_articles, token_row
from services.extraction.training.examples import Example, conll_example_of, example_of
from services.extraction.training.figures import Figures, FiguresError, Learnt, ModelFacts, read_figures, write_figures
from services.extraction.training.settings import Fitting, evidence_kept

if TYPE_CHECKING:
    from services.extraction.training.fitting import Vectors
    from services.extraction.training.network import Tagger
    from services.extraction.training.pretraining import Pretrained


@dataclass(frozen=True)
class Sources:
    """The files that a tagger learns from, and those that it is measured on."""

    labels: Sequence[Path]
    articles: Sequence[Path]
    conll: Sequence[Path]
    dev_labels: Sequence[Path]
    dev_articles: Sequence[Path]
    dev_conll: Sequence[Path]


def learn_words(
    articles: Sequence[Path], out: Path, *, minutes: float, steps: int | None, jobs: int, threads: int, seed: int
) -> None:
    """`rasid train words`."""
    import torch

    from services.extraction.training.pretraining import Pretraining, pretrain, saved

    torch.set_num_threads(threads)
    try:
        row = token_row(articles, jobs)
        print(
            f"{row.articles} articles, {len(row.ids)} words, {len(row.words)} different; {row.refused} refused",
            flush=True,
        )
        learnt = pretrain(
            row,
            Pretraining(minutes=minutes, steps=steps, seed=seed),
            lambda step, share, loss: print(f"step {step}, {share:.0%}, loss {loss:.3f}", flush=True),
        )
    except ValueError as error:  # CorpusError too
        fail(str(error), LOST_OR_REJECTED)
    settings = learnt.settings | {"articles": row.articles}
    torch.save(saved(learnt) | {"settings": settings}, out)
    print(f"{out}: {len(learnt.vocabulary)} words with rows of their own")


def teach(vectors: Path, sources: Sources, plan: Fitting, out: Path | None, figures: Path | None, threads: int) -> None:
    """`rasid train tagger` without --folds."""
    from services.extraction.training.export import ExportError, export
    from services.extraction.training.fitting import fit
    from services.extraction.training.reading import figures as measured
    from services.extraction.training.reading import probes

    learnt = _loaded(vectors, threads)
    held = _figures(figures)
    examples, dev = _examples(sources)
    kept = evidence_kept(plan.off)
    fitted = fit(examples, learnt, plan, others=dev, report=_reporter())
    scores = measured(fitted.network, fitted.vectors, dev, kept)
    print(f"names: {told(scores.names)}")
    print(f"events: {scores.events.f1:.4f} ({scores.events.wanted}) at {scores.threshold}")
    if scores.conll.get("all") and scores.conll["all"].wanted:
        print(f"CoNLL: {told(scores.conll)}")
    if plan.off:
        held.ablation["+".join(sorted(plan.off))] = scores
    else:
        held.tagger = scores
        held.learnt = {**_raw(learnt), **_learnt(examples)}
    if out is not None:
        settings = {"vectors": learnt.settings, "tagger": fitted.settings}
        try:
            share = export(
                learnt.words,
                learnt.vocabulary,
                fitted.network,
                out,
                settings=settings,
                probes=list(probes(fitted.vectors, dev, kept)),
            )
        except (ExportError, OSError) as error:
            fail(f"the model cannot be written: {error}", LOST_OR_REJECTED)
        version = json.loads((out / "model.json").read_text(encoding="utf-8"))["version"]
        size = sum(path.stat().st_size for path in out.iterdir())
        held.model = ModelFacts(version=version, bytes=size, agreement=share, settings=fitted.settings)
        print(f"{out}: version {version}, {size / 1e6:.1f} MB; in bytes it reads {share:.2%} of the words as in floats")
    if figures is not None:
        write_figures(figures, held)


def cross_read(vectors: Path, sources: Sources, plan: Fitting, folds: int, readings: Path, threads: int) -> None:
    """`rasid train tagger --folds`: every labelled article read by a network that did not learn from it."""
    from services.extraction.training.fitting import fit, fold_of
    from services.extraction.training.out_of_fold import write_readings
    from services.extraction.training.reading import figures as measured
    from services.extraction.training.reading import readings as read

    learnt = _loaded(vectors, threads)
    examples, _ = _examples(sources)
    kept = evidence_kept(plan.off)
    said = {}
    for fold in range(folds):
        taught_by, apart = fold_of(examples, folds, fold)
        fitted = fit(taught_by, learnt, plan, others=apart, report=_reporter())
        for example, reading in zip(apart, read(fitted.network, fitted.vectors, apart, kept), strict=True):
            said[example.id] = reading.events
        scores = measured(fitted.network, fitted.vectors, apart, kept)
        print(f"fold {fold + 1} of {folds}: names {told(scores.names)}; events {scores.events.f1:.4f}", flush=True)
    write_readings(readings, said)
    print(f"{readings}: {len(said)} articles")


def measure_baseline(
    labels: Sequence[Path],
    articles: Sequence[Path],
    dev_labels: Sequence[Path],
    dev_articles: Sequence[Path],
    figures: Path | None,
) -> None:
    """`rasid train baseline`."""
    from services.extraction.training.baseline import score_baseline

    held = _figures(figures)
    examples, dev = _examples(Sources(labels, articles, [], dev_labels, dev_articles, []))
    try:
        held.baseline = score_baseline(examples, dev)
    except ValueError as error:
        fail(str(error), LOST_OR_REJECTED)
    print(f"names: {told(held.baseline)}")
    if figures is not None:
        write_figures(figures, held)


def _loaded(path: Path, threads: int) -> Pretrained:
    import torch

    from services.extraction.training.pretraining import loaded

    torch.set_num_threads(threads)
    try:
        return loaded(torch.load(path, weights_only=True))
    except (OSError, KeyError, TypeError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        fail(f"{path} holds no vectors of rasid train words ({type(error).__name__})", LOST_OR_REJECTED)


def _figures(path: Path | None) -> Figures:
    try:
        return Figures() if path is None else read_figures(path, begin=True)
    except FiguresError as error:
        fail(str(error), LOST_OR_REJECTED)


def _examples(sources: Sources) -> tuple[list[Example], list[Example]]:
    """Those to learn from and those to measure on. Ends the command where a file cannot be learnt from."""
    try:
        one = [*_labelled(sources.labels, sources.articles), *_conll(sources.conll)]
        other = [*_labelled(sources.dev_labels, sources.dev_articles), *_conll(sources.dev_conll)]
    except CorpusError as error:
        fail(str(error), LOST_OR_REJECTED)
    both = {example.id for example in one if example.kind != "conll"} & {example.id for example in other}
    if both:
        complain(
            f"{len(both)} articles to measure on are also learnt from, such as {min(both)}: they are left out there"
        )
        one = [example for example in one if example.id not in both]
    return one, other


def _labelled(labels: Sequence[Path], articles: Sequence[Path]) -> Iterable[Example]:
    for article, gold in labelled_articles(labels, articles):
        example = example_of(article, gold)
        if example is not None:
            yield example


def _conll(paths: Sequence[Path]) -> Iterable[Example]:
    for path in paths:
        for article, given in conll_articles(path):
            example = conll_example_of(article, given)
            if example is not None:
                yield example


def _raw(learnt: Pretrained) -> dict[str, Learnt]:
    settings = learnt.settings
    if "articles" not in settings:
        return {}
    return {"raw": Learnt(articles=settings["articles"], words=settings.get("words read", 0))}


def _learnt(examples: Sequence[Example]) -> dict[str, Learnt]:
    counted: dict[str, Learnt] = {}
    for example in examples:
        of = counted.setdefault(example.kind, Learnt(articles=0, words=0))
        of.articles += 1
        of.words += len(example.starts)
        of.names += int(np.count_nonzero((example.labels > 0) & (example.labels % 2 == 1)))
        of.events += int(np.count_nonzero(example.events > 0))
    return counted


def _reporter() -> Callable[[int, float, Tagger, Vectors], None]:
    begun = time.monotonic()
    return lambda epoch, loss, network, vectors: print(
        f"round {epoch}, loss {loss:.4f}, {time.monotonic() - begun:.0f} s", flush=True
    )
