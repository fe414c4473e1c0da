"""What comes from outside, made harmless for a terminal or a page: no escape sequences, no controls, no hidden direction changes.

Rich markup is neutralised by never being parsed: show outside text as `shown(text)`, a rich Text, not as a string.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from rich.text import Text

ELLIPSIS = "…"

_HARMLESS_SPACE = {"\n": " ", "\r": " ", "\t": " ", "\v": " ", "\f": " ", "\x85": " ", "\u2028": " ", "\u2029": " "}
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})  # bidirectional classes
# Format characters that are seen, or shape letters, and change no direction: the joiners, and signs over numbers.
_KEPT_FORMAT = frozenset("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u0890\u0891\u08e2")


def _harmless(char: str) -> str:
    """The character, or what stands for it: control pictures for C0, U+FFFD for everything else that hides."""
    if char in _HARMLESS_SPACE:
        return " "
    if char < " ":
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "\u2421"
    category = unicodedata.category(char)
    if category in ("Cc", "Cs", "Co") or (category == "Cf" and char not in _KEPT_FORMAT):
        return "\ufffd"
    return char


def _harmless_in_json(char: str) -> str:
    """The character, or its escape; JSON's own white space stays."""
    if char in " \t\r\n" or unicodedata.category(char) == "Co" or _harmless(char) == char:
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _harmless_in_page(char: str) -> str:
    """The character, or what stands for it: only what markup cannot hold, what hides, or what turns the direction of
    the text that follows. Marks that say which way they themselves read stay: outlets use them."""
    code, category = ord(char), unicodedata.category(char)
    if char in "\n\t":
        return char
    turns = unicodedata.bidirectional(char) in _TURNS
    hides = category in ("Cc", "Cs", "Co") or 0xE0000 <= code <= 0xE007F or 0x206A <= code <= 0x206F
    if turns or hides or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return " " if char in _HARMLESS_SPACE else chr(0x2400 + code) if char < " " else "\ufffd"
    return char


class _Table(dict[int, str]):
    """str.translate's table, made as characters are met."""

    def __init__(self, replaced: Callable[[str], str]) -> None:
        super().__init__()
        self._replaced = replaced

    def __missing__(self, code: int) -> str:
        self[code] = self._replaced(chr(code))
        return self[code]


_TABLE = _Table(_harmless)
_JSON_TABLE = _Table(_harmless_in_json)
_PAGE_TABLE = _Table(_harmless_in_page)


def safe(text: object, limit: int | None = None) -> str:
    """The text on one line without anything that moves the cursor, changes colours or direction, or hides.

    At most `limit` characters, the last of them an ellipsis where something was left out. Still to be kept from rich
    markup: print it by `shown`, or with `markup=False`.
    """
    string = str(text)
    if limit is not None and len(string) > limit:
        string = string[: max(0, limit - 1)] + ELLIPSIS
    return string.translate(_TABLE)


def shown(text: object, limit: int | None = None, style: str = "") -> Text:
    """As `safe`, as a rich Text: no markup, no emoji codes, no highlighting by content."""
    return Text(safe(text, limit), style=style)


def safe_lines(text: object, limit: int | None = None) -> str:
    """As `safe`, line feeds kept."""
    string = str(text)
    if limit is not None and len(string) > limit:
        string = string[: max(0, limit - 1)] + ELLIPSIS
    return "\n".join(line.translate(_TABLE) for line in string.replace("\r\n", "\n").split("\n"))


def safe_json(raw: str) -> str:
    """JSON with every character that a terminal might act on written as a \\u escape: the same value."""
    return raw.translate(_JSON_TABLE)


def safe_in_page(text: str) -> str:
    """The text as a web page may show it, character for character; still to be escaped by what writes the page."""
    return text.translate(_PAGE_TABLE)
