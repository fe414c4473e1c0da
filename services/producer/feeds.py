"""RSS and Atom: entries to candidates, and the cursor that tells which of them are new."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import feedparser
import orjson

from services.producer.candidate import Candidate, Rejected
from services.producer.web_page import fragment_text

MAX_ENTRIES = 2000  # many times what feeds list; the newest are taken
MAX_SEEN = 2 * MAX_ENTRIES
MAX_VALIDATOR = 1024


def entries(feed: bytes, source: str, origin: str = "feed") -> list[Candidate | Rejected]:
    """The entries of a feed, oldest first as far as the feed lists the newest first.

    Text is the entry's content, else its summary, without tags. An entry with a link is named by it, so that the same
    article is the same however it comes in; one without is named by the feed's own id of it.
    """
    try:
        parsed = feedparser.parse(io.BytesIO(feed), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # it parses what anyone wrote; whatever it trips over is that feed's matter
        return [Rejected("bad_feed", f"the feed could not be read ({type(error).__name__})", origin)]
    listed = parsed.get("entries") or []
    if not listed and not parsed.get("version"):
        return [Rejected("bad_feed", "this is neither RSS nor Atom: check the address in feeds.yaml", origin)]
    found = [_entry(entry, source, f"{origin}#{number}") for number, entry in enumerate(listed[:MAX_ENTRIES], 1)]
    if len(listed) > MAX_ENTRIES:
        found.append(
            Rejected("bad_feed", f"the feed lists {len(listed)} entries, the first {MAX_ENTRIES} are read", origin)
        )
    return found[::-1]


def _entry(entry: Any, source: str, origin: str) -> Candidate | Rejected:
    contents = [part.get("value") or "" for part in entry.get("content") or () if isinstance(part, dict)]
    markup = max([*contents, ""], key=len) or entry.get("summary") or ""
    try:
        text, title = fragment_text(markup), fragment_text(entry.get("title") or "")
    except Rejected as error:
        return Rejected(error.reason, error.message, origin)
    link = (entry.get("link") or "").strip()
    fields: dict[str, object] = {
        "source": source,
        "title": " ".join(title.split()),
        "text": text,
        "published_at": _published(entry),
    }
    if link:
        fields["url"] = link
    elif entry.get("id"):
        fields["id"] = f"{source}:{entry['id']}"
    if entry.get("author"):
        fields["author"] = entry["author"]
    return Candidate(origin, fields)


def _published(entry: Any) -> str | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    if moment is None:
        return None
    try:
        year, month, day, hour, minute, second = moment[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def fingerprint(candidate: Candidate) -> str:
    """Names a version of an entry: another title, text or time gives another fingerprint."""
    return hashlib.sha256(orjson.dumps(dict(candidate.fields), option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def _validator(stated: str | None) -> str | None:
    """An ETag or Last-Modified that can be stored and sent back; others are as good as none: the feed is read whole."""
    usable = stated is not None and len(stated) <= MAX_VALIDATOR and stated.isascii() and stated.isprintable()
    return stated if usable else None


@dataclass(frozen=True)
class Cursor:
    """What is known of a feed: how to ask for changes, what was published, and what is on its way.

    `pending` holds when an entry was first seen: an entry that is published again after a crash is the same record.
    """

    etag: str | None = None
    modified: str | None = None
    seen: tuple[str, ...] = ()
    pending: dict[str, str] = field(default_factory=dict)

    def conditions(self) -> dict[str, str]:
        """The headers of a conditional GET; none while entries are on their way, so that they are listed again."""
        if self.pending:
            return {}
        stated = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in stated.items() if value}

    def claim(self, candidates: Iterable[Candidate], now: datetime) -> tuple[Cursor, list[Candidate]]:
        """The cursor to store before publishing, and the entries to publish, each with the time it was first seen."""
        known, pending = set(self.seen), dict(self.pending)
        fresh: dict[str, Candidate] = {}
        for candidate in candidates:
            name = fingerprint(candidate)
            if name in known or name in fresh:
                continue
            first = pending.setdefault(name, now.isoformat())
            fresh[name] = replace(candidate, fetched_at=datetime.fromisoformat(first))
        return replace(self, pending={name: pending[name] for name in fresh}), list(fresh.values())

    def acknowledge(self, listed: Sequence[Candidate], etag: str | None, modified: str | None) -> Cursor:
        """The cursor to store after everything that was claimed is acknowledged (or rejected for good)."""
        now_listed = dict.fromkeys(fingerprint(candidate) for candidate in listed)
        seen = [name for name in self.seen if name not in now_listed]
        return Cursor(_validator(etag), _validator(modified), tuple([*seen, *now_listed][-MAX_SEEN:]), {})

    def to_bytes(self) -> bytes:
        """As stored."""
        return orjson.dumps({"etag": self.etag, "modified": self.modified, "seen": self.seen, "pending": self.pending})

    @classmethod
    def from_bytes(cls, raw: bytes | None) -> Cursor:
        """From what was stored; nothing stored is a cursor at the beginning."""
        if raw is None:
            return cls()
        stored = orjson.loads(raw)
        return cls(stored["etag"], stored["modified"], tuple(stored["seen"]), stored["pending"])
