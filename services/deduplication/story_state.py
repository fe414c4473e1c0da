"""The state of a story as it is held between articles: plain tuples, bounded, equal where equal.

Times are whole seconds since 1970. Tolls are (least, most), most None where open.
"""

from __future__ import annotations

from typing import NamedTuple

from schemas.articles_extracted import EntityType, EventType
from schemas.stories import Change, ContestedMatter, Precision, Stance

Range = tuple[int, int | None]


class Lead(NamedTuple):
    """The article that opened the story; `published_at` None where unknown."""

    id: str
    source: str
    url: str | None
    title: str
    published_at: int | None


class Outlet(NamedTuple):
    """An outlet, its first article to come in, the time of its earliest, and how many it brought."""

    source: str
    article_id: str
    at: int
    articles: int


class Name(NamedTuple):
    """A named entity, and in how many articles it is."""

    canonical: str
    type: EntityType
    wikidata: str | None
    country: str | None
    articles: int


class Place(NamedTuple):
    """A named place; degrees to three decimals."""

    canonical: str
    country: str | None
    lat: float | None
    lon: float | None
    precision: Precision | None
    articles: int


class Happening(NamedTuple):
    """An event, and how it was told first: by whom, to whom, who is cited for it, in which article of which outlet."""

    type: EventType
    place: str | None
    date: str | None
    articles: int
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    cited: tuple[str, ...]
    source: str
    article_id: str


class TollReport(NamedTuple):
    """The toll of an event as one article gives it."""

    at: int
    type: EventType
    place: str | None
    date: str | None
    killed: Range | None
    wounded: Range | None
    source: str
    cited: tuple[str, ...]
    article_id: str


class Statement(NamedTuple):
    """Something said. `faces`: whom an accusation accuses, who denies in a denial (see `story_claims.faces`)."""

    speaker: str
    stance: Stance
    about: EventType | None
    text: str
    article_id: str
    source: str
    at: int
    faces: tuple[str, ...]


class Side(NamedTuple):
    """What one side says of a contested matter, and who says it where."""

    says: str
    said_by: str
    source: str
    article_id: str


class Contest(NamedTuple):
    """A matter on which sources say incompatible things."""

    about: ContestedMatter
    type: EventType
    place: str | None
    sides: tuple[Side, ...]


class Story(NamedTuple):
    """A story. `heard`: codes of who has spoken of what, so that a statement that was dropped is not new again."""

    id: str
    version: int
    merged_into: str | None
    merged_from: tuple[str, ...]
    lead: Lead
    articles: int
    outlets: tuple[Outlet, ...]
    first_at: int
    last_at: int
    entities: tuple[Name, ...]
    places: tuple[Place, ...]
    happenings: tuple[Happening, ...]
    tolls: tuple[TollReport, ...]
    claims: tuple[Statement, ...]
    contested: tuple[Contest, ...]
    heard: tuple[int, ...]
    changed: tuple[Change, ...]
    article_id: str
    record_id: str


class Contribution(NamedTuple):
    """What one article brings to its story.

    `mark`: revision, correction or retraction where it is one. `tolls`, `claims` and `new_places` stand in passages that
    the stream had not yet seen; `entities`, `places` and `happenings` are all that the article has (none of an exact copy).
    """

    story_id: str
    lead: Lead
    record_id: str
    at: int
    mark: Change | None
    entities: tuple[Name, ...]
    places: tuple[Place, ...]
    happenings: tuple[Happening, ...]
    new_places: tuple[str, ...]
    tolls: tuple[TollReport, ...]
    claims: tuple[Statement, ...]
    said: tuple[tuple[int, int, int], ...]
