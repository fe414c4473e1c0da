"""`articles.extracted`: who, where, when, what happened, who says so."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.articles_normalized import NormalizedArticle
from schemas.record import Confidence, Offset, Part

EntityType = Literal["PER", "ORG", "GRP", "LOC"]
EventType = Literal[
    "air_strike", "missile_attack", "drone_attack", "shelling", "bombing", "armed_attack", "armed_clash", "seizure",
    "abduction", "arrest", "protest", "agreement", "sanction", "meeting", "other_violence",
]  # fmt: skip
Toll = Annotated[
    tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)] | None],
    Field(description="[least, most] as stated; most null where open: «more than 20» is [21, null]"),
]


class Entity(Part):
    """One mention of a named person, organisation, armed group or place."""

    text: Annotated[str, Field(description="the words of the original text at start:end")]
    start: Offset
    end: Offset
    type: Annotated[EntityType, Field(description="PER person, ORG organisation, GRP armed non-state group, LOC place")]
    canonical: Annotated[str, Field(description="the usual English name, the same for every mention of the same thing")]
    wikidata: Annotated[str | None, Field(pattern=r"^Q\d+$")] = None
    country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2, of a place")] = None
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    precision: Annotated[
        Literal["exact", "near", "town", "region", "country"] | None,
        Field(
            description="what lat and lon are the centre of; near: of the known town or site that the text puts it at"
        ),
    ] = None
    role: Annotated[
        str | None,
        Field(description="title, rank or office that the text gives a person beside this mention, its words"),
    ] = None
    confidence: Confidence


class DateMention(Part):
    """A date or time of day, resolved against the time of publication where the text leaves parts open."""

    text: str
    start: Offset
    end: Offset
    date: Annotated[str | None, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="ISO date, month or year")] = (
        None
    )
    time: Annotated[str | None, Field(pattern=r"^\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?$")] = None
    part_of_day: Literal["dawn", "morning", "noon", "afternoon", "evening", "night"] | None = None


class Quantity(Part):
    """A number with what it counts."""

    text: str
    start: Offset
    end: Offset
    least: float
    most: Annotated[float | None, Field(description="null where open")]
    unit: Annotated[
        str | None,
        Field(description="what is counted: killed, wounded, missing, displaced, arrested, or the words of the text"),
    ] = None
    whom: Annotated[str | None, Field(description="of whom a toll speaks, in words of the text; null where unsaid")] = (
        None
    )


class Event(Part):
    """Something concrete that the article reports as having happened."""

    type: EventType
    trigger: Annotated[str, Field(description="the word of the text that best names it")]
    start: Offset
    date: Annotated[str | None, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] = None
    places: Annotated[list[str], Field(description="canonical names, the most specific first")] = []
    actors: Annotated[list[str], Field(description="canonical names or words of the text")] = []
    targets: Annotated[list[str], Field(description="canonical names or words of the text")] = []
    killed: Toll | None = None
    wounded: Toll | None = None
    sources: Annotated[list[str], Field(description="who is cited for it")] = []
    confidence: Confidence


class Claim(Part):
    """A statement attributed to someone; start:end is what is said."""

    speaker: Annotated[str, Field(description="canonical name or words of the text")]
    speaker_text: str
    cue: Annotated[str, Field(description="the reporting verb or phrase")]
    start: Offset
    end: Offset
    quoted: Annotated[bool, Field(description="any of it stands in quotation marks")]
    via: Annotated[
        list[str], Field(description="through whom the statement came, the nearest to the speaker first")
    ] = []
    stance: Literal["statement", "denial", "confirmation", "accusation"] = "statement"
    about: Annotated[int | None, Field(ge=0, description="index into `events`")] = None
    confidence: Confidence


class Extraction(Part):
    """What an engine finds in one article."""

    engine: Annotated[str, Field(description="name and version of the engine")]
    entities: list[Entity] = []
    dates: list[DateMention] = []
    quantities: list[Quantity] = []
    events: list[Event] = []
    claims: list[Claim] = []


class ExtractedArticle(NormalizedArticle):
    """The normalized article and what the engine found in it."""

    schema_name: ClassVar[str] = "rasid.articles.extracted"

    engine: str
    entities: list[Entity]
    dates: list[DateMention]
    quantities: list[Quantity]
    events: list[Event]
    claims: list[Claim]
