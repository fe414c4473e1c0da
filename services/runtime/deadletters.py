"""Dead letters: the original bytes, untouched, and in the headers where they came from and what was wrong."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.runtime.topics import MAX_MESSAGE_BYTES
from services.runtime.wire import Headers

Kind = Literal["permanent", "poison", "too_large"]

MAX_HEADER_BYTES = 4096
KEPT_OF_TOO_LARGE = 64 * 1024


class PoisonRecord(RuntimeError):
    """The record ended or hung its process again and again."""


class OutputTooLarge(ValueError):
    """What came out of the record is larger than a topic takes."""


@dataclass(frozen=True)
class Origin:
    """Where a record stood."""

    topic: str
    partition: int
    offset: int


def _clip(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return raw if len(raw) <= MAX_HEADER_BYTES else raw[:MAX_HEADER_BYTES].decode("utf-8", "ignore").encode()


def kind_of(error: BaseException) -> Kind:
    """What sort of dead letter an error makes."""
    if isinstance(error, PoisonRecord):
        return "poison"
    return "too_large" if isinstance(error, OutputTooLarge) else "permanent"


def dead_letter(
    service: str, origin: Origin, value: bytes | None, headers: Sequence[tuple[str, bytes]], error: BaseException
) -> tuple[bytes | None, Headers]:
    """Value and headers of a dead letter. Deterministic: a repeat is the same dead letter.

    The original headers are kept. A value that no topic takes is cut, with its size and SHA-256 in the headers.
    """
    frames = "".join(traceback.format_exception(error, limit=-8))
    own: Headers = [
        ("rasid-stage", service.encode()),
        ("rasid-topic", origin.topic.encode()),
        ("rasid-partition", str(origin.partition).encode()),
        ("rasid-offset", str(origin.offset).encode()),
        ("rasid-kind", kind_of(error).encode()),
        ("rasid-error-class", type(error).__name__.encode()),
        ("rasid-error", _clip(str(error))),
        ("rasid-traceback", _clip(frames)),
    ]
    kept = [(name, raw) for name, raw in headers if not name.startswith("rasid-")]
    size = len(value or b"") + sum(len(name) + len(raw or b"") for name, raw in kept)
    if value is not None and size > MAX_MESSAGE_BYTES - 64 * 1024:
        own += [
            ("rasid-original-bytes", str(len(value)).encode()),
            ("rasid-original-sha256", hashlib.sha256(value).hexdigest().encode()),
        ]
        return value[:KEPT_OF_TOO_LARGE], own
    return value, kept + own
