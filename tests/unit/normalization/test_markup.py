"""HTML left in the text."""

import pytest

from services.normalization.display import display_form, display_form_with_map


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<p>أغلق المطار.</p><p>وعاد <b>المسافرون</b> إلى بيوتهم.</p>", "أغلق المطار.\nوعاد المسافرون إلى بيوتهم."),
        ("سطر<br/>سطر<BR>سطر", "سطر\nسطر\nسطر"),
        ('<a href="https://example.org/?a=1&amp;b=2">المصدر</a>', "المصدر"),
        ("قبل<!-- <p>سر</p> -->بعد", "قبل\nبعد"),
        ("قبل<script type='x'>if (a<b) { <p> }</SCRIPT>بعد<style>p{}</style>", "قبل\nبعد"),
        ("&quot;نعم&quot; &laquo;لا&raquo;&nbsp;&#1575;&#x628;", '"نعم" «لا» اب'),
        ("&amp;amp;quot;مرارا&amp;quot;", '"مرارا"'),
        ("قال &quot نعم &quot وسكت&nbspثم قال &#8220لا&#8221", 'قال " نعم " وسكت ثم قال “لا”'),
        ("?a=1&lt=2&amp=3 و &quote", "?a=1&lt=2&amp=3 و &quote"),
        ("&lt;b&gt;مهرب&lt;/b&gt;", "مهرب"),
        ("&l&#116;;", "<"),
        ("إذا كان 3 < 5 و 7 > 2", "إذا كان 3 < 5 و 7 > 2"),
        ("راسلونا <desk@example.org>", "راسلونا <desk@example.org>"),
        ("AT&T و R&D; و &مجهول;", "AT&T و R&D; و &مجهول;"),
        ("<!-- لا نهاية", "<!-- لا نهاية"),
    ],
)
def test_it_is_taken_out_and_nothing_else_is(text: str, form: str) -> None:
    assert display_form(text) == form


def test_words_are_found_between_the_tags() -> None:
    text = "<div><p>افتتح&nbsp;الوزير <i>معرض</i> الكتاب</p></div>"
    form, offsets = display_form_with_map(text)
    for word in form.split():
        start = form.index(word)
        first, last = offsets.to_original(start, start + len(word))
        assert text[first:last] == word
