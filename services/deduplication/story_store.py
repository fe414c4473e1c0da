"""The states of stories in Redis: any number of workers enter articles, none is lost and none counts twice."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files

from schemas.articles_deduplicated import StorySoFar
from schemas.articles_extracted import ExtractedArticle
from services.deduplication.index import DAY_SECONDS, MERGERS_IN_A_ROW, Judged, Redis, key_prefix, packed_story_so_far
from services.deduplication.story import story_merged, story_with
from services.deduplication.story_contribution import contribution
from services.deduplication.story_packing import packed, unpacked
from services.deduplication.story_state import Story

_VERSION = struct.Struct(">I")
_AWAITED = 2**32 - 1
"""Stands for the version of a story that was taken in before the article that opens it was entered."""


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
    awaited: set[bytes] = field(default_factory=set)

    def put(self, ref: bytes, story: Story) -> None:
        self.states[ref] = self.changed[ref] = story

    def written(self, ref: bytes) -> bytes:
        """What is to be kept of a story; nothing where it was only looked at."""
        if story := self.changed.get(ref):
            return _VERSION.pack(story.version) + packed(story)
        return _VERSION.pack(_AWAITED) if ref in self.awaited else b""

    def standing(self, chain: Sequence[bytes]) -> bytes:
        """Of a story and those that it went into, one after the other, the first that is open, or is yet to be opened."""
        for ref in chain:
            story = self.states[ref]
            if story is None or story.merged_into is None:
                return ref
        return chain[-1]


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
        self._prefix = key_prefix(prefix)
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
        gone = dict.fromkeys(story.ref for one in judged for story in one.absorbed)
        chains, shelf = await self._shelf(list(dict.fromkeys(one.story_ref for one in judged)), list(gone), today)
        entered: list[Entered | None] = []
        first: dict[str, int] = {}
        to_come = Counter(gone.ref for one in judged if one.verdict.story is None for gone in one.absorbed)
        for place, (article, one) in enumerate(zip(articles, judged, strict=True)):
            to_come.subtract(gone.ref for gone in one.absorbed)
            again = first.setdefault(str(article.record_id), place)
            before = entered[again] if again != place else None
            entered.append(
                replace(before, states=(), refs=()) if before else _entered(article, one, chains, shelf, to_come)
            )
        written = await self._written(articles, judged, entered, chains, shelf, today)
        return [one if ok else None for one, ok in zip(entered, written, strict=True)]

    async def newer(self, told: Mapping[bytes, int]) -> list[tuple[bytes, Story]]:
        """Of stories, given with the version last published of them, the states that are newer."""
        seconds, _ = await self._redis.time()
        _, shelf = await self._shelf([], list(told), int(seconds) // DAY_SECONDS)
        return [(ref, story) for ref, story in shelf.states.items() if story and story.version > told[ref]]

    async def _shelf(
        self, followed: Sequence[bytes], plain: Sequence[bytes], today: int
    ) -> tuple[dict[bytes, list[bytes]], _Shelf]:
        """The stories of `followed` with those that they went into, one after the other; the states of all of them."""
        keys = [*self._keys("records", today, self._days), *self._keys("stories", today, self._days)]
        args = [today, self._days, MERGERS_IN_A_ROW, len(followed), *followed, *plain]
        answers = await self._read(keys=keys, args=args)
        shelf = _Shelf({}, {})
        for answer in answers:
            for ref, state in zip(answer[::2], answer[1::2], strict=True):
                if ref not in shelf.states:
                    shelf.states[ref] = unpacked(state[_VERSION.size :]) if len(state) > _VERSION.size else None
                    shelf.versions[ref] = _VERSION.unpack_from(state)[0] if state else 0
        return {chain[0]: chain[::2] for chain in answers[: len(followed)]}, shelf

    async def _written(
        self,
        articles: Sequence[ExtractedArticle],
        judged: Sequence[Judged],
        entered: Sequence[Entered | None],
        chains: Mapping[bytes, Sequence[bytes]],
        shelf: _Shelf,
        today: int,
    ) -> list[bool]:
        """For each article whether what became of it holds: where not, others changed one of the stories looked at."""
        fresh = {place for place, one in enumerate(judged) if one.verdict.story is None}
        ok = [True] * len(articles)
        groups = list(_groups(judged, chains, fresh))
        args: list[bytes | int] = [today, self._days, self._copy_days]
        for group in groups:
            records = {str(articles[place].record_id): place for place in reversed(group.places)}
            args += [len(group.refs), len(records)]
            for ref in group.refs:
                args += [ref, shelf.versions[ref], shelf.written(ref)]
            for place in records.values():
                one = entered[place]
                assert one is not None
                args += [articles[place].record_id.bytes, packed_story_so_far(one.so_far)]
        if groups:
            keys = [*self._keys("stories", today, self._days), *self._keys("copies", today, self._copy_days)]
            answers = await self._write(keys=keys, args=args)
            lost = {ref for group, answer in zip(groups, answers, strict=True) if not answer for ref in group.refs}
            for place, one in enumerate(entered):
                # Who was entered before is told of states too: of none that was not written.
                ok[place] = one is not None and lost.isdisjoint(one.refs)
            for group, answer in zip(groups, answers, strict=True):
                for place in group.places:
                    ok[place] = bool(answer)
        return ok

    def _keys(self, kind: str, today: int, days: int) -> list[str]:
        return [f"{self._prefix}{kind}:{today + 1 - age}" for age in range(days)]


def _entered(
    article: ExtractedArticle,
    one: Judged,
    chains: Mapping[bytes, Sequence[bytes]],
    shelf: _Shelf,
    to_come: Mapping[bytes, int],
) -> Entered:
    """`to_come`: how many later articles of the batch take in each story."""
    chain = chains[one.story_ref]
    ref = shelf.standing(chain)
    story = shelf.states[ref]
    if one.verdict.story is not None:
        touched = dict.fromkeys((*(gone.ref for gone in one.absorbed), one.story_ref, ref))
        now = {changed: state for changed in touched if (state := shelf.states[changed])}
        return Entered(one.verdict.story, tuple(now.values()), tuple(now))
    brought = contribution(article, one.verdict)
    states: list[Story] = []
    refs: list[bytes] = []
    gone = [other.ref for other in one.absorbed]
    opens = story is None
    if story is None:
        story = story_with(None, brought)
        shelf.put(ref, story)
        states.append(story)
        refs.append(ref)
        further = chain[chain.index(ref) + 1 :]
        into = further and shelf.states[shelf.standing(further)]
        if into and not into.merged_into and to_come.get(ref, 0) <= 0:
            # Whoever made the two one may have been entered before there was this one to take in.
            gone.insert(0, ref)
            ref, story = shelf.standing(further), into
    elif story.merged_into is not None:
        story = story._replace(merged_into=None)
    for other_ref in gone:
        other = shelf.states[other_ref]
        if other is None:
            shelf.awaited.add(other_ref)  # what opens it is yet to be entered, and will find its way here
            continue
        if other.merged_into or other_ref == ref:
            continue
        story, absorbed = story_merged(story, other, article.id, str(article.record_id))
        shelf.put(other_ref, absorbed)
        states += [absorbed, story]
        refs += [other_ref, ref]
    if not opens:
        story = story_with(story, brought)
        if one.verdict.relation == "new" and ref == one.story_ref:
            # A later article of the story, judged elsewhere, was entered sooner: this is the one that opened it.
            story = story._replace(lead=brought.lead)
        states.append(story)
        refs.append(ref)
    shelf.put(ref, story)
    changed = dict.fromkeys(change for state in states if not state.merged_into for change in state.changed)
    so_far = StorySoFar(
        version=story.version,
        articles=story.articles,
        outlets=len(story.outlets),
        contested=bool(story.contested),
        changed=list(changed),
    )
    return Entered(so_far, tuple(states), tuple(refs))


def _groups(judged: Sequence[Judged], chains: Mapping[bytes, Sequence[bytes]], fresh: set[int]) -> Iterable[_Group]:
    """The articles that are to be written, together with all whose stories they share or make one."""
    group_of: dict[bytes, _Group] = {}
    groups: dict[int, _Group] = {}
    for place, one in enumerate(judged):
        if place not in fresh:
            continue
        refs = [*chains[one.story_ref], *(gone.ref for gone in one.absorbed)]
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
