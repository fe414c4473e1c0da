"""Concrete events that an article reports as having happened, each told once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.articles_extracted import Claim, DateMention, Entity, Event, Quantity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.event_contest import load_trees, settle
from services.extraction.event_marks import Candidate, Stage, find_candidates
from services.extraction.event_parties import who
from services.extraction.event_scenes import when, where
from services.extraction.event_tolls import toll
from services.extraction.speakers import Cast
from services.extraction.weights import probability, read_weights
from services.extraction.words import Words, read_words

WEIGHTS = "event_weights.tsv"
HYBRID_WEIGHTS = "hybrid_event_weights.tsv"


class Bar(NamedTuple):
    """How likely a candidate has to be: the first of its type, a further one in a place not yet named with it, and one
    without a new place, which is mostly the same event told again."""

    first: float
    elsewhere: float
    again: float


BAR = Bar(0.25, 0.27, 0.42)
BESIDE_RIVALS = Bar(0.2, 0.3, 0.4)
"""The bar where candidates were judged beside their rivals."""
_TOO_NEAR = 2
_MENTIONS = 8
"""Further mentions of an event that are asked for what the first does not say."""
_ONE_SENTENCE = 60


def choose(candidates: Sequence[Candidate], stage: Stage, bar: Bar = BAR) -> list[Candidate]:
    """The likely candidates in text order, one for each event.

    Of a type a sentence gives one, of neighbouring words the likeliest; of what is told again the first mention stays.
    """
    likely: list[Candidate] = []
    taken: set[tuple[int, str]] = set()
    tokens: set[int] = set()
    for candidate in sorted(candidates, key=lambda c: (-c.likelihood, c.at, c.type)):
        if candidate.likelihood < bar.first:
            break
        near = range(candidate.at - _TOO_NEAR, candidate.at + _TOO_NEAR + 1)
        if (candidate.sentence, candidate.type) not in taken and tokens.isdisjoint(near):
            likely.append(candidate)
            taken.add((candidate.sentence, candidate.type))
            tokens.add(candidate.at)
    chosen: list[Candidate] = []
    places: dict[str, set[str]] = {}
    for candidate in sorted(likely, key=lambda c: c.at):
        here, known = stage.scenes[candidate.sentence].places, places.get(candidate.type)
        if known is not None and candidate.likelihood < (bar.again if here <= known else bar.elsewhere):
            continue
        chosen.append(candidate)
        places.setdefault(candidate.type, set()).update(here)
    return chosen


def find_events(
    article: NormalizedArticle,
    entities: Sequence[Entity],
    dates: Sequence[DateMention],
    quantities: Sequence[Quantity],
    claims: Sequence[Claim],
    named: NDArray[np.float32] | None = None,
) -> tuple[list[Event], list[Claim]]:
    """Events in text order, and the claims with `about` set to the event that they speak of.

    `named` is what a tagger says of the events that each word names (`tagging.network.Reading.events`), if one was asked.
    """
    words = read_words(article)
    stage = Stage(article, words, Cast(words, entities, article.text, {}), dates, quantities)
    candidates = find_candidates(stage, named)
    weights = read_weights(WEIGHTS if named is None else HYBRID_WEIGHTS)
    for candidate in candidates:
        candidate.likelihood = probability(weights, candidate.marks)
    if named is not None:
        settle(candidates, stage, load_trees())
    chosen = choose(candidates, stage, BAR if named is None else BESIDE_RIVALS)
    told = _mentions(chosen, candidates)
    about = _spoken_of(claims, chosen, told, words)
    sources: dict[int, dict[str, None]] = {}
    for claim, of in zip(claims, about, strict=True):
        for n in of:
            sources.setdefault(n, {})[claim.speaker] = None
    spoken = sorted((claim.start, claim.end) for claim in claims)
    events = []
    for n, event in enumerate(chosen):
        mentions = [event, *told[n][:_MENTIONS]]
        actors, targets = who(stage, event)
        events.append(
            Event(
                type=event.type,
                trigger=article.text[words.starts[event.at] : words.ends[event.at]],
                start=words.starts[event.at],
                date=when(stage, mentions, spoken),
                places=where(stage, mentions),
                actors=actors,
                targets=targets,
                killed=toll(stage, mentions, "killed"),
                wounded=toll(stage, mentions, "wounded"),
                sources=list(sources.get(n, ())),
                confidence=round(event.likelihood, 4),
            )
        )
    return events, [
        claim.model_copy(update={"about": of[0]}) if of else claim for claim, of in zip(claims, about, strict=True)
    ]


def _mentions(chosen: Sequence[Candidate], candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """For each chosen event the further words of its type up to the next event of that type."""
    told: list[list[Candidate]] = [[] for _ in chosen]
    current: dict[str, int] = {}
    order = {id(candidate): n for n, candidate in enumerate(chosen)}
    for candidate in candidates:
        if id(candidate) in order:
            current[candidate.type] = order[id(candidate)]
        elif candidate.type in current:
            told[current[candidate.type]].append(candidate)
    return told


def _spoken_of(
    claims: Sequence[Claim], chosen: Sequence[Candidate], told: Sequence[Sequence[Candidate]], words: Words
) -> list[list[int]]:
    """For each claim the events named in its span (those chosen there, then those told again), else in its sentence."""
    named = sorted(
        (c.at, again, n)
        for n, event in enumerate(chosen)
        for again, c in ((False, event), *((True, c) for c in told[n]))
    )
    places = [at for at, _, _ in named]
    spoken: list[list[int]] = []
    for claim in claims:
        first, last = words.at(claim.start), words.at(max(claim.start, claim.end - 1))
        inside = named[bisect_left(places, first) : bisect_right(places, last)]
        if not inside and first < len(words) and words.sentence_of[first] >= 0:
            a, b = words.sentences[words.sentence_of[first]]
            a, b = max(a, first - _ONE_SENTENCE), min(b, last + _ONE_SENTENCE)
            inside = named[bisect_left(places, a) : bisect_left(places, b)]
        spoken.append(list(dict.fromkeys(n for _, _, n in sorted((again, at, n) for at, again, n in inside))))
    return spoken
