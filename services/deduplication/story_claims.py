"""Who says what in a story, and when a statement is one that nobody had heard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from zlib import crc32

from schemas.articles_extracted import Claim, Entity, EventType, ExtractedArticle
from schemas.stories import LONGEST_CLAIM, MOST_CLAIMS, Change, Stance
from services.deduplication.story_state import Statement
from services.deduplication.words import folded, stem, stems, words

CLAIMS_OF_ARTICLE = 24
"""Looked at; more are a transcript, and their speakers are the same."""

KEPT_OF_ARTICLE = 4
KEPT_CODE_POINTS = 160
"""Of what is said: enough to know it by, with fewer than `LONGEST_CLAIM` a state is smaller."""

MOST_HEARD = 128
TALKS: frozenset[EventType] = frozenset(("meeting", "agreement"))
"""Events of words: that somebody known speaks of one is no news."""

LONGEST_SPEAKER = 80

SURE_CLAIM = {"statement": 0.7, "confirmation": 0.7, "accusation": 0.65, "denial": 0.6}
"""Confidence from which a claim counts, by stance; denials are few and matter most."""

TELLING = 1.5
"""Rarity in nats from which a word says something: one in fewer than a fifth of the articles."""

SAME_WORDS = 0.5
"""Share of the shorter statement's stems that stand in the other, from which the two say the same."""

_DENYING = re.compile(r"(?:[وف]?[ايتن]?(?:نف[يتوا]|ناف|نكر|كذب|فند|دحض)|ال?نفي|وال?نفي)")
"""How the word begins by which something is denied; «رفض», «استبعد» and «شكك» oftener refuse, leave out and doubt."""

_DENIED = re.compile(
    r"لا صح|غير صحيح|لا اساس|عار عن|عاري? من|كاذب|اتهام|مزاعم|ادعا|شائع|اشاع|افتراء|ملفق|ضلوع|تورط|مسووليت"
)
_FACE = 4
_FACELESS = frozenset(
    folded(word)[:_FACE]
    for word in words(
        "وزارة وزير رئيس المتحدث متحدث ناطق باسم الناطق قوات القوات جيش الجيش حكومة الحكومة تنظيم حركة جماعة مليشيا "
        "ميليشيا سلطات السلطات مسؤول الخارجية خارجية الدفاع دفاع الداخلية داخلية دولة الدولة جمهورية المملكة مملكة الولايات "
        "الأمن أمن الشرطة شرطة محمد أحمد عبد علي حزب الحزب قائد القائد نائب النائب السابق سابق العام عام الإسلامية إسلامية "
        "الأمم العربية عربية الوطني وطني الوطنية الشعبية مجلس المجلس المتحدة متحدة"
    )
)
_ARTICLES = ("وال", "بال", "لل", "ال")


Said = tuple[int, int, int]
"""16 bits each: the speaker's name, the words that name them, the name with stance and matter."""


def statements(
    article: ExtractedArticle, at: int, fresh: Callable[[int], bool]
) -> tuple[tuple[Statement, ...], tuple[Said, ...]]:
    """The claims that count, in the order of the text, of those that stand where `fresh` says; and the codes of each.

    `at`: the article's own time, seconds since 1970.
    """
    named = {entity.canonical for entity in article.entities}
    triggers = {stem(folded(event.trigger)): event.type for event in article.events if event.trigger}
    found: list[Statement] = []
    said_by: list[Said] = []
    for claim in article.claims:
        if claim.confidence < SURE_CLAIM[claim.stance] or not fresh(claim.start):
            continue
        if claim.speaker not in named and not _may_deny(claim):
            continue
        said = article.text[claim.start : claim.end]
        stance = _stance(claim, said)
        if stance != "denial" and stance != claim.stance and claim.speaker not in named:
            continue
        about = _about(claim, article, said, triggers)
        found.append(
            Statement(
                claim.speaker[:LONGEST_SPEAKER],
                stance,
                about,
                cut(said),
                article.id,
                article.source,
                at,
                _faces(claim, article),
            )
        )
        said_by.append(_codes(found[-1], claim.speaker_text))
        if len(found) == CLAIMS_OF_ARTICLE:
            break
    return tuple(found), tuple(said_by)


def _may_deny(claim: Claim) -> bool:
    """Whether a speaker who is no known name is taken for one: plain statements of unnamed people are no news."""
    if claim.stance in ("statement", "confirmation"):
        return False
    return " " in claim.speaker or claim.speaker.startswith("ال")


def _stance(claim: Claim, said: str) -> Stance:
    """The claim's stance; a denial only where the verb denies or what is said speaks of what is denied."""
    if claim.stance != "denial":
        return claim.stance
    plainly = _DENYING.match(folded(claim.cue)) or _DENIED.search(folded(said[:LONGEST_CLAIM]))
    return "denial" if plainly else "statement"


def cut(text: str, longest: int = KEPT_CODE_POINTS) -> str:
    """The text on one line, of at most `longest` code points, cut behind a word where there is one."""
    line = " ".join(text[: 4 * longest].split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0] + "…"


def _about(claim: Claim, article: ExtractedArticle, said: str, triggers: dict[str, EventType]) -> EventType | None:
    """The type of the event that the claim is linked to, or else of one whose word stands in what is said."""
    if claim.about is not None and claim.about < len(article.events):
        return article.events[claim.about].type
    if claim.stance not in ("denial", "accusation") or not triggers:
        return None
    stemmed = map(stem, words(folded(said[: 2 * LONGEST_CLAIM])))
    return next((triggers[word] for word in stemmed if word in triggers), None)


def _faces(claim: Claim, article: ExtractedArticle) -> tuple[str, ...]:
    """For an accusation whom it accuses, for a denial who denies; nothing for the rest."""
    if claim.stance == "denial":
        roles = (entity.role for entity in article.entities if entity.role and entity.canonical == claim.speaker)
        return faces([claim.speaker_text, *roles])
    if claim.stance == "accusation":
        inside: Iterable[Entity] = (e for e in article.entities if claim.start <= e.start and e.end <= claim.end)
        accuser = set(faces([claim.speaker_text]))
        return tuple(face for face in faces([entity.text for entity in inside][:3]) if face not in accuser)
    return ()


def faces(names: Iterable[str]) -> tuple[str, ...]:
    """Beginnings of the words by which a party is known, so that «إيران» is that of «الخارجية الإيرانية»."""
    found: dict[str, None] = {}
    for name in names:
        for word in words(folded(name[:LONGEST_SPEAKER])):
            bare = next(
                (word[len(article) :] for article in _ARTICLES if word.startswith(article) and len(word) > 5), word
            )
            if len(bare) >= 3 and bare[:_FACE] not in _FACELESS and word[:_FACE] not in _FACELESS:
                found[bare[:_FACE]] = None
    return tuple(found)[:6]


def _codes(statement: Statement, speaker_text: str) -> Said:
    speaker = folded(statement.speaker)
    stance = "statement" if statement.stance == "confirmation" else statement.stance
    name = _code(speaker)
    plain = stance == "statement" and statement.about is None
    return name, _code(folded(speaker_text)), name if plain else _code(f"{stance}|{statement.about or ''}|{speaker}")


def _code(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass")) & 0xFFFF


def unheard(
    claims: Sequence[Statement], said: Sequence[Said], heard: Sequence[int], known: Sequence[Statement]
) -> list[Statement]:
    """Those of `claims` that are new to a story that has heard the codes `heard` and keeps the statements `known`.

    A plain statement is new from a new speaker, or from a known one about an event (but talks) that they had not spoken
    of; a denial or an accusation from who had not yet denied or accused in the matter. The same words under another name are not.
    """
    codes = set(heard)
    found: list[Statement] = []
    for statement, (speaker, written, matter) in zip(claims, said, strict=True):
        plain = statement.stance in ("statement", "confirmation")
        known_speaker = speaker in codes or written in codes
        speaks_of_more = statement.about is not None and statement.about not in TALKS
        new = matter not in codes and (not plain or not known_speaker or speaks_of_more)
        codes |= {speaker, written, matter}
        if new and not _retold(statement, [*known, *found]):
            found.append(statement)
    return found


def firsts(claims: Sequence[Statement], said: Sequence[Said]) -> list[Statement]:
    """The first statement of each speaker on each matter: what the first article of a story says."""
    found: dict[int, Statement] = {}
    for statement, (_, _, matter) in zip(claims, said, strict=True):
        found.setdefault(matter, statement)
    return list(found.values())


def _retold(statement: Statement, known: Iterable[Statement]) -> bool:
    denies = statement.stance == "denial"
    telling = said_stems(statement.text)
    for other in known:
        if (other.stance == "denial") == denies:
            others = said_stems(other.text)
            shorter = min(len(telling), len(others))
            if shorter and len(telling & others) >= SAME_WORDS * shorter:
                return True
    return False


@lru_cache(maxsize=1024)  # the statements of a story are looked at again with each of its articles
def said_stems(text: str) -> frozenset[int]:
    """The stems of what is said, as numbers, words that stand everywhere left out."""
    known = stems(words(text))  # each word is folded once, not each text
    return frozenset(known.codes[known.rarities >= TELLING].tolist())


def changes_of(new: Sequence[Statement]) -> list[Change]:
    """What unheard statements change: `claim`, `denial` or both."""
    changes: list[Change] = []
    if any(statement.stance != "denial" for statement in new):
        changes.append("claim")
    if any(statement.stance == "denial" for statement in new):
        changes.append("denial")
    return changes


def heard_with(heard: Sequence[int], said: Iterable[Said]) -> tuple[int, ...]:
    """The codes, the newest last; the oldest are forgotten."""
    codes = dict.fromkeys(heard)
    codes.update(dict.fromkeys(code for codes_of_one in said for code in codes_of_one))
    return tuple(codes)[-MOST_HEARD:]


_WEIGHT = {"denial": 3, "accusation": 2, "confirmation": 0, "statement": 0}


def _weight(statement: Statement) -> int:
    return _WEIGHT[statement.stance] + (statement.about is not None)


def claims_with(claims: Sequence[Statement], new: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements and at most `KEPT_OF_ARTICLE` of the new ones. Where full the oldest of the plainest goes."""
    chosen = sorted(range(len(new)), key=lambda place: -_weight(new[place]))[:KEPT_OF_ARTICLE]
    kept = [*claims, *(new[place] for place in sorted(chosen))]
    return bounded_claims(kept)


def bounded_claims(claims: Sequence[Statement]) -> tuple[Statement, ...]:
    """At most `MOST_CLAIMS`, plain statements left out before denials and the oldest before the newest."""
    over = len(claims) - MOST_CLAIMS
    if over <= 0:
        return tuple(claims)
    left_out = set(sorted(range(len(claims)), key=lambda place: _weight(claims[place]))[:over])
    return tuple(claim for place, claim in enumerate(claims) if place not in left_out)
