"""Words and phrases looked for in a text as Arabic writes them: folded, with clitics in front, whole words only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise, product

from ahocorasick_rs import AhoCorasick

from services.normalization.search import search_form

MAX_TERM_WORDS = 12
MAX_NAME = 400
_WORD = re.compile(r"[^\W_]+")
_ENDS_PHRASE = re.compile(r"[.!?؟؛:]")

# و and ف come first, then ب ل ك س, then the article; ل and ال together are written لل.
_CONJUNCTIONS = ("", "و", "ف")
_LETTERS = frozenset(map("".join, product(_CONJUNCTIONS, ("", "ب", "ل", "ك", "س"))))
_WITH_ARTICLE = frozenset(map("".join, product(_CONJUNCTIONS, ("ال", "بال", "كال", "لل"))))
_ARTICLE_AFTER_L = frozenset(conjunction + "لل" for conjunction in _CONJUNCTIONS)
_L_BEFORE_L = frozenset(conjunction + "ل" for conjunction in _CONJUNCTIONS)

Forms = tuple[tuple[str, frozenset[str]], ...]
"""The ways a word may be written: a stem, and what may stand before it in the same token."""


def words_of(text: str) -> list[str]:
    """The words of a text in their search form."""
    return _WORD.findall(search_form(text))


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """A name folded for comparison: search form, case and the Arabic article aside."""
    folded = " ".join(search_form(name[:MAX_NAME]).casefold().split())
    return folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded


def forms_of(word: str) -> Forms:
    """How a word (search form) may stand in a text.

    With its article it keeps it: العراق is also والعراق, بالعراق and للعراق. Without, it may take one. A word of one or
    two letters takes no single letter in front: برد and فرد are seldom رد.
    """
    if word.startswith("ال") and len(word) > 4:
        bare = word[2:]
        forms = [(word, _LETTERS), (bare, _ARTICLE_AFTER_L)]
        if bare.startswith("ل"):
            forms.append((bare, _L_BEFORE_L))
        return tuple(forms)
    if len(word) <= 2:
        return ((word, _WITH_ARTICLE | {""}),)
    return ((word, _LETTERS | _WITH_ARTICLE),)


def stands_for(token: str, forms: Forms) -> bool:
    """Whether a token of a text is the word that the forms belong to."""
    return any(token.endswith(stem) and token[: len(token) - len(stem)] in before for stem, before in forms)


@dataclass(frozen=True)
class Found:
    """Where a term stands first: half-open, in code points of the text that was searched."""

    start: int
    end: int


class WordFinder:
    """Finds many terms in a text at once; the cost grows with the text and its matches, not with the terms."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.terms = sorted(set(terms))
        self._phrases: list[tuple[Forms, ...]] = []
        by_stem: dict[str, list[tuple[int, int, frozenset[str]]]] = defaultdict(list)
        for number, term in enumerate(self.terms):
            words = words_of(term)
            self._phrases.append(tuple(forms_of(word) for word in words))
            anchor = max(range(len(words)), key=lambda place: len(words[place]))  # long words are rare
            for stem, before in forms_of(words[anchor]):
                by_stem[stem].append((number, anchor, before))
        self._wanted = list(by_stem.values())
        self._longest = max(map(len, by_stem), default=0) + max(map(len, _WITH_ARTICLE))
        self._automaton = AhoCorasick(list(by_stem)) if by_stem else None

    def find(self, searched: str) -> dict[str, Found]:
        """The terms that stand in a text given in its search form, each with its first place."""
        if self._automaton is None:
            return {}
        spans = [match.span() for match in _WORD.finditer(searched)]
        places: dict[str, list[int]] = defaultdict(list)
        for number, (start, end) in enumerate(spans):
            places[searched[start:end]].append(number)
        # Looking through the distinct words, and only those that could be one, bounds what a hostile text can cost.
        vocabulary = [token for token in places if len(token) <= self._longest]
        ends = dict(zip(accumulate(len(token) + 1 for token in vocabulary), vocabulary, strict=True))
        found: dict[int, int] = {}
        matches = self._automaton.find_matches_as_indexes("\n".join(vocabulary) + "\n", overlapping=True)
        for stem, start, end in matches:
            token = ends.get(end + 1)
            if token is None:
                continue
            before = token[: len(token) - (end - start)]
            for term, anchor, allowed in self._wanted[stem]:
                if before in allowed:
                    for number in places[token]:
                        first = number - anchor
                        if first >= found.get(term, len(spans)):
                            break
                        if self._stands(term, first, searched, spans):
                            found[term] = first
        return {
            self.terms[term]: Found(spans[first][0], spans[first + len(self._phrases[term]) - 1][1])
            for term, first in sorted(found.items())
        }

    def _stands(self, term: int, first: int, searched: str, spans: list[tuple[int, int]]) -> bool:
        """Whether the whole phrase stands at the tokens from `first` on, within one sentence."""
        phrase = self._phrases[term]
        if len(phrase) == 1:
            return True
        if first < 0 or first + len(phrase) > len(spans):
            return False
        here = spans[first : first + len(phrase)]
        return all(
            stands_for(searched[start:end], forms) for (start, end), forms in zip(here, phrase, strict=True)
        ) and not any(_ENDS_PHRASE.search(searched, end, start) for (_, end), (start, _) in pairwise(here))
