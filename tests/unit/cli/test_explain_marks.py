"""Marks that lie in each other and cross come out properly nested, and the text comes out whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.cli.explain_marks import LAYERS, Closes, Mark, Opens, Segment, holder_of, segments, steps, words_nearest

TEXT = "قال الوزير إن الغارة على المدينة أوقعت جرحى."
SPANS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted)
MARKS = st.lists(
    st.builds(
        lambda layer, number, span: Mark(layer, number, *span), st.sampled_from(LAYERS), st.integers(0, 5), SPANS
    ),
    max_size=12,
)


@given(st.text(min_size=1, max_size=40), MARKS)
def test_the_segments_joined_are_the_text(text: str, marks: list[Mark]) -> None:
    found = segments(0, len(text), marks)
    assert "".join(text[one.start : one.end] for one in found) == text
    assert all(one.start < one.end for one in found)


@given(SPANS, MARKS)
def test_a_character_is_under_exactly_the_marks_that_cover_it(stretch: list[int], marks: list[Mark]) -> None:
    start, end = stretch
    under = {at: one.marks for one in segments(start, end, marks) for at in range(one.start, one.end)}
    assert sorted(under) == list(range(start, end))
    for at, found in under.items():
        assert sorted(found) == sorted(mark for mark in marks if mark.start <= at < mark.end)
        assert list(found) == sorted(found, key=lambda mark: mark.rank)


@given(SPANS, MARKS)
def test_what_opens_closes_in_turn(stretch: list[int], marks: list[Mark]) -> None:
    opened: list[Mark] = []
    begun: set[Mark] = set()
    walked = []
    for step in steps(segments(*stretch, marks)):
        match step:
            case Opens(mark, again):
                assert again == (mark in begun)
                begun.add(mark)
                opened.append(mark)
            case Closes(mark):
                assert opened.pop() == mark
            case Segment():
                assert tuple(opened) == step.marks
                walked.append(step)
    assert opened == []
    assert walked == segments(*stretch, marks)


def test_a_name_that_reaches_out_of_a_claim_is_split_and_the_claim_is_not() -> None:
    claim, name = Mark("claim", 0, 0, 10), Mark("entity", 0, 6, 14)
    walk = list(steps(segments(0, 20, [name, claim])))
    assert [step.mark.layer for step in walk if isinstance(step, Opens)] == ["claim", "entity", "entity"]
    assert [step.again for step in walk if isinstance(step, Opens)] == [False, False, True]


def test_words_are_found_nearest_outside_of_the_span_and_whole() -> None:
    text = "قال إن قالب السكر ثمين، ثم قال وأعاد ما قال"
    assert words_nearest(text, "قال", 7, 22, 0, len(text)) == (0, 3)
    assert words_nearest(text, "قال", 7, 22, 4, len(text)) == (27, 30)
    assert words_nearest(text, "قال", 27, 43, 20, len(text)) == (27, 30)
    assert words_nearest(text, "ذكر", 0, 5, 0, len(text)) is None
    assert words_nearest(text, "", 0, 5, 0, len(text)) is None


@given(st.text(alphabet="اب ", max_size=30), st.text(alphabet="اب ", max_size=4), SPANS, SPANS)
def test_found_words_are_those_words(text: str, words: str, span: list[int], window: list[int]) -> None:
    found = words_nearest(text, words, *span, *window)
    assert found is None or (text[slice(*found)] == words and window[0] <= found[0] and found[1] <= window[1])


def test_what_begins_between_two_stretches_belongs_to_the_one_before() -> None:
    assert [holder_of(at, [0, 10, 20]) for at in (0, 9, 10, 19, 99)] == [0, 0, 1, 1, 2]
    assert holder_of(0, [5]) == 0
