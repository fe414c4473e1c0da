"""Arabic number words and digits, read from folded tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_UNITS = {
    "واحد": 1, "واحده": 1, "اثنان": 2, "اثنين": 2, "اثنتان": 2, "اثنتين": 2, "اثنا": 2, "اثني": 2, "اثنتا": 2, "اثنتي": 2,
    "ثلاثه": 3, "ثلاث": 3, "اربعه": 4, "اربع": 4, "خمسه": 5, "خمس": 5, "سته": 6, "ست": 6, "سبعه": 7, "سبع": 7,
    "ثمانيه": 8, "ثماني": 8, "ثمان": 8, "تسعه": 9, "تسع": 9, "عشره": 10, "عشر": 10,
}  # fmt: skip
_TENS = {
    "عشر": 20, "ثلاث": 30, "اربع": 40, "خمس": 50, "ست": 60, "سبع": 70, "ثمان": 80, "تسع": 90,
}  # fmt: skip
_TEENS_FROM = {"احد": 1, "احدي": 1, "حادي": 1}
_SMALL = {**_UNITS, **{stem + ending: value for stem, value in _TENS.items() for ending in ("ون", "ين")}}
_HUNDRED = ("مئه", "مائه", "مايه", "ميه")
_HUNDREDS = {
    **dict.fromkeys(_HUNDRED, 100),
    **dict.fromkeys(("مئتان", "مئتين", "مائتان", "مائتين", "مئتا", "مئتي", "مائتا", "مائتي"), 200),
    **{
        stem + hundred: value * 100
        for stem, value in (
            ("ثلاث", 3), ("اربع", 4), ("خمس", 5), ("ست", 6), ("سبع", 7), ("ثمان", 8), ("ثماني", 8), ("تسع", 9),
        )
        for hundred in _HUNDRED
    },
}  # fmt: skip
_SCALES = {
    "الف": 1_000, "الفا": 1_000, "الاف": 1_000, "مليون": 10**6, "مليونا": 10**6, "ملايين": 10**6,
    "مليار": 10**9, "مليارا": 10**9, "مليارات": 10**9, "بليون": 10**9, "بلايين": 10**9, "تريليون": 10**12, "تريليونات": 10**12,
}  # fmt: skip
_DUAL_SCALES = {
    "الفان": 2_000, "الفين": 2_000, "الفا": 2_000, "الفي": 2_000, "مليونان": 2 * 10**6, "مليونين": 2 * 10**6, "مليوني": 2 * 10**6,
    "ملياران": 2 * 10**9, "مليارين": 2 * 10**9, "ملياري": 2 * 10**9,
}  # fmt: skip
_ROUND_PLURALS = {
    "عشرات": 20, "العشرات": 20, "مئات": 200, "المئات": 200, "مات": 200, "الاف": 2_000, "الالاف": 2_000,
    "ملايين": 2 * 10**6, "الملايين": 2 * 10**6, "مليارات": 2 * 10**9, "المليارات": 2 * 10**9,
}  # fmt: skip
_ROUND_SCALES = {
    "الالاف": 1_000,
    "الاف": 1_000,
    "الملايين": 10**6,
    "ملايين": 10**6,
    "المليارات": 10**9,
    "مليارات": 10**9,
}
DEFINITE_PLURALS = frozenset(word for word in _ROUND_PLURALS if word.startswith("ال") and word[2:] in _ROUND_PLURALS)
"""«العشرات»: counts no noun without «ال» behind it."""
_FEW = {"بضعه": (3, 9), "بضع": (3, 9), "عده": (3, None)}
_MOST_DIGITS = 15
_MOST_WORDS = 16

STARTS = frozenset(
    {*_SMALL, *_HUNDREDS, *_SCALES, *_DUAL_SCALES, *_ROUND_PLURALS, *_FEW, *_TEENS_FROM} - {"مات", "عده", "مايه", "ميه"}
)
"""Words that can begin a number, without clitics."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as stated: at least, at most (None: open), and the token behind it."""

    least: float
    most: float | None
    end: int


def parse_digits(form: str) -> float | None:
    """The value of Western digits with separators: «1.234» and «12,345,678» group thousands, «6,7» is a decimal.

    None where it is no number (a time, an address) or too long to mean one.
    """
    if len(form) > _MOST_DIGITS or ":" in form:
        return None
    parts = form.replace(",", ".").split(".")
    if len(parts) == 1:
        return float(form)
    if all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3 and parts[0] != "0":
        return float("".join(parts))
    return float(f"{parts[0]}.{parts[1]}") if len(parts) == 2 else None


def read_numeral(forms: Sequence[str], i: int) -> Numeral | None:
    """The number that begins at token i: digits, words, both («240 الف»), or a round plural («عشرات الآلاف»)."""
    first = forms[i]
    if first in _ROUND_PLURALS:
        scale = _ROUND_SCALES.get(forms[i + 1]) if i + 1 < len(forms) else None
        if scale is not None and _ROUND_PLURALS[first] < scale:
            return Numeral(_ROUND_PLURALS[first] * scale, None, i + 2)
        return Numeral(_ROUND_PLURALS[first], None, i + 1)
    if first in _FEW:
        least, most = _FEW[first]
        scale = _SCALES.get(forms[i + 1], 1) if i + 1 < len(forms) else 1
        return Numeral(least * scale, None if most is None else most * scale, i + (2 if scale > 1 else 1))
    return _sum(forms, i)


def _sum(forms: Sequence[str], i: int) -> Numeral | None:
    """Units, tens, hundreds and scales that stand together, joined by «و» where they add up."""
    total = current = 0.0
    k, last = i, ""
    stop = min(len(forms), i + _MOST_WORDS)
    while k < stop:
        form = forms[k]
        joined = bool(last) and form[0] == "و"
        at = k + 1 if joined and len(form) == 1 else k
        if at >= stop:
            break
        value = _value(forms, at, form[1:] if joined and at == k else forms[at])
        if value is None:
            break
        amount, width, kind = value
        if kind == "scale" and (not joined or not last):
            total, current = total + round((current or 1.0) * amount, 3), 0.0
        elif kind == "hundred" and amount == 100 and not joined and 0 < current < 10 and last == "small":
            current *= amount
        elif not last or (joined and _adds(total, current, amount, kind, last)):
            if kind in ("scale", "dual"):
                total, current = total + current + amount, 0.0
            else:
                current += amount
        else:
            break
        last = kind
        k = at + width
    return Numeral(total + current, total + current, k) if last else None


def _adds(total: float, current: float, amount: float, kind: str, last: str) -> bool:
    """Whether «و» adds a smaller part («مئة وخمسة», «خمسة وعشرون») rather than another number («10 و15»)."""
    if kind == "digits":
        return not current and total > 0 and amount < total and (amount < 1_000 or total >= 10**6)
    if kind in ("scale", "dual"):
        return not current and total > amount
    if last == "digits":
        return False
    if 20 <= amount < 100 and amount % 10 == 0 and 0 < current % 100 < 10:
        return True
    return (current % 100 == 0 and amount < 100) or (not current and amount < 1_000)


def _value(forms: Sequence[str], k: int, word: str) -> tuple[float, int, str] | None:
    """What one word (or two: «اثنا عشر») adds: the amount, the tokens it takes, and how it combines."""
    if word[0].isdigit():
        amount = parse_digits(word)
        return None if amount is None else (amount, 1, "digits")
    following = forms[k + 1] if k + 1 < len(forms) else ""
    if following in ("عشر", "عشره"):
        unit = _TEENS_FROM.get(word) or (_UNITS.get(word) if _UNITS.get(word, 10) < 10 else None)
        if unit is not None:
            return 10.0 + unit, 2, "small"
    if word in _SMALL:
        return float(_SMALL[word]), 1, "small"
    if word in _HUNDREDS:
        return float(_HUNDREDS[word]), 1, "hundred"
    if word in _SCALES and word != "الفا":
        return float(_SCALES[word]), 1, "scale"
    if word == "الفا":
        return 1_000.0, 1, "scale"
    if word in _DUAL_SCALES:
        return float(_DUAL_SCALES[word]), 1, "dual"
    return None
