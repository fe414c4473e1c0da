"""The parties to an event: who did it and to whom, or, where people meet, agree or fight, who all took part."""

from __future__ import annotations

from collections.abc import Iterable

from services.extraction.event_actors import actors_of
from services.extraction.event_marks import Candidate, Stage
from services.extraction.event_scenes import is_scene, names
from services.extraction.event_targets import targets_of
from services.extraction.party_names import (
    first_of,
    group_before,
    meant_by,
    party_in,
    phrase,
    said_of,
    tells_only,
    words_of,
)
from services.extraction.protests import protested_against, protesters
from services.extraction.speaker_words import STOPS
from services.extraction.speakers import COMMAS
from services.extraction.words import word_set

_MOST_NAMES = 4
_TOGETHER = frozenset(("meeting", "agreement", "armed_clash"))
_IN_WAW = word_set("وزير وزاره وزراء وفد وحدات وكاله وسط وسائل")
_WIDE = 12


def who(stage: Stage, event: Candidate) -> tuple[list[str], list[str]]:
    """Actors and targets: canonical names, else the words of the text."""
    a, b = stage.words.sentences[event.sentence]
    if event.type in _TOGETHER:
        return _together(stage, event, a, b)[:_MOST_NAMES], []
    if event.type == "protest":
        actors, targets = protesters(stage, event, a, b), protested_against(stage, event.at, a, b)
    else:
        actors = actors_of(stage, event, a, b)
        targets = targets_of(stage, event, a, b, actors)
    targets = [name for name in targets if name not in actors]
    return actors[:_MOST_NAMES], list(dict.fromkeys(targets))[:_MOST_NAMES]


def _together(stage: Stage, event: Candidate, a: int, b: int) -> list[str]:
    """The parties: names near the word, people and bodies before places."""
    i = event.at
    between = _between(stage, i, b) if event.type != "meeting" else []
    if len(between) > 1:
        return between
    named = [(abs(stage.cast.spans[n][0] - i), n) for n in names(stage, max(a, i - 15), min(b, i + 20))]
    kinds = ("PER", "ORG", "GRP") if event.type != "armed_clash" else ("ORG", "GRP")
    near = [
        n
        for _, n in sorted(named)
        if stage.cast.entities[n].type in kinds and (event.type == "meeting" or not tells_only(stage, n))
    ]
    found = list(dict.fromkeys(stage.cast.entities[n].canonical for n in sorted(near[:_MOST_NAMES])))
    if event.type == "armed_clash":
        found = list(dict.fromkeys((*found, *_all_meant(stage, range(max(a, i - 15), min(b, i + 20))))))
        if not found:
            group = group_before(stage, i)
            found = [group] if group else []
    if not found:
        near = [n for _, n in sorted(named) if not is_scene(stage, n, a)]
        found = list(dict.fromkeys(stage.cast.entities[n].canonical for n in sorted(near[:_MOST_NAMES])))
    return found


def _between(stage: Stage, i: int, b: int) -> list[str]:
    """«بين الجيش والمسلحين», «بين قوات الأمن وأتباع الطريقة»."""
    forms = stage.words.forms
    k = first_of(forms, i + 1, min(b, i + 9), frozenset(("بين",)))
    if k is None:
        return []
    stop = next(
        (j for j in range(k + 1, min(b, k + 2 * _WIDE)) if forms[j] in STOPS and forms[j] not in COMMAS),
        min(b, k + 2 * _WIDE),
    )
    second = next(
        (
            j
            for j in range(k + 2, stop)
            if forms[j] in ("و", "وبين") or (forms[j][0] == "و" and len(forms[j]) > 3 and _is_joined(stage, j))
        ),
        None,
    )
    if second is None:
        return []
    sides = said_of(stage, *phrase(stage, k + 1, second))
    first, last = phrase(stage, second + (forms[second] in ("و", "وبين")), stop)
    other = party_in(stage, first, last)
    text = words_of(stage, first, last)
    return list(dict.fromkeys((*sides, *(other or ([text.removeprefix("و")] if text else [])))))


def _is_joined(stage: Stage, j: int) -> bool:
    n = stage.cast.at[j]
    return stage.cast.led(n)[:1] == "و" if n >= 0 else stage.words.forms[j] not in _IN_WAW


def _all_meant(stage: Stage, tokens: Iterable[int]) -> list[str]:
    return [name for name in (meant_by(stage, k) for k in tokens if stage.cast.at[k] < 0) if name]
