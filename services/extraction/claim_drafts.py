"""The claims of an article in the making: kept if their marks make them likely enough, and then their speaker remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from schemas.articles_extracted import Entity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.asides import unnamed_until
from services.extraction.carriers import apart_from, is_medium
from services.extraction.claim_marks import Draft, marks_of
from services.extraction.reporting import Cue, reporting_words
from services.extraction.said import ENDS, LONGEST, TURNS, Lead, Said
from services.extraction.speaker_words import COMMAS, THAT
from services.extraction.speakers import Cast, Speaker
from services.extraction.weights import probability, read_weights
from services.extraction.words import QUOTE, read_words

WEIGHTS = "claim_weights.tsv"

_NEEDED_WITHIN = 20
"""Tokens behind a reporting word within which a word that it needs stands."""


class Drafts:
    """One article's words, its reporting words and who may speak in it, and what was found so far to be said."""

    def __init__(self, article: NormalizedArticle, entities: Sequence[Entity], least: float) -> None:
        self.words = read_words(article)
        self.forms = self.words.forms
        table = reporting_words()
        cues = {i: table[form] for i, form in enumerate(self.forms) if form in table}
        self.cast = Cast(self.words, entities, article.text, cues)
        last = len(self.forms)
        for i in [
            i for i in cues if self.cast.at[i] >= 0 or unnamed_until(self.forms, i, last) > i or self._is_preposition(i)
        ]:
            del cues[i]
        self.cues: Mapping[int, Cue] = cues
        self.said = Said(self.words, self.cast, cues)
        self.found: list[tuple[Draft, list[str], float]] = []
        self._least = least
        self._weights = read_weights(WEIGHTS) if least else {}

    def _is_preposition(self, i: int) -> bool:
        """«عبر» (through) rather than «عبّر» (expressed), which «عن» follows."""
        if self.forms[i] not in ("عبر", "وعبر"):
            return False
        for form in self.forms[i + 1 : i + _NEEDED_WITHIN]:
            if form == "عن":
                return False
            if form in THAT or form in ENDS:
                break
        return True

    def has_what_it_needs(self, i: int, b: int, cue: Cue) -> bool:
        """Whether the word stands before token b without which the reporting word at token i is none."""
        if not cue.needs:
            return True
        return any(form.startswith(cue.needs) for form in self.forms[i + 1 : min(b, i + _NEEDED_WITHIN)])

    def has_any_since(self, a: int) -> bool:
        """Whether somebody was found to speak by a word from token `a` on."""
        return bool(self.found) and self.found[-1][0].cue_first >= a

    def add(
        self,
        cue: Cue,
        i: int,
        cue_last: int,
        speaker: Speaker | None,
        first: int,
        last: int,
        lead: Lead,
        a: int,
        via: Sequence[str] = (),
    ) -> None:
        """Keep a claim if it is likely enough; only then is its speaker remembered.

        What somebody says within another's speech came through that other.
        """
        if self.forms[first] == QUOTE:
            first += 1
        whose = speaker or self.cast.latest(cue.gender)
        if last <= first or whose is None:
            return
        previous = self.found[-1][0] if self.found else None
        if previous is not None and previous.first < first and previous.last >= last:
            via = [*via, previous.speaker.name, *previous.via]
        draft = Draft(cue, i, cue_last, whose, first, last, lead, speaker is not None, apart_from(whose, via))
        marks = marks_of(draft, previous, a, self.words, self.cast)
        likelihood = probability(self._weights, marks)
        if likelihood >= self._least:
            self.found.append((draft, marks, likelihood))
            if speaker is not None:
                self.cast.remember(speaker, cue.gender)

    def add_trailing(
        self, i: int, head: int, a: int, cue: Cue, cue_last: int, speaker: Speaker, end: int, via: Sequence[str]
    ) -> int:
        """What stands before «بحسب», unless somebody said it already: then it came through the medium named here."""
        if self.has_any_since(a) and self.found[-1][0].first < i:
            draft, marks, likelihood = self.found[-1]
            if draft.last in (head, head - 1) and is_medium(self.cast, speaker):
                carried = apart_from(draft.speaker, [*draft.via, speaker.name, *via])
                self.found[-1] = (replace(draft, via=carried), marks, likelihood)
            return end
        first = max(a, head - LONGEST)
        for m in range(head - 1, first, -1):
            if self.forms[m] in TURNS and self.forms[m - 1] in COMMAS:
                first = m + 1
                break
        self.add(cue, i, cue_last, speaker, first, self.said.trim(head, first), "trailing", a, via)
        return end
