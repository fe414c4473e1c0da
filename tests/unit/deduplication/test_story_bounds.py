"""Whatever articles bring: versions, bounds, counts and bytes of a story."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import stories as schema
from schemas.stories import Story as StoryRecord
from services.deduplication.story import story_merged, story_with
from services.deduplication.story_claims import MOST_HEARD, cut
from services.deduplication.story_packing import PackedStoryError, packed, unpacked
from services.deduplication.story_record import story_record
from services.deduplication.story_state import (
    Contribution,
    Happening,
    Lead,
    Name,
    Place,
    Statement,
    Story,
    TollReport,
)  # fmt: skip
from services.runtime.wire import decode, encode
from tests.unit.deduplication.stories import accusation, brought, denial, mayor, strike

RECORD = "5e0c1a77-3d4b-5f0a-9b6e-2c8d7f1a4e60"

texts = st.text(max_size=12) | st.sampled_from(["غارة", "عين الرمان", "Nahran", "أب\ud800", "😀\u200f", '"\\\n'])
writable = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
types = st.sampled_from(["air_strike", "shelling", "meeting", "armed_attack"])
stances = st.sampled_from(["statement", "denial", "confirmation", "accusation"])
times = st.integers(-(10**9), 4 * 10**9)
dates = st.sampled_from([None, "2026-03-14", "2026-03-15", "2026-02-31"])
numbers = st.integers(0, 10**9)
ranges = st.none() | st.tuples(numbers, st.none() | numbers)
codes = st.integers(0, 0xFFFF)


def contributions(words: st.SearchStrategy[str] = texts) -> st.SearchStrategy[Contribution]:
    few = st.lists(words, max_size=3).map(tuple)
    places = st.builds(
        Place, words, st.none() | st.just("SY"), st.none() | st.just(35.512), st.none() | st.just(36.5),
        st.sampled_from([None, "exact", "near", "town", "region", "country"]), st.just(1),
    )  # fmt: skip
    names = st.builds(Name, words, st.sampled_from(["PER", "ORG", "GRP"]), st.none(), st.none(), st.just(1))
    happenings = st.builds(Happening, types, st.none() | words, dates, st.just(1), few, few, few, words, words)
    tolls = st.builds(TollReport, times, types, st.none() | words, dates, ranges, ranges, words, few, words)
    faces = st.lists(st.sampled_from(["نهرا", "بلده"]), max_size=2).map(tuple)
    claims = st.builds(Statement, words, stances, st.none() | types, words, words, words, times, faces)

    def rows(one: Any, most: int) -> Any:
        return st.lists(one, max_size=most).map(tuple)

    @st.composite
    def contribution(draw: Any) -> Contribution:
        said = draw(rows(claims, 3))
        return Contribution(
            story_id=draw(words),
            lead=Lead(draw(words), draw(words), draw(st.none() | words), draw(words), draw(st.none() | times)),
            record_id=RECORD,
            at=draw(times),
            mark=draw(st.sampled_from([None, "revision", "correction"])),
            entities=draw(rows(names, 3)),
            places=draw(rows(places, 3)),
            happenings=draw(rows(happenings, 3)),
            new_places=draw(few),
            tolls=draw(rows(tolls, 3)),
            claims=said,
            said=tuple(draw(st.tuples(codes, codes, codes)) for _ in said),
        )

    return contribution()


def story_of(articles: list[Contribution]) -> Story:
    story: Story | None = None
    for article in articles:
        story = story_with(story, article)
    assert story is not None
    return story


@settings(deadline=None, max_examples=40)
@given(st.lists(contributions(), min_size=1, max_size=4))
def test_each_article_raises_the_version_by_one_and_moves_the_times_apart(articles: list[Contribution]) -> None:
    story: Story | None = None
    for number, article in enumerate(articles, start=1):
        story = story_with(story, article)
        assert (story.version, story.articles, story.article_id) == (number, number, article.lead.id)
    assert story is not None
    assert story.lead == articles[0].lead
    assert story.first_at == min(article.at for article in articles)
    assert story.last_at == max(article.at for article in articles)
    assert {outlet.source for outlet in story.outlets} == {article.lead.source for article in articles}
    assert sum(outlet.articles for outlet in story.outlets) == len(articles)


@settings(deadline=None, max_examples=40)
@given(st.lists(contributions(), min_size=1, max_size=4))
def test_a_packed_story_comes_back_the_same(articles: list[Contribution]) -> None:
    story = story_of(articles)
    assert unpacked(packed(story)) == story
    assert packed(unpacked(packed(story))) == packed(story)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(contributions(writable), min_size=1, max_size=4), st.lists(contributions(writable), min_size=1, max_size=4)
)
def test_the_record_of_any_story_is_valid_and_so_are_those_of_a_merge(
    some: list[Contribution], others: list[Contribution]
) -> None:
    dated = [[one._replace(tolls=(), happenings=()) if "2026-02-31" in repr(one) else one for one in part]
             for part in (some, others)]  # fmt: skip
    one, other = story_of(dated[0]), story_of(dated[1])
    into, gone = story_merged(one, other, "w-9", RECORD)
    for story in (one, into, gone):
        record = story_record(story)
        assert decode(StoryRecord, encode(record)) == record
    outlets = {outlet.source for outlet in (*one.outlets, *other.outlets)}
    assert {outlet.source for outlet in into.outlets} == outlets
    assert into.articles == one.articles + other.articles


def crowd(number: int) -> Contribution:
    """An article that has as many things of its own as one may bring."""
    own = f"{number}"
    return Contribution(
        story_id="story",
        lead=Lead(own, f"صحيفة {own}", None, "عنوان", number),
        record_id=RECORD,
        at=number * 60,
        mark=None,
        entities=tuple(Name(f"Name {own} {at}", "PER", None, None, 1) for at in range(12)),
        places=tuple(Place(f"Place {own} {at}", None, None, None, None, 1) for at in range(8)),
        happenings=tuple(
            Happening("shelling", f"Place {own} {at}", None, 1, (), (), (), f"صحيفة {own}", own) for at in range(8)
        ),
        new_places=(),
        tolls=tuple(
            TollReport(number * 60, "shelling", f"Place {own} {at}", None, (number, number), None, own, (), own)
            for at in range(6)
        ),
        claims=(
            Statement(
                f"Speaker {own}", "denial" if number < 9 else "statement", None, f"قول{own}", own, own, number, ()
            ),
        ),
        said=((number, number + 1000, number + 2000),),
    )


def test_everything_is_bounded_and_a_full_story_is_a_few_kilobytes() -> None:
    story = story_of([crowd(number) for number in range(120)])
    full = [story.outlets, story.entities, story.places, story.happenings, story.tolls, story.claims, story.heard]
    assert [len(rows) for rows in full] == [
        schema.MOST_OUTLETS,
        schema.MOST_ENTITIES,
        schema.MOST_PLACES,
        schema.MOST_EVENTS,
        schema.MOST_TOLLS,
        schema.MOST_CLAIMS,
        MOST_HEARD,
    ]
    assert story.articles == 120
    assert len(packed(story)) < 4096


def test_where_a_list_is_full_the_least_telling_goes() -> None:
    story = story_of([crowd(number) for number in (*range(100), *range(2))])
    assert [claim.speaker for claim in story.claims if claim.stance == "denial"] == [f"Speaker {n}" for n in range(9)]
    assert (story.tolls[0].killed, max(toll.killed for toll in story.tolls if toll.killed)) == ((0, 0), (99, 99))
    assert story.entities[0].articles == 2
    assert [outlet.source for outlet in story.outlets] == [f"صحيفة {number}" for number in range(40)]


def test_an_outlet_beyond_the_bound_counts_in_articles_and_is_no_change() -> None:
    story = story_of([crowd(number) for number in range(schema.MOST_OUTLETS)])
    assert "outlet" not in story_with(story, crowd(500)).changed


def test_a_story_of_one_usual_article_takes_less_than_500_bytes_and_of_ten_less_than_2500() -> None:
    first = brought(
        events=[strike()], claims=[accusation(), denial(), mayor()], id="068b69e4-c40e-5291-a084-cc07b0c76abf"
    )
    assert len(packed(story_of([first]))) < 500
    more = [brought(f"صحيفة {hours}", hours=hours, events=[strike(killed=(hours, hours))]) for hours in range(1, 10)]
    assert len(packed(story_of([first, *more]))) < 2500


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\x07abc", b"\x01", b"\x01\xff\xff", packed(story_of([crowd(1)]))[:-9]]
)
def test_bytes_that_are_no_packed_story_are_told(data: bytes) -> None:
    with pytest.raises(PackedStoryError):
        unpacked(data)


def test_a_state_does_not_depend_on_the_seed_of_hashes() -> None:
    program = (
        "from tests.unit.deduplication.test_story_bounds import crowd, story_of, packed;"
        "print(packed(story_of([crowd(n) for n in range(50)])).hex())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_what_is_said_is_cut_behind_a_word() -> None:
    assert cut("قول قصير\nفي سطرين") == "قول قصير في سطرين"
    long = cut("كلمة " * 100)
    assert len(long) <= schema.LONGEST_CLAIM
    assert long.endswith("كلمة…")
    assert len(cut("ك" * 1000)) <= schema.LONGEST_CLAIM


def test_the_dictionary_of_a_format_never_changes() -> None:
    """States in Redis were packed with it: one that was changed could not be read."""
    dictionary = files("services.deduplication").joinpath("data/story_dictionary.1.txt").read_bytes()
    assert sha256(dictionary).hexdigest() == "9e633ef850c20c6d83b5d7c490c3bb38d1af21756490a8ec5f1bebfd1a8f3f8c"
