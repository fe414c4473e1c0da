"""The producer's process, where it cannot listen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

_SERVE = """
import asyncio
from services.producer import app

asyncio.run(app.or_end(app.serve_intake(app.settings.producer_http_port), "http"))
"""


def serve(port: int, host: str = "127.0.0.1") -> subprocess.CompletedProcess[str]:
    settings = {"RASID_PRODUCER_HTTP_PORT": str(port), "RASID_PRODUCER_HTTP_HOST": host}
    return subprocess.run(
        [sys.executable, "-c", _SERVE], env=os.environ | settings, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1"], ids=["taken", "not this machine's"])
def test_a_port_that_cannot_be_had_ends_the_process_with_what_to_mend(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = serve(port, host)
    told = ended.stdout + ended.stderr
    assert ended.returncode == 2, told
    assert "cannot publish" not in told
    if host == "127.0.0.1":
        assert f"port {port} is taken: set RASID_PRODUCER_HTTP_PORT" in told
    else:
        assert f"cannot listen on {host}, port {port}" in told
