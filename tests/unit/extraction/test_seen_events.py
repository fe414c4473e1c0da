"""What the tagger's view of an article says for its candidates."""

from __future__ import annotations

import numpy as np

from services.extraction.seen_events import TYPES, SeenEvents

STRIKE, ARREST = TYPES.index("air_strike"), TYPES.index("arrest")


def view(*words: dict[int, float]) -> SeenEvents:
    """Words with the likelihoods of types; what is left is that they name nothing."""
    shares = np.full((len(words), 1 + len(TYPES)), 1e-5)
    for row, likely in zip(shares, words, strict=True):
        for kind, share in likely.items():
            row[1 + kind] = share
        row[0] = 1.0 - row[1:].sum()
    return SeenEvents(np.log(shares).astype(np.float32))


def test_a_word_that_hardly_names_anything_is_not_proposed() -> None:
    seen = view({}, {STRIKE: 0.6, ARREST: 0.1}, {ARREST: 0.02})
    assert seen.proposed == {1: "air_strike"}


def test_the_surest_word_of_a_type_is_marked_and_what_was_surer_before() -> None:
    seen = view({STRIKE: 0.9}, {}, {}, {}, {STRIKE: 0.3})
    first, again = set(seen.marks(0, "air_strike", 0, 2)), set(seen.marks(4, "air_strike", 2, 5))
    assert {"the surest of its type", "the surest in the sentence"} <= first
    assert "surer before" in again
    assert "surer before" not in first
    assert "surer later" not in first


def test_surer_words_have_higher_steps() -> None:
    def step(share: float) -> int:
        marks = view({STRIKE: share}).marks(0, "air_strike", 0, 1)
        return next(int(mark.removeprefix("seen as it=")) for mark in marks if mark.startswith("seen as it="))

    steps = [step(share) for share in (0.001, 0.05, 0.3, 0.7, 0.99)]
    assert steps == sorted(set(steps))
