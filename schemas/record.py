"""What every record on every topic has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

Offset = Annotated[int, Field(ge=0, description="Unicode code points into the article's original `text`")]
Confidence = Annotated[float, Field(ge=0.0, le=1.0, description="0 to 1: the share of such findings that are right")]


class Record(BaseModel):
    """A value on a topic: JSON, snake_case. Unknown fields are tolerated and carried on; wrong ones are an error."""

    model_config = ConfigDict(extra="allow")

    @classmethod
    def of_validated(cls, fields: Mapping[str, Any], carried_on: Mapping[str, Any] | None) -> Self:
        """A record of declared `fields` that are not looked at again, with the unknown fields of the one before it.

        Unknown fields have names from outside: they never become arguments, and never hide a declared field.
        """
        record = super().model_construct(**fields)
        if carried_on:
            declared = cls.model_fields
            record.__pydantic_extra__ = {name: value for name, value in carried_on.items() if name not in declared}
        return record


class Part(BaseModel):
    """A part of a record."""

    model_config = ConfigDict(extra="ignore")
