"""Records as bytes: JSON values, and the headers that travel with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

Headers = list[tuple[str, bytes]]


class WireError(ValueError):
    """The bytes are not a record of the topic; the message says in one sentence what is wrong."""


class TopicModel(Protocol):
    """A pydantic model that is the value of a topic."""

    schema_name: ClassVar[str]
    schema_version: ClassVar[int]


ModelT = TypeVar("ModelT", bound=BaseModel)


def encode(model: BaseModel) -> bytes:
    """JSON bytes of a record; equal records give equal bytes. Raises PydanticSerializationError for a wrong field."""
    return model.__pydantic_serializer__.to_json(model, warnings="error")


def decode(cls: type[ModelT], value: bytes | None) -> ModelT:
    """A record from its bytes.

    Raises:
        WireError: not JSON, or a field is missing or wrong; names the first field.
    """
    if value is None:
        raise WireError("the record has no value")
    try:
        return cls.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the value"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise WireError(f"{where}: {first['msg']}{more}") from None


def schema_header(cls: type[TopicModel]) -> bytes:
    """Name and version of a record's schema, as in `rasid.articles.raw/1`."""
    return f"{cls.schema_name}/{cls.schema_version}".encode()


def traceparent(record_id: UUID) -> bytes:
    """W3C trace context: the trace is the record, so that a repeat has the same one."""
    return f"00-{record_id.hex}-{record_id.hex[16:]}-01".encode()


def headers_for(cls: type[TopicModel], record_id: UUID) -> Headers:
    """The headers of a record's message."""
    return [
        ("schema", schema_header(cls)),
        ("content-type", b"application/json"),
        ("traceparent", traceparent(record_id)),
    ]


def header(headers: Sequence[tuple[str, bytes | None]] | None, name: str) -> str | None:
    """A header's text, None where it is not there or null."""
    for key, value in headers or ():
        if key == name and value is not None:
            return value.decode("utf-8", "replace")
    return None
