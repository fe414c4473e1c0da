"""Clauses that set what one says against what another says; in sentences of our own."""

from __future__ import annotations

import pytest

from tests.unit.extraction.harbour import claims, said


@pytest.mark.parametrize(
    "turn",
    [
        "، لكن خفر السواحل نفى غرق السفينة",
        "، ولكن خفر السواحل نفى غرق السفينة",
        "، غير أن خفر السواحل نفى غرق السفينة",
        "، إلا أن خفر السواحل نفى غرق السفينة",
        "، بيد أن خفر السواحل نفى غرق السفينة",
        "، فيما نفى خفر السواحل غرق السفينة",
        "، بينما نفى خفر السواحل غرق السفينة",
        "، في حين نفى خفر السواحل غرق السفينة",
        "، في حين أن خفر السواحل نفى غرق السفينة",
        ". وكان خفر السواحل قد نفى غرق السفينة",
    ],
)
def test_the_other_side_has_a_claim_of_its_own(turn: str) -> None:
    text = f"قالت ليلى مراد إن السفينة غرقت قبالة الساحل{turn} بعد خروجها من الميناء."
    assert said(text) == [
        ("Layla Murad", "السفينة غرقت قبالة الساحل"),
        ("Coast Guard", "غرق السفينة بعد خروجها من الميناء"),
    ]
    assert [claim.stance for claim in claims(text)] == ["statement", "denial"]


@pytest.mark.parametrize(
    ("turn", "speaker"),
    [
        ("، غير أن مصدرا عسكريا نفى ذلك", "مصدرا عسكريا"),
        ("، لكن مصدرا عسكريا نفى ذلك", "مصدرا عسكريا"),
        (". من جهته، نفى مصدر عسكري ذلك", "مصدر عسكري"),
    ],
)
def test_what_was_said_may_be_denied_with_one_word(turn: str, speaker: str) -> None:
    text = f"قالت ليلى مراد إن السفينة غرقت قبالة الساحل{turn}."
    assert said(text)[1:] == [(speaker, "ذلك")]
    assert [claim.stance for claim in claims(text)] == ["statement", "denial"]


@pytest.mark.parametrize("stop", [".", "،"])
@pytest.mark.parametrize(
    ("answer", "speaker"),
    [
        ("أما غرفة العمليات فقالت إن السفينة بلغت الميناء", "غرفة العمليات"),
        ("أما سامر الخطيب فنفى أن تكون السفينة قد غرقت", "Samer al-Khatib"),
        ("أما رئيس الميناء، سامر الخطيب، فأكد أن السفينة بلغت الميناء", "Samer al-Khatib"),
        ("أما هيئة السواحل، فقد أعلنت أن السفينة بلغت الميناء", "Coast Authority"),
        ("أما عن الأسباب فقال سامر الخطيب إن الموج كان عاليا", "Samer al-Khatib"),
    ],
)
def test_who_is_named_behind_as_for_is_the_one_who_answers(stop: str, answer: str, speaker: str) -> None:
    text = f"قالت ليلى مراد إن السفينة غرقت قبالة الساحل{stop} {answer}."
    assert [who for who, _ in said(text)] == ["Layla Murad", speaker]
    assert said(text)[0][1] == "السفينة غرقت قبالة الساحل"


def test_what_one_speaker_concedes_ends_what_he_says_no_earlier_than_a_turn() -> None:
    text = "قالت ليلى مراد إن السفينة غرقت وإلا لعادت إلى الميناء."
    assert said(text) == [("Layla Murad", "السفينة غرقت وإلا لعادت إلى الميناء")]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        # «عبر» before a medium is no verb
        (
            "وقال سامر الخطيب، في رسالة عبر حسابه، إن الموج كان عاليا جدا.",
            "Samer al-Khatib",
            "الموج كان عاليا جدا",
        ),
        # a quotation that a verb follows is not all that is said
        (
            "وقالت ليلى مراد إن «مجموعة صغيرة من قوارب الصيد» رفضت مغادرة المرسى.",
            "Layla Murad",
            "مجموعة صغيرة من قوارب الصيد» رفضت مغادرة المرسى",
        ),
        # what one does all the same is not what one says
        (
            "وأكدت هيئة السواحل إغلاق المرسى القديم لكنها لم تعلن موعد ذلك.",
            "Coast Authority",
            "إغلاق المرسى القديم",
        ),
        # whose a body is stands behind its name
        (
            "وأعلن مرصد الموج التابع لهيئة السواحل السبت إغلاق المرسى القديم.",
            "مرصد الموج التابع لهيئة السواحل",
            "إغلاق المرسى القديم",
        ),
        ("وتنفي النرويج وجارتها فنلندا إغلاق المرسى القديم.", "Norway", "إغلاق المرسى القديم"),
        (
            "وتنفي النرويج، أكبر مصدري السمك، إغلاق المرسى القديم.",
            "Norway",
            "إغلاق المرسى القديم",
        ),
        # what a person denies is no part of his name
        ("وينفي سامر الخطيب مزاعم ليلى مراد، ويطالب بالاعتذار.", "Samer al-Khatib", "مزاعم ليلى مراد"),
    ],
)
def test_what_is_said_begins_and_ends_at_the_right_word(text: str, speaker: str, content: str) -> None:
    assert said(text)[0] == (speaker, content)
