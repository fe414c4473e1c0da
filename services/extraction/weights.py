"""Weighted marks: each mark of a candidate has a weight fitted on hand-labelled articles (see fit.py)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

BIAS = "bias"


@cache
def read_weights(table: str) -> dict[str, float]:
    """Weights by mark from a table in data/. Raises ValueError naming the line that is not a mark and a number."""
    weights: dict[str, float] = {}
    for line in (files(__package__) / "data" / table).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        mark, _, weight = line.partition("\t")
        try:
            weights[mark] = float(weight)
        except ValueError:
            raise ValueError(f"{table}: {line!r} is not a mark, a tab and a number") from None
    return weights


def probability(weights: dict[str, float], marks: Iterable[str]) -> float:
    """The share of candidates with these marks that are right; marks without a weight say nothing."""
    score = weights.get(BIAS, 0.0)
    for mark in marks:
        score += weights.get(mark, 0.0)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
