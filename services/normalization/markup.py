"""HTML that was left in the text: tags, comments, scripts and character references."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

from services.normalization.offsets import Edit

_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|o:p|q|s|samp|small|span|strike|strong|sub|sup"
    "|time|tt|u|var|wbr"
)
_BREAKING = (
    "address|article|aside|audio|blockquote|body|br|button|canvas|caption|center|col|colgroup|dd|details|div|dl|dt|embed"
    "|fieldset|figcaption|figure|footer|form|frame|h[1-6]|head|header|hr|html|iframe|img|input|label|legend|li|link|main|meta"
    "|nav|noscript|object|ol|optgroup|option|p|param|picture|pre|script|section|select|source|style|summary|svg|table|tbody"
    "|td|textarea|tfoot|th|thead|title|tr|track|ul|video"
)
# Only known names: "<" before other words may well mean "less than", or stand around an address.
_TAG = re.compile(rf"</?(?:({_BREAKING})|{_INLINE})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_OPENS_HIDDEN = re.compile(r"<!--|<(script|style)\b[^<>]*>", re.IGNORECASE)
# An ampersand may have been escaped again and again: &amp;amp;quot; is one quotation mark.
_REFERENCE = re.compile(
    r"&(?:(?:amp|AMP|#0?38|#[xX]26);)*(?:(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});"
    # Browsers also take the old names and numbers without the semicolon, where nothing else goes on.
    r"|(?:nbsp|quot|laquo|raquo|amp|lt|gt|#[0-9]{2,5})(?![A-Za-z0-9;=]))"
)


def strip_markup(text: str) -> list[Edit]:
    """Tags to be left out or to become line breaks, comments, scripts and styles to be left out."""
    if "<" not in text:
        return []
    hidden = _hidden(text)
    edits = list(hidden)
    following = iter([*hidden, (len(text), len(text), "")])
    start, end, _ = next(following)
    for match in _TAG.finditer(text):
        while match.start() >= end and end < len(text):
            start, end, _ = next(following)
        if match.end() <= start:
            edits.append((*match.span(), "\n" if match[1] else ""))
    return sorted(edits)


def _hidden(text: str) -> list[Edit]:
    """What browsers never show. What is opened and not closed is left to `strip_markup`."""
    edits: list[Edit] = []
    lower = ""
    never_closed: set[str] = set()
    cursor = 0
    while match := _OPENS_HIDDEN.search(text, cursor):
        cursor = match.end()
        closing = f"</{match[1].lower()}>" if match[1] else "-->"
        if closing in never_closed:
            continue
        lower = lower or _lower(text)
        end = lower.find(closing, cursor)
        if end < 0:
            never_closed.add(closing)  # so that many openings do not search the whole text each
            continue
        cursor = end + len(closing)
        edits.append((match.start(), cursor, "\n"))
    return edits


def _lower(text: str) -> str:
    """Lower case, each letter in its place."""
    return re.sub("[A-Z]+", lambda match: match[0].lower(), text)


def resolve_references(text: str) -> list[Edit]:
    """Character references such as &quot; and &#1575; to become their characters; unknown ones stay."""
    if "&" not in text:
        return []
    edits: list[Edit] = []
    for match in _REFERENCE.finditer(text):
        last = match[0][match[0].rfind(";", 0, -1) + 1 :].lstrip("&").removesuffix(";") + ";"
        if last.startswith("#"):
            edits.append((*match.span(), unescape(f"&{last}")))
        elif last in html5:
            edits.append((*match.span(), html5[last]))
    return edits
