"""Candidates for events beside their rivals: what else an article may tell, how likely, how far away.

Fitted weights judge a candidate by its own marks. Whether it is an event of its own or one that is better told elsewhere
shows beside the others: small decision trees, fitted by `training.event_trees`, say how likely that is.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.articles_extracted import EventType
from services.extraction.event_marks import Candidate, Stage
from services.extraction.seen_events import TYPES

TREES = "model/event_trees.json"

COLUMNS = (
    "odds",
    "surest before of its type",
    "surest later of its type",
    "surest other word of its sentence",
    "surest word before it in its sentence",
    "surest other type of its word",
    "surest before of another type of its kind",
    "surest later of another type of its kind",
    "words since the surest before",
    "sentences since the surest before",
    "places that the surest before lacks",
    "places that the surest before has",
    "same word as the surest before",
    "surer candidates",
    "surer candidates of its type",
    "candidates",
    "events expected",
    "events of its type expected before",
    "type",
    "sentence",
    "word",
    "places",
    "definite",
)
"""The numbers of a candidate beside its rivals. Odds are logarithms; «the surest before» is of its type."""

_VIOLENT: frozenset[EventType] = frozenset(
    (
        "air_strike",
        "missile_attack",
        "drone_attack",
        "shelling",
        "bombing",
        "armed_attack",
        "armed_clash",
        "other_violence",
    )
)
"""Types that stand for one another: a bombing may be told again as an attack."""
_SURE = 1e-4
"""Likelihoods nearer to 0 or 1 count as this near."""
_NOBODY = -8.0
"""The odds of a rival that there is not."""
_FAR, _NO_WORD = 200, 300
_LATE, _NO_SENTENCE = 20, 30
_TOGETHER = 256
"""Candidates judged in one go: bounds the memory."""


def beside_rivals(candidates: Sequence[Candidate], stage: Stage) -> NDArray[np.float64]:
    """The numbers of weighed candidates, given in text order: (candidates, COLUMNS). Linear in the candidates."""
    likelihoods = np.array([candidate.likelihood for candidate in candidates])
    clipped = np.clip(likelihoods, _SURE, 1.0 - _SURE)
    odds = (np.log(clipped) - np.log1p(-clipped)).tolist()
    columns = [
        [(own,) for own in odds],
        _of_same_type(candidates, odds),
        _of_same_sentence(candidates, odds),
        _of_same_kind(candidates, odds),
        _behind_the_surest(candidates, odds, stage),
        _surer(candidates, likelihoods),
        _of_its_own(candidates, stage),
    ]
    return np.array([sum(rows, ()) for rows in zip(*columns, strict=True)]).reshape(-1, len(COLUMNS))


def with_marks(
    numbers: NDArray[np.float64], candidates: Sequence[Candidate], marks: Sequence[str]
) -> NDArray[np.float64]:
    """The numbers, and 1 or 0 for each of these marks that a candidate has or has not: (candidates, COLUMNS + marks)."""
    place = _columns_of(tuple(marks))
    rows = np.zeros((len(candidates), len(COLUMNS) + len(marks)))
    rows[:, : len(COLUMNS)] = numbers
    for row, candidate in zip(rows, candidates, strict=True):
        row[[place[mark] for mark in candidate.marks if mark in place]] = 1.0
    return rows


@lru_cache(maxsize=2)
def _columns_of(marks: tuple[str, ...]) -> dict[str, int]:
    return {mark: len(COLUMNS) + n for n, mark in enumerate(marks)}


def _of_same_type(candidates: Sequence[Candidate], odds: Sequence[float]) -> list[tuple[float, float]]:
    """The surest before and the surest later of its type."""
    before, later = _passed(candidates, odds), _passed(candidates[::-1], odds[::-1])[::-1]
    return list(zip(before, later, strict=True))


def _passed(candidates: Sequence[Candidate], odds: Sequence[float]) -> list[float]:
    """For each candidate the surest of its type among those in front of it. A word has a type once."""
    best: dict[str, float] = {}
    passed = []
    for candidate, own in zip(candidates, odds, strict=True):
        passed.append(best.get(candidate.type, _NOBODY))
        best[candidate.type] = max(passed[-1], own)
    return passed


def _words(candidates: Sequence[Candidate]) -> Iterator[tuple[int, range]]:
    """The sentence of each word that has candidates, and which those are."""
    first = 0
    for _, held in groupby(candidates, key=lambda candidate: candidate.at):
        count = len(list(held))
        yield candidates[first].sentence, range(first, first + count)
        first += count


def _of_same_sentence(candidates: Sequence[Candidate], odds: Sequence[float]) -> list[tuple[float, float, float]]:
    """The surest other word of its sentence, the surest word before it there, and the surest other type of its word."""
    words = list(_words(candidates))
    best = [max(odds[n] for n in held) for _, held in words]

    def passed(order: Sequence[int]) -> dict[int, float]:
        before: dict[int, float] = {}
        surest: dict[int, float] = {}
        for w in order:
            before[w] = surest.get(words[w][0], _NOBODY)
            surest[words[w][0]] = max(before[w], best[w])
        return before

    before, later = passed(range(len(words))), passed(range(len(words))[::-1])
    return [
        (max(before[w], later[w]), before[w], max((odds[m] for m in held if m != n), default=_NOBODY))
        for w, (_, held) in enumerate(words)
        for n in held
    ]


def _of_same_kind(candidates: Sequence[Candidate], odds: Sequence[float]) -> list[tuple[float, float]]:
    """The surest before and the surest later of another type that is, like its own, violent or not."""
    words = list(_words(candidates))

    def passed(order: Sequence[tuple[int, range]]) -> list[float]:
        best: dict[EventType, float] = {}
        others = [_NOBODY] * len(candidates)
        for _, held in order:
            for n in held:
                own = candidates[n].type
                others[n] = max(
                    (o for kind, o in best.items() if kind != own and (kind in _VIOLENT) == (own in _VIOLENT)),
                    default=_NOBODY,
                )
            for n in held:
                best[candidates[n].type] = max(best.get(candidates[n].type, _NOBODY), odds[n])
        return others

    return list(zip(passed(words), passed(words[::-1]), strict=True))


def _behind_the_surest(
    candidates: Sequence[Candidate], odds: Sequence[float], stage: Stage
) -> list[tuple[float, float, float, float, float]]:
    """How far behind the surest before of its type it stands, and what of its places and its word is told there."""
    best: dict[str, int] = {}
    common: dict[tuple[int, int], int] = {}
    rows: list[tuple[float, float, float, float, float]] = []
    for n, candidate in enumerate(candidates):
        there = best.get(candidate.type)
        if there is None:
            rows.append((_NO_WORD, _NO_SENTENCE, -1, -1, -1))
            best[candidate.type] = n
            continue
        surest, scenes = candidates[there], stage.scenes
        here, pair = scenes[candidate.sentence].places, (candidate.sentence, surest.sentence)
        if pair not in common:
            common[pair] = len(here & scenes[surest.sentence].places)
        again = _bare(stage, candidate) == _bare(stage, surest)
        rows.append(
            (
                min(_FAR, candidate.at - surest.at),
                min(_LATE, candidate.sentence - surest.sentence),
                len(here) - common[pair],
                common[pair],
                float(again),
            )
        )
        if odds[n] > odds[there]:
            best[candidate.type] = n
    return rows


def _bare(stage: Stage, candidate: Candidate) -> str:
    return stage.words.forms[candidate.at].removeprefix("و")


def _surer(candidates: Sequence[Candidate], likelihoods: NDArray[np.float64]) -> list[tuple[float, ...]]:
    """How many are surer, at all and of its type; how many candidates and events there are; how many before of its type."""
    by_type: defaultdict[str, list[float]] = defaultdict(list)
    for candidate in candidates:
        by_type[candidate.type].append(candidate.likelihood)
    everyone = sorted(likelihoods.tolist())
    ordered = {kind: sorted(held) for kind, held in by_type.items()}
    total, before = float(likelihoods.sum()), dict.fromkeys(by_type, 0.0)
    rows: list[tuple[float, ...]] = []
    for candidate in candidates:
        own, kind = candidate.likelihood, candidate.type
        surer = len(everyone) - bisect_right(everyone, own)
        of_type = len(ordered[kind]) - bisect_right(ordered[kind], own)
        rows.append((surer, of_type, len(candidates), total, before[kind]))
        before[kind] += own
    return rows


def _of_its_own(candidates: Sequence[Candidate], stage: Stage) -> list[tuple[float, ...]]:
    """Type, sentence, word, number of places and whether the word is definite."""
    return [
        (
            TYPES.index(candidate.type),
            candidate.sentence,
            candidate.at,
            len(stage.scenes[candidate.sentence].places),
            float(stage.words.forms[candidate.at].startswith(("ال", "وال"))),
        )
        for candidate in candidates
    ]


class Trees:
    """Decision trees whose leaves add up to log-odds.

    `told` has `marks`, `baseline`, and for each tree the lists `feature`, `threshold`, `left`, `right` and `value`, a number
    per node: what is at most the threshold goes left; a leaf has no feature (-1).
    """

    __slots__ = ("_baseline", "_children", "_depth", "_features", "_roots", "_thresholds", "_values", "marks")

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.marks: tuple[str, ...] = tuple(told["marks"])
        self._baseline = float(told["baseline"])
        sizes = [len(tree) for tree in told["feature"]]
        self._roots = np.cumsum([0, *sizes[:-1]])
        features = np.concatenate([np.array(tree) for tree in told["feature"]])
        leaf, itself = features < 0, np.arange(len(features))
        base = np.repeat(self._roots, sizes)
        left, right = (np.concatenate([np.array(t) for t in told[side]]) + base for side in ("left", "right"))
        self._children = np.stack([np.where(leaf, itself, left), np.where(leaf, itself, right)], axis=1).ravel()
        self._features = np.where(leaf, 0, features)
        self._thresholds = np.concatenate([np.array(tree, dtype=np.float64) for tree in told["threshold"]])
        self._values = np.concatenate([np.array(tree, dtype=np.float64) for tree in told["value"]])
        self._depth = 0
        reached = self._roots
        while not leaf[reached].all():
            reached = np.unique(self._children.reshape(-1, 2)[reached])
            self._depth += 1

    def likelihoods(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The likelihood of each row of `with_marks`: (rows,)."""
        parts = [self._judged(rows[n : n + _TOGETHER]) for n in range(0, len(rows), _TOGETHER)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _judged(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        numbers, starts = rows.ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        nodes = np.tile(self._roots, (len(rows), 1))
        for _ in range(self._depth):
            beyond = numbers.take(starts + self._features.take(nodes)) > self._thresholds.take(nodes)
            nodes = self._children.take(2 * nodes + beyond)
        scores = self._baseline + self._values.take(nodes).sum(axis=1)
        return np.asarray(1.0 / (1.0 + np.exp(-scores)))


@cache
def load_trees() -> Trees:
    """The trees of the hybrid engine."""
    return Trees(json.loads((files(__package__) / "data" / TREES).read_text(encoding="utf-8")))


def settle(candidates: Sequence[Candidate], stage: Stage, trees: Trees) -> None:
    """Gives weighed candidates, in text order, the likelihoods that they have beside their rivals."""
    if candidates:
        rows = with_marks(beside_rivals(candidates, stage), candidates, trees.marks)
        for candidate, likelihood in zip(candidates, trees.likelihoods(rows).tolist(), strict=True):
            candidate.likelihood = likelihood
