"""Logs (structlog) and metrics (Prometheus) of a service."""

from __future__ import annotations

import logging
import logging.config
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter("rasid_records", "Records by outcome: done, deadletter", ["service", "outcome"])
DEADLETTERS = Counter("rasid_deadletters", "Records set aside, by class of error", ["service", "error"])
STEP_SECONDS = Histogram(
    "rasid_step_seconds",
    "Seconds from a batch's arrival to the brokers' acknowledgements",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60),
)
STEP_RECORDS = Histogram(
    "rasid_step_records", "Records in a batch", ["service"], buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
)
LAST_PROGRESS = Gauge("rasid_last_progress_timestamp_seconds", "When a batch was last acknowledged", ["service"])
LAG = Gauge("rasid_lag_records", "Records not yet acknowledged", ["service", "topic", "partition"])
RETRIES = Counter("rasid_transport_retries", "Waits for Kafka or Redis", ["service", "what"])
PUBLISHED = Counter("rasid_published", "Articles that the brokers acknowledged")
REJECTED = Counter("rasid_rejected", "Articles refused at the door", ["reason"])
MEMORY_SINCE = Gauge(
    "rasid_deduplication_memory_since_timestamp_seconds",
    "From when on Redis remembers articles: copies of what came before it pass for new",
)
MEMORY_LOST = Counter("rasid_deduplication_memory_lost", "Times that Redis was found emptied")
STORIES = Counter("rasid_stories_changed", "States of stories published, by what the last article changed", ["change"])
BACKFILLED = Counter("rasid_backfilled", "Articles too old to page anybody when they arrived")
DELIVERIES = Counter("rasid_deliveries", "Attempts to deliver an alert", ["webhook", "outcome"])
WAITING = Gauge("rasid_deliveries_waiting", "Deliveries scheduled and not yet done", ["webhook", "state"])


def log_settings(service: str, level: str, form: str) -> dict[str, Any]:
    """A `logging.config` dictionary: one line a message on stderr, JSON or for people, also for libraries.

    Faust configures logging itself when its worker starts, so it is given this.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]

    def add_service(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        return {"service": service} | event

    renderer: Any = structlog.dev.ConsoleRenderer()
    if form == "json":
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    quiet = max(logging.WARNING, logging.getLevelName(level))
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, add_service, renderer],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            name: {"level": quiet} for name in ("aiokafka", "faust", "mode", "aiohttp.access", "httpx", "httpcore")
        },
    }


def configure_logs(service: str, level: str, form: str) -> dict[str, Any]:
    """Apply `log_settings` now, and return it."""
    settings = log_settings(service, level, form)
    logging.config.dictConfig(settings)
    return settings


def log(name: str) -> Any:
    """A structlog logger."""
    return structlog.get_logger(name)
