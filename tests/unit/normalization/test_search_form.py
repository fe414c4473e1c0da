"""The search form: one way to write each word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.normalization.display import display_form
from services.normalization.search import search_form, search_form_of_display, search_form_with_map
from tests.unit.normalization.texts import any_text

few_examples = settings(max_examples=300, deadline=None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إدلب", "ادلب"),
        ("حماة", "حماه"),
        ("مصطفى", "مصطفي"),
        ("آل ثاني", "ال ثانى"),
        ("مُحَمَّدٌ", "محمد"),
        ("القُـــدس", "القدس"),
        ("ڤيينا", "فيينا"),
        ("گورباتشوف", "كورباتشوف"),
        ("پاریس", "باريس"),
        ("علی کریم", "علي كريم"),
        ("«الشباب»", '"الشباب"'),
        ("٣٠ أيلول", "30 ايلول"),
        ("۳۰", "30"),
        ("٢٫٥٪", "2.5%"),
        ("#مجلس_الأمن", "#مجلس الامن"),
        ("NATO", "nato"),
        ("ÉLYSÉE", "élysée"),
        ("كوريا – اليابان", "كوريا - اليابان"),
        ("24الأخيرة", "24 الاخيره"),
        ("ﻷول ﻣﺮة", "لأول مرة"),
    ],
)
def test_two_spellings_of_one_thing_are_the_same(one: str, other: str) -> None:
    assert search_form(one) == search_form(other)


@pytest.mark.parametrize(
    ("one", "other"), [("سأل", "سئل"), ("مؤمن", "مومن"), ("حرب", "حرف"), ("15", "51"), ("علي", "عل")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert search_form(one) != search_form(other)


def test_a_name_brings_its_diacritics_along() -> None:
    text = "التقى الأميرُ محمَّدٌ قاضيَ القُضاةِ."
    form, offsets = search_form_with_map(text)
    for name, original in (("محمد", "محمَّدٌ"), ("الامير", "الأميرُ"), ("القضاه", "القُضاةِ")):
        start = form.index(name)
        first, last = offsets.to_original(start, start + len(name))
        assert text[first:last] == original


def test_lines_stay_lines() -> None:
    assert search_form("أول\n\n ثانية") == "اول\nثانيه"


@given(any_text)
@few_examples
def test_it_is_idempotent(text: str) -> None:
    form = search_form(text)
    assert search_form(form) == form


@given(any_text)
@few_examples
def test_it_is_the_search_form_of_the_display_form(text: str) -> None:
    display = display_form(text)
    assert search_form(display) == search_form(text) == search_form_of_display(display)[0]


@given(any_text)
@few_examples
def test_its_map_tiles_both_texts_and_keeps_their_order(text: str) -> None:
    form, offsets = search_form_with_map(text)
    assert (offsets.form_length, offsets.original_length) == (len(form), len(text))
    spans = [offsets.to_original(place, place + 1) for place in range(len(form))]
    assert spans == sorted(spans)
    assert all(0 <= start <= end <= len(text) for start, end in spans)


@given(st.text("ابتةىأإآؤئءيوهكلمن ", max_size=80))
@few_examples
def test_plain_arabic_letters_stay_each_in_its_place(text: str) -> None:
    words = " ".join(text.split())
    form, offsets = search_form_with_map(words)
    assert len(form) == len(words)
    assert offsets.runs == ([(len(words), len(words))] if words else [])


@given(any_text)
@few_examples
def test_nothing_of_what_is_folded_is_left(text: str) -> None:
    assert not set(search_form(text)) & set("أإآٱةىـًٌٍَُِّْ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ABCDEFGHIJKLMNOPQRSTUVWXYZ\r\t\u200f\u202e\xa0")
