"""Times of day: «الساعة 17:00 بتوقيت غرينتش», «17,00 تغ», «الساعة الخامسة مساء»."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.extraction.calendar_words import HOURS, PARTS, PartOfDay

_GREENWICH = ("غرينتش", "جرينتش", "غرينيتش", "جرينيتش")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as HH:MM, with Z where it is Greenwich time, the part of the day, and the token behind it."""

    time: str
    part: PartOfDay | None
    end: int


def read_clock(word: Callable[[int], str], i: int) -> Clock | None:
    """The time that begins at token i; `word` gives the folded token at an index, "" outside of the text."""
    k = i if word(i)[:1].isdigit() else i + 1
    if k > i and word(k) in HOURS:
        hour, minute, end = HOURS[word(k)], 0, k + 1
        if word(end) == "والنصف":
            minute, end = 30, end + 1
    else:
        head, _, tail = word(k).replace(",", ":").replace(".", ":").partition(":")
        if not head.isdecimal() or len(head) > 2 or (tail and not (tail.isdecimal() and len(tail) == 2)):
            return None
        if k == i and not (tail and (":" in word(k) or _greenwich(word, k + 1) > k + 1)):
            return None
        hour, minute, end = int(head), int(tail or 0), k + 1
    if word(end) == "دقيقه":
        end += 1
    part = PARTS.get(word(end)) if word(end) != "ليله" else None
    if part is not None:
        end += 1
        if hour < 12 and _is_late(part, hour):
            hour += 12
    if hour > 23 or minute > 59:
        return None
    behind = _greenwich(word, end)
    return Clock(f"{hour:02d}:{minute:02d}{'Z' if behind > end else ''}", part, behind)


def _is_late(part: PartOfDay, hour: int) -> bool:
    return part in ("afternoon", "evening") or (part == "noon" and hour < 6) or (part == "night" and hour > 5)


def _greenwich(word: Callable[[int], str], k: int) -> int:
    """The token behind «تغ», «(تغ)», «بتوقيت غرينتش»; k itself where nothing says Greenwich."""
    j = k + 1 if word(k) == "(" else k
    if word(j) in ("تغ", "GMT"):
        j += 1
    elif (word(j) == "ت" and word(j + 1) == "غ") or (word(j) in ("بتوقيت", "توقيت") and word(j + 1) in _GREENWICH):
        j += 2
    else:
        return k
    return j + 1 if word(k) == "(" and word(j) == ")" else j
