"""docker-compose.yml, read as Compose reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from compose_spec import PyCompose
from compose_spec.models import ComposeSpecification

from services.alerting.endpoints import find_endpoints
from services.alerting.rulefile import read_rules
from services.runtime.settings import Settings
from services.runtime.topics import MAX_MESSAGE_BYTES
from tests.compose_commands import (
    COMPOSE_FILE,
    ROOT,
    SERVICES,
    compose_command,
    compose_environment,
    interpolate,
    load_compose,
)

COMPOSE = load_compose()
OURS = (*SERVICES, "topics")
RUNNING = tuple(name for name in COMPOSE["services"] if name != "topics")
each_service = pytest.mark.parametrize("service", SERVICES)


def seconds(duration: str) -> int:
    match = re.fullmatch(r"(\d+)(s|m)", duration)
    assert match, duration
    return int(match[1]) * {"s": 1, "m": 60}[match[2]]


def lost_keys(given: Any, kept: Any, path: str = "") -> Iterator[str]:
    if isinstance(given, dict):
        for key, item in given.items():
            if key.startswith("x-"):
                continue
            if not isinstance(kept, dict) or key not in kept:
                yield f"{path}/{key}"
            else:
                yield from lost_keys(item, kept[key], f"{path}/{key}")


class TestSpecification:
    def test_compose_accepts_the_file(self) -> None:
        project = PyCompose.from_json(json.dumps(COMPOSE))
        project.validate()
        assert set(project.service_names()) == set(COMPOSE["services"])

    def test_every_key_is_one_that_the_specification_knows(self) -> None:
        model = ComposeSpecification.model_validate(COMPOSE)
        kept = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert list(lost_keys(COMPOSE, kept)) == []

    @pytest.mark.parametrize(
        ("right", "wrong"), [("healthcheck:", "helthcheck:"), ("depends_on:", "depend_on:"), ("restart:", "restarts:")]
    )
    def test_a_slip_of_the_pen_would_be_found(self, right: str, wrong: str) -> None:
        slipped = json.dumps(COMPOSE).replace(f'"{right[:-1]}"', f'"{wrong[:-1]}"')
        with pytest.raises(ValueError, match=wrong[:-1]):
            PyCompose.from_json(slipped)

    def test_what_is_referred_to_is_there(self) -> None:
        for name, service in COMPOSE["services"].items():
            for other in service.get("depends_on", {}):
                assert other in COMPOSE["services"], name
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], volume

    def test_a_newcomer_needs_to_set_nothing(self) -> None:
        assert ":?" not in COMPOSE_FILE.read_text("utf-8")
        for name in COMPOSE["services"]:
            assert all(compose_environment(name).values()), f"{name} has an empty variable"


class TestServices:
    @each_service
    def test_run_faust_in_exec_form(self, service: str) -> None:
        words = ["faust", "-A", f"services.{service}.app", "worker", "--without-web", "-l", "info"]
        assert COMPOSE["services"][service]["command"] == words == compose_command(service)

    def test_topics_are_made_once_before_anything_runs(self) -> None:
        topics = COMPOSE["services"]["topics"]
        assert topics["command"] == ["rasid", "topics", "create"]
        assert topics["restart"] == "no"
        assert topics["depends_on"] == {"kafka": {"condition": "service_healthy"}}

    @each_service
    def test_wait_for_topics_kafka_and_valkey(self, service: str) -> None:
        conditions = {name: how["condition"] for name, how in COMPOSE["services"][service]["depends_on"].items()}
        assert conditions == {
            "kafka": "service_healthy",
            "valkey": "service_healthy",
            "topics": "service_completed_successfully",
        }

    @each_service
    def test_have_a_minute_to_finish_and_start_again_by_themselves(self, service: str) -> None:
        assert seconds(COMPOSE["services"][service]["stop_grace_period"]) == 60
        assert COMPOSE["services"][service]["restart"] == "unless-stopped"

    @each_service
    def test_scale(self, service: str) -> None:
        definition = COMPOSE["services"][service]
        assert "container_name" not in definition
        assert "hostname" not in definition
        assert ("ports" in definition) == (service == "producer")

    @each_service
    def test_are_asked_for_their_health_where_they_serve_it(self, service: str) -> None:
        test = COMPOSE["services"][service]["healthcheck"]["test"]
        environment = compose_environment(service)
        assert test[:3] == ["CMD", "python", "-c"]
        assert f"http://127.0.0.1:{environment['RASID_HEALTH_PORT']}/healthz" in test[3]
        assert environment["RASID_HEALTH_HOST"] == "0.0.0.0"
        compile(test[3], "healthcheck", "exec")

    @pytest.mark.parametrize("service", OURS)
    def test_are_one_image_without_rights(self, service: str) -> None:
        definition = COMPOSE["services"][service]
        assert definition["build"] == {"context": ".", "dockerfile": "deploy/Dockerfile"}
        assert definition["image"] == COMPOSE["services"]["topics"]["image"]
        assert definition["read_only"] is True
        assert definition["tmpfs"] == ["/tmp"]
        assert definition["cap_drop"] == ["ALL"]
        assert definition["security_opt"] == ["no-new-privileges:true"]

    @pytest.mark.parametrize("service", RUNNING)
    def test_all_that_run_have_a_health_check_a_grace_period_and_bounded_logs(self, service: str) -> None:
        definition = COMPOSE["services"][service]
        assert definition["healthcheck"]["test"][0] == "CMD"
        assert seconds(definition["stop_grace_period"]) >= 30
        assert definition["logging"]["options"].keys() == {"max-size", "max-file"}

    @pytest.mark.parametrize("service", [name for name in COMPOSE["services"] if name not in OURS])
    def test_images_of_others_are_pinned_and_run_as_somebody_else_than_root(self, service: str) -> None:
        definition = COMPOSE["services"][service]
        assert re.fullmatch(r"[\w./-]+:v?\d[\w.]*", definition["image"])
        assert definition["user"] not in {"root", "0"}
        assert definition.get("command") is None or isinstance(definition["command"], list)

    def test_ports_are_open_on_this_machine_alone(self) -> None:
        for name, service in COMPOSE["services"].items():
            for port in service.get("ports", []):
                assert port.startswith("127.0.0.1:"), name

    def test_prometheus_and_grafana_come_only_when_asked_for(self) -> None:
        asked = {name for name, service in COMPOSE["services"].items() if service.get("profiles")}
        assert asked == {"prometheus", "grafana"}


class TestSettings:
    @pytest.mark.parametrize("service", OURS)
    def test_every_variable_is_a_setting_and_its_value_is_taken(
        self, service: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = compose_environment(
            service, {"RASID_PRODUCER_HTTP_TOKEN": "a-token", "RASID_PRODUCER_FEEDS": "/feeds.yaml"}
        )
        known = {f"RASID_{name.upper()}" for name in Settings.model_fields}
        assert {name for name in given if name.startswith("RASID_")} <= known
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        settings = Settings()
        assert settings.kafka == "kafka:9092"
        assert settings.redis == "redis://valkey:6379/0"
        if service == "producer":
            assert settings.producer_http_token is not None
            assert settings.producer_http_token.get_secret_value() == "a-token"

    def test_defaults_are_those_of_the_settings(self) -> None:
        told_in_the_file = {
            "RASID_PARTITIONS", "RASID_LOG_LEVEL", "RASID_LOG_FORMAT", "RASID_DEDUP_DAYS", "RASID_STORY_DAYS",
            "RASID_ALERT_MAX_AGE_HOURS", "RASID_ALERT_BACKFILL", "RASID_WEBHOOK_ALLOW_PRIVATE", "RASID_PRODUCER_SOURCE",
        }  # fmt: skip
        given: dict[str, str] = {}
        for service in OURS:
            given |= compose_environment(service)
        for name in told_in_the_file:
            field = name.removeprefix("RASID_").lower()
            read = Settings.model_validate({field: given[name]})
            assert getattr(read, field) == Settings.model_fields[field].default, name

    def test_the_rules_it_starts_with_need_no_secret(self) -> None:
        mounted, target, mode = COMPOSE["services"]["alerting"]["volumes"][0].split(":")
        assert target == compose_environment("alerting")["RASID_RULES"]
        assert mode == "ro"
        book = read_rules(Path(ROOT / mounted))
        assert len(book.rules) >= 3
        assert find_endpoints(book.webhooks, {}) == {}

    def test_secrets_of_webhooks_come_from_a_file_that_may_be_missing(self) -> None:
        assert COMPOSE["services"]["alerting"]["env_file"] == [{"path": ".env", "required": False}]

    def test_seeds_are_mounted_read_only_where_the_producer_looks(self) -> None:
        producer = COMPOSE["services"]["producer"]
        assert "./seeds:/seeds:ro" in producer["volumes"]
        paths = compose_environment("producer")["RASID_PRODUCER_PATHS"]
        assert paths.startswith("/seeds")
        assert (ROOT / paths.removeprefix("/")).is_dir()

    def test_nothing_of_the_inbox_is_committed_but_its_ignore_file(self) -> None:
        assert "*" in (ROOT / "inbox" / ".gitignore").read_text("utf-8").splitlines()


class TestKafkaAndValkey:
    def test_kafka_takes_records_as_large_as_ours_and_makes_no_topics_itself(self) -> None:
        environment = compose_environment("kafka")
        assert int(environment["KAFKA_MESSAGE_MAX_BYTES"]) == MAX_MESSAGE_BYTES
        assert environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
        assert "kafka:/var/lib/kafka/data" in COMPOSE["services"]["kafka"]["volumes"]
        assert environment["KAFKA_LOG_DIRS"] == "/var/lib/kafka/data"

    def test_kafka_runs_without_others(self) -> None:
        environment = compose_environment("kafka")
        assert environment["KAFKA_PROCESS_ROLES"] == "broker,controller"
        factors = {name: value for name, value in environment.items() if name.endswith("REPLICATION_FACTOR")}
        assert len(factors) == 4
        assert set(factors.values()) == {"1"}

    def test_kafka_tells_people_on_this_machine_the_port_that_is_open(self) -> None:
        elsewhere = load_compose({"KAFKA_PORT": "39092"})["services"]["kafka"]
        assert elsewhere["ports"] == ["127.0.0.1:39092:29092"]
        assert "HOST://localhost:39092" in elsewhere["environment"]["KAFKA_ADVERTISED_LISTENERS"]

    def test_valkey_writes_down_what_it_holds_and_never_evicts(self) -> None:
        words = COMPOSE["services"]["valkey"]["command"]
        options = dict(zip(words[1::2], words[2::2], strict=True))
        assert options["--appendonly"] == "yes"
        assert options["--appendfsync"] == "everysec"
        assert options["--maxmemory-policy"] == "noeviction"
        assert COMPOSE["services"]["valkey"]["volumes"] == ["valkey:/data"]


class TestInterpolation:
    @pytest.mark.parametrize(
        ("text", "environ", "filled"),
        [
            ("$A-${A}", {"A": "1"}, "1-1"),
            ("${A:-x}${A-x}", {"A": ""}, "x"),
            ("${A:-1000:1000}", {}, "1000:1000"),
            ("${A-x}", {}, "x"),
            ("$$A $${A}", {"A": "1"}, "$A ${A}"),
            ("[${A}]", {}, "[]"),
        ],
    )
    def test_is_that_of_compose(self, text: str, environ: Mapping[str, str], filled: str) -> None:
        assert interpolate(text, environ) == filled

    def test_refuses_to_go_on_without_a_variable_that_must_be_given(self) -> None:
        with pytest.raises(KeyError, match="give it"):
            interpolate("${A:?give it}", {"A": ""})
