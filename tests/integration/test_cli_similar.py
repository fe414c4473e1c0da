"""`rasid similar`: two articles out of files, a pipe, or what `rasid batch` wrote."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from services.runtime.pipeline import ROOT
from tests.integration.cli import Ended, rasid, rasid_process

pytestmark = pytest.mark.integration

SEEDS = ROOT / "seeds" / "articles"
STRIKES = SEEDS / "01-daraa-strikes.json"
COPY = SEEDS / "02-daraa-strikes-near-duplicate.json"
BOAT = SEEDS / "06-sfax-boat.json"
REVISED = SEEDS / "07-sfax-boat-revised.json"
LEXICON = {"RASID_ENGINE": "lexicon"}


def value(ended: Ended) -> dict[str, object]:
    assert ended.status == 0, ended.err
    assert ended.out.count("\n") == 1
    found: dict[str, object] = orjson.loads(ended.out)
    return found


def relation(*arguments: str | Path) -> object:
    return value(rasid("similar", *arguments, "--json", **LEXICON))["relation"]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `rasid batch` makes of some seeds."""
    path = tmp_path_factory.mktemp("records") / "found.jsonl"
    given = path.parent / "in.jsonl"
    given.write_bytes(
        b"\n".join(orjson.dumps(orjson.loads(one.read_bytes())) for one in (STRIKES, COPY, BOAT, REVISED))
    )
    assert rasid_process("batch", given, path, "--jobs", "1", **LEXICON).status == 0
    return path


def ids(path: Path, name: str = "id") -> list[str]:
    return [orjson.loads(line)[name] for line in path.read_bytes().splitlines()]


def test_files_are_compared_the_earlier_first_whichever_is_named_first() -> None:
    one = value(rasid("similar", STRIKES, COPY, "--json", **LEXICON))
    other = value(rasid("similar", COPY, STRIKES, "--json", **LEXICON))
    assert one == other
    assert one["relation"] == "near_duplicate"
    assert relation(STRIKES, BOAT) == "new"


def test_a_person_sees_the_verdict_the_figures_and_the_passages() -> None:
    ended = rasid("similar", STRIKES, COPY, "--engine", "lexicon")
    assert (ended.status, ended.err) == (0, "")
    for words in (
        "near duplicate: ",
        "What decided it",
        "Shared: 7 of the later one's 8 passages",
        "Only in the earlier one",
    ):
        assert words in ended.out
    assert "\x1b" not in ended.out


def test_records_are_found_by_id_and_need_no_engine(records: Path) -> None:
    strikes, copy, _, _ = ids(records)
    ended = rasid("similar", strikes, copy, "--in", records, "--json", RASID_ENGINE="camel", CAMELTOOLS_DATA="/nowhere")
    assert value(ended)["relation"] == "near_duplicate"
    first, second, *_ = ids(records, "record_id")
    assert value(rasid("similar", first, second, "--in", records, "--json"))["relation"] == "near_duplicate"


def test_two_versions_of_an_article_have_one_id(records: Path) -> None:
    _, _, boat, revised = ids(records)
    assert boat == revised
    found = value(rasid("similar", boat, boat, "--in", records, "--json"))
    assert (found["relation"], found["why"]) == ("revision", "same_id")
    once = rasid("similar", ids(records)[0], ids(records)[0], "--in", records)
    assert (once.status, "no two records with the id" in once.err) == (1, True)


def test_a_record_and_a_file_may_be_compared_and_lines_may_be_compressed(records: Path, tmp_path: Path) -> None:
    packed = tmp_path / "found.jsonl.gz"
    packed.write_bytes(gzip.compress(b"{broken\n" + records.read_bytes()))
    assert relation(ids(records)[0], COPY, "--in", packed) == "near_duplicate"


def test_articles_that_were_not_extracted_may_stand_in_lines(tmp_path: Path) -> None:
    path = tmp_path / "raw.jsonl"
    lines = [orjson.loads(one.read_bytes()) | {"id": f"نبأ-{number}"} for number, one in enumerate((STRIKES, COPY))]
    path.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    assert relation("نبأ-0", "نبأ-1", "--in", path) == "near_duplicate"


def test_one_may_come_through_a_pipe_extracted_or_not(records: Path) -> None:
    raw = rasid_process("similar", "-", STRIKES, "--json", stdin=COPY.read_bytes(), **LEXICON)
    assert value(raw)["relation"] == "near_duplicate"
    line = records.read_bytes().splitlines()[1]
    ready = rasid_process("similar", STRIKES, "-", "--json", stdin=line, **LEXICON)
    assert value(ready)["relation"] == "near_duplicate"


def test_of_several_articles_in_a_file_the_first_is_taken_with_a_note(records: Path) -> None:
    ended = rasid("similar", records, COPY, "--json", **LEXICON)
    assert value(ended)["relation"] == "near_duplicate"
    assert f"{records} has more articles" in ended.err
    assert f"--in {records}" in ended.err


def test_what_is_no_article_says_why(records: Path, tmp_path: Path) -> None:
    english = tmp_path / "english.txt"
    english.write_text("only English words here")
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(orjson.dumps(orjson.loads(records.read_bytes().splitlines()[0]) | {"entities": 7, "id": "x"}))
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    unpacked = tmp_path / "no.jsonl.gz"
    unpacked.write_bytes(b"no gzip")
    for arguments, sentence in (
        ((english, COPY), "of the letters are Arabic"),
        ((empty, COPY), "there is no article in"),
        (("x", COPY, "--in", broken), "the record cannot be read: entities"),
        (("W-1", "W-2", "--in", records), "no record with the id W-1"),
        (("W-1", "W-2", "--in", unpacked), "cannot be read"),
    ):
        ended = rasid("similar", *arguments, **LEXICON)
        assert (ended.status, sentence in ended.err) == (1, True), ended.err
        assert "Traceback" not in ended.err


def test_wrong_usage_names_what_to_mend(tmp_path: Path) -> None:
    for arguments, sentence in (
        (("W-1", "W-2"), "W-1 is not there: give a file, or an id together with --in FILE"),
        (("-", "-"), "only one article can come through the pipe"),
        ((COPY, COPY), "the same file"),
        (("W-1", "W-2", "--in", tmp_path / "none.jsonl"), "is not there: give a file of JSON lines"),
        ((COPY, STRIKES, "--engine", "oracle"), "RASID_ENGINE"),
    ):
        ended = rasid("similar", *arguments)
        assert (ended.status, sentence in ended.err) == (2, True), ended.err


def test_help_has_examples() -> None:
    assert "rasid similar W-4711 W-4720 --in found.jsonl" in rasid("similar", "--help").out
