from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from services.extraction.tagging import remembered_rows
from services.extraction.tagging.remembered_rows import LONGEST, RememberedRows


def lengths(forms: Sequence[str]) -> NDArray[np.float32]:
    return np.array([[len(form), ord(form[0])] for form in forms], dtype=np.float32)


def test_a_word_is_worked_out_once_and_its_row_stands_wherever_it_does() -> None:
    asked: list[str] = []

    def noted(forms: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(forms)
        return lengths(forms)

    rows = RememberedRows(2, noted)
    assert rows.of(["a", "bb", "a"])[:, 0].tolist() == [1, 2, 1]
    assert rows.of(["bb", "ccc"])[:, 0].tolist() == [2, 3]
    assert sorted(asked) == ["a", "bb", "ccc"]


def test_of_long_words_the_beginning_counts() -> None:
    assert RememberedRows(2, lengths).of(["x" * 1000])[0, 0] == LONGEST


def test_more_words_than_are_kept_have_their_rows_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_rows, "REMEMBERED", 8)
    monkeypatch.setattr(remembered_rows, "_TOGETHER", 5)
    rows = RememberedRows(2, lengths)
    words = [chr(ord("a") + n % 26) * (1 + n % 7) for n in range(60)]
    for _ in range(2):
        assert np.array_equal(rows.of(words), lengths(words))
