"""What comes from outside does nothing to a terminal."""

from __future__ import annotations

import io
import unicodedata

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from services.cli.safe_text import safe, safe_in_page, safe_json, safe_lines, shown

ANY = st.text(alphabet=st.characters(), max_size=60)
PIECES = [
    "\x1b[2J", "\x1b]0;t\x07", "\x9b31m", "\u202e", "\u2066", "\x08", "\r", "\n", "[red]", "[/]", "[link=x]", ":smile:",
    "\\[", "\ud800", "\u200b", "\ufeff", "خبر", "\u200c", "a", "\U000e0041", "\x7f", "\x00", "\u2028", "[@click=x]",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
KEPT = "\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u0890\u0891\u08e2"


def acts(char: str) -> bool:
    """Whether a terminal might do something else than to show the character."""
    return unicodedata.category(char) in ("Cc", "Cs", "Co", "Zl", "Zp") or (
        unicodedata.category(char) == "Cf" and char not in KEPT
    )


@given(ANY | HOSTILE)
@settings(deadline=None, max_examples=400)
def test_safe_text_has_no_character_that_acts(text: str) -> None:
    assert not any(acts(char) for char in safe(text))
    assert not any(acts(char) for line in safe_lines(text).split("\n") for char in line)
    safe(text).encode("utf-8")


@given(ANY | HOSTILE)
@settings(deadline=None, max_examples=300)
def test_neither_markup_nor_emoji_codes_nor_colours_come_to_life(text: str) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=10_000, color_system="truecolor", legacy_windows=False)
    console.print(shown(text), soft_wrap=True, end="")
    assert out.getvalue() == safe(text)


@given(st.text(alphabet=st.sampled_from("خبر عاجل من المدينة،.:!؟123 ABC«»\"'-ًٌَُِّْـ\u200c\u06dd"), max_size=60))
@settings(deadline=None, max_examples=100)
def test_good_text_is_left_alone(text: str) -> None:
    assert safe(text) == text


def test_what_is_replaced_stays_visible() -> None:
    assert safe("\x1b[31mأحمر\x1b[0m") == "␛[31mأحمر␛[0m"
    assert safe("a\u202eb\x7f") == "a\ufffdb␡"
    assert safe("سطر\nآخر\tهنا") == "سطر آخر هنا"


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert safe("خبر طويل", 5) == "خبر …"
    assert safe("خبر", 3) == "خبر"
    assert safe("خبر", 0) == "…"


@given(ANY | HOSTILE)
@settings(deadline=None, max_examples=300)
def test_json_keeps_its_value_and_loses_what_acts(text: str) -> None:
    value = {"نص": text.encode("utf-8", "replace").decode()}
    raw = safe_json(orjson.dumps(value).decode())
    assert orjson.loads(raw) == value
    assert not any(acts(char) for char in raw if unicodedata.category(char) != "Co")


@pytest.mark.parametrize("char", ["\u202e", "\x9b", "\x7f", "\U000e0041", "\u2028", "\ufeff"])
def test_in_json_what_acts_is_escaped(char: str) -> None:
    raw = safe_json(orjson.dumps({"a": char}).decode())
    assert char not in raw
    assert orjson.loads(raw) == {"a": char}


@given(ANY | HOSTILE)
@settings(deadline=None, max_examples=300)
def test_on_a_page_nothing_turns_the_text_that_follows_and_every_character_keeps_its_place(text: str) -> None:
    shown_there = safe_in_page(text)
    assert len(shown_there) == len(text)
    assert safe_in_page(shown_there) == shown_there
    for char in shown_there:
        assert unicodedata.bidirectional(char) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        assert unicodedata.category(char) not in ("Cc", "Cs", "Co") or char in "\n\t"


def test_on_a_page_joiners_and_marks_of_direction_stay() -> None:
    text = "می\u200cخواهم \u200fخبر\u200e 5\u061c"
    assert safe_in_page(text) == text
