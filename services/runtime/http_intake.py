"""POST /articles: articles over HTTP, answered only when the brokers have them.

    curl -H 'Authorization: Bearer …' --data-binary @news.jsonl http://127.0.0.1:8080/articles

202 {"accepted": [{"id", "record_id"}…]}           every article is on Kafka
400, 401, 413, 422 {"error", "rejected": [{"item", "reason", "message"}…]}    nothing was published: mend and send again
503 {"error"}                                      Kafka did not acknowledge: send again, a repeat is the same record
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from datetime import datetime

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

MAX_BODY_BYTES = 8 << 20
RETRY_AFTER_SECONDS = 5
_LINES = ("ndjson", "jsonl", "json-seq")

_log = structlog.get_logger(__name__)


def intake_app(
    publish: Publish,
    admission: Admission,
    *,
    source: str,
    now: Callable[[], datetime],
    token: str | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> web.Application:
    """The application with POST /articles. `publish` returns after the brokers' acknowledgement; `source` is of
    articles that name none; `now` gives aware times."""

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
            articles, rejected = await asyncio.to_thread(
                _admitted, body, request.content_type, source, admission, now()
            )
        except ValueError as error:
            return _error(400, str(error))
        if rejected:
            for one in rejected:
                telemetry.REJECTED.labels(one["reason"]).inc()
            return web.json_response(
                {"error": "nothing was published: mend the rejected", "rejected": rejected}, status=422
            )
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


def _admitted(
    body: bytes, content_type: str, source: str, admission: Admission, fetched_at: datetime
) -> tuple[list[RawArticle], list[dict[str, object]]]:
    """Articles, and what was rejected with its place in the body (from 1: item or line).

    Raises:
        ValueError: the body is no JSON, or holds nothing.
    """
    articles: list[RawArticle] = []
    rejected: list[dict[str, object]] = []
    for number, found in _items(body, content_type):
        if isinstance(found, Candidate) and found.fields.get("source") in (None, ""):
            found = Candidate(found.origin, {**found.fields, "source": source})
        try:
            articles.append(admission.article(found, fetched_at))
        except Rejected as error:
            rejected.append({"item": number, "reason": error.reason, "message": error.message})
    if not articles and not rejected:
        raise ValueError("the body holds no article: send a JSON object, a list of them, or one a line")
    return articles, rejected


def _items(body: bytes, content_type: str) -> list[tuple[int, Candidate | Rejected]]:
    if any(name in content_type for name in _LINES):
        return _line_items(body)
    try:
        value = parse_json(body)
    except ValueError as error:
        if b"\n" in body.strip():
            return _line_items(body)
        raise ValueError(f"the body is not JSON: {error}") from None
    items = value if isinstance(value, list) else [value]
    return [(number, as_candidate(item, f"item {number}")) for number, item in enumerate(items, 1)]


def _line_items(body: bytes) -> list[tuple[int, Candidate | Rejected]]:
    found: list[tuple[int, Candidate | Rejected]] = []
    for number, line in enumerate(body.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            found.append((number, as_candidate(parse_json(line), f"line {number}")))
        except ValueError as error:
            found.append((number, Rejected("bad_json", f"not JSON: {error}", f"line {number}")))
    return found
