"""One record of each topic, as it travels: the same article from the producer to the webhook. The words are our own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from schemas.alerts import Alert, AlertArticle, Reason
from schemas.alerts_log import DeliveryAttempt
from schemas.articles_deduplicated import DeduplicatedArticle, Passage, Verdict
from schemas.articles_extracted import Claim, DateMention, Entity, Event, ExtractedArticle, Extraction, Quantity
from schemas.articles_normalized import Dateline, Normalization, NormalizedArticle, Paragraph, Sentence, TextForm
from schemas.articles_raw import RawArticle
from schemas.record import Record
from schemas.stories import (
    Contested,
    ContestedSide,
    Story,
    StoryClaim,
    StoryEntity,
    StoryEvent,
    StoryLead,
    StoryOutlet,
    StoryPlace,
    StoryToll,
)

TEXT = (
    "إدلب: قُتل ثلاثة مدنيين وأصيب سبعة آخرون في غارة جوية على أطراف مدينة إدلب صباح الخميس، بحسب الدفاع المدني.\n\n"
    "ونفت وزارة الدفاع السورية أي صلة لها بالغارة."
)
PUBLISHED = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
FETCHED = PUBLISHED + timedelta(minutes=4)


def _span(words: str, after: str = "") -> dict[str, int]:
    """Where the words stand in the text, the first time behind `after`."""
    start = TEXT.index(words, TEXT.index(after))
    return {"start": start, "end": start + len(words)}


def _mention(words: str, after: str = "") -> dict[str, Any]:
    return {"text": words, **_span(words, after)}


def _forms() -> dict[str, TextForm]:
    damma = TEXT.index("ُ")
    folds: dict[str, str | int | None] = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
    folded = TEXT.replace("ُ", "").translate(str.maketrans(folds))
    rest = len(TEXT) - damma - 1
    return {
        "display": TextForm(text=TEXT, runs=[(len(TEXT), len(TEXT))]),
        "search": TextForm(text=folded, runs=[(damma, damma), (0, 1), (rest, rest)]),
    }


def _raw() -> RawArticle:
    return RawArticle(
        id="068b69e4-c40e-5291-a084-cc07b0c76abf",
        record_id=UUID("999be420-d1a2-5309-b8db-48ecc9ea2783"),
        source="وكالة الأفق",
        url="https://alufuq.example/news/2026/03/05/idlib",
        title="قتلى وجرحى في غارة على أطراف إدلب",
        text=TEXT,
        published_at=PUBLISHED,
        fetched_at=FETCHED,
    )


def _normalization() -> Normalization:
    first, second = TEXT.split("\n\n")
    return Normalization(
        **_forms(),
        paragraphs=[Paragraph(**_span(first)), Paragraph(**_span(second))],
        sentences=[Sentence(**_span(first.removeprefix("إدلب: "))), Sentence(**_span(second))],
        dateline=Dateline(**_mention("إدلب")),
    )


def _extraction() -> Extraction:
    place = {"type": "LOC", "canonical": "Idlib", "wikidata": "Q173545", "country": "SY", "lat": 35.93, "lon": 36.63}
    organisation = {"type": "ORG", "confidence": 0.9}
    denial = _span("أي صلة لها بالغارة")
    return Extraction(
        engine="example/1",
        entities=[
            Entity(**_mention("إدلب"), **place, precision="town", confidence=0.97),
            Entity(**_mention("إدلب", after="مدينة"), **place, precision="town", confidence=0.97),
            Entity(**_mention("الدفاع المدني"), **organisation, canonical="Syria Civil Defence"),
            Entity(
                **_mention("وزارة الدفاع السورية"),
                **organisation,
                canonical="Ministry of Defence of Syria",
                country="SY",
            ),
        ],
        dates=[DateMention(**_mention("صباح الخميس"), date="2026-03-05", part_of_day="morning")],
        quantities=[
            Quantity(**_mention("ثلاثة مدنيين"), least=3, most=3, unit="killed"),
            Quantity(**_mention("سبعة آخرون"), least=7, most=7, unit="wounded"),
        ],
        events=[
            Event(
                type="air_strike",
                trigger="غارة",
                start=_span("غارة")["start"],
                date="2026-03-05",
                places=["Idlib"],
                targets=["مدنيين"],
                killed=(3, 3),
                wounded=(7, 7),
                sources=["Syria Civil Defence"],
                confidence=0.92,
            )
        ],
        claims=[
            Claim(
                speaker="Ministry of Defence of Syria",
                speaker_text="وزارة الدفاع السورية",
                cue="ونفت",
                **denial,
                quoted=False,
                stance="denial",
                about=0,
                confidence=0.88,
            )
        ],
    )


def _verdict() -> Verdict:
    return Verdict(
        relation="new",
        story_id="3f1d2b7e-8a40-5b6c-9c57-1e9a6f2b4d10",
        similarity=0.0,
        new_passages=[Passage(start=0, end=len(TEXT))],
    )


def _story(opened_by: DeduplicatedArticle) -> Story:
    """The story of the article, after another outlet's article came in that tells of more dead and of a denial."""
    later = PUBLISHED + timedelta(minutes=50)
    article, outlet = "b1c9a0de-5d0f-5a44-8d37-0a7e6c1f2b93", "صحيفة المرفأ"
    tolls = {"type": "air_strike", "place": "Idlib", "date": "2026-03-05"}
    denial = "أي صلة لها بالغارة"
    accusation = "طائرات حربية تابعة لوزارة الدفاع السورية بتنفيذ الغارة"
    return Story(
        story_id=opened_by.story_id,
        version=2,
        status="open",
        lead=StoryLead(**{name: getattr(opened_by, name) for name in StoryLead.model_fields}),
        articles=2,
        outlets=[
            StoryOutlet(source=opened_by.source, article_id=opened_by.id, at=PUBLISHED, articles=1),
            StoryOutlet(source=outlet, article_id=article, at=later, articles=1),
        ],
        first_at=PUBLISHED,
        last_at=later,
        entities=[
            StoryEntity(canonical="Syria Civil Defence", type="ORG", articles=2),
            StoryEntity(canonical="Ministry of Defence of Syria", type="ORG", country="SY", articles=2),
        ],
        places=[StoryPlace(canonical="Idlib", country="SY", lat=35.93, lon=36.63, precision="town", articles=2)],
        events=[StoryEvent(type="air_strike", place="Idlib", date="2026-03-05", articles=2)],
        tolls=[
            StoryToll(
                at=PUBLISHED, **tolls, killed=(3, 3), wounded=(7, 7), source=opened_by.source,
                cited=["Syria Civil Defence"], article_id=opened_by.id,
            ),
            StoryToll(
                at=later, **tolls, killed=(5, None), source=outlet, cited=["Syria Civil Defence"], article_id=article
            ),
        ],
        killed=(3, None),
        wounded=(7, 7),
        claims=[
            StoryClaim(
                speaker="Ministry of Defence of Syria", stance="denial", about="air_strike", text=denial,
                article_id=opened_by.id, source=opened_by.source, at=PUBLISHED,
            ),
            StoryClaim(
                speaker="Syria Civil Defence", stance="accusation", about="air_strike", text=accusation,
                article_id=article, source=outlet, at=later,
            ),
        ],
        contested=[
            Contested(
                about="perpetrator", type="air_strike",
                sides=[
                    ContestedSide(
                        says=accusation, said_by="Syria Civil Defence", source=outlet, article_id=article
                    ),
                    ContestedSide(
                        says=denial, said_by="Ministry of Defence of Syria", source=opened_by.source,
                        article_id=opened_by.id,
                    ),
                ],
            )
        ],
        changed=["outlet", "toll", "claim", "contested"],
        article_id=article,
        record_id=UUID("5e0c1a77-3d4b-5f0a-9b6e-2c8d7f1a4e60"),
    )  # fmt: skip


def _fields(model: Any) -> dict[str, Any]:
    return {name: getattr(model, name) for name in type(model).model_fields}


def example_records() -> list[Record]:
    """One record of each topic but `deadletters`, in the order of the pipeline."""
    raw, found, verdict = _raw(), _extraction(), _verdict()
    normalized = NormalizedArticle(**_fields(raw), normalized=_normalization())
    extracted = ExtractedArticle(**_fields(normalized), **_fields(found))
    deduplicated = DeduplicatedArticle(**_fields(extracted), **_fields(verdict))
    alert = Alert(
        alert_id=UUID("a4b0c7d2-1f6e-5b3a-8c9d-7e2f1a0b3c4d"),
        rule="strikes-in-idlib",
        title="غارات على إدلب",
        severity="critical",
        labels={"desk": "middle-east"},
        story_id=deduplicated.story_id,
        change="first",
        reasons=[Reason(condition="event: air_strike", matched="غارة", **_span("غارة"))],
        article=AlertArticle(
            **{name: getattr(deduplicated, name) for name in AlertArticle.model_fields if name != "excerpt"},
            excerpt=TEXT.split("\n\n")[0],
        ),
        entities=deduplicated.entities,
        events=deduplicated.events,
        claims=deduplicated.claims,
        webhooks=["desk"],
    )
    attempt = DeliveryAttempt(
        alert_id=alert.alert_id,
        webhook="desk",
        attempt=1,
        outcome="delivered",
        status=204,
        latency_ms=48.5,
        at=FETCHED + timedelta(seconds=1),
    )
    return [raw, normalized, extracted, deduplicated, _story(deduplicated), alert, attempt]
