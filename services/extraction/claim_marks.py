"""A claim in the making, and the marks by which it is weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.extraction.kinds import is_body
from services.extraction.reporting import Cue
from services.extraction.said import TURNS, Lead
from services.extraction.speaker_words import COMMAS, OFFICES, POINTING, PRONOUNS, RELATIVES, is_verbal_noun
from services.extraction.speakers import Cast, Speaker
from services.extraction.words import QUOTE, Words, word_set

_WISHES = word_set("لم ولم لن ولن لا ولا دون عدم ان كي حتي")
_BEFORE = word_set("بعد قبل منذ اذا ان بعدما عندما لان لما ما مما كما حيث فيما قد")
_TURNS = TURNS | word_set("الا بيد حين")
_LINKS = word_set("ان قد فقد")
_LENGTHS = ((1, "1"), (2, "2"), (4, "3-4"), (8, "5-8"))
_WIDEST_GAP = 5
_ADDRESSEE = 10
"""Tokens within which the preposition follows whom something is said to."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim in tokens: its cue, who says it, and the half-open range of what is said.

    `named` says that the speaker stands in the sentence and is not carried over from an earlier one.
    """

    cue: Cue
    cue_first: int
    cue_last: int
    speaker: Speaker
    first: int
    last: int
    lead: Lead
    named: bool
    via: tuple[str, ...] = ()


def _calls_upon(draft: Draft, forms: Sequence[str]) -> bool:
    """Whether what is said begins with whom it is said to or of: «دعا فلانا إلى», «اتهم فلانا بـ»."""
    follow = draft.cue.complements
    if follow.isdisjoint(("person", "object")):
        return False
    if not follow - {"object"}:  # «ناشد فلانا التدخل»
        return True
    near = forms[draft.first + 1 : min(draft.last, draft.first + _ADDRESSEE)]
    return any(form in follow or ("ب" in follow and form[0] == "ب" and len(form) > 3) for form in near)


def _turned(forms: Sequence[str], first: int, sentence_start: int) -> bool:
    """Whether a clause that begins at a token is set against another: «لكن الجيش», «غير أن الجيش», «في حين نفى»."""
    before = [form for form in forms[max(sentence_start, first - 3) : first] if form not in _LINKS]
    return bool(before) and before[-1] in _TURNS


def _noun(draft: Draft, form: str) -> str:
    """What sort of word what is said begins with; whatever is denied is a statement."""
    if is_verbal_noun(form) and not form.startswith("ال"):
        return "noun verbal"
    if draft.cue.stance == "denial":
        return "noun denied"
    return "noun definite" if form.startswith("ال") else "noun other"


def marks_of(draft: Draft, previous: Draft | None, sentence_start: int, words: Words, cast: Cast) -> list[str]:
    """The marks of a draft; `previous` is the claim accepted before it."""
    forms, i, cue, speaker = words.forms, draft.cue_first, draft.cue, draft.speaker
    before = forms[i - 1] if i > sentence_start else ""
    length = draft.last - draft.first
    back = length == 1 and forms[draft.first] in POINTING
    kind = "words" if speaker.entity is None else cast.entities[speaker.entity].type
    gap = "t" if draft.lead == "trailing" else min(_WIDEST_GAP, max(0, draft.first - i - 1))
    calls = draft.lead in ("noun", "object") and _calls_upon(draft, forms)
    marks = [
        f"lemma={cue.lemma}",
        f"form={cue.form} lead={draft.lead}",
        f"speaker={kind if draft.named else 'pronoun' if before in PRONOUNS else 'latest'}",
        "points back" if back else f"length={next((name for most, name in _LENGTHS if length <= most), '9+')}",
        "calls upon" if calls else f"gap={gap}",
    ]
    if i == sentence_start:
        marks.append("first in sentence")
    if cue.led:
        marks.append("led")
    if cue.pronoun:
        marks.append("pronoun")
    if before in COMMAS:
        marks.append("after comma")
    if before in RELATIVES:
        marks.append("after relative")
    clause = speaker.first if draft.named and sentence_start <= speaker.first < speaker.last <= i else i
    if _turned(forms, clause, sentence_start):
        marks.append("after turn")
    if before in _WISHES:
        marks.append("negated or wished")
    if before in _BEFORE:
        marks.append(f"after {before}")
    if words.quoted[i]:
        marks.append("cue quoted")
    if draft.first and forms[draft.first - 1] == QUOTE:
        marks.append("speech quoted")
    elif True in words.quoted[draft.first : draft.last]:
        marks.append("words quoted")
    if previous is not None:
        if previous.first < draft.first and previous.last >= draft.last:
            marks.append("within another")
        if previous.cue_first >= sentence_start:
            marks.append("second in sentence")
    if draft.lead == "noun":
        marks.append(_noun(draft, forms[draft.first]))
    if speaker.entity is None and draft.named:
        form = forms[speaker.first]
        office = form.removeprefix("ال") in OFFICES
        definite = any(form.startswith("ال") for form in forms[speaker.first : min(speaker.last, speaker.first + 2)])
        body = "body" if is_body(form) else "definite" if definite else "indefinite"
        marks.append("office" if office else body)
    return marks
