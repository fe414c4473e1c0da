"""How the tagger is fitted, and what can be left out of it to see what it was good for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.extraction.tagging.evidence import CUT, FOUND, LISTED, WIDTH

LISTED_OR_FOUND = (FOUND, 2 * LISTED, CUT)
"""Columns of what rules and lists say, half-open, and the column from which on there is what rules cut off."""
COMPONENTS = {
    "rules": "what the grammar of names finds",
    "lists": "what the lists of people, bodies, armed groups and places know",
    "words": "what words mostly are: counts of names in news, parts of people's names",
    "pretraining": "the encoder's training on raw articles (the vectors of words stay)",
    "conll": "the CoNLL corpora",
}
"""What `off` may name, in words."""
_COLUMNS = {
    "rules": (*range(FOUND, LISTED), CUT),
    "lists": tuple(range(LISTED, 2 * LISTED)),
    "words": (*range(16, 22), *range(38, 42)),
}


@dataclass(frozen=True)
class Fitting:
    """How to fit. Shares of what is left out by chance while learning make it robust against what it does not know."""

    epochs: int = 12
    rate: float = 1.5e-3
    batch: int = 16
    """Windows learnt from at once."""
    decay: float = 0.02
    dropout: float = 0.2
    evidence_left_out: float = 0.2
    words_left_out: float = 0.15
    smoothing: float = 0.02
    event_weight: float = 1.5
    events_alone_weight: float = 0.9
    """That of articles whose events alone are labelled: many, with few events, they would outweigh the others."""
    conll_weight: float = 0.7
    seed: int = 1
    off: frozenset[str] = frozenset()
    """Of COMPONENTS, those that are left out."""


def evidence_kept(off: Collection[str]) -> NDArray[np.float32]:
    """1 for each column of evidence that is used, 0 for those of the components that are off: (evidence.WIDTH,).

    Raises:
        ValueError: there is no such component.
    """
    unknown = sorted(set(off) - set(COMPONENTS))
    if unknown:
        raise ValueError(f"{unknown[0]!r} cannot be left out: choose of {', '.join(COMPONENTS)}")
    kept = np.ones(WIDTH, dtype=np.float32)
    for component in off:
        kept[list(_COLUMNS.get(component, ()))] = 0
    return kept
