"""Other names of what extraction knows: a rule may say داعش and mean every mention of the Islamic State."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cache

from services.alerting.words import name_key
from services.extraction.lists import read_list

# Of each curated list: its file, how many columns it has, and those of the name and of the forms. The census of cities
# is left out: its names are unambiguous as they stand in the text.
_LISTS = (("aliases.tsv", 5, 1, 4), ("countries.tsv", 6, 1, 4), ("places.tsv", 6, 0, 5))


def canonical_names(name: str) -> Collection[str]:
    """The canonical names that extraction gives to what is written so, in order; none where it does not know."""
    return _canonical_by_form().get(name_key(name), ())


@cache
def _canonical_by_form() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for file, columns, name, forms in _LISTS:
        for row in read_list(file, columns):
            for form in row[forms].split("|"):
                if form and not form.endswith("*") and not form.startswith("["):  # these need more than the name
                    found[name_key(form)].add(row[name])
    return {form: tuple(sorted(names)) for form, names in found.items()}
