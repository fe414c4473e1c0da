"""Who is speaking: the noun phrase beside a reporting verb, the name in it, and whom a bare verb or noun refers to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.articles_extracted import Entity
from services.extraction.kinds import kinds_of
from services.extraction.noun_phrases import NounPhrases
from services.extraction.offices import Offices
from services.extraction.reporting import Cue, Gender
from services.extraction.speaker_words import (
    ADVERBS,
    BARRIERS,
    BELONGING,
    CLAUSE_HEADS,
    COMINGS,
    COMMAS,
    CORRESPONDENTS,
    DOCUMENTS,
    PARTS,
    PLACE_HEADS,
    PREPOSITIONS,
    RELATIVES,
    THAT,
    TIME_WORDS,
    is_published,
)
from services.extraction.words import Words

__all__ = ["COMMAS", "Cast", "Speaker"]

_LONGEST = 18
_WITHIN = 80
_AS_FOR = frozenset(("اما", "واما"))
_TOPIC = 16
"""Tokens before a verb within which «أما» opens its clause."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it: `name` canonical or words of the text, `text` the words that name the speaker, and their tokens."""

    name: str
    text: str
    first: int
    last: int
    entity: int | None


class Cast(NounPhrases):
    """The people and bodies of one article: who is named where, who holds which office, and who has spoken so far."""

    __slots__ = ("_bodies", "_heads", "_latest", "_offices")

    def __init__(self, words: Words, entities: Sequence[Entity], text: str, cues: Mapping[int, Cue]) -> None:
        super().__init__(words, entities, text, cues)
        self._latest: dict[Gender, Speaker] = {}
        self._heads: dict[str, Speaker] = {}
        self._bodies: dict[str, list[int]] = {}
        for entity, (first, last) in zip(self.entities, self.spans, strict=True):
            if first < last and entity.type in ("ORG", "GRP") and self.entities[self.at[first]] is entity:
                for kind in kinds_of(entity.canonical) | {words.forms[first].removeprefix("ال")}:
                    self._bodies.setdefault(kind, []).append(first)
        self._offices = Offices(self.entities)

    def remember(self, speaker: Speaker, gender: Gender) -> None:
        """The speaker of the latest claim, for the bare verbs that follow."""
        self._latest[""] = speaker
        if gender:
            self._latest[gender] = speaker
        head = self.words.forms[speaker.first].removeprefix("ال")
        self._heads[head] = speaker

    def latest(self, gender: Gender) -> Speaker | None:
        """The latest speaker, of the verb's gender if it shows one."""
        return self._latest.get(gender) or self._latest.get("")

    def met(self, form: str, before: int) -> Speaker | None:
        """Whom a bare definite noun means («الوزارة»): the latest speaker or organisation whose name begins with it."""
        head = form.removeprefix("و").removeprefix("ال")
        known = self._heads.get(head)
        firsts = self._bodies.get(head, [])
        at = bisect_left(firsts, before) - 1
        if at >= 0 and (known is None or firsts[at] > known.first):
            return self.named(self.at[firsts[at]])
        return known

    def named(self, n: int) -> Speaker:
        entity = self.entities[n]
        return Speaker(entity.canonical, entity.text, *self.spans[n], n)

    def subject(self, i: int, stop: int, strict: bool = False) -> tuple[Speaker | None, int]:
        """The speaker in subject position from token i on (None: nobody is named there), and the token behind.

        `strict` ends the phrase where an object may begin: the verb takes one.
        """
        start = self.skip_adjuncts(i, stop)
        if strict and start < stop and self.at[start] < 0 and self.is_object(start):
            return None, start
        end = (strict and self.reaches_that(start, stop)) or self.phrase_end(start, min(stop, start + _LONGEST), strict)
        if start < end < stop and self._is_issued(start, end):
            end = self.phrase_end(end + 2 if self.words.forms[end] == "صادر" else end + 1, stop, strict)
        if end == start:
            return None, start
        if (
            end < stop
            and self.words.forms[start].removeprefix("ال") in DOCUMENTS
            and is_published(self.words.forms[end])
        ):
            return self.subject(end + 1, stop, strict)
        behind = self.apposition(end, stop)
        speaker = self._speaker(start, end, behind)
        return speaker, end if behind is None or behind != speaker.entity else self.spans[behind][1]

    def _is_issued(self, start: int, end: int) -> bool:
        """Whether the phrase is a document and names behind it who issued it: «بيان صادر عن», «البيان الصادر عن»."""
        forms = self.words.forms
        if forms[end] not in ("عن", "صادر"):
            return False
        return forms[start] in DOCUMENTS or forms[end - 1] in ("الصادر", "الصادره")

    def topic_opens(self, i: int, first: int) -> int | None:
        """The token of «أما» that opens the clause of a verb at token i («أما الوزير فقال»), or None."""
        forms = self.words.forms
        for k in range(i - 1, max(first, i - _TOPIC) - 1, -1):
            if forms[k] in _AS_FOR and (k <= first + 1 or forms[k] == "واما" or forms[k - 1] in COMMAS):
                return k
            if forms[k] in THAT or (k in self.cues and self.cues[k].form in ("past", "present")):
                return None
        return None

    def subject_before(self, i: int, first: int) -> Speaker | None:
        """The speaker named before a verb in its clause: «لكن المتحدث نفى», «الذي قال»."""
        forms = self.words.forms
        k = i
        while k > first and i - k < 12 and forms[k - 1] not in BARRIERS:
            k -= 1
        opens = self.topic_opens(i, first)
        if opens is not None and (opens >= k or (k > first + 1 and forms[k - 1] in COMMAS)):
            k = opens
        if k == i and k > first + 1 and forms[k - 1] in COMMAS:
            return self._topic(first, i)
        while k < i and (forms[k] in CLAUSE_HEADS or forms[k] in ADVERBS or forms[k].removeprefix("و") in TIME_WORDS):
            k += 1
        if k >= i or forms[k] in COMINGS or (forms[k][0] == "و" and forms[k][1:] in PREPOSITIONS):
            return None
        if forms[i - 1] in RELATIVES:
            names = [n for n in dict.fromkeys(self.at[max(first, i - 12) : i]) if n >= 0]
            return self.named(names[-1]) if names else None
        speaker, end = self.subject(k, i)
        while end < i and (forms[end] in COMMAS or forms[end] in ADVERBS):
            end += 1
        beside = end == i or (speaker is not None and speaker.entity is not None)
        return speaker if beside and not forms[i - 1][0].isdigit() else None

    def _topic(self, first: int, i: int) -> Speaker | None:
        """Who stands before a comma and a verb: «وكانت وزيرة الصحة، فلانة، أعلنت», «مصر، أكدت»."""
        forms = self.words.forms
        k = first
        while k < i and (forms[k] in CLAUSE_HEADS or forms[k] in ADVERBS or forms[k] in COMMAS):
            k += 1
        if k >= i or forms[k].removeprefix("و") in PREPOSITIONS or forms[k] in COMINGS or k in self.cues:
            return None
        speaker, end = self.subject(k, i)
        while end < i and (forms[end] in COMMAS or forms[end] in ADVERBS):
            end += 1
        return speaker if end == i and speaker is not None and speaker.entity is not None else None

    def main_name(self, first: int, last: int) -> Speaker | None:
        """The first person, else organisation, named in a range of tokens as more than a complement."""
        names = [
            n
            for n in dict.fromkeys(self.at[first : min(last, first + _WITHIN)])
            if n >= 0 and self.led(n)[-1:] not in ("ل", "ب")
        ]
        for kinds in (("PER",), ("ORG", "GRP")):
            for n in names:
                if self.entities[n].type in kinds and self.spans[n][0] >= first:
                    return self.named(n)
        return None

    def _is_itself(self, n: int, start: int) -> bool:
        """Whether a name that is not first in a phrase is still who the phrase is about: not in «بلدية نابلس»."""
        head = self.words.forms[start].removeprefix("ال")
        if self.words.forms[self.spans[n][0] - 1] in BELONGING:
            return False
        return head in PLACE_HEADS if self.entities[n].type == "LOC" else head not in PARTS

    def _speaker(self, start: int, end: int, behind: int | None) -> Speaker:
        """The speaker in a noun phrase: a person named in it or right behind it, its organisation, or its words."""
        forms = self.words.forms
        inside = [n for n in dict.fromkeys(self.at[start:end]) if n >= 0]
        for n in inside:
            if self.entities[n].type == "PER" and self.heads_phrase(n, start):
                return self.named(n)
        if behind is not None:
            return self.named(behind)
        holder = self._offices.holder(self.words.forms[start:end])
        if holder is not None:
            return Speaker(self.entities[holder].canonical, self.words_between(start, end), start, end, holder)
        if inside:
            first = self.spans[inside[0]][0]
            office = self.office(start, max(first, start))
            document = forms[start].removeprefix("ال") in DOCUMENTS or forms[start] in CORRESPONDENTS
            if first <= start or document or (first <= start + 2 and not office and self._is_itself(inside[0], start)):
                return self.named(inside[0])
        while end > start + 1 and forms[end - 1] in ("#", "_"):
            end -= 1
        if end == start + 1 and not inside and forms[start].startswith("ال"):
            known = self.met(forms[start], start)
            if known is not None:
                return Speaker(known.name, self.words_between(start, end), start, end, known.entity)
        text = self.words_between(start, end)
        return Speaker(text, text, start, end, None)
