"""The words of an article: folded, in order, each with its place in the original text."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.extraction.words import Words, fold, read_words, tokens
from tests.unit.extraction.writing import article, name


def test_words_are_folded_and_keep_their_place_in_the_original() -> None:
    text = "أكّدتِ الـوزارة أنّ ٢٥٠ جريحاً غادروا «مستشفى» المدينة."
    words = Words(article(text))
    assert words.forms == ["اكدت", "الوزاره", "ان", "250", "جريحا", "غادروا", '"', "مستشفي", '"', "المدينه", "."]
    assert [text[a:b] for a, b in zip(words.starts, words.ends, strict=True)] == [
        "أكّدتِ", "الـوزارة", "أنّ", "٢٥٠", "جريحاً", "غادروا", "«", "مستشفى", "»", "المدينة", ".",
    ]  # fmt: skip


def test_the_date_line_and_the_outlets_furniture_are_no_sentences() -> None:
    words = Words(article("دبي، الإمارات العربية المتحدة (CNN)-- وصلت السفينة إلى المرفأ بعد رحلة طويلة."))
    first = words.sentences[0][0]
    assert words.forms[first] == "وصلت"


def test_quotation_marks_pair_within_a_paragraph_and_nest() -> None:
    words = Words(article('قال "زرنا مقر "الفجر" أمس" وغادر.\nثم قال " لا'))
    opening = [i for i, form in enumerate(words.forms) if form == '"']
    assert {opening[0]: opening[3], opening[1]: opening[2]} == words.closes
    assert words.quoted[opening[0] + 1]
    assert not words.quoted[opening[3] + 1]


def test_an_entity_covers_the_words_it_shares() -> None:
    text = "وصل وفد لروسيا الاتحادية"
    written = article(text)
    words = read_words(written)
    (entity,) = name(text, "روسيا الاتحادية", "LOC", "Russia")
    assert [words.forms[i] for i in range(*words.span(entity))] == ["لروسيا", "الاتحاديه"]
    assert read_words(written) is words


@settings(deadline=None, max_examples=150)
@given(
    st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from('أإآىةكـًّ"«»“”.،:()_#٣7 \n')), max_size=150)
)
@example("\x91Ø\x91")  # three words in the place of one repaired block
def test_places_are_in_order_for_any_text(text: str) -> None:
    written = article(text or " ")
    words = Words(written)
    assert len(words.forms) == len(words.starts) == len(words.ends) == len(words.spaced) == len(words.sentence_of)
    assert all(0 <= a < b <= len(written.text) for a, b in zip(words.starts, words.ends, strict=True))
    assert words.starts == sorted(words.starts)
    assert all(words.forms)
    assert all(first < last for first, last in words.closes.items())
    covered = [i for a, b in words.sentences for i in range(a, b)]
    assert covered == sorted(set(covered))


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=100))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert tokens(fold(text)) == tokens(fold(fold(text)))
