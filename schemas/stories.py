"""`stories`: what is known of each story, after each change. Keyed by story, so that the latest record is its state."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from schemas.articles_extracted import EntityType, EventType, Toll
from schemas.record import Part, Record

Change = Literal[
    "opened", "outlet", "place", "toll", "claim", "denial", "contested",
    "revision", "correction", "retraction", "merged", "absorbed",
]  # fmt: skip
Stance = Literal["statement", "denial", "confirmation", "accusation"]
Precision = Literal["exact", "near", "town", "region", "country"]
ContestedMatter = Literal["target", "perpetrator", "toll"]
Articles = Annotated[int, Field(ge=1, description="in how many articles of the story; exact copies are not counted")]
EventDate = Annotated[str | None, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]

MOST_OUTLETS = 40
MOST_ENTITIES = 24
MOST_PLACES = 16
MOST_EVENTS = 16
MOST_TOLLS = 24
MOST_CLAIMS = 16
MOST_CONTESTED = 8
MOST_SIDES = 4
MOST_ABSORBED = 16
LONGEST_CLAIM = 200


class StoryLead(Part):
    """The article that opened the story."""

    id: str
    source: str
    url: str | None
    title: str
    published_at: AwareDatetime | None


class StoryOutlet(Part):
    """An outlet that tells the story, and its first article to come in."""

    source: str
    article_id: str
    at: Annotated[AwareDatetime, Field(description="time of its earliest article")]
    articles: Annotated[int, Field(ge=1, description="copies included")]


class StoryEntity(Part):
    """Somebody or something named in the story."""

    canonical: str
    type: EntityType
    wikidata: str | None = None
    country: str | None = None
    articles: Articles


class StoryPlace(Part):
    """A place named in the story."""

    canonical: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision | None = None
    articles: Articles


class StoryEvent(Part):
    """Something that the story's articles report as having happened."""

    type: EventType
    place: Annotated[str | None, Field(description="canonical name of the most specific place")] = None
    date: EventDate = None
    articles: Articles


class StoryToll(Part):
    """A toll as one article gives it."""

    at: AwareDatetime
    type: EventType
    place: str | None = None
    date: Annotated[EventDate, Field(description="of the event")] = None
    killed: Toll | None = None
    wounded: Toll | None = None
    source: Annotated[str, Field(description="the outlet")]
    cited: Annotated[list[str], Field(description="who is cited for the event")] = []
    article_id: str


class StoryClaim(Part):
    """Something said, the first time that the story had it."""

    speaker: str
    stance: Stance
    about: Annotated[EventType | None, Field(description="type of the event that it is about")] = None
    text: Annotated[str, Field(max_length=LONGEST_CLAIM, description="what is said, cut at a word")]
    article_id: str
    source: Annotated[str, Field(description="the outlet")]
    at: AwareDatetime


class ContestedSide(Part):
    """What one side says of a contested matter."""

    says: Annotated[str, Field(max_length=LONGEST_CLAIM)]
    said_by: Annotated[str, Field(description="who is cited; the outlet where nobody is")]
    source: Annotated[str, Field(description="the outlet")]
    article_id: str


class Contested(Part):
    """Sources say incompatible things about one event."""

    about: ContestedMatter
    type: EventType
    place: str | None = None
    sides: Annotated[list[ContestedSide], Field(min_length=2, max_length=MOST_SIDES)]


class Story(Record):
    """The state of a story and what its last article changed. All lists are bounded: a state is a few kB.

    Where a list is full the least telling goes: the least mentioned name, tolls between the first and the highest, plain
    statements before denials. Outlets beyond the bound count in `articles` only.
    """

    schema_name: ClassVar[str] = "rasid.stories"
    schema_version: ClassVar[int] = 1

    story_id: str
    version: Annotated[int, Field(ge=1, description="how often the state has changed")]
    status: Annotated[Literal["open", "merged"], Field(description="merged: it went into another, and stays so")]
    merged_into: Annotated[str | None, Field(description="the story that goes on in its place")] = None
    merged_from: Annotated[list[str], Field(max_length=MOST_ABSORBED, description="stories taken in")] = []
    lead: StoryLead
    articles: Annotated[int, Field(ge=1, description="articles and revisions, copies included")]
    outlets: Annotated[list[StoryOutlet], Field(max_length=MOST_OUTLETS)]
    first_at: Annotated[AwareDatetime, Field(description="the earliest of the articles' own times")]
    last_at: AwareDatetime
    entities: Annotated[list[StoryEntity], Field(max_length=MOST_ENTITIES, description="most mentioned first")] = []
    places: Annotated[list[StoryPlace], Field(max_length=MOST_PLACES, description="most mentioned first")] = []
    events: Annotated[list[StoryEvent], Field(max_length=MOST_EVENTS, description="most mentioned first")] = []
    tolls: Annotated[list[StoryToll], Field(max_length=MOST_TOLLS, description="in the order of arrival")] = []
    killed: Annotated[Toll | None, Field(description="what the outlets last said of the story's main event")] = None
    wounded: Annotated[Toll | None, Field(description="as `killed`")] = None
    claims: Annotated[list[StoryClaim], Field(max_length=MOST_CLAIMS)] = []
    contested: Annotated[list[Contested], Field(max_length=MOST_CONTESTED)] = []
    changed: Annotated[list[Change], Field(description="what the last article changed; empty: only counts and times")]
    article_id: Annotated[str, Field(description="the article that caused this state")]
    record_id: Annotated[UUID, Field(description="its version")]
