"""A raw article in, a normalized one out."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings

from schemas.articles_normalized import Normalization, NormalizedArticle
from schemas.articles_raw import RawArticle
from services.normalization.article import normalize, normalize_text
from services.normalization.offsets import OffsetMap
from services.normalization.search import search_form
from tests.unit.normalization.texts import storable_text

STORY = (
    "انقطاع الكهرباء عن طنجة\r\n"
    "طنجة (المغرب)\xa0- انقطعت الكهربـــاء مساء الأحد عن نصف المدينة. وقالت الشركة إن 3.5 في المئة من المشتركين تضرروا.\r\n"
    "\r\n"
    "عطل في المحولات\r\n"
    "وأوضح المدير: &quot;العطل قديم. سنصلحه اليوم&quot;، من دون أن يحدد ساعة.\u200f\r\n"
    "التعليقات\r\n"
)


def raw(text: str, **fields: object) -> RawArticle:
    return RawArticle.model_validate(
        {
            "id": "tangier-1",
            "record_id": UUID(int=7),
            "source": "ميناء",
            "title": "انقطاع الكهرباء",
            "text": text,
            "published_at": datetime(2024, 5, 12, 18, tzinfo=UTC),
            "fetched_at": datetime(2024, 5, 12, 19, tzinfo=UTC),
            **fields,
        }
    )


def test_an_article_is_taken_apart_in_its_original_offsets() -> None:
    found = normalize(raw(STORY)).normalized
    assert [(paragraph.kind, STORY[paragraph.start : paragraph.end]) for paragraph in found.paragraphs] == [
        ("subhead", "انقطاع الكهرباء عن طنجة"),
        (
            "body",
            "طنجة (المغرب)\xa0- انقطعت الكهربـــاء مساء الأحد عن نصف المدينة. وقالت الشركة إن 3.5 في المئة من المشتركين تضرروا.",
        ),
        ("subhead", "عطل في المحولات"),
        ("body", "وأوضح المدير: &quot;العطل قديم. سنصلحه اليوم&quot;، من دون أن يحدد ساعة."),
        ("boilerplate", "التعليقات"),
    ]
    assert [STORY[sentence.start : sentence.end] for sentence in found.sentences][1:3] == [
        "طنجة (المغرب)\xa0- انقطعت الكهربـــاء مساء الأحد عن نصف المدينة.",
        "وقالت الشركة إن 3.5 في المئة من المشتركين تضرروا.",
    ]
    assert len(found.sentences) == 6
    assert found.dateline is not None
    assert found.dateline.text == STORY[found.dateline.start : found.dateline.end] == "طنجة (المغرب)"


def test_the_search_form_leads_back_to_the_original() -> None:
    found = normalize(raw(STORY)).normalized
    offsets = OffsetMap(found.search.runs)
    for name, original in (("الكهرباء مساء", "الكهربـــاء مساء"), ("طنجه", "طنجة"), ("الاحد", "الأحد")):
        start = found.search.text.rindex(name)
        first, last = offsets.to_original(start, start + len(name))
        assert STORY[first:last] == original


def test_every_field_of_the_raw_article_is_carried_on() -> None:
    article = raw(STORY, url="https://example.org/7", language="ar", category="محليات", tags=["كهرباء"])
    normalized = normalize(article)
    assert {**normalized.model_dump(exclude={"normalized"})} == article.model_dump()


def test_an_extra_field_of_the_same_name_gives_way() -> None:
    assert isinstance(normalize(raw(STORY, normalized="ours")).normalized, Normalization)


def test_the_result_is_a_valid_record_and_the_same_every_time() -> None:
    first, second = (normalize(raw(STORY, category="محليات")).model_dump_json() for _ in range(2))
    assert first == second
    assert NormalizedArticle.model_validate_json(first).model_dump_json() == first


def test_a_date_line_of_its_own_is_no_heading() -> None:
    text = "دمشق-سانا\nبدأت صباح اليوم أعمال صيانة الجسر الرئيسي في المدينة القديمة، وتستمر أسبوعين."
    found = normalize_text(text)
    assert found.dateline is not None
    assert found.dateline.text == "دمشق-سانا"
    assert [paragraph.kind for paragraph in found.paragraphs] == ["body", "body"]


@pytest.mark.parametrize("text", ["\u200f", "\n\n", "ـــ", "<p></p>", "\x00"])
def test_a_text_of_nothing_has_no_paragraphs(text: str) -> None:
    found = normalize_text(text)
    assert found.display.text == ""
    assert found.paragraphs == found.sentences == []
    assert sum(run[1] for run in found.display.runs) == len(text)


@given(storable_text)
@settings(max_examples=300, deadline=None)
def test_all_that_is_found_lies_in_order_within_the_text(text: str) -> None:
    found = normalize_text(text)
    for form in (found.display, found.search):
        assert sum(run[0] for run in form.runs) == len(form.text)
        assert sum(run[1] for run in form.runs) == len(text)
    assert found.search.text == search_form(text)
    reached = 0
    for paragraph in found.paragraphs:
        assert reached <= paragraph.start < paragraph.end <= len(text)
        reached = paragraph.end
    reached = 0
    for sentence in found.sentences:
        assert reached <= sentence.start < sentence.end
        assert any(place.start <= sentence.start and sentence.end <= place.end for place in found.paragraphs)
        reached = sentence.end
    if found.dateline:
        assert found.dateline.text == text[found.dateline.start : found.dateline.end]


def test_fields_of_any_name_are_carried_on() -> None:
    more = {name: name for name in ("cls", "self", "_fields_set", "values", "model_config", "__dict__", "ن" * 300)}
    found = normalize(raw(STORY, **more, normalized="stale"))
    assert found.model_extra == more
    written = orjson.loads(found.model_dump_json())
    assert written["normalized"]["display"]["text"] == found.normalized.display.text
    assert written | more == written
