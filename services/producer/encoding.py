"""Bytes of text and HTML files to characters."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(rb"charset\s{0,20}=\s{0,20}[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_DECLARABLE = {"windows-1256": "cp1256", "cp1256": "cp1256", "iso-8859-6": "iso8859_6", "windows-1252": "cp1252"}
_FEW = 0.01  # share of broken bytes at which UTF-8 with a scratch is still UTF-8


def decoded(data: bytes, *, html: bool = False) -> tuple[str, str]:
    """The characters, and the encoding that they were read in.

    A byte order mark decides; then UTF-8, also where a few bytes are broken; then what the HTML declares; then
    Windows-1256, which older Arabic files are in. Never fails: what is no text shows in admission.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        lenient = data.decode("utf-8", "replace")
    beyond_ascii = sum(1 for char in lenient if char > "\x7f")
    if lenient.count("�") <= _FEW * beyond_ascii:
        return lenient, "utf-8"
    declared = _CHARSET.search(data[:4096]) if html else None
    name = _DECLARABLE.get(declared.group(1).decode("ascii").lower(), "cp1256") if declared else "cp1256"
    return data.decode(name, "replace"), {"cp1256": "windows-1256"}.get(name, name)
