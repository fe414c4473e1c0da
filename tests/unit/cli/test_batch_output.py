"""OUT: whole lines only, touched only once it is known to be ours, continued where it stood."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cli.batch_output import Output, OutputError, rejected_path, whole_lines_end, whole_members_end
from services.cli.batch_tasks import Refused

NAMES = ["out.jsonl", "out.jsonl.gz"]


def line(number: int) -> bytes:
    return b'{"id":"W-%d"}' % number


def refused(number: int) -> Refused:
    return Refused(number, f"in.jsonl:{number + 1}", "empty", "no text")


def content(path: Path) -> list[bytes]:
    raw = gzip.decompress(path.read_bytes()) if path.name.endswith(".gz") else path.read_bytes()
    return raw.splitlines()


def written(path: Path, numbers: range, refusals: tuple[int, ...] = ()) -> None:
    """A run that wrote these; a block each."""
    output = Output(path, overwrite=False)
    output.fresh_from(numbers.start)
    for number in numbers:
        if number in refusals:
            output.refuse(refused(number))
        else:
            output.record(line(number))
        output.flush(force=True)
    output.finish()
    output.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_second_run_finds_what_the_first_wrote_and_goes_on(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    written(path, range(3), refusals=(1,))
    output = Output(path, overwrite=False)
    assert list(output.lines_before()) == [line(0), line(2)]
    assert output.refused_before == {1: "in.jsonl:2"}
    output.close()
    written(path, range(3, 5))
    assert content(path) == [line(0), line(2), line(3), line(4)]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_off_anywhere_is_continued_after_its_last_whole_block(tmp_path: Path, name: str) -> None:
    written(tmp_path / name, range(4))
    raw = (tmp_path / name).read_bytes()
    for cut in range(1, len(raw) + 1):
        folder = tmp_path / str(cut)
        folder.mkdir()
        path = folder / name
        path.write_bytes(raw[:cut])
        output = Output(path, overwrite=False)
        before = list(output.lines_before())
        assert before == [line(number) for number in range(len(before))]
        assert path.read_bytes() == raw[:cut], "nothing is touched before the first write"
        output.fresh_from(len(before))
        for number in range(len(before), 4):
            output.record(line(number))
        output.finish()
        output.close()
        assert content(path) == [line(number) for number in range(4)]


def test_what_was_refused_beyond_the_point_of_return_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, range(4), refusals=(0, 3))
    with rejected_path(path).open("ab") as file:
        file.write(b'{"number":9,"orig')
    output = Output(path, overwrite=False)
    output.fresh_from(3)
    output.record(line(3))
    output.finish()
    output.close()
    kept = [orjson.loads(one)["number"] for one in rejected_path(path).read_bytes().splitlines()]
    assert kept == [0]


def test_a_run_that_finds_everything_done_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, range(3), refusals=(2,))
    before = path.read_bytes(), rejected_path(path).read_bytes()
    output = Output(path, overwrite=False)
    list(output.lines_before())
    output.finish()
    output.close()
    assert (path.read_bytes(), rejected_path(path).read_bytes()) == before


def test_overwriting_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, range(3), refusals=(2,))
    output = Output(path, overwrite=True)
    assert list(output.lines_before()) == []
    assert output.refused_before == {}
    output.finish()
    output.close()
    assert path.read_bytes() == b""
    assert not rejected_path(path).exists()


def test_a_run_that_fails_before_its_first_record_leaves_things_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, range(2))
    before = path.read_bytes()
    Output(path, overwrite=True).close()
    assert path.read_bytes() == before
    Output(tmp_path / "new.jsonl", overwrite=False).close()
    assert not (tmp_path / "new.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "raw"),
    [("out.jsonl", b"my notes, not to be lost"), ("out.jsonl.gz", b'{"id":"W"}\n'), ("out.jsonl", b"\x1f\x8b")],
)
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, name: str, raw: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(OutputError):
        Output(path, overwrite=False)
    assert path.read_bytes() == raw


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    first = Output(tmp_path / "out.jsonl", overwrite=False)
    with pytest.raises(OutputError, match="another run"):
        Output(tmp_path / "out.jsonl", overwrite=False)
    first.close()


def test_what_was_rejected_can_hold_anything(tmp_path: Path) -> None:
    output = Output(tmp_path / "out.jsonl", overwrite=False)
    output.fresh_from(0)
    output.refuse(Refused(0, "\udcff/a.txt", "bad_file", "\ud800"))
    output.finish()
    output.close()
    assert orjson.loads(rejected_path(tmp_path / "out.jsonl").read_bytes())["origin"] == "\ufffd/a.txt"


@given(st.lists(st.binary(max_size=30), max_size=5), st.integers(0, 200))
@settings(deadline=None, max_examples=100)
def test_the_end_of_whole_members_is_the_end_of_one(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[bytes], cut: int
) -> None:
    members = [gzip.compress(block, mtime=0) for block in blocks]
    raw = b"".join(members)[:cut]
    ends = [sum(map(len, members[:count])) for count in range(len(members) + 1)]
    path = tmp_path_factory.mktemp("members") / "a.gz"
    path.write_bytes(raw)
    assert whole_members_end(path) == max(end for end in ends if end <= len(raw))


@given(st.binary(max_size=50))
@settings(deadline=None, max_examples=100)
def test_the_end_of_whole_lines_is_after_the_last_line_feed(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a"
    path.write_bytes(raw)
    assert whole_lines_end(path) == raw.rfind(b"\n") + 1
