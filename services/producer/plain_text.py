"""An article in plain text: a headline above it is its title."""

from __future__ import annotations

import re

_LONGEST_TITLE = 120
_HEADLINE = re.compile(r"\s*(\S[^\r\n]*)(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\s*")
_ENDS_SENTENCE = (".", "،", "؛", ":", ",", ";", "…")


def text_fields(text: str) -> dict[str, object]:
    """The text; where its first line is short, ends no sentence and is followed by an empty line, that is the title."""
    match = _HEADLINE.match(text.removeprefix("\ufeff"))
    if match is None:
        return {"text": text}
    title, body = match[1].strip(), text.removeprefix("\ufeff")[match.end() :]
    if len(title) > _LONGEST_TITLE or title.rstrip("\"'”»)").endswith(_ENDS_SENTENCE) or len(body) <= len(title):
        return {"text": text}
    return {"title": title, "text": body}
