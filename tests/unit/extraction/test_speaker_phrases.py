"""Where the words that name a speaker end, and whose name in them is his; in sentences of our own."""

from __future__ import annotations

import pytest

from services.extraction.engine import load_engine
from tests.unit.extraction.harbour import claims, said
from tests.unit.extraction.writing import article


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("الرافعة متوقفة منذ يومين، وفقا لدى السلطات المحلية.", "السلطات المحلية"),
        ("الرافعة متوقفة منذ يومين، بحسب ما لدى السلطات المحلية.", "السلطات المحلية"),
        ("وقال مصدر لدى السلطات المحلية إن الرافعة متوقفة منذ يومين.", "مصدر لدى السلطات المحلية"),
    ],
)
def test_no_letter_is_cut_off_a_preposition(text: str, speaker: str) -> None:
    assert [claim.speaker for claim in claims(text)] == [speaker]


@pytest.mark.parametrize(("who", "his"), [("صيادين", "قولهم"), ("شاهدين اثنين", "قولهما"), ("ربانة محلية", "قولها")])
def test_their_words_are_no_part_of_who_they_are(who: str, his: str) -> None:
    text = f"ونقلت وكالة النور عن {who} {his} إن الرافعة متوقفة منذ يومين."
    (claim,) = claims(text)
    assert (claim.speaker, claim.via) == (who, ["Al-Nour Agency"])


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("وأكدت في بيان نشرته على موقعها أن الرافعة متوقفة.", "الرافعة متوقفة"),
        ("وأعلنت في بيان نشرته على موقعها الإلكتروني إغلاق الميناء أمام السفن.", "إغلاق الميناء أمام السفن"),
        ("وأعلنت، في بيان أصدرته مساء السبت، إغلاق الميناء أمام السفن.", "إغلاق الميناء أمام السفن"),
        ("وجاء في بيان نشرته على موقعها أن الرافعة متوقفة.", "الرافعة متوقفة"),
        ("وجاء في بيان نشرته الهيئة على موقعها أن الرافعة متوقفة.", "الرافعة متوقفة"),
        ("وبحسب بيان نشرته الهيئة على موقعها، فإن الرافعة متوقفة منذ يومين.", "الرافعة متوقفة منذ يومين"),
    ],
)
def test_who_publishes_a_statement_speaks_and_not_the_statement(text: str, content: str) -> None:
    before = "قالت هيئة السواحل إن الميناء مزدحم بالسفن.\n"
    assert said(before + text)[1:] == [("Coast Authority", content)]


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("بلدية نابلس", "بلدية نابلس"),
        ("مدينة نابلس", "Nablus"),
        ("قوة الأمم المتحدة المؤقتة", "قوة الأمم المتحدة المؤقتة"),
        ("منظمة الأمم المتحدة", "United Nations"),
        ("الأمم المتحدة", "United Nations"),
    ],
)
def test_a_body_is_neither_its_place_nor_what_it_belongs_to(speaker: str, name: str) -> None:
    assert [claim.speaker for claim in claims(f"وقالت {speaker} إن المياه مقطوعة عن الأحياء القديمة.")] == [name]


@pytest.mark.parametrize("engine", ["hybrid", "lexicon"])
@pytest.mark.parametrize(
    "force", ["اليونيفيل", "قوات الأمم المتحدة المؤقتة في لبنان", "قوة الأمم المتحدة المؤقتة في لبنان"]
)
def test_peacekeepers_are_known_as_a_body_of_their_own(engine: str, force: str) -> None:
    found = load_engine(engine).extract(article(f"وقالت {force} إن جنودها يراقبون الحدود."))
    (claim,) = found.claims
    assert claim.speaker_text in force
    assert claim.speaker != "United Nations"


def test_quoted_words_that_say_how_it_was_said_are_neither_who_speaks_nor_what() -> None:
    before = "قالت رابطة الصيادين إن الرافعة متوقفة.\n"
    text = before + "ونفت الرابطة «نفيا قاطعا» أن تكون الرافعة سقطت على رصيف الصيادين."
    assert said(text)[1:] == [("Fishermen's League", "تكون الرافعة سقطت على رصيف الصيادين")]


def test_behind_a_name_in_quotation_marks_begins_what_a_verb_is_about() -> None:
    text = 'وانتقدت جمعية محلية تدعى "مرافئ الغد" بطء الإصلاح في رصيف الصيادين، وقال سامر الخطيب إن الرافعة متوقفة.'
    assert said(text) == [
        ('جمعية محلية تدعى "مرافئ الغد"', "بطء الإصلاح في رصيف الصيادين"),
        ("Samer al-Khatib", "الرافعة متوقفة"),
    ]


@pytest.mark.parametrize("when", ["صباحا", "ليلا", "باستمرار"])
def test_when_and_how_often_it_was_said_is_no_part_of_it(when: str) -> None:
    assert said(f"وتنفي هيئة السواحل {when} إغلاق الميناء أمام السفن.") == [
        ("Coast Authority", "إغلاق الميناء أمام السفن")
    ]
