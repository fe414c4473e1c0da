"""Kafka clients from the settings: the same security everywhere, the same promises on every producer."""

from __future__ import annotations

import ssl
from typing import Any

import faust
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, UnknownError, for_code

from services.runtime.settings import Settings
from services.runtime.topics import COMPACTION_LAG_MS, DAY_MS, MAX_MESSAGE_BYTES, TOPICS, TopicPlan


class TopicError(RuntimeError):
    """A topic could not be created; the message names it and the broker's reason."""


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """TLS as configured, None without it. Host names are always checked."""
    if "SSL" not in settings.kafka_security.split("_"):
        return None
    context = ssl.create_default_context(cafile=settings.kafka_ca_file)
    if settings.kafka_cert_file:
        context.load_cert_chain(settings.kafka_cert_file, settings.kafka_key_file)
    return context


def client_options(settings: Settings) -> dict[str, Any]:
    """What every aiokafka client needs to reach the brokers."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.kafka.split(","),
        "security_protocol": settings.kafka_security,
        "ssl_context": ssl_context(settings),
    }
    if settings.kafka_security.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_username,
            "sasl_plain_password": settings.kafka_password.get_secret_value() if settings.kafka_password else None,
        }
    return options


def faust_credentials(settings: Settings) -> Any:
    """The same for Faust: credentials, or None for an open broker."""
    context = ssl_context(settings)
    if settings.kafka_security.startswith("SASL"):
        return faust.SASLCredentials(
            username=settings.kafka_username,
            password=settings.kafka_password.get_secret_value() if settings.kafka_password else None,
            ssl_context=context,
            mechanism=settings.kafka_sasl_mechanism,
        )
    return faust.SSLCredentials(context) if context else None


def new_producer(settings: Settings, *, idempotent: bool = True) -> AIOKafkaProducer:
    """A producer, not yet started, whose acknowledgement means that every in-sync replica has the record, once."""
    return AIOKafkaProducer(
        **client_options(settings),
        acks="all",
        enable_idempotence=idempotent,
        linger_ms=5,
        max_batch_size=256 * 1024,
        max_request_size=MAX_MESSAGE_BYTES,
        request_timeout_ms=30_000,
    )


async def open_producer(settings: Settings) -> AIOKafkaProducer:
    """A started producer. Where the broker knows no idempotence (Tansu) it does without: a repeat may stand twice.

    Raises:
        KafkaError: the brokers are out of reach.
    """
    for idempotent in (True, True, False):
        producer = new_producer(settings, idempotent=idempotent)
        try:
            await producer.start()
            return producer
        except BaseException as error:
            await producer.stop()
            if not (idempotent and type(error) is UnknownError):  # Tansu's answer to InitProducerId
                raise
    raise AssertionError("unreachable")


def new_consumer(settings: Settings, *topics: str, **options: Any) -> AIOKafkaConsumer:
    """A consumer for people's eyes: no group unless asked, from the beginning unless asked."""
    defaults = {
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "max_partition_fetch_bytes": MAX_MESSAGE_BYTES,
    }
    return AIOKafkaConsumer(*topics, **client_options(settings), **(defaults | options))


def topic_configs(plan: TopicPlan, settings: Settings) -> dict[str, str]:
    """A topic's configuration, in Kafka's words."""
    configs = {
        "retention.ms": str(plan.retention_ms),
        "max.message.bytes": str(MAX_MESSAGE_BYTES + 4096),
        "cleanup.policy": ",".join(plan.cleanup_policy),
        # Acknowledged means: on the leader and, where there are more copies, on another one too.
        "min.insync.replicas": str(max(1, settings.replication - 1)),
    }
    if plan.compacted:
        # A story may change as long as Redis knows it, and must be on the topic until then.
        kept = max(plan.retention_ms, (settings.story_days + 2) * DAY_MS)
        configs |= {
            "retention.ms": str(kept),
            "min.compaction.lag.ms": str(COMPACTION_LAG_MS),
            "segment.ms": str(DAY_MS),  # the segment that is written to is never compacted
        }
    return configs


async def create_topics(settings: Settings) -> list[str]:
    """Create the topics that are not there yet; returns their names.

    Raises:
        TopicError: the broker refused one.
    """
    admin = AIOKafkaAdminClient(**client_options(settings))
    await admin.start()
    try:
        there = set(await admin.list_topics())
        missing = [plan for plan in TOPICS if plan.name not in there]
        if missing:
            answer = await admin.create_topics(
                [
                    NewTopic(
                        plan.name,
                        settings.partitions,
                        settings.replication,
                        topic_configs=topic_configs(plan, settings),
                    )
                    for plan in missing
                ]
            )
            for name, code, *why in answer.topic_errors:
                if code not in (0, TopicAlreadyExistsError.errno):
                    raise TopicError(
                        f"topic {name} could not be created: {for_code(code).__name__} {why[0] if why else ''}"
                    )
        return [plan.name for plan in missing]
    finally:
        await admin.close()
