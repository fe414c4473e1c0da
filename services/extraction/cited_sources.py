"""What a source is cited for: «بحسب الوزارة، …», «…، وفقا لمصدر أمني», «…، نقلا عن مسؤول»."""

from __future__ import annotations

from services.extraction.carriers import quoting, source_behind
from services.extraction.claim_drafts import Drafts
from services.extraction.reporting import Cue
from services.extraction.said import ENDS
from services.extraction.speaker_words import ADVERBS, COMMAS, PREPOSITIONS, THAT, TIME_WORDS
from services.extraction.speakers import Cast, Speaker

_THEN = 8
"""Tokens behind a source within which «فإن» leads in what it says."""
_ASIDE_WITHIN = 8
"""Tokens from the beginning of a sentence within which a source between commas is an aside to what follows."""


def read_cited(drafts: Drafts, i: int, a: int, b: int, cue: Cue) -> int:
    """Adds what the source cited at token i says in the sentence from a to b; the token to go on from."""
    cast, forms = drafts.cast, drafts.forms
    k = i + 1
    if cue.lemma == "نقلا":
        if k >= b or forms[k] != "عن":
            return i + 1
        k += 1
    elif cue.lemma == "حسبما" or (k < b and forms[k] in ("ما", "لما")):
        k += 1 if cue.lemma == "حسبما" else 2
        while k < b and forms[k] in ADVERBS:
            k += 1
    if k > b:
        return i + 1
    speaker, end = _source(cast, k, b)
    quotes = cue.lemma == "نقلا" or forms[k - 1].startswith(("نقل", "تنقل", "ينقل"))
    via: list[str] = []
    if quotes and end < b and forms[end] == "عن":
        quoted: tuple[Speaker | None, int] | None = cast.subject(end + 1, b)
    else:
        quoted = source_behind(cast, end, b)
    if quoted is not None and quoted[0] is not None:
        via, (speaker, end) = quoting(cast, speaker, cue.gender), quoted
    if speaker is None:
        return i + 1
    cue_last = min(k, b)
    head = i - 1 if i > a and forms[i - 1] in COMMAS else i
    aside = head < i and head - a < _ASIDE_WITHIN and end < b and forms[end] in COMMAS
    if head - a >= 3 and not aside:
        return drafts.add_trailing(i, head, a, cue, cue_last, speaker, end, via)
    first = _behind_then(cast, end, b)
    while first < b and (forms[first] in COMMAS or forms[first] in THAT | TIME_WORDS):
        first += 1
    if first < b:
        drafts.add(cue, i, cue_last, speaker, first, drafts.said.end(first, b), "leading", a, via)
    return first


def _behind_then(cast: Cast, end: int, b: int) -> int:
    """What «فإن» leads in behind a source that has more words than its name: «، وبحسب بيان على موقعها، فإن»."""
    forms = cast.words.forms
    for k in range(end, min(b, end + _THEN)):
        if forms[k] in THAT and forms[k][0] == "ف":
            return k
        if forms[k] in ENDS and forms[k] not in COMMAS:
            break
    return end


def _source(cast: Cast, k: int, b: int) -> tuple[Speaker | None, int]:
    """Whom «according to» names; «ل» may share the token."""
    if k >= b:
        return None, k
    forms, n = cast.words.forms, cast.at[k]
    if n >= 0:
        return cast.named(n), max(k + 1, cast.spans[n][1])
    if forms[k] == "لدي":
        k += 1
    speaker, end = cast.subject(k, b)
    if (
        speaker is not None
        or k >= b
        or forms[k] in PREPOSITIONS
        or not forms[k].startswith("ل")
        or len(forms[k]) < 3
    ):  # fmt: skip
        return speaker, end
    speaker, end = cast.subject(k + 1, b)
    if speaker is not None and speaker.entity is not None:
        return speaker, end
    end = max(end, k + 1)
    text = cast.words_between(k, end)[1:]
    return Speaker(text, text, k, end, None), end
