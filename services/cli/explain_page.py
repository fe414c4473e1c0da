"""An article with what was found in it, as one web page that needs nothing else: no script, no file beside it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from schemas.articles_extracted import ExtractedArticle, Quantity
from services.cli import explain_words as words
from services.cli.explain_cards import Names, cards_of, description, event_line, slots_of, sureness
from services.cli.explain_findings import Named, Row, amount, marked_rows, named_in, places_of
from services.cli.explain_map_svg import map_figure
from services.cli.explain_marks import Closes, Mark, Opens, segments, steps
from services.cli.explain_markup import Element, tag, web_address, written

MOST_IN_BRIEF = 7
OPENING = 90  # characters of the text that stand for a title


def page(article: ExtractedArticle) -> str:
    """The page, as HTML."""
    named = named_in(article.entities)
    names = Names(named)
    body = tag(
        "body",
        _head(article),
        _overview(article, named, names),
        _legend(),
        tag("main", *_rows(article, names), of="article"),
        _lists(article, named),
        tag("footer", "راصد · المحرّك ", tag("bdi", article.engine), " · المقال ", tag("bdi", article.id)),
    )
    return written(tag("html", _html_head(headline(article)), body, lang="ar", dir="rtl"))


def headline(article: ExtractedArticle) -> str:
    """The title, or how the text begins where there is none."""
    if article.title.strip():
        return article.title
    opening = " ".join(article.text[: OPENING * 4].split())
    return opening if len(opening) <= OPENING else opening[:OPENING].rpartition(" ")[0] + " …"


@cache
def _style() -> str:
    return files("services.cli").joinpath("explain.css").read_text("utf-8")


def _html_head(title: str) -> Element:
    style_hash = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'"
    style = tag("style")
    style.text = _style()
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        style,
    )


def _head(article: ExtractedArticle) -> Element:
    when = tag("span", "وقت النشر مجهول")
    if article.published_at:
        moment = article.published_at
        when = tag("time", f"{moment:%Y-%m-%d %H:%M} UTC", datetime=moment.isoformat(), dir="ltr")
    address = web_address(article.url)
    facts = tag("p", tag("span", tag("bdi", article.source)), when, of="facts")
    if address:
        facts.append(tag("a", "المقال الأصلي", href=address, rel="noreferrer noopener", title=address))
    facts.append(tag("span", words.counted(len(article.events), "لا أحداث", "حدث واحد", "حدثان", "أحداث", "حدثاً")))
    facts.append(tag("span", words.counted(len(article.claims), "لا أقوال", "قول واحد", "قولان", "أقوال", "قولاً")))
    return tag("header", tag("h1", headline(article)), facts, of="head")


def _legend() -> Element:
    signs = [tag("span", name, of=f"entity {kind}") for kind, name in words.TYPES.items()]
    signs.append(tag("span", "كلمة الحدث", of="trigger"))
    signs.append(tag("span", "ما قيل", of="claim"))
    signs.append(tag("span", "فعل القول", of="cue"))
    signs.append(tag("span", "تاريخ أو عدد", of="dated"))
    return tag("p", *signs, of="legend", aria_label="مفتاح الألوان")


def _rows(article: ExtractedArticle, names: Names) -> Iterable[Element]:
    numbered: set[Mark] = set()
    for row, marks in marked_rows(article):
        cards = cards_of(row, article, names)
        yield tag(
            "section",
            _paragraph(article, row, marks, numbered),
            tag("div", *cards, of="cards") if cards else None,
            of=f"row {row.kind}{'' if cards else ' alone'}",
        )


def _paragraph(article: ExtractedArticle, row: Row, marks: Sequence[Mark], numbered: set[Mark]) -> Element:
    text = tag("h2" if row.kind == "subhead" else "p", of="text")
    if row.kind in words.PARAGRAPHS:
        text.append(tag("small", words.PARAGRAPHS[row.kind], of="kind"))
    slots = slots_of(row)
    opened = [text]
    for step in steps(segments(row.start, row.end, marks)):
        if isinstance(step, Opens):
            element = _marked(step.mark, article, slots)
            opened[-1].append(element)
            opened.append(element)
            if step.mark not in numbered and step.mark.layer in ("claim", "trigger"):
                numbered.add(step.mark)
                element.append(_number(step.mark))
        elif isinstance(step, Closes):
            opened.pop()
        else:
            opened[-1].append(tag("span", article.text[step.start : step.end]))
    return text


def _marked(mark: Mark, article: ExtractedArticle, slots: Mapping[tuple[str, int], int]) -> Element:
    slot = slots.get(("claim" if mark.layer == "cue" else mark.layer, mark.number))
    light = "" if slot is None else f" m{slot}"
    match mark.layer:
        case "entity":
            entity = article.entities[mark.number]
            title = description_of_mention(article, mark.number)
            return tag("span", of=f"entity {entity.type}", title=title)
        case "date":
            date = article.dates[mark.number]
            part = words.PARTS_OF_DAY.get(date.part_of_day or "", "")
            meant = " ".join(filter(None, (date.date, date.time, part)))
            return tag("span", of="dated", title=meant or "تاريخ لم يُحسب")
        case "quantity":
            quantity = article.quantities[mark.number]
            return tag("span", of="dated", title=quantity_words(quantity))
        case "trigger":
            return tag("b", of=f"trigger{light}", title=words.EVENTS[article.events[mark.number].type])
        case "cue":
            return tag("span", of=f"cue{light}")
        case _:
            return tag("span", of=f"claim{light}")


def description_of_mention(article: ExtractedArticle, number: int) -> str:
    """What is known of one mention of a name."""
    return description(named_in([article.entities[number]])[0])


def _number(mark: Mark) -> Element:
    kind, of = ("e", "of-event") if mark.layer == "trigger" else ("c", "of-claim")
    name = f"{kind}{mark.number + 1}"
    return tag("a", str(mark.number + 1), of=f"badge {of}", id=f"in-{name}", href=f"#{name}")


def _overview(article: ExtractedArticle, named: Sequence[Named], names: Names) -> Element | None:
    """What happened, the surest first, beside the map; None where there is neither."""
    figure = map_figure(places_of(named, article.events))
    surest = sorted(enumerate(article.events), key=lambda pair: -pair[1].confidence)
    lines = [event_line(number, event, names) for number, event in surest[:MOST_IN_BRIEF]]
    if len(surest) > MOST_IN_BRIEF:
        lines.append(tag("li", f"و{len(surest) - MOST_IN_BRIEF} غيرها في النص", of="known"))
    brief = tag("section", tag("h2", "ماذا حدث"), tag("ol", *lines, of="brief")) if lines else None
    if figure is None and brief is None:
        return None
    return tag("div", brief, figure, of="overview" if brief is not None and figure is not None else "overview alone")


def _lists(article: ExtractedArticle, named: Sequence[Named]) -> Element:
    lists = tag("div", of="lists")
    for kind, name in words.TYPES.items():
        ours = [one for one in named if one.type == kind]
        if ours:
            lists.append(tag("section", tag("h2", name, tag("small", str(len(ours)))), _names(ours)))
    if article.dates or article.quantities:
        lists.append(tag("section", tag("h2", "تواريخ وأعداد"), _figures(article)))
    return lists


def _names(named: Sequence[Named]) -> Element:
    rows = tag("ul", of="names")
    for one in named:
        known = [one.canonical] if one.canonical != one.in_the_text else []
        known += [part for part in (one.wikidata, one.country) if part]
        if one.lat is not None and one.lon is not None:
            known.append(f"{one.lat:.3f}, {one.lon:.3f}")
        rows.append(
            tag(
                "li",
                tag("bdi", one.in_the_text, of=f"entity {one.type}", title=description(one)),
                tag("span", f"×{one.count}", of="count", dir="ltr") if one.count > 1 else None,
                tag("bdi", " · ".join(known), of="known", dir="ltr") if known else None,
                sureness(one.confidence),
            )
        )
    return rows


def _figures(article: ExtractedArticle) -> Element:
    rows = tag("ul", of="names")
    for date in article.dates:
        part = words.PARTS_OF_DAY.get(date.part_of_day or "", "")
        meant = " ".join(filter(None, (date.date, date.time)))
        rows.append(
            tag(
                "li",
                tag("bdi", " ".join(date.text.split()), of="dated"),
                tag("bdi", meant, of="known", dir="ltr") if meant else None,
                tag("span", part, of="known") if part and not meant else None,
            )
        )
    for quantity in article.quantities:
        rows.append(
            tag(
                "li",
                tag("bdi", " ".join(quantity.text.split()), of="dated"),
                tag("bdi", quantity_words(quantity), of="known"),
            )
        )
    return rows


def quantity_words(quantity: Quantity) -> str:
    """What a quantity says: how much, of what, of whom."""
    open_ended = quantity.most is None
    number = amount(quantity.model_copy(update={"most": quantity.least}) if open_ended else quantity, "")
    unit = words.UNITS.get(quantity.unit or "", quantity.unit or "")
    return " ".join(filter(None, (number, unit, quantity.whom, words.OR_MORE if open_ended else "")))
