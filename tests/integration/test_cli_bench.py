"""`rasid bench dedup` in small: every figure is there; how large they are is no test's business."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas.articles_deduplicated import Verdict
from services.deduplication.article import deduplicated
from services.runtime.wire import encode
from tests.integration.cli import rasid_process
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, article

pytestmark = pytest.mark.integration

SMALL = ("--count", "20", "--stored", "140", "--rounds", "1", "--workers", "2", "--rate", "50")


def test_it_runs_for_anybody(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    ended = rasid_process("bench", "dedup", *SMALL, "--json", out)
    assert ended.status == 0, ended.err
    assert "give --pairs and --records" in ended.out
    figures = json.loads(out.read_text())
    assert figures["speeds"].keys() >= {"rasid", "rasid alone", "simhash"}
    assert all(figures[name] > 0 for name in ("memory", "batch_small", "batch_large", "trip_p99", "fill_rate"))
    assert figures["memory_by_kind"].keys() == {"records", "copies", "bands", "passages", "terms", "stories", "since"}
    assert figures["quality"] is None


def test_quality_is_counted_on_labelled_pairs(tmp_path: Path) -> None:
    texts = {"a": FLOOD, "b": (*FLOOD, "وانتهى البيان."), "c": HARBOUR, "d": MATCH}
    new = Verdict(relation="new", story_id="before", similarity=0.0)
    records, pairs, out = (tmp_path / name for name in ("records.jsonl", "pairs.jsonl", "figures.json"))
    records.write_bytes(
        b"".join(encode(deduplicated(article(text, id=id, source=id), new)) + b"\n" for id, text in texts.items())
    )
    labelled = [("a", "b", "near_duplicate", "j40"), ("a", "c", "unrelated", "c12"), ("c", "d", "related", "c12x")]
    pairs.write_text(
        "\n".join(json.dumps({"a": a, "b": b, "label": label, "stratum": of}) for a, b, label, of in labelled)
    )
    ended = rasid_process("bench", "dedup", *SMALL, "--pairs", pairs, "--records", records, "--json", out)
    assert ended.status == 0, ended.err
    quality = json.loads(out.read_text())["quality"]
    assert quality["agreements"]["Rasid"]["duplicates"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "pairs": 1}
    assert (quality["unlike_pairs"], quality["agreements"]["Rasid"]["unlike_said_duplicate"]) == (2, 0)
    assert {"datasketch MinHashLSH 0.5", "rensa R-MinHash 0.7", "SimHash, 3 bits"} <= quality["agreements"].keys()


def test_pairs_of_other_records_are_refused(tmp_path: Path) -> None:
    records, pairs = tmp_path / "records.jsonl", tmp_path / "pairs.jsonl"
    records.write_bytes(encode(article(FLOOD, id="a")) + b"\n")
    pairs.write_text('{"a": "a", "b": "elsewhere", "label": "exact"}\n')
    ended = rasid_process("bench", "dedup", *SMALL, "--pairs", pairs, "--records", records)
    assert ended.status == 1
    assert "such as elsewhere: give the records that the pairs were drawn from" in ended.err
    assert "Traceback" not in ended.err
