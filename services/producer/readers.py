"""Files, folders and standard input to candidates, one at a time, however large the archive."""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from services.producer.candidate import Candidate, Rejected
from services.producer.encoding import decoded
from services.producer.json_values import parse_json
from services.producer.plain_text import text_fields

STDIN = "-"
KINDS = (".jsonl.gz", ".jsonl", ".json", ".txt", ".html", ".htm")

MAX_LINE_BYTES = 8 << 20  # no record is larger on a topic either
MAX_TEXT_FILE_BYTES = 8 << 20
MAX_JSON_FILE_BYTES = 64 << 20
MAX_EXPANSION = 200  # news in JSON compresses 4 to 20 times; a bomb a thousand times
EXPANSION_COUNTS_FROM = 32 << 20
MAX_EXPANDED_BYTES = 1 << 40
_CHUNK = 64 * 1024

Found = Candidate | Rejected
OnBytes = Callable[[int], None]


def kind_of(path: Path) -> str | None:
    """The file's kind by its name, one of KINDS; None where no articles are read from such a file."""
    name = path.name.lower()
    return next((kind for kind in KINDS if name.endswith(kind)), None)


def article_files(paths: Iterable[str | Path]) -> Iterator[Path | Rejected]:
    """The files of articles under the paths, in the order given; folders through all levels, sorted by name.

    In folders, hidden files and files of other kinds are passed over and links to folders are not followed. A path
    that is not there, is of another kind, or is a folder without any article is yielded as Rejected.
    """
    for path in map(Path, paths):
        if path.is_dir():
            empty = True
            for file in _files_below(path):
                empty = False
                yield file
            if empty:
                yield Rejected("bad_file", f"the folder holds no file of articles ({', '.join(KINDS)})", str(path))
        elif not path.exists():
            yield Rejected("bad_file", "there is no such file: check the path", str(path))
        elif kind_of(path) is None:
            yield Rejected(
                "unsupported_file",
                f"articles are read from {', '.join(KINDS)}: rename it or pipe JSON lines to -",
                str(path),
            )
        else:
            yield path


def _files_below(folder: Path) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path.is_dir() and (path == folder or not path.is_symlink()):
            try:
                inside = sorted(path.iterdir(), key=lambda item: item.name, reverse=True)
            except OSError:
                continue
            waiting += [item for item in inside if not item.name.startswith(".")]
        elif kind_of(path) and path.is_file():
            yield path


def total_bytes(paths: Iterable[str | Path]) -> int:
    """Sum of the sizes of the files under the paths, for a progress bar; 0 where one of them is standard input."""
    given = list(paths)
    if any(str(path) == STDIN for path in given):
        return 0
    total = 0
    for file in article_files(given):
        if isinstance(file, Path):
            try:
                total += file.stat().st_size
            except OSError:
                continue
    return total


def read(
    paths: Iterable[str | Path],
    *,
    source: str,
    published_at: str | None = None,
    stdin: BinaryIO | None = None,
    on_bytes: OnBytes | None = None,
) -> Iterator[Found]:
    """Candidates of files, folders and, for "-", JSON lines of standard input; what cannot be read comes as Rejected.

    `source` and `published_at` are of articles that state none. `on_bytes` is told the bytes of files gone through.
    """
    for given in paths:
        if str(given) == STDIN:
            if stdin is None:
                yield Rejected("bad_file", "there is no standard input to read", STDIN)
                continue
            found = _json_lines(stdin, "stdin", None)
        else:
            found = _of_path(given, on_bytes)
        for one in found:
            yield with_defaults(one, source, published_at)


def with_defaults(one: Found, source: str, published_at: str | None) -> Found:
    """A candidate with the outlet and the time of those that state none; what was rejected as it is."""
    if isinstance(one, Rejected):
        return one
    fields = dict(one.fields)
    if fields.get("source") in (None, ""):
        fields["source"] = source
    if published_at and fields.get("published_at") in (None, ""):
        fields["published_at"] = published_at
    return Candidate(one.origin, fields, one.fetched_at)


def _of_path(given: str | Path, on_bytes: OnBytes | None) -> Iterator[Found]:
    for file in article_files([given]):
        if isinstance(file, Rejected):
            yield file
        else:
            yield from read_file(file, on_bytes)


def read_file(path: Path, on_bytes: OnBytes | None = None) -> Iterator[Found]:
    """Candidates of one file, by its kind; what cannot be read comes as Rejected.

    `fetched_at` is the time of the file (whole seconds), so that reading it again gives the same records.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # asked before opening: a pipe without a writer would wait for ever
            raise Rejected("bad_file", "this is no regular file: pipe JSON lines to - instead")
        with path.open("rb") as file:
            yield from _of_file(file, path, on_bytes)
    except Rejected as error:
        yield Rejected(error.reason, error.message, error.origin or str(path))
    except OSError as error:
        yield Rejected("bad_file", f"the file cannot be read: {error.strerror or error}", str(path))


def _of_file(file: BinaryIO, path: Path, on_bytes: OnBytes | None) -> Iterator[Found]:
    kind = kind_of(path)
    if kind is None:
        raise Rejected("unsupported_file", f"articles are read from {', '.join(KINDS)}: rename it")
    status = os.fstat(file.fileno())
    fetched_at = _moment(status.st_mtime_ns)
    if kind == ".jsonl.gz":
        with gzip.GzipFile(fileobj=file, mode="rb") as expanded:
            yield from _json_lines(expanded, str(path), fetched_at, _Spent(file, expanded, on_bytes))
    elif kind == ".jsonl":
        yield from _json_lines(file, str(path), fetched_at, _Spent(file, None, on_bytes))
    else:
        yield from _whole(file, path, kind, status.st_size, fetched_at)
        if on_bytes:
            on_bytes(status.st_size)


def _moment(nanoseconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


class _Spent:
    """Counts what was read of a file: tells the progress bar, and stops a gzip bomb."""

    def __init__(self, file: BinaryIO, expanded: gzip.GzipFile | None, on_bytes: OnBytes | None) -> None:
        self._file, self._expanded, self._on_bytes = file, expanded, on_bytes
        self._told = 0

    def __call__(self) -> None:
        read = self._file.tell()
        if self._on_bytes and read > self._told:
            self._on_bytes(read - self._told)
            self._told = read
        if self._expanded is not None:
            size = self._expanded.tell()
            if size > MAX_EXPANDED_BYTES or (size > EXPANSION_COUNTS_FROM and size > MAX_EXPANSION * read):
                raise Rejected(
                    "bad_archive",
                    f"the file expands over {MAX_EXPANSION} times, which no archive of news does: unpack and check it",
                )


def _json_lines(
    stream: BinaryIO | gzip.GzipFile, name: str, fetched_at: datetime | None, spent: Callable[[], None] | None = None
) -> Iterator[Found]:
    """A candidate a line; blank lines are passed over, broken ones yielded as Rejected, and the rest goes on."""
    number = 0
    try:
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            origin = f"{name}:{number}"
            if spent:
                spent()
            if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                    if spent:
                        spent()
                yield Rejected(
                    "line_too_long", f"the line has over {MAX_LINE_BYTES >> 20} MiB: one article a line", origin
                )
            elif line.strip():
                yield _from_json(line, origin, fetched_at)
    except Rejected as error:
        yield Rejected(error.reason, error.message, f"{name}:{number}")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Rejected(
            "bad_archive",
            f"the gzip archive is broken from here ({error}): what stood before was read",
            f"{name}:{number + 1}",
        )


def _from_json(raw: bytes, origin: str, fetched_at: datetime | None) -> Found:
    try:
        value = parse_json(raw)
    except ValueError as error:
        return Rejected("bad_json", f"not JSON: {error}", origin)
    return as_candidate(value, origin, fetched_at)


def as_candidate(value: object, origin: str, fetched_at: datetime | None = None) -> Found:
    """A parsed JSON value as a candidate; Rejected where it is no object."""
    if not isinstance(value, dict):
        return Rejected("bad_json", 'not an object: give {"title": …, "text": …}', origin)
    return Candidate(origin, value, fetched_at)


def _whole(file: BinaryIO, path: Path, kind: str, size: int, fetched_at: datetime | None) -> Iterator[Found]:
    """Candidates of a file that is read at once."""
    limit = MAX_JSON_FILE_BYTES if kind == ".json" else MAX_TEXT_FILE_BYTES
    data = file.read(limit + 1) if size <= limit else b""
    if size > limit or len(data) > limit:
        advice = "give it as .jsonl" if kind == ".json" else "split it"
        raise Rejected("too_large", f"the file has over {limit >> 20} MiB: {advice}", str(path))
    if kind == ".json":
        yield from _json_document(data, str(path), fetched_at)
        return
    text, encoding = decoded(data, html=kind != ".txt")
    fields = text_fields(text) if kind == ".txt" else _page_fields(text)
    if encoding != "utf-8":
        fields["encoding"] = encoding
    yield Candidate(str(path), fields, fetched_at)


def _page_fields(markup: str) -> dict[str, object]:
    from services.producer.web_page import page_fields  # takes half a second, and most input is no HTML

    return page_fields(markup)


def _json_document(data: bytes, name: str, fetched_at: datetime | None) -> Iterator[Found]:
    try:
        value = parse_json(data)
    except ValueError as error:
        raise Rejected("bad_json", f"not JSON: {error}", name) from None
    if not isinstance(value, list):
        yield as_candidate(value, name, fetched_at)
        return
    for number, item in enumerate(value, 1):
        yield as_candidate(item, f"{name}#{number}", fetched_at)
