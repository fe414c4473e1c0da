"""Text that was decoded with the wrong encoding: "Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©", "ط§ظ„ط¹ط±ط¨ظٹط©" and "ÇáÚÑÈíÉ" for العربية.

ftfy undoes the first (UTF-8 read as Windows-1252 or Latin-1). It does not know Windows-1256, in which most of the Arabic
web was once written; those two are undone here.
"""

from __future__ import annotations

import re

import ftfy

from services.normalization.offsets import Edit

_LONGEST = 2000  # code points given to ftfy at once


def _class(encoding: str, first: int, last: int) -> str:
    """The characters that the bytes first..last become when read in `encoding`, and the control characters they may."""
    decoded = bytes(range(first, last + 1)).decode(encoding, errors="ignore")
    controls = "\x80-\x9f" if first < 0xA0 else ""
    return controls + re.escape("".join(sorted(set(decoded) - {" "})))


_LATIN = _class("cp1252", 0x80, 0xFF)
_LATIN_TRAIL = _class("cp1252", 0x80, 0xBF)
_LATIN_MARK = re.compile(f"[ÂÃÅØÙÚÛâðï][{_LATIN_TRAIL}]")
_LATIN_STRETCH = re.compile(f"[{_LATIN}][{_LATIN} -~]{{0,{_LONGEST}}}[{_LATIN}!-~]*")

_ARABIC_TRAIL = _class("cp1256", 0x80, 0xBF)
# What cannot follow ط or ظ in written Arabic: these bytes less the punctuation, the spaces and joiners among them.
_IMPOSSIBLE = (
    "[" + "".join(sorted(set(bytes(range(0x80, 0xC0)).decode("cp1256")) - set("،؛؟«»“”‘’–—…•\xa0\u200c\u200d"))) + "]"
)
_ARABIC_MARK = re.compile(f"(?:[طظ]{_IMPOSSIBLE}){{2}}")
_ARABIC_PAIR = re.compile(f"[طظعغ][{_ARABIC_TRAIL}]")

_LETTERS_AS_LATIN = re.compile(f"(?<![A-Za-z{_LATIN}])[\xc0-\xff]{{3,}}(?![A-Za-z{_LATIN}])")
_LATIN_LETTER = re.compile("[\xc0-\xff]")
_WORDS_AS_LATIN = 3  # in one line: no language that is written in Latin letters puts three such words into one
_LATIN_LINE_PART = re.compile(f"[{_LATIN}]+")


def undo_mojibake(text: str) -> list[Edit]:
    """The stretches to be decoded again, letter by letter where the letters can be told apart."""
    if _LATIN_MARK.search(text):
        return _utf8_read_as_latin(text)
    if _ARABIC_MARK.search(text):
        return _utf8_read_as_windows_1256(text)
    if _LATIN_LETTER.search(text) and _LETTERS_AS_LATIN.search(text):
        return _windows_1256_read_as_latin(text)
    return []


def _utf8_read_as_latin(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for match in _LATIN_STRETCH.finditer(text):
        wrong = match[0]
        if _LATIN_MARK.search(wrong):
            right = ftfy.fix_encoding(wrong)
            if right != wrong:
                edits += _letter_by_letter(wrong, right, match.start())
    return edits


def _letter_by_letter(wrong: str, right: str, offset: int) -> list[Edit]:
    """Each letter of `right` with the two to four of `wrong` that were its bytes; the rest in one piece where that fails."""
    edits: list[Edit] = []
    cursor = 0
    for place, letter in enumerate(right):
        if cursor < len(wrong) and wrong[cursor] == letter:
            cursor += 1
            continue
        end = cursor + len(letter.encode("utf-8", "replace"))
        if _bytes_of(wrong[cursor:end]) != letter.encode("utf-8", "replace"):
            edits.append((offset + cursor, offset + len(wrong), right[place:]))
            return edits
        edits.append((offset + cursor, offset + end, letter))
        cursor = end
    if cursor < len(wrong):
        edits.append((offset + cursor, offset + len(wrong), ""))
    return edits


def _bytes_of(wrong: str) -> bytes:
    """The bytes that were read as these characters of Windows-1252 or Latin-1."""
    encoded = bytearray()
    for letter in wrong:
        if ord(letter) < 0x100:
            encoded.append(ord(letter))
        else:
            encoded += letter.encode("cp1252", "replace")
    return bytes(encoded)


def _utf8_read_as_windows_1256(text: str) -> list[Edit]:
    edits: list[Edit] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if _ARABIC_MARK.search(line):
            for match in _ARABIC_PAIR.finditer(line):
                letter = match[0].encode("cp1256", "replace").decode("utf-8", "replace")
                if len(letter) == 1 and letter != "\ufffd":
                    edits.append((start + match.start(), start + match.end(), letter))
        start += len(line)
    return edits


def _windows_1256_read_as_latin(text: str) -> list[Edit]:
    edits: list[Edit] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if sum(1 for _ in _LETTERS_AS_LATIN.finditer(line)) >= _WORDS_AS_LATIN:
            for match in _LATIN_LINE_PART.finditer(line):
                for place, byte in enumerate(_bytes_of(match[0]), start + match.start()):
                    edits.append((place, place + 1, bytes((byte,)).decode("cp1256")))
        start += len(line)
    return edits
