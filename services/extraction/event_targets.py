"""To whom it was done: the targets of an event, by name, by the words of the text or by whom its toll counts."""

from __future__ import annotations

from collections.abc import Sequence

from services.extraction.event_actors import BY_ARMIES, OF_WEAPONS, SUFFERED, THEIR_FORCES, WEAPONS, acts, is_verb
from services.extraction.event_marks import Candidate, Stage
from services.extraction.event_scenes import names
from services.extraction.numerals import STARTS
from services.extraction.party_names import (
    ANYBODY,
    first_of,
    group_before,
    meant_in,
    named_in,
    phrase,
    said_at,
    said_of,
)
from services.extraction.speakers import COMMAS
from services.extraction.words import fold, word_set

_AGAINST = word_set(
    "علي ضد باتجاه نحو صوب استهدف استهدفت استهدفه استهدفها تستهدف يستهدف مستهدفه مستهدفا طال طالت واستهدفت واستهدف ضربت اصابت هزت يستهدفان استهدفا"
)
_NOT_AGAINST = word_set("بعد بضعه دراجه متن الاقل اثر مدي الرغم خلفيه هامش وقع ما حسابه الحدود نشر يد ايدي راس")
_STRUCK = word_set("استهدفت استهدف ضربت طالت")
_EXPOSED = word_set("تعرض تعرضت تتعرض يتعرض تعرضها تعرضه وتتعرض وتعرضت وتعرض")
_ON_OBJECTS = word_set("استهداف قصف اقتحام اغتيال تدمير قتل مقتل مهاجمه تسميم طعن ضرب القضاء تفجير")
_TIMES = word_set("امس اليوم الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت مساء صباح ظهر فجر ليل يوم كذلك ايضا")
_TAKEN_FROM = word_set("من ضد ايدي قبضه سيطره")
_SUPPORT = word_set("اسناد دعم مسانده مسنودا مسنوده مدعوما مدعومه المدعومه غطاء مشاركه تنسيق")
_SOMEBODY = word_set("شخصا شخص اشخاص الاشخاص افراد فردا فرد عنصرا")
_FALLING = word_set("قتل قتلت مقتل مصرع استشهاد استشهد اغتيال توفي اصيب اصابه لمقتل القضاء")
_FELL = word_set("قتل قتلت توفي توفيت استشهد استشهدت اصيب اصيبت")
_THROWN = word_set(
    "صاروخ صاروخا صاروخين صاروخان صواريخ الصاروخ الصاروخين الصاروخان الصواريخ صاروخي قذيفه قذيفتين قذيفتان قذايف قذائف القذيفه القذائف "
    "قنبله قنبلتين قنابل عبوه عبوتين عبوات رشقه رشقات رصاصه رصاصات الرصاص النار نيران"
)
_DRONES = word_set("طائره طائرتين طائرتان طائرات الطائره الطائرات مسيره مسيرتين مسيرات")
_WIDE = 12
_FEW = 4


def targets_of(stage: Stage, event: Candidate, a: int, b: int, actors: Sequence[str]) -> list[str]:
    """Canonical names, else words of the text; what says it best first. What is thrown at somebody is no target."""
    if event.type == "seizure":
        return _taken_from(stage, event.at, b, actors) or _fallback(stage, event, actors)
    found = [name for name in _said(stage, event, a, b, actors) if not _is_thrown(name, event.type)]
    if not found or (event.type in BY_ARMIES and stage.groups.isdisjoint(found)):
        found += _fallback(stage, event, actors)
    return found


def _is_thrown(name: str, kind: str) -> bool:
    """Whether words begin with a weapon, or how many: «صاروخين باليستيين», «ثلاثة صواريخ»."""
    words = fold(name).split()
    while words and (words[0].isdecimal() or words[0] in STARTS):
        words = words[1:]
    return bool(words) and words[0] in (_THROWN | _DRONES if kind == "drone_attack" else _THROWN)


def _said(stage: Stage, event: Candidate, a: int, b: int, actors: Sequence[str]) -> list[str]:
    i, forms = event.at, stage.words.forms
    found: list[str] = []
    if event.type == "sanction":
        return (_object(stage, i, a, b) if is_verb(event) else []) + _sanctioned(stage, i, b)
    if is_verb(event):
        found = _object(stage, i, a, b)
    elif forms[i].lstrip("وبل") in _ON_OBJECTS or event.type in ("arrest", "abduction"):
        found = _governed(stage, i, b, actors)
    k = first_of(forms, i + 1, min(b, i + _WIDE), _AGAINST)
    if k is not None and forms[k + 1 : k + 2] != ["الاقل"] and (k + 1 >= b or forms[k + 1] not in _NOT_AGAINST):
        found = found + said_at(stage, k + 1, b) if event.type != "arrest" or not found else found
    if i > a and forms[i - 1].lstrip("و") in _STRUCK:
        found = found + said_at(stage, i + 1, b)
    if event.type in ("bombing", "shelling", "air_strike", "armed_attack"):
        found += _exposed(stage, i, a)
    if event.type == "bombing":
        found += named_in(stage, i + 1, min(b, i + 14), ("ORG", "PER"), watchers=True)
    return found + _victims(stage, event, a, b, _names_bodies(stage, a, b, found))


def _names_bodies(stage: Stage, a: int, b: int, found: Sequence[str]) -> bool:
    return not stage.groups.isdisjoint(found) or not set(named_in(stage, a, b)).isdisjoint(found)


def _exposed(stage: Stage, i: int, a: int) -> list[str]:
    """«تعرضت المدينة لقصف», «المدينة تتعرض لقصف»."""
    k = first_of(stage.words.forms, i - 1, max(a - 1, i - _WIDE), _EXPOSED)
    if k is None:
        return []
    return named_in(stage, k + 1, i, ANYBODY) or named_in(stage, max(a, k - _WIDE), k, ("LOC", "ORG", "GRP"))[-1:]


def _sanctioned(stage: Stage, i: int, b: int) -> list[str]:
    """All who are named behind a sanction, and the words behind «على»."""
    k = first_of(stage.words.forms, i + 1, min(b, i + _WIDE), _AGAINST)
    found = said_at(stage, k + 1, b) if k is not None else []
    stop = min(b, i + 2 * _WIDE)
    return found + (named_in(stage, i + 1, stop, ("ORG", "GRP", "PER")) or named_in(stage, i + 1, stop, ("LOC",)))


def _governed(stage: Stage, i: int, b: int, actors: Sequence[str]) -> list[str]:
    """What a verbal noun governs: «استهداف موقع», «القبض على فلان», «استهداف التحالف لمستودعات»."""
    forms = stage.words.forms
    k = i + 1
    if k < b and forms[k] == "علي":
        k += 1
    first, last = phrase(stage, k, b)
    if first >= last or forms[first] in OF_WEAPONS:
        return []
    found = said_of(stage, first, last)
    if found and found[0] in actors:
        _, end = stage.cast.subject(i + 1, b, strict=True)
        return found[1:] or said_at(stage, max(end, i + 1), min(b, end + 2 * _FEW))
    return found


def _object(stage: Stage, i: int, a: int, b: int) -> list[str]:
    """The object of a verb, behind its subject."""
    forms = stage.words.forms
    if forms[i].lstrip("وف") in SUFFERED:
        first, last = phrase(stage, i + 1, b)
        if not named_in(stage, first, last) and not acts(stage, first):
            suffered = said_of(stage, first, last)
            before = stage.cast.subject_before(i, a) if not suffered else None
            return suffered or ([before.name] if before is not None else [])
    if stage.cast.subject_before(i, a) is not None or (i > a and forms[i - 1] in THEIR_FORCES):
        return said_at(stage, i + 1, b)
    if i + 1 < b and forms[i + 1] in WEAPONS:
        return said_at(stage, i + 2, b)
    _, end = stage.cast.subject(i + 1, b, strict=True)
    while end < b and (forms[end] in COMMAS or forms[end] in _TIMES or forms[end] == "بشكل"):
        end += 2 if forms[end] == "بشكل" else 1
    return said_at(stage, end, b)


def _taken_from(stage: Stage, i: int, b: int, actors: Sequence[str]) -> list[str]:
    """From whom a place was taken: «من الحوثيين», «من قبضة المتمردين», «بعد طرد …»."""
    forms = stage.words.forms
    for k in range(i + 1, min(b, i + 2 * _WIDE)):
        if forms[k] in _TAKEN_FROM and forms[k - 1].lstrip("وب") not in _SUPPORT:
            found = named_in(stage, k + 1, min(b, k + 4)) or meant_in(stage, k + 1, min(b, k + 3))
            if found and found[0] not in actors:
                return found
    return []


def _victims(stage: Stage, event: Candidate, a: int, b: int, known: bool) -> list[str]:
    """Who was hit: by name («مقتل فلان», «فلان الذي توفي»), or, where no body is known to be, whom the tolls count."""
    found: list[str] = []
    forms, cast = stage.words.forms, stage.cast
    for n in names(stage, a, b):
        first, last = cast.spans[n]
        if cast.entities[n].type == "PER" and (
            any(form.lstrip("وفبل") in _FALLING for form in forms[max(a, first - 3) : first])
            or any(form in _FELL for form in forms[last : min(b, last + 3)])
        ):
            found.append(cast.entities[n].canonical)
    for toll in stage.scenes[event.sentence].tolls:
        if toll.whom is not None and not known:
            k = stage.words.at(toll.start)
            found += named_in(stage, k, min(b, k + 6)) or meant_in(stage, k, min(b, k + 4))
            found.append(toll.text if fold(toll.whom) in _SOMEBODY else toll.whom)
    return found


def _fallback(stage: Stage, event: Candidate, actors: Sequence[str]) -> list[str]:
    """Against an army's blow stands the armed group that the text last spoke of."""
    if event.type not in BY_ARMIES:
        return []
    group = group_before(stage, stage.words.sentences[event.sentence][1], actors)
    return [] if group is None else [group]
