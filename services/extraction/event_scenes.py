"""When and where an event was: the days and places that its sentences state, and those just before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from services.extraction.event_marks import RECENT_DAYS, Candidate, Stage
from services.extraction.speaker_words import STOPS
from services.extraction.words import word_set

_MOST_NAMES = 4
_NESTED = 4
"""Claims that may hold one word, one within the other."""
_BEHIND_IS_NEARER = 0.7
"""A day mostly stands behind what happened on it."""
_BACKGROUND = word_set("كان وكان كانت وكانت كانوا وكانوا يذكر ويذكر يشار ويشار")
"""A sentence that begins so tells of another day than those before it."""
_DAY_AFTER = word_set("غداه وغداه")
_REACH = 8
_AROUND = (-1, -2, -3, 1)
_OPENING = 80
"""Words of a report's first sentence that are searched for where it is from."""
_PLACE_ORDER = {"exact": 0, "near": 1, "town": 1, "region": 2, "country": 3, None: 2}
_PLACE_LEADS = word_set(
    "في ب من الي علي قرب شمال جنوب شرق غرب شمالي جنوبي شرقي غربي وسط مدينه محافظه بلده قريه منطقه مديريه ولايه حي مخيم ريف جبهه مطار قضاء "
    "مركز اقليم عاصمه العاصمه باتجاه نحو خارج داخل بمدينه بمحافظه بمنطقه بمديريه بلدتي مدينتي محافظتي مديريتي قريتي سماء حدود ضواحي مقاطعه بولايه بريف"
)


def when(stage: Stage, mentions: Sequence[Candidate], spoken: Sequence[tuple[int, int]]) -> str | None:
    """The day within the last 30 that the event's sentence states, else the one before it; else those of further mentions.

    Last come sentences further back: a report goes on in the day that it began with. `spoken` are the code points of
    what is claimed, in order.
    """
    first = mentions[0]
    for mention, n in (
        (first, first.sentence),
        (first, first.sentence - 1),
        *((mention, mention.sentence) for mention in mentions[1:]),
        *((first, first.sentence - back) for back in _further_back(stage, first)),
    ):
        if n >= 0 and stage.scenes[n].dates:
            day = _day(stage, mention, n, spoken)
            if day is not None:
                return _day_before(day) if _is_day_after(stage, mention) else day
    return None


def _further_back(stage: Stage, event: Candidate) -> Sequence[int]:
    return (2,) if stage.words.forms[stage.words.sentences[event.sentence][0]] in _BACKGROUND else (2, 3)


def _day(stage: Stage, mention: Candidate, n: int, spoken: Sequence[tuple[int, int]]) -> str | None:
    """Of the days of a sentence the nearest, those on the same side of a reporting verb first; of another sentence the first.

    «أعلن الجيش الجمعة أن القصف وقع الخميس».
    """
    place = stage.words.starts[mention.at]
    behind = bisect_right(spoken, (place, len(stage.article.text)))
    near = spoken[max(0, behind - _NESTED) : behind]
    said = next((span for span in near if span[0] <= place < span[1]), (0, len(stage.article.text)))
    days: list[tuple[bool, float, str]] = []
    for stated in stage.scenes[n].dates:
        if stated.date is not None and len(stated.date) == 10 and _is_recent(stage, stated.date):
            gap = stated.start - place
            far = stated.start if n != mention.sentence else -gap if gap < 0 else gap * _BEHIND_IS_NEARER
            days.append((not said[0] <= stated.start < said[1], far, stated.date))
    return min(days)[2] if days else None


def _is_day_after(stage: Stage, mention: Candidate) -> bool:
    """Whether the day stated is the one after: «غداة إعلان الهجوم»."""
    forms = stage.words.forms
    for k in range(mention.at - 1, max(stage.words.sentences[mention.sentence][0], mention.at - _REACH) - 1, -1):
        if forms[k] in _DAY_AFTER:
            return True
        if forms[k] in STOPS:
            break
    return False


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _is_recent(stage: Stage, day: str) -> bool:
    return stage.published is None or 0 <= (stage.published - date.fromisoformat(day)).days <= RECENT_DAYS


def where(stage: Stage, mentions: Sequence[Candidate]) -> list[str]:
    """Places of one sentence, the most specific first, then the nearest.

    Asked are the event's own and those that mention it again for places where something is, then its own for any, then
    those around it and the one that the report opens with.
    """
    first = mentions[0]
    for mention, n, sure in (
        *((mention, mention.sentence, True) for mention in mentions),
        (first, first.sentence, False),
        *((first, first.sentence + step, True) for step in _AROUND),
        (first, 0, True),
    ):
        if 0 <= n < len(stage.scenes) and stage.scenes[n].places:
            found = _places(stage, mention, n, sure)
            if found:
                return found[:_MOST_NAMES]
    return []


def _places(stage: Stage, mention: Candidate, n: int, sure: bool) -> list[str]:
    """The places of a sentence where something is; where it has none, any of them unless only the sure are asked for."""
    a, b = stage.words.sentences[n]
    ranked: dict[str, tuple[bool, int, int]] = {}
    for k in names(stage, a, b if n else min(b, a + _OPENING)):
        entity = stage.cast.entities[k]
        if entity.type != "LOC" or stage.cast.spans[k][0] == mention.at:
            continue
        gap = abs(stage.cast.spans[k][0] - mention.at)
        rank = (not is_scene(stage, k, a), _PLACE_ORDER.get(entity.precision, 2), gap)
        ranked[entity.canonical] = min(rank, ranked.get(entity.canonical, rank))
    scenes = [name for name, rank in ranked.items() if not rank[0]]
    return sorted(scenes if scenes or sure else ranked, key=lambda name: ranked[name])


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
