"""What the last article changed of a story, in words. The state alone says it: nothing need be remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from schemas.articles_extracted import Toll
from schemas.stories import Change, Contested, Story, StoryClaim
from services.cli.explain_findings import toll_words
from services.cli.story_shelf import SHORT_ID


class Told(NamedTuple):
    """A change: what it is called, and what there is to say of it, which may be nothing."""

    change: Change
    name: str
    words: str = ""


def changes_told(story: Story) -> list[Told]:
    """What the story's last article changed, each in a line or, of several claims, in several."""
    told = []
    for change in story.changed:
        name, words = _TELLERS[change]
        told += [Told(change, name, one) for one in words(story)] or [Told(change, name)]
    return told


def toll_told(killed: Toll | None, wounded: Toll | None) -> str:
    """A toll as people write it: killed 3, wounded 5-7."""
    named = (("killed", killed), ("wounded", wounded))
    return ", ".join(f"{name} {toll_words(toll, 'or more')}" for name, toll in named if toll is not None)


def matter_told(contested: Contested) -> str:
    """What is contested: the toll of a shelling in Daraa."""
    place = f" in {contested.place}" if contested.place else ""
    return f"{contested.about} of {event_named(contested.type)}{place}"


def event_named(type: str) -> str:
    """The type of an event, to be read."""
    return type.replace("_", " ")


def _opened(story: Story) -> Iterator[str]:
    """Who tells it, and its main event."""
    happened = [f"{event_named(one.type)}{f' in {one.place}' if one.place else ''}" for one in story.events[:1]]
    yield ", ".join([f"by {story.lead.source}", *happened])


def _outlet(story: Story) -> Iterator[str]:
    return (outlet.source for outlet in story.outlets if outlet.article_id == story.article_id)


def _place(story: Story) -> Iterator[str]:
    """Places with an event that this article alone tells of: one of them, or more, is the new one."""
    names = dict.fromkeys(event.place for event in story.events if event.articles == 1 and event.place)
    if names:
        yield ", ".join(names)


def _toll(story: Story) -> Iterator[str]:
    new = [toll for toll in story.tolls if toll.article_id == story.article_id]
    before = [toll for toll in story.tolls if toll.article_id != story.article_id]
    killed = max((toll.killed[0] for toll in before if toll.killed), default=None)
    wounded = max((toll.wounded[0] for toll in before if toll.wounded), default=None)
    known = [f"{name} {most}" for name, most in (("killed", killed), ("wounded", wounded)) if most is not None]
    for toll in new:
        cited = f" by {', '.join(toll.cited)}" if toll.cited else ""
        highest = f"; highest before: {', '.join(known)}" if known else ""
        yield f"{toll_told(toll.killed, toll.wounded)}, {toll.source}{cited}{highest}"


def _claims(denials: bool) -> Callable[[Story], Iterable[str]]:
    def told(story: Story) -> Iterator[str]:
        for claim in story.claims:
            if claim.article_id == story.article_id and (claim.stance == "denial") == denials:
                yield claim_told(claim)

    return told


def claim_told(claim: StoryClaim) -> str:
    """Who says what."""
    return f"{claim.speaker}: {claim.text}"


def _contested(story: Story) -> Iterator[str]:
    for matter in story.contested:
        if any(side.article_id == story.article_id for side in matter.sides):
            sides = " / ".join(f"{side.said_by} ({side.source}): {side.says}" for side in matter.sides)
            yield f"{matter_told(matter)}: {sides}"


def _article(story: Story) -> Iterator[str]:
    yield f"article {story.article_id}"


def _merged(story: Story) -> Iterator[str]:
    if story.merged_from:
        yield f"it has taken in {', '.join(one[:SHORT_ID] for one in story.merged_from)}"


def _absorbed(story: Story) -> Iterator[str]:
    if story.merged_into:
        yield story.merged_into[:SHORT_ID]


_TELLERS: Mapping[Change, tuple[str, Callable[[Story], Iterable[str]]]] = {
    "opened": ("new story", _opened),
    "outlet": ("new outlet", _outlet),
    "place": ("new place", _place),
    "toll": ("higher toll", _toll),
    "claim": ("new claim", _claims(denials=False)),
    "denial": ("denial", _claims(denials=True)),
    "contested": ("contested", _contested),
    "revision": ("revised", _article),
    "correction": ("corrected", _article),
    "retraction": ("taken back", _article),
    "merged": ("merged", _merged),
    "absorbed": ("went into", _absorbed),
}
