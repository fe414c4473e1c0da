"""Who of those named beside a reporting verb is its speaker; in sentences of our own."""

from __future__ import annotations

import pytest

from tests.unit.extraction.harbour import claims, said


@pytest.mark.parametrize(
    ("verb", "addressed"),
    [
        ("ودعت", "مجلس الموانئ إلى خفض رسوم الرسو في الموانئ الصغيرة"),
        ("وطالبت", "مجلس الموانئ بخفض رسوم الرسو"),
        ("وحثت", "المجتمع الدولي على حماية المصايد"),
        ("وناشدت", "مجلس الموانئ خفض رسوم الرسو في الموانئ الصغيرة"),
        ("ودعت", "وزير الصيد سامر الخطيب إلى خفض رسوم الرسو"),
        ("ودعت", "جميع الأطراف إلى حماية المصايد"),
        ("ودعت", "طرفي الخلاف إلى حماية المصايد"),
        ("وطالبت", "الجانبين بحماية المصايد من التلوث"),
    ],
)
@pytest.mark.parametrize("subject", ["", "الرابطة"])
def test_whom_a_call_is_meant_for_does_not_make_it(verb: str, addressed: str, subject: str) -> None:
    text = f"قالت رابطة الصيادين إن الموسم كان ضعيفا.\n{verb} {subject} {addressed}.\n".replace("  ", " ")
    assert said(text)[1:] == [("Fishermen's League", addressed)]


@pytest.mark.parametrize(
    "addressed",
    [
        "هيئة السواحل بفتح الميناء أمام القوارب الصغيرة",
        "النرويج بفتح الميناء أمام القوارب الصغيرة",
        "الحكومة بفتح الميناء أمام القوارب الصغيرة",
    ],
)
def test_a_verb_in_the_masculine_has_no_feminine_subject(addressed: str) -> None:
    text = f"قال سامر الخطيب إن الموسم كان ضعيفا.\nوطالب {addressed}.\n"
    assert said(text)[1:] == [("Samer al-Khatib", addressed)]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("ودعت رابطة الصيادين إلى خفض رسوم الرسو.", "Fishermen's League"),
        ("ودعا العراق إلى خفض رسوم الرسو.", "Iraq"),
        ("ودعت النرويج إلى خفض رسوم الرسو.", "Norway"),
        ("ودعت ليلى مراد إلى خفض رسوم الرسو.", "Layla Murad"),
        ("وأكدت الأطراف أن رسوم الرسو ستخفض قريبا.", "الأطراف"),
        ("وأكد المجتمع الدولي أن رسوم الرسو ستخفض قريبا.", "المجتمع الدولي"),
        ("وطالب مجلس الموانئ بخفض رسوم الرسو.", "Ports Council"),
        ("وطالب قادة الصيادين بخفض رسوم الرسو.", "قادة الصيادين"),
    ],
)
def test_who_agrees_with_the_verb_makes_the_call(text: str, speaker: str) -> None:
    assert [claim.speaker for claim in claims(text)] == [speaker]


@pytest.mark.parametrize(
    ("clause", "content"),
    [
        ("كما أنه طالب مجلس الموانئ بفتح المرسى القديم", "مجلس الموانئ بفتح المرسى القديم"),
        ("لكنه دعا مجلس الموانئ إلى فتح المرسى القديم", "مجلس الموانئ إلى فتح المرسى القديم"),
        ("وهو يحمل مجلس الموانئ مسؤولية إغلاق المرسى القديم", "مجلس الموانئ مسؤولية إغلاق المرسى القديم"),
    ],
)
def test_behind_a_pronoun_a_verb_has_no_other_subject(clause: str, content: str) -> None:
    text = f"قال سامر الخطيب إن الموسم كان ضعيفا.\n{clause}.\n"
    assert said(text)[1:] == [("Samer al-Khatib", content)]


def test_when_something_was_said_is_not_who_said_it() -> None:
    text = "قال سامر الخطيب إن الموسم كان ضعيفا.\nوقال قبل إعلان النتائج إن المخازن فارغة تماما.\n"
    assert said(text)[1:] == [("Samer al-Khatib", "المخازن فارغة تماما")]
