"""What articles bring to a story, for the tests: of our own writing, put through the real normalization."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from schemas.articles_deduplicated import Passage, Relation, Verdict
from schemas.articles_extracted import Claim, Entity, Event
from services.deduplication.corrections import correction_mark
from services.deduplication.story import story_with
from services.deduplication.story_contribution import contribution
from services.deduplication.story_state import Contribution, Story
from tests.unit.deduplication.examples import NOON, article

STORY = "3f1d2b7e-8a40-5b6c-9c57-1e9a6f2b4d10"

STRIKE = (
    "قتل ثلاثة أشخاص في غارة جوية على بلدة عين الرمان صباح السبت، بحسب الدفاع المدني. "
    "واتهم مجلس البلدة سلاح الجو في دولة نهران بتنفيذ الغارة. "
    "ونفت وزارة الدفاع النهرانية أي مسؤولية لها عن الغارة. "
    "وقال رئيس البلدية سليم الحايك إن المدارس ستغلق أسبوعا."
)
PLACE = {"type": "LOC", "canonical": "Ain al-Rumman", "country": "SY", "lat": 35.5, "lon": 36.5, "precision": "town"}
COUNTRY = {"type": "LOC", "canonical": "Nahran", "country": "NH", "lat": 30.0, "lon": 50.0, "precision": "country"}


def span(words: str, text: str = STRIKE) -> dict[str, int]:
    start = text.index(words)
    return {"start": start, "end": start + len(words)}


def entity(words: str, canonical: str, type: str = "ORG", text: str = STRIKE, **more: Any) -> Entity:
    fields: dict[str, Any] = {"canonical": canonical, "type": type, "confidence": 0.9} | more
    return Entity(text=words, **span(words, text), **fields)


def names() -> list[Entity]:
    return [
        entity("عين الرمان", **PLACE),
        entity("نهران", **COUNTRY),
        entity("الدفاع المدني", "Civil Defence"),
        entity("وزارة الدفاع النهرانية", "Nahrani Ministry of Defence"),
        entity("سليم الحايك", "Salim Hayek", "PER"),
    ]


def strike(**more: Any) -> Event:
    fields: dict[str, Any] = {
        "type": "air_strike",
        "date": "2026-03-14",
        "places": ["Ain al-Rumman"],
        "killed": (3, 3),
        "sources": ["Civil Defence"],
        "confidence": 0.9,
    }
    return Event(trigger="غارة", start=STRIKE.index("غارة"), **(fields | more))


def claim(words: str, speaker: str, speaker_text: str, stance: str = "statement", **more: Any) -> Claim:
    fields: dict[str, Any] = {"cue": "قال", "quoted": False, "confidence": 0.95} | more
    return Claim(speaker=speaker, speaker_text=speaker_text, stance=stance, **span(words), **fields)


def accusation(**more: Any) -> Claim:
    words = "سلاح الجو في دولة نهران بتنفيذ الغارة"
    return claim(words, "مجلس البلدة", "مجلس البلدة", "accusation", **({"cue": "واتهم", "about": 0} | more))


def denial(**more: Any) -> Claim:
    words = "أي مسؤولية لها عن الغارة"
    fields: dict[str, Any] = {"cue": "ونفت", "about": 0} | more
    return claim(words, "Nahrani Ministry of Defence", "وزارة الدفاع النهرانية", "denial", **fields)


def mayor(words: str = "المدارس ستغلق أسبوعا", **more: Any) -> Claim:
    return claim(words, "Salim Hayek", "سليم الحايك", **more)


def brought(
    source: str = "وكالة الأفق",
    *,
    id: str = "",
    hours: float = 0,
    relation: Relation = "same_story",
    title: str = "غارة على عين الرمان",
    text: str = STRIKE,
    entities: Sequence[Entity] | None = None,
    events: Sequence[Event] = (),
    claims: Sequence[Claim] = (),
    seen: bool = False,
    published_at: datetime | None = NOON,
    story: str = STORY,
) -> Contribution:
    """What an article of `source`, published so many `hours` after noon, brings. `seen`: no passage of it is new."""
    when = None if published_at is None else published_at + timedelta(hours=hours)
    whole = article(
        text,
        id=id or f"{source} {hours}",
        source=source,
        title=title,
        published_at=when,
        entities=list(names() if entities is None else entities),
        events=list(events),
    ).model_copy(update={"claims": list(claims)})
    new = [] if seen else [Passage(start=0, end=len(text))]
    announced = correction_mark(whole.title, whole.text)
    verdict = Verdict(relation=relation, story_id=story, similarity=0, new_passages=new, notice=announced)
    return contribution(whole, verdict)


def story_of(*contributions: Contribution) -> Story:
    """The story once all of these were entered, in their order."""
    story: Story | None = None
    for one in contributions:
        story = story_with(story, one)
    assert story is not None
    return story
