"""The display form: the text as its author meant it to look. Mojibake, markup, presentation forms, invisible characters,
Persian and Urdu letter variants and white space are put right; spelling, diacritics, digits and quotation marks are kept.
"""

from __future__ import annotations

from collections.abc import Callable

from services.normalization import orthography
from services.normalization.markup import resolve_references, strip_markup
from services.normalization.mojibake import undo_mojibake
from services.normalization.offsets import Edit, OffsetMap, Run, compose, replace_spans

PASSES = 5
"""One repair may uncover another (a tag in a character reference in mojibake). Real text is settled after two or three."""


class Draft:
    """A text in the making, and the runs back to where it came from."""

    __slots__ = ("runs", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.runs: list[Run] = [(len(text), len(text))] if text else []

    def edit(self, find: Callable[[str], list[Edit]]) -> bool:
        """Make the edits that `find` finds; whether there were any."""
        edits = find(self.text)
        if edits:
            self.text, runs = replace_spans(self.text, edits)
            self.runs = compose(runs, self.runs)
        return bool(edits)


def display_form(text: str) -> str:
    """The text cleaned, its orthography kept. Total and idempotent."""
    return cleaned(text).text


def display_form_with_map(text: str) -> tuple[str, OffsetMap]:
    """The display form, and its way back to `text`."""
    draft = cleaned(text)
    return draft.text, OffsetMap(draft.runs)


def cleaned(text: str) -> Draft:
    """The display form as a draft, to work on."""
    draft = Draft(text)
    settle(draft)
    return draft


def settle(draft: Draft) -> None:
    """Clean until the text stays as it is: that makes the form idempotent.

    A text that still changes after a few passes was built to do so; what is not a letter or a digit is taken out of it.
    """
    for _ in range(PASSES):
        before = draft.text
        clean(draft)
        if draft.text == before or orthography.is_settled(draft.text):
            return
    draft.text = orthography.barest(draft.text)
    clean(draft)


def clean(draft: Draft) -> None:
    """One pass of all repairs."""
    if not orthography.is_settled(draft.text):
        draft.edit(undo_mojibake)
        draft.text = orthography.unify(draft.text)
        draft.edit(orthography.expand)
        draft.edit(strip_markup)
        draft.edit(resolve_references)
        draft.edit(orthography.compose_marks)
    draft.edit(orthography.space_evenly)
    draft.edit(orthography.pair_apostrophes)
    draft.edit(orthography.part_numbers)
