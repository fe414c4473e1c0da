"""Stories as a person sees them: in a row, whole, and as they change."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from rich.console import Console

from schemas.stories import Story
from services.cli.column_lines import ColumnLines
from services.cli.story_changes import changes_told
from services.cli.story_terminal import LIST, cells, print_change, print_story
from tests.unit.cli.told_stories import ABSORBED, RIVER, states, story
from tests.unit.deduplication.stories import STORY

CODES = re.compile(r"\x1b\[[0-9;]*m")
AT = datetime(2026, 3, 14, 14, 30, tzinfo=UTC)


def printed(show: Callable[[Console], None], *, terminal: bool = True, width: int = 80) -> str:
    file = io.StringIO()
    show(Console(file=file, force_terminal=terminal, width=width, color_system=None, highlight=False))
    return CODES.sub("", file.getvalue())


def told(state: Story) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _, name, words in changes_told(state):
        found.setdefault(name, []).append(words)
    return found


def test_a_new_story_says_by_whom_and_what_happened() -> None:
    assert told(states()[0]) == {"new story": ["by وكالة الأفق, air strike in Ain al-Rumman"]}


def test_the_changes_are_told_with_what_is_new() -> None:
    found = told(states()[1])
    assert found["new outlet"] == ["صحيفة الضفة"]
    assert found["higher toll"] == ["killed 7, صحيفة الضفة by Salim Hayek; highest before: killed 3"]
    assert found["new claim"] == ["مجلس البلدة: سلاح الجو في دولة نهران بتنفيذ الغارة"]
    assert found["denial"] == ["Nahrani Ministry of Defence: أي مسؤولية لها عن الغارة"]
    assert any("killed 3 / Salim Hayek (صحيفة الضفة): killed 7" in one for one in found["contested"])


def test_stories_that_become_one_name_each_other() -> None:
    going_on, gone = states()[3:]
    assert told(going_on) == {"merged": [f"it has taken in {ABSORBED[:8]}"]}
    assert told(gone) == {"went into": [STORY[:8]]}


def test_a_change_of_which_nothing_is_left_to_say_is_still_told() -> None:
    every = ["outlet", "place", "toll", "claim", "denial", "contested", "revision", "correction", "retraction"]
    bare = story(changed=every, article_id="another", tolls=[], claims=[], events=[])
    assert [one.change for one in changes_told(bare)] == every
    assert told(story(changed=["merged", "absorbed"])) == {"merged": [""], "went into": [""]}


def test_a_row_has_what_a_desk_asks_first() -> None:
    row = dict(zip([name for name, _, _ in LIST], cells(states()[3], "3f1d2b7e"), strict=True))
    assert row == {
        "last": "2026-03-14 15:00",
        "story": "3f1d2b7e",
        "outlets": "3",
        "articles": "3",
        "killed": "3+",
        "wounded": "",
        "contested": "toll +1",
        "places": "Ain al-Rumman",
        "lead": "غارة على عين الرمان",
    }
    assert "merged" in cells(states()[4], "5f1d2b7e")


@pytest.mark.parametrize("width", [40, 80, 140])
def test_on_a_terminal_lines_fit(width: int) -> None:
    def show(console: Console) -> None:
        lines = ColumnLines(LIST, console)
        for state in states():
            lines.row(cells(state, state.story_id[:8]))
            print_change(state, AT, console)
            print_story(state, console)

    assert all(cell_len(line) <= width for line in printed(show, width=width).splitlines())


def test_all_that_is_known_of_a_story_is_shown() -> None:
    out = printed(lambda console: print_story(states()[3], console), width=140)
    assert f"it has taken in {ABSORBED}" in out
    assert "2026-03-14 12:00 to 2026-03-14 15:00 UTC · 3 outlets · 3 articles · killed 3 or more · contested" in out
    for words in (
        rf"2026-03-14 15:00\s+{RIVER}\s+1×",
        r"toll of air strike in Ain al-Rumman",
        r"Civil Defence \(وكالة الأفق\)\s+killed 3",
        r"2026-03-14 14:00\s+killed 7\s+air strike in Ain al-Rumman, 2026-03-14\s+صحيفة الضفة\s+by Salim Hayek",
        r"denial by Nahrani Ministry of Defence\s+2026-03-14 14:00 · صحيفة الضفة",
        r"words\s+أي مسؤولية لها عن الغارة\s+about\s+air strike",
        r"3×\s+Ain al-Rumman\s+SY\s+35.500N 36.500E\s+town",
        r"People: 1",
    ):
        assert re.search(words, out), words
    assert f"it went into {STORY}" in printed(lambda console: print_story(states()[4], console))


def test_in_a_pipe_a_change_is_a_line_and_nothing_is_cut() -> None:
    out = printed(lambda console: print_change(states()[1], AT, console), terminal=False, width=40).splitlines()
    assert out[0] == "2026-03-14 14:30  3f1d2b7e  2 outlets, 2 articles · killed 3-7 · contested"
    assert out[1] == "  غارة على عين الرمان"
    assert "  new claim    مجلس البلدة: سلاح الجو في دولة نهران بتنفيذ الغارة" in out
    assert "nothing but counts and times" in printed(lambda console: print_change(story(changed=[]), AT, console))


@pytest.mark.parametrize("text", ["\x1b[2J\x9b31m", "[red]x[/]", "\u202e\u2066", ":smile:", "[/"])
def test_nothing_in_a_story_acts_on_the_terminal(text: str) -> None:
    hostile = states()[3].model_dump()
    for part in ("outlets", "tolls", "claims"):
        for one in hostile[part]:
            one["source"] = text
    hostile["lead"] |= {"title": text, "url": text, "source": text, "id": text}
    for one in hostile["claims"]:
        one |= {"text": text, "speaker": text}
    for one in (*hostile["places"], *hostile["entities"]):
        one["canonical"] = text
    state = Story.model_validate(hostile)

    def show(console: Console) -> None:
        print_story(state, console)
        print_change(state, AT, console)
        ColumnLines(LIST, console).row(cells(state, "3f1d2b7e"))

    out = printed(show)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)
    assert ("[red]x[/]" in out) == (text == "[red]x[/]")
