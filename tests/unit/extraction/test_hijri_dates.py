"""Hijri dates: the day of the other calendar, by the table of Umm al-Qura."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import DateMention
from services.extraction.dates import find_dates
from services.extraction.hijri import hijri_day
from tests.unit.extraction.writing import SUNDAY, article

IN_RAMADAN = "2018-06-05T12:00:00+00:00"


def dates(text: str, published: str | None = IN_RAMADAN) -> list[DateMention]:
    return find_dates(article(text, published))


def only(text: str, published: str | None = IN_RAMADAN) -> DateMention:
    found = dates(text, published)
    assert len(found) == 1, [mention.text for mention in found]
    return found[0]


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("15 رمضان 1439", "2018-05-30"),
        ("15 رمضان 1439 هـ", "2018-05-30"),
        ("15 رمضان 1439هـ", "2018-05-30"),
        ("15 رمضان 1439 (هـ)", "2018-05-30"),
        ("١٥ رمضان ١٤٣٩ للهجرة", "2018-05-30"),
        ("15 رمضان", "2018-05-30"),
        ("15 من رمضان", "2018-05-30"),
        ("15 من شهر رمضان المبارك", "2018-05-30"),
        ("الخامس عشر من رمضان", "2018-05-30"),
        ("الخامس عشر من شهر رمضان المقبل", "2019-05-20"),
        ("السابع والعشرين من رجب", "2018-04-13"),
        ("3 شوال 1439 هـ", "2018-06-17"),
        ("العاشر من محرم المقبل", "2018-09-20"),
        ("9 ذي الحجة 1439", "2018-08-20"),
        ("12 ربيع الأول 1440", "2018-11-20"),
        ("الأول من جمادى الآخرة 1439", "2018-02-17"),
        ("1439/9/15 هـ", "2018-05-30"),
        ("1439/09/15", "2018-05-30"),
        ("15/9/1439هـ", "2018-05-30"),
        ("15-9-1439", "2018-05-30"),
    ],
)
def test_a_hijri_date_is_told_as_the_day_of_the_other_calendar(words: str, iso: str) -> None:
    mention = only(f"أعلنت المحكمة حكمها في {words}، وغادر الحضور القاعة")
    assert (mention.text.replace("ـ", ""), mention.date) == (words.replace("ـ", ""), iso)


@pytest.mark.parametrize(
    "text",
    [
        "وقع العقد في الأول من يونيو 2018 الموافق 17 رمضان 1439",
        "وقع العقد في 17 رمضان 1439 هـ الموافق 1 يونيو 2018",
        "وقع العقد يوم الجمعة 17 رمضان 1439 (الأول من حزيران/يونيو 2018)",
        "وقع العقد في 1/6/2018 الموافق لـ 17/9/1439 هـ",
        "وقع العقد في الأول من يونيو الموافق 16 رمضان",  # where the moon was seen a day later
    ],
)
def test_both_calendars_side_by_side_give_one_day(text: str) -> None:
    assert [mention.date for mention in dates(text)] == ["2018-06-01", "2018-06-01"]


def test_dates_that_stand_side_by_side_by_chance_keep_their_own_days() -> None:
    found = dates("بين 1 يونيو 2018 و 20 رمضان 1439")
    assert [mention.date for mention in found] == ["2018-06-01", "2018-06-04"]


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("شهر رمضان", "2018"),
        ("رمضان المبارك", "2018"),
        ("رمضان 1438", "2017"),
        ("رمضان الماضي", "2018"),
        ("ربيع الآخر 1439", None),  # from December into January
    ],
)
def test_a_hijri_month_is_told_as_the_year_that_holds_it(words: str, iso: str | None) -> None:
    mention = only(f"تزداد المبيعات خلال {words} في الأسواق")
    assert (mention.text, mention.date) == (words, iso)


@pytest.mark.parametrize(
    "words", ["15 رمضان 1310", "1 محرم 1342 هـ", "30 صفر 1439 هـ", "1439/13/40 هـ", "31 رمضان 1439", "15/9/1310 هـ"]
)
def test_a_day_that_the_table_lacks_has_no_date(words: str) -> None:
    assert all(mention.date is None for mention in dates(f"ورد ذلك في وثيقة من {words} بخط اليد"))


def test_a_hijri_year_spans_two_of_the_other_calendar_and_stays_open() -> None:
    mention = only("صدر النظام عام 1439 هـ في الرياض")
    assert mention.date is None
    assert mention.text.startswith("عام 1439 ه")


@pytest.mark.parametrize(
    "text", ["قال رمضان إنه عائد", "وصل شعبان إلى بيته", "زار السلطان مراد الثاني رمضان في بيته", "لقي محرم مصرعه"]
)
def test_people_named_like_months_are_no_dates(text: str) -> None:
    assert dates(text) == []


def test_without_publication_a_hijri_day_needs_its_year() -> None:
    found = dates("بدأ في 15 رمضان وانتهى في 3 شوال 1439", published=None)
    assert [mention.date for mention in found] == [None, "2018-06-17"]


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 32), st.integers(0, 13), st.integers(1200, 1700))
def test_any_day_of_any_year_has_a_day_or_none(day: int, month: int, year: int) -> None:
    found = hijri_day(year, month, day)
    assert found is None or (type(found) is date and 1924 <= found.year <= 2077)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 29), st.sampled_from(["رمضان", "ذي القعدة", "جمادى الأولى"]), st.sampled_from([1890, 1950, 2100]))
def test_publication_outside_of_the_table_leaves_a_day_without_year_open(day: int, month: str, year: int) -> None:
    mention = only(f"حدث ذلك في {day} {month} هنا", f"{year}-01-01T00:00:00+00:00")
    assert mention.date is None or abs(int(mention.date[:4]) - year) <= 1


def test_the_article_of_a_sunday_in_autumn_looks_back_to_ramadan() -> None:
    assert only("اندلع الحريق في 20 رمضان", SUNDAY).date == "2018-06-04"
