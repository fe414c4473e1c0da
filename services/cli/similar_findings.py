"""All that is to be said of two articles side by side, put together once for the terminal and for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from schemas.articles_extracted import ExtractedArticle
from services.cli.similar_words import Figure, Two, figures, probability, sums
from services.deduplication.body import compared_sentences
from services.deduplication.fingerprint import fingerprint
from services.deduplication.marks import named
from services.deduplication.pair import PairVerdict, judged_alone
from services.deduplication.passages_alike import PassagesAlike, Span, passages_alike


class Things(NamedTuple):
    """Names or numbers of one kind: those of both articles, and those of one only."""

    both: tuple[str, ...]
    only_earlier: tuple[str, ...]
    only_later: tuple[str, ...]


@dataclass(frozen=True)
class Similarity:
    """Two articles, and why they are or are not alike."""

    earlier: ExtractedArticle
    later: ExtractedArticle
    verdict: PairVerdict
    figures: Sequence[Figure]
    passages: PassagesAlike
    things: Mapping[str, Things]


def similarity(earlier: ExtractedArticle, later: ExtractedArticle) -> Similarity:
    """The two compared as deduplication compares them."""
    two = Two(fingerprint(later), fingerprint(earlier))
    verdict = judged_alone(*two)
    return Similarity(
        earlier, later, verdict, figures(verdict, two), passages_alike(later, earlier), _things(earlier, later)
    )


def as_json(found: Similarity) -> dict[str, Any]:
    """The same for programs; spans are of each article's original text."""
    questions = {
        name.removeprefix("one "): {"log_odds": odds, "probability": probability(odds), "least": judgement.least}
        for name, odds, judgement in sums(found.verdict)
    }
    earlier, later = found.earlier.text, found.later.text
    return {
        "relation": found.verdict.relation,
        "why": found.verdict.why,
        "would_be_compared": found.verdict.found,
        **questions,
        "earlier": _article(found.earlier),
        "later": _article(found.later),
        "figures": [
            {"name": one.name, "value": one.value, "copy": one.copy._asdict(), "story": one.story._asdict()}
            for one in found.figures
        ],
        "shared": [
            {
                "share": one.share,
                "earlier": _passage(one.earlier, earlier) | {"differs": one.only_earlier},
                "later": _passage(one.later, later) | {"differs": one.only_later},
            }
            for one in found.passages.shared
        ],
        "only_earlier": [_passage(one.span, earlier) | {"share": one.share} for one in found.passages.only_earlier],
        "only_later": [_passage(one.span, later) | {"share": one.share} for one in found.passages.only_later],
        "things": {kind: things._asdict() for kind, things in found.things.items()},
    }


def _article(article: ExtractedArticle) -> dict[str, Any]:
    published = article.published_at.isoformat() if article.published_at else None
    facts = {"id": article.id, "record_id": str(article.record_id), "source": article.source, "title": article.title}
    return facts | {"published_at": published, "engine": article.engine}


def _passage(span: Span, text: str) -> dict[str, Any]:
    return {"start": span[0], "end": span[1], "text": text[slice(*span)]}


def _things(earlier: ExtractedArticle, later: ExtractedArticle) -> dict[str, Things]:
    """By kind, in the order of the earlier article, then of the later; kinds that neither has are left out."""
    mine, theirs = _named_of(later), _named_of(earlier)
    compared = {kind: _beside(theirs[kind], mine[kind]) for kind in mine}
    return {kind: things for kind, things in compared.items() if any(things)}


def _named_of(article: ExtractedArticle) -> dict[str, tuple[str, ...]]:
    words = chain.from_iterable(sentence.words for sentence in compared_sentences(article))
    marked = named(article, words)
    people = dict.fromkeys(one.canonical for one in article.entities if one.type == "PER")
    others = dict.fromkeys(one.canonical for one in article.entities if one.type in ("ORG", "GRP"))
    with_place = {event.partition("@")[0] for event in marked.events if "@" in event}
    # A type alone is said only where no event of it has a place.
    events = [event for event in marked.events if "@" in event or event not in with_place]
    return {
        "numbers": marked.numbers,
        "places": marked.places,
        "events": tuple(events),
        "people": tuple(people),
        "organisations": tuple(others),
    }


def _beside(earlier: Iterable[str], later: Iterable[str]) -> Things:
    mine, theirs = dict.fromkeys(later), dict.fromkeys(earlier)
    return Things(
        tuple(one for one in theirs if one in mine),
        tuple(one for one in theirs if one not in mine),
        tuple(one for one in mine if one not in theirs),
    )
