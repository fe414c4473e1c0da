"""Files, folders and pipes to candidates."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.producer import readers
from services.producer.candidate import Candidate, Rejected
from services.producer.readers import read, total_bytes
from tests.unit.producer.samples import TEXT


def all_of(*paths: Path | str, **options: object) -> list[Candidate | Rejected]:
    return list(read(paths, source="wakala", **options))  # type: ignore[arg-type]


def texts(found: list[Candidate | Rejected]) -> list[object]:
    return [one.fields["text"] for one in found if isinstance(one, Candidate)]


def reasons(found: list[Candidate | Rejected]) -> list[tuple[str, str]]:
    return [(one.origin.rpartition("/")[2], one.reason) for one in found if isinstance(one, Rejected)]


def lines(*items: object) -> bytes:
    return b"".join(orjson.dumps(item) + b"\n" for item in items)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file of each kind, hidden ones, others, and a folder inside."""
    (tmp_path / "b.jsonl").write_bytes(lines({"text": "ثان"}, {"text": "ثالث"}))
    (tmp_path / "a.txt").write_text("أول", "utf-8")
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(lines({"text": "رابع"})))
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "x.json").write_bytes(orjson.dumps([{"text": "خامس"}, {"text": "سادس"}]))
    (tmp_path / ".hidden.txt").write_text("مخفي", "utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "y.txt").write_text("مخفي", "utf-8")
    (tmp_path / "README.md").write_text("no article", "utf-8")
    return tmp_path


def test_a_folder_is_read_through_all_levels_in_order(folder: Path) -> None:
    assert texts(all_of(folder)) == ["أول", "ثان", "ثالث", "رابع", "خامس", "سادس"]


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    (folder / "d" / "loop").symlink_to(folder)
    assert len(texts(all_of(folder))) == 6


def test_very_deep_folders_are_read(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):
        deep = deep / "n"
        deep.mkdir()
    (deep / "a.txt").write_text("عميق", "utf-8")
    assert texts(all_of(tmp_path)) == ["عميق"]


def test_origins_name_file_and_line(folder: Path) -> None:
    origins = [one.origin.removeprefix(f"{folder}/") for one in all_of(folder)]
    assert origins == ["a.txt", "b.jsonl:1", "b.jsonl:2", "c.jsonl.gz:1", "d/x.json#1", "d/x.json#2"]


def test_the_time_of_a_file_is_when_it_was_fetched(folder: Path) -> None:
    os.utime(folder / "a.txt", (1_700_000_000, 1_700_000_000))
    (found,) = all_of(folder / "a.txt")
    assert isinstance(found, Candidate)
    assert found.fetched_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert all_of(folder / "a.txt") == [found]


def test_paths_that_give_nothing_are_told(folder: Path) -> None:
    (folder / "e").mkdir()
    found = all_of(folder / "missing.txt", folder / "README.md", folder / "e")
    assert reasons(found) == [("missing.txt", "bad_file"), ("README.md", "unsupported_file"), ("e", "bad_file")]


def test_source_and_time_are_given_to_articles_that_state_none(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        lines(
            {"text": "أ"}, {"text": "ب", "source": "sahifa", "published_at": "2024-01-01"}, {"text": "ج", "source": ""}
        )
    )
    found = all_of(path, published_at="2025-01-01")
    assert [(one.fields["source"], one.fields["published_at"]) for one in found if isinstance(one, Candidate)] == [
        ("wakala", "2025-01-01"),
        ("sahifa", "2024-01-01"),
        ("wakala", "2025-01-01"),
    ]


def test_broken_lines_are_told_by_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b'{"text": "\xd8\xa3"}\n\nnonsense\n[1]\n{"text": "\xff"}\n{"text": '
        + b"[" * 5000
        + b"\n"
        + lines({"text": "ب"})
    )
    found = all_of(path)
    assert texts(found) == ["أ", "ب"]
    assert reasons(found) == [(f"a.jsonl:{number}", "bad_json") for number in (3, 4, 5, 6)]


def test_the_last_line_needs_no_line_feed_and_the_first_may_have_a_byte_order_mark() -> None:
    found = all_of("-", stdin=io.BytesIO(b"\xef\xbb\xbf" + lines({"text": "أ"}) + b'{"text":"\xd8\xa8"}'))
    assert texts(found) == ["أ", "ب"]
    assert [one.origin for one in found] == ["stdin:1", "stdin:2"]
    assert all(isinstance(one, Candidate) and one.fetched_at is None for one in found)


def test_lone_surrogates_in_json_are_replaced() -> None:
    (found,) = all_of("-", stdin=io.BytesIO(b'{"text": "\\ud800 \\ud83d\\ude00", "\\udc00": 1}\n'))
    assert isinstance(found, Candidate)
    assert found.fields["text"] == "\ufffd 😀"
    assert "\ufffd" in found.fields


class Endless(io.RawIOBase):
    """A stream without line feeds that counts what was taken at once."""

    def __init__(self, size: int, tail: bytes) -> None:
        self._left, self._tail, self.largest = size, tail, 0

    def readline(self, limit: int | None = -1, /) -> bytes:
        assert limit is not None
        assert limit > 0
        self.largest = max(self.largest, limit)
        if self._left:
            taken = min(limit, self._left)
            self._left -= taken
            return b"x" * taken + (b"\n" if not self._left else b"")
        tail, self._tail = self._tail, b""
        return tail


def test_a_line_without_end_is_rejected_without_holding_it() -> None:
    stream = Endless(3 * readers.MAX_LINE_BYTES, lines({"text": "بعده"}))
    found = all_of("-", stdin=stream)
    assert reasons(found) == [("stdin:1", "line_too_long")]
    assert texts(found) == ["بعده"]
    assert stream.largest == readers.MAX_LINE_BYTES + 1


def test_a_gzip_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "EXPANSION_COUNTS_FROM", 1 << 20)
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(lines({"text": TEXT}) + b" " * (64 << 20)))
    found = all_of(path)
    assert texts(found) == [TEXT]
    assert reasons(found)[-1] == ("bomb.jsonl.gz:2", "bad_archive")


def test_what_stands_before_the_break_of_an_archive_is_read(tmp_path: Path) -> None:
    whole = gzip.compress(lines({"text": "أ"})) + gzip.compress(lines({"text": "ب"}))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole[:-6])
    found = all_of(path)
    assert "أ" in texts(found)
    assert reasons(found)[-1][1] == "bad_archive"
    path.write_bytes(b"no gzip at all")
    assert reasons(all_of(path)) == [("a.jsonl.gz:1", "bad_archive")]


def test_text_files_are_read_in_the_encodings_that_arabic_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for raw, encoding in (
        (TEXT.encode(), None),
        (b"\xef\xbb\xbf" + TEXT.encode(), None),
        (TEXT.encode("cp1256"), "windows-1256"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
    ):
        path.write_bytes(raw)
        (found,) = all_of(path)
        assert isinstance(found, Candidate)
        assert found.fields["text"] == TEXT
        assert found.fields.get("encoding") == encoding


def test_utf8_with_a_scratch_stays_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode() + b"\xff " + TEXT.encode())
    (found,) = all_of(path)
    assert isinstance(found, Candidate)
    assert found.fields["text"] == f"{TEXT}\ufffd {TEXT}"


def test_files_too_large_to_be_read_at_once_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_JSON_FILE_BYTES", 100)
    monkeypatch.setattr(readers, "MAX_TEXT_FILE_BYTES", 100)
    (tmp_path / "a.json").write_bytes(b" " * 101)
    (tmp_path / "b.txt").write_bytes(b" " * 101)
    found = all_of(tmp_path)
    assert reasons(found) == [("a.json", "too_large"), ("b.txt", "too_large")]
    assert "give it as .jsonl" in str(found[0])


def test_a_json_file_may_hold_one_article_or_a_list(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(orjson.dumps({"text": "أ"}, option=orjson.OPT_INDENT_2))
    assert texts(all_of(path)) == ["أ"]
    path.write_bytes(orjson.dumps([{"text": "أ"}, 5]))
    found = all_of(path)
    assert texts(found) == ["أ"]
    assert reasons(found) == [("a.json#2", "bad_json")]
    path.write_bytes(b"[")
    assert reasons(all_of(path)) == [("a.json", "bad_json")]


def test_a_pipe_in_the_place_of_a_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(all_of(tmp_path / "pipe.txt")) == [("pipe.txt", "bad_file")]


def test_bytes_gone_through_add_up_to_the_files(folder: Path) -> None:
    told: list[int] = []
    all_of(folder, on_bytes=told.append)
    assert sum(told) == total_bytes([folder]) == sum(file.stat().st_size for file in article_paths(folder))


def article_paths(folder: Path) -> Iterator[Path]:
    return (path for path in readers.article_files([folder]) if isinstance(path, Path))


@given(st.lists(st.binary(max_size=40), max_size=6))
@settings(deadline=None, max_examples=150)
def test_whatever_comes_through_a_pipe_each_line_is_a_candidate_or_rejected(chunks: list[bytes]) -> None:
    raw = b"\n".join(chunks)
    found = all_of("-", stdin=io.BytesIO(raw))
    assert len(found) == sum(bool(line.strip()) for line in raw.split(b"\n"))
