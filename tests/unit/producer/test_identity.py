"""Which article it is, and which version of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from services.producer.identity import article_id, record_id
from tests.unit.producer.samples import NOON, TEXT

WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


def test_a_given_id_is_kept() -> None:
    assert article_id("wakala", "https://wakala.example/1", "W-1", "عنوان", TEXT) == "W-1"


def test_a_revision_at_the_same_address_is_the_same_article() -> None:
    first = article_id("wakala", "https://wakala.example/1", None, "عنوان", TEXT)
    assert article_id("wakala", "https://wakala.example/1", None, "عنوان آخر", TEXT + " تحديث.") == first


def test_two_outlets_at_one_address_are_two_articles() -> None:
    url = "https://shared.example/1"
    assert article_id("wakala", url, None, "", TEXT) != article_id("sahifa", url, None, "", TEXT)


def test_without_an_address_the_content_names_the_article() -> None:
    assert article_id("wakala", None, None, "عنوان", TEXT) == article_id("wakala", "", "", "عنوان", TEXT)
    assert article_id("wakala", None, None, "عنوان", TEXT) != article_id("wakala", None, None, "عنوان", TEXT + ".")


@given(WORDS, WORDS, WORDS, WORDS)
@settings(deadline=None, max_examples=60)
def test_where_title_ends_and_text_begins_makes_a_difference(source: str, title: str, between: str, text: str) -> None:
    one = article_id(source, None, None, title + between, text)
    other = article_id(source, None, None, title, between + text)
    assert (one == other) == (between == "")


def test_the_record_id_tells_versions_of_one_article_apart() -> None:
    first = record_id("W-1", "عنوان", TEXT, NOON)
    assert record_id("W-1", "عنوان", TEXT, NOON) == first
    assert record_id("W-1", "عنوان", TEXT + " تحديث.", NOON) != first
    assert record_id("W-1", "عنوان جديد", TEXT, NOON) != first
    assert record_id("W-1", "عنوان", TEXT, NOON + timedelta(minutes=1)) != first
    assert record_id("W-1", "عنوان", TEXT, None) != first
    assert record_id("W-2", "عنوان", TEXT, NOON) != first


def test_the_same_moment_in_another_zone_is_the_same_version() -> None:
    in_riyadh = NOON.astimezone(timezone(timedelta(hours=3)))
    assert record_id("W-1", "", TEXT, in_riyadh) == record_id("W-1", "", TEXT, NOON)


def test_ids_do_not_change_between_releases() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert article_id("wakala", "https://wakala.example/1", None, "", "") == ARTICLE
    assert str(record_id("W-1", "عنوان", "نص", moment)) == VERSION


ARTICLE = "5daa235d-31da-5342-8291-3e2f7ca388f0"
VERSION = "38459617-3564-5b33-a992-f7432a3596f4"
