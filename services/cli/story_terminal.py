"""Stories in a terminal: a table of them, one with all that is known of it, and what changed of one."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from schemas.articles_extracted import Toll
from schemas.stories import Story
from services.cli.column_lines import Layout
from services.cli.explain_findings import toll_words
from services.cli.explain_terminal import TYPE_NAMES, TYPE_STYLES
from services.cli.story_changes import changes_told, event_named, matter_told, toll_told
from services.cli.story_shelf import SHORT_ID
from services.cli.terminal_parts import (
    HEADING,
    INDENT,
    grid_of,
    listed,
    print_finding,
    print_line,
    print_section,
    readable,
)

LIST: tuple[Layout, ...] = (
    ("last", 16, True),
    ("story", SHORT_ID, True),
    ("outlets", 7, True),
    ("articles", 8, True),
    ("killed", 6, True),
    ("wounded", 7, True),
    ("contested", 11, True),
    ("places", 22, False),
    ("lead", 0, False),
)
STYLES = {
    "opened": "bold", "toll": "red", "denial": "yellow", "contested": "bold red", "correction": "yellow",
    "retraction": "bold yellow", "merged": "cyan", "absorbed": "cyan",
}  # fmt: skip
STANCES = {"denial": "yellow", "accusation": "red", "confirmation": "green"}


def moment(at: datetime) -> str:
    """To the minute, UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def cells(story: Story, short_id: str) -> list[str]:
    """The story's row under `LIST`."""
    places = [place.canonical for place in story.places if place.precision != "country"] or [
        place.canonical for place in story.places
    ]
    matters = list(dict.fromkeys(one.about for one in story.contested))
    contested = matters[0] + (f" +{len(matters) - 1}" if matters[1:] else "") if matters else ""
    texts = (
        moment(story.last_at),
        short_id,
        len(story.outlets),
        story.articles,
        _short_toll(story.killed),
        _short_toll(story.wounded),
        "merged" if story.status == "merged" else contested,
        ", ".join(places[:3]),
        story.lead.title or f"(untitled, {story.lead.source})",
    )
    return [readable(text) for text in texts]


def print_change(story: Story, at: datetime, console: Console) -> None:
    """When, which story, and what changed of it, a line a change."""
    counts = f"{_many(len(story.outlets), 'outlet')}, {_many(story.articles, 'article')}"
    now = toll_told(story.killed, story.wounded)
    facts = [counts, *([now] if now else []), *(["contested"] if story.contested else [])]
    head = Text.assemble(
        (moment(at), "bold"), "  ", (readable(story.story_id[:SHORT_ID]), "cyan"), "  ", (readable(" · ".join(facts)), "dim")
    )  # fmt: skip
    print_line(console, head)
    _indented(console, Text(readable(story.lead.title or story.lead.id), style="bold"), INDENT)
    told = changes_told(story)
    for _, name, words in told:
        if not console.is_terminal:
            print_line(console, Text(f"{' ' * INDENT}{name:<11}  {readable(words)}".rstrip()))
    if console.is_terminal and told:
        grid = grid_of(2)
        for change, name, words in told:
            grid.add_row(Text(name, style=STYLES.get(change, "green")), readable(words))
        _indented(console, grid, INDENT)
    if not told:
        print_line(console, Text(f"{' ' * INDENT}nothing but counts and times", style="dim"))


def print_story(story: Story, console: Console) -> None:
    """All that is known of a story. On a terminal lines are wrapped at its width, nothing is cut."""
    _head(story, console)
    _outlets(story, console)
    _contested(story, console)
    _tolls(story, console)
    _claims(story, console)
    _events(story, console)
    _places(story, console)
    _names(story, console)


def _head(story: Story, console: Console) -> None:
    print_line(console, Text(readable(story.lead.title or "(untitled)"), style="bold"))
    lead = [f"lead of {story.lead.source}", story.lead.id, *([story.lead.url] if story.lead.url else [])]
    print_line(console, Text(readable(" · ".join(lead)), style="dim"))
    print_line(console, Text(f"story {readable(story.story_id)} · version {story.version}", style="dim"))
    if story.merged_into:
        print_line(console, Text(f"it went into {readable(story.merged_into)}", style="bold cyan"))
    if story.merged_from:
        print_line(console, Text(f"it has taken in {readable(', '.join(story.merged_from))}", style="cyan"))
    facts = [
        f"{moment(story.first_at)} to {moment(story.last_at)} UTC",
        _many(len(story.outlets), "outlet"),
        _many(story.articles, "article"),
    ]
    if now := toll_told(story.killed, story.wounded):
        facts.append(now)
    line = Text(" · ".join(facts))
    if story.contested:
        line.append(" · ").append("contested", style=STYLES["contested"])
    print_line(console, line)
    told = dict.fromkeys(name for _, name, _ in changes_told(story))
    print_line(console, Text(f"last: {', '.join(told) or 'only counts and times'}", style="dim"))
    console.print()


def _outlets(story: Story, console: Console) -> None:
    grid = grid_of(4, right=(2,), whole=(0,))
    for one in sorted(story.outlets, key=lambda outlet: outlet.at):
        grid.add_row(moment(one.at), readable(one.source), f"{one.articles}×", Text(readable(one.article_id), "dim"))
    print_section(console, f"Outlets: {len(story.outlets)}, each with its earliest article's time", grid)


def _contested(story: Story, console: Console) -> None:
    if not story.contested:
        return
    console.print(Text(f"Contested: {len(story.contested)}", style=HEADING))
    for matter in story.contested:
        grid = grid_of(2)
        for side in matter.sides:
            by = side.said_by if side.said_by == side.source else f"{side.said_by} ({side.source})"
            grid.add_row(Text(readable(by), style="dim"), readable(side.says))
        _indented(console, Text(readable(matter_told(matter)), style=STYLES["contested"]), INDENT)
        _indented(console, grid, INDENT + 4)
    console.print()


def _tolls(story: Story, console: Console) -> None:
    if not story.tolls:
        return
    grid = grid_of(5, whole=(0, 1))
    for toll in sorted(story.tolls, key=lambda toll: toll.at):
        where = f"{event_named(toll.type)}{f' in {toll.place}' if toll.place else ''}{f', {toll.date}' if toll.date else ''}"
        grid.add_row(
            moment(toll.at), toll_told(toll.killed, toll.wounded), readable(where), readable(toll.source),
            Text(f"by {readable(listed(toll.cited, 3))}" if toll.cited else "", style="dim"),
        )  # fmt: skip
    print_section(console, f"Toll over time: {len(story.tolls)}", grid)


def _claims(story: Story, console: Console) -> None:
    if not story.claims:
        return
    console.print(Text(f"Claims: {len(story.claims)}", style=HEADING))
    for claim in sorted(story.claims, key=lambda claim: claim.at):
        head = Text.assemble(
            (claim.stance, STANCES.get(claim.stance, "")), f" by {readable(claim.speaker)}",
            (f"  {moment(claim.at)} · {readable(claim.source)}", "dim"),
        )  # fmt: skip
        about = event_named(claim.about) if claim.about else ""
        print_finding(console, head, [("words", claim.text), ("about", about)])
    console.print()


def _events(story: Story, console: Console) -> None:
    if not story.events:
        return
    grid = grid_of(4, right=(0,))
    for one in story.events:
        grid.add_row(f"{one.articles}×", event_named(one.type), one.date or "", readable(one.place or ""))
    print_section(console, f"Events: {len(story.events)}, most told first", grid)


def _places(story: Story, console: Console) -> None:
    if not story.places:
        return
    grid = grid_of(5, right=(0,))
    for one in story.places:
        where = ""
        if one.lat is not None and one.lon is not None:
            north, east = "N" if one.lat >= 0 else "S", "E" if one.lon >= 0 else "W"
            where = f"{abs(one.lat):.3f}{north} {abs(one.lon):.3f}{east}"
        name = Text(readable(one.canonical), style=TYPE_STYLES["LOC"])
        grid.add_row(f"{one.articles}×", name, one.country or "", where, one.precision or "")
    print_section(console, f"Places: {len(story.places)}, with the articles that name them", grid)


def _names(story: Story, console: Console) -> None:
    for kind, name in TYPE_NAMES.items():
        ours = [one for one in story.entities if one.type == kind and kind != "LOC"]
        if not ours:
            continue
        grid = grid_of(3, right=(0,))
        for one in ours:
            known = Text(" ".join(filter(None, (one.wikidata, one.country))), "dim")
            grid.add_row(f"{one.articles}×", Text(readable(one.canonical), style=TYPE_STYLES[kind]), known)
        print_section(console, f"{name.capitalize()}: {len(ours)}", grid)


def _short_toll(toll: Toll | None) -> str:
    """As in a table: 2, 2-5, 21+."""
    return "" if toll is None else toll_words(toll, "or more").replace(" or more", "+")


def _indented(console: Console, what: object, by: int) -> None:
    console.print(Padding(what, (0, 0, 0, by), expand=False), soft_wrap=not console.is_terminal)  # type: ignore[arg-type]


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
