"""Words that name events, in their inflections, and the kind of event that the words around one make of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast, get_args

from schemas.articles_extracted import EventType
from services.extraction.words import word_set

_TABLE = "triggers.tsv"
_CLASSES = frozenset((*get_args(EventType), "strike", "attack", "killing", "operation", "unrest"))
_PRONOUNS = ("ه", "ها", "هم", "هما")

_AIR = word_set(
    "جوي جويه جويا الجوي الجويه الجويتين طيران الطيران طيرانها طائرات الطائرات طائراتها طائراته مقاتلاته مقاتلات المقاتلات مقاتلاتها حربيه الحربيه براميل "
    "بالبراميل غارات سلاح مروحيات طائره بطائرات بطيران لطيران لطائرات لمقاتلات"
)
_DRONE = word_set("مسيره المسيره مسيرتين مسيرتان طيار درون")
_MISSILE = word_set(
    "صاروخي صاروخيه الصاروخي الصاروخيه صاروخ صواريخ الصواريخ صاروخا بصاروخ بصواريخ بالستي باليستي بالستيه باليستيه صاروخين توماهوك كروز"
)
_ARTILLERY = word_set("مدفعي مدفعيه المدفعي المدفعيه بالمدفعيه مدفعيا هاون الهاون قذائف القذائف بالقذائف بقذائف دبابات")
_CHEMICAL = word_set(
    "كيميائي كيماوي الكيميائي الكيماوي كيمياوي الكيمياوي كيميائيه كيماويه الكيميائيه الكيماويه الكيمياويه السارين سارين الكلور غاز الغازات بالغازات السامه"
)
_BOMB = word_set(
    "انتحاري انتحاريه الانتحاري انتحاريا انتحاريين انتحاريان مفخخه المفخخه ملغومه ناسفه الناسفه ناسف قنبله القنبله بقنبله قنابل عبوه بعبوه متفجره متفجرات "
    "المتفجرات حزام احزمه ملغمه"
)
_GUNS = word_set(
    "رصاص الرصاص برصاص بالرصاص نار النار بنيران نيران مسلح مسلحون مسلحين مسلحا سكين بسكين سكينا طعنا دهسا قناص قناصه المسلح"
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a word may name: its stem, its class (an event type or one still to be told apart), noun or verb."""

    stem: str
    kind: str
    name: str
    needs: frozenset[str]
    definite: bool


def unlisted(form: str, kind: EventType) -> Trigger:
    """A word that no table has, which a tagger sees an event of this type in."""
    return Trigger(form, "word", kind, frozenset(), form.startswith("ال"))


def _noun(stem: str) -> Iterator[tuple[str, bool]]:
    bare = stem[:-1] + "ت" if stem.endswith("ه") else stem
    for clitic in ("", "ب", "ل", "ك"):
        yield clitic + stem, False
        yield (clitic + "ال" + stem if clitic != "ل" else "لل" + stem), True
        for pronoun in _PRONOUNS:
            yield clitic + bare + pronoun, True


def _past(stem: str) -> Iterator[tuple[str, bool]]:
    weak = stem[-1] in "اي"
    base = stem[:-1] if weak else stem
    for form in (
        stem,
        base + "ت",
        base + "وا",
        base + "تا",
        *(() if weak else (stem + "ا", stem + "ته", stem + "تها", stem + "ها", stem + "هم")),
    ):
        yield form, False


def _present(stem: str) -> Iterator[tuple[str, bool]]:
    for form in (stem, "ت" + stem[1:], stem + "ون"):
        yield form, False


@cache
def trigger_words() -> dict[str, tuple[Trigger, ...]]:
    """Every inflected trigger with its clitics, in folded spelling. Raises ValueError if the table is malformed."""
    words: dict[str, tuple[Trigger, ...]] = {}
    inflections = {"noun": _noun, "past": _past, "present": _present}
    text = (files(__package__) / "data" / _TABLE).read_text(encoding="utf-8")
    for line in [line for line in text.splitlines() if line and not line.startswith("#")][1:]:
        row = line.split("\t")
        kind, _, needs = row[1].partition("+") if len(row) == 3 else ("", "", "")
        if row[0] not in _CLASSES or kind not in inflections:
            raise ValueError(f"{_TABLE}: {line!r} is not a known class, a kind and words")
        for stem in row[2].split():
            for form, definite in inflections[kind](stem):
                trigger = Trigger(stem, kind, row[0], frozenset(needs.split(",")) if needs else frozenset(), definite)
                for conjunction in ("", "و", "ف"):
                    known = words.get(conjunction + form, ())
                    if not any(t.name == trigger.name and t.kind == kind for t in known):
                        words[conjunction + form] = (*known, trigger)
    return words


def event_type(trigger: Trigger, near: Sequence[str], sentence: frozenset[str]) -> EventType:
    """The type of event: by the trigger's class, then by what is said beside it, then in its sentence."""
    name = trigger.name
    if name in ("strike", "attack"):
        default: EventType = "armed_attack"
        if name == "strike" and trigger.stem in ("قصف", "القصف", "دك", "امطر", "يقصف"):
            default = "shelling"
        for words, kind in _MEANS:
            if not words.isdisjoint(near):
                return kind
        if name == "strike" and not _AIR.isdisjoint(sentence):
            return "air_strike"
        return default
    if name == "killing":
        return "armed_attack" if not _GUNS.isdisjoint(sentence) else "other_violence"
    if name == "operation":
        return "bombing" if not _BOMB.isdisjoint(near) else "armed_clash"
    if name == "unrest":
        return "other_violence"
    if name == "air_strike" and trigger.stem.startswith("ضرب") and not _MISSILE.isdisjoint(near):
        return "missile_attack"
    if name == "air_strike" and not _DRONE.isdisjoint(near):
        return "drone_attack"
    if name == "bombing" and trigger.stem in ("هجوم",):
        return "bombing"
    return cast(EventType, name)


_MEANS: tuple[tuple[frozenset[str], EventType], ...] = (
    (_CHEMICAL, "other_violence"),
    (_DRONE, "drone_attack"),
    (_BOMB, "bombing"),
    (_MISSILE, "missile_attack"),
    (_ARTILLERY, "shelling"),
    (_AIR, "air_strike"),
)
