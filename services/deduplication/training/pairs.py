"""Fit the judgements of `comparison` to labelled pairs: sums of step functions, one for each figure. Needs scikit-learn."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.deduplication.comparison import Comparison, compared
from services.deduplication.fingerprint import Fingerprint

COPIES = frozenset({"exact", "revision", "near_duplicate"})
ONE_STORY = COPIES | {"same_story"}

RISING = 1
FALLING = -1
DIRECTIONS = {
    **dict.fromkeys(Comparison._fields, RISING),
    "hours": FALLING,
    "hours_of_source": FALLING,
    "same_source": 0,
    "unlike_size": 0,
    "size": 0,
}
"""What is more alike cannot make two articles less alike: it keeps few labels from saying so by accident."""

ROUNDS = 300
LEARNING_RATE = 0.06
LEAST_PAIRS = 12
RIDGE = 5.0
FIGURES_A_ROUND = 0.5
SEEDS = 4

STANDING_STORIES = 2
"""As many other stories must have had a passage for it to say nothing; `texts.lua` counts likewise."""


@dataclass(frozen=True)
class LabelledPair:
    """Two articles and what they are to each other, one of the labels of the guidelines."""

    one: str
    other: str
    label: str


def standing_passages(stream: Iterable[tuple[Fingerprint, str]]) -> dict[str, frozenset[int]]:
    """By article id the numbers of its passages that other stories before had; the stream is in order, with story ids."""
    stories: dict[bytes, set[str]] = defaultdict(set)
    standing = {}
    for print_, story in stream:
        hashes = [passage.hashed for passage in print_.passages]
        standing[print_.id] = frozenset(
            number for number, hashed in enumerate(hashes) if len(stories[hashed] - {story}) >= STANDING_STORIES
        )
        for hashed in hashes:
            stories[hashed].add(story)
    return standing


def comparisons(
    pairs: Sequence[LabelledPair],
    prints: Mapping[str, Fingerprint],
    order: Mapping[str, int],
    standing: Mapping[str, frozenset[int]],
) -> NDArray[np.float64]:
    """A row of figures for each pair, the article that came later in `order` being compared with the other."""
    rows = []
    for pair in pairs:
        earlier, later = sorted((pair.one, pair.other), key=order.__getitem__)
        rows.append(compared(prints[later], prints[earlier], standing[later]))
    return np.array(rows, dtype=np.float64)


def fitted(figures: NDArray[np.float64], alike: NDArray[np.bool_], least: float) -> dict[str, Any]:
    """A judgement as `pair_weights.json` has it; `least` is the probability from which on it is said.

    Boosted trees of one split each add up to a step function for each figure; the mean of several seeds is smoother.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    bias = 0.0
    steps: dict[int, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    for seed in range(SEEDS):
        model = HistGradientBoostingClassifier(
            max_depth=1,
            max_iter=ROUNDS,
            learning_rate=LEARNING_RATE,
            min_samples_leaf=LEAST_PAIRS,
            l2_regularization=RIDGE,
            max_features=FIGURES_A_ROUND,
            monotonic_cst=[DIRECTIONS[name] for name in Comparison._fields],
            early_stopping=False,
            random_state=seed,
        ).fit(figures, alike)
        bias += float(model._baseline_prediction.item()) / SEEDS
        for (tree,) in model._predictors:
            root = tree.nodes[0]
            if root["is_leaf"]:
                bias += float(root["value"]) / SEEDS
                continue
            left, right = (float(tree.nodes[root[side]]["value"]) / SEEDS for side in ("left", "right"))
            bias += left
            steps[int(root["feature_idx"])][float(root["num_threshold"])] += right - left
    scales = {}
    for number, name in enumerate(Comparison._fields):
        if not steps[number]:
            continue
        edges = sorted(steps[number])
        odds = np.concatenate([[0.0], np.cumsum([steps[number][edge] for edge in edges])])
        # A tree sends what equals its threshold to the left, a scale to the right.
        scales[name] = {
            "edges": [_next_above(edge) for edge in edges],
            "odds": [round(float(value), 4) for value in odds],
        }
    return {"bias": round(bias, 4), "least": round(math.log(least / (1 - least)), 4), "scales": scales}


def _next_above(edge: float) -> float:
    return round(edge + 5e-7, 6)
