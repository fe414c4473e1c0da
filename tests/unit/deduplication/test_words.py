import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.deduplication.words import LONGEST_WORD, folded, stem, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("الحكومة", "والحكومة"),
        ("مدينة", "بالمدينة"),
        ("للشركة", "الشركة"),
        ("مسؤول", "المسؤولين"),
        ("أعلنت", "اعلنت"),
        ("الطائرات", "طائرات"),
        ("مستشفى", "المستشفي"),
    ],
)
def test_a_word_has_one_stem_with_and_without_clitics_and_hamza(one: str, other: str) -> None:
    assert stem(folded(one)) == stem(folded(other))
    assert stems(words(one)).codes == stems(words(other)).codes


@pytest.mark.parametrize("word", ["من", "فيل", "ولد", "بحر"])
def test_short_words_are_left_alone(word: str) -> None:
    assert stem(word) == word


def test_words_of_every_article_weigh_nothing_and_unknown_ones_most() -> None:
    common, known, unknown = stems(["في", "اجتماع", "قرطشنبوط"]).rarities
    assert common < 0.5 < known < unknown


def test_punctuation_is_no_word_and_digits_are() -> None:
    assert words("قال: «نعم»، 240 قتيلا…") == ["قال", "نعم", "240", "قتيلا"]


def test_an_endless_word_is_cut() -> None:
    found = words("ا" * 100_000)
    assert {len(word) for word in found[:-1]} == {LONGEST_WORD}
    assert sum(map(len, found)) == 100_000


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_any_text_has_stems(text: str) -> None:
    found = words(text)
    codes, rarities = stems(found)
    assert len(codes) == len(rarities) == len(found)
    assert (rarities >= 0).all()


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ابتجحدرسعفقكلمنهويةىأإآ", min_size=1, max_size=12))
def test_a_stem_is_never_empty_nor_longer_than_the_word(word: str) -> None:
    assert 0 < len(stem(word)) <= len(word)
