"""The part of an article that is compared: its sentences without furniture, repeats and date line."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from schemas.articles_normalized import NormalizedArticle
from services.deduplication.words import words
from services.normalization.offsets import OffsetMap

COMPARED_KINDS = ("body", "subhead")


class Sentence(NamedTuple):
    """A sentence's place in the original text, half-open in code points, and its folded words, at least one."""

    start: int
    end: int
    words: list[str]


def compared_sentences(article: NormalizedArticle) -> list[Sentence]:
    """The sentences that say what the article says; all of them where nothing but furniture is left."""
    spans = _spans_to_compare(article) or [(sentence.start, sentence.end) for sentence in article.normalized.sentences]
    form = article.normalized.search
    to_form = OffsetMap(form.runs).to_form
    found = [Sentence(start, end, words(form.text[slice(*to_form(start, end))])) for start, end in spans]
    return [sentence for sentence in found if sentence.words]


def _spans_to_compare(article: NormalizedArticle) -> list[tuple[int, int]]:
    normalized = article.normalized
    starts = [paragraph.start for paragraph in normalized.paragraphs]
    body_from = normalized.dateline.end if normalized.dateline else 0
    spans = []
    for sentence in normalized.sentences:
        place = bisect_right(starts, sentence.start) - 1
        compared = place < 0 or normalized.paragraphs[place].kind in COMPARED_KINDS
        start = max(sentence.start, body_from)
        if compared and start < sentence.end:
            spans.append((start, sentence.end))
    return spans
