"""HTML elements that make harmless whatever is put into them: characters here, escaping by lxml when it is written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import lxml.html  # type: ignore[import-untyped]
from lxml.builder import ElementMaker  # type: ignore[import-untyped]

from services.cli.safe_text import safe_in_page

Element = Any  # lxml carries no types


def _add_text(element: Element, text: str) -> None:
    text = safe_in_page(text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _add_attributes(element: Element, attributes: dict[str, object]) -> None:
    for name, value in attributes.items():
        if value not in (None, ""):
            element.set(name, safe_in_page(str(value)))


_make = ElementMaker(typemap={str: _add_text, dict: _add_attributes})


def tag(name: str, /, *children: Element | str | None, of: str = "", **attributes: object) -> Element:
    """An element. `of` is its class; None among the children, and attributes without a value, are left out; _ in the
    name of an attribute stands for -."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return _make(name, {"class": of, **named}, *(child for child in children if child is not None))


def written(page: Element) -> str:
    """The page as HTML."""
    html: str = lxml.html.tostring(page, encoding="unicode", doctype="<!doctype html>")
    return html + "\n"


def web_address(url: str | None) -> str | None:
    """The address where it may be a link: of the web, and of nothing that runs."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
