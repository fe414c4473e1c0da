"""The first engine: lists of names, rules and weights that a person can read. No model, no network, one core."""

from __future__ import annotations

from schemas.articles_extracted import Extraction
from schemas.articles_normalized import NormalizedArticle
from services.extraction.claims import find_claims
from services.extraction.dates import find_dates
from services.extraction.entities import find_entities
from services.extraction.events import find_events
from services.extraction.gazetteer import load_gazetteer
from services.extraction.quantities import find_quantities
from services.extraction.roles import with_roles
from services.extraction.vocabulary import load_vocabulary

VERSION = "1"


class LexiconEngine:
    """Gazetteers, trigger words and grammar of names; see `Engine`."""

    name = "lexicon"
    version = VERSION

    def __init__(self) -> None:
        load_gazetteer()
        load_vocabulary()

    def extract(self, article: NormalizedArticle) -> Extraction:
        """Everything in the article. `engine` is «lexicon 1»."""
        entities = with_roles(article, find_entities(article))
        dates = find_dates(article)
        quantities = find_quantities(article)
        claims = find_claims(article, entities)
        events, claims = find_events(article, entities, dates, quantities, claims)
        return Extraction.model_construct(
            engine=f"{self.name} {self.version}",
            entities=entities,
            dates=dates,
            quantities=quantities,
            events=events,
            claims=claims,
        )
