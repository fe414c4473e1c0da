"""The search form: one way to write each word, to compare and to look up. Names in gazetteers and rules are folded by the
same function as the articles they are looked for in.
"""

from __future__ import annotations

from services.normalization import orthography
from services.normalization.display import PASSES, Draft, clean, cleaned, settle
from services.normalization.offsets import OffsetMap


def search_form(text: str) -> str:
    """The display form without diacritics, with alef, yeh, teh marbuta, loan letters, digits, quotation marks, dashes and
    case folded. Total and idempotent. Letters keep their order; word boundaries are spaces and line breaks.
    """
    return _folded(text).text


def search_form_with_map(text: str) -> tuple[str, OffsetMap]:
    """The search form, and its way back to `text`."""
    draft = _folded(text)
    return draft.text, OffsetMap(draft.runs)


def search_form_of_display(display: str) -> tuple[str, OffsetMap]:
    """The search form of a text that is in its display form already, and its way back to that."""
    draft = Draft(display)
    _fold(draft)
    return draft.text, OffsetMap(draft.runs)


def _folded(text: str) -> Draft:
    draft = cleaned(text)
    _fold(draft)
    return draft


def _fold(draft: Draft) -> None:
    """From the display form to the search form. Folding may uncover what is to be cleaned ("&LT;" becomes "&lt;")."""
    for _ in range(PASSES):
        before = draft.text
        _fold_once(draft)
        if orthography.is_settled(draft.text):
            return
        settle(draft)
        if draft.text == before:
            return
    draft.text = orthography.barest(draft.text)
    clean(draft)
    _fold_once(draft)


def _fold_once(draft: Draft) -> None:
    draft.text = orthography.fold(draft.text)
    if draft.edit(orthography.leave_out_marks):
        draft.edit(orthography.part_numbers)
    draft.edit(orthography.space_evenly)
    draft.edit(orthography.pair_apostrophes)
