"""The engine that joins both: lists and rules propose names and events, a small trained network decides."""

from __future__ import annotations

from schemas.articles_extracted import Extraction
from schemas.articles_normalized import NormalizedArticle
from services.extraction.atlas import load_atlas
from services.extraction.entities import Finder
from services.extraction.event_contest import load_trees
from services.extraction.findings import found_around
from services.extraction.gazetteer import load_gazetteer
from services.extraction.line import Line
from services.extraction.tagging.evidence import evidence
from services.extraction.tagging.names import tagged
from services.extraction.tagging.network import Reading, load_network
from services.extraction.tagging.word_vectors import TITLE_END
from services.extraction.vocabulary import load_vocabulary
from services.extraction.words import fold, read_words, shown, tokens

VERSION = "1"
TITLE_WORDS = 60
"""Of a longer title the network reads the beginning."""


class HybridEngine:
    """Lists, rules, a tagger trained on hand-labelled news, and weights fitted to it; see `Engine`."""

    name = "hybrid"
    version = VERSION

    def __init__(self) -> None:
        load_gazetteer()
        load_atlas()
        load_vocabulary()
        load_network()
        load_trees()

    def extract(self, article: NormalizedArticle) -> Extraction:
        """Everything in the article. `engine` is «hybrid 1».

        The work grows with the length of the text, whatever it is: the network reads windows of bounded size, and the
        worst articles of 256 KiB take about six seconds of a core.
        """
        engine = f"{self.name} {self.version}"
        words = read_words(article)
        line = Line(words, article.text)
        if not len(words):
            return found_around([], article, engine)
        finder = Finder(line, article.text, load_gazetteer(), load_vocabulary())
        ruled = finder.by_rules()
        title = tokens(fold(shown(article.title)))[:TITLE_WORDS]
        reading = load_network().read(
            [*title, TITLE_END, *words.forms], evidence(title, words, line, ruled, finder.hits)
        )
        reading = Reading(*(part[len(title) + 1 :] for part in (reading.labels, reading.cuts, reading.events)))
        mentions = finder.named_again(tagged(line, ruled, finder.found, reading, finder.setting))
        return found_around(finder.told(mentions), article, engine, reading.events)
