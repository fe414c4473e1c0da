"""Whom an article is about: who acts in its events and who speaks in it, before the outlets that report it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from services.normalization.names import are_agencies
from services.normalization.search import search_form

_WHO = ("PER", "ORG", "GRP")
_MEDIA = frozenset(("صحيفه", "قناه", "تلفزيون", "اذاعه", "جريده", "مجله", "شبكه", "موقع"))
_NEWS = ("انباء", "الانباء", "الصحافه", "الاخبار")


def protagonists(record: Mapping[str, Any], most: int) -> list[str]:
    """Names of people, organisations and armed groups; tolerates records of any shape."""
    counts: Counter[str] = Counter()
    outlets = {str(name) for claim in _parts(record, "claims") for name in _listed(claim, "via")}
    for entity in _parts(record, "entities"):
        if entity.get("type") in _WHO:
            text = str(entity.get("text") or "")
            name = str(entity.get("canonical") or text)
            counts[name] += 1
            if text == record.get("source") or (entity["type"] == "ORG" and is_outlet(text)):
                outlets.add(name)
    events = list(_parts(record, "events"))
    told = [
        *(str(name) for event in events for name in _listed(event, "actors")),
        *(str(name) for event in events for name in _listed(event, "targets")),
        *(str(claim.get("speaker")) for claim in _parts(record, "claims")),
        *(name for name, _ in counts.most_common()),
    ]
    names = [name for name in dict.fromkeys(told) if name in counts]
    return sorted(names, key=lambda name: name in outlets)[:most]


def is_outlet(name: str) -> bool:
    """Whether a name as the text writes it is that of a news agency, a paper or a station."""
    folded = search_form(name)
    first, *rest = folded.split() or [""]
    if first == "وكاله":
        return are_agencies(" ".join(rest)) or not set(rest).isdisjoint(_NEWS)
    return first in _MEDIA or are_agencies(folded)


def _parts(record: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    return (part for part in _listed(record, name) if isinstance(part, Mapping))


def _listed(record: Mapping[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []
