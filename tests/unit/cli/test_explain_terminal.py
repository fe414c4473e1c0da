"""An article in a terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from schemas.articles_extracted import ExtractedArticle
from services.cli.explain_terminal import print_article
from tests.unit.cli.explained_articles import STRIKES, article, seed
from tests.unit.cli.test_explain_page import hostile_article

CODES = re.compile(r"\x1b\[[0-9;]*m")


def printed(found: ExtractedArticle, *, terminal: bool, width: int = 80, **options: object) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=width, highlight=False, legacy_windows=False, **options)
    print_article(found, console)
    return file.getvalue()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_lines_fit_and_nothing_is_cut(width: int) -> None:
    out = CODES.sub("", printed(seed(STRIKES), terminal=True, width=width, color_system="standard"))
    assert all(cell_len(line) <= width for line in out.splitlines())
    assert "…" not in out
    for words in ("".join(seed(STRIKES).text.split()), "SyrianMinistryofForeignAffairs"):
        assert words in "".join(out.split())
    for word in ("UN", "Security", "Council"):  # in a table the words of a name may stand below each other
        assert word in out


def test_names_are_coloured_by_type_and_triggers_underlined() -> None:
    out = printed(seed(STRIKES), terminal=True, color_system="standard")
    assert "\x1b[36mدرعا\x1b[0m" in out
    assert "\x1b[35mمجلس الامن الدولي\x1b[0m" in out
    assert "\x1b[1;4mغارات\x1b[0m" in out
    assert "\x1b[4mبحسب ما افاد\x1b[0m" in out


def test_without_colours_only_bold_and_underline_are_left() -> None:
    out = printed(seed(STRIKES), terminal=True, no_color=True)
    assert {code for codes in re.findall(r"\x1b\[([0-9;]*)m", out) for code in codes.split(";")} <= {"0", "1", "2", "4"}


def test_in_a_pipe_there_are_no_codes_and_a_paragraph_is_a_line() -> None:
    out = printed(seed(STRIKES), terminal=False)
    assert "\x1b" not in out
    assert all(paragraph in out.splitlines() for paragraph in seed(STRIKES).text.split("\n"))


def test_all_that_was_found_is_told() -> None:
    found = seed(STRIKES)
    out = printed(found, terminal=False, width=200)
    assert "2026-03-01 05:40 UTC" in out
    assert re.search(r"2×\s+Daraa\s+SY\s+درعا", out)
    assert re.search(r"Golan Heights\s+33.000N\s+35.800E\s+region", out)
    assert re.search(r"e1  air strike  غارات  \d+%\s+date\s+2026-03-01\s+places\s+Izra, Daraa, Syria", out)
    assert re.search(r"c4  statement by Israel Defense Forces  98%\s+called\s+الجيش الاسرائيلي\s+cue\s+قال", out)
    assert re.search(r"about\s+e1, air strike", out)
    assert re.search(r"6 or more\s+غارات", out)
    for heading in ("People: 1", "Places: 8", "Events: 1", "Claims: 11", "Dates: 4", "Quantities: 5"):
        assert heading in out


@pytest.mark.parametrize("text", ["\x1b[2J\x9b31m", "[red]x[/]", "\u202e\u2066", ":smile:", "\ud800", "[/", ""])
def test_nothing_in_an_article_acts_on_the_terminal(text: str) -> None:
    out = CODES.sub("", printed(hostile_article(text + "خبر"), terminal=True, color_system="standard"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", out)
    assert ("[red]x[/]" in out) == (text == "[red]x[/]")
    assert (":smile:" in out) == (text == ":smile:")


def test_marks_of_direction_are_left_out_without_a_stand_in() -> None:
    assert "دخلت المدينة اليوم" in printed(article("دخلت \u200fالمدينة\u200e اليوم\ufeff"), terminal=False)


def test_names_and_places_are_told_with_how_sure_they_are() -> None:
    found = seed(STRIKES)
    out = printed(found, terminal=False, width=200)
    assert re.search(r"2×\s+Daraa\s+SY\s+درعا\s+\d+%", out)
    assert len(re.findall(r"^ +\d+×.* \d+% *$", out, re.MULTILINE)) == len(
        {(e.type, e.canonical) for e in found.entities}
    )


@pytest.mark.parametrize("width", [40, 50, 60])
def test_short_names_are_not_broken_where_lines_are_short(width: int) -> None:
    out = CODES.sub("", printed(seed(STRIKES), terminal=True, width=width, color_system="standard"))
    lines = out.splitlines()
    for name in ("Damascus", "Israel", "Golan"):
        assert any(re.match(rf"  {name}\b", line) or f"×  {name}" in line for line in lines), name


def test_a_column_without_words_takes_no_room_from_the_names() -> None:
    out = printed(article("وصل الوفد إلى مدينة دمشق السورية."), terminal=False)
    assert re.search(r"^  Damascus +33.513N", out, re.MULTILINE)


def test_character_references_are_shown_as_what_they_stand_for() -> None:
    out = printed(article("قال الوزير &quot;نعم&quot;&nbsp;ثم غادر دمشق."), terminal=False)
    assert 'قال الوزير "نعم"' in out
    assert "&" not in out
