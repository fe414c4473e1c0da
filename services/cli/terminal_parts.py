"""What the views of `rasid explain`, `stories` and `similar` are put together from in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from services.cli.safe_text import safe

HEADING = "bold"
INDENT = 2
PADDING = 2  # between columns
# They only steer direction or breaking, or say nothing at all: left out here, where `safe` would show a stand-in.
_SILENT = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\u00ad\ufeff"))


def readable(text: object) -> str:
    """As `safe`, without marks that are nothing to read, and with characters for references («&quot;»)."""
    return safe(unescape(str(text)).translate(_SILENT))


def print_line(console: Console, text: Text) -> None:
    """On a terminal wrapped at its width; elsewhere a line however long."""
    console.print(text, soft_wrap=not console.is_terminal)


def listed(names: Sequence[str], most: int = 12) -> str:
    """The names in a row, the first of many."""
    more = f", and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(" ".join(name.split()) for name in names[:most]) + more


def grid_of(columns: int, right: Sequence[int] = (), whole: Sequence[int] = ()) -> Table:
    """Columns without lines; what is too long goes on in the next line, nothing is cut. What is `whole` is not broken."""
    grid = Table.grid(padding=(0, PADDING))
    for number in range(columns):
        # One cell at least: an empty column is measured as none and drawn as one, which breaks the others' lines.
        grid.add_column(
            overflow="fold", justify="right" if number in right else "left", no_wrap=number in whole, min_width=1
        )
    return grid


def print_section(console: Console, heading: str, grid: Table) -> None:
    """A heading, and what stands under it."""
    console.print(Text(heading, style=HEADING))
    console.print(Padding(grid, (0, 0, 0, INDENT), expand=False))
    console.print()


def print_finding(console: Console, head: Text, facts: Sequence[tuple[str, str]]) -> None:
    """One finding, and the facts about it that are known."""
    grid = grid_of(2)
    for name, value in facts:
        if value:
            grid.add_row(Text(name, style="dim"), readable(value))
    console.print(Padding(head, (0, 0, 0, INDENT), expand=False))
    console.print(Padding(grid, (0, 0, 0, INDENT + 4), expand=False))
