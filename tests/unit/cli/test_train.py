"""`rasid train`: what it writes, and what it says where something is missing."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.cli.train import train_app
from services.extraction.training.figures import Figures, TaggerFigures, read_figures, write_figures
from services.extraction.training.scores import Score
from tests.unit.extraction.training.labelled import conll_file, news_files


def _rasid_train(*arguments: object) -> Result:
    return CliRunner().invoke(train_app, [str(argument) for argument in arguments])


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    result = _rasid_train("words", "--articles", tmp_path / "raw.jsonl", "--out", tmp_path / "vectors.pt")
    assert result.exit_code == 2
    assert "pip install '.[train]'" in result.stderr


def test_weights_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    labels, articles = news_files(tmp_path, copies=5)
    result = _rasid_train("weights", "--labels", labels, "--articles", articles, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "event_weights.tsv" in result.stdout
    assert (tmp_path / "event_weights.tsv").exists()
    assert not (tmp_path / "claim_weights.tsv").exists()  # no claims were labelled


def test_labels_without_texts_end_the_command_with_the_line(tmp_path: Path) -> None:
    labels, _ = news_files(tmp_path)
    articles = tmp_path / "none.jsonl"
    articles.write_text("", encoding="utf-8")
    result = _rasid_train("weights", "--labels", labels, "--articles", articles, "--out", tmp_path)
    assert result.exit_code == 1
    assert "labels.jsonl, line 1: none of the articles has the id 'news-0-0'" in result.stderr


def test_the_card_is_written_from_the_figures(tmp_path: Path) -> None:
    scores = TaggerFigures(articles=50, names={"all": Score(9, 10, 10)}, events=Score(1, 2, 2), threshold=0.3)
    write_figures(tmp_path / "figures.json", Figures(tagger=scores))
    result = _rasid_train("card", tmp_path / "figures.json", "--out", tmp_path / "CARD.md")
    assert result.exit_code == 0, result.output
    assert "| all | 10 | 90.0 | 90.0 | 90.0 | – |" in (tmp_path / "CARD.md").read_text(encoding="utf-8")
    (tmp_path / "figures.json").write_text("{", encoding="utf-8")
    result = _rasid_train("card", tmp_path / "figures.json", "--out", tmp_path / "CARD.md")
    assert result.exit_code == 2
    assert "figures.json" in result.stderr


def test_from_raw_articles_to_a_model_its_card_and_the_weights_behind_it(tmp_path: Path) -> None:
    for module in ("torch", "onnx", "onnxruntime"):
        pytest.importorskip(module, reason="training needs the extra rasid[train]")
    labels, articles = news_files(tmp_path, copies=3)
    (tmp_path / "dev").mkdir()
    dev_labels, dev_articles = news_files(tmp_path / "dev")
    for path in (dev_labels, dev_articles):
        path.write_text(path.read_text(encoding="utf-8").replace("news-0", "dev-0"), encoding="utf-8")
    vectors, figures, readings = tmp_path / "vectors.pt", tmp_path / "figures.json", tmp_path / "readings.npz"
    sources = ("--vectors", vectors, "--labels", labels, "--articles", articles, "--conll", conll_file(tmp_path))
    sources = (*sources, "--dev-labels", dev_labels, "--dev-articles", dev_articles, "--epochs", 40)
    for command in (
        ("words", "--articles", articles, "--out", vectors, "--steps", 3),
        ("tagger", *sources, "--figures", figures, "--out", tmp_path / "model"),
        ("tagger", *sources, "--figures", figures, "--off", "rules,lists"),
        ("tagger", *sources, "--folds", 2, "--readings", readings),
        ("weights", "--labels", labels, "--articles", articles, "--readings", readings, "--out", tmp_path),
        ("card", figures, "--out", tmp_path / "model" / "CARD.md"),
    ):
        result = _rasid_train(*command)
        assert result.exit_code == 0, result.output
    held = read_figures(figures)
    assert held.model is not None
    assert set(held.ablation) == {"lists+rules"}
    assert {kind: one.articles for kind, one in held.learnt.items()} == {"raw": 18, "news": 18, "conll": 1}
    assert (tmp_path / "model" / "tagger.onnx").exists()
    assert (tmp_path / "hybrid_event_weights.tsv").exists()
    assert held.model.version in (tmp_path / "model" / "CARD.md").read_text(encoding="utf-8")


def test_engines_are_measured_and_their_confidences_held_against_the_labels(tmp_path: Path) -> None:
    labels, articles = news_files(tmp_path)
    figures = tmp_path / "figures.json"
    files = ("--dev-labels", labels, "--dev-articles", articles, "--figures", figures)
    result = _rasid_train("measure", *files, "--engine", "lexicon")
    assert result.exit_code == 0, result.output
    held = read_figures(figures)
    assert [(one.what, one.cases) for one in held.engine] == [("entities", 13), ("events", 5)]
    assert held.engine[0].hybrid == held.engine[0].lexicon
    assert set(held.reliability) == {"entities", "events"}
    result = _rasid_train("measure", *files, "--engine", "oracle")
    assert result.exit_code == 2
    assert "there is no engine 'oracle'" in result.stderr


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--off", "luck"), "'luck' cannot be left out"),
        (("--folds", 3), "go together"),
        (("--off", "rules", "--out", "model"), "--out is for the whole tagger"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(
    options: tuple[object, ...], complaint: str, tmp_path: Path
) -> None:
    for module in ("torch", "onnx", "onnxruntime"):
        pytest.importorskip(module, reason="training needs the extra rasid[train]")
    labels, articles = news_files(tmp_path)
    files = ("--labels", labels, "--articles", articles, "--dev-labels", labels, "--dev-articles", articles)
    result = _rasid_train("tagger", "--vectors", tmp_path / "vectors.pt", *files, *options)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_the_baseline_is_measured_on_the_same_articles(tmp_path: Path) -> None:
    for module in ("pycrfsuite", "onnxruntime"):
        pytest.importorskip(module, reason="training needs the extra rasid[train]")
    labels, articles = news_files(tmp_path, copies=4)
    (tmp_path / "dev").mkdir()
    dev_labels, dev_articles = news_files(tmp_path / "dev")
    for path in (dev_labels, dev_articles):
        path.write_text(path.read_text(encoding="utf-8").replace("news-0", "dev-0"), encoding="utf-8")
    files = ("--labels", labels, "--articles", articles, "--dev-labels", dev_labels, "--dev-articles", dev_articles)
    result = _rasid_train("baseline", *files, "--figures", tmp_path / "figures.json")
    assert result.exit_code == 0, result.output
    scores = read_figures(tmp_path / "figures.json").baseline
    assert scores is not None
    assert scores["all"].f1 > 0.9
