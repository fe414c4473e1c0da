"""Whom an article is about."""

from __future__ import annotations

import pytest

from services.cli.protagonists import is_outlet, protagonists

ENTITIES = [
    *({"type": "ORG", "canonical": "Reuters", "text": "رويترز"} for _ in range(3)),
    *({"type": "ORG", "canonical": "مجلس البلدية", "text": "مجلس البلدية"} for _ in range(2)),
    {"type": "PER", "canonical": "Rana Shami", "text": "رنا الشامي"},
    {"type": "GRP", "canonical": "Falcon Brigades", "text": "كتائب الصقر"},
    {"type": "LOC", "canonical": "Arsal", "text": "عرسال"},
]


def test_actors_come_first_then_speakers_and_outlets_last() -> None:
    record = {
        "entities": ENTITIES,
        "events": [{"actors": ["Falcon Brigades", "مسلحون"], "targets": ["Arsal"]}],
        "claims": [{"speaker": "Reuters"}, {"speaker": "Rana Shami"}],
    }
    assert protagonists(record, 9) == ["Falcon Brigades", "Rana Shami", "مجلس البلدية", "Reuters"]
    assert protagonists(record, 2) == ["Falcon Brigades", "Rana Shami"]


def test_without_events_and_claims_the_most_named_come_first() -> None:
    assert protagonists({"entities": ENTITIES}, 2) == ["مجلس البلدية", "Rana Shami"]


def test_who_carries_a_claim_is_an_outlet() -> None:
    record = {"entities": ENTITIES, "claims": [{"speaker": "Rana Shami", "via": ["مجلس البلدية"]}]}
    assert protagonists(record, 9)[-2:] == ["Reuters", "مجلس البلدية"]


@pytest.mark.parametrize("name", ["رويترز", "وكالة فرانس برس", "وكالة أنباء الشرق", "صحيفة الميناء", "قناة الجزيرة"])
def test_agencies_papers_and_stations_are_outlets(name: str) -> None:
    assert is_outlet(name)


@pytest.mark.parametrize("name", ["وكالة الفضاء الأوروبية", "مجلس البلدية", "", "هيئة قناة السويس"])
def test_other_bodies_are_none(name: str) -> None:
    assert not is_outlet(name)


@pytest.mark.parametrize(
    "record", [{}, {"entities": 3, "events": [7], "claims": None}, {"entities": [{"type": "PER"}]}]
)
def test_any_record_is_tolerated(record: dict[str, object]) -> None:
    assert protagonists(record, 3) in ([], [""])
