"""Text decoded with the wrong encoding."""

import pytest
from ftfy.bad_codecs import ok as register_sloppy_encodings

from services.normalization.display import display_form, display_form_with_map

register_sloppy_encodings()

SENTENCE = "قال المتحدث باسم البلدية إن الجسر سيفتح غدًا أمام المارّة، بعد 3 أشهر من الترميم."


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [
        ("utf-8", "sloppy-windows-1252"),
        ("utf-8", "latin-1"),
        ("utf-8", "cp1256"),
        ("cp1256", "sloppy-windows-1252"),
        ("cp1256", "latin-1"),
    ],
)
def test_a_wrong_decoding_is_undone(written_as: str, read_as: str) -> None:
    wrong = SENTENCE.encode(written_as).decode(read_as)
    assert display_form(wrong) == SENTENCE


@pytest.mark.parametrize("read_as", ["sloppy-windows-1252", "latin-1", "cp1256"])
def test_each_letter_is_mapped_to_its_own_bytes(read_as: str) -> None:
    wrong = SENTENCE.encode().decode(read_as)
    form, offsets = display_form_with_map(wrong)
    for place, letter in enumerate(form):
        start, end = offsets.to_original(place, place + 1)
        assert wrong[start:end] == letter.encode().decode(read_as)


def test_a_wrong_line_among_right_ones_is_undone() -> None:
    wrong = SENTENCE.encode().decode("sloppy-windows-1252")
    assert display_form(f"{SENTENCE}\n{wrong}\n{SENTENCE}") == f"{SENTENCE}\n{SENTENCE}\n{SENTENCE}"


def test_quotation_marks_decoded_wrongly_in_a_right_text_are_undone() -> None:
    assert display_form("قال المدرب â€œسنفوزâ€\x9d في عقر دارهم") == "قال المدرب “سنفوز” في عقر دارهم"


def test_mojibake_escaped_as_html_is_undone() -> None:
    wrong = "".join(f"&#{ord(letter)};" for letter in "دمشق".encode().decode("latin-1"))
    assert display_form(wrong) == "دمشق"


@pytest.mark.parametrize(
    "text",
    [
        "انتهى الحفاظ… ثم عاد",
        "في محيط، ومن وسط؛",
        "فيلم «Été» للمخرج François Ozon",
        "À l'aube, Ève était là",
        "ط. ظ. ع.",
    ],
)
def test_text_that_is_right_is_left_alone(text: str) -> None:
    assert display_form(text) == text
