import numpy as np
import pytest

from services.deduplication.minhash import BANDS, PERMUTATIONS, bands, signature


def sets_of_similarity(jaccard: float, size: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of `size` numbers each, whose Jaccard similarity is as near to `jaccard` as their size allows."""
    shared = round(2 * size * jaccard / (1 + jaccard))
    numbers = random.choice(2**32, size=2 * size - shared, replace=False).astype(np.uint32)
    return numbers[:size], numbers[size - shared :]


@pytest.mark.parametrize("jaccard", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
def test_agreement_of_signatures_estimates_jaccard_without_bias(jaccard: float) -> None:
    random = np.random.default_rng(7)
    pairs = [sets_of_similarity(jaccard, 200, random) for _ in range(150)]
    errors = np.array([np.mean(signature(one) == signature(other)) - jaccard for one, other in pairs])
    assert abs(errors.mean()) < 0.02
    assert errors.std() <= 1.3 * np.sqrt(jaccard * (1 - jaccard) / PERMUTATIONS) + 1e-9


def test_the_signature_of_a_set_does_not_depend_on_its_order() -> None:
    random = np.random.default_rng(8)
    numbers = random.choice(2**32, size=10_000, replace=False).astype(np.uint32)
    assert np.array_equal(signature(numbers), signature(random.permutation(numbers)))


def test_the_signature_of_a_union_is_the_least_of_the_signatures() -> None:
    random = np.random.default_rng(9)
    one, other = random.choice(2**32, size=(2, 5_000), replace=False).astype(np.uint32)
    assert np.array_equal(signature(np.append(one, other)), np.minimum(signature(one), signature(other)))


def test_signatures_stay_what_they_were() -> None:
    """Those in Redis were made by an earlier process, perhaps by an earlier version."""
    signed = signature(np.arange(1, 50, dtype=np.uint32))
    assert signed.tolist()[:3] == [77755271, 226661135, 17488907]
    assert bands(signed).tolist()[:3] == [2009198536, 4208814214, 3624724790]


def test_likely_copies_share_a_band_and_strangers_share_none() -> None:
    random = np.random.default_rng(10)

    def meet(jaccard: float) -> float:
        pairs = (sets_of_similarity(jaccard, 200, random) for _ in range(200))
        return float(np.mean([(bands(signature(one)) == bands(signature(other))).any() for one, other in pairs]))

    assert meet(0.8) > 0.97
    assert 0.4 < meet(0.5) < 0.9
    assert meet(0.05) < 0.05


def test_bands_are_as_many_as_said_and_differ_from_each_other() -> None:
    assert len(set(bands(signature(np.arange(300, dtype=np.uint32))).tolist())) == BANDS
