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
from services.normalization.structure import kinds_of


def normalize(article: RawArticle) -> NormalizedArticle:
    """The article with all its fields, unknown ones too, and what normalization finds in its text. Never raises."""
    # The fields were validated when the record came in: they are carried over without being looked at again.
    fields = {**article.__dict__, **(article.__pydantic_extra__ or {}), "normalized": normalize_text(article.text)}
    return NormalizedArticle.model_construct(**fields)


def normalize_text(text: str) -> Normalization:
    """Display and search form, paragraphs, sentences and date line; all offsets into `text`."""
    display, to_text = display_form_with_map(text)
    search, to_display = search_form_of_display(display)
    paragraphs, sentences = _segment(display, to_text)
    return Normalization(
        display=TextForm(text=display, runs=list(to_text.runs)),
        search=TextForm(text=search, runs=list(to_display.after(to_text).runs)),
        paragraphs=paragraphs,
        sentences=sentences,
        dateline=_dateline(text, display, to_text),
    )


def _segment(display: str, to_text: OffsetMap) -> tuple[list[Paragraph], list[Sentence]]:
    """Paragraphs and sentences of the original, found in the display form.

    Where the forms correspond only block by block two of them may meet in one block: the later gives way.
    """
    paragraphs: list[Paragraph] = []
    sentences: list[Sentence] = []
    reached = 0
    for (start, end), kind in zip(segments.paragraphs(display), kinds_of(display), strict=True):
        first, last = to_text.to_original(start, end)
        first = max(first, reached)
        if first >= last:
            continue
        paragraphs.append(Paragraph(start=first, end=last, kind=kind))
        for sentence in segments.sentences(display, start, end):
            begin, stop = to_text.to_original(*sentence)
            begin = max(begin, reached, first)
            if begin < stop:
                sentences.append(Sentence(start=begin, end=stop))
                reached = stop
        reached = last
    return paragraphs, sentences


def _dateline(text: str, display: str, to_text: OffsetMap) -> Dateline | None:
    span = find_dateline(display.partition("\n")[0])
    if span is None:
        return None
    start, end = to_text.to_original(*span)
    return Dateline(start=start, end=end, text=text[start:end])
