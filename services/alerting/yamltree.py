"""YAML as a tree whose every node knows its line: bounded, without anchors, aliases and tags, doubled keys refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

MAX_CHARACTERS = 512 * 1024
MAX_DEPTH = 24

Step = str | int
Value = str | int | float | bool | None

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class YamlError(ValueError):
    """The text is not YAML of the plain kind that is read here; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Node:
    """A value and the line it stands on; for an item of a mapping the line of its key."""

    line: int
    value: Value = None
    items: list[Node] | None = None
    fields: dict[str, Node] | None = None

    def plain(self) -> Any:
        """The node and all below it as lists, dicts and scalars."""
        if self.items is not None:
            return [item.plain() for item in self.items]
        if self.fields is not None:
            return {key: item.plain() for key, item in self.fields.items()}
        return self.value

    def line_at(self, path: Sequence[Step]) -> int:
        """The line of what stands at the path, or of the nearest node above it that is there."""
        return self.follow(path)[0]

    def follow(self, path: Sequence[Step]) -> tuple[int, tuple[Step, ...]]:
        """The line of what stands at the path, and the path as the file has it.

        Steps that lead into a shorthand (a list where a mapping is meant, a value where a list is) are left out; what
        is missing from a mapping stays in the path, and the line is that of the mapping.
        """
        node, there = self, list[Step]()
        for number, step in enumerate(path):
            if node.fields is not None:
                there.append(step)
                if step not in node.fields:
                    return node.line, (*there, *path[number + 1 :])
                node = node.fields[str(step)]
            elif node.items is not None and isinstance(step, int) and step < len(node.items):
                there.append(step)
                node = node.items[step]
        return node.line, tuple(there)


@dataclass
class _Open:
    """A list or mapping being read; `key` is the key that waits for its value."""

    node: Node
    key: str | None = None
    key_line: int = field(default=0)


def read_yaml(text: str) -> Node:
    """Read one YAML document.

    Plain scalars are read as in YAML 1.2's core schema (`NO` and `on` are text); keys are always text.

    Raises:
        YamlError: too long or deep, not YAML, more than one document, an anchor, alias or tag, a key that stands twice.
    """
    if len(text) > MAX_CHARACTERS:
        raise YamlError(1, f"the file has {len(text)} characters, more than {MAX_CHARACTERS}: divide it")
    root: Node | None = None
    opened: list[_Open] = []
    for kind, event in _events(text):
        line = event.start_mark.line + 1
        if kind == "DocumentStart" and root is not None:
            raise YamlError(line, "a second document begins here: one file holds one")
        if kind == "Alias" or getattr(event, "anchor", None) is not None:
            raise YamlError(line, "anchors (&) and aliases (*) are not read here: write the value out, or quote it")
        if getattr(event, "tag", None) is not None:
            raise YamlError(line, "tags (!) are not read here: leave it out, or quote the value")
        if kind in ("SequenceEnd", "MappingEnd"):
            opened.pop()
            continue
        if kind not in ("Scalar", "SequenceStart", "MappingStart"):
            continue
        if opened and opened[-1].node.fields is not None and opened[-1].key is None:
            _take_key(opened[-1], kind, event, line)
            continue
        node = _node(kind, event, line)
        if opened:
            _put(opened[-1], node)
        else:
            root = node
        if kind != "Scalar":
            if len(opened) == MAX_DEPTH:
                raise YamlError(line, f"lists and mappings stand more than {MAX_DEPTH} deep: write it flatter")
            opened.append(_Open(node))
    return root if root is not None else Node(line=1)


def _events(text: str) -> Iterator[tuple[str, Any]]:
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            yield type(event).__name__.removesuffix("Event"), event
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        raise YamlError(mark.line + 1 if mark else 1, f"not YAML: {said}") from None
    except YAMLError as error:
        line = 1 + text.count("\n", 0, getattr(error, "position", 0) or 0)
        reason = getattr(error, "reason", "") or "it cannot be read"
        raise YamlError(line, f"not YAML: {reason}") from None
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, OverflowError) as error:
        # The library's scanner lets some malformed escapes and directives through to Python's own errors.
        raise YamlError(1, f"not YAML: it cannot be read ({type(error).__name__})") from None


def _take_key(mapping: _Open, kind: str, event: Any, line: int) -> None:
    if kind != "Scalar":
        raise YamlError(line, "a key must be a word, not a list or mapping")
    assert mapping.node.fields is not None
    if event.value in mapping.node.fields:
        raise YamlError(line, f"the key «{event.value[:60]}» stands twice in one mapping: the first would be lost")
    mapping.key, mapping.key_line = event.value, line


def _node(kind: str, event: Any, line: int) -> Node:
    if kind == "SequenceStart":
        return Node(line, items=[])
    if kind == "MappingStart":
        return Node(line, fields={})
    return Node(line, _scalar(event.value) if event.implicit[0] else event.value)


def _put(parent: _Open, node: Node) -> None:
    if parent.node.items is not None:
        parent.node.items.append(node)
    elif parent.node.fields is not None and parent.key is not None:
        node.line = parent.key_line
        parent.node.fields[parent.key] = node
        parent.key = None


def _scalar(text: str) -> Value:
    """A plain (unquoted) scalar's value."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
