"""What the topic `stories` says: the latest state of each story, and which of them are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.stories import Story
from services.alerting.aliases import canonical_names
from services.alerting.words import name_key
from services.producer.admission import parse_time
from services.runtime.wire import WireError, decode

SHORT_ID = 8
"""Digits of a story's id that are shown where they tell it from all others."""

_AGO = re.compile(r"(\d{1,6})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ID = re.compile(r"[0-9a-f][0-9a-f-]*")


class Shelf:
    """The latest state of each story, of those only that are wanted: there may be many.

    A topic may still hold several states of a story, in any order where two workers wrote them: the highest version counts.
    """

    def __init__(self, wanted: Callable[[Story], bool]) -> None:
        self._wanted = wanted
        self._versions: dict[str, int] = {}
        self.stories: dict[str, Story] = {}
        self.went_into: dict[str, str] = {}
        self.unreadable = 0

    @property
    def ids(self) -> Iterable[str]:
        """Of all stories, wanted or not."""
        return self._versions.keys()

    def put(self, record: Any) -> None:
        """One more record of the topic."""
        if record.value is None:
            self._forget((record.key or b"").decode("utf-8", "replace"))
            return
        try:
            story = decode(Story, record.value)
        except WireError:
            self.unreadable += 1
            return
        if story.version < self._versions.get(story.story_id, 0):
            return
        self._forget(story.story_id)
        self._versions[story.story_id] = story.version
        if story.merged_into is not None:
            self.went_into[story.story_id] = story.merged_into
        if self._wanted(story):
            self.stories[story.story_id] = story

    def _forget(self, story_id: str) -> None:
        for known in (self._versions, self.stories, self.went_into):
            known.pop(story_id, None)

    def newest_first(self) -> list[Story]:
        """The wanted stories by the time of their last article."""
        return sorted(self.stories.values(), key=lambda story: (story.last_at, story.story_id), reverse=True)

    def goes_on_in(self, story_id: str) -> str:
        """The story that a merged one has come to, over any number of steps; itself where it goes on."""
        passed = {story_id}
        while (further := self.went_into.get(story_id)) is not None and further not in passed:
            passed.add(further)
            story_id = further
        return story_id


class Name:
    """A name as a person gives it: canonical or a part of it, in any spelling that extraction knows, or an identifier."""

    def __init__(self, given: str) -> None:
        self._identifier = given.upper()
        self._canonical = frozenset(canonical_names(given))
        self._key = name_key(given)

    def fits(self, canonical: str, identifier: str | None) -> bool:
        """Whether this names it; `identifier` is a country's code or a Wikidata id."""
        if identifier == self._identifier or canonical in self._canonical:
            return True
        return bool(self._key) and self._key in name_key(canonical)


@dataclass(frozen=True)
class Wanted:
    """Which stories are asked for."""

    since: datetime | None = None
    place: Name | None = None
    entity: Name | None = None
    outlets: int = 1
    contested: bool = False
    merged: bool = False

    def fits(self, story: Story) -> bool:
        """Whether the story in this state is one of them."""
        return (
            (self.merged or story.status == "open")
            and (self.since is None or story.last_at >= self.since)
            and len(story.outlets) >= self.outlets
            and (bool(story.contested) or not self.contested)
            and (self.place is None or any(self.place.fits(one.canonical, one.country) for one in story.places))
            and (self.entity is None or any(self.entity.fits(one.canonical, one.wikidata) for one in story.entities))
        )


def since_when(text: str, now: datetime) -> datetime | None:
    """The moment meant by 90m, 24h, 7d, 2w or a date; None where it is none of them."""
    ago = _AGO.fullmatch(text.strip().lower())
    if ago is None:
        return parse_time(text.strip())
    try:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def begins_an_id(text: str) -> bool:
    """Whether an id of a story may begin so."""
    return bool(_ID.fullmatch(text))


def short_ids(ids: Sequence[str], among: Iterable[str]) -> list[str]:
    """The ids, each as short as tells it from all `among` which it is, and not shorter than usual."""
    ordered = sorted({*ids, *among})
    place = {one: at for at, one in enumerate(ordered)}
    shortened = []
    for one in ids:
        at = place[one]
        neighbours = ordered[max(at - 1, 0) : at] + ordered[at + 1 : at + 2]
        shortened.append(one[: max([SHORT_ID, *(_alike(one, other) + 1 for other in neighbours)])])
    return shortened


def _alike(one: str, other: str) -> int:
    """How many characters two ids begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
