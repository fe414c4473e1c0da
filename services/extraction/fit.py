"""Fit the weights of claims and events to hand-labelled articles.

    python -m services.extraction.fit LABELS.jsonl ARTICLES.jsonl [--entities found]

LABELS has one object a line: `id`, `entities`, `events` (`type`, `start`) and `claims` (`start`, `end`), offsets in code
points of the text; ARTICLES the articles with the same ids (`id`, `source`, `title`, `text`, `published_at`). Rewrites
data/claim_weights.tsv and data/event_weights.tsv; a change of marks, word lists or labels wants a new fit.
"""

from __future__ import annotations

import json
import math
import sys
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.articles_extracted import Entity
from schemas.articles_normalized import NormalizedArticle
from schemas.articles_raw import RawArticle
from services.extraction import claim_reader, events
from services.extraction.dates import find_dates
from services.extraction.engine import load_engine
from services.extraction.event_marks import Stage, find_candidates
from services.extraction.quantities import find_quantities
from services.extraction.roles import with_roles
from services.extraction.speakers import Cast
from services.extraction.weights import BIAS
from services.extraction.words import read_words
from services.normalization.article import normalize

Example = tuple[Sequence[str], bool]

RAREST = 5
"""A mark seen on fewer candidates gets no weight."""
SWEEPS = 40
TRIGGER_REACH = 120
"""Code points between a candidate and the labelled trigger that it may still stand for."""


def fit(examples: Sequence[Example], ridge: float) -> dict[str, float]:
    """Logistic regression with an L2 penalty, by Newton steps a mark at a time. Deterministic."""
    counts = Counter(mark for marks, _ in examples for mark in set(marks))
    kept = sorted(mark for mark, count in counts.items() if count >= RAREST)
    holders: dict[str, list[int]] = {mark: [] for mark in kept}
    for n, (marks, _) in enumerate(examples):
        for mark in set(marks):
            if mark in holders:
                holders[mark].append(n)
    scores = [0.0] * len(examples)
    weights = dict.fromkeys([BIAS, *kept], 0.0)
    for _ in range(SWEEPS):
        for mark in weights:
            held = range(len(examples)) if mark == BIAS else holders[mark]
            penalty = 0.0 if mark == BIAS else ridge
            slope, bend = penalty * weights[mark], penalty
            for n in held:
                share = 1.0 / (1.0 + math.exp(-scores[n]))
                slope += share - examples[n][1]
                bend += share * (1.0 - share)
            step = slope / max(bend, 1e-9)
            weights[mark] -= step
            for n in held:
                scores[n] -= step
    return {mark: round(weight, 3) for mark, weight in weights.items()}


def labelled_articles(
    labels: Path, articles: Path, found: bool
) -> Iterator[tuple[NormalizedArticle, list[Entity], Any]]:
    """Each labelled article, normalized, with its entities (as labelled, or as the engine finds them) and its labels."""
    inputs = {article["id"]: article for article in map(json.loads, articles.read_text(encoding="utf-8").splitlines())}
    engine = load_engine("lexicon") if found else None
    for gold in map(json.loads, labels.read_text(encoding="utf-8").splitlines()):
        given = inputs[gold["id"]]
        fields = {name: given.get(name) for name in ("id", "source", "published_at", "text")}
        raw = RawArticle(
            **fields,
            title=given.get("title") or "",
            record_id=uuid.uuid5(uuid.NAMESPACE_URL, given["id"]),
            fetched_at=datetime(2000, 1, 1, tzinfo=UTC),
        )
        article = normalize(raw)
        entities = (
            engine.extract(article).entities
            if engine
            else with_roles(article, [Entity(**e, confidence=1.0) for e in gold["entities"]])
        )
        yield article, entities, gold


def claim_examples(article: NormalizedArticle, entities: Sequence[Entity], gold: Any) -> Iterator[Example]:
    """Every draft of a claim, and whether a labelled claim has half of its span in common with it and no better draft."""
    words = read_words(article)
    drafts = claim_reader.read_drafts(article, entities)
    spans = [(words.starts[draft.first], words.ends[draft.last - 1]) for draft, _, _ in drafts]
    right: set[int] = set()
    for claim in gold["claims"]:
        shares = [
            (_overlap((claim["start"], claim["end"]), span), -n) for n, span in enumerate(spans) if n not in right
        ]
        best = max(shares, default=(0.0, 0))
        if best[0] >= 0.5:
            right.add(-best[1])
    for n, (_, marks, _) in enumerate(drafts):
        yield marks, n in right


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    common = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, common) / max(1, max(a[1], b[1]) - min(a[0], b[0]))


def event_examples(article: NormalizedArticle, entities: Sequence[Entity], gold: Any) -> Iterator[Example]:
    """Every candidate for an event, and whether it is the nearest of its type to a labelled trigger."""
    words = read_words(article)
    cast = Cast(words, entities, article.text, {})
    candidates = find_candidates(Stage(article, words, cast, find_dates(article), find_quantities(article)))
    right: set[int] = set()
    for event in gold["events"]:
        gaps = [
            (abs(words.starts[c.at] - event["start"]), n)
            for n, c in enumerate(candidates)
            if c.type == event["type"] and n not in right
        ]
        if gaps and min(gaps)[0] <= TRIGGER_REACH:
            right.add(min(gaps)[1])
    for n, candidate in enumerate(candidates):
        yield candidate.marks, n in right


def fit_tables(labels: Path, articles: Path, found: bool) -> dict[str, list[str]]:
    """The lines of both tables of weights, by file name."""
    spoken: list[Example] = []
    happened: list[Example] = []
    for article, entities, gold in labelled_articles(labels, articles, found):
        spoken += claim_examples(article, entities, gold)
        happened += event_examples(article, entities, gold)
    tables = {}
    for table, examples, ridge in ((claim_reader.WEIGHTS, spoken, 1.0), (events.WEIGHTS, happened, 0.8)):
        right = sum(right for _, right in examples)
        heading = (
            f"# Weights of marks (log odds), fitted by fit.py to {len(examples)} candidates, {right} of them right."
        )
        weights = fit(examples, ridge)
        tables[table] = [heading, *(f"{mark}\t{weight}" for mark, weight in weights.items() if weight)]
    return tables


def main(arguments: Sequence[str]) -> None:
    paths = [Path(argument) for argument in arguments if argument.endswith(".jsonl")]
    if len(paths) != 2:
        sys.exit(__doc__)
    for table, lines in fit_tables(paths[0], paths[1], "found" in arguments).items():
        path = Path(__file__).parent / "data" / table
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{path}: {len(lines) - 1} marks")


if __name__ == "__main__":
    main(sys.argv[1:])
