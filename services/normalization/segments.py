"""Paragraphs and sentences of a text in its display form. Offsets are code points of that form, half-open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.normalization.orthography import WORD

Span = tuple[int, int]

_SHORT_QUOTATION = 300
"""Code points. A full stop in a quotation as short as this ends no sentence; a longer one is a text of its own."""

_STOP = re.compile(r"([.!?؟…]+)([\"'”“’»)\]]*)")
_QUOTATION_MARK = re.compile('["“”«»]')
_BEFORE_OPENING = frozenset(" ([،:-–—/")
_PREFIXES = frozenset("وفبكل")  # written on to the word, and so on to the mark before it
_LETTER_OR_DIGIT = re.compile(f"[{WORD}A-Za-z0-9\u0660-\u0669\u06f0-\u06f9\u00c0-\u024f]")
_WORD_BEFORE = re.compile(rf"[{WORD}A-Za-z]*\Z")
_ARABIC = re.compile(f"[{WORD}]")
_WORD_AFTER = re.compile(f"[{WORD}]*")
_LATIN_AFTER = re.compile(r"\s?[A-Za-z]")
_ABBREVIATIONS = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "no", "gen", "col", "capt", "lt", "sgt", "rep", "sen", "gov")
)  # fmt: skip
_LONGEST_ABBREVIATION = 4


def paragraphs(text: str) -> list[Span]:
    """The lines: in the display form each line is a paragraph, and none is empty."""
    spans: list[Span] = []
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        spans.append((start, end))
        start = end + 1
    return spans


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of the paragraph start:end, each with the marks that close it; signs without a word are no sentence."""
    quotations: list[Span] | None = None
    quotation = 0
    begin = start
    for match in _STOP.finditer(text, start, end):
        stop = match.end()
        if stop == end or not _may_end(text, begin, match):
            continue
        if quotations is None:
            quotations = list(_short_quotations(text, start, end))
        while quotation < len(quotations) and quotations[quotation][1] < stop:
            quotation += 1
        if quotation < len(quotations) and quotations[quotation][0] < stop < quotations[quotation][1]:
            continue
        if _LETTER_OR_DIGIT.search(text, begin, stop):
            yield begin, stop
        begin = stop + (text[stop] == " ")
    if _LETTER_OR_DIGIT.search(text, begin, end):
        yield begin, end


def _may_end(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether these marks, in a sentence from `begin` on, may end it. Something follows them in the paragraph."""
    marks, closing = match.groups()
    start, stop = match.span()
    glued = text[stop : stop + 1] != " "
    follows = text[stop : stop + 1] if glued else text[stop + 1 : stop + 2]
    if marks == ".." or follows in "،؛:,":  # two full stops are a pause, in the Arabic press
        return False
    if glued and (closing or not _ARABIC.match(follows)):
        return False
    if (
        ")" in closing or "]" in closing
    ):  # what stands in brackets, "(...)" above all, is part of the sentence around it
        return False
    if "!" in marks or "?" in marks or "؟" in marks:
        return not closing  # «متى؟» سأل: the question is over, the sentence is not
    before = _WORD_BEFORE.search(text, max(begin, start - _LONGEST_ABBREVIATION - 1), start)
    word = before[0] if before else ""
    if glued:
        after = _WORD_AFTER.match(text, stop, min(stop + 5, len(text)))
        dotted = text[start - len(word) - 1 : start - len(word)] == "."  # إن.إتش.كيه
        return not dotted and len(word) > 2 and after is not None and _is_opening(after[0])
    if marks != "." or closing:
        return True
    if word == "":
        return not (start - begin <= 3 and text[begin:start].isdigit())  # "1. ..." numbers what follows
    if len(word) == 1:
        if word.isascii():
            return _LATIN_AFTER.match(text, stop) is None
        return text[start - 2 : start - 1].isdigit() or (
            text[start - 2 : start - 1] == " " and text[start - 3 : start - 2].isdigit()
        )
    return not (word.lower() in _ABBREVIATIONS and _LATIN_AFTER.match(text, stop))


def _is_opening(word: str) -> bool:
    """Whether a word that follows a full stop without a space looks like the first of a sentence, not like "نت" or "كوم"."""
    return len(word) > 3 or (len(word) == 3 and word[0] in "وف")


def _short_quotations(text: str, start: int, end: int) -> Iterator[Span]:
    """Quotations from mark to mark. Which way a mark looks is told by the spaces around it: many are typed the same, or
    turned round by a change of writing direction.
    """
    opened: int | None = None
    for match in _QUOTATION_MARK.finditer(text, start, end):
        place = match.start()
        before = text[place - 1] if place > start else " "
        after = text[place + 1] if place + 1 < end else " "
        prefixed = before in _PREFIXES and (place - 2 < start or not _LETTER_OR_DIGIT.match(text, place - 2))
        may_open = (before in _BEFORE_OPENING or before in _PREFIXES) and after not in " .،؛؟!:)"
        may_close = before != " " and not prefixed
        if opened is None or (may_open and not may_close):
            opened = place
        else:
            if place - opened <= _SHORT_QUOTATION:
                yield opened, place + 1
            opened = None
