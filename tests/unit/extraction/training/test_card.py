"""The model card, and the file of figures that it is written from."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.extraction.training.card import card
from services.extraction.training.figures import (
    EngineFigure,
    Figures,
    FiguresError,
    Learnt,
    ModelFacts,
    TaggerFigures,
    read_figures,
    write_figures,
)
from services.extraction.training.scores import Bin, Score


def _tagger(right: int) -> TaggerFigures:
    names = {"all": Score(right, 100, 100), "PER": Score(right // 2, 50, 50)}
    bins = [Bin(0.8, 10, 0.85, 0.8), Bin(0.9, 90, 0.95, 0.96)]
    return TaggerFigures(articles=50, names=names, events=Score(6, 10, 10), threshold=0.3, reliability=bins)


@pytest.fixture
def figures() -> Figures:
    return Figures(
        model=ModelFacts(version="abc123", bytes=11_700_000, agreement=0.9987, settings={"epochs": 12, "off": []}),
        learnt={
            "news": Learnt(articles=360, words=90_000, names=8000, events=500),
            "conll": Learnt(articles=400, words=110_000, names=7700),
        },
        tagger=_tagger(92),
        baseline={"all": Score(86, 100, 100)},
        ablation={"rules": _tagger(89), "lists+words": _tagger(87)},
        engine=[EngineFigure(what="claims", cases=329, hybrid=0.86, lexicon=0.85)],
    )


def test_the_card_says_what_was_learnt_from_under_which_licence_and_how_good_it_is(figures: Figures) -> None:
    text = card(figures)
    for said in (
        "Version abc123, 11.7 MB in all",
        "| 360 | 90,000 | 8,000 | 500 |",
        "CC BY-SA 4.0",
        "| all | 100 | 92.0 | 92.0 | 92.0 | 86.0 |",
        "| people | 50 | 92.0 | 92.0 | 92.0 | – |",
        "| nothing | 92.0 |  | 60.0 |  |",
        "| rules: what the grammar of names finds | 89.0 | -3.0 | 60.0 | +0.0 |",
        "| 0.9 – | 90 | 0.95 | 0.96 |",
        "| claims | 329 | 86.0 | 85.0 |",
        "## Limits",
        "rasid train tagger",
        "Settings: epochs 12, off none.",
    ):
        assert said in text, said


def test_what_was_not_measured_is_left_out() -> None:
    text = card(Figures())
    assert "## Limits" in text
    assert "## How good it is" not in text
    assert "None" not in text


def test_figures_are_written_and_read_back(figures: Figures, tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    assert read_figures(path, begin=True) == Figures()
    write_figures(path, figures)
    assert read_figures(path) == figures


def test_a_file_of_figures_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    with pytest.raises(FiguresError, match="cannot be read"):
        read_figures(path)
    path.write_text('{"tagger": {"articles": "many"}}', encoding="utf-8")
    with pytest.raises(FiguresError, match=r"tagger\.articles"):
        read_figures(path)
