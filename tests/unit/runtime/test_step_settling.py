"""The step loop without a broker: what is done once that which a batch gave is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import ResponseError

from services.runtime.deadletters import OutputTooLarge
from services.runtime.step import Outgoing, Send
from services.runtime.topics import DEADLETTERS
from tests.unit.runtime.step_bench import Bench, Ended, batch


async def exclaimed(values: Sequence[bytes]) -> Sequence[bytes]:
    return [value + b"!" for value in values]


class Settling:
    """A `settle` that notes the results that it was given and what was acknowledged by then; fails as told."""

    def __init__(self, bench: Callable[[], Bench], *failures: BaseException) -> None:
        self.bench, self.failures = bench, list(failures)
        self.calls: list[tuple[list[bytes], list[bytes | None]]] = []
        self.stranded: list[bytes] = []

    async def __call__(self, results: Sequence[bytes], stranded: Sequence[bytes], send: Send) -> None:
        self.calls.append((list(results), self.bench().values("out")))
        self.stranded = list(stranded)
        if self.failures:
            raise self.failures.pop(0)
        await send([Outgoing("newest", b"k", b" ".join(results), [])])


def settling(*failures: BaseException, **stage: Any) -> tuple[Bench, Settling]:
    settle = Settling(lambda: bench, *failures)
    bench = Bench(**{"together": exclaimed, "settle": settle} | stage)
    return bench, settle


async def test_a_batch_is_settled_once_what_it_gave_is_acknowledged() -> None:
    bench, settle = settling()
    bench.send_failures = 2
    await bench.loop.step(batch(b"a", b"b"))
    assert settle.calls == [([b"A!", b"B!"], [b"A!", b"B!"])]
    assert bench.values("newest") == [b"A! B!"]
    assert bench.flight.marks == {}


async def test_what_settling_sends_is_sent_until_it_is_acknowledged() -> None:
    async def settle(_results: Sequence[bytes], _stranded: Sequence[bytes], send: Send) -> None:
        bench.send_failures = 2
        await send([Outgoing("newest", b"k", b"last", [])])

    bench = Bench(together=exclaimed, settle=settle)
    await bench.loop.step(batch(b"a"))
    assert bench.values("newest") == [b"last"]


async def test_settling_waits_for_a_redis_that_is_away_and_publishes_nothing_twice() -> None:
    bench, settle = settling(RedisAway("away"), ResponseError("LOADING"))
    await bench.loop.step(batch(b"a"))
    assert len(settle.calls) == 3
    assert bench.values("out") == [b"A!"]
    assert bench.values("newest") == [b"A!"]


@pytest.mark.parametrize("failure", [RedisAway("away"), ValueError("a fault of ours")], ids=["transport", "fault"])
async def test_a_batch_that_cannot_be_settled_ends_the_process_and_is_not_acknowledged(failure: Exception) -> None:
    bench, _ = settling(*[failure] * 1000)
    bench.loop._retry_seconds = 0.05
    with pytest.raises(Ended):
        await bench.loop.step(batch(b"a", b"b", start=7))
    assert bench.loop.progress.next_offsets == {}
    assert len(bench.flight.marks) == 2
    assert bench.values(DEADLETTERS) == []


async def test_a_batch_whose_settling_failed_is_settled_when_it_comes_again() -> None:
    bench, settle = settling(ValueError("a fault of ours"))
    with pytest.raises(Ended):
        await bench.loop.step(batch(b"a", b"b"))
    bench.new_process()
    await bench.loop.step(batch(b"a", b"b"))
    assert [results for results, _ in settle.calls[1:]] == [[b"A!"], [b"B!"]]  # in flight when a process ended: alone
    assert bench.flight.marks == {}
    assert bench.values("newest") == [b"A!", b"B!"]


async def test_records_that_were_set_aside_are_settled_apart() -> None:
    """What `together` did for them stands: somebody may have to be told."""

    def finish(_read: bytes, value: bytes, found: bytes) -> list[Outgoing]:
        if value == b"BAD":
            raise ValueError("no")
        return [Outgoing("out", b"k", found, [])]

    bench, settle = settling(finish=finish)
    await bench.loop.step(batch(b"a", b"bad", b"c"))
    assert [results for results, _ in settle.calls] == [[b"A!", b"C!"]]
    assert settle.stranded == [b"BAD!"]
    assert bench.values(DEADLETTERS) == [b"bad"]


async def test_records_whose_outputs_the_broker_refuses_are_settled_apart() -> None:
    bench, settle = settling()
    send = bench.send

    async def picky(outgoing: Sequence[Outgoing]) -> None:
        if any(one.topic == "out" and one.value == b"B!" for one in outgoing):
            raise OutputTooLarge("the broker takes no message of that size")
        await send(outgoing)

    bench.loop._send = picky
    await bench.loop.step(batch(b"a", b"b"))
    assert [results for results, _ in settle.calls] == [[b"A!"]]
    assert settle.stranded == [b"B!"]
    assert bench.values(DEADLETTERS) == [b"b"]


async def test_a_batch_that_came_to_nothing_before_its_state_was_asked_is_not_settled() -> None:
    def prepare(_value: bytes) -> bytes:
        raise ValueError("no")

    bench, settle = settling(prepare=prepare)
    await bench.loop.step(batch(b"a"))
    assert settle.calls == []


async def test_a_batch_that_goes_in_parts_is_settled_part_by_part() -> None:
    bench, settle = settling()
    await bench.loop.step(batch(*(b"%d" % number + b"x" * 1_000_000 for number in range(6))))
    assert sum(len(results) for results, _ in settle.calls) == 6
    assert len(settle.calls) > 1
    acknowledged = [len(out) for _, out in settle.calls]
    assert acknowledged == [4, 6]


async def test_a_cancellation_waits_until_the_batch_is_settled() -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def settle(_results: Sequence[bytes], _stranded: Sequence[bytes], send: Send) -> None:
        started.set()
        await go_on.wait()
        await send([Outgoing("newest", b"k", b"last", [])])

    bench = Bench(together=exclaimed, settle=settle)
    task = asyncio.create_task(bench.loop.step(batch(b"a")))
    await started.wait()
    task.cancel()
    await asyncio.sleep(0.05)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.values("newest") == [b"last"]
