"""The commands that need Kafka and Redis, on the embedded stack."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from schemas.articles_raw import RawArticle
from services.runtime.deadletters import Origin, dead_letter
from services.runtime.embedded import Stack
from services.runtime.topics import DEADLETTERS, RAW, TOPICS
from services.runtime.wire import decode, encode
from tests.integration.cli import begun, rasid, rasid_process
from tests.support.articles import articles

pytestmark = pytest.mark.integration

TEXT = "أعلنت بلدية المدينة افتتاح جسر جديد فوق النهر بعد عامين من العمل."
NOWHERE = {"RASID_KAFKA": "127.0.0.1:1", "RASID_REDIS": "redis://:open-sesame@127.0.0.1:1/0"}


@pytest.fixture(scope="module")
def stack() -> Iterator[dict[str, str]]:
    """The environment of a stack with its topics."""
    with Stack() as running:
        env = running.environment()
        assert rasid("topics", "create", **env).status == 0
        yield env


@pytest.fixture
def fresh() -> Iterator[dict[str, str]]:
    """The environment of a stack of the test's own, without topics."""
    with Stack() as running:
        yield running.environment()


def published(env: dict[str, str]) -> list[RawArticle]:
    ended = rasid("tail", RAW, "--no-follow", "--json", **env)
    assert ended.status == 0, ended.err
    return [decode(RawArticle, line.encode()) for line in ended.out.splitlines()]


def test_topics_are_created_once_and_described(fresh: dict[str, str]) -> None:
    missing = rasid("topics", "describe", **fresh)
    assert missing.status == 1
    assert "8 topics are missing: run rasid topics create" in missing.err
    assert "created articles.raw" in rasid("topics", "create", "--partitions", "2", **fresh).out
    assert "already there: articles.raw" in rasid("topics", "create", **fresh).out
    described = rasid("topics", "describe", **fresh)
    assert described.status == 0
    assert all(plan.name in described.out for plan in TOPICS)
    assert [line.split()[0] for line in described.out.splitlines() if "latest by key" in line] == ["stories"]


def test_publishing_needs_the_topic(fresh: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    ended = rasid("publish", tmp_path, **fresh)
    assert ended.status == 2
    assert ended.err == "rasid: the topic articles.raw is not there yet: run rasid topics create\n"


def test_what_is_published_stands_on_the_topic(stack: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"".join(encode(article) + b"\n" for article in articles(300, seed=5)))
    (tmp_path / "b.txt").write_text(TEXT, "utf-8")
    ended = rasid("publish", tmp_path, "--source", "desk", "--published-at", "2026-03-01", **stack)
    assert (ended.status, ended.out) == (0, "301 published to articles.raw, 0 rejected\n")
    found = {article.record_id: article for article in published(stack)}
    assert {article.record_id for article in articles(300, seed=5)} <= set(found)
    (own,) = [article for article in found.values() if article.text == TEXT]
    assert (own.source, str(own.published_at)) == ("desk", "2026-03-01 00:00:00+00:00")


def test_a_pipe_is_published_and_what_is_rejected_is_told(stack: dict[str, str]) -> None:
    lines = [orjson.dumps({"id": "pipe-1", "text": TEXT}), b"{broken", orjson.dumps({"text": "only English"})]
    ended = rasid_process("publish", "-", "--source", "pipe", stdin=b"\n".join(lines), **stack)
    assert (ended.status, ended.out) == (1, "1 published to articles.raw, 2 rejected\n")
    assert "stdin:2" in ended.err
    assert "not_arabic" in ended.err
    assert "pipe-1" in {article.id for article in published(stack)}


def test_the_rate_bounds_but_loses_nothing(stack: dict[str, str]) -> None:
    lines = [orjson.dumps({"id": f"rate-{number}", "text": f"{TEXT} {number}"}) for number in range(30)]
    ended = rasid_process("publish", "-", "--rate", "200", stdin=b"\n".join(lines), **stack)
    assert (ended.status, ended.out) == (0, "30 published to articles.raw, 0 rejected\n")
    assert {f"rate-{number}" for number in range(30)} <= {article.id for article in published(stack)}


def test_ctrl_c_ends_publishing_from_a_pipe_that_stays_open(stack: dict[str, str]) -> None:
    process = begun("publish", "-", stdin=subprocess.PIPE, **stack)
    assert process.stdin is not None
    process.stdin.write(orjson.dumps({"id": "open-pipe", "text": TEXT}) + b"\n")
    process.stdin.flush()
    while "open-pipe" not in {article.id for article in published(stack)}:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"1 published to articles.raw, 0 rejected\n", b"")


def test_a_table_for_people_has_a_line_an_article(stack: dict[str, str]) -> None:
    hostile = {"id": "x", "title": "\x1b[2Jعنوان [red]\u202e", "text": TEXT, "source": "hostile"}
    rasid_process("publish", "-", stdin=orjson.dumps(hostile), **stack)
    ended = rasid("tail", RAW, "--no-follow", **stack)
    lines = ended.out.splitlines()
    assert lines[0].split() == ["published", "source", "characters", "headline"]
    assert len(lines) == 1 + len(published(stack))
    (line,) = [line for line in lines if "hostile" in line]
    assert "␛[2Jعنوان [red]\ufffd" in line
    assert "\x1b" not in ended.out


def test_tail_ends_at_its_limit_and_at_ctrl_c(stack: dict[str, str]) -> None:
    ended = rasid("tail", RAW, "-b", "-n", "3", "--json", **stack)
    assert ended.status == 0
    assert len(ended.out.splitlines()) == 3
    process = begun("tail", RAW, "-b", "--json", **stack)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_a_reader_that_has_enough_ends_tail_quietly(stack: dict[str, str]) -> None:
    process = begun("tail", RAW, "-b", "--json", **stack)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    rasid_process("publish", "-", stdin=orjson.dumps({"text": TEXT + " نص"}), **stack)
    assert process.wait(timeout=30) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


def test_a_misspelt_topic_is_told_with_the_meant_one(stack: dict[str, str]) -> None:
    ended = rasid("tail", "articles.row", **stack)
    assert (ended.status, ended.err) == (2, "rasid: there is no topic articles.row: did you mean articles.raw?\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("publish", "seeds"),
        ("tail", RAW),
        ("topics", "create"),
        ("topics", "describe"),
        ("deadletters", "list"),
        ("deadletters", "show", "0:1"),
        ("deadletters", "redrive", "--all"),
    ],
    ids=" ".join,
)
def test_without_kafka_a_command_says_so_in_one_sentence(arguments: tuple[str, ...]) -> None:
    ended = rasid(*arguments, **NOWHERE)
    assert ended.status == 3
    assert ended.err.startswith("rasid: Kafka at 127.0.0.1:1 is out of reach")
    assert len(ended.err.splitlines()) == 1


def test_the_doctor_finds_nothing_wrong_and_without_a_stack_everything(stack: dict[str, str], tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules:\n  - name: bridges\n    when: {words: [جسر]}\n", "utf-8")
    fine = rasid("doctor", **stack, RASID_RULES=str(rules))
    assert (fine.status, fine.err) == (0, ""), fine.out
    assert "nothing is wrong" in fine.out
    away = rasid("doctor", **NOWHERE, RASID_RULES=str(rules))
    assert away.status == 3
    assert "2 wrong: Kafka, Redis" in away.out
    assert "open-sesame" not in away.out + away.err


def test_wrong_settings_are_told_by_name_without_their_value() -> None:
    ended = rasid("doctor", RASID_PARTITIONS="open-sesame", RASID_LOG_LEVEL="LOUD")
    assert ended.status == 2
    assert "RASID_PARTITIONS is wrong" in ended.err
    assert "RASID_LOG_LEVEL is wrong" in ended.err
    assert "open-sesame" not in ended.err


async def put_aside(env: dict[str, str], value: bytes, offset: int, error: Exception, topic: str = RAW) -> None:
    """A dead letter as the step loop makes it."""
    headers: list[tuple[str, bytes]] = [("schema", b"rasid.articles.raw/1")]
    letter = dead_letter("normalization", Origin(topic, 1, offset), b"W-9", value, headers, error)
    producer = AIOKafkaProducer(bootstrap_servers=env["RASID_KAFKA"])
    await producer.start()
    try:
        await producer.send_and_wait(DEADLETTERS, letter.value, key=letter.key, headers=letter.headers, partition=0)
    finally:
        await producer.stop()


async def on_topic(env: dict[str, str], topic: str) -> list[Any]:
    """What stands on a topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=env["RASID_KAFKA"], auto_offset_reset="earliest")
    await consumer.start()
    found: list[Any] = []
    try:
        while batches := await consumer.getmany(timeout_ms=3000):
            found += [record for batch in batches.values() for record in batch]
    finally:
        await consumer.stop()
    return found


@pytest.fixture
def dead(fresh: dict[str, str]) -> dict[str, str]:
    """A stack with three dead letters: two of one record, one of a topic that is not ours."""
    assert rasid("topics", "create", **fresh).status == 0
    value = b'{"id": "W-9", "text": "\xff'
    asyncio.run(put_aside(fresh, value, 41, LookupError("\x1b[2Jplace")))
    asyncio.run(put_aside(fresh, value, 41, LookupError("\x1b[2Jplace")))
    asyncio.run(put_aside(fresh, b"x", 5, ValueError("other"), topic="not.ours"))
    return fresh


def test_dead_letters_are_listed_and_shown(dead: dict[str, str]) -> None:
    listed = rasid("deadletters", "list", "--json", **dead)
    found = [orjson.loads(line) for line in listed.out.splitlines()]
    assert [(one["id"], one["error-class"], one["offset"]) for one in found] == [
        ("0:0", "LookupError", "41"),
        ("0:1", "LookupError", "41"),
        ("0:2", "ValueError", "5"),
    ]
    assert "2 dead letters" in rasid("deadletters", "list", "--error", "LookupError", **dead).out
    shown = rasid("deadletters", "show", "0:0", **dead)
    assert "articles.raw 1:41" in shown.out
    assert "␛[2Jplace" in shown.out
    assert "\x1b" not in shown.out
    assert "W-9" in shown.out
    assert rasid("deadletters", "show", "0:9", **dead).status == 2
    assert rasid("deadletters", "show", "nine", **dead).status == 2


def test_a_dead_letter_is_sent_back_once_with_its_bytes_key_and_headers(dead: dict[str, str]) -> None:
    planned = rasid("deadletters", "redrive", "--error", "LookupError", "--dry-run", **dead)
    assert planned.out == "1 would be sent, 1 were sent before, 0 cannot be sent\n"
    first = rasid("deadletters", "redrive", "--all", **dead)
    assert first.out == "1 sent, 1 were sent before, 1 cannot be sent\n"
    assert first.status == 1
    assert "0:2 cannot be sent" in first.err
    assert rasid("deadletters", "redrive", "0:0", **dead).out == "0 sent, 1 were sent before, 0 cannot be sent\n"
    again = rasid("deadletters", "redrive", "0:0", "--again", **dead)
    assert (again.status, again.out) == (0, "1 sent, 0 were sent before, 0 cannot be sent\n")
    sent = asyncio.run(on_topic(dead, RAW))
    assert [(one.key, one.value, one.headers) for one in sent] == [
        (b"W-9", b'{"id": "W-9", "text": "\xff', (("schema", b"rasid.articles.raw/1"),))
    ] * 2


def test_redriving_needs_a_choice_and_redis(dead: dict[str, str]) -> None:
    assert rasid("deadletters", "redrive", **dead).status == 2
    assert rasid("deadletters", "redrive", "0:0", "--all", **dead).status == 2
    away = rasid("deadletters", "redrive", "0:0", **(dead | {"RASID_REDIS": NOWHERE["RASID_REDIS"]}))
    assert away.status == 3
    assert away.err.startswith("rasid: Redis at redis://127.0.0.1:1/0 is out of reach")
    assert rasid("tail", RAW, "--no-follow", "--json", **dead).out == ""
