"""How topics are created."""

from __future__ import annotations

from services.runtime.kafka import topic_configs
from services.runtime.settings import Settings
from services.runtime.topics import DAY_MS, DEDUPLICATED, STORIES, TOPICS

PLANS = {plan.name: plan for plan in TOPICS}


def test_only_stories_are_compacted() -> None:
    policies = {name: topic_configs(plan, Settings())["cleanup.policy"] for name, plan in PLANS.items()}
    assert policies.pop(STORIES) == "compact,delete"
    assert set(policies.values()) == {"delete"}


def test_a_story_stays_on_its_topic_as_long_as_it_may_change() -> None:
    usual, long = (topic_configs(PLANS[STORIES], Settings(story_days=days)) for days in (30, 90))
    assert int(usual["retention.ms"]) >= 30 * DAY_MS
    assert int(long["retention.ms"]) > 90 * DAY_MS
    assert int(usual["segment.ms"]) <= int(usual["min.compaction.lag.ms"])


def test_acknowledged_means_on_all_copies_but_one() -> None:
    for replication, in_sync in ((1, "1"), (2, "1"), (3, "2")):
        configs = topic_configs(PLANS[DEDUPLICATED], Settings(replication=replication))
        assert configs["min.insync.replicas"] == in_sync
