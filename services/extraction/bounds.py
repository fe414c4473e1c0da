"""What stands around a number and moves its bounds: «أكثر من», «ما لا يقل عن», «على الأقل», «بين 10 و15»."""

from __future__ import annotations

from collections.abc import Callable

from services.extraction.words import word_set

Word = Callable[[int], str]
_MORE_PHRASES = {
    ("اكثر", "من"), ("ازيد", "من"), ("يزيد", "علي"), ("يزيد", "عن"), ("تزيد", "عن"), ("تزيد", "علي"), ("يربو", "علي"), ("يربو", "عن"),
}  # fmt: skip
_MORE_WORDS = word_set("يفوق تفوق تجاوز تجاوزت يتجاوز تتجاوز فاق")
_ABOUT_WORDS = word_set("نحو حوالي قرابه زهاء بنحو بحوالي لنحو")


def approximate(word: Word, i: int, least: float, most: float | None) -> tuple[int, float, float | None]:
    """The token where a number at token i begins with what stands before it, and its bounds: «أكثر من», «نحو»."""
    before, second = word(i - 1), word(i - 2)
    if (second, before) in _MORE_PHRASES or (second[1:], before) in _MORE_PHRASES:
        first = i - 3 if second in ("يزيد", "تزيد", "يربو") and word(i - 3) == "ما" else i - 2
        return first, (least + 1 if most is not None and least == int(least) else least), None
    if before in _MORE_WORDS:
        return (i - 2 if second == "ما" else i - 1), least + 1 if most is not None else least, None
    if before in ("عن", "علي") and second in ("يقل", "تقل") and word(i - 3) == "لا":
        return (i - 4 if word(i - 4) in ("ما", "بما") else i - 3), least, None
    if before == "من" and second.removeprefix("و") in ("اقل", "باقل"):
        return i - 2, 0.0, max(0.0, least - 1)
    if before in _ABOUT_WORDS:
        return i - 1, least, most
    if before in ("من", "يقارب", "تقارب") and second in ("يقرب", "تقرب", "يقارب", "ما"):
        return (i - 3 if word(i - 3) == "ما" else i - 2), least, most
    return i, least, most


def at_least(word: Word, k: int) -> bool:
    """Whether «على الأقل» stands at token k."""
    return word(k) == "علي" and word(k + 1) == "الاقل"
