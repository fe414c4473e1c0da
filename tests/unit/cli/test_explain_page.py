"""The page: whole, harmless, legible."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Claim, DateMention, Entity, Event, ExtractedArticle, Quantity
from services.cli import explain_words as words
from services.cli.explain_cards import SLOTS
from services.cli.explain_markup import web_address
from services.cli.explain_page import headline, page
from tests.unit.cli.explained_articles import SEEDS, STRIKES, article, seed

STYLE = files("services.cli").joinpath("explain.css").read_text("utf-8")
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "span", "bdi", "time", "a", "small",
    "div", "section", "main", "article", "strong", "b", "code", "dl", "dt", "dd", "ol", "ul", "li", "figure", "footer",
    "figcaption", "svg", "rect", "line", "path", "circle", "text", "g",
}  # fmt: skip
ATTRIBUTES = {
    "aria-hidden", "aria-label", "charset", "class", "content", "cx", "cy", "d", "datetime", "dir", "direction", "height",
    "href", "http-equiv", "id", "lang", "name", "r", "rel", "role", "text-anchor", "title", "viewbox", "width", "x", "x1",
    "x2", "xmlns", "y", "y1", "y2",
}  # fmt: skip
VOID = {"meta"}
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'", "&lt;b&gt;", "]]>", "<!--", "-->", "</style>",
    "</title>", "\u202e", "\u2066", "\x00", "\x1b[2J", "\ud800", "\ufffe", "javascript:alert(1)", "\u2028", "`", "{{7*7}}",
    "خبر", " ", "دمشق", "\u200f", "\U000e0041",
]  # fmt: skip
LONG = "قال مصدر إن غارة على دمشق أوقعت جرحى. " * 60  # admission refuses a text that is mostly no Arabic
TEXTS = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=6).map("".join)


class Read(HTMLParser):
    """What a reader of HTML finds: tags, attributes, and the text of paragraphs without the numbers of findings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str]] = []
        self.shown: list[str] = []
        self.paragraphs: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes.get("class") or ""))
        if attributes.get("class") == "text":
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.shown.append(data)
        classes = [of for _, of in self.open]
        if "text" in classes and not any(of.startswith(("badge", "kind")) for of in classes):
            self.paragraphs[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("the page has a comment")


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.json")), ids=lambda path: path.stem)
def test_the_text_stands_on_the_page_whole_and_every_finding_has_its_card(path: Path) -> None:
    found = seed(path)
    read = Read(page(found))
    assert read.open == []
    assert "".join("".join(read.paragraphs).split()) == "".join(found.text.split())
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for kind, findings in (("e", found.events), ("c", found.claims)):
        for number in range(1, len(findings) + 1):
            assert f"{kind}{number}" in ids
            assert f"in-{kind}{number}" in ids
    links = [attributes["href"] or "" for tag, attributes in read.tags if tag == "a"]
    assert all(link[1:] in ids for link in links if link.startswith("#"))


def test_a_card_stands_beside_the_paragraph_of_its_words() -> None:
    html = page(seed(STRIKES))
    for row in html.split('<section class="row')[1:]:
        row = row.split("</section>")[0]
        cards = set(re.findall(r'<article class="[^"]*" id="([ec]\d+)"', row))
        assert cards == set(re.findall(r'id="in-([ec]\d+)"', row))


def test_it_reads_from_right_to_left_and_loads_nothing() -> None:
    html = page(seed(STRIKES))
    read = Read(html)
    assert html.startswith("<!doctype html>")
    assert ("html", {"lang": "ar", "dir": "rtl"}) in read.tags
    policy = next(a["content"] for _, a in read.tags if a.get("http-equiv") == "Content-Security-Policy")
    style = html.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style
    links = {a["href"] for tag, a in read.tags if tag == "a" and not (a["href"] or "").startswith("#")}
    assert links == {"https://almashriq.example/2026/03/01/daraa-strikes"}


def hostile_article(text: str) -> ExtractedArticle:
    """An article in which every string that comes from outside, or from an engine, is this one."""
    found = article(LONG + text)
    return found.model_copy(
        update={
            "id": text,
            "source": text,
            "title": text,
            "url": text,
            "engine": text,
            "entities": [
                Entity(text=text or "x", start=0, end=3, type="LOC", canonical=text, lat=1, lon=1, role=text, confidence=1)
            ],
            "events": [
                Event(type="bombing", trigger=text, start=4, date=None, places=[text], actors=[text], targets=[text],
                      sources=[text], killed=(2, None), confidence=0.2)
            ],
            "claims": [
                Claim(speaker=text, speaker_text=text + "x", cue=text, start=0, end=len(found.text), quoted=True,
                      via=[text], stance="denial", about=0, confidence=0.9),
                Claim(speaker=text, speaker_text="y", cue=text, start=2, end=9, quoted=True, about=7, confidence=0.9),
            ],
            "dates": [DateMention(text=text, start=4, end=8)],
            "quantities": [Quantity(text=text, start=6, end=9, least=2, most=None, unit=text, whom=text)],
        }
    )  # fmt: skip


@given(TEXTS)
@settings(max_examples=120)
def test_no_article_brings_anything_to_life(text: str) -> None:
    html = page(hostile_article(text))
    read = Read(html)
    assert read.open == []
    assert {tag for tag, _ in read.tags} <= TAGS
    assert {name for _, attributes in read.tags for name in attributes} <= ATTRIBUTES
    for tag, attributes in read.tags:
        address = attributes.get("href")
        assert address is None or (tag == "a" and address.startswith(("#", "https://", "http://")))
    html.encode("utf-8")
    for char in html:
        assert unicodedata.bidirectional(char) not in ("LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI", "PDF")
        assert unicodedata.category(char) not in ("Cc", "Cs") or char == "\n"


def test_what_is_replaced_stays_visible_and_marks_of_direction_stay() -> None:
    shown = "".join(Read(page(article(LONG + "دخلت \u202eقافلة\u202c \u200fالمدينة\u200e \x07اليوم"))).paragraphs)
    assert shown == LONG + "دخلت \ufffdقافلة\ufffd \u200fالمدينة\u200e ␇اليوم"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://wakala.example/1", True),
        ("http://wakala.example/1", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,x", False),
        ("//wakala.example", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_an_address_of_the_web_is_a_link(url: str | None, link: bool) -> None:
    assert (web_address(url) is not None) == link


def test_an_article_without_title_or_findings_has_its_page() -> None:
    found = article("هدوء في الحي. " * 20)
    bare = found.model_copy(
        update={"entities": [], "events": [], "claims": [], "dates": [], "quantities": [], "published_at": None}
    )
    html = page(bare)
    assert "<figure" not in html
    assert "وقت النشر مجهول" in html
    assert headline(bare).startswith("هدوء في الحي. هدوء")
    assert headline(bare).endswith(" …")
    assert len(headline(bare)) <= 92
    assert headline(article("هدوء في الحي.")) == "هدوء في الحي."


def colours(scheme: str) -> dict[str, tuple[float, float, float]]:
    """The colours of the style sheet, as shares of red, green and blue."""
    light, dark = STYLE.split("(prefers-color-scheme: dark)")
    found = re.findall(r"--([a-z-]+): #([0-9a-f]{6})", light if scheme == "light" else dark)
    return {name: tuple(int(value[at : at + 2], 16) / 255 for at in (0, 2, 4)) for name, value in found}  # type: ignore[misc]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """As the Web Content Accessibility Guidelines define it."""

    def luminance(colour: tuple[float, float, float]) -> float:
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_have_enough_contrast_in_light_and_in_dark(scheme: str) -> None:
    palette = colours(scheme)
    grounds = [
        "paper",
        "card",
        "per-tint",
        "org-tint",
        "grp-tint",
        "loc-tint",
        "claim-tint",
        "claim-inner",
        "lit",
        "sea",
    ]
    pairs = [("ink", ground) for ground in grounds]
    pairs += [("muted", ground) for ground in ("paper", "card", "sea")]
    pairs += [(ink, "card") for ink in ("per", "org", "grp", "loc", "denial", "confirmation", "accusation", "link")]
    pairs += [(ink, ground) for ink in ("event", "claim") for ground in ("paper", "card", "claim-tint", "claim-inner")]
    for ink, ground in pairs:
        assert contrast(palette[ink], palette[ground]) >= 4.5, f"{ink} on {ground} in {scheme}"


def test_the_style_sheet_has_what_the_page_uses() -> None:
    for slot in range(SLOTS):
        assert f".row:has(.k{slot}:hover) .m{slot}" in STYLE
    assert "@media print" in STYLE
    assert "</" not in STYLE


def test_every_type_has_its_arabic_word() -> None:
    names = {**words.EVENTS, **words.TYPES, **words.STANCES, **words.PRECISIONS}
    for field, model in (("type", Event), ("type", Entity), ("stance", Claim)):
        assert set(model.model_fields[field].annotation.__args__) <= names.keys()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("count", "said"), [(0, "لا أحداث"), (1, "حدث"), (2, "حدثان"), (3, "3 أحداث"), (11, "11 حدثاً"), (103, "103 أحداث")]
)
def test_numbers_ask_for_the_right_form(count: int, said: str) -> None:
    assert words.counted(count, "لا أحداث", "حدث", "حدثان", "أحداث", "حدثاً") == said
