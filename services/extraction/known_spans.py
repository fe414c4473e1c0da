"""What lists and rules know of the names that a model sees: the span is the model's, whose name it is they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from schemas.articles_extracted import EntityType
from services.extraction.gazetteer import Form, Hit
from services.extraction.line import Line
from services.extraction.mentions import Mention
from services.extraction.setting import Setting

RANK = 5
"""Of a mention that no rule found."""


class KnownSpans:
    """The rules' mentions and the lists' forms of one line, by the words at which they stand."""

    def __init__(self, line: Line, ruled: Iterable[Mention], hits: Iterable[Hit], setting: Setting) -> None:
        self.line = line
        self._countries = setting.countries
        self._ruled = {(mention.first, mention.last): mention for mention in ruled}
        self._listed: dict[tuple[int, int], list[tuple[int, Form]]] = {}
        for hit in hits:
            self._listed.setdefault((hit.first, hit.last), []).extend((hit.cut, form) for form in hit.forms)

    def by_rule(self, first: int, last: int, kinds: Collection[EntityType]) -> Mention | None:
        """What the rules found at just these words, if it is of one of the kinds."""
        mention = self._ruled.get((first, last))
        return mention if mention is not None and mention.type in kinds else None

    def forms(self, first: int, last: int) -> list[tuple[int, Form]]:
        """The lists' forms at just these words, each with the letters that are cut off before it."""
        return self._listed.get((first, last), [])

    def knows(self, first: int, last: int, kind: EntityType, cut: int) -> bool:
        """Whether the lists have a form of this kind at just these words, after so many letters."""
        return any(form.entry.type == kind and letters == cut for letters, form in self.forms(first, last))

    def mention(
        self,
        first: int,
        last: int,
        kinds: Collection[EntityType],
        confidence: Mapping[EntityType, float],
        cut: int | None = None,
    ) -> Mention | None:
        """The rules' own mention of these words, else the lists' likeliest (after `cut` letters, if that is known)."""
        ruled = self.by_rule(first, last, kinds)
        if ruled is not None:
            return ruled
        ways = [
            way
            for way in self.forms(first, last)
            if way[1].entry.type in kinds and not way[1].lead and cut in (None, way[0])
        ]
        if not ways:
            return None
        letters, form = max(ways, key=self._preference)
        kind = form.entry.type
        return Mention(first, last, letters, kind, confidence[kind], RANK, entry=form.entry)

    def _preference(self, way: tuple[int, Form]) -> tuple[int, bool, bool, bool, int, str]:
        """Of all that may be meant: with the most letters, of a country that is told of, then the usual and best known."""
        cut, form = way
        entry = form.entry
        told = self._countries[entry.country or ""] > 0
        return -cut, told, form.use == "always", entry.curated, entry.population, entry.name
