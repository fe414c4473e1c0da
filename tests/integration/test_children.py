"""Child processes end with their parent, whatever ends it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.runtime.children import Child, running

PARENT = """
import sys, time
from pathlib import Path
from services.runtime.children import Child
child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], Path(sys.argv[1]), watched=sys.argv[2] == "watched").start()
print(child.pid, flush=True)
time.sleep(600)
"""

STACK_PARENT = """
import time
from services.runtime.embedded import Stack
stack = Stack().start()
print(*(child.pid for child in stack.children), flush=True)
time.sleep(600)
"""


def _gone(pid: int, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not running(pid):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "SIGTERM"])
@pytest.mark.parametrize(
    "how",
    [
        "watched",
        pytest.param(
            "signal", marks=pytest.mark.skipif(sys.platform != "linux", reason="parent-death signals are Linux'")
        ),
    ],
)
def test_a_child_ends_with_its_parent(tmp_path: Path, how: str, sig: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log"), how], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert running(pid)
    parent.send_signal(sig)
    parent.wait(10)
    assert _gone(pid)


@pytest.mark.integration
def test_the_embedded_stack_ends_with_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", STACK_PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    assert all(map(running, pids))
    parent.kill()
    parent.wait(10)
    assert all(map(_gone, pids))


def test_a_child_is_stopped_by_force_when_it_does_not_listen(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    child = Child("stubborn", [sys.executable, "-c", stubborn], tmp_path / "log").start()
    while "up" not in child.tail():
        time.sleep(0.02)
    child.stop(grace=0.3)
    assert child.poll() == -signal.SIGKILL
