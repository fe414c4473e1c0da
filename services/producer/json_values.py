"""JSON from outside: values that can be written again, or one sentence on what is wrong."""

from __future__ import annotations

import json

import orjson

_BOM = b"\xef\xbb\xbf"


def without_surrogates(text: str) -> str:
    """The text with halves of surrogate pairs joined, or replaced by U+FFFD where the other half is missing."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _repaired(value: object) -> object:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list):
        return [_repaired(item) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(str(key)): _repaired(item) for key, item in value.items()}
    return value


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def parse_json(raw: bytes) -> object:
    """The value; lone surrogates in strings are replaced, a byte order mark is passed over.

    Raises:
        ValueError: not JSON; one sentence without a full stop.
    """
    raw = raw.removeprefix(_BOM)
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if "surrogate" not in str(error) or b"\\u" not in raw:
            raise ValueError(str(error)) from None
    try:
        return _repaired(json.loads(raw, parse_constant=_no_constant))
    except (ValueError, RecursionError) as error:
        raise ValueError(str(error) or "nested too deep") from None
