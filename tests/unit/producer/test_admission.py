"""What is let in, what is not, and what the rejected are told."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_raw import RawArticle
from services.producer.admission import MAX_EXTRAS_BYTES, parse_time
from services.producer.candidate import Candidate, Rejected
from services.runtime.wire import decode, encode
from tests.unit.producer.samples import ADMISSION, NOON, PERSIAN, TEXT, URDU, admitted, candidate


def rejection(**fields: object) -> Rejected:
    with pytest.raises(Rejected) as caught:
        admitted(**fields)
    return caught.value


def test_the_text_is_kept_to_the_letter() -> None:
    text = "  \u200f" + TEXT + "\r\n\n &amp; ٢٤الاخيرة <b>نص</b> \t"
    assert admitted(text=text).text == text


def test_fields_that_are_not_ours_are_carried_on() -> None:
    article = admitted(category="محليات", author="ليلى منصور", tags=["جسور", {"مدينة": 1}])
    again = decode(RawArticle, encode(article))
    assert again.model_extra == {"category": "محليات", "author": "ليلى منصور", "tags": ["جسور", {"مدينة": 1}]}


def test_what_the_pipeline_finds_itself_is_not_taken_from_outside() -> None:
    article = admitted(record_id="mine", language="xx", entities=[1], story_id="s", normalized={"a": 1}, relation="new")
    assert article.model_extra == {}
    assert article.language == "ar"


@pytest.mark.parametrize(
    "text", ["", None, "   \n\t ", "\u200f\u200b \u2066"], ids=["empty", "null", "white space", "invisible"]
)
def test_an_empty_text_is_rejected(text: object) -> None:
    assert rejection(text=text).reason == "empty"


def test_a_missing_text_is_rejected_with_the_field_to_fill() -> None:
    with pytest.raises(Rejected, match="field text is missing") as caught:
        ADMISSION.article(Candidate("a.jsonl:7", {"source": "wakala", "title": "عنوان"}), NOON)
    assert caught.value.origin == "a.jsonl:7"
    assert str(caught.value).startswith("a.jsonl:7: ")


def test_the_size_is_counted_in_bytes_of_utf8() -> None:
    half = "ب" * (128 * 1024)
    assert admitted(text=half).text == half
    error = rejection(text=half + "ب")
    assert error.reason == "too_large"
    assert "RASID_MAX_TEXT_BYTES" in error.message


def test_binary_is_not_text() -> None:
    assert rejection(text=TEXT + "\x00\x01\x02\x03" * 20).reason == "not_text"


def test_a_stray_control_character_does_no_harm() -> None:
    assert "\x0b" in admitted(text=TEXT + "\x0b").text


def test_text_of_the_wrong_encoding_is_told_so() -> None:
    error = rejection(text=TEXT + "\ufffd" * 30)
    assert error.reason == "not_text"
    assert "UTF-8" in error.message


def test_english_is_not_arabic_enough() -> None:
    error = rejection(text="The council opened a new bridge over the river on Sunday.")
    assert error.reason == "not_arabic"
    assert "0% of the letters" in error.message
    assert rejection(text="12345 67890").message.startswith("text has no letters")


def test_an_arabic_text_with_foreign_names_is_arabic() -> None:
    assert admitted(text=TEXT + " وقالت شركة International Bridges Company المنفذة إن العمل انتهى.").language == "ar"


def test_tags_and_entities_do_not_count_as_letters() -> None:
    marked_up = "<div class='article-body main content'><p style='color:black'>قال المتحدث</p></div>" * 3
    assert admitted(text=marked_up).language == "ar"
    assert admitted(text="".join(f"&#{ord(char)};" for char in TEXT)).language == "ar"


def test_mojibake_of_arabic_is_let_in_for_normalization_to_repair() -> None:
    garbled = TEXT.encode().decode("cp1252", "replace").replace("\ufffd", "")
    assert admitted(text=garbled).text == garbled


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (TEXT, "ar"),
        (TEXT.replace("ك", "ک").replace("ي", "ی"), "ar"),
        (TEXT + " وزار الوفد معمل گالاکسي في الجيزة.", "ar"),
        (PERSIAN, "fa"),
        (URDU, "ur"),
    ],
    ids=["arabic", "arabic typed with persian letters", "arabic with a foreign name", "persian", "urdu"],
)
def test_the_language_is_recorded(text: str, language: str) -> None:
    assert admitted(text=text).language == language


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("2024-05-01T12:00:00+03:00", datetime(2024, 5, 1, 9, tzinfo=UTC)),
        ("2024-05-01T12:00:00Z", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("2024-05-01 12:00", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("Wed, 01 May 2024 12:00:00 +0300", datetime(2024, 5, 1, 9, tzinfo=UTC)),
        ("Wed, 01 May 2024 12:00:00 GMT", datetime(2024, 5, 1, 12, tzinfo=UTC)),
    ],
)
def test_times_are_taken_as_iso_or_rfc_and_without_a_zone_as_utc(stated: str, meant: datetime) -> None:
    assert admitted(published_at=stated).published_at == meant


@pytest.mark.parametrize(
    "stated",
    ["أمس", "2024-13-01", "99999", "0001-01-01T00:00:00+14:00", "3024-01-01", "1" * 200_000, "2024-05-01T25:00"],
)
def test_what_is_no_time_is_rejected(stated: str) -> None:
    error = rejection(published_at=stated)
    assert error.reason == "bad_time"
    assert "ISO 8601" in error.message
    assert len(error.message) < 300


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=200)
def test_a_time_is_understood_or_not_but_nothing_is_raised(text: str) -> None:
    moment = parse_time(text)
    assert moment is None or moment.tzinfo is UTC


def test_an_unknown_time_of_publication_stays_unknown() -> None:
    assert admitted(published_at=None).published_at is None
    assert admitted(published_at="").published_at is None


def test_the_time_of_the_file_counts_before_the_wall_clock() -> None:
    of_file = datetime(2026, 1, 1, tzinfo=UTC)
    article = ADMISSION.article(Candidate("x", candidate().fields, of_file), NOON)
    assert article.fetched_at == of_file
    assert admitted().fetched_at == NOON
    assert admitted(fetched_at="2025-12-31T00:00:00Z").fetched_at == datetime(2025, 12, 31, tzinfo=UTC)


def test_lone_surrogates_are_replaced_and_pairs_are_joined() -> None:
    article = admitted(text=TEXT + "\ud83d\ude00 \ud800", title="\udfff")
    assert article.text.endswith("😀 \ufffd")
    assert article.title == "\ufffd"
    encode(article)


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("text", 5, "a number"),
        ("text", ["نص"], "a list"),
        ("title", {"ar": "عنوان"}, "an object"),
        ("url", True, "true or false"),
        ("published_at", 1714564800, "a number"),
        ("source", 1.5, "a number"),
        ("id", ["1"], "a list"),
    ],
)
def test_a_field_of_the_wrong_type_is_named(field: str, value: object, named: str) -> None:
    error = rejection(**{field: value})
    assert error.reason == "bad_field"
    assert error.message == f"{field} is {named}: give a string"


def test_a_number_is_taken_as_an_id() -> None:
    assert admitted(id=42).id == "42"


def test_too_long_fields_are_named_with_their_limit() -> None:
    assert rejection(title="ع" * 4097).reason == "title_too_long"
    assert "at most 512" in rejection(id="x" * 513).message
    assert "at most 4096" in rejection(url="https://x.example/" + "y" * 4096).message
    assert "at most 200" in rejection(source="و" * 201).message
    assert "control characters" in rejection(id="a\x1b[2J").message
    assert rejection(source="  ").message.startswith("source is missing")


def test_large_and_deep_further_fields_are_rejected() -> None:
    error = rejection(html="x" * MAX_EXTRAS_BYTES, note="y")
    assert error.reason == "bad_extras"
    assert "'html'" in error.message
    deep: object = 1
    for _ in range(1000):
        deep = [deep]
    assert rejection(deep=deep).reason == "bad_extras"
    assert rejection(number=2**80).reason == "bad_extras"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from(["id", "url", "source", "title", "text", "published_at", "fetched_at", "category"])
    | st.text(max_size=5),
    JSON | st.just(TEXT) | st.text(alphabet=st.characters(), max_size=30),
    max_size=8,
)


@given(FIELDS)
@settings(deadline=None, max_examples=300)
def test_whatever_the_fields_hold_the_candidate_is_admitted_or_rejected(fields: dict[str, object]) -> None:
    (articles, rejected) = ADMISSION.sort([Candidate("x:1", fields)], NOON)
    assert len(articles) + len(rejected) == 1
    for article in articles:
        assert decode(RawArticle, encode(article)) == article
        orjson.loads(encode(article))
    for error in rejected:
        assert error.origin == "x:1"
        assert 0 < len(error.message) < 1000


def test_a_rejection_goes_from_process_to_process() -> None:
    error = rejection(text="")
    again = pickle.loads(pickle.dumps(error))
    assert (again.reason, again.message, again.origin, str(again)) == (
        error.reason,
        error.message,
        error.origin,
        str(error),
    )


def test_equal_candidates_give_equal_bytes() -> None:
    assert encode(admitted(category="محليات")) == encode(admitted(category="محليات"))


@pytest.mark.parametrize("name", ["cls", "self", "_fields_set", "ن" * 201])
def test_further_fields_have_names_that_clash_with_nothing_and_are_short(name: str) -> None:
    error = rejection(**{name: 1})
    assert error.reason == "bad_extras"
    assert len(error.message) < 200
    assert admitted(**{"ن" * 200: 1}).model_extra == {"ن" * 200: 1}
