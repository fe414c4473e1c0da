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
        ("شباط (فبراير) 2018", "2018-02"),
        ("24 شباط (فبراير) الماضي", "2018-02-24"),
        ("11 سبتمبر/أيلول", "2018-09-11"),
        ("العاشر من الشهر الجاري", "2018-09-10"),
        ("15 من الشهر الماضي", "2018-08-15"),
        ("الثالث من هذا الشهر", "2018-09-03"),
        ("30/9/2018", "2018-09-30"),
        ("٣٠/٩/٢٠١٨", "2018-09-30"),
        ("30-09-2018", "2018-09-30"),
        ("30.9.2018", "2018-09-30"),
        ("2018/09/30", "2018-09-30"),
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
        ("الأربعاء 26/9/2018", "2018-09-26"),
        ("الثلاثاء الماضي", "2018-09-25"),
        ("يوم الثلاثاء", "2018-09-25"),
        ("الإثنين الفائت", "2018-09-24"),
        ("امس", "2018-09-29"),
        ("أول من أمس", "2018-09-28"),
        ("أول أمس", "2018-09-28"),
        ("أول من أمس الجمعة", "2018-09-28"),
        ("البارحة", "2018-09-29"),
        ("بالأمس", "2018-09-29"),
        ("منذ ثلاثة أيام", "2018-09-27"),
        ("منذ يومين", "2018-09-28"),
        ("قبل أحد عشر يوما", "2018-09-19"),
        ("قبل أسبوعين", "2018-09"),
        ("قبل ثلاثة أسابيع", "2018-09"),
        ("قبل نحو شهرين", "2018-08"),
        ("قبل عامين", "2016"),
        ("منذ حوالي خمس سنوات", "2013"),
        ("بعد غد", "2018-10-02"),
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
        ("الليلة قبل الماضية", "2018-09-28", "night"),
        ("مساء أول من أمس", "2018-09-28", "evening"),
        ("مساء أمس السبت", "2018-09-29", "evening"),
        ("فجر اليوم الأحد", "2018-09-30", "dawn"),
        ("بعد ظهر الجمعة", "2018-09-28", "afternoon"),
        ("قبل ظهر أمس", "2018-09-29", "morning"),
        ("عصر الثلاثاء الماضي", "2018-09-25", "afternoon"),
        ("ليل الخميس الجمعة", "2018-09-28", "night"),
        ("ليل الخميس - الجمعة", "2018-09-28", "night"),
        ("ليلة الجمعة", "2018-09-28", "night"),
        ("ضحى الاثنين", "2018-09-24", "morning"),
        ("صباح الغد", "2018-10-01", "morning"),
        ("مساء 28 أيلول/سبتمبر", "2018-09-28", "evening"),
        ("أمس مساء", "2018-09-29", "evening"),
        ("الجمعة ليلا", "2018-09-28", "night"),
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
        ("17:00 (ت.غ)", "17:00Z"),
        ("17:00 ت غ", "17:00Z"),
        ("1600 بتوقيت غرينتش", "16:00Z"),
        ("الساعة 7 مساء بتوقيت جرينتش", "19:00Z"),
        ("13:00 GMT", "13:00Z"),
        ("الساعة العاشرة صباحا بالتوقيت المحلي", "10:00"),
        ("10:30 بالتوقيت المحلي", "10:30"),
        ("الساعة 21:15 بتوقيت مكة المكرمة", "21:15+03:00"),
        ("الساعة 8 مساء بتوقيت بغداد", "20:00+03:00"),
        ("الساعة 9 مساء بتوقيت بيروت", "21:00"),
        ("الساعة الحادية عشرة ليلا", "23:00"),
        ("الساعة الثانية عشرة والنصف ظهرا", "12:30"),
        ("الساعة السابعة إلا ربعا مساء", "18:45"),
        ("الساعة الواحدة والربع بعد الظهر", "13:15"),
        ("الساعة الواحدة بعد منتصف الليل", "01:00"),
        ("الساعة الخامسة من مساء", "17:00"),
        ("الخامسة فجرا", "05:00"),
        ("16:45:30", "16:45"),
    ],
)
def test_a_time_of_day_keeps_greenwich_where_the_text_says_so(words: str, time: str) -> None:
    mention = only(f"بدأت الجلسة {words} في العاصمة")
    assert (mention.text.removesuffix(" بتوقيت بيروت"), mention.time) == (words.removesuffix(" بتوقيت بيروت"), time)


def test_an_instant_in_iso_form_is_a_day_and_a_time() -> None:
    found = dates("آخر تحديث 2018-09-30T17:05:00Z من غرفة الأخبار")
    assert [(mention.date, mention.time) for mention in found] == [("2018-09-30", None), (None, "17:05Z")]


def test_an_hour_keeps_the_day_behind_it_as_a_mention_of_its_own() -> None:
    found = dates("هز الانفجار الحي عند الساعة الخامسة من مساء الخميس")
    assert [(mention.date, mention.time) for mention in found] == [(None, "17:00"), ("2018-09-27", None)]


def test_an_ordinal_before_the_evening_of_a_day_is_no_hour() -> None:
    found = dates("فاز الفريق للمرة الثانية مساء الخميس")
    assert [(mention.text, mention.date) for mention in found] == [("مساء الخميس", "2018-09-27")]


@pytest.mark.parametrize("text", ["بين 10 و12 مايو 2018", "من 10 إلى 12 مايو 2018", "10-12 أيار/مايو 2018"])
def test_two_days_of_one_month_are_two_dates(text: str) -> None:
    assert [mention.date for mention in dates(f"يعقد المؤتمر {text}")] == ["2018-05-10", "2018-05-12"]


def test_a_year_of_a_month_without_one_is_the_nearest_to_publication() -> None:
    assert only("تجري الانتخابات في 20 تشرين الأول", SUNDAY).date == "2018-10-20"
    assert only("أعلن ذلك في 30 كانون الأول", "2018-02-01T00:00:00+00:00").date == "2017-12-30"


def test_without_publication_only_full_dates_are_resolved() -> None:
    found = dates("التقيا الخميس ثم في 3 أيار 2018 ثم في 4 أيار", published=None)
    assert [mention.date for mention in found] == [None, "2018-05-03", None]


@pytest.mark.parametrize(
    "words", ["الأسبوع الماضي", "الأسبوع المقبل", "هذا الأسبوع", "السابع من الشهر نفسه", "قبل نحو أسبوع"]
)
def test_what_is_no_day_month_or_year_is_recognized_and_stays_open(words: str) -> None:
    mention = only(f"استقبلت المدينة زوارها {words} في الساحة الكبرى")
    assert (mention.text, mention.date) == (words, None)


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


def test_to_touch_is_not_yesterday() -> None:
    assert find_dates(article("تراجع السعر بعد أن لامس تسعين جنيها.")) == []


WEDNESDAY = "2018-03-14T10:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("أعلنت الوزارة تعليق الدراسة يومي الأحد والاثنين", ["2018-03-18", "2018-03-19"]),
        ("تقرر تعطيل الدوام الرسمي الخميس والأحد", ["2018-03-15", "2018-03-18"]),
        ("وستغلق المتاحف يومي الاثنين والثلاثاء", ["2018-03-19", "2018-03-20"]),
        ("ومن المقرر أن تعمل الحافلات الأربعاء والخميس", ["2018-03-14", "2018-03-15"]),
        ("يبقى الجسر مغلقا حتى صباح السبت", ["2018-03-17"]),
        ("أرجأت المحكمة الجلسة إلى يوم الأحد", ["2018-03-18"]),
        ("يسري القرار ابتداء من الأحد", ["2018-03-18"]),
        ("تغلق المكتبة أبوابها اعتبارا من مساء الجمعة", ["2018-03-16"]),
        ("ومن المقرر أن تفتح الصناديق الاثنين", ["2018-03-19"]),
        ("وستجتمع اللجنة في مقرها الجمعة", ["2018-03-16"]),
        ("وسوف يغادر الوفد السبت", ["2018-03-17"]),
        ("ينتهي الحظر حتى مساء الأربعاء", ["2018-03-14"]),
        ("يلتقي الفريقان غدا الخميس", ["2018-03-15"]),
    ],
)
def test_days_of_a_plan_and_ends_of_a_term_are_to_come(text: str, days: list[str]) -> None:
    assert [mention.date for mention in dates(text, WEDNESDAY)] == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("استمر هطول المطر حتى الثلاثاء", ["2018-03-13"]),
        ("هزت انفجارات الحي يومي الأحد والاثنين", ["2018-03-11", "2018-03-12"]),
        ("كان من المقرر وصول القافلة الأحد", ["2018-03-11"]),
        ("وقع الحريق ليل السبت إلى الأحد", ["2018-03-11"]),
        ("سيطرت القوات على التلة السبت", ["2018-03-10"]),
        ("وأكد مصدر أن الجسر سيفتح قريبا، وزار الموقع الاثنين", ["2018-03-12"]),
        ("سيغادر الوفد بحسب ما أعلن الناطق الاثنين", ["2018-03-12"]),
    ],
)
def test_days_of_what_has_happened_are_past(text: str, days: list[str]) -> None:
    assert [mention.date for mention in dates(text, WEDNESDAY)][-len(days) :] == days
