"""POST /articles, over a real connection."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiokafka.errors import KafkaTimeoutError
from prometheus_client import REGISTRY
from redis import exceptions

from schemas.articles_raw import RawArticle
from services.runtime.http_intake import MAX_ITEMS, FirstSeen, intake_app
from tests.unit.producer.samples import ADMISSION, NOON, TEXT

GOOD = {"title": "جسر جديد", "text": TEXT}


class Brokers:
    """Acknowledges, or raises what it is told to."""

    def __init__(self) -> None:
        self.articles: list[RawArticle] = []
        self.error: Exception | None = None

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        if self.error:
            raise self.error
        self.articles += articles


@pytest.fixture
def brokers() -> Brokers:
    """Brokers that acknowledge."""
    return Brokers()


async def client_of(brokers: Brokers, token: str | None = None, first_seen: FirstSeen | None = None) -> TestClient:
    app = intake_app(
        brokers.publish,
        ADMISSION,
        source="desk",
        now=lambda: NOON,
        token=token,
        max_body_bytes=64 * 1024,
        first_seen=first_seen,
    )
    client = TestClient(TestServer(app))
    await client.start_server()
    return client


@pytest.fixture
async def client(brokers: Brokers) -> AsyncIterator[TestClient]:
    """A client of an open intake."""
    client = await client_of(brokers)
    yield client
    await client.close()


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (orjson.dumps(GOOD), 1),
        (orjson.dumps([GOOD, GOOD | {"title": "آخر"}]), 2),
        (orjson.dumps(GOOD) + b"\n\n" + orjson.dumps(GOOD | {"title": "آخر"}) + b"\n", 2),
        (orjson.dumps(GOOD, option=orjson.OPT_INDENT_2), 1),
    ],
    ids=["object", "list", "lines", "indented"],
)
async def test_accepted_articles_are_answered_with_their_ids(
    client: TestClient, brokers: Brokers, body: bytes, count: int
) -> None:
    answer = await client.post("/articles", data=body)
    assert answer.status == 202
    accepted = (await answer.json())["accepted"]
    assert accepted == [{"id": one.id, "record_id": str(one.record_id)} for one in brokers.articles]
    assert len(accepted) == count
    assert {one.source for one in brokers.articles} == {"desk"}


async def test_without_acknowledgement_nothing_is_accepted(client: TestClient, brokers: Brokers) -> None:
    for error in (KafkaTimeoutError(), ConnectionResetError(), TimeoutError()):
        brokers.error = error
        answer = await client.post("/articles", json=GOOD)
        assert answer.status == 503
        assert "Retry-After" in answer.headers
        assert "accepted" not in await answer.json()


async def test_one_bad_item_holds_back_all_and_each_is_told_what_to_mend(client: TestClient, brokers: Brokers) -> None:
    answer = await client.post("/articles", json=[GOOD, {"text": "English only."}, 5, GOOD | {"url": 1}])
    assert answer.status == 422
    rejected = (await answer.json())["rejected"]
    assert [(one["item"], one["reason"]) for one in rejected] == [(2, "not_arabic"), (3, "bad_json"), (4, "bad_field")]
    assert rejected[2]["message"] == "url is a number: give a string"
    assert brokers.articles == []


async def test_a_broken_line_is_told_by_its_number(client: TestClient, brokers: Brokers) -> None:
    body = orjson.dumps(GOOD) + b"\n{broken\n"
    answer = await client.post("/articles", data=body, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status == 422
    assert (await answer.json())["rejected"][0]["item"] == 2


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b"\n\n", b"\xff"])
async def test_a_body_without_articles_is_a_bad_request(client: TestClient, body: bytes) -> None:
    answer = await client.post("/articles", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 400
    assert (await answer.json())["error"]


async def test_a_body_over_the_limit_is_refused(client: TestClient, brokers: Brokers) -> None:
    answer = await client.post("/articles", data=b" " * (64 * 1024 + 1))
    assert answer.status == 413
    assert brokers.articles == []


async def test_a_compressed_body_is_measured_unpacked(client: TestClient, brokers: Brokers) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = await client.post("/articles", data=gzip.compress(orjson.dumps(GOOD)), headers=headers)
    assert answer.status == 202
    answer = await client.post("/articles", data=gzip.compress(b" " * (10 << 20)), headers=headers)
    assert answer.status in (400, 413)
    assert len(brokers.articles) == 1


async def test_a_token_is_asked_for_where_one_is_set(brokers: Brokers) -> None:
    client = await client_of(brokers, token="sesame-Ω")
    try:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "sesame-Ω"}):
            answer = await client.post("/articles", json=GOOD, headers=headers)
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert brokers.articles == []
        answer = await client.post("/articles", json=GOOD, headers={"Authorization": "Bearer sesame-Ω"})
        assert answer.status == 202
    finally:
        await client.close()


async def test_other_methods_and_paths_are_not_there(client: TestClient) -> None:
    assert (await client.get("/articles")).status == 405
    assert (await client.post("/")).status == 404


@pytest.mark.parametrize("body", [b"1\n" * (MAX_ITEMS + 1), b"[" + b"1," * MAX_ITEMS + b"1]"], ids=["lines", "list"])
async def test_a_body_of_too_many_items_is_refused_whole(client: TestClient, body: bytes) -> None:
    answer = await client.post("/articles", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 413
    assert await answer.json() == {"error": "the body holds over 10000 articles: send fewer at once"}


def rejected_so_far(reason: str) -> float:
    return REGISTRY.get_sample_value("rasid_rejected_total", {"reason": reason}) or 0.0


async def test_of_many_rejections_the_first_are_listed_and_all_counted(client: TestClient, brokers: Brokers) -> None:
    before = rejected_so_far("bad_json")
    body = b"\n\n" + b"1\n" * MAX_ITEMS
    answer = await client.post("/articles", data=body, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status == 422
    said = await answer.json()
    assert said["rejected_count"] == MAX_ITEMS
    assert [one["item"] for one in said["rejected"]] == list(range(3, 103))
    assert rejected_so_far("bad_json") - before == MAX_ITEMS
    assert brokers.articles == []


async def test_articles_are_published_as_they_first_came(brokers: Brokers) -> None:
    async def day_before(articles: Sequence[RawArticle]) -> list[RawArticle]:
        return [one.model_copy(update={"fetched_at": one.fetched_at - timedelta(days=1)}) for one in articles]

    client = await client_of(brokers, first_seen=day_before)
    try:
        assert (await client.post("/articles", json=GOOD)).status == 202
        assert [one.fetched_at for one in brokers.articles] == [NOON - timedelta(days=1)]
    finally:
        await client.close()


async def test_without_the_memory_of_what_came_before_nothing_is_accepted(brokers: Brokers) -> None:
    async def away(_: Sequence[RawArticle]) -> list[RawArticle]:
        raise exceptions.ConnectionError("away")

    client = await client_of(brokers, first_seen=away)
    try:
        answer = await client.post("/articles", json=GOOD)
        assert answer.status == 503
        assert "Retry-After" in answer.headers
        assert (await answer.json())["error"] == "Redis is away: send again"
        assert brokers.articles == []
    finally:
        await client.close()
