"""The output of `rasid batch`: whole lines only, so that a run that was cut off can go on where it stood.

OUT.jsonl.gz is written as one gzip member a flush: a member that was cut off is taken away whole. What was rejected
stands in OUT.rejected.jsonl and is always flushed before OUT.
"""

from __future__ import annotations

import fcntl
import gzip
import io
import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import orjson

from services.cli.batch_tasks import Refused
from services.producer.json_values import without_surrogates

FLUSH_BYTES = 1 << 20
FLUSH_SECONDS = 2.0
_FIRST_BYTES = b'{"id":"'
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 20


class OutputError(ValueError):
    """What stands in the output cannot be continued; one sentence says why."""


def rejected_path(out: Path) -> Path:
    """The file beside OUT that takes what was rejected."""
    return out.with_name(out.name + ".rejected.jsonl")


def whole_lines_end(path: Path) -> int:
    """The length of the file up to its last line feed, in bytes."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - _CHUNK)
            file.seek(start)
            at = file.read(end - start).rfind(b"\n")
            if at >= 0:
                return start + at + 1
            end = start
    return 0


def whole_members_end(path: Path) -> int:
    """The length of the file up to the end of its last whole gzip member.

    Raises:
        OutputError: it begins with something else than gzip.
    """
    whole = 0
    with path.open("rb") as file:
        pending = b""
        inflate = zlib.decompressobj(wbits=31)
        consumed = 0
        while data := pending or file.read(_CHUNK):
            pending = b""
            try:
                inflate.decompress(data, _CHUNK)
                while inflate.unconsumed_tail:
                    inflate.decompress(inflate.unconsumed_tail, _CHUNK)
            except zlib.error as error:
                if whole:
                    return whole
                raise OutputError(f"{path} is no gzip file ({error})") from None
            consumed += len(data) - len(inflate.unused_data)
            if inflate.eof:
                whole, pending = consumed, inflate.unused_data
                inflate = zlib.decompressobj(wbits=31)
    return whole


class _UpTo(io.RawIOBase):
    """A file that ends at a given byte."""

    def __init__(self, file: IO[bytes], end: int) -> None:
        self._file, self._left = file, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self._file.read(min(len(view), self._left))
        view[: len(data)] = data
        self._left -= len(data)
        return len(data)


class Output:
    """OUT and its file of rejections, to go on after what is whole in them. Nothing in them is touched before the first
    write, by which time what stands in OUT has been compared with the input."""

    def __init__(self, out: Path, *, overwrite: bool) -> None:
        """Raises OutputError where it is no output that can go on; OSError where it cannot be written."""
        self.out, self.rejected = out, rejected_path(out)
        self._packed = out.name.endswith(".gz")
        self._records: list[bytes] = []
        self._refused: list[bytes] = []
        self._buffered = 0
        self._flushed_at = time.monotonic()
        self._end = 0
        self._fresh_from: int | None = 0 if overwrite else None
        self._finished = False
        self.refused_before: dict[int, str] = {}
        self._rejected: IO[bytes] | None = None
        self._out: IO[bytes] = out.open("ab")
        try:
            fcntl.flock(self._out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not overwrite:
                self._look_at_earlier_run()
        except BlockingIOError:
            self._out.close()
            raise OutputError(f"another run is writing {out}") from None
        except BaseException:
            self._out.close()
            raise

    def _look_at_earlier_run(self) -> None:
        with self.out.open("rb") as file:
            begin = file.read(len(_FIRST_BYTES))
        first = _GZIP_MAGIC if self._packed else _FIRST_BYTES
        if begin[: len(first)] != first[: len(begin)]:
            raise OutputError(f"{self.out} is no output of rasid batch")
        self._end = whole_members_end(self.out) if self._packed else whole_lines_end(self.out)
        if self.rejected.exists():
            self.refused_before = dict(self._refused_lines())

    def _refused_lines(self) -> Iterator[tuple[int, str]]:
        with self.rejected.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    return
                try:
                    value = orjson.loads(line)
                    yield int(value["number"]), str(value["origin"])
                except (ValueError, KeyError, TypeError):
                    raise OutputError(f"{self.rejected} was changed") from None

    def lines_before(self) -> Iterator[bytes]:
        """The whole records that an earlier run wrote, without their line feeds."""
        with self.out.open("rb") as file:
            upto = io.BufferedReader(_UpTo(file, self._end))
            lines: IO[bytes] | gzip.GzipFile = gzip.GzipFile(fileobj=upto) if self._packed and self._end else upto
            for line in lines:
                yield line.rstrip(b"\n")

    def fresh_from(self, number: int) -> None:
        """Articles from this number on are done again: what was refused of them before counts no more."""
        self._fresh_from = number
        self.refused_before = {one: origin for one, origin in self.refused_before.items() if one < number}

    def record(self, line: bytes) -> None:
        """One more record."""
        self._records.append(line + b"\n")
        self._buffered += len(line)

    def refuse(self, refused: Refused) -> None:
        """One more that gave no record."""
        line = {
            "number": refused.number,
            "origin": without_surrogates(refused.origin),
            "reason": refused.reason,
            "message": without_surrogates(refused.message),
        }
        self._refused.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        self._buffered += len(self._refused[-1])

    def flush(self, *, force: bool = False) -> None:
        """Write what is held, if it is enough to be worth it; rejections first."""
        soon = self._buffered < FLUSH_BYTES and time.monotonic() - self._flushed_at < FLUSH_SECONDS
        if not self._buffered or (soon and not force):
            return
        rejected = self._begun()
        rejected.write(b"".join(self._refused))
        rejected.flush()
        if self._records:
            block = b"".join(self._records)
            self._out.write(gzip.compress(block, 6, mtime=0) if self._packed else block)
            self._out.flush()
        self._records, self._refused, self._buffered = [], [], 0
        self._flushed_at = time.monotonic()

    def _begun(self) -> IO[bytes]:
        """Before the first write: take away what is not whole, and what is done again."""
        if self._rejected is None:
            lines = self.rejected.read_bytes().split(b"\n")[:-1] if self.rejected.exists() and self._fresh_from else []
            kept = [line for line in lines if int(orjson.loads(line)["number"]) in self.refused_before]
            part = self.rejected.with_name(self.rejected.name + ".part")
            part.write_bytes(b"".join(line + b"\n" for line in kept))
            part.replace(self.rejected)
            self._rejected = self.rejected.open("ab")
            os.truncate(self.out, self._end)
        return self._rejected

    def finish(self) -> None:
        """Write what is held, to the end of the run."""
        self.flush(force=True)
        if self._fresh_from is not None:
            self._begun()
        self._finished = True

    def close(self) -> None:
        """Write what is held and close; an empty file of rejections is taken away."""
        try:
            self.flush(force=True)
        finally:
            self._out.close()
            if self._rejected is not None:
                self._rejected.close()
                if self.rejected.stat().st_size == 0:
                    self.rejected.unlink()
            elif not self._finished and self.out.stat().st_size == 0:
                self.out.unlink()  # made by us, and nothing came of it
