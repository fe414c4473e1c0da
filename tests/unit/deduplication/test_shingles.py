from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.deduplication.fingerprint import fingerprint
from services.deduplication.shingles import (
    LEAD_SHINGLES,
    SAMPLE_BYTES,
    SAMPLED,
    SHINGLE_WORDS,
    Sample,
    sample,
    shingles,
)
from services.deduplication.words import stems, words
from tests.unit.deduplication.examples import FLOOD, HARBOUR, article

codes = st.lists(st.integers(0, 2**32 - 1), max_size=60).map(lambda numbers: np.array(numbers, dtype=np.uint32))


def unpacked(packed: bytes) -> list[int]:
    return [int.from_bytes(packed[at : at + SAMPLE_BYTES], "big") for at in range(0, len(packed), SAMPLE_BYTES)]


def sampled(of: np.ndarray) -> Sample:
    """The sample of a text of one passage."""
    return sample(of, [len(of) + SHINGLE_WORDS - 1])


@settings(deadline=None, max_examples=100)
@given(codes)
def test_shingles_are_the_runs_of_stems_in_order(stems: np.ndarray) -> None:
    runs = [tuple(stems[at : at + SHINGLE_WORDS].tolist()) for at in range(len(stems) - SHINGLE_WORDS + 1)]
    found = shingles(stems).tolist()
    assert len(found) == (len(runs) if len(stems) >= SHINGLE_WORDS else min(1, len(stems)))
    if runs:
        assert len(set(found)) == len(set(runs))
        assert [found.index(code) for code in found] == [runs.index(run) for run in runs]


def test_the_order_of_two_words_is_told_apart() -> None:
    forth, back = (shingles(stems(words(said)).codes).tolist() for said in ("الوزير سافر", "سافر الوزير"))
    assert forth != back


@settings(deadline=None, max_examples=100)
@given(codes, codes)
def test_the_order_of_paragraphs_changes_only_the_shingles_at_their_seams(one: np.ndarray, other: np.ndarray) -> None:
    forth, back = shingles(np.append(one, other)), shingles(np.append(other, one))
    seams = 2 * (SHINGLE_WORDS - 1)
    assert len(np.setxor1d(forth, back)) <= max(seams, 0)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(0, 3000))
def test_a_sample_is_chosen_by_the_shingles_own_bits(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    everything = random.integers(0, 2**32, size=size, dtype=np.uint32)
    taken = sampled(everything)
    expected = {code & 0xFFFFFF for code in everything.tolist() if code % (1 << taken.level) == 0}
    kept = unpacked(taken.packed)
    assert set(kept) == expected
    assert len(kept) == len(expected) == len(taken.passages) <= SAMPLED
    if taken.level:
        assert len({code & 0xFFFFFF for code in everything.tolist() if code % (1 << taken.level - 1) == 0}) > SAMPLED
    other_order = sampled(random.permutation(everything))
    assert (other_order.level, set(unpacked(other_order.packed))) == (taken.level, set(kept))


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(0, 3000))
def test_a_sample_is_in_the_order_of_the_text_and_knows_its_beginning(seed: int, size: int) -> None:
    everything = np.random.default_rng(seed).integers(0, 2**12, size=size, dtype=np.uint32)
    taken = sampled(everything)
    numbers = [code & 0xFFFFFF for code in everything.tolist()]
    places = [numbers.index(code) for code in unpacked(taken.packed)]
    assert all(one < other for one, other in pairwise(places))
    assert taken.lead == sum(place < LEAD_SHINGLES for place in places)


def test_a_usual_article_is_kept_whole_and_a_long_one_in_part() -> None:
    usual, long = np.arange(1, 200, dtype=np.uint32), np.arange(1, 40_000, dtype=np.uint32)
    assert sampled(usual).level == 0
    assert len(unpacked(sampled(usual).packed)) == 199
    assert SAMPLED / 4 < len(unpacked(sampled(long).packed)) <= SAMPLED


def test_each_shingle_knows_the_passage_that_it_begins_in() -> None:
    of = np.arange(1, 12, dtype=np.uint32)  # the shingles of 12 words
    assert list(sample(of, [3, 4, 5]).passages) == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    assert list(sample(of, [0, 3, 0, 9]).passages) == [1, 1, 1] + [3] * 8


def test_the_last_of_256_passages_has_a_number_too() -> None:
    of = np.arange(1, 256, dtype=np.uint32)
    assert list(sample(of, [1] * 256).passages) == list(range(255))
    print_ = fingerprint(article("\n".join(f"وقال شاهد رقم {number} إنه لم ير شيئا." for number in range(3000))))
    assert max(print_.sample.passages) < len(print_.passages) <= 256


@pytest.mark.parametrize("moved", [1, 2, 3])
def test_what_is_in_the_lead_follows_from_the_place_in_the_text(moved: int) -> None:
    print_ = fingerprint(article((*FLOOD[moved:], *FLOOD[:moved])))
    assert print_.sample.lead == LEAD_SHINGLES
    assert fingerprint(article(HARBOUR[0].split("،")[0] + ".")).sample.lead < LEAD_SHINGLES


def test_no_words_give_an_empty_sample() -> None:
    assert sample(shingles(np.empty(0, dtype=np.uint32)), []) == Sample(0, 0, b"", b"")
