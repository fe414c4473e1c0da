"""Roles: what the text says a person is, beside the name; in sentences of our own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Entity, EntityType
from services.extraction.roles import with_roles
from tests.unit.extraction.writing import article, named

NAMES: list[tuple[str, EntityType]] = [
    ("سامر الخطيب", "PER"), ("ليلى مراد", "PER"), ("كريم الحلو", "PER"), ("وزارة الدفاع", "ORG"), ("وزارة الزراعة", "ORG"),
    ("الأمم المتحدة", "ORG"), ("الميناء الوطني", "ORG"), ("ليبيا", "LOC"), ("طرابلس", "LOC"), ("لواء الفجر", "GRP"),
]  # fmt: skip


def found(text: str) -> list[Entity]:
    return with_roles(article(text), named(text, ((words, kind, words) for words, kind in NAMES)))


def roles(text: str) -> list[str | None]:
    """The role of every person, in text order."""
    return [entity.role for entity in found(text) if entity.type == "PER"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("وصل الجنرال سامر الخطيب إلى المطار.", "الجنرال"),
        ("وقال وزير الخارجية السوداني سامر الخطيب إن الحدود مفتوحة.", "وزير الخارجية السوداني"),
        ("وأعلن المتحدث باسم وزارة الدفاع سامر الخطيب بدء المناورات.", "المتحدث باسم وزارة الدفاع"),
        ("وأكد الناطق العسكري العميد سامر الخطيب أن الطريق آمن.", "الناطق العسكري العميد"),
        ("وشكرت السيدة ليلى مراد الحضور.", "السيدة"),
        ("والتقت نائبة رئيس البلدية ليلى مراد بالأهالي.", "نائبة رئيس البلدية"),
        ("وصرح وزير التربية والتعليم سامر الخطيب بأن العام يبدأ غدا.", "وزير التربية والتعليم"),
        ("قالت منسقة الأمم المتحدة في ليبيا ليلى مراد إن القافلة وصلت.", "منسقة الأمم المتحدة في ليبيا"),
        (
            "وحضر رئيس هيئة الأركان العامة الفريق أول الركن سامر الخطيب الحفل.",
            "رئيس هيئة الأركان العامة الفريق أول الركن",
        ),
        ("واستقبل رئيس مجلس إدارة الميناء الوطني سامر الخطيب الوفد.", "رئيس مجلس إدارة الميناء الوطني"),
    ],
)
def test_what_stands_before_the_name_is_the_role(text: str, role: str) -> None:
    assert roles(text) == [role]


def test_a_comma_may_stand_between_office_and_name() -> None:
    assert roles("وقال رئيس الوزراء، سامر الخطيب، إن الخطة جاهزة.") == ["رئيس الوزراء"]
    assert roles("وقال رئيس الوزراء، السيد سامر الخطيب، إن الخطة جاهزة.") == ["رئيس الوزراء، السيد"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("وصل سامر الخطيب، رئيس الوزراء الليبي، إلى العاصمة.", "رئيس الوزراء الليبي"),
        ("وقال سامر الخطيب المتحدث باسم لواء الفجر إن الهدنة انتهت.", "المتحدث باسم لواء الفجر"),
        ("وقالت ليلى مراد (مديرة المستشفى) إن الأدوية تنفد.", "مديرة المستشفى"),
        ("ونقلت الصحيفة عن سامر الخطيب نائب مدير الميناء الوطني أن السفن عادت.", "نائب مدير الميناء الوطني"),
        ("وقال العقيد سامر الخطيب، المتحدث باسم وزارة الدفاع، إن الطريق آمن.", "العقيد، المتحدث باسم وزارة الدفاع"),
    ],
)
def test_what_stands_behind_the_name_in_apposition_is_the_role(text: str, role: str) -> None:
    assert roles(text) == [role]


def test_a_clitic_before_the_title_is_left_out_and_its_article_written_out() -> None:
    assert roles("رسالة لوزير الزراعة سامر الخطيب.") == ["وزير الزراعة"]
    assert roles("رسالة للرئيس سامر الخطيب.") == ["الرئيس"]
    assert roles("حضر الأهالي والعميد سامر الخطيب.") == ["العميد"]


def test_two_people_beside_each_other_keep_their_own_titles() -> None:
    assert roles("التقى الرئيس الليبي وزير الخارجية سامر الخطيب.") == ["وزير الخارجية"]
    assert roles("وقال العميد سامر الخطيب، وزميله العقيد كريم الحلو، إن الطريق آمن.") == ["العميد", "العقيد"]
    assert roles("حضر سامر الخطيب، وزير الزراعة كريم الحلو، وآخرون.") == [None, "وزير الزراعة"]


@pytest.mark.parametrize(
    "text",
    [
        "زار سامر الخطيب المدينة.",
        "هاجم سامر الخطيب الرئيس الليبي في خطابه.",
        "ودعت الحكومة سامر الخطيب إلى الحوار.",
        "اجتمعت وزارة الزراعة مع سامر الخطيب.",
        "قتل شقيق سامر الخطيب في الحادث.",
    ],
)
def test_where_the_text_gives_none_there_is_none(text: str) -> None:
    assert roles(text) == [None]


def test_only_the_roles_are_added() -> None:
    text = "وقال وزير الزراعة سامر الخطيب في طرابلس إن الأمم المتحدة وعدت بالدعم."
    for entity in found(text):
        assert entity.model_copy(update={"role": None}).role is None
        assert (entity.role is not None) == (entity.type == "PER")
        assert entity.text == text[entity.start : entity.end]


_PIECES = [
    "سامر الخطيب", "ليلى مراد", "وزير", "الخارجية", "الليبي", "رئيس", "الوزراء", "،", "المتحدث", "باسم", "وزارة الدفاع", "في",
    "طرابلس", "العميد", "للرئيس", "قال", "إن", "(", ")", ".", "\n", "أول", '"', "#", "و", "السيد", "نائب", "وهو",
]  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=30))
def test_a_role_is_made_of_words_of_the_text_whatever_is_written(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for entity in found(text):
        for word in (entity.role or "").replace("،", " ").split():
            assert word in text or f"ل{word.removeprefix('ا')}" in text
