"""Reading the rule file: every mistake in one sentence that names file, line, rule and field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.alerting.aliases import canonical_names
from services.alerting.rulebook import CanonicalNames, RuleBook
from services.alerting.rules import RuleFile
from services.alerting.yamltree import MAX_CHARACTERS, Node, Step, YamlError, read_yaml

MAX_PROBLEMS = 20

_SAID: dict[str, str] = {
    "missing": "is missing",
    "string_type": "must be text (a number or yes-or-no that is meant as text is put in quotes)",
    "string_too_short": "must not be empty",
    "string_too_long": "must not be longer than {max_length} characters",
    "too_short": "needs at least one",
    "too_long": "has {actual_length}, more than the {max_length} allowed",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping (name: value)",
}
_PATTERNS = "must be made of letters of A to Z, digits, - and _ (a variable's name without -), 64 at most"


@dataclass(frozen=True)
class Problem:
    """One mistake; `rule` is the rule or webhook it is in, `field` the way to it from there.

    `line` is None where the file as a whole cannot be read.
    """

    file: str
    line: int | None
    rule: str | None
    field: str | None
    message: str

    def __str__(self) -> str:
        where = [self.file if self.line is None else f"{self.file}, line {self.line}"]
        if self.rule:
            where.append(self.rule)
        return f"{', '.join(where)}: {f'{self.field} ' if self.field else ''}{self.message}{'' if self.message.endswith('?') else '.'}"


class RuleFileError(ValueError):
    """The rule file cannot be used; one sentence a mistake, a line each, at most 20."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def read_rules(path: Path, canonical_names: CanonicalNames = canonical_names) -> RuleBook:
    """The rule book in a file, UTF-8. Raises RuleFileError, also where the file cannot be read."""
    try:
        with path.open("rb") as file:
            text = file.read(4 * MAX_CHARACTERS + 1).decode("utf-8-sig")
    except OSError as error:
        why = error.strerror or type(error).__name__
        message = f"cannot be read: {why}; set RASID_RULES to the path of the rule file"
        raise _single(str(path.absolute()), None, message) from None
    except UnicodeDecodeError as error:
        line = 1 + error.object.count(b"\n", 0, error.start)
        raise _single(str(path), line, "is not UTF-8: save it in that encoding") from None
    return load_rules(text, str(path), canonical_names)


def load_rules(text: str, name: str, canonical_names: CanonicalNames = canonical_names) -> RuleBook:
    """The rule book in a text; `name` is what errors call the file.

    By `canonical_names` an alias in a rule also stands for the entities of its canonical name.

    Raises:
        RuleFileError: not YAML of the plain kind, or a rule or webhook is wrong; names them all, up to 20.
    """
    try:
        tree = read_yaml(text)
    except YamlError as error:
        raise _single(name, error.line, str(error)) from None
    if tree.fields is None:
        raise _single(name, tree.line, "the file must hold a mapping with `rules` and `webhooks`")
    data = tree.plain()
    try:
        file = RuleFile.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise RuleFileError(
            [_problem(name, tree, data, *_said(detail)) for detail in islice(details, MAX_PROBLEMS)]
        ) from None
    if problems := list(islice((_problem(name, tree, data, *at) for at in _across(file)), MAX_PROBLEMS)):
        raise RuleFileError(problems)
    return RuleBook(file.rules, file.webhooks, canonical_names)


def _single(name: str, line: int | None, message: str) -> RuleFileError:
    return RuleFileError([Problem(name, line, None, None, message)])


def _said(detail: ErrorDetails) -> tuple[tuple[Step, ...], str]:
    """A validation error's path, and what is wrong there, without repeating what might be secret."""
    path, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    if "field" in context:
        path = (*path, str(context["field"])[:60])
    if kind == "literal_error":
        return path, f"is «{str(detail['input'])[:40]}», and must be one of {context['expected']}".replace("'", "")
    if kind == "string_pattern_mismatch":
        return path, _PATTERNS
    said = _SAID.get(kind)
    return path, said.format(**context) if said else detail["msg"].rstrip(".")


def _across(file: RuleFile) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Mistakes between parts of the file: names given twice, webhooks that are not there."""
    yield from _twice("webhooks", (webhook.name for webhook in file.webhooks))
    yield from _twice("rules", (rule.name for rule in file.rules))
    known = {webhook.name for webhook in file.webhooks}
    there = f"those are {', '.join(sorted(known)[:10])}" if known else "there are none"
    for number, rule in enumerate(file.rules):
        for place, webhook in enumerate(rule.webhooks):
            if webhook not in known:
                yield ("rules", number, "webhooks", place), f"«{webhook}» is none of the file's webhooks: {there}"


def _twice(part: str, names: Iterable[str]) -> Iterator[tuple[tuple[Step, ...], str]]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield (part, number, "name"), f"«{name}» is given twice: each name stands for one"
        seen.add(name)


def _problem(file: str, tree: Node, data: Any, path: tuple[Step, ...], message: str) -> Problem:
    line, path = tree.follow(path)
    if len(path) >= 2 and path[0] in ("rules", "webhooks") and isinstance(path[1], int):
        return Problem(file, line, _owner(data, path[0], path[1]), _field(path[2:]), message)
    return Problem(file, line, None, _field(path), message)


def _owner(data: Any, part: Step, number: int) -> str:
    kind = str(part).removesuffix("s")
    items = data.get(part)
    item = items[number] if isinstance(items, list) and number < len(items) else None
    name = item.get("name") if isinstance(item, dict) else None
    return f"{kind} «{name[:64]}»" if isinstance(name, str) and name else f"{kind} {number + 1}"


def _field(path: Sequence[Step]) -> str | None:
    """As in `when.any[2].words`; items count from 1."""
    written = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return written.removeprefix(".") or None
