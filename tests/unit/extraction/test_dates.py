"""Dates: what an article says of when, against when it was published."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import DateMention
from services.extraction.calendar_words import MONTHS, TWO_WORD_MONTHS
from services.extraction.dates import find_dates
from tests.unit.extraction.writing import SUNDAY, article


def dates(text: str, published: str | None = SUNDAY) -> list[DateMention]:
    return find_dates(article(text, published))


def only(text: str, published: str | None = SUNDAY) -> DateMention:
    found = dates(text, published)
    assert len(found) == 1, [mention.text for mention in found]
    return found[0]


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("30 ايلول/سبتمبر", "2018-09-30"),
        ("5 أيلول", "2018-09-05"),
        ("14 تموز/ يوليو 2017", "2017-07-14"),
        ("3 كانون الثاني/يناير الماضي", "2018-01-03"),
        ("27 تشرين الأول/أكتوبر 2016", "2016-10-27"),
        ("12 أوت 2018", "2018-08-12"),
        ("9 جويلية", "2018-07-09"),
        ("2 فيفري 2018", "2018-02-02"),
        ("11 جانفي الماضي", "2018-01-11"),
        ("8 غشت", "2018-08-08"),
        ("السادس من شباط/فبراير الجاري", "2018-02-06"),
        ("الحادي والعشرين من مايو", "2018-05-21"),
        ("الخامس عشر من آذار", "2018-03-15"),
        ("١٧ نيسان ٢٠١٨", "2018-04-17"),
        ("10/6/2018", "2018-06-10"),
        ("2018-06-10", "2018-06-10"),
        ("ديسمبر/كانون الأول الماضي", "2017-12"),
        ("حزيران 2015", "2015-06"),
        ("عام 2011", "2011"),
        ("العام الماضي", "2017"),
        ("الشهر الماضي", "2018-08"),
        ("الشهر الجاري", "2018-09"),
    ],
)
def test_a_date_in_any_of_the_arab_calendars_of_months_becomes_an_iso_date(words: str, iso: str) -> None:
    mention = only(f"وقع الحادث في {words} قرب الميناء")
    assert (mention.text, mention.date) == (words, iso)


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("الأحد", "2018-09-30"),
        ("السبت", "2018-09-29"),
        ("الاثنين", "2018-09-24"),
        ("الأحد الماضي", "2018-09-23"),
        ("يوم الجمعة الماضي", "2018-09-28"),
        ("الثلاثاء المقبل", "2018-10-02"),
        ("أمس", "2018-09-29"),
        ("أمس الأول", "2018-09-28"),
        ("أمس السبت", "2018-09-29"),
        ("اليوم الأحد", "2018-09-30"),
        ("غدا", "2018-10-01"),
        ("قبل يومين", "2018-09-28"),
        ("قبل ثلاثة أيام", "2018-09-27"),
        ("قبل 5 أيام", "2018-09-25"),
        ("قبل أسبوع", "2018-09-23"),
        ("الأربعاء 26 أيلول", "2018-09-26"),
    ],
)
def test_a_relative_day_is_resolved_against_publication(words: str, iso: str) -> None:
    mention = only(f"انفجرت سيارة {words} أمام المبنى")
    assert (mention.text, mention.date) == (words, iso)


@pytest.mark.parametrize(
    ("words", "iso", "part"),
    [
        ("مساء الخميس", "2018-09-27", "evening"),
        ("فجر السبت", "2018-09-29", "dawn"),
        ("صباح اليوم", "2018-09-30", "morning"),
        ("ليلة أمس", "2018-09-29", "night"),
        ("ظهر يوم الجمعة", "2018-09-28", "noon"),
        ("الليلة الماضية", "2018-09-29", "night"),
    ],
)
def test_the_part_of_the_day_belongs_to_the_date(words: str, iso: str, part: str) -> None:
    mention = only(f"وصلت القافلة {words} إلى المدينة")
    assert (mention.text, mention.date, mention.part_of_day) == (words, iso, part)


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("الساعة 17:00 بتوقيت غرينتش", "17:00Z"),
        ("17,00 تغ", "17:00Z"),
        ("05,30 (تغ)", "05:30Z"),
        ("الساعة 10:50", "10:50"),
        ("الساعة الخامسة مساء", "17:00"),
        ("الساعة العاشرة والنصف ليلا", "22:30"),
        ("الساعة الثانية ظهرا", "14:00"),
    ],
)
def test_a_time_of_day_keeps_greenwich_where_the_text_says_so(words: str, time: str) -> None:
    mention = only(f"بدأت الجلسة {words} في العاصمة")
    assert (mention.text, mention.time) == (words, time)


def test_a_year_of_a_month_without_one_is_the_nearest_to_publication() -> None:
    assert only("تجري الانتخابات في 20 تشرين الأول", SUNDAY).date == "2018-10-20"
    assert only("أعلن ذلك في 30 كانون الأول", "2018-02-01T00:00:00+00:00").date == "2017-12-30"


def test_without_publication_only_full_dates_are_resolved() -> None:
    found = dates("التقيا الخميس ثم في 3 أيار 2018 ثم في 4 أيار", published=None)
    assert [mention.date for mention in found] == [None, "2018-05-03", None]


def test_a_week_and_a_hijri_date_are_recognized_and_stay_open() -> None:
    found = dates("استقبلت المدينة زوارها الأسبوع الماضي وفي 9 ذي الحجة 1439 للهجرة")
    assert [(mention.text, mention.date) for mention in found] == [
        ("الأسبوع الماضي", None),
        ("9 ذي الحجة 1439 للهجرة", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "دعا أب أسرته إلى الهدوء",
        "تحدثت ماي أمام النواب",
        "قال رمضان إنه عائد",
        "فاز فريق الأحمر بهدف",
        "بلغ سعره 12.50 درهما",
        "في 31 فبراير لا يحدث شيء",
    ],
)
def test_words_that_only_look_like_dates_are_not(text: str) -> None:
    assert [mention for mention in dates(text) if mention.date and len(mention.date) == 10] == []


def test_a_clitic_stays_with_the_words_of_the_date() -> None:
    assert only("والأربعاء أعلنت الشركة نتائجها").date == "2018-09-26"


_MONTH_NAMES = sorted(MONTHS) + [" ".join(pair) for pair in sorted(TWO_WORD_MONTHS)]


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 28), st.sampled_from(_MONTH_NAMES), st.integers(1900, 2100))
def test_every_month_name_with_day_and_year_is_read_whole(day: int, month: str, year: int) -> None:
    mention = only(f"حدث ذلك في {day} {month} {year} هنا")
    number = MONTHS.get(month) or TWO_WORD_MONTHS[tuple(month.split())]  # type: ignore[index]
    assert mention.date == f"{year:04d}-{number:02d}-{day:02d}"


_PIECES = [
    "الأحد", "مساء", "أمس", "قبل", "يومين", "30", "2018", "/", "مايو", "أيار", "الماضي", "الساعة", "17:00", "تغ", "من", "عام",
    "كانون", "الأول", "والعشرين", "العشرين", "،", ".", "ذي", "الحجة", "ليلة", "شهر", "هذا", "بعد", "غد", "99", "(", ")", "٣",
]  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=25), st.sampled_from([SUNDAY, None]))
def test_mentions_are_in_order_apart_and_verbatim_whatever_is_written(pieces: list[str], published: str | None) -> None:
    written = article(" ".join(pieces), published)
    end = 0
    for mention in find_dates(written):
        assert end <= mention.start < mention.end <= len(written.text)
        assert written.text[mention.start : mention.end] == mention.text
        assert DateMention.model_validate(mention.model_dump()) == mention
        end = mention.end


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    written = article(text or " ")
    assert find_dates(written) == find_dates(written.model_copy())
