"""Offset maps: from a form to its original and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.normalization.offsets import OffsetMap, compose, replace_spans

few_examples = settings(max_examples=150, deadline=None)


@st.composite
def edited(draw: st.DrawFn, text: str | None = None) -> tuple[str, list[tuple[int, int, str]]]:
    """A text and edits of it, in order and apart."""
    text = draw(st.text("ابجد", min_size=1, max_size=20)) if text is None else text
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [(start, end, draw(st.text("xyz", max_size=3))) for start, end in pairs]


def test_the_same_text_maps_to_itself() -> None:
    assert OffsetMap([(6, 6)]).to_original(2, 5) == (2, 5)


def test_a_span_inside_a_block_is_widened_to_the_block() -> None:
    ligature = OffsetMap([(1, 1), (2, 1), (1, 1)])  # one ligature, spelt out as two letters
    assert ligature.to_original(1, 2) == (1, 2)
    assert ligature.to_original(2, 4) == (1, 3)
    assert ligature.to_form(1, 2) == (1, 3)


def test_what_was_left_out_at_the_edges_stays_outside_the_span() -> None:
    word_between_controls = OffsetMap([(0, 2), (4, 4), (0, 1)])
    assert word_between_controls.to_original(0, 4) == (2, 6)


def test_what_was_left_out_in_the_middle_belongs_to_the_span() -> None:
    word_with_tatweel = OffsetMap([(2, 2), (0, 3), (2, 2)])
    assert word_with_tatweel.to_original(0, 4) == (0, 7)
    assert word_with_tatweel.to_form(0, 7) == (0, 4)


def test_text_left_out_is_an_empty_span_of_the_form() -> None:
    assert OffsetMap([(2, 2), (0, 3), (2, 2)]).to_form(2, 5) == (2, 2)


def test_an_empty_span_stays_empty() -> None:
    inserted = OffsetMap([(2, 2), (1, 0), (2, 2)])
    assert inserted.to_original(2, 3) == (2, 2)
    assert inserted.to_original(5, 5) == (4, 4)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 7), (7, 7)])
def test_a_span_outside_the_text_is_an_error(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not within the text of 6 code points"):
        OffsetMap([(6, 6)]).to_original(start, end)


def test_the_empty_text_has_a_map() -> None:
    assert OffsetMap([]).to_original(0, 0) == (0, 0)


@given(edited())
@few_examples
def test_edits_give_runs_that_tile_both_texts(example: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, edits = example
    form, runs = replace_spans(text, edits)
    offsets = OffsetMap(runs)
    assert (offsets.form_length, offsets.original_length) == (len(form), len(text))
    assert all(run != (0, 0) for run in runs)


@given(edited())
@few_examples
def test_code_points_that_were_not_edited_keep_their_place(example: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, edits = example
    form, runs = replace_spans(text, edits)
    offsets = OffsetMap(runs)
    for place, letter in enumerate(form):
        if letter in "ابجد":
            start, end = offsets.to_original(place, place + 1)
            assert text[start:end] == letter
            assert offsets.to_form(start, end) == (place, place + 1)


@given(st.data())
@few_examples
def test_two_maps_compose_to_one_that_leads_to_the_same_place(data: st.DataObject) -> None:
    text, first_edits = data.draw(edited())
    middle, first_runs = replace_spans(text, first_edits)
    form, second_runs = replace_spans(middle, data.draw(edited(middle))[1])
    first, second = OffsetMap(first_runs), OffsetMap(second_runs)
    both = second.after(first)
    assert (both.form_length, both.original_length) == (len(form), len(text))
    assert both.runs == compose(second_runs, first_runs)
    for end in range(1, len(form) + 1):
        step_by_step = first.to_original(*second.to_original(0, end))
        at_once = both.to_original(0, end)
        assert at_once[0] <= step_by_step[0]
        assert at_once[1] >= step_by_step[1]


@given(st.data())
@few_examples
def test_code_points_that_no_edit_touched_correspond_after_composing(data: st.DataObject) -> None:
    text, first_edits = data.draw(edited("".join(chr(0x0621 + place) for place in range(20))))
    middle, first_runs = replace_spans(text, first_edits)
    form, second_runs = replace_spans(middle, data.draw(edited(middle))[1])
    both = OffsetMap(compose(second_runs, first_runs))
    for place, letter in enumerate(form):
        if letter in text:
            start, end = both.to_original(place, place + 1)
            assert letter in text[start:end]


def test_a_block_as_long_as_what_it_stands_for_is_not_taken_for_one_to_one() -> None:
    _, runs = replace_spans("ab-", [(0, 2, "xy")])
    assert runs == [(1, 2), (1, 0), (1, 1)]
    assert OffsetMap(runs).to_original(0, 1) == (0, 2)
