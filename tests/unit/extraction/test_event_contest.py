"""Candidates beside their rivals, and the trees that judge them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from schemas.articles_extracted import DateMention, Entity
from services.extraction.event_contest import COLUMNS, Trees, beside_rivals, load_trees, settle, with_marks
from services.extraction.event_marks import Candidate, Stage, find_candidates
from services.extraction.speakers import Cast
from services.extraction.words import read_words
from tests.unit.extraction.writing import article, name

TOLD_AGAIN = "شنت طائرات غارات على حلب. وعقد الوزيران اجتماعا في عمان. وأصابت الغارات سوقا في حلب وأخرى في إدلب."


def stage_of(text: str, entities: list[Entity] | None = None) -> tuple[Stage, list[Candidate]]:
    written, dates = article(text), list[DateMention]()
    words = read_words(written)
    stage = Stage(written, words, Cast(words, entities or [], written.text, {}), dates, [])
    return stage, find_candidates(stage)


def told_again() -> tuple[Stage, list[Candidate]]:
    entities = name(TOLD_AGAIN, "حلب", "LOC", "Aleppo") + name(TOLD_AGAIN, "إدلب", "LOC", "Idlib")
    stage, candidates = stage_of(TOLD_AGAIN, sorted(entities, key=lambda entity: entity.start))
    for candidate, likelihood in zip(candidates, (0.9, 0.5, 0.2), strict=True):
        candidate.likelihood = likelihood
    return stage, candidates


def column(rows: np.ndarray[Any, Any], named: str) -> list[float]:
    return [round(float(number), 3) for number in rows[:, COLUMNS.index(named)]]


def test_a_strike_told_again_stands_behind_the_surer_one() -> None:
    stage, candidates = told_again()
    assert [candidate.type for candidate in candidates] == ["air_strike", "meeting", "air_strike"]
    rows = beside_rivals(candidates, stage)
    assert column(rows, "odds") == [2.197, 0, -1.386]
    assert column(rows, "surest before of its type") == [-8, -8, 2.197]
    assert column(rows, "surest later of its type") == [-1.386, -8, -8]
    assert column(rows, "surer candidates") == [0, 1, 2]
    assert column(rows, "surer candidates of its type") == [0, 0, 1]
    assert column(rows, "sentences since the surest before") == [30, 30, 2]
    assert column(rows, "places that the surest before lacks") == [-1, -1, 1]
    assert column(rows, "places that the surest before has") == [-1, -1, 1]
    assert column(rows, "definite") == [0, 0, 1]


def test_words_of_a_sentence_are_rivals_and_types_of_a_word_too() -> None:
    stage, candidates = stage_of("اندلعت اشتباكات بعد غارات على المدينة.")
    both = [candidates[0], candidates[-1], Candidate(candidates[-1].at, 0, candidates[-1].trigger, "shelling", [])]
    for candidate, likelihood in zip(both, (0.5, 0.8, 0.3), strict=True):
        candidate.likelihood = likelihood
    rows = beside_rivals(both, stage)
    assert column(rows, "surest other word of its sentence") == [1.386, 0, 0]
    assert column(rows, "surest word before it in its sentence") == [-8, 0, 0]
    assert column(rows, "surest other type of its word") == [-8, -0.847, 1.386]
    assert column(rows, "surest later of another type of its kind") == [1.386, -8, -8]
    assert column(rows, "surest before of another type of its kind") == [-8, 0, 0]


def test_no_candidate_has_no_numbers() -> None:
    stage, candidates = stage_of("الطقس معتدل اليوم.")
    assert beside_rivals(candidates, stage).shape == (0, len(COLUMNS))
    settle(candidates, stage, load_trees())


def test_the_candidates_of_a_huge_article_are_compared_in_one_go() -> None:
    stage, (candidate, *_) = stage_of("غارات على المدينة.")
    many = [Candidate(candidate.at, 0, candidate.trigger, candidate.type, [], n / 30_000) for n in range(30_000)]
    for n, one in enumerate(many):
        one.at = n % len(stage.words)
    assert len(beside_rivals(many, stage)) == len(many)


def test_leaves_of_all_trees_add_up() -> None:
    told = {
        "marks": ["led"],
        "baseline": -1,
        "feature": [[0, -1, len(COLUMNS), -1, -1], [-1]],
        "threshold": [[0.5, 0, 0.5, 0, 0], [0]],
        "left": [[1, 0, 3, 0, 0], [0]],
        "right": [[2, 0, 4, 0, 0], [0]],
        "value": [[0, 1, 0, 2, 3], [0.25]],
    }
    rows = np.zeros((3, len(COLUMNS) + 1))
    rows[1:, 0] = 0.6
    rows[2, -1] = 1
    scores = np.array([-1 + 1 + 0.25, -1 + 2 + 0.25, -1 + 3 + 0.25])
    assert Trees(told).likelihoods(rows) == pytest.approx(1 / (1 + np.exp(-scores)))


def test_the_engines_trees_know_their_marks_and_settle_every_candidate() -> None:
    stage, candidates = told_again()
    trees = load_trees()
    rows = with_marks(beside_rivals(candidates, stage), candidates, trees.marks)
    assert rows[:, len(COLUMNS) :].sum() > len(candidates)
    settle(candidates, stage, trees)
    assert [c.likelihood for c in candidates] == trees.likelihoods(rows).tolist()
    assert all(0 < candidate.likelihood < 1 for candidate in candidates)
