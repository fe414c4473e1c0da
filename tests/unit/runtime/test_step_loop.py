"""The step loop without a broker: what becomes of a batch when something in it goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import ResponseError

from services.runtime.deadletters import Origin, OutputTooLarge
from services.runtime.step import CARRIED_AT_ONCE_BYTES, Incoming, Outgoing
from services.runtime.topics import DEADLETTERS, MAX_MESSAGE_BYTES
from tests.unit.runtime.step_bench import Bench, Ended, batch


async def test_every_record_comes_out_and_no_mark_stays() -> None:
    bench = Bench()
    await bench.loop.step(batch(b"a", b"b", b"c"))
    assert bench.values("out") == [b"A", b"B", b"C"]
    assert bench.flight.marks == {}


async def test_a_record_that_raises_is_set_aside_with_its_bytes_and_the_others_go_on() -> None:
    def prepare(value: bytes) -> bytes:
        if value == b"bad":
            raise ValueError("cannot be read")
        return value

    bench = Bench(prepare=prepare)
    await bench.loop.step(batch(b"a", b"bad", b"c", start=5))
    assert bench.values("out") == [b"a", b"c"]
    (dead,) = [one for one in bench.sent if one.topic == DEADLETTERS]
    headers = dict(dead.headers)
    assert (dead.key, dead.value) == (b"key", b"bad")
    assert headers["rasid-error-class"] == b"ValueError"
    assert headers["rasid-error"] == b"cannot be read"
    assert (headers["rasid-topic"], headers["rasid-partition"], headers["rasid-offset"]) == (b"in", b"0", b"6")
    assert headers["schema"] == b"x/1"
    assert b"prepare" in headers["rasid-traceback"]


async def test_redis_away_is_waited_for() -> None:
    calls = 0

    async def together(values: Sequence[bytes]) -> Sequence[bytes]:
        nonlocal calls
        calls += 1
        if calls < 3:
            raise RedisAway("away")
        return [value + b"!" for value in values]

    bench = Bench(together=together)
    await bench.loop.step(batch(b"a", b"b"))
    assert bench.values("out") == [b"A!", b"B!"]
    assert calls == 3


async def test_redis_away_for_too_long_ends_the_process_and_acknowledges_nothing() -> None:
    async def together(values: Sequence[bytes]) -> Sequence[bytes]:
        raise RedisAway("away")

    bench = Bench(together=together)
    bench.loop._retry_seconds = 0.05
    with pytest.raises(Ended):
        await bench.loop.step(batch(b"a"))
    assert bench.sent == []


async def test_the_one_record_that_the_state_refuses_is_set_aside() -> None:
    async def together(values: Sequence[bytes]) -> Sequence[bytes]:
        if b"B" in values:
            raise TypeError("refused")
        return list(values)

    bench = Bench(together=together)
    await bench.loop.step(batch(b"a", b"b", b"c"))
    assert bench.values("out") == [b"A", b"C"]
    assert bench.values(DEADLETTERS) == [b"b"]


async def test_a_send_without_acknowledgement_is_repeated() -> None:
    bench = Bench()
    bench.send_failures = 2
    await bench.loop.step(batch(b"a"))
    assert bench.values("out") == [b"A"]


async def test_an_output_that_no_topic_takes_becomes_a_dead_letter() -> None:
    bench = Bench(finish=lambda _read, value, _found: [Outgoing("out", b"k", b"x" * MAX_MESSAGE_BYTES, [])])
    await bench.loop.step(batch(b"a"))
    (dead,) = bench.sent
    assert dict(dead.headers)["rasid-kind"] == b"too_large"
    assert dead.value == b"a"


async def test_a_dead_letter_that_no_topic_takes_is_cut_and_says_so() -> None:
    def decode(value: bytes) -> bytes:
        raise ValueError("no")

    bench = Bench(decode=decode)
    await bench.loop.step(batch(b"x" * MAX_MESSAGE_BYTES))
    (dead,) = bench.sent
    headers = dict(dead.headers)
    assert headers["rasid-original-bytes"] == str(MAX_MESSAGE_BYTES).encode()
    assert len(headers["rasid-original-sha256"]) == 64
    assert dead.value is not None
    assert 0 < len(dead.value) < 1 << 20


@pytest.mark.parametrize("killers", [1, 2, 3])
async def test_records_that_end_their_process_every_time_are_set_aside_and_their_neighbours_are_not(
    killers: int,
) -> None:
    def prepare(value: bytes) -> bytes:
        if value.startswith(b"killer"):
            raise Ended
        return value

    bench = Bench(prepare=prepare)
    records = batch(b"a", *(b"killer-%d" % number for number in range(killers)), b"c")
    lives = 0
    while bench.flight.marks or not bench.sent:
        lives += 1
        assert lives < 20, "the records block their partition for ever"
        bench.sent.clear()
        bench.new_process()
        try:
            await bench.loop.step(records)
        except Ended:
            continue
    assert lives == 1 + 1 + 2 * killers  # the batch once, each killer twice alone, and the life in which all went well
    assert bench.values(DEADLETTERS) == [b"killer-%d" % number for number in range(killers)]
    assert bench.values("out") == [b"a", b"c"]
    kinds = {dict(one.headers)["rasid-kind"] for one in bench.sent if one.topic == DEADLETTERS}
    assert kinds == {b"poison"}


@pytest.mark.parametrize(
    "record",
    [
        Incoming(Origin("in", 0, 0), None, None),
        Incoming(Origin("in", 0, 0), b"k", b"v", [("traceparent", None), ("schema", None)]),
        Incoming(Origin("in", 0, 0), b"k" * 70_000, b"v" * (MAX_MESSAGE_BYTES - 66_000)),
        Incoming(Origin("in", 0, 0), b"k", b"v", [("h", b"x" * 2_000_000)] * 3),
        Incoming(Origin("in", 0, 0), b"\xff\xfe", b"v", [("rasid-topic", b"a lie")]),
    ],
    ids=["no key and no value", "null headers", "a huge key and value", "huge headers", "a forged origin"],
)
async def test_whatever_a_record_is_made_of_it_can_be_set_aside(record: Incoming) -> None:
    def decode(value: bytes) -> bytes:
        raise ValueError("no")

    bench = Bench(decode=decode)
    await bench.loop.step([record])
    (dead,) = bench.sent
    assert dead.key is not None or dead.value is not None
    size = len(dead.key or b"") + len(dead.value or b"") + sum(len(name) + len(raw) for name, raw in dead.headers)
    assert size < MAX_MESSAGE_BYTES
    assert [raw for name, raw in dead.headers if name == "rasid-topic"] == [b"in"]


async def test_an_outage_is_not_held_against_the_record_that_waits() -> None:
    bench = Bench()
    bench.loop._retry_seconds = 0.05
    for _ in range(6):  # the output's topic is away, longer than a process waits
        bench.send_failures = 1_000
        with pytest.raises(Ended):
            await bench.loop.step(batch(b"a", b"b"))
        bench.new_process()._retry_seconds = 0.05
    bench.send_failures = 0
    await bench.loop.step(batch(b"a", b"b"))
    assert bench.values("out") == [b"A", b"B"]
    assert bench.values(DEADLETTERS) == []


@pytest.mark.parametrize("answer", ["BUSY Redis is busy", "MISCONF disk full", "NOREPLICAS not enough", "LOADING"])
async def test_a_redis_that_cannot_just_now_is_waited_for(answer: str) -> None:
    calls = 0

    async def together(values: Sequence[bytes]) -> Sequence[bytes]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ResponseError(answer)
        return list(values)

    bench = Bench(together=together)
    await bench.loop.step(batch(b"a"))
    assert bench.values("out") == [b"A"]


async def test_a_record_that_redis_will_never_take_is_set_aside() -> None:
    async def together(values: Sequence[bytes]) -> Sequence[bytes]:
        raise ResponseError("ERR value is not an integer")

    bench = Bench(together=together)
    await bench.loop.step(batch(b"a"))
    assert bench.values(DEADLETTERS) == [b"a"]


async def test_an_output_that_the_broker_refuses_as_too_large_is_set_aside_and_its_neighbours_are_not() -> None:
    bench = Bench()
    limit = 200_000

    async def send(outgoing: Sequence[Outgoing]) -> None:
        if any(len(one.value or b"") > limit for one in outgoing):
            raise OutputTooLarge("refused")
        bench.sent.extend(outgoing)

    bench.loop._send = send
    await bench.loop.step(batch(b"a", b"x" * 300_000, b"c"))
    assert {b"A", b"C"} <= set(bench.values("out"))
    (dead,) = [one for one in bench.sent if one.topic == DEADLETTERS]
    assert dict(dead.headers)["rasid-kind"] == b"too_large"


async def test_a_batch_of_large_records_goes_in_parts() -> None:
    sizes: list[int] = []

    async def together(values: Sequence[bytes]) -> Sequence[bytes]:
        sizes.append(sum(map(len, values)))
        return [b"ok" for _ in values]

    bench = Bench(together=together)
    await bench.loop.step(batch(*(b"x" * 1_000_000 for _ in range(10))))
    assert max(sizes) <= CARRIED_AT_ONCE_BYTES
    assert sum(sizes) == 10_000_000


async def test_a_cancellation_waits_until_the_step_is_through() -> None:
    started, finish = asyncio.Event(), asyncio.Event()

    async def together(values: Sequence[bytes]) -> Sequence[bytes]:
        started.set()
        await finish.wait()
        return list(values)

    bench = Bench(together=together)
    task = asyncio.create_task(bench.loop.step(batch(b"a")))
    await started.wait()
    task.cancel()
    await asyncio.sleep(0.05)
    assert not task.done()
    finish.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.values("out") == [b"A"]


async def test_the_same_record_makes_the_same_dead_letter() -> None:
    def prepare(value: bytes) -> bytes:
        raise ValueError("no")

    first, second = Bench(prepare=prepare), Bench(prepare=prepare)
    await first.loop.step(batch(b"a"))
    await second.loop.step(batch(b"a"))
    assert first.sent == second.sent
