"""Who did it and to whom: the actors and targets that the sentence of an event names."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.articles_extracted import Entity
from services.extraction.event_marks import Candidate, Stage
from services.extraction.event_scenes import is_scene, names
from services.extraction.speakers import COMMAS
from services.extraction.words import word_set

_MOST_NAMES = 4
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
_WIDE_LEFT = 12


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
        actors = [_name(cast.entities[n]) for n in names(stage, a, i) if cast.entities[n].type in ("ORG", "GRP")][-1:]
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
    named = [stage.cast.entities[n] for n in names(stage, k, end)]
    for kinds in (("GRP", "ORG"), ("PER",), ("LOC",)):
        found = [entity.canonical for entity in named if entity.type in kinds]
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
                for n in names(stage, first, last)
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
        (abs(stage.cast.spans[n][0] - event.at), n) for n in names(stage, max(a, event.at - 15), min(b, event.at + 20))
    ]
    kinds = ("PER", "ORG", "GRP") if event.type != "armed_clash" else ("ORG", "GRP")
    near = [n for _, n in sorted(named) if stage.cast.entities[n].type in kinds]
    near = near or [n for _, n in sorted(named) if not is_scene(stage, n, a)]
    return list(dict.fromkeys(_name(stage.cast.entities[n]) for n in sorted(near[:_MOST_NAMES])))
