"""The step loop: how a service takes records and loses none.

For each batch, in this order:
 1. The batch's offsets are marked in Redis as in flight. Those already marked were so when a process ended (or lost
    its partition): they go alone, and a record that ends or hangs three processes is set aside.
 2. Each record is decoded and prepared. An error here is the record's own (*permanent*): it becomes a dead letter.
 3. The prepared records go together through the stage's one call of state (Redis). An error of transport is retried
    with bounded back-off; any other error is looked for record by record and becomes a dead letter.
 4. Outputs and dead letters are sent, and every broker acknowledgement is awaited.
 5. The marks are removed, and the loop asks for the next batch: that is what acknowledges this one.
A process that cannot do its step ends itself (`os._exit(70)`): nothing was committed, the batch is redelivered.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_delay, wait_random_exponential

from services.runtime import telemetry
from services.runtime.deadletters import MAX_LETTER_BYTES, Origin, OutputTooLarge, PoisonRecord, dead_letter
from services.runtime.flight import FlightLedger
from services.runtime.state import REDIS_ERRORS, is_transport
from services.runtime.topics import DEADLETTERS, MAX_MESSAGE_BYTES
from services.runtime.wire import Headers, header

ReadT = TypeVar("ReadT")
PreparedT = TypeVar("PreparedT")
FoundT = TypeVar("FoundT")

EXIT_CANNOT_GO_ON = 70  # EX_SOFTWARE; the supervisor restarts the process
TRIES_ALONE = 2  # with the try in its batch, a record ends three processes before it is set aside
PREPARED_AT_ONCE = 8  # between these the event loop runs: heartbeats, health, deliveries
CARRIED_AT_ONCE_BYTES = 4 << 20  # of input: a batch of the largest articles must not take a gigabyte
SMALL_LETTER_BYTES = 32 * 1024  # where even a dead letter is more than its topic takes
MAX_VALUE_BYTES = MAX_MESSAGE_BYTES - 64 * 1024  # room for key and headers


class SendError(OSError):
    """The broker did not acknowledge in time; worth trying again."""


@dataclass(frozen=True)
class Incoming:
    """A record as it stood on its topic; `timestamp` in seconds since 1970, as the broker has it."""

    origin: Origin
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]] = ()
    timestamp: float = 0.0


@dataclass(frozen=True)
class Outgoing:
    """A record to be sent."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


Send = Callable[[Sequence[Outgoing]], Awaitable[None]]
"""Sends all and returns when the brokers have acknowledged all; raises SendError, or OutputTooLarge."""


@dataclass(frozen=True)
class Stage(Generic[ReadT, PreparedT, FoundT]):
    """What a service does with a record: pure before and after, one call of state for the batch between.

    `decode`, `prepare` and `finish` are pure; whatever they raise is the record's own fault. `together` may wait for
    Redis and gives one result a record, in order; it must be idempotent for the same record. `settle` is called when the
    brokers have acknowledged what `finish` gave, with the results of `together` for the records that came through, those
    for the records that were set aside after it, and what sends more.
    """

    service: str
    reads: str
    decode: Callable[[Incoming], ReadT]
    prepare: Callable[[ReadT], PreparedT]
    together: Callable[[Sequence[PreparedT]], Awaitable[Sequence[FoundT]]] | None
    finish: Callable[[ReadT, PreparedT, FoundT | None], Sequence[Outgoing]]
    settle: Callable[[Sequence[FoundT], Sequence[FoundT], Send], Awaitable[None]] | None = None


Done = tuple[Incoming, Sequence[Outgoing]]
Failed = tuple[Incoming, BaseException]


@dataclass(frozen=True)
class Worked(Generic[FoundT]):
    """What became of records that went together: their outputs, those that failed, what `together` found for each."""

    done: list[Done]
    failed: list[Failed]
    results: list[tuple[Origin, FoundT]]


@dataclass
class Progress:
    """What the health check asks for; times in monotonic seconds."""

    topic: str = ""
    busy_since: float | None = None
    waiting_since: float | None = None
    next_offsets: dict[tuple[str, int], int] = field(default_factory=dict)

    def acknowledge(self, batch: Sequence[Incoming]) -> None:
        """The batch is through."""
        self.busy_since = self.waiting_since = None
        for record in batch:
            self.next_offsets[record.origin.topic, record.origin.partition] = record.origin.offset + 1

    def start_over(self) -> None:
        """Partitions were taken away: others may go on with them."""
        self.next_offsets.clear()
        self.waiting_since = None


class StepLoop(Generic[ReadT, PreparedT, FoundT]):
    """Runs a stage over the batches of a stream."""

    def __init__(
        self,
        stage: Stage[ReadT, PreparedT, FoundT],
        send: Send,
        flight: FlightLedger,
        *,
        record_timeout: float,
        retry_seconds: float,
        end_process: Callable[[int], None] = os._exit,
    ) -> None:
        self.stage, self._send, self._flight = stage, send, flight
        self._record_timeout, self._retry_seconds, self._end_process = record_timeout, retry_seconds, end_process
        self.progress = Progress(stage.reads)
        self._log = telemetry.log(__name__).bind(stage=stage.reads)

    async def step(self, batch: Sequence[Incoming]) -> None:
        """Carry one batch through. Returns only when all of it may be acknowledged.

        A cancellation (shutdown, rebalance) waits until the step is through: Faust acknowledges what it cancels.
        """
        task = asyncio.ensure_future(self._step_or_end(batch))
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled

    async def _step_or_end(self, batch: Sequence[Incoming]) -> None:
        self.progress.busy_since = started = time.monotonic()
        try:
            await self._step(batch)
        except BaseException as error:
            self._log.critical("step failed, process ends", error=type(error).__name__, reason=str(error)[:500])
            sys.stderr.flush()
            self._end_process(EXIT_CANNOT_GO_ON)
            raise  # only where the test's end_process returns
        self.progress.acknowledge(batch)
        service = self.stage.service
        telemetry.STEP_SECONDS.labels(service).observe(time.monotonic() - started)
        telemetry.STEP_RECORDS.labels(service).observe(len(batch))
        telemetry.LAST_PROGRESS.labels(service).set(time.time())

    async def _step(self, batch: Sequence[Incoming]) -> None:
        places = [record.origin for record in batch]
        tries = await self._patiently("redis", partial(self._flight.begin, places))
        suspects = {place for place, count in zip(places, tries, strict=True) if count >= 0}
        if suspects:
            self._log.warning("records were in flight when a process ended: trying them alone", records=len(suspects))
        for records, alone in _groups(batch, suspects):
            if alone:
                await self._alone(records[0])
            else:
                await self._through(await self._work(records))
        await self._patiently("redis", partial(self._flight.done, places))

    async def _alone(self, record: Incoming) -> None:
        place = record.origin
        tries = await self._patiently("redis", partial(self._flight.alone, place))
        if tries > TRIES_ALONE:
            # Its count stays until the batch is through: should another suspect end the process, it is set aside again.
            error = PoisonRecord(f"the record ended or hung its process {TRIES_ALONE + 1} times")
            await self._deliver([], [(record, error)])
            return
        try:
            worked = await self._work([record])
        except REDIS_ERRORS:
            with contextlib.suppress(*REDIS_ERRORS):
                await self._flight.innocent(place)  # Redis' fault, not the record's
            raise
        await self._patiently("redis", partial(self._flight.innocent, place))
        await self._through(worked)

    async def _through(self, worked: Worked[FoundT]) -> None:
        set_aside = await self._deliver(worked.done, worked.failed)
        if (settle := self.stage.settle) is not None and worked.results:
            through = [result for place, result in worked.results if place not in set_aside]
            stranded = [result for place, result in worked.results if place in set_aside]
            await self._patiently("redis", partial(settle, through, stranded, self._send_all))

    async def _work(self, records: Sequence[Incoming]) -> Worked[FoundT]:
        """Steps 2 and 3 for records that go together."""
        failed: list[Failed] = []
        prepared: list[tuple[Incoming, ReadT, PreparedT]] = []
        for start in range(0, len(records), PREPARED_AT_ONCE):
            with self._watched():
                for record in records[start : start + PREPARED_AT_ONCE]:
                    try:
                        read = self.stage.decode(record)
                        prepared.append((record, read, self.stage.prepare(read)))
                    except Exception as error:
                        failed.append((record, error))
            await asyncio.sleep(0)
        found = await self._found(prepared, failed)
        done: list[Done] = []
        results = [(record.origin, result) for record, _, _, result in found if result is not None]
        for start in range(0, len(found), PREPARED_AT_ONCE):
            with self._watched():
                for record, read, middle, result in found[start : start + PREPARED_AT_ONCE]:
                    try:
                        done.append((record, self._within_limits(self.stage.finish(read, middle, result))))
                    except Exception as error:
                        failed.append((record, error))
        return Worked(done, failed, results)

    async def _deliver(self, done: Sequence[Done], failed: Sequence[Failed]) -> set[Origin]:
        """Step 4: which records were set aside. What turns out to be larger than the broker takes is, too."""
        letters = [self._dead(record, error) for record, error in failed]
        service = self.stage.service
        try:
            await self._send_all([output for _, outputs in done for output in outputs] + letters)
        except OutputTooLarge:
            letters = []
            for record, outputs in done:
                try:
                    await self._send_all(outputs)
                except OutputTooLarge as error:
                    failed = [*failed, (record, error)]
            for record, why in failed:
                try:
                    await self._send_all([self._dead(record, why)])
                except OutputTooLarge:
                    await self._send_all([self._dead(record, why, most=SMALL_LETTER_BYTES)])
        set_aside = {record.origin for record, _ in failed}
        telemetry.RECORDS.labels(service, "deadletter").inc(len(failed))
        telemetry.RECORDS.labels(service, "done").inc(len({record.origin for record, _ in done} - set_aside))
        return set_aside

    @staticmethod
    def _within_limits(outputs: Sequence[Outgoing]) -> Sequence[Outgoing]:
        for output in outputs:
            size = len(output.value or b"")
            if size > MAX_VALUE_BYTES:
                raise OutputTooLarge(f"the record for {output.topic} would be {size} bytes, over {MAX_VALUE_BYTES}")
        return outputs

    async def _found(
        self, prepared: list[tuple[Incoming, ReadT, PreparedT]], failed: list[Failed]
    ) -> list[tuple[Incoming, ReadT, PreparedT, FoundT | None]]:
        together = self.stage.together
        if together is None or not prepared:
            return [(record, read, middle, None) for record, read, middle in prepared]
        try:
            found = await self._patiently("redis", lambda: together([middle for _, _, middle in prepared]))
            return [(*one, result) for one, result in zip(prepared, found, strict=True)]
        except Exception as error:
            if is_transport(error):
                raise
            if len(prepared) == 1:
                failed.append((prepared[0][0], error))
                return []
        results = []
        for one in prepared:  # whose error was it?
            results += await self._found([one], failed)
        return results

    def _dead(self, record: Incoming, error: BaseException, most: int = MAX_LETTER_BYTES) -> Outgoing:
        name = type(error).__name__
        telemetry.DEADLETTERS.labels(self.stage.service, name).inc()
        self._log.error(
            "record set aside",
            topic=record.origin.topic,
            partition=record.origin.partition,
            offset=record.origin.offset,
            article=(record.key or b"").decode("utf-8", "replace")[:200],
            trace=header(record.headers, "traceparent"),
            error=name,
            reason=str(error)[:500],
        )
        letter = dead_letter(
            self.stage.service, record.origin, record.key, record.value, record.headers, error, most=most
        )
        return Outgoing(DEADLETTERS, letter.key, letter.value, letter.headers)

    async def _send_all(self, outgoing: Sequence[Outgoing]) -> None:
        if outgoing:
            await self._patiently("kafka", lambda: self._send(outgoing))

    async def _patiently(self, what: str, call: Callable[[], Awaitable[Any]]) -> Any:
        """Call until it works; errors of transport are waited for, up to `retry_seconds`."""

        def waiting(state: RetryCallState) -> None:
            telemetry.RETRIES.labels(self.stage.service, what).inc()
            error = state.outcome.exception() if state.outcome else None
            self._log.warning("waiting", what=what, attempt=state.attempt_number, error=type(error).__name__)

        async for attempt in AsyncRetrying(
            retry=retry_if_exception(is_transport),
            wait=wait_random_exponential(multiplier=0.1, max=5),
            stop=stop_after_delay(self._retry_seconds),
            before_sleep=waiting,
            reraise=True,
        ):
            with attempt:
                return await call()
        raise AssertionError("unreachable")

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """End the process where the block hangs: asyncio cannot bound CPU work, faulthandler's C thread can.

        There is one such timer a process: nothing may be awaited inside.
        """
        faulthandler.dump_traceback_later(self._record_timeout, exit=True, file=sys.__stderr__ or sys.stderr)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _groups(batch: Sequence[Incoming], suspects: set[Origin]) -> Iterator[tuple[list[Incoming], bool]]:
    """The batch in its order, in groups that go together; (one suspect, True) each for itself.

    The order keeps the revisions of one article in order.
    """
    group: list[Incoming] = []
    size = 0
    for record in batch:
        suspect, weight = record.origin in suspects, len(record.value or b"")
        if group and (suspect or size + weight > CARRIED_AT_ONCE_BYTES):
            yield group, False
            group, size = [], 0
        if suspect:
            yield [record], True
        else:
            group.append(record)
            size += weight
    if group:
        yield group, False
