"""What was rejected in a run: counted by reason, with the first of each kind to show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from services.cli.safe_text import shown
from services.producer.candidate import Rejected

SHOWN_OF_A_KIND = 3


@dataclass
class Rejections:
    """Counts by reason; memory does not grow with their number."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many in all."""
        return sum(self.counts.values())

    def add(self, rejected: Rejected) -> None:
        """Count one more."""
        self.note(rejected.reason, rejected.origin, rejected.message)

    def note(self, reason: str, origin: str, message: str) -> None:
        """Count one more, by its parts."""
        self.counts[reason] += 1
        kept = self.first.setdefault(reason, [])
        if len(kept) < SHOWN_OF_A_KIND:
            kept.append((origin, message))

    def print(self, console: Console) -> None:
        """A table of reasons with the first few of each; nothing where nothing was rejected."""
        if not self.counts:
            return
        table = Table("reason", "rejected", "where", "what to mend", title="Rejected", title_justify="left")
        for reason, count in self.counts.most_common():
            for number, (origin, message) in enumerate(self.first[reason]):
                head = (reason, str(count)) if number == 0 else ("", "")
                table.add_row(*head, shown(origin, 80), shown(message, 300))
        console.print(table)
