"""docker-compose.yml as Compose reads it: variables filled in, merges done; so that tests run what the file says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
COMPOSE_FILE = ROOT / "docker-compose.yml"
SERVICES = ("producer", "normalization", "extraction", "deduplication", "alerting")

_VARIABLE = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?:(?P<rule>:?[-?])(?P<word>[^{}]*))?\})"
)


def interpolate(text: str, environ: Mapping[str, str]) -> str:
    """Fill in $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?message} and $$.

    Raises:
        KeyError: a variable that must be given is not; the message is the file's.
    """

    def fill(match: re.Match[str]) -> str:
        if match["escaped"]:
            return "$"
        name, rule = match["plain"] or match["name"], match["rule"] or ""
        value = environ.get(name)
        if value is None or (value == "" and rule.startswith(":")):
            if rule.endswith("?"):
                raise KeyError(match["word"] or name)
            return match["word"] if rule else value or ""
        return value

    return _VARIABLE.sub(fill, text)


def _filled(node: Any, environ: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _filled(item, environ) for key, item in node.items()}
    if isinstance(node, list):
        return [_filled(item, environ) for item in node]
    return interpolate(node, environ) if isinstance(node, str) else node


def load_compose(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The file with the variables of `environ` filled in; without it, as a newcomer's empty environment leaves it."""
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(COMPOSE_FILE.read_text("utf-8"))
    filled: dict[str, Any] = _filled(document, environ or {})
    return filled


def compose_command(service: str) -> list[str]:
    """A service's command line, word by word."""
    return list(load_compose()["services"][service]["command"])


def compose_environment(service: str, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """A service's variables. One without a value is taken from `environ`, or is not set at all, as Compose does it."""
    given = environ or {}
    wanted = load_compose(given)["services"][service].get("environment") or {}
    return {
        name: str(given[name] if value is None else value)
        for name, value in wanted.items()
        if value is not None or name in given
    }
