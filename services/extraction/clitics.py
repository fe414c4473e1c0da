"""Arabic clitics: the conjunctions و ف and prepositions ب ل ك written as one with the name that follows them."""

from __future__ import annotations

from typing import NamedTuple

from services.extraction.remembered import remembered
from services.extraction.words import word_set

_CONJUNCTIONS = "وف"
_PREPOSITIONS = "بلك"
_CLITICS = _CONJUNCTIONS + _PREPOSITIONS
OWN_LETTER = word_set(
    "بستان بساتين بيدر بيانو بالون كبريت كتان لغم فستان بلوط برسيم بلور بريد كراج كشاف كروان لجام لبان فراش بنيان كيان كمين "
    "كفيل فدان لسان بيان ليمون كرفان"
)
"""Folded nouns of which the first letter is their own, although what is left is a name: «بستان», not «ستان»."""
_REMEMBERED = 1 << 14  # words; most of any article's are among the commonest of the language


class Reading(NamedTuple):
    """One way to take a folded word: `form` stands in it after `cut` of its letters as written.

    `shown` is where the form begins in `with_article` of the word.
    """

    cut: int
    form: str
    shown: int


def with_article(form: str) -> str:
    """The folded word with its article written out: للسعوديه is لالسعوديه, so that السعوديه is found in it."""
    lam = _lam_of_article(form)
    return form if lam < 0 else f"{form[: lam + 1]}ا{form[lam + 1 :]}"


def _lam_of_article(form: str) -> int:
    """Where the preposition ل stands before an article that lost its alef, or -1."""
    if form.startswith("لل"):
        return 0 if len(form) > 3 else -1
    if form[:1] in _CONJUNCTIONS and form.startswith("لل", 1):
        return 1 if len(form) > 4 else -1
    return -1


@remembered(_REMEMBERED)
def readings(form: str) -> tuple[Reading, ...]:
    """The word as written, and without the clitics that it may begin with: these are cut off a name, its article is not.

    In للسعوديه the name begins at the second ل, where its article is; or it has none, as in لليبيا.
    """
    whole = Reading(0, form, 0)
    if len(form) < 3 or form[0] not in _CLITICS or form in OWN_LETTER:
        return (whole,)
    lam = _lam_of_article(form)
    if lam >= 0:
        rest = form[lam + 1 :]
        return (whole, Reading(lam + 1, f"ا{rest}", lam + 1), Reading(lam + 1, rest, lam + 2))
    if form[0] in _CONJUNCTIONS and len(form) > 3 and form[1] in _PREPOSITIONS:
        return (whole, Reading(1, form[1:], 1), Reading(2, form[2:], 2))
    return (whole, Reading(1, form[1:], 1))
