"""A step loop without a broker, for its tests: a stage that upper-cases, with a ledger and a producer in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.runtime.deadletters import Origin
from services.runtime.step import Incoming, Outgoing, SendError, Stage, StepLoop


class Flight:
    """The ledger's contract, in memory."""

    def __init__(self) -> None:
        self.marks: dict[Origin, int] = {}

    async def begin(self, places: Sequence[Origin]) -> list[int]:
        answer = [self.marks.get(place, -1) for place in places]
        for place in places:
            self.marks.setdefault(place, 0)
        return answer

    async def alone(self, place: Origin) -> int:
        self.marks[place] += 1
        return self.marks[place]

    async def innocent(self, place: Origin) -> None:
        self.marks[place] = 0

    async def done(self, places: Sequence[Origin]) -> None:
        for place in places:
            self.marks.pop(place, None)


class Ended(BaseException):
    """Stands for the end of the process."""


class Bench:
    """A stage that upper-cases, and everything it sent."""

    def __init__(self, **stage: Any) -> None:
        self.sent: list[Outgoing] = []
        self.flight = Flight()
        self.send_failures = 0
        self.prepared: list[bytes] = []
        self.stage = stage
        self.loop = self.new_process()

    def new_process(self) -> StepLoop[Any, Any, Any]:
        def end(_status: int) -> None:
            raise Ended

        def prepare(value: bytes) -> bytes:
            self.prepared.append(value)
            return self.stage.get("prepare", bytes.upper)(value)

        self.loop = StepLoop(
            Stage(
                "shout",
                "in",
                lambda record: self.stage.get("decode", lambda value: value)(record.value),
                prepare,
                self.stage.get("together"),
                self.stage.get("finish", lambda _read, value, found: [Outgoing("out", b"k", found or value, [])]),
                settle=self.stage.get("settle"),
            ),
            self.send,
            self.flight,  # type: ignore[arg-type]
            record_timeout=30,
            retry_seconds=2,
            end_process=end,
        )
        return self.loop

    async def send(self, outgoing: Sequence[Outgoing]) -> None:
        if self.send_failures:
            self.send_failures -= 1
            raise SendError("no acknowledgement")
        self.sent.extend(outgoing)

    def values(self, topic: str) -> list[bytes | None]:
        return [one.value for one in self.sent if one.topic == topic]


def batch(*values: bytes, start: int = 0) -> list[Incoming]:
    return [
        Incoming(Origin("in", 0, start + number), b"key", value, [("schema", b"x/1")])
        for number, value in enumerate(values)
    ]
