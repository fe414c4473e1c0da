"""Stages whose record is an article: one in, one out, keyed by its id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from services.runtime.step import Incoming, Outgoing, Stage
from services.runtime.wire import decode, encode, headers_for

ReadT = TypeVar("ReadT", bound=Any)
WrittenT = TypeVar("WrittenT", bound=Any)


def reading(model: type[ReadT]) -> Callable[[Incoming], ReadT]:
    """What decodes a record's value as a model."""

    def read(record: Incoming) -> ReadT:
        return decode(model, record.value)

    return read


def article_record(topic: str, article: Any) -> Outgoing:
    """An article's message on a topic."""
    return Outgoing(topic, article.id.encode(), encode(article), headers_for(type(article), article.record_id))


def article_stage(
    service: str, reads: str, model: type[ReadT], transform: Callable[[ReadT], WrittenT], writes: str
) -> Stage[ReadT, WrittenT, None]:
    """A stage of one pure function."""

    def finish(_read: ReadT, written: WrittenT, _found: None) -> Sequence[Outgoing]:
        return [article_record(writes, written)]

    return Stage(service, reads, reading(model), transform, None, finish)
