import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Entity, Event
from services.deduplication.story_terms import KEPT, story_terms
from services.deduplication.words import stems, words
from tests.unit.deduplication.examples import FLOOD, HARBOUR

BODY = stems(words(" ".join(FLOOD)))
TITLE = stems(words("سيول وادي الرمان"))


def unpacked(packed: bytes) -> dict[bytes, int]:
    return {packed[at : at + 3]: packed[at + 3] for at in range(0, len(packed), 4)}


def place(name: str, text: str) -> Entity:
    return Entity(text=text, start=0, end=len(text), type="LOC", canonical=name, confidence=0.9)


def test_terms_come_heaviest_first_and_have_length_one() -> None:
    weights = list(unpacked(story_terms(TITLE, BODY, [], [])).values())
    assert weights == sorted(weights, reverse=True)
    assert sum(weight**2 for weight in weights) == pytest.approx(255**2, rel=0.03)


def test_words_of_the_title_weigh_more() -> None:
    untitled, titled = story_terms(stems([]), BODY, [], []), story_terms(TITLE, BODY, [], [])
    raised = [term for term, weight in unpacked(titled).items() if weight > unpacked(untitled).get(term, 0)]
    assert len(raised) == 3


def test_names_link_articles_that_spell_them_differently() -> None:
    one = unpacked(story_terms(stems([]), stems(words("وصل ترامب")), [place("Donald Trump", "ترامب")], []))
    other = unpacked(story_terms(stems([]), stems(words("غادر ترمب")), [place("Donald Trump", "ترمب")], []))
    without = unpacked(story_terms(stems([]), stems(words("غادر ترمب")), [], []))
    assert one.keys() & other.keys()
    assert not one.keys() & without.keys()


def test_an_event_counts_by_type_and_place() -> None:
    def terms(type: str, places: list[str]) -> set[bytes]:
        event = Event(type=type, trigger="غارة", start=0, places=places, confidence=0.8)
        return set(unpacked(story_terms(stems([]), stems([]), [], [event])))

    assert terms("air_strike", ["Idlib"]) == terms("air_strike", ["Idlib", "Syria"])
    assert not terms("air_strike", ["Idlib"]) & terms("shelling", ["Idlib"])
    assert not terms("air_strike", ["Idlib"]) & terms("air_strike", ["Aleppo"])
    assert terms("air_strike", []) == set()


def test_nothing_said_gives_no_terms() -> None:
    assert story_terms(stems([]), stems([]), [], []) == b""


@settings(deadline=None, max_examples=50)
@given(st.permutations(range(len(FLOOD + HARBOUR))))
def test_terms_are_few_and_do_not_depend_on_the_order_after_the_lead(order: list[int]) -> None:
    lead = ["مقدمة"] * 80
    sentences = FLOOD + HARBOUR
    body = stems(lead + [word for at in order for word in words(sentences[at])])
    reference = stems(lead + [word for sentence in sentences for word in words(sentence)])
    assert story_terms(TITLE, body, [], []) == story_terms(TITLE, reference, [], [])
    assert len(story_terms(TITLE, body, [], [])) <= KEPT * 4
