from services.deduplication.body import compared_sentences
from tests.unit.deduplication.examples import FLOOD, article


def test_sentences_carry_their_place_in_the_original() -> None:
    text = "\n".join(FLOOD).replace("المياه", "الميــاه")
    found = compared_sentences(article(text))
    assert [text[sentence.start : sentence.end].strip() for sentence in found] == text.split("\n")
    assert "المياه." not in found[1].words
    assert found[1].words[-1] == "المياه"


def test_the_date_line_is_not_compared() -> None:
    plain, dated = article(FLOOD), article(("دمشق: " + FLOOD[0], *FLOOD[1:]))
    assert dated.normalized.dateline is not None
    assert [sentence.words for sentence in compared_sentences(dated)] == [
        sentence.words for sentence in compared_sentences(plain)
    ]


def test_repeated_paragraphs_are_compared_once() -> None:
    repeated = article((*FLOOD, FLOOD[0], FLOOD[1]))
    assert "repeated" in {paragraph.kind for paragraph in repeated.normalized.paragraphs}
    assert len(compared_sentences(repeated)) == len(FLOOD)


def test_the_outlets_furniture_is_not_compared() -> None:
    furnished = article((*FLOOD, "التعليقات"))
    assert "boilerplate" in {paragraph.kind for paragraph in furnished.normalized.paragraphs}
    assert len(compared_sentences(furnished)) == len(FLOOD)


def test_where_nothing_but_furniture_is_left_it_is_compared() -> None:
    assert [sentence.words for sentence in compared_sentences(article("التعليقات"))] == [["التعليقات"]]
