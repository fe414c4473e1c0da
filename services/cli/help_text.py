"""Docstrings as help: paragraphs flow to the terminal's width, indented lines (examples) stay as they are."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


def taught(command: Callable[..., Any]) -> str:
    """The help of a command, from its docstring."""
    lines: list[str] = []
    for line in (inspect.getdoc(command) or "").splitlines():
        if lines and line and lines[-1] and not line.startswith(" ") and not lines[-1].startswith(" "):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return "\n".join(lines)
