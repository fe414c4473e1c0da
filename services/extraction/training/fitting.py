"""The tagger taught by labelled articles: names, cuts and events together, on vectors that stay as they are."""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from services.extraction.tagging.word_vectors import group_rows, with_digits_alike
from services.extraction.training.examples import IGNORED, Example, Kind, Window, windows_of
from services.extraction.training.network import Tagger, with_present_names
from services.extraction.training.pretraining import Pretrained
from services.extraction.training.settings import LISTED_OR_FOUND, Fitting, evidence_kept

_WARM_UP = 60
_LEAST_RATE = 0.01
_LENGTHS_MIXED = 60
"""Words by which the windows of one batch may differ in length by chance: no two rounds have the same batches."""
_CUT_WEIGHT = 0.3


class Vectors:
    """Vectors of all forms of some articles, apart by what they come from: letter groups, rows of their own."""

    def __init__(self, learnt: Pretrained, forms: Iterable[str]) -> None:
        states = with_present_names(learnt.words)
        words, groups = states["words.weight"], states["groups.weight"]
        known = {word: n for n, word in enumerate(learnt.vocabulary, 1)}
        alike = [with_digits_alike(form) for form in forms]
        self._places = {form: n for n, form in enumerate(dict.fromkeys(alike))}
        with torch.no_grad():
            self.by_letters = torch.stack([groups[group_rows(form)].mean(0) for form in self._places])
            self.by_word = torch.stack([words[known.get(form, 0)] for form in self._places])

    def places(self, forms: Sequence[str]) -> Tensor:
        """Rows of these forms, all of which were given at the start: (len(forms),)."""
        return torch.tensor([self._places[with_digits_alike(form)] for form in forms])


@dataclass(frozen=True)
class Batch:
    """Windows side by side, the shorter ones filled up with nothing; see `network.Tagger.read`."""

    vectors: Tensor
    evidence: Tensor
    same: Tensor
    present: Tensor
    labels: Tensor
    cuts: Tensor
    events: Tensor


def batch_of(group: Sequence[Window], vectors: Vectors, kept: Tensor, plan: Fitting | None = None) -> Batch:
    """These windows; with a plan, without what it leaves out by chance.

    Args:
        kept: 1 for each column of evidence that is used, 0 for the others (evidence.WIDTH,).
    """
    size, longest = len(group), max(len(window.forms) for window in group)
    width = vectors.by_word.shape[1]
    given, evidence = torch.zeros(size, longest, width), torch.zeros(size, longest, len(kept))
    same, present = torch.zeros(size, longest, longest), torch.zeros(size, longest, 1)
    labels, cuts, events = (torch.full((size, longest), IGNORED) for _ in range(3))
    for row, window in enumerate(group):
        n, places = len(window.forms), vectors.places(window.forms)
        by_word = vectors.by_word[places]
        if plan is not None:
            by_word = by_word * (torch.rand(n, 1) >= plan.words_left_out)
        given[row, :n] = vectors.by_letters[places] + by_word
        evidence[row, :n] = torch.from_numpy(window.evidence)
        present[row, :n] = 1
        for where in window.same:
            at = torch.tensor(where)
            same[row][at[:, None], at[None]] = 1 / (len(where) - 1)
            same[row, at, at] = 0
        for targets, values in ((labels, window.labels), (cuts, window.cuts), (events, window.events)):
            targets[row, :n] = torch.from_numpy(values)
    if plan is not None:
        _leave_out(evidence, plan.evidence_left_out)
    return Batch(given, evidence * kept, same, present, labels, cuts, events)


def _leave_out(evidence: Tensor, share: float) -> None:
    """Takes away what lists and rules say of single words, and of half as many articles altogether."""
    words = (torch.rand(*evidence.shape[:2], 1) >= share).float()
    articles = (torch.rand(len(evidence), 1, 1) >= share / 2).float()
    first, last, cut = LISTED_OR_FOUND
    evidence[:, :, first:last] *= words * articles
    evidence[:, :, cut:] *= words


@dataclass(frozen=True)
class Fitted:
    """The network, averaged over the last steps, and what it was fitted with; `loss` is the mean of each round."""

    network: Tagger
    vectors: Vectors
    loss: list[float]
    settings: dict[str, Any]


def fit(
    examples: Sequence[Example],
    learnt: Pretrained,
    plan: Fitting,
    *,
    others: Iterable[Example] = (),
    report: Callable[[int, float, Tagger, Vectors], None] = lambda epoch, loss, network, vectors: None,
) -> Fitted:
    """Teaches a network by examples of all kinds. Deterministic on one thread.

    Args:
        others: examples that nothing is learnt from, whose words the vectors must know to read them later.
        report: is told the round, its mean loss, and the network and vectors as they are then.

    Raises:
        ValueError: there is no example.
    """
    if not examples:
        raise ValueError("there is no labelled article to learn from")
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    vectors = Vectors(learnt, (form for example in (*examples, *others) for form in example.forms))
    kept = torch.from_numpy(evidence_kept(plan.off))
    by_kind: dict[Kind, list[Window]] = {}
    for example in examples:
        if example.kind != "conll" or "conll" not in plan.off:
            by_kind.setdefault(example.kind, []).extend(windows_of(example))
    network = Tagger(plan.dropout)
    if "pretraining" not in plan.off:
        network.encoder.load_state_dict(with_present_names(learnt.encoder))
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=plan.decay)
    steps = plan.epochs * sum(math.ceil(len(held) / plan.batch) for held in by_kind.values())
    step, losses = 0, list[float]()
    for epoch in range(1, plan.epochs + 1):
        groups = [(kind, group) for kind, held in by_kind.items() for group in _groups(held, plan.batch, chance)]
        chance.shuffle(groups)
        total = 0.0
        for kind, group in groups:
            step += 1
            share = min(1.0, step / _WARM_UP) * (1 - (step - 1) / steps)
            for parameters in optimizer.param_groups:
                parameters["lr"] = plan.rate * max(share, _LEAST_RATE)
            loss = _loss(network, batch_of(group, vectors, kept, plan), kind, plan)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            _follow(mean, network, min(0.995, (1 + step) / (10 + step)))
            total += loss.item()
        losses.append(total / len(groups))
        report(epoch, losses[-1], mean, vectors)
    return Fitted(mean.eval(), vectors, losses, {**asdict(plan), "off": sorted(plan.off)})


def _groups(held: Sequence[Window], size: int, chance: random.Random) -> list[Sequence[Window]]:
    """Windows of about the same length together."""
    ordered = sorted(held, key=lambda window: len(window.forms) + chance.random() * _LENGTHS_MIXED)
    return [ordered[first : first + size] for first in range(0, len(ordered), size)]


def _loss(network: Tagger, batch: Batch, kind: Kind, plan: Fitting) -> Tensor:
    named, happened = network.read(batch.vectors, batch.evidence, batch.same, batch.present)
    if kind == "conll":
        return _missed(network.conll_labels(named), batch.labels, plan.smoothing) * plan.conll_weight
    seen = _missed(network.events(happened), batch.events)
    if kind == "events":
        return seen * plan.events_alone_weight
    return (
        _missed(network.labels(named), batch.labels, plan.smoothing)
        + _missed(network.cuts(named), batch.cuts) * _CUT_WEIGHT
        + seen * plan.event_weight
    )


def _missed(scores: Tensor, wanted: Tensor, smoothing: float = 0.0) -> Tensor:
    """Cross-entropy over the words that are labelled; nothing where none is."""
    if not (wanted != IGNORED).any():
        return scores.sum() * 0
    return functional.cross_entropy(scores.transpose(1, 2), wanted, ignore_index=IGNORED, label_smoothing=smoothing)


def _follow(mean: Tagger, network: Tagger, kept: float) -> None:
    with torch.no_grad():
        for average, newest in zip(mean.parameters(), network.parameters(), strict=True):
            average.mul_(kept).add_(newest, alpha=1 - kept)


def fold_of(examples: Sequence[Example], folds: int, fold: int) -> tuple[list[Example], list[Example]]:
    """Those to learn from and those held out, of each hand-labelled kind every `folds`th; corpora are never held out."""
    held: set[int] = set()
    for kind in ("news", "events"):
        held.update([n for n, example in enumerate(examples) if example.kind == kind][fold::folds])
    learnt_from = [example for n, example in enumerate(examples) if n not in held]
    return learnt_from, [examples[n] for n in sorted(held)]
