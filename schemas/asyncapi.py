"""The AsyncAPI 3 document: which topics there are, who writes and reads them, and what their messages look like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.alerts import Alert
from schemas.alerts_log import DeliveryAttempt
from schemas.articles_deduplicated import DeduplicatedArticle
from schemas.articles_extracted import ExtractedArticle
from schemas.articles_normalized import NormalizedArticle
from schemas.articles_raw import RawArticle
from schemas.record import Record
from schemas.stories import Story
from services.runtime import topics
from services.runtime.topics import MAX_MESSAGE_BYTES, TOPICS, TopicPlan

RecordType = type[RawArticle] | type[Story] | type[Alert] | type[DeliveryAttempt]

MODELS: Mapping[str, RecordType] = {
    topics.RAW: RawArticle,
    topics.NORMALIZED: NormalizedArticle,
    topics.EXTRACTED: ExtractedArticle,
    topics.DEDUPLICATED: DeduplicatedArticle,
    topics.STORIES: Story,
    topics.ALERTS: Alert,
    topics.ALERTS_LOG: DeliveryAttempt,
}

# stage, its service, the topic it reads, the topic it writes (dead letters apart)
STAGES: tuple[tuple[str, str, str | None, str], ...] = (
    ("producer", "producer", None, topics.RAW),
    ("normalization", "normalization", topics.RAW, topics.NORMALIZED),
    ("extraction", "extraction", topics.NORMALIZED, topics.EXTRACTED),
    ("deduplication", "deduplication", topics.EXTRACTED, topics.DEDUPLICATED),
    ("stories", "deduplication", None, topics.STORIES),
    ("alerting", "alerting", topics.DEDUPLICATED, topics.ALERTS),
    ("delivery", "alerting", topics.ALERTS, topics.ALERTS_LOG),
)

KEYS = {
    topics.STORIES: "the story's id: the latest record is its state",
    topics.ALERTS: "rule and story: the alerts of one story under one rule stay in order",
    topics.ALERTS_LOG: "the alert's id",
    topics.DEADLETTERS: "the key of the record as it was",
}
ARTICLE_KEY = "the article's id: revisions of an article stay in order"

DEAD_LETTER_HEADERS: Mapping[str, dict[str, Any]] = {
    "rasid-stage": {"type": "string", "description": "the service that set it aside"},
    "rasid-topic": {"type": "string", "description": "the topic it stood on"},
    "rasid-partition": {"type": "string", "pattern": r"^\d+$", "description": "its partition there"},
    "rasid-offset": {"type": "string", "pattern": r"^\d+$", "description": "its offset there"},
    "rasid-kind": {
        "type": "string",
        "enum": ["permanent", "poison", "too_large"],
        "description": "permanent: wrong, and wrong again at every try; poison: it ended or hung its process three times; "
        "too_large: what comes out of it is larger than a topic takes",
    },
    "rasid-error-class": {"type": "string", "description": "class of the error"},
    "rasid-error": {"type": "string", "description": "message of the error, at most 4,096 bytes"},
    "rasid-traceback": {"type": "string", "description": "where it was raised, at most 4,096 bytes"},
}
# only on a dead letter that had to be cut to fit the topic, or that had neither key nor value
CUT_LETTER_HEADERS: Mapping[str, dict[str, Any]] = {
    "rasid-original-bytes": {"type": "string", "pattern": r"^\d+$", "description": "size of the whole value"},
    "rasid-original-sha256": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "SHA-256 of the whole value",
    },
    "rasid-original-key-bytes": {
        "type": "string",
        "pattern": r"^\d+$",
        "description": "size of a key over 4 KiB, in whose place its SHA-256 stands",
    },
    "rasid-headers-left-out": {"type": "string", "description": "why the record's own headers are not here"},
    "rasid-original-null": {"type": "string", "description": "what the record did not have"},
}


def schema_file(model: RecordType) -> str:
    """Name of a model's JSON Schema file, as in `rasid.articles.raw.v1.json`."""
    return f"{model.schema_name}.v{model.schema_version}.json"


def _camel(topic: str) -> str:
    head, *tail = topic.split(".")
    return head + "".join(word.capitalize() for word in tail)


def _record_headers(model: RecordType) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["schema", "content-type", "traceparent"],
        "properties": {
            "schema": {
                "type": "string",
                "const": f"{model.schema_name}/{model.schema_version}",
                "description": "name and version of the value's schema",
            },
            "content-type": {"type": "string", "const": "application/json"},
            "traceparent": {
                "type": "string",
                "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
                "description": "W3C trace context, the same in every stage and at every repeat",
            },
        },
    }


def _message(topic: str, model: RecordType, example: Record) -> dict[str, Any]:
    return {
        "name": model.__name__,
        "title": f"{model.schema_name}/{model.schema_version}",
        "summary": (model.__doc__ or "").splitlines()[0],
        "contentType": "application/json",
        "headers": _record_headers(model),
        "payload": {"$ref": f"./json/{schema_file(model)}"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": KEYS.get(topic, ARTICLE_KEY)}, "bindingVersion": "0.5.0"}
        },
        "examples": [{"name": model.__name__, "payload": example.model_dump(mode="json")}],
    }


def _dead_letter() -> dict[str, Any]:
    return {
        "name": "DeadLetter",
        "title": "A record that could not be processed",
        "summary": "Key and value are the original bytes, which may be anything; the headers say what was wrong.",
        "description": "The record's own headers are kept beside these. A value too large for the topic is cut to its first "
        "64 KiB, and two headers more give the size and the hash of the whole.",
        "contentType": "application/octet-stream",
        "headers": {
            "type": "object",
            "required": list(DEAD_LETTER_HEADERS),
            "properties": {**DEAD_LETTER_HEADERS, **CUT_LETTER_HEADERS},
        },
        "payload": {"description": "the bytes as they stood on the topic they came from"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": KEYS[topics.DEADLETTERS]}, "bindingVersion": "0.5.0"}
        },
    }


def _webhook_message() -> dict[str, Any]:
    return {
        "name": "AlertWebhook",
        "title": "An alert, pushed",
        "summary": "A POST signed by Standard Webhooks; its body is the alert as it stands on the topic `alerts`.",
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
            "properties": {
                "webhook-id": {
                    "type": "string",
                    "format": "uuid",
                    "description": "the alert's id: the same at every try, so that a receiver can leave out what it has had",
                },
                "webhook-timestamp": {
                    "type": "string",
                    "pattern": r"^\d+$",
                    "description": "seconds since 1970 of this try",
                },
                "webhook-signature": {
                    "type": "string",
                    "pattern": "^v1,",
                    "description": "HMAC-SHA256 of id, timestamp and body; two, separated by a space, while a secret is rotated",
                },
            },
        },
        "payload": {"$ref": f"./json/{schema_file(Alert)}"},
    }


def _channel(plan: TopicPlan) -> dict[str, Any]:
    name = MODELS[plan.name].__name__ if plan.name in MODELS else "DeadLetter"
    return {
        "address": plan.name,
        "title": plan.name,
        "description": plan.carries,
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {
            "kafka": {
                "topic": plan.name,
                "topicConfiguration": {"cleanup.policy": plan.cleanup_policy, "retention.ms": plan.retention_ms},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operation(service: str, action: str, topic: str, summary: str) -> dict[str, Any]:
    name = MODELS[topic].__name__ if topic in MODELS else "DeadLetter"
    channel = f"#/channels/{_camel(topic)}"
    operation: dict[str, Any] = {
        "action": action,
        "channel": {"$ref": channel},
        "summary": summary,
        "tags": [{"name": service}],
        "messages": [{"$ref": f"{channel}/messages/{name}"}],
    }
    if action == "receive":
        group = {"type": "string", "const": f"rasid-{service}"}
        operation["bindings"] = {"kafka": {"groupId": group, "bindingVersion": "0.5.0"}}
    return operation


def _operations() -> dict[str, Any]:
    operations = {}
    for stage, service, reads, writes in STAGES:
        if reads:
            operations[f"{stage}Reads"] = _operation(service, "receive", reads, f"{stage} reads {reads}")
        operations[f"{stage}Writes"] = _operation(
            service, "send", writes, f"{service if stage == writes else stage} writes {writes}"
        )
        if reads:
            operations[f"{stage}SetsAside"] = _operation(
                service, "send", topics.DEADLETTERS, f"{stage} sets aside what it cannot process"
            )
    operations["deliveryPosts"] = {
        "action": "send",
        "channel": {"$ref": "#/channels/webhook"},
        "summary": "delivery posts each alert to the webhooks of its rule, and tries again until a 2xx answer",
        "tags": [{"name": "alerting"}],
        "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
        "messages": [{"$ref": "#/channels/webhook/messages/AlertWebhook"}],
    }
    return operations


def asyncapi_document(examples: list[Record]) -> dict[str, Any]:
    """The whole document. `examples` has one record of each topic model."""
    by_model: dict[type[Record], Record] = {type(example): example for example in examples}
    messages = {model.__name__: _message(topic, model, by_model[model]) for topic, model in MODELS.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Rasid",
            "version": "1",
            "description": "Arabic news as a stream of what is new. Records are delivered at least once, and a repeat is the "
            "same to the byte. Fields may be added; readers tolerate those that they do not know. "
            f"No message is larger than {MAX_MESSAGE_BYTES >> 20} MiB. Generated by `python -m schemas.export`.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "the brokers that RASID_KAFKA names; TLS and SASL where RASID_KAFKA_SECURITY says so",
                "variables": {
                    "bootstrap": {"default": "localhost:9092", "description": "bootstrap servers, host:port"}
                },
            },
            "webhook": {
                "host": "{endpoint}",
                "protocol": "https",
                "description": "the endpoints that the rule file names",
                "variables": {"endpoint": {"default": "alerts.example.org", "description": "host of an endpoint"}},
            },
        },
        "channels": {
            **{_camel(plan.name): _channel(plan) for plan in TOPICS},
            "webhook": {
                "address": None,
                "title": "webhook",
                "description": "signed alerts; each endpoint has the address that the rule file gives it",
                "servers": [{"$ref": "#/servers/webhook"}],
                "messages": {"AlertWebhook": {"$ref": "#/components/messages/AlertWebhook"}},
            },
        },
        "operations": _operations(),
        "components": {"messages": {**messages, "DeadLetter": _dead_letter(), "AlertWebhook": _webhook_message()}},
    }
