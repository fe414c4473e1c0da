"""Dead letters: the original bytes, untouched, and in the headers where they came from and what was wrong.

Making one never fails: whatever cannot be carried whole (by the topic's limit) is cut, and the headers say so.
"""

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
MAX_KEPT_HEADERS_BYTES = 64 * 1024
MAX_LETTER_BYTES = MAX_MESSAGE_BYTES - 128 * 1024
MAX_KEY_BYTES = 4096
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


@dataclass(frozen=True)
class DeadLetter:
    """A message for `deadletters`."""

    key: bytes | None
    value: bytes | None
    headers: Headers


def _clip(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return raw if len(raw) <= MAX_HEADER_BYTES else raw[:MAX_HEADER_BYTES].decode("utf-8", "ignore").encode()


def kind_of(error: BaseException) -> Kind:
    """What sort of dead letter an error makes."""
    if isinstance(error, PoisonRecord):
        return "poison"
    return "too_large" if isinstance(error, OutputTooLarge) else "permanent"


def dead_letter(
    service: str,
    origin: Origin,
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes | None]],
    error: BaseException,
    *,
    most: int = MAX_LETTER_BYTES,
) -> DeadLetter:
    """A record as a dead letter of at most about `most` bytes. Deterministic: a repeat is the same dead letter.

    The original headers are kept, but for those named rasid-* and where they are larger than 64 KiB together. A value
    that is too large is cut, with its size and SHA-256 in the headers; a key over 4 KiB gives way to its SHA-256.
    """
    own: Headers = [
        ("rasid-stage", service.encode()),
        ("rasid-topic", origin.topic.encode()),
        ("rasid-partition", str(origin.partition).encode()),
        ("rasid-offset", str(origin.offset).encode()),
        ("rasid-kind", kind_of(error).encode()),
        ("rasid-error-class", _clip(type(error).__name__)),
        ("rasid-error", _clip(str(error))),
        ("rasid-traceback", _clip("".join(traceback.format_exception(error, limit=-8)))),
    ]
    kept = [(name, raw or b"") for name, raw in headers if not name.startswith("rasid-")]
    if sum(len(name.encode("utf-8", "replace")) + len(raw) for name, raw in kept) > MAX_KEPT_HEADERS_BYTES:
        kept = []
        own.append(("rasid-headers-left-out", b"over 64 KiB"))
    if key is not None and len(key) > MAX_KEY_BYTES:
        own.append(("rasid-original-key-bytes", str(len(key)).encode()))
        key = hashlib.sha256(key).hexdigest().encode()
    if value is not None and len(value) > most:
        own += [
            ("rasid-original-bytes", str(len(value)).encode()),
            ("rasid-original-sha256", hashlib.sha256(value).hexdigest().encode()),
        ]
        value = value[: min(KEPT_OF_TOO_LARGE, most)]
    if key is None and value is None:  # a message must have one of them
        own.append(("rasid-original-null", b"key and value"))
        value = b""
    return DeadLetter(key, value, kept + own)
