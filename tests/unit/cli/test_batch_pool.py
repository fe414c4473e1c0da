"""Parallel work: results in order, and no article that can stop the run by ending its process."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli.batch_pool import OrderedPool, PoolError
from services.cli.batch_tasks import Changed, Refused, Task
from services.runtime.children import running
from tests.unit.cli.pool_workers import start, start_badly, task, work


def chunked(tasks: list[Task], size: int = 3) -> list[list[Task]]:
    return [tasks[at : at + size] for at in range(0, len(tasks), size)]


def test_outcomes_come_in_the_order_of_the_tasks(tmp_path: Path) -> None:
    tasks = [task(number) for number in range(40)]
    with OrderedPool(2, work, start, (str(tmp_path),)) as pool:
        outcomes = [one for chunk in pool.outcomes(chunked(tasks)) for one in chunk]
    assert [one.number for one in outcomes] == list(range(40))


def test_an_article_that_ends_its_process_is_refused_and_all_others_are_done(tmp_path: Path) -> None:
    tasks = [task(number, "die" if number == 7 else "") for number in range(16)]
    with OrderedPool(2, work, start, (str(tmp_path),)) as pool:
        outcomes = [one for chunk in pool.outcomes(chunked(tasks)) for one in chunk]
    assert [one.number for one in outcomes] == list(range(16))
    (refused,) = [one for one in outcomes if isinstance(one, Refused)]
    assert (refused.number, refused.origin, refused.reason) == (7, "in:7", "poison")


def test_what_changed_since_an_earlier_run_stops_the_run(tmp_path: Path) -> None:
    with OrderedPool(1, work, start, (str(tmp_path),)) as pool, pytest.raises(Changed, match="in:1"):
        list(pool.outcomes(chunked([task(0), task(1, "changed")])))


def test_a_written_record_that_ends_its_process_now_stops_the_run(tmp_path: Path) -> None:
    with OrderedPool(1, work, start, (str(tmp_path),)) as pool, pytest.raises(Changed, match="ends its process"):
        list(pool.outcomes([[task(0, "die", b"{}")]]))


def test_processes_that_do_not_start_are_told(tmp_path: Path) -> None:
    with pytest.raises(PoolError), OrderedPool(1, work, start_badly, (str(tmp_path),)):
        pass


def test_leaving_ends_the_processes(tmp_path: Path) -> None:
    with OrderedPool(2, work, start, (str(tmp_path),)) as pool:
        list(pool.outcomes(chunked([task(number) for number in range(9)])))
        pids = [int(path.name) for path in tmp_path.iterdir()]
        assert pids
        processes = list(pool.processes())
    for process in processes:
        process.join(10)
    assert not any(running(pid) for pid in pids)
