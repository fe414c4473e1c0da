"""Which state of a story counts, which stories are asked for, and how ids are cut."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.stories import Story
from services.cli.story_shelf import Name, Shelf, Wanted, begins_an_id, short_ids, since_when
from services.runtime.wire import encode
from tests.unit.cli.test_columns import Message
from tests.unit.cli.told_stories import ABSORBED, states, story
from tests.unit.deduplication.stories import STORY

NOW = datetime(2026, 3, 14, 16, tzinfo=UTC)


def message(state: Story) -> Message:
    return Message(encode(state), key=state.story_id.encode())


def shelf(records: Iterable[Message], wanted: Wanted | None = None) -> Shelf:
    found = Shelf((wanted or Wanted()).fits)
    for record in records:
        found.put(record)
    return found


def test_the_highest_version_counts_in_whatever_order_they_come() -> None:
    for order in permutations(states()):
        found = shelf(map(message, order))
        assert [(one.story_id, one.version) for one in found.newest_first()] == [(STORY, 3)]
        assert found.goes_on_in(ABSORBED) == STORY
        assert set(found.ids) == {STORY, ABSORBED}


def test_a_story_that_is_no_longer_what_was_asked_for_is_left_out() -> None:
    opened, contested = states()[:2]
    only_small = Shelf(lambda one: one.articles == 1)
    for state in (opened, contested):
        only_small.put(message(state))
    assert only_small.stories == {}


def test_a_story_that_was_deleted_is_forgotten_and_what_is_no_story_is_counted() -> None:
    found = shelf([message(states()[0]), Message(b"{}"), Message(b"\xff"), Message(None, key=STORY.encode())])
    assert (found.newest_first(), found.unreadable, list(found.ids)) == ([], 2, [])


def test_merged_stories_are_shown_when_asked_for() -> None:
    found = shelf(map(message, states()), Wanted(merged=True))
    assert {one.story_id for one in found.newest_first()} == {STORY, ABSORBED}


def test_stories_that_went_into_one_another_end_somewhere() -> None:
    found = shelf([])
    found.went_into = {"a": "b", "b": "c", "x": "y", "y": "x"}
    assert [found.goes_on_in(one) for one in ("a", "b", "c")] == ["c", "c", "c"]
    assert found.goes_on_in("x") in ("x", "y")


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), True),
        (Wanted(since=datetime(2026, 3, 14, 14, tzinfo=UTC)), True),
        (Wanted(since=datetime(2026, 3, 14, 14, 1, tzinfo=UTC)), False),
        (Wanted(outlets=2), True),
        (Wanted(outlets=3), False),
        (Wanted(contested=True), True),
        (Wanted(place=Name("ain al-rumman")), True),
        (Wanted(place=Name("rumman")), True),
        (Wanted(place=Name("sy")), True),
        (Wanted(place=Name("LB")), False),
        (Wanted(place=Name("Salim Hayek")), False),
        (Wanted(entity=Name("hayek")), True),
        (Wanted(entity=Name("civil defence")), True),
        (Wanted(entity=Name("Ain al-Rumman"), outlets=3), False),
    ],
)
def test_each_condition_is_one_that_must_hold(wanted: Wanted, fits: bool) -> None:
    assert wanted.fits(states()[1]) == fits


def test_names_are_understood_as_news_writes_them() -> None:
    assert Name("درعا").fits("Daraa", "SY")
    assert Name("لبنان").fits("Lebanon", None)
    assert not Name("درعا").fits("Damascus", "SY")
    assert Name("q42").fits("whoever", "Q42")
    assert Name("سليم").fits("سليم الحايك", None)
    assert not Name("—").fits("Daraa", None)


def test_a_time_is_so_long_ago_or_a_date() -> None:
    assert since_when("24h", NOW) == NOW - timedelta(days=1)
    assert since_when(" 90 M ", NOW) == NOW - timedelta(minutes=90)
    assert since_when("2w", NOW) == NOW - timedelta(weeks=2)
    assert since_when("2026-03-01", NOW) == datetime(2026, 3, 1, tzinfo=UTC)
    assert since_when("999999w", NOW) == datetime.min.replace(tzinfo=UTC)
    assert since_when("soon", NOW) is None


IDS = st.lists(st.text("0123456789abcdef-", min_size=12, max_size=12), min_size=1, max_size=30, unique=True)


@given(IDS)
def test_a_short_id_begins_one_id_only(ids: list[str]) -> None:
    for whole, short in zip(ids, short_ids(ids, ids), strict=True):
        assert [one for one in ids if one.startswith(short)] == [whole]
        assert len(short) >= 8


def test_what_no_id_begins_with_is_known() -> None:
    assert begins_an_id("3f1d")
    assert begins_an_id(STORY)
    assert not any(map(begins_an_id, ("", "xyz", "-1", "3f 1d", "3F")))


def test_a_record_of_a_later_schema_is_still_a_story() -> None:
    later = story(version=9).model_dump(mode="json") | {"mood": "tense"}
    assert shelf([message(Story.model_validate(later))]).newest_first()[0].version == 9
