"""What the letters of a text say: how much of it is Arabic script, and in which language of that script."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass

import ftfy

# Blocks of Arabic script: Arabic, Supplement, Extended-B and -A, Presentation Forms-A and -B.
_ARABIC_BLOCKS = ((0x0600, 0x06FF), (0x0750, 0x077F), (0x0870, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))

# Letters that Arabic does not write, by the language that does, and the least share of all letters that is evidence.
# Keheh and Farsi yeh are evidence of nothing: Arabic is often typed with them.
_OWN_LETTERS: tuple[tuple[str, frozenset[str], float], ...] = (
    ("ur", frozenset("ٹڈڑںےہ"), 0.03),
    ("ps", frozenset("ټډړږښڼۍځڅېګ"), 0.02),
    ("ckb", frozenset("ڕڵۆێە"), 0.05),
    ("ug", frozenset("ۇۈۋېڭە"), 0.05),
    ("fa", frozenset("پچژگ"), 0.01),
)
_TEH_MARBUTA = "ةﺓﺔ"

_TAG = re.compile(r"<[^<>]{1,2000}>")
_MOJIBAKE_SAMPLE = 20_000  # code points; repairing costs more than counting


@dataclass(frozen=True)
class Letters:
    """Letters of a text: how many, the share of them that is of Arabic script, and the language (ISO 639)."""

    count: int
    arabic_share: float
    language: str


def is_arabic_letter(char: str) -> bool:
    """Whether the character is a letter of Arabic script."""
    code = ord(char)
    return char.isalpha() and any(first <= code <= last for first, last in _ARABIC_BLOCKS)


def _language(letters: Counter[str]) -> str:
    """The language of letters of Arabic script: Arabic, unless another's own letters are frequent enough."""
    total = sum(letters.values())
    best, most = "ar", 0.0
    for language, own, least in _OWN_LETTERS:
        share = sum(letters[letter] for letter in own) / total
        if share >= least and share / least > most:
            best, most = language, share / least
    # Arabic that writes foreign names with Persian letters still has its teh marbuta; Persian has none to speak of.
    if best == "fa" and sum(letters[letter] for letter in _TEH_MARBUTA) >= 0.01 * total:
        return "ar"
    return best


def _counted(text: str) -> Letters:
    letters = Counter({char: count for char, count in Counter(text).items() if char.isalpha()})
    arabic = Counter({char: count for char, count in letters.items() if is_arabic_letter(char)})
    count, of_arabic = sum(letters.values()), sum(arabic.values())
    if not of_arabic:
        return Letters(count, 0.0, "und")
    return Letters(count, of_arabic / count, _language(arabic))


def letters_of(text: str) -> Letters:
    """Count the letters that a reader sees: tags are left out, entities resolved, mojibake is read as meant."""
    visible = html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text
    found = _counted(visible)
    if found.arabic_share < 0.5 and found.count:
        repaired = _counted(ftfy.fix_encoding(visible[:_MOJIBAKE_SAMPLE]))
        if repaired.arabic_share > found.arabic_share:
            return repaired
    return found
