"""The article on a page, and the text in a feed's fragments."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.producer.candidate import Candidate, Rejected
from services.producer.readers import read
from services.producer.web_page import MAX_TAGS, fragment_text, page_fields

FIRST = "قالت وزارة الصحة في بيان صدر صباح الجمعة إن المستشفى استقبل عشرات المصابين خلال الليلة الماضية."
SECOND = "وأضاف البيان أن الفرق الطبية تواصل عملها في الموقع رغم صعوبة الوصول إليه بسبب الأمطار الغزيرة."
PAGE = f"""<!doctype html>
<html lang="ar"><head><meta charset="utf-8"><title>المستشفى يستقبل المصابين | وكالة</title>
<meta property="og:title" content="المستشفى يستقبل المصابين"><meta property="og:site_name" content="وكالة">
<link rel="canonical" href="https://wakala.example/a/1"><meta name="author" content="رنا الشامي">
<meta property="article:published_time" content="2024-03-01T09:00:00+03:00"></head>
<body><nav><a href="/">الرئيسية</a> <a href="/sport">رياضة</a></nav>
<article><h1>المستشفى يستقبل المصابين</h1><p>{FIRST}</p><p>{SECOND}</p></article>
<footer>جميع الحقوق محفوظة</footer><script>var x = "نص";</script></body></html>"""


def test_a_page_gives_its_article_and_what_it_states_of_it() -> None:
    assert page_fields(PAGE) == {
        "title": "المستشفى يستقبل المصابين",
        "text": f"{FIRST}\n{SECOND}",
        "url": "https://wakala.example/a/1",
        "source": "وكالة",
        "author": "رنا الشامي",
        "published_at": "2024-03-01T06:00:00+00:00",
    }


@pytest.mark.parametrize(
    "stated",
    [
        '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2024-03-01T06:00Z"}]}</script>',
        '<script type="application/ld+json">[{"datePublished":"2024-03-01T06:00Z"}]</script>',
        '<script type="application/ld+json">{{broken</script><time datetime="2024-03-01T06:00Z">أمس</time>',
        '<meta itemprop="datePublished" content="2024-03-01T06:00Z">',
        '<meta name="date" content="غير معروف"><time datetime="2024-03-01T06:00Z">أمس</time>',
    ],
)
def test_the_time_of_publication_is_found_where_pages_state_it(stated: str) -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2024-03-01T09:00:00+03:00">', stated)
    assert page_fields(page)["published_at"] == "2024-03-01T06:00:00+00:00"


def test_a_time_that_is_not_stated_is_not_guessed() -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2024-03-01T09:00:00+03:00">', "")
    assert "published_at" not in page_fields(page)


@pytest.mark.parametrize("markup", ["", "   ", "<html><body></body></html>", "<!-- -->"])
def test_a_page_without_an_article_is_rejected(markup: str) -> None:
    with pytest.raises(Rejected):
        page_fields(markup)


def test_a_page_of_too_many_tags_is_rejected() -> None:
    with pytest.raises(Rejected, match="tags"):
        page_fields("<p>" * (MAX_TAGS + 1))


def test_addresses_that_are_none_are_left_out() -> None:
    page = PAGE.replace("https://wakala.example/a/1", "javascript:alert(1)")
    assert "url" not in page_fields(page)
    assert "url" not in page_fields(PAGE.replace("https://wakala.example/a/1", "https://[x"))


def test_an_html_file_is_read_in_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    for raw in (PAGE.encode(), PAGE.replace("utf-8", "windows-1256").encode("cp1256")):
        path.write_bytes(raw)
        (found,) = read([path], source="غير معروف")
        assert isinstance(found, Candidate)
        assert found.fields["text"] == f"{FIRST}\n{SECOND}"
        assert found.fields["source"] == "وكالة"


def test_fragments_keep_paragraphs_and_lose_tags() -> None:
    markup = f"<p>{FIRST}</p>\n<div>قال <b>المتحدث</b>:<br>نعم &amp; لا</div><script>x()</script><style>p{{}}</style>"
    assert fragment_text(markup) == f"{FIRST}\nقال المتحدث:\nنعم & لا"
    assert fragment_text("  نص بلا وسوم\nفي سطرين ") == "نص بلا وسوم\nفي سطرين"


@given(st.text(alphabet=st.sampled_from("<>/&;pbdiv!-[]\"'= \n\x00نص#0123"), max_size=80))
@settings(deadline=None, max_examples=300)
def test_any_fragment_gives_text_without_tags_of_its_blocks(markup: str) -> None:
    text = fragment_text(markup)
    assert "<p>" not in text
    assert "<div>" not in text
