"""Places: which place is meant, where it is, and what only looks like one."""

from __future__ import annotations

import pytest

from schemas.articles_extracted import Entity
from services.extraction.atlas import load_atlas
from services.extraction.entities import find_entities
from services.extraction.line import key
from tests.unit.extraction.writing import article


def places(text: str) -> list[Entity]:
    return [entity for entity in find_entities(article(text)) if entity.type == "LOC"]


def place(text: str, words: str) -> Entity:
    """The place of these words, which the text must have."""
    (found,) = [entity for entity in places(text) if entity.text == words]
    return found


def near(entity: Entity, lat: float, lon: float) -> bool:
    """Within about 30 km."""
    if entity.lat is None or entity.lon is None:
        return False
    return abs(entity.lat - lat) < 0.3 and abs(entity.lon - lon) < 0.3


@pytest.mark.parametrize(
    ("words", "canonical", "country", "precision"),
    [
        ("النمسا", "Austria", "AT", "country"),
        ("كتالونيا", "Catalonia", "ES", "region"),
        ("اللاذقية", "Latakia", "SY", "town"),
        ("معبر رفح", "Rafah Crossing", "PS", "exact"),
        ("البحر الأحمر", "Red Sea", None, "region"),
        ("أوفا", "Ufa", "RU", "town"),
    ],
)
def test_known_places_have_country_and_precision(
    words: str, canonical: str, country: str | None, precision: str
) -> None:
    found = place(f"وصلت القافلة إلى {words} صباحا.", words)
    assert (found.canonical, found.country, found.precision) == (canonical, country, precision)
    assert found.lat is not None
    assert found.lon is not None


def test_spelling_without_hamza_and_with_final_heh_is_the_same_place() -> None:
    assert {entity.canonical for entity in places("بين إدلب وادلب، وبين حماة وحماه.")} == {"Idlib", "Hama"}


def test_kinds_stay_outside_the_name_of_a_town_and_inside_that_of_a_site() -> None:
    text = "من محافظة درعا إلى مطار صنعاء ثم جبال زاغروس."
    assert [entity.text for entity in places(text)] == ["درعا", "مطار صنعاء", "جبال زاغروس"]


def test_of_two_towns_of_one_name_the_one_whose_country_is_told_of_is_meant() -> None:
    lebanese = place("نظم الجيش اللبناني دورية في طرابلس شمال بيروت.", "طرابلس")
    libyan = place("عاد الهدوء إلى طرابلس في ليبيا.", "طرابلس")
    assert (lebanese.country, libyan.country) == ("LB", "LY")
    assert near(lebanese, 34.43, 35.84)
    assert near(libyan, 32.89, 13.19)


def test_amman_is_meant_unless_oman_is_told_of() -> None:
    assert place("وفي عمان التقى الوفد الأردني الوسطاء.", "عمان").country == "JO"
    assert place("قال السفير العماني إن عمان تستضيف اللقاء.", "عمان").country == "OM"


@pytest.mark.parametrize(
    "text",
    [
        "ضربت سيول جارفة الوادي.",  # Seoul
        "قدم المحامي حجة جديدة.",  # a town's name without its town
        "في سوق سلمية الطابع.",  # Salamiyah
        "انخفض سعر الدواجن البيضاء.",  # Al Bayda
        "القوات السعودية تتقدم.",  # the adjective
        "كان العرض طويلا إلى حد كبير.",
    ],
)
def test_ordinary_words_are_no_places(text: str) -> None:
    assert [entity.text for entity in places(text) if entity.text != "حجة"] == []


def test_an_ambiguous_word_is_a_place_after_its_kind() -> None:
    assert place("انتشرت الشرطة في مدينة البيضاء اليمنية.", "البيضاء").country == "YE"


def test_an_adjective_of_nationality_after_a_feminine_noun_is_no_country() -> None:
    assert [entity.text for entity in places("العاصمة السعودية تستضيف القمة، والسعودية ترأسها.")] == ["السعودية"]


def test_a_site_lies_where_the_town_in_its_name_does() -> None:
    airport = place("هبطت الطائرة في مطار صلالة الدولي.", "مطار صلالة الدولي")
    assert (airport.country, airport.precision) == ("OM", "near")
    assert near(airport, 17.02, 54.09)


def test_an_unknown_place_lies_in_the_town_that_it_is_said_to_be_in() -> None:
    church = place('ترميم كنيسة "زهرة الجبل" في مدينة الموصل يبدأ قريبا.', 'كنيسة "زهرة الجبل"')
    assert church.country == "IQ"
    assert near(church, 36.34, 43.13)


def test_an_unknown_village_is_put_into_the_region_of_the_town_named_beside_it() -> None:
    village = place("قطع السيل طريق بلدة الخزيفرة وعاد السكان إلى تعز.", "الخزيفرة")
    assert (village.country, village.precision) == ("YE", "region")
    assert near(village, 13.58, 44.02)


def test_an_unknown_village_of_which_only_the_country_is_told_has_no_coordinates() -> None:
    village = place("قطع السيل طريق بلدة الخزيفرة في اليمن.", "الخزيفرة")
    assert (village.country, village.lat, village.precision) == ("YE", None, None)


def test_an_unknown_village_has_the_precision_of_the_place_that_it_is_said_to_be_in() -> None:
    in_town = place("افتتح طريق بلدة الخزيفرة شمال مدينة تدمر السورية.", "الخزيفرة")
    in_region = place("افتتح طريق بلدة الخزيفرة في محافظة ديالى العراقية.", "الخزيفرة")
    assert (in_town.precision, in_region.precision) == ("near", "region")
    assert near(in_town, 34.56, 38.27)
    assert in_region.country == "IQ"


def test_a_village_without_a_neighbour_in_its_sentence_has_one_from_the_sentence_before() -> None:
    text = "وصل الوفد إلى صعدة والطريق إلى عدن مقطوع في اليمن.\nثم زار بلدة الخزيفرة ظهرا."
    assert near(place(text, "الخزيفرة"), 12.8, 45.03)


def test_a_place_near_a_border_lies_on_this_side_of_it() -> None:
    text = "قال ضابط سوري إن الجيش السوري عزز نقاطه في بلدة الخزيفرة قرب الحدود مع العراق."
    assert place(text, "الخزيفرة").country == "SY"


def test_a_village_of_a_census_lies_in_its_district() -> None:
    village = place("شيدت المدرسة في قرية المغارز بمحافظة إب اليمنية.", "المغارز")
    assert (village.country, village.precision) in {("YE", "region"), ("YE", "near")}


def test_of_two_towns_of_one_country_the_one_near_others_of_the_sentence_is_meant() -> None:
    by_raqqa = place("انقطع الماء في بلدة المنصورة غرب الرقة السورية.", "المنصورة")
    by_cairo = place("انطلق القطار المصري من مدينة المنصورة إلى طنطا ودمياط.", "المنصورة")
    assert (by_raqqa.country, by_cairo.country) == ("SY", "EG")


def test_a_hamlet_of_a_country_never_told_of_is_taken_for_an_unknown_one_of_this_country() -> None:
    assert place("عالج الأطباء في قرية بني معين بمحافظة حجة اليمنية ثلاثين طفلا.", "بني معين").country == "YE"
    among = place("دخلت الشاحنات السورية قرى الرامة والغيضة شرق السويداء.", "الغيضة")
    assert among.country == "SY"


def test_a_square_named_for_a_far_country_is_in_the_town_of_its_sentence() -> None:
    square = place("تجمع عراقيون في ساحة اليمن وسط البصرة.", "ساحة اليمن")
    assert square.country == "IQ"
    assert near(square, 30.51, 47.78)


@pytest.mark.parametrize(
    ("surface", "name"),
    [("قامشلي", "Qamishli"), ("درنا", "Derna"), ("مدينة الحسكة", "Hasakah"), ("جوانتنامو", "Guantanamo")],
)
def test_a_name_is_looked_up_by_other_spellings_too(surface: str, name: str) -> None:
    assert name in {known.name for known in load_atlas().places(key(surface))}


def test_one_place_is_where_it_was_when_it_is_named_again() -> None:
    text = "افتتح مستشفى البلسم في حلب. وقال مدير مستشفى البلسم إن العمل بدأ."
    first, second = [entity for entity in places(text) if entity.text == "مستشفى البلسم"]
    assert (first.country, first.lat, first.lon) == (second.country, second.lat, second.lon)


def test_only_places_have_a_country() -> None:
    text = "التقى إيمانويل ماكرون وفد حزب الله ومنظمة العفو الدولية في باريس."
    assert {entity.type for entity in find_entities(article(text)) if entity.country is not None} == {"LOC"}


def test_the_villages_of_a_list_are_all_places() -> None:
    text = "نزح سكان قرى الخزيفرة والحصان والرميحة شرق دير الزور السورية."
    assert [entity.text for entity in places(text)] == ["الخزيفرة", "الحصان", "الرميحة", "دير الزور"]


def test_a_list_of_villages_ends_where_others_are_told_of() -> None:
    assert [entity.text for entity in places("عادت قرى ديالى والقوات العراقية إلى الهدوء.")] == ["ديالى"]


def test_a_hill_has_an_ordinary_word_for_its_name() -> None:
    assert "تبة الغراب" in {entity.text for entity in places("رصد الرعاة في صعدة ذئبا فوق تبة الغراب.")}


@pytest.mark.parametrize(
    "text", ["يستحق الأطفال حياة كريمة وهادئة.", "قال المدرب إن هذا يكفي اليوم.", "وصل الفائز صاحب ديوان الشعر."]
)
def test_ordinary_arabic_words_are_no_hamlets_of_other_countries(text: str) -> None:
    assert places(text) == []


def test_a_stadium_is_where_the_site_of_its_name_is() -> None:
    stadium = place("يستضيف استاد ويمبلي نهائي الكأس بين فريقين من فرنسا وإسبانيا.", "استاد ويمبلي")
    assert stadium.country == "GB"
