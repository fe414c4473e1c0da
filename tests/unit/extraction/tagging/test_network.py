"""The network at work: windows, words that stand again, vectors, and what it reads."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.extraction.tagging.evidence import WIDTH, same_words
from services.extraction.tagging.network import WINDOW, load_network, standing_again, windows
from services.extraction.tagging.word_vectors import TITLE_END, WordVectors, group_rows, with_digits_alike


@given(st.lists(st.sampled_from(["كلمة", ".", "،"]), max_size=2_000))
def test_windows_cover_an_article_once_and_are_bounded(forms: list[str]) -> None:
    cut = list(windows(forms))
    assert [place for first, last in cut for place in range(first, last)] == list(range(len(forms)))
    assert all(last - first <= WINDOW for first, last in cut)


def test_a_window_ends_with_a_sentence() -> None:
    forms = ["كلمة"] * (WINDOW - 20) + ["."] + ["كلمة"] * 100
    assert next(windows(forms)) == (0, WINDOW - 19)


def test_a_word_stands_again_with_and_without_a_clitic() -> None:
    assert same_words(["بيروت", "في", "وبيروت", "الجيش", "للجيش", "لبيروت"]) == [[0, 2, 5], [3, 4]]


def test_the_other_places_of_a_word_count_alike_and_its_own_does_not() -> None:
    again, same = standing_again(["بيروت", "في", "وبيروت", "الجيش", "للجيش", "لبيروت"])
    assert again.tolist() == [0, 2, 5, 3, 4]
    assert np.array_equal(same[:3, :3], [[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    assert np.array_equal(same[3:, 3:], [[0, 1], [1, 0]])
    assert not same[:3, 3:].any()


def test_an_article_in_which_no_word_stands_again_is_read() -> None:
    again, same = standing_again(["بيروت", "في"])
    assert (again.shape, same.shape) == ((0,), (0, 0))
    assert load_network().read(["بيروت", "في"], np.zeros((2, WIDTH), dtype=np.float32)).labels.shape == (2, 9)


def test_only_the_count_of_digits_matters_to_the_vectors() -> None:
    assert with_digits_alike("2018") == with_digits_alike("1999") == "0000"
    assert with_digits_alike("بيروت") == "بيروت"
    vectors = WordVectors()
    assert np.array_equal(vectors.of(["17"]), vectors.of(["42"]))


def test_words_of_one_stem_share_letter_groups_and_unknown_ones_have_vectors() -> None:
    assert set(group_rows("مستشفى")) & set(group_rows("مستشفيات"))
    vectors = WordVectors().of(["زغردفان", TITLE_END])
    assert vectors.shape == (2, WordVectors().width)
    assert vectors.dtype == np.float32
    assert np.abs(vectors).sum(axis=1).min() > 0


def test_what_the_network_reads_are_probabilities_of_each_word() -> None:
    forms = ["قال", "وزير", "الخارجية", ".", TITLE_END] * 200
    reading = load_network().read(forms, np.zeros((len(forms), WIDTH), dtype=np.float32))
    for part, kinds in ((reading.labels, 9), (reading.cuts, 3), (reading.events, 16)):
        assert part.shape == (len(forms), kinds)
        assert np.allclose(np.exp(part).sum(axis=1), 1, atol=1e-3)
