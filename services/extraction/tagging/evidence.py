"""What lists, marks and the rules' own findings say of each word of an article, as numbers for the tagger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.extraction.gazetteer import Hit, load_gazetteer
from services.extraction.line import Line
from services.extraction.lists import word_list
from services.extraction.mentions import Mention
from services.extraction.organisations import is_head
from services.extraction.reporting import reporting_words
from services.extraction.tagging.remembered_rows import RememberedRows
from services.extraction.tagging.word_vectors import TITLE_END
from services.extraction.triggers import trigger_words
from services.extraction.vocabulary import load_vocabulary
from services.extraction.words import Words

TYPES = ("PER", "ORG", "GRP", "LOC")
WIDTH = 44
FOUND, LISTED = 0, 8
"""Columns where the rules' mentions begin (two a type: first word, further word), and where the lists' forms do."""
CUT = 43
_SHARES, _UNKNOWN, _QUOTED, _BOILERPLATE, _HASHTAG, _TITLE, _SPACED, _STARTS = 16, 21, 27, 31, 32, 33, 34, 42
_COLUMN = {kind: 2 * n for n, kind in enumerate(TYPES)}
_ROLES = {23: word_list("title"), 25: word_list("kind of place"), 26: word_list("site")}
_CLITICS = frozenset("وفبلك")


def _of_word(form: str) -> list[float]:
    """What is known of a folded word wherever it stands."""
    row = [0.0] * WIDTH
    vocabulary, gazetteer = load_vocabulary(), load_gazetteer()
    word = vocabulary.word(form)
    if word is None:
        row[_UNKNOWN] = 1
    else:
        row[_SHARES : _SHARES + 4] = word.person, word.place, word.organisation, word.occurrences.bit_length() / 20
    row[_SHARES + 4] = vocabulary.name_part(form) / 9
    row[22] = form in gazetteer.nationalities
    row[24] = is_head(form)
    for column, words in _ROLES.items():
        row[column] = form in words
    row[28] = form[0].isdigit()
    row[29] = form.isascii() and form.isalpha()
    row[30] = not form.isalnum()
    for trigger in trigger_words().get(form, ()):
        row[35 if trigger.kind == "noun" else 36] = 1
    row[37] = form in reporting_words()
    if form[0] in _CLITICS and len(form) > 3:
        rest = form[1:]
        word = vocabulary.word(rest)
        if word is not None:
            row[38:41] = word.person, word.place, word.organisation
        row[41] = vocabulary.name_part(rest) / 9
        if rest in gazetteer.nationalities:
            row[22] = 0.5
    return row


@cache
def _remembered() -> RememberedRows:
    return RememberedRows(WIDTH, lambda forms: np.array([_of_word(form) for form in forms], dtype=np.float32))


def evidence(
    title: Sequence[str], words: Words, line: Line, mentions: Iterable[Mention], hits: Iterable[Hit]
) -> NDArray[np.float32]:
    """A row of WIDTH numbers for each word of the title, the mark between, and each word of the text.

    `mentions` are what the rules find in `line`, `hits` all forms of the lists that stand in it.
    """
    before = len(title) + 1
    rows = _remembered().of([*title, TITLE_END, *words.forms])
    rows[len(title)] = 0
    rows[:before, _TITLE] = 1
    text = rows[before:]
    if len(words):
        text[:, _QUOTED] = words.quoted
        text[:, _BOILERPLATE] = np.array(words.sentence_of) < 0
        text[:, _SPACED] = words.spaced
    for i, form in enumerate(words.forms[:-1], 1):
        if form == "#" or form == "_":
            text[i, _HASHTAG] = 1
    text[[first for first, _ in words.sentences if first < len(words)], _STARTS] = 1
    at = line.words_at
    sure, unsure = list[int](), list[int]()  # where 1 and 0.5 stand, counted through all rows of the text
    for hit in hits:
        first, last = at[hit.first], at[hit.last - 1] + 1
        for known in hit.forms:
            _mark(sure if known.use == "always" else unsure, first, last, LISTED + _COLUMN[known.entry.type])
    for mention in mentions:
        first = at[mention.first]
        _mark(sure, first, at[mention.last - 1] + 1, FOUND + _COLUMN[mention.type])
        if mention.cut:
            sure.append(first * WIDTH + CUT)
    numbers = text.reshape(-1)
    numbers[unsure] = 0.5
    numbers[sure] = 1
    return rows


def _mark(marked: list[int], first: int, last: int, column: int) -> None:
    """Marks the first word of a name in this column, the further ones in the next."""
    marked.append(first * WIDTH + column)
    marked.extend(range((first + 1) * WIDTH + column + 1, last * WIDTH, WIDTH))


def same_words(forms: Sequence[str]) -> list[list[int]]:
    """The places of each word that stands more than once, with or without a clitic before it."""
    known = set(forms)
    places: dict[str, list[int]] = {}
    for i, form in enumerate(forms):
        if len(form) < 3 or not form.isalpha():
            continue
        if form[0] == "ل" and form[1] == "ل" and f"ال{form[2:]}" in known:
            form = f"ال{form[2:]}"
        elif form[0] in _CLITICS and form[1:] in known:
            form = form[1:]
        if len(form) >= 3:
            places.setdefault(form, []).append(i)
    return [where for where in places.values() if len(where) > 1]
