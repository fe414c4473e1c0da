"""The words of an article, in reading order: folded for look-up, each with its place in the original text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache

from schemas.articles_extracted import Entity
from schemas.articles_normalized import NormalizedArticle, TextForm
from services.normalization.display import display_form

_MARKS = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
_TOKEN = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+|\d+(?:[.,:٫٬]\d+)*|[^\w\s]|_")
_STRIP = re.compile(f"[{_MARKS}]+")
_FOLD = str.maketrans(
    "أإآٱىةکیگ" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹" + "٫٬" + "“”„«»″",
    "ااااي" + "هكيك" + "0123456789" + "0123456789" + ".," + '""""""',
)
QUOTE = '"'
_AFTER_DATELINE = frozenset(("-", "–", "—", ":", "/", ")"))
_BEFORE_OPENING = frozenset(("و", "ف", "ب", "ل", "ك", "ال", "بال", "لل", "وال", ":", "(", "-", "#"))


def fold(text: str) -> str:
    """A form to look words up by: alef, yeh and teh marbuta folded, no diacritics, Western digits, straight quotes."""
    return _STRIP.sub("", text.translate(_FOLD))


def tokens(folded: str) -> list[str]:
    """The tokens of a folded text: words, numbers, single marks."""
    return _TOKEN.findall(folded)


def shown(text: str) -> str:
    """A piece of the original as it is meant to be read: «&quot;نعم&quot;» is «"نعم"»."""
    return display_form(text) if "&" in text else text


def spelled(article: NormalizedArticle) -> list[str]:
    """The words of `Words.forms` in ordinary spelling: hamzas and final letters as written, no diacritics, no tatweel."""
    display = article.normalized.display.text
    written = (display[m.start() : m.end()] for m in _TOKEN.finditer(display.translate(_FOLD)))
    return [_STRIP.sub("", word) or word for word in written]


class Words:
    """The tokens of one article as parallel lists, and the sentences they stand in.

    `forms[i]` is the folded token (word, number or one punctuation mark); `starts[i]` and `ends[i]` are its code points
    in the original text; `spaced[i]` says whether white space (or nothing) stands before it. `sentences` are half-open
    ranges of tokens. `closes[i]` is, for a token that opens a quotation, the token that closes it; `quoted[i]` says
    whether a token stands inside one.
    """

    __slots__ = ("closes", "ends", "forms", "quoted", "sentence_of", "sentences", "spaced", "starts")

    def __init__(self, article: NormalizedArticle) -> None:
        display = article.normalized.display
        folded = display.text.translate(_FOLD)
        spans = [match.span() for match in _TOKEN.finditer(folded)]
        self.forms = [folded[first:last] for first, last in spans]
        firsts, lasts = [first for first, _ in spans], [last for _, last in spans]
        if _STRIP.search(folded):
            self.forms = [form if form.isalnum() else _STRIP.sub("", form) or form for form in self.forms]
        self.spaced = [i == 0 or lasts[i - 1] < first for i, first in enumerate(firsts)]
        self.starts, self.ends = _in_original(display, firsts, lasts)
        self._divide(article)
        self._pair_quotes(article)

    def __len__(self) -> int:
        return len(self.forms)

    def _divide(self, article: NormalizedArticle) -> None:
        """Sentences as ranges of tokens, without the date line and the outlet's furniture."""
        found, starts = article.normalized, self.starts
        left_out = [False] * len(self.forms)
        for paragraph in found.paragraphs:
            if paragraph.kind == "boilerplate":
                for i in range(bisect_left(starts, paragraph.start), bisect_left(starts, paragraph.end)):
                    left_out[i] = True
        cuts = {0, *(s.start for s in found.sentences), *(p.start for p in found.paragraphs)}
        firsts = {bisect_left(starts, cut) for cut in cuts}
        if found.dateline is not None:
            first, last = bisect_left(starts, found.dateline.start), bisect_left(starts, found.dateline.end)
            while last < len(self.forms) and self.forms[last] in _AFTER_DATELINE:
                last += 1
            left_out[first:last] = [True] * (last - first)
            firsts.add(last)
        ordered = sorted(firsts)
        ranges = zip(ordered, [*ordered[1:], len(self.forms)], strict=True)
        self.sentences = [(a, b) for a, b in ranges if a < b and not left_out[a]]
        self.sentence_of = [-1] * len(self.forms)
        for n, (a, b) in enumerate(self.sentences):
            self.sentence_of[a:b] = [n] * (b - a)

    def _pair_quotes(self, article: NormalizedArticle) -> None:
        """Pair quotation marks within paragraphs. Spacing tells what opens and what closes; else they take turns."""
        self.closes: dict[int, int] = {}
        self.quoted = [False] * len(self.forms)
        marks = [i for i, form in enumerate(self.forms) if form == QUOTE]
        breaks = [bisect_left(self.starts, p.start) for p in article.normalized.paragraphs]
        paragraph, opened = 0, list[int]()
        for i in marks:
            here = bisect_right(breaks, i)
            if here != paragraph:
                paragraph, opened = here, []
            before, after = self.forms[i - 1] if i else "", self.forms[i + 1] if i + 1 < len(self.forms) else ""
            left = self.spaced[i] or before in _BEFORE_OPENING
            right = not after or self.spaced[i + 1] or not after.isalnum()
            if left and not right:
                opened.append(i)
            elif opened:
                first = opened.pop()
                self.closes[first] = i
            elif left or not right:
                opened.append(i)
        reach = -1
        for first, last in sorted(self.closes.items()):
            if last > reach:
                self.quoted[first : last + 1] = [True] * (last + 1 - first)
                reach = last

    def at(self, offset: int) -> int:
        """The token that holds or follows a code point of the original text."""
        return bisect_right(self.ends, offset)

    def span(self, entity: Entity) -> tuple[int, int]:
        """Half-open range of the tokens that an entity covers, in whole or in part (a clitic may share its token)."""
        return bisect_right(self.ends, entity.start), bisect_left(self.starts, entity.end)

    def has_any(self, first: int, last: int, words: frozenset[str]) -> bool:
        """Whether one of `words` stands in the half-open range of tokens."""
        return not words.isdisjoint(self.forms[first:last])


def _in_original(form: TextForm, firsts: list[int], lasts: list[int]) -> tuple[list[int], list[int]]:
    """Places of tokens (sorted, code points of the form) in the original text."""
    if len(form.runs) == 1 and form.runs[0][0] == form.runs[0][1]:
        return firsts, lasts
    heads: list[int] = []
    tails: list[int] = []
    bases: list[tuple[int, int, bool, int]] = []
    shown = original = 0
    for m, n in form.runs:
        if m and n:
            bases.append((shown, original, m == n, original + n))
        elif m and bases:  # stands for nothing of its own: part of what the code point before it stands for
            before = bases[-1]
            bases.append((shown, original - 1 if before[2] else before[1], False, original))
        shown += m
        original += n
    offsets = [base[0] for base in bases]
    for first, last in zip(firsts, lasts, strict=True):
        base = bases[bisect_right(offsets, first) - 1]
        heads.append(base[1] + first - base[0] if base[2] else base[1])
        base = bases[bisect_right(offsets, last - 1) - 1]
        tails.append(base[1] + last - base[0] if base[2] else base[3])
    return heads, tails


@lru_cache(maxsize=2)
def _read(key: _Key) -> Words:
    return Words(key.article)


class _Key:
    """An article as a cache key: the functions of one engine run read the same article one after another."""

    __slots__ = ("article", "mark")

    def __init__(self, article: NormalizedArticle) -> None:
        self.article = article
        self.mark = article.normalized.display.text

    def __hash__(self) -> int:
        return hash(self.mark)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (
            self.article is other.article or self.article.normalized == other.article.normalized
        )


def read_words(article: NormalizedArticle) -> Words:
    """The article's words; the last articles read are remembered."""
    return _read(_Key(article))


def covering(spans: Iterable[tuple[int, int]], length: int) -> list[int]:
    """For each token the index of the first span that covers it, or -1."""
    cover = [-1] * length
    for n, (a, b) in enumerate(spans):
        for i in range(a, min(b, length)):
            if cover[i] < 0:
                cover[i] = n
    return cover


def word_set(words: str) -> frozenset[str]:
    """Folded words, separated by blanks, as a set to look up in."""
    return frozenset(words.split())
