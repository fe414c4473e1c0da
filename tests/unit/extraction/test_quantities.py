"""Quantities: numbers in digits and words, their bounds, and what they count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Quantity
from services.extraction.numerals import parse_digits, read_numeral
from services.extraction.quantities import find_quantities
from tests.unit.extraction.writing import article

Stated = tuple[float, float | None, str | None]


def stated(text: str) -> list[Stated]:
    return [(found.least, found.most, found.unit) for found in find_quantities(article(text))]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("خمسه", 5),
        ("ثلاثه عشر", 13),
        ("احد عشر", 11),
        ("اثنا عشر", 12),
        ("خمسه وعشرون", 25),
        ("مئه وخمسه", 105),
        ("مئتان وخمسون", 250),
        ("ثلاثمئه", 300),
        ("خمس مئه الف", 500_000),
        ("الفان", 2_000),
        ("الف وخمسمئه", 1_500),
        ("خمسه وعشرون الفا و 300", 25_300),
        ("مليون ومئه الف", 1_100_000),
        ("13,1 مليون", 13_100_000),
        ("240 الف", 240_000),
        ("سته ملايين وثلاثمئه الف وخمسه", 6_300_005),
    ],
)
def test_number_words_add_up(words: str, value: float) -> None:
    numeral = read_numeral(words.split(), 0)
    assert numeral is not None
    assert (numeral.least, numeral.most, numeral.end) == (value, value, len(words.split()))


@pytest.mark.parametrize(
    ("digits", "value"),
    [("1.234", 1234), ("12,345,678", 12_345_678), ("6,7", 6.7), ("0.125", 0.125), ("17:00", None), ("9" * 40, None)],
)
def test_separators_group_thousands_or_begin_a_fraction(digits: str, value: float | None) -> None:
    assert parse_digits(digits) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قتل خمسة مدنيين في القصف", (5, 5, "killed")),
        ("سقوط أكثر من 240 الف قتيل منذ بدء النزاع", (240_001, None, "killed")),
        ("مقتل عشرات المقاتلين قرب الجسر", (20, None, "killed")),
        ("وصل مئات القتلى إلى المشرحة", (200, None, "killed")),
        ("مقتل ما لا يقل عن 16 عاملا في المصنع", (16, None, "killed")),
        ("قتل تسعة أشخاص على الأقل في الحريق", (9, None, "killed")),
        ("لقي 4 صيادين مصرعهم في العاصفة", (4, 4, "killed")),
        ("إن 18 بحارا قتلوا في الحادث", (18, 18, "killed")),
        ("استشهد ثلاثة مسعفين", (3, 3, "killed")),
        ("سقط قتلى في الانهيار", (2, None, "killed")),
        ("مقتل شخصين بالرصاص", (2, 2, "killed")),
        ("مقتل جندي عند الحاجز", (1, 1, "killed")),
        ("إصابة نحو 40 متظاهرا بجروح", (40, 40, "wounded")),
        ("نقل 12 جريحا إلى المستشفى", (12, 12, "wounded")),
        ("أصيب آلاف المحتجين بالاختناق", (2_000, None, "wounded")),
        ("ما بين 10 و15 جريحا", (10, 15, "wounded")),
        ("من 20 الى 30 جريحا", (20, 30, "wounded")),
        ("البحث عن سبعة مفقودين", (7, 7, "missing")),
        ("فقدان 30 مهاجرا في البحر", (30, 30, "missing")),
        ("نزوح عشرات الآلاف من السكان", (20_000, None, "displaced")),
        ("يعيش 6,1 مليون نازح في المخيمات", (6_100_000, 6_100_000, "displaced")),
        ("اعتقال ثلاثمئة شخص في المداهمات", (300, 300, "arrested")),
        ("القبض على أربعة مشتبه بهم", (4, 4, "arrested")),
        ("أقل من 20 قتيلا", (0, 19, "killed")),
        ("افتتاح خمسة مراكز صحية", (5, 5, "مراكز")),
        ("ارتفعت الأسعار بنسبة 15 في المئة", (15, 15, "%")),
        ("ارتفعت الأسعار بنسبة ٣٫٥%", (3.5, 3.5, "%")),
        ("صفقة بقيمة 12,8 مليار دولار", (12_800_000_000, 12_800_000_000, "دولار")),
        ("غرامة قدرها 1.500 دينار", (1_500, 1_500, "دينار")),
    ],
)
def test_a_quantity_has_its_bounds_and_what_it_counts(text: str, expected: Stated) -> None:
    assert expected in stated(text), stated(text)


def test_counts_that_follow_one_another_keep_their_own_verbs() -> None:
    text = "مقتل 12 شخصا وإصابة 30 آخرين واعتقال خمسة من منفذي الهجوم"
    assert stated(text) == [(12, 12, "killed"), (30, 30, "wounded"), (5, 5, "arrested")]


def test_a_count_joined_by_and_is_governed_by_the_same_verb() -> None:
    assert stated("قتل أربعة جنود و3 مدنيين") == [(4, 4, "killed"), (3, 3, "killed")]


def test_dates_times_and_spans_of_time_are_not_casualties() -> None:
    assert stated("قتل في 30 أيلول 2018 عند الساعة 17:00") == []
    assert stated("قتل قبل ثلاث سنوات") == [(3, 3, "سنوات")]
    assert stated("فاز الفريق 3-1 على ضيفه") == []


def test_the_words_of_a_quantity_are_those_of_the_text() -> None:
    written = article("أعلنت الوزارة سقوط أكثر من ٢٥ جريحاً.")
    (found,) = find_quantities(written)
    assert found.text == "أكثر من ٢٥ جريحاً"
    assert written.text[found.start : found.end] == found.text


@settings(deadline=None, max_examples=80)
@given(st.integers(3, 999_999))
def test_a_number_in_digits_of_any_script_is_the_same_toll(number: int) -> None:
    scripts = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
    for script in scripts:
        written = str(number).translate(str.maketrans("0123456789", script))
        assert stated(f"مقتل {written} شخصا في الزلزال") == [(number, number, "killed")]


_PIECES = [
    "قتل", "مقتل", "5", "٣", "خمسة", "وعشرون", "ألف", "مليون", "و", "10", "بين", "ما", "أكثر", "من", "نحو", "عشرات", "الآلاف", "مئات",
    "قتيلا", "جريحا", "شخصين", "قتلى", "وجرحى", "على", "الأقل", "%", "في", "المئة", "دولار", "-", "إلى", "،", ".", "آخرين", "2018", "عام",
    "لا", "يقل", "عن", "$", "بضعة", "إصابة", "آخر",
]  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=30))
def test_quantities_are_in_order_verbatim_and_their_bounds_are_bounds(pieces: list[str]) -> None:
    written = article(" ".join(pieces))
    previous = -1
    for found in find_quantities(written):
        assert written.text[found.start : found.end] == found.text
        assert found.start > previous
        assert found.least >= 0
        assert found.most is None or found.most >= found.least
        assert Quantity.model_validate(found.model_dump()) == found
        previous = found.start


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet='قتل5 ٣،.و"«»()٪%-ألف', max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    find_quantities(article(text or " "))


def test_endless_repetition_is_read_in_one_go() -> None:
    for endless in ("5 على الأقل " * 3_000, "ألف " * 5_000, "7" * 20_000, "قتل 5 " * 4_000):
        for found in find_quantities(article(endless)):
            assert found.start < found.end


@pytest.mark.parametrize(
    "text",
    [
        "تشهد المنطقة منذ 2014 نزاعا بين فصيلين.",
        "قتل منذ 2015 مدنيا كل يوم تقريبا.",
        "شهدت في 2012 انفجارا كبيرا.",
        "تغير الحي منذ مطلع 2014 منزلا بعد منزل.",
        "وبحلول 2030 هدفا جديدا.",
        "عاشت البلاد بين 2014 و2016 نزاعا مفتوحا.",
    ],
)
def test_a_bare_year_counts_nothing(text: str) -> None:
    assert [quantity.text for quantity in find_quantities(article(text))] == []


def test_as_many_as_there_are_years_may_be_counted() -> None:
    (quantity,) = find_quantities(article("دمر الزلزال 2014 منزلا في المدينة."))
    assert quantity.least == 2014
