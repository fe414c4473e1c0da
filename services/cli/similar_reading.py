"""From what `rasid similar` is given to two extracted articles, the earlier first."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import orjson

from schemas.articles_extracted import ExtractedArticle
from services.cli.explain_reading import NoArticle, explained, found_in
from services.extraction.engine import Engine, load_engine
from services.producer.admission import Admission
from services.producer.candidate import Candidate, Rejected
from services.producer.readers import MAX_LINE_BYTES, STDIN, as_candidate
from services.runtime.wire import WireError, decode

_EXTRACTED = {"record_id", "normalized", "engine", "entities", "events", "claims"}


@dataclass
class Reader:
    """Reads articles, and extracts from those that come without; `note` is told what a person should know."""

    admission: Admission
    engine_name: str
    source: str
    stdin: BinaryIO
    note: Callable[[str], None]
    _engine: Engine | None = field(default=None, init=False)

    def two(self, one: str, other: str, within: Path | None) -> tuple[ExtractedArticle, ExtractedArticle]:
        """Both articles, the earlier first by their own times; of equals the one that was named first.

        Raises:
            NoArticle: there is none with that id. Rejected: what was given is no article. EngineUnavailable, StageFailed,
            OSError: as where they come from.
        """
        found = self._both(one, other, within)
        earlier, later = sorted(found, key=lambda article: article.published_at or article.fetched_at)
        return earlier, later

    def _both(self, one: str, other: str, within: Path | None) -> list[ExtractedArticle]:
        if within is None:
            return [self._of_file(one), self._of_file(other)]
        lines = _lines_of(within, one, other)
        if one == other:
            if len(lines[one]) < 2:
                raise NoArticle(f"{within} has no two records with the id {one}: name two")
            return [self._of_value(orjson.loads(line), str(within)) for line in lines[one][:2]]
        return [
            self._of_value(orjson.loads(lines[id][0]), str(within)) if lines[id] else self._of_file_instead(id, within)
            for id in (one, other)
        ]

    def _of_file_instead(self, given: str, within: Path) -> ExtractedArticle:
        if given == STDIN or Path(given).is_file():
            return self._of_file(given)
        raise NoArticle(f"{within} has no record with the id {given}")

    def _of_file(self, given: str) -> ExtractedArticle:
        """The first article of a file or of standard input."""
        found = found_in(given, self.stdin, self.source, None)
        refused: Rejected | None = None
        for one in found:
            try:
                article = self._of_candidate(one)
            except Rejected as error:
                refused = refused or error
                continue
            if refused:
                self.note(f"passed over: {refused}")
            if next(found, None) is not None:
                self.note(f"{given} has more articles; this is {one.origin}: name others by id, with --in {given}")
            return article
        raise refused or NoArticle(f"there is no article in {given}: give one with its text")

    def _of_candidate(self, one: Candidate | Rejected) -> ExtractedArticle:
        if isinstance(one, Candidate) and one.fields.keys() >= _EXTRACTED:
            return self._of_value(dict(one.fields), one.origin)
        article = self.admission.article(one, datetime.now(UTC))
        if self._engine is None:
            self._engine = load_engine(self.engine_name)
        return explained(article, self._engine)

    def _of_value(self, value: object, origin: str) -> ExtractedArticle:
        """A record as it came out of Rasid, or an article as it would go in."""
        if not isinstance(value, dict) or not value.keys() >= _EXTRACTED:
            return self._of_candidate(as_candidate(value, origin))
        try:
            return decode(ExtractedArticle, orjson.dumps(value, default=str))
        except WireError as error:
            raise Rejected("bad_json", f"the record cannot be read: {error}", origin) from None


def _lines_of(path: Path, *ids: str) -> dict[str, list[bytes]]:
    """The lines of the records with each id or record id, in their order; reads no further than it must."""
    wanted = {id: 1 + (ids.count(id) > 1) for id in ids}
    needles = {id: (orjson.dumps(id)[1:-1], json.dumps(id).encode()[1:-1]) for id in wanted}
    found: dict[str, list[bytes]] = {id: [] for id in wanted}
    with _opened(path) as file:
        for line in _lines(file):
            for id, spellings in needles.items():
                if len(found[id]) < wanted[id] and any(one in line for one in spellings) and id in _ids(line):
                    found[id].append(line)
            if all(len(found[id]) == count for id, count in wanted.items()):
                break
    return found


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.name.endswith(".gz") else path.open("rb")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines, without what is longer than any record."""
    whole = True
    while line := file.readline(MAX_LINE_BYTES):
        ends = line.endswith(b"\n")
        if whole and (ends or len(line) < MAX_LINE_BYTES):
            yield line
        whole = ends


def _ids(line: bytes) -> tuple[object, ...]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return ()
    return (value.get("id"), value.get("record_id")) if isinstance(value, dict) else ()
