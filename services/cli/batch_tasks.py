"""What goes to the worker processes of `rasid batch`, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.producer.candidate import Candidate, Rejected

if TYPE_CHECKING:
    from services.deduplication.fingerprint import Fingerprint


@dataclass(frozen=True)
class Task:
    """The `number`th thing read (from 0); `line` is its record where an earlier run wrote it already."""

    number: int
    found: Candidate | Rejected
    line: bytes | None = None

    @property
    def origin(self) -> str:
        """Where it stands in the input."""
        return self.found.origin


@dataclass(frozen=True)
class Done:
    """An article's record so far, and what deduplication compares of it (None: not asked for).

    `written`: an earlier run wrote the record; `judged` is then the relation and story that it has there, if any.
    """

    number: int
    record: bytes
    engine: str
    print_: Fingerprint | None
    written: bool = False
    judged: tuple[str, str] | None = None


@dataclass(frozen=True)
class Refused:
    """What gave no record: rejected at the door, or failed in a stage."""

    number: int
    origin: str
    reason: str
    message: str


Outcome = Done | Refused


class Changed(Exception):
    """What an earlier run wrote does not come from this input; the message says where."""
