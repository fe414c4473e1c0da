"""Reads who says what, cue by cue: claims in the making, with the marks by which they are weighed."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.articles_extracted import Entity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.agreement import disagree
from services.extraction.carriers import quoted_by, quoting, source_behind, told
from services.extraction.cited_sources import read_cited
from services.extraction.claim_drafts import Drafts
from services.extraction.claim_marks import Draft
from services.extraction.coordination import coordinated_subject
from services.extraction.reporting import Cue
from services.extraction.said import DIRECT, ENDS, Lead
from services.extraction.speaker_words import (
    ADVERBS,
    PRONOUNS,
    RELATIVES,
    THAT,
    TIME_WORDS,
    is_called_upon,
)
from services.extraction.speakers import Speaker
from services.extraction.stances import with_its_object
from services.extraction.words import QUOTE

_AS = frozenset(("كما", "ما", "لما"))
_STATED_IN = frozenset(("جاء", "ورد"))
_QUOTED_FROM = 25
"""Tokens before «قوله» within which «عن» names whose words they are."""


def read_drafts(
    article: NormalizedArticle, entities: Sequence[Entity], least: float = 0.0
) -> list[tuple[Draft, list[str], float]]:
    """Claims in the making with their marks and likelihood, those of at least `least`, in text order of their cues."""
    reader = _Reader(Drafts(article, entities, least))
    reader.read()
    return reader.drafts.found


class _Reader:
    """Reads the claims of one article, sentence by sentence; each reader of a cue returns the token to go on from."""

    def __init__(self, drafts: Drafts) -> None:
        self.drafts = drafts
        self.forms, self.cues, self.cast, self.said = drafts.forms, drafts.cues, drafts.cast, drafts.said

    def read(self) -> None:
        for a, b in self.drafts.words.sentences:
            i = a
            while i < b:
                cue = self.cues.get(i)
                if cue is None or not self.drafts.has_what_it_needs(i, b, cue):
                    i += 1
                elif cue.form == "according":
                    i = max(i + 1, read_cited(self.drafts, i, a, b, cue))
                elif cue.form == "participle":
                    i = max(i + 1, self._participle(i, a, b, cue))
                elif cue.form == "noun":
                    i = max(i + 1, self._verbal_noun(i, a, b, cue))
                else:
                    i = max(i + 1, self._verb(i, a, b, cue))

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
            via, (speaker, k) = quoting(self.cast, speaker, cue.gender), self.cast.subject(k + 1, b)
        quoted = source_behind(self.cast, k, b)
        if quoted is not None:
            via, (speaker, k) = [*quoting(self.cast, speaker, cue.gender), *via], quoted
        head = i - (2 if i > a + 1 and self.forms[i - 2] == "علي" and self.forms[i - 1] == "ما" else 1)
        if head > a and self.forms[i - 1] in _AS and speaker is not None and self._is_over(k, b, direct):
            return self.drafts.add_trailing(i, head, a, cue, i + 1, speaker, k, via)
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
        self.drafts.add(cue, i, cue_last, speaker, first, self.said.end(first, b), lead, a, via)
        return first

    def _has_pronoun(self, i: int, a: int) -> bool:
        """Whether a pronoun before a verb is its subject: «لكنه دعا المجلس إلى»."""
        k = i - 1
        while k > a and self.forms[k] in ADVERBS:
            k -= 1
        return k >= a and self.forms[k] in PRONOUNS

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

    # -- participles, verbal nouns ---------------------------------------------

    def _participle(self, i: int, a: int, b: int, cue: Cue) -> int:
        """«…، مشيرا إلى …»."""
        found = self.said.begin(i + 1, i + 1, b, cue)
        if found is None:
            return i + 1
        first, lead = found
        spoken = self.drafts.has_any_since(a)
        latest = self.cast.latest(cue.gender)
        speaker = None
        if latest is None or latest.last <= a:
            speaker = coordinated_subject(self.cast, i, a, cue)
        if speaker is None and not spoken:
            speaker = self._main_name(i, a, cue)
        self.drafts.add(cue, i, i + 1, speaker, first, self.said.end(first, b), lead, a)
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
        self.drafts.add(cue, i, i + 1, speaker, first, self.said.end(first, b), lead, a, via)
        return first
