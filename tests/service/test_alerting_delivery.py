from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from schemas.alerts_log import DeliveryAttempt
from services.alerting.backoff import MAX_ATTEMPTS
from services.alerting.delivery import deliver_due
from services.alerting.endpoints import Endpoint
from services.alerting.evaluate import evaluate
from services.alerting.firing import alert_bytes
from services.alerting.schedule import Delivery, DeliverySchedule, Waiting, deliveries_of
from services.alerting.sender import Answer
from services.runtime.webhook_receiver import WebhookReceiver
from services.runtime.webhooks import WebhookSender
from tests.unit.alerting.examples import book, strike

SECRET = SecretStr("whsec_" + base64.b64encode(b"0123456789" * 3).decode())
LEASE = 30.0
(ALERT,) = evaluate(strike(), book("{place: إدلب}"))
ALERT = ALERT.model_copy(update={"webhooks": ["desk"]})


class Killed(BaseException):
    """Stands for the end of the process."""


class World:
    """A schedule, a receiver that works, and a clock that the test moves."""

    def __init__(self, schedule: DeliverySchedule, sender: WebhookSender, receiver: WebhookReceiver) -> None:
        self.schedule, self.sender, self.receiver = schedule, sender, receiver
        self.endpoints = {"desk": Endpoint("desk", SecretStr(receiver.url), (SECRET,))}
        self.now = datetime.now(UTC)
        self.log: list[DeliveryAttempt] = []

    async def publish(self, attempt: DeliveryAttempt) -> None:
        self.log.append(attempt)

    def clock(self) -> datetime:
        return self.now

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def round(self, **changes: object) -> list[DeliveryAttempt]:
        given: dict[str, object] = {
            "schedule": self.schedule,
            "send": self.sender,
            "endpoints": self.endpoints,
            "publish": self.publish,
            "clock": self.clock,
            "rng": Random(7),
            "lease_seconds": LEASE,
        }
        return await deliver_due(**{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture
async def world(valkey_url: str) -> AsyncIterator[World]:
    async with (
        Redis.from_url(valkey_url) as redis,
        WebhookSender(2.0, allow_private=True) as sender,
        WebhookReceiver([SECRET.get_secret_value()]) as receiver,
    ):
        world = World(DeliverySchedule(redis, "test"), sender, receiver)
        await world.schedule.add(deliveries_of(ALERT, alert_bytes(ALERT)), world.now)
        yield world


async def test_an_alert_is_delivered_once_and_logged(world: World) -> None:
    (attempt,) = await world.round()
    assert (attempt.alert_id, attempt.webhook, attempt.attempt) == (ALERT.alert_id, "desk", 1)
    assert (attempt.outcome, attempt.status, attempt.error, attempt.next_at) == ("delivered", 204, None, None)
    assert world.log == [attempt]
    world.pass_time(10**6)
    assert await world.round() == []
    assert world.receiver.attempts == 1
    assert list(world.receiver.received) == [str(ALERT.alert_id)]


async def test_a_replayed_alert_is_not_sent_again(world: World) -> None:
    await world.round()
    assert await world.schedule.add(deliveries_of(ALERT, b"another payload"), world.now) == [False]
    assert await world.round() == []


async def test_a_receiver_that_is_down_gets_it_when_it_is_up_again(world: World) -> None:
    port = world.receiver.port
    await world.receiver.stop()
    (first,) = await world.round()
    assert (first.outcome, first.status, first.error) == ("retrying", None, "the host refuses the connection")
    assert first.next_at is not None
    assert await world.round() == []
    world.now = first.next_at
    await world.receiver.start(port)
    (second,) = await world.round()
    assert (second.outcome, second.attempt) == ("delivered", 2)
    assert [attempt.outcome for attempt in world.log] == ["retrying", "delivered"]


async def test_after_the_last_attempt_it_is_parked_and_can_be_delivered_again(world: World) -> None:
    world.receiver.behaviour = "fail"
    for _ in range(MAX_ATTEMPTS):
        (attempt,) = await world.round()
        world.now = attempt.next_at or world.now
    assert [attempt.attempt for attempt in world.log] == list(range(1, MAX_ATTEMPTS + 1))
    assert [attempt.outcome for attempt in world.log] == ["retrying"] * (MAX_ATTEMPTS - 1) + ["parked"]
    assert await world.schedule.waiting(["desk"]) == {"desk": Waiting(0, 1)}

    world.receiver.behaviour = "accept"
    world.now = datetime.now(UTC)
    assert await world.schedule.redeliver("desk", [ALERT.alert_id], world.now) == 1
    (attempt,) = await world.round()
    assert attempt.outcome == "delivered"


async def test_a_receiver_that_is_gone_gets_no_second_attempt(world: World) -> None:
    world.receiver.behaviour = "gone"
    (attempt,) = await world.round()
    assert (attempt.outcome, attempt.status, attempt.next_at) == ("parked", 410, None)


async def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks(world: World) -> None:
    world.receiver.behaviour = "busy"
    (attempt,) = await world.round()
    assert attempt.next_at == world.now + timedelta(seconds=120)


@pytest.mark.parametrize("moment", ["before the send", "after the send", "after the log"])
async def test_killed_at_any_moment_it_is_repeated_with_the_same_id_and_payload(world: World, moment: str) -> None:
    sent: list[tuple[str, bytes]] = []

    async def send(endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> Answer:
        if moment == "before the send":
            raise Killed
        sent.append((headers["webhook-id"], body))
        return await world.sender(endpoint, headers, body)

    async def publish(attempt: DeliveryAttempt) -> None:
        if moment == "after the send":
            raise Killed
        world.log.append(attempt)

    async def killed(*_: object) -> None:
        raise Killed

    doomed = world.schedule
    with pytest.MonkeyPatch.context() as patch:
        if moment == "after the log":
            patch.setattr(doomed, "delivered", killed)
        with pytest.raises(Killed):
            await world.round(send=send, publish=publish)

    assert await world.round() == []  # the dead worker's lease still stands
    world.pass_time(LEASE)
    (attempt,) = await world.round()
    assert attempt.outcome == "delivered"
    received = world.receiver.received[str(ALERT.alert_id)]
    assert received.count == len(sent) + 1
    assert len(received.payloads) == 1
    assert all(body == alert_bytes(ALERT) for _, body in sent)
    assert attempt in world.log
    world.pass_time(10**6)
    assert await world.round() == []


async def test_one_delivery_that_goes_wrong_does_not_keep_the_others(world: World) -> None:
    others = [Delivery(UUID(int=n), "desk", json.dumps({"n": n}).encode()) for n in range(5)]
    await world.schedule.add(others, world.now)

    async def send(endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> Answer:
        if headers["webhook-id"] == str(ALERT.alert_id):
            raise RuntimeError("a mistake in the sender")
        return await world.sender(endpoint, headers, body)

    with pytest.raises(RuntimeError, match="a mistake in the sender"):
        await world.round(send=send)
    assert set(world.receiver.received) == {str(other.alert_id) for other in others}
    assert await world.schedule.waiting(["desk"]) == {"desk": Waiting(1, 0)}


async def test_a_round_opens_a_bounded_number_of_requests_to_each_endpoint(world: World) -> None:
    world.endpoints["slow"] = Endpoint("slow", SecretStr(world.receiver.url), (SECRET,))
    await world.schedule.add(
        [Delivery(UUID(int=n), "slow", json.dumps({"n": n}).encode()) for n in range(100)], world.now
    )
    attempts = await world.round(at_once=3)
    assert sorted(attempt.webhook for attempt in attempts) == ["desk", "slow", "slow", "slow"]


async def test_two_workers_deliver_each_alert_once(world: World, valkey_url: str) -> None:
    await world.schedule.add([Delivery(UUID(int=n), "desk", b"{}") for n in range(60)], world.now)
    async with Redis.from_url(valkey_url) as other:

        async def work(schedule: DeliverySchedule) -> None:
            while await world.round(schedule=schedule):
                pass

        await asyncio.gather(work(world.schedule), work(DeliverySchedule(other, "test")))
    assert world.receiver.attempts == 61
    assert {received.count for received in world.receiver.received.values()} == {1}


async def test_a_webhook_that_left_the_rule_file_waits_for_its_return(world: World) -> None:
    endpoints, world.endpoints = world.endpoints, {}
    assert await world.round() == []
    assert await world.schedule.waiting(["desk"]) == {"desk": Waiting(1, 0)}
    world.endpoints = endpoints
    assert len(await world.round()) == 1
