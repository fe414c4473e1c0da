"""When, where, who, against whom, how many: what the sentences of an event say of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from schemas.articles_extracted import Entity, Quantity, Toll
from services.extraction.event_marks import RECENT_DAYS, Candidate, Stage
from services.extraction.speakers import COMMAS
from services.extraction.words import word_set

_MOST_NAMES = 4
_BLOODLESS = frozenset(("agreement", "meeting", "sanction"))
_WAR = 10_000
"""A toll of so many is that of a war, told as background."""
_NESTED = 4
"""Claims that may hold one word, one within the other."""
_PLACE_ORDER = {"exact": 0, "town": 1, "region": 2, "country": 3, None: 2}
_PLACE_LEADS = word_set(
    "في ب من الي علي قرب شمال جنوب شرق غرب شمالي جنوبي شرقي غربي وسط مدينه محافظه بلده قريه منطقه مديريه ولايه حي مخيم ريف جبهه مطار قضاء "
    "مركز اقليم عاصمه العاصمه باتجاه نحو خارج داخل بمدينه بمحافظه بمنطقه بمديريه بلدتي مدينتي محافظتي مديريتي قريتي سماء حدود ضواحي مقاطعه بولايه بريف"
)
_BY = word_set(
    "شنها شنته شنتها نفذها نفذته نفذتها تنفذها يشنها تشنها ينفذها تبناها تبنته تبنتها تنفذه يشنه زرعته زرعها اطلقها اطلقته اطلقتها شنه نفذه"
)
_DOING = word_set(
    "شن شنت وشن وشنت نفذ نفذت ونفذت اطلق اطلقت واطلقت قامت وقامت شنوا نفذوا عقد عقدت فرض فرضت وفرضت القت والقت تبني تبنت"
)
_AGAINST = word_set("علي ضد استهدف استهدفت استهدفه استهدفها تستهدف يستهدف")
_TAKEN_FROM = word_set("من ضد ايدي")
_BY_ARMIES = frozenset(("air_strike", "shelling", "seizure", "missile_attack"))
_TOGETHER = frozenset(("meeting", "agreement", "armed_clash"))
_PART_OF = word_set("بينهم بينهما وبينهم بينها منهم منها ضمنهم")
_RESULTS = word_set(
    "واسفر واسفرت اسفر اسفرت وادي وادت ادي ادت وخلف وخلفت خلف خلفت وتسبب وتسببت راح ضحيته ضحيتها وقتل وقتلت واصيب الحصيله حصيله"
)
_FALLEN = {
    "killed": word_set("قتل قتلت مقتل مصرع استشهاد استشهد اغتيال توفي صرع"),
    "wounded": word_set("اصيب اصابه جرح اصيبت"),
}
_WIDE_LEFT = 12


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
        for n in _names(stage, a, b):
            entity = stage.cast.entities[n]
            if entity.type != "LOC" or stage.cast.spans[n][0] == mention.at:
                continue
            gap = abs(stage.cast.spans[n][0] - mention.at)
            rank = (not _is_scene(stage, n, a), _PLACE_ORDER.get(entity.precision, 2), gap)
            ranked[entity.canonical] = min(rank, ranked.get(entity.canonical, rank))
        sure = [name for name, rank in ranked.items() if not rank[0]]
        names = sorted(sure or ranked, key=lambda name: ranked[name])
        if names:
            return names[:_MOST_NAMES]
    return []


def _is_scene(stage: Stage, n: int, a: int) -> bool:
    """Whether a place is where something is and not who does it."""
    first = stage.cast.spans[n][0]
    if stage.cast.led(n)[-1:] in ("ب", "ل"):
        return stage.cast.led(n)[-1:] == "ب"
    return first > a and (stage.words.forms[first - 1] in _PLACE_LEADS or stage.words.forms[first - 1] in ("(", "و"))


def _names(stage: Stage, a: int, b: int) -> Iterator[int]:
    """Entities that begin in a range of tokens, in order."""
    last = -1
    for i in range(max(0, a), b):
        n = stage.cast.at[i]
        if n >= 0 and n != last and stage.cast.spans[n][0] >= a:
            last = n
            yield n


def _name(entity: Entity) -> str:
    return entity.canonical


def who(stage: Stage, event: Candidate) -> tuple[list[str], list[str]]:
    """Actors and targets: canonical names, else the words of the text."""
    forms, cast = stage.words.forms, stage.cast
    a, b = stage.words.sentences[event.sentence]
    i = event.at
    if event.type in _TOGETHER:
        return _together(stage, event, a, b), []
    actors: list[str] = []
    targets: list[str] = []
    if event.trigger.kind == "noun":
        k = _first(forms, i + 1, min(b, i + 12), _BY)
        left = _first(forms, i - 1, max(a - 1, i - _WIDE_LEFT), _DOING)
        if k is not None:
            actors = _subject(stage, k + 1, b)
        elif left is not None:
            actors = _subject(stage, left + 1, i)
        if not actors:
            actors = _owner(stage, i, b)
    else:
        before = cast.subject_before(i, a)
        speaker, end = (before, i + 1) if before is not None else cast.subject(i + 1, b, strict=True)
        if speaker is not None:
            actors = [speaker.name]
        if event.type != "protest":
            targets = _object(stage, end, b)
    agent = _agent(stage, i, b)
    if agent:
        targets = targets or [name for name in actors if name not in agent][:1]
        actors = agent
    k = _first(forms, i + 1, min(b, i + 10), _TAKEN_FROM if event.type == "seizure" else _AGAINST)
    if k is not None:
        targets = _object(stage, k + 1, b) or targets
    if not actors:
        actors = [_name(cast.entities[n]) for n in _names(stage, a, i) if cast.entities[n].type in ("ORG", "GRP")][-1:]
    if not targets or (event.type in _BY_ARMIES and stage.groups.isdisjoint(targets)):
        targets = _other_side(stage, event, a, b, actors) or targets
    return actors[:_MOST_NAMES], [name for name in targets if name not in actors][:_MOST_NAMES]


def _object(stage: Stage, k: int, stop: int) -> list[str]:
    """Whom or what it struck: the body named up to the next stop («مواقع الحوثيين»), else another name, else the words."""
    end = next(
        (
            j
            for j in range(k, min(stop, k + 10))
            if stage.words.forms[j] in COMMAS or stage.words.forms[j] in ("في", ".")
        ),
        min(stop, k + 10),
    )
    names = [stage.cast.entities[n] for n in _names(stage, k, end)]
    for kinds in (("GRP", "ORG"), ("PER",), ("LOC",)):
        found = [entity.canonical for entity in names if entity.type in kinds]
        if found:
            return list(dict.fromkeys(found))
    return _subject(stage, k, end)


def _other_side(stage: Stage, event: Candidate, a: int, b: int, actors: Sequence[str]) -> list[str]:
    """An armed group of the sentence or the one before, or the people who were hit, by the words that count them."""
    if event.type in _BY_ARMIES:
        before = stage.words.sentences[event.sentence - 1][0] if event.sentence else a
        for first, last in ((a, b), (before, a)):
            groups = [
                _name(stage.cast.entities[n])
                for n in _names(stage, first, last)
                if stage.cast.entities[n].type == "GRP"
            ]
            groups = [name for name in dict.fromkeys(groups) if name not in actors]
            if groups:
                return groups[:1]
    return [toll.text for toll in stage.scenes[event.sentence].tolls[:1] if any(c.isalpha() for c in toll.text)]


def _first(forms: Sequence[str], start: int, stop: int, words: frozenset[str]) -> int | None:
    step = 1 if stop >= start else -1
    return next((k for k in range(start, stop, step) if forms[k] in words), None)


def _subject(stage: Stage, k: int, stop: int) -> list[str]:
    speaker, _ = stage.cast.subject(k, stop, strict=True)
    return [] if speaker is None else [speaker.name]


def _owner(stage: Stage, i: int, b: int) -> list[str]:
    """Whose it is, right behind the noun: «غارات التحالف», «قصف للجيش»."""
    for k in range(i + 1, min(b, i + 4)):
        n = stage.cast.at[k]
        if (
            n >= 0
            and stage.cast.led(n)[-1:] in ("", "ل")
            and stage.words.forms[k - 1] not in _AGAINST
            and stage.words.forms[k - 1] != "في"
        ):
            return (
                [_name(stage.cast.entities[n])]
                if stage.cast.entities[n].type != "LOC" or stage.cast.led(n) == "ل"
                else []
            )
    return []


def _agent(stage: Stage, i: int, b: int) -> list[str]:
    """«من قبل», «على يد», «برصاص»."""
    forms = stage.words.forms
    for k in range(i + 1, min(b - 1, i + 14)):
        if (forms[k] == "قبل" and forms[k - 1] == "من") or (
            forms[k] in ("يد", "ايدي") and forms[k - 1] in ("علي", "بايدي")
        ):
            return _subject(stage, k + 1, b)
        if forms[k] in ("برصاص", "بنيران"):
            return _subject(stage, k + 1, b)
        if forms[k] in COMMAS:
            break
    return []


def _together(stage: Stage, event: Candidate, a: int, b: int) -> list[str]:
    """The parties: names near the word, people and bodies before places."""
    named = [
        (abs(stage.cast.spans[n][0] - event.at), n) for n in _names(stage, max(a, event.at - 15), min(b, event.at + 20))
    ]
    kinds = ("PER", "ORG", "GRP") if event.type != "armed_clash" else ("ORG", "GRP")
    near = [n for _, n in sorted(named) if stage.cast.entities[n].type in kinds]
    near = near or [n for _, n in sorted(named) if not _is_scene(stage, n, a)]
    return list(dict.fromkeys(_name(stage.cast.entities[n]) for n in sorted(near[:_MOST_NAMES])))


def toll(stage: Stage, mentions: Sequence[Candidate], unit: str) -> Toll | None:
    """The dead or wounded of the first sentence (or the one behind it that says what came of it) that counts them."""
    if mentions[0].type in _BLOODLESS:
        return None
    for mention in mentions:
        for n in (mention.sentence, mention.sentence + 1):
            if n >= len(stage.scenes):
                break
            a, b = stage.words.sentences[n]
            if n > mention.sentence and _RESULTS.isdisjoint(stage.words.forms[a : min(b, a + 12)]):
                break
            counted = _counted(stage, [count for count in stage.scenes[n].tolls if count.unit == unit], mention, n)
            if counted is None and n == mention.sentence:
                counted = _one_by_name(stage, a, b, unit)
            if counted is not None:
                return counted
    return None


def _one_by_name(stage: Stage, a: int, b: int, unit: str) -> Toll | None:
    """One, where a person's name follows the verb: «مقتل القيادي فلان»."""
    for n in _names(stage, a, b):
        first = stage.cast.spans[n][0]
        if stage.cast.entities[n].type == "PER" and first > a:
            before = [form.lstrip("وفبل") for form in stage.words.forms[max(a, first - 3) : first]]
            if any(form in _FALLEN[unit] for form in before):
                return 1, 1
    return None


def _counted(stage: Stage, counts: Sequence[Quantity], mention: Candidate, n: int) -> Toll | None:
    """The count nearest to the mention with those that «و» adds to it; parts («بينهم ثلاثة أطفال») left out."""
    words = stage.words
    groups: list[list[Quantity]] = []
    end = -1
    for count in counts:
        i = words.at(count.start)
        if count.least >= _WAR or words.has_any(max(words.sentences[n][0], i - 3), i, _PART_OF):
            continue
        joined = groups and 0 <= i - end <= 3 and (words.forms[i][0] == "و" or words.forms[i - 1] == "و")
        if joined:
            groups[-1].append(count)
        else:
            groups.append([count])
        end = words.at(count.end - 1) + 1
    if not groups:
        return None
    place = words.starts[mention.at]
    group = min(groups, key=lambda g: min(abs(count.start - place) for count in g))
    least = int(sum(count.least for count in group))
    most = [count.most for count in group]
    return least, None if any(m is None for m in most) else int(sum(m for m in most if m is not None))
