"""Stories as they stand on the topic, for tests of their views."""

from __future__ import annotations

from typing import Any

from schemas.stories import Story
from services.deduplication.story import story_merged, story_with
from services.deduplication.story_record import story_record
from services.deduplication.story_state import Story as State
from tests.unit.deduplication.stories import STORY, accusation, brought, denial, mayor, strike

ABSORBED = "5f1d2b7e-8a40-5b6c-9c57-1e9a6f2b4d10"
RIVER = "إذاعة النهر"


def states() -> list[Story]:
    """A strike told by three outlets: opened, contested by the second, told apart by the third and then made one."""
    first = story_with(None, brought(claims=[mayor()], events=[strike()], relation="new"))
    second = story_with(first, brought("صحيفة الضفة", hours=2, claims=[accusation(), denial()], events=[_seven()]))
    apart = story_with(None, brought(RIVER, hours=3, relation="new", events=[strike(killed=(9, None))], story=ABSORBED))
    merged = story_merged(second, apart, f"{RIVER} 3", first.record_id)
    return [told(one) for one in (first, second, apart, *merged)]


def story(**changes: Any) -> Story:
    """The first of them, otherwise."""
    return Story.model_validate(states()[0].model_dump() | {"story_id": STORY} | changes)


def told(state: State) -> Story:
    """The state as the topic has it."""
    return story_record(state)


def _seven() -> Any:
    return strike(killed=(7, 7), sources=["Salim Hayek"])
