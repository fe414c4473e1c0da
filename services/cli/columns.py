"""A record as a line of columns that a person understands, by topic. Tolerates records of any shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from services.cli.protagonists import protagonists
from services.cli.safe_text import safe
from services.runtime import topics
from services.runtime.wire import header

Value = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters (0: what is left), and what it shows of a record.

    What is `whole` (times, names, ids) is of no use cut, and takes the room that it needs.
    """

    name: str
    width: int
    show: Callable[[Value], str]
    whole: bool = False


def _at(name: str) -> Callable[[Value], str]:
    return lambda value: "" if value.get(name) is None else str(value[name])


def _moment(name: str) -> Callable[[Value], str]:
    return lambda value: str(value.get(name) or "")[:16].replace("T", " ")


def _count(name: str) -> Callable[[Value], str]:
    return lambda value: str(len(value[name])) if isinstance(value.get(name), list) else ""


def _inside(value: Value, *path: str) -> Any:
    here: Any = value
    for name in path:
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def _names(value: Value, kinds: tuple[str, ...], most: int = 3) -> str:
    """The canonical names of entities of the kinds, the most mentioned first."""
    counts: dict[str, int] = {}
    for entity in value.get("entities") or ():
        if isinstance(entity, Mapping) and entity.get("type") in kinds:
            name = str(entity.get("canonical") or entity.get("text") or "")
            counts[name] = counts.get(name, 0) + 1
    return ", ".join(sorted(counts, key=lambda name: -counts[name])[:most])


def _headline(value: Value) -> str:
    """The title, or how the text begins where there is none."""
    return str(value.get("title") or "") or str(value.get("text") or "")[:200]


def _relation(value: Value) -> str:
    relation = str(value.get("relation") or "")
    return f"{relation} of {value['duplicate_of']}" if value.get("duplicate_of") else relation


def _paragraphs(value: Value) -> str:
    found = _inside(value, "normalized", "paragraphs")
    return str(len(found)) if isinstance(found, list) else ""


_WHEN = Column("published", 16, _moment("published_at"), whole=True)
_SOURCE = Column("source", 14, _at("source"), whole=True)
_HEADLINE = Column("headline", 0, _headline)

COLUMNS: dict[str, tuple[Column, ...]] = {
    topics.RAW: (
        _WHEN,
        _SOURCE,
        Column("characters", 10, lambda value: str(len(str(value.get("text") or "")))),
        _HEADLINE,
    ),
    topics.NORMALIZED: (
        _WHEN,
        _SOURCE,
        Column("paragraphs", 10, _paragraphs),
        Column("dateline", 14, lambda value: str(_inside(value, "normalized", "dateline", "text") or "")),
        _HEADLINE,
    ),
    topics.EXTRACTED: (
        _WHEN,
        _SOURCE,
        Column("who", 28, lambda value: ", ".join(protagonists(value, 2))),
        Column("where", 20, lambda value: _names(value, ("LOC",), 2)),
        Column("events", 6, _count("events")),
        Column("claims", 6, _count("claims")),
        _HEADLINE,
    ),
    topics.DEDUPLICATED: (
        _WHEN,
        _SOURCE,
        Column("relation", 24, _relation, whole=True),
        Column("who", 24, lambda value: ", ".join(protagonists(value, 2))),
        Column("where", 18, lambda value: _names(value, ("LOC",), 2)),
        _HEADLINE,
    ),
    topics.STORIES: (
        Column("last", 16, _moment("last_at"), whole=True),
        Column("story", 36, _at("story_id"), whole=True),
        Column("version", 7, _at("version"), whole=True),
        Column("changed", 24, lambda value: ", ".join(map(str, value.get("changed") or ())), whole=True),
        Column("articles", 8, _at("articles"), whole=True),
        Column("outlets", 7, _count("outlets")),
        Column("lead", 0, lambda value: _headline(value.get("lead") or {})),
    ),
    topics.ALERTS: (
        Column("severity", 8, _at("severity"), whole=True),
        Column("rule", 20, _at("rule"), whole=True),
        Column("why now", 18, _at("change"), whole=True),
        Column("because", 24, lambda value: ", ".join(_reasons(value))),
        Column("goes to", 14, lambda value: ", ".join(map(str, value.get("webhooks") or ()))),
        Column("headline", 0, lambda value: _headline(value.get("article") or {})),
    ),
    topics.ALERTS_LOG: (
        Column("at", 16, _moment("at"), whole=True),
        Column("webhook", 16, _at("webhook"), whole=True),
        Column("outcome", 10, _at("outcome"), whole=True),
        Column("attempt", 7, _at("attempt"), whole=True),
        Column("status", 6, _at("status"), whole=True),
        Column("alert", 36, _at("alert_id"), whole=True),
        Column("error", 0, _at("error")),
    ),
    topics.DEADLETTERS: (
        Column("stage", 14, _at("stage"), whole=True),
        Column("from", 28, _at("from"), whole=True),
        Column("kind", 10, _at("kind"), whole=True),
        Column("class", 20, _at("class"), whole=True),
        Column("error", 0, _at("error")),
    ),
}
OTHER = (Column("key", 38, _at("key"), whole=True), Column("value", 0, _at("value")))


def _reasons(value: Value) -> list[str]:
    reasons = value.get("reasons")
    return [str(one.get("matched")) for one in reasons if isinstance(one, Mapping)] if isinstance(reasons, list) else []


def deadletter_fields(record: Any) -> dict[str, str]:
    """What the headers of a dead letter say."""
    names = ("stage", "topic", "partition", "offset", "kind", "error-class", "error", "traceback")
    said = {name: header(record.headers, f"rasid-{name}") or "" for name in names}
    said["from"] = f"{said['topic']} {said['partition']}:{said['offset']}"
    said["class"] = said["error-class"]
    return said


def columns_of(topic: str) -> tuple[Column, ...]:
    """The columns of a topic; key and value for one that is not Rasid's."""
    return COLUMNS.get(topic, OTHER)


def cells(topic: str, record: Any, limit: int | None = 400) -> list[str]:
    """A record's cells, harmless for a terminal; a value that cannot be read shows as such in the last one.

    At most `limit` characters each; None: whole.
    """
    columns = columns_of(topic)
    key = (record.key or b"").decode("utf-8", "replace")
    value: Any
    if topic == topics.DEADLETTERS:
        value = deadletter_fields(record)
    elif topic not in COLUMNS:
        value = {"key": key, "value": (record.value or b"").decode("utf-8", "replace")}
    else:
        try:
            value = orjson.loads(record.value or b"")
        except orjson.JSONDecodeError:
            value = None
    if not isinstance(value, Mapping):
        return [""] * (len(columns) - 1) + [
            safe(f"not a JSON object, {len(record.value or b'')} bytes, key {key}", 200)
        ]
    shown = []
    for column in columns:
        try:
            shown.append(safe(column.show(value), limit))
        except (TypeError, AttributeError, ValueError):
            shown.append("?")
    return shown
