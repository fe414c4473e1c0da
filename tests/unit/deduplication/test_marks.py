"""What tells texts apart that are written alike."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Entity, Event, Quantity
from services.deduplication.fingerprint import fingerprint
from services.deduplication.marks import (
    MARK_BYTES,
    MOST_EVENTS,
    MOST_NUMBERS,
    MOST_PLACES,
    MOST_TITLE_WORDS,
    Marks,
)
from tests.unit.deduplication.examples import FLOOD, HARBOUR, article


def marks_of(text: tuple[str, ...] | str = FLOOD, **more: Any) -> Marks:
    quantities = more.pop("quantities", [])
    return fingerprint(article(text, **more).model_copy(update={"quantities": quantities})).marks


def set_of(packed: bytes) -> set[int]:
    return {int.from_bytes(packed[at : at + MARK_BYTES], "big") for at in range(0, len(packed), MARK_BYTES)}


def code(name: str) -> int:
    return crc32(name.encode()) & 0xFFFF


def place(canonical: str, type: str = "LOC") -> Entity:
    named = {"text": canonical, "canonical": canonical, "type": type}
    return Entity.model_validate(named | {"start": 0, "end": 1, "confidence": 1})


def event(type: str, *places: str) -> Event:
    return Event.model_validate({"type": type, "trigger": "حدث", "start": 0, "places": places, "confidence": 1})


def quantity(least: float) -> Quantity:
    return Quantity(text="كذا", start=0, end=3, least=least, most=least)


def test_a_bare_article_has_no_marks() -> None:
    assert marks_of() == Marks(b"", b"", b"", b"")


def test_the_words_of_a_title_are_marks_whatever_their_form_and_order() -> None:
    one = marks_of(title="سيول وادي الرمان تودي بتسعة أشخاص").title
    other = marks_of(title="أشخاص تودي بتسعة: سيول الوادي، والرمان!").title
    assert len(set_of(one)) >= 5
    assert len(set_of(one) & set_of(other)) >= len(set_of(one)) - 1


def test_words_of_a_title_that_stand_everywhere_tell_nothing() -> None:
    assert marks_of(title="في من على إلى أن").title == b""


def test_numbers_count_whether_written_in_digits_or_told_as_quantities() -> None:
    assert set_of(marks_of("أصيب 27 شخصا وقتل ٩ في 3 قرى.").numbers) == {code("27"), code("9"), code("3")}
    assert set_of(marks_of(quantities=[quantity(9), quantity(2)]).numbers) == {code("9"), code("2")}
    assert marks_of("قتل 9 أشخاص.").numbers == marks_of("قتل تسعة أشخاص.", quantities=[quantity(9)]).numbers


def test_a_number_that_nobody_counted_is_no_mark() -> None:
    assert marks_of(f"رمز الصفقة {'7' * 30}.").numbers == b""
    for least in (1e9, 1e300):
        assert marks_of(quantities=[quantity(least)]).numbers == b""


def test_places_are_marks_and_other_names_are_not() -> None:
    found = marks_of(entities=[place("Hama"), place("Idlib"), place("Hama"), place("Salim", "PER"), place("UN", "ORG")])
    assert set_of(found.places) == {code("Hama"), code("Idlib")}


def test_an_event_counts_by_its_type_and_by_its_place() -> None:
    found = marks_of(events=[event("air_strike", "Hama", "Syria"), event("protest")])
    assert set_of(found.events) == {code("air_strike@Hama"), code("air_strike"), code("protest")}


def test_of_many_marks_the_first_are_kept() -> None:
    names = [f"place-{number}" for number in range(200)]
    found = marks_of(
        " ".join(str(number) for number in range(500)),
        title=" ".join(f"قلعة{'بتثجحخدذرز'[number % 10]}{'سشصضطظعغفق'[number // 10]}" for number in range(100)),
        entities=[place(name) for name in names],
        events=[event("air_strike", name) for name in names],
    )
    most = (MOST_TITLE_WORDS, MOST_NUMBERS, MOST_PLACES, MOST_EVENTS)
    for packed, limit in zip(found, most, strict=True):
        assert limit - 2 <= len(set_of(packed)) <= limit  # two marks may have one code
    assert set_of(found.places) == {code(name) for name in names[:MOST_PLACES]}


def test_the_same_marks_are_packed_alike_whatever_their_order() -> None:
    entities = [place(name) for name in ("Hama", "Idlib", "Homs", "Daraa", "Tartus")]
    assert marks_of(entities=entities) == marks_of(entities=entities[::-1])


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200), st.text(min_size=1, max_size=200), st.lists(st.text(min_size=1, max_size=9), max_size=20))
def test_marks_are_whole_in_ascending_order_and_few_whatever_is_written(
    title: str, text: str, names: list[str]
) -> None:
    for packed in marks_of(text, title=title, entities=[place(name) for name in names]):
        assert len(packed) % MARK_BYTES == 0
        assert len(packed) <= 16 * MARK_BYTES
        found = [packed[at : at + MARK_BYTES] for at in range(0, len(packed), MARK_BYTES)]
        assert found == sorted(set(found))


@pytest.mark.parametrize("least", [-3.0, 0.0, 2.5, float("inf"), float("nan")])
def test_any_quantity_is_taken(least: float) -> None:
    odd = quantity(1).model_copy(update={"least": least})
    assert len(marks_of(HARBOUR, quantities=[odd]).numbers) <= MARK_BYTES
