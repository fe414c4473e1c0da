"""What every record on every topic has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Offset = Annotated[int, Field(ge=0, description="Unicode code points into the article's original `text`")]
Confidence = Annotated[float, Field(ge=0.0, le=1.0, description="0 to 1: the share of such findings that are right")]


class Record(BaseModel):
    """A value on a topic: JSON, snake_case. Unknown fields are tolerated and carried on; wrong ones are an error."""

    model_config = ConfigDict(extra="allow")


class Part(BaseModel):
    """A part of a record."""

    model_config = ConfigDict(extra="ignore")
