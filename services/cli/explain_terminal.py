"""An article with what was found in it, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.articles_extracted import Claim, DateMention, Event, ExtractedArticle, Quantity
from services.cli.explain_findings import Named, Row, amount, marked_rows, named_in, percent, places_of, toll_words
from services.cli.explain_marks import Mark, segments
from services.cli.terminal_parts import (
    HEADING,
    INDENT,
    PADDING,
    grid_of,
    listed,
    print_finding,
    print_line,
    print_section,
    readable,
)

TYPE_STYLES = {"PER": "green", "ORG": "magenta", "GRP": "red", "LOC": "cyan"}
TYPE_NAMES = {"PER": "people", "ORG": "organisations", "GRP": "armed groups", "LOC": "places"}
Cells = tuple[Text, ...]


def print_article(article: ExtractedArticle, console: Console) -> None:
    """The text with colours, then everything that was found in it. On a terminal lines are wrapped at its width;
    elsewhere a paragraph is a line."""
    named = named_in(article.entities)
    _head(article, console)
    _text(article, console)
    _names(named, console)
    _places(named, article.events, console)
    _events(article.events, console)
    _claims(article, console)
    _dates(article.dates, console)
    _quantities(article.quantities, console)


def _head(article: ExtractedArticle, console: Console) -> None:
    if article.title:
        print_line(console, Text(readable(article.title), style="bold"))
    when = f"{article.published_at:%Y-%m-%d %H:%M %Z}" if article.published_at else "time unknown"
    facts = [when, article.source, *([article.url] if article.url else []), f"engine {article.engine}"]
    print_line(console, Text(" · ".join(map(readable, facts)), style="dim"))
    legend = Text()
    for kind, name in TYPE_NAMES.items():
        legend.append(name, style=TYPE_STYLES[kind]).append("  ")
    legend.append("word of an event", style="bold underline").append("  ").append("word of a claim", style="underline")
    if console.is_terminal:  # without styles it would only promise them
        print_line(console, legend)
    console.print()


def _text(article: ExtractedArticle, console: Console) -> None:
    for row, marks in marked_rows(article):
        print_line(console, _paragraph(article, row, marks))
        console.print()


def _paragraph(article: ExtractedArticle, row: Row, marks: Sequence[Mark]) -> Text:
    base = {"subhead": "bold", "boilerplate": "dim", "repeated": "dim", "between": "dim"}.get(row.kind, "")
    text = Text(style=base)
    for segment in segments(row.start, row.end, marks):
        styles = [style for mark in segment.marks if (style := _style(mark, article))]
        text.append(readable(article.text[segment.start : segment.end]), style=" ".join(styles))
    return text


def _style(mark: Mark, article: ExtractedArticle) -> str:
    match mark.layer:
        case "entity":
            return TYPE_STYLES[article.entities[mark.number].type]
        case "trigger":
            return "bold underline"
        case "cue":
            return "underline"
        case _:
            return ""


def _names(named: Sequence[Named], console: Console) -> None:
    for kind, name in TYPE_NAMES.items():
        ours = [one for one in named if one.type == kind]
        if not ours:
            continue
        rows: list[Cells] = []
        for one in ours:
            known = " ".join(filter(None, (one.wikidata, one.country)))
            called = listed([text for text, _ in one.mentions.most_common() if text != one.canonical], 4)
            if one.roles:
                called += f" ({listed(one.roles, 2)})"
            shown = Text(readable(one.canonical), style=TYPE_STYLES[kind])
            sure = Text(percent(one.confidence), style="dim")
            rows.append((Text(f"{one.count}×"), shown, Text(known), Text(readable(called)), sure))
        grid = _table(rows, console, name=1, right=(0,), whole=(0, 2, 4))
        print_section(console, f"{name.capitalize()}: {len(ours)}", grid)


def _places(named: Sequence[Named], events: Sequence[Event], console: Console) -> None:
    places = places_of(named, events)
    if not places:
        return
    rows: list[Cells] = []
    for place, happened in places:
        north, east = f"{abs(place.lat or 0):.3f}", f"{abs(place.lon or 0):.3f}"
        rows.append(
            (
                Text(readable(place.canonical), style=TYPE_STYLES["LOC"]),
                Text(north + ("N" if (place.lat or 0) >= 0 else "S")),
                Text(east + ("E" if (place.lon or 0) >= 0 else "W")),
                Text(place.precision or ""),
                Text("an event happened here" if happened else ""),
            )
        )
    grid = _table(rows, console, name=0, right=(1, 2), whole=(1, 2, 3))
    heading = f"Where they are: {len(places)}, each as the middle of a town, region or country, or of what it is near"
    print_section(console, heading, grid)


def _events(events: Sequence[Event], console: Console) -> None:
    if not events:
        return
    console.print(Text(f"Events: {len(events)}", style=HEADING))
    for number, event in enumerate(events, 1):
        facts = [
            ("date", event.date or ""),
            ("places", listed(event.places)),
            ("actors", listed(event.actors)),
            ("targets", listed(event.targets)),
            ("killed", toll_words(event.killed, "or more") if event.killed else ""),
            ("wounded", toll_words(event.wounded, "or more") if event.wounded else ""),
            ("sources", listed(event.sources)),
        ]
        head = Text.assemble(
            (f"e{number}", "bold"), f"  {event.type.replace('_', ' ')}  ", (readable(event.trigger), "bold underline"),
            (f"  {percent(event.confidence)}", "dim"),
        )  # fmt: skip
        print_finding(console, head, facts)
    console.print()


def _claims(article: ExtractedArticle, console: Console) -> None:
    if not article.claims:
        return
    console.print(Text(f"Claims: {len(article.claims)}", style=HEADING))
    for number, claim in enumerate(article.claims, 1):
        head = Text.assemble(
            (f"c{number}", "bold"), f"  {claim.stance} by {readable(claim.speaker)}", (f"  {percent(claim.confidence)}", "dim")
        )  # fmt: skip
        print_finding(console, head, list(_claim_facts(claim, article)))
    console.print()


def _claim_facts(claim: Claim, article: ExtractedArticle) -> Iterator[tuple[str, str]]:
    if claim.speaker_text != claim.speaker:
        yield "called", claim.speaker_text
    yield "via", listed(claim.via)
    yield "cue", claim.cue
    yield "quoted" if claim.quoted else "words", " ".join(article.text[claim.start : claim.end].split())
    if claim.about is not None and claim.about < len(article.events):
        yield "about", f"e{claim.about + 1}, {article.events[claim.about].type.replace('_', ' ')}"


def _dates(dates: Sequence[DateMention], console: Console) -> None:
    if not dates:
        return
    grid = grid_of(2)
    for one in dates:
        meant = " ".join(filter(None, (one.date, one.time, one.part_of_day)))
        grid.add_row(meant or "open", readable(" ".join(one.text.split())))
    print_section(console, f"Dates: {len(dates)}", grid)


def _quantities(quantities: Sequence[Quantity], console: Console) -> None:
    if not quantities:
        return
    grid = grid_of(3, right=(0,))
    for one in quantities:
        of_whom = f"{one.unit or ''}{f' of {one.whom}' if one.whom else ''}"
        grid.add_row(amount(one, "or more"), readable(of_whom), readable(" ".join(one.text.split())))
    print_section(console, f"Quantities: {len(quantities)}", grid)


def _table(
    rows: Sequence[Cells], console: Console, name: int, right: Sequence[int] = (), whole: Sequence[int] = ()
) -> Table:
    """Rows with a column of names, which are not broken within a word as long as half a line has room for it.

    Short figures (`whole`) are not broken either. Columns without words are left out: they would take room all the same.
    """
    columns = list(zip(*rows, strict=True))
    used = [number for number, cells in enumerate(columns) if any(cell.cell_len for cell in cells)]
    grid = grid_of(len(used), [used.index(number) for number in right if number in used])
    margins = INDENT + PADDING * len(used)
    fits = sum(max(cell.cell_len for cell in columns[number]) for number in used) + margins <= console.width
    if not fits:
        words = {number: max(map(_longest_word, columns[number])) for number in used}
        room = console.width - margins - sum(words[number] for number in used if number != name)
        natural = max(cell.cell_len for cell in columns[name])
        grid.columns[used.index(name)].width = min(natural, max(words[name], room), console.width // 2)
        fits = room >= words[name]
    for number in whole:
        if number in used and fits:  # where not even words have room, figures are not to be cut
            grid.columns[used.index(number)].no_wrap = True
    for row in rows:
        grid.add_row(*(row[number] for number in used))
    return grid


def _longest_word(cell: Text) -> int:
    return max(map(cell_len, cell.plain.split()), default=0)
