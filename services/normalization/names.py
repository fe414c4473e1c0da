"""The lists of names that the structure of an article is told by."""

from __future__ import annotations

import re
from pathlib import Path

from services.normalization.search import search_form

_JOINED = re.compile(r"[/،,+&|-]| و (?=\w)")


def _listed(file: str) -> frozenset[str]:
    lines = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    return frozenset(search_form(line) for line in lines if line and not line.startswith("#"))


PLACES = _listed("dateline_places.txt")
_AGENCIES = _listed("agencies.txt")


def are_agencies(folded: str) -> bool:
    """Whether the text (search form) is the name of an agency, or several ("أ ف ب/رويترز"), and nothing else."""
    parts = [" ".join(part.replace(".", " ").split()) for part in _JOINED.split(folded)]
    return any(parts) and all(part in _AGENCIES for part in parts if part)
