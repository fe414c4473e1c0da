"""Two articles side by side: what they share, in 18 figures, and how sure that makes it that they are copies or tell one
story. `comparison.lua` says the same within Redis; a test holds them together."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from services.deduplication.fingerprint import Fingerprint
from services.deduplication.marks import MARK_BYTES
from services.deduplication.shingles import SAMPLE_BYTES, Sample

COVERED = 0.6
"""A passage of one article stands in the other where that share of its shingles does: it is the same but for light edits."""

LEAST_SHINGLES = 4
"""A passage of fewer is too short to tell."""

FORM_JACCARD = 0.3
"""From here on the words of two articles are a form's."""

UNKNOWN = 0.5
UNKNOWN_EVENT = 0.3
"""Where one of the articles has none: between what alike and unlike ones have."""


class Comparison(NamedTuple):
    """What a later article shares with an earlier one. Shares are 0 to 1, of shingles without standing passages.

    `containment`: of the smaller one; `of_later`, `of_earlier`: what share of each stands in the other;
    `passages`: share of the later one's text in passages that are the earlier one's; `in_passages`: share of the
    earlier one that they make up; `lead_of_later`, `lead_of_earlier`: what share of each one's beginning stands in the
    other; `title`, `numbers`, `places`, `events`: how far these agree; `terms`: cosine of the story terms;
    `hours`: log(1 + hours between them); `hours_of_source`: the same where one outlet has both, else 0; `same_source`: 1 or 0; `unlike_size`: log of the ratio of their sizes;
    `size`: log(1 + shingles of the smaller one).
    """

    jaccard: float
    containment: float
    of_later: float
    of_earlier: float
    passages: float
    in_passages: float
    lead_of_later: float
    lead_of_earlier: float
    title: float
    numbers: float
    places: float
    events: float
    terms: float
    hours: float
    hours_of_source: float
    same_source: float
    unlike_size: float
    size: float


def compared(later: Fingerprint, earlier: Fingerprint, standing: Collection[int] = ()) -> Comparison:
    """What `later` shares with `earlier`; `standing` are numbers of its passages that many stories have."""
    grain = 1 << max(later.sample.level, earlier.sample.level)
    theirs = _codes(earlier.sample)
    known = set(theirs)
    sizes: dict[int, int] = {}
    hits: dict[int, int] = {}
    mine = shared = standing_shared = lead = lead_shared = 0
    for number, (code, passage) in enumerate(zip(_codes(later.sample), later.sample.passages, strict=True)):
        if code % grain:
            continue
        hit = code in known
        if number < later.sample.lead:
            lead, lead_shared = lead + 1, lead_shared + hit
        if passage in standing:
            standing_shared += hit
            continue
        mine, shared = mine + 1, shared + hit
        sizes[passage], hits[passage] = sizes.get(passage, 0) + 1, hits.get(passage, 0) + hit
    own = set(_codes(later.sample))
    their_size = max(sum(code % grain == 0 for code in theirs) - standing_shared, 1)
    their_lead = [code in own for code in theirs[: earlier.sample.lead] if code % grain == 0]
    mine = max(mine, 1)
    covered = [passage for passage, size in sizes.items() if size >= LEAST_SHINGLES and hits[passage] / size >= COVERED]
    smaller = min(mine, their_size)
    one, other = later.marks, earlier.marks
    hours = math.log(1 + abs(later.minutes - earlier.minutes) / 60)
    same_source = later.source == earlier.source
    return Comparison(
        jaccard=shared / max(mine + their_size - shared, 1),
        containment=min(shared / smaller, 1.0),
        of_later=shared / mine,
        of_earlier=min(shared / their_size, 1.0),
        passages=sum(sizes[passage] for passage in covered) / mine,
        in_passages=min(sum(hits[passage] for passage in covered) / their_size, 1.0),
        lead_of_later=lead_shared / max(lead, 1),
        lead_of_earlier=sum(their_lead) / max(len(their_lead), 1),
        title=_jaccard(_set(one.title), _set(other.title)),
        numbers=_containment(_set(one.numbers), _set(other.numbers), UNKNOWN),
        places=_containment(_set(one.places), _set(other.places), UNKNOWN),
        events=_containment(_set(one.events), _set(other.events), UNKNOWN_EVENT),
        terms=_cosine(later.terms, earlier.terms),
        hours=hours,
        hours_of_source=hours if same_source else 0.0,
        same_source=float(same_source),
        unlike_size=abs(math.log(mine / their_size)),
        size=math.log(1 + smaller * grain),
    )


def written_alike_elsewhere(comparison: Comparison) -> bool:
    """Whether an outlet filled the same form in for another place: neither a copy nor the same story.

    Different places alone do not say so: two outlets may name one place each of a wire text.
    """
    return comparison.places == 0.0 and comparison.same_source == 1.0 and comparison.jaccard > FORM_JACCARD


@dataclass(frozen=True)
class Scale:
    """What a figure is worth: `odds[n]` nats where n of the ascending `edges` are at most the figure."""

    edges: tuple[float, ...]
    odds: tuple[float, ...]

    def worth(self, figure: float) -> float:
        """Nats of odds."""
        return self.odds[bisect_right(self.edges, figure)]


@dataclass(frozen=True)
class Judgement:
    """An additive model of a comparison: how sure it is, in nats of odds, and from how many nats on it is said.

    Fitted to labelled pairs by `rasid train pairs`; of several outlets' news of January to April 2018.
    """

    bias: float
    least: float
    scales: Mapping[str, Scale]

    def worths(self, comparison: Comparison) -> dict[str, float]:
        """What each figure adds."""
        return {name: scale.worth(getattr(comparison, name)) for name, scale in self.scales.items()}

    def odds(self, comparison: Comparison) -> float:
        """Log odds."""
        return self.bias + sum(self.worths(comparison).values())


@dataclass(frozen=True)
class Judgements:
    """When two articles are copies of each other, and when they tell one story."""

    copy: Judgement
    story: Judgement


@cache
def judgements() -> Judgements:
    """Those that ship with the package."""
    given = json.loads(judgements_text())
    return Judgements(judgement_of(given["copy"]), judgement_of(given["story"]))


def judgements_text() -> str:
    """The same as JSON."""
    return files("services.deduplication").joinpath("data/pair_weights.json").read_text("utf-8")


def judgement_of(given: Mapping[str, object]) -> Judgement:
    """A judgement as `pair_weights.json` has it."""
    scales = given["scales"]
    assert isinstance(scales, dict)
    return Judgement(
        float(str(given["bias"])),
        float(str(given["least"])),
        {name: Scale(tuple(one["edges"]), tuple(one["odds"])) for name, one in scales.items()},
    )


def _codes(sample: Sample) -> list[int]:
    packed = sample.packed
    return [
        int.from_bytes(packed[at:to], "big") for at, to in pairwise(range(0, len(packed) + SAMPLE_BYTES, SAMPLE_BYTES))
    ]


def _set(packed: bytes) -> frozenset[bytes]:
    return frozenset(packed[at : at + MARK_BYTES] for at in range(0, len(packed), MARK_BYTES))


def _jaccard(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _containment(one: frozenset[bytes], other: frozenset[bytes], unknown: float) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else unknown


def _cosine(one: bytes, other: bytes) -> float:
    weights = {one[at : at + 3]: one[at + 3] for at in range(0, len(one), 4)}
    return sum(weights.get(other[at : at + 3], 0) * other[at + 3] for at in range(0, len(other), 4)) / 65025
