"""The engine that asks camel-tools' AraBERT where names are; lists and rules say whose, and find everything else."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schemas.articles_extracted import Entity, EntityType, Extraction
from schemas.articles_normalized import NormalizedArticle
from services.extraction.camel_recognizer import OUTSIDE, Model, Recognizer, labels, load_model
from services.extraction.entities import Finder
from services.extraction.findings import found_around
from services.extraction.gazetteer import load_gazetteer
from services.extraction.known_spans import RANK, KnownSpans
from services.extraction.line import Line
from services.extraction.mentions import Mention, without_overlaps
from services.extraction.organisations import is_head
from services.extraction.people import load_name_words
from services.extraction.vocabulary import load_vocabulary
from services.extraction.words import read_words, spelled

VERSION = "1"
_TYPES: dict[str, EntityType] = {"PERS": "PER", "LOC": "LOC", "ORG": "ORG"}  # MISC: nationalities, events, works
# The model says what, not how surely: guesses, not fitted to labels as the figures of lists and rules are.
_CONFIDENCE: dict[EntityType, float] = {"PER": 0.85, "LOC": 0.85, "ORG": 0.75, "GRP": 0.75}
_LEAST_SHARE = 0.3


class Span(NamedTuple):
    """A name that the model sees: a half-open range of words, and its type; armed groups are ORG to it."""

    first: int
    last: int
    type: EntityType


class CamelEngine:
    """AraBERT for entities, lists and rules for what they are and for the rest; see `Engine`.

    `version` is that of this module and the name of the model. `recognizer` and `model` take the place of what
    `load_model` finds.

    Raises:
        EngineUnavailable: torch, transformers or the model's data are missing, or cannot be read.
    """

    name = "camel"

    def __init__(self, recognizer: Recognizer | None = None, model: str = "given") -> None:
        self._recognizer, model = load_model() if recognizer is None else Model(recognizer, model)
        self.version = f"{VERSION}/{model}"
        load_gazetteer()
        load_vocabulary()

    def extract(self, article: NormalizedArticle) -> Extraction:
        """Everything in the article. `engine` is «camel 1/» and the name of the model."""
        return found_around(self._entities(article), article, f"{self.name} {self.version}")

    def _entities(self, article: NormalizedArticle) -> list[Entity]:
        words = read_words(article)
        line = Line(words, article.text)
        if not len(line):
            return []
        finder = Finder(line, article.text, load_gazetteer(), load_vocabulary())
        ruled = finder.by_rules()
        written = spelled(article)
        told = [OUTSIDE] * len(words)
        sentences = [written[first:last] for first, last in words.sentences]
        for (first, last), found in zip(words.sentences, labels(self._recognizer, sentences), strict=True):
            told[first:last] = found
        named = _Named(line, finder, ruled, list(_in_line(spans(told, words.sentences), line)))
        # The model is not asked about date lines and the outlet's furniture, which are in no sentence.
        beside = [mention for mention in ruled if words.sentence_of[line.words_at[mention.first]] < 0]
        return finder.told(finder.named_again(without_overlaps([*named.mentions(), *beside])))


def spans(told: Sequence[str], sentences: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """The people, places and organisations that labels of words tell of, in reading order, none across sentences.

    A further word (`I-`) behind a word of another type begins a name itself.
    """
    for start, end in sentences:
        first, kind = start, ""
        for i in range(start, end + 1):
            mark, _, here = told[i].partition("-") if i < end else (OUTSIDE, "", "")
            if here != kind or mark == "B":
                if kind in _TYPES:
                    yield Span(first, i, _TYPES[kind])
                first, kind = i, here


def _in_line(found: Iterable[Span], line: Line) -> Iterator[Span]:
    """The spans in words of the line, without the marks at their ends."""
    for first, last, kind in found:
        first, last = bisect_left(line.words_at, first), bisect_left(line.words_at, last)
        while first < last and not line.forms[first].isalnum():
            first += 1
        while first < last and not line.forms[last - 1].isalnum():
            last -= 1
        if first < last:
            yield Span(first, last, kind)


class _Named:
    """What lists, rules and the rest of the article know of the spans of one line."""

    def __init__(self, line: Line, finder: Finder, ruled: Iterable[Mention], found: Sequence[Span]) -> None:
        self._line = line
        self._found = found
        self._known = KnownSpans(line, ruled, finder.hits, finder.setting)
        self._whole = {(*line.forms[first:last], kind) for first, last, kind in found}

    def mentions(self) -> Iterator[Mention]:
        """A mention for each span: the rules' own where they found the same, else what the lists have of that name."""
        for span in self._found:
            kinds: tuple[EntityType, ...] = ("ORG", "GRP") if span.type == "ORG" else (span.type,)
            yield self._known.mention(span.first, span.last, kinds, _CONFIDENCE) or Mention(
                span.first, span.last, self._cut(span), span.type, _CONFIDENCE[span.type], RANK
            )

    def _cut(self, span: Span) -> int:
        """The letters of the first word that are a clitic: the model labels whole words, «ولبنان» too."""
        form = self._line.forms[span.first]
        ways = self._line.readings[span.first][1:]
        others = self._line.forms[span.first + 1 : span.last]
        for cut, rest, _ in ways:  # named without the clitic elsewhere in the article
            if (rest, *others, span.type) in self._whole:
                return cut
        if span.type == "PER":
            return load_name_words().reading(form)[0]
        whole = _share(form, span.type)
        for cut, rest, _ in ways:
            if _share(rest, span.type) >= max(_LEAST_SHARE, whole + 0.1):
                return cut
        return 0


def _share(form: str, kind: EntityType) -> float:
    """How much of the time a folded word is in names of places or of organisations; 1 for «وزاره» and other heads."""
    if kind != "LOC" and is_head(form):
        return 1.0
    word = load_vocabulary().word(form)
    if word is None:
        return 0.0
    return word.place if kind == "LOC" else word.organisation
