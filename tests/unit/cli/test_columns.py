"""Records of any topic, and of any shape, as a line for people."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from services.cli.columns import cells, columns_of
from services.cli.tail import Lines, json_line
from services.runtime import topics
from services.runtime.deadletters import Origin, dead_letter


@dataclass
class Message:
    """What aiokafka gives of a record."""

    value: bytes | None
    key: bytes | None = b"W-1"
    headers: tuple[tuple[str, bytes], ...] = ()
    topic: str = "t"
    partition: int = 0
    offset: int = 7
    timestamp: int = field(default=0)


def shown(topic: str, value: object) -> dict[str, str]:
    found = cells(topic, Message(orjson.dumps(value)))
    return {column.name: cell for column, cell in zip(columns_of(topic), found, strict=True)}


ARTICLE = {
    "id": "W-1",
    "source": "wakala",
    "title": "انفجار في السوق",
    "text": "وقع انفجار.",
    "published_at": "2026-03-01T12:34:56Z",
    "entities": [
        {"type": "LOC", "canonical": "Aleppo", "text": "حلب"},
        {"type": "PER", "canonical": "Rana Shami", "text": "رنا"},
        {"type": "LOC", "canonical": "Idlib", "text": "إدلب"},
        {"type": "LOC", "canonical": "Idlib", "text": "إدلب"},
        {"type": "LOC", "canonical": "Homs", "text": "حمص"},
    ],
    "events": [{"type": "bombing"}],
    "claims": [],
    "relation": "near_duplicate",
    "duplicate_of": "W-0",
    "normalized": {"paragraphs": [{}, {}], "dateline": {"text": "حلب"}},
}


def test_an_article_shows_who_where_and_how_it_relates() -> None:
    line = shown(topics.DEDUPLICATED, ARTICLE)
    assert line == {
        "published": "2026-03-01 12:34",
        "source": "wakala",
        "relation": "near_duplicate of W-0",
        "who": "Rana Shami",
        "where": "Idlib, Aleppo",
        "headline": "انفجار في السوق",
    }
    assert shown(topics.EXTRACTED, ARTICLE)["events"] == "1"
    assert shown(topics.NORMALIZED, ARTICLE)["paragraphs"] == "2"
    assert shown(topics.NORMALIZED, ARTICLE)["dateline"] == "حلب"
    assert shown(topics.RAW, ARTICLE | {"title": ""})["headline"] == "وقع انفجار."


def test_a_story_shows_what_changed() -> None:
    story = {
        "last_at": "2026-03-05T10:20:00Z",
        "story_id": "s-1",
        "version": 3,
        "changed": ["outlet", "toll"],
        "articles": 3,
        "outlets": [{"source": "wakala"}, {"source": "sahifa"}],
        "lead": {"title": "انفجار في السوق"},
    }
    assert shown(topics.STORIES, story) == {
        "last": "2026-03-05 10:20",
        "story": "s-1",
        "version": "3",
        "changed": "outlet, toll",
        "articles": "3",
        "outlets": "2",
        "lead": "انفجار في السوق",
    }


def test_an_alert_shows_why_and_where_it_goes() -> None:
    alert = {
        "severity": "critical",
        "rule": "explosions",
        "change": "first",
        "reasons": [{"condition": "words", "matched": "انفجار"}],
        "webhooks": ["desk"],
        "article": {"title": "انفجار في السوق"},
    }
    line = shown(topics.ALERTS, alert)
    assert (line["rule"], line["because"], line["goes to"]) == ("explosions", "انفجار", "desk")


def test_a_dead_letter_shows_where_it_came_from_and_why() -> None:
    letter = dead_letter("extraction", Origin("articles.normalized", 3, 41), b"key", b"\xff", [], KeyError("x"))
    found = cells(topics.DEADLETTERS, Message(letter.value, headers=tuple(letter.headers)))
    assert found == ["extraction", "articles.normalized 3:41", "permanent", "KeyError", "'x'"]


@pytest.mark.parametrize("value", [None, b"", b"\xff\xfe", b"[1]", b"null", b'"x"'])
def test_a_value_that_is_no_record_is_told_as_such(value: bytes | None) -> None:
    found = cells(topics.RAW, Message(value))
    assert "not a JSON object" in found[-1]
    assert len(found) == len(columns_of(topics.RAW))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "canonical", "text", "matched", "title", "dateline"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
NAMES = sorted({*ARTICLE, "severity", "rule", "reasons", "webhooks", "article", "at", "status", "outcome"})


@given(
    st.sampled_from([plan.name for plan in topics.TOPICS]), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8)
)
@settings(deadline=None, max_examples=300)
def test_records_of_any_shape_are_shown(topic: str, value: dict[str, object]) -> None:
    found = cells(topic, Message(orjson.dumps(value)))
    assert len(found) == len(columns_of(topic))
    assert not any("\n" in cell or "\x1b" in cell for cell in found)


def test_the_value_of_a_foreign_topic_is_shown_harmless() -> None:
    assert cells("other", Message(b"\x1b[2J\xff", key=b"k\x07")) == ["k␇", "␛[2J\ufffd"]


@given(st.binary(max_size=60))
@settings(deadline=None, max_examples=200)
def test_a_line_of_json_is_one_line_of_json_whatever_the_bytes(value: bytes) -> None:
    line = json_line(Message(value))
    assert "\n" not in line
    again = orjson.loads(line)
    try:
        meant = orjson.loads(value)
    except orjson.JSONDecodeError:
        assert again["not_json"] is True
    else:
        assert again == meant


ATTEMPT = {
    "at": "2026-03-01T12:34:56Z",
    "webhook": "the-desk-of-the-night",
    "outcome": "delivered",
    "attempt": 1,
    "status": 204,
    "alert_id": "6d0c1f0e-3b52-5d0a-9f5e-0c7a52a1b8de",
    "error": "the receiver " + "hesitated and " * 20 + "answered",
}


def printed(topic: str, value: object, *, terminal: bool, width: int = 80) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=width, color_system=None, highlight=False)
    Lines(topic, console).print(Message(orjson.dumps(value)))
    return file.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 200])
def test_on_a_terminal_times_names_and_ids_are_whole_and_lines_fit(width: int) -> None:
    lines = printed(topics.ALERTS_LOG, ATTEMPT, terminal=True, width=width)
    for whole in ("2026-03-01 12:34", "the-desk-of-the-night", "delivered", "204", ATTEMPT["alert_id"]):
        assert any(str(whole) in line for line in lines)
    assert all(len(line) <= width for line in lines)
    assert lines[-1].endswith("…")
    related = ARTICLE | {"duplicate_of": "wakala-2026-03-01-000000017"}
    lines = printed(topics.DEDUPLICATED, related, terminal=True, width=width)
    assert any("near_duplicate of wakala-2026-03-01-000000017" in line for line in lines)


def test_in_a_pipe_a_record_is_one_line_and_nothing_is_cut() -> None:
    heading, line = printed(topics.ALERTS_LOG, ATTEMPT, terminal=False)
    assert heading.split() == [column.name for column in columns_of(topics.ALERTS_LOG)]
    assert all(str(ATTEMPT[name]) in line for name in ATTEMPT if name != "at")
    long = "خبر " * 300 + "أخير"
    assert printed(topics.RAW, ARTICLE | {"title": long}, terminal=False)[1].endswith(long)
