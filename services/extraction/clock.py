"""Times of day: «الساعة 17:00 بتوقيت غرينتش», «17,00 تغ», «الحادية عشرة والنصف ليلا», «10:30 بتوقيت مكة المكرمة»."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.extraction.calendar_words import DAYS_AWAY, HOURS, HOURS_OF_TWO_WORDS, PARTS, WEEKDAYS, PartOfDay
from services.extraction.words import word_set

Word = Callable[[int], str]
_GREENWICH = word_set("غرينتش جرينتش غرينيتش جرينيتش غرينتس غرينويتش جرينويتش")
_GREENWICH_MARKS = word_set("تغ GMT UTC Z غرينتش جرينتش")
# Only where the clocks stay the same all year: elsewhere the offset would depend on the day.
_OFFSETS = {
    place: offset
    for offset, places in {
        "+01:00": "تونس الجزائر",
        "+03:00": "مكه الرياض السعوديه بغداد العراق الكويت الدوحه قطر المنامه البحرين صنعاء عدن اليمن موسكو اسطنبول تركيا",
        "+04:00": "ابوظبي دبي الامارات مسقط",
    }.items()
    for place in places.split()
}
_MINUTES = {("والنصف",): 30, ("والربع",): 15, ("والثلث",): 20, ("الا", "ربعا"): -15, ("الا", "الربع"): -15, ("الا", "ثلثا"): -20,
            ("الا", "الثلث"): -20}  # fmt: skip
_HALVES: dict[str, PartOfDay] = {"ص": "morning", "م": "evening"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as HH:MM, with Z or an offset where the text says whose time it is, the part of the day, and the
    token behind it."""

    time: str
    part: PartOfDay | None
    end: int


def read_clock(word: Word, i: int) -> Clock | None:
    """The time that begins at token i; `word` gives the folded token at an index, "" outside of the text.

    Without «الساعة» a number needs minutes, and an hour in words a part of the day («الخامسة مساءً»).
    """
    led = word(i) == "الساعه"
    k = i + 1 if led else i
    named = _hour_in_words(word, k)
    if named is not None:
        hour, end = named
        minute, end = _minutes(word, end)
    elif word(k)[:1].isdigit():
        figures = _figures(word(k), _zone(word, k + 1)[1] > k + 1)
        if figures is None or not (led or figures[2]):
            return None
        hour, minute, _ = figures
        end = k + 1
    else:
        return None
    if word(end) in ("دقيقه", "بالضبط", "تماما"):
        end += 1
    part, behind = _part(word, end)
    if named is not None and not led and (part is None or _begins_a_date(word, behind)):
        return None
    if part is not None and hour < 12 and _is_late(part, hour):
        hour += 12
    elif part == "night" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    hour, minute = divmod((60 * hour + minute) % (24 * 60), 60)
    zone, end = _zone(word, behind)
    return Clock(f"{hour:02d}:{minute:02d}{zone}", part, end)


def _hour_in_words(word: Word, k: int) -> tuple[int, int] | None:
    teen = HOURS_OF_TWO_WORDS.get((word(k), word(k + 1)))
    if teen is not None:
        return teen, k + 2
    return (HOURS[word(k)], k + 1) if word(k) in HOURS else None


def _minutes(word: Word, k: int) -> tuple[int, int]:
    for words, minute in _MINUTES.items():
        if all(word(k + n) == form for n, form in enumerate(words)):
            return minute, k + len(words)
    return 0, k


def _figures(form: str, zoned: bool) -> tuple[int, int, bool] | None:
    """Hour and minute in figures, and whether they are a time even where nothing else says so."""
    parts = form.replace(",", ":").replace(".", ":").split(":")
    if not all(part.isdecimal() and len(part) <= 4 for part in parts) or len(parts) > 3:
        return None
    if len(parts) == 1 and len(form) == 4 and zoned:
        return int(form[:2]), int(form[2:]), True
    if any(len(part) != 2 for part in parts[1:]) or len(parts[0]) > 2:
        return None
    minute = int(parts[1]) if len(parts) > 1 else 0
    return int(parts[0]), minute, len(parts) > 1 and (":" in form or zoned)


def _part(word: Word, k: int) -> tuple[PartOfDay | None, int]:
    """The part of the day that tells morning hours from evening hours, and the token behind it."""
    if word(k) in _HALVES:
        return _HALVES[word(k)], k + 1
    if word(k) in ("بعد", "قبل") and word(k + 1) == "الظهر":
        return ("afternoon" if word(k) == "بعد" else "morning"), k + 2
    if word(k) == "بعد" and word(k + 1) == "منتصف" and word(k + 2) in ("الليل", "ليل"):
        return "night", k + 3
    if word(k) == "من" and word(k + 1) in PARTS and word(k + 1) != "ليله":
        return PARTS[word(k + 1)], k + 2
    return (PARTS[word(k)], k + 1) if word(k) in PARTS and word(k) != "ليله" else (None, k)


def _begins_a_date(word: Word, k: int) -> bool:
    """«للمرة الثانية مساء الخميس»: the part belongs to the day behind it, and the ordinal is no hour."""
    return word(k - 2) != "من" and (word(k) in WEEKDAYS or word(k) in DAYS_AWAY or word(k) == "يوم")


def _is_late(part: PartOfDay, hour: int) -> bool:
    return part in ("afternoon", "evening") or (part == "noon" and hour < 6) or (part == "night" and hour > 5)


def _zone(word: Word, k: int) -> tuple[str, int]:
    """Whose time it is, as a suffix, and the token behind: «تغ», «(تغ)», «بتوقيت غرينتش», «بالتوقيت المحلي»."""
    j = k + 1 if word(k) == "(" else k
    suffix = ""
    if word(j) in _GREENWICH_MARKS:
        suffix, j = "Z", j + 1
    elif word(j) == "ت" and word(j + 1) == "غ":
        suffix, j = "Z", j + 2
    elif word(j) == "ت" and word(j + 1) == "." and word(j + 2) == "غ":
        suffix, j = "Z", j + 3
    elif word(j) in ("بتوقيت", "توقيت") and word(j + 1) in _GREENWICH:
        suffix, j = "Z", j + 2
    elif word(j) in ("بتوقيت", "توقيت") and word(j + 1) in _OFFSETS:
        suffix, j = _OFFSETS[word(j + 1)], j + 2
        j = j + 1 if word(j) == "المكرمه" else j
    elif word(j) in ("بالتوقيت", "التوقيت") and word(j + 1) == "المحلي":
        j += 2
    else:
        return "", k
    return suffix, (j + 1 if word(k) == "(" and word(j) == ")" else j)
