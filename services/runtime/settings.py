"""Settings: the environment's RASID_* variables, one table for every service (`rasid doctor --settings` prints it)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that can be set from outside. Each field is RASID_<NAME>; secrets never print."""

    model_config = SettingsConfigDict(env_prefix="RASID_", env_file=None, extra="ignore", validate_default=True)

    # Kafka
    kafka: Annotated[str, Field(description="bootstrap servers, host:port, comma-separated")] = "localhost:9092"
    kafka_security: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"], Field(description="security protocol")
    ] = "PLAINTEXT"
    kafka_ca_file: Annotated[
        Path | None, Field(description="PEM file of the CA that signed the brokers' certificates")
    ] = None
    kafka_cert_file: Annotated[Path | None, Field(description="PEM file of the client certificate")] = None
    kafka_key_file: Annotated[Path | None, Field(description="PEM file of the client key")] = None
    kafka_sasl_mechanism: Annotated[
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], Field(description="how to log in")
    ] = "SCRAM-SHA-512"
    kafka_username: Annotated[str | None, Field(description="SASL user")] = None
    kafka_password: Annotated[SecretStr | None, Field(description="SASL password")] = None
    partitions: Annotated[
        int, Field(ge=1, le=1000, description="partitions of each topic: the most replicas that can share work")
    ] = 8
    replication: Annotated[int, Field(ge=1, le=9, description="copies of each topic")] = 1
    session_timeout: Annotated[
        float, Field(ge=6, le=300, description="seconds until the broker gives up on a silent worker")
    ] = 6.0

    fetch_wait_ms: Annotated[
        int,
        Field(
            ge=10,
            le=5000,
            description="milliseconds that the broker may hold a request for records; Kafka answers at once when there are any, the embedded broker does not",
        ),
    ] = 500

    # Redis
    redis: Annotated[str, Field(description="redis://, rediss:// or unix:// URL")] = "redis://localhost:6379/0"
    redis_password: Annotated[SecretStr | None, Field(description="Redis password")] = None
    redis_ca_file: Annotated[Path | None, Field(description="PEM file of the CA that signed Redis' certificate")] = None
    redis_prefix: Annotated[
        str, Field(pattern=r"^[\w.-]{1,40}$", description="first part of every key, in braces (one hash tag)")
    ] = "rasid"

    # Articles
    max_text_bytes: Annotated[int, Field(ge=1024, le=4 << 20, description="largest article text, bytes of UTF-8")] = (
        256 * 1024
    )
    min_arabic_share: Annotated[float, Field(ge=0, le=1, description="least share of Arabic letters among letters")] = (
        0.5
    )

    # Producer
    producer_paths: Annotated[str, Field(description="files and folders published once at start, separated by ':'")] = (
        ""
    )
    producer_watch: Annotated[
        Path | None, Field(description="a folder whose new files are published, then moved to done/ or rejected/")
    ] = None
    producer_feeds: Annotated[Path | None, Field(description="a feeds.yaml of RSS and Atom feeds to poll")] = None
    producer_http_port: Annotated[int | None, Field(ge=0, le=65535, description="port of POST /articles")] = None
    producer_http_host: Annotated[str, Field(description="address of POST /articles")] = "127.0.0.1"
    producer_http_token: Annotated[SecretStr | None, Field(description="bearer token that POST /articles asks for")] = (
        None
    )
    producer_source: Annotated[str, Field(description="source of articles that name none")] = "unknown"

    # Extraction
    engine: Annotated[
        Literal["hybrid", "lexicon", "camel"],
        Field(
            description="extraction engine: hybrid (lists, rules and a small trained network), lexicon (lists and rules alone) or camel (AraBERT by camel-tools, slow without a GPU; needs the extra transformers and `camel_data -i ner-arabert`)"
        ),
    ] = "hybrid"

    # Deduplication
    dedup_days: Annotated[int, Field(ge=1, le=365, description="days that fingerprints and verdicts are kept")] = 14
    story_days: Annotated[
        int, Field(ge=1, le=365, description="days after its first article that a story takes others and is kept")
    ] = 30

    # Alerting
    rules: Annotated[Path, Field(description="the rule file")] = Path("seeds/rules.yaml")
    alert_max_age_hours: Annotated[float, Field(gt=0, description="older articles are processed but page nobody")] = (
        48.0
    )
    alert_backfill: Annotated[bool, Field(description="page for older articles too")] = False
    webhook_timeout: Annotated[float, Field(gt=0, le=120, description="seconds for one delivery")] = 10.0
    webhook_allow_private: Annotated[bool, Field(description="allow webhooks to loopback and private addresses")] = (
        False
    )

    # Processes
    batch_records: Annotated[
        int | None, Field(ge=1, le=1024, description="records of one step; unset: the service's own")
    ] = None
    record_timeout: Annotated[
        float, Field(gt=0, le=600, description="seconds after which a step counts as hung and its process ends")
    ] = 60.0
    retry_seconds: Annotated[
        float, Field(gt=0, le=3600, description="how long a step waits for Kafka or Redis before its process ends")
    ] = 60.0
    health_port: Annotated[int, Field(ge=0, le=65535, description="port of /metrics and /healthz; 0: a free one")] = (
        6066
    )
    health_host: Annotated[str, Field(description="address of /metrics and /healthz")] = "127.0.0.1"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="least level that is logged")
    ] = "INFO"
    log_format: Annotated[Literal["json", "console"], Field(description="json for machines, console for people")] = (
        "json"
    )
