"""What the tagger makes of the mentions that lists and rules find: it says where names are and of which type, they say whose."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import exp, log

from schemas.articles_extracted import EntityType
from services.extraction.gazetteer import Found
from services.extraction.known_spans import RANK, KnownSpans
from services.extraction.line import Line
from services.extraction.mentions import Mention, without_overlaps
from services.extraction.setting import Setting
from services.extraction.tagging.decoding import Span, spans
from services.extraction.tagging.evidence import TYPES
from services.extraction.tagging.network import Reading
from services.extraction.tagging.ordinary import covers, is_ordinary

_LEAST = 0.3
"""Names less likely than this, of which one in four is right, are left out."""
_SLOPE, _SHIFT = 1.18, -1.14
"""What makes confidences hold on dev (Platt): 1,055 mentions, off by 2 points on average afterwards."""


def tagged(line: Line, ruled: Sequence[Mention], found: Found, reading: Reading, setting: Setting) -> list[Mention]:
    """The mentions that the tagger sees in `line`, with what rules or lists know of them, in reading order.

    `reading` is of the words of the text alone, the title's left out.
    """
    known = KnownSpans(line, ruled, found.hits, setting)
    mentions = []
    for span in spans(reading.labels):
        first, last = bisect_left(line.words_at, span.first), bisect_left(line.words_at, span.last)
        if first < last and _confidence(span.likelihood) >= _LEAST:
            mention = _mention(line, span, first, last, reading, known)
            if not _is_none(mention, known, found.phrases):
                mentions.append(mention)
    return without_overlaps(mentions)


def _mention(line: Line, span: Span, first: int, last: int, reading: Reading, known: KnownSpans) -> Mention:
    kind: EntityType = TYPES[span.type]  # type: ignore[assignment]
    confidence = _confidence(span.likelihood)
    cut = _cut(line, first, int(reading.cuts[line.words_at[first]].argmax()))
    found = known.mention(first, last, (kind,), {kind: confidence}, cut)
    return found._replace(confidence=confidence) if found else Mention(first, last, cut, kind, confidence, RANK)


def _is_none(mention: Mention, known: KnownSpans, phrases: Sequence[tuple[int, int]]) -> bool:
    """Whether a name is rather an ordinary word or two: no rule supports it, and of what the lists have no sure form."""
    first, last = mention.first, mention.last
    if known.by_rule(first, last, (mention.type,)):
        return False
    uses = [form.use for cut, form in known.forms(first, last) if cut == mention.cut]
    if uses and mention.type == "LOC" and last - first == 1 and all(use == "supported" for use in uses):
        return True  # «سيول» are floods
    return covers(phrases, mention) or (
        not known.knows(first, last, mention.type, mention.cut) and is_ordinary(mention, known.line.forms)
    )


def _confidence(likelihood: float) -> float:
    """The share of names that are right of those which the network finds so likely."""
    share = min(0.9995, max(0.0005, likelihood))
    return round(1.0 / (1.0 + exp(-_SLOPE * log(share / (1.0 - share)) - _SHIFT)), 4)


def _cut(line: Line, k: int, letters: int) -> int:
    """The letters to cut off a name's first word, if it can begin after so many."""
    return letters if any(cut == letters for cut, _, _ in line.readings[k]) else 0
