"""When sources say incompatible things about one event of a story: its toll, its perpetrator, its target.

A false «contested» wakes a desk, so doubt is settled for «not»: events are one only at one known place within a day, and
sides are two only where each names whom it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from schemas.articles_extracted import EventType
from schemas.stories import LONGEST_CLAIM, MOST_CONTESTED, MOST_SIDES
from services.deduplication.story_claims import said_stems
from services.deduplication.story_state import Contest, Happening, Place, Range, Side, Statement, TollReport
from services.deduplication.story_tolls import day_number, is_background
from services.deduplication.words import folded, words

ATTACKS: frozenset[EventType] = frozenset(
    (
        "air_strike",
        "missile_attack",
        "drone_attack",
        "shelling",
        "bombing",
        "armed_attack",
        "abduction",
        "other_violence",
    )
)
"""Events with a perpetrator to dispute; in a clash both sides act, and a place is seized back and forth."""

AT_ONCE_SECONDS = 3 * 3600
"""Reports within this time of each other do not update one another where they cite different sources."""

LATER_SECONDS = 24 * 3600
"""A lower toll later than this tells of something else."""

APART = 1.25
"""Between disjoint tolls, at least: counts of the same dead differ by one or two from one source to the next."""

MOST_APART = 4.0
"""More than so many times as many are the dead of something else."""

SHARED_MATTER = 4
"""Telling words that accusation and denial share, names included, where neither says what is denied."""

_VAGUE = frozenset(
    words(
        "مصدر مصادر المصدر المصادر مصادرنا مراسل مراسلنا مراسلون شهود عيان شاهد تقارير تقرير مسؤول مسؤولون مسؤولين ناشطون نشطاء "
        "سكان وسائل إعلام اعلام بيان البيان وكالة وكالات الأنباء صحيفة قناة السلطات سلطات الشرطة المتحدث متحدث أنباء"
    )
)
_DENIED_FIRST = re.compile(
    r"(?:ال|ب|لل)?(?:اتهام|تهم|مسؤولي|مسووليت|مسءولي|ضلوع|تورط|صله|علاقت|وقوف|تنفيذ|شن|مزاعم|ادعا)"
)
"""How the words begin with which somebody denies what they are accused of."""

DENIED_WITHIN = 6
"""Words of a denial, from its first, among which those stand."""


def contested_with(
    contested: Sequence[Contest],
    tolls: tuple[Sequence[TollReport], Sequence[TollReport]],
    claims: tuple[Sequence[Statement], Sequence[Statement]],
    happenings: tuple[Sequence[Happening], Sequence[Happening]],
    places: Mapping[str, Place],
) -> tuple[tuple[Contest, ...], bool]:
    """What is contested after an article, and whether a matter is newly so. The pairs are (before, of the article).

    A further voice joins the sides of its matter and is no news.
    """
    found = [
        *_contested_tolls(*tolls),
        *_denied_accusations(*claims),
        *_rival_tellings(*happenings, [*claims[0], *claims[1]], places),
    ]
    if not found:
        return tuple(contested), False
    kept = list(contested)
    newly = False
    for contest in found:
        at = next((at for at, other in enumerate(kept) if _one_matter(other, contest)), None)
        if at is None:
            kept.append(contest)
            newly = True
        else:
            kept[at] = _joined(kept[at], contest)
    return tuple(kept[-MOST_CONTESTED:]), newly


def _one_matter(one: Contest, other: Contest) -> bool:
    return (one.about, one.type) == (other.about, other.type) and (
        one.place == other.place or one.place is None or other.place is None
    )


def _joined(contest: Contest, more: Contest) -> Contest:
    voices = {folded(side.said_by) for side in contest.sides}
    new = [side for side in more.sides if folded(side.said_by) not in voices]
    return contest._replace(sides=(*contest.sides, *new)[:MOST_SIDES])


def bounded_contested(contested: Iterable[Contest]) -> tuple[Contest, ...]:
    """The newest `MOST_CONTESTED`, each matter once."""
    kept: list[Contest] = []
    for contest in contested:
        at = next((at for at, other in enumerate(kept) if _one_matter(other, contest)), None)
        if at is None:
            kept.append(contest)
        else:
            kept[at] = _joined(kept[at], contest)
    return tuple(kept[-MOST_CONTESTED:])


# Tolls


def _contested_tolls(before: Sequence[TollReport], new: Sequence[TollReport]) -> Iterator[Contest]:
    for at, report in enumerate(new):
        for other in (*before, *new[:at]):
            if other.type == report.type and other.place == report.place and _tolls_clash(other, report):
                yield Contest("toll", report.type, report.place, (_toll_side(other), _toll_side(report)))
                break


def _tolls_clash(one: TollReport, other: TollReport) -> bool:
    if one.type not in ATTACKS or one.place is None or one.article_id == other.article_id:
        return False
    if not within_a_day(one.date, other.date) or is_background(one) or is_background(other):
        return False
    if not distinct_voices(one.cited, other.cited):
        return False
    earlier, later = (one, other) if one.at <= other.at else (other, one)
    apart = later.at - earlier.at
    for first, second in ((earlier.killed, later.killed), (earlier.wounded, later.wounded)):
        if first is None or second is None or not first[0] or not second[0]:
            continue
        lower_later = _below(second, first) and apart <= LATER_SECONDS
        if lower_later or (apart <= AT_ONCE_SECONDS and _below(first, second)):
            return True
    return False


def _below(low: Range, high: Range) -> bool:
    """Whether all of one range is so far below the other that they are no two counts of the same."""
    if low[1] is None or high[0] - low[1] < 2:
        return False
    return low[1] * APART <= high[0] <= low[1] * MOST_APART


def _toll_side(report: TollReport) -> Side:
    told = [
        f"{what} {_counted(toll)}"
        for what, toll in (("killed", report.killed), ("wounded", report.wounded))
        if toll is not None
    ]
    return Side(", ".join(told), ", ".join(report.cited) or report.source, report.source, report.article_id)


def _counted(toll: Range) -> str:
    least, most = toll
    return f"{least} or more" if most is None else str(least) if least == most else f"{least} to {most}"


# Perpetrators: an accusation that the accused denies


def _denied_accusations(before: Sequence[Statement], new: Sequence[Statement]) -> Iterator[Contest]:
    pairs = (
        (accusation, denial)
        for accusations, denials in ((before, new), (new, before), (new, new))
        for accusation, denial in product(accusations, denials)
        if accusation.stance == "accusation" and denial.stance == "denial"
    )
    for accusation, denial in pairs:
        matter = _matter_of(accusation, denial)
        if matter is not None:
            yield Contest("perpetrator", matter, None, (_said_side(accusation), _said_side(denial)))


def _matter_of(accusation: Statement, denial: Statement) -> EventType | None:
    """The attack that one accuses of and the other denies; None where it is not plain that they mean the same."""
    if folded(accusation.speaker) == folded(denial.speaker) or not _share(accusation.faces, denial.faces):
        return None
    types = [about for about in (accusation.about, denial.about) if about is not None]
    if not types or len(set(types)) > 1 or types[0] not in ATTACKS:
        return None
    denied = words(folded(denial.text))[:DENIED_WITHIN]
    shared = said_stems(accusation.text) & said_stems(denial.text)
    if len(types) == 2 or any(map(_DENIED_FIRST.match, denied)) or len(shared) >= SHARED_MATTER:
        return types[0]
    return None


def _share(faces: Sequence[str], others: Sequence[str]) -> bool:
    """A word of three letters is also the beginning of its adjective: قطر of القطرية."""
    return any(one == other or (len(one) == 3 and other.startswith(one)) or (len(other) == 3 and one.startswith(other))
               for one, other in product(faces, others))  # fmt: skip


def _said_side(statement: Statement) -> Side:
    return Side(statement.text, statement.speaker, statement.source, statement.article_id)


# Perpetrators and targets: an event told in two ways


def _rival_tellings(
    before: Sequence[Happening], new: Sequence[Happening], claims: Sequence[Statement], places: Mapping[str, Place]
) -> Iterator[Contest]:
    for one, other in product(before, new):
        if not _one_event(one, other, places) or not distinct_voices(one.cited, other.cited):
            continue
        same_target = _kin(one.targets, other.targets)
        if same_target and _rivals(one.actors, other.actors):
            sides = (_told_side(one, one.actors), _told_side(other, other.actors))
            yield Contest("perpetrator", other.type, other.place, sides)
        denied = any(claim.stance == "denial" and claim.about == other.type for claim in claims)
        if denied and _kin(one.actors, other.actors) and _rivals(one.targets, other.targets):
            sides = (_told_side(one, one.targets), _told_side(other, other.targets))
            yield Contest("target", other.type, other.place, sides)


def _one_event(one: Happening, other: Happening, places: Mapping[str, Place]) -> bool:
    """A region or a country has many events a day; a town seldom two of a type."""
    if one.type not in ATTACKS or one.type != other.type or one.place is None or one.place != other.place:
        return False
    place = places.get(one.place)
    narrow = place is not None and place.precision in ("town", "near", "exact")
    return narrow and one.article_id != other.article_id and one.date is not None and one.date == other.date


def _rivals(names: Sequence[str], others: Sequence[str]) -> bool:
    return bool(names and others) and all(map(is_named, (*names, *others))) and not _kin(names, others)


def is_named(name: str) -> bool:
    """Whether a name is a canonical one, not words of the text."""
    return name[:1].isascii() and name[:1].isupper()


def _kin(names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether any of the names shares a telling word with one of the others: Russia and the Russian Air Force."""
    return bool(_beginnings(names) & _beginnings(others))


def _beginnings(names: Sequence[str]) -> set[str]:
    return {word[:5] for name in names for word in words(folded(name)) if len(word) > 3 and word not in _COMMON}


_COMMON = frozenset(words("forces armed army national united movement party state government ministry defence guard"))


def _told_side(happening: Happening, names: Sequence[str]) -> Side:
    return Side(
        ", ".join(names)[:LONGEST_CLAIM],
        ", ".join(happening.cited) or happening.source,
        happening.source,
        happening.article_id,
    )


# What makes two sources two, and two events one


def distinct_voices(cited: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each cites somebody who can be told from those of the other; «a source» may be anybody."""
    telling, others_telling = list(filter(_tells_who, cited)), list(filter(_tells_who, others))
    return bool(telling and others_telling) and not _kin(telling, others_telling)


def _tells_who(name: str) -> bool:
    said = name.split()
    return bool(said) and (is_named(name) or not any(word.strip('"«»') in _VAGUE for word in said))


def within_a_day(one: str | None, other: str | None) -> bool:
    """Whether two ISO dates are at most a day apart; an unknown one may be any, and so may one that no calendar has."""
    first, second = day_number(one), day_number(other)
    return first is None or second is None or abs(first - second) <= 1
