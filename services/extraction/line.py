"""An article as one line of folded words to look names up in, and the way from its words back to the text."""

from __future__ import annotations

import re

from services.extraction.clitics import Reading, readings, with_article
from services.extraction.words import QUOTE, Words, fold

_LETTERS = str.maketrans("ؤئڤپچ", "ويفبج")
# Not looked at inside a name: «وكالة "رويترز"», «#قطاع_غزة», «مون جيه-إن», «أ.ف.ب».
_QUOTES = frozenset(f"{QUOTE}'’‘`")
_SKIPPED = _QUOTES | {"#", "_"}
_HYPHENS = frozenset("-–‐")
_JOINERS = _HYPHENS | {"."}
_PASSED_OVER = _SKIPPED | _JOINERS
_ABBREVIATION = 4
_MARK = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_CLOSING = {"‘": "’", "’": "‘", "'": "'", "`": "`"}


def key(text: str) -> str:
    """The folded words of a name, as they stand in a line."""
    folded = fold(text).translate(_LETTERS).lower()
    return " ".join(re.sub(r"[\"'’‘`#_.‐–-]", " ", folded).split())


class Line:
    """The words of an article without quotation marks, hashes and hyphens, between single spaces.

    `forms[k]` is word k, folded; `readings[k]` the ways to take it (`clitics.readings`); `words_at[k]` its index in
    `Words`. In `text` the article after a preposition is written out (`clitics.with_article`); `starts` gives for each
    code point of it at which a name can begin the word, and the letters before the name in the word as written.
    """

    __slots__ = ("_opens", "_original", "_words", "forms", "readings", "starts", "text", "words_at")

    def __init__(self, words: Words, original: str) -> None:
        self._words = words
        self._original = original
        self._opens = {closing: opening for opening, closing in words.closes.items()}
        self.forms = forms = list[str]()
        self.words_at = words_at = list[int]()
        self.readings = all_ways = list[tuple[Reading, ...]]()
        self.starts = starts = dict[int, tuple[int, int]]()
        written: list[str] = []
        position = 1
        for i, form in enumerate("\n".join(words.forms).translate(_LETTERS).lower().split("\n")):
            if form in _PASSED_OVER and (form in _SKIPPED or self._joins(i)):
                continue
            ways = readings(form)
            word = len(forms)
            shown = form
            if len(ways) == 1:  # most words
                starts[position] = (word, 0)
            else:
                for cut, _, at in ways:
                    starts[position + at] = (word, cut)
                if len(ways) > 2:
                    shown = with_article(form)
            forms.append(form)
            all_ways.append(ways)
            words_at.append(i)
            written.append(shown)
            position += len(shown) + 1
        self.text = f" {' '.join(written)} "

    def __len__(self) -> int:
        return len(self.forms)

    def _joins(self, i: int) -> bool:
        """Whether a hyphen or full stop stands inside a name: between words, without a space, short ones for a stop."""
        forms, spaced = self._words.forms, self._words.spaced
        if not 0 < i < len(forms) - 1 or spaced[i] or spaced[i + 1]:
            return False
        if forms[i] == ".":
            return len(forms[i - 1]) <= _ABBREVIATION and len(forms[i + 1]) <= _ABBREVIATION
        return forms[i - 1].isalpha() and forms[i + 1].isalpha()

    def sentence(self, k: int) -> int:
        """The number of the sentence that word k stands in, -1 outside of all."""
        return self._words.sentence_of[self.words_at[k]]

    def first_part(self, first: int, last: int) -> int:
        """Where the part of a name before its first hyphen ends: «تهواكان-كويكاتلان»; `last` where it has none."""
        for k in range(first + 1, last):
            i = self.words_at[k]
            if i - self.words_at[k - 1] > 1 and self._words.forms[i - 1] in _HYPHENS:
                return k
        return last

    def together(self, first: int, last: int) -> bool:
        """Whether the words of the half-open range stand in one sentence."""
        return self.sentence(first) == self.sentence(last - 1)

    def opens(self, k: int) -> bool:
        """Whether a quotation mark stands directly before word k."""
        i = self.words_at[k]
        return i > 0 and self._words.forms[i - 1] in _QUOTES

    def closes(self, k: int) -> bool:
        """Whether a quotation mark stands directly after word k."""
        i = self.words_at[k] + 1
        return i < len(self._words) and self._words.forms[i] in _QUOTES

    def crosses_quotation(self, first: int, last: int) -> bool:
        """Whether a quotation begins or ends inside the half-open range and goes on beyond it."""
        i, j = self.words_at[first], self.words_at[last - 1]
        if j - i == last - first - 1:
            return False
        closes, opens = self._words.closes, self._opens
        return any(closes.get(mark, j) > j + 1 or opens.get(mark, i) < i for mark in range(i + 1, j))

    def span(self, first: int, last: int, cut: int = 0) -> tuple[int, int]:
        """The half-open range of words in code points of the original text, less `cut` letters of its first word.

        A quotation mark that opens inside the range is closed inside it: «وكالة "رويترز"».
        """
        words = self._words
        i, j = self.words_at[first], self.words_at[last - 1]
        start = words.starts[i]
        if cut:
            start = self._after_letters(start, cut)
        end = words.ends[j]
        after = j + 1
        if after < len(words) and words.forms[after] in _QUOTES and self._open_at(i + 1, after):
            end = words.ends[after]
        return start, end

    def _open_at(self, first: int, after: int) -> bool:
        """Whether the quotation that word `after` closes was opened at or after word `first`."""
        mark = self._words.forms[after]
        if mark == QUOTE:
            return any(self._words.closes.get(i) == after for i in range(first, after))
        inside = self._words.forms[first:after]
        return (inside.count(mark) + inside.count(_CLOSING[mark])) % 2 == 1 if mark in _CLOSING else False

    def _after_letters(self, start: int, letters: int) -> int:
        """The code point after so many letters of the original, diacritics passed over."""
        position = start
        while letters:
            letters -= not _MARK.match(self._original, position)
            position += 1
        while position < len(self._original) and _MARK.match(self._original, position):
            position += 1
        return position
