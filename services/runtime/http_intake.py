"""POST /articles: articles over HTTP, answered only when the brokers have them.

    curl -H 'Authorization: Bearer …' --data-binary @news.jsonl http://127.0.0.1:8080/articles

202 {"accepted": [{"id", "record_id"}…]}           every article is on Kafka
400, 401, 413 {"error"}                            nothing was published: mend and send again
422 {"error", "rejected_count", "rejected": [{"item", "reason", "message"}…]}    likewise; the first 100 are listed
503 {"error"}                                      Kafka or Redis is away: send again, a repeat is the same record
"""

from __future__ import annotations

import asyncio
import hmac
import io
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import structlog
from aiohttp import web
from aiokafka.errors import KafkaError

from schemas.articles_raw import RawArticle
from services.producer.admission import Admission
from services.producer.candidate import Candidate, Rejected
from services.producer.inbox import Publish
from services.producer.json_values import parse_json
from services.producer.readers import as_candidate
from services.runtime import telemetry
from services.runtime.state import REDIS_ERRORS

MAX_BODY_BYTES = 8 << 20
MAX_ITEMS = 10_000
MAX_LISTED = 100
RETRY_AFTER_SECONDS = 5
_LINES = ("ndjson", "jsonl", "json-seq")

FirstSeen = Callable[[Sequence[RawArticle]], Awaitable[Sequence[RawArticle]]]
"""Gives articles that came in before the `fetched_at` that they had then."""

_log = structlog.get_logger(__name__)


class TooManyItems(ValueError):
    """The body holds over MAX_ITEMS articles."""


@dataclass
class _Sorted:
    """The articles of a body; what was rejected, counted by reason, and the first of it with its place from 1."""

    articles: list[RawArticle] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    listed: list[dict[str, object]] = field(default_factory=list)


def intake_app(
    publish: Publish,
    admission: Admission,
    *,
    source: str,
    now: Callable[[], datetime],
    token: str | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
    first_seen: FirstSeen | None = None,
) -> web.Application:
    """The application with POST /articles. `publish` returns after the brokers' acknowledgement; `source` is of
    articles that name none; `now` gives aware times. With `first_seen` an article that is sent again is the same
    record byte for byte."""

    async def post_articles(request: web.Request) -> web.Response:
        if token is not None and not _bears(request, token):
            return _error(
                401, "the Authorization header must be: Bearer and the producer's token", {"WWW-Authenticate": "Bearer"}
            )
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _error(413, f"the body has over {max_body_bytes} bytes: send fewer articles at once")
        try:
            found = await asyncio.to_thread(_admitted, body, request.content_type, source, admission, now())
        except TooManyItems as error:
            return _error(413, str(error))
        except ValueError as error:
            return _error(400, str(error))
        if found.reasons:
            for reason, count in found.reasons.items():
                telemetry.REJECTED.labels(reason).inc(count)
            said = {
                "error": "nothing was published: mend the rejected",
                "rejected_count": found.reasons.total(),
                "rejected": found.listed,
            }
            return web.json_response(said, status=422)
        articles: Sequence[RawArticle] = found.articles
        if first_seen is not None:
            try:
                articles = await first_seen(articles)
            except REDIS_ERRORS as error:
                _log.warning("redis did not answer", error=type(error).__name__, articles=len(articles))
                return _error(503, "Redis is away: send again", {"Retry-After": str(RETRY_AFTER_SECONDS)})
        try:
            await publish(articles)
        except (KafkaError, OSError, TimeoutError) as error:
            _log.warning("kafka did not acknowledge", error=type(error).__name__, articles=len(articles))
            return _error(503, "Kafka did not acknowledge: send again", {"Retry-After": str(RETRY_AFTER_SECONDS)})
        accepted = [{"id": article.id, "record_id": str(article.record_id)} for article in articles]
        return web.json_response({"accepted": accepted}, status=202)

    app = web.Application(client_max_size=max_body_bytes)
    app.router.add_post("/articles", post_articles)
    return app


def _bears(request: web.Request, token: str) -> bool:
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode())


def _error(status: int, sentence: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": sentence}, status=status, headers=headers)


def _admitted(body: bytes, content_type: str, source: str, admission: Admission, fetched_at: datetime) -> _Sorted:
    """Articles, and what was rejected with its place in the body (from 1: item or line).

    Raises:
        TooManyItems: nothing was looked at. ValueError: the body is no JSON, or holds nothing.
    """
    result = _Sorted()
    for number, found in _items(body, content_type):
        if isinstance(found, Candidate) and found.fields.get("source") in (None, ""):
            found = Candidate(found.origin, {**found.fields, "source": source})
        try:
            article = admission.article(found, fetched_at)
            if not result.reasons:  # else nothing will be published
                result.articles.append(article)
        except Rejected as error:
            result.articles.clear()
            result.reasons[error.reason] += 1
            if len(result.listed) < MAX_LISTED:
                result.listed.append({"item": number, "reason": error.reason, "message": error.message})
    if not result.articles and not result.reasons:
        raise ValueError("the body holds no article: send a JSON object, a list of them, or one a line")
    return result


def _items(body: bytes, content_type: str) -> Iterator[tuple[int, Candidate | Rejected]]:
    if any(name in content_type for name in _LINES):
        return _line_items(body)
    try:
        value = parse_json(body)
    except ValueError as error:
        if b"\n" in body.strip():
            return _line_items(body)
        raise ValueError(f"the body is not JSON: {error}") from None
    items = value if isinstance(value, list) else [value]
    _check_count(items)
    return ((number, as_candidate(item, f"item {number}")) for number, item in enumerate(items, 1))


def _line_items(body: bytes) -> Iterator[tuple[int, Candidate | Rejected]]:
    _check_count(line for line in io.BytesIO(body) if line.strip())
    return (_line_item(number, line) for number, line in enumerate(io.BytesIO(body), 1) if line.strip())


def _line_item(number: int, line: bytes) -> tuple[int, Candidate | Rejected]:
    try:
        return number, as_candidate(parse_json(line), f"line {number}")
    except ValueError as error:
        return number, Rejected("bad_json", f"not JSON: {error}", f"line {number}")


def _check_count(items: Iterable[object]) -> None:
    if sum(1 for _ in islice(items, MAX_ITEMS + 1)) > MAX_ITEMS:
        raise TooManyItems(f"the body holds over {MAX_ITEMS} articles: send fewer at once")
