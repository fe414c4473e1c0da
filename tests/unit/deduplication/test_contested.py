"""When two sources contradict each other, and when they only seem to."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.articles_extracted import Event
from services.deduplication.contested import distinct_voices, within_a_day
from services.deduplication.story_state import Contribution
from services.deduplication.story_tolls import day_number
from tests.unit.deduplication.stories import accusation, brought, claim, denial, story_of, strike


def counted(killed: tuple[int, int | None], *cited: str, **more: Any) -> Event:
    return strike(killed=killed, sources=list(cited), **more)


TWELVE = brought("وكالة الأفق", events=[counted((12, 12), "Civil Defence")])


class TestATollIsContested:
    def test_where_another_source_gives_a_lower_one_later(self) -> None:
        later = brought("صحيفة المرفأ", hours=5, events=[counted((4, 4), "Nahrani Ministry of Defence")])
        story = story_of(TWELVE, later)
        assert story.changed == ("outlet", "contested")
        (contest,) = story.contested
        assert (contest.about, contest.type, contest.place) == ("toll", "air_strike", "Ain al-Rumman")
        assert [(side.says, side.said_by, side.source) for side in contest.sides] == [
            ("killed 12", "Civil Defence", "وكالة الأفق"),
            ("killed 4", "Nahrani Ministry of Defence", "صحيفة المرفأ"),
        ]

    def test_where_two_sources_differ_within_three_hours(self) -> None:
        soon = brought("صحيفة المرفأ", hours=2, events=[counted((20, 22), "Nahrani Ministry of Defence")])
        assert "contested" in story_of(TWELVE, soon).changed

    @pytest.mark.parametrize(
        ("hours", "event"),
        [
            (9, counted((20, 20), "Nahrani Ministry of Defence")),  # the toll has risen since
            (5, counted((4, 4), "Civil Defence")),  # the same source corrects itself
            (5, counted((4, 4))),  # nobody is cited: an old report, perhaps
            (5, counted((4, 4), "مصدر أمني")),  # a source that may be anybody
            (5, counted((11, 11), "Nahrani Ministry of Defence")),  # counts differ by one
            (5, counted((4, None), "Nahrani Ministry of Defence")),  # more than three may be twelve
            (5, counted((1, 1), "Nahrani Ministry of Defence")),  # so few are of something else
            (5, counted((4, 4), "Nahrani Ministry of Defence", date="2026-03-11")),  # another day
            (5, counted((4, 4), "Nahrani Ministry of Defence", places=["Tell Qamar"])),  # another place
            (5, counted((4, 4), "Nahrani Ministry of Defence", places=[])),  # who knows where
            (5, counted((4, 4), "Nahrani Ministry of Defence", type="armed_clash")),  # another event
            (40, counted((4, 4), "Nahrani Ministry of Defence")),  # two days later
        ],
    )
    def test_and_else_it_is_not(self, hours: float, event: Event) -> None:
        assert story_of(TWELVE, brought("صحيفة المرفأ", hours=hours, events=[event])).contested == ()

    def test_once_and_further_voices_join(self) -> None:
        lower = brought("صحيفة المرفأ", hours=2, events=[counted((4, 4), "Nahrani Ministry of Defence")])
        voice = brought("إذاعة الساحل", hours=2, events=[counted((25, 25), "Salim Hayek")])
        story = story_of(TWELVE, lower, voice)
        assert "contested" not in story.changed
        assert [side.said_by for side in story.contested[0].sides] == [
            "Civil Defence",
            "Nahrani Ministry of Defence",
            "Salim Hayek",
        ]


class TestAPerpetratorIsContested:
    def test_where_the_accused_denies(self) -> None:
        story = story_of(
            brought("وكالة الأفق", events=[strike()], claims=[accusation()]),
            brought("صحيفة المرفأ", hours=1, events=[strike()], claims=[denial()]),
        )
        assert story.changed == ("outlet", "denial", "contested")
        (contest,) = story.contested
        assert (contest.about, contest.type) == ("perpetrator", "air_strike")
        assert [side.said_by for side in contest.sides] == ["مجلس البلدة", "Nahrani Ministry of Defence"]

    def test_also_within_the_article_that_opens_the_story(self) -> None:
        story = story_of(brought(events=[strike()], claims=[accusation(), denial()]))
        assert story.changed == ("opened", "contested")

    def test_not_where_somebody_else_denies(self) -> None:
        other = claim("أي مسؤولية لها عن الغارة", "Civil Defence", "الدفاع المدني", "denial", cue="ونفى", about=0)
        story = story_of(brought(events=[strike()], claims=[accusation()]), brought(hours=1, claims=[other]))
        assert story.contested == ()

    def test_not_where_the_matter_is_no_attack(self) -> None:
        talks = strike(type="meeting", killed=None)
        story = story_of(brought(events=[talks], claims=[accusation(), denial()]))
        assert story.contested == ()

    def test_where_outlets_cite_different_sources_for_different_ones(self) -> None:
        def told(source: str, actor: str, cited: str) -> Contribution:
            return brought(source, events=[strike(actors=[actor], targets=["سكان البلدة"], sources=[cited])])

        ours, theirs = "Nahrani Air Force", "Black Banner Brigade"
        first = told("وكالة الأفق", ours, "Civil Defence")
        assert story_of(first, told("صحيفة المرفأ", theirs, "Nahrani Ministry of Defence")).contested[0].sides[1].says
        assert not story_of(first, told("صحيفة المرفأ", "Nahrani Army", "Nahrani Ministry of Defence")).contested
        assert not story_of(first, told("صحيفة المرفأ", theirs, "Civil Defence")).contested
        assert not story_of(first, told("صحيفة المرفأ", "طائرة مجهولة", "Nahrani Ministry of Defence")).contested


def test_a_target_is_contested_where_one_side_denies() -> None:
    def told(source: str, target: str, cited: str, **more: Any) -> Contribution:
        event = strike(actors=["Nahrani Air Force"], targets=[target], sources=[cited])
        return brought(source, events=[event], **more)

    first = told("وكالة الأفق", "Mercy Hospital", "Civil Defence")
    second = ("صحيفة المرفأ", "Black Banner Brigade", "Nahrani Ministry of Defence")
    assert story_of(first, told(*second)).contested == ()
    (contest,) = story_of(first, told(*second, claims=[denial()])).contested
    assert [side.says for side in contest.sides] == ["Mercy Hospital", "Black Banner Brigade"]
    assert contest.about == "target"


def test_voices_are_distinct_where_each_can_be_told() -> None:
    assert distinct_voices(["Civil Defence"], ["Nahrani Ministry of Defence"])
    assert distinct_voices(["Civil Defence", "مصدر أمني"], ["سليم الحايك"])
    assert not distinct_voices(["Nahrani Army"], ["Nahrani Ministry of Defence"])
    assert not distinct_voices(["Civil Defence"], [])
    assert not distinct_voices(["مصادر محلية"], ["شهود عيان"])


def test_dates_are_compared_by_the_calendar() -> None:
    assert within_a_day("2026-02-28", "2026-03-01")
    assert not within_a_day("2026-02-28", "2026-03-02")
    assert within_a_day(None, "2026-03-02")
    assert day_number("1970-01-02") == 1
    assert day_number("2026-02-31") is None
