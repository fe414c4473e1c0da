"""The two brokers that tests run on, with one contract: start, stop, start again, kill."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from services.runtime.children import Child
from services.runtime.embedded import free_port, tansu_child, valkey_child, wait_for_port
from services.runtime.pipeline import ROOT

KAFKA = ROOT / "deploy" / "kafka"


def kafka_is_missing() -> str | None:
    """Why Apache Kafka cannot be run here, None where it can."""
    if shutil.which("java") is None:
        return "Java 17 is not installed"
    if not (KAFKA / "libs" / "pom.xml").exists():
        return "Apache Kafka's jars are not there: run deploy/kafka/fetch"
    return None


class Tansu:
    """The embedded broker; forgets everything when it stops."""

    name = "tansu"

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.child = tansu_child(folder, self.port)
        self.address = f"127.0.0.1:{self.port}"

    def start(self) -> None:
        self.child.start()
        wait_for_port(self.port, self.child, 20)

    def stop(self) -> None:
        self.child.stop(10)


class Kafka:
    """Apache Kafka itself; keeps its data over stop and start."""

    name = "kafka"

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        data = folder / "kafka"
        command = [
            str(KAFKA / "start"),
            "--port",
            str(self.port),
            "--controller-port",
            str(free_port()),
            "--data",
            str(data),
        ]
        self.child = Child("Apache Kafka", command, folder / "kafka.log")
        self.address = f"127.0.0.1:{self.port}"

    def start(self) -> None:
        self.child.start()
        wait_for_port(self.port, self.child, 60)

    def stop(self) -> None:
        self.child.stop(30)


class Valkey:
    """Valkey with its append-only file, so that a stop forgets nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.child = valkey_child(folder, self.port, "--appendonly", "yes", "--appendfsync", "everysec")
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.child.start()
        wait_for_port(self.port, self.child, 20)

    def stop(self) -> None:
        self.child.stop(10)


def fetch_kafka() -> None:
    """Fetch Apache Kafka's jars; raises where Maven cannot."""
    subprocess.run([str(KAFKA / "fetch")], check=True)
