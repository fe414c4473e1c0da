"""`rasid stories`: what stands on the topic, and how it changes, on the embedded stack."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from schemas.stories import Story
from services.runtime.embedded import Stack
from services.runtime.topics import STORIES
from services.runtime.wire import decode, encode
from tests.integration.cli import begun, rasid, rasid_process
from tests.unit.cli.told_stories import ABSORBED, states, story
from tests.unit.deduplication.stories import STORY

pytestmark = pytest.mark.integration

QUIET = "3f1d2b00-0000-5000-8000-000000000000"


def put(env: dict[str, str], told: Sequence[Story | bytes]) -> None:
    """States on the topic, in this order of each story; bytes as they are."""

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=env["RASID_KAFKA"]) as client:
            for one in told:
                value, key = (one, STORY.encode()) if isinstance(one, bytes) else (encode(one), one.story_id.encode())
                await client.send_and_wait(STORIES, value, key=key)

    asyncio.run(send())


@pytest.fixture(scope="module")
def stack() -> Iterator[dict[str, str]]:
    """The environment of a stack that has told three stories, two of which proved to be one."""
    with Stack() as running:
        env = running.environment()
        assert rasid("topics", "create", **env).status == 0
        opened, contested, apart, merged, absorbed = states()
        quiet = story(
            story_id=QUIET, last_at="2026-03-01T00:00:00Z", lead=opened.lead.model_copy(update={"title": "خبر هادئ"})
        )
        put(env, [b"{broken", opened, apart, quiet, merged, contested, absorbed])  # one of them late
        yield env  # fmt: skip


def listed(env: dict[str, str], *options: str) -> list[Story]:
    ended = rasid("stories", "list", "--json", *options, **env)
    assert ended.status == 0, ended.err
    return [decode(Story, line.encode()) for line in ended.out.splitlines()]


def test_the_list_has_the_last_state_of_each_story_newest_first(stack: dict[str, str]) -> None:
    assert [(one.story_id, one.version) for one in listed(stack)] == [(STORY, 3), (QUIET, 1)]
    ended = rasid("stories", "list", **stack)
    heading, first, second, count = ended.out.splitlines()
    assert heading.split() == [
        "last", "story", "outlets", "articles", "killed", "wounded", "contested", "places", "lead",
    ]  # fmt: skip
    assert first.split()[:3] == ["2026-03-14", "15:00", STORY[:8]]
    assert "toll +1" in first
    assert second.endswith("خبر هادئ")
    assert count == "2 stories; rasid stories show ID tells all of one"
    assert ended.err == "rasid: passed over: 1 records of stories that are no stories\n"


def test_the_list_can_be_narrowed(stack: dict[str, str]) -> None:
    assert [one.story_id for one in listed(stack, "--contested")] == [STORY]
    assert [one.story_id for one in listed(stack, "--outlets", "3")] == [STORY]
    assert [one.story_id for one in listed(stack, "--since", "2026-03-10")] == [STORY]
    assert listed(stack, "--since", "24h") == []
    assert len(listed(stack, "--place", "SY", "--entity", "hayek")) == 2
    assert listed(stack, "--place", "درعا") == []
    assert {one.story_id for one in listed(stack, "--merged")} == {STORY, QUIET, ABSORBED}
    assert len(listed(stack, "--limit", "1")) == 1
    assert "1 of 2 stories: --limit shows more" in rasid("stories", "list", "-n", "1", **stack).out
    assert rasid("stories", "list", "--entity", "nobody", **stack).out == "no stories\n"


def test_a_story_is_shown_by_the_beginning_of_its_id(stack: dict[str, str]) -> None:
    ended = rasid("stories", "show", STORY[:8].upper(), **stack)
    assert ended.status == 0, ended.err
    assert ended.out.startswith("غارة على عين الرمان\n")
    assert "Contested: 2" in ended.out
    again = rasid("stories", "show", STORY, "--json", **stack)
    assert decode(Story, again.out.encode()).version == 3


def test_a_merged_story_shows_where_it_went(stack: dict[str, str]) -> None:
    ended = rasid("stories", "show", ABSORBED[:6], "--json", **stack)
    assert orjson.loads(ended.out)["story_id"] == STORY
    assert f"the story {ABSORBED} went into {STORY}" in ended.err


def test_an_id_that_tells_no_story_or_several_is_refused(stack: dict[str, str]) -> None:
    several = rasid("stories", "show", "3f1d", **stack)
    assert several.status == 2
    assert f"2 stories begin with 3f1d: {QUIET[:8]}, {STORY[:8]}" in several.err
    nothing = rasid("stories", "show", "77", **stack)
    assert (nothing.status, "there is no story 77" in nothing.err) == (2, True)
    wrong = rasid("stories", "show", "the-flood", **stack)
    assert (wrong.status, "digits, a to f and dashes" in wrong.err) == (2, True)


def test_changes_are_shown_from_the_start_once_each(stack: dict[str, str]) -> None:
    ended = rasid_process("stories", "watch", "--from-start", "-n", "6", "--json", **stack)
    assert ended.status == 0, ended.err
    found = [decode(Story, line.encode()) for line in ended.out.splitlines()]
    of_one = [(one.version, one.changed[0]) for one in found if one.story_id == STORY]
    assert of_one == [(1, "opened"), (3, "merged"), (2, "outlet")]
    assert "no story" in ended.err
    blocks = rasid_process("stories", "watch", "--from-start", "--contested", "-n", "1", **stack).out
    assert "merged       it has taken in 5f1d2b7e" in blocks


def test_watching_begins_now_and_ends_at_ctrl_c(stack: dict[str, str]) -> None:
    process = begun("stories", "watch", "--place", "SY", **stack)
    assert process.stdout is not None
    told = story(story_id="77aa0000-0000-5000-8000-000000000000")
    version = 1
    first = b""
    until = time.monotonic() + 60
    while not first and time.monotonic() < until:
        put(stack, [told.model_copy(update={"version": version})] * 2)  # a state may come twice
        version += 1
        first = _read_within(process, 2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    lines = (first + out).decode().splitlines()
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert "77aa0000  1 outlet, 1 article · killed 3" in lines[0]
    assert lines[2] == "  new story    by وكالة الأفق, air strike in Ain al-Rumman"
    assert len(lines) % 3 == 0
    assert len(lines) // 3 < version


def _read_within(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    return os.read(process.stdout.fileno(), 1 << 16) if ready else b""


def test_wrong_usage_and_kafka_out_of_reach_are_told_in_a_sentence() -> None:
    for command in (("list",), ("show", "3f"), ("watch",)):
        away = rasid("stories", *command, RASID_KAFKA="127.0.0.1:1")
        assert away.status == 3
        assert "out of reach" in away.err
        assert len(away.err.splitlines()) == 1
    for options in (("--since", "soon"), ("--place", " "), ("--entity", ""), ("--outlets", "0")):
        assert rasid("stories", "list", *options, RASID_KAFKA="127.0.0.1:1").status == 2


def test_a_missing_topic_says_how_it_is_made() -> None:
    with Stack() as running:
        for command in (("list",), ("show", "3f"), ("watch",)):
            ended = rasid("stories", *command, **running.environment())
            assert ended.status == 2
            assert ended.err == "rasid: the topic stories is not there yet: run rasid topics create\n"


@pytest.mark.parametrize("command", ["list", "show", "watch"])
def test_help_has_examples(command: str) -> None:
    ended = rasid("stories", command, "--help")
    assert ended.status == 0
    assert f"rasid stories {command} " in ended.out
