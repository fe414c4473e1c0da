"""Which words of an article may name an event, and the marks by which each is weighed.

Words are proposed by the table of triggers and, where a tagger has read the article, by what it says of each word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from schemas.articles_extracted import DateMention, EventType, Quantity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.seen_events import SeenEvents
from services.extraction.speakers import COMMAS, Cast
from services.extraction.triggers import Trigger, event_type, trigger_words, unlisted
from services.extraction.words import Words, fold, shown, tokens, word_set

RECENT_DAYS = 30
"""Older events are background."""

_NEGATIONS = word_set("لم لن ولم ولن دون بدون عدم ليس ليست نفي نفت ينفي تنفي")
_OLD = "date old"
_NO = word_set("لا ولا غير")
_PLANS = word_set(
    "سوف قد يعتزم تعتزم خطه خطط احتمال احتمالات محتمل محتمله هدد هددت تهديد تهديدات يهدد بهدف اجل يمكن يجب ينبغي اذا لو دعا دعت دعوه "
    "طالب طالبت يطالب تطالب حذر حذرت تحذير المقبل المقبله القادم القادمه مقرر المقرر المتوقع يتوقع تستعد استعداد عزم عزمه لمنع منع ضروره "
    "وقف لوقف انهاء ضد تجنب خشيه مخاوف امكانيه رد ردا"
)
_BEFORE = word_set(
    "بعد عقب اثر خلال في جراء نتيجه منذ قبل علي الي عن من شن شنت نفذ نفذت نفذها وقع وقعت بوقوع وقوع غداه اثناء تعرض تعرضت شنها شهدت شهد "
    "اندلعت اندلاع دارت عقد عقدت عقده اجري اجرت توصل التوصل فرض فرضت بفرض اعلن اعلنت مقتل قتل "
    "التي الذي الذين حيث تم ردا وسط ضد بهدف"
)
_BEHIND = word_set("علي ضد في مع بين من استهدفت استهدف استهدفه التي الذي شنها شنته نفذها")
_MODIFIERS = word_set(
    "جويه جوي مدفعي صاروخي انتحاري الانتحاري كيميائي كيماوي الكيميائي الكيماوي مسلح ارهابي الجويه عنيفه جديده سابقه السابقه اخري"
)
_SPORT = word_set(
    "مباراه المباراه الدوري اللاعب لاعب المنتخب منتخب البطوله مدرب المدرب هدف الاهداف الكره النادي نادي كاس نهائي لاعبي"
)
_WAS = word_set("كان وكان وكانت كانت")
_VAGUE = frozenset(("killing", "attack", "strike", "operation", "unrest"))


@dataclass(slots=True)
class Candidate:
    """A word that may name an event: its token and sentence, what it would be, and its marks."""

    at: int
    sentence: int
    trigger: Trigger
    type: EventType
    marks: list[str]
    likelihood: float = 0.0


@dataclass(slots=True)
class Scene:
    """What one sentence says beside its verbs: places, bodies, dates and tolls."""

    places: frozenset[str] = frozenset()
    bodies: int = 0
    dates: list[DateMention] = field(default_factory=list)
    tolls: list[Quantity] = field(default_factory=list)


class Stage:
    """An article's words, cast and scenes, by sentence, and the names of its armed groups."""

    __slots__ = ("article", "cast", "groups", "in_dates", "published", "scenes", "words")

    def __init__(
        self,
        article: NormalizedArticle,
        words: Words,
        cast: Cast,
        dates: Sequence[DateMention],
        quantities: Sequence[Quantity],
    ) -> None:
        self.article, self.words, self.cast = article, words, cast
        self.published = article.published_at.date() if article.published_at else None
        self.groups = frozenset(entity.canonical for entity in cast.entities if entity.type == "GRP")
        self.scenes = [Scene() for _ in words.sentences]
        self.in_dates: set[int] = set()
        for mention in dates:
            self.in_dates.update(range(words.at(mention.start), words.at(mention.end - 1) + 1))
            scene = self._scene_at(mention.start)
            if scene is not None:
                scene.dates.append(mention)
        for quantity in quantities:
            if quantity.unit in ("killed", "wounded"):
                scene = self._scene_at(quantity.start)
                if scene is not None:
                    scene.tolls.append(quantity)
        places: list[set[str]] = [set() for _ in self.scenes]
        for entity, (first, _) in zip(cast.entities, cast.spans, strict=True):
            sentence = words.sentence_of[first] if first < len(words) else -1
            if sentence < 0:
                continue
            if entity.type == "LOC":
                places[sentence].add(entity.canonical)
            elif entity.type != "PER":
                self.scenes[sentence].bodies += 1
        for scene, names in zip(self.scenes, places, strict=True):
            scene.places = frozenset(names)

    def _scene_at(self, offset: int) -> Scene | None:
        i = self.words.at(offset)
        sentence = self.words.sentence_of[i] if i < len(self.words) else -1
        return self.scenes[sentence] if sentence >= 0 else None

    def age(self, mention: DateMention) -> int | None:
        """Days before publication of a date; a month or year counts as old unless publication falls into it."""
        if mention.date is None or self.published is None:
            return None
        if len(mention.date) == 10:
            return (self.published - date.fromisoformat(mention.date)).days
        return 0 if self.published.isoformat().startswith(mention.date) else RECENT_DAYS + 1


def find_candidates(stage: Stage, named: NDArray[np.float32] | None = None) -> list[Candidate]:
    """Every word that may name an event, with its marks but not yet weighed.

    Proposed are the words that a trigger table knows and those that a tagger sees events in: `named` is
    `tagging.network.Reading.events`. Left out are those denied («لم تقع غارات»), those of sentences that state only dates
    older than RECENT_DAYS, and words of dates («فجر الأحد»).
    """
    words, table = stage.words, trigger_words()
    forms, at, spans = words.forms, stage.cast.at, stage.cast.spans
    title_types, title_stems = _of_title(shown(stage.article.title))
    seen_events = SeenEvents(named) if named is not None else None
    proposals = seen_events.proposed if seen_events is not None else {}
    found: list[Candidate] = []
    seen: Counter[str] = Counter()
    places_of: dict[str, set[str]] = {}
    for n, (a, b) in enumerate(words.sentences):
        common: list[str] = []
        sentence: frozenset[str] = frozenset()
        here: Counter[str] = Counter()
        first_here = len(found)
        for i in range(a, b):
            if forms[i] not in table and i not in proposals:
                continue
            triggers, proposed = table.get(forms[i], ()), proposals.get(i)
            if (at[i] >= 0 and spans[at[i]][0] < i) or i in stage.in_dates:
                continue
            if not common:
                common, sentence = _of_scene(stage, n), frozenset(forms[a:b])
            if (
                _OLD in common
                or _is_denied(forms[max(a, i - 4) : i])
                or _is_drone(forms[i], forms[i - 1] if i > a else "")
            ):
                continue
            kinds: dict[EventType, Trigger] = {}
            for trigger in triggers:
                if not trigger.needs or not trigger.needs.isdisjoint(forms[i + 1 : min(b, i + 4)]):
                    kinds.setdefault(event_type(trigger, forms[max(a, i - 2) : min(b, i + 6)], sentence), trigger)
            if proposed is not None:
                kinds.setdefault(proposed, next(iter(kinds.values()), unlisted(forms[i], proposed)))
            for kind, trigger in kinds.items():
                marks = [*common, *_of_word(stage, trigger, kind, i, a, b)]
                if seen_events is not None:
                    marks += seen_events.marks(i, kind, a, b)
                marks.append("title type" if kind in title_types else "title other" if title_types else "title none")
                if trigger.stem in title_stems:
                    marks.append("title stem")
                if seen[kind]:
                    told = stage.scenes[n].places <= places_of[kind]
                    marks += ("no new place" if told else "new place", f"seen={min(3, seen[kind])}")
                else:
                    marks.append("first of type")
                if here:
                    marks.append("another in sentence")
                    if here[kind]:
                        marks.append("same in sentence")
                marks.append(f"before={min(3, len(found) // 4)}")
                here[kind] += 1
                found.append(Candidate(i, n, trigger, kind, marks))
        for kind_here in here:
            seen[kind_here] += 1
            places_of.setdefault(kind_here, set()).update(stage.scenes[n].places)
        _mark_company(found[first_here:])
    _mark_article(found, forms, seen)
    return found


def _mark_company(together: Sequence[Candidate]) -> None:
    """Marks from what else a sentence names: «قتل خمسة في غارة» tells one event, of the second word's type."""
    names = {candidate.trigger.name for candidate in together}
    for candidate in together:
        if candidate.trigger.name in _VAGUE:
            candidate.marks += (
                f"{candidate.trigger.name} with {name}" for name in sorted(names - {candidate.trigger.name})
            )


def _is_drone(form: str, before: str) -> bool:
    """Whether «المسيرة» is no march: «الطائرات المسيرة»."""
    return "مسير" in form and "طائر" in before


def _is_denied(before: Sequence[str]) -> bool:
    return bool(before) and (before[-1] in _NO or not _NEGATIONS.isdisjoint(before))


def _mark_article(found: Sequence[Candidate], forms: Sequence[str], seen: Counter[str]) -> None:
    """Marks that candidates have from the article as a whole: how much happens in it, and whether it is sport."""
    density = 100 * len(found) // max(100, len(forms))
    sport = min(3, sum(form in _SPORT for form in forms) // 2)
    for candidate in found:
        count = min(4, seen[candidate.type])
        candidate.marks += (f"count={count}", f"density={min(6, density)}", f"sport={sport}")


def _of_title(title: str) -> tuple[set[str], set[str]]:
    """Types and stems of events that the title names."""
    forms = tokens(fold(title))
    table = trigger_words()
    types: set[str] = set()
    stems: set[str] = set()
    for i, form in enumerate(forms):
        for trigger in table.get(form, ()):
            if not trigger.needs or not trigger.needs.isdisjoint(forms[i + 1 : i + 4]):
                types.add(event_type(trigger, forms[max(0, i - 2) : i + 6], frozenset(forms)))
                stems.add(trigger.stem)
    return types, stems


def _of_scene(stage: Stage, n: int) -> list[str]:
    """Marks that the words of one sentence share."""
    scene = stage.scenes[n]
    ages = [age for age in map(stage.age, scene.dates) if age is not None]
    recent, old = any(0 <= age <= RECENT_DAYS for age in ages), any(age > RECENT_DAYS for age in ages)
    marks = [
        f"sentence={'0' if n == 0 else '1' if n == 1 else '2-3' if n < 4 else '4-7' if n < 8 else '8+'}",
        "date recent" if recent else _OLD if old else "date future" if ages else "date none",
        f"places={min(2, len(scene.places))}",
        f"bodies={min(2, scene.bodies)}",
    ]
    if recent and old:
        marks.append("date both")
    marks += [unit for unit in ("killed", "wounded") if any(toll.unit == unit for toll in scene.tolls)]
    return marks


def _of_word(stage: Stage, trigger: Trigger, kind: EventType, i: int, a: int, b: int) -> list[str]:
    """Marks of the trigger and of what stands beside it."""
    words, cast = stage.words, stage.cast
    forms = words.forms
    before, behind = forms[max(a, i - 6) : i], forms[i + 1] if i + 1 < b else ""
    marks = [
        f"stem={trigger.stem}",
        f"class={trigger.name} {trigger.kind}",
        f"type={kind}",
        f"position={'0-9' if i - a < 10 else '10-24' if i - a < 25 else '25+'}",
        f"name behind={'+'.join(sorted({cast.entities[n].type for n in cast.at[i + 1 : min(b, i + 7)] if n >= 0})) or 'none'}",
    ]
    if trigger.definite:
        marks += ("definite", f"definite {trigger.name}")
    if trigger.kind != "noun":
        marks.append(f"verb at {'start' if i == a or forms[i - 1] in COMMAS else 'within'}")
    if forms[i][0] == "و":
        marks.append("led")
    if before and before[-1] in _BEFORE:
        marks.append(f"after {before[-1]}")
    plans = _PLANS.intersection(before)
    if plans:
        marks.append("planned")
        marks += (f"plan={word}" for word in sorted(plans))
    if not _PLANS.isdisjoint(forms[i : min(b, i + 8)]):
        marks.append("planned behind")
    if forms[i][0] == "ل" and not forms[i].startswith("لل"):
        marks.append("for")
    if "ان" in before[-2:]:
        marks.append("that")
    if any(len(form) > 4 and form[0] == "س" and form[1] in "يتن" for form in before):
        marks.append("future")
    if words.quoted[i]:
        marks.append("quoted")
    if behind in (".", "،", '"'):
        marks.append("before stop")
    if behind.startswith("ال") and len(behind) > 3:
        marks.append("before definite")
    if behind in _BEHIND:
        marks.append(f"before {behind}")
    marks += (f"near {word}" for word in forms[max(a, i - 2) : min(b, i + 6)] if word in _MODIFIERS)
    if not _WAS.isdisjoint(before):
        marks.append("was")
    return marks
