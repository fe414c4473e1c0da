"""Two articles side by side."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.deduplication.comparison import (
    UNKNOWN,
    UNKNOWN_EVENT,
    Comparison,
    Judgement,
    Scale,
    compared,
    judgements,
    written_alike_elsewhere,
)
from services.deduplication.fingerprint import Fingerprint, fingerprint
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, NOON, article
from tests.unit.deduplication.prints import print_of, prints, with_terms

SHARES = (
    "jaccard", "containment", "of_later", "of_earlier", "passages", "in_passages", "lead_of_later", "lead_of_earlier",
    "title", "numbers", "places", "events", "same_source",
)  # fmt: skip
SYMMETRIC = (
    "jaccard", "containment", "title", "numbers", "places", "events", "terms", "hours", "hours_of_source",
    "same_source", "unlike_size", "size",
)  # fmt: skip
MIRRORED = (("of_later", "of_earlier"), ("lead_of_later", "lead_of_earlier"))


def test_an_article_is_wholly_in_its_copy() -> None:
    one, copy = print_of(range(10), range(10, 30)), print_of(range(10), range(10, 30), source="صدى الوادي")
    found = compared(copy, one)
    whole = ("jaccard", "containment", "of_later", "of_earlier", "passages", "in_passages", "lead_of_later")
    assert {getattr(found, name) for name in whole} == {1.0}
    assert (found.lead_of_earlier, found.hours, found.unlike_size, found.same_source) == (1.0, 0.0, 0.0, 0.0)
    assert found.size == pytest.approx(math.log(31))


def test_a_text_that_was_cut_and_led_anew_is_contained_in_the_longer_one() -> None:
    whole = print_of(range(10), range(10, 30), range(30, 60), lead=10)
    cut = print_of(range(100, 110), range(10, 30), lead=10)
    found = compared(cut, whole)
    assert found.jaccard == pytest.approx(20 / 70)
    assert found.containment == found.of_later == pytest.approx(20 / 30)
    assert found.of_earlier == pytest.approx(20 / 60)
    assert found.passages == pytest.approx(20 / 30)
    assert found.in_passages == pytest.approx(20 / 60)
    assert (found.lead_of_later, found.lead_of_earlier) == (0.0, 0.0)
    assert found.unlike_size == pytest.approx(math.log(2))


def test_a_passage_is_shared_where_three_fifths_of_it_are_and_it_is_long_enough_to_tell() -> None:
    earlier = print_of(range(100))
    assert compared(print_of([1, 2, 3, 4, 5, 6, 201, 202, 203, 204]), earlier).passages == 1.0
    assert compared(print_of([1, 2, 3, 4, 5, 201, 202, 203, 204, 205]), earlier).passages == 0.0
    assert compared(print_of([1, 2, 3], range(200, 209)), earlier).passages == 0.0
    assert compared(print_of([1, 2, 3, 4], range(200, 208)), earlier).passages == pytest.approx(4 / 12)


def test_words_strewn_over_another_text_are_shared_but_no_passage_is() -> None:
    earlier = print_of(range(100))
    strewn = print_of(*([at, 200 + at, 300 + at, 400 + at] for at in range(20)))
    found = compared(strewn, earlier)
    assert found.of_later == pytest.approx(1 / 4)
    assert (found.passages, found.in_passages) == (0.0, 0.0)


def test_a_standing_passage_counts_for_nothing() -> None:
    background = range(500, 560)
    one, other = print_of(range(20), background), print_of(range(100, 120), background, source="صدى الوادي")
    assert compared(other, one).containment == pytest.approx(60 / 80)
    found = compared(other, one, standing={1})
    nothing = ("jaccard", "containment", "of_later", "of_earlier", "passages", "in_passages")
    assert {getattr(found, name) for name in nothing} == {0.0}
    assert found.size == pytest.approx(math.log(21))
    assert found.unlike_size == 0.0


def test_what_is_beside_a_standing_passage_counts_in_full() -> None:
    background = range(500, 560)
    one, other = print_of(range(20), background), print_of(background, range(10), range(200, 210))
    found = compared(other, one, standing={0})
    assert found.jaccard == pytest.approx(10 / 30)
    assert (found.of_later, found.of_earlier, found.passages) == pytest.approx((0.5, 0.5, 0.5))


def test_an_article_of_nothing_but_standing_passages_shares_nothing() -> None:
    one = print_of(range(60))
    found = compared(one, one, standing={0})
    assert (found.jaccard, found.containment, found.passages) == (0.0, 0.0, 0.0)


def test_samples_are_compared_at_the_coarser_grain() -> None:
    long = print_of(range(0, 1600, 4), level=2)
    usual = print_of(range(300))
    found = compared(usual, long)
    assert (found.of_later, found.of_earlier) == (1.0, 75 / 400)
    assert found.size == pytest.approx(math.log(1 + 75 * 4))
    assert compared(long, usual).of_later == 75 / 400


def test_marks_are_shared_as_far_as_the_fewer_go_and_titles_as_a_whole() -> None:
    one = print_of(range(9), title=(1, 2, 3), numbers=(4, 5), places=(6,), events=(7, 8))
    other = print_of(range(9), title=(2, 3, 4, 5), numbers=(5, 6, 7), places=(1, 2), events=(7, 8, 9))
    found = compared(other, one)
    assert (found.title, found.numbers, found.places, found.events) == (2 / 5, 1 / 2, 0.0, 1.0)


def test_what_one_of_them_does_not_say_is_unknown() -> None:
    one, other = print_of(range(9)), print_of(range(9), numbers=(1,), places=(2,), events=(3,))
    for found in (compared(one, other), compared(other, one), compared(one, one)):
        assert (found.title, found.numbers, found.places, found.events) == (0.0, UNKNOWN, UNKNOWN, UNKNOWN_EVENT)


def test_terms_are_compared_by_their_weights() -> None:
    one, other = (replace(print_of(range(9)), terms=with_terms(*weights)) for weights in ((3, 4), (3, 4, 0.01)))
    assert compared(other, one).terms == pytest.approx(1, abs=0.01)
    assert compared(print_of(range(9), terms=[(7, 255)]), one).terms == 0.0
    assert compared(print_of(range(9), terms=[(1, 255)]), one).terms == pytest.approx(3 / 5, abs=0.01)
    assert compared(print_of(range(9)), one).terms == 0.0


def test_time_counts_in_both_directions_and_within_an_outlet_once_more() -> None:
    one = print_of(range(9))
    for hours in (5, -5):
        own = compared(print_of(range(9), hours=hours), one)
        assert own.hours == own.hours_of_source == pytest.approx(math.log(6))
        others = compared(print_of(range(9), hours=hours, source="صدى الوادي"), one)
        assert (others.hours, others.hours_of_source) == (pytest.approx(math.log(6)), 0.0)


@settings(deadline=None, max_examples=200)
@given(prints(), prints(), st.sets(st.integers(0, 12), max_size=4))
def test_every_share_is_between_nothing_and_all(one: Fingerprint, other: Fingerprint, standing: set[int]) -> None:
    found = compared(one, other, standing)
    for name in SHARES:
        assert 0.0 <= getattr(found, name) <= 1.0, name
    assert 0.0 <= found.terms <= 1.02  # weights are rounded to a byte
    assert found.jaccard <= found.containment
    assert found.passages <= 1.0
    assert found.hours_of_source in (0.0, found.hours)
    assert all(math.isfinite(figure) and figure >= 0 for figure in found)


@settings(deadline=None, max_examples=200)
@given(prints(), prints())
def test_it_does_not_matter_for_most_figures_which_came_first(one: Fingerprint, other: Fingerprint) -> None:
    forth, back = compared(one, other), compared(other, one)
    for name in SYMMETRIC:
        assert getattr(forth, name) == pytest.approx(getattr(back, name), abs=1e-12), name
    for name, mirrored in MIRRORED:
        assert getattr(forth, name) == pytest.approx(getattr(back, mirrored), abs=1e-12), name


@settings(deadline=None, max_examples=100)
@given(prints())
def test_nothing_is_nearer_to_an_article_than_itself(one: Fingerprint) -> None:
    found = compared(one, one)
    if one.sample.packed:
        assert (found.jaccard, found.containment, found.of_later, found.of_earlier) == (1.0,) * 4
        assert found.lead_of_later == (1.0 if one.sample.lead else 0.0)
    assert (found.hours, found.unlike_size, found.same_source) == (0.0, 0.0, 1.0)


def figures(**given: float) -> Comparison:
    return Comparison(**dict.fromkeys(Comparison._fields, 0.5) | given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"places": 0.0, "same_source": 1.0, "jaccard": 0.31}, True),
        ({"places": 0.0, "same_source": 1.0, "jaccard": 0.3}, False),
        ({"places": 0.0, "same_source": 0.0, "jaccard": 0.9}, False),
        ({"places": 0.1, "same_source": 1.0, "jaccard": 0.9}, False),
        ({"places": UNKNOWN, "same_source": 1.0, "jaccard": 0.9}, False),
    ],
    ids=["a form", "too little is shared", "another outlet", "a place is shared", "no place is known"],
)
def test_a_form_is_one_outlets_same_words_on_another_place(given: dict[str, float], expected: bool) -> None:
    assert written_alike_elsewhere(figures(**given)) is expected


@pytest.mark.parametrize(
    ("figure", "worth"), [(-1.0, 0.0), (0.1999, 0.0), (0.2, 1.5), (0.49, 1.5), (0.5, -0.5), (9.0, -0.5)]
)
def test_a_scale_takes_the_step_of_the_last_edge_that_the_figure_reaches(figure: float, worth: float) -> None:
    assert Scale((0.2, 0.5), (0.0, 1.5, -0.5)).worth(figure) == worth


def test_odds_are_the_bias_and_what_each_figure_adds() -> None:
    scales = {"jaccard": Scale((0.5,), (0.0, 2.0)), "hours": Scale((1.0,), (0.25, -1.0))}
    judgement = Judgement(-1.0, 0.0, scales)
    assert judgement.worths(figures(jaccard=0.7, hours=0.2)) == {"jaccard": 2.0, "hours": 0.25}
    assert judgement.odds(figures(jaccard=0.7, hours=0.2)) == 1.25
    assert judgement.odds(figures(jaccard=0.1, hours=3)) == -2.0


def test_the_judgements_that_ship_know_their_figures_and_their_scales_fit() -> None:
    for judgement in (judgements().copy, judgements().story):
        assert set(judgement.scales) <= set(Comparison._fields)
        for name, scale in judgement.scales.items():
            assert len(scale.odds) == len(scale.edges) + 1, name
            assert list(scale.edges) == sorted(set(scale.edges)), name
            assert all(map(math.isfinite, scale.odds)), name


def test_more_in_common_never_makes_two_articles_less_alike() -> None:
    rising = set(Comparison._fields) - {"hours", "hours_of_source", "same_source", "unlike_size", "size"}
    for judgement in (judgements().copy, judgements().story):
        for name, scale in judgement.scales.items():
            if name in rising:
                assert list(scale.odds) == sorted(scale.odds), name
            elif name.startswith("hours"):
                assert list(scale.odds) == sorted(scale.odds, reverse=True), name


def test_a_copy_is_a_copy_and_a_stranger_is_neither_copy_nor_of_the_story() -> None:
    copy, story = judgements().copy, judgements().story
    one = fingerprint(article(FLOOD))
    wire = compared(fingerprint(article(FLOOD[:5], id="b", source="صدى الوادي")), one)
    assert copy.odds(wire) > copy.least
    assert story.odds(wire) > story.least
    for other in (HARBOUR, MATCH):
        stranger = compared(fingerprint(article(other, id="b", source="صدى الوادي")), one)
        assert copy.odds(stranger) < copy.least
        assert story.odds(stranger) < story.least


def test_hours_apart_are_those_of_the_articles_own_times() -> None:
    one, later = (fingerprint(article(FLOOD, published_at=NOON.replace(hour=hour))) for hour in (12, 15))
    assert compared(later, one).hours == pytest.approx(math.log(4))
