"""Fit the weights of claims and events to hand-labelled articles: `rasid train weights`.

A change of marks, word lists or labels wants a new fit. The formats of the files: `training.corpora`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.articles_extracted import Entity
from schemas.articles_normalized import NormalizedArticle
from services.extraction import claim_drafts, claim_reader, events
from services.extraction.dates import find_dates
from services.extraction.engine import load_engine
from services.extraction.event_contest import TREES
from services.extraction.event_marks import Stage, find_candidates
from services.extraction.quantities import find_quantities
from services.extraction.roles import with_roles
from services.extraction.speakers import Cast
from services.extraction.training import corpora, event_trees
from services.extraction.training.event_trees import Contest
from services.extraction.weights import BIAS
from services.extraction.words import read_words

DATA = Path(__file__).parent / "data"

Example = tuple[Sequence[str], bool]

_EVENT_RIDGE = 0.8
RAREST = 5
"""A mark seen on fewer candidates gets no weight."""
SWEEPS = 40
TRIGGER_REACH = 120
"""Code points between a candidate and the labelled trigger that it may still stand for."""


def fit(examples: Sequence[Example], ridge: float) -> dict[str, float]:
    """Logistic regression with an L2 penalty, by Newton steps a mark at a time. Deterministic.

    Every sweep takes the time of one pass over all marks of all examples: seconds for 30,000 of 40 marks.
    """
    held: dict[str, list[int]] = {}
    for n, (marks, _) in enumerate(examples):
        for mark in dict.fromkeys(marks):
            held.setdefault(mark, []).append(n)
    holders: dict[str, NDArray[np.int64] | slice] = {BIAS: slice(None)}
    holders |= {mark: np.array(rows) for mark, rows in sorted(held.items()) if len(rows) >= RAREST}
    right = np.array([is_right for _, is_right in examples], dtype=np.float64)
    scores = np.zeros(len(examples))
    weights = dict.fromkeys(holders, 0.0)
    for _ in range(SWEEPS):
        for mark, rows in holders.items():
            penalty = 0.0 if mark == BIAS else ridge
            shares = 1.0 / (1.0 + np.exp(-scores[rows]))
            slope = penalty * weights[mark] + float((shares - right[rows]).sum())
            bend = penalty + float((shares * (1.0 - shares)).sum())
            step = slope / max(bend, 1e-9)
            weights[mark] -= step
            scores[rows] -= step
    return {mark: round(weight, 3) for mark, weight in weights.items()}


def labelled_articles(
    labels: Sequence[Path], articles: Sequence[Path], found: str | None = None
) -> Iterator[tuple[NormalizedArticle, list[Entity], Any]]:
    """Each labelled article, normalized, with its entities and its labels.

    Entities are as labelled; where `found` names an engine, as that finds them; where none were labelled, as the lexicon
    finds them.

    Raises:
        corpora.CorpusError: a file cannot be learnt from.
    """
    engine = load_engine(found) if found else None
    for article, gold in corpora.labelled_articles(labels, articles):
        if engine is None and gold.get("entities") is not None:
            entities = with_roles(article, [Entity(**e, confidence=1.0) for e in gold["entities"]])
        else:
            entities = (engine or load_engine("lexicon")).extract(article).entities
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


def event_examples(
    article: NormalizedArticle, entities: Sequence[Entity], gold: Any, named: NDArray[np.float32] | None = None
) -> Iterator[Example]:
    """The marks of every candidate for an event, and whether it is right; see `event_contest_of`."""
    contest = event_contest_of(article, entities, gold, named)
    for candidate, right in zip(contest.candidates, contest.right, strict=True):
        yield candidate.marks, right


def event_contest_of(
    article: NormalizedArticle, entities: Sequence[Entity], gold: Any, named: NDArray[np.float32] | None = None
) -> Contest:
    """Every candidate for an event, and whether it is the nearest of its type to a labelled trigger.

    `named` is what a network that did not learn from the article says of its words (see `find_candidates`).

    Raises:
        corpora.CorpusError: it says it of another number of words.
    """
    words = read_words(article)
    if named is not None and len(named) != len(words):
        raise corpora.CorpusError(
            f"{article.id}: the network read {len(named)} words, the article has {len(words)}: read it anew"
        )
    cast = Cast(words, entities, article.text, {})
    stage = Stage(article, words, cast, find_dates(article), find_quantities(article))
    candidates = find_candidates(stage, named)
    right: set[int] = set()
    for event in gold["events"]:
        gaps = [
            (abs(words.starts[c.at] - event["start"]), n)
            for n, c in enumerate(candidates)
            if c.type == event["type"] and n not in right
        ]
        if gaps and min(gaps)[0] <= TRIGGER_REACH:
            right.add(min(gaps)[1])
    whole = gold.get("entities") is not None
    return Contest(stage, candidates, [n in right for n in range(len(candidates))], whole)


def fit_tables(
    labels: Sequence[Path],
    articles: Sequence[Path],
    found: str | None = None,
    readings: Mapping[str, NDArray[np.float32]] | None = None,
) -> dict[str, list[str]]:
    """The lines of the tables of weights, by file name; with `readings` by article id, also of the hybrid engine's.

    What an article was not labelled with teaches nothing; neither does one without a reading teach the hybrid engine,
    whose trees are grown too where scikit-learn is there.

    Raises:
        corpora.CorpusError: a file cannot be learnt from, or a reading is of another text.
    """
    spoken: list[Example] = []
    happened: list[Example] = []
    contests: list[Contest] = []
    for article, entities, gold in labelled_articles(labels, articles, found):
        if gold.get("claims") is not None:
            spoken += claim_examples(article, entities, gold)
        if gold.get("events") is not None:
            happened += event_examples(article, entities, gold)
            named = (readings or {}).get(article.id)
            if named is not None:
                contests.append(event_contest_of(article, entities, gold, named))
    seen = [
        (c.marks, right) for contest in contests for c, right in zip(contest.candidates, contest.right, strict=True)
    ]
    tables = {}
    for table, examples, ridge in (
        (claim_drafts.WEIGHTS, spoken, 1.0),
        (events.WEIGHTS, happened, _EVENT_RIDGE),
        (events.HYBRID_WEIGHTS, seen, _EVENT_RIDGE),
    ):
        if not examples:
            continue
        right = sum(right for _, right in examples)
        heading = (
            f"# Weights of marks (log odds), fitted by fit.py to {len(examples)} candidates, {right} of them right."
        )
        weights = fit(examples, ridge)
        tables[table] = [heading, *(f"{mark}\t{weight}" for mark, weight in weights.items() if weight)]
    if len({right for _, right in seen}) == 2 and event_trees.can_grow():
        event_trees.weigh_honestly(contests, lambda examples: fit(examples, _EVENT_RIDGE))
        tables[TREES] = [event_trees.as_line(event_trees.grow(contests)[1])]
    return tables


def write_tables(tables: Mapping[str, Sequence[str]], folder: Path = DATA) -> None:
    """Writes tables of weights where the engines read them."""
    for name, lines in tables.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
