"""What may be an article, and what turned out not to be one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ReasonCode = Literal[
    "empty",
    "too_large",
    "not_text",
    "not_arabic",
    "bad_time",
    "bad_field",
    "title_too_long",
    "bad_extras",
    "bad_json",
    "line_too_long",
    "bad_archive",
    "bad_file",
    "unsupported_file",
    "bad_feed",
]


@dataclass(frozen=True)
class Candidate:
    """Fields as they came from outside, of any type; `origin` says where from («news.jsonl:17»).

    `fetched_at` (aware) is set where the transport knows it: the time of a file, so that a replay is the same record.
    """

    origin: str
    fields: Mapping[str, object]
    fetched_at: datetime | None = None


class Rejected(Exception):
    """Not an article; `reason` is a code to count by, `message` names what to mend, `origin` where it came from."""

    def __init__(self, reason: ReasonCode, message: str, origin: str = "") -> None:
        super().__init__(f"{origin}: {message}" if origin else message)
        self.reason: ReasonCode = reason
        self.message = message
        self.origin = origin

    def __reduce__(self) -> tuple[type[Rejected], tuple[ReasonCode, str, str]]:
        return type(self), (self.reason, self.message, self.origin)
