"""The state of a story as bytes: what Redis keeps between two articles of it.

The first byte names the format, so that a state packed by an older version is still read:

1  deflate with the dictionary `data/story_dictionary.1.txt`, of a JSON array in Windows-1256, one byte a letter; what that
   cannot write is escaped
2  the same in UTF-8, for texts with lone surrogates, which JSON cannot escape without joining them
"""

from __future__ import annotations

import codecs
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from services.deduplication.story_state import (
    Contest,
    Happening,
    Lead,
    Name,
    Outlet,
    Place,
    Side,
    Statement,
    Story,
    TollReport,
)

LETTERS, SURROGATES = b"\x01", b"\x02"
LEVEL = 4
HEARD_BYTES = 2
LARGEST = 4 << 20
"""Bytes of an unpacked state; the bounds on all its lists keep it far below."""


class PackedStoryError(ValueError):
    """The bytes are no packed story, or of a format that this version does not know."""


def packed(story: Story) -> bytes:
    """The story: about 460 bytes for one article, 1.5 kB for ten. Equal stories give equal bytes with one zlib."""
    rows = _rows(story)
    try:
        text, format_ = orjson.dumps(rows).decode(), LETTERS
        plain = text.encode("cp1256", _ESCAPED)
    except TypeError:  # orjson refuses lone surrogates
        text, format_ = json.dumps(rows, ensure_ascii=False, separators=(",", ":")), SURROGATES
        plain = text.encode("utf-8", "surrogatepass")
    deflate = _primed().copy()
    compressed: bytes = deflate.compress(plain) + deflate.flush()
    return format_ + compressed


def unpacked(data: bytes) -> Story:
    """The story as it was packed.

    Raises:
        PackedStoryError: these are no such bytes.
    """
    format_ = data[:1]
    if format_ not in (LETTERS, SURROGATES):
        raise PackedStoryError(f"format {format_.hex() or 'none'} of a packed story is not known")
    inflate = zlib.decompressobj(wbits=-15, zdict=_dictionary())
    try:
        plain = inflate.decompress(data[1:], LARGEST)
        if not inflate.eof:
            raise PackedStoryError("the bytes of a packed story are cut off")
        if format_ == LETTERS:
            return _story(orjson.loads(plain.decode("cp1256")))
        return _story(json.loads(plain.decode("utf-8", "surrogatepass")))
    except (zlib.error, ValueError, TypeError, IndexError) as error:
        if isinstance(error, PackedStoryError):
            raise
        raise PackedStoryError(f"not a packed story: {error}") from error


def _rows(story: Story) -> list[Any]:
    """Times count from the story's first, and the lead's id and outlet are left out where they come again."""
    first = story.first_at
    lead = story.lead

    def by(article: str) -> str | None:
        return None if article == lead.id else article

    def of(source: str) -> str | None:
        return None if source == lead.source else source

    return [
        story.id,
        story.version,
        story.merged_into,
        story.merged_from,
        (*lead[:4], None if lead.published_at is None else lead.published_at - first),
        story.articles,
        [(of(one.source), by(one.article_id), one.at - first, one.articles) for one in story.outlets],
        first,
        story.last_at - first,
        [tuple(one) for one in story.entities],
        [tuple(one) for one in story.places],
        [(*one[:7], of(one.source), by(one.article_id)) for one in story.happenings],
        [(one.at - first, *one[1:6], of(one.source), one.cited, by(one.article_id)) for one in story.tolls],
        [(*one[:4], by(one.article_id), of(one.source), one.at - first, " ".join(one.faces)) for one in story.claims],
        [(*one[:3], [tuple(side) for side in one.sides]) for one in story.contested],
        b64encode(b"".join(code.to_bytes(HEARD_BYTES, "big") for code in story.heard)).decode(),
        story.changed,
        by(story.article_id),
        story.record_id,
    ]


def _story(rows: list[Any]) -> Story:
    (
        story_id, version, into, taken, lead_row, articles, outlets, first, length, names, places, happenings, tolls,
        claims, contested, heard, changed, article_id, record_id,
    ) = rows  # fmt: skip
    lead = Lead._make((*lead_row[:4], None if lead_row[4] is None else lead_row[4] + first))
    codes = b64decode(heard)

    def article(by: str | None) -> str:
        return lead.id if by is None else by

    def source(of: str | None) -> str:
        return lead.source if of is None else of

    return Story(
        id=story_id,
        version=version,
        merged_into=into,
        merged_from=tuple(taken),
        lead=lead,
        articles=articles,
        outlets=tuple([Outlet(source(of), article(id_), at + first, count) for of, id_, at, count in outlets]),
        first_at=first,
        last_at=first + length,
        entities=tuple(map(Name._make, names)),
        places=tuple(map(Place._make, places)),
        happenings=tuple(
            [Happening._make((*row[:4], *map(tuple, row[4:7]), source(row[7]), article(row[8]))) for row in happenings]
        ),
        tolls=tuple(
            [
                TollReport(
                    at + first,
                    type_,
                    place,
                    date,
                    _range(killed),
                    _range(wounded),
                    source(of),
                    tuple(cited),
                    article(id_),
                )
                for at, type_, place, date, killed, wounded, of, cited, id_ in tolls
            ]
        ),
        claims=tuple(
            [
                Statement(speaker, stance, about, text, article(id_), source(of), at + first, tuple(faces.split()))
                for speaker, stance, about, text, id_, of, at, faces in claims
            ]
        ),
        contested=tuple([Contest._make((*row[:3], tuple(map(Side._make, row[3])))) for row in contested]),
        heard=tuple([int.from_bytes(codes[at : at + HEARD_BYTES], "big") for at in range(0, len(codes), HEARD_BYTES)]),
        changed=tuple(changed),
        article_id=article(article_id),
        record_id=record_id,
    )


def _range(row: list[Any] | None) -> tuple[int, int | None] | None:
    return None if row is None else (row[0], row[1])


@cache
def _dictionary() -> bytes:
    """What states have in common. Never changed: another dictionary is another format."""
    table = files("services.deduplication").joinpath("data/story_dictionary.1.txt").read_text("utf-8")
    return table.rstrip("\n").encode("cp1256")


@cache
def _primed() -> Any:
    """A compressor that has read the dictionary; a copy of it is ready at once."""
    return zlib.compressobj(LEVEL, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, _dictionary())


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What Windows-1256 lacks, as JSON escapes it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wanted = error.object[error.start : error.end].encode("utf-16-be")
    units: Iterable[bytes] = (wanted[at : at + 2] for at in range(0, len(wanted), 2))
    return "".join(f"\\u{unit.hex()}" for unit in units), error.end


_ESCAPED = "services.deduplication.escaped"
codecs.register_error(_ESCAPED, _escaped)
