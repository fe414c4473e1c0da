"""The producer service: `faust -A services.producer.app worker`. What it reads from is set by RASID_PRODUCER_*."""

import asyncio
import errno
import os
import sys
from collections.abc import Awaitable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import NoReturn

from aiohttp import web
from aiokafka.errors import KafkaError

from schemas.articles_raw import RawArticle
from services.producer.admission import Admission
from services.producer.candidate import Rejected
from services.producer.feeds_file import FeedsError, load_feeds
from services.producer.inbox import Inbox, sweep
from services.producer.readers import Found, read
from services.runtime import telemetry
from services.runtime.faust_app import Service
from services.runtime.feed_client import FeedClient, FeedPoller, Polled
from services.runtime.first_seen import FirstSeenTimes
from services.runtime.http_intake import intake_app
from services.runtime.publishing import Publisher
from services.runtime.state import REDIS_ERRORS
from services.runtime.step import EXIT_CANNOT_GO_ON

PUBLISHED_AT_ONCE = 64
SWEEP_SECONDS = 0.5
EXIT_MEND_SETTINGS = 2

service = Service("producer", consumes=False)
app = service.app
settings = service.settings
log = telemetry.log(__name__)
admission = Admission(settings.max_text_bytes, settings.min_arabic_share)
publisher = Publisher(settings)
first_seen = FirstSeenTimes(service.redis, settings.redis_prefix)

try:
    feeds = load_feeds(settings.producer_feeds) if settings.producer_feeds else []
    inbox = Inbox(settings.producer_watch) if settings.producer_watch else None
except FeedsError as error:
    print(f"the producer cannot start, mend this first:\n{error}", file=sys.stderr)
    sys.exit(EXIT_MEND_SETTINGS)
except OSError as error:
    print(f"the producer cannot start: the inbox {settings.producer_watch} cannot be used: {error}", file=sys.stderr)
    sys.exit(EXIT_MEND_SETTINGS)


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def tell_rejected(rejected: Sequence[Rejected]) -> None:
    """Count and log what was refused at the door."""
    for one in rejected:
        telemetry.REJECTED.labels(one.reason).inc()
        log.warning("rejected", origin=one.origin, reason=one.reason, mend=one.message)


async def or_end(work: Awaitable[None], what: str) -> None:
    """A source whose articles cannot be published ends the process: the supervisor starts it again, and it begins anew."""
    try:
        await work
    except (KafkaError, *REDIS_ERRORS) as error:
        log.critical("cannot publish, process ends", source=what, error=type(error).__name__, reason=str(error)[:500])
        sys.stderr.flush()
        os._exit(EXIT_CANNOT_GO_ON)


async def publish_paths() -> None:
    """Publish the given files and folders once. A process that is started again does it again, with the same records."""
    paths = [path for path in settings.producer_paths.split(os.pathsep) if path]
    found = read(paths, source=settings.producer_source)
    published = 0

    def some(of: Iterator[Found]) -> list[Found]:
        return list(islice(of, PUBLISHED_AT_ONCE))

    while chunk := await asyncio.to_thread(some, found):
        articles, rejected = await asyncio.to_thread(admission.sort, chunk, now())
        tell_rejected(rejected)
        if articles:
            await publisher(articles)
            published += len(articles)
    if paths:
        log.info("published the given paths", articles=published, paths=len(paths))


async def watch_inbox(watched: Inbox) -> None:
    """Publish what is dropped into the watched folder."""
    while True:
        handled = await sweep(
            watched,
            now=asyncio.get_running_loop().time(),
            fetched_at=now(),
            source=settings.producer_source,
            admission=admission,
            publish=publisher,
        )
        for one in handled:
            tell_rejected(one.rejected)
            moved_to = str(one.moved_to) if one.moved_to else None
            log.info("published a file", file=str(one.file), moved_to=moved_to, articles=one.published)
        await asyncio.sleep(SWEEP_SECONDS)


async def follow_feeds() -> None:
    """Poll the feeds, each at its own pace."""

    async def publish(articles: Sequence[RawArticle]) -> None:
        await publisher(await first_seen(articles))

    def told(polled: Polled) -> None:
        tell_rejected(polled.rejected)
        if polled.published:
            log.info(
                "published from a feed", source=polled.feed.source, feed=polled.feed.place, articles=polled.published
            )

    async with FeedClient(feeds) as client:
        poller = FeedPoller(client, service.redis, settings.redis_prefix, admission, publish, now)
        await asyncio.gather(*(poller.follow(feed, told) for feed in feeds))


async def serve_intake(port: int) -> None:
    """Take articles by POST /articles."""
    token = settings.producer_http_token.get_secret_value() if settings.producer_http_token else None
    intake = intake_app(
        publisher, admission, source=settings.producer_source, now=now, token=token, first_seen=first_seen
    )
    runner = web.AppRunner(intake, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.producer_http_host, port).start()
        except OSError as error:
            end_without_port(port, error)
        log.info("taking articles", port=port, path="/articles", token=token is not None)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def end_without_port(port: int, error: OSError) -> NoReturn:
    """End the process where it cannot listen: no try would better that."""
    reason = f"port {port} is taken: set RASID_PRODUCER_HTTP_PORT"
    if error.errno != errno.EADDRINUSE:
        where = f"{settings.producer_http_host}, port {port}"
        reason = (
            f"cannot listen on {where} ({error.strerror or error}):"
            " set RASID_PRODUCER_HTTP_HOST or RASID_PRODUCER_HTTP_PORT"
        )
    log.critical("process ends", source="http", reason=reason)
    sys.stderr.flush()
    os._exit(EXIT_MEND_SETTINGS)


async def produce() -> None:
    """All sources at once."""
    sources = [or_end(publish_paths(), "paths")]
    if inbox is not None:
        sources.append(or_end(watch_inbox(inbox), "inbox"))
    if feeds:
        sources.append(or_end(follow_feeds(), "feeds"))
    if settings.producer_http_port is not None:
        sources.append(or_end(serve_intake(settings.producer_http_port), "http"))
    try:
        await asyncio.gather(*sources)
    finally:
        await publisher.close()


app.task(produce)
