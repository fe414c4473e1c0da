"""Work for the tests of the pool; in a module of its own, so that a worker process starts quickly."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from services.cli.batch_tasks import Changed, Done, Outcome, Task
from services.producer.candidate import Candidate


def task(number: int, text: str = "", line: bytes | None = None) -> Task:
    """A task whose text tells the worker what to do."""
    return Task(number, Candidate(f"in:{number}", {"text": text}), line)


def start(folder: str) -> None:
    """Leave a trace of the process."""
    (Path(folder) / str(os.getpid())).touch()


def start_badly(folder: str) -> None:
    """An engine that does not load."""
    raise ValueError(folder)


def work(tasks: Sequence[Task]) -> list[Outcome]:
    """Do as the text says: die, change, or be done (the later the earlier in line, to try the order)."""
    outcomes: list[Outcome] = []
    for one in tasks:
        assert isinstance(one.found, Candidate)
        text = one.found.fields["text"]
        if text == "die":
            os._exit(9)
        if text == "changed":
            raise Changed(one.origin)
        time.sleep(0.002 * (one.number % 3))
        outcomes.append(Done(one.number, str(text).encode(), "engine", None))
    return outcomes
