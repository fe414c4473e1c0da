"""Who did it: the actors that the sentence of an event names, else those that the report goes on about."""

from __future__ import annotations

from services.extraction.event_marks import Candidate, Stage
from services.extraction.party_names import (
    bare,
    first_of,
    meant_by,
    meant_in,
    named_in,
    of_nation,
    party_in,
    phrase,
    said_at,
    said_of,
)
from services.extraction.speaker_words import PREPOSITIONS, THAT
from services.extraction.speakers import COMMAS
from services.extraction.words import word_set

BY_ARMIES = frozenset(("air_strike", "shelling", "seizure", "missile_attack", "drone_attack"))
_BY = word_set(
    "شنها شنته شنتها نفذها نفذته نفذتها تنفذها يشنها تشنها ينفذها تبناها تبنته تبنتها تنفذه يشنه زرعته زرعتها زرعها اطلقها اطلقته اطلقتها شنه نفذه "
    "اطلقه تطلقها نفذوه شنوه يقوم تقوم قام تبناهما تخوضها خاضها ارتكبها ارتكبتها ارتكبته فرضتها فرضها القتها"
)
_DOING = word_set(
    "شن شنت وشن وشنت تشن وتشن يشن نفذ نفذت ونفذت ونفذ اطلق اطلقت واطلقت قام قامت وقامت وقام شنوا نفذوا عقد عقدت فرض فرضت وفرضت القت والقت تبني تبنت وتبنت "
    "وتبني جدد جددت وجددت خاض خاضت تخوض واصل واصلت وواصلت كثف كثفت تمكن تمكنت وتمكنت وتمكن نجح نجحت احكم احكمت احرز احرزت استكمل شدد شددت تعتزم ستفرض "
    "استعادت استعاد بسطت نجاح خاضت اعلن اعلنت واعلن واعلنت بدات ادرجت وجه وجهت حظرت ارتكب ارتكبت اصدرت وقع ووقع اتهم اتهمت واتهم واتهمت"
)
_CLAIMING = word_set("تبني وتبني تبنت وتبنت تبناها تبناه تبنته تبنتها مسؤوليته مسؤوليتها مسؤوليتهم")
OF_WEAPONS = word_set(
    "جوي جويه الجوي الجويه مدفعي مدفعيه المدفعي صاروخي صاروخيه الصاروخيه عنيف عنيفه العنيف العنيفه مكثف مكثفه مركزه كثيف كثيفه واسع واسعا واسعه "
    "بري بريه جديده جديد مسلح مسلحه انتحاري انتحاريه جويا ومدفعيا عسكريه متفرقه"
)
SUFFERED = word_set("قتل قتلت قتلوا اصيب اصيبت توفي توفيت لقي اعتقل اعتقلت اوقف استشهد استشهدت اغتيل خطف غرم غرمت")
WEAPONS = word_set(
    "صواريخ صاروخ غارات غاره الغارات الضربات ضربات قذائف قذيفه سياره عبوه عبوتان قنبله لغم احد الهجوم الانفجار القصف"
)
_ACTING = word_set(
    "قوات جيش شرطه امن سلطات قوه جنود طائرات طيران مسلحون اجهزه مدفعيه محكمه النيابه ميليشيات ميليشيا عناصر اتحاد حكومه وزاره قناص"
)
_BEFALLS = word_set("استهداف اغتيال القضاء تصفيه تدمير دحر طرد")
_HANDS = word_set(
    "طيران طائرات مقاتلات مدفعيه قوات قوه جيش عناصر مسلحي مقاتلي تحالف ميليشيات ميليشيا مليشيات تنظيم سلاح قيادات جماعه شرطه"
)
_ARRESTING = word_set("شرطه سلطات جنود")
_ARMIES = word_set("جيش قوات تحالف سلاح مقاومه الويه")
THEIR_FORCES = word_set(
    "قواته قواتها قواتهم طائراته طائراتها مقاتلاته مقاتلاتها جنوده جنودها عناصره عناصرها مسلحوها مقاتلوه مقاتلوها مدفعيته مدفعيتها وحداته وحداتها"
)
"""Whose they are was said before: «أعلن الجيش أن طائراته قصفت»."""
_WIDE_LEFT = 14
_WIDE = 12
_FEW = 4
_CLAIMED_WITHIN = 3
"""Sentences, from the event's own on, in which somebody may claim it."""
_ARMY_BACK = 80
"""Tokens before an event in which the army that a report is about is looked for."""


def is_verb(event: Candidate) -> bool:
    return event.trigger.kind in ("past", "present")


def actors_of(stage: Stage, event: Candidate, a: int, b: int) -> list[str]:
    """Canonical names, else words of the text: of the ways to say who did it the first that names somebody."""
    i = event.at
    for found in (
        _agent(stage, i, b),
        _accused(stage, i, a) if stage.words.forms[i][0] == "ب" else [],
        _doer_behind(stage, i, a, b) if not is_verb(event) else [],
        _doer_before(stage, i, a) if not is_verb(event) else _subject(stage, event, a, b),
        _owner(stage, i, b) if not _is_done_to(stage, event, b) else [],
        _nation(stage, i, b),
        _accused(stage, i, a),
        _claimed_by(stage, event),
        _last_before(stage, event, a),
        _police(stage, event) if event.type == "arrest" else [],
    ):
        if found:
            return found
    return []


def _agent(stage: Stage, i: int, b: int) -> list[str]:
    """«من قبل», «على يد», «برصاص», «من جانب»."""
    forms = stage.words.forms
    for k in range(i, min(b - 1, i + _WIDE)):
        if forms[k] in ("قبل", "جانب") and forms[k - 1] == "من" and k > i:
            return said_at(stage, k + 1, b)
        if forms[k] in ("يد", "ايدي") and forms[k - 1] == "علي" and k > i:
            return said_at(stage, k + 1, b)
        if forms[k] in ("برصاص", "بنيران", "بايدي", "برصاصه"):
            return said_at(stage, k + 1 if forms[k + 1] != "من" else k + 2, b)
        if forms[k] in COMMAS:
            break
    return []


def _doer_behind(stage: Stage, i: int, a: int, b: int) -> list[str]:
    """«غارات شنتها …», «لغم زرعته …»."""
    k = first_of(stage.words.forms, i + 1, min(b, i + _WIDE), _BY)
    if k is None:
        return []
    return said_at(stage, k + 1, b) or _spoken_of_before(stage, a, i)


def _spoken_of_before(stage: Stage, a: int, i: int) -> list[str]:
    """Whom a pronoun means: who stands first in the sentence («قالت الشرطة إنها اعتقلت»)."""
    named = named_in(stage, a, i) or meant_in(stage, a, i) or named_in(stage, a, i, ("LOC",))
    return named[:1]


def _doer_before(stage: Stage, i: int, a: int) -> list[str]:
    """«شنت … غارات», «تمكنت … من السيطرة»; the subject may also stand before the verb."""
    k = first_of(stage.words.forms, i - 1, max(a - 1, i - _WIDE_LEFT), _DOING)
    if k is None:
        return []
    first, last = phrase(stage, k + 1, i)
    said = said_of(stage, first, last)
    if party_in(stage, first, last):
        return said
    named = party_in(stage, k + 1, i) if last > first else []
    if named:
        return named
    before = stage.cast.subject_before(k, a)
    if before is not None:
        return party_in(stage, before.first, before.last) or [before.name]
    return said if last > first else []


def _subject(stage: Stage, event: Candidate, a: int, b: int) -> list[str]:
    """The subject of a verb, before or behind it; whom a passive verb names is no actor."""
    i = event.at
    first, last = phrase(stage, i + 1, b)
    if stage.words.forms[i].lstrip("وف") in SUFFERED and not named_in(stage, first, last) and not acts(stage, first):
        return []
    if i > a and (stage.words.forms[i - 1] in THAT or stage.words.forms[i - 1] in THEIR_FORCES):
        return _spoken_of_before(stage, a, i)
    before = stage.cast.subject_before(i, a)
    if before is not None:
        return said_of(stage, before.first, before.last) or [before.name]
    if stage.words.forms[first : first + 1] and stage.words.forms[first] in WEAPONS:
        return []
    speaker, _ = stage.cast.subject(i + 1, b, strict=True)
    if speaker is None:
        return []
    if party_in(stage, speaker.first, speaker.last):
        return said_of(stage, speaker.first, speaker.last)
    return said_at(stage, speaker.first, b) or [speaker.name]


def acts(stage: Stage, k: int) -> bool:
    """Whether the words behind such a verb are rather who does it: «قتلت قوات الاحتلال», «اعتقلت الشرطة»."""
    return k < len(stage.words) and (
        bare(stage.words.forms[k]) in _ACTING
        or (stage.cast.at[k] >= 0 and stage.cast.entities[stage.cast.at[k]].type != "PER")
    )


def _is_done_to(stage: Stage, event: Candidate, b: int) -> bool:
    """Whether the noun governs whom it befalls and not who does it: «مقتل فلان», «استهداف الموقع»; not «استهداف الجيش لموقع»."""
    if event.trigger.name != "killing" and stage.words.forms[event.at].lstrip("وبل") not in _BEFALLS:
        return False
    _, last = phrase(stage, event.at + 1, min(b, event.at + 1 + _FEW))
    return not (last < b and stage.words.forms[last][0] == "ل")


def _owner(stage: Stage, i: int, b: int) -> list[str]:
    """Whose it is, behind the noun and its adjectives: «غارات التحالف», «قصف للجيش», «غارة جوية لمقاتلات التحالف»."""
    forms = stage.words.forms
    k = i + 1
    while k < min(b, i + _FEW) and forms[k] in OF_WEAPONS:
        k += 1
    if k + 1 < b and forms[k] == "من":
        first, last = phrase(stage, k + 1, min(b, k + 1 + _FEW))
        return named_in(stage, first, last) or meant_in(stage, first, last)
    if k >= b or forms[k] in PREPOSITIONS or forms[k] in COMMAS:
        return []
    n = stage.cast.at[k]
    if n >= 0:
        entity = stage.cast.entities[n]
        fits = entity.type != "LOC" or (stage.cast.led(n)[-1:] == "ل" and k > i + 1)
        return [entity.canonical] if stage.cast.led(n)[-1:] in ("", "ل") and fits else []
    if bare(forms[k]).removeprefix("ل") in _HANDS or forms[k].startswith("لل") or meant_by(stage, k) is not None:
        first, last = phrase(stage, k, min(b, k + _FEW))
        return party_in(stage, first, last)
    return []


def _nation(stage: Stage, i: int, b: int) -> list[str]:
    """«غارة تركية», «القصف الإسرائيلي»."""
    for k in range(i + 1, min(b, i + _FEW)):
        if stage.cast.at[k] >= 0 or stage.words.forms[k] in PREPOSITIONS or stage.words.forms[k] in COMMAS:
            break
        nation = of_nation(stage, k)
        if nation is not None:
            return [nation]
    return []


def _last_before(stage: Stage, event: Candidate, a: int) -> list[str]:
    """The body last named before; where armies strike and take places rather an army than the group it fights."""
    i = event.at
    if event.type in BY_ARMIES:
        return named_in(stage, max(a, i - _WIDE_LEFT), i, ("ORG",))[-1:] or _army_before(stage, i)
    return named_in(stage, max(a, i - _WIDE_LEFT), i)[-1:]


def _police(stage: Stage, event: Candidate) -> list[str]:
    """Who arrests people, if the sentence or the one before it speaks of them."""
    a, b = stage.words.sentences[max(0, event.sentence - 1)][0], stage.words.sentences[event.sentence][1]
    k = next((k for k in range(b - 1, a - 1, -1) if bare(stage.words.forms[k]) in _ARRESTING), None)
    return [] if k is None else said_at(stage, k, min(b, k + _FEW))


def _army_before(stage: Stage, i: int) -> list[str]:
    """The army or alliance last spoken of: a report goes on with whom it began."""
    for k in range(i - 1, max(-1, i - _ARMY_BACK), -1):
        n = stage.cast.at[k]
        if n >= 0:
            if (
                stage.cast.entities[n].type == "ORG"
                and bare(stage.words.forms[stage.cast.spans[n][0]]).lstrip("بول") in _ARMIES
            ):
                return [stage.cast.entities[n].canonical]
        elif "التحالف" in stage.words.forms[k]:
            meant = meant_by(stage, k)
            if meant is not None:
                return [meant]
    return []


def _claimed_by(stage: Stage, event: Candidate) -> list[str]:
    """«وتبنى التنظيم الهجوم», in the event's sentence or the next ones."""
    if event.type not in ("bombing", "armed_attack", "missile_attack", "other_violence"):
        return []
    forms = stage.words.forms
    for a, b in stage.words.sentences[event.sentence : event.sentence + _CLAIMED_WITHIN]:
        k = first_of(forms, a, b, _CLAIMING)
        if k is not None:
            return (
                named_in(stage, k + 1, min(b, k + 8), ("GRP",))
                or named_in(stage, max(a, k - _WIDE), k, ("GRP",))
                or [name for name in (meant_by(stage, j) for j in range(k + 1, min(b, k + 3))) if name]
            )
    return []


def _accused(stage: Stage, i: int, a: int) -> list[str]:
    """«اتهم النظام إسرائيل بقصف», «أعلنت إسرائيل قصف»: who stands right before it."""
    if i == a:
        return []
    n = stage.cast.at[i - 1]
    if n < 0 or (stage.cast.entities[n].type == "LOC" and stage.cast.entities[n].precision != "country"):
        return []
    return [stage.cast.entities[n].canonical]
