"""Tolls that no number tells: «شخصين», «مقتل جندي», «سقوط قتلى», «إصابة عدد من المدنيين», «دون وقوع إصابات»."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.bounds import at_least
from services.extraction.counts import Count
from services.extraction.governors import CLAUSE_ENDS, CLITICS, Governors, governor
from services.extraction.toll_words import (
    BARE_PLURALS,
    BETWEEN_DENIAL,
    CASUALTY_UNITS,
    COUNTED,
    DENIALS,
    DENIED_VERBS,
    DUALS,
    FALL,
    GOVERNORS_BEHIND,
    NEVER_CASUALTIES,
    NO_ONE,
    ONE_BEHIND,
    OTHERS,
    PEOPLE,
    SEVERAL,
    SINGLES,
    UNKNOWN,
)

_KNOWING = 8


class Unnumbered(Governors):
    """Reads them in the folded tokens of one article."""

    def read(self, i: int, form: str, counts: Sequence[Count]) -> Count | None:
        """One or two by the noun's own number («شخصين»), or some («سقوط قتلى»), where a casualty verb governs them."""
        if form in NO_ONE and self._is_denied(i, counts):
            return Count(i, i + 1, 0, 0, COUNTED[form])
        if form in BARE_PLURALS and (form in COUNTED or form.startswith("ال")):
            sort = COUNTED[form.removeprefix("ال")]
            if counts and counts[-1].last == i and counts[-1].unit in CASUALTY_UNITS and self.forms[i][0] == "و":
                return Count(i, i + 1, counts[-1].least, counts[-1].most, sort, i) if counts[-1].most is None else None
            return Count(i, i + 1, 2, None, sort, i) if self._fell(i) else None
        if form in OTHERS:
            governed = governor(self.word(i - 1))
            return None if governed is None else Count(i, i + 1, *OTHERS[form], governed, i)
        if form in SEVERAL or form in PEOPLE:
            return self._several(i, form)
        if form in ("احد", "احدي"):
            return self._one_of(i)
        if form not in DUALS and form.removesuffix("ا") not in SINGLES:
            return None
        if counts and counts[-1].last == i and self.forms[i] == form:
            return None  # «شرطيان مسؤولان»: the second only describes
        amount = 2 if form in DUALS else 1
        if form.endswith("ا") and form not in SINGLES:
            unit = self._one_behind(i, form)
            return None if unit is None else Count(i, i + 1, 1, 1, unit, i)
        last = i + 1
        unit = COUNTED.get(form) if amount == 2 else None
        nominative = amount == 2 and form.endswith("ان")
        unit = self.of_someone(i, far=nominative) or unit or self.joined(i, counts)
        if unit is None and amount == 2:
            unit = next((GOVERNORS_BEHIND[f] for f in self.forms[i + 1 : i + 5] if f in GOVERNORS_BEHIND), None)
        if unit is None and amount == 1:
            unit = self._one_behind(i, form)
        if unit not in CASUALTY_UNITS or self.is_part(i):
            return None
        most: float | None = amount
        if at_least(self.word, last):
            most, last = None, last + 2
        return Count(i, last, amount, most, unit, i)

    def _fell(self, i: int) -> bool:
        """«سقوط قتلى», «عدد من الجرحى»; not where nobody knows («لم ترد أنباء عن سقوط قتلى»)."""
        if not (self.word(i - 1) in FALL or (self.word(i - 1) == "من" and self.word(i - 2) in ("عدد", "العديد"))):
            return False
        for k in range(i - 2, max(-1, i - 2 - _KNOWING), -1):
            if self.forms[k] in CLAUSE_ENDS:
                return True
            if self.forms[k] in UNKNOWN:
                return False
        return True

    def _is_denied(self, i: int, counts: Sequence[Count]) -> bool:
        """«دون وقوع إصابات», «لم تسفر عن ضحايا», and what «أو» adds: «بلا قتلى أو جرحى»."""
        if self.word(i - 1) in ("او", "ولا") and counts and counts[-1].last == i - 1 and counts[-1].most == 0:
            return True
        k = i - 1
        while k > i - 1 - _KNOWING and self.word(k) in BETWEEN_DENIAL:
            k -= 1
        if self.word(k) in DENIALS or (self.word(k) in ("لم", "ولم") and self.word(k + 1) in DENIED_VERBS):
            return True
        return self.word(k) in DENIED_VERBS and self.word(k - 1) in ("لم", "ولم", "لا", "ولا")

    def _one_behind(self, i: int, form: str, width: int = 1) -> str | None:
        """«إن شرطيا قتل», «أن أحد جنودها قتل», «قتيل واحد»."""
        if self.word(i + 1) == "واحد":
            return COUNTED.get(form)
        return ONE_BEHIND.get(self.word(i + width)) if self.word(i - 1) in ("ان", "بان") else None

    def _several(self, i: int, form: str) -> Count | None:
        """«إصابة عدد من المدنيين», «مقتل جنود»: at least two."""
        unit = None if self.of_both(i - 1) else governor(self.word(i - 1))
        told = i
        if form in SEVERAL:
            if self.word(i + 1) != "من":
                return None
            told = i + 2
        elif self.word(i - 1).lstrip(CLITICS) not in ("مقتل", "مصرع", "استشهاد", "اصابه"):
            return None
        people = self.word(told).removeprefix("ال")
        if unit is None or not people[:1].isalpha() or people in NEVER_CASUALTIES or people in COUNTED:
            return None
        return Count(i, told + 1, 2, None, unit, told)

    def _one_of(self, i: int) -> Count | None:
        """«مقتل أحد الحراس», «إصابة أحد جنودها»."""
        unit, whom = self.of_someone(i, far=False) or self._one_behind(i, "", 2), self.word(i + 1)
        if (
            unit is None
            or not (whom.startswith("ال") or whom.endswith(("ه", "ها", "هم")))
            or whom[:3] in ("الذ", "الت")
        ):
            return None
        return None if whom.removeprefix("ال") in NEVER_CASUALTIES else Count(i, i + 2, 1, 1, unit, i + 1)
