"""What is inserted between who speaks and what is said; in sentences of our own."""

from __future__ import annotations

import pytest

from tests.unit.extraction.harbour import claims, said


@pytest.mark.parametrize(
    "unnamed",
    [
        "، طالبا عدم ذكر اسمه،",
        " طلب عدم الكشف عن هويته",
        "، الذي طلب عدم الكشف عن هويته،",
        "، رفض الكشف عن اسمه،",
        " فضل عدم نشر اسمه",
        "، مفضلا عدم الكشف عن هويته،",
        "، شريطة عدم الكشف عن هويته،",
        " لم تسمه",
        "، لم تكشف الوكالة عن اسمه،",
        " اشترط عدم ذكر اسمه لأنه غير مخول بالتصريح،",
    ],
)
@pytest.mark.parametrize("verb", ["قال", "وأوضح", "وأعلن", "وأفاد"])
def test_who_does_not_want_to_be_named_speaks_all_the_same(verb: str, unnamed: str) -> None:
    that = {"قال": "إن", "وأفاد": "بأن"}.get(verb, "أن")
    text = f"قال سامر الخطيب إن البحر هادئ.\n{verb} مسؤول محلي{unnamed} {that} الرافعة تعطلت منذ أيام.\n"
    assert said(text)[1:] == [("مسؤول محلي", "الرافعة تعطلت منذ أيام")]


def test_the_source_of_a_sentence_may_want_to_be_unnamed_too() -> None:
    text = "توقفت الرافعة عن العمل منذ أيام، بحسب مسؤول محلي طلب عدم الكشف عن هويته."
    assert [(claim.speaker, claim.speaker_text) for claim in claims(text)] == [("مسؤول محلي", "مسؤول محلي")]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        (
            "ونفى سامر الخطيب، وهو عضو في النقابة، هذه الرواية من أساسها.",
            "Samer al-Khatib",
            "هذه الرواية من أساسها",
        ),
        (
            "ونفت ليلى مراد، التي تدير الميناء منذ عامين، وقوع أي حريق فيه.",
            "Layla Murad",
            "وقوع أي حريق فيه",
        ),
        (
            "وأكدت ليلى مراد، وهي مديرة الميناء، أن الرافعة تعطلت منذ أيام.",
            "Layla Murad",
            "الرافعة تعطلت منذ أيام",
        ),
        (
            "ونفى المتحدث باسم النقابة، وهو ربان سابق، وقوع أي حريق في الميناء.",
            "المتحدث باسم النقابة",
            "وقوع أي حريق في الميناء",
        ),
        ("ونفى سامر الخطيب، رئيس النقابة، وقوع أي حريق في الميناء.", "Samer al-Khatib", "وقوع أي حريق في الميناء"),
    ],
)
def test_what_is_said_begins_behind_the_apposition(text: str, speaker: str, content: str) -> None:
    assert said(text) == [(speaker, content)]


def test_what_is_said_of_who_he_is_may_be_all_that_follows() -> None:
    assert claims("ورحب سامر الخطيب، وهو عضو في النقابة.") == []
