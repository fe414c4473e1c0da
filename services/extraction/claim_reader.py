"""Reads who says what, cue by cue: claims in the making, with the marks by which they are weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas.articles_extracted import Entity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.agreement import disagree
from services.extraction.asides import unnamed_until
from services.extraction.carriers import apart_from, is_medium, quoted_by, source_behind, told
from services.extraction.claim_marks import Draft, marks_of
from services.extraction.coordination import coordinated_subject
from services.extraction.reporting import Cue, reporting_words
from services.extraction.said import DIRECT, ENDS, LONGEST, TURNS, Lead, Said
from services.extraction.speaker_words import (
    ADVERBS,
    COMMAS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    THAT,
    TIME_WORDS,
    is_called_upon,
)
from services.extraction.speakers import Cast, Speaker
from services.extraction.stances import with_its_object
from services.extraction.weights import probability, read_weights
from services.extraction.words import QUOTE, read_words

WEIGHTS = "claim_weights.tsv"

_AS = frozenset(("كما", "ما", "لما"))
_STATED_IN = frozenset(("جاء", "ورد"))
_NEEDED_WITHIN = 20
"""Tokens behind a reporting word within which a word that it needs stands."""
_THEN = 8
"""Tokens behind a source within which «فإن» leads in what it says."""
_QUOTED_FROM = 25
"""Tokens before «قوله» within which «عن» names whose words they are."""


class _Reader:
    """Reads the claims of one article, sentence by sentence; each reader of a cue returns the token to go on from."""

    def __init__(self, article: NormalizedArticle, entities: Sequence[Entity], least: float) -> None:
        self.words = read_words(article)
        self.forms = self.words.forms
        table = reporting_words()
        self.cues = {i: table[form] for i, form in enumerate(self.forms) if form in table}
        self.cast = Cast(self.words, entities, article.text, self.cues)
        last = len(self.forms)
        for i in [
            i
            for i in self.cues
            if self.cast.at[i] >= 0 or unnamed_until(self.forms, i, last) > i or self._is_preposition(i)
        ]:
            del self.cues[i]
        self.said = Said(self.words, self.cast, self.cues)
        self.least = least
        self.weights = read_weights(WEIGHTS) if least else {}
        self.found: list[tuple[Draft, list[str], float]] = []

    def read(self) -> list[tuple[Draft, list[str], float]]:
        for a, b in self.words.sentences:
            i = a
            while i < b:
                cue = self.cues.get(i)
                if cue is None or (cue.needs and not self._has_needed(i, b, cue)):
                    i += 1
                elif cue.form == "according":
                    i = max(i + 1, self._according(i, a, b, cue))
                elif cue.form == "participle":
                    i = max(i + 1, self._participle(i, a, b, cue))
                elif cue.form == "noun":
                    i = max(i + 1, self._verbal_noun(i, a, b, cue))
                else:
                    i = max(i + 1, self._verb(i, a, b, cue))
        return self.found

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

    def _has_needed(self, i: int, b: int, cue: Cue) -> bool:
        return any(form.startswith(cue.needs) for form in self.forms[i + 1 : min(b, i + _NEEDED_WITHIN)])

    # -- verbs ---------------------------------------------------------------------

    def _verb(self, i: int, a: int, b: int, cue: Cue) -> int:
        """«قال المتحدث إن …», «الوزير نفى …», «وأضاف: …», «…، كما أعلن الجيش»."""
        cue = with_its_object(cue, self.forms, i, b)
        direct = not cue.complements.isdisjoint(DIRECT)
        answers = cue.led and self.forms[i][0] == "ف" and self.cast.topic_opens(i, a) is not None
        alone = (cue.led and not answers) or cue.lemma in _STATED_IN
        before = None if alone else self.cast.subject_before(i, a)
        start = self.cast.skip_adjuncts(i + 1, b)
        speaker: Speaker | None
        if before is not None and self.forms[i - 1] not in RELATIVES:
            speaker, k = before, i + 1
        elif cue.lemma in _STATED_IN:
            if i + 1 >= b or self.forms[i + 1] not in ("في", "علي"):
                return i + 1
            speaker, k = self.cast.subject(i + 2, b)
        elif cue.plural or self._has_pronoun(i, a):
            speaker, k = None, i + 1
        else:
            speaker, k = self.cast.subject(i + 1, b, direct)
        via: list[str] = []
        if cue.lemma == "نقل":
            if k >= b or self.forms[k] != "عن":
                return i + 1
            via, (speaker, k) = self._carrier(speaker, cue), self.cast.subject(k + 1, b)
        quoted = source_behind(self.cast, k, b)
        if quoted is not None:
            via, (speaker, k) = [*self._carrier(speaker, cue), *via], quoted
        head = i - (2 if i > a + 1 and self.forms[i - 2] == "علي" and self.forms[i - 1] == "ما" else 1)
        if head > a and self.forms[i - 1] in _AS and speaker is not None and self._is_over(k, b, direct):
            return self._trailing(i, head, a, cue, i + 1, speaker, k, via)
        cue_last = i + 1
        if k < b and self._is_saying(k):
            cue_last = k = k + 1
            if speaker is None:
                speaker, k = self.cast.subject(k, b)
        found = self.said.begin(i + 1, k, b, cue)
        if found is None:
            return i + 1
        first, lead = found
        if speaker is not None and before is None:
            if self._is_object(cue, first, lead, k):
                first, speaker = speaker.first, None
            elif self._is_addressee(cue, start):
                first, lead, speaker = start, "object", None
        speaker = speaker or before or self._of_this_sentence(i, a, cue)
        via += told(self.cast, k, first)
        self._add(cue, i, cue_last, speaker, first, self.said.end(first, b), lead, a, via)
        return first

    def _has_pronoun(self, i: int, a: int) -> bool:
        """Whether a pronoun before a verb is its subject: «لكنه دعا المجلس إلى»."""
        k = i - 1
        while k > a and self.forms[k] in ADVERBS:
            k -= 1
        return k >= a and self.forms[k] in PRONOUNS

    def _carrier(self, speaker: Speaker | None, cue: Cue) -> list[str]:
        """Who quotes: the verb's subject, for a bare verb the body that spoke last."""
        carrier = speaker or self.cast.latest(cue.gender)
        if carrier is None or (speaker is None and not is_medium(self.cast, carrier)):
            return []
        return [carrier.name]

    def _is_over(self, k: int, b: int, direct: bool) -> bool:
        """Whether nothing is said behind the speaker: «كما أعلن الجيش، …»."""
        while k < b and (self.forms[k] in TIME_WORDS or self.forms[k] in ADVERBS):
            k += 1
        if k >= b or self.forms[k] in ENDS:
            return k >= b or self.forms[k] != ":"
        if direct and self.forms[k][0] not in "فبل":
            return False
        for form in self.forms[k : min(b, k + 10)]:
            if form in THAT or form in (QUOTE, ":"):
                return False
            if form in ENDS:
                return True
        return k + 10 > b

    def _is_saying(self, k: int) -> bool:
        """«تابع قائلا», «ختم بالقول»."""
        cue = self.cues.get(k)
        return cue is not None and cue.lemma == "قال" and (cue.form == "participle" or self.forms[k] == "بالقول")

    def _is_object(self, cue: Cue, first: int, lead: Lead, k: int) -> bool:
        """Whether the only noun phrase between verb and content is whom it is said of, as with «اتهم»."""
        return "object" in cue.complements and not cue.pronoun and lead in ("preposition", "an") and first - k <= 2

    def _is_addressee(self, cue: Cue, start: int) -> bool:
        """Whether the noun phrase behind a verb is whom it calls upon and not who calls: by its meaning, or the two do
        not agree."""
        if cue.pronoun or cue.complements.isdisjoint(("person", "object")):
            return False
        called = is_called_upon(self.forms[start], self.forms[start + 1] if start + 1 < len(self.forms) else "")
        return called or disagree(cue.gender, self.cast.gender(start))

    def _of_this_sentence(self, i: int, a: int, cue: Cue) -> Speaker | None:
        """For a bare verb within a sentence, unless somebody in it has spoken: whose verb it is coordinated with, or
        the name that the sentence began with."""
        if i <= a + 1:
            return None
        latest = self.cast.latest(cue.gender)
        if latest is not None and latest.last > a:
            return None
        return coordinated_subject(self.cast, i, a, cue) or self._main_name(i, a, cue)

    def _main_name(self, i: int, a: int, cue: Cue) -> Speaker | None:
        main = self.cast.main_name(a, i)
        return None if main is None or disagree(cue.gender, self.cast.gender(main.first)) else main

    # -- participles, verbal nouns, sources ---------------------------------------------

    def _participle(self, i: int, a: int, b: int, cue: Cue) -> int:
        """«…، مشيرا إلى …»."""
        found = self.said.begin(i + 1, i + 1, b, cue)
        if found is None:
            return i + 1
        first, lead = found
        spoken = bool(self.found) and self.found[-1][0].cue_first >= a
        latest = self.cast.latest(cue.gender)
        speaker = None
        if latest is None or latest.last <= a:
            speaker = coordinated_subject(self.cast, i, a, cue)
        if speaker is None and not spoken:
            speaker = self._main_name(i, a, cue)
        self._add(cue, i, i + 1, speaker, first, self.said.end(first, b), lead, a)
        return first

    def _verbal_noun(self, i: int, a: int, b: int, cue: Cue) -> int:
        """«نقلت عنه قوله إن …», «بعد إعلان الجيش …»."""
        by = i + 1 < b and self.forms[i + 1] == "من"
        speaker, k = (None, i + 1) if cue.pronoun else self.cast.subject(i + 1 + by, b)
        if not cue.pronoun and speaker is None:
            return i + 1
        found = self.said.begin(i + 1, k, b, cue)
        if found is None or (cue.pronoun and found[1] == "noun"):
            return i + 1
        first, lead = found
        carrier = None
        if cue.pronoun:
            since = max(a, i - _QUOTED_FROM)
            quoting = [k for k in range(since, i) if k in self.cues and self.cues[k].lemma == "نقل"]
            speaker, carrier = quoted_by(self.cast, quoting, i, since)
        via = [] if carrier is None else [carrier.name]
        self._add(cue, i, i + 1, speaker, first, self.said.end(first, b), lead, a, via)
        return first

    def _according(self, i: int, a: int, b: int, cue: Cue) -> int:
        """«وبحسب الوزارة، …», «…، وفقا لمصدر أمني», «…، حسبما ذكرت الوكالة»."""
        k = i + 1
        if cue.lemma == "نقلا":
            if k >= b or self.forms[k] != "عن":
                return i + 1
            k += 1
        elif cue.lemma == "حسبما" or (k < b and self.forms[k] in ("ما", "لما")):
            k += 1 if cue.lemma == "حسبما" else 2
            while k < b and self.forms[k] in ADVERBS:
                k += 1
        if k > b:
            return i + 1
        speaker, end = self._source(k, b)
        quotes = cue.lemma == "نقلا" or self.forms[k - 1].startswith(("نقل", "تنقل", "ينقل"))
        via: list[str] = []
        if quotes and end < b and self.forms[end] == "عن":
            quoted: tuple[Speaker | None, int] | None = self.cast.subject(end + 1, b)
        else:
            quoted = source_behind(self.cast, end, b)
        if quoted is not None and quoted[0] is not None:
            via, (speaker, end) = self._carrier(speaker, cue), quoted
        if speaker is None:
            return i + 1
        cue_last = min(k, b)
        head = i - 1 if i > a and self.forms[i - 1] in COMMAS else i
        aside = head < i and head - a < 8 and end < b and self.forms[end] in COMMAS
        if head - a >= 3 and not aside:
            return self._trailing(i, head, a, cue, cue_last, speaker, end, via)
        first = self._behind_then(end, b)
        while first < b and (self.forms[first] in COMMAS or self.forms[first] in THAT | TIME_WORDS):
            first += 1
        if first < b:
            self._add(cue, i, cue_last, speaker, first, self.said.end(first, b), "leading", a, via)
        return first

    def _behind_then(self, end: int, b: int) -> int:
        """What «فإن» leads in behind a source that has more words than its name: «، وبحسب بيان على موقعها، فإن»."""
        for k in range(end, min(b, end + _THEN)):
            if self.forms[k] in THAT and self.forms[k][0] == "ف":
                return k
            if self.forms[k] in ENDS and self.forms[k] not in COMMAS:
                break
        return end

    def _source(self, k: int, b: int) -> tuple[Speaker | None, int]:
        """Whom «according to» names; «ل» may share the token."""
        if k >= b:
            return None, k
        n = self.cast.at[k]
        if n >= 0:
            return self.cast.named(n), max(k + 1, self.cast.spans[n][1])
        if self.forms[k] == "لدي":
            k += 1
        speaker, end = self.cast.subject(k, b)
        if (
            speaker is not None
            or k >= b
            or self.forms[k] in PREPOSITIONS
            or not self.forms[k].startswith("ل")
            or len(self.forms[k]) < 3
        ):
            return speaker, end
        speaker, end = self.cast.subject(k + 1, b)
        if speaker is not None and speaker.entity is not None:
            return speaker, end
        end = max(end, k + 1)
        text = self.cast.words_between(k, end)[1:]
        return Speaker(text, text, k, end, None), end

    def _trailing(
        self, i: int, head: int, a: int, cue: Cue, cue_last: int, speaker: Speaker, end: int, via: Sequence[str]
    ) -> int:
        """What stands before «بحسب», unless somebody said it already: then it came through the medium named here."""
        if self.found and self.found[-1][0].cue_first >= a and self.found[-1][0].first < i:
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
        self._add(cue, i, cue_last, speaker, first, self.said.trim(head, first), "trailing", a, via)
        return end

    def _add(
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
        likelihood = probability(self.weights, marks)
        if likelihood >= self.least:
            self.found.append((draft, marks, likelihood))
            if speaker is not None:
                self.cast.remember(speaker, cue.gender)


def read_drafts(
    article: NormalizedArticle, entities: Sequence[Entity], least: float = 0.0
) -> list[tuple[Draft, list[str], float]]:
    """Claims in the making with their marks and likelihood, those of at least `least`, in text order of their cues."""
    return _Reader(article, entities, least).read()
