"""feeds.yaml: which RSS and Atom feeds are polled, and how often.

feeds:
  - source: wakala              # the outlet, as it stands in the records
    url: https://wakala.example/rss.xml
    every: 10                   # minutes; 15 where it is left out
    private: true               # only where the feed stands in your own network; false where it is left out
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.alerting.yamltree import MAX_CHARACTERS, Node, YamlError, read_yaml
from services.producer.admission import MAX_SOURCE, MAX_URL

EVERY = 15.0
LEAST_EVERY, MOST_EVERY = 1.0, 24 * 60.0
_KEYS = ("source", "url", "every", "private")

Fault = Callable[[int, str], None]


@dataclass(frozen=True)
class Feed:
    """A feed of an outlet, polled every so many minutes; a `private` one may stand at an address that is not public."""

    source: str
    url: str
    every: float
    private: bool = False

    @property
    def host(self) -> str:
        """The host of the address, lower-case."""
        return urlsplit(self.url).hostname or ""

    @property
    def place(self) -> str:
        """Host and path, for people to read: the rest of an address (user, password, query) may be confidential."""
        parts = urlsplit(self.url)
        return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


class FeedsError(ValueError):
    """feeds.yaml is wrong; one line a fault, each with its place and what to mend."""


def load_feeds(path: Path) -> list[Feed]:
    """The feeds of the file.

    Raises:
        FeedsError: it cannot be read or is wrong; all faults are named at once.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(4 * MAX_CHARACTERS + 1)
    except OSError as error:
        raise FeedsError(f"{path}: cannot be read: {error.strerror or error}") from None
    return parse_feeds(raw, str(path))


def parse_feeds(raw: bytes, name: str = "feeds.yaml") -> list[Feed]:
    """The feeds of a file's bytes.

    Raises:
        FeedsError: as for load_feeds.
    """
    faults: list[str] = []

    def fault(line: int, message: str) -> None:
        faults.append(f"{name}:{line}: {message}")

    feeds: list[Feed] = []
    try:
        lines_of: dict[str, int] = {}
        for node in _listed(read_yaml(raw.decode("utf-8-sig")), fault):
            feed = _feed(node, fault)
            if feed is None:
                continue
            if feed.url in lines_of:
                fault(node.line, f"the same url stands at line {lines_of[feed.url]}: take one out")
            lines_of.setdefault(feed.url, node.line)
            feeds.append(feed)
    except UnicodeDecodeError:
        fault(1, "not UTF-8: save it as UTF-8")
    except YamlError as error:
        fault(error.line, str(error))
    if faults:
        raise FeedsError("\n".join(faults))
    return feeds


def _listed(root: Node, fault: Fault) -> list[Node]:
    if root.fields is None or list(root.fields) != ["feeds"]:
        fault(root.line, "the file must have one key, `feeds:`, with a list under it")
        return []
    feeds = root.fields["feeds"]
    if not feeds.items:
        fault(feeds.line, "`feeds:` must be a list of feeds, each with source and url")
    return feeds.items or []


def _feed(node: Node, fault: Fault) -> Feed | None:
    """The feed of a node; None with its faults told."""
    if node.fields is None:
        fault(node.line, "a feed must have the keys source and url")
        return None
    fields = {key: value for key, value in node.fields.items() if key in _KEYS}
    for key, value in node.fields.items():
        if key not in _KEYS:
            fault(value.line, f"unknown key «{key[:40]}»: a feed has {', '.join(_KEYS)}")
    source, url, every, private = (fields.get(key, Node(node.line)) for key in _KEYS)
    if not isinstance(source.value, str) or not 0 < len(source.value.strip()) <= MAX_SOURCE:
        fault(source.line, f"source is missing, no text or over {MAX_SOURCE} characters: name the outlet")
        return None
    if not isinstance(url.value, str) or not _is_web_address(url.value.strip()):
        fault(url.line, "url is missing or no http:// or https:// address")
        return None
    minutes = every.value if "every" in fields else EVERY
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not LEAST_EVERY <= minutes <= MOST_EVERY:
        fault(every.line, f"every must be minutes, {LEAST_EVERY:g} to {MOST_EVERY:g}")
        return None
    if "private" in fields and not isinstance(private.value, bool):
        fault(private.line, "private must be true (the feed stands in your own network) or false")
        return None
    return Feed(source.value.strip(), url.value.strip(), float(minutes), private.value is True)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= MAX_URL
    except ValueError:
        return False
