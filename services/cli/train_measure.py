"""`rasid train measure`: whole engines on labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from services.cli.errors import LOST_OR_REJECTED, WRONG_USAGE, fail
from services.cli.train_options import told
from services.extraction.engine import EngineUnavailable, UnknownEngine, load_engine
from services.extraction.training.corpora import CorpusError, labelled_articles
from services.extraction.training.figures import EngineFigure, Figures, FiguresError, read_figures, write_figures
from services.extraction.training.measuring import measured
from services.extraction.training.scores import calibration_error, reliability


def measure_engines(
    dev_labels: Sequence[Path], dev_articles: Sequence[Path], engine: str, beside: str, figures: Path | None
) -> None:
    """Prints the scores of both engines, and adds them and the first one's reliability to the figures."""
    try:
        held = Figures() if figures is None else read_figures(figures, begin=True)
        one, other = load_engine(engine), load_engine(beside)
        articles = list(labelled_articles(dev_labels, dev_articles))
    except (CorpusError, FiguresError) as error:
        fail(str(error), LOST_OR_REJECTED)
    except (UnknownEngine, EngineUnavailable) as error:
        fail(str(error), WRONG_USAGE)
    found, compared = measured(one, articles), measured(other, articles)
    for name, scored in ((engine, found), (beside, compared)):
        print(f"{name}: {told({what: score for what, (score, _) in scored.items()})}")
    held.reliability = {what: reliability(findings) for what, (_, findings) in found.items()}
    for what, bins in held.reliability.items():
        print(f"confidence of {what}: off by {calibration_error(bins):.3f} on average")
    mine = {
        what: EngineFigure(what=what, cases=score.wanted, hybrid=score.f1, lexicon=compared[what][0].f1)
        for what, (score, _) in found.items()
    }
    held.engine = [*mine.values(), *(figure for figure in held.engine if figure.what not in mine)]
    if figures is not None:
        write_figures(figures, held)
