"""What a statement does: state, deny, confirm or accuse; by its reporting word and by what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from services.extraction.claim_marks import Draft
from services.extraction.reporting import Cue, Stance
from services.extraction.words import Words, word_set

_NOT = word_set("لم ولم لن ولن لا ولا دون بدون عدم وعدم ليس وليس ما غير")
_BASELESS = (
    ("لا", "صحه"), ("لا", "اساس"), ("عار", "عن"), ("عاريه", "عن"), ("غير", "صحيح"), ("غير", "صحيحه"), ("ليس", "صحيحا"),
    ("ليست", "صحيحه"), ("محض", "افتراء"), ("محض", "كذب"), ("مجرد", "شائعات"), ("مجرد", "اشاعات"),
)  # fmt: skip
_ALLEGED = ("اتهام", "الاتهام", "مزاعم", "المزاعم", "ادعاءات", "الادعاءات", "شائعات", "الشائعات")
_ACCUSING = ("اتهام", "الاتهام")
_WITHIN = 12
"""Tokens of what is said within which it calls something untrue."""
_NEGATED = 3
"""Tokens of what is said within which it is negated."""
_NEAR = 9
"""Tokens behind a verb within which its object tells what it does."""


def stance_of(draft: Draft, words: Words, previous: Draft | None = None) -> Stance:
    """The stance of a statement; `previous` is the claim before it.

    A negated denial, confirmation or accusation («لم يؤكد», «دون أن ينفي») is a mere statement; who says that something
    is untrue («لا صحة لـ») denies it, and so does who denies and then confirms that something is not so.
    """
    forms, i = words.forms, draft.cue_first
    before = forms[max(0, i - 2) : i]
    if before and (before[-1] in _NOT or (before[-1] == "ان" and before[0] in _NOT)):
        return "statement"
    said = forms[draft.first : min(draft.last, draft.first + _WITHIN)]
    if any(pair in _BASELESS for pair in pairwise(said)):
        return "denial"
    if draft.cue.stance == "confirmation" and previous is not None and _denies_on(draft, previous, words):
        return "denial"
    return draft.cue.stance


def _denies_on(draft: Draft, previous: Draft, words: Words) -> bool:
    """Whether a speaker goes on to deny: «نفت …، مؤكدة أنها لم تنفذ …»."""
    if previous.cue.stance != "denial" or previous.speaker.name != draft.speaker.name:
        return False
    if words.sentence_of[draft.cue_first] - words.sentence_of[previous.cue_first] > 1:
        return False
    return any(form in _NOT for form in words.forms[draft.first : min(draft.last, draft.first + _NEGATED)])


def with_its_object(cue: Cue, forms: Sequence[str], i: int, stop: int) -> Cue:
    """The cue at token i for what it does together with its object: «رفض الاتهامات» denies, «وجه الاتهام» accuses."""
    if cue.lemma not in ("رفض", "وجه"):
        return cue
    near = forms[i + 1 : min(stop, i + _NEAR)]
    if cue.lemma == "رفض" and "التعليق" not in near and any(form.startswith(_ALLEGED) for form in near):
        return replace(cue, lemma="نفي", stance="denial")
    if cue.lemma == "وجه" and any(form.startswith(_ACCUSING) for form in near):
        return replace(cue, lemma="اتهم", stance="accusation")
    return cue
