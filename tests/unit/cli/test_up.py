"""`rasid up`, with nothing started: which port it gives out."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli import demo
from services.cli.main import app


class NoStack:
    kafka, redis = "127.0.0.1:9092", "redis://127.0.0.1:6379/0"

    def __init__(self, **_given: Any) -> None:
        pass

    def start(self) -> None:
        pass

    stop = start

    def settings(self) -> None:
        pass

    def environment(self) -> dict[str, str]:
        return {"RASID_WEBHOOK_DESK_URL": "http://127.0.0.1:1/desk"}


class NoPipeline:
    """Up at once, and ended by Ctrl-C as soon as it is looked at."""

    started: dict[str, str]

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.health: dict[str, str] = {}
        NoPipeline.started = env

    def start_all(self) -> None:
        pass

    wait_healthy = stop = start_all

    def ended(self) -> list[Any]:
        raise KeyboardInterrupt


@pytest.fixture
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_topics(_settings: None) -> None:
        pass

    monkeypatch.setattr(demo, "Stack", NoStack)
    monkeypatch.setattr(demo, "Pipeline", NoPipeline)
    monkeypatch.setattr(demo, "create_topics", no_topics)
    monkeypatch.setenv("COLUMNS", "400")


@pytest.mark.usefixtures("nothing_starts")
def test_port_0_means_a_free_one_which_is_named(tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["up", "--http", "0", "--inbox", str(tmp_path / "inbox")])
    assert ended.exit_code == 0, ended.output
    port = NoPipeline.started["RASID_PRODUCER_HTTP_PORT"]
    assert 0 < int(port) < 65536
    assert f"http://127.0.0.1:{port}/articles" in ended.output


@pytest.mark.usefixtures("nothing_starts")
def test_a_port_that_is_taken_is_told_and_nothing_starts(tmp_path: Path) -> None:
    NoPipeline.started = {}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = CliRunner().invoke(app, ["up", "--http", str(port), "--inbox", str(tmp_path / "inbox")])
    assert ended.exit_code == 2
    assert f"port {port} is taken" in ended.output
    assert NoPipeline.started == {}
