"""Whole engines held against labels."""

from __future__ import annotations

from schemas.articles_extracted import Claim, Entity, Event, Extraction
from schemas.articles_normalized import NormalizedArticle
from services.extraction.training.measuring import measured
from services.extraction.training.scores import Score
from tests.unit.extraction.writing import article

TEXT = "قصفت المدفعية أطراف مدينة الباب، وقال ناطق إن المدنيين غادروا الحي."
SAID = "المدنيين غادروا الحي"


class _Engine:
    """Finds the same in every article."""

    name = "fixed"
    version = "1"

    def extract(self, article: NormalizedArticle) -> Extraction:
        start, said = TEXT.index("الباب"), TEXT.index(SAID)
        entity = {"text": "الباب", "start": start, "end": start + 5, "canonical": "Al-Bab"}
        events = [
            Event(type="shelling", trigger="قصفت", start=0, confidence=0.9),
            Event(type="shelling", trigger="المدفعية", start=5, confidence=0.4),
        ]
        claim = {"speaker": "ناطق", "speaker_text": "ناطق", "cue": "قال", "quoted": False}
        return Extraction(
            engine="fixed 1",
            entities=[Entity(**entity, type="LOC", confidence=0.8), Entity(**entity, type="ORG", confidence=0.3)],
            events=events,
            claims=[Claim(**claim, start=said, end=said + len(SAID) - 6, confidence=0.7)],
        )


def test_each_label_is_taken_once_by_the_surest_finding() -> None:
    start, said = TEXT.index("الباب"), TEXT.index(SAID)
    gold = {
        "entities": [{"start": start, "end": start + 5, "type": "LOC"}],
        "events": [{"type": "shelling", "start": 5}],
        "claims": [{"start": said, "end": said + len(SAID)}, {"start": 0, "end": 4}],
    }
    found = measured(_Engine(), [(article(TEXT), gold)])
    assert found["entities"] == (Score(1, 2, 1), [(0.8, True), (0.3, False)])
    assert found["events"] == (Score(1, 2, 1), [(0.9, True), (0.4, False)])
    assert found["claims"] == (Score(1, 1, 2), [(0.7, True)])


def test_what_was_not_labelled_is_not_held_against_the_engine() -> None:
    found = measured(_Engine(), [(article(TEXT), {"events": []})])
    assert found == {"events": (Score(0, 2, 0), [(0.9, False), (0.4, False)])}
