"""The cards beside a paragraph: an event, a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.articles_extracted import Claim, Event, ExtractedArticle
from services.cli import explain_words as words
from services.cli.explain_findings import Named, Row, percent, toll_words
from services.cli.explain_markup import Element, tag

SLOTS = 12  # findings of a row that light up together with their words; the style sheet has a rule for each
UNSURE = 0.5


class Names:
    """How things are called on the page: as the article calls them, with their usual name for who points at it."""

    def __init__(self, named: Sequence[Named]) -> None:
        self._by_canonical: dict[str, Named] = {}
        for one in named:
            self._by_canonical.setdefault(one.canonical, one)

    def of(self, canonical: str) -> Element:
        """One name, or words of the text."""
        known = self._by_canonical.get(canonical)
        if known is None:
            return tag("bdi", " ".join(canonical.split()))
        return tag("bdi", known.in_the_text, of=f"name {known.type}", title=description(known))

    def listed(self, canonicals: Sequence[str]) -> Element | None:
        """Several, one after the other; None where there are none."""
        if not canonicals:
            return None
        listed = tag("span")
        for number, canonical in enumerate(canonicals):
            if number:
                listed.append(tag("span", "، "))
            listed.append(self.of(canonical))
        return listed


def description(named: Named) -> str:
    """What is known of a name, in a line."""
    known = [named.canonical, words.TYPES[named.type], *named.roles[:2]]
    if named.wikidata:
        known.append(named.wikidata)
    if named.country:
        known.append(named.country)
    if named.precision:
        known.append(words.PRECISIONS[named.precision])
    return " · ".join([*known, percent(named.confidence)])


def slots_of(row: Row) -> Mapping[tuple[str, int], int]:
    """The slots of a row's events and claims, by kind and number."""
    findings = [("trigger", number) for number, _ in row.events] + [("claim", number) for number, _ in row.claims]
    return {finding: slot for slot, finding in enumerate(findings[:SLOTS])}


def cards_of(row: Row, article: ExtractedArticle, names: Names) -> list[Element]:
    """The cards of a row: events, then claims, each in the order of the text."""
    slots = slots_of(row)

    def light(kind: str, number: int) -> str:
        slot = slots.get((kind, number))
        return "" if slot is None else f" k{slot}"

    cards = [_event(number, event, names, light("trigger", number)) for number, event in row.events]
    return cards + [_claim(number, claim, article, names, light("claim", number)) for number, claim in row.claims]


def _event(number: int, event: Event, names: Names, light: str) -> Element:
    return tag(
        "article",
        tag(
            "header",
            tag("a", str(number + 1), of="badge of-event", href=f"#in-e{number + 1}", title="إلى موضعه في النص"),
            tag("strong", words.EVENTS[event.type]),
            tag("code", event.type, dir="ltr"),
            sureness(event.confidence),
        ),
        _facts(
            ("التاريخ", _left_to_right(event.date)),
            ("المكان", names.listed(event.places)),
            ("الفاعل", names.listed(event.actors)),
            ("الهدف", names.listed(event.targets)),
            ("قتلى", _toll(event.killed)),
            ("جرحى", _toll(event.wounded)),
            ("بحسب", names.listed(event.sources)),
        ),
        of=f"card event{_unsure(event.confidence)}{light}",
        id=f"e{number + 1}",
    )


def event_line(number: int, event: Event, names: Names) -> Element:
    """An event in brief, which leads to its card."""
    facts = [
        names.listed(event.places[:2]),
        _left_to_right(event.date),
        tag("span", "قتلى ", _toll(event.killed)) if event.killed else None,
        tag("span", "جرحى ", _toll(event.wounded)) if event.wounded else None,
    ]
    line = tag(
        "a",
        tag("span", str(number + 1), of="badge of-event"),
        tag("strong", words.EVENTS[event.type]),
        *(tag("span", fact, of="fact") for fact in facts if fact is not None),
        sureness(event.confidence),
        href=f"#e{number + 1}",
    )
    return tag("li", line, of=_unsure(event.confidence).strip())


def _claim(number: int, claim: Claim, article: ExtractedArticle, names: Names, light: str) -> Element:
    about = None
    if claim.about is not None and claim.about < len(article.events):
        target = claim.about + 1
        about = tag(
            "a",
            tag("span", str(target), of="badge of-event"),
            f" {words.EVENTS[article.events[claim.about].type]}",
            href=f"#e{target}",
        )
    speaker = names.of(claim.speaker)
    called = tag("bdi", claim.speaker_text) if speaker.text != claim.speaker_text else None
    return tag(
        "article",
        tag(
            "header",
            tag("a", str(number + 1), of="badge of-claim", href=f"#in-c{number + 1}", title="إلى موضعه في النص"),
            tag("strong", speaker),
            tag("span", words.STANCES[claim.stance], of=f"stance {claim.stance}")
            if claim.stance != "statement"
            else None,
            tag("span", "«…»", of="quoted", title="فيه كلام بين علامتي اقتباس") if claim.quoted else None,
            sureness(claim.confidence),
        ),
        _facts(
            ("كما ورد", called),
            ("عبر", names.listed(claim.via)),
            ("فعل القول", tag("bdi", claim.cue)),
            ("عن", about),
        ),
        of=f"card claim-card {claim.stance}{_unsure(claim.confidence)}{light}",
        id=f"c{number + 1}",
    )


def sureness(confidence: float) -> Element:
    """A confidence, as a number."""
    return tag("span", percent(confidence), of="sure", dir="ltr", title="الثقة: نسبة ما يصح من أمثاله")


def _unsure(confidence: float) -> str:
    return " unsure" if confidence < UNSURE else ""


def _toll(toll: tuple[int, int | None] | None) -> Element | None:
    if toll is None:
        return None
    return tag("bdi", toll_words(toll, words.OR_MORE), of="toll", dir="rtl" if toll[1] is None else "ltr")


def _left_to_right(text: str | None) -> Element | None:
    return tag("bdi", text, dir="ltr") if text else None


def _facts(*facts: tuple[str, Element | None]) -> Element | None:
    known = [(name, value) for name, value in facts if value is not None]
    if not known:
        return None
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in known))
