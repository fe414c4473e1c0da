"""Which passages two articles share, side by side and word by word: for people, who want to see why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from schemas.articles_normalized import NormalizedArticle
from services.deduplication.body import compared_sentences
from services.deduplication.comparison import COVERED, LEAST_SHINGLES
from services.deduplication.shingles import shingles
from services.deduplication.words import placed_words, stems
from services.normalization.offsets import OffsetMap

MOST_ALIGNED = 1500
"""Words of a passage that are aligned in order; of a longer one those are marked that the other has nowhere."""

MOST_HOLDERS = 64
"""Passages that are looked at for a shingle: one that more have tells none from another."""

Span = tuple[int, int]
"""A stretch of an article's original text, half-open."""


class SharedPassage(NamedTuple):
    """A passage of the later article and the passage of the earlier one that it has most of.

    `share`: of its shingles, those that stand anywhere in the earlier article; `only_later`, `only_earlier`: the words
    of each passage that the other has not.
    """

    later: Span
    earlier: Span
    share: float
    only_later: tuple[Span, ...]
    only_earlier: tuple[Span, ...]


class OwnPassage(NamedTuple):
    """A passage that stands in one article only, but for the `share` of its shingles."""

    span: Span
    share: float


class PassagesAlike(NamedTuple):
    """All the compared passages of two articles, each list in the order of the text."""

    shared: tuple[SharedPassage, ...]
    only_later: tuple[OwnPassage, ...]
    only_earlier: tuple[OwnPassage, ...]


class _Passage(NamedTuple):
    span: Span
    words: tuple[str, ...]
    places: tuple[Span, ...]
    codes: tuple[int, ...]


def passages_alike(later: NormalizedArticle, earlier: NormalizedArticle) -> PassagesAlike:
    """Passage by passage; furniture and repeats are left out, as they are where articles are compared."""
    mine, theirs = list(_passages(later)), list(_passages(earlier))
    my_codes, their_holders = {code for one in mine for code in one.codes}, _holders(theirs)
    best: dict[tuple[int, ...], int] = {}
    shared, only_later, taken = [], [], set()
    for passage in mine:
        share = _share(passage, their_holders)
        if not _covered(passage, share):
            only_later.append(OwnPassage(passage.span, share))
            continue
        if passage.codes not in best:
            best[passage.codes] = _most_alike(passage, theirs, their_holders)
        at = best[passage.codes]
        taken.add(at)
        shared.append(SharedPassage(passage.span, theirs[at].span, share, *_differing(passage, theirs[at])))
    only_earlier = []
    for at, passage in enumerate(theirs):
        share = _share(passage, my_codes)
        if at not in taken and not _covered(passage, share):
            only_earlier.append(OwnPassage(passage.span, share))
    return PassagesAlike(tuple(shared), tuple(only_later), tuple(only_earlier))


def _passages(article: NormalizedArticle) -> Iterator[_Passage]:
    form = article.normalized.search
    way = OffsetMap(form.runs)
    for sentence in compared_sentences(article):
        start, end = way.to_form(sentence.start, sentence.end)
        found = placed_words(form.text[start:end])
        words = tuple(word for _, _, word in found)
        places = tuple(way.to_original(start + first, start + last) for first, last, _ in found)
        codes = tuple(dict.fromkeys(shingles(stems(words).codes).tolist()))
        yield _Passage((sentence.start, sentence.end), words, places, codes)


def _holders(passages: Sequence[_Passage]) -> Mapping[int, list[int]]:
    """Which passages have each shingle, the first of them."""
    holders: dict[int, list[int]] = defaultdict(list)
    for at, passage in enumerate(passages):
        for code in passage.codes:
            if len(holders[code]) < MOST_HOLDERS:
                holders[code].append(at)
    return dict(holders)


def _share(passage: _Passage, known: Mapping[int, list[int]] | set[int]) -> float:
    return sum(code in known for code in passage.codes) / len(passage.codes)


def _covered(passage: _Passage, share: float) -> bool:
    """Whether it stands in the other article; one that is too short to tell does only where all of it does."""
    return share >= COVERED and (len(passage.codes) >= LEAST_SHINGLES or share == 1.0)


def _most_alike(passage: _Passage, others: Sequence[_Passage], holders: Mapping[int, list[int]]) -> int:
    """The passage that has most of it; of equals the one with least beside it, then the first."""
    hits = Counter(at for code in passage.codes for at in holders.get(code, ()))
    return min(hits, key=lambda at: (-hits[at], len(others[at].codes), at))


def _differing(later: _Passage, earlier: _Passage) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The words of each that the other has not, next to one another as one stretch."""
    if max(len(later.words), len(earlier.words)) > MOST_ALIGNED:
        mine, theirs = set(later.words), set(earlier.words)
        return (
            _stretches(later, [word not in theirs for word in later.words]),
            _stretches(earlier, [word not in mine for word in earlier.words]),
        )
    differs_later, differs_earlier = [True] * len(later.words), [True] * len(earlier.words)
    for block in SequenceMatcher(None, earlier.words, later.words, autojunk=False).get_matching_blocks():
        differs_earlier[block.a : block.a + block.size] = [False] * block.size
        differs_later[block.b : block.b + block.size] = [False] * block.size
    return _stretches(later, differs_later), _stretches(earlier, differs_earlier)


def _stretches(passage: _Passage, differs: Sequence[bool]) -> tuple[Span, ...]:
    found = []
    for differing, group in groupby(range(len(differs)), key=differs.__getitem__):
        if differing:
            numbers = list(group)
            found.append((passage.places[numbers[0]][0], passage.places[numbers[-1]][1]))
    return tuple(found)
