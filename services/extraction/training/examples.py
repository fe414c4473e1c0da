"""Labelled articles as the arrays that the tagger learns from: forms, evidence, and what each word ought to be called."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from schemas.articles_normalized import NormalizedArticle
from services.extraction.entities import Finder
from services.extraction.gazetteer import load_gazetteer
from services.extraction.hybrid_engine import TITLE_WORDS
from services.extraction.line import Line
from services.extraction.seen_events import TYPES as EVENT_TYPES
from services.extraction.tagging.evidence import TYPES, evidence, same_words
from services.extraction.tagging.network import windows
from services.extraction.tagging.word_vectors import TITLE_END
from services.extraction.training.corpora import CONLL_TYPES, ConllToken
from services.extraction.vocabulary import load_vocabulary
from services.extraction.words import Words, fold, tokens

IGNORED = -100
"""Stands where nobody said what a word ought to be called: nothing is learnt from it."""
LONGEST_CUT = 2
_QUOTES = frozenset("\"'’‘`#_")
Kind = Literal["news", "conll", "events"]
"""Articles labelled by our guidelines, sentences labelled by those of a corpus, articles whose events alone are labelled."""


@dataclass(frozen=True, slots=True)
class Example:
    """An article's n words: those of its title, the mark behind, and those of its text from `before` on.

    `evidence` is (n, evidence.WIDTH); `labels`, `cuts` and `events` are (n,), IGNORED where not labelled. `starts` and
    `ends` are code points of the words of the text. `tokens` are, for a CoNLL corpus, its own: the word of the text that
    each begins with (-1: none), and its label.
    """

    id: str
    kind: Kind
    forms: list[str]
    before: int
    evidence: NDArray[np.float32]
    labels: NDArray[np.int64]
    cuts: NDArray[np.int64]
    events: NDArray[np.int64]
    starts: list[int]
    ends: list[int]
    tokens: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Window:
    """What the network sees of an article at once; `same` are the places of each word that stands again in it."""

    forms: list[str]
    evidence: NDArray[np.float32]
    labels: NDArray[np.int64]
    cuts: NDArray[np.int64]
    events: NDArray[np.int64]
    same: list[list[int]]


def example_of(article: NormalizedArticle, gold: Mapping[str, Any]) -> Example | None:
    """A hand-labelled article (see `corpora.labelled_articles`); None if its text has no word."""
    read = _Read.of(article)
    if read is None:
        return None
    labels, cuts, events = (read.ignored() for _ in range(3))
    if gold.get("entities") is not None:
        labels[read.before :] = 0
        for entity in gold["entities"]:
            first, last = read.without_quotes(*read.span(entity["start"], entity["end"]))
            if first < last:
                at = read.before + first
                label = 1 + 2 * TYPES.index(entity["type"])
                labels[at : at + last - first] = label + 1
                labels[at] = label
                cuts[at] = min(LONGEST_CUT, max(0, entity["start"] - read.words.starts[first]))
    if gold.get("events") is not None:
        events[read.before :] = 0
        for event in gold["events"]:
            word = read.words.at(event["start"])
            if word < len(read.words):
                events[read.before + word] = 1 + EVENT_TYPES.index(event["type"])
    kind: Kind = "events" if gold.get("entities") is None else "news"
    return read.example(kind, labels, cuts, events)


def conll_example_of(article: NormalizedArticle, given: Sequence[ConllToken]) -> Example | None:
    """Sentences of a CoNLL corpus; None if they have no word. A token may be several words, or none (a mark)."""
    read = _Read.of(article)
    if read is None:
        return None
    labels = read.ignored()
    labels[read.before :] = 0
    found: list[tuple[int, str]] = []
    for token in given:
        first, last = read.span(token.start, token.end)
        found.append((first if first < last else -1, token.label))
        begins, _, kind = token.label.partition("-")
        if kind and first < last:
            label = 1 + 2 * TYPES.index(CONLL_TYPES[kind])
            labels[read.before + first : read.before + last] = label + 1
            if begins == "B":
                labels[read.before + first] = label
    return read.example("conll", labels, read.ignored(), read.ignored(), found)


def windows_of(example: Example) -> Iterator[Window]:
    """The article in the pieces that the network reads when it is run (`tagging.network.windows`)."""
    for first, last in windows(example.forms):
        forms = example.forms[first:last]
        labels, cuts, events = (row[first:last] for row in (example.labels, example.cuts, example.events))
        yield Window(forms, example.evidence[first:last], labels, cuts, events, same_words(forms))


@dataclass(frozen=True, slots=True)
class _Read:
    """An article as the engine reads it."""

    article: NormalizedArticle
    words: Words
    title: list[str]
    evidence: NDArray[np.float32]

    @classmethod
    def of(cls, article: NormalizedArticle) -> _Read | None:
        words = Words(article)
        line = Line(words, article.text)
        if not len(words):
            return None
        finder = Finder(line, article.text, load_gazetteer(), load_vocabulary())
        title = tokens(fold(article.title))[:TITLE_WORDS]
        return cls(article, words, title, evidence(title, words, line, finder.by_rules(), finder.hits))

    @property
    def before(self) -> int:
        return len(self.title) + 1

    def ignored(self) -> NDArray[np.int64]:
        return np.full(len(self.evidence), IGNORED, dtype=np.int64)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open range of the words of the text that these code points touch."""
        return bisect_right(self.words.ends, start), bisect_left(self.words.starts, end)

    def without_quotes(self, first: int, last: int) -> tuple[int, int]:
        """A name without the quotation marks and hashes at its ends, which the engine's names do not begin or end with."""
        forms = self.words.forms
        while last - 1 > first and forms[last - 1] in _QUOTES:
            last -= 1
        while first + 1 < last and forms[first] in _QUOTES:
            first += 1
        return first, last

    def example(
        self,
        kind: Kind,
        labels: NDArray[np.int64],
        cuts: NDArray[np.int64],
        events: NDArray[np.int64],
        given: Sequence[tuple[int, str]] = (),
    ) -> Example:
        forms = [*self.title, TITLE_END, *self.words.forms]
        starts, ends = list(self.words.starts), list(self.words.ends)
        return Example(
            self.article.id, kind, forms, self.before, self.evidence, labels, cuts, events, starts, ends, list(given)
        )
