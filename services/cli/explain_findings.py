"""What was found in an article, put together for a reader: marks over the text, names told once, cards by paragraph."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from schemas.articles_extracted import Claim, Entity, EntityType, Event, ExtractedArticle, Quantity, Toll
from services.cli.explain_marks import Mark, holder_of, words_nearest

CUE_REACH = 400  # characters around what is said in which its cue is looked for, where it is not in the same sentence

ParagraphKind = Literal["body", "subhead", "boilerplate", "repeated", "between"]
Precision = Literal["exact", "near", "town", "region", "country"]


@dataclass
class Named:
    """A person, organisation, armed group or place, however often it is mentioned."""

    type: EntityType
    canonical: str
    count: int = 0
    mentions: Counter[str] = field(default_factory=Counter)
    roles: list[str] = field(default_factory=list)
    confidence: float = 0.0
    wikidata: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision | None = None

    def add(self, entity: Entity) -> None:
        """One more mention; what an earlier one left open is taken from it."""
        self.count += 1
        self.mentions[" ".join(entity.text.split())] += 1
        if entity.role and entity.role not in self.roles:
            self.roles.append(entity.role)
        self.confidence = max(self.confidence, entity.confidence)
        self.wikidata = self.wikidata or entity.wikidata
        self.country = self.country or entity.country
        if self.lat is None and entity.lat is not None and entity.lon is not None:
            self.lat, self.lon, self.precision = entity.lat, entity.lon, entity.precision

    @property
    def in_the_text(self) -> str:
        """What the article calls it most often; of equals the longest."""
        return max(self.mentions, key=lambda text: (self.mentions[text], len(text)))


@dataclass(frozen=True)
class Row:
    """A paragraph (or what stands between two, where that is not blank) with what belongs beside it."""

    start: int
    end: int
    kind: ParagraphKind
    events: tuple[tuple[int, Event], ...] = ()
    claims: tuple[tuple[int, Claim], ...] = ()


def named_in(entities: Iterable[Entity]) -> list[Named]:
    """Every name once: by type, the most mentioned first."""
    found: dict[tuple[str, str], Named] = {}
    for entity in entities:
        key = entity.type, entity.canonical
        found.setdefault(key, Named(entity.type, entity.canonical)).add(entity)
    order = ("PER", "ORG", "GRP", "LOC")
    return sorted(found.values(), key=lambda named: (order.index(named.type), -named.count))


def places_of(named: Iterable[Named], events: Iterable[Event]) -> list[tuple[Named, bool]]:
    """The places that have coordinates, and whether an event happened there; those first, then the most mentioned."""
    happened = {place for event in events for place in event.places}
    found = [(one, one.canonical in happened) for one in named if one.type == "LOC" and one.lat is not None]
    return sorted(found, key=lambda pair: (not pair[1], -pair[0].count))


def marks_of(article: ExtractedArticle) -> list[Mark]:
    """All that can be shown in the text itself, within its bounds. A cue is looked up by its words beside its claim."""
    marks = [Mark("entity", number, one.start, one.end) for number, one in enumerate(article.entities)]
    marks += [Mark("date", number, one.start, one.end) for number, one in enumerate(article.dates)]
    marks += [Mark("quantity", number, one.start, one.end) for number, one in enumerate(article.quantities)]
    for number, event in enumerate(article.events):
        marks.append(Mark("trigger", number, event.start, event.start + len(event.trigger)))
    for number, claim in enumerate(article.claims):
        marks.append(Mark("claim", number, claim.start, claim.end))
        if cue := _cue_of(claim, article):
            marks.append(Mark("cue", number, *cue))
    length = len(article.text)
    return [mark for mark in marks if mark.start < mark.end <= length]


def _cue_of(claim: Claim, article: ExtractedArticle) -> tuple[int, int] | None:
    """Where the cue stands: in the sentences of the claim, else near it. The next sentence may begin with the same word,
    and nearer."""
    sentences = [one for one in article.normalized.sentences if one.start < claim.end and one.end > claim.start]
    span = claim.start, claim.end
    if sentences and (cue := words_nearest(article.text, claim.cue, *span, sentences[0].start, sentences[-1].end)):
        return cue
    return words_nearest(article.text, claim.cue, *span, claim.start - CUE_REACH, claim.end + CUE_REACH)


def rows_of(article: ExtractedArticle) -> list[Row]:
    """The whole text in rows, in order; every event and claim beside the paragraph that it begins in."""
    stretches = _stretches(article)
    starts = [start for start, _, _ in stretches]
    events: list[list[tuple[int, Event]]] = [[] for _ in stretches]
    claims: list[list[tuple[int, Claim]]] = [[] for _ in stretches]
    for number, event in enumerate(article.events):
        events[holder_of(event.start, starts)].append((number, event))
    for number, claim in enumerate(article.claims):
        claims[holder_of(claim.start, starts)].append((number, claim))
    return [
        Row(start, end, kind, tuple(events[at]), tuple(claims[at])) for at, (start, end, kind) in enumerate(stretches)
    ]


def marked_rows(article: ExtractedArticle) -> Iterator[tuple[Row, list[Mark]]]:
    """The rows, each with the marks that reach into it."""
    marks = sorted(marks_of(article), key=lambda mark: mark.start)
    starts = [mark.start for mark in marks]
    longest = max((mark.end - mark.start for mark in marks), default=0)
    for row in rows_of(article):
        near = marks[bisect_left(starts, row.start - longest) : bisect_left(starts, row.end)]
        yield row, [mark for mark in near if mark.end > row.start]


def _stretches(article: ExtractedArticle) -> list[tuple[int, int, ParagraphKind]]:
    found: list[tuple[int, int, ParagraphKind]] = []
    reached = 0

    def between(end: int) -> None:
        if article.text[reached:end].strip():
            found.append((reached, end, "between"))

    for paragraph in article.normalized.paragraphs:
        between(paragraph.start)
        found.append((paragraph.start, paragraph.end, paragraph.kind))
        reached = paragraph.end
    between(len(article.text))
    return found or [(0, len(article.text), "between")]


def toll_words(toll: Toll, or_more: str) -> str:
    """A toll as people write it: 2, 2-5, 21 or more."""
    least, most = toll
    if most is None:
        return f"{least} {or_more}"
    return str(least) if most == least else f"{least}-{most}"


def amount(quantity: Quantity, or_more: str) -> str:
    """A quantity as people write it."""
    least, most = f"{quantity.least:,.10g}", quantity.most
    if most is None:
        return f"{least} {or_more}"
    return least if most == quantity.least else f"{least}-{most:,.10g}"


def percent(confidence: float) -> str:
    """A confidence as a share of a hundred; only what is certain shows 100."""
    return f"{int(confidence * 100 + 1e-9)}%"
