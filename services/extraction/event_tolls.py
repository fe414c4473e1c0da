"""How many an event killed and wounded: counts of its clause, someone named as fallen, and what is told of it later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.articles_extracted import Quantity, Toll
from services.extraction.event_marks import Candidate, Stage
from services.extraction.speaker_words import PREPOSITIONS, STOPS
from services.extraction.speakers import COMMAS
from services.extraction.triggers import trigger_words
from services.extraction.words import word_set

_BLOODLESS = frozenset(("agreement", "meeting", "sanction", "arrest", "abduction", "seizure"))
"""Who dies where a town is taken dies in the fighting for it."""
_WAR = 10_000
"""A toll of so many is that of a war, told as background."""
_ATTACKS = frozenset(
    ("strike", "attack", "air_strike", "missile_attack", "drone_attack", "shelling", "bombing", "armed_attack", "armed_clash")
)  # fmt: skip
_TURNS = word_set("فيما وفيما بينما وبينما كما وكما حين")
"""Words that turn to another event: «بينما قصفت المدفعية»."""
_BESIDE = word_set("فيما وفيما بينما وبينما مقابل")
_PART_OF = word_set("بينهم بينهما وبينهم بينها منهم منها ضمنهم")
_RESULTS = word_set(
    "واسفر واسفرت اسفر اسفرت وادي وادت ادي ادت وخلف وخلفت خلف خلفت وتسبب وتسببت راح ضحيته ضحيتها وقتل وقتلت واصيب الحصيله حصيله ارتفعت وارتفعت ارتفع وارتفع"
)
_SAME = word_set(
    "الهجوم الانفجار التفجير القصف الغاره الغارات الحادث الحادثه الاعتداء العمليه الاشتباكات المواجهات المعارك الضربه"
)
"""An event just told, told on: «واستهدف الهجوم», «وأدى الانفجار»."""
_GOING_ON = _RESULTS | _SAME
_OTHERS = word_set("اخر اخرين اخرون")
"""«وأصيب ثلاثة آخرون»: beside those that the sentence before counted."""
_FALLS = {
    "killed": {
        "noun": "مقتل مصرع استشهاد اغتيال وفاه تصفيه",
        "verb": "قتل قتلت توفي توفيت استشهد استشهدت اغتيل اغتيلت قضي قضت صرع صرعت",
        "his": "مقتله مقتلها مصرعه مصرعها استشهاده استشهادها وفاته وفاتها",
        "theirs": "مصرعهم حتفهم قتلوا",
        "end": "القضاء",
    },
    "wounded": {"noun": "اصابه جرح", "verb": "اصيب اصيبت جرح جرحت", "his": "اصابته اصابتها"},
}
"""Ways to say that somebody fell; «his» of one of whom the text has spoken."""
_HOW = {
    unit: {clitic + word: how for how, words in ways.items() for word in words.split() for clitic in ("", *"وفبل")}
    for unit, ways in _FALLS.items()
}
_HOW["killed"] |= dict.fromkeys(("وقتله", "وقتلها"), "his")
_MEANS = word_set("برصاص برصاصه بالرصاص بنيران متاثرا متاثره في اثر جراء خلال بغاره بقصف بقذيفه")
_WHO = word_set("الذي التي والذي والتي قد فقد وقد")
_COMPANY = word_set("وعدد وعددا واخرين واخرون ومرافقيه ومرافقوه ومرافقين")
_FAMILY = {"طفل": 1, "ابن": 1, "ابنت": 1, "زوجت": 1, "زوج": 1, "شقيق": 1, "طفلي": 2, "ابني": 2, "طفلت": 1}
"""«قتلت امرأة مع طفلها»: one or two more, by the noun before its pronoun."""
_TITLES = 8
_BEHIND = 12
_SOME = 2
_CLAUSE = 60
_TOLD_ON = 6
"""Sentences behind an event that may tell its toll once more."""


def toll(stage: Stage, mentions: Sequence[Candidate], unit: str) -> Toll | None:
    """The dead or wounded of the first sentence (or the one behind it that says what came of it) that counts them.

    What is told again with «على الأقل» leaves the same number open.
    """
    if mentions[0].type in _BLOODLESS:
        return None
    for k, mention in enumerate(mentions):
        found = _told_with(stage, mention, unit)
        if found is not None:
            return _left_open(stage, mentions[k:], unit, found)
    return None


def _told_with(stage: Stage, mention: Candidate, unit: str) -> Toll | None:
    for n in (mention.sentence, mention.sentence + 1):
        if n >= len(stage.scenes):
            break
        counts = [count for count in stage.scenes[n].tolls if count.unit == unit]
        if n > mention.sentence and not (counts and _goes_on(stage, n)):
            break
        counted = _counted(stage, counts, mention, n)
        if counted is None and n == mention.sentence and not counts:
            counted = _fallen(stage, mention, unit)
        if counted is not None:
            return counted
    return None


def _goes_on(stage: Stage, n: int) -> bool:
    """Whether a sentence tells on of the event before it: it says so first («وأسفر الهجوم عن»), or speaks of no other."""
    a, b = stage.words.sentences[n]
    if not _GOING_ON.isdisjoint(stage.words.forms[a : min(b, a + _BEHIND)]):
        return True
    if stage.scenes[n - 1].tolls and not _OTHERS.isdisjoint(stage.words.forms[a : min(b, a + 2 * _BEHIND)]):
        return True
    return not stage.scenes[n].places and not any(_names_attack(stage, k) for k in range(a, b))


def _left_open(stage: Stage, mentions: Sequence[Candidate], unit: str, found: Toll) -> Toll:
    least, most = found
    if most != least:
        return found
    told = {n for mention in mentions for n in range(mention.sentence, mention.sentence + 1)}
    told.update(range(mentions[0].sentence, min(len(stage.scenes), mentions[0].sentence + _TOLD_ON)))
    again = (count for n in told for count in stage.scenes[n].tolls if count.unit == unit)
    open_again = any(count.most is None and count.least == least and not _is_plural(count) for count in again)
    return (least, None) if open_again else found


def _is_plural(count: Quantity) -> bool:
    """«قتلى», «عشرات القتلى»: open without saying a number."""
    return count.least <= _SOME or "ات" in count.text.split()[0]


def _counted(stage: Stage, counts: Sequence[Quantity], mention: Candidate, n: int) -> Toll | None:
    """The count nearest to the mention with those that «و» adds to it; parts («بينهم ثلاثة أطفال») left out."""
    words = stage.words
    groups: list[list[Quantity]] = []
    end = -1
    for count in counts:
        i = words.at(count.start)
        if count.least >= _WAR or words.has_any(max(words.sentences[n][0], i - 3), i, _PART_OF):
            continue
        if not _is_of(stage, i, mention, n):
            continue
        joined = groups and 0 <= i - end <= 3 and (words.forms[i][0] == "و" or words.forms[i - 1] == "و")
        sides = groups and mention.type == "armed_clash" and words.has_any(end, i, _BESIDE)
        if joined or sides:
            groups[-1].append(count)
        else:
            groups.append([count])
        end = words.at(count.end - 1) + 1
    if not groups:
        return None
    place = words.starts[mention.at]
    group = min(groups, key=lambda g: min(abs(count.start - place) for count in g))
    more = _with_family(stage, group[-1]) if len(group) == 1 and group[0].most == 1 else 0
    least = int(sum(count.least for count in group)) + more
    most = [count.most for count in group]
    return least, None if any(m is None for m in most) else int(sum(m for m in most if m is not None)) + more


def _with_family(stage: Stage, count: Quantity) -> int:
    """How many more fell with someone: «أم مع طفليها»."""
    forms = stage.words.forms
    k = stage.words.at(count.end - 1) + 1
    for j in range(k, min(len(forms) - 1, k + 3)):
        if forms[j] in STOPS:
            break
        if forms[j] in ("مع", "و") or forms[j][0] == "و":
            kin = forms[j + 1] if forms[j] in ("مع", "و") else forms[j][1:]
            return _FAMILY.get(kin.removesuffix("ها") if kin.endswith("ها") else kin.removesuffix("ه"), 0)
    return 0


def _is_of(stage: Stage, i: int, mention: Candidate, n: int) -> bool:
    """Whether a count is of the event mentioned: not where its clause names another one and the mention's does not."""
    if n != mention.sentence:
        return mention.type != "protest"
    a, b = stage.words.sentences[n]
    first, last = _clause(stage.words.forms, i, a, b)
    if mention.type != "protest" and (first <= mention.at < last or mention.trigger.name == "killing"):
        return True
    return not any(_names_attack(stage, k) for k in range(first, last) if k != mention.at)


def _clause(forms: Sequence[str], i: int, a: int, b: int) -> tuple[int, int]:
    a, b = max(a, i - _CLAUSE), min(b, i + _CLAUSE)
    first = next((k for k in range(i, a - 1, -1) if forms[k] in _TURNS), a)
    return first, next((k for k in range(i + 1, b) if forms[k] in _TURNS), b)


def _names_attack(stage: Stage, i: int) -> bool:
    return any(
        trigger.name in _ATTACKS and not trigger.needs for trigger in trigger_words().get(stage.words.forms[i], ())
    )


def _fallen(stage: Stage, mention: Candidate, unit: str) -> Toll | None:
    """Who fell without being counted: by name («مقتل القيادي فلان وعدد من مرافقيه»), by pronoun, by a singular verb."""
    a, b = stage.words.sentences[mention.sentence]
    forms = stage.words.forms
    for i in range(a, b):
        how = _HOW[unit].get(forms[i])
        if how is None or (how == "end" and forms[i + 1 : i + 2] != ["علي"]):
            continue
        if how == "theirs":
            if not _COMPANY.isdisjoint(forms[max(a, i - _TITLES) : i]):
                return 2, None
        elif _is_of(stage, i, mention, mention.sentence):
            if how == "his":
                return 1, 1
            if forms[i + 1 : i + 2] == ["من"] and forms[i + 2 : i + 3] in (["كانوا"], ["كان"]):
                return 1, None
            person = next(_people(stage, i + 1, min(b, i + _TITLES)), None)
            if person is not None:
                return _with_company(stage, person, b)
            if how == "verb" and _has_subject(stage, i, a, b):
                return 1, 1
    return None


def _has_subject(stage: Stage, i: int, a: int, b: int) -> bool:
    """Whether one person stands before the verb: «المغنية فلانة قتلت», «الذي توفي متأثرا بجراحه»."""
    forms = stage.words.forms
    if i + 1 >= b or i == a:
        return False
    if forms[i + 1] in _MEANS:
        return forms[i - 1] in _WHO or any(True for _ in _people(stage, i - _BEHIND, i)) or forms[i - 1][-1] in "ةه"
    n = stage.cast.at[i - 1]
    return n >= 0 and stage.cast.entities[n].type == "PER"


def _people(stage: Stage, first: int, last: int) -> Iterator[int]:
    """People named in a range of tokens, up to a word that leads elsewhere."""
    for k in range(max(0, first), last):
        n = stage.cast.at[k]
        if n >= 0 and stage.cast.entities[n].type == "PER":
            yield n
        elif n < 0 and (stage.words.forms[k] in PREPOSITIONS and stage.words.forms[k] not in ("علي", "ما", "هو")):
            return


def _with_company(stage: Stage, person: int, b: int) -> Toll:
    last = stage.cast.spans[person][1]
    near = stage.words.forms[last : min(b, last + 4)]
    return (2, None) if not _COMPANY.isdisjoint(near) and near[0] not in COMMAS else (1, 1)
