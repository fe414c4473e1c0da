from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from services.alerting.endpoints import Endpoint
from services.alerting.signing import signed_headers
from services.runtime.webhook_receiver import WebhookReceiver
from services.runtime.webhooks import WebhookSender

SECRET = "whsec_" + base64.b64encode(b"0123456789" * 3).decode()
COMMAND = [sys.executable, "-m", "services.runtime.webhook_receiver", "--port", "0", "--secret-env", "RECEIVER_SECRET"]


@pytest.fixture
def receiver_process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    out = tmp_path / "received.jsonl"
    environ = {**os.environ, "RECEIVER_SECRET": SECRET}
    with subprocess.Popen([*COMMAND, "--out", str(out)], env=environ, stdout=subprocess.PIPE) as process:
        yield process, out
        process.kill()


async def test_the_receiver_runs_as_a_process_and_writes_down_what_it_verified(
    receiver_process: tuple[subprocess.Popen[bytes], Path],
) -> None:
    process, out = receiver_process
    assert process.stdout is not None
    endpoint = Endpoint("desk", SecretStr(json.loads(process.stdout.readline())["url"]), (SecretStr(SECRET),))
    alert_id = uuid4()
    async with WebhookSender(10.0, allow_private=True) as sender:
        for body in (b'{"n": 1}', b'{"n": 1}', b'{"n": 2}'):
            headers = signed_headers(alert_id, body, datetime.now(UTC), endpoint.secrets)
            assert (await sender(endpoint, headers, body)).status == 204
        unsigned = await sender(endpoint, {**headers, "webhook-signature": "v1,AAAA"}, body)
        assert unsigned.status == 401
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(line["webhook_id"], line["count"], line["alert"]["n"]) for line in lines] == [
        (str(alert_id), 1, 1),
        (str(alert_id), 2, 1),
        (str(alert_id), 3, 2),
    ]
    assert lines[0]["payload_sha256"] == lines[1]["payload_sha256"] != lines[2]["payload_sha256"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


@pytest.mark.parametrize("header", ["", "v1", "v1,%%%", "v2,AAAA", "x y z", "v1,AAAA v1"])
async def test_a_malformed_signature_is_refused_and_not_an_error(header: str) -> None:
    async with WebhookReceiver([SECRET]) as receiver, WebhookSender(5.0, allow_private=True) as sender:
        endpoint = Endpoint("desk", SecretStr(receiver.url), (SecretStr(SECRET),))
        headers = signed_headers(uuid4(), b"{}", datetime.now(UTC), endpoint.secrets)
        assert (await sender(endpoint, {**headers, "webhook-signature": header}, b"{}")).status == 401
        assert (await sender(endpoint, headers, b"\xff\xfe")).status == 401
        assert receiver.received == {}


def test_a_receiver_without_its_secret_says_which_variable_to_set(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "RECEIVER_SECRET"}
    ended = subprocess.run(
        [*COMMAND, "--out", str(tmp_path / "x")], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "RECEIVER_SECRET is not set" in ended.stderr
