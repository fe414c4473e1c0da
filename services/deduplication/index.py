"""The index of what was seen: one atomic script in Redis judges a batch, and remembers each verdict by `record_id`."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple, Protocol, get_args
from uuid import UUID

from schemas.articles_deduplicated import Notice, Passage, Relation, RevisionChange, StorySoFar, Verdict
from schemas.stories import Change
from services.deduplication.comparison import judgements_text
from services.deduplication.fingerprint import (
    ID_BYTES,
    PASSAGE_BYTES,
    SOURCE_BYTES,
    Fingerprint,
    short_hash,
)
from services.deduplication.story_terms import POSTED

ARTICLES_AT_ONCE = 32
"""Articles of one call of the script: Redis serves nobody else while it runs."""

WINDOW_DAYS = 3
"""Articles of one story stand at most so far apart, by their own times."""

LEAST_TERMS = 0.24
"""Cosine of story terms from which on texts are compared: of 628 labelled pairs of one story one has less."""

LEAD_SHARE = 0.3
"""What the story's first article weighs in whether another belongs to it, beside the member that is most alike."""

LEAD_FLOOR = -4.0
MERGE_LEAST = 2.2
"""Nats of odds from which on an article that belongs to two stories makes them one."""

SHARED_TERMS = 2
LEAST_VOTES = 100
"""Two articles are compared that share a band of their signatures, a passage, or so many of their heaviest terms, which
together weigh so much in the later one."""

LEAST_CORRECTED = 0.2
"""Cosine of terms from which on a correction may speak of an article."""

DAY_SECONDS = 24 * 60 * 60
MERGERS_IN_A_ROW = 1024
"""Stories that went one into the other before anybody asked for the first of them; who asks makes the way short."""

FORMAT = 2
"""Of what Redis holds. To be raised when it changes: a version never reads what another wrote, it begins with an empty
memory, and the old one expires."""

STORY_ID_BYTES = 16

REF_BYTES = 6
"""Of a reference to a record: its day (2) and its number (4)."""

_RELATIONS: tuple[Relation, ...] = ("new", "exact", "revision", "near_duplicate", "same_story")
_REVISION_CHANGES: tuple[RevisionChange, ...] = ("title", "lead", "numbers", "added", "cut")
_NOTICES: tuple[Notice | None, ...] = (None, "correction", "retraction")
_CHANGES: tuple[Change, ...] = get_args(Change)
_TOLD = struct.Struct(">BIIHBH")
_VERDICT = struct.Struct(">BHHBB6s16s")
_LENGTH = struct.Struct(">H")
_STRETCH = struct.Struct(">II")


class Redis(Protocol):
    """What the index asks of a Redis client: as `redis.asyncio.Redis`, answers in bytes."""

    def register_script(self, script: Any) -> Callable[..., Any]:
        """A callable of `keys` and `args` that runs the script, loading it where the server has it not."""

    def time(self) -> Any:
        """To be awaited: the server's clock, (seconds since 1970, microseconds)."""


class Absorbed(NamedTuple):
    """A story that went into another: the reference to its first record, and its id."""

    ref: bytes
    story_id: UUID


class Judged(NamedTuple):
    """A verdict, with the reference to the first record of its story, and the stories that the article made one with it.

    `verdict.story` is set where the article was entered in its story before: this is a repetition.
    """

    verdict: Verdict
    story_ref: bytes
    absorbed: tuple[Absorbed, ...]


def key_prefix(prefix: str) -> str:
    """What the names of all keys begin with: the hash tag, and the format of what they hold."""
    return f"{{{prefix}}}:dedup:{FORMAT}:"


class DeduplicationIndex:
    """Verdicts on articles, by what Redis has seen of them. Any number of workers share one index.

    `prefix` becomes the hash tag of all keys. Copies are recognised, and verdicts repeated, for at least
    `fingerprint_days` days; the words of a day's articles for `story_days` days from the first of them to come in. An article costs 1.7 kB of Redis'
    memory (measured on the news of five outlets).

    `memory_since`: from when on Redis remembers, in seconds since 1970; None before the first batch. What came earlier is
    not recognised: a beginning that moves means that Redis was emptied.
    """

    def __init__(self, redis_client: Redis, prefix: str, fingerprint_days: int, story_days: int) -> None:
        self._redis = redis_client
        self._script = redis_client.register_script(_SCRIPT)
        self._prefix = key_prefix(prefix)
        self._story_days = story_days
        # A day lives whole until its last article is old enough; tomorrow's may have been begun by another worker.
        self._copy_days = fingerprint_days + 2
        self._record_days = max(fingerprint_days, story_days) + 2
        self.memory_since: int | None = None

    async def judge(self, batch: Sequence[Fingerprint]) -> list[Judged]:
        """A verdict for each, in order. An article is compared with those judged before it, in this batch or any other.

        Atomic for `ARTICLES_AT_ONCE` articles. Errors of the client pass through; to ask again is harmless.
        """
        judged: list[Judged] = []
        if batch:
            seconds, _ = await self._redis.time()
            for at in range(0, len(batch), ARTICLES_AT_ONCE):
                judged += await self._judge_at_once(batch[at : at + ARTICLES_AT_ONCE], int(seconds))
        return judged

    async def _judge_at_once(self, batch: Sequence[Fingerprint], now: int) -> list[Judged]:
        today = now // DAY_SECONDS
        term_days = sorted({day for print_ in batch for day in _days_around(print_.day)})
        args: list[str | bytes | int] = [json.dumps(self._settings(now, term_days))]
        for print_ in batch:
            args += _packed(print_)
        since, *answers = await self._script(keys=self._keys(today, term_days), args=args)
        self.memory_since = int(since)
        return [unpacked_verdict(answer) for answer in answers]

    def _keys(self, today: int, term_days: Sequence[int]) -> list[str]:
        """All the keys that the script may touch."""
        records = [f"{self._prefix}records:{today + 1 - age}" for age in range(self._record_days)]
        by_text = [
            f"{self._prefix}{kind}:{today + 1 - age}"
            for kind in ("copies", "bands", "passages")
            for age in range(self._copy_days)
        ]
        terms = [f"{self._prefix}terms:{day}" for day in term_days]
        return [*records, *by_text, *terms, f"{self._prefix}since"]

    def _settings(self, now: int, term_days: Sequence[int]) -> Mapping[str, Any]:
        return {
            "now": now,
            "today": now // DAY_SECONDS,
            "record_days": self._record_days,
            "copy_days": self._copy_days,
            "story_days": self._story_days,
            "term_days": term_days,
        }


def unpacked_verdict(packed: bytes) -> Judged:
    """The verdict as the script packs it."""
    written, version, articles, outlets, contested, changed = _TOLD.unpack_from(packed)
    at = _TOLD.size
    relation, revision, similarity, changes, notice, story_ref, story_id = _VERDICT.unpack_from(packed, at)
    at += _VERDICT.size
    root, at = _text(packed, at)
    absorbed, at = [], at + 1
    for _ in range(packed[at - 1]):
        end = at + REF_BYTES + STORY_ID_BYTES
        absorbed.append(Absorbed(packed[at : at + REF_BYTES], UUID(bytes=packed[at + REF_BYTES : end])))
        at = end
    verdict = Verdict(
        relation=_RELATIONS[relation],
        duplicate_of=root or None,
        story_id=str(UUID(bytes=story_id)),
        merged_stories=[str(one.story_id) for one in absorbed],
        similarity=similarity / 10_000,
        revision=revision,
        revision_changes=[name for bit, name in enumerate(_REVISION_CHANGES) if changes >> bit & 1],
        notice=_NOTICES[notice],
        new_passages=[Passage(start=start, end=end) for start, end in _STRETCH.iter_unpack(packed[at:])],
        story=StorySoFar(
            version=version,
            articles=articles,
            outlets=outlets,
            contested=bool(contested),
            changed=[name for bit, name in enumerate(_CHANGES) if changed >> bit & 1],
        )
        if written
        else None,
    )
    return Judged(verdict, story_ref, tuple(absorbed))


def packed_story_so_far(story: StorySoFar) -> bytes:
    """The 13 bytes that are kept with a verdict."""
    changed = sum(1 << _CHANGES.index(name) for name in story.changed)
    return _TOLD.pack(1, story.version, story.articles, story.outlets, story.contested, changed)[1:]


def _text(packed: bytes, at: int) -> tuple[str, int]:
    (length,) = _LENGTH.unpack_from(packed, at)
    end = at + _LENGTH.size + length
    return packed[at + _LENGTH.size : end].decode(), end


def _days_around(day: int) -> Iterator[int]:
    return iter(range(day - WINDOW_DAYS, day + WINDOW_DAYS + 1))


def _packed(print_: Fingerprint) -> list[str | bytes | int]:
    """The 21 arguments that the script takes for an article, in its order."""
    sample, marks = print_.sample, print_.marks
    return [
        print_.record_id.bytes,
        print_.id,
        short_hash(print_.id, ID_BYTES),
        print_.content,
        short_hash(print_.source, SOURCE_BYTES),
        print_.minutes,
        print_.day,
        sample.level,
        sample.lead,
        sample.packed,
        sample.passages,
        print_.bands,
        print_.terms,
        marks.title,
        marks.numbers,
        marks.places,
        marks.events,
        b"".join(passage.hashed for passage in print_.passages),
        b"".join(_STRETCH.pack(passage.start, passage.end) for passage in print_.passages),
        _NOTICES.index(print_.notice),
        print_.story_id.bytes,
    ]


def _script(name: str) -> str:
    return files("services.deduplication").joinpath(name).read_text("utf-8")


def _in_lua(value: Any) -> str:
    """Numbers, lists and mappings as Lua writes them: read once with the script, where JSON would be at each call."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_in_lua(of)}" for name, of in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(map(_in_lua, value)) + "}"
    return repr(value)


def _judging_script() -> str:
    """The judging script, its constants written into it: they need not travel with each batch."""
    constants = {
        "window": WINDOW_DAYS * 24 * 60,
        "window_days": WINDOW_DAYS,
        "passage_bytes": PASSAGE_BYTES,
        "posted": POSTED,
        "candidates": 32,
        "shared_terms": SHARED_TERMS,
        "least_votes": LEAST_VOTES,
        "least_terms": LEAST_TERMS,
        "refs_of_term": 64,
        "refs_of_article": 1000,
        "refs_of_text": 64,
        "band_votes": 255,
        "passage_votes": 255,
        "entries_of_bucket": 512,
        "least_corrected": LEAST_CORRECTED,
        "standing_stories": 3,
        "lead_share": LEAD_SHARE,
        "lead_floor": LEAD_FLOOR,
        "merge_least": MERGE_LEAST,
        "mergers_at_once": 4,
        "mergers_in_a_row": MERGERS_IN_A_ROW,
    }
    given = f"local constants = {_in_lua(constants)}\n"
    given += f"local judgements = {_in_lua(json.loads(judgements_text()))}\n"
    parts = ("comparison.lua", "records.lua", "texts.lua", "neighbours.lua", "judge.lua")
    return given + "".join(map(_script, parts))


_SCRIPT = _judging_script()
