"""Polling over real connections to servers of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from schemas.articles_raw import RawArticle
from services.producer.feeds_file import Feed
from services.runtime.feed_client import FeedError, FeedPoller, feed_session, fetch
from services.runtime.public_addresses import PrivateAddress, PublicResolver, is_public
from services.runtime.wire import encode
from tests.unit.producer.samples import ADMISSION, NOON
from tests.unit.producer.test_feeds import RSS


class Outlet:
    """A web server with a feed; each answer is made by `answer`."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.answer: Callable[[web.Request], web.StreamResponse] = lambda _: web.Response(body=RSS)
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return self.answer(request)


@pytest.fixture
async def outlet() -> AsyncIterator[Outlet]:
    """A server on loopback."""
    outlet = Outlet()
    app = web.Application()
    app.router.add_get("/{path:.*}", outlet.handle)
    server = TestServer(app)
    await server.start_server()
    outlet.url = str(server.make_url("/rss"))
    yield outlet
    await server.close()


class Memory:
    """The two commands of Redis that cursors need."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        return self.stored.get(key)

    async def set(self, key: str, value: bytes) -> None:
        self.stored[key] = value


class Desk:
    """A poller of one outlet, with what it published."""

    def __init__(self, outlet: Outlet) -> None:
        self.feed, self.memory = Feed("wakala", outlet.url, 15.0), Memory()
        self.published: list[RawArticle] = []
        self.away = False

    async def _publish(self, articles: Sequence[RawArticle]) -> None:
        self.published += articles
        if self.away:
            raise ConnectionError("no acknowledgement")

    async def poll(self) -> int:
        session, resolver = feed_session([self.feed])
        async with session:
            poller = FeedPoller(session, resolver, self.memory, "rasid", ADMISSION, self._publish, lambda: NOON)
            return (await poller.poll(self.feed)).published


async def fetched(url: str, *, trusted: bool = True, max_bytes: int = 1 << 20) -> bytes | None:
    session, resolver = feed_session([Feed("wakala", url, 15.0)] if trusted else [])
    async with session:
        return (await fetch(session, resolver, url, {}, max_bytes=max_bytes)).body


async def test_new_entries_are_published_once(outlet: Outlet) -> None:
    desk = Desk(outlet)
    assert await desk.poll() == 2
    assert await desk.poll() == 0
    assert [article.source for article in desk.published] == ["wakala", "wakala"]
    assert next(iter(desk.memory.stored)).startswith("{rasid}:feed:")


async def test_the_second_request_asks_for_changes_only(outlet: Outlet) -> None:
    desk = Desk(outlet)
    outlet.answer = lambda _: web.Response(
        body=RSS, headers={"ETag": '"v1"', "Last-Modified": "Fri, 01 Mar 2024 06:00:00 GMT"}
    )
    await desk.poll()
    outlet.answer = lambda _: web.Response(status=304)
    assert await desk.poll() == 0
    first, second = outlet.asked
    assert "If-None-Match" not in first.headers
    assert second.headers["If-None-Match"] == '"v1"'
    assert second.headers["If-Modified-Since"] == "Fri, 01 Mar 2024 06:00:00 GMT"


async def test_without_acknowledgement_the_entries_come_again_as_the_same_records(outlet: Outlet) -> None:
    desk = Desk(outlet)
    desk.away = True
    with pytest.raises(ConnectionError):
        await desk.poll()
    desk.away = False
    assert await desk.poll() == 2
    assert [encode(article) for article in desk.published[:2]] == [encode(article) for article in desk.published[2:]]


async def test_redirects_to_private_addresses_are_not_followed(outlet: Outlet) -> None:
    port = urlsplit(outlet.url).port
    for target in (
        f"http://127.0.0.2:{port}/rss",
        f"http://[::ffff:127.0.0.1]:{port}/rss",
        "http://169.254.169.254/latest",
    ):
        outlet.answer = lambda _, target=target: web.Response(status=302, headers={"Location": target})  # type: ignore[misc]
        with pytest.raises(FeedError, match="private address"):
            await fetched(outlet.url)


async def test_a_name_that_resolves_to_loopback_is_refused_unless_it_is_in_the_file(outlet: Outlet) -> None:
    by_name = outlet.url.replace("127.0.0.1", "localhost")
    with pytest.raises(FeedError, match="private"):
        await fetched(by_name, trusted=False)
    assert await fetched(by_name) == RSS


async def test_redirects_within_the_outlet_are_followed_a_few_times(outlet: Outlet) -> None:
    outlet.answer = lambda request: (
        web.Response(body=RSS) if request.path == "/new" else web.Response(status=301, headers={"Location": "/new"})
    )
    assert await fetched(outlet.url) == RSS
    outlet.answer = lambda request: web.Response(status=301, headers={"Location": "/again"})
    with pytest.raises(FeedError, match="redirects"):
        await fetched(outlet.url)


@pytest.mark.parametrize("target", ["file:///etc/hostname", "gopher://wakala.example/", "http://", "http://[x"])
async def test_redirects_elsewhere_than_the_web_are_not_followed(outlet: Outlet, target: str) -> None:
    outlet.answer = lambda _: web.Response(status=302, headers={"Location": target})
    with pytest.raises(FeedError):
        await fetched(outlet.url)


async def test_a_feed_over_the_limit_is_not_taken_even_compressed(outlet: Outlet) -> None:
    with pytest.raises(FeedError, match="over 100 bytes"):
        await fetched(outlet.url, max_bytes=100)

    def compressed(_: web.Request) -> web.Response:
        response = web.Response(body=b" " * (4 << 20))
        response.enable_compression(web.ContentCoding.gzip)
        return response

    outlet.answer = compressed
    with pytest.raises(FeedError, match="over 1048576 bytes"):
        await fetched(outlet.url)


async def test_other_answers_and_silence_are_told_in_a_sentence(outlet: Outlet) -> None:
    outlet.answer = lambda _: web.Response(status=500)
    with pytest.raises(FeedError, match="answered 500"):
        await fetched(outlet.url)
    with pytest.raises(FeedError):
        await fetched("http://127.0.0.1:1/rss")


async def test_what_is_no_feed_is_rejected(outlet: Outlet) -> None:
    outlet.answer = lambda _: web.Response(text="<html>صفحة</html>")
    desk = Desk(outlet)
    assert await desk.poll() == 0
    assert desk.published == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("ff02::1", False),
        ("localhost", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_names_written_as_odd_numbers_are_resolved_and_refused() -> None:
    resolver = PublicResolver()
    for host in ("127.1", "2130706433", "localhost"):
        with pytest.raises(PrivateAddress):
            await resolver.resolve(host, 80)
    with pytest.raises(PrivateAddress):
        resolver.check_host("[::1]")
    resolver.check_host("wakala.example")
    await resolver.close()


async def test_no_cookie_is_kept(outlet: Outlet) -> None:
    def with_cookie(_: web.Request) -> web.Response:
        response = web.Response(body=RSS)
        response.set_cookie("track", "1")
        return response

    outlet.answer = with_cookie
    session, resolver = feed_session([Feed("wakala", outlet.url, 15.0)])
    async with session:
        await fetch(session, resolver, outlet.url, {})
        await fetch(session, resolver, outlet.url, {})
    assert all("Cookie" not in request.headers for request in outlet.asked)
    assert isinstance(session, aiohttp.ClientSession)
