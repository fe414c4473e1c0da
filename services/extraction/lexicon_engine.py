"""The first engine: lists of names, rules and weights that a person can read. No model, no network, one core."""

from __future__ import annotations

from schemas.articles_extracted import Extraction
from schemas.articles_normalized import NormalizedArticle
from services.extraction.atlas import load_atlas
from services.extraction.entities import find_entities
from services.extraction.findings import found_around
from services.extraction.gazetteer import load_gazetteer
from services.extraction.vocabulary import load_vocabulary

VERSION = "1"


class LexiconEngine:
    """Gazetteers, trigger words and grammar of names; see `Engine`."""

    name = "lexicon"
    version = VERSION

    def __init__(self) -> None:
        load_gazetteer()
        load_atlas()
        load_vocabulary()

    def extract(self, article: NormalizedArticle) -> Extraction:
        """Everything in the article. `engine` is «lexicon 1».

        The work grows with the length of the text, whatever it is: the worst of 256 KiB take about three seconds of a core.
        """
        return found_around(find_entities(article), article, f"{self.name} {self.version}")
