"""A webhook receiver for the demo and for tests: verifies signatures, remembers what came, misbehaves when told to.

`python -m services.runtime.webhook_receiver --port 0 --secret-env NAME --out FILE.jsonl` prints its address as one line
of JSON, then appends one line of JSON to the file for each webhook, before it answers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal, get_args

from aiohttp import web
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

Behaviour = Literal["accept", "fail", "busy", "gone", "hang", "redirect", "reset", "garbage", "flood"]
"""accept: 204 for good signatures, 401 for others; fail: 500; busy: 503 with Retry-After; gone: 410; hang: no answer;
redirect: 307 to itself; reset: the connection broken off; garbage: bytes that are not HTTP; flood: 200 with a body that
does not end."""

MAX_BODY_BYTES = 8 * 1024 * 1024
RETRY_AFTER_SECONDS = 120


@dataclass
class Received:
    """What came under one webhook-id: how often, when first and last, and the SHA-256 of each different body."""

    count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    payloads: set[str] = field(default_factory=set)


class WebhookReceiver:
    """An HTTP server on loopback; an async context manager. `behaviour` may be changed at any time."""

    def __init__(self, secrets: Sequence[str], *, out: IO[str] | None = None, behaviour: Behaviour = "accept") -> None:
        self._verifiers = [Webhook(secret) for secret in secrets]
        self._out = out
        self.behaviour: Behaviour = behaviour
        self.received: dict[str, Received] = {}
        """Verified webhooks by webhook-id, in order of arrival."""
        self.attempts = 0
        """All requests, whatever became of them."""
        self.refused = 0
        """Requests whose signature was not good."""
        self.port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where to send webhooks."""
        return f"http://127.0.0.1:{self.port}/webhook"

    async def start(self, port: int = 0) -> None:
        """Listen on the port, 0 for a free one."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post("/webhook", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and break off what is open."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> WebhookReceiver:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.attempts += 1
        body = await request.read()
        if self.behaviour != "accept":
            return await self._misbehave(request)
        if not self._is_signed(body, request):
            self.refused += 1
            return web.Response(status=401, text="no signature that fits")
        self._remember(request.headers["webhook-id"], body)
        return web.Response(status=204)

    def _is_signed(self, body: bytes, request: web.Request) -> bool:
        headers = {
            name: request.headers.get(name, "") for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        }
        for verifier in self._verifiers:
            with contextlib.suppress(WebhookVerificationError, ValueError):
                verifier.verify(body, headers)
                return True
        return False

    def _remember(self, webhook_id: str, body: bytes) -> None:
        now = datetime.now(UTC)
        received = self.received.setdefault(webhook_id, Received(first_at=now))
        received.count += 1
        received.last_at = now
        digest = hashlib.sha256(body).hexdigest()
        received.payloads.add(digest)
        if self._out is not None:
            line = {
                "webhook_id": webhook_id,
                "payload_sha256": digest,
                "count": received.count,
                "at": now.isoformat(),
                "alert": json.loads(body),
            }
            self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._out.flush()

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        match self.behaviour:
            case "fail":
                return web.Response(status=500, text="the receiver is told to fail")
            case "busy":
                return web.Response(status=503, headers={"retry-after": str(RETRY_AFTER_SECONDS)})
            case "gone":
                return web.Response(status=410)
            case "hang":
                await asyncio.Event().wait()
            case "redirect":
                return web.Response(status=307, headers={"location": self.url})
            case "flood":
                return await self._flood(request)
            case "garbage":
                if request.transport is not None:
                    request.transport.write(b"\x00\xff this is not HTTP\r\n\r\n")
                    request.transport.close()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)  # reaches nobody: the connection is gone

    async def _flood(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=200)
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await response.write(b"x" * 16384)
        return response


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until SIGTERM or Ctrl-C. Exits with 2 where the secret is not set."""
    parser = argparse.ArgumentParser(prog="webhook_receiver", description="Verify and write down Rasid's webhooks.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 for a free one, which is printed")
    parser.add_argument(
        "--secret-env", action="append", required=True, help="environment variable with the signing secret"
    )
    parser.add_argument("--out", type=Path, required=True, help="file that gets one line of JSON for each webhook")
    parser.add_argument("--behaviour", choices=get_args(Behaviour), default="accept", help="how to answer")
    chosen = parser.parse_args(arguments)
    secrets = [os.environ.get(name, "") for name in chosen.secret_env]
    if missing := [name for name, secret in zip(chosen.secret_env, secrets, strict=True) if not secret]:
        parser.error(f"the environment variable {missing[0]} is not set: give it the signing secret")
    asyncio.run(_serve(secrets, chosen.port, chosen.out, chosen.behaviour))


async def _serve(secrets: Sequence[str], port: int, out: Path, behaviour: Behaviour) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    with out.open("a", encoding="utf-8") as file:
        receiver = WebhookReceiver(secrets, out=file, behaviour=behaviour)
        await receiver.start(port)
        print(json.dumps({"port": receiver.port, "url": receiver.url}), flush=True)
        await ended.wait()
        await receiver.stop()


if __name__ == "__main__":
    main()
