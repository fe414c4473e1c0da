"""Paragraphs and sentences of Arabic news."""

import pytest
from hypothesis import given, settings

from services.normalization.display import display_form
from services.normalization.segments import paragraphs, sentences
from tests.unit.normalization.texts import any_text


def split(text: str) -> list[str]:
    return [text[start:end] for first, last in paragraphs(text) for start, end in sentences(text, first, last)]


@pytest.mark.parametrize(
    "parts",
    [
        ["توقفت حركة القطارات صباحا.", "وعادت عند الظهر."],
        ["من المسؤول؟", "لا أحد يعرف!", "وتستمر الأسئلة…", "ثم يأتي الشتاء."],
        ['وقال الحاكم: "نجحنا."', "ثم غادر القاعة."],
        ["انتهى العام 2015.", "وبدأ عام جديد."],
        ["تأسست عام 1979 م.", "وهي الأقدم في المدينة."],
        ["نشر التقرير في 12 صفحة.", "1. الملخص التنفيذي للدراسة", "2. النتائج"],
    ],
)
def test_sentences_are_told_apart(parts: list[str]) -> None:
    separated = [part + ("\n" if part[-1] not in '.!؟…"' else " ") for part in parts]
    assert split("".join(separated).strip()) == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "ارتفع السعر 3.5 في المئة إلى 1.250.000 دينار عند الساعة 17.30 بتوقيت غرينتش.",
        "أعلن د. سمير حداد و أ. ليلى قباني نتائج التجربة.",
        "كتب ج. م. منصور مقالا في موقع العربية.نت عن شبكة بي.بي.سي وهيئة إن.إتش.كيه اليابانية.",
        "اشترت الشركة حصة في .Net وزار وفدها U.S. Steel في بنسلفانيا.",
        'قال الشاهد "سمعنا دويا. خرجنا إلى الشارع. لم نر شيئا" قبل أن ينقل إلى المستشفى.',
        "وصفها بأنها «صعبة. بل مستحيلة» في رسالة إلى أعضاء المجلس.",
        "سأل القاضي: «هل تعرفه؟» فأجاب المتهم بالنفي.",
        "قال إن بلاده (...) لن تتراجع.",
        "عادت المياه.. وعاد معها الأمل إلى سكان الوادي.",
        "صاح الجمهور: هدف! ، ثم ساد الصمت.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert split(sentence) == [sentence]


def test_a_missing_space_after_the_full_stop_does_not_join_two_sentences() -> None:
    assert split("أقلعت الطائرة فجرا.وهبطت ظهرا.") == ["أقلعت الطائرة فجرا.", "وهبطت ظهرا."]


def test_a_long_quotation_is_split_into_its_sentences() -> None:
    speech = "نريد مدارس لأطفالنا ونريد طرقا تصل إلى قرانا البعيدة. " * 12
    text = f'وقال العمدة: "{speech.rstrip(". ")}" في ختام الحفل.'
    assert len(split(text)) == 12


def test_a_quotation_mark_that_is_never_closed_hides_no_full_stop() -> None:
    text = 'وقال "إن الطريق مغلقة. وأضاف أن العمل جار. وختم بالشكر. ' + "وعاد إلى مكتبه. " * 30
    assert len(split(text.strip())) == 33


def test_lines_of_signs_are_no_sentences() -> None:
    assert split("انتهى الدرس\n-----\n***\n. . .\nبدأ آخر") == ["انتهى الدرس", "بدأ آخر"]


@given(any_text)
@settings(max_examples=300, deadline=None)
def test_sentences_lie_in_order_within_paragraphs(text: str) -> None:
    form = display_form(text)
    reached = 0
    for first, last in paragraphs(form):
        assert reached <= first < last <= len(form)
        inside = first
        for start, end in sentences(form, first, last):
            assert inside <= start < end <= last
            inside = end
        reached = last
    assert "\n".join(form[first:last] for first, last in paragraphs(form)) == form
