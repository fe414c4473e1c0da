"""`/metrics` and `/healthz` of a service.

A worker is dead when it has lag and has acknowledged nothing for a minute, or when one step takes longer than that;
an idle one is healthy.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.runtime import telemetry
from services.runtime.step import Progress

STUCK_SECONDS = 60.0
LAG_SECONDS = 5.0


def stuck_reason(progress: Progress, lag: int, now: float, limit: float) -> str | None:
    """Why a worker counts as dead, None where it does not. `lag` in records of its topic; times in monotonic seconds.

    Notes in `progress` since when there has been lag without an acknowledgement.
    """
    if lag == 0:
        progress.waiting_since = None
    elif progress.waiting_since is None:
        progress.waiting_since = now
    if progress.busy_since is not None and now - progress.busy_since > limit:
        return f"one step of {progress.topic} has taken {now - progress.busy_since:.0f} s"
    if progress.waiting_since is not None and now - progress.waiting_since > limit:
        waited = now - progress.waiting_since
        return f"{lag} records of {progress.topic} wait and none was acknowledged for {waited:.0f} s"
    return None


class HealthServer:
    """Serves `/metrics` and `/healthz` from the worker's own event loop."""

    def __init__(self, service: str, app: Any, host: str, port: int, limit: float = STUCK_SECONDS) -> None:
        self._service, self._app, self._host, self._port, self._limit = service, app, host, port, limit
        self._watched: list[Progress] = []
        self._runner: web.AppRunner | None = None
        self.address = ""

        app.on_partitions_revoked.connect(self._start_over)

    async def _start_over(self, _app: Any, revoked: Any, **_more: Any) -> None:
        for progress in self._watched:
            progress.start_over()

    def watch(self, progress: Progress) -> None:
        """A step loop whose progress counts."""
        self._watched.append(progress)

    async def start(self) -> None:
        """Listen. A port that is taken is logged, not fatal: articles come first."""
        site = web.Application()
        site.router.add_get("/healthz", self._healthz)
        site.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(site, access_log=None)
        await self._runner.setup()
        try:
            tcp = web.TCPSite(self._runner, self._host, self._port)
            await tcp.start()
        except OSError as error:
            telemetry.log(__name__).error(
                "no health server: set RASID_HEALTH_PORT to a free port", port=self._port, reason=str(error)
            )
            return
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        telemetry.log(__name__).info("health", address=self.address)

    async def lag(self) -> dict[tuple[str, int], int]:
        """Records not yet acknowledged, of each partition that this worker has."""
        acknowledged: dict[tuple[str, int], int] = {}
        for progress in self._watched:
            acknowledged |= progress.next_offsets
        lags: dict[tuple[str, int], int] = {}
        if not self._watched or not self._app.started:
            return lags
        consumer = self._app.consumer
        partitions = consumer.assignment()
        # Asked of the broker: what the last fetch said is silent about a fetcher that hangs.
        ends = await asyncio.wait_for(consumer.highwaters(*partitions), LAG_SECONDS) if partitions else {}
        for tp in partitions:
            end = ends.get(tp)
            done = acknowledged.get((tp.topic, tp.partition))
            if done is None:
                done = await consumer.position(tp)
            if end is not None and done is not None:
                lags[tp.topic, tp.partition] = max(0, end - done)
        return lags

    async def _lag_or_none(self) -> dict[tuple[str, int], int]:
        try:
            return await self.lag()
        except Exception as error:  # no consumer yet, or a rebalance under way
            telemetry.log(__name__).debug("lag unknown", error=str(error))
            return {}

    async def _healthz(self, _request: web.Request) -> web.Response:
        lags, now = await self._lag_or_none(), time.monotonic()
        total = sum(lags.values())
        of_topic: Counter[str] = Counter()
        for (topic, _), records in lags.items():
            of_topic[topic] += records
        reasons = [r for one in self._watched if (r := stuck_reason(one, of_topic[one.topic], now, self._limit))]
        body = {"service": self._service, "healthy": not reasons, "lag": total, "reasons": reasons}
        return web.json_response(body, status=503 if reasons else 200)

    async def _metrics(self, _request: web.Request) -> web.Response:
        for (topic, partition), records in (await self._lag_or_none()).items():
            telemetry.LAG.labels(self._service, topic, str(partition)).set(records)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
