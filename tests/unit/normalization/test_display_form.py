"""The display form: repaired, orthography kept."""

import pytest
from hypothesis import given, settings

from services.normalization.display import display_form, display_form_with_map
from tests.unit.normalization.texts import any_text

few_examples = settings(max_examples=300, deadline=None)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("استُؤنفت المفاوضات في مسقطَ أمسِ الأول", "استُؤنفت المفاوضات في مسقطَ أمسِ الأول"),
        ("العاصمــــة تحت المطـر", "العاصمة تحت المطر"),
        ("\u200fقال الوزير\u200b: \u202bلا جديد\u202c", "قال الوزير: لا جديد"),
        ("ﻻﺟﺌﻮن ﰲ اﳌﺨﻴﻢ", "لاجئون في المخيم"),
        ("محمد ﷺ", "محمد صلى الله عليه وسلم"),
        ("الی کابل وھران", "الي كابل وهران"),
        ("بلغت ٢٥٫٥ درجة", "بلغت ٢٥٫٥ درجة"),
        ("خلال الساعات الـ 24الاخيرة", "خلال الساعات ال 24 الاخيرة"),
        ("منذ سنة2004 وحتى 2011م", "منذ سنة 2004 وحتى 2011 م"),
        ("قتل ب50 قذيفة من أصل 70", "قتل ب50 قذيفة من أصل 70"),
        ("دبابة T-72 ومقاتلة F16", "دبابة T-72 ومقاتلة F16"),
        ("''لا للحرب''", '"لا للحرب"'),
        ("  سطر أول \r\n\r\n\t سطر\xa0\xa0ثان\u2028ثالث  ", "سطر أول\nسطر ثان\nثالث"),
        ("مساحتها 30 كم² أو ½ فدان", "مساحتها 30 كم² أو ½ فدان"),
        ("ＡＢＣ １２", "ABC 12"),
        ("قرا\u0654 القر\u0627\u0653ن", "قرأ القرآن"),
        ("cafe\u0301", "café"),
        ("\x93نعم\x94", "“نعم”"),
    ],
)
def test_it_repairs_and_keeps(text: str, form: str) -> None:
    assert display_form(text) == form


def test_marks_piled_on_one_letter_are_cut() -> None:
    assert len(display_form("ب" + "\u0301\u0327" * 500)) < 12


def test_a_name_is_found_again_in_the_original() -> None:
    text = "زار\xa0\xa0وفد من صنعـــاء\u200f العاصمةَ &quot;عدن&quot;"
    form, offsets = display_form_with_map(text)
    for name, original in (("صنعاء", "صنعـــاء"), ("عدن", "عدن"), ('"', "&quot;"), ("العاصمةَ", "العاصمةَ")):
        start = form.index(name)
        first, last = offsets.to_original(start, start + len(name))
        assert text[first:last] == original
        assert offsets.to_form(first, last) == (start, start + len(name))


@given(any_text)
@few_examples
def test_it_is_idempotent(text: str) -> None:
    form = display_form(text)
    assert display_form(form) == form


@given(any_text)
@few_examples
def test_its_map_tiles_both_texts_and_keeps_their_order(text: str) -> None:
    form, offsets = display_form_with_map(text)
    assert sum(run[0] for run in offsets.runs) == len(form)
    assert sum(run[1] for run in offsets.runs) == len(text)
    before = (0, 0)
    for place in range(len(form)):
        start, end = offsets.to_original(place, place + 1)
        assert before[0] <= start <= end <= len(text)
        assert before[1] <= end
        before = start, end


# Such a letter may stand for any Arabic one, depending on its neighbours: see the tests of mojibake.
DEPENDS_ON_CONTEXT = frozenset(map(chr, range(0x80, 0x180))) | frozenset(
    bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
)


@given(any_text)
@few_examples
def test_in_runs_of_equal_length_each_code_point_stands_for_its_like(text: str) -> None:
    form, offsets = display_form_with_map(text)
    here = there = 0
    for length, original_length in offsets.runs:
        if length == original_length:
            for letter, original in zip(form[here : here + length], text[there : there + length], strict=True):
                alike = (
                    letter == original
                    or display_form(original) == letter
                    or (letter.isspace() and not display_form(original))
                )
                assert alike or original in DEPENDS_ON_CONTEXT
        here, there = here + length, there + original_length


def test_a_text_built_never_to_settle_gives_a_form_that_does() -> None:
    nested = "مطار &lt; مرفأ"
    for _ in range(8):
        nested = nested.replace("&", "&a&#109;p;")  # each pass uncovers the next reference
    form = display_form(nested)
    assert display_form(form) == form
    assert "&" not in form
    assert {"مطار", "مرفأ"} <= set(form.split())
