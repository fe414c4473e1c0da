"""From probabilities of labels to names."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from services.extraction.tagging.decoding import LABELS, spans

NONE, FIRST_PERSON, MORE_PERSON, FIRST_PLACE, MORE_PLACE = 0, 1, 2, 7, 8


def sure_of(*labels: int) -> np.ndarray:
    """Log-probabilities that leave little doubt."""
    shares = np.full((len(labels), LABELS), 0.01)
    shares[np.arange(len(labels)), labels] = 1 - 0.01 * (LABELS - 1)
    return np.log(shares).astype(np.float32)


def test_a_first_word_and_further_ones_of_its_type_are_one_name() -> None:
    found = list(spans(sure_of(NONE, FIRST_PERSON, MORE_PERSON, NONE, FIRST_PLACE)))
    assert [(span.first, span.last, span.type) for span in found] == [(1, 3, 0), (4, 5, 3)]
    assert all(span.likelihood > 0.9 for span in found)


def test_two_first_words_are_two_names() -> None:
    found = list(spans(sure_of(FIRST_PLACE, FIRST_PLACE, MORE_PLACE)))
    assert [(span.first, span.last) for span in found] == [(0, 1), (1, 3)]


def test_a_further_word_without_a_first_one_does_not_begin_a_name() -> None:
    likely = np.log(np.full((2, LABELS), 1e-4))
    likely[0, NONE] = np.log(0.9)
    likely[1, MORE_PLACE], likely[1, FIRST_PLACE] = np.log(0.6), np.log(0.3)
    (span,) = spans(likely.astype(np.float32))
    assert (span.first, span.last, span.type) == (1, 2, 3)
    assert 0.29 < span.likelihood < 0.31


def test_no_words_have_no_names() -> None:
    assert list(spans(np.zeros((0, LABELS), dtype=np.float32))) == []


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.just(LABELS)), elements=st.floats(-8, 8)))
def test_names_never_overlap_and_stand_in_order(scores: np.ndarray) -> None:
    labels = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    found = list(spans(labels.astype(np.float32)))
    assert all(one.last <= other.first for one, other in pairwise(found))
    assert all(0 <= span.first < span.last <= len(labels) and 0 <= span.type < 4 for span in found)
    assert all(0 < span.likelihood <= 1 for span in found)
