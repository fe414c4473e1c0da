"""`rasid stories`: what is told now, by whom, and how it changes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from schemas.stories import Story
from services.cli.column_lines import ColumnLines
from services.cli.connections import consumer
from services.cli.errors import INTERRUPTED, WRONG_USAGE, PipedConsole, complain, fail, quiet_pipe, run, settings_with
from services.cli.help_text import taught
from services.cli.safe_text import safe_json
from services.cli.story_shelf import Name, Shelf, Wanted, begins_an_id, short_ids, since_when
from services.cli.story_terminal import LIST, cells, print_change, print_story
from services.cli.topic_reader import records
from services.runtime.settings import Settings
from services.runtime.topics import STORIES
from services.runtime.wire import WireError, decode, encode

stories_app = typer.Typer(no_args_is_help=True, help="What is told now, by how many outlets, and how it changes.")

MOST_REMEMBERED = 100_000
"""States that `watch` knows it has shown: a state may come twice, soon after one another."""

KafkaOption = Annotated[
    str | None, typer.Option("--kafka", help="Bootstrap servers. Default: RASID_KAFKA.", show_default=False)
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="AGO|DATE", help="With an article since then: 90m, 24h, 7d, or ISO 8601.", show_default=False
    ),
]
PlaceOption = Annotated[
    str | None,
    typer.Option("--place", help="That name this place, Arabic or English; or a country's code.", show_default=False),
]
EntityOption = Annotated[
    str | None,
    typer.Option(
        "--entity", help="That name this person or organisation, Arabic or English; or a Wikidata id.", show_default=False
    ),
]  # fmt: skip
OutletsOption = Annotated[int, typer.Option("--outlets", min=1, help="Told by so many outlets, or more.")]
ContestedOption = Annotated[bool, typer.Option("--contested", help="Of which sources say incompatible things.")]


def list_(
    since: SinceOption = None,
    place: PlaceOption = None,
    entity: EntityOption = None,
    outlets: OutletsOption = 1,
    contested: ContestedOption = False,
    merged: Annotated[bool, typer.Option("--merged", help="Also those that went into another.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="The states themselves, a line each.")] = False,
    kafka: KafkaOption = None,
) -> None:
    """List the stories, those with the newest article first.

    Killed and wounded are from the least to the most that the outlets last said. Times are UTC.

    Examples:

        rasid stories list --since 24h --outlets 3
        rasid stories list --place درعا --contested
        rasid stories list --entity Hezbollah --json | jq .lead.title

    Exit status 0: listed, also where there are none. 2: wrong usage, or no topic stories. 3: Kafka out of reach.
    """
    wanted = _wanted(since, place, entity, outlets, contested, merged)
    shelf = _read(settings_with(kafka=kafka), wanted.fits)
    found = shelf.newest_first()
    with quiet_pipe():
        if as_json:
            for story in found[:limit]:
                print(_json(story))
            return
        lines = ColumnLines(LIST, PipedConsole(highlight=False))
        shown = found[:limit]
        for story, short_id in zip(shown, short_ids([one.story_id for one in shown], shelf.ids), strict=True):
            lines.row(cells(story, short_id))
        more = f"{len(shown)} of {len(found)} stories: --limit shows more" if found[limit:] else _many(len(found))
        print(more + ("; rasid stories show ID tells all of one" if found else ""))


def show(
    id: Annotated[str, typer.Argument(help="The story's id, or how it begins, as listed.")],
    as_json: Annotated[bool, typer.Option("--json", help="The state itself, a line of JSON.")] = False,
    kafka: KafkaOption = None,
) -> None:
    """Show all that is known of one story.

    Who tells it since when, what is contested, the toll as it was told over time, who claims what and who denies it,
    events, places and names. Of a story that was merged the one is shown that goes on in its place.

    Examples:

        rasid stories show 3f1d2b7e
        rasid stories show 3f1d2b7e --json | jq '.claims[] | select(.stance == "denial")'

    Exit status 0: shown. 2: there is no such story, more than one begins so, or no topic stories. 3: Kafka out of reach.
    """
    id = id.strip().lower()
    if not begins_an_id(id):
        fail("an id of a story is of digits, a to f and dashes: rasid stories list shows them", WRONG_USAGE)
    settings = settings_with(kafka=kafka)
    story = _one(settings, id)
    with quiet_pipe():
        if as_json:
            print(_json(story))
        else:
            print_story(story, PipedConsole(highlight=False))


def watch(
    since: SinceOption = None,
    place: PlaceOption = None,
    entity: EntityOption = None,
    outlets: OutletsOption = 1,
    contested: ContestedOption = False,
    from_start: Annotated[bool, typer.Option("--from-start", help="First all that the topic still holds.")] = False,
    every: Annotated[bool, typer.Option("--every", help="Also articles that change only counts and times.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="End after so many changes.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The states themselves, a line each.")] = False,
    kafka: KafkaOption = None,
) -> None:
    """Show how stories change, as it happens, until Ctrl-C.

    A new story, outlet, place or claim, a higher toll, a denial, what becomes contested, a correction, stories that prove
    to be one. Copies and repeats change nothing and are left out.

    Examples:

        rasid stories watch --outlets 2
        rasid stories watch --place SY --json | jq -c '[.lead.title, .changed]'

    Exit status 0: ended by --limit or the reader of the pipe. 2: wrong usage, or no topic stories. 3: Kafka out of reach.
    130: Ctrl-C.
    """
    wanted = _wanted(since, place, entity, outlets, contested, merged=True)
    settings = settings_with(kafka=kafka)

    def shown(story: Story) -> bool:
        return (every or bool(story.changed)) and wanted.fits(story)

    try:
        run(_watch(settings, shown, from_start, limit, as_json), settings)
    except KeyboardInterrupt:
        sys.stdout.flush()
        raise typer.Exit(INTERRUPTED) from None


async def _watch(
    settings: Settings, shown: Callable[[Story], bool], from_start: bool, limit: int | None, as_json: bool
) -> None:
    console = PipedConsole(highlight=False)
    known: dict[tuple[str, int], None] = {}
    count = 0
    async with consumer(settings) as client:
        async for record in records(client, STORIES, from_beginning=from_start, follow=True):
            story = _state(record)
            if story is None or (state := (story.story_id, story.version)) in known:
                continue
            known[state] = None
            if len(known) > MOST_REMEMBERED:
                del known[next(iter(known))]
            if not shown(story):
                continue
            if as_json:
                print(_json(story), flush=True)
            else:
                with console:  # written at once: whoever reads along, or presses Ctrl-C, gets whole changes
                    print_change(story, datetime.fromtimestamp(record.timestamp / 1000, UTC), console)
            count += 1
            if count == limit:
                return


def _state(record: Any) -> Story | None:
    """The state in a record; None where the story was deleted or the record is none."""
    if record.value is None:
        return None
    try:
        return decode(Story, record.value)
    except WireError as error:
        complain(f"passed over: {STORIES} {record.partition}:{record.offset} is no story: {error}")
        return None


def _read(settings: Settings, wanted: Callable[[Story], bool]) -> Shelf:
    """All that the topic holds; ends the command at Ctrl-C."""

    async def read() -> Shelf:
        shelf = Shelf(wanted)
        async with consumer(settings) as client:
            async for record in records(client, STORIES, from_beginning=True, follow=False):
                shelf.put(record)
        return shelf

    try:
        shelf = run(read(), settings)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    if shelf.unreadable:
        complain(f"passed over: {shelf.unreadable} records of {STORIES} that are no stories")
    return shelf


def _one(settings: Settings, id: str) -> Story:
    """The story whose id begins so, or the one that it went into; ends the command where there is none or several."""
    shelf = _read(settings, lambda story: story.story_id.startswith(id))
    found = sorted(shelf.stories)
    if not found:
        fail(f"there is no story {id}: rasid stories list --merged shows them all", WRONG_USAGE)
    if len(found) > 1 and id not in found:
        first = ", ".join(short_ids(found[:5], shelf.ids))
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        fail(f"{len(found)} stories begin with {id}: {first}{more}", WRONG_USAGE)
    asked = shelf.stories[id if id in found else found[0]]
    last = shelf.goes_on_in(asked.story_id)
    if last == asked.story_id:
        return asked
    complain(f"the story {asked.story_id} went into {last}")
    # Its state was not kept on the first reading: which one it would be was not known yet.
    further = shelf.stories.get(last) or _read(settings, lambda story: story.story_id == last).stories.get(last)
    if further is None:
        complain(f"of {last} the topic holds nothing: this is the last state of {asked.story_id}")
    return further or asked


def _wanted(
    since: str | None, place: str | None, entity: str | None, outlets: int, contested: bool, merged: bool
) -> Wanted:
    moment = None
    if since is not None and (moment := since_when(since, datetime.now(UTC))) is None:
        fail("--since is no time: give 90m, 24h, 7d or ISO 8601 such as 2024-05-01", WRONG_USAGE)
    for option, name in (("--place", place), ("--entity", entity)):
        if name is not None and not name.strip():
            fail(f"{option} is empty: give a name", WRONG_USAGE)
    return Wanted(
        since=moment,
        place=None if place is None else Name(place.strip()),
        entity=None if entity is None else Name(entity.strip()),
        outlets=outlets,
        contested=contested,
        merged=merged,
    )


def _json(story: Story) -> str:
    return safe_json(encode(story).decode())


def _many(count: int) -> str:
    return "1 story" if count == 1 else f"{count or 'no'} stories"


stories_app.command(name="list", help=taught(list_))(list_)
stories_app.command(help=taught(show))(show)
stories_app.command(help=taught(watch))(watch)
