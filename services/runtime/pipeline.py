"""The five services as processes of this machine, over any Kafka and Redis: what the demo, `rasid up`, the benchmark
and the crash tests run."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.runtime.children import Child, stop_all
from services.runtime.embedded import StackError, free_port, wait_for_port

SERVICES = ("producer", "normalization", "extraction", "deduplication", "alerting")
FILES = (
    "RASID_RULES", "RASID_PRODUCER_FEEDS", "RASID_PRODUCER_WATCH",
    "RASID_KAFKA_CA_FILE", "RASID_KAFKA_CERT_FILE", "RASID_KAFKA_KEY_FILE", "RASID_REDIS_CA_FILE",
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]


def service_command(name: str, app: str | None = None) -> list[str]:
    """The command line of a service, the same as in docker-compose.yml but for the path to faust."""
    faust = Path(sys.executable).with_name("faust")
    return [str(faust), "-A", app or f"services.{name}.app", "worker", "--without-web", "-l", "info"]


def new_webhook_secret() -> str:
    """A Standard Webhooks signing secret of 32 random bytes."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


class Pipeline:
    """Processes of the five services, and of a webhook receiver.

    `env` is added to this process' environment; it must hold RASID_KAFKA and RASID_REDIS. Logs go to `folder`.
    """

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.folder = folder
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1", **env}
        for name in FILES:  # the services run in another folder than the caller
            if path := self.env.get(name):
                self.env[name] = str(Path(path).absolute())
        self.children: dict[str, Child] = {}
        self.health: dict[str, str] = {}
        self.receiver: Child | None = None
        self.received = folder / "webhooks.jsonl"

    def start_receiver(self) -> str:
        """Start the receiver that verifies signatures; returns its URL, and tells the services its name and secret.

        `wait_healthy` waits for it; what comes before is delivered at a later attempt.
        """
        secret = self.env.setdefault("RASID_WEBHOOK_DESK_SECRET", new_webhook_secret())
        port = free_port()
        command = [
            sys.executable, "-m", "services.runtime.webhook_receiver",
            "--port", str(port), "--secret-env", "RASID_WEBHOOK_DESK_SECRET", "--out", str(self.received),
        ]  # fmt: skip
        log = self.folder / "receiver.log"
        env = self.env | {"RASID_WEBHOOK_DESK_SECRET": secret}
        self.receiver = Child("the webhook receiver", command, log, env=env, cwd=ROOT).start()
        url = f"http://127.0.0.1:{port}/webhook"
        self.env |= {"RASID_WEBHOOK_DESK_URL": url, "RASID_WEBHOOK_ALLOW_PRIVATE": "true"}
        return url

    def start(self, name: str, replica: int = 0, app: str | None = None, **env: str) -> Child:
        """Start one process of a service; `app` names another module that stands in for it."""
        label = f"{name}-{replica}"
        port = free_port()
        self.health[label] = f"http://127.0.0.1:{port}"
        child = Child(
            f"{name} ({replica})",
            service_command(name, app),
            self.folder / f"{label}.log",
            env=self.env | {"RASID_HEALTH_PORT": str(port)} | env,
            cwd=ROOT,
        )
        self.children[label] = child.start()
        return child

    def start_all(self, names: Sequence[str] = SERVICES) -> None:
        """One process a service."""
        for name in names:
            self.start(name)

    def wait_healthy(self, seconds: float = 60.0) -> None:
        """Wait until every process answers /healthz.

        Raises:
            StackError: one ended, or did not answer in time.
        """
        deadline = time.monotonic() + seconds
        if self.receiver is not None:
            wait_for_port(
                int(self.env["RASID_WEBHOOK_DESK_URL"].rsplit(":", 1)[1].split("/")[0]), self.receiver, seconds
            )
        for label, child in self.children.items():
            while True:
                if child.poll() is not None:
                    raise StackError(f"{child.name} ended with status {child.poll()}; its log ends:\n{child.tail()}")
                try:
                    with urllib.request.urlopen(self.health[label] + "/healthz", timeout=2):
                        break
                except (urllib.error.URLError, OSError):
                    if time.monotonic() > deadline:
                        raise StackError(f"{child.name} does not answer; its log ends:\n{child.tail()}") from None
                    time.sleep(0.05)

    def verified(self) -> dict[str, set[str]]:
        """Webhooks that the receiver verified: webhook-id to the SHA-256 of each body that came under it."""
        payloads: dict[str, set[str]] = {}
        if self.received.exists():
            for line in self.received.read_text("utf-8").splitlines(keepends=True):
                if line.endswith("\n"):  # the last one may still be being written
                    record = json.loads(line)
                    payloads.setdefault(record["webhook_id"], set()).add(record["payload_sha256"])
        return payloads

    def ended(self) -> list[Child]:
        """Processes that ended by themselves."""
        return [child for child in self.children.values() if child.poll() is not None]

    def stop(self, grace: float = 20.0) -> None:
        """Stop all; the receiver last, so that what was sent arrives."""
        stop_all(list(self.children.values()), grace)
        if self.receiver is not None:
            self.receiver.stop(5)
        self.children.clear()
