"""What the tagger learns from, read from files: raw articles, hand-labelled articles, CoNLL corpora."""

from __future__ import annotations

import gzip
import json
import uuid
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import Pool
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from schemas.articles_extracted import EventType
from schemas.articles_normalized import NormalizedArticle
from schemas.articles_raw import RawArticle
from services.extraction.tagging.evidence import TYPES
from services.extraction.tagging.word_vectors import TITLE_END, with_digits_alike
from services.extraction.words import Words, fold, tokens
from services.normalization.article import normalize

LONGEST = 3000
"""Words of a raw article after which it is left: the longest are lists and transcripts."""
CONLL_TYPES = {"PER": "PER", "PERS": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "GRP", "MIS": "GRP"}
"""Types of CoNLL corpora, as labels of the tagger. What they call miscellaneous takes the place of armed groups, which
they do not have: the head is their own."""
_CONLL_ARTICLE = 250
"""Words after which sentences of a CoNLL corpus, which tells no articles apart, are taken for a new one."""
_FETCHED = datetime(2000, 1, 1, tzinfo=UTC)
_CHUNK = 50


class CorpusError(ValueError):
    """A file cannot be learnt from; one sentence names it, the line and what is wrong there."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """All words of raw articles one behind the other: `ids` are places in `words`."""

    words: list[str]
    ids: NDArray[np.int64]
    articles: int
    refused: int


@dataclass(frozen=True, slots=True)
class ConllToken:
    """A token of a CoNLL corpus: code points of the article's text, half-open, and its label."""

    start: int
    end: int
    label: str


def article_of(given: Mapping[str, Any]) -> NormalizedArticle:
    """The article of a line of JSON (`id`, `source`, `title`, `text`, `published_at`), normalized.

    Raises:
        pydantic.ValidationError: it is no article.
    """
    fields = {name: given.get(name) for name in ("id", "source", "published_at", "text")}
    named = uuid.uuid5(uuid.NAMESPACE_URL, str(given.get("id")))
    raw = RawArticle.model_validate(
        fields | {"title": given.get("title") or "", "record_id": named, "fetched_at": _FETCHED}
    )
    return normalize(raw)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file, gzip or not, that hold something, with their numbers.

    Raises:
        CorpusError: it cannot be read.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise CorpusError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file, with their lines' numbers.

    Raises:
        CorpusError: a line is no JSON object with an `id`.
    """
    for number, line in read_lines(path):
        yield number, _object(line, f"{path}, line {number}")


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        raise CorpusError(f"{where}: this is no JSON") from None
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise CorpusError(f"{where}: this is no object with an id")
    return value


def token_row(paths: Sequence[Path], jobs: int = 1) -> TokenRow:
    """The words of all raw articles, title first. Articles that are none (no text, no source) are counted, not read.

    Raises:
        CorpusError: a file is not readable, or a line of it no JSON object.
    """
    known: dict[str, int] = {}
    ids = array("q")
    articles = refused = 0
    for row in _rows(((f"{path}, line {n}", line) for path in paths for n, line in read_lines(path)), jobs):
        if row is None:
            refused += 1
            continue
        articles += 1
        ids.extend(known.setdefault(with_digits_alike(word), len(known)) for word in row)
    return TokenRow(list(known), np.array(ids, dtype=np.int64), articles, refused)


def _rows(lines: Iterable[tuple[str, str]], jobs: int) -> Iterator[list[str] | None]:
    if jobs == 1:
        yield from map(_row, lines)
        return
    with Pool(jobs) as pool:
        yield from pool.imap(_row, lines, _CHUNK)


def _row(line: tuple[str, str]) -> list[str] | None:
    where, text = line
    try:
        article = article_of(_object(text, where))
    except ValidationError:
        return None
    return [*tokens(fold(article.title)), TITLE_END, *Words(article).forms][:LONGEST]


def labelled_articles(
    labels: Sequence[Path], articles: Sequence[Path]
) -> Iterator[tuple[NormalizedArticle, dict[str, Any]]]:
    """Each labelled article, normalized, with its labels.

    A line of `labels` has `id` and some of `entities` (`start`, `end`, `type`, `canonical`), `events` (`type`, `start`)
    and `claims` (`start`, `end`), offsets in code points of the text; what is missing was not labelled. `articles` have
    the texts of the same ids, and may have more.

    Raises:
        CorpusError: an id has no text, twice different labels, or labels that do not fit its text.
    """
    texts: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in articles:
        for number, given in read_objects(path):
            texts[given["id"]] = (f"{path}, line {number}", given)
    seen: dict[str, str] = {}
    for path in labels:
        for number, gold in read_objects(path):
            where, name = f"{path}, line {number}", gold["id"]
            if name not in texts:
                raise CorpusError(f"{where}: none of the articles has the id {name!r}, so these labels have no text")
            if name in seen:
                raise CorpusError(f"{where}: the id {name!r} was labelled before, in {seen[name]}")
            seen[name] = where
            place, given = texts[name]
            try:
                article = article_of(given)
            except ValidationError as error:
                fault = error.errors(include_url=False, include_input=False)[0]
                raise CorpusError(f"{place}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
            _check(gold, len(article.text), where)
            yield article, gold


def _check(gold: Mapping[str, Any], length: int, where: str) -> None:
    """Labels whose offsets lie in the text and whose types there are; raises CorpusError."""
    for kind, types in (("entities", TYPES), ("events", get_args(EventType)), ("claims", None)):
        for label in gold.get(kind) or ():
            start = label.get("start")
            end = label.get("end", start + 1 if isinstance(start, int) else None)
            if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length):
                raise CorpusError(f"{where}: {kind} has {start} to {end}, in a text of {length} code points")
            if types is not None and label.get("type") not in types:
                raise CorpusError(f"{where}: {kind} has the type {label.get('type')!r}: one of {', '.join(types)}")


def conll_articles(path: Path) -> Iterator[tuple[NormalizedArticle, list[ConllToken]]]:
    """A CoNLL corpus (a token and its label a line, a blank line between sentences), some sentences to an article.

    Labels are O, or B- or I- and a type of CONLL_TYPES.

    Raises:
        CorpusError: a line has no label, or one that there is not.
    """
    gathered: list[list[tuple[str, str]]] = []
    count, number = 0, 1
    for sentence in _sentences(path):
        gathered.append(sentence)
        count += len(sentence)
        if count >= _CONLL_ARTICLE:
            yield _of_sentences(gathered, f"{path.name} {number}")
            gathered, count, number = [], 0, number + 1
    if gathered:
        yield _of_sentences(gathered, f"{path.name} {number}")


def _sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    sentence: list[tuple[str, str]] = []
    reached = 0
    for number, line in read_lines(path):
        if sentence and number > reached + 1:
            yield sentence
            sentence = []
        reached = number
        token, _, label = line.rstrip().rpartition(" " if "\t" not in line else "\t")
        begins, _, kind = label.partition("-")
        if not token.strip() or (label != "O" and (begins not in ("B", "I") or kind not in CONLL_TYPES)):
            raise CorpusError(f"{path}, line {number}: {line.strip()[:60]!r} is no token and label (O, B-PER, I-LOC…)")
        sentence.append((token.strip(), label))
    if sentence:
        yield sentence


def _of_sentences(
    sentences: Iterable[Sequence[tuple[str, str]]], name: str
) -> tuple[NormalizedArticle, list[ConllToken]]:
    text, found = "", []
    for sentence in sentences:
        for token, label in sentence:
            found.append(ConllToken(len(text), len(text) + len(token), label))
            text += f"{token} "
        text = f"{text[:-1]}\n"
    return article_of({"id": name, "source": "conll", "text": text}), found
