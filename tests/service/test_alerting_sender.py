from __future__ import annotations

import base64
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import pytest
from pydantic import SecretStr

from services.alerting.endpoints import Endpoint
from services.alerting.sender import Answer, judge_response
from services.alerting.signing import signed_headers
from services.runtime.webhook_receiver import Behaviour, WebhookReceiver
from services.runtime.webhooks import WebhookSender

SECRET = "whsec_" + base64.b64encode(b"0123456789" * 3).decode()
BODY = '{"title":"غارة على سوق"}'.encode()


def endpoint(url: str, secret: str = SECRET) -> Endpoint:
    return Endpoint("desk", SecretStr(url), (SecretStr(secret),))


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with WebhookReceiver([SECRET]) as running:
        yield running


@pytest.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    async with WebhookSender(5.0, allow_private=True) as ready:
        yield ready


async def send(sender: WebhookSender, to: Endpoint, body: bytes = BODY) -> Answer:
    return await sender(to, signed_headers(uuid4(), body, datetime.now(UTC), to.secrets), body)


def judged(answer: Answer) -> str:
    return judge_response(answer, datetime.now(UTC)).outcome


async def test_a_signed_alert_arrives(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    answer = await send(sender, endpoint(receiver.url))
    assert (answer.status, answer.error) == (204, None)
    assert answer.latency_ms > 0
    ((webhook_id, received),) = receiver.received.items()
    assert webhook_id
    assert (received.count, len(received.payloads)) == (1, 1)


async def test_a_signature_by_another_secret_is_refused(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    other = "whsec_" + base64.b64encode(b"abcdefghij" * 3).decode()
    answer = await send(sender, endpoint(receiver.url, other))
    assert (answer.status, answer.error, judged(answer)) == (401, "no signature that fits", "retry")
    assert (receiver.refused, receiver.received) == (1, {})


@pytest.mark.parametrize(
    ("behaviour", "status", "error", "outcome"),
    [
        ("fail", 500, "the receiver is told to fail", "retry"),
        ("busy", 503, None, "retry"),
        ("gone", 410, None, "park"),
        ("redirect", 307, None, "retry"),
        ("reset", None, "the connection was closed before an answer", "retry"),
        ("garbage", None, "the answer is not HTTP", "retry"),
        ("flood", 200, None, "delivered"),
    ],
)
async def test_each_misbehaviour_is_an_answer(
    sender: WebhookSender,
    receiver: WebhookReceiver,
    behaviour: str,
    status: int | None,
    error: str | None,
    outcome: str,
) -> None:
    receiver.behaviour = cast(Behaviour, behaviour)
    answer = await send(sender, endpoint(receiver.url))
    assert (answer.status, answer.error, judged(answer)) == (status, error, outcome)
    assert receiver.attempts == 1


async def test_a_busy_receiver_says_when(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    receiver.behaviour = "busy"
    assert (await send(sender, endpoint(receiver.url))).retry_after == "120"


async def test_a_receiver_that_hangs_is_given_up_in_time(receiver: WebhookReceiver) -> None:
    receiver.behaviour = "hang"
    async with WebhookSender(0.2, allow_private=True) as sender:
        answer = await send(sender, endpoint(receiver.url))
    assert (answer.status, answer.error, judged(answer)) == (None, "no answer within 0.2 s", "retry")


async def test_a_receiver_that_does_not_listen_is_told_of(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    url = receiver.url
    await receiver.stop()
    answer = await send(sender, endpoint(url))
    assert (answer.status, answer.error) == (None, "the host refuses the connection")


async def test_a_port_that_speaks_no_tls_is_told_of(sender: WebhookSender, receiver: WebhookReceiver) -> None:
    answer = await send(sender, endpoint(receiver.url.replace("http:", "https:")))
    assert answer.status is None
    assert str(answer.error).startswith("no secure connection")


async def test_a_name_that_does_not_resolve_is_told_of(sender: WebhookSender, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    answer = await send(sender, endpoint("http://alerts.example/confidential-path"))
    assert (answer.status, answer.error) == (None, "the host's name cannot be resolved")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[fe80::1]",
        "[fd00::1]",
    ],
)
async def test_private_addresses_are_refused_unless_allowed(receiver: WebhookReceiver, host: str) -> None:
    async with WebhookSender(5.0) as sender:
        answer = await send(sender, endpoint(f"https://{host}:{receiver.port}/webhook"))
    assert answer.status is None
    assert "private" in str(answer.error)
    assert "RASID_WEBHOOK_ALLOW_PRIVATE" in str(answer.error)
    assert receiver.attempts == 0


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0177.0.0.1", "127.0.0.1.", "[::127.0.0.1]", "localhost."])
async def test_a_private_address_in_disguise_is_not_reached(receiver: WebhookReceiver, host: str) -> None:
    async with WebhookSender(5.0) as sender:
        answer = await send(sender, endpoint(f"https://{host}:{receiver.port}/webhook"))
    assert answer.status is None
    assert receiver.attempts == 0
    assert "private" in str(answer.error) or "cannot be" in str(answer.error)


async def test_a_name_is_only_connected_to_at_the_addresses_that_were_checked(
    receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *rest: object, **options: object) -> object:
        asked.append(host)
        return real("127.0.0.1" if host == "alerts.example" else host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    async with WebhookSender(5.0) as sender:
        answer = await send(sender, endpoint(f"https://alerts.example:{receiver.port}/webhook"))
    assert "private" in str(answer.error)
    assert asked.count("alerts.example") == 1


async def test_http_is_refused_unless_allowed(receiver: WebhookReceiver) -> None:
    async with WebhookSender(5.0) as sender:
        answer = await send(sender, endpoint(f"http://alerts.example:{receiver.port}/webhook"))
    assert "https" in str(answer.error)


async def test_proxies_of_the_environment_are_ignored(
    receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with WebhookSender(5.0, allow_private=True) as sender:
        assert (await send(sender, endpoint(receiver.url))).status == 204


async def test_no_error_repeats_what_may_be_confidential(receiver: WebhookReceiver) -> None:
    async with WebhookSender(1.0, allow_private=True) as sender:
        await receiver.stop()
        for url in (receiver.url + "?token=hunter2", "http://[/hunter2", "http:///hunter2", "http://a b/hunter2"):
            answer = await send(sender, endpoint(url))
            assert answer.status is None
            assert "hunter2" not in str(answer.error)


async def test_a_sender_that_is_not_open_says_so() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await send(WebhookSender(1.0), endpoint("https://alerts.example"))
