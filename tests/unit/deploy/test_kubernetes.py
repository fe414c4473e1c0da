"""deploy/kubernetes: the same services as docker-compose.yml, with probes, grace and no rights."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from services.runtime.settings import Settings
from tests.compose_commands import ROOT, SERVICES, compose_command

FOLDER = ROOT / "deploy" / "kubernetes"
each_service = pytest.mark.parametrize("service", SERVICES)
each_workload = pytest.mark.parametrize("service", [*SERVICES, "topics"])


@functools.cache
def documents(file: Path) -> list[dict[str, Any]]:
    return list(YAML(typ="safe", pure=True).load_all(file.read_text("utf-8")))


def all_documents() -> list[dict[str, Any]]:
    return [
        one for file in sorted(FOLDER.glob("*.yaml")) if file.name != "kustomization.yaml" for one in documents(file)
    ]


def find(kind: str, name: str) -> dict[str, Any]:
    [found] = [one for one in all_documents() if one["kind"] == kind and one["metadata"]["name"] == name]
    return found


def workload(service: str) -> dict[str, Any]:
    return find("Job" if service == "topics" else "Deployment", service)


def pod(service: str) -> dict[str, Any]:
    spec: dict[str, Any] = workload(service)["spec"]["template"]["spec"]
    return spec


def container(service: str) -> dict[str, Any]:
    [only] = pod(service)["containers"]
    return dict(only)


def test_every_document_says_what_it_is() -> None:
    assert len(all_documents()) >= 15
    for one in all_documents():
        assert {"apiVersion", "kind", "metadata"} <= one.keys()
        assert one["metadata"]["name"]


def test_kustomization_applies_everything_but_the_optional() -> None:
    [kustomization] = documents(FOLDER / "kustomization.yaml")
    files = {file.name for file in FOLDER.glob("*.yaml")}
    assert set(kustomization["resources"]) == files - {"kustomization.yaml", "secret.example.yaml", "autoscaling.yaml"}
    assert kustomization["namespace"] == find("Namespace", "rasid")["metadata"]["name"]


@each_workload
def test_runs_the_command_of_the_compose_file(service: str) -> None:
    assert container(service)["command"] == compose_command(service)


@each_service
def test_selects_its_own_pods(service: str) -> None:
    labels = workload(service)["spec"]["template"]["metadata"]["labels"]
    assert labels == {"app.kubernetes.io/name": "rasid", "app.kubernetes.io/component": service}
    assert workload(service)["spec"]["selector"]["matchLabels"] == labels
    budget = find("PodDisruptionBudget", service)["spec"]
    assert budget == {"maxUnavailable": 1, "selector": {"matchLabels": labels}}


@each_service
def test_is_probed_on_the_port_where_it_serves_its_health(service: str) -> None:
    ports = {port["name"]: port["containerPort"] for port in container(service)["ports"]}
    settings = find("ConfigMap", "rasid-settings")["data"]
    assert ports["health"] == int(settings["RASID_HEALTH_PORT"])
    assert settings["RASID_HEALTH_HOST"] == "0.0.0.0"
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container(service)[probe]["httpGet"] == {"path": "/healthz", "port": "health"}


@each_service
def test_has_a_minute_to_finish(service: str) -> None:
    assert pod(service)["terminationGracePeriodSeconds"] == 60


@each_workload
def test_has_no_rights_and_bounded_resources(service: str) -> None:
    assert pod(service)["securityContext"]["runAsNonRoot"] is True
    assert pod(service)["securityContext"]["runAsUser"] > 0
    assert pod(service)["automountServiceAccountToken"] is False
    assert container(service)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    for bound in ("requests", "limits"):
        assert container(service)["resources"][bound].keys() == {"cpu", "memory"}


@each_workload
def test_mounts_only_volumes_that_it_has_and_can_write_to_tmp(service: str) -> None:
    volumes = {volume["name"] for volume in pod(service)["volumes"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container(service)["volumeMounts"]}
    assert mounts.keys() == volumes
    assert mounts["tmp"] == "/tmp"


def test_every_variable_is_a_setting_and_its_value_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {f"RASID_{name.upper()}" for name in Settings.model_fields}
    given = dict(find("ConfigMap", "rasid-settings")["data"]) | find("Secret", "rasid-secrets")["stringData"]
    for service in SERVICES:
        given |= {one["name"]: one["value"] for one in container(service).get("env", []) if "value" in one}
    assert given.keys() <= known
    for name, value in given.items():
        assert isinstance(value, str), f"{name}: a number must stand in quotation marks"
        monkeypatch.setenv(name, value)
    assert Settings().kafka == given["RASID_KAFKA"]


@each_workload
def test_reads_settings_and_secrets_that_there_are(service: str) -> None:
    for source in container(service)["envFrom"]:
        if "configMapRef" in source:
            assert find("ConfigMap", source["configMapRef"]["name"])
        else:
            assert find("Secret", source["secretRef"]["name"])
            assert source["secretRef"]["optional"] is True


def test_the_door_for_articles_needs_a_token() -> None:
    [token] = [one for one in container("producer")["env"] if one["name"] == "RASID_PRODUCER_HTTP_TOKEN"]
    reference = token["valueFrom"]["secretKeyRef"]
    assert reference["key"] in find("Secret", reference["name"])["stringData"]
    assert "optional" not in reference
    [port] = find("Service", "producer")["spec"]["ports"]
    assert port["targetPort"] in {one["name"] for one in container("producer")["ports"]}


def test_alerting_starts_with_the_rules_of_the_compose_file() -> None:
    rules = find("ConfigMap", "rasid-rules")["data"]["rules.yaml"]
    assert rules == (ROOT / "deploy" / "rules.yaml").read_text("utf-8")
    [volume] = [one for one in pod("alerting")["volumes"] if one["name"] == "rules"]
    assert volume["configMap"]["name"] == "rasid-rules"
    [mount] = [one for one in container("alerting")["volumeMounts"] if one["name"] == "rules"]
    [path] = [one["value"] for one in container("alerting")["env"] if one["name"] == "RASID_RULES"]
    assert path == f"{mount['mountPath']}/rules.yaml"


def test_scaling_stops_at_the_number_of_partitions() -> None:
    partitions = int(find("ConfigMap", "rasid-settings")["data"]["RASID_PARTITIONS"])
    scalers = documents(FOLDER / "autoscaling.yaml")
    assert scalers
    for scaler in scalers:
        assert scaler["spec"]["scaleTargetRef"]["name"] in SERVICES
        assert scaler["spec"]["maxReplicas"] <= partitions
