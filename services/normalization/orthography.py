"""Letters, marks, digits and punctuation that are written in several ways, and the one way kept.

camel-tools supplies the functions that keep each letter in its place (alef, yeh, teh marbuta) and the set of diacritics.
What changes lengths is tabled here instead: camel-tools returns the text without saying what became of each letter, and
its character mapper visits every letter in Python (200 µs an article).
"""

from __future__ import annotations

import re
import unicodedata
from string import ascii_uppercase

from camel_tools.utils.charsets import AR_DIAC_CHARSET
from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
    normalize_unicode,
)

from services.normalization.offsets import Edit

LETTERS = "\u0621-\u063a\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9"
"""Arabic letters, for a character class."""

DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9"
_ARABIC_MARKS = (
    "".join(sorted(AR_DIAC_CHARSET))
    + "\u0610-\u061a\u0653-\u065f\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff"
)
_COMPOSING_MARKS = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0653-\u0655"
    "\u1ab0-\u1ace\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f"
)
WORD = LETTERS + _ARABIC_MARKS
"""Arabic letters and marks, for a character class."""

_MARKS_OF_ONE_LETTER = 8  # more than any script writes; keeps canonical reordering, which sorts by insertion, linear

_LETTERS_OF_ARABIC = "\u0621-\u063a\u0641-\u064a\u0671"
_RARE = re.compile(
    rf"[^\n -%'-;=-~{_LETTERS_OF_ARABIC}\u064b-\u0652\u0660-\u066c،؛؟«»“”‘’–—…•×]",
)


def is_settled(text: str) -> bool:
    """Whether the text has only characters that no repair removes, replaces or decodes: the common case."""
    return _RARE.search(text) is None


def barest(text: str) -> str:
    """The text with a space for all that is not a letter, a digit or a full stop: the last resort."""
    return re.sub(rf"[^\n A-Za-z0-9.{_LETTERS_OF_ARABIC}]", " ", text)


# ---------------------------------------------------------------- display: one character, one way to write it

_VARIANTS = {
    **dict.fromkeys("ی\u06d0\u06cd\u06d2\u063d\u063e\u063f", "ي"),
    **dict.fromkeys("ک\u06aa\u063b\u063c", "ك"),
    **dict.fromkeys("ہھە\u06c0\u06c2\u06ff", "ه"),
    "ۃ": "ة",
    "\u0672": "أ",
    "\u0675": "أ",
    "\u0673": "إ",
    "\u0676": "ؤ",
    "\u0678": "ئ",
    "\u06d3": "ئ",
    **dict.fromkeys("\u2010\u2011\u2012\u2043\u2212\u30fc", "-"),
    "\u06d4": ".",
    "\u2e2e": "؟",
    "\u201f": "“",
    "\u201e": "“",
    "\u201a": "‘",
    "\u201b": "‘",
    **dict.fromkeys("\t\x1f", " "),
    **dict.fromkeys("\r\v\f\x1c\x1d\x1e\u2028\u2029", "\n"),
}
_LEFT_OUT = (
    "".join(map(chr, (*range(9), *range(0x0E, 0x1C), 0x7F, 0xAD, 0x34F, 0x61C, 0x640, 0x115F, 0x1160, 0x17B4, 0x17B5)))
    + "".join(
        map(chr, (*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
    )
    + "".join(
        map(chr, (0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0, *range(0xFFF0, 0xFFFD), *range(0x1D173, 0x1D17B)))
    )
    + "".join(map(chr, range(0xE0000, 0xE1000)))
)
# Blocks in which compatibility decomposition only undoes typography. It is not safe everywhere: ² would become 2 and m² m2.
_COMPATIBLE = (
    (0xFB00, 0xFB06), (0xFB50, 0xFDFC), (0xFE50, 0xFE6B), (0xFE70, 0xFEFC), (0xFF01, 0xFF5E), (0x1D400, 0x1D7FF),
    (0x1EE00, 0x1EEBB),
)  # fmt: skip


def _windows_1252(code: int) -> str:
    try:
        return bytes((code,)).decode("cp1252")
    except UnicodeDecodeError:
        return ""


def _table() -> dict[str, str]:
    table = dict(_VARIANTS)
    table.update(dict.fromkeys(_LEFT_OUT, ""))
    table.update({chr(code): _windows_1252(code) for code in range(0x80, 0xA0)})  # a control character by mistake
    table.update({chr(code): " " for code in range(0xA0, 0x3001) if unicodedata.category(chr(code)) == "Zs"})
    for first, last in _COMPATIBLE:
        for letter in map(chr, range(first, last + 1)):
            plain = normalize_unicode(letter)
            if plain != letter and not unicodedata.category(letter).startswith("C"):
                # a mark on its own decomposes to a space that carries it
                table[letter] = plain.lstrip(" ") if unicodedata.category(plain[-1]) == "Mn" else plain
    table["\ufdfd"] = normalize_unicode("\ufdfd")
    for letter in list(table):
        while (plain := "".join(table.get(part, part) for part in table[letter])) != table[letter]:
            table[letter] = plain
    return table


_TABLE = _table()
_SAME_LENGTH = {letter: plain for letter, plain in _TABLE.items() if len(plain) == 1}


def _class(letters: str) -> str:
    """A character class, written as ranges: Python searches long lists of letters slowly."""
    codes = sorted(map(ord, letters))
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


_OTHER_LENGTH = {letter: plain for letter, plain in _TABLE.items() if len(plain) != 1}
_ANY_OTHER_LENGTH = re.compile(_class("".join(_OTHER_LENGTH)))
_TRANSLATION = str.maketrans(_SAME_LENGTH)
_FEW = 16


def unify(text: str) -> str:
    """Each character that stands for another one replaced by it; the length stays."""
    letters = _SAME_LENGTH.keys() & set(text)
    if len(letters) > _FEW:
        return text.translate(_TRANSLATION)
    for letter in letters:  # few and far between: several times faster than str.translate
        text = text.replace(letter, _SAME_LENGTH[letter])
    return text


def expand(text: str) -> list[Edit]:
    """Presentation forms and ligatures to be spelt out; tatweel, controls and other invisible characters to be left out."""
    if _OTHER_LENGTH.keys().isdisjoint(text):
        return []
    return [(*match.span(), _OTHER_LENGTH[match[0]]) for match in _ANY_OTHER_LENGTH.finditer(text)]


_COMPOSING = re.compile(f"[{_COMPOSING_MARKS}]")
_MARKS = re.compile(f"[{_COMPOSING_MARKS}{_ARABIC_MARKS}]+")


def compose_marks(text: str) -> list[Edit]:
    """Letter and mark to become one character where there is one (alef with a madda above: آ)."""
    if _COMPOSING.search(text) is None:
        return []
    edits: list[Edit] = []
    for match in _MARKS.finditer(text):
        if _COMPOSING.search(match[0]) is None:
            continue
        start = max(match.start() - 1, 0)
        whole = text[start : match.end()]
        composed = unicodedata.normalize("NFC", whole[: _MARKS_OF_ONE_LETTER + 1])
        if composed != whole:
            edits.append((start, match.end(), composed))
    return edits


_SPACES = re.compile(r"[ \n]+")
_UNEVEN = ("  ", " \n", "\n ", "\n\n")
_PAIRED = re.compile("''")
_NUMBER = re.compile(f"[{DIGITS}]+")
_LETTER = re.compile(f"[{LETTERS}]")
_LONG_WORD = re.compile(f"[{WORD}]{{3}}")


def space_evenly(text: str) -> list[Edit]:
    """One space between words, one line break between lines, none at the ends."""
    if not (any(uneven in text for uneven in _UNEVEN) or text[:1] in {" ", "\n"} or text[-1:] in {" ", "\n"}):
        return []
    edits: list[Edit] = []
    for match in _SPACES.finditer(text):
        start, end, spaces = match.start(), match.end(), match[0]
        if start == 0 or end == len(text):
            edits.append((start, end, ""))
        elif len(spaces) > 1:
            kept = "\n" if "\n" in spaces else " "
            edits.append((start + 1, end, "") if spaces[0] == kept else (start, end, kept))
    return edits


def pair_apostrophes(text: str) -> list[Edit]:
    """Two apostrophes that stand for a quotation mark to become one."""
    return [(*match.span(), '"') for match in _PAIRED.finditer(text)] if "''" in text else []


def part_numbers(text: str) -> list[Edit]:
    """A space to be put between a number and the word stuck to it: "24الاخيرة", "سنة2004"; not after ال or a clitic."""
    edits: list[Edit] = []
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        before = text[max(start - 3, 0) : start]
        if _LONG_WORD.match(before) and not before.endswith("ال"):
            edits.append((start, start, " "))
        if _LETTER.match(text, end):
            edits.append((end, end, " "))
    return edits


# ---------------------------------------------------------------- search: one way to write a word

_FOLDED = {
    **{chr(first + digit): str(digit) for first in (0x660, 0x6F0) for digit in range(10)},
    **dict.fromkeys("“”«»‹›″", '"'),
    **dict.fromkeys("‘’′`´ʼ", "'"),
    **dict.fromkeys("–—―", "-"),
    **dict.fromkeys("ٱٲٳٵ", "ا"),
    **dict.fromkeys("پ", "ب"),
    **dict.fromkeys("چڃڄڇ", "ج"),
    **dict.fromkeys("ڤڥ", "ف"),
    **dict.fromkeys("گڭڪ", "ك"),
    **dict.fromkeys("ڨ", "ق"),
    **dict.fromkeys("ژ", "ز"),
    **dict.fromkeys("ۆۇۋ", "و"),
    **dict.fromkeys("ێۑ", "ي"),
    **dict.fromkeys("ڵ", "ل"),
    **dict.fromkeys("ڕ", "ر"),
    "٪": "%",
    "٫": ".",
    "٬": ",",
    "_": " ",
    "İ": "i",  # the only letter that becomes two in lower case
    **{letter: letter.lower() for letter in ascii_uppercase},
}
_ANY_FOLDED = re.compile(_class("".join(_FOLDED)))
_ANY_MARKS = re.compile(f"[{_ARABIC_MARKS}]+")


def fold(text: str) -> str:
    """Alef, yeh, teh marbuta, loan letters, digits, quotation marks, dashes and case folded; the length stays."""
    text = normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(text)))
    text = _ANY_FOLDED.sub(lambda match: _FOLDED[match[0]], text)
    return text if is_settled(text) else text.lower()


def leave_out_marks(text: str) -> list[Edit]:
    """Diacritics to be left out. A letter goes together with its marks, so that a name's span includes them."""
    edits: list[Edit] = []
    for match in _ANY_MARKS.finditer(text):
        start, end = match.span()
        if start and text[start - 1] not in " \n":
            edits.append((start - 1, end, text[start - 1]))
        else:
            edits.append((start, end, ""))
    return edits
