"""The watched folder: files dropped into it are published, then moved to done/ or rejected/.

A file moves only after the brokers have acknowledged its articles. If the process ends before, the file is read again:
its articles have the same ids and times (the file's), so that a repeat is the same record.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import structlog

from schemas.articles_raw import RawArticle
from services.producer.admission import Admission
from services.producer.candidate import Rejected
from services.producer.readers import Found, kind_of, read

SETTLE_SECONDS = 1.0
PUBLISHED_AT_ONCE = 64
MAX_REASONS = 10_000
MAX_NAME_BYTES = 255  # what file systems take
REASONS = ".reason.txt"
_TEMPORARY = (".tmp", ".part", ".partial", ".crdownload", ".download", ".swp", ".filepart", "~")

_log = structlog.get_logger(__name__)

Publish = Callable[[Sequence[RawArticle]], Awaitable[None]]
"""Publishes articles and returns when the brokers have acknowledged all of them."""


@dataclass
class Handled:
    """What became of one file; `moved_to` is None where it could not be moved."""

    file: Path
    moved_to: Path | None
    published: int
    rejected: list[Rejected]


@dataclass
class _Sighting:
    size: int
    mtime_ns: int
    since: float


@dataclass
class Inbox:
    """A watched folder with its done/ and rejected/; raises OSError where they cannot be made."""

    folder: Path
    settle_seconds: float = SETTLE_SECONDS
    _seen: dict[Path, _Sighting] = field(default_factory=dict)
    _left: dict[Path, _Sighting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for folder in (self.done, self.rejected):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def done(self) -> Path:
        """Where published files go."""
        return self.folder / "done"

    @property
    def rejected(self) -> Path:
        """Where files without any article go, and the reasons of whatever was rejected."""
        return self.folder / "rejected"

    def complete(self, now: float) -> list[Path]:
        """The files whose size and time have not changed for `settle_seconds`, sorted; `now` in seconds, monotonic.

        Hidden and temporary names and links are passed over, and what was left where it is until it changes.
        """
        sightings: dict[Path, _Sighting] = {}
        for file in self._files():
            try:
                status = file.stat()
            except OSError:
                continue
            before = self._seen.get(file)
            same = before is not None and (before.size, before.mtime_ns) == (status.st_size, status.st_mtime_ns)
            sightings[file] = before if before and same else _Sighting(status.st_size, status.st_mtime_ns, now)
        self._seen = sightings
        self._left = {file: left for file, left in self._left.items() if sightings.get(file) is left}
        return sorted(
            file
            for file, sighting in sightings.items()
            if now - sighting.since >= self.settle_seconds and file not in self._left
        )

    def leave(self, file: Path) -> None:
        """Count a file that complete() gave as handled, where it stands, until its size or time changes."""
        self._left[file] = self._seen[file]

    def _files(self) -> list[Path]:
        files: list[Path] = []
        for root, folders, names in os.walk(self.folder):
            here = Path(root)
            folders[:] = [
                name for name in folders if not name.startswith(".") and here / name not in (self.done, self.rejected)
            ]
            files += [
                here / name
                for name in names
                if not name.startswith(".") and not name.lower().endswith(_TEMPORARY) and not (here / name).is_symlink()
            ]
        return files

    def unchanged(self, file: Path) -> bool:
        """Whether the file is still as it was when complete() gave it."""
        try:
            status = file.stat()
        except OSError:
            return False
        seen = self._seen.get(file)
        return seen is not None and (seen.size, seen.mtime_ns) == (status.st_size, status.st_mtime_ns)

    def put_away(self, file: Path, published: int, rejected: Sequence[Rejected]) -> Path:
        """Move a file that is through; the reasons of what was rejected are written first, beside it in rejected/.

        Raises:
            OSError: it cannot be moved; it would be published again and again, unless leave() is called.
        """
        target = self._free((self.done if published or not rejected else self.rejected) / file.relative_to(self.folder))
        if rejected:
            lines = [f"{error.origin}: {error.reason}: {error.message}" for error in rejected[:MAX_REASONS]]
            if len(rejected) > MAX_REASONS:
                lines.append(f"and {len(rejected) - MAX_REASONS} more")
            reasons = self.rejected / target.relative_to(self.done if published else self.rejected)
            reasons.parent.mkdir(parents=True, exist_ok=True)
            reasons = reasons.with_name(_name_that_fits(reasons.name, REASONS))
            reasons.write_text("\n".join(lines) + "\n", "utf-8", errors="replace")
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
        self._seen.pop(file, None)
        return target

    @staticmethod
    def _free(path: Path) -> Path:
        """The path, with a number before its ending where the name is taken."""
        kind = kind_of(path) or path.suffix
        stem = path.name[: len(path.name) - len(kind)]
        number, free = 2, path
        while free.exists():
            free = path.with_name(_name_that_fits(stem, f"-{number}{path.name[len(stem) :]}"))
            number += 1
        return free


def _name_that_fits(stem: str, ending: str) -> str:
    """The name, its stem cut where a file system would not take it; a mark tells cut names apart."""
    if len(os.fsencode(stem + ending)) <= MAX_NAME_BYTES:
        return stem + ending
    mark = f"~{hashlib.sha256(os.fsencode(stem)).hexdigest()[:8]}{ending}"
    while stem and len(os.fsencode(stem + mark)) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return stem + mark


def _some(found: Iterator[Found]) -> list[Found]:
    return list(islice(found, PUBLISHED_AT_ONCE))


async def sweep(
    inbox: Inbox, *, now: float, fetched_at: datetime, source: str, admission: Admission, publish: Publish
) -> list[Handled]:
    """Publish the files that are complete and put them away, one after the other.

    `now` in seconds, monotonic; `fetched_at` counts where a file system gives no time. What `publish` raises goes to
    the caller, and the file stays where it is. So does one that cannot be moved, and the others are gone on with.
    """
    handled: list[Handled] = []
    for file in await asyncio.to_thread(inbox.complete, now):
        published, rejected = 0, list[Rejected]()
        found = read([file], source=source)
        while chunk := await asyncio.to_thread(_some, found):
            articles, refused = await asyncio.to_thread(admission.sort, chunk, fetched_at)
            if articles:
                await publish(articles)
            published += len(articles)
            rejected += refused
        if not published and not rejected:
            rejected = [Rejected("empty", "the file holds no article", str(file))]
        if inbox.unchanged(file):  # else somebody writes on: it is read again once it rests
            moved_to: Path | None = None
            try:
                moved_to = await asyncio.to_thread(inbox.put_away, file, published, rejected)
            except OSError as error:
                inbox.leave(file)
                _log.error(
                    "a file is handled but cannot be moved; it is left alone until it changes",
                    file=str(file),
                    reason=error.strerror or str(error),
                    mend="see to room and rights in the folder, then move the file away by hand or touch it",
                )
            handled.append(Handled(file, moved_to, published, rejected))
    return handled
