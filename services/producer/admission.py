"""Admission: what comes from outside becomes an article, or is rejected with what to mend."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import orjson

from schemas.articles_deduplicated import DeduplicatedArticle
from schemas.articles_raw import RawArticle
from services.producer.candidate import Candidate, Rejected
from services.producer.identity import article_id, record_id
from services.producer.json_values import without_surrogates
from services.producer.language import letters_of

MAX_ID = 512
MAX_SOURCE = 200
MAX_URL = 4096
MAX_TITLE = 4096
MAX_EXTRAS_BYTES = 64 * 1024
MAX_EXTRAS_DEPTH = 16
MAX_EXTRA_NAME = 200
MAX_CONTROL_SHARE = 0.01  # a stray control character happens, a file full of them is no text
MAX_REPLACED_SHARE = 0.05  # U+FFFD: what a wrong decoding leaves behind
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Admission:
    """The limits of an installation, and admission by them."""

    max_text_bytes: int
    min_arabic_share: float

    def sort(
        self, found: Iterable[Candidate | Rejected], fetched_at: datetime
    ) -> tuple[list[RawArticle], list[Rejected]]:
        """The articles and the rejected, each in order; `fetched_at` as for admit()."""
        articles: list[RawArticle] = []
        rejected: list[Rejected] = []
        for one in found:
            try:
                articles.append(self.article(one, fetched_at))
            except Rejected as error:
                rejected.append(error)
        return articles, rejected

    def article(self, found: Candidate | Rejected, fetched_at: datetime) -> RawArticle:
        """As admit(); what was rejected before stays so.

        Raises:
            Rejected: as admit().
        """
        if isinstance(found, Rejected):
            raise found
        return admit(
            found, max_text_bytes=self.max_text_bytes, min_arabic_share=self.min_arabic_share, fetched_at=fetched_at
        )


_INPUT_FIELDS = frozenset({"id", "url", "source", "title", "text", "published_at", "fetched_at"})
# What the pipeline finds itself is not taken from outside, so that its own output can be published again.
_OWN_FINDINGS = frozenset(DeduplicatedArticle.model_fields) - _INPUT_FIELDS

# Names that mean something else in the code of whoever reads records: as keywords they would clash.
_TAKEN_NAMES = frozenset({"cls", "self", "_fields_set"})

_JSON_NAMES = {
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


def admit(candidate: Candidate, *, max_text_bytes: int, min_arabic_share: float, fetched_at: datetime) -> RawArticle:
    """The article of a candidate; its text is kept as it came (only lone surrogates are replaced).

    `fetched_at` (aware) counts where the candidate has none of its own.

    Raises:
        Rejected: with a reason to count by, and a message that names what to mend.
    """
    try:
        return _admitted(candidate, max_text_bytes, min_arabic_share, fetched_at)
    except Rejected as error:
        raise Rejected(error.reason, error.message, candidate.origin) from None


def _admitted(candidate: Candidate, max_text_bytes: int, min_arabic_share: float, fetched_at: datetime) -> RawArticle:
    fields = candidate.fields
    text = _string(fields, "text")
    _check_size(text, max_text_bytes)
    _check_text(text)
    letters = letters_of(text)
    if not letters.count:
        raise Rejected("not_arabic", "text has no letters: put the article's text there")
    if letters.arabic_share < min_arabic_share:
        raise Rejected(
            "not_arabic",
            f"{letters.arabic_share:.0%} of the letters are Arabic, at least {min_arabic_share:.0%} must be"
            " (RASID_MIN_ARABIC_SHARE)",
        )
    title = _string(fields, "title")
    if len(title) > MAX_TITLE:
        raise Rejected("title_too_long", f"title has {len(title)} characters, at most {MAX_TITLE} are taken")
    source = _name(fields, "source", MAX_SOURCE)
    if not source:
        raise Rejected("bad_field", "source is missing: name the outlet in the field source or by --source")
    url = _name(fields, "url", MAX_URL) or None
    id = article_id(source, url, _name(fields, "id", MAX_ID) or None, title, text)
    published_at = _time(fields, "published_at")
    return RawArticle.model_validate(
        _extras(fields)
        | {
            "id": id,
            "record_id": record_id(id, title, text, published_at),
            "source": source,
            "url": url,
            "title": title,
            "text": text,
            "published_at": published_at,
            "fetched_at": _time(fields, "fetched_at") or candidate.fetched_at or fetched_at,
            "language": letters.language,
        }
    )


def _check_size(text: str, max_text_bytes: int) -> None:
    if not text:
        raise Rejected("empty", "the field text is missing or empty: put the article's text there")
    size = len(text) if len(text) > max_text_bytes else len(text.encode("utf-8"))
    if size > max_text_bytes:
        raise Rejected(
            "too_large", f"text has over {max_text_bytes} bytes: split the article or raise RASID_MAX_TEXT_BYTES"
        )


def _check_text(text: str) -> None:
    counts = Counter(text)
    kinds: Counter[str] = Counter()
    for char, count in counts.items():
        kinds["�" if char == "�" else "space" if char.isspace() else unicodedata.category(char)] += count
    if len(text) == kinds["space"] + kinds["Cf"]:
        raise Rejected("empty", "text is nothing but white space: put the article's text there")
    controls = kinds["Cc"] + kinds["Cn"] + kinds["Co"]
    if controls > MAX_CONTROL_SHARE * len(text):
        raise Rejected("not_text", f"{controls} of {len(text)} characters are control characters: this is no text")
    if kinds["�"] > MAX_REPLACED_SHARE * len(text):
        raise Rejected("not_text", "text was decoded with the wrong encoding: give it as UTF-8")


def _string(fields: Mapping[str, object], name: str) -> str:
    """A field that must be a string; a missing one and null are empty."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Rejected("bad_field", f"{name} is {_JSON_NAMES.get(type(value), type(value).__name__)}: give a string")
    return without_surrogates(value)


def _name(fields: Mapping[str, object], name: str, longest: int) -> str:
    """A field that names something: stripped, bounded, without control characters. Numbers are taken as ids."""
    value = fields.get(name)
    text = str(value) if type(value) is int and name == "id" else _string(fields, name)
    text = text.strip()
    if len(text) > longest:
        raise Rejected("bad_field", f"{name} has {len(text)} characters, at most {longest} are taken")
    if any(unicodedata.category(char) == "Cc" for char in text):
        raise Rejected("bad_field", f"{name} has control characters: take them out")
    return text


def _time(fields: Mapping[str, object], name: str) -> datetime | None:
    """A time as UTC; one without a time zone is taken as UTC. ISO 8601 or RFC 2822."""
    text = _string(fields, name).strip()
    if not text:
        return None
    moment = parse_time(text)
    if moment is None:
        raise Rejected(
            "bad_time",
            f"{name} {text[:40]!r} is no time: give ISO 8601 (2024-05-01T12:00:00+03:00) or RFC 2822;"
            " without a zone it is taken as UTC",
        )
    return moment


def parse_time(text: str) -> datetime | None:
    """A time of ISO 8601 or RFC 2822 as UTC, None where it is neither; without a zone it is taken as UTC."""
    if len(text) > 100:
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
            if FIRST_YEAR <= moment.year <= LAST_YEAR:
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _depth_over(value: object, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            item
            for parent in level
            for item in (parent.values() if isinstance(parent, dict) else parent if isinstance(parent, list) else ())
        ]
        if not level:
            return False
    return True


def _extras(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields that are not ours, carried on as they are."""
    extras = {name: value for name, value in fields.items() if name not in _INPUT_FIELDS and name not in _OWN_FINDINGS}
    if not extras:
        return {}
    for name in extras:
        if len(name) > MAX_EXTRA_NAME:
            raise Rejected("bad_extras", f"a further field's name has over {MAX_EXTRA_NAME} characters: shorten it")
        if name in _TAKEN_NAMES:
            raise Rejected("bad_extras", f"no further field may have the name {name}: rename or drop it")
    if _depth_over(extras, MAX_EXTRAS_DEPTH):
        raise Rejected(
            "bad_extras", f"further fields are nested over {MAX_EXTRAS_DEPTH} levels deep: flatten or drop them"
        )
    try:
        size = len(orjson.dumps(extras))
    except (TypeError, ValueError) as error:
        raise Rejected("bad_extras", f"a further field cannot be written as JSON ({error}): drop it") from None
    if size > MAX_EXTRAS_BYTES:
        largest = max(extras, key=lambda name: (len(orjson.dumps(extras[name])), name))
        raise Rejected(
            "bad_extras",
            f"further fields have {size} bytes, at most {MAX_EXTRAS_BYTES} are carried on: drop {largest[:80]!r}",
        )
    return extras
