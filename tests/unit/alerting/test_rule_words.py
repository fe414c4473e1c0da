from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerting.words import MAX_TERM_WORDS, WordFinder, forms_of, words_of
from services.normalization.search import search_form


def found(term: str, text: str) -> str | None:
    searched = search_form(text)
    place = WordFinder([term]).find(searched).get(term)
    return None if place is None else searched[place.start : place.end]


@pytest.mark.parametrize(
    "text",
    [
        "فيضان",
        "الفيضان",
        "والفيضان",
        "فالفيضان",
        "بالفيضان",
        "كالفيضان",
        "للفيضان",
        "وللفيضان",
        "بفيضان",
        "لفيضان",
        "وبفيضان",
    ],
)
def test_a_bare_word_is_found_with_what_is_written_onto_it(text: str) -> None:
    assert found("فيضان", f"حذر السكان من {text} جديد") == text


@pytest.mark.parametrize("text", ["فيضانات", "فيضانه", "مفيضان", "الالفيضان", "سوفيضان", "بوفيضان"])
def test_other_words_are_other_words(text: str) -> None:
    assert found("فيضان", f"حذر السكان من {text} جديد") is None


@pytest.mark.parametrize("text", ["العراق", "والعراق", "بالعراق", "للعراق", "وللعراق", "كالعراق"])
def test_a_word_with_its_article_keeps_it(text: str) -> None:
    assert found("العراق", f"وصل الوفد {text} مساء") == text


def test_a_word_with_its_article_is_not_found_without() -> None:
    assert found("العراق", "وصل الوفد عراق مساء") is None


def test_three_lams_are_written_as_two() -> None:
    assert found("اللجنة", "قدم التقرير للجنة الدولية") == "للجنه"
    assert found("لجنة", "قدم التقرير للجنة الدولية") == "للجنه"


def test_the_future_is_a_verb_with_s_in_front() -> None:
    assert found("يعلن", "قال إنه سيعلن النتائج") == "سيعلن"


@pytest.mark.parametrize("text", ["برد", "فرد", "سرد"])
def test_a_short_word_takes_no_single_letter(text: str) -> None:
    assert found("رد", f"موجة {text} قاسية") is None


def test_a_short_word_takes_the_article() -> None:
    assert found("رد", "جاء في الرد الرسمي") == "الرد"


def test_spelling_is_folded_on_both_sides() -> None:
    assert found("إدلب", "قصف على ادلب") == "ادلب"
    assert found("اوكرانيا", "الحرب في أُوكرانيا") == "اوكرانيا"
    assert found("NATO", "قال حلف Nato") == "nato"
    assert found("مستشفى", "قرب مستشفي المدينه") == "مستشفي"
    assert found("قرية", "في القريه نفسها") == "القريه"


def test_words_end_where_letters_end() -> None:
    assert found("حلب", "«حلب»، تحت القصف") == "حلب"
    assert found("حلب", "#حلب_تحت_القصف") == "حلب"
    assert found("24", "قناة فرنسا 2024") is None


def test_a_phrase_is_found_word_by_word() -> None:
    assert found("وقف إطلاق النار", "اتفق الطرفان على وقف لإطلاق النار في الجنوب") == "وقف لاطلاق النار"
    assert found("وقف إطلاق النار", "دعا إلى وقف\nإطلاق النار فورا") == "وقف\nاطلاق النار"
    assert found("وقف إطلاق النار", "وقف شهود إطلاق النار") is None
    assert found("وقف إطلاق النار", "دعا إلى وقف إطلاق") is None


def test_a_phrase_does_not_run_over_the_end_of_a_sentence() -> None:
    assert found("إطلاق النار", "شهد الحي حادث إطلاق. النار أتت على منزل") is None


def test_the_first_place_is_told() -> None:
    searched = search_form("سلام ثم حرب ثم سلام")
    assert WordFinder(["سلام"]).find(searched)["سلام"].start == 0


def test_overlapping_terms_are_all_found() -> None:
    searched = search_form("مجلس الأمن الدولي")
    terms = ["مجلس", "مجلس الأمن", "مجلس الأمن الدولي", "الأمن الدولي", "أمن", "دولي"]
    assert sorted(WordFinder(terms).find(searched)) == sorted(terms)


def test_nothing_is_found_without_terms_or_text() -> None:
    assert WordFinder([]).find("سلام") == {}
    assert WordFinder(["سلام"]).find("") == {}


def test_places_count_code_points_also_behind_characters_outside_the_basic_plane() -> None:
    assert found("سلام", "\U0001f54a\U0001f54a هذا سلام عادل") == "سلام"


def test_a_hostile_text_costs_no_more_than_its_length() -> None:
    terms = [" ".join(["من"] * length) for length in range(1, MAX_TERM_WORDS)] + ["من النهر"]
    searched = "من " * 85_000
    assert len(WordFinder(terms).find(searched)) == len(terms) - 1


letters = st.text("ابلكسوفعنري", min_size=1, max_size=4)
words = st.one_of(letters, st.builds("ال{}".format, letters))
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
clitics = st.sampled_from(["", "و", "ف", "ب", "ل", "ال", "وال", "بال", "لل", "ولل", "س"])
texts = st.lists(st.builds("{}{}{}".format, clitics, words, st.sampled_from(["", "،", ".", " -"])), max_size=12).map(
    " ".join
)


def stands_in(term: str, searched: str) -> bool:
    """The same question asked of a regular expression, a word at a time."""

    def pattern(word: str) -> str:
        ways = [f"(?:{'|'.join(sorted(map(re.escape, before)))}){re.escape(stem)}" for stem, before in forms_of(word)]
        return f"(?:{'|'.join(ways)})"

    between = r"[^\w.!?؟؛:]+"
    return re.search(rf"(?<![^\W_]){between.join(map(pattern, words_of(term)))}(?![^\W_])", searched) is not None


@settings(deadline=None, max_examples=300)
@given(st.lists(phrases, max_size=6), texts)
def test_many_terms_at_once_are_found_as_each_alone(terms: list[str], text: str) -> None:
    searched = search_form(text)
    together = WordFinder(terms).find(searched)
    assert set(together) == {term for term in terms if stands_in(term, searched)}
    for term, place in together.items():
        assert WordFinder([term]).find(searched) == {term: place}
        assert stands_in(term, searched[place.start : place.end])
        assert not stands_in(term, searched[: place.end - 1])


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=200), st.text(max_size=40).filter(words_of))
def test_any_text_may_be_searched_for_any_word(text: str, term: str) -> None:
    searched = search_form(f"{text} {term} {text}")
    for place in WordFinder([term]).find(searched).values():
        assert 0 <= place.start < place.end <= len(searched)
