import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.deduplication.shingles import SAMPLE_BYTES, SAMPLED, SHINGLE_WORDS, sample, shingles

codes = st.lists(st.integers(0, 2**32 - 1), max_size=60).map(lambda numbers: np.array(numbers, dtype=np.uint32))


def unpacked(packed: bytes) -> set[int]:
    return {int.from_bytes(packed[at : at + SAMPLE_BYTES], "big") for at in range(0, len(packed), SAMPLE_BYTES)}


@settings(deadline=None, max_examples=100)
@given(codes)
def test_shingles_are_the_distinct_runs_of_stems(stems: np.ndarray) -> None:
    runs = {tuple(stems[at : at + SHINGLE_WORDS].tolist()) for at in range(len(stems) - SHINGLE_WORDS + 1)}
    expected = len(runs) if len(stems) >= SHINGLE_WORDS else min(1, len(stems))
    assert len(shingles(stems)) == expected


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
    everything = np.unique(random.integers(0, 2**32, size=size, dtype=np.uint32))
    taken = sample(everything)
    expected = {code & 0xFFFFFF for code in everything.tolist() if code % (1 << taken.level) == 0}
    assert unpacked(taken.packed) == expected
    assert taken.size == len(everything)
    assert len(expected) <= SAMPLED
    assert sample(random.permutation(everything)) == taken


def test_a_usual_article_is_kept_whole_and_a_long_one_in_part() -> None:
    usual, long = np.arange(1, 200, dtype=np.uint32), np.arange(1, 40_000, dtype=np.uint32)
    assert len(unpacked(sample(usual).packed)) == 199
    assert SAMPLED / 4 < len(unpacked(sample(long).packed)) <= SAMPLED
