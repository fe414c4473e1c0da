"""Labelled pairs of articles: read from a file, and how well something that compares articles agrees with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from services.deduplication.training.pairs import LabelledPair

LABELS = ("exact", "revision", "near_duplicate", "same_story", "related", "unrelated")


class PairsError(ValueError):
    """A file of pairs cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Pair(LabelledPair):
    """A labelled pair, with the stratum it was drawn from: "" where the file names none."""

    stratum: str = ""


@dataclass(frozen=True)
class Score:
    """Of `pairs` pairs that are alike by their labels: precision, recall, F1."""

    precision: float
    recall: float
    f1: float
    pairs: int


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a JSON lines file: `a` and `b` are ids of articles, `label` one of the guidelines', `stratum` optional.

    Raises:
        PairsError: a line is no pair, or there is none. OSError: the file cannot be read.
    """
    pairs = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if line.strip():
            pairs.append(_pair(line, f"{path}, line {number}"))
    if not pairs:
        raise PairsError(f'{path} holds no pair: one JSON object a line, {{"a": ID, "b": ID, "label": …}}')
    return pairs


def _pair(line: bytes, where: str) -> Pair:
    try:
        given = orjson.loads(line)
    except ValueError:
        raise PairsError(f"{where}: no JSON object") from None
    if not isinstance(given, dict):
        raise PairsError(f"{where}: no JSON object")
    for name in ("a", "b", "label"):
        if not isinstance(given.get(name), str):
            raise PairsError(f"{where}: the field {name} is missing, or no text")
    if given["label"] not in LABELS:
        raise PairsError(f"{where}: the label {given['label']} is none of {', '.join(LABELS)}")
    if given["a"] == given["b"]:
        raise PairsError(f"{where}: an article is paired with itself")
    return Pair(given["a"], given["b"], given["label"], str(given.get("stratum") or ""))


def without_record(pairs: Iterable[LabelledPair], known: Collection[str]) -> list[str]:
    """The ids that the pairs name and nobody knows, in order, each once."""
    return list(dict.fromkeys(id for pair in pairs for id in (pair.one, pair.other) if id not in known))


def score(said: Sequence[bool], true: Sequence[bool]) -> Score:
    """Each pair counts once."""
    right = sum(one and other for one, other in zip(said, true, strict=True))
    precision = right / sum(said) if any(said) else 0.0
    recall = right / sum(true) if any(true) else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return Score(precision, recall, f1, sum(true))


def scored(pairs: Sequence[LabelledPair], positive: Collection[str], said: Callable[[str, str], bool]) -> Score:
    """How well `said` of two ids agrees with whether the pairs' labels are among the positive ones."""
    return score([said(pair.one, pair.other) for pair in pairs], [pair.label in positive for pair in pairs])


def share_said(pairs: Sequence[LabelledPair], label: str, said: Callable[[str, str], bool]) -> float:
    """The share of the pairs with a label of which it is said; 0 where there is none."""
    of = [pair for pair in pairs if pair.label == label]
    return sum(said(pair.one, pair.other) for pair in of) / len(of) if of else 0.0


def root_of(id: str, copied_from: Mapping[str, str | None]) -> str:
    """The first of the articles that an article was copied from, one from the other."""
    seen: set[str] = set()
    while (before := copied_from.get(id)) and id not in seen:
        seen.add(id)
        id = before
    return id


def parted(pairs: Sequence[LabelledPair], parts: int) -> list[int]:
    """A part for each pair, 0 to `parts` - 1, about equally many in each; pairs that share articles are in one part.

    So that what was learnt from one part is tested on another that has none of its articles.
    """
    root: dict[str, str] = {}

    def found(id: str) -> str:
        while (above := root.setdefault(id, id)) != id:
            root[id] = root[above]
            id = above
        return id

    for pair in pairs:
        root[found(pair.one)] = found(pair.other)
    groups: dict[str, list[int]] = {}
    for number, pair in enumerate(pairs):
        groups.setdefault(found(pair.one), []).append(number)
    part_of, sizes = [0] * len(pairs), [0] * parts
    for group in sorted(groups.values(), key=lambda group: (-len(group), group)):
        smallest = sizes.index(min(sizes))
        sizes[smallest] += len(group)
        for number in group:
            part_of[number] = smallest
    return part_of
