"""What is said: where it begins behind a reporting word and its speaker, and where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from services.extraction.asides import behind_asides
from services.extraction.calendar_words import MONTHS, TWO_WORD_MONTHS
from services.extraction.reporting import Cue
from services.extraction.speaker_words import ADVERBS, COMMAS, OFFICES, SIDES, THAT, TIME_WORDS, is_published
from services.extraction.speakers import Cast
from services.extraction.words import QUOTE, Words, word_set

Lead = Literal["an", "quote", "colon", "noun", "object", "preposition", "leading", "trailing"]
"""How what is said is led in: «أن», a quotation mark, a colon, as the verb's object or behind it, by a preposition;
behind «بحسب» and its source, or before them."""

DIRECT = frozenset(("noun", "person", "object"))
ENDS = frozenset((".", "!", "?", "؟", "…", "،", ",", ":", "-", "–", "—", QUOTE, ")"))
TURNS = word_set("فيما بينما لكن ولكن ولكنه لكنه ولكنها لكنها غير علما الامر")
_TURNS_ALONE = word_set("لكنه ولكنه لكنها ولكنها علما")
TURNS_OF_TWO = frozenset((("الا", "ان"), ("غير", "ان"), ("بيد", "ان"), ("في", "حين"), ("علي", "حين")))

_ALSO = frozenset(("كما", "وكما"))
_SPEECHES = word_set(
    "بيان تصريح تصريحات مؤتمر تغريده خطاب كلمه مقابله رساله حديث تقرير مقال منشور لقاء حوار بيانها بيانه"
)
_OF_SPEECHES = word_set(
    "صحفي صحافي صحفيه صحافيه رسمي تلفزيونيه تلفزيوني متلفز مشترك مكتوب لها له منفصل خاص مقتضب صدر صادر"
)
_ADJUNCTS = word_set("في من علي خلال عبر بعد قبل عقب امام لدي مع اثناء عند حول بشان ردا تعليقا")
_ADJUNCT_REACH = 15
_DATE_WORDS = frozenset({*MONTHS, *(word for pair in TWO_WORD_MONTHS for word in pair), "/", "من", "عام"})
_DATED = 10
"""Tokens that a date with its preposition may have."""
_REACH = 45
"""Tokens behind a reporting word within which what is said must begin."""
_NAME_LENGTH = 4
"""Tokens between quotation marks up to which they may hold a mere name."""
LONGEST = 250
"""Tokens of the longest claim: what goes on without an end is cut off."""


class Said:
    """Finds what is said in the words of one article."""

    __slots__ = ("cast", "cues", "forms", "words")

    def __init__(self, words: Words, cast: Cast, cues: Mapping[int, Cue]) -> None:
        self.words, self.forms = words, words.forms
        self.cast, self.cues = cast, cues

    def begin(self, behind_cue: int, k: int, b: int, cue: Cue) -> tuple[int, Lead] | None:
        """First token of what is said up to token b, and how it is led in; k is the token behind the speaker."""
        forms, follow = self.forms, cue.complements
        k = min(b, self.cast.behind_manner(behind_asides(forms, k, b, OFFICES)))
        for j in range(k, min(b - 1, behind_cue + _REACH)):
            form = forms[j]
            if form in THAT:
                return (j + 1, "an") if "an" in follow or form[0] == "ب" or j == k else None
            if form == QUOTE and "quote" in follow and self._is_speech(j):
                return j, "quote"
            if form == ":" and "quote" in follow and self.cast.at[j] < 0:
                return j + 1, "colon"
            n = self.cast.at[j]
            if n < 0 or self.cast.spans[n][0] == j:
                led = self._behind_preposition(j, b, follow)
                if led is not None:
                    return led
            if not follow.isdisjoint(DIRECT):
                return self._direct(j, b, follow)
            other = self.cues.get(j)
            if other is not None and other.form in ("past", "present") and j > k:
                return None
        return None

    def _behind_preposition(self, j: int, b: int, follow: frozenset[str]) -> tuple[int, Lead] | None:
        form, n = self.forms[j], self.cast.at[j]
        if form in follow and n < 0:
            that = self.forms[j + 1] in THAT
            return None if that and j + 2 >= b else (j + 2, "an") if that else (j + 1, "preposition")
        clitic = "ب" in follow and form[0] == "ب" and len(form) > 2 and form not in THAT
        if clitic and (n < 0 or self.cast.led(n) == "ب"):
            return j, "preposition"
        return None

    def _direct(self, j: int, b: int, follow: frozenset[str]) -> tuple[int, Lead] | None:
        """What is the verb's object, or behind it, once the adjuncts («، الأحد، في بيان») are passed."""
        p = j
        while p < b:
            form = self.forms[p]
            if form in COMMAS or (self.cast.at[p] < 0 and (form in TIME_WORDS or form in ADVERBS)):
                p += 1
            elif form in ("في", "خلال", "عبر") and p + 1 < b and self.forms[p + 1].removeprefix("ال") in _SPEECHES:
                p += 2
                while p < b and (
                    self.forms[p].startswith("ال") or self.forms[p] in _OF_SPEECHES or self.cast.at[p] >= 0
                ):
                    p += 1
                p = self._behind_publishing(p, b)
            elif self._behind_time(p, b) > p:
                p = self._behind_time(p, b)
            else:
                break
        if p + 1 >= b or (self.forms[p] in ENDS and self.forms[p] != QUOTE):
            return None
        if self.forms[p] in _ADJUNCTS and self.forms[p] not in follow:
            return self._behind_adjunct(p, b)
        if self.forms[p] in THAT:
            return p + 1, "an"
        led = self._behind_preposition(p, b, follow)
        if led is not None:
            return led
        if self.forms[p] == QUOTE:
            return p, "quote"
        return p, "noun" if "noun" in follow else "object"

    def _behind_publishing(self, p: int, b: int) -> int:
        """The token behind what is told of a document: «نشرته على موقعها الإلكتروني»; p itself where nothing is."""
        if p >= b or not is_published(self.forms[p]):
            return p
        p += 1
        while p < b and self.forms[p] not in THAT and self.forms[p] not in ENDS:
            form, inside = self.forms[p], self.cast.at[p] >= 0
            if form in ("علي", "في", "عبر") and not inside:
                p += 2
            elif inside or form.startswith(("ال", "لل")) or form in TIME_WORDS:
                p += 1
            else:
                break
        return min(p, b)

    def _behind_time(self, p: int, b: int) -> int:
        """The token behind «في وقت سابق», «في 8 مايو», «من جهته» at token p; p itself where nothing of this stands."""
        forms = self.forms
        after = forms[p + 1] if p + 1 < b else ""
        if forms[p] == "من" and after in SIDES:
            return p + 2
        if forms[p] != "في":
            return p
        if after == "وقت":
            return min(b, p + 3)
        if not after[:1].isdigit():
            return p
        k = p + 2
        while k < min(b, p + _DATED) and (forms[k] in _DATE_WORDS or forms[k].isdigit()):
            k += 1
        return k if k > p + 2 else p

    def _behind_adjunct(self, p: int, b: int) -> tuple[int, Lead] | None:
        """What «أن» or a quotation mark leads in behind a prepositional phrase: «أكد في القاهرة أن …»."""
        for j in range(p + 1, min(b - 1, p + _ADJUNCT_REACH)):
            if self.forms[j] in THAT:
                return j + 1, "an"
            if self.forms[j] == QUOTE and self._is_speech(j):
                return j, "quote"
        return None

    def _is_speech(self, j: int) -> bool:
        """Whether a quotation mark opens speech rather than a name."""
        close = self.words.closes.get(j)
        return (close is not None and close - j > _NAME_LENGTH) or (j > 0 and self.forms[j - 1] == ":")

    def end(self, first: int, b: int) -> int:
        """Token behind what is said, from its first token and the end of its sentence."""
        closes = self.words.closes
        furthest = first + LONGEST
        close = closes.get(first, furthest)
        if _NAME_LENGTH < close - first < LONGEST and self._is_all(close + 1, b, self.forms[first - 1] in THAT):
            return close
        k = first if close >= min(b, furthest) else close + 1
        b = min(b, furthest)
        while k < b:
            close = closes.get(k, furthest)
            if close < furthest:
                if close >= b - 1:
                    return close
                k = close + 1
                continue
            cut = self._cut(k, first)
            if cut is not None:
                return self.trim(cut, first)
            k += 1
        return self.trim(max(b, k), first)

    def _is_all(self, k: int, b: int, goes_on: bool) -> bool:
        """Whether a quotation that closes before token k is all that is said; behind «أن» a verb goes on with it."""
        if k >= b or not self.forms[k].isalnum() or self.forms[k] in TURNS:
            return True
        cue = self.cues.get(k)  # «إن "جماعة صغيرة" هاجمت …» goes on
        return cue is not None and (not goes_on or cue.led or cue.form not in ("past", "present"))

    def _cut(self, k: int, first: int) -> int | None:
        """Where what is said ends if another speaker, source or turn begins at token k."""
        forms = self.forms
        if k <= first + 1:
            return None
        after_comma, cue = forms[k - 1] in COMMAS, self.cues.get(k)
        if after_comma and (forms[k] in TURNS or forms[k] == "اما" or tuple(forms[k : k + 2]) in TURNS_OF_TWO):
            return k
        if forms[k] in _TURNS_ALONE and self.words.quoted[k] == self.words.quoted[first]:
            return k
        if cue is None:
            return None
        if cue.form == "according" or (after_comma and (cue.form == "participle" or cue.led)):
            return k
        if cue.form == "participle" and k + 1 < len(forms) and (forms[k + 1] in THAT or forms[k + 1] == "الي"):
            return k
        if forms[k - 1] in _ALSO:
            return k - 1
        return k if cue.led and cue.form == "past" else None

    def trim(self, k: int, first: int) -> int:
        """The end without closing punctuation."""
        while k > first + 1 and self.forms[k - 1] in ENDS:
            k -= 1
        return k
