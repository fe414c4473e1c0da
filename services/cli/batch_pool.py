"""Work in parallel processes, results in order, and no record that can stop the run by ending its process."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import Any

from services.cli.batch_tasks import Changed, Outcome, Refused, Task

CHUNKS_AHEAD = 3  # of each process: enough to keep it busy, few enough to bound memory
TRIES_ALONE = 2


def _ready() -> None:
    """Nothing: comes back from a process that has started."""


class PoolError(RuntimeError):
    """The processes do not start."""


class OrderedPool:
    """Processes that work on chunks of tasks. Use as a context manager: leaving it ends the processes."""

    def __init__(
        self,
        jobs: int,
        work: Callable[[Sequence[Task]], list[Outcome]],
        start_worker: Callable[..., None],
        worker_arguments: tuple[Any, ...],
    ) -> None:
        self._jobs, self._work = jobs, work
        self._start_worker, self._worker_arguments = start_worker, worker_arguments
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # Spawned, not forked: a fork of a process with threads may inherit a lock that nobody will release.
        return ProcessPoolExecutor(
            self._jobs,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=self._start_worker,
            initargs=self._worker_arguments,
        )

    def __enter__(self) -> OrderedPool:
        try:
            self._pool.submit(_ready).result()
        except BrokenProcessPool:
            self._end()
            raise PoolError("a worker process ended while starting; what it said stands above") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def processes(self) -> list[BaseProcess]:
        """The processes that run now."""
        return list((getattr(self._pool, "_processes", None) or {}).values())

    def _end(self) -> None:
        processes = self.processes()
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with contextlib.suppress(OSError, ValueError):
                process.kill()

    def outcomes(self, chunks: Iterable[Sequence[Task]]) -> Iterator[list[Outcome]]:
        """The outcomes of each chunk, in order; chunks are asked for as processes get free.

        When a process ends in the middle, the chunks under way are done again, task by task: the one that ends its
        process by itself TRIES_ALONE times is refused. Whatever else `work` raises goes to the caller.
        """
        waiting: deque[tuple[Sequence[Task], Future[list[Outcome]]]] = deque()
        rest = iter(chunks)
        for chunk in rest:
            waiting.append((chunk, self._submit(chunk)))
            if len(waiting) < CHUNKS_AHEAD * self._jobs:
                continue
            yield from self._first(waiting)
        while waiting:
            yield from self._first(waiting)

    def _submit(self, chunk: Sequence[Task]) -> Future[list[Outcome]]:
        try:
            return self._pool.submit(self._work, chunk)
        except BrokenProcessPool as error:
            failed: Future[list[Outcome]] = Future()
            failed.set_exception(error)
            return failed

    def _first(self, waiting: deque[tuple[Sequence[Task], Future[list[Outcome]]]]) -> Iterator[list[Outcome]]:
        chunk, future = waiting.popleft()
        try:
            yield future.result()
            return
        except BrokenProcessPool:
            self._restart()
        yield [self._alone(task) for task in chunk]
        again = [one for one, _ in waiting]
        waiting.clear()
        for one in again:
            yield [self._alone(task) for task in one]

    def _restart(self) -> None:
        self._end()
        self._pool = self._new_pool()

    def _alone(self, task: Task) -> Outcome:
        for _ in range(TRIES_ALONE):
            try:
                return self._pool.submit(self._work, [task]).result()[0]
            except BrokenProcessPool:
                self._restart()
        if task.line is not None:
            raise Changed(f"{task.origin} ends its process now")
        return Refused(task.number, task.origin, "poison", f"the article ended or hung its process {TRIES_ALONE} times")
