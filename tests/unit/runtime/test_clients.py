"""Clients from settings: security as asked for, secrets never printed."""

from __future__ import annotations

import ssl

import certifi
import faust
import pytest
from pydantic import SecretStr, ValidationError

from services.runtime.kafka import client_options, faust_credentials
from services.runtime.settings import Settings
from services.runtime.state import new_redis

SECURE = {
    "kafka": "a:9092,b:9092",
    "kafka_security": "SASL_SSL",
    "kafka_ca_file": certifi.where(),
    "kafka_username": "rasid",
    "kafka_password": SecretStr("pass-word-1"),
    "redis": "rediss://cache:6380/0",
    "redis_password": SecretStr("pass-word-2"),
    "redis_ca_file": certifi.where(),
}


def test_an_open_broker_needs_no_credentials() -> None:
    options = client_options(Settings())
    assert options["security_protocol"] == "PLAINTEXT"
    assert options["ssl_context"] is None
    assert faust_credentials(Settings()) is None


def test_sasl_over_tls_checks_host_names_and_logs_in() -> None:
    options = client_options(Settings(**SECURE))
    assert options["bootstrap_servers"] == ["a:9092", "b:9092"]
    assert options["ssl_context"].check_hostname
    assert options["ssl_context"].verify_mode == ssl.CERT_REQUIRED
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("rasid", "pass-word-1")


def test_faust_logs_in_as_the_other_clients_do() -> None:
    credentials = faust_credentials(Settings(**SECURE))
    assert isinstance(credentials, faust.SASLCredentials)
    assert credentials.protocol.value == "SASL_SSL"
    assert credentials.mechanism.value == "SCRAM-SHA-512"
    assert (credentials.username, credentials.password) == ("rasid", "pass-word-1")


def test_tls_without_login() -> None:
    settings = Settings(kafka_security="SSL", kafka_ca_file=certifi.where())
    assert isinstance(faust_credentials(settings), faust.SSLCredentials)
    assert "sasl_mechanism" not in client_options(settings)


async def test_redis_over_tls_with_a_password() -> None:
    client = new_redis(Settings(**SECURE))
    arguments = client.connection_pool.connection_kwargs
    assert arguments["password"] == "pass-word-2"
    assert arguments["ssl_ca_certs"] == certifi.where()
    await client.aclose()


def test_secrets_do_not_print() -> None:
    settings = Settings(**SECURE)
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "pass-word" not in shown


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_KAFKA", "elsewhere:9092")
    monkeypatch.setenv("RASID_PARTITIONS", "3")
    assert (Settings().kafka, Settings().partitions) == ("elsewhere:9092", 3)
    monkeypatch.setenv("RASID_PARTITIONS", "0")
    with pytest.raises(ValidationError, match="partitions"):
        Settings()


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
