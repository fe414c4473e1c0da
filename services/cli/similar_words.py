"""The verdict on two articles and the figures behind it, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from services.cli.explain_findings import percent
from services.deduplication.comparison import Comparison, Judgement, judgements
from services.deduplication.fingerprint import Fingerprint
from services.deduplication.marks import Marks
from services.deduplication.pair import PairVerdict, Why

RELATIONS = {
    "exact": "exact copy",
    "revision": "revision",
    "near_duplicate": "near duplicate",
    "same_story": "one story, in own words",
    "new": "neither a copy nor one story",
}

REASONS: Mapping[Why, str] = {
    "same_id_and_words": "they have one id and the same words",
    "same_words": "they have the same words in the same order",
    "same_id": "they have one id and other words: the outlet changed its article",
    "announced": "the later one announces that it corrects or takes back, and its outlet's earlier one is of the same",
    "odds_of_copy": "what they share is worth enough for a copy",
    "odds_of_story": "what they share is worth enough for one story, and too little for a copy",
    "not_found": "they share neither a passage nor two of their heaviest words: a stream would not compare them",
    "other_things": "their rare words, names and events are too unlike: a stream would not compare their texts",
    "form": "one outlet wrote them alike about different places: a form filled in again",
    "too_far_apart": "what they share is worth enough for one story, but they are more than three days apart",
    "odds": "what they share is worth too little for a copy or for one story",
}

Show = Callable[[Comparison, "Two"], str]


class Two(NamedTuple):
    """What is compared of the two articles."""

    later: Fingerprint
    earlier: Fingerprint


class Worth(NamedTuple):
    """What a figure adds to the log odds for yes, in nats, and the most that it could add."""

    nats: float
    most: float

    @property
    def weight(self) -> float:
        """How much it decides, by what it gives or by what it withholds."""
        return max(abs(self.nats), self.most - self.nats)


class Figure(NamedTuple):
    """A figure of the comparison: in words, as it is, and what it is worth for either question."""

    name: str
    label: str
    shown: str
    value: float
    copy: Worth
    story: Worth

    @property
    def weight(self) -> float:
        """How much it decides of the question of which it decides more."""
        return max(self.copy.weight, self.story.weight)


def figures(verdict: PairVerdict, two: Two) -> list[Figure]:
    """All figures, those first that decide most."""
    given, comparison = judgements(), verdict.comparison
    found = [
        Figure(
            name,
            label,
            show(comparison, two),
            getattr(comparison, name),
            _worth(given.copy, comparison, name),
            _worth(given.story, comparison, name),
        )
        for name, (label, show) in _FIGURES.items()
    ]
    return sorted(found, key=lambda figure: -figure.weight)


def _worth(judgement: Judgement, comparison: Comparison, name: str) -> Worth:
    scale = judgement.scales.get(name)
    return Worth(0.0, 0.0) if scale is None else Worth(scale.worth(getattr(comparison, name)), max(scale.odds))


def probability(odds: float) -> float:
    """Of log odds."""
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else math.exp(odds) / (1 + math.exp(odds))


def sums(verdict: PairVerdict) -> Iterator[tuple[str, float, Judgement]]:
    """Each question, the log odds for yes, and the judgement."""
    given = judgements()
    yield "copy", verdict.copy, given.copy
    yield "one story", verdict.story, given.story


def apart(minutes: int) -> str:
    """A length of time as people say it."""
    hours, left = divmod(abs(minutes), 60)
    days, of_day = divmod(hours, 24)
    if days:
        return f"{days} d {of_day} h"
    return f"{hours} h {left} min" if hours else f"{left} min"


def _percent_of(name: str) -> Show:
    return lambda comparison, _: percent(getattr(comparison, name))


def _agreement(name: str) -> Show:
    """How far a kind of marks agrees; with none in one of the articles the figure is a guess."""

    def shown(comparison: Comparison, two: Two) -> str:
        one, other = _marks(two.later.marks, name), _marks(two.earlier.marks, name)
        return percent(getattr(comparison, name)) if one and other else "none in one" if one or other else "none"

    return shown


def _marks(of: Marks, name: str) -> bytes:
    packed: bytes = getattr(of, name)
    return packed


def _hours(_: Comparison, two: Two) -> str:
    return apart(two.later.minutes - two.earlier.minutes)


def _hours_of_source(comparison: Comparison, two: Two) -> str:
    return _hours(comparison, two) if comparison.same_source else "two outlets"


_FIGURES: Mapping[str, tuple[str, Show]] = {
    "jaccard": ("shared, of both together", _percent_of("jaccard")),
    "containment": ("shared, of the shorter", _percent_of("containment")),
    "of_later": ("shared, of the later", _percent_of("of_later")),
    "of_earlier": ("shared, of the earlier", _percent_of("of_earlier")),
    "passages": ("the later, in shared passages", _percent_of("passages")),
    "in_passages": ("the earlier, in shared passages", _percent_of("in_passages")),
    "lead_of_later": ("beginning of the later, shared", _percent_of("lead_of_later")),
    "lead_of_earlier": ("beginning of the earlier, shared", _percent_of("lead_of_earlier")),
    "title": ("words of titles in common", _agreement("title")),
    "numbers": ("numbers in common", _agreement("numbers")),
    "places": ("places in common", _agreement("places")),
    "events": ("events in common", _agreement("events")),
    "terms": ("rare words, names, events alike", _percent_of("terms")),
    "hours": ("time between them", _hours),
    "hours_of_source": ("time between, within one outlet", _hours_of_source),
    "same_source": ("outlet", lambda comparison, _: "the same" if comparison.same_source else "another"),
    "unlike_size": ("longer one by", lambda comparison, _: f"{math.exp(comparison.unlike_size):.1f} times"),
    "size": ("length of the shorter", lambda comparison, _: f"{round(math.expm1(comparison.size))} word pairs"),
}
