"""Records as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticSerializationError

from schemas.alerts_log import DeliveryAttempt
from schemas.articles_raw import RawArticle
from services.runtime.account import name_of
from services.runtime.wire import WireError, decode, encode, headers_for
from tests.support.articles import articles


def test_a_record_survives_the_wire_with_fields_that_the_schema_does_not_know() -> None:
    article = next(articles(1)).model_copy(update={"category": "economy"})
    again = decode(RawArticle, encode(article))
    assert again.model_extra == {"category": "economy"}
    assert encode(again) == encode(article)


def test_the_headers_name_schema_and_trace() -> None:
    article = next(articles(1))
    headers = dict(headers_for(RawArticle, article.record_id))
    assert headers["schema"] == b"rasid.articles.raw/1"
    assert name_of(list(headers.items()), b"", "any", 0, 0) == article.record_id.hex
    assert name_of([("traceparent", None)], encode(article), "any", 0, 0) == article.record_id.hex
    assert name_of([], b"not json", "any", 1, 2) == "any/1/2"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "no value"),
        (b"", "JSON"),
        (b"\xff", "JSON"),
        (b'{"id":""}', "id: String should have at least 1 character (and"),
        (b"[]", "the value"),
    ],
)
def test_what_is_no_record_is_refused_in_one_sentence(value: bytes | None, says: str) -> None:
    with pytest.raises(WireError, match=r"^[^\n]+$") as refused:
        decode(RawArticle, value)
    assert says in str(refused.value)


def test_the_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(WireError) as refused:
        decode(RawArticle, b'{"id": "a", "text": {"password": "hunter2"}}')
    assert "hunter2" not in str(refused.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_an_error(value: bytes) -> None:
    with pytest.raises(WireError):
        decode(DeliveryAttempt, value)


def test_a_record_with_a_field_of_the_wrong_kind_is_not_written() -> None:
    article = next(articles(1)).model_copy(update={"title": ["no", "title"]})
    with pytest.raises(PydanticSerializationError):
        encode(article)
