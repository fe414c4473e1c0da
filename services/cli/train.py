"""`rasid train`: the tagger and the weights taught anew, from articles and labels on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.errors import FINE, LOST_OR_REJECTED, WRONG_USAGE, complain, fail
from services.cli.help_text import taught
from services.cli.train_options import (
    SEVERAL,
    ArticlesOption,
    DevArticlesOption,
    DevLabelsOption,
    FiguresOption,
    LabelsOption,
    SeedOption,
    ThreadsOption,
    need,
    need_folder_of,
)
from services.cli.train_pairs import pairs

train_app = typer.Typer(
    no_args_is_help=True,
    help="Teach the tagger and the weights anew. Needs the extra rasid\\[train] (torch and others).",
)


def words(
    articles: Annotated[
        list[Path],
        typer.Option(
            "--articles", help="Raw articles, JSON lines or .gz: id, source, title, text, published_at." + SEVERAL
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Takes the vectors and the encoder.")],
    minutes: Annotated[float, typer.Option(min=0.01, help="How long to learn, reading not counted.")] = 60.0,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Learn so many steps instead: the same steps learn the same.", show_default=False),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that read articles.")] = 1,
    threads: ThreadsOption = 1,
    seed: SeedOption = 1,
) -> None:
    """Learn vectors of words, and the encoder, from raw articles: by guessing words that were left out.

    An hour on a core passes over some sixty million words, again and again the same if there are fewer.

    Example:

        rasid train words --articles ant.jsonl.gz --out vectors.pt --minutes 60

    Exit status 0: learnt. 1: the articles cannot be learnt from. 2: wrong usage, or the extra is missing.
    """
    need("torch")
    need_folder_of(out)
    from services.cli.train_work import learn_words

    learn_words(articles, out, minutes=minutes, steps=steps, jobs=jobs, threads=threads, seed=seed)


def tagger(
    vectors: Annotated[Path, typer.Option("--vectors", help="What train words wrote.")],
    labels: LabelsOption,
    articles: ArticlesOption,
    dev_labels: DevLabelsOption,
    dev_articles: DevArticlesOption,
    conll: Annotated[
        list[Path] | None,
        typer.Option("--conll", help="A CoNLL corpus to learn from too: token and label a line." + SEVERAL),
    ] = None,
    dev_conll: Annotated[
        list[Path] | None, typer.Option("--dev-conll", help="A CoNLL corpus to measure on." + SEVERAL)
    ] = None,
    off: Annotated[
        str,
        typer.Option(
            "--off",
            help="Leave out some of rules, lists, words, pretraining, conll (commas between): for the ablation.",
        ),
    ] = "",
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Rounds over all examples. Default: as tuned.", show_default=False)
    ] = None,
    folds: Annotated[
        int, typer.Option(min=0, help="Learn so many times from all but a part, and read that part: with --readings.")
    ] = 0,
    readings: Annotated[
        Path | None,
        typer.Option("--readings", help="Takes what the folds say of events, for train weights.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Folder that takes the model (the engine's is data/model in services/extraction). Default: none is written.",
            show_default=False,
        ),
    ] = None,
    figures: FiguresOption = None,
    threads: ThreadsOption = 1,
    seed: SeedOption = 1,
) -> None:
    """Teach the tagger by labelled articles, measure it on others, write it as the engine reads it.

    Articles without entities in their labels teach events alone. A row of the ablation is a run with --off; it needs no
    --out. With --folds the labels are also read by networks that did not learn from them, which the weights of events
    are then fitted to.

    Examples:

        rasid train tagger --vectors vectors.pt --labels labels.jsonl --articles articles.jsonl
            --dev-labels dev.jsonl --dev-articles dev_articles.jsonl --out services/extraction/data/model
        rasid train tagger … --off rules,lists --figures figures.json
        rasid train tagger … --folds 5 --readings readings.npz

    Exit status 0: taught. 1: a file cannot be learnt from, or the model cannot be written. 2: wrong usage, or the extra
    is missing.
    """
    need("torch", *(("onnx", "onnxruntime") if out else ()))
    from services.cli.train_work import Sources, cross_read, teach
    from services.extraction.training.settings import Fitting, evidence_kept

    left_out = frozenset(part.strip() for part in off.split(",") if part.strip())
    try:
        evidence_kept(left_out)
    except ValueError as error:
        fail(f"--off: {error}", WRONG_USAGE)
    if bool(folds) != (readings is not None) or folds == 1:
        fail("--folds (2 or more) and --readings go together", WRONG_USAGE)
    if out is not None and (left_out or folds):
        fail("--out is for the whole tagger: without --off and --folds", WRONG_USAGE)
    plan = Fitting(off=left_out, seed=seed, **({"epochs": epochs} if epochs else {}))
    sources = Sources(labels, articles, conll or [], dev_labels, dev_articles, dev_conll or [])
    if readings is not None:
        need_folder_of(readings)
        cross_read(vectors, sources, plan, folds, readings, threads)
    else:
        teach(vectors, sources, plan, out, figures, threads)


def weights(
    labels: LabelsOption,
    articles: ArticlesOption,
    readings: Annotated[
        list[Path] | None,
        typer.Option(
            "--readings", help="What train tagger --folds wrote: fits the hybrid engine's weights too." + SEVERAL
        ),
    ] = None,
    entities: Annotated[
        str, typer.Option(help="Entities to go by: labelled, or as an engine finds them (lexicon, hybrid).")
    ] = "labelled",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder that takes the tables. Default: where the engines read.", show_default=False
        ),
    ] = None,
) -> None:
    """Fit the weights of claims and events to labelled articles: after a change of marks, word lists or labels.

    Needs no extra, and takes seconds. The hybrid engine's weights of events are fitted only where --readings are given,
    and with the extra (scikit-learn) the trees that judge by them: some minutes.

    Example:

        rasid train weights --labels labels.jsonl --articles articles.jsonl --readings readings.npz

    Exit status 0: fitted. 1: a file cannot be learnt from. 2: wrong usage.
    """
    from services.extraction.engine import EngineUnavailable, UnknownEngine
    from services.extraction.event_contest import TREES
    from services.extraction.events import HYBRID_WEIGHTS
    from services.extraction.fit import DATA, fit_tables, write_tables
    from services.extraction.training.corpora import CorpusError
    from services.extraction.training.out_of_fold import read_readings

    folder = out or DATA
    if not folder.is_dir():
        fail(f"{folder} is no folder: make it first", WRONG_USAGE)
    try:
        held = read_readings(readings or [])
        tables = fit_tables(labels, articles, None if entities == "labelled" else entities, held)
    except CorpusError as error:
        fail(str(error), LOST_OR_REJECTED)
    except (UnknownEngine, EngineUnavailable) as error:
        fail(f"--entities: {error}", WRONG_USAGE)
    write_tables(tables, folder)
    for name, lines in tables.items():
        told = "trees" if name == TREES else f"{len(lines) - 1} marks; {lines[0].lstrip('# ')}"
        print(f"{folder / name}: {told}")
    if HYBRID_WEIGHTS in tables and TREES not in tables:
        complain(
            f"{TREES} is as it was: trees need scikit-learn, of the extra rasid[train], and right and wrong candidates"
        )
    if not tables:
        complain("the labels have neither events nor claims: nothing was fitted")


def baseline(
    labels: LabelsOption,
    articles: ArticlesOption,
    dev_labels: DevLabelsOption,
    dev_articles: DevArticlesOption,
    figures: FiguresOption = None,
) -> None:
    """Measure the tagger's baseline on the same articles: a conditional random field on words, affixes, clitics, lists.

    Exit status 0: measured. 1: a file cannot be learnt from. 2: wrong usage, or the extra is missing.
    """
    need("pycrfsuite")
    from services.cli.train_work import measure_baseline

    measure_baseline(labels, articles, dev_labels, dev_articles, figures)


def measure(
    dev_labels: DevLabelsOption,
    dev_articles: DevArticlesOption,
    engine: Annotated[str, typer.Option(help="The engine to measure.")] = "hybrid",
    beside: Annotated[str, typer.Option(help="The engine whose figures stand beside it.")] = "lexicon",
    figures: FiguresOption = None,
) -> None:
    """Measure whole engines on labelled articles: entities, events, claims, and whether their confidences hold.

    Needs no extra.

    Exit status 0: measured. 1: a file cannot be learnt from. 2: wrong usage, or an engine is not there.
    """
    from services.cli.train_measure import measure_engines

    measure_engines(dev_labels, dev_articles, engine, beside, figures)


def card(
    figures: Annotated[
        Path, typer.Argument(metavar="FIGURES.json", help="What the other commands wrote with --figures.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Default: CARD.md beside the model.", show_default=False),
    ] = None,
) -> None:
    """Write the model card: what was learnt from what under which licence, figures, ablation, reliability, limits.

    Exit status 0: written. 2: wrong usage, or the figures cannot be read.
    """
    from services.extraction.fit import DATA
    from services.extraction.training.card import CARD
    from services.extraction.training.card import card as written
    from services.extraction.training.figures import FiguresError, read_figures

    path = out or DATA / "model" / CARD
    need_folder_of(path)
    try:
        path.write_text(written(read_figures(figures)), encoding="utf-8")
    except FiguresError as error:
        fail(str(error), WRONG_USAGE)
    print(path)
    raise typer.Exit(FINE)


train_app.command(help=taught(words))(words)
train_app.command(help=taught(tagger))(tagger)
train_app.command(help=taught(weights))(weights)
train_app.command(help=taught(pairs))(pairs)
train_app.command(help=taught(baseline))(baseline)
train_app.command(help=taught(measure))(measure)
train_app.command(help=taught(card))(card)
