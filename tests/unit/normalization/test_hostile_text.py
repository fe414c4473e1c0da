"""The largest text that is let in, made of what would be slow if any step looked at it again and again.

A step that is not linear takes minutes here and meets the suite's timeout.
"""

import pytest

from services.normalization.article import normalize_text
from services.normalization.offsets import OffsetMap

LARGEST = 256 * 1024


@pytest.mark.parametrize(
    "piece",
    [
        "ا",
        "3",
        '"كلمة. ',
        "<",
        "<!--<script>",
        "<" * 64 + "b>" * 64,
        "&amp;",
        "&amp;amp;",
        "ب\u0323\u0301\u0651",
        "\u0301\u0323\u0327",
        "\n",
        "كلمة\n",
        "وصل الوفد إلى المدينة صباح اليوم.\n",
        "2ا",
        "Ø§",
        "ط§ظ„ ",
        "ÇáÚ",
        ". ",
        "ﷺ",
        "ـ",
        "اقرأ أيضا\n",
        "الآراء لا ",
    ],
    ids=lambda piece: ascii(piece[:12]),
)
def test_it_is_normalized_in_one_go(piece: str) -> None:
    text = piece * (LARGEST // len(piece.encode()))
    found = normalize_text(text)
    offsets = OffsetMap(found.display.runs)
    assert (offsets.form_length, offsets.original_length) == (len(found.display.text), len(text))
