"""Article text out of HTML: whole pages, and the fragments that feeds carry."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import lxml.html  # type: ignore[import-untyped]
import trafilatura
from lxml import etree

from services.producer.admission import parse_time
from services.producer.candidate import Rejected

Element = Any  # lxml carries no types

MAX_TAGS = 200_000  # lxml and trafilatura build every one of them as an object

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "footer", "h1", "h2",
        "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
    }
)  # fmt: skip
_SILENT = frozenset({"script", "style", "template", "noscript", "head"})
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_TIMES = (
    "article:published_time", "og:published_time", "datepublished", "dc.date.issued", "dcterms.created", "pubdate",
    "publishdate", "date",
)  # fmt: skip

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its complaints about a page are answered by our own


def _parsed(markup: str) -> Element | None:
    if markup.count("<") > MAX_TAGS:
        raise Rejected("bad_file", f"the page has over {MAX_TAGS} tags: give the article's text alone")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _strings(root: Element) -> Iterator[str]:
    """Texts in reading order, a line feed where a block begins or ends."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        block = element.tag in _BLOCKS
        if event == "start":
            if block:
                yield "\n"
            if element.text and element.tag not in _SILENT:
                yield _SPACES.sub(" ", element.text)
        else:
            if block:
                yield "\n"
            if element.tail:
                yield _SPACES.sub(" ", element.tail)


def fragment_text(markup: str) -> str:
    """The text of a fragment of HTML, a line a paragraph; plain text stays as it is.

    Raises:
        Rejected: over MAX_TAGS tags.
    """
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    root = _parsed(markup)
    if root is None:
        return ""
    lines = ("".join(_strings(root))).split("\n")
    return "\n".join(line for line in (_SPACES.sub(" ", line).strip() for line in lines) if line)


def _meta(root: Element) -> dict[str, str]:
    """The page's own statements: meta elements by their lower-cased property, name or itemprop; the first counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _linked_data(root: Element) -> Iterator[dict[str, object]]:
    """Objects of the page's JSON-LD scripts."""
    for element in root.iter("script"):
        if (element.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            value = json.loads(element.text or "")
        except (ValueError, RecursionError):
            continue
        graph = value.get("@graph") if isinstance(value, dict) else None
        for item in value if isinstance(value, list) else [value, *(graph if isinstance(graph, list) else [])]:
            if isinstance(item, dict):
                yield item


def _published(root: Element, meta: dict[str, str]) -> str | None:
    stated = [meta[name] for name in _TIMES if name in meta]
    stated += [value for item in _linked_data(root) if isinstance(value := item.get("datePublished"), str)]
    stated += [value for element in root.iter("time") if (value := element.get("datetime"))]
    return next((moment.isoformat() for value in stated if (moment := parse_time(value.strip()))), None)


def _address(root: Element, meta: dict[str, str]) -> str | None:
    stated = [
        element.get("href") or ""
        for element in root.iter("link")
        if (element.get("rel") or "").strip().lower() == "canonical"
    ]
    for url in [*stated, meta.get("og:url", "")]:
        try:
            if urlsplit(url.strip()).scheme in ("http", "https"):
                return url.strip()
        except ValueError:
            continue
    return None


def page_fields(markup: str) -> dict[str, object]:
    """The fields of the article on a page: main text, and title, url, source, published_at, author where it states them.

    Raises:
        Rejected: the page holds no article, or too many tags.
    """
    root = _parsed(markup)
    if root is None:
        raise Rejected("bad_file", "the file holds no HTML: give a page with an article")
    meta = _meta(root)
    heading = next((element.text_content() for element in root.iter("h1")), None)
    name = next((element.text_content() for element in root.iter("title")), None)
    title = _SPACES.sub(" ", meta.get("og:title") or heading or name or "").strip()
    stated: dict[str, object | None] = {
        "title": title,
        "url": _address(root, meta),
        "source": meta.get("og:site_name"),
        "published_at": _published(root, meta),
        "author": meta.get("author"),
    }
    try:
        page = trafilatura.bare_extraction(root, include_comments=False, with_metadata=False)
    except Exception as error:  # it parses what anyone wrote; whatever it trips over is that page's matter
        raise Rejected("bad_file", f"no article could be read from the page ({type(error).__name__})") from None
    text = (page.text or "") if page is not None else ""
    first, _, rest = text.partition("\n")
    if title and first.strip() == title:
        text = rest
    if not text.strip():
        raise Rejected("empty", "no article was found on the page: give its text in a .txt or .json file")
    return {"text": text} | {key: value for key, value in stated.items() if value}
