"""The pure parts of `rasid bench dedup`: what it measures with, and how it says what it measured."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from services.cli import bench_dedup_others as others
from services.cli.bench_dedup import Figures
from services.cli.bench_dedup_articles import ArticlesError, extracted_lines, is_of_records, made_articles, records
from services.cli.bench_dedup_fill import Mould
from services.cli.bench_dedup_quality import agreement
from services.cli.bench_dedup_runs import Speed, quantile
from services.cli.bench_dedup_table import rows
from services.cli.bench_dedup_work import dealt
from services.cli.labelled_pairs import Pair
from services.cli.main import app
from services.deduplication.fingerprint import fingerprint
from services.deduplication.shingles import SAMPLE_BYTES
from services.runtime.pipeline import ROOT
from services.runtime.wire import encode
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, article

SEEDS = ROOT / "seeds" / "articles"
TEXTS = {"a": "\n".join(FLOOD), "b": "\n".join((*FLOOD, "وانتهى البيان.")), "c": "\n".join(HARBOUR)}
PAIRS = [Pair("a", "b", "revision"), Pair("a", "c", "unrelated", "c12")]


def bench_dedup(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["bench", "dedup", *map(str, arguments)])


def test_simhash_is_the_majority_of_each_bit() -> None:
    once = others.simhash(["سلام"])
    assert others.simhash(["سلام", "سلام", "حرب"]) == once
    assert others.simhash([]) == 0
    assert 0 < once < 1 << 64


def test_simhashes_of_like_texts_are_near() -> None:
    words = {id: others.simhash(others.text_words(text)) for id, text in TEXTS.items()}
    assert others.distance(words["a"], words["a"]) == 0
    assert others.distance(words["a"], words["b"]) < others.distance(words["a"], words["c"])


@pytest.mark.parametrize("bits", [0, 1, 3, 4])
def test_the_index_of_simhashes_finds_all_within_three_bits_and_no_other(bits: int) -> None:
    index, dice = others.SimhashIndex(), np.random.default_rng(bits)
    for _ in range(50):
        hashed = int(dice.integers(1 << 63))
        index.insert(hashed)
        near = hashed
        for bit in dice.choice(64, bits, replace=False):
            near ^= 1 << int(bit)
        assert (hashed in index.alike_before(near)) == (bits <= 3)


def test_shingles_are_runs_of_three_words_each_once() -> None:
    assert others.word_shingles("أ ب ج أ ب ج أ") == ["ا ب ج", "ب ج ا", "ج ا ب"]
    assert others.word_shingles("كلمة واحدة") == ["كلمه واحده"]


@pytest.mark.parametrize("library", ["datasketch", "rensa"])
def test_the_other_libraries_tell_a_copy_from_another_text(library: str) -> None:
    pytest.importorskip(library, reason="the comparison with other libraries needs the extra rasid[dev]")
    alike = {"datasketch": others.datasketch_alike, "rensa": others.rensa_alike}[library](TEXTS, 0.5)
    found = agreement(PAIRS, alike, alike)
    assert (found.duplicates.f1, found.unlike_said_duplicate) == (1.0, 0)


def test_a_quantile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [quantile(values, share) for share in (0.0, 0.5, 0.99, 1.0)] == [1.0, 50.0, 99.0, 100.0]
    assert quantile([7.0], 0.99) == 7.0


def test_lines_are_dealt_in_batches_and_none_is_lost() -> None:
    lines = [b"%d" % number for number in range(300)]
    parts = dealt(lines, 2)
    assert parts[0] == lines[:128] + lines[256:]
    assert parts[1] == lines[128:256]
    assert dealt(lines[:5], 2) == [lines[:5], []]


def test_made_articles_are_the_same_again_and_no_two_alike() -> None:
    some = list(made_articles(SEEDS, 40))
    assert [one.text for one in made_articles(SEEDS, 40)] == [one.text for one in some]
    prints = [others.word_shingles(one.text) for one in some]
    assert all(
        len(set(one) & set(other)) < 0.1 * len(one) for at, one in enumerate(prints) for other in prints[at + 1 :]
    )


def test_a_folder_without_articles_gives_no_words(tmp_path: Path) -> None:
    with pytest.raises(ArticlesError, match="give --articles"):
        next(made_articles(tmp_path, 1))


def test_records_are_told_from_raw_articles_by_their_first_line(tmp_path: Path) -> None:
    made, raw = tmp_path / "out.jsonl", tmp_path / "raw.jsonl"
    made.write_bytes(encode(article(FLOOD, id="a")) + b"\n" + encode(article(MATCH, id="b")) + b"\n")
    raw.write_text('{"text": "…"}\n')
    assert [is_of_records(path) for path in (made, raw, tmp_path)] == [True, False, False]
    assert [one.id for one in records(made)] == ["a", "b"]
    assert len(extracted_lines(made, 1, "lexicon", 1)) == 1
    with pytest.raises(ArticlesError, match=r"raw\.jsonl, line 1: no record"):
        list(records(raw))


def test_what_is_cast_is_as_large_as_what_was_given_and_unlike_it() -> None:
    given = fingerprint(article(FLOOD, title="سيول في وادي الرمان"))
    dice = np.random.default_rng(1)
    one, other = (Mould.of([given]).cast(dice, name, 5) for name in ("x", "y"))
    for cast in (one, other):
        assert (cast.minutes, cast.notice) == (5, None)
        assert len(cast.sample.packed) == len(given.sample.packed) == SAMPLE_BYTES * len(cast.sample.passages)
        assert len(cast.terms) == len(given.terms)
        assert len(cast.bands) == len(given.bands)
        assert cast.terms[3::4] == given.terms[3::4]  # the weights
    assert not {passage.hashed for passage in one.passages} & {passage.hashed for passage in given.passages}
    assert len({given.content, one.content, other.content}) == 3
    assert len({given.record_id, one.record_id, other.record_id}) == 3


def speeds(rate: float) -> dict[str, Speed]:
    return {"rasid": Speed(rate, 1.0, 0.5), "rasid alone": Speed(rate / 2, 1.0, 0.5)}


def measured(**changes: object) -> Figures:
    figures = Figures("of a test", 100, 2, 3, 1_000_000, speeds=speeds(1200.0), ratio=25.0, ratio_alone=40.0)
    figures = dataclasses.replace(
        figures, memory=2000.0, batch_small=0.1, batch_large=0.15, trip_p50=0.004, trip_p99=0.01
    )
    return dataclasses.replace(figures, **changes)


def test_each_figure_stands_beside_what_is_wanted() -> None:
    found = {row.figure: row for row in rows(measured())}
    assert [row.reached for row in found.values()] == [None, True, None, True, True, True, True, True]
    assert found["quality on labelled pairs"].measured == "give --pairs and --records"
    assert found["beside datasketch with Redis, 2 workers too"].measured == "25.0 ×"


@pytest.mark.parametrize(
    ("change", "figure", "reached"),
    [
        ({"speeds": speeds(999.0)}, "stage with Redis", False),
        ({"ratio": None}, "beside datasketch with Redis, 2", None),
        ({"ratio": 19.9}, "beside datasketch with Redis, 2", False),
        ({"memory": 3001.0}, "Redis memory", False),
        ({"batch_large": 0.21}, "batch of 100", False),
        ({"stored": 100_000}, "batch of 100", None),
        ({"stored": 100_000, "batch_large": 0.3}, "batch of 100", False),
        ({"trip_p99": 0.021}, "round trip", False),
    ],
)
def test_what_is_missed_or_cannot_be_said_is_no_success(
    change: dict[str, object], figure: str, reached: bool | None
) -> None:
    [row] = [row for row in rows(measured(**change)) if row.figure.startswith(figure)]
    assert row.reached is reached


def test_pairs_without_records_are_wrong_usage(tmp_path: Path) -> None:
    ended = bench_dedup("--pairs", tmp_path / "pairs.jsonl")
    assert ended.exit_code == 2
    assert "--pairs needs --records" in ended.stderr


def test_a_file_of_pairs_that_is_not_there_ends_the_command_with_one_sentence(tmp_path: Path) -> None:
    ended = bench_dedup("--pairs", tmp_path / "pairs.jsonl", "--records", tmp_path / "out.jsonl")
    assert ended.exit_code == 1
    assert "pairs.jsonl" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_for_the_figures_that_is_not_there_is_found_before_the_run(tmp_path: Path) -> None:
    ended = bench_dedup("--json", tmp_path / "nowhere" / "figures.json")
    assert ended.exit_code == 2
    assert "nowhere" in ended.stderr
