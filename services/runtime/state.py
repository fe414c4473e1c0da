"""Redis clients from the settings."""

from __future__ import annotations

from typing import Any

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from services.runtime.settings import Settings

REDIS_ERRORS = (exceptions.RedisError, OSError)

_OUR_FAULT = ("ERR", "WRONGTYPE", "CROSSSLOT", "EXECABORT", "user_script")


def is_transport(error: BaseException) -> bool:
    """Whether the error says that Redis or Kafka is away, full, busy or changing its mind: worth waiting for.

    Of Redis' own answers those are counted that no change of the command would better (BUSY, MISCONF, NOREPLICAS, …);
    of exceptions, those of the connection. `SendError` is an OSError.
    """
    if isinstance(error, exceptions.DataError):
        return False
    if isinstance(error, exceptions.ResponseError):
        # The client takes the codes that it knows off the message.
        said = (getattr(error, "status_code", None) or "", str(error))
        return not any(part.startswith(_OUR_FAULT) for part in said) or isinstance(error, exceptions.OutOfMemoryError)
    return isinstance(error, REDIS_ERRORS)


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
    # Waits for a free connection: without a limit that blocks, redis-py raises at the hundredth.
    pool = BlockingConnectionPool.from_url(settings.redis, max_connections=50, timeout=20, **options)
    return Redis.from_pool(pool)
