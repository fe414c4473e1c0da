"""`rasid batch`: every article in order, on all cores, and on again after any end."""

from __future__ import annotations

import contextlib
import gzip
import signal
import subprocess
import time
from pathlib import Path

import orjson
import psutil
import pytest

from schemas.articles_deduplicated import DeduplicatedArticle
from schemas.articles_extracted import ExtractedArticle
from services.runtime.wire import decode, encode
from tests.integration.cli import Ended, begun, rasid, rasid_process
from tests.support.articles import articles

pytestmark = pytest.mark.integration

COUNT = 200


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with copies in it, and three lines that are no articles."""
    path = tmp_path_factory.mktemp("archive") / "in.jsonl"
    lines = [encode(article) for article in articles(COUNT, seed=3)]
    lines[10:10] = [b"{broken"]
    lines[150:150] = [orjson.dumps({"text": "only English words here"})]
    path.write_bytes(b"\n".join([*lines, orjson.dumps({"title": "no text"})]) + b"\n")
    return path


@pytest.fixture(scope="module")
def whole(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run without interruption writes."""
    out = tmp_path_factory.mktemp("whole") / "out.jsonl"
    ended = rasid_process("batch", archive, out, "--jobs", "2")
    assert ended.status == 1, ended.err
    assert f"{COUNT} records in {out}, 3 rejected" in ended.out
    return out


def records(out: Path) -> list[DeduplicatedArticle]:
    raw = gzip.decompress(out.read_bytes()) if out.name.endswith(".gz") else out.read_bytes()
    return [decode(DeduplicatedArticle, line) for line in raw.splitlines()]


def test_every_article_has_its_record_in_the_order_of_the_input(whole: Path) -> None:
    assert [one.record_id for one in records(whole)] == [one.record_id for one in articles(COUNT, seed=3)]


def test_copies_are_found_over_the_whole_archive(whole: Path) -> None:
    found = records(whole)
    texts: dict[str, str] = {}
    copies = [(one, texts[one.text]) for one in found if texts.setdefault(one.text, one.id) != one.id]
    assert len(copies) > 10
    assert all(one.duplicate_of == first and one.relation in ("exact", "near_duplicate") for one, first in copies)


def test_what_was_rejected_stands_beside_with_its_reason(whole: Path) -> None:
    lines = (whole.parent / "out.jsonl.rejected.jsonl").read_bytes().splitlines()
    found = [orjson.loads(line) for line in lines]
    assert [(one["number"], one["reason"]) for one in found] == [
        (10, "bad_json"),
        (150, "not_arabic"),
        (COUNT + 2, "empty"),
    ]
    assert [one["origin"].rpartition("/")[2] for one in found] == [
        "in.jsonl:11",
        "in.jsonl:151",
        f"in.jsonl:{COUNT + 3}",
    ]


def test_one_process_writes_the_same_and_so_does_gzip(archive: Path, whole: Path, tmp_path: Path) -> None:
    assert rasid_process("batch", archive, tmp_path / "one.jsonl.gz", "--jobs", "1").status == 1
    assert gzip.decompress((tmp_path / "one.jsonl.gz").read_bytes()) == whole.read_bytes()


def end_in_the_middle(
    process: subprocess.Popen[bytes], out: Path, sig: signal.Signals
) -> tuple[list[psutil.Process], bytes]:
    """Wait until something is written, then end the run; gives its children, and what it said."""
    while process.poll() is None and not (out.exists() and out.stat().st_size):
        time.sleep(0.02)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(sig)
    _, err = process.communicate(timeout=60)
    return children, err


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_a_run_that_was_killed_goes_on_where_it_stood(archive: Path, whole: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    children, _ = end_in_the_middle(begun("batch", archive, out, "--jobs", "2"), out, signal.SIGKILL)
    assert children
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
    ended = rasid_process("batch", archive, out, "--jobs", "2")
    assert ended.status == 1, ended.err
    assert "by an earlier run" in ended.out
    raw = gzip.decompress(out.read_bytes()) if name.endswith(".gz") else out.read_bytes()
    assert raw == whole.read_bytes()
    rejected = whole.parent / "out.jsonl.rejected.jsonl"
    assert (tmp_path / f"{name}.rejected.jsonl").read_bytes() == rejected.read_bytes()


def test_ctrl_c_ends_it_cleanly_and_the_next_run_goes_on(archive: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    process = begun("batch", archive, out, "--jobs", "2")
    children, err = end_in_the_middle(process, out, signal.SIGINT)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"interrupted: the same command goes on from here" in err
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
    assert rasid_process("batch", archive, out, "--jobs", "2").status == 1
    assert out.read_bytes() == whole.read_bytes()


def test_a_finished_run_started_again_changes_nothing(archive: Path, whole: Path) -> None:
    before = whole.read_bytes()
    ended = rasid_process("batch", archive, whole)
    assert ended.status == 1
    assert f"{COUNT} records in {whole} ({COUNT} of them by an earlier run), 3 rejected" in ended.out
    assert whole.read_bytes() == before


def test_without_deduplication_records_have_no_verdict(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ended = rasid_process("batch", archive, out, "--no-dedup")
    assert ended.status == 1
    lines = out.read_bytes().splitlines()
    assert len(lines) == COUNT
    assert all(decode(ExtractedArticle, line).engine for line in lines)
    assert all("relation" not in orjson.loads(line) for line in lines)
    refused = rasid_process("batch", archive, out)
    assert refused.status == 2
    assert "it was made without deduplication" in refused.err


def said_in_one_sentence(ended: Ended, *words: str) -> bool:
    """Whether it was wrong usage, told in one sentence with these words."""
    return (
        ended.status == 2
        and len(ended.err.splitlines()) == 1
        and ended.err.startswith("rasid: ")
        and all(word in ended.err for word in words)
    )


def test_an_output_of_another_input_is_left_alone(archive: Path, whole: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_bytes(b"".join(encode(article) + b"\n" for article in articles(20, seed=9)))
    before = whole.read_bytes()
    ended = rasid_process("batch", other, whole)
    assert said_in_one_sentence(ended, "cannot be continued", "other.jsonl:1", "--overwrite")
    fewer = tmp_path / "fewer.jsonl"
    fewer.write_bytes(b"\n".join(archive.read_bytes().splitlines()[:10]))
    assert said_in_one_sentence(rasid_process("batch", fewer, whole), "more records than the input")
    assert whole.read_bytes() == before
    assert rasid_process("batch", fewer, whole.parent / "new.jsonl").status == 0


def test_wrong_usage_is_told_before_anything_is_done(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.jsonl").write_text("my notes", "utf-8")
    folder = archive.parent
    assert said_in_one_sentence(rasid("batch", archive, tmp_path / "out.csv"), ".jsonl or .jsonl.gz")
    assert said_in_one_sentence(rasid("batch", tmp_path / "none.jsonl", tmp_path / "out.jsonl"), "is not there")
    assert said_in_one_sentence(rasid("batch", archive, tmp_path / "none" / "out.jsonl"), "make it first")
    assert said_in_one_sentence(rasid("batch", archive, archive), "outside of IN")
    assert said_in_one_sentence(rasid("batch", folder, folder / "out.jsonl"), "outside of IN")
    assert said_in_one_sentence(rasid("batch", archive, tmp_path / "notes.jsonl"), "no output of rasid batch")
    assert said_in_one_sentence(rasid("batch", archive, tmp_path / "o.jsonl", "--published-at", "soon"), "ISO 8601")
    assert sorted(path.name for path in folder.iterdir()) == ["in.jsonl"]
    assert (tmp_path / "notes.jsonl").read_text("utf-8") == "my notes"
    assert not (tmp_path / "o.jsonl").exists()


def test_an_archive_may_come_through_a_pipe(archive: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ended = rasid_process("batch", "-", out, stdin=archive.read_bytes())
    assert ended.status == 1
    assert out.read_bytes() == whole.read_bytes()


def test_an_empty_input_is_fine(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"\n")
    ended = rasid_process("batch", tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert (ended.status, ended.err) == (0, "")
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_a_missing_engine_is_told(archive: Path, tmp_path: Path) -> None:
    ended = rasid_process("batch", archive, tmp_path / "out.jsonl", RASID_ENGINE="oracle")
    assert ended.status == 2
    assert "RASID_ENGINE" in ended.err
    with contextlib.suppress(FileNotFoundError):
        assert (tmp_path / "out.jsonl").stat().st_size == 0


def test_what_an_engine_lacks_is_told_before_anything_is_written(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ended = rasid_process("batch", archive, out, RASID_ENGINE="camel", CAMELTOOLS_DATA=str(tmp_path))
    assert ended.status == 2
    assert ended.err.startswith("rasid: the engine camel needs ")
    assert "Traceback" not in ended.err
    assert not out.exists()
