"""From what `rasid explain` is given to one extracted article: read, choose, admit, normalize, extract."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from schemas.articles_extracted import ExtractedArticle
from schemas.articles_raw import RawArticle
from services.extraction.article import extract
from services.extraction.engine import Engine
from services.normalization.article import normalize
from services.producer.admission import Admission
from services.producer.candidate import Candidate, Rejected
from services.producer.encoding import decoded
from services.producer.json_values import parse_json
from services.producer.plain_text import text_fields
from services.producer.readers import (
    MAX_JSON_FILE_BYTES,
    MAX_TEXT_FILE_BYTES,
    STDIN,
    Found,
    as_candidate,
    read,
    with_defaults,
)

_MOST_TOLD = 3  # of what was rejected before the first article
_PAGE_BEGINNINGS = (b"<!doctype", b"<html", b"<?xml", b"<!--", b"<head", b"<body", b"<article")


class NoArticle(Exception):
    """There is no such article; the message says what there is instead."""


class StageFailed(Exception):
    """A stage could not take the article; the message names it."""


@dataclass(frozen=True)
class Choice:
    """Which of several articles: the one with this id or record id, or the `number`th that is read (from 1)."""

    id: str | None = None
    number: int | None = None


def found_in(given: str, stdin: BinaryIO, source: str, published_at: str | None) -> Iterator[Found]:
    """What stands in a file, a folder, or on standard input, where it may be of any kind that files are."""
    if given != STDIN:
        return read([given], source=source, published_at=published_at)
    return (with_defaults(one, source, published_at) for one in _piped(stdin))


def _piped(stdin: BinaryIO) -> Iterator[Found]:
    """A pipe has no name that tells its kind: JSON and web pages are told by how they begin, the rest is text."""
    data = stdin.read(MAX_JSON_FILE_BYTES + 1)
    beginning = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    limit = MAX_JSON_FILE_BYTES if beginning.startswith((b"{", b"[")) else MAX_TEXT_FILE_BYTES
    if len(data) > limit:
        yield Rejected("too_large", f"more than {limit >> 20} MiB came: save it as a file and give that", "stdin")
    elif beginning.startswith((b"{", b"[")):
        yield from _json(data)
    else:
        page = beginning.startswith(_PAGE_BEGINNINGS)
        text, _ = decoded(data, html=page)
        try:
            yield Candidate("stdin", _page_fields(text) if page else text_fields(text))
        except Rejected as error:
            yield Rejected(error.reason, error.message, "stdin")


def _page_fields(markup: str) -> dict[str, object]:
    from services.producer.web_page import page_fields  # takes half a second, and most input is no HTML

    return page_fields(markup)


def _json(data: bytes) -> Iterator[Found]:
    """One JSON value over any number of lines, or a value a line."""
    try:
        value = parse_json(data)
    except ValueError:
        yield from read([STDIN], source="", stdin=io.BytesIO(data))
        return
    values = value if isinstance(value, list) else [value]
    for number, item in enumerate(values, 1):
        yield as_candidate(item, f"stdin#{number}" if isinstance(value, list) else "stdin")


def chosen(found: Iterator[Found], choice: Choice, admission: Admission, note: Callable[[str], None]) -> RawArticle:
    """The article that was asked for; without a choice the first that is one. `note` is told what
    was passed over and whether there is more.

    Raises:
        NoArticle: there is none. Rejected: the one asked for, or all there is, is no article.
    """
    now = datetime.now(UTC)
    if choice.number is not None:
        one = next(itertools.islice(found, choice.number - 1, None), None)
        if one is None:
            raise NoArticle(f"there are fewer than {choice.number} articles: give a smaller --number")
        return admission.article(one, now)
    first: list[Rejected] = []
    passed_over = seen = 0
    for one in found:
        seen += 1
        try:
            article = admission.article(one, now)
        except Rejected as error:
            passed_over += 1
            if len(first) < _MOST_TOLD:
                first.append(error)
            continue
        if choice.id is None:
            for refused in first:
                note(f"passed over: {refused}")
            if passed_over > len(first):
                note(f"passed over: {passed_over - len(first)} more")
            if next(found, None) is not None:
                note(f"there are more articles; this is {one.origin}: choose with --number or --id")
            return article
        if choice.id in (article.id, str(article.record_id)):
            return article
    if choice.id is not None and seen > passed_over:
        unread = f" ({passed_over} could not be read as articles)" if passed_over else ""
        raise NoArticle(f"none of {seen - passed_over} articles has the id {choice.id}{unread}: check --id")
    if first:
        raise first[0]
    raise NoArticle("there is no article in it: give one with its text")


def explained(article: RawArticle, engine: Engine) -> ExtractedArticle:
    """The article through normalization and extraction.

    Raises:
        StageFailed: one of them broke on it.
    """
    stage = "normalization"
    try:
        normalized = normalize(article)
        stage = "extraction"
        return extract(normalized, engine)
    except Exception as error:  # the article's own fault, as in the services
        raise StageFailed(f"{stage} failed: {type(error).__name__}: {error}"[:2000]) from error
