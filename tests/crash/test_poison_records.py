"""Records that raise, end or hang their process, or are no records at all: set aside, and nobody waits behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.runtime.topics import NORMALIZED
from tests.crash import faults
from tests.support.articles import articles
from tests.support.brokers import Kafka, Tansu
from tests.support.run import running

pytestmark = pytest.mark.crash

UNDECODABLE = {
    "not JSON": b"\xff\xfe\x00 no json",
    "empty": b"",
    "JSON of another shape": b'{"id": 1}',
    "a wrong time": b'{"id":"a","record_id":"7b0c4f4e-7a0e-4a53-8a0e-000000000001","source":"s","text":"t","fetched_at":"never"}',
    "deep nesting": b"[" * 100_000,
}


async def test_poison_is_set_aside_and_everything_else_comes_through(broker: Kafka | Tansu, tmp_path: Path) -> None:
    # After each death the broker waits 6 s for the dead: on the embedded one, a smoke test with one such record.
    deadly = [faults.KILL, faults.HANG] if broker.name == "kafka" else [faults.KILL]
    good = list(articles(120))
    bad = {
        fault: one.model_copy(update={"id": f"bad-{number}", "text": f"{one.text} {fault}"})
        for number, (fault, one) in enumerate(zip([faults.RAISE, *deadly], articles(3, seed=9), strict=False))
    }
    async with running(broker, tmp_path, "extraction", "deduplication", RASID_RECORD_TIMEOUT="3") as run:
        names = await run.publish(good[:40])
        bad_names = await run.publish(bad.values())
        raw_names = {await run.publish_bytes(value): label for label, value in UNDECODABLE.items()}
        raw_names[await run.publish_bytes(None)] = "no value"
        names |= await run.publish(good[40:])
        run.pipeline.start("normalization", app="tests.crash.faults")
        every = names | bad_names | raw_names.keys()
        await run.until_through(every, 200)
        run.assert_nothing_lost(every)
        assert set(run.account.dead) == bad_names | raw_names.keys()
        kinds = {fault: run.account.dead[one.record_id.hex]["kind"] for fault, one in bad.items()}
        assert kinds == dict.fromkeys(deadly, "poison") | {faults.RAISE: "permanent"}
        for name, label in raw_names.items():
            assert run.account.dead[name]["error-class"] == "WireError", label
        assert names <= set(run.account.seen[NORMALIZED])
        # Each ends three processes; those that meet in one batch share the first of them.
        assert 1 + 2 * len(deadly) <= len(run.restarts) <= 3 * len(deadly)
