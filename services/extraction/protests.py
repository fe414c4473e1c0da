"""Who takes to the streets, and against whom or what."""

from __future__ import annotations

from services.extraction.event_actors import is_verb
from services.extraction.event_marks import Candidate, Stage
from services.extraction.party_names import bare, first_of, named_in, phrase, said_at, words_of
from services.extraction.words import word_set

_JOINED = word_set("شارك شاركت نظمها نظمتها نظمه دعت دعا")
_WENT_OUT = word_set("خرج خرجت وخرج وخرجت خرجوا تجمع تدفق احتشد شارك وشارك شاركت بدا وبدا نظم نظمت")
_CROWDS = word_set(
    "متظاهرين متظاهرون محتجين محتجون فلسطينيين فلسطينيون مواطنين مواطنون عمال طلاب موظفي موظفو موظفون معلمين معلمون انصار اتباع سجناء سائقي سائقين اطباء اهالي سكان "
    "صحفيين صحافيين محامين عسكريين متقاعدين مزارعين ناشطين ناشطون"
)
_PROTESTED = word_set("ضد رفضا تنديدا احتجاجا مطالبين")
_PUT_DOWN = word_set("قمع قمعت وقمعت فرقت فضت")
_WIDE_LEFT = 14
_WIDE = 12
_FEW = 4


def protesters(stage: Stage, event: Candidate, a: int, b: int) -> list[str]:
    """Who takes to the streets, mostly by the words of the text: «آلاف العمال», «أنصار الحزب», «المحتجون»."""
    i, forms = event.at, stage.words.forms
    if is_verb(event):
        found = words_of(stage, *phrase(stage, i + 1, b)) if i + 1 < b else None
        before = stage.cast.subject_before(i, a)
        return [name for name in (before.name if before else found,) if name]
    for k in (
        first_of(forms, i + 1, min(b, i + 6), _JOINED),
        first_of(forms, i - 1, max(a - 1, i - _WIDE_LEFT), _WENT_OUT),
    ):
        if k is not None:
            first, last = phrase(
                stage, k + 1 + (forms[k + 1 : k + 2] in (["فيها"], ["اليها"], ["اليه"], ["فيه"])), b if k > i else i
            )
            text = words_of(stage, first, last)
            if text is not None:
                return [*named_in(stage, first, last), text]
    if i + 1 < b and (bare(forms[i + 1]).removeprefix("ل") in _CROWDS or forms[i + 1].startswith("ل")):
        text = words_of(stage, *phrase(stage, i + 1, min(b, i + 1 + _FEW)))
        return [text] if text else []
    crowd = next((k for k in range(a, b) if bare(forms[k]) in _CROWDS), None)
    return [] if crowd is None else [name for name in (words_of(stage, crowd, crowd + 1),) if name]


def protested_against(stage: Stage, i: int, a: int, b: int) -> list[str]:
    """Against whom or what: «ضد الضريبة», «احتجاجا على القرار»; and who puts it down: «قمعت … التظاهرة»."""
    forms = stage.words.forms
    put_down = first_of(forms, i - 1, max(a - 1, i - _WIDE), _PUT_DOWN)
    if put_down is not None:
        return said_at(stage, put_down + 1, i)
    k = first_of(forms, i, min(b, i + 2 * _WIDE), _PROTESTED)
    if k is None:
        return []
    return said_at(stage, k + 2 if forms[k + 1 : k + 2] == ["علي"] else k + 1, b)
