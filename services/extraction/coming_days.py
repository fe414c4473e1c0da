"""Whether a day of the week is still to come: the text tells of a plan, or of the beginning or end of a term."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.calendar_words import PARTS, WEEKDAYS
from services.extraction.reporting import reporting_words
from services.extraction.vocabulary import load_vocabulary
from services.extraction.words import word_set

_DAY_WORDS = frozenset((*PARTS, "يوم", "يومي", "نهار", "نهايه", "منتصف", "بعد"))
_UNTIL = word_set("حتي وحتي لغايه ولغايه")
_TO = word_set("الي والي")
_BEGINNING = word_set("ابتداء ابتداءا بدءا اعتبارا انطلاقا بدايه وابتداء وبدءا واعتبارا وانطلاقا")
_PLANS = word_set(
    "سوف مقرر المقرر مقرره المقرره المزمع المزمعه المرتقب المرتقبه المنتظر المنتظره المتوقع المتوقعه يتوقع يعتزم تعتزم يعتزمون"
    " وسوف والمقرر والمزمع والمرتقب والمنتظر والمتوقع ويتوقع ويعتزم وتعتزم"
)
_SUSPENSIONS = word_set("تعليق تعطيل عطله اجازه بتعليق بتعطيل وتعليق وتعطيل")
_SUSPENDED = word_set("الدراسه الدوام العمل المدارس الجامعات الرحلات الامتحانات الطيران رسميه")
_WAS = word_set("كان كانت وكان وكانت")
_ENDS = frozenset(".،؛:؟!,") | word_set("الذي التي بحسب وفق وفقا حسب بعدما بعد عقب")
_WIDE = 8
_PLAIN = 0.1


def is_to_come(forms: Sequence[str], k: int, today: int) -> bool:
    """Whether the day of the week at folded token k is one of a plan, or where a term begins or ends.

    Not if it was yesterday (`today` is the number of a day of the week), or the first of several days was: that is nearer
    than next week.
    """
    while k > 0 and forms[k][:1] == "و" and forms[k - 1].removeprefix("و") in WEEKDAYS:
        k -= 1  # «يومي الاثنين والثلاثاء»
    if (today - WEEKDAYS.get(forms[k].lstrip("وفبلك"), today)) % 7 == 1:
        return False
    while k > 0 and forms[k - 1] in _DAY_WORDS:
        k -= 1
    before, further = forms[k - 1] if k else "", forms[k - 2] if k > 1 else ""
    if before in _UNTIL or (before == "من" and further in _BEGINNING):
        return True
    if before in _TO and further not in WEEKDAYS:
        return True
    return _is_planned(forms, k)


def _is_planned(forms: Sequence[str], k: int) -> bool:
    """Whether a word for a plan stands before token k in its clause: «ستعقد», «من المقرر أن»; not «كان من المقرر أن»."""
    for i in range(k - 1, max(-1, k - 1 - _WIDE), -1):
        form = forms[i]
        if form in _PLANS or _is_future(form):
            return _WAS.isdisjoint(forms[max(0, i - 3) : i])
        if form in _SUSPENSIONS:
            return not _SUSPENDED.isdisjoint(forms[i + 1 : i + 3])
        if form in _ENDS or form in reporting_words():
            return False
    return False


def _is_future(form: str) -> bool:
    """«سيعقد», «وستبدأ»: a verb of the present with «س»; not «سيطرت», «ستريت»."""
    bare = form[1:] if form[:1] in ("و", "ف") else form
    if len(bare) < 5 or bare[0] != "س" or bare[1] not in "يتن":
        return False
    vocabulary = load_vocabulary()
    word, present = vocabulary.word(bare), vocabulary.word(bare[1:])
    return (
        present is not None
        and present.person <= _PLAIN
        and not vocabulary.name_part(bare)
        and (word is None or word.person + word.organisation <= _PLAIN)
    )
