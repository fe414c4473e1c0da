"""What is inserted between who speaks and what is said: who he is, and that he does not want to be named."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.speaker_words import COMMAS, RELATIVES, STOPS, THAT
from services.extraction.words import QUOTE, word_set

_WISHES = word_set(
    "طلب طلبت طلبا طلبوا طالبا طالبه طالبين رفض رفضت رفضا رفضوا رافضا رافضه رافضين فضل فضلت فضلوا مفضلا مفضله مفضلين اشترط "
    "اشترطت اشترطوا مشترطا مشترطه مشترطين اثر اثرت مؤثرا شريطه بشرط لم دون بدون"
)
_OWN_NAME = word_set("اسمه اسمها اسمهم اسميهما اسمائهم اسماءهم هويته هويتها هويتهم هويتهما هوياتهم هويه")
_NOT_NAMED = word_set("تسمه تسمها تسمهم يسمه يسمها يسمهم")
_WISHED_WITHIN = 8
"""Tokens of the wish to be unnamed."""
_LONGEST = 16
"""Tokens of the longest clause that is inserted between commas."""
_WHO_HE_IS = RELATIVES | word_set("وهو وهي وهم اكبر اهم ابرز احد احدي واحد واحدي اول")


def unnamed_until(forms: Sequence[str], i: int, stop: int) -> int:
    """The token behind the wish to be unnamed that begins at token i («طلب عدم ذكر اسمه»); i where none does."""
    k = i + (forms[i] in RELATIVES)
    if k + 1 >= stop or forms[k] not in _WISHES:
        return i
    if forms[k] == "لم" and forms[k + 1] in _NOT_NAMED:
        return k + 2
    for j in range(k + 1, min(stop, k + _WISHED_WITHIN)):
        if forms[j] in _OWN_NAME:
            return j + 1
        if forms[j] in STOPS or forms[j] in THAT or forms[j] == QUOTE:
            break
    return i


def behind_asides(forms: Sequence[str], k: int, stop: int, titles: frozenset[str]) -> int:
    """The token behind what is inserted from token k on; k itself where nothing is.

    Between commas that is a clause about the speaker («، وهو عضو في المجلس،», «، الذي يدير الميناء،») or one of his
    `titles`; the wish to be unnamed needs no commas.
    """
    opened = k < stop and forms[k] in COMMAS
    first = k + opened
    if first >= stop:
        return k
    behind = unnamed_until(forms, first, stop)
    wished = behind > first
    if not wished and not (opened and (forms[first] in _WHO_HE_IS or forms[first].removeprefix("ال") in titles)):
        return k
    for j in range(behind, min(stop, first + _LONGEST)):
        if forms[j] in COMMAS:
            return j + 1
        if forms[j] in STOPS or forms[j] in THAT or forms[j] == QUOTE:
            break
    return behind if wished else k
