"""Polling of RSS and Atom feeds: polite (conditional GET, back-off), bounded, and crash-safe through its cursors."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import structlog
from aiokafka.errors import KafkaError

from services.producer.admission import Admission
from services.producer.candidate import Candidate, Rejected
from services.producer.feeds import Cursor, entries
from services.producer.feeds_file import Feed
from services.producer.inbox import Publish
from services.runtime.public_addresses import PrivateAddress, PublicResolver
from services.runtime.state import REDIS_ERRORS

MAX_FEED_BYTES = 8 << 20
MAX_REDIRECTS = 5
TIMEOUT_SECONDS = 30.0
MAX_WAIT_SECONDS = 6 * 3600.0  # between tries of a feed that fails
_REDIRECTS = (301, 302, 303, 307, 308)

_log = structlog.get_logger(__name__)


class FeedError(RuntimeError):
    """The feed could not be had; one sentence says why."""


@dataclass(frozen=True)
class Fetched:
    """A feed's answer; `body` is None where nothing changed."""

    body: bytes | None
    etag: str | None = None
    modified: str | None = None


@dataclass
class Polled:
    """What one poll of a feed gave."""

    feed: Feed
    published: int = 0
    rejected: list[Rejected] = field(default_factory=list)


class FeedClient:
    """GETs feeds; an async context manager that holds the connections.

    It goes to public addresses only. The one exception is the first request to a feed that feeds.yaml says is private:
    that may go to the feed's own host, wherever it is, but no redirect leads there, from that feed or another.
    """

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._private_hosts = [feed.host for feed in feeds if feed.private]

    async def __aenter__(self) -> FeedClient:
        # Two sessions, because connections are kept: what one may reach must not be at hand for the other.
        self._public, self._public_resolver = _session(())
        self._private, self._private_resolver = _session(self._private_hosts)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session, resolver in (
            (self._public, self._public_resolver),
            (self._private, self._private_resolver),
        ):
            await session.close()
            await resolver.close()

    async def fetch(self, feed: Feed, conditions: dict[str, str], *, max_bytes: int = MAX_FEED_BYTES) -> Fetched:
        """GET a feed, following up to MAX_REDIRECTS redirects to public hosts.

        Raises:
            FeedError: no answer, another status than 200 and 304, too large, or a redirect that is not followed.
        """
        session, resolver = self._public, self._public_resolver
        if feed.private:
            session, resolver = self._private, self._private_resolver
        url = feed.url
        try:
            for _ in range(MAX_REDIRECTS + 1):
                resolver.check_host(urlsplit(url).hostname or "")
                async with session.get(url, headers=conditions, allow_redirects=False) as answer:
                    if answer.status in _REDIRECTS and "Location" in answer.headers:
                        url = _next_address(url, answer.headers["Location"])
                        session, resolver = self._public, self._public_resolver
                        continue
                    return await _fetched(answer, max_bytes)
            raise FeedError(f"over {MAX_REDIRECTS} redirects")
        except TimeoutError:
            raise FeedError(f"no whole answer within {TIMEOUT_SECONDS:.0f} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FeedError(_in_words(error, redirected=url != feed.url)[:300]) from None


def _session(trusted: Sequence[str]) -> tuple[aiohttp.ClientSession, PublicResolver]:
    resolver = PublicResolver(trusted)
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=resolver, limit=8, limit_per_host=2, use_dns_cache=False),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, sock_connect=10),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={
            "User-Agent": "rasid (feed reader)",
            "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
        },
    )
    return session, resolver


async def _fetched(answer: aiohttp.ClientResponse, max_bytes: int) -> Fetched:
    if answer.status == 304:
        return Fetched(None)
    if answer.status != 200:
        raise FeedError(f"the server answered {answer.status}")
    body = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > max_bytes:
            raise FeedError(f"the feed has over {max_bytes} bytes")
    return Fetched(bytes(body), answer.headers.get("ETag"), answer.headers.get("Last-Modified"))


def _in_words(error: Exception, *, redirected: bool) -> str:
    """An error of the network in a sentence; of the address it names the host at most, the rest may be confidential."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, PrivateAddress):
        if redirected:
            return f"a redirect is not followed: {cause}"
        return f"{cause}: if the feed stands in your own network, set `private: true` for it in feeds.yaml"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection to {error.host}: {cause}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"the answer is not HTTP: {error.message}"
    if isinstance(error, ValueError):  # aiohttp.InvalidURL too: both quote the address
        return "the address, or one that it redirects to, cannot be used"
    return f"{type(error).__name__}: {error}"


def _next_address(url: str, location: str) -> str:
    target = urljoin(url, location)
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FeedError("a redirect leads to an address that is neither http nor https")
    if urlsplit(url).scheme == "https" and parts.scheme == "http":
        raise FeedError("a redirect leads from https to http")
    return target


def _named(feed: Feed) -> dict[str, str]:
    return {"source": feed.source, "feed": feed.place}


class FeedPoller:
    """Polls feeds and publishes what is new in them. Cursors stand in Redis and move only after acknowledgement."""

    def __init__(
        self,
        client: FeedClient,
        redis: Any,
        prefix: str,
        admission: Admission,
        publish: Publish,
        now: Callable[[], datetime],
    ) -> None:
        self._client, self._redis, self._prefix = client, redis, prefix
        self._admission, self._publish, self._now = admission, publish, now

    def _key(self, feed: Feed) -> str:
        return f"{{{self._prefix}}}:feed:{hashlib.sha256(feed.url.encode()).hexdigest()[:32]}"

    async def poll(self, feed: Feed) -> Polled:
        """Ask a feed once and publish what is new.

        Raises:
            FeedError: the feed could not be had. Errors of Redis and of `publish` go to the caller; nothing is lost,
                the next poll goes over the same entries.
        """
        polled = Polled(feed)
        cursor = Cursor.from_bytes(await self._redis.get(self._key(feed)))
        fetched = await self._client.fetch(feed, cursor.conditions())
        if fetched.body is None:
            return polled
        found = await asyncio.to_thread(entries, fetched.body, feed.source, feed.place)
        listed = [one for one in found if isinstance(one, Candidate)]
        polled.rejected += [one for one in found if isinstance(one, Rejected)]
        cursor, fresh = cursor.claim(listed, self._now())
        if fresh:
            await self._redis.set(self._key(feed), cursor.to_bytes())
            articles, rejected = await asyncio.to_thread(self._admission.sort, fresh, self._now())
            polled.rejected += rejected
            if articles:
                await self._publish(articles)
                polled.published = len(articles)
        await self._redis.set(self._key(feed), cursor.acknowledge(listed, fetched.etag, fetched.modified).to_bytes())
        return polled

    async def follow(self, feed: Feed, told: Callable[[Polled], None]) -> None:
        """Poll a feed for ever, every so many minutes; where it cannot be had or read, at growing distances.

        Raises:
            KafkaError, redis.RedisError, OSError: the entries cannot be published, or the cursor not be stored.
        """
        failures = 0
        while True:
            try:
                told(await self.poll(feed))
                failures = 0
            except FeedError as error:
                failures += 1
                _log.warning("feed not read", **_named(feed), reason=str(error), failures=failures)
            except (KafkaError, *REDIS_ERRORS):
                raise
            except Exception as error:  # what a server sends can be anything: the other feeds go on
                failures += 1
                _log.error("feed not read", **_named(feed), error=type(error).__name__, failures=failures)
            wait = feed.every * 60 * 2 ** min(failures, 10)
            await asyncio.sleep(max(feed.every * 60, min(wait, MAX_WAIT_SECONDS)) if failures else feed.every * 60)
