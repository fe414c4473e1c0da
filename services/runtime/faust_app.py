"""The Faust app of a service: the settings under which Faust loses nothing, and the wiring of a stage to its topics.

Why each setting has its value stands beside it; the crash tests hold the whole.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faust
import uvloop
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from faust.exceptions import ProducerSendError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer

from services.runtime import telemetry
from services.runtime.deadletters import Origin, OutputTooLarge
from services.runtime.flight import FlightLedger
from services.runtime.health import STUCK_SECONDS, HealthServer
from services.runtime.kafka import faust_credentials
from services.runtime.settings import Settings
from services.runtime.state import new_redis
from services.runtime.step import Incoming, Outgoing, SendError, Stage, StepLoop
from services.runtime.topics import MAX_MESSAGE_BYTES, TOPICS

WITHIN_SECONDS = 0.05
ACKNOWLEDGED_WITHIN = 35.0  # a little over the producer's own time-out


class Service:
    """A service's process: its Faust app, its Redis client, its health server."""

    def __init__(self, name: str, settings: Settings | None = None, *, consumes: bool = True) -> None:
        tune_process()
        self.name = name
        self.settings = settings or Settings()
        self.app = new_app(name, self.settings)
        self.app.producer_only = not consumes  # a consumer without topics crashes
        self.redis = new_redis(self.settings)
        self.flight = FlightLedger(self.redis, self.settings.redis_prefix, f"rasid-{name}")
        # A step may wait for Kafka or Redis, and for acknowledgements after that, before its process ends by itself.
        patience = max(STUCK_SECONDS, self.settings.retry_seconds + 75, self.settings.record_timeout + 15)
        self.health = HealthServer(name, self.app, self.settings.health_host, self.settings.health_port, patience)
        self._topics = {plan.name: raw_topic(self.app, plan.name) for plan in TOPICS}
        self.app.task(self.health.start)

    async def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Send all and await every acknowledgement.

        Raises:
            SendError: the broker did not acknowledge all in time.
            OutputTooLarge: the broker or the client refused one as too large; others may have been sent.
        """
        try:
            waiting = [
                await self._topics[one.topic].send(key=one.key, value=one.value, headers=one.headers)
                for one in outgoing
            ]
            await asyncio.wait_for(asyncio.gather(*waiting), ACKNOWLEDGED_WITHIN)
        except (KafkaError, ProducerSendError, TimeoutError) as error:
            if isinstance(error, MessageSizeTooLargeError) or isinstance(error.__cause__, MessageSizeTooLargeError):
                raise OutputTooLarge(f"the broker takes no message of that size: {error}") from error
            raise SendError(f"{type(error).__name__}: {error}") from error

    def agent(self, stage: Stage[Any, Any, Any], batch_records: int) -> Any:
        """A Faust agent that runs the stage over its topic.

        `batch_records` bounds a step: batch times the time a record takes should stay under a second.
        """
        settings = self.settings
        limit = settings.batch_records or batch_records
        loop: StepLoop[Any, Any, Any] = StepLoop(
            stage,
            self.send,
            self.flight,
            record_timeout=settings.record_timeout,
            retry_seconds=settings.retry_seconds,
        )
        self.health.watch(loop.progress)

        async def run(stream: Any) -> None:
            # Inline on purpose: a variable that holds the iterator hangs the shutdown.
            async for events in stream.take_events(limit, within=WITHIN_SECONDS):
                await loop.step([incoming(event) for event in events])

        run.__name__ = stage.service
        gc.collect()
        gc.freeze()  # models and lists stay for good: collections that walk them would pause the loop
        return self.app.agent(self._topics[stage.reads], concurrency=1, name=f"{stage.service}-{stage.reads}")(run)


def tune_process() -> None:
    """uvloop for the worker's loops, and a garbage collector that looks less often: records make many short-lived objects.

    Together about a tenth of a worker's CPU. Does nothing where a loop runs already, as in tests.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        gc.set_threshold(20_000, 20, 20)


def incoming(event: Any) -> Incoming:
    """A Faust event as a record."""
    message = event.message
    headers = message.headers or ()
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    origin = Origin(message.topic, message.partition, message.offset)
    return Incoming(origin, message.key, message.value, pairs, message.timestamp or 0.0)


def raw_topic(app: Any, name: str) -> Any:
    """A topic of raw bytes: what Faust cannot decode it acknowledges and loses, so it decodes nothing."""
    return app.topic(name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")


def consumer_class(fetch_wait_ms: int) -> type[Consumer]:
    """Faust's consumer, but for how long the broker may hold a fetch: Faust fixes 1,500 ms, which Tansu waits out."""

    class PromptThread(AIOKafkaConsumerThread):  # type: ignore[misc]
        def _create_worker_consumer(self, transport: Any) -> Any:
            consumer = super()._create_worker_consumer(transport)
            consumer._fetch_max_wait_ms = fetch_wait_ms
            return consumer

    class PromptConsumer(Consumer):  # type: ignore[misc]
        def _new_consumer_thread(self) -> PromptThread:
            return PromptThread(self, loop=self.loop, beacon=self.beacon)

    return PromptConsumer


def new_app(name: str, settings: Settings) -> Any:
    """A Faust app that loses nothing."""
    app = faust.App(
        f"rasid-{name}",
        broker=[f"kafka://{server}" for server in settings.kafka.split(",")],
        broker_credentials=faust_credentials(settings),
        broker_client_id=f"rasid-{name}-{socket.gethostname()}-{os.getpid()}",
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.session_timeout / 4,
        broker_rebalance_timeout=settings.session_timeout,
        broker_request_timeout=max(90.0, settings.session_timeout + 10),
        broker_max_poll_interval=600.0,
        broker_commit_interval=1.0,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=MAX_MESSAGE_BYTES,
        producer_acks=-1,
        producer_linger=0.0,
        producer_request_timeout=30.0,  # Faust's 20 minutes would hide a lost broker
        producer_max_request_size=MAX_MESSAGE_BYTES,
        producer_max_batch_size=256 * 1024,
        topic_partitions=settings.partitions,
        topic_replication_factor=settings.replication,
        topic_allow_declare=False,  # `rasid topics create` makes them, with their retention
        topic_disable_leader=True,
        table_standby_replicas=0,
        stream_wait_empty=True,  # a rebalance waits until the batch is through
        stream_buffer_maxsize=256,
        stream_processing_timeout=max(300.0, 2 * settings.retry_seconds),
        worker_redirect_stdouts=False,
        logging_config=telemetry.configure_logs(name, settings.log_level, settings.log_format),
        autodiscover=False,
        datadir=os.environ.get("FAUST_DATADIR")
        or str(Path(tempfile.gettempdir()) / "rasid-faust"),  # no tables: stays empty
        web_enabled=False,
    )
    app.transport.Consumer = consumer_class(settings.fetch_wait_ms)
    return app
