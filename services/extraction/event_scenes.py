"""When and where an event was: the days and places that its sentences state, and those just before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from services.extraction.event_marks import RECENT_DAYS, Candidate, Stage
from services.extraction.words import word_set

_MOST_NAMES = 4
_NESTED = 4
"""Claims that may hold one word, one within the other."""
_PLACE_ORDER = {"exact": 0, "town": 1, "region": 2, "country": 3, None: 2}
_PLACE_LEADS = word_set(
    "في ب من الي علي قرب شمال جنوب شرق غرب شمالي جنوبي شرقي غربي وسط مدينه محافظه بلده قريه منطقه مديريه ولايه حي مخيم ريف جبهه مطار قضاء "
    "مركز اقليم عاصمه العاصمه باتجاه نحو خارج داخل بمدينه بمحافظه بمنطقه بمديريه بلدتي مدينتي محافظتي مديريتي قريتي سماء حدود ضواحي مقاطعه بولايه بريف"
)


def when(stage: Stage, mentions: Iterable[Candidate], spoken: Sequence[tuple[int, int]]) -> str | None:
    """The day that the first mention's sentence states (else the one before it), within the last 30 days.

    Of several the nearest, those on the same side of a reporting verb first: «أعلن الجيش الجمعة أن القصف وقع الخميس».
    `spoken` are the code points of what is claimed, in order.
    """
    for mention in mentions:
        place = stage.words.starts[mention.at]
        behind = bisect_right(spoken, (place, len(stage.article.text)))
        near = spoken[max(0, behind - _NESTED) : behind]
        said = next((span for span in near if span[0] <= place < span[1]), (0, len(stage.article.text)))
        for n in (mention.sentence, mention.sentence - 1):
            days = [
                (not said[0] <= stated.start < said[1], abs(stated.start - place), stated.date)
                for stated in (stage.scenes[n].dates if n >= 0 else ())
                if stated.date is not None and len(stated.date) == 10 and _is_recent(stage, stated.date)
            ]
            if days:
                return min(days)[2]
    return None


def _is_recent(stage: Stage, day: str) -> bool:
    return stage.published is None or 0 <= (stage.published - date.fromisoformat(day)).days <= RECENT_DAYS


def where(stage: Stage, mentions: Sequence[Candidate]) -> list[str]:
    """Places of the first sentence that names one: the most specific first, then the nearest."""
    for mention in mentions:
        a, b = stage.words.sentences[mention.sentence]
        ranked: dict[str, tuple[bool, int, int]] = {}
        for n in names(stage, a, b):
            entity = stage.cast.entities[n]
            if entity.type != "LOC" or stage.cast.spans[n][0] == mention.at:
                continue
            gap = abs(stage.cast.spans[n][0] - mention.at)
            rank = (not is_scene(stage, n, a), _PLACE_ORDER.get(entity.precision, 2), gap)
            ranked[entity.canonical] = min(rank, ranked.get(entity.canonical, rank))
        sure = [name for name, rank in ranked.items() if not rank[0]]
        found = sorted(sure or ranked, key=lambda name: ranked[name])
        if found:
            return found[:_MOST_NAMES]
    return []


def is_scene(stage: Stage, n: int, a: int) -> bool:
    """Whether a place is where something is and not who does it."""
    first = stage.cast.spans[n][0]
    if stage.cast.led(n)[-1:] in ("ب", "ل"):
        return stage.cast.led(n)[-1:] == "ب"
    return first > a and (stage.words.forms[first - 1] in _PLACE_LEADS or stage.words.forms[first - 1] in ("(", "و"))


def names(stage: Stage, a: int, b: int) -> Iterator[int]:
    """Entities that begin in a range of tokens, in order."""
    last = -1
    for i in range(max(0, a), b):
        n = stage.cast.at[i]
        if n >= 0 and n != last and stage.cast.spans[n][0] >= a:
            last = n
            yield n
