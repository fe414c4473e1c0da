"""What an article is about, as a short weighted list of terms that articles of one story share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from schemas.articles_extracted import Entity, Event
from services.deduplication.words import Stems, rarest

KEPT = 48
"""Terms kept of an article; fewer lose stories, twice as many find no more."""

POSTED = 12
"""The heaviest of them, by which other articles find it: of 657 labelled pairs of one story all but two share two of them."""

TITLE_WEIGHT = 2.0
LEAD_WORDS = 80
LEAD_FACTOR = 1.6
ENTITY_FACTOR = 0.5
"""The words of a name count already; heavier names pull together whatever happens to the same people."""

EVENT_WEIGHT = 5.0

TERM_BYTES = 3
_CODE = np.uint32((1 << 8 * TERM_BYTES) - 1)


def story_terms(title: Stems, body: Stems, entities: Iterable[Entity], events: Iterable[Event]) -> bytes:
    """The heaviest terms of an article: rare words, more so in title and lead; names; events.

    The heaviest first, 3 bytes of the term and 1 of its weight for each; the squares of the weights sum to 255².
    """
    codes, weights = _word_weights(title, body)
    named = [*_entity_weights(entities), *_event_weights(events)]
    if named:
        codes = np.append(codes, np.array([crc32(term.encode()) for term, _ in named], dtype=np.uint32))
        weights = np.append(weights, [weight for _, weight in named])
    codes &= _CODE
    heaviest = np.lexsort((codes, -weights))[:KEPT]
    codes, weights = codes[heaviest], weights[heaviest]
    shares = weights * (255 / (math.sqrt(float(weights @ weights)) or 1.0))
    return ((codes << np.uint32(8)) | np.clip(np.rint(shares), 1, 255).astype(np.uint32)).astype(">u4").tobytes()


def _word_weights(title: Stems, body: Stems) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    codes, first, places = np.unique(np.append(body.codes, title.codes), return_index=True, return_inverse=True)
    rarities = np.append(body.rarities, title.rarities)[first]
    in_body, in_title = places[: len(body.codes)], places[len(body.codes) :]
    counts = np.bincount(in_body, minlength=len(codes))
    weights = np.where(counts > 0, (1 + np.log(np.maximum(counts, 1))) * rarities, 0.0)
    lead = np.unique(in_body[:LEAD_WORDS])
    weights[lead] *= LEAD_FACTOR
    titled = np.unique(in_title)
    weights[titled] += TITLE_WEIGHT * rarities[titled]
    return codes, weights


def _entity_weights(entities: Iterable[Entity]) -> list[tuple[str, float]]:
    """A name weighs as much as the rarest word that it is written with, and more the oftener it is said."""
    mentions: dict[tuple[str, str], list[str]] = {}
    for entity in entities:
        mentions.setdefault((entity.type, entity.canonical), []).append(entity.text)
    return [
        (f"{kind}:{canonical}", ENTITY_FACTOR * max(map(rarest, set(texts))) * (1 + math.log(len(texts))))
        for (kind, canonical), texts in mentions.items()
    ]


def _event_weights(events: Iterable[Event]) -> list[tuple[str, float]]:
    """An event is one of a type at a place; one at no named place says too little."""
    named = dict.fromkeys(f"{event.type}@{place}" for event in events for place in event.places[:1])
    return [(term, EVENT_WEIGHT) for term in named]
