"""What each paragraph is for: body text, a heading, the outlet's furniture, or something that was said before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from camel_tools.utils.dediac import dediac_ar

from services.normalization import orthography
from services.normalization.names import are_agencies

Kind = Literal["body", "subhead", "boilerplate", "repeated"]

_LONGEST_SUBHEAD = 80
_MOST_WORDS_OF_SUBHEAD = 12
_MOST_WORDS_BEFORE_COLON = 4
_LONGEST_FURNITURE = 240
"""Code points. A longer line is text, whatever it begins with."""

_LONGEST_TEASER = 120
_SHINGLE = 3
"""Words that are compared together."""

_FEWEST_WORDS = 6
_MANY_SHINGLES = 10
_REPEATED_SHARE = 0.8
_REPEATED_SHARE_OF_SHORT = 0.9
_PERHAPS_REPEATED_SHARE = 0.75  # of words with their punctuation

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
_ENDS_SENTENCE = re.compile(r"[.!…،؛,][\"'”“’»)\]]*\Z")
_ENDS_TEXT = re.compile(r"[.!؟…:][\"'”“’»)\]]*\Z")
_BULLET = re.compile(r"[-*•·–—><]|\d+ ?[-.)]")
_VALUE = re.compile(r": ?\d")

# Patterns are of the folded line (search form): ا for أ, ه for ة, ي for ى.
_FURNITURE_ALONE = re.compile(
    r"[\W\d]*(?:(?:ال)?تعليق(?:ات)?(?: القراء| الزوار)?|(?:اضف|اكتب|اترك) تعليق\w*|شارك(?: الخبر| المقال| برايك)?|مشاركه(?: الخبر)?"
    r"|طباعه|ارسال|(?:ال)?(?:اخبار|مواضيع|موضوعات|مقالات|مواد|روابط|قصص) (?:ذات صله|متعلقه|مرتبطه|مشابهه)"
    r"|(?:ال)?اكثر (?:قراءه|مشاهده|تعليقا|تداولا)|(?:ال)?كلمات (?:ال)?(?:مفتاحيه|دلاليه)|(?:ال)?وسوم|اعلان(?:ات)?"
    r"|(?:اقرا |شاهد |اضغط )?(?:ل|ال|لل)?مزيد(?: من (?:الاخبار|التفاصيل|المواضيع|الموضوعات|الصور))?|(?:اقرا|شاهد) (?:التفاصيل|الفيديو|الصور)"
    r"|اقرا في هذا (?:الموضوع|السياق)|(?:تابع|اكمل) القراءه|تفاصيل اكثر)[\W\d]*"
)
_COMMENTS = re.compile(r"[\W\d]*(?:ال)?تعليق(?:ات)?(?: القراء| الزوار)?[\W\d]*")
_TEASER_HEADING = re.compile(
    r"[\W\d]*و?(?:اقرا|اقراوا|اقريي|طالع|طالعوا|طالعي|شاهد|شاهدوا|شاهدي)? ?(?:ايضا|كذلك|المزيد|للمزيد|قد يهمك(?: ايضا)?|مواضيع ذات صله|اخبار ذات صله)"
    r"(?: (?:علي|في) \w+(?: \w+)?)?[\W\d]*"
)
_FURNITURE_OPENING = re.compile(
    r"[\W\d]*(?:للمزيد\b|لقراءه المزيد|لمزيد من (?:التفاصيل|المعلومات|الاخبار)|و?(?:اقرا|اقراوا|طالع|طالعوا|شاهد|شاهدوا|استمع) "
    r"(?:ايضا|كذلك|المزيد|هنا)\b|(?:اقرا|شاهد|طالع|ايضا) ?(?:\.\.|[:/|])|قد (?:يهمك|يعجبك|يهمكم)|للاشتراك (?:في|ب)"
    r"|اشترك(?:وا)? (?:في|الان|معنا|مجانا|ب)|تابعونا\b|تابعنا علي|تابعوا (?:كل )?(?:اخر|احدث|اهم|جميع)"
    r"|يمكنكم (?:استلام|تسلم|الاشتراك|متابعه|متابعتنا|تحميل|الاطلاع)|حملوا? تطبيق|(?:جميع |كل )?(?:ال)?حقوق (?:النشر |الطبع )?"
    r"(?:والنشر |والتوزيع )?محفوظه|©|copyright\b|المصدر ?: ?|(?:نشر|ينشر) هذا المقال|هذا? (?:المقال|التقرير|التحليل) (?:منشور|بقلم)|(?:ال)?(?:مقال|تقرير|تحليل) بقلم)"
)
_FURNITURE_ANYWHERE = re.compile(r"(?:اضغط|اضغطوا|انقر|انقروا) هنا|(?:اضغط|انقر) علي الرابط")
_DISCLAIMER = re.compile(
    r"(?:الاراء|المقال|التقرير|المنشور).{1,160}لا (?:ت|ي)(?:عبر|عكس|مثل).{0,80}(?:بالضروره|وجهه نظر|راي)"
)
_ADDRESS_OR_TAGS = re.compile(r"https?://\S+|(?:#\S+(?: |\Z))+")


def kinds_of(display: str) -> list[Kind]:
    """The kind of each paragraph of an article in its display form, where each line is one."""
    if not display:
        return []
    lines = display.split("\n")
    folded = dediac_ar(orthography.fold(display)).split("\n")
    kinds: list[Kind] = ["body"] * len(lines)
    _mark_furniture(lines, folded, kinds)
    _mark_subheads(lines, kinds)
    _mark_repeated(folded, kinds)
    return kinds


def _mark_furniture(lines: Sequence[str], folded: Sequence[str], kinds: list[Kind]) -> None:
    teasers = comments = False
    for number, line in enumerate(folded):
        if comments or _is_furniture(line) or _ADDRESS_OR_TAGS.fullmatch(lines[number]):
            kinds[number] = "boilerplate"
            comments = comments or (
                number > 0 and len(line) < _LONGEST_TEASER and _COMMENTS.fullmatch(line) is not None
            )
            teasers = _is_teaser_heading(line)
        elif teasers and len(line) < _LONGEST_TEASER and not _ENDS_SENTENCE.search(line):
            kinds[number] = "boilerplate"
        else:
            teasers = False


def _is_furniture(line: str) -> bool:
    if len(line) > _LONGEST_FURNITURE:
        return False
    if _WORD.search(line) is None:
        return True
    return (
        _FURNITURE_OPENING.match(line) is not None
        or _FURNITURE_ALONE.fullmatch(line) is not None
        or _is_teaser_heading(line)
        or (_has_any(line, ("هنا", "الرابط")) and _FURNITURE_ANYWHERE.search(line) is not None)
        or (_has_any(line, ("بالضروره", "وجهه نظر", "راي")) and _DISCLAIMER.search(line) is not None)
        or (len(line) < 60 and are_agencies(line.strip("()[]. ")))
    )


def _has_any(line: str, words: tuple[str, ...]) -> bool:
    """Tried before a pattern that would have to look at every place of the line."""
    return any(word in line for word in words)


def _is_teaser_heading(line: str) -> bool:
    return len(line) < 40 and _TEASER_HEADING.fullmatch(line) is not None


def _mark_subheads(lines: Sequence[str], kinds: list[Kind]) -> None:
    following = ""  # the next paragraph that is not furniture
    for number in range(len(lines) - 1, -1, -1):
        if kinds[number] != "body":
            continue
        line = lines[number]
        if following and _looks_like_heading(line) and _is_running_text(following, than=line):
            kinds[number] = "subhead"
        following = line


def _looks_like_heading(line: str) -> bool:
    if len(line) > _LONGEST_SUBHEAD or _ENDS_SENTENCE.search(line) or _BULLET.match(line) or _VALUE.search(line):
        return False
    words = len(line.split())
    return words <= (_MOST_WORDS_BEFORE_COLON if line.endswith(":") else _MOST_WORDS_OF_SUBHEAD)


def _is_running_text(line: str, *, than: str) -> bool:
    return len(line) > _LONGEST_SUBHEAD or (len(line) > len(than) and _ENDS_TEXT.search(line) is not None)


def _mark_repeated(folded: Sequence[str], kinds: list[Kind]) -> None:
    words_so_far: set[str] = set()  # few paragraphs have no word of their own, and only those are looked at closely
    told = _Told()
    waiting: list[int] = []
    for number, line in enumerate(folded):
        if kinds[number] == "boilerplate":
            continue
        words = set(line.split())
        if len(words) >= _FEWEST_WORDS and len(words & words_so_far) >= _PERHAPS_REPEATED_SHARE * len(words):
            for earlier in waiting:
                told.add(earlier, folded[earlier])
            waiting.clear()
            if told.holds(line):
                kinds[number] = "repeated"
        waiting.append(number)
        words_so_far |= words


class _Told:
    """What the paragraphs so far have told: for every three words the first that has them, and each one's numbers."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, ...], int] = {}
        self._numbers: dict[int, set[str]] = {}

    def add(self, number: int, line: str) -> None:
        self._numbers[number] = set(_NUMBER.findall(line))
        for shingle in _shingles(line):
            self._first.setdefault(shingle, number)

    def holds(self, line: str) -> bool:
        """Whether one paragraph has nearly all of the line, and all of its numbers: a new toll is news.

        One, not all together: the lines of a table share their words with one another.
        """
        shingles = _shingles(line)
        places = Counter(self._first[shingle] for shingle in shingles if shingle in self._first)
        if not places:
            return False
        share = _REPEATED_SHARE if len(shingles) >= _MANY_SHINGLES else _REPEATED_SHARE_OF_SHORT
        number, common = max(places.items(), key=lambda place: (place[1], -place[0]))
        return common >= share * len(shingles) and self._numbers[number].issuperset(_NUMBER.findall(line))


def _shingles(line: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(line)
    return set(zip(*(words[shift:] for shift in range(_SHINGLE)), strict=False))
