"""`rasid demo`, as a newcomer runs it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from services.runtime.children import running

pytestmark = pytest.mark.integration

RASID = str(Path(sys.executable).with_name("rasid"))
ROOT = Path(__file__).parents[2]


def _demo(*paths: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RASID_")}
    return subprocess.run(
        [RASID, "demo", *map(str, paths)],
        cwd=cwd, env=environment | {"COLUMNS": "140", "TMPDIR": str(cwd)}, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip


def test_the_demo_carries_the_seeds_through_and_balances_its_account(tmp_path: Path) -> None:
    run = _demo(cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    account = re.search(r"(\d+) published = (\d+) out \+ (\d+) set aside", run.stdout)
    assert account is not None
    published, out, aside = map(int, account.groups())
    assert published >= 24
    assert (out, aside) == (published, 0)
    delivered = re.search(r"(\d+) alerts, (\d+) deliveries accepted, (\d+) signatures verified", run.stdout)
    assert delivered is not None
    assert int(delivered[2]) == int(delivered[3]) > 0
    for heading in ("What was found", "stories", "What next", "rasid tail", "seeds/rules.yaml"):
        assert heading in run.stdout
    assert "exact 1" in run.stdout
    assert "revision 1" in run.stdout
    assert run.stderr == ""


def test_the_demo_tells_what_it_rejected_and_leaves_no_process_behind(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    good = {
        "source": "desk",
        "text": "قال متحدث باسم وزارة الصحة إن المستشفى في صنعاء استقبل عشرين جريحا.",
        "title": "صنعاء",
    }
    (folder / "a.json").write_text(json.dumps(good), "utf-8")
    (folder / "b.txt").write_text("This is not Arabic at all, and it says so at some length.", "utf-8")
    run = _demo(folder, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 published = 1 out + 0 set aside" in run.stdout
    assert "1 rejected at the door" in run.stdout
    assert "b.txt" in run.stdout
    assert [pid for pid in _processes(tmp_path) if running(pid)] == []


def test_the_demo_without_any_article_says_so(tmp_path: Path) -> None:
    run = _demo(tmp_path / "nothing", cwd=tmp_path)
    assert run.returncode == 2
    assert "no article" in run.stdout


def _processes(folder: Path) -> list[int]:
    """Processes that were told of the folder or work in it: the demo's own, whatever else runs on this machine."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # ended by now, or another user's
            where = (process / "cwd").readlink()
            if where.is_relative_to(folder) or os.fsencode(folder) in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found
