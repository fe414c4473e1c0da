"""The name of a party that the words of a text mean: by name, by kind («الميليشيات», «مقاتلات التحالف»), by nationality."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Sequence

from services.extraction.event_marks import Stage
from services.extraction.gazetteer import load_gazetteer
from services.extraction.kinds import MEDIA, kinds_of
from services.extraction.speaker_words import ADVERBS, PREPOSITIONS, STOPS, THAT, TIME_WORDS
from services.extraction.words import QUOTE, shown, word_set

_LONGEST = 5
_BACK = 400
"""Tokens before a word in which the group that it means is looked for."""
_KINDS = {
    "ميليشيات": "ميليشيا",
    "مليشيات": "مليشيا",
    "جماعات": "جماعه",
    "ميليشيا": "ميليشيا",
    "مليشيا": "مليشيا",
    "تحالف": "تحالف",
    "جيش": "جيش",
    "تنظيم": "تنظيم",
    "حركه": "حركه",
    "جماعه": "جماعه",
    "شرطه": "شرطه",
    "حزب": "حزب",
    "حكومه": "حكومه",
    "مقاومه": "مقاومه",
    "وزاره": "وزاره",
    "شركه": "شركه",
    "نادي": "نادي",
}
"""A body named by its kind alone, in the singular that names begin with."""
_FIGHTERS = word_set(
    "ميليشيات مليشيات ميليشيا مليشيا تنظيم حركه جماعه متمردين متمردون انقلابيين انقلابيون انقلابيه مسلحين مسلحون ارهابيين ارهابيون متشددين متشددون "
    "عناصرها عناصره مقاتليها صفوفها صفوفهم مواقعهم"
)
"""Those who belong to the armed group that the text last spoke of."""
_FORCES = ("جيش", "الجيش", "قوات", "القوات", "سلاح", "طيران")
_WATCHERS = word_set("مرصد المرصد وكاله صحيفه قناه هيئه شبكه تلفزيون مراسلو لجنه منظمه الهلال الصليب مكتب الخوذ")
"""Bodies that tell of violence and do none, by the first word of their names."""
_HEADS = ("وال", "لل", "بال", "ولل", "فال", "ال")
_WITHOUT_ARTICLE = word_set("ميليشيات مليشيات ميليشيا مليشيا صفوفهم مواقعهم")
ANYBODY = ("GRP", "ORG", "PER", "LOC")
_COUNTING = word_set("عدد عده من")
_TURNS = word_set(
    "كان كانت كانوا الذي التي الذين ما شارك شاركوا يشتبه متهم مشيرا مشيره مما قائلا بلغ يبلغ تبلغ خلف اسفر اسفرت"
)
_NOBODY = word_set(
    "عدد الكامله كامله القبض متسببا تعسفي اكثر بعض جميع كافه مناطق وفق مشيرا بعد بضعه نشر ايدي يد بدءا الاقل متن وبالتزامن فرضت مدي سبعين نصف حدود الحدود"
)
_OF_WHOM = word_set("من تابع تابعه التابعه التابع تابعين بلا طيار دون")
_FEW = 4
_NEAR = 100
"""Names on either side of a word among which the army of a country is looked for."""


def bare(form: str) -> str:
    """A folded word without conjunction, preposition and article: «للميليشيات» is «ميليشيات»."""
    for head in _HEADS:
        if form.startswith(head) and len(form) > len(head) + 2:
            return form[len(head) :]
    return form


def tells_only(stage: Stage, n: int) -> bool:
    """Whether an entity is one that reports: media, observers, ministries of health and the like."""
    entity = stage.cast.entities[n]
    start = stage.cast.spans[n][0]
    first = stage.words.forms[start].removeprefix(stage.cast.led(n))
    if first == "وزاره":
        return stage.words.forms[start + 1 : start + 2] == ["الصحه"]
    return first in _WATCHERS or first in MEDIA or not MEDIA.isdisjoint(kinds_of(entity.canonical))


def group_before(stage: Stage, i: int, but: Container[str] = ()) -> str | None:
    """The armed group last named before a token, else the only one of the article; none of those left out."""
    for k in range(min(i, len(stage.cast.at)) - 1, max(-1, i - _BACK), -1):
        n = stage.cast.at[k]
        if n >= 0 and stage.cast.entities[n].type == "GRP" and stage.cast.entities[n].canonical not in but:
            return stage.cast.entities[n].canonical
    left = [group for group in stage.groups if group not in but] if len(stage.groups) <= _FEW else []
    return left[0] if len(left) == 1 else None


def meant_by(stage: Stage, i: int) -> str | None:
    """Whom a word without a name means: «التحالف», «الميليشيات», «المتمردين», «الاحتلال»."""
    form = stage.words.forms[i]
    if not form.startswith(_HEADS) and form not in _WITHOUT_ARTICLE:
        return None
    word = bare(form)
    if word in _KINDS:
        known = stage.cast.met("ال" + _KINDS[word], i) or stage.cast.met("ال" + _KINDS[word], len(stage.words))
        if known is not None and known.entity is not None:
            return known.name
    if word in _FIGHTERS:
        return group_before(stage, i)
    return _of_country(stage, i, "IL") if word == "احتلال" else None


def of_nation(stage: Stage, i: int) -> str | None:
    """Whose it is by an adjective: «غارة إسرائيلية» is of the country's army where the article names it, else of the country."""
    form = stage.words.forms[i]
    nation = load_gazetteer().nationalities.get(_as_listed(form))
    return None if nation is None else _of_country(stage, i, nation.country)


def _of_country(stage: Stage, i: int, country: str) -> str | None:
    """The army of a country, else the country, as the text names it most often around a token."""
    nations = load_gazetteer().nationalities
    armies: Counter[str] = Counter()
    lands: Counter[str] = Counter()
    here = bisect_left(stage.cast.spans, (i, 0))
    for n in range(max(0, here - _NEAR), min(len(stage.cast.spans), here + _NEAR)):
        entity, (first, last) = stage.cast.entities[n], stage.cast.spans[n]
        forms = stage.words.forms[first:last]
        if entity.type == "ORG" and forms and forms[0].lstrip("وبل") in _FORCES:
            named = (nations.get(_as_listed(form)) for form in forms[1:])
            armies[entity.canonical] += any(nation is not None and nation.country == country for nation in named)
        elif entity.type == "LOC" and entity.country == country and entity.precision == "country":
            lands[entity.canonical] += 1
    return next((name for found in (armies, lands) for name, times in found.most_common(1) if times), None)


def _as_listed(form: str) -> str:
    """A folded word as the list of nationalities spells it."""
    return form.removeprefix("و").replace("ئ", "ي")


def named_in(
    stage: Stage, first: int, last: int, kinds: tuple[str, ...] = ("GRP", "ORG"), watchers: bool = False
) -> list[str]:
    """The parties of these kinds named in a range of tokens, once each; without those that only tell unless asked for."""
    found: dict[str, None] = {}
    for n in dict.fromkeys(stage.cast.at[max(0, first) : last]):
        if (
            n >= 0
            and stage.cast.entities[n].type in kinds
            and stage.cast.spans[n][0] >= first
            and (watchers or not tells_only(stage, n))
        ):
            found[stage.cast.entities[n].canonical] = None
    return list(found)


def party_in(stage: Stage, first: int, last: int) -> list[str]:
    """Whom a phrase names: bodies by name, by kind, people, places and nations; nobody if it only describes."""
    named = named_in(stage, first, last)
    if named:
        return named
    for k in range(first, last):
        if stage.cast.at[k] < 0:
            meant = meant_by(stage, k)
            if meant is not None:
                return [meant]
    named = named_in(stage, first, last, ("PER",)) or named_in(stage, first, last, ("LOC",))
    if named:
        return named
    for k in range(first, last):
        meant = of_nation(stage, k)
        if meant is not None:
            return [meant]
    return []


def phrase(stage: Stage, k: int, stop: int, longest: int = _LONGEST) -> tuple[int, int]:
    """The tokens of the noun phrase at a token, names whole, days and «عدد من» before it left out; empty where none begins."""
    forms, at = stage.words.forms, stage.cast.at
    while k < stop and at[k] < 0 and (forms[k] in _COUNTING or forms[k] in TIME_WORDS or forms[k] in ADVERBS):
        k += 1
    end = k
    while end < stop and end - k < longest:
        form, n = forms[end], at[end]
        if n >= 0:
            if end > k and stage.cast.led(n)[:1] in ("ب",):
                break
            end = max(end + 1, stage.cast.spans[n][1])
            continue
        if form == QUOTE and end == k:
            end += 1
            k = end
            continue
        if form in STOPS or form in THAT or form in TIME_WORDS or form in ADVERBS or form == QUOTE:
            break
        if form in PREPOSITIONS or form in _TURNS or (end > k and form.startswith("ب") and len(form) > 4):
            break
        end += 1
    return k, end


def words_of(stage: Stage, first: int, last: int) -> str | None:
    """The words of the text, without the preposition that shares the first token."""
    if first >= last:
        return None
    start = stage.words.starts[first]
    form = stage.words.forms[first]
    if len(form) > 4 and (form.startswith(("لل", "وال")) or (form[0] == "ل" and stage.cast.at[first] < 0)):
        start += 1
    return shown(stage.article.text[start : stage.words.ends[last - 1]])


def said_of(stage: Stage, first: int, last: int) -> list[str]:
    """Whom a phrase names; its words beside a name that it only implies («طائرات تركية»), or alone."""
    named = party_in(stage, first, last)
    if named and (last - first == 1 or named_in(stage, first, last, ANYBODY)):
        return named
    if first >= last or stage.words.forms[first] in _NOBODY or stage.words.forms[first].startswith(("ب", "وب")):
        return named
    text = words_of(stage, first, min(last, first + _FEW))
    return [*named, text] if text is not None and len(text) > 2 else named


def said_at(stage: Stage, k: int, stop: int) -> list[str]:
    """Whom the phrase at a token names, with whose it is: «قوات من الجيش», «طائرة تابعة للتحالف», «مواقع للميليشيات»."""
    forms = stage.words.forms
    first, last = phrase(stage, k, stop)
    found = said_of(stage, first, last)
    if last > first and not named_in(stage, first, last, ANYBODY):
        j = last
        while j < stop and (forms[j] in _OF_WHOM or (j == last and forms[j - 1] in _OF_WHOM)):
            j += 1
            if forms[j - 1] not in _OF_WHOM:
                break
        if j < stop and (j > last or forms[j][0] == "ل" or forms[last - 1] in _OF_WHOM):
            _, end = phrase(stage, j, min(stop, j + _FEW))
            found = list(dict.fromkeys((*party_in(stage, j, end), *found)))
    return found


def meant_in(stage: Stage, first: int, last: int) -> list[str]:
    """The first party that a word of a range means without a name."""
    return [name for name in (meant_by(stage, k) for k in range(first, last) if stage.cast.at[k] < 0) if name][:1]


def first_of(forms: Sequence[str], start: int, stop: int, words: frozenset[str]) -> int | None:
    """The first token of a range, taken backwards where it stops before it starts, that is one of these words."""
    step = 1 if stop >= start else -1
    return next((k for k in range(start, stop, step) if forms[k] in words), None)
