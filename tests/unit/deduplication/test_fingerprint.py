from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.deduplication.fingerprint import MOST_PASSAGES, Fingerprint, fingerprint, story_opened_by
from services.deduplication.shingles import SAMPLE_BYTES, SAMPLED
from services.deduplication.story_terms import KEPT
from tests.unit.deduplication.examples import FLOOD, HARBOUR, NOON, article


def test_the_same_article_has_the_same_fingerprint() -> None:
    assert fingerprint(article(FLOOD)) == fingerprint(article(FLOOD))


def test_white_space_diacritics_and_spelling_of_hamza_do_not_change_the_content() -> None:
    plain = fingerprint(article(FLOOD))
    dressed = (
        "\n\n".join(FLOOD)
        .replace(" ", "  ")
        .replace("أعلنت", "اعلنت")
        .replace("قتلى", "قَتْلى")
        .replace("بيوتهم", "بيــوتهم")
    )
    other = fingerprint(article(dressed))
    assert other.content == plain.content
    assert other.sample == plain.sample
    assert [hashed for _, _, hashed in other.passages] == [hashed for _, _, hashed in plain.passages]


@pytest.mark.parametrize("changed", range(len(FLOOD)))
def test_one_other_word_is_other_content(changed: int) -> None:
    sentences = list(FLOOD)
    sentences[changed] = sentences[changed].replace("ال", "تال", 1)
    assert fingerprint(article(tuple(sentences))).content != fingerprint(article(FLOOD)).content


def test_word_order_is_content() -> None:
    assert fingerprint(article("عاد الوزير ثم سافر")).content != fingerprint(article("سافر الوزير ثم عاد")).content


def test_the_title_is_part_of_the_story_but_not_of_the_content() -> None:
    untitled, titled = fingerprint(article(FLOOD)), fingerprint(article(FLOOD, title="سيول وادي الرمان"))
    assert titled.content == untitled.content
    assert titled.terms != untitled.terms


def bands_of(print_: Fingerprint) -> set[bytes]:
    return {print_.bands[at : at + 4] for at in range(0, len(print_.bands), 4)}


def test_unlike_articles_share_no_band_and_hardly_a_shingle() -> None:
    one, other = fingerprint(article(FLOOD)), fingerprint(article(HARBOUR))
    assert not bands_of(one) & bands_of(other)
    assert one.content != other.content


@pytest.mark.parametrize(
    ("published", "minutes"),
    [
        (datetime(1970, 1, 1, 0, 59, 59, tzinfo=UTC), 59),
        (datetime(1970, 1, 1, 3, 0, tzinfo=timezone(timedelta(hours=3))), 0),
        (datetime(1, 1, 1, tzinfo=UTC), 0),
        (datetime(9999, 12, 31, tzinfo=UTC), 4_223_370_240),
        (None, int(NOON.timestamp()) // 60),
    ],
)
def test_the_articles_own_time_is_that_of_publication_or_else_of_arrival(
    published: datetime | None, minutes: int
) -> None:
    assert fingerprint(article(FLOOD, published_at=published)).minutes == minutes


def test_the_story_that_an_article_opens_is_named_after_that_version_of_it() -> None:
    first, edited = article(FLOOD, id="a-1"), article(FLOOD[:3], id="a-1")
    assert fingerprint(first).story_id == story_opened_by(first.record_id) != fingerprint(edited).story_id
    assert fingerprint(first).story_id.version == 5


@pytest.mark.parametrize(
    "hostile",
    [
        "ا. " * 80_000,
        "الخبر " * 40_000,
        "ش" * 200_000,
        " ".join(f"خبر{number}" for number in range(30_000)),
        "\n".join(f"وقال شاهد رقم {number} إنه لم ير شيئا." for number in range(5_000)),
    ],
    ids=["tiny sentences", "one word", "one long word", "no word twice", "many sentences"],
)
def test_a_huge_text_has_a_fingerprint_no_larger_than_another(hostile: str) -> None:
    found = fingerprint(article(hostile))
    assert len(found.sample.packed) <= SAMPLED * SAMPLE_BYTES
    assert len(found.terms) <= KEPT * 4
    assert 0 < len(found.passages) <= MOST_PASSAGES
    assert found.passages[0][0] == 0
    assert found.passages[-1][1] <= len(hostile)


@pytest.mark.parametrize("text", ["…", "؟!", "\u202e\u200f", "🙂🙂"])
def test_a_text_without_words_is_compared_as_it_stands(text: str) -> None:
    found = fingerprint(article(text))
    assert found.bands == b""
    assert found.passages == ()
    assert found.content == fingerprint(article(text, id="b")).content != fingerprint(article(text + "؛")).content


@settings(deadline=None, max_examples=100)
@given(st.text(min_size=1, max_size=300))
def test_any_text_has_a_fingerprint_whose_passages_lie_in_it_in_order(text: str) -> None:
    reached = 0
    for start, end, _ in fingerprint(article(text)).passages:
        assert reached <= start < end <= len(text)
        reached = end
