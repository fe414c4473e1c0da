"""Which brokers the tests can run on here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.brokers import Kafka, Tansu, kafka_is_missing

settings.register_profile("rasid", deadline=None)  # the machines that test are shared: no timing is asserted
settings.load_profile("rasid")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests on Apache Kafka skip where it cannot run, but never in CI; the longest runs wait for `make chaos`."""
    missing = kafka_is_missing()
    must = bool(os.environ.get("RASID_TEST_KAFKA"))
    chaos = "chaos" in (config.getoption("-m") or "")
    for item in items:
        if item.get_closest_marker("kafka") and missing and not must:
            item.add_marker(pytest.mark.skip(reason=missing))
        if item.get_closest_marker("chaos") and not chaos:
            item.add_marker(pytest.mark.skip(reason="one of the longest runs: make chaos"))


@pytest.fixture
def kafka(tmp_path: Path) -> Kafka:
    """Apache Kafka, not yet started."""
    return Kafka(tmp_path)


@pytest.fixture
def tansu(tmp_path: Path) -> Tansu:
    """The embedded broker, not yet started."""
    return Tansu(tmp_path)


@pytest.fixture(params=["tansu", pytest.param("kafka", marks=pytest.mark.kafka)])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Kafka | Tansu:
    """Each broker in turn, not yet started."""
    return Tansu(tmp_path) if request.param == "tansu" else Kafka(tmp_path)
