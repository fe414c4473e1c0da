"""Polling over real connections to servers of our own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from schemas.articles_raw import RawArticle
from services.producer.feeds_file import Feed
from services.runtime import feed_client, public_addresses
from services.runtime.feed_client import FeedClient, FeedError, FeedPoller, Polled
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
        self.feed, self.memory = Feed("wakala", outlet.url, 15.0, private=True), Memory()
        self.published: list[RawArticle] = []
        self.away = False

    async def _publish(self, articles: Sequence[RawArticle]) -> None:
        self.published += articles
        if self.away:
            raise ConnectionError("no acknowledgement")

    async def poll(self) -> int:
        async with FeedClient([self.feed]) as client:
            return (await self.poller(client).poll(self.feed)).published

    def poller(self, client: FeedClient) -> FeedPoller:
        return FeedPoller(client, self.memory, "rasid", ADMISSION, self._publish, lambda: NOON)


async def fetched(url: str, *, private: bool = True, max_bytes: int = 1 << 20) -> bytes | None:
    feed = Feed("wakala", url, 15.0, private)
    async with FeedClient([feed]) as client:
        return (await client.fetch(feed, {}, max_bytes=max_bytes)).body


@pytest.fixture
def loopback_is_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """For redirects that are followed: the servers of the tests can listen nowhere else."""
    monkeypatch.setattr(public_addresses, "is_public", lambda address: address.startswith("127."))


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


async def test_a_private_address_is_asked_only_where_the_file_says_that_the_feed_is_private(outlet: Outlet) -> None:
    for url in (outlet.url, outlet.url.replace("127.0.0.1", "localhost")):
        with pytest.raises(FeedError, match="set `private: true`"):
            await fetched(url, private=False)
        assert await fetched(url) == RSS


async def test_that_one_feed_is_private_opens_its_host_to_no_other_feed(outlet: Outlet) -> None:
    private, other = Feed("wakala", outlet.url, 15.0, private=True), Feed("sahifa", f"{outlet.url}2", 15.0)
    async with FeedClient([private, other]) as client:
        assert (await client.fetch(private, {})).body == RSS
        with pytest.raises(FeedError, match="private address"):
            await client.fetch(other, {})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_no_redirect_leads_to_the_host_of_a_private_feed(outlet: Outlet, host: str) -> None:
    outlet.answer = lambda request: (
        web.Response(body=RSS)
        if request.path == "/secret"
        else web.Response(status=302, headers={"Location": f"http://{host}:{request.url.port}/secret"})
    )
    url = outlet.url.replace("127.0.0.1", host)
    feeds = [
        Feed("wakala", url, 15.0, private=True),
        Feed("wakala", url.replace("/rss", "/secret"), 15.0, private=True),
    ]
    async with FeedClient(feeds) as client:
        assert (await client.fetch(feeds[1], {})).body == RSS
        with pytest.raises(FeedError, match="a redirect is not followed"):
            await client.fetch(feeds[0], {})


@pytest.mark.usefixtures("loopback_is_the_internet")
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


async def test_validators_that_are_not_plain_text_are_not_kept(outlet: Outlet) -> None:
    desk = Desk(outlet)
    for stated in ('"نسخة"', "\udcff", '"' + "v" * 2000 + '"'):
        outlet.answer = lambda _, stated=stated: web.Response(  # type: ignore[misc]
            body=RSS, headers={"ETag": stated, "Last-Modified": stated}
        )
        await desk.poll()
    assert len(desk.published) == 2
    assert all("If-None-Match" not in one.headers and "If-Modified-Since" not in one.headers for one in outlet.asked)


class Waited(Exception):
    """Ends a feed's following at its first wait."""


async def follow_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> float:
    """The seconds that a feed waits after its first poll."""

    async def sleep(seconds: float) -> None:
        raise Waited(seconds)

    async with FeedClient([desk.feed]) as client:
        with monkeypatch.context() as patched:
            patched.setattr(feed_client.asyncio, "sleep", sleep)
            with pytest.raises(Waited) as waited:
                await desk.poller(client).follow(desk.feed, lambda _: None)
    return float(waited.value.args[0])


async def test_whatever_a_feed_breaks_is_that_feeds_failure_and_it_waits(
    outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(outlet)
    assert await follow_once(desk, monkeypatch) == 15 * 60
    monkeypatch.setattr(feed_client, "entries", lambda *_: 1 // 0)
    with capture_logs() as logs:
        assert await follow_once(desk, monkeypatch) == 30 * 60
    (told,) = logs
    assert (told["event"], told["error"], told["source"]) == ("feed not read", "ZeroDivisionError", "wakala")


async def test_without_acknowledgement_the_following_ends(outlet: Outlet) -> None:
    desk = Desk(outlet)
    desk.away = True
    async with FeedClient([desk.feed]) as client:
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(desk.poller(client).follow(desk.feed, lambda _: None), 30)


SECRET = "sesame"


async def test_user_password_and_query_of_an_address_are_never_shown(
    outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(outlet)
    secret = outlet.url.replace("http://", f"http://reader:{SECRET}@") + f"?key={SECRET}"
    desk.feed = replace(desk.feed, url=secret)
    said: list[str] = []
    for answer in (
        web.Response(status=500),
        web.Response(status=302, headers={"Location": f"http://a:{SECRET}@127.0.0.1/?key={SECRET}"}),
        web.Response(status=302, headers={"Location": f"http://a:{SECRET}@[x/?key={SECRET}"}),
        web.Response(status=302, headers={"Location": f"http://a:{SECRET}@exa\u2100mple.example/"}),
        web.Response(status=302, headers={"Location": f"http://a:{SECRET}@127.0.0.1:99999/"}),
    ):
        outlet.answer = lambda _, answer=answer: answer  # type: ignore[misc]
        with capture_logs() as logs:
            await follow_once(desk, monkeypatch)
        said.append(repr(logs))
    outlet.answer = lambda _: web.Response(text="<html>صفحة</html>")
    async with FeedClient([desk.feed]) as client:
        polled: Polled = await desk.poller(client).poll(desk.feed)
    said.append(repr([(one.origin, one.message) for one in polled.rejected]))
    desk.feed = replace(desk.feed, url=secret.replace(str(urlsplit(secret).port), "1"))
    with capture_logs() as logs:
        await follow_once(desk, monkeypatch)
    said.append(repr(logs))
    assert all("127.0.0.1:" in one and "/rss" in one for one in said)
    assert [one for one in said if SECRET in one] == []


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
        ("93.184.215.14", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::1", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a83f:8110", False),
        ("64:ff9b:1::808:808", False),
        ("64:ff9b:1:ffff::1", False),
        ("::ffff:0:808:808", False),
        ("::ffff:0:7f00:1", False),
        ("::8.8.8.8", False),
        ("::", False),
        ("fec0::1", False),
        ("feff::1", False),
        ("5f00::1", False),
        ("4000::1", False),
        ("100::1", False),
        ("2001::1", False),
        ("2001:1::1", False),
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("ff0e::1", False),
        ("192.88.99.1", False),
        ("2002:c058:6301::1", False),
        ("168.63.129.16", False),
        ("::ffff:168.63.129.16", False),
        ("192.0.0.9", False),
        ("192.0.0.200", False),
        ("192.0.2.1", False),
        ("198.19.255.255", False),
        ("203.0.113.7", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("100.127.255.255", False),
        ("239.1.2.3", False),
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


async def test_names_are_not_resolved_in_the_threads_of_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object) -> None:
        raise AssertionError("the shared threads were asked")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nobody)
    resolver = PublicResolver(["localhost"])
    found = await resolver.resolve("localhost", 80, socket.AF_INET)
    assert {(one["host"], one["port"], one["hostname"]) for one in found} == {("127.0.0.1", 80, "localhost")}
    await resolver.close()


async def test_no_cookie_is_kept(outlet: Outlet) -> None:
    def with_cookie(_: web.Request) -> web.Response:
        response = web.Response(body=RSS)
        response.set_cookie("track", "1")
        return response

    outlet.answer = with_cookie
    feed = Feed("wakala", outlet.url, 15.0, private=True)
    async with FeedClient([feed]) as client:
        await client.fetch(feed, {})
        await client.fetch(feed, {})
    assert len(outlet.asked) == 2
    assert all("Cookie" not in request.headers for request in outlet.asked)
