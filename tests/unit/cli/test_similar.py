"""Two articles side by side, for a person and for a program."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from schemas.articles_extracted import ExtractedArticle
from services.cli.similar_findings import Similarity, as_json, similarity
from services.cli.similar_terminal import print_similarity
from services.cli.similar_words import RELATIONS, apart, probability
from services.deduplication.comparison import Comparison, judgements
from tests.unit.cli.explained_articles import SEEDS, STRIKES, article, seed
from tests.unit.deduplication.examples import FLOOD, HARBOUR, NOON
from tests.unit.deduplication.examples import article as bare

CODES = re.compile(r"\x1b\[[0-9;]*m")
COPY = SEEDS / "02-daraa-strikes-near-duplicate.json"


def found(one: ExtractedArticle | None = None, other: ExtractedArticle | None = None) -> Similarity:
    return similarity(one or seed(STRIKES), other or seed(COPY))


def printed(of: Similarity, *, terminal: bool, width: int = 80, color_system: str | None = None) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        force_terminal=terminal,
        width=width,
        color_system=color_system,
        highlight=False,
        legacy_windows=False,
    )
    print_similarity(of, console)
    return file.getvalue()


def flood(*sentences: str, **more: object) -> ExtractedArticle:
    fields = {"id": "b", "source": "صدى الوادي", "published_at": NOON + timedelta(hours=2)} | more
    return bare(sentences, **fields)  # type: ignore[arg-type]


EDITED = flood(FLOOD[0].replace("اجتاحت", "ضربت"), FLOOD[1], HARBOUR[0])


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("width", [80, 140])
def test_the_verdict_comes_first_and_then_what_decided_it(terminal: bool, width: int) -> None:
    out = printed(found(), terminal=terminal, width=width)
    assert out.startswith("near duplicate: what they share is worth enough for a copy\n")
    assert re.search(r"copy\s+99%\s+said from \d+%", out)
    assert re.search(r"shared, of the shorter\s+93%\s+\+2\.21 of 2\.21\s+\+0\.31 of 0\.31", out)
    assert re.search(r"together\s+\+\d\.\d\d", out)


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_on_a_terminal_lines_fit_and_nothing_is_cut(width: int) -> None:
    out = printed(found(), terminal=True, width=width)
    assert all(cell_len(line) <= width for line in out.splitlines())
    assert "…" not in out
    for passage in found().passages.only_later:
        words = "".join(seed(COPY).text[slice(*passage.span)].split())
        assert words in "".join(out.split())


def test_a_wide_terminal_shows_two_columns_that_keep_their_sides() -> None:
    wide = printed(similarity(bare(FLOOD), EDITED), terminal=True, width=140)
    (line,) = [line for line in wide.splitlines() if FLOOD[1][:20] in line][:1]
    left, right = line.split("│")
    assert FLOOD[1][:20] in left
    assert FLOOD[1][:20] in right
    assert left.startswith("  \u200e")
    assert left.endswith("\u200e")
    assert right.startswith("\u200e")
    assert "│" not in printed(similarity(bare(FLOOD), EDITED), terminal=True, width=80)


def test_words_that_differ_are_coloured_or_marked_where_there_is_no_colour() -> None:
    told = similarity(bare(FLOOD), EDITED)
    coloured = printed(told, terminal=True, color_system="standard")
    assert "\x1b[1;31mاجتاحت\x1b[0m" in coloured
    assert "\x1b[1;32mضربت\x1b[0m" in coloured
    for out in (printed(told, terminal=True), printed(told, terminal=False)):
        assert "[-اجتاحت-]" in out
        assert "{+ضربت+}" in out


def test_in_a_pipe_a_passage_is_a_line_and_what_is_the_same_stands_once() -> None:
    lines = printed(similarity(bare(FLOOD), EDITED), terminal=False).splitlines()
    assert f"  both     {FLOOD[1]}" in lines
    assert f"    0%  {HARBOUR[0]}" in lines
    assert "Only in the earlier one: 4, each with how much of it the other has" in lines


def test_names_places_and_numbers_are_told_apart() -> None:
    things = found().things
    assert "Izra" in things["places"].both
    assert things["events"].both == ("air_strike@Izra",)
    other = similarity(article("قتل 3 في غارة على حلب."), article("قتل 5 في غارة على حلب وحمص.", source="x"))
    assert (other.things["numbers"].only_earlier, other.things["numbers"].only_later) == (("3",), ("5",))
    assert other.things["places"].only_later == ("Homs",)


def test_articles_without_anything_in_common_say_so() -> None:
    out = printed(similarity(bare(FLOOD), flood(*HARBOUR)), terminal=True)
    assert out.startswith("neither a copy nor one story: they share neither a passage")
    assert "No passage of the later one stands in the earlier one" in out


def test_every_figure_is_told_and_its_worths_add_up() -> None:
    told = found()
    assert {one.name for one in told.figures} == set(Comparison._fields)
    for name, judgement in (("copy", judgements().copy), ("story", judgements().story)):
        total = judgement.bias + sum(getattr(one, name).nats for one in told.figures)
        assert total == pytest.approx(getattr(told.verdict, name))
    weights = [one.weight for one in told.figures]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0


def test_json_has_all_of_it() -> None:
    value = orjson.loads(orjson.dumps(as_json(similarity(bare(FLOOD, title="سيول"), EDITED))))
    assert value["relation"] in RELATIONS
    assert set(value["copy"]) == {"log_odds", "probability", "least"}
    assert (value["earlier"]["id"], value["later"]["id"], value["earlier"]["title"]) == ("a-1", "b", "سيول")
    first = value["shared"][0]
    assert first["later"]["text"] == EDITED.text[first["later"]["start"] : first["later"]["end"]]
    assert [EDITED.text[slice(*span)] for span in first["later"]["differs"]] == ["ضربت"]
    assert [one["text"] for one in value["only_later"]] == [HARBOUR[0]]
    assert len(value["figures"]) == 18


@pytest.mark.parametrize("text", ["\x1b[2J\x9b31m", "[red]x[/]", "\u202e\u2066", ":smile:", "[/"])
def test_nothing_in_an_article_acts_on_the_terminal(text: str) -> None:
    hostile = flood(FLOOD[0] + text, HARBOUR[0] + text, title=text, id=text)
    for width in (80, 140):
        out = CODES.sub("", printed(similarity(bare(FLOOD), hostile), terminal=True, width=width))
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (59, "59 min"), (-61, "1 h 1 min"), (1440, "1 d 0 h"), (3 * 1440 + 125, "3 d 2 h")]
)  # fmt: skip
def test_a_length_of_time_is_said_as_people_say_it(minutes: int, words: str) -> None:
    assert apart(minutes) == words


@given(st.floats(-1000, 1000))
def test_odds_are_a_probability_however_sure(odds: float) -> None:
    assert 0 <= probability(odds) <= 1
    assert probability(odds) + probability(-odds) == pytest.approx(1)
