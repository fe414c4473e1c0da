"""Everything in an article but its entities, found around them, whichever engine found those."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from schemas.articles_extracted import Entity, Extraction
from schemas.articles_normalized import NormalizedArticle
from services.extraction.claims import find_claims
from services.extraction.dates import find_dates
from services.extraction.events import find_events
from services.extraction.quantities import find_quantities
from services.extraction.roles import with_roles


def found_around(
    entities: list[Entity], article: NormalizedArticle, engine: str, named_events: NDArray[np.float32] | None = None
) -> Extraction:
    """The entities, and the dates, quantities, claims and events of lists and rules; `engine` is its name and version.

    `named_events` is what a tagger says of the events that each word names (`tagging.network.Reading.events`).
    """
    entities = with_roles(article, entities)
    dates = find_dates(article)
    quantities = find_quantities(article)
    claims = find_claims(article, entities)
    events, claims = find_events(article, entities, dates, quantities, claims, named_events)
    return Extraction.model_construct(
        engine=engine,
        entities=entities,
        dates=dates,
        quantities=quantities,
        events=events,
        claims=claims,
    )
