"""Who did it and to whom: the actors and targets that the sentence of an event names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.extraction.event_marks import Candidate, Stage
from services.extraction.event_scenes import is_scene, names
from services.extraction.party_names import (
    bare,
    group_before,
    meant_by,
    named_in,
    of_nation,
    party_in,
    phrase,
    tells_only,
    words_of,
)
from services.extraction.speaker_words import PREPOSITIONS, STOPS, THAT
from services.extraction.speakers import COMMAS
from services.extraction.words import fold, word_set

_MOST_NAMES = 4
_TOGETHER = frozenset(("meeting", "agreement", "armed_clash"))
_BY_ARMIES = frozenset(("air_strike", "shelling", "seizure", "missile_attack", "drone_attack"))
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
_AGAINST = word_set(
    "علي ضد باتجاه نحو صوب استهدف استهدفت استهدفه استهدفها تستهدف يستهدف مستهدفه مستهدفا طال طالت واستهدفت واستهدف ضربت اصابت هزت يستهدفان استهدفا"
)
_PROTESTED = word_set("ضد رفضا تنديدا احتجاجا مطالبين")
_TAKEN_FROM = word_set("من ضد ايدي قبضه سيطره")
_OF_WEAPONS = word_set(
    "جوي جويه الجوي الجويه مدفعي مدفعيه المدفعي صاروخي صاروخيه الصاروخيه عنيف عنيفه العنيف العنيفه مكثف مكثفه مركزه كثيف كثيفه واسع واسعا واسعه "
    "بري بريه جديده جديد مسلح مسلحه انتحاري انتحاريه جويا ومدفعيا عسكريه متفرقه"
)
_VICTIM_VERBS = word_set("قتل قتلت قتلوا اصيب اصيبت توفي توفيت لقي اعتقل اعتقلت اوقف استشهد استشهدت اغتيل خطف غرم غرمت")
_WIDE_LEFT = 14
_WIDE = 12
_CLAIMED_WITHIN = 3
_FEW = 4


def _is_verb(event: Candidate) -> bool:
    return event.trigger.kind in ("past", "present")


def who(stage: Stage, event: Candidate) -> tuple[list[str], list[str]]:
    """Actors and targets: canonical names, else the words of the text."""
    a, b = stage.words.sentences[event.sentence]
    if event.type in _TOGETHER:
        return _together(stage, event, a, b)[:_MOST_NAMES], []
    actors = _actors(stage, event, a, b)
    targets = [name for name in _targets(stage, event, a, b, actors) if name not in actors]
    return actors[:_MOST_NAMES], list(dict.fromkeys(targets))[:_MOST_NAMES]


# -- who did it -------------------------------------------------------------------


def _actors(stage: Stage, event: Candidate, a: int, b: int) -> list[str]:
    """The first of these that names somebody."""
    i = event.at
    if event.type == "protest":
        return _protesters(stage, event, a, b)
    for found in (
        _agent(stage, i, b),
        _accused(stage, i, a) if stage.words.forms[i][0] == "ب" else [],
        _doer_behind(stage, i, a, b) if not _is_verb(event) else [],
        _doer_before(stage, i, a) if not _is_verb(event) else _subject(stage, event, a, b),
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


def _said_of(stage: Stage, first: int, last: int) -> list[str]:
    """Whom a phrase names; its words beside a name that it only implies («طائرات تركية»), or alone."""
    named = party_in(stage, first, last)
    if named and (last - first == 1 or named_in(stage, first, last, _ANY)):
        return named
    if first >= last or stage.words.forms[first] in _NOBODY or stage.words.forms[first].startswith(("ب", "وب")):
        return named
    text = words_of(stage, first, min(last, first + _FEW))
    return named + [text] if text is not None and len(text) > 2 else named


def _at(stage: Stage, k: int, stop: int) -> list[str]:
    """Whom the phrase at a token names, with whose it is: «قوات من الجيش», «طائرة تابعة للتحالف», «مواقع للميليشيات»."""
    forms = stage.words.forms
    first, last = phrase(stage, k, stop)
    found = _said_of(stage, first, last)
    if last > first and not named_in(stage, first, last, _ANY):
        j = last
        while j < stop and (forms[j] in _OF_WHOM or (j == last and forms[j - 1] in _OF_WHOM)):
            j += 1
            if forms[j - 1] not in _OF_WHOM:
                break
        if j < stop and (j > last or forms[j][0] == "ل" or forms[last - 1] in _OF_WHOM):
            _, end = phrase(stage, j, min(stop, j + _FEW))
            found = list(dict.fromkeys((*party_in(stage, j, end), *found)))
    return found


_NOBODY = word_set(
    "عدد الكامله كامله القبض متسببا تعسفي اكثر بعض جميع كافه مناطق وفق مشيرا بعد بضعه نشر ايدي يد بدءا الاقل متن وبالتزامن فرضت مدي سبعين نصف حدود الحدود"
)
_ANY = ("GRP", "ORG", "PER", "LOC")
_OF_WHOM = word_set("من تابع تابعه التابعه التابع تابعين بلا طيار دون")


def _agent(stage: Stage, i: int, b: int) -> list[str]:
    """«من قبل», «على يد», «برصاص», «من جانب»."""
    forms = stage.words.forms
    for k in range(i, min(b - 1, i + _WIDE)):
        if forms[k] in ("قبل", "جانب") and forms[k - 1] == "من" and k > i:
            return _at(stage, k + 1, b)
        if forms[k] in ("يد", "ايدي") and forms[k - 1] == "علي" and k > i:
            return _at(stage, k + 1, b)
        if forms[k] in ("برصاص", "بنيران", "بايدي", "برصاصه"):
            return _at(stage, k + 1 if forms[k + 1] != "من" else k + 2, b)
        if forms[k] in COMMAS:
            break
    return []


def _doer_behind(stage: Stage, i: int, a: int, b: int) -> list[str]:
    """«غارات شنتها …», «لغم زرعته …»."""
    k = _first(stage.words.forms, i + 1, min(b, i + _WIDE), _BY)
    if k is None:
        return []
    return _at(stage, k + 1, b) or _spoken_of_before(stage, a, i)


def _spoken_of_before(stage: Stage, a: int, i: int) -> list[str]:
    """Whom a pronoun means: who stands first in the sentence («قالت الشرطة إنها اعتقلت»)."""
    named = named_in(stage, a, i) or _meant(stage, a, i) or named_in(stage, a, i, ("LOC",))
    return named[:1]


def _doer_before(stage: Stage, i: int, a: int) -> list[str]:
    """«شنت … غارات», «تمكنت … من السيطرة»; the subject may also stand before the verb."""
    k = _first(stage.words.forms, i - 1, max(a - 1, i - _WIDE_LEFT), _DOING)
    if k is None:
        return []
    first, last = phrase(stage, k + 1, i)
    said = _said_of(stage, first, last)
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
    if (
        stage.words.forms[i].lstrip("وف") in _VICTIM_VERBS
        and not named_in(stage, first, last)
        and not _acts(stage, first)
    ):
        return []
    if i > a and (stage.words.forms[i - 1] in THAT or stage.words.forms[i - 1].endswith(_PRONOUNS)):
        return _spoken_of_before(stage, a, i)
    before = stage.cast.subject_before(i, a)
    if before is not None:
        return _said_of(stage, before.first, before.last) or [before.name]
    if stage.words.forms[first : first + 1] and stage.words.forms[first] in _WEAPONS:
        return []
    speaker, _ = stage.cast.subject(i + 1, b, strict=True)
    if speaker is None:
        return []
    return _at(stage, speaker.first, b) or [speaker.name]


_PRONOUNS = ("اته", "اتها", "نوده", "نودها", "اتهم", "وته", "قواته", "عناصره", "عناصرها")
_WEAPONS = word_set(
    "صواريخ صاروخ غارات غاره الغارات الضربات ضربات قذائف قذيفه سياره عبوه عبوتان قنبله لغم احد الهجوم الانفجار القصف"
)


def _acts(stage: Stage, k: int) -> bool:
    """Whether the words behind such a verb are rather who does it: «قتلت قوات الاحتلال», «اعتقلت الشرطة»."""
    return k < len(stage.words) and (
        bare(stage.words.forms[k]) in _ACTING
        or stage.cast.at[k] >= 0
        and stage.cast.entities[stage.cast.at[k]].type != "PER"
    )


_ACTING = word_set(
    "قوات جيش شرطه امن سلطات قوه جنود طائرات طيران مسلحون اجهزه مدفعيه محكمه النيابه ميليشيات ميليشيا عناصر اتحاد حكومه وزاره قناص"
)


def _is_done_to(stage: Stage, event: Candidate, b: int) -> bool:
    """Whether the noun governs whom it befalls and not who does it: «مقتل فلان», «استهداف الموقع»; not «استهداف الجيش لموقع»."""
    if event.trigger.name != "killing" and stage.words.forms[event.at].lstrip("وبل") not in _BEFALLS:
        return False
    _, last = phrase(stage, event.at + 1, min(b, event.at + 1 + _FEW))
    return not (last < b and stage.words.forms[last][0] == "ل")


_BEFALLS = word_set("استهداف اغتيال القضاء تصفيه تدمير دحر طرد")


def _owner(stage: Stage, i: int, b: int) -> list[str]:
    """Whose it is, behind the noun and its adjectives: «غارات التحالف», «قصف للجيش», «غارة جوية لمقاتلات التحالف»."""
    forms = stage.words.forms
    k = i + 1
    while k < min(b, i + _FEW) and forms[k] in _OF_WEAPONS:
        k += 1
    if k + 1 < b and forms[k] == "من":
        first, last = phrase(stage, k + 1, min(b, k + 1 + _FEW))
        return named_in(stage, first, last) or _meant(stage, first, last)
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


_HANDS = word_set(
    "طيران طائرات مقاتلات مدفعيه قوات قوه جيش عناصر مسلحي مقاتلي تحالف ميليشيات ميليشيا مليشيات تنظيم سلاح قيادات جماعه شرطه"
)


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
    if event.type in _BY_ARMIES:
        return named_in(stage, max(a, i - _WIDE_LEFT), i, ("ORG",))[-1:] or _army_before(stage, i)
    return named_in(stage, max(a, i - _WIDE_LEFT), i)[-1:]


def _police(stage: Stage, event: Candidate) -> list[str]:
    """Who arrests people, if the sentence or the one before it speaks of them."""
    a, b = stage.words.sentences[max(0, event.sentence - 1)][0], stage.words.sentences[event.sentence][1]
    k = next((k for k in range(b - 1, a - 1, -1) if bare(stage.words.forms[k]) in _ARRESTING), None)
    return [] if k is None else _at(stage, k, min(b, k + _FEW))


_ARRESTING = word_set("شرطه سلطات جنود")


def _army_before(stage: Stage, i: int) -> list[str]:
    """The army or alliance last spoken of: a report goes on with whom it began."""
    for k in range(i - 1, max(-1, i - _ARMY_BACK), -1):
        n = stage.cast.at[k]
        if n >= 0:
            if stage.cast.entities[n].type == "ORG" and bare(stage.words.forms[stage.cast.spans[n][0]]).lstrip("بول") in _ARMIES:
                return [stage.cast.entities[n].canonical]
        elif bare(stage.words.forms[k]) == "تحالف":
            meant = meant_by(stage, k)
            if meant is not None:
                return [meant]
    return []


_ARMIES = word_set("جيش قوات تحالف سلاح مقاومه الويه")
_ARMY_BACK = 80


def _claimed_by(stage: Stage, event: Candidate) -> list[str]:
    """«وتبنى التنظيم الهجوم», in the event's sentence or the next ones."""
    if event.type not in ("bombing", "armed_attack", "missile_attack", "other_violence"):
        return []
    forms = stage.words.forms
    for a, b in stage.words.sentences[event.sentence : event.sentence + _CLAIMED_WITHIN]:
        k = _first(forms, a, b, _CLAIMING)
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


def _protesters(stage: Stage, event: Candidate, a: int, b: int) -> list[str]:
    """Who takes to the streets, mostly by the words of the text: «آلاف العمال», «أنصار الحزب», «المحتجون»."""
    i, forms = event.at, stage.words.forms
    if _is_verb(event):
        found = words_of(stage, *phrase(stage, i + 1, b)) if i + 1 < b else None
        before = stage.cast.subject_before(i, a)
        return [name for name in (before.name if before else found,) if name]
    for k in (
        _first(forms, i + 1, min(b, i + 6), _JOINED),
        _first(forms, i - 1, max(a - 1, i - _WIDE_LEFT), _WENT_OUT),
    ):
        if k is not None:
            first, last = phrase(
                stage, k + 1 + (forms[k + 1 : k + 2] in (["فيها"], ["اليها"], ["اليه"], ["فيه"])), b if k > i else i
            )
            text = words_of(stage, first, last)
            if text is not None:
                return named_in(stage, first, last) + [text]
    if i + 1 < b and (bare(forms[i + 1]).removeprefix("ل") in _CROWDS or forms[i + 1].startswith("ل")):
        text = words_of(stage, *phrase(stage, i + 1, min(b, i + 1 + _FEW)))
        return [text] if text else []
    crowd = next((k for k in range(a, b) if bare(forms[k]) in _CROWDS), None)
    return [] if crowd is None else [name for name in (words_of(stage, crowd, crowd + 1),) if name]


_JOINED = word_set("شارك شاركت نظمها نظمتها نظمه دعت دعا")
_WENT_OUT = word_set("خرج خرجت وخرج وخرجت خرجوا تجمع تدفق احتشد شارك وشارك شاركت بدا وبدا نظم نظمت")
_CROWDS = word_set(
    "متظاهرين متظاهرون محتجين محتجون فلسطينيين فلسطينيون مواطنين مواطنون عمال طلاب موظفي موظفو موظفون معلمين معلمون انصار اتباع سجناء سائقي سائقين اطباء اهالي سكان "
    "صحفيين صحافيين محامين عسكريين متقاعدين مزارعين ناشطين ناشطون"
)


# -- to whom ----------------------------------------------------------------------


def _targets(stage: Stage, event: Candidate, a: int, b: int, actors: Sequence[str]) -> list[str]:
    i, forms = event.at, stage.words.forms
    found: list[str] = []
    if event.type == "protest":
        return _protested(stage, i, a, b)
    if event.type == "sanction":
        return (_object(stage, i, a, b) if _is_verb(event) else []) + _sanctioned(stage, i, b)
    if event.type == "seizure":
        return _taken_from(stage, i, b, actors) or _fallback(stage, event, actors)
    if _is_verb(event):
        found = _object(stage, i, a, b)
    elif forms[i].lstrip("وبل") in _ON_OBJECTS or event.type in ("arrest", "abduction"):
        found = _governed(stage, i, b, actors)
    k = _first(forms, i + 1, min(b, i + _WIDE), _AGAINST)
    if k is not None and forms[k + 1 : k + 2] != ["الاقل"] and (k + 1 >= b or forms[k + 1] not in _NOT_AGAINST):
        found = found + _at(stage, k + 1, b) if event.type != "arrest" or not found else found
    if i > a and forms[i - 1].lstrip("و") in _STRUCK:
        found = found + _at(stage, i + 1, b)
    if event.type in ("bombing", "shelling", "air_strike", "armed_attack"):
        found += _exposed(stage, i, a)
    if event.type == "bombing":
        found += named_in(stage, i + 1, min(b, i + 14), ("ORG", "PER"), watchers=True)
    found += _victims(stage, event, a, b, not stage.groups.union(named_in(stage, a, b)).isdisjoint(found))
    if not found or (event.type in _BY_ARMIES and stage.groups.isdisjoint(found)):
        found += _fallback(stage, event, actors)
    return found


_NOT_AGAINST = word_set("بعد بضعه دراجه متن الاقل اثر مدي الرغم خلفيه هامش وقع ما حسابه الحدود نشر يد ايدي راس")
_STRUCK = word_set("استهدفت استهدف ضربت طالت")


def _exposed(stage: Stage, i: int, a: int) -> list[str]:
    """«تعرضت المدينة لقصف», «المدينة تتعرض لقصف»."""
    k = _first(stage.words.forms, i - 1, max(a - 1, i - _WIDE), _EXPOSED)
    if k is None:
        return []
    return named_in(stage, k + 1, i, _ANY) or named_in(stage, max(a, k - _WIDE), k, ("LOC", "ORG", "GRP"))[-1:]


_EXPOSED = word_set("تعرض تعرضت تتعرض يتعرض تعرضها تعرضه وتتعرض وتعرضت وتعرض")


def _protested(stage: Stage, i: int, a: int, b: int) -> list[str]:
    """Against whom or what: «ضد الضريبة», «احتجاجا على القرار»; and who puts it down: «قمعت … التظاهرة»."""
    forms = stage.words.forms
    put_down = _first(forms, i - 1, max(a - 1, i - _WIDE), _PUT_DOWN)
    if put_down is not None:
        return _at(stage, put_down + 1, i)
    k = _first(forms, i, min(b, i + 2 * _WIDE), _PROTESTED)
    if k is None:
        return []
    return _at(stage, k + 2 if forms[k + 1 : k + 2] == ["علي"] else k + 1, b)


_PUT_DOWN = word_set("قمع قمعت وقمعت فرقت فضت")


def _sanctioned(stage: Stage, i: int, b: int) -> list[str]:
    """All who are named behind a sanction, and the words behind «على»."""
    k = _first(stage.words.forms, i + 1, min(b, i + _WIDE), _AGAINST)
    found = _at(stage, k + 1, b) if k is not None else []
    stop = min(b, i + 2 * _WIDE)
    return found + (named_in(stage, i + 1, stop, ("ORG", "GRP", "PER")) or named_in(stage, i + 1, stop, ("LOC",)))


_ON_OBJECTS = word_set("استهداف قصف اقتحام اغتيال تدمير قتل مقتل مهاجمه تسميم طعن ضرب القضاء تفجير")


def _governed(stage: Stage, i: int, b: int, actors: Sequence[str]) -> list[str]:
    """What a verbal noun governs: «استهداف موقع», «القبض على فلان», «استهداف التحالف لمستودعات»."""
    forms = stage.words.forms
    k = i + 1
    if k < b and forms[k] == "علي":
        k += 1
    first, last = phrase(stage, k, b)
    if first >= last or forms[first] in _OF_WEAPONS:
        return []
    found = _said_of(stage, first, last)
    if found and found[0] in actors:
        _, end = stage.cast.subject(i + 1, b, strict=True)
        return found[1:] or _at(stage, max(end, i + 1), min(b, end + 2 * _FEW))
    return found


def _object(stage: Stage, i: int, a: int, b: int) -> list[str]:
    """The object of a verb, behind its subject."""
    forms = stage.words.forms
    if forms[i].lstrip("وف") in _VICTIM_VERBS:
        first, last = phrase(stage, i + 1, b)
        if not named_in(stage, first, last) and not _acts(stage, first):
            suffered = _said_of(stage, first, last)
            before = stage.cast.subject_before(i, a) if not suffered else None
            return suffered or ([before.name] if before is not None else [])
    if stage.cast.subject_before(i, a) is not None or (i > a and forms[i - 1].endswith(_PRONOUNS)):
        return _at(stage, i + 1, b)
    if i + 1 < b and forms[i + 1] in _WEAPONS:
        return _at(stage, i + 2, b)
    _, end = stage.cast.subject(i + 1, b, strict=True)
    while end < b and (forms[end] in COMMAS or forms[end] in _TIMES or forms[end] == "بشكل"):
        end += 2 if forms[end] == "بشكل" else 1
    return _at(stage, end, b)


_TIMES = word_set("امس اليوم الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت مساء صباح ظهر فجر ليل يوم كذلك ايضا")


def _taken_from(stage: Stage, i: int, b: int, actors: Sequence[str]) -> list[str]:
    """From whom a place was taken: «من الحوثيين», «من قبضة المتمردين», «بعد طرد …»."""
    forms = stage.words.forms
    for k in range(i + 1, min(b, i + 2 * _WIDE)):
        if forms[k] in _TAKEN_FROM and forms[k - 1].lstrip("وب") not in _SUPPORT:
            found = named_in(stage, k + 1, min(b, k + 4)) or _meant(stage, k + 1, min(b, k + 3))
            if found and found[0] not in actors:
                return found
    return []


_SUPPORT = word_set("اسناد دعم مسانده مسنودا مسنوده مدعوما مدعومه المدعومه غطاء مشاركه تنسيق")


def _meant(stage: Stage, first: int, last: int) -> list[str]:
    return [name for name in (meant_by(stage, k) for k in range(first, last) if stage.cast.at[k] < 0) if name][:1]


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
            found += named_in(stage, k, min(b, k + 6)) or _meant(stage, k, min(b, k + 4))
            found.append(toll.text if fold(toll.whom) in _SOMEBODY else toll.whom)
    return found


_SOMEBODY = word_set("شخصا شخص اشخاص الاشخاص افراد فردا فرد عنصرا")
_FALLING = word_set("قتل قتلت مقتل مصرع استشهاد استشهد اغتيال توفي اصيب اصابه لمقتل القضاء")
_FELL = word_set("قتل قتلت توفي توفيت استشهد استشهدت اصيب اصيبت")


def _fallback(stage: Stage, event: Candidate, actors: Sequence[str]) -> list[str]:
    """Against an army's blow stands the armed group that the text last spoke of."""
    if event.type not in _BY_ARMIES:
        return []
    group = group_before(stage, stage.words.sentences[event.sentence][1], actors)
    return [] if group is None else [group]


# -- both sides -------------------------------------------------------------------


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
    k = _first(forms, i + 1, min(b, i + 9), frozenset(("بين",)))
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
    sides = _said_of(stage, *phrase(stage, k + 1, second))
    first, last = phrase(stage, second + (forms[second] in ("و", "وبين")), stop)
    other = party_in(stage, first, last)
    text = words_of(stage, first, last)
    return list(dict.fromkeys((*sides, *(other or ([text.removeprefix("و")] if text else [])))))


def _is_joined(stage: Stage, j: int) -> bool:
    n = stage.cast.at[j]
    return stage.cast.led(n)[:1] == "و" if n >= 0 else stage.words.forms[j] not in _IN_WAW


_IN_WAW = word_set("وزير وزاره وزراء وفد وحدات وكاله وسط وسائل")


def _all_meant(stage: Stage, tokens: Iterable[int]) -> list[str]:
    return [name for name in (meant_by(stage, k) for k in tokens if stage.cast.at[k] < 0) if name]


def _first(forms: Sequence[str], start: int, stop: int, words: frozenset[str]) -> int | None:
    step = 1 if stop >= start else -1
    return next((k for k in range(start, stop, step) if forms[k] in words), None)
