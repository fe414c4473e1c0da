"""Redis clients from the settings."""

from __future__ import annotations

from typing import Any

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from services.runtime.settings import Settings

TRANSPORT_ERRORS = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.BusyLoadingError,
    exceptions.ReadOnlyError,
    exceptions.TryAgainError,
    exceptions.ClusterDownError,
    exceptions.OutOfMemoryError,
    exceptions.MasterDownError,
    OSError,
)
"""Redis away, full or changing its mind: worth waiting for. Any other error of Redis is ours."""


def new_redis(settings: Settings) -> Redis:
    """A client (bytes in, bytes out) that fails within seconds, so that the caller decides about waiting."""
    options: dict[str, Any] = {
        "socket_timeout": 10.0,
        "socket_connect_timeout": 3.0,
        "health_check_interval": 15,
        "retry": Retry(NoBackoff(), 1),
    }
    if settings.redis_password:
        options["password"] = settings.redis_password.get_secret_value()
    if settings.redis.startswith("rediss://") and settings.redis_ca_file:
        options["ssl_ca_certs"] = str(settings.redis_ca_file)
    return Redis.from_url(settings.redis, **options)
