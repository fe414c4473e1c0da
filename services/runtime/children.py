"""Child processes that never outlive their parent, also where the parent is killed outright."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1  # linux/prctl.h

_WATCH = """
import os, signal, sys, time
sys.stdin.buffer.read()
pid = int(sys.argv[1])
for sig, wait in ((signal.SIGTERM, 5), (signal.SIGKILL, 0)):
    try:
        os.kill(pid, sig)
    except ProcessLookupError:
        break
    time.sleep(wait)
"""


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Child:
    """A process with a log file. `watched=True` uses a watching process instead of Linux' parent-death signal."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        watched: bool = sys.platform != "linux",
    ) -> None:
        self.name, self.command, self.log = name, list(command), log
        self._env, self._cwd, self._watched = env, cwd, watched
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def start(self) -> Child:
        """Start it; its output is appended to the log. Call from the main thread (parent-death signals follow threads)."""
        out: IO[Any]
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(self._env) if self._env is not None else None,
                cwd=self._cwd,
                preexec_fn=None if self._watched else _die_with_parent,
                start_new_session=True,
            )
        if self._watched:
            self._watcher = subprocess.Popen(
                [sys.executable, "-c", _WATCH, str(self._process.pid)], stdin=subprocess.PIPE, start_new_session=True
            )
        return self

    @property
    def pid(self) -> int:
        """Process id; raises where it was never started."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process.pid

    def poll(self) -> int | None:
        """Exit status, None while it runs."""
        return None if self._process is None else self._process.poll()

    def send(self, sig: int) -> None:
        """Send a signal, if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(sig)

    def kill(self) -> None:
        """kill -9, and wait."""
        self.send(signal.SIGKILL)
        self._reap(10.0)

    def stop(self, grace: float = 20.0) -> int | None:
        """SIGTERM, then SIGKILL after `grace` seconds; returns the exit status."""
        self.send(signal.SIGTERM)
        if not self._reap(grace):
            self.kill()
        return self.poll()

    def _reap(self, seconds: float) -> bool:
        if self._process is not None:
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                return False
        if self._watcher is not None:
            self._watcher.kill()
            self._watcher.wait()
            self._watcher = None
        return True

    def tail(self, lines: int = 15) -> str:
        """The last lines of the log."""
        with contextlib.suppress(FileNotFoundError):
            return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])
        return ""


def stop_all(children: Sequence[Child], grace: float = 20.0) -> None:
    """SIGTERM to all at once, then wait for each."""
    for child in children:
        child.send(signal.SIGTERM)
    deadline = time.monotonic() + grace
    for child in children:
        child.stop(max(0.1, deadline - time.monotonic()))


def running(pid: int) -> bool:
    """Whether a process of this id exists and is no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    if status.exists():
        with contextlib.suppress(OSError):
            return status.read_text().rpartition(")")[2].split()[0] != "Z"
    return True
