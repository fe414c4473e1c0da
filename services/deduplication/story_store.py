"""The states of stories in Redis: any number of workers enter articles, none is lost and none counts twice."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files

from schemas.articles_deduplicated import StorySoFar
from schemas.articles_extracted import ExtractedArticle
from schemas.stories import Change
from services.deduplication.index import DAY_SECONDS, MERGERS_IN_A_ROW, Judged, Redis, packed_story_so_far
from services.deduplication.story import story_merged, story_with
from services.deduplication.story_contribution import contribution
from services.deduplication.story_packing import packed, unpacked
from services.deduplication.story_state import Story

_VERSION = struct.Struct(">I")


@dataclass(frozen=True)
class Entered:
    """An article's story as the article left it, and the states to publish, in order, with where each stands."""

    so_far: StorySoFar
    states: tuple[Story, ...]
    refs: tuple[bytes, ...]


@dataclass
class _Shelf:
    """The stories of a batch as they are worked on: the states that were read, and those that changed."""

    states: dict[bytes, Story | None]
    versions: dict[bytes, int]
    changed: dict[bytes, Story] = field(default_factory=dict)

    def put(self, ref: bytes, story: Story) -> None:
        self.states[ref] = self.changed[ref] = story


@dataclass
class _Group:
    """Articles whose stories hang together: they are written at once or not at all."""

    places: list[int]
    refs: dict[bytes, None]


class StoryStore:
    """Stories under the keys of the index; each expires with its first article."""

    def __init__(self, redis_client: Redis, prefix: str, fingerprint_days: int, story_days: int) -> None:
        self._redis = redis_client
        self._read = redis_client.register_script(_script("stories_read.lua"))
        self._write = redis_client.register_script(_script("stories_write.lua"))
        self._prefix = f"{{{prefix}}}:dedup:"
        self._days = max(fingerprint_days, story_days) + 2
        self._copy_days = fingerprint_days + 2

    async def enter(self, articles: Sequence[ExtractedArticle], judged: Sequence[Judged]) -> list[Entered | None]:
        """Enter each article in its story, in order; None where another worker changed the story meanwhile.

        An article that was entered before is told the same again, with the states of now of all the stories that it
        changed: the worker that entered it may have ended before it published them. An article whose record stands twice
        in the batch is entered once, and told twice.
        """
        if not articles:
            return []
        seconds, _ = await self._redis.time()
        today = int(seconds) // DAY_SECONDS
        # The first record of a story that was taken in points to the other by now: its own state is asked for as well.
        plain = dict.fromkeys(story.ref for one in judged for story in one.absorbed)
        plain |= dict.fromkeys(one.story_ref for one in judged if one.verdict.story)
        where, shelf = await self._shelf(list(dict.fromkeys(one.story_ref for one in judged)), list(plain), today)
        entered: list[Entered | None] = []
        first: dict[str, int] = {}
        for place, (article, one) in enumerate(zip(articles, judged, strict=True)):
            again = first.setdefault(str(article.record_id), place)
            before = entered[again] if again != place else None
            entered.append(replace(before, states=(), refs=()) if before else _entered(article, one, where, shelf))
        written = await self._written(articles, judged, entered, where, shelf, today)
        return [one if ok else None for one, ok in zip(entered, written, strict=True)]

    async def newer(self, told: Mapping[bytes, int]) -> list[tuple[bytes, Story]]:
        """Of stories, given with the version last published of them, the states that are newer."""
        seconds, _ = await self._redis.time()
        _, shelf = await self._shelf([], list(told), int(seconds) // DAY_SECONDS)
        return [(ref, story) for ref, story in shelf.states.items() if story and story.version > told[ref]]

    async def _shelf(
        self, followed: Sequence[bytes], plain: Sequence[bytes], today: int
    ) -> tuple[dict[bytes, bytes], _Shelf]:
        """Where the stories of `followed` stand after all mergers, and the states of those and of `plain`."""
        keys = [*self._keys("records", today, self._days), *self._keys("stories", today, self._days)]
        args = [today, self._days, MERGERS_IN_A_ROW, len(followed), *followed, *plain]
        answers = await self._read(keys=keys, args=args)
        where: dict[bytes, bytes] = {}
        shelf = _Shelf({}, {})
        for place, ref in enumerate((*followed, *plain)):
            stands, state = answers[2 * place], answers[2 * place + 1]
            if place < len(followed):
                where[ref] = stands
            if stands not in shelf.states:
                shelf.states[stands] = unpacked(state[_VERSION.size :]) if state else None
                shelf.versions[stands] = _VERSION.unpack_from(state)[0] if state else 0
        return where, shelf

    async def _written(
        self,
        articles: Sequence[ExtractedArticle],
        judged: Sequence[Judged],
        entered: Sequence[Entered | None],
        where: Mapping[bytes, bytes],
        shelf: _Shelf,
        today: int,
    ) -> list[bool]:
        fresh = {place for place, one in enumerate(judged) if one.verdict.story is None}
        ok = [True] * len(articles)
        groups = list(_groups(judged, where, fresh))
        args: list[bytes | int] = [today, self._days, self._copy_days]
        for group in groups:
            refs = [ref for ref in group.refs if ref in shelf.changed]
            records = {str(articles[place].record_id): place for place in reversed(group.places)}
            args += [len(refs), len(records)]
            for ref in refs:
                story = shelf.changed[ref]
                args += [ref, shelf.versions[ref], _VERSION.pack(story.version) + packed(story)]
            for place in records.values():
                one = entered[place]
                assert one is not None
                args += [articles[place].record_id.bytes, packed_story_so_far(one.so_far)]
        if groups:
            keys = [*self._keys("stories", today, self._days), *self._keys("copies", today, self._copy_days)]
            for group, answer in zip(groups, await self._write(keys=keys, args=args), strict=True):
                for place in group.places:
                    ok[place] = bool(answer)
        return ok

    def _keys(self, kind: str, today: int, days: int) -> list[str]:
        return [f"{self._prefix}{kind}:{today + 1 - age}" for age in range(days)]


def _entered(article: ExtractedArticle, one: Judged, where: Mapping[bytes, bytes], shelf: _Shelf) -> Entered:
    ref = where[one.story_ref]
    story = shelf.states[ref]
    if one.verdict.story is not None:
        touched = dict.fromkeys((*(gone.ref for gone in one.absorbed), one.story_ref, ref))
        now = {changed: state for changed in touched if (state := shelf.states.get(changed))}
        return Entered(one.verdict.story, tuple(now.values()), tuple(now))
    states: list[Story] = []
    refs: list[bytes] = []
    changed: list[Change] = []
    for gone in one.absorbed:
        other = shelf.states.get(gone.ref)
        if story is None or other is None or gone.ref == ref or other.merged_into or story.merged_into:
            continue  # another worker has yet to enter what opened it: that article will find its way here
        story, absorbed = story_merged(story, other, article.id, str(article.record_id))
        shelf.put(gone.ref, absorbed)
        states += [absorbed, story]
        refs += [gone.ref, ref]
        changed.append("merged")
    brought = contribution(article, one.verdict)
    if story is not None and story.merged_into is not None:
        story = story._replace(merged_into=None)
    story = story_with(story, brought)
    if one.verdict.relation == "new" and story.version > 1:
        # A later article of the story, judged elsewhere, was entered sooner: this is the one that opened it.
        story = story._replace(lead=brought.lead)
    shelf.put(ref, story)
    states.append(story)
    refs.append(ref)
    so_far = StorySoFar(
        version=story.version,
        articles=story.articles,
        outlets=len(story.outlets),
        contested=bool(story.contested),
        changed=list(dict.fromkeys([*changed, *story.changed])),
    )
    return Entered(so_far, tuple(states), tuple(refs))


def _groups(judged: Sequence[Judged], where: Mapping[bytes, bytes], fresh: set[int]) -> Iterable[_Group]:
    """The articles that are to be written, together with all whose stories they share or make one."""
    group_of: dict[bytes, _Group] = {}
    groups: dict[int, _Group] = {}
    for place, one in enumerate(judged):
        if place not in fresh:
            continue
        refs = [where[one.story_ref], *(gone.ref for gone in one.absorbed)]
        joined = _Group([place], dict.fromkeys(refs))
        for other in {id(group_of[ref]): group_of[ref] for ref in refs if ref in group_of}.values():
            joined = _Group(other.places + joined.places, other.refs | joined.refs)
            groups.pop(id(other), None)
        groups[id(joined)] = joined
        for ref in joined.refs:
            group_of[ref] = joined
    return groups.values()


def _script(name: str) -> str:
    return files("services.deduplication").joinpath(name).read_text("utf-8")
