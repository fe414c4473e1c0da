"""Growing trees: what the file says is what the model says."""

from __future__ import annotations

import json
from random import Random

import numpy as np
import pytest

from services.extraction.event_contest import Trees
from services.extraction.event_marks import find_candidates
from services.extraction.training.event_trees import (
    Contest,
    as_line,
    can_grow,
    common_marks,
    grow,
    rows_of,
    weigh_honestly,
)
from services.extraction.weights import BIAS
from tests.unit.extraction.test_event_contest import stage_of

PIECES = (
    "شنت طائرات غارات على المدينة. ",
    "عقد الوزيران اجتماعا في العاصمة. ",
    "اعتقلت الشرطة ثلاثة رجال. ",
    "وخرج محتجون في مظاهرات بعد الغارات. ",
    "قتل خمسة في هجوم على حاجز. ",
)


def contests(count: int) -> list[Contest]:
    """Articles in which what comes first of its type is right, mostly."""
    chance, made = Random(7), []
    for n in range(count):
        stage, candidates = stage_of("".join(chance.choices(PIECES, k=6)))
        right = [("first of type" in candidate.marks) == (chance.random() < 0.9) for candidate in candidates]
        made.append(Contest(stage, find_candidates(stage), right, n % 3 > 0))
    return made


def test_a_candidate_is_weighed_by_the_articles_of_the_other_folds() -> None:
    held, asked = contests(6), []

    def weigh(examples: object) -> dict[str, float]:
        asked.append(len(list(examples)))  # type: ignore[call-overload]
        return {BIAS: float(len(asked))}

    weigh_honestly(held, weigh, folds=2)
    everyone = sum(len(contest.candidates) for contest in held)
    assert sum(asked) == everyone
    assert len({candidate.likelihood for contest in held[::2] for candidate in contest.candidates}) == 1
    assert held[0].candidates[0].likelihood != held[1].candidates[0].likelihood


def test_stems_are_no_common_marks() -> None:
    marks = common_marks(contests(5))
    assert "first of type" in marks
    assert not any(mark.startswith("stem=") for mark in marks)


@pytest.mark.skipif(not can_grow(), reason="scikit-learn, of the extra rasid[train], is not installed")
def test_the_file_judges_as_the_model_does() -> None:
    held = contests(120)
    chance = np.random.default_rng(7)
    for contest in held:
        for candidate in contest.candidates:
            candidate.likelihood = float(chance.uniform(0.01, 0.99))
    model, told = grow(held)
    trees = Trees(json.loads(as_line(told)))
    rows = rows_of(held, trees.marks)
    expected = model.predict_proba(rows)[:, 1]
    assert np.ptp(expected) > 0.3
    assert trees.likelihoods(rows) == pytest.approx(expected, abs=1e-6)
