"""Fitting the judgements to labelled pairs."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from services.deduplication.comparison import Comparison, Judgement, Scale, compared
from services.deduplication.training import pairs
from services.deduplication.training.pairs import (
    COPIES,
    DIRECTIONS,
    ONE_STORY,
    LabelledPair,
    comparisons,
    fitted,
    standing_passages,
)
from tests.unit.deduplication.prints import print_of

BACKGROUND = range(900, 940)

with_sklearn = pytest.mark.skipif(
    importlib.util.find_spec("sklearn") is None, reason="fitting needs scikit-learn, of the extra rasid[train]"
)


def test_a_passage_stands_once_two_other_stories_had_it() -> None:
    stream = [(print_of(range(10 * n, 10 * n + 9), BACKGROUND, id=f"a-{n}"), f"story-{n}") for n in range(4)]
    standing = standing_passages(stream)
    assert standing == {
        "a-0": frozenset(),
        "a-1": frozenset(),
        "a-2": frozenset({1}),
        "a-3": frozenset({1}),
    }


def test_a_passage_that_one_story_repeats_does_not_stand() -> None:
    prints = [print_of(range(10 * n, 10 * n + 9), BACKGROUND, id=f"a-{n}") for n in range(6)]
    assert not any(standing_passages((print_, "one") for print_ in prints).values())
    mixed = standing_passages(zip(prints, ["one", "one", "two", "one", "two", "three"], strict=True))
    assert [number for number, print_ in enumerate(prints) if mixed[print_.id]] == [5]


def test_the_article_that_came_later_is_compared_with_the_other() -> None:
    one = print_of(range(40), BACKGROUND, id="one")
    other = print_of(range(10), BACKGROUND, id="other")
    prints = {print_.id: print_ for print_ in (one, other)}
    standing = {"one": frozenset({1}), "other": frozenset({1})}
    labelled = [LabelledPair("one", "other", "same_story"), LabelledPair("other", "one", "same_story")]
    forth = comparisons(labelled, prints, {"one": 1, "other": 2}, standing)
    assert forth.shape == (2, len(Comparison._fields))
    assert forth[0].tolist() == forth[1].tolist() == list(compared(other, one, {1}))
    back = comparisons(labelled, prints, {"one": 2, "other": 1}, standing)
    assert back[0].tolist() == list(compared(one, other, {1}))
    assert back[0].tolist() != forth[0].tolist()


def test_every_figure_has_a_direction_and_copies_are_of_one_story() -> None:
    assert set(DIRECTIONS) == set(Comparison._fields)
    assert COPIES < ONE_STORY


@pytest.fixture(scope="module")
def fit() -> Iterator[tuple[dict[str, Any], np.ndarray, np.ndarray]]:
    """A short fit, with its figures and labels: jaccard alone decides, from a half on; the rest says nothing."""
    random = np.random.default_rng(5)
    figures = random.random((300, len(Comparison._fields)))
    alike = figures[:, Comparison._fields.index("jaccard")] > 0.5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "ROUNDS", 150)
        patch.setattr(pairs, "SEEDS", 2)
        yield fitted(figures, alike, 0.36), figures, alike


@with_sklearn
def test_what_was_fitted_judges_as_its_labels_do(fit: tuple[dict[str, Any], np.ndarray, np.ndarray]) -> None:
    given, figures, alike = fit
    scales = {name: Scale(tuple(one["edges"]), tuple(one["odds"])) for name, one in given["scales"].items()}
    judgement = Judgement(given["bias"], given["least"], scales)
    said = [judgement.odds(Comparison(*row)) >= judgement.least for row in figures.tolist()]
    assert np.mean(np.array(said) == alike) > 0.95
    assert given["least"] == round(math.log(0.36 / 0.64), 4)


@with_sklearn
def test_more_in_common_is_never_held_against_a_pair(fit: tuple[dict[str, Any], np.ndarray, np.ndarray]) -> None:
    given, _, _ = fit
    assert max(given["scales"]["jaccard"]["odds"]) > 1
    for name, scale in given["scales"].items():
        assert len(scale["odds"]) == len(scale["edges"]) + 1
        assert (np.diff(scale["odds"]) * DIRECTIONS[name] >= -1e-3).all() or DIRECTIONS[name] == 0, name
