"""Whose verb a reporting verb is coordinated with: «وتنفذ إسرائيل غارات …، وتقول إنها …»."""

from __future__ import annotations

import re

from services.extraction.agreement import disagree
from services.extraction.kinds import is_body
from services.extraction.reporting import Cue, Gender
from services.extraction.said import TURNS
from services.extraction.speaker_words import COMMAS, OFFICES, is_verbal_noun
from services.extraction.speakers import Cast, Speaker
from services.extraction.words import QUOTE, word_set

_SHAPES: dict[Gender, re.Pattern[str]] = {"f": re.compile(r"ت.{2,}|.{2,}[^ا]ت"), "m": re.compile(r"ي.{2,}")}
"""What a verb in the third person looks like; a past tense in the masculine looks like any noun."""
_BEFORE_VERBS = TURNS | COMMAS | word_set("قد وقد كما حيث حين عندما بعدما") | {QUOTE}
_NO_VERBS = word_set(
    "وقت صوت بيت موت تحت ثابت يوم يمين ياتي وياتي تاتي وتاتي ليست ليس يذكر يمكن يجب كانت وكانت باتت ظلت"
)
_REACH = 60
"""Tokens before a reporting verb within which the verb stands that it is coordinated with."""


def _may_speak(form: str) -> bool:
    """Whether a definite noun is somebody who may speak: «الحكومة», «الجيش», «الوزير»."""
    return form.startswith("ال") and (is_body(form) or form[2:] in OFFICES)


def coordinated_subject(cast: Cast, i: int, first: int, cue: Cue) -> Speaker | None:
    """The subject of the nearest verb before token i in its sentence that agrees with the reporting verb there.

    `first` is where the sentence begins. Such a verb opens a clause, and its subject, a name or a body, stands
    beside it.
    """
    for k in range(i - 1, max(first, i - _REACH) - 1, -1):
        speaker = _subject_of(cast, k, i, first, cue)
        if speaker is not None:
            return speaker
    return None


def _subject_of(cast: Cast, k: int, i: int, first: int, cue: Cue) -> Speaker | None:
    if not _is_verb(cast, k, cue.gender):
        return None
    forms = cast.words.forms
    if k > first and cast.at[k - 1] >= 0:  # «إسرائيل تنفذ غارات …»
        n = cast.at[k - 1]
        begin = cast.spans[n][0]
        opens = begin == first or (begin == first + 1 and forms[first] in _BEFORE_VERBS)
        if opens and not cast.led(n).endswith(("ل", "ب")) and not disagree(cue.gender, cast.gender(begin)):
            return cast.named(n)
    if k > first and forms[k - 1] not in _BEFORE_VERBS and not forms[k].startswith(("و", "ف")):
        return None
    start = cast.skip_adjuncts(k + 1, i)
    if start >= i or not (cast.at[start] >= 0 or _may_speak(forms[start])):
        return None
    if cast.at[start] >= 0 and cast.led(cast.at[start]):
        return None
    if disagree(cue.gender, cast.gender(start)):
        return None
    return cast.subject(start, i, strict=True)[0]


def _is_verb(cast: Cast, k: int, gender: Gender) -> bool:
    form = cast.words.forms[k]
    if cast.at[k] >= 0 or form in _NO_VERBS or gender not in _SHAPES:
        return False
    cue = cast.cues.get(k)
    if cue is not None and cue.form in ("past", "present"):
        return cue.gender == gender and not cue.plural
    bare = form[1:] if form[0] in "وف" and len(form) > 3 else form
    return _SHAPES[gender].fullmatch(bare) is not None and not is_verbal_noun(bare)
