"""The step loop: how a service takes records and loses none.

For each batch, in this order:
 1. The batch's offsets are marked in Redis as in flight. Those already marked ended a process once: they go alone.
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
from collections import defaultdict
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_delay, wait_random_exponential

from services.runtime import telemetry
from services.runtime.deadletters import Origin, OutputTooLarge, PoisonRecord, dead_letter
from services.runtime.flight import FlightLedger
from services.runtime.state import TRANSPORT_ERRORS
from services.runtime.topics import DEADLETTERS, MAX_MESSAGE_BYTES
from services.runtime.wire import Headers, header

ReadT = TypeVar("ReadT")
PreparedT = TypeVar("PreparedT")
FoundT = TypeVar("FoundT")

EXIT_CANNOT_GO_ON = 70  # EX_SOFTWARE; the supervisor restarts the process
TRIES_ALONE = 2  # with the try in its batch, a record ends three processes before it is set aside
PREPARED_AT_ONCE = 8  # between these the event loop runs: heartbeats, health, deliveries
MAX_VALUE_BYTES = MAX_MESSAGE_BYTES - 64 * 1024  # room for key and headers


class SendError(OSError):
    """The broker did not acknowledge in time; worth trying again."""


@dataclass(frozen=True)
class Incoming:
    """A record as it stood on its topic."""

    origin: Origin
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True)
class Outgoing:
    """A record to be sent."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True)
class Stage(Generic[ReadT, PreparedT, FoundT]):
    """What a service does with a record: pure before and after, one call of state for the batch between.

    `decode`, `prepare` and `finish` are pure; whatever they raise is the record's own fault. `together` may wait for
    Redis and gives one result a record, in order; it must be idempotent for the same record.
    """

    service: str
    reads: str
    decode: Callable[[bytes | None], ReadT]
    prepare: Callable[[ReadT], PreparedT]
    together: Callable[[Sequence[PreparedT]], Awaitable[Sequence[FoundT]]] | None
    finish: Callable[[ReadT, PreparedT, FoundT | None], Sequence[Outgoing]]


Send = Callable[[Sequence[Outgoing]], Awaitable[None]]
"""Sends all and returns when the brokers have acknowledged all; raises SendError, or OutputTooLarge."""


@dataclass
class Progress:
    """What the health check asks for."""

    acknowledged_at: float = field(default_factory=time.monotonic)
    busy_since: float | None = None
    next_offsets: dict[tuple[str, int], int] = field(default_factory=dict)

    def acknowledge(self, batch: Sequence[Incoming]) -> None:
        """The batch is through."""
        self.busy_since, self.acknowledged_at = None, time.monotonic()
        for record in batch:
            self.next_offsets[record.origin.topic, record.origin.partition] = record.origin.offset + 1

    def start_over(self) -> None:
        """Partitions were taken away: others may go on with them."""
        self.next_offsets.clear()
        self.acknowledged_at = time.monotonic()


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
        self.progress = Progress()
        self._log = telemetry.log(__name__).bind(stage=stage.reads)

    async def run(self, batches: AsyncIterable[Sequence[Incoming]]) -> None:
        """Step through the batches until the stream ends."""
        async for batch in batches:
            await self.step(batch)

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
        by_partition: dict[tuple[str, int], list[Incoming]] = defaultdict(list)
        for record in batch:
            by_partition[record.origin.topic, record.origin.partition].append(record)
        suspects: set[Origin] = set()
        for (topic, partition), records in by_partition.items():
            offsets = [record.origin.offset for record in records]
            tries = await self._patiently("redis", partial(self._flight.begin, topic, partition, offsets))
            suspects.update(record.origin for record, count in zip(records, tries, strict=True) if count >= 0)
        if suspects:
            self._log.warning("records were in flight when a process ended: trying them alone", records=len(suspects))
        together: list[Incoming] = []
        for record in batch:  # in order, so that revisions of one article stay in order
            if record.origin not in suspects:
                together.append(record)
                continue
            if together:
                await self._carry(together)
                together = []
            await self._alone(record)
        if together:
            await self._carry(together)
        for (topic, partition), records in by_partition.items():
            offsets = [record.origin.offset for record in records]
            await self._patiently("redis", partial(self._flight.done, topic, partition, offsets))

    async def _alone(self, record: Incoming) -> None:
        origin = record.origin
        tries = await self._patiently(
            "redis", lambda: self._flight.alone(origin.topic, origin.partition, origin.offset)
        )
        if tries > TRIES_ALONE:
            # Its count stays until the batch is through: should another suspect end the process, it is set aside again.
            error = PoisonRecord(f"the record ended or hung its process {TRIES_ALONE + 1} times")
            await self._send_all([self._dead(record, error)])
            return
        await self._carry([record])
        await self._patiently("redis", partial(self._flight.innocent, origin.topic, origin.partition, origin.offset))

    async def _carry(self, records: Sequence[Incoming]) -> None:
        """Steps 2 to 4 for records that go together."""
        dead: list[Outgoing] = []
        prepared: list[tuple[Incoming, ReadT, PreparedT]] = []
        for start in range(0, len(records), PREPARED_AT_ONCE):
            with self._watched():
                for record in records[start : start + PREPARED_AT_ONCE]:
                    try:
                        read = self.stage.decode(record.value)
                        prepared.append((record, read, self.stage.prepare(read)))
                    except Exception as error:
                        dead.append(self._dead(record, error))
            await asyncio.sleep(0)
        found = await self._found(prepared, dead)
        outgoing: list[Outgoing] = []
        done = 0
        with self._watched():
            for record, read, middle, result in found:
                try:
                    outgoing += self._within_limits(self.stage.finish(read, middle, result))
                    done += 1
                except Exception as error:
                    dead.append(self._dead(record, error))
        await self._send_all(outgoing + dead)
        telemetry.RECORDS.labels(self.stage.service, "done").inc(done)
        telemetry.RECORDS.labels(self.stage.service, "deadletter").inc(len(dead))

    @staticmethod
    def _within_limits(outputs: Sequence[Outgoing]) -> Sequence[Outgoing]:
        for output in outputs:
            size = len(output.value or b"")
            if size > MAX_VALUE_BYTES:
                raise OutputTooLarge(f"the record for {output.topic} would be {size} bytes, over {MAX_VALUE_BYTES}")
        return outputs

    async def _found(
        self, prepared: list[tuple[Incoming, ReadT, PreparedT]], dead: list[Outgoing]
    ) -> list[tuple[Incoming, ReadT, PreparedT, FoundT | None]]:
        together = self.stage.together
        if together is None or not prepared:
            return [(record, read, middle, None) for record, read, middle in prepared]
        try:
            found = await self._patiently("redis", lambda: together([middle for _, _, middle in prepared]))
            return [(*one, result) for one, result in zip(prepared, found, strict=True)]
        except TRANSPORT_ERRORS:
            raise
        except Exception as error:
            if len(prepared) == 1:
                dead.append(self._dead(prepared[0][0], error))
                return []
        results = []
        for one in prepared:  # whose error was it?
            results += await self._found([one], dead)
        return results

    def _dead(self, record: Incoming, error: BaseException) -> Outgoing:
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
        value, headers = dead_letter(self.stage.service, record.origin, record.value, record.headers, error)
        return Outgoing(DEADLETTERS, record.key, value, headers)

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
            retry=retry_if_exception_type(TRANSPORT_ERRORS),
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
