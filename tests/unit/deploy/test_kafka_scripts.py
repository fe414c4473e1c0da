"""deploy/kafka: the scripts refuse what is wrong in one sentence; the versions and limits are those of the rest."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from services.runtime.topics import MAX_MESSAGE_BYTES
from tests.compose_commands import ROOT, load_compose

FOLDER = ROOT / "deploy" / "kafka"
START, FETCH = FOLDER / "start", FOLDER / "fetch"


def run(*words: str | Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path or "/usr/local/bin:/usr/bin:/bin"}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)


def properties() -> dict[str, str]:
    lines = (FOLDER / "server.properties").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("script", [START, FETCH], ids=lambda script: script.name)
def test_scripts_are_bash_and_can_be_run(script: Path) -> None:
    assert run("bash", "-n", script).returncode == 0
    assert script.stat().st_mode & 0o111


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "--port must be a number"),
        (["--port"], "--port needs a value"),
        (["--port", "0", "--data", "d"], "--port must be a number"),
        (["--port", "09092", "--data", "d"], "--port must be a number"),
        (["--port", "65536", "--data", "d"], "--port must be a number"),
        (["--port", "65535", "--data", "d"], "--controller-port must be a number"),
        (["--port", "9092", "--data", "d", "--controller-port", "nine"], "--controller-port must be a number"),
        (["--port", "9092", "--data", "d", "--controller-port", "9092"], "must differ"),
        (["--port", "9092"], "--data must name a folder"),
        (["--port", "9092", "--dir", "d"], "unknown argument '--dir'"),
    ],
)
def test_start_says_what_is_wrong_with_its_arguments(words: list[str], complaint: str) -> None:
    done = run(START, *words)
    assert done.returncode == 64
    [line] = done.stderr.splitlines()
    assert complaint in line


@pytest.mark.parametrize(
    ("script", "words", "missing"),
    [(START, ["--port", "9092", "--data", "d"], "java"), (FETCH, [], "mvn")],
    ids=["start", "fetch"],
)
def test_scripts_say_what_to_install(script: Path, words: list[str], missing: str, tmp_path: Path) -> None:
    # A copy, so that it has no jars; only what every machine has on its path.
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("bash", "dirname", "cmp", "sed", "cat"):
        found = run("bash", "-c", f"command -v {tool}").stdout.strip()
        (tools / tool).symlink_to(found)
    copy = tmp_path / script.name
    copy.write_bytes(script.read_bytes())
    (tmp_path / "pom.xml").write_bytes((FOLDER / "pom.xml").read_bytes())

    done = run("bash", copy, *words, path=str(tools))
    assert done.returncode == 69
    [line] = done.stderr.splitlines()
    assert f"'{missing}' is missing: install" in line


def test_fetch_does_nothing_where_the_jars_are_there(tmp_path: Path) -> None:
    (tmp_path / "libs").mkdir()
    for name in ("pom.xml", "libs/pom.xml"):
        (tmp_path / name).write_bytes((FOLDER / "pom.xml").read_bytes())
    copy = tmp_path / "fetch"
    copy.write_bytes(FETCH.read_bytes())
    (tmp_path / "libs" / "kept").touch()

    assert run("bash", copy).returncode == 0
    assert (tmp_path / "libs" / "kept").exists()


def test_it_is_the_version_that_the_compose_file_runs() -> None:
    pom = ElementTree.parse(FOLDER / "pom.xml")
    version = pom.findtext(".//{*}kafka.version")
    assert load_compose()["services"]["kafka"]["image"] == f"apache/kafka:{version}"


def test_limits_are_those_of_the_pipeline() -> None:
    assert int(properties()["message.max.bytes"]) == MAX_MESSAGE_BYTES
    assert properties()["auto.create.topics.enable"] == "false"
    assert properties()["group.initial.rebalance.delay.ms"] == "0"
    factors = {name: value for name, value in properties().items() if name.endswith("replication.factor")}
    assert len(factors) == 4
    assert set(factors.values()) == {"1"}


def test_it_listens_on_loopback_alone() -> None:
    hosts = re.findall(r"(?:PLAINTEXT|CONTROLLER)://([^:]*):", START.read_text("utf-8"))
    assert hosts == ["127.0.0.1"] * 3
