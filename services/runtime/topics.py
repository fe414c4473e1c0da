"""The names of the topics, what they carry and how long."""

from __future__ import annotations

from dataclasses import dataclass

RAW = "articles.raw"
NORMALIZED = "articles.normalized"
EXTRACTED = "articles.extracted"
DEDUPLICATED = "articles.deduplicated"
STORIES = "stories"
ALERTS = "alerts"
ALERTS_LOG = "alerts.log"
DEADLETTERS = "deadletters"

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class TopicPlan:
    """How a topic is created. `retention_ms` in milliseconds; keyed by article id, stories by theirs, alerts by rule and story.

    Of a `compacted` topic the latest record of each key is the state: Kafka drops the earlier ones after
    `COMPACTION_LAG_MS`, and by `retention_ms` also the latest of what has not changed for so long. Without that an open
    story would stay for ever, as none is ever closed.
    """

    name: str
    retention_ms: int
    carries: str
    compacted: bool = False

    @property
    def cleanup_policy(self) -> list[str]:
        """What the broker may do with old records, in Kafka's words."""
        return ["compact", "delete"] if self.compacted else ["delete"]


TOPICS: tuple[TopicPlan, ...] = (
    TopicPlan(RAW, 7 * DAY_MS, "articles as they came in"),
    TopicPlan(NORMALIZED, 3 * DAY_MS, "repaired text, two forms, offsets"),
    TopicPlan(EXTRACTED, 3 * DAY_MS, "entities, places, dates, events, claims"),
    TopicPlan(DEDUPLICATED, 14 * DAY_MS, "the whole record with its relation and story: read this one"),
    TopicPlan(STORIES, 32 * DAY_MS, "each story after each change, and what changed", compacted=True),
    TopicPlan(ALERTS, 14 * DAY_MS, "what rules found: the outbox of the webhooks"),
    TopicPlan(ALERTS_LOG, 14 * DAY_MS, "every attempt to deliver an alert"),
    TopicPlan(DEADLETTERS, 30 * DAY_MS, "records that could not be processed, bytes untouched"),
)

MAX_MESSAGE_BYTES = 8 << 20
"""Largest record on any topic: a text of 256 KiB in three forms with all that was found in it fits."""

COMPACTION_LAG_MS = 2 * DAY_MS
"""A reader that lags less than this sees every change of a story, not only the latest state."""
