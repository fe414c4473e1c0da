"""What was found, put together for a reader."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.articles_extracted import Claim
from services.cli.explain_findings import marks_of, named_in, percent, places_of, rows_of, toll_words
from tests.unit.cli.explained_articles import SEEDS, STRIKES, article, seed

FILES = sorted(path for path in SEEDS.iterdir() if path.suffix == ".json")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rows_hold_the_whole_text_and_every_finding_once(path: Path) -> None:
    found = seed(path)
    rows = rows_of(found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(rows))
    held = "".join(found.text[row.start : row.end] for row in rows)
    assert "".join(held.split()) == "".join(found.text.split())
    assert sorted(number for row in rows for number, _ in row.events) == list(range(len(found.events)))
    assert sorted(number for row in rows for number, _ in row.claims) == list(range(len(found.claims)))
    for row in rows:
        assert all(row.start <= event.start < row.end for _, event in row.events)
        assert all(row.start <= claim.start < row.end for _, claim in row.claims)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_trigger_and_a_cue_stand_where_their_words_are(path: Path) -> None:
    found = seed(path)
    for mark in marks_of(found):
        words = found.text[mark.start : mark.end]
        if mark.layer == "trigger":
            assert words == found.events[mark.number].trigger
        if mark.layer == "cue":
            assert words == found.claims[mark.number].cue


def test_a_cue_is_looked_up_in_its_own_sentence_though_the_next_begins_with_the_same_word() -> None:
    text = "وأضاف الوزير سمير النحاس في مؤتمر صحفي أن العمل مستمر. وأضاف أن الفرق ستعود إلى القرية غدا."
    found = article(text)
    said = [(text.index("العمل"), text.index(".")), (text.index("الفرق"), len(text) - 1)]
    claims = [
        Claim(speaker="x", speaker_text="x", cue="وأضاف", start=start, end=end, quoted=False, confidence=1)
        for start, end in said
    ]
    marks = marks_of(found.model_copy(update={"claims": claims}))
    cues = {mark.number: mark.start for mark in marks if mark.layer == "cue"}
    assert cues == {0: 0, 1: text.rindex("وأضاف")}


def test_a_name_is_told_once_with_all_that_its_mentions_say() -> None:
    named = {one.canonical: one for one in named_in(seed(STRIKES).entities)}
    assert (named["Daraa"].count, named["Daraa"].in_the_text, named["Daraa"].country) == (2, "درعا", "SY")
    assert named["UN Security Council"].wikidata == "Q37470"


def test_places_where_something_happened_come_first() -> None:
    found = seed(STRIKES)
    places = places_of(named_in(found.entities), found.events)
    assert [happened for _, happened in places] == sorted((happened for _, happened in places), reverse=True)
    assert {place.canonical for place, happened in places if happened} >= {"Daraa", "Izra"}


def test_tolls_and_confidences_read_like_numbers() -> None:
    assert toll_words((2, 2), "or more") == "2"
    assert toll_words((2, 5), "or more") == "2-5"
    assert toll_words((21, None), "or more") == "21 or more"


@given(st.floats(0, 1))
def test_only_what_is_certain_shows_a_hundred(confidence: float) -> None:
    assert percent(confidence) != "100%" or confidence > 0.999999
    assert 0 <= int(percent(confidence)[:-1]) <= 100
