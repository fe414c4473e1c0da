"""Which verb or noun makes a count one of dead, wounded, missing, displaced or arrested people."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.counts import Count
from services.extraction.numerals import STARTS
from services.extraction.toll_words import (
    AND_WOUNDINGS,
    ASIDE,
    CASUALTY_UNITS,
    CIVILIANS,
    FLIGHTS,
    GOVERNORS,
    GOVERNORS_BEHIND,
    KILLINGS,
    PART_OF,
    PASSIVES,
    REACHES,
    TALLIES,
)
from services.extraction.words import word_set

CLITICS = "وفبل"
CLAUSE_ENDS = word_set(". ، , ؛ ; : ! ؟ ?")
REACH = 6
_FAR = 14
"""How far behind «عدد القتلى» its number may stand."""
_APART = CLAUSE_ENDS | PART_OF


def governor(form: str) -> str | None:
    """The unit that a verb or verbal noun gives to what it governs, a clitic before it aside."""
    return GOVERNORS.get(form) or (GOVERNORS.get(form[1:]) if form[:1] and form[0] in CLITICS else None)


class Governors:
    """Reads them in the folded tokens of one article."""

    def __init__(self, forms: Sequence[str]) -> None:
        self.forms = forms

    def word(self, i: int) -> str:
        """The token; nothing beyond the text."""
        return self.forms[i] if 0 <= i < len(self.forms) else ""

    def of_number(self, first: int, end: int, counts: Sequence[Count]) -> str | None:
        """The unit by the nearest verb before the number in its clause, by one behind it, or by the count it joins."""
        forms = self.forms
        if self.is_part(first):
            return None
        for k in range(first - 1, max(-1, first - 1 - REACH), -1):
            form = forms[k]
            if form in CLAUSE_ENDS:
                break
            unit = governor(form)
            if unit is not None:
                if form == "فقد" and k < first - 1:
                    continue
                return None if k and (forms[k - 1] in ("لا", "لم", "دون") or self.of_both(k)) else unit
            if form.removeprefix("و") in FLIGHTS and not CIVILIANS.isdisjoint(forms[max(first, end - 1) : end + 2]):
                return "displaced"
            if counts and counts[-1].last > k and counts[-1].unit in CASUALTY_UNITS:
                return (
                    counts[-1].unit
                    if forms[first] == "و" or forms[first][0] == "و" or forms[first - 1] == "و"
                    else None
                )
        for k in range(end, min(len(forms), end + REACH)):
            form = forms[k]
            if form in CLAUSE_ENDS:
                break
            if form in GOVERNORS_BEHIND:
                return GOVERNORS_BEHIND[form]
        return self._tallied(first)

    def _tallied(self, first: int) -> str | None:
        """«ارتفع عدد القتلى في المدينة إلى 30», «بلغت حصيلة الضحايا 30»."""
        reached = False
        for k in range(first - 1, max(-1, first - 1 - _FAR), -1):
            form = self.forms[k]
            if form in CLAUSE_ENDS or form[0].isdigit():
                return None
            reached = reached or form in REACHES
            if form in TALLIES:
                told = form.startswith("ال") or self.word(k - 1) in ("عدد", "حصيله", "اعداد", "وحصيله", "وعدد")
                return TALLIES[form] if told and self.word(k - 1) != "بين" and (reached or k >= first - 2) else None
        return None

    def of_both(self, k: int) -> bool:
        return self.word(k) in AND_WOUNDINGS and self.word(k - 1) in KILLINGS

    def is_part(self, first: int) -> bool:
        """«بينهم ثلاثة أطفال»: of those already counted."""
        return self.word(first - 1) in PART_OF or (self.word(first - 1) == "نحو" and self.word(first - 2) in PART_OF)

    def of_someone(self, i: int, far: bool) -> str | None:
        """The verb right before someone, words like «فيه» and «أمس» aside; far: any passive verb of the clause."""
        k = i - 1
        while k > i - 3 and self.word(k) in ASIDE:
            k -= 1
        unit = governor(self.word(k))
        if unit is not None and k < i - 1 and not far and self._counts_on(i):
            return None  # «قتل فيه حارس ببندقيته ثلاثة»: he is the one who killed
        if unit is not None or not far:
            return None if self.of_both(k) else unit
        for k in range(i - 2, max(-1, i - 2 - REACH), -1):
            form = self.forms[k]
            if form in CLAUSE_ENDS or form in PART_OF or form[0].isdigit():
                return None
            if form in PASSIVES:
                return governor(form)
        return None

    def _counts_on(self, i: int) -> bool:
        for form in self.forms[i + 1 : i + 1 + REACH]:
            if form in CLAUSE_ENDS or form[0] == "و":
                return False
            if form[0].isdigit() or form in STARTS:
                return True
        return False

    def joined(self, i: int, counts: Sequence[Count]) -> str | None:
        """The unit of the count that «و» joins this one to: «ثلاثة جنود ومدني»."""
        if not counts or counts[-1].unit not in CASUALTY_UNITS or self.forms[i][0] != "و":
            return None
        near = self.forms[counts[-1].last : i]
        return counts[-1].unit if len(near) <= 2 and _APART.isdisjoint(near) else None
