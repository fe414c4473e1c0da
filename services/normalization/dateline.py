"""The date line that opens a wire story: place, date and agency before a colon or a dash."""

from __future__ import annotations

import re

from services.normalization.names import PLACES, are_agencies
from services.normalization.orthography import LETTERS
from services.normalization.search import search_form_with_map

_LONGEST = 120
"""Code points of the first paragraph that are looked at."""

_TEXT_AFTER = 25
"""Code points that must follow a place and a dash: "موسكو - دمشق" is not the opening of a story."""

_MONTHS = (
    "يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر|كانون الثاني|شباط|اذار|نيسان|ايار|حزيران"
    "|تموز|اب|ايلول|تشرين الاول|تشرين الثاني|كانون الاول|جانفي|فيفري|افريل|ماي|جوان|جويليه|اوت|محرم|صفر|ربيع الاول"
    "|ربيع الثاني|جمادي الاولي|جمادي الاخره|رجب|شعبان|رمضان|شوال|ذو القعده|ذو الحجه"
)
_DAYS = "السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه"
_DATE = re.compile(
    rf"[ ،,/-]{{0,3}}(?:في |يوم )?(?:(?:{_DAYS})[ ،,]{{0,2}})?"
    rf"(?:\d{{1,2}} ?[-/.] ?\d{{1,2}} ?[-/.] ?\d{{2,4}}|\d{{1,2}} ?[/ ] ?(?:{_MONTHS})(?: ?/ ?(?:{_MONTHS}))?(?: ?/? ?\d{{4}})?)"
)
_WORDS = re.compile(rf"[{LETTERS}]+")
_COMMA = re.compile(r" ?[،,/] ?| و(?=ال)")
_REGION = re.compile(rf"[{LETTERS}]+(?: [{LETTERS}]+){{0,3}}(?= ?[(\[])")
_UNLISTED = re.compile(
    rf"[{LETTERS}]+(?: [{LETTERS}]+){{0,3}}(?: ?[،,] ?[{LETTERS}]+(?: [{LETTERS}]+){{0,3}})?(?= ?[(\[])"
)
_UNLISTED_SMALL = re.compile(rf"[{LETTERS}]+(?: [{LETTERS}]+)?(?: ?\([{LETTERS}]+(?: [{LETTERS}]+)?\))?(?= -{{1,3}} )")
_BRACKETED = re.compile(r" ?[(\[] ?([^()\[\]\n]{2,40}?) ?[)\]]")
_BETWEEN_DASHES = re.compile(r" ?[-/ ] ?([^-/:\n]{2,30}?) ?(?=[-/:]|$)")
_QUOTED = re.compile(r' ?[-/:]? ?"([^"\n]{2,30})"(?= ?[-/:])')
_SEPARATOR = re.compile(r" ?/? ?(?::|-{1,3})(?: ?-{1,2})?(?: |$)|-{1,3}")
_DASH_APART = re.compile(r" -{1,3} ")


def find_dateline(paragraph: str) -> tuple[int, int] | None:
    """Start and end of the date line that opens the first paragraph (display form), without its colon or dash.

    Before a colon its place must be a known one, so that "الوزير: لن نفاوض" is not taken for one; before a dash that
    stands apart it may be any one or two words.
    """
    head, offsets = search_form_with_map(paragraph[:_LONGEST])
    end = _end_of_dateline(head, len(paragraph) - min(len(paragraph), _LONGEST))
    return None if end is None else (0, offsets.to_original(0, end)[1])


def _end_of_dateline(head: str, more: int) -> int | None:
    """Where the date line at the start of `head` (search form) ends; `more` code points follow the head."""
    end = _places(head)
    if not end:
        return _end_of_unlisted(head, more)
    date = _DATE.match(head, end)
    end = date.end() if date else end
    bracketed = _BRACKETED.match(head, end)
    if bracketed:
        end = bracketed.end()
        return end if are_agencies(bracketed[1]) or _SEPARATOR.match(head, end) else None
    quoted = _QUOTED.match(head, end)
    if quoted:
        return quoted.end()
    named = _BETWEEN_DASHES.match(head, end)
    if named and are_agencies(named[1]):
        return named.end(1)
    if head[end : end + 2].lstrip(" ").startswith(":") or (date and _SEPARATOR.match(head, end)):
        return end
    return end if _story_follows(head, end, more) else None


def _end_of_unlisted(head: str, more: int) -> int | None:
    """Where a date line without a known place ends: "(CNN)--", "بعقوبة (رويترز) -", "ثول (السعودية) -", "تارودانت -"."""
    place = _UNLISTED.match(head)
    end = place.end() if place else 0
    bracketed = _BRACKETED.match(head, end)
    if bracketed and are_agencies(bracketed[1]):
        return bracketed.end() if _SEPARATOR.match(head, bracketed.end()) else None
    small = _UNLISTED_SMALL.match(head)
    return small.end() if small and _story_follows(head, small.end(), more) else None


def _story_follows(head: str, end: int, more: int) -> bool:
    dash = _DASH_APART.match(head, end)
    return dash is not None and len(head) - dash.end() + more >= _TEXT_AFTER and not _places(head[dash.end() :])


def _places(head: str) -> int:
    """Where the known places that `head` begins with end; 0 where it begins with none."""
    end = _place(head, 0)
    if not end:
        return 0
    while comma := _COMMA.match(head, end):
        following = _place(head, comma.end())
        if not following:
            region = _REGION.match(head, comma.end())
            return region.end() if region else end
        end = following
    return end


def _place(head: str, start: int) -> int:
    """Where the longest known place that stands at `start` ends; 0 where none does."""
    found = end = 0
    position = start
    for _ in range(4):
        word = _WORDS.match(head, position)
        if word is None:
            break
        end = word.end()
        if head[start:end] in PLACES:
            found = end
        if head[end : end + 1] != " ":
            break
        position = end + 1
    return found
