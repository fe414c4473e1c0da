"""Plain text to the fields of an article."""

from __future__ import annotations

import pytest

from services.producer.plain_text import text_fields

BODY = "قال رئيس البلدية إن الحريق أخمد بعد ساعة.\n\nوعاد الباعة إلى محالهم صباحا."


@pytest.mark.parametrize("between", ["\n\n", "\r\n\r\n", "\n \n", "\n\n\n"])
def test_a_headline_above_an_empty_line_is_the_title(between: str) -> None:
    assert text_fields(f"حريق في سوق الميناء{between}{BODY}") == {"title": "حريق في سوق الميناء", "text": BODY}


def test_a_mark_of_byte_order_and_blanks_before_the_headline_are_passed_over() -> None:
    assert text_fields(f"\ufeff\n  هل عاد الباعة؟ \n\n{BODY}") == {"title": "هل عاد الباعة؟", "text": BODY}


@pytest.mark.parametrize(
    "text",
    [
        f"حريق في سوق الميناء\n{BODY}",
        f"أغلق السوق أمس.\n\n{BODY}",
        "قالت البلدية «لن يغلق السوق.»\n\n" + BODY,
        "كلمة " * 30 + f"\n\n{BODY}",
        "حريق في سوق الميناء\n\n",
        "حريق في سوق الميناء\n\nأخمد",
        "حريق",
        "",
    ],
)
def test_other_text_has_no_title(text: str) -> None:
    assert text_fields(text) == {"text": text}
