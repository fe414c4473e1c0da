"""What the tagger is measured against: a conditional random field on words, affixes, clitics and lists."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from services.extraction.tagging.evidence import LISTED, TYPES
from services.extraction.tagging.word_vectors import with_digits_alike
from services.extraction.training.examples import Example
from services.extraction.training.scores import Name, Score, name_scores, wanted_names

_QUOTES = frozenset("\"'’‘`#_")
_CLITICS = frozenset("وفبلك")
_LISTS = range(LISTED, 2 * LISTED)
_SHARES = (16, 17, 18, 20, 38, 39, 40, 41)
"""Columns of evidence that are shares: told apart in fifths…"""
_MARKS = (*range(22, 33), 37, 42)
"""… and those that are marks. What the grammar of names finds stays out: the plain model has no such help."""
_NEAR = ("w", "l", "g", "r", "v", "prefix2", "prefix3", "suffix2", "suffix3")
_FAR = ("w", "l", "g")
"""How the features begin that a word takes from its neighbours, next to it and one further."""
_TRAINING = {
    "c1": 0.1,
    "c2": 0.05,
    "max_iterations": 120,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}


def features(example: Example) -> tuple[list[int], list[list[str]]]:
    """The words of the text but quotation marks, by their places in it, and the features of each."""
    forms = [with_digits_alike(form) for form in example.forms[example.before :]]
    kept = [n for n, form in enumerate(forms) if form not in _QUOTES]
    own = [_own(forms[n], example.evidence[example.before + n].tolist()) for n in kept]
    rows = []
    for n, mine in enumerate(own):
        row = list(mine)
        for gap, taken in ((-2, _FAR), (-1, _NEAR), (1, _NEAR), (2, _FAR)):
            if 0 <= n + gap < len(own):
                row += [f"{gap}:{feature}" for feature in own[n + gap] if feature.startswith(taken)]
            else:
                row.append(f"{gap}:end")
        if 0 < n < len(own) - 1:
            before, here, behind = (forms[kept[k]] for k in (n - 1, n, n + 1))
            row += [f"b={before}|{here}", f"c={here}|{behind}"]
        rows.append(row)
    return kept, rows


def _own(word: str, evidence: Sequence[float]) -> list[str]:
    """What a word is by itself: its letters, and the lists that know it."""
    found = [f"w={word}", f"length={min(9, len(word))}"]
    found += [f"prefix{n}={word[:n]}" for n in (1, 2, 3)] + [f"suffix{n}={word[-n:]}" for n in (1, 2, 3)]
    if len(word) > 3 and word[0] in _CLITICS:
        found.append(f"rest={word[1:]}")
    if word.startswith("ال"):
        found.append("al")
    found += [f"g{column}" for column in _LISTS if evidence[column]]
    found += [f"v{column}={int(evidence[column] * 5)}" for column in _SHARES]
    found += [f"r{column}" for column in _MARKS if evidence[column]]
    return found


def tags(example: Example, kept: Sequence[int]) -> list[str]:
    """The labels of these words as the field learns them: O, I and a type, or B, a type and the letters cut off."""
    named = []
    for n in kept:
        label, cut = int(example.labels[example.before + n]), int(example.cuts[example.before + n])
        kind = TYPES[(label - 1) // 2] if label > 0 else ""
        named.append("O" if not kind else f"I-{kind}" if label % 2 == 0 else f"B-{kind}-{max(0, cut)}")
    return named


def names_of(tagged: Sequence[str], kept: Sequence[int]) -> Iterator[Name]:
    """The names that a row of such tags says; a further word that follows no name of its type is none."""
    first = 0
    while first < len(tagged):
        begins, _, rest = tagged[first].partition("-")
        last = first + 1
        if begins == "B":
            kind, _, cut = rest.partition("-")
            while last < len(tagged) and tagged[last] == f"I-{kind}":
                last += 1
            yield Name(kept[first], kept[last - 1] + 1, kind, int(cut))
        first = last


def score_baseline(examples: Sequence[Example], held_out: Sequence[Example]) -> dict[str, Score]:
    """Trains on the one and scores names on the other, by type and in all. Takes minutes for a thousand articles.

    Articles whose names are not labelled, and CoNLL examples, teach it nothing.

    Raises:
        ImportError: python-crfsuite is not there.
        ValueError: no example has labelled names.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    taught = 0
    for example in examples:
        if example.kind == "news":
            kept, rows = features(example)
            trainer.append(rows, tags(example, kept))
            taught += 1
    if not taught:
        raise ValueError("none of the articles has labelled names")
    trainer.set_params(_TRAINING)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "baseline.crf")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        pairs = []
        for example in held_out:
            if example.kind == "news":
                kept, rows = features(example)
                pairs.append((set(names_of(tagger.tag(rows), kept)), wanted_names(example)))
        tagger.close()
    return name_scores(pairs)
