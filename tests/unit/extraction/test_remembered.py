"""What is kept of words, and of which."""

from __future__ import annotations

from services.extraction.remembered import LONGEST, remembered


def test_words_are_looked_at_once_and_very_long_ones_each_time() -> None:
    seen: list[str] = []

    @remembered(8)
    def length(word: str) -> int:
        seen.append(word)
        return len(word)

    usual, long = "ك" * LONGEST, "ك" * (LONGEST + 1)
    assert [length(word) for word in (usual, long, usual, long)] == [LONGEST, LONGEST + 1] * 2
    assert seen == [usual, long, long]
