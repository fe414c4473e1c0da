"""What an article brings and what a story holds at its bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas import stories as schema
from schemas.articles_deduplicated import Passage, Verdict
from services.deduplication.corrections import correction_mark
from services.deduplication.story import story_with
from services.deduplication.story_contribution import AHEAD, contribution
from services.deduplication.story_packing import packed, unpacked
from services.deduplication.story_record import story_record
from services.deduplication.story_state import (
    Contest,
    Contribution,
    Happening,
    Lead,
    Name,
    Outlet,
    Place,
    Side,
    Statement,
    Story,
    TollReport,
)  # fmt: skip
from tests.unit.deduplication.examples import NOON, article
from tests.unit.deduplication.stories import STORY, STRIKE, accusation, brought, denial, mayor, names, strike

QUAY = "وصلت باخرة القمح إلى الرصيف الرابع. وبدأ العمال تفريغها."


def of(published_at: datetime | None) -> Contribution:
    verdict = Verdict(relation="new", story_id=STORY, similarity=0, new_passages=[Passage(start=0, end=len(QUAY))])
    return contribution(article(QUAY, published_at=published_at), verdict)


@pytest.mark.parametrize(
    ("published_at", "at"),
    [
        (datetime(2099, 12, 31, tzinfo=UTC), NOON),
        (NOON + AHEAD + timedelta(seconds=1), NOON),
        (NOON + AHEAD, NOON + AHEAD),
        (NOON + timedelta(hours=5), NOON + timedelta(hours=5)),
        (NOON - timedelta(days=9000), NOON - timedelta(days=9000)),
        (None, NOON),
    ],
)
def test_a_time_far_ahead_of_the_fetching_is_no_time_of_an_article(published_at: datetime | None, at: datetime) -> None:
    assert of(published_at).at == at.timestamp()


def test_an_article_of_2099_does_not_keep_its_story_newest_for_good() -> None:
    later = NOON + timedelta(hours=3)
    story = story_with(story_with(None, of(datetime(2099, 12, 31, tzinfo=UTC))), of(later))
    assert (story.first_at, story.last_at) == (NOON.timestamp(), later.timestamp())


@pytest.mark.parametrize(("confidence", "counts"), [(0.9, True), (0.5, True), (0.49, False), (0.1, False)])
def test_an_unsure_event_is_told_but_neither_its_toll_nor_its_place_is_news(confidence: float, counts: bool) -> None:
    one = brought(events=[strike(confidence=confidence)])
    assert [happening.type for happening in one.happenings] == ["air_strike"]
    assert one.new_places == (("Ain al-Rumman",) if counts else ())
    assert len(one.tolls) == counts
    story = story_with(story_with(None, brought("إذاعة التل", entities=names(), events=[])), one)
    assert ("place" in story.changed, "toll" in story.changed) == (counts, counts)


@pytest.mark.parametrize("seen", [False, True])
def test_only_what_stands_in_a_new_passage_is_a_new_claim_toll_or_place(seen: bool) -> None:
    one = brought(events=[strike()], claims=[mayor(), accusation(), denial()], seen=seen)
    assert (len(one.tolls), len(one.new_places), len(one.happenings)) == (not seen, not seen, 1)
    assert [claim.stance for claim in one.claims] == ([] if seen else ["statement", "accusation", "denial"])
    assert len(one.said) == len(one.claims)


def test_of_two_claims_the_one_in_the_new_passage_is_news() -> None:
    whole = article(STRIKE, entities=names()).model_copy(update={"claims": [accusation(), mayor()]})
    new = [Passage(start=mayor().start, end=len(STRIKE))]
    one = contribution(whole, Verdict(relation="near_duplicate", story_id=STORY, similarity=0.5, new_passages=new))
    assert [claim.speaker for claim in one.claims] == ["Salim Hayek"]


@pytest.mark.parametrize(
    "title",
    [
        "تصحيح مسار المفاوضات",
        "تصحيح مسار المفاوضات يتصدر القمة",
        "توضيح الصورة قبل الاقتراع",
        "تصويب الأوضاع في سوق العمل",
        "استدراك ما فات من الموسم",
    ],
)
def test_the_word_alone_announces_no_correction(title: str) -> None:
    assert correction_mark(title, QUAY) is None
    assert correction_mark("", f"{title}. {QUAY}") is None
    assert brought(title=title, relation="new").mark is None


SIGN = "😀"
ID, SOURCE, NAME = 512, 200, 120


def long(size: int, number: int) -> str:
    """So many signs beyond the basic plane; others for another number."""
    return chr(0x1F400 + number) + SIGN * (size - 1)


def test_a_story_of_the_longest_ids_and_outlets_is_read_again() -> None:
    """At all its bounds, of signs that take twelve bytes each where a state is packed."""

    def few(number: int) -> tuple[str, ...]:
        return tuple(long(NAME, number + at) for at in range(3))

    story = Story(
        id=STORY,
        version=2**31,
        merged_into=None,
        merged_from=(STORY,) * schema.MOST_ABSORBED,
        lead=Lead(long(ID, 0), long(SOURCE, 0), "https://example.org/" + "a" * 4000, long(300, 0), 0),
        articles=10**6,
        outlets=tuple(Outlet(long(SOURCE, n), long(ID, n), n, n) for n in range(1, schema.MOST_OUTLETS + 1)),
        first_at=0,
        last_at=10**9,
        entities=tuple(Name(long(NAME, n), "ORG", "Q1", "SY", n + 1) for n in range(schema.MOST_ENTITIES)),
        places=tuple(Place(long(NAME, n), "SY", 35.512, 36.5, "town", n + 1) for n in range(schema.MOST_PLACES)),
        happenings=tuple(
            Happening(
                "shelling",
                long(NAME, n),
                "2026-03-14",
                n + 1,
                few(n),
                few(n),
                few(n),
                long(SOURCE, n + 1),
                long(ID, n + 1),
            )
            for n in range(schema.MOST_EVENTS)
        ),
        tolls=tuple(
            TollReport(
                n, "shelling", long(NAME, n), None, (n, None), (n, n), long(SOURCE, n + 1), few(n), long(ID, n + 1)
            )
            for n in range(schema.MOST_TOLLS)
        ),
        claims=tuple(
            Statement(
                long(80, n), "denial", None, long(schema.LONGEST_CLAIM, n), long(ID, n + 1), long(SOURCE, n + 1), n, ()
            )
            for n in range(schema.MOST_CLAIMS)
        ),
        contested=tuple(
            Contest(
                "toll",
                "shelling",
                long(NAME, n),
                tuple(
                    Side(long(schema.LONGEST_CLAIM, n), long(NAME, n), long(SOURCE, n + 1), long(ID, n + 1))
                    for _ in range(schema.MOST_SIDES)
                ),
            )
            for n in range(schema.MOST_CONTESTED)
        ),
        heard=tuple(range(128)),
        changed=("outlet",),
        article_id=long(ID, 1),
        record_id=STORY,
    )
    story_record(story)
    assert unpacked(packed(story)) == story
