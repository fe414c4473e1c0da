"""Tolls: how many were killed, wounded, missing, displaced or arrested, and of whom the text says so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Quantity
from services.extraction.quantities import find_quantities
from services.extraction.toll_words import CASUALTY_UNITS
from tests.unit.extraction.writing import article

Told = tuple[float, float | None, str | None]


def tolls(text: str) -> list[Quantity]:
    return [found for found in find_quantities(article(text)) if found.unit in CASUALTY_UNITS]


def told(text: str) -> list[Told]:
    return [(found.least, found.most, found.unit) for found in tolls(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مقتل أكثر من 20 مدنيا في القصف", (21, None, "killed")),
        ("مقتل ما يزيد على 20 مدنيا في القصف", (21, None, "killed")),
        ("مقتل ما يربو على 20 مدنيا في القصف", (21, None, "killed")),
        ("إصابة نحو 30 عاملا", (30, 30, "wounded")),
        ("إصابة ما يقارب 30 عاملا", (30, 30, "wounded")),
        ("إصابة ما يقارب من 30 عاملا", (30, 30, "wounded")),
        ("مقتل العشرات في انهيار المنجم", (20, None, "killed")),
        ("مقتل ما لا يقل عن 5 بحارة", (5, None, "killed")),
        ("مقتل 5 بحارة على الأقل", (5, None, "killed")),
        ("مقتل 17 من عناصر الحرس الوطني على الأقل في الكمين", (17, None, "killed")),
        ("لقي أربعة حراس، على الأقل، مصرعهم", (4, None, "killed")),
        ("مقتل خمسة أو ستة أشخاص", (5, 6, "killed")),
        ("مقتل ما بين 10 و15 شخصا", (10, 15, "killed")),
        ("إصابة من 8 إلى 12 شخصا", (8, 12, "wounded")),
        ("مقتل ممرضتين في المستشفى", (2, 2, "killed")),
        ("إصابة فتاتين بشظايا الزجاج", (2, 2, "wounded")),
        ("قتل في الكمين الذي نصب للدورية جنديان", (2, 2, "killed")),
        ("راح ضحيته شرطيان", (2, 2, "killed")),
        ("التفجير الذي قتل فيه جنديان", (2, 2, "killed")),
        ("قتل مزارع في حقله", (1, 1, "killed")),
        ("مقتل أحد الحراس عند البوابة", (1, 1, "killed")),
        ("قالت الشرطة إن أحد جنودها قتل في الاشتباك", (1, 1, "killed")),
        ("ذكر شهود أن شرطيا قتل أمام المصرف", (1, 1, "killed")),
        ("إصابة عدد من المدنيين بجروح", (2, None, "wounded")),
        ("مقتل العديد من العمال تحت الأنقاض", (2, None, "killed")),
        ("القضاء على عدد (8) أفراد من المسلحين", (8, 8, "killed")),
        ("وأصابت القذيفة 4 طلاب", (4, 4, "wounded")),
        ("ارتفع عدد القتلى في المدينة الساحلية إلى 30", (30, 30, "killed")),
        ("بلغ عدد الجرحى 45 شخصا", (45, 45, "wounded")),
        ("فقد سبعة صيادين في العاصفة", (7, 7, "missing")),
        ("لا يزال 12 بحارا في عداد المفقودين منذ غرق السفينة، والبحث عن 12 مفقودا مستمر", (12, 12, "missing")),
        ("فرار 300 عائلة من القرى الحدودية", (300, 300, "displaced")),
        ("نزوح أكثر من ألفي شخص", (2_001, None, "displaced")),
        ("احتجاز ثمانية نشطاء", (8, 8, "arrested")),
        ("توقيف شخصين للتحقيق", (2, 2, "arrested")),
    ],
)
def test_a_toll_has_its_bounds_and_its_kind(text: str, expected: Told) -> None:
    assert expected in told(text), told(text)


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("مقتل 12 جنديا تركيا في الكمين", "جنديا تركيا"),
        ("إصابة 7 من المدنيين", "المدنيين"),
        ("قتل 5 أشخاص", "أشخاص"),
        ("قتل خمسة أشخاص على الأقل", "أشخاص"),
        ("مقتل جندي لبناني", "جندي لبناني"),
        ("مقتل جنديين فرنسيين شمالي البلاد", "جنديين فرنسيين"),
        ("إصابة ثلاثة من عناصر الأمن العام بجروح", "عناصر الأمن"),
        ("اعتقال خمسة من أعضاء الحزب", "أعضاء الحزب"),
        ("مقتل عنصرين من الشرطة", "عنصرين من الشرطة"),
        ("مقتل العشرات من المهاجرين", "المهاجرين"),
        ("مقتل عشرات المقاتلين الحوثيين الخميس", "المقاتلين الحوثيين"),
        ("سقوط 20 قتيلا في صفوف القوات الحكومية", "القوات الحكومية"),
        ("سقوط 20 قتيلا مدنيا", "مدنيا"),
        ("سقوط قتلى وجرحى من المصلين", "المصلين"),
        ("نقل 9 جرحى بينهم سائق", None),
        ("إصابة 30 آخرين", None),
        ("إصابة 30 آخرين من الركاب", "الركاب"),
        ("مقتل أحد الحراس", "الحراس"),
        ("إصابة عدد من المصورين", "المصورين"),
        ("مقتل العشرات برصاص القناصة", None),
        ("مقتل 16 وجرح 14", None),
        ("نزوح 3 آلاف شخص", "شخص"),
    ],
)
def test_whom_a_toll_speaks_of_is_told_in_words_of_the_text(text: str, whom: str | None) -> None:
    assert tolls(text)[0].whom == whom


def test_a_part_of_a_toll_is_no_toll_of_its_own() -> None:
    for text in (
        "مقتل 12 شخصا بينهم 3 أطفال",
        "مقتل 12 شخصا، من بينهم 3 أطفال قتلوا نياما",
        "مقتل 12 شخصا، بينهم طفلان وامرأة",
        "مقتل 12 شخصا منهم ثلاثة أطفال وامرأتان",
    ):
        assert told(text) == [(12, 12, "killed")], text
    assert told("ومن بين القتلى 4 نساء") == []


def test_people_joined_by_and_belong_to_the_same_verb() -> None:
    assert told("مقتل ثلاثة جنود ومدني وإصابة شرطيين") == [
        (3, 3, "killed"),
        (1, 1, "killed"),
        (2, 2, "wounded"),
    ]


def test_killed_and_wounded_in_one_number_are_neither() -> None:
    assert told("مقتل وإصابة 30 شخصا") == []
    assert told("وقتل خمسة وأصيب 30 شخصا") == [(5, 5, "killed"), (30, 30, "wounded")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سقطت القذيفة في حقل دون وقوع إصابات", [(0, 0, "wounded")]),
        ("ولم يسفر الهجوم عن ضحايا", [(0, 0, "killed")]),
        ("ولم تسجل أي إصابات", [(0, 0, "wounded")]),
        ("انتهى الحادث بلا قتلى أو جرحى", [(0, 0, "killed"), (0, 0, "wounded")]),
        ("ولم ترد أنباء عن سقوط قتلى", []),
        ("ولم يعرف بعد هل خلف الانفجار قتلى", []),
    ],
)
def test_a_denied_toll_is_none_and_an_unknown_one_is_left_out(text: str, expected: list[Told]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "قتلت الحركة الأمل، وتنشط طالبان في الجبال",
        "قتل في خمس هجمات متفرقة",
        "فقد نظمت البلدية 20 ورشة",
        "مقتل ركاب الرحلة 737 وطاقمها",
        "قتل في 15 رمضان 1439",
        "لا قتلى في الحادث الذي شمل 12 سيارة",
        "فرار 40 مقاتلا من الجبهة",
    ],
)
def test_other_numbers_are_no_tolls(text: str) -> None:
    assert [t for t in told(text) if t[0] > 0 and t[0] != 737] == []


_PIECES = [
    "قتل", "مقتل", "وإصابة", "أصيب", "5", "عشرات", "العشرات", "من", "جنديا", "جنديان", "تركيا", "المدنيين", "بينهم", "آخرين", "قتلى",
    "وجرحى", "دون", "وقوع", "إصابات", "أحد", "عدد", "(", ")", "على", "الأقل", "،", ".", "عناصر", "قوات", "الأمن", "إن", "شخصا", "و", "ومدني",
    "في", "صفوف", "إلى", "القتلى", "رمضان", "لم",
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=30))
def test_whatever_is_written_whom_is_in_the_text_and_only_tolls_have_it(pieces: list[str]) -> None:
    written = article(" ".join(pieces))
    for found in find_quantities(written):
        assert written.text[found.start : found.end] == found.text
        assert found.whom is None or (found.whom and found.whom in written.text)
        assert found.unit in CASUALTY_UNITS or found.whom is None
        assert found.most is None or 0 <= found.least <= found.most
