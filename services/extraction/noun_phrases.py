"""Noun phrases that may name a speaker: where they begin and end among the words and names of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.articles_extracted import Entity
from services.extraction.agreement import disagree, gender_of
from services.extraction.asides import unnamed_until
from services.extraction.kinds import MEDIA, kinds_of
from services.extraction.reporting import Cue, Gender
from services.extraction.speaker_words import (
    ADJECTIVE_ENDINGS,
    ADVERBS,
    B_WORDS,
    BELONGING,
    COMMAS,
    DOCUMENTS,
    IN_THE_NAME,
    LAST_OR_NEXT,
    OF_OFFICE,
    OFFICES,
    PERIODS,
    PREPOSITIONS,
    SIDES,
    STOPS,
    THAT,
    TIME_WORDS,
    is_addressed,
    is_published,
    is_verbal_noun,
)
from services.extraction.words import QUOTE, Words, covering

_TITLED = 16
"""Tokens of titles and name that a speaker's description may have."""
_MANNER = 3
"""Quoted words that may say how it was said."""


class NounPhrases:
    """The named entities of an article laid over its words. `at[i]` is the index of the entity at token i, or -1."""

    __slots__ = ("_closing", "at", "cues", "entities", "spans", "text", "words")

    def __init__(self, words: Words, entities: Sequence[Entity], text: str, cues: Mapping[int, Cue]) -> None:
        self.words = words
        self.cues = cues
        self.text = text
        self.entities = sorted(entities, key=lambda e: (e.start, -e.end))
        self.spans = [words.span(e) for e in self.entities]
        self.at = covering(self.spans, len(words))
        self._closing = {close: first for first, close in words.closes.items()}

    def led(self, n: int) -> str:
        """The clitic that shares a token with the start of an entity («ل» in «لروسيا»), or nothing."""
        first = self.spans[n][0]
        gap = self.entities[n].start - self.words.starts[first]
        return self.words.forms[first][:gap] if gap > 0 else ""

    def gender(self, first: int) -> Gender:
        """The gender of the noun phrase that begins at a token; "" where it does not show."""
        n = self.at[first]
        kind = "" if n < 0 else self.entities[n].type
        return gender_of(self.words.forms[first], kind, self.text[self.words.ends[first] - 1] == "ة")

    def words_between(self, first: int, last: int) -> str:
        """The original text of a half-open range of tokens."""
        return self.text[self.words.starts[first] : self.words.ends[last - 1]]

    def skip_adjuncts(self, i: int, stop: int) -> int:
        forms = self.words.forms
        while i < stop and self.at[i] < 0:
            form = forms[i]
            if form in ("قبل", "بعد") and i + 1 < stop and is_verbal_noun(forms[i + 1]):
                break
            if form in COMMAS or form == "#" or form in ADVERBS or form in TIME_WORDS or form in PERIODS:
                i += 1
            elif form in ("من", "ومن") and i + 1 < stop and (forms[i + 1] in SIDES or forms[i - 1] == "كل"):
                i += 2 if forms[i + 1] in SIDES else 1
            elif form == "في" and i + 2 < stop and forms[i + 1] == "وقت":
                i += 3
            else:
                break
        return i

    def is_object(self, i: int) -> bool:
        """Whether a word is rather what is said than who says it: «أكدت رفضها», «قرر تعليق»."""
        form = self.words.forms[i]
        if form == "ذلك":
            return True
        if is_addressed(form, self.words.forms[i + 1] if i + 1 < len(self.words) else ""):
            return True
        if form.endswith(("ها", "هم", "هما")) or (form[-1] == "ه" and self.text[self.words.ends[i] - 1] == "ه"):
            return len(form) > 3
        return is_verbal_noun(form)

    def reaches_that(self, start: int, stop: int) -> int:
        """The token of «أن» where nothing but titles and a name stands before it, whatever the name; 0 elsewhere.

        «أعلن المتحدث باسم الوزارة فلان الفلاني أن …»: the lists may not know him.
        """
        forms = self.words.forms
        if start >= stop or (self.at[start] < 0 and not self._is_title(forms[start])):
            return 0
        for k in range(start, min(stop, start + _TITLED)):
            form, n = forms[k], self.at[k]
            if form in THAT:
                return k if k > start + 1 and form == "ان" and forms[k - 1] not in COMMAS else 0
            if form == QUOTE or k in self.cues or (n < 0 and self._ends_titles(k, form)):
                return 0
        return 0

    def _is_title(self, form: str) -> bool:
        return form.removeprefix("ال") in OFFICES

    def _ends_titles(self, k: int, form: str) -> bool:
        if form in STOPS or form in TIME_WORDS or is_verbal_noun(form):
            return True
        return form in PREPOSITIONS and form not in OF_OFFICE

    def phrase_end(self, start: int, stop: int, strict: bool) -> int:
        """Token behind the noun phrase that starts at a token (start itself: none does)."""
        forms, at = self.words.forms, self.at
        definite, end = False, start
        while end < stop:
            form, n = forms[end], at[end]
            if n >= 0:
                if self._begins_another(n, start, end, strict):
                    break
                definite = True
                end = max(end + 1, self.spans[n][1])
            elif form == QUOTE:
                close = self.words.closes.get(end)
                if self.behind_manner(end) > end:
                    break
                if close is not None and close < stop and (at[end + 1] >= 0 or close - end <= 3) and close - end <= 6:
                    end = close + 1
                elif self._closing.get(end, -1) >= start - 1 and end > start:
                    end += 1
                else:
                    break
            elif form in IN_THE_NAME or form in ("#", "_"):
                end += 1
            elif form in STOPS or form in THAT or form in TIME_WORDS or form in ADVERBS or self._turns(end, stop):
                break
            elif form in PREPOSITIONS or (strict and form == "ذلك"):
                if not (form in OF_OFFICE and end > start and self.office(start, end)):
                    break
                end += 1
            elif (
                form in ("ل", "ب")
                or form.startswith(("لل", "بال"))
                or (end == start and form[0] in "بل" and len(form) > 3 and self._clitic(form))
            ):
                if end == start or not (self.office(start, end) or forms[end - 1] in BELONGING):
                    break
                end += 1
            elif self._joins(end, stop):
                end += 1
            elif end > start and is_published(form) and forms[start].removeprefix("ال") in DOCUMENTS:
                break
            elif strict and end > start and self._closing.get(end - 1, start) > start and form[:2] != "ال":
                break  # «انتقدت جمعية "الأمل" بطء الإغاثة»
            elif definite and not self._goes_on(form, end, start, strict):
                # «دعت الرابطة وزير الصيد فلانا»: a title of the other gender begins the object
                another = strict and form in OFFICES and disagree(self.gender(start), self.gender(end))
                named = strict and form[0] != "و" and at[end - 1] >= 0 and self.entities[at[end - 1]].type == "PER"
                if another or named or not self._person_ahead(end, stop):
                    break
                end += 1
            else:
                definite = definite or form.startswith("ال")
                end += 1
        return end

    def behind_manner(self, i: int) -> int:
        """The token behind quoted words that say how it was said: «نفى العميد "نفيا قاطعا" أن»; i itself elsewhere."""
        close = self.words.closes.get(i, i)
        forms = self.words.forms[i + 1 : close]
        manner = 1 < len(forms) <= _MANNER and all(form.endswith("ا") for form in forms)
        return close + 1 if manner and max(self.at[i:close]) < 0 else i

    def _begins_another(self, n: int, start: int, end: int, strict: bool) -> bool:
        """Whether a name at token `end` is no part of the phrase: led by «ل» or «ب», or the object behind the subject."""
        if self.spans[n][0] != end:
            return False
        if end > start and self.words.forms[end - 1] in BELONGING:
            return False
        office = end > start and self.office(start, end)
        if self.led(n)[-1:] in ("ل", "ب"):
            kinds = {self.words.forms[end][len(self.led(n)) :], *kinds_of(self.entities[n].canonical)}
            return not office or not MEDIA.isdisjoint(kinds)
        if not strict or end == start or self.led(n) == "و" or self.words.forms[end - 1] == "و":
            return False
        if self.entities[n].type == "PER":
            return self.at[end - 1] >= 0 and not office
        titled = end > start + 1 and self.words.forms[start] in DOCUMENTS
        return titled or self.at[end - 1] >= 0 or self.words.forms[end - 1].startswith("ال")

    def _turns(self, i: int, stop: int) -> bool:
        """Whether «الأسبوع الماضي», «قائلا» or «طلب عدم ذكر اسمه» begins at a token."""
        if unnamed_until(self.words.forms, i, stop) > i:
            return True
        form, cue = self.words.forms[i], self.cues.get(i)
        if form in PERIODS:
            return i + 1 < len(self.words) and self.words.forms[i + 1] in LAST_OR_NEXT
        if cue is None:
            return False
        if cue.form == "noun" and cue.pronoun and cue.lemma == "قال":
            return True
        return form == "بالقول" or (cue.form == "participle" and (cue.lemma == "قال" or form[-1] == "ا"))

    def _joins(self, i: int, stop: int) -> bool:
        """Whether somebody else is joined to a name: «سوريا وحليفتها روسيا»."""
        form = self.words.forms[i]
        if form[0] != "و" or not form.endswith(("ها", "هم", "ه")) or i in self.cues:
            return False
        return len(form) > 4 and i + 1 < stop and self.at[i - 1] >= 0 and self.at[i + 1] >= 0

    def _clitic(self, form: str) -> bool:
        """Whether the first letter is rather a preposition than part of the word."""
        return not form.startswith(B_WORDS) if form[0] == "ب" else not form.startswith(("لج", "لو", "لا", "لق", "لي"))

    def _goes_on(self, form: str, end: int, start: int, strict: bool) -> bool:
        """Whether a word can continue a phrase that is definite already."""
        if form.startswith(("ال", "وال")) and len(form) > 3:
            bare = self.at[end - 1] >= 0 or end == start + 1
            return not (strict and bare and not form.endswith(ADJECTIVE_ENDINGS) and form not in BELONGING)
        before = self.words.forms[end - 1]
        return end > start and (before in IN_THE_NAME or before in OF_OFFICE or before in ("_", "#"))

    def office(self, start: int, end: int) -> bool:
        return any(self.words.forms[i].removeprefix("ال") in OFFICES for i in range(start, min(end, start + 3)))

    def _person_ahead(self, i: int, stop: int) -> bool:
        """Whether a person's name follows within a few words of titles."""
        for k in range(i, min(i + 8, stop)):
            n = self.at[k]
            if n >= 0 and self.entities[n].type == "PER":
                return True
            if self.words.forms[k] in STOPS or self.words.forms[k] in PREPOSITIONS or self.words.forms[k] == QUOTE:
                return False
        return False

    def heads_phrase(self, n: int, start: int) -> bool:
        """Not «شقيق فلان»: a person whose relative or office speaks is not the speaker."""
        first = self.spans[n][0]
        before = self.words.forms[first - 1] if first > start else ""
        return before not in ("شقيق", "والد", "والده", "نجل", "زوجه", "محامي", "ابن", "باسم", "ابنه", "حمله")

    def apposition(self, i: int, stop: int) -> int | None:
        """A person's name after a comma (and a title or two): «رئيس الوزراء، السيد فلان»."""
        forms = self.words.forms
        if i >= stop or forms[i] not in COMMAS:
            return None
        for k in range(i + 1, min(i + 12, stop)):
            n = self.at[k]
            if n >= 0 and self.entities[n].type == "PER":
                return None if self.led(n) else n
            if forms[k] in THAT or (n < 0 and forms[k] in PREPOSITIONS) or forms[k] == QUOTE:
                return None
            if forms[k] in COMMAS and forms[k + 1 : k + 2] and k - i > 1 and self.at[k + 1 if k + 1 < stop else k] < 0:
                return None
        return None
