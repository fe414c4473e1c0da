"""How good a reading is: names by span and type, events by type and place, and whether confidences hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.extraction.tagging.decoding import spans
from services.extraction.tagging.evidence import TYPES
from services.extraction.training.corpora import CONLL_TYPES

if TYPE_CHECKING:
    from services.extraction.training.examples import Example

REACH = 120
"""Code points between an event found and one labelled that may still be the same."""
APART = 100
"""Code points around an event in which the same type is not told again."""
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
BINS = 10


class Name(NamedTuple):
    """A name: half-open range of words of the text, type, and letters cut off its first word."""

    first: int
    last: int
    type: str
    cut: int


class Score(NamedTuple):
    """Right of those found, right of those wanted."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


class Bin(NamedTuple):
    """Findings whose confidence lies between `above` and the next bin's: how many, their mean confidence, share right."""

    above: float
    cases: int
    confidence: float
    right: float


def named(labels: NDArray[np.float32], cuts: NDArray[np.float32]) -> list[tuple[Name, float]]:
    """The names that a reading of the text's words says, as the engine decodes it, with their likelihoods."""
    return [
        (Name(span.first, span.last, TYPES[span.type], int(cuts[span.first].argmax())), span.likelihood)
        for span in spans(labels)
    ]


def wanted_names(example: Example) -> set[Name]:
    """The names that the example's labels say."""
    labels, cuts = example.labels[example.before :], example.cuts[example.before :]
    return {
        Name(first, last, kind, max(0, int(cuts[first]))) for first, last, kind in _ranges([int(n) for n in labels])
    }


def name_scores(pairs: Iterable[tuple[set[Name], set[Name]]]) -> dict[str, Score]:
    """Scores by type, and of "all", of names found and wanted, article by article: range, type and cut must be right."""
    counts = {kind: [0, 0, 0] for kind in ("all", *TYPES)}
    for found, wanted in pairs:
        for n, names in enumerate((found & wanted, found, wanted)):
            for name in names:
                counts["all"][n] += 1
                counts[name.type][n] += 1
    return {kind: Score(*count) for kind, count in counts.items()}


def conll_names(example: Example, labels: NDArray[np.float32]) -> tuple[set[Name], set[Name]]:
    """Names found and wanted of a CoNLL example, in its own tokens; what it calls miscellaneous is left out."""
    path = [0] * len(labels)
    for span in spans(labels):
        if TYPES[span.type] != "GRP":
            path[span.first : span.last] = [1 + 2 * span.type, *[2 + 2 * span.type] * (span.last - span.first - 1)]
    found, wanted = [], []
    for word, label in example.tokens:
        found.append(path[word] if word >= 0 else 0)
        begins, _, kind = label.partition("-")
        of = CONLL_TYPES.get(kind, "GRP")
        wanted.append(0 if of == "GRP" else 1 + 2 * TYPES.index(of) + (begins == "I"))
    one, other = ({Name(first, last, kind, 0) for first, last, kind in _ranges(row)} for row in (found, wanted))
    return one, other


def _ranges(labels: Sequence[int]) -> Iterable[tuple[int, int, str]]:
    """Names of a row of labels: a further word that follows none of its name opens one, as conlleval counts."""
    first = 0
    while first < len(labels):
        last = first + 1
        if labels[first] > 0:
            kind = (labels[first] - 1) // 2
            while last < len(labels) and labels[last] == 2 + 2 * kind:
                last += 1
            yield first, last, TYPES[kind]
        first = last


def likely_events(events: NDArray[np.float32], starts: Sequence[int], threshold: float) -> list[tuple[int, int]]:
    """Code point and type (its column less one) of events as likely as `threshold`, the surest of those APART."""
    found: list[tuple[int, int]] = []
    for word in np.argsort(events[:, 0], kind="stable"):
        if np.exp(events[word, 0]) > 1 - threshold:
            break
        kind, start = int(events[word, 1:].argmax()), starts[word]
        if all(abs(start - other) > APART or kind != of for other, of in found):
            found.append((start, kind))
    return found


def wanted_events(example: Example) -> list[tuple[int, int]]:
    """Code point and type of the events that the example's labels say."""
    events = example.events[example.before :]
    return [(example.starts[n], int(events[n]) - 1) for n in np.flatnonzero(events > 0)]


def event_score(pairs: Iterable[tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]]]) -> Score:
    """The score of events found and wanted, article by article: of the right type, within REACH, each taken once."""
    right = total = sought = 0
    for found, wanted in pairs:
        total, sought = total + len(found), sought + len(wanted)
        used: set[int] = set()
        for start, kind in wanted:
            near = [
                (abs(start - other), n)
                for n, (other, of) in enumerate(found)
                if of == kind and n not in used and abs(start - other) <= REACH
            ]
            if near:
                used.add(min(near)[1])
                right += 1
    return Score(right, total, sought)


def reliability(findings: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Confidences (0 to 1) against what was right, in BINS bins of equal width; empty bins are left out."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in findings:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return [
        Bin(n / BINS, len(held), sum(c for c, _ in held) / len(held), sum(r for _, r in held) / len(held))
        for n, held in enumerate(bins)
        if held
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance between confidence and share right, weighted by how many there are."""
    cases = sum(one.cases for one in bins)
    return sum(one.cases * abs(one.confidence - one.right) for one in bins) / cases if cases else 0.0
