"""Millions of articles that nobody wrote: fingerprints as large and as alike as those of given ones, put in the index."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from schemas.articles_extracted import ExtractedArticle
from services.cli.bench_dedup_work import FINGERPRINT_DAYS, STORY_DAYS, Work, Workers
from services.deduplication.fingerprint import (
    CONTENT_BYTES,
    PASSAGE_BYTES,
    Fingerprint,
    PassagePrint,
    fingerprint,
)
from services.deduplication.index import DAY_SECONDS, DeduplicationIndex, key_prefix
from services.deduplication.shingles import Sample
from services.runtime.wire import decode

DAYS = 14
AT_ONCE = 128
NEW_TERMS = 0.2
"""Of the terms: names and words that no article had before."""

STANDING_SHARE = 0.05
STANDING = 300
"""Passages that outlets put under article after article, and how large their share is."""

TERM, WEIGHT = 3, 1
MINUTES_A_DAY = 24 * 60
FIELDS_AT_ONCE = 500

_RECORD = struct.Struct(">I4s6s")
"""How a record begins, in `records.lua`: its minutes, its outlet, and the reference to its story."""

_REF = np.dtype([("day", ">u2"), ("number", ">u4")])


class LaterClock:
    """A client whose server's clock, as deduplication asks for it, is some days ahead."""

    def __init__(self, client: Any, days: int) -> None:
        self.register_script = client.register_script
        self._client, self._days = client, days

    async def time(self) -> tuple[int, int]:
        """Seconds and microseconds."""
        seconds, micros = await self._client.time()
        return int(seconds) + self._days * DAY_SECONDS, int(micros)


@dataclass(frozen=True)
class Mould:
    """Fingerprints to multiply, and the terms of them all, each as often as they have it."""

    prints: Sequence[Fingerprint]
    terms: np.ndarray[Any, np.dtype[np.uint8]]

    @classmethod
    def of(cls, prints: Sequence[Fingerprint]) -> Mould:
        """From at least one fingerprint."""
        packed = b"".join(print_.terms for print_ in prints)
        return cls(prints, np.frombuffer(packed, dtype=np.uint8).reshape(-1, TERM + WEIGHT)[:, :TERM])

    def cast(self, dice: np.random.Generator, name: str, minutes: int) -> Fingerprint:
        """A fingerprint of no article: texts unlike all others', terms as likely as in the given ones."""
        chosen, titled, placed = (self.prints[int(at)] for at in dice.integers(0, len(self.prints), 3))
        return replace(
            chosen,
            id=name,
            record_id=UUID(bytes=dice.bytes(16)),
            source=f"{chosen.source} {dice.integers(8)}",
            minutes=minutes,
            content=dice.bytes(CONTENT_BYTES),
            bands=dice.bytes(len(chosen.bands)),
            sample=_other_sample(dice, chosen.sample),
            terms=self._other_terms(dice, chosen.terms),
            marks=chosen.marks._replace(
                title=titled.marks.title, places=placed.marks.places, events=placed.marks.events
            ),
            passages=_other_passages(dice, chosen.passages),
            notice=None,
        )

    def _other_terms(self, dice: np.random.Generator, terms: bytes) -> bytes:
        given = np.frombuffer(terms, dtype=np.uint8).reshape(-1, TERM + WEIGHT).copy()
        if len(given):
            given[:, :TERM] = self.terms[dice.integers(0, len(self.terms), len(given))]
            new = np.flatnonzero(dice.random(len(given)) < NEW_TERMS)
            given[new, :TERM] = dice.integers(0, 256, (len(new), TERM), dtype=np.uint8)
        return given.tobytes()


def _other_sample(dice: np.random.Generator, sample: Sample) -> Sample:
    codes = dice.integers(0, 1 << 24, len(sample.passages), dtype=np.uint32) >> sample.level << sample.level
    return sample._replace(packed=codes.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes())


def _other_passages(dice: np.random.Generator, passages: Sequence[PassagePrint]) -> tuple[PassagePrint, ...]:
    hashes, standing = dice.bytes(PASSAGE_BYTES * len(passages)), dice.random(len(passages)) < STANDING_SHARE
    found = []
    for number, passage in enumerate(passages):
        hashed = hashes[PASSAGE_BYTES * number : PASSAGE_BYTES * (number + 1)]
        if standing[number]:
            # The square makes some of them stand much more often than others.
            hashed = int(STANDING * dice.random() ** 2).to_bytes(PASSAGE_BYTES, "little")
        found.append(passage._replace(hashed=hashed))
    return tuple(found)


def filled(workers: Workers, url: str, prefix: str, lines: Sequence[bytes], count: int, today: int) -> float:
    """Put `count` fingerprints in the index, equally many on each of 14 days; the rate of those the script judged.

    `today`: days since 1970 by the server's clock, the first of them. That day is judged by the script; the others are
    the same day again, its records, references and terms moved on: to judge a million would take half an hour.
    """
    of_day = max(1, count // DAYS)
    shares = [of_day // workers.count + (worker < of_day % workers.count) for worker in range(workers.count)]
    arguments = [(url, prefix, list(lines), share, today, number) for number, share in enumerate(shares) if share]
    seconds = workers.spent(prepare_fill, arguments).clock
    with Redis.from_url(url) as client:
        for days in range(1, DAYS):
            copy_day(client, prefix, today, days)
    return of_day / seconds


def prepare_fill(url: str, prefix: str, lines: Sequence[bytes], count: int, day: int, worker: int) -> Work:
    """The work of one of the processes that fill."""
    mould = Mould.of([fingerprint(decode(ExtractedArticle, line)) for line in lines])
    dice = np.random.default_rng(worker)

    async def fill() -> None:
        async with AsyncRedis.from_url(url) as client:
            index = DeduplicationIndex(client, prefix, FINGERPRINT_DAYS, STORY_DAYS)
            for at in range(0, count, AT_ONCE):
                names = [f"fill-{worker}-{number:07}" for number in range(at, min(at + AT_ONCE, count))]
                minutes = day * MINUTES_A_DAY + dice.integers(0, MINUTES_A_DAY, len(names))
                await index.judge(
                    [mould.cast(dice, name, int(minute)) for name, minute in zip(names, minutes, strict=True)]
                )

    return lambda: asyncio.run(fill())


def copy_day(client: Redis, prefix: str, day: int, later: int) -> None:
    """What the index has of a day, once more as if it had come in some days later."""

    def key(kind: str, of_day: int) -> str:
        return f"{key_prefix(prefix)}{kind}:{of_day}"

    for kind in ("copies", "bands", "passages"):
        if packed := client.dump(key(kind, day)):
            client.restore(key(kind, day + later), 0, packed)
    for kind, moved in (("records", _moved_record), ("terms", _moved_refs)):
        part: dict[Any, Any] = {}
        for field, value in client.hscan_iter(key(kind, day), count=FIELDS_AT_ONCE):
            part[field] = value if field == b"#" else moved(value, later)
            if len(part) == FIELDS_AT_ONCE:
                client.hset(key(kind, day + later), mapping=part)
                part.clear()
        if part:
            client.hset(key(kind, day + later), mapping=part)


def _moved_record(packed: bytes, days: int) -> bytes:
    minutes, source, story = _RECORD.unpack_from(packed)
    return _RECORD.pack(minutes + days * MINUTES_A_DAY, source, _moved_refs(story, days)) + packed[_RECORD.size :]


def _moved_refs(packed: bytes, days: int) -> bytes:
    refs = np.frombuffer(packed, dtype=_REF).copy()
    refs["day"] += days
    return refs.tobytes()
