"""The lists in data/: tab-separated, one row a line, a first line that names the columns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from services.extraction.line import key
from services.extraction.words import fold


class MalformedList(ValueError):
    """A row of a list cannot be read; the message names file and line."""


def read_list(name: str, columns: int) -> Iterator[list[str]]:
    """The rows of data/`name`. MalformedList where a row has not so many columns."""
    text = (files(__package__) / "data" / name).read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line[0] == "#":
            continue
        row = line.split("\t")
        if len(row) != columns:
            raise MalformedList(f"{name}:{number}: {len(row)} columns where there should be {columns}")
        yield row


@cache
def _context_words() -> dict[str, str]:
    return dict(read_list("context_words.tsv", 2))


def word_list(role: str) -> frozenset[str]:
    """The words of this role in data/context_words.tsv as they stand in a `Line`; KeyError for an unknown one."""
    return frozenset(key(_context_words()[role]).split())


def form_list(role: str) -> frozenset[str]:
    """The words of this role in data/context_words.tsv as they stand in `Words.forms`; KeyError for an unknown one."""
    return frozenset(fold(_context_words()[role]).split())
