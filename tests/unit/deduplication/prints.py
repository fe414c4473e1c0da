"""Fingerprints made by hand, and any at all, for the tests of comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import uuid5

import numpy as np
from hypothesis import strategies as st

from services.deduplication.fingerprint import STORIES, Fingerprint, PassagePrint, short_hash
from services.deduplication.marks import Marks
from services.deduplication.minhash import bands, signature
from services.deduplication.shingles import Sample, sample

NOON_MINUTES = 1_773_489_600 // 60


def print_of(
    *passages: Sequence[int],
    id: str = "a-1",
    source: str = "النهار الجديد",
    hours: float = 0,
    level: int = 0,
    lead: int | None = None,
    terms: Iterable[tuple[int, int]] = (),
    title: Iterable[int] = (),
    numbers: Iterable[int] = (),
    places: Iterable[int] = (),
    events: Iterable[int] = (),
) -> Fingerprint:
    """A fingerprint whose passages have these shingles; `lead`: how many of them stand first, all where not said."""
    codes = [code for passage in passages for code in passage]
    assert len(set(codes)) == len(codes), "a sample has each shingle once"
    owners = bytes(number for number, passage in enumerate(passages) for _ in passage)
    packed = b"".join(code.to_bytes(3, "big") for code in codes)
    return Fingerprint(
        id=id,
        record_id=uuid5(STORIES, f"{id} {codes}"),
        source=source,
        minutes=NOON_MINUTES + round(60 * hours),
        content=short_hash(str(codes), 16),
        bands=bands(signature(np.array(codes, dtype=np.uint32))).astype(">u4").tobytes(),
        sample=Sample(level, len(codes) if lead is None else lead, packed, owners),
        terms=b"".join(term.to_bytes(3, "big") + bytes([weight]) for term, weight in terms),
        marks=Marks(*map(packed_marks, (title, numbers, places, events))),
        passages=tuple(
            PassagePrint(10 * at, 10 * at + 9, short_hash(str(list(passage)), 6)) for at, passage in enumerate(passages)
        ),
        notice=None,
    )


def packed_marks(marks: Iterable[int]) -> bytes:
    return b"".join(mark.to_bytes(2, "big") for mark in sorted(set(marks)))


def with_terms(*weights: float) -> bytes:
    """Terms 1, 2, 3 … of these weights, as `story_terms` packs them."""
    length = sum(weight * weight for weight in weights) ** 0.5 or 1.0
    shares = [max(1, round(255 * weight / length)) for weight in weights]
    return b"".join(number.to_bytes(3, "big") + bytes([share]) for number, share in enumerate(shares, 1) if share)


_marks = st.sets(st.integers(0, 40), max_size=12)
_few = st.integers(0, 300)  # so that two articles share some


@st.composite
def prints(draw: st.DrawFn, codes: int = 900) -> Fingerprint:
    """Any fingerprint whose shingles are among so many, sampled as texts are."""
    of = np.array(draw(st.lists(st.integers(0, codes), max_size=60)), dtype=np.uint32)
    if draw(st.booleans()):  # a long text, of which a sample is kept
        more = np.random.default_rng(draw(_few)).integers(0, 2**14, size=draw(st.integers(400, 2500)), dtype=np.uint32)
        of = np.append(of, more)
    sizes = draw(st.lists(st.integers(1, 40), min_size=1, max_size=12))
    while sum(sizes) <= len(of):
        sizes.append(sizes[-1] + 40)
    found: Sample = sample(of, sizes)
    terms = draw(st.lists(st.floats(0.1, 9), max_size=12))
    return Fingerprint(
        id=draw(st.sampled_from(("a-1", "a-2"))),
        record_id=uuid5(STORIES, "any"),
        source=draw(st.sampled_from(("النهار الجديد", "صدى الوادي"))),
        minutes=NOON_MINUTES + draw(st.integers(-10_000, 10_000)),
        content=b"\0" * 16,
        bands=b"",
        sample=found,
        terms=with_terms(*terms),
        marks=Marks(*(packed_marks(draw(_marks)) for _ in Marks._fields)),
        passages=(),
        notice=None,
    )
