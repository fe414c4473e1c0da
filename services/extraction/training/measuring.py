"""How good a whole engine is on labelled articles, and whether the confidences of its records hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.articles_extracted import Extraction
from schemas.articles_normalized import NormalizedArticle
from services.extraction.engine import Engine
from services.extraction.training.scores import REACH, Score

Findings = list[tuple[float, bool]]
"""Confidence of each finding, and whether it is right."""
HALF = 0.5
"""What a claim found and one labelled must have in common to be the same, of the longer of them."""


def measured(
    engine: Engine, articles: Iterable[tuple[NormalizedArticle, Mapping[str, Any]]]
) -> dict[str, tuple[Score, Findings]]:
    """Scores and findings of "entities", "events" and "claims", each of the articles where they are labelled.

    An entity is right with span and type, an event with its type within REACH code points of the label's word, a claim
    with HALF of its span; every label is taken once, by the surest finding. What was labelled nowhere is left out.
    """
    wanted: dict[str, int] = {}
    findings: dict[str, Findings] = {}
    for article, gold in articles:
        found = engine.extract(article)
        for what, judged in _judged(found, gold).items():
            findings.setdefault(what, []).extend(judged)
            wanted[what] = wanted.get(what, 0) + len(gold[what])
    return {
        what: (Score(sum(right for _, right in judged), len(judged), wanted[what]), judged)
        for what, judged in findings.items()
    }


def _judged(found: Extraction, gold: Mapping[str, Any]) -> dict[str, Findings]:
    judged: dict[str, Findings] = {}
    if gold.get("entities") is not None:
        names = {(label["start"], label["end"], label["type"]) for label in gold["entities"]}
        judged["entities"] = [
            (entity.confidence, (entity.start, entity.end, entity.type) in names) for entity in found.entities
        ]
    if gold.get("events") is not None:
        judged["events"] = _taken_once(
            [(event.confidence, (event.type, event.start)) for event in found.events],
            [(label["type"], label["start"]) for label in gold["events"]],
            lambda one, other: REACH - abs(one[1] - other[1]) if one[0] == other[0] else -1.0,
            0.0,
        )
    if gold.get("claims") is not None:
        judged["claims"] = _taken_once(
            [(claim.confidence, (claim.start, claim.end)) for claim in found.claims],
            [(label["start"], label["end"]) for label in gold["claims"]],
            _common,
            HALF,
        )
    return judged


def _taken_once(found: Sequence[tuple[float, Any]], wanted: Sequence[Any], likeness: Any, least: float) -> Findings:
    """Whether each finding is like enough to a label that no surer one has taken."""
    left = list(wanted)
    judged = []
    for confidence, finding in sorted(found, key=lambda one: -one[0]):
        best = max(left, key=lambda label: likeness(finding, label), default=None)
        right = best is not None and likeness(finding, best) >= least
        if right:
            left.remove(best)
        judged.append((confidence, right))
    return judged


def _common(one: tuple[int, int], other: tuple[int, int]) -> float:
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common / max(1, one[1] - one[0], other[1] - other[0])
