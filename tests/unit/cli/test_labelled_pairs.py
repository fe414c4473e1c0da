"""Labelled pairs: what their files must have, and how agreement with them is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.bench_dedup_quality import agreement
from services.cli.labelled_pairs import (
    Pair,
    PairsError,
    Score,
    parted,
    read_pairs,
    root_of,
    score,
    scored,
    share_said,
    without_record,
)

PAIRS = [
    Pair("a", "b", "exact", "j40"),
    Pair("a", "c", "near_duplicate", "j40x"),
    Pair("d", "e", "same_story", "c18"),
    Pair("f", "g", "related", "c12"),
    Pair("h", "i", "related", "c12x"),
]


def said_of(*pairs: tuple[str, str]) -> object:
    return lambda one, other: (one, other) in pairs


def test_pairs_are_read_with_their_stratum_or_without(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(
        '{"a": "1", "b": "2", "label": "exact", "stratum": "c12"}\n\n{"a": "1", "b": "3", "label": "related", "weight": 2}\n'
    )
    assert read_pairs(path) == [Pair("1", "2", "exact", "c12"), Pair("1", "3", "related", "")]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{broken", "line 2: no JSON object"),
        ("[1]", "line 2: no JSON object"),
        ('{"a": "1", "label": "exact"}', "line 2: the field b is missing"),
        ('{"a": "1", "b": 2, "label": "exact"}', "line 2: the field b is missing"),
        ('{"a": "1", "b": "2", "label": "alike"}', "line 2: the label alike is none of exact"),
        ('{"a": "1", "b": "1", "label": "exact"}', "line 2: an article is paired with itself"),
    ],
)
def test_what_is_no_pair_is_named_with_its_line(line: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(f'{{"a": "1", "b": "2", "label": "exact"}}\n{line}\n')
    with pytest.raises(PairsError, match=complaint):
        read_pairs(path)


def test_a_file_without_pairs_says_what_it_should_hold(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n")
    with pytest.raises(PairsError, match="holds no pair"):
        read_pairs(path)


def test_precision_and_recall_count_each_pair_once() -> None:
    assert score([True, True, False, False], [True, False, True, True]) == Score(0.5, 1 / 3, 0.4, 3)
    assert score([False, False], [False, True]) == Score(0.0, 0.0, 0.0, 1)
    assert score([], []) == Score(0.0, 0.0, 0.0, 0)


def test_labels_decide_which_pairs_are_alike() -> None:
    said = said_of(("a", "b"), ("f", "g"))
    assert scored(PAIRS, {"exact", "near_duplicate"}, said) == Score(0.5, 0.5, 0.5, 2)
    assert share_said(PAIRS, "related", said) == 0.5
    assert share_said(PAIRS, "revision", said) == 0.0


def test_agreement_counts_pairs_of_unlike_strata_that_are_said_duplicate() -> None:
    found = agreement(PAIRS, said_of(("a", "b"), ("f", "g")), said_of(("a", "b"), ("a", "c"), ("d", "e")))
    assert (found.unlike_said_duplicate, found.related_in_one_story) == (1, 0.0)
    assert (found.duplicates.f1, found.stories.f1) == (0.5, 1.0)


def test_copies_of_copies_go_back_to_the_first_and_no_circle_lasts() -> None:
    copied = {"a": None, "b": "a", "c": "b", "x": "y", "y": "x"}
    assert [root_of(id, copied) for id in ("a", "b", "c", "unknown")] == ["a", "a", "a", "unknown"]
    assert root_of("x", copied) in ("x", "y")


def test_articles_that_nobody_knows_are_listed_once() -> None:
    assert without_record(PAIRS, {"a", "b", "d", "e", "f", "g", "h"}) == ["c", "i"]
    assert without_record([*PAIRS, *PAIRS], "abdefghi") == ["c"]


def test_pairs_that_share_articles_stay_in_one_part() -> None:
    chain = [Pair(str(at), str(at + 1), "exact") for at in range(5)]
    alone = [Pair(f"x{at}", f"y{at}", "related") for at in range(7)]
    parts = parted([*alone[:3], *chain, *alone[3:]], 3)
    assert len(set(parts[3:8])) == 1
    assert sorted(parts.count(part) for part in range(3)) == [3, 4, 5]
