"""Prometheus and Grafana files: they ask only for metrics that the services give."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import REGISTRY
from ruamel.yaml import YAML

from services.runtime import telemetry
from services.runtime.settings import Settings
from tests.compose_commands import ROOT, SERVICES, compose_environment, load_compose

PROMETHEUS = ROOT / "deploy" / "prometheus"
GRAFANA = ROOT / "deploy" / "grafana"
OTHERS = {"up", "process_cpu_seconds_total", "process_resident_memory_bytes"}


def load(path: Any) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


def rules() -> list[dict[str, Any]]:
    return [rule for group in load(PROMETHEUS / "alerts.yml")["groups"] for rule in group["rules"]]


def dashboard() -> Any:
    return json.loads((GRAFANA / "dashboards" / "rasid.json").read_text("utf-8"))


def expressions() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in dashboard()["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def given_metrics() -> dict[str, set[str]]:
    """Series name to label names, of all that telemetry registers."""
    found: dict[str, set[str]] = {}
    for metric in vars(telemetry).values():
        if (family := getattr(metric, "_name", None)) and (labels := getattr(metric, "_labelnames", None)) is not None:
            kind = metric._type
            suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(kind, [""])
            found |= {family + suffix: set(labels) | ({"le"} if kind == "histogram" else set()) for suffix in suffixes}
    return found


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_asks_for_metrics_and_labels_that_there_are(where: str, expression: str) -> None:
    given = given_metrics()
    named = set(re.findall(r"\b(?:rasid_\w+|process_\w+|up)\b", expression))
    assert named, where
    assert named <= given.keys() | OTHERS
    labels = {"job", "instance"}.union(*(given.get(name, set()) for name in named))
    for grouped in re.findall(r"(?:by|on) \(([^)]*)\)", expression):
        assert {label.strip() for label in grouped.split(",")} <= labels
    for matched in re.findall(r"{([^}]*)}", expression):
        assert set(re.findall(r"(\w+)\s*[=!]~?", matched)) <= labels
    assert expression.count("(") == expression.count(")")


def test_the_metrics_are_registered_under_these_names() -> None:
    registered = {metric.name for metric in REGISTRY.collect()}
    assert {"rasid_records", "rasid_lag_records", "rasid_deadletters", "rasid_deliveries"} <= registered


def test_alerts_watch_lag_dead_letters_deliveries_memory_and_whether_anybody_is_there() -> None:
    watched = " ".join(rule["expr"] for rule in rules())
    for name in (
        "rasid_lag_records",
        "rasid_deadletters_total",
        "rasid_deliveries_total",
        "rasid_last_progress_timestamp",
        "rasid_deduplication_memory_lost_total",
    ):
        assert name in watched
    [absent] = [rule["expr"] for rule in rules() if rule["alert"] == "RasidServiceAbsent"]
    assert set(re.findall(r'job="(\w+)"', absent)) == set(SERVICES)


def test_a_shorter_memory_is_announced_for_as_long_as_copies_are_recognised() -> None:
    [expr] = [rule["expr"] for rule in rules() if rule["alert"] == "RasidDeduplicationRemembersLess"]
    days = Settings.model_fields["dedup_days"].default
    assert f"(rasid_deduplication_memory_since_timestamp_seconds > 0)[{days}d:" in expr
    assert compose_environment("deduplication")["RASID_DEDUP_DAYS"] == str(days)


def test_alerts_say_what_happened_and_what_to_look_at() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"].keys() == {"summary", "description"}


def test_prometheus_finds_every_replica_of_every_service() -> None:
    [job] = load(PROMETHEUS / "prometheus.yml")["scrape_configs"]
    [found] = job["dns_sd_configs"]
    assert set(found["names"]) == set(SERVICES)
    assert {found["port"]} == {int(compose_environment(service)["RASID_HEALTH_PORT"]) for service in SERVICES}
    for file in load(PROMETHEUS / "prometheus.yml")["rule_files"]:
        assert (PROMETHEUS / file).exists()


def test_panels_have_titles_of_their_own_and_a_source_that_is_provisioned() -> None:
    [source] = load(GRAFANA / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    panels = dashboard()["panels"]
    assert len({panel["title"] for panel in panels}) == len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {source["uid"]}
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in load_compose()["services"]


def test_grafana_reads_dashboards_from_where_they_are_mounted() -> None:
    [provider] = load(GRAFANA / "provisioning" / "dashboards" / "rasid.yml")["providers"]
    grafana = load_compose()["services"]["grafana"]
    mounts = dict(volume.split(":")[:2] for volume in grafana["volumes"])
    assert mounts["./deploy/grafana/dashboards"] == provider["options"]["path"]
    assert mounts["./deploy/grafana/provisioning"] == "/etc/grafana/provisioning"
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/rasid.json"
