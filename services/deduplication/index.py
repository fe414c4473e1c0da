"""The index of what was seen: one atomic script in Redis judges a batch, and remembers each verdict by `record_id`."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any, Protocol
from uuid import UUID

from schemas.articles_deduplicated import Passage, Relation, Verdict
from services.deduplication.fingerprint import ID_BYTES, PASSAGE_BYTES, SOURCE_BYTES, Fingerprint, short_hash
from services.deduplication.story_terms import POSTED

ARTICLES_AT_ONCE = 128
"""Articles of one call of the script: Redis serves nobody else while it runs."""

WINDOW_DAYS = 3
"""Articles of one story stand at most so far apart, by their own times."""

COPY = {
    "compared_from": 0.25,
    "bias": -7.35,
    "containment": 6.24,
    "jaccard": 6.24,
    "cosine": 4.96,
    "same_source": -2.51,
    "hours": -0.4,
    "least": -0.25,
}
"""Log odds that one article is a copy of another, fitted to labelled pairs; an outlet repeats its own background."""

STORY = {
    "bias": -0.34,
    "cosine": 9.5,
    "hours": -1.36,
    "same_source": -1.66,
    "least": 0.25,
    "lead_share": 0.3,
    "floor": -4.0,
}
"""Log odds that two articles tell one story; `hours` weighs log(1 + hours between them)."""

_DAY_SECONDS = 24 * 60 * 60
_RELATIONS: tuple[Relation, ...] = ("new", "exact", "revision", "near_duplicate", "same_story")
_VERDICT = struct.Struct(">BHH16sH")
_STRETCH = struct.Struct(">II")


class Redis(Protocol):
    """What the index asks of a Redis client: as `redis.asyncio.Redis`, answers in bytes."""

    def register_script(self, script: Any) -> Callable[..., Any]:
        """A callable of `keys` and `args` that runs the script, loading it where the server has it not."""

    def time(self) -> Any:
        """To be awaited: the server's clock, (seconds since 1970, microseconds)."""


class DeduplicationIndex:
    """Verdicts on articles, by what Redis has seen of them. Any number of workers share one index.

    `prefix` becomes the hash tag of all keys. Copies are recognised, and verdicts repeated, for at least
    `fingerprint_days` days; the words of a story are kept for `story_days` days. An article costs about 2.6 kB of
    Redis' memory (measured on the news of five outlets), of which 1.1 kB for its story.
    """

    def __init__(self, redis_client: Redis, prefix: str, fingerprint_days: int, story_days: int) -> None:
        self._redis = redis_client
        self._script = redis_client.register_script(_SCRIPT)
        self._prefix = f"{{{prefix}}}:dedup:"
        self._story_days = story_days
        # A day lives whole until its last article is old enough; tomorrow's may have been begun by another worker.
        self._copy_days = fingerprint_days + 2
        self._record_days = max(fingerprint_days, story_days) + 2

    async def judge(self, batch: Sequence[Fingerprint]) -> list[Verdict]:
        """A verdict for each, in order. An article is compared with those judged before it, in this batch or any other.

        Atomic for `ARTICLES_AT_ONCE` articles. Errors of the client pass through; to ask again is harmless.
        """
        verdicts: list[Verdict] = []
        for at in range(0, len(batch), ARTICLES_AT_ONCE):
            verdicts += await self._judge_at_once(batch[at : at + ARTICLES_AT_ONCE])
        return verdicts

    async def _judge_at_once(self, batch: Sequence[Fingerprint]) -> list[Verdict]:
        seconds, _ = await self._redis.time()
        today = int(seconds) // _DAY_SECONDS
        term_days = sorted({day for print_ in batch for day in _days_around(print_.day)})
        args: list[str | bytes | int] = [json.dumps(self._settings(today, term_days))]
        for print_ in batch:
            args += _packed(print_)
        answers = await self._script(keys=self._keys(today, term_days), args=args)
        return [unpacked_verdict(answer) for answer in answers]

    def _keys(self, today: int, term_days: Sequence[int]) -> list[str]:
        """All the keys that the script may touch."""
        records = [f"{self._prefix}records:{today + 1 - age}" for age in range(self._record_days)]
        copies = [f"{self._prefix}copies:{today + 1 - age}" for age in range(self._copy_days)]
        passages = [f"{self._prefix}passages:{today + 1 - age}" for age in range(self._copy_days)]
        return records + copies + passages + [f"{self._prefix}terms:{day}" for day in term_days]

    def _settings(self, today: int, term_days: Sequence[int]) -> Mapping[str, Any]:
        return {
            "today": today,
            "record_days": self._record_days,
            "copy_days": self._copy_days,
            "story_days": self._story_days,
            "term_days": term_days,
            "window": WINDOW_DAYS * 24 * 60,
            "window_days": WINDOW_DAYS,
            "passage_bytes": PASSAGE_BYTES,
            "posted": POSTED,
            "candidates": 32,
            "refs_of_band": 16,
            "refs_of_term": 64,
            "band_votes": 255,
            "copy": COPY,
            "story": STORY,
        }


def unpacked_verdict(packed: bytes) -> Verdict:
    """The verdict as the script packs it."""
    relation, revision, similarity, story, length = _VERDICT.unpack_from(packed)
    root = packed[_VERDICT.size : _VERDICT.size + length].decode()
    stretches = _STRETCH.iter_unpack(packed[_VERDICT.size + length :])
    return Verdict(
        relation=_RELATIONS[relation],
        duplicate_of=root or None,
        story_id=str(UUID(bytes=story)),
        similarity=similarity / 10_000,
        revision=revision,
        new_passages=[Passage(start=start, end=end) for start, end in stretches],
    )


def _days_around(day: int) -> Iterator[int]:
    return iter(range(day - WINDOW_DAYS, day + WINDOW_DAYS + 1))


def _packed(print_: Fingerprint) -> list[str | bytes | int]:
    """The 15 arguments that the script takes for an article, in its order."""
    return [
        print_.record_id.bytes,
        print_.id,
        short_hash(print_.id, ID_BYTES),
        print_.content,
        short_hash(print_.source, SOURCE_BYTES),
        print_.minutes,
        print_.day,
        print_.story_id.bytes,
        print_.sample.size,
        print_.sample.level,
        print_.sample.packed,
        print_.bands,
        print_.terms,
        b"".join(hashed for _, _, hashed in print_.passages),
        b"".join(_STRETCH.pack(start, end) for start, end, _ in print_.passages),
    ]


_SCRIPT = files("services.deduplication").joinpath("judge.lua").read_text("utf-8")
