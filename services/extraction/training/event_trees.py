"""Grow the trees that judge candidates for events beside their rivals (`event_contest`). Needs scikit-learn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.extraction.event_contest import COLUMNS, beside_rivals, with_marks
from services.extraction.event_marks import Candidate, Stage
from services.extraction.weights import probability

FOLDS = 4
"""The weights that a candidate is judged by were fitted to the articles of the other folds."""
MARKS = 150
"""So many of the commonest marks are told to the trees; stems never, they are too many."""
EVENTS_ONLY = 0.6
"""What an article labelled for nothing but events counts."""
_SHAPE: dict[str, Any] = {
    "max_iter": 160,
    "learning_rate": 0.05,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 20,
    "l2_regularization": 3.0,
    "early_stopping": False,
    "random_state": 0,
}
_DIGITS = 7

Weigh = Callable[[Sequence[tuple[Sequence[str], bool]]], dict[str, float]]
"""Fits weights of marks to candidates that are right or not."""


@dataclass(frozen=True, slots=True)
class Contest:
    """The candidates of a labelled article, which of them are right, and whether it was labelled for more than events."""

    stage: Stage
    candidates: Sequence[Candidate]
    right: Sequence[bool]
    whole: bool


def can_grow() -> bool:
    """Whether scikit-learn is there."""
    try:
        import sklearn.ensemble  # noqa: F401
    except ImportError:
        return False
    return True


def weigh_honestly(contests: Sequence[Contest], weigh: Weigh, folds: int = FOLDS) -> None:
    """Gives each candidate the likelihood by weights that were fitted without its article, every folds-th one."""
    for fold in range(folds):
        weights = weigh([example for n, c in enumerate(contests) if n % folds != fold for example in _examples(c)])
        for contest in contests[fold::folds]:
            for candidate in contest.candidates:
                candidate.likelihood = probability(weights, candidate.marks)


def _examples(contest: Contest) -> Iterator[tuple[Sequence[str], bool]]:
    return ((c.marks, right) for c, right in zip(contest.candidates, contest.right, strict=True))


def common_marks(contests: Sequence[Contest]) -> list[str]:
    """The MARKS commonest marks that are no stems."""
    held = Counter(mark for contest in contests for candidate in contest.candidates for mark in candidate.marks)
    ordered = sorted((-count, mark) for mark, count in held.items() if not mark.startswith("stem="))
    return [mark for _, mark in ordered[:MARKS]]


def rows_of(contests: Sequence[Contest], marks: Sequence[str]) -> NDArray[np.float64]:
    """What the trees look at of all weighed candidates: (candidates, COLUMNS + marks)."""
    rows = [with_marks(beside_rivals(c.candidates, c.stage), c.candidates, marks) for c in contests]
    return np.concatenate(rows) if rows else np.zeros((0, len(COLUMNS) + len(marks)))


def grow(contests: Sequence[Contest]) -> tuple[Any, dict[str, Any]]:
    """Trees fitted to weighed candidates: scikit-learn's model, and what `event_contest.Trees` reads."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    marks = common_marks(contests)
    right = np.array([is_right for contest in contests for is_right in contest.right])
    counts = np.repeat([1.0 if c.whole else EVENTS_ONLY for c in contests], [len(c.right) for c in contests])
    model = HistGradientBoostingClassifier(**_SHAPE).fit(rows_of(contests, marks), right, sample_weight=counts)
    return model, told(model, marks)


def told(model: Any, marks: Sequence[str]) -> dict[str, Any]:
    """A model's trees as lists: a number per node and tree, a leaf's feature is -1. The learning rate is in the values.

    Thresholds are not rounded: some are numbers of candidates, which would fall on the other side.
    """
    trees = [predictor.nodes for (predictor,) in model._predictors]
    return {
        "marks": list(marks),
        "baseline": _rounded(model._baseline_prediction.item()),
        "feature": [[-1 if n["is_leaf"] else int(n["feature_idx"]) for n in nodes] for nodes in trees],
        "threshold": [[0 if n["is_leaf"] else float(n["num_threshold"]) for n in nodes] for nodes in trees],
        "left": [[int(n["left"]) for n in nodes] for nodes in trees],
        "right": [[int(n["right"]) for n in nodes] for nodes in trees],
        "value": [[_rounded(n["value"]) if n["is_leaf"] else 0 for n in nodes] for nodes in trees],
    }


def _rounded(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")


def as_line(trees: Mapping[str, Any]) -> str:
    """The trees as the file has them: one line of JSON."""
    return json.dumps(trees, ensure_ascii=False, separators=(",", ":"))
