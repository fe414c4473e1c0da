"""Readings of articles by networks that did not learn from them, and the weights fitted to those."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.extraction.event_contest import TREES
from services.extraction.events import HYBRID_WEIGHTS, WEIGHTS
from services.extraction.fit import fit_tables, write_tables
from services.extraction.seen_events import TYPES
from services.extraction.training.corpora import CorpusError, labelled_articles
from services.extraction.training.event_trees import can_grow
from services.extraction.training.out_of_fold import read_readings, write_readings
from services.extraction.words import read_words
from tests.unit.extraction.training.labelled import news_files


def _readings(labels: Path, articles: Path) -> dict[str, np.ndarray]:
    """A network that sees every labelled event and nothing else."""
    readings = {}
    for article, gold in labelled_articles([labels], [articles]):
        words = read_words(article)
        shares = np.full((len(words), 1 + len(TYPES)), 0.001, dtype=np.float32)
        shares[:, 0] = 1 - 0.015
        for event in gold["events"]:
            row = shares[words.at(event["start"])]
            row[0], row[1 + TYPES.index(event["type"])] = 0.1, 0.886
        readings[article.id] = np.log(shares)
    return readings


def test_what_the_network_sees_weighs_in_the_hybrid_engine_alone(tmp_path: Path) -> None:
    labels, articles = news_files(tmp_path, copies=5)
    tables = fit_tables([labels], [articles], None, _readings(labels, articles))
    weights = dict(line.split("\t") for line in tables[HYBRID_WEIGHTS][1:])
    assert float(weights["the surest of its type"]) > 0
    assert not any(line.startswith("seen as") for line in tables[WEIGHTS])
    assert (TREES in tables) == can_grow()
    write_tables(tables, tmp_path)
    assert (tmp_path / HYBRID_WEIGHTS).read_text(encoding="utf-8").startswith("# Weights of marks")


def test_an_article_that_was_not_read_teaches_the_hybrid_engine_nothing(tmp_path: Path) -> None:
    labels, articles = news_files(tmp_path)
    assert HYBRID_WEIGHTS not in fit_tables([labels], [articles])
    assert HYBRID_WEIGHTS not in fit_tables([labels], [articles], None, {"other": np.zeros((3, 16), np.float32)})


def test_a_reading_of_another_text_is_refused(tmp_path: Path) -> None:
    labels, articles = news_files(tmp_path)
    with pytest.raises(CorpusError, match="news-0-0: the network read 3 words"):
        fit_tables([labels], [articles], None, {"news-0-0": np.zeros((3, 16), np.float32)})


def test_readings_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "readings.npz"
    given = {"news/1": np.log(np.full((4, 16), 1 / 16, np.float32)), "خبر": np.zeros((2, 16), np.float32)}
    write_readings(path, given)
    held = read_readings([path])
    assert set(held) == set(given)
    for name, reading in given.items():
        assert held[name].dtype == np.float32
        np.testing.assert_allclose(held[name], reading, rtol=1e-3)


@pytest.mark.parametrize("shape", [(16,), (4, 9)])
def test_a_file_of_something_else_is_named(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = tmp_path / "readings.npz"
    np.savez(path, news=np.zeros(shape, np.float32))
    with pytest.raises(CorpusError, match=r"readings\.npz: news is"):
        read_readings([path])
    path.write_text("no archive", encoding="utf-8")
    with pytest.raises(CorpusError, match="no readings in it"):
        read_readings([path])
