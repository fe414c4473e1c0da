"""A table that grows downwards for ever."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from services.cli.safe_text import ELLIPSIS

GAP = "  "  # between columns
INDENT = "    "  # of the lines that go on with a row
LEAST_REST = 20  # characters for the column that takes what is left of a line

Layout = tuple[str, int, bool]
"""A column: its heading, its width in characters (0: what is left), and whether it is of no use cut."""


class ColumnLines:
    """Columns of fixed width, headings once. Cells come harmless for a terminal.

    On a terminal too narrow for all columns a row takes several lines. Elsewhere it is one line with nothing cut.
    """

    def __init__(self, columns: Sequence[Layout], console: Console) -> None:
        self._columns, self.console = columns, console
        self._begun = False

    def row(self, texts: Sequence[str]) -> None:
        """One more row."""
        if not self._begun:
            self._print([name for name, _, _ in self._columns], "bold")
            self._begun = True
        self._print(texts)

    def _print(self, texts: Sequence[str], style: str = "") -> None:
        for line in self._broken(texts) if self.console.is_terminal else [self._unbroken(texts)]:
            self.console.print(Text(line.rstrip(), style=style), soft_wrap=True)

    def _unbroken(self, texts: Sequence[str]) -> str:
        return GAP.join(
            text + " " * (width - cell_len(text)) for (_, width, _), text in zip(self._columns, texts, strict=True)
        )

    def _broken(self, texts: Sequence[str]) -> list[str]:
        """The row as lines of the terminal's width."""
        lines = [""]
        for (_, fixed, whole), text in zip(self._columns, texts, strict=True):
            width = max(fixed, cell_len(text)) if whole else fixed
            used = cell_len(lines[-1])
            if used and used + (width or LEAST_REST) > self.console.width:
                lines.append(INDENT)
                used = len(INDENT)
            width = width or max(LEAST_REST, self.console.width - used)
            lines[-1] += _fitted(text, width) + GAP
        return lines


def _fitted(text: str, width: int) -> str:
    """The text at a width in terminal cells, with an ellipsis where it is cut."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + ELLIPSIS, width)
