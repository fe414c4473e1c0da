"""`articles.normalized`: repaired text in two forms, each with its way back to the original."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.articles_raw import RawArticle
from schemas.record import Offset, Part

Run = Annotated[
    tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]],
    Field(description="(code points of the form, code points of the original that they stand for)"),
]


class TextForm(Part):
    """A form of the article's text.

    `runs` tile the form and the original from left to right. In a run (n, n) each code point stands for the one at the
    same place; in a run (m, n) with m != n the m code points stand for the n together; (0, n) is text left out.
    """

    text: str
    runs: list[Run]


class Paragraph(Part):
    """A paragraph of the original text, half-open."""

    start: Offset
    end: Offset
    kind: Annotated[
        Literal["body", "subhead", "boilerplate", "repeated"],
        Field(
            description="body text, a heading between paragraphs, the outlet's furniture, or said before in this article"
        ),
    ] = "body"


class Sentence(Part):
    """A sentence of the original text, half-open."""

    start: Offset
    end: Offset


class Dateline(Part):
    """The place (and agency) before the colon that opens a wire story ("موسكو:")."""

    start: Offset
    end: Offset
    text: str


class Normalization(Part):
    """What normalization found."""

    display: Annotated[TextForm, Field(description="cleaned, orthography kept: to read and to extract from")]
    search: Annotated[
        TextForm, Field(description="alef, yeh, teh marbuta folded, no diacritics: to compare and to look up")
    ]
    paragraphs: list[Paragraph]
    sentences: list[Sentence]
    dateline: Dateline | None = None


class NormalizedArticle(RawArticle):
    """The raw article and what normalization found in it."""

    schema_name: ClassVar[str] = "rasid.articles.normalized"

    normalized: Normalization
