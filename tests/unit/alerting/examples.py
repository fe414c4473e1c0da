"""Articles for the tests of alerting: a text, and what extraction and deduplication might have said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from schemas.articles_deduplicated import DeduplicatedArticle, Relation
from schemas.articles_extracted import Claim, Entity, EntityType, Event, EventType
from schemas.articles_normalized import Normalization, TextForm
from services.alerting.rulebook import RuleBook
from services.alerting.rulefile import load_rules
from services.normalization.search import search_form_with_map

PUBLISHED = datetime(2024, 3, 5, 9, 30, tzinfo=UTC)

STRIKE = (
    "قالت مصادر طبية في إدلب إن غارة جوية استهدفت سوقا شعبية صباح الثلاثاء وأودت بحياة سبعة مدنيين. "
    "ونقلت فرق الدفاع المدني أكثر من عشرين جريحا إلى مستشفيات المدينة."
)
FLOOD = "غمرت مياه الأمطار الغزيرة أحياء في درنة، وحذرت السلطات من خطر الفيضان على القرى القريبة من الوادي."


def entity(
    text: str,
    words: str,
    canonical: str,
    kind: EntityType = "LOC",
    country: str | None = None,
    confidence: float = 0.9,
) -> Entity:
    start = text.index(words)
    return Entity(
        text=words,
        start=start,
        end=start + len(words),
        type=kind,
        canonical=canonical,
        country=country,
        confidence=confidence,
    )


def event(
    text: str,
    trigger: str,
    kind: EventType,
    places: list[str] | None = None,
    killed: tuple[int, int | None] | None = None,
    wounded: tuple[int, int | None] | None = None,
    confidence: float = 0.9,
) -> Event:
    return Event(
        type=kind,
        trigger=trigger,
        start=text.index(trigger),
        places=places or [],
        killed=killed,
        wounded=wounded,
        confidence=confidence,
    )


def article(
    text: str = STRIKE,
    *,
    name: str = "wire-1",
    title: str = "",
    source: str = "وكالة الساحل",
    relation: Relation = "new",
    story_id: str = "story-1",
    entities: list[Entity] | None = None,
    events: list[Event] | None = None,
    claims: list[Claim] | None = None,
    published_at: datetime | None = PUBLISHED,
    fetched_at: datetime = PUBLISHED,
) -> DeduplicatedArticle:
    searched, offsets = search_form_with_map(text)
    return DeduplicatedArticle(
        id=name,
        record_id=uuid5(NAMESPACE_URL, name + text),
        source=source,
        title=title,
        text=text,
        published_at=published_at,
        fetched_at=fetched_at,
        normalized=Normalization(
            display=TextForm(text=text, runs=[(len(text), len(text))]),
            search=TextForm(text=searched, runs=list(offsets.runs)),
            paragraphs=[],
            sentences=[],
        ),
        engine="by hand",
        entities=entities or [],
        dates=[],
        quantities=[],
        events=events or [],
        claims=claims or [],
        relation=relation,
        duplicate_of=None,
        story_id=story_id,
        similarity=0.0,
        revision=0,
        new_passages=[],
    )


def strike(**changes: object) -> DeduplicatedArticle:
    """An air strike in Idlib, seven killed."""
    given: dict[str, object] = {
        "entities": [
            entity(STRIKE, "إدلب", "Idlib", country="SY"),
            entity(STRIKE, "الدفاع المدني", "Civil Defence", "ORG"),
        ],
        "events": [event(STRIKE, "غارة", "air_strike", ["Idlib"], killed=(7, 7), wounded=(21, None))],
    }
    return article(STRIKE, **{**given, **changes})  # type: ignore[arg-type]


def book(when: str, **rule: str) -> RuleBook:
    """A book of one rule, `when` in YAML's flow style."""
    more = "".join(f"    {key}: {value}\n" for key, value in rule.items())
    return load_rules(f"rules:\n  - name: watched\n    when: {when}\n{more}", "rules.yaml")
