"""The `rasid` command, judged as its users judge it: by exit status, stdout and stderr."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from services.cli.main import app
from services.runtime.pipeline import ROOT

COMMAND = [sys.executable, "-m", "services.cli.main"]
SECONDS = 120.0


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


def environment(**changes: str) -> dict[str, str]:
    """The environment without settings of the machine, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RASID_")}
    return kept | {"COLUMNS": "160", "PYTHONPATH": str(ROOT)} | changes


def rasid(*arguments: str | Path, **env: str) -> Ended:
    """Run it to its end, in this process: the same without the second that a start takes."""
    unset = {name: None for name in os.environ if name.startswith("RASID_")}
    result = CliRunner().invoke(app, [*map(str, arguments)], env=unset | {"COLUMNS": "160"} | env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


def rasid_process(*arguments: str | Path, stdin: bytes = b"", **env: str) -> Ended:
    """Run it to its end as a process of its own, with what it reads from a pipe."""
    ended = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
        env=environment(**env),
        cwd=ROOT,
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def begun(*arguments: str | Path, stdin: int = subprocess.DEVNULL, **env: str) -> subprocess.Popen[bytes]:
    """Start it, and leave it running."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**env),
        cwd=ROOT,
    )
