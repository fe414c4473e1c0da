"""A raw article in, a normalized one out."""

from __future__ import annotations

from schemas.articles_normalized import (
    Dateline,
    Normalization,
    NormalizedArticle,
    Paragraph,
    Sentence,
    TextForm,
)
from schemas.articles_raw import RawArticle
from services.normalization import segments
from services.normalization.dateline import find_dateline
from services.normalization.display import display_form_with_map
from services.normalization.offsets import OffsetMap
from services.normalization.search import search_form_of_display
from services.normalization.segments import Span
from services.normalization.structure import Kind, kinds_of

_OPENINGS = 3
"""Paragraphs that may come before or with the date line: headings, a by-line."""


def normalize(article: RawArticle) -> NormalizedArticle:
    """The article with all its fields, unknown ones too, and what normalization finds in its text. Never raises."""
    # The fields were validated when the record came in: they are carried over without being looked at again.
    fields = article.__dict__ | {"normalized": normalize_text(article.text)}
    return NormalizedArticle.of_validated(fields, article.model_extra)


def normalize_text(text: str) -> Normalization:
    """Display and search form, paragraphs, sentences and date line; all offsets into `text`."""
    display, to_text = display_form_with_map(text)
    search, to_display = search_form_of_display(display)
    spans = segments.paragraphs(display)
    kinds = kinds_of(display)
    opening = _opening(display, spans, kinds)
    if opening in spans[:_OPENINGS]:  # a line of its own, which is no heading
        kinds[spans.index(opening)] = "body"
    paragraphs, sentences = _segment(display, to_text, spans, kinds)
    return Normalization(
        display=TextForm(text=display, runs=list(to_text.runs)),
        search=TextForm(text=search, runs=list(to_display.after(to_text).runs)),
        paragraphs=paragraphs,
        sentences=sentences,
        dateline=_dateline(text, to_text, opening),
    )


def _opening(display: str, spans: list[Span], kinds: list[Kind]) -> Span | None:
    """The date line, in the display form: it opens the first paragraph of the story proper, or is a line before it."""
    for (start, end), kind in zip(spans[:_OPENINGS], kinds, strict=False):
        found = find_dateline(display[start:end])
        if found and (kind == "body" or found == (0, end - start)):
            return start + found[0], start + found[1]
        if kind == "body":
            break
    return None


def _segment(
    display: str, to_text: OffsetMap, spans: list[Span], kinds: list[Kind]
) -> tuple[list[Paragraph], list[Sentence]]:
    """Paragraphs and sentences of the original, found in the display form.

    Where the forms correspond only block by block two of them may meet in one block: the later gives way.
    """
    paragraphs: list[Paragraph] = []
    sentences: list[Sentence] = []
    reached = 0
    for span, kind in zip(spans, kinds, strict=True):
        start, end = to_text.to_original(*span)
        start = max(start, reached)
        if start >= end:
            continue
        paragraphs.append(Paragraph(start=start, end=end, kind=kind))
        reached = start
        for sentence in segments.sentences(display, *span):
            first, last = to_text.to_original(*sentence)
            first = max(first, reached)
            if first < last:
                sentences.append(Sentence(start=first, end=last))
                reached = last
        reached = end
    return paragraphs, sentences


def _dateline(text: str, to_text: OffsetMap, opening: Span | None) -> Dateline | None:
    if opening is None:
        return None
    start, end = to_text.to_original(*opening)
    return Dateline(start=start, end=end, text=text[start:end])
