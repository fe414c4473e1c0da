"""Two articles side by side in a terminal, or one under the other where it is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from schemas.articles_extracted import ExtractedArticle
from services.cli.explain_findings import percent
from services.cli.similar_findings import Similarity
from services.cli.similar_words import REASONS, RELATIONS, Worth, probability, sums
from services.cli.terminal_parts import HEADING, INDENT, grid_of, listed, print_line, print_section, readable
from services.deduplication.passages_alike import OwnPassage, SharedPassage, Span

SIDE_BY_SIDE = 100
"""Columns from which on a terminal has room for two texts."""

EARLIER, LATER = "red", "green"
LEAST_WORTH = 0.2
"""Nats; figures that neither give nor withhold so much are told together."""

# Of its own strength left-to-right: on terminals that order a line by its letters, two Arabic columns would change sides.
_LEFT_TO_RIGHT = "\u200e"
_DIVIDER = f" {_LEFT_TO_RIGHT}│{_LEFT_TO_RIGHT} "
_MARKS = {EARLIER: ("[-", "-]"), LATER: ("{+", "+}")}
"""Around words that differ, where no colour tells them; as wdiff does."""


def print_similarity(found: Similarity, console: Console) -> None:
    """The verdict, what decided it, and what the two share. On a terminal nothing is cut; elsewhere a passage is a line."""
    _verdict(found, console)
    _articles(found, console)
    _figures(found, console)
    _shared(found, console)
    _own(found.passages.only_earlier, found.earlier, "Only in the earlier one", EARLIER, console)
    _own(found.passages.only_later, found.later, "Only in the later one", LATER, console)
    _things(found, console)


def _verdict(found: Similarity, console: Console) -> None:
    verdict = found.verdict
    style = {"new": "bold yellow"}.get(verdict.relation, "bold green")
    print_line(console, Text.assemble((RELATIONS[verdict.relation], style), f": {REASONS[verdict.why]}"))
    grid = grid_of(3, right=(1,))
    for name, odds, judgement in sums(verdict):
        grid.add_row(
            name,
            percent(probability(odds)),
            Text(f"said from {percent(round(probability(judgement.least), 3))}", style="dim"),
        )
    console.print(Padding(grid, (0, 0, 0, INDENT), expand=False))
    if not verdict.found and verdict.why not in ("not_found", "other_things"):
        line = "a stream would not compare their texts: too little of what they are about is alike"
        print_line(console, Text(line, style="dim"))
    console.print()


def _articles(found: Similarity, console: Console) -> None:
    for name, style, article in (("earlier", EARLIER, found.earlier), ("later", LATER, found.later)):
        when = f"{article.published_at:%Y-%m-%d %H:%M %Z}" if article.published_at else "time unknown, taken as now"
        title = article.title or f"{article.text[:80]}…"
        print_line(console, Text.assemble((f"{name:<7}  ", style), (readable(title), "bold")))
        facts = Text(readable(f"{when} · {article.source} · {article.id}"), style="dim")
        if console.is_terminal:
            console.print(Padding(facts, (0, 0, 0, 9), expand=False))
        else:  # in a pipe nothing is cut, so that an id can be copied
            console.print(Text(" " * 9).append_text(facts), soft_wrap=True)
    console.print()


def _figures(found: Similarity, console: Console) -> None:
    grid = grid_of(4, right=(2, 3), whole=(1, 2, 3))
    grid.add_row("", "", Text("copy", style=HEADING), Text("one story", style=HEADING))
    telling = [one for one in found.figures if one.weight >= LEAST_WORTH]
    for one in telling:
        grid.add_row(one.label, one.shown, _of_most(one.copy), _of_most(one.story))
    others = [one for one in found.figures if one.weight < LEAST_WORTH]
    if others:
        rest = sum(one.copy.nats for one in others), sum(one.story.nats for one in others)
        grid.add_row(Text("the others", style="dim"), "", *(_padded(_nats(one)) for one in rest))
    questions = list(sums(found.verdict))
    grid.add_row(Text("whatever they share", style="dim"), "", *(_padded(_nats(one.bias)) for _, _, one in questions))
    grid.add_row(Text("together", style=HEADING), "", *(_padded(_nats(odds, HEADING)) for _, odds, _ in questions))
    grid.add_row(Text("said from", style="dim"), "", *(_padded(_nats(one.least)) for _, _, one in questions))
    print_section(console, "What decided it, in nats of odds, the most telling first", grid)


def _of_most(worth: Worth) -> Text:
    return _nats(worth.nats).append(f" of {worth.most:4.2f}", style="dim not bold")


def _nats(worth: float, style: str = "") -> Text:
    if abs(worth) < 0.005:
        return Text().append("0", style="dim")
    return Text().append(f"{worth:+.2f}", style=style or ("green" if worth > 0 else "red"))


def _padded(text: Text) -> Text:
    """In line with those that have their most beside them."""
    return text.append(" " * len(" of 0.00"))


def _shared(found: Similarity, console: Console) -> None:
    shared = found.passages.shared
    if not shared:
        console.print(Text("No passage of the later one stands in the earlier one", style=HEADING))
        console.print()
        return
    count = len(shared) + len(found.passages.only_later)
    heading = f"Shared: {len(shared)} of the later one's {count} passages; what differs is "
    text = Text(heading, style=HEADING)
    text.append("coloured" if _coloured(console) else "marked [-earlier-] {+later+}")
    print_line(console, text)
    wide = console.is_terminal and console.width >= SIDE_BY_SIDE
    if wide:
        half = (console.width - INDENT - len(_DIVIDER)) // 2
        console.print(Text(f"{' ' * INDENT}{'earlier':<{half}}{_DIVIDER}later", style="dim"))
    for number, one in enumerate(shared):
        sides = _sides(one, found, console)
        if not wide:
            _under_one_another(sides, console)
        else:
            _beside_one_another(sides, half, console)
            if number + 1 < len(shared):
                console.print(Text(f"{' ' * INDENT}{' ' * half}{_DIVIDER}", style="dim"))
    if wide:
        console.print()


def _sides(one: SharedPassage, found: Similarity, console: Console) -> tuple[Text, Text]:
    return (
        _passage(found.earlier, one.earlier, one.only_earlier, EARLIER, console),
        _passage(found.later, one.later, one.only_later, LATER, console),
    )


def _under_one_another(sides: tuple[Text, Text], console: Console) -> None:
    """Once where they are the same: nobody compares two equal texts."""
    if sides[0].plain == sides[1].plain:
        _with_label("both", "", sides[0], console)
    else:
        _with_label("earlier", EARLIER, sides[0], console)
        _with_label("later", LATER, sides[1], console)
    console.print()


def _with_label(label: str, style: str, text: Text, console: Console) -> None:
    if not console.is_terminal:
        print_line(console, Text.assemble(f"{' ' * INDENT}{label:<7}  ", text))
        return
    grid = grid_of(2, whole=(0,))
    grid.add_row(Text(f"{label:<7}", style=style), text)
    console.print(Padding(grid, (0, 0, 0, INDENT), expand=False))


def _beside_one_another(sides: tuple[Text, Text], half: int, console: Console) -> None:
    left, right = (side.wrap(console, half) for side in sides)
    for one, other in zip_longest(left, right, fillvalue=Text()):
        one.rstrip()
        gap = " " * max(0, half - cell_len(one.plain))
        line = Text.assemble(" " * INDENT, _LEFT_TO_RIGHT, one, gap, (_DIVIDER, "dim"), other)
        line.rstrip()
        console.print(line, no_wrap=True, overflow="ignore", crop=False)


def _passage(article: ExtractedArticle, span: Span, differs: Sequence[Span], style: str, console: Console) -> Text:
    """The passage's text with the words marked that the other has not."""
    text = Text()
    for start, end, differing in _pieces(_without_dash(span, article.text), differs):
        words = readable(article.text[start:end])
        if not differing:
            text.append(words)
        elif _coloured(console):
            text.append(words, style=f"bold {style}")
        else:
            before, after = _MARKS[style]
            text.append(f"{before}{words}{after}")
    return text


def _without_dash(span: Span, text: str) -> Span:
    """A passage without what parts it from the date line before it."""
    said = text[slice(*span)]
    return span[1] - len(said.lstrip(" -–—:")), span[1]


def _pieces(span: Span, differs: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    reached = span[0]
    for start, end in differs:
        if start > reached:
            yield reached, start, False
        yield start, end, True
        reached = end
    if reached < span[1]:
        yield reached, span[1], False


def _coloured(console: Console) -> bool:
    return console.is_terminal and not console.no_color and console.color_system is not None


def _own(passages: Sequence[OwnPassage], article: ExtractedArticle, heading: str, style: str, console: Console) -> None:
    if not passages:
        return
    text = Text(f"{heading}: {len(passages)}, each with how much of it the other has", style=HEADING)
    print_line(console, text)
    grid = grid_of(2, right=(0,), whole=(0,))
    for one in passages:
        share, words = (
            Text(percent(one.share), style="dim"),
            readable(article.text[slice(*_without_dash(one.span, article.text))]),
        )
        if console.is_terminal:
            grid.add_row(share, Text(words, style=style))
        else:
            print_line(console, Text(f"{' ' * INDENT}{share.plain:>4}  {words}"))
    if console.is_terminal:
        console.print(Padding(grid, (0, 0, 0, INDENT), expand=False))
    console.print()


def _things(found: Similarity, console: Console) -> None:
    grid = grid_of(3, whole=(0, 1))
    for kind, things in found.things.items():
        rows = (
            ("both", things.both, ""),
            ("earlier", things.only_earlier, EARLIER),
            ("later", things.only_later, LATER),
        )
        label = kind
        for name, ones, style in rows:
            if ones:
                told = readable(listed([one.replace("_", " ").replace("@", " in ") for one in ones], 16))
                grid.add_row(label, Text(name, style=style or "dim"), Text(told, style=style))
                label = ""
    if found.things:
        print_section(console, "Named in both, or in one only", grid)
