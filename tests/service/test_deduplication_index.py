"""What the index says of articles, on a real Valkey."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.deduplication.fingerprint import fingerprint, story_opened_by
from services.deduplication.index import DeduplicationIndex
from services.deduplication.shingles import shingles
from services.deduplication.words import stems
from tests.support.flood_articles import FLOOD_RETOLD, FLOOD_TITLE
from tests.support.judging import judged
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, NOON, article


async def test_the_first_article_is_new_and_opens_a_story(index: DeduplicationIndex) -> None:
    first = article(FLOOD)
    [verdict] = await judged(index, first)
    assert (verdict.relation, verdict.duplicate_of, verdict.revision, verdict.similarity) == ("new", None, 0, 0.0)
    assert verdict.story_id == str(story_opened_by(first.record_id))
    assert [(passage.start, passage.end) for passage in verdict.new_passages] == [(0, len(first.text))]


async def test_unlike_articles_open_stories_of_their_own(index: DeduplicationIndex) -> None:
    verdicts = await judged(index, article(FLOOD, id="a"), article(HARBOUR, id="b"), article(MATCH, id="c"))
    assert [verdict.relation for verdict in verdicts] == ["new"] * 3
    assert len({verdict.story_id for verdict in verdicts}) == 3


async def test_the_same_words_from_the_same_outlet_are_an_exact_copy(index: DeduplicationIndex) -> None:
    first, copy = await judged(index, article(FLOOD, id="a"), article("\n\n".join(FLOOD), id="b", title="عنوان آخر"))
    assert (copy.relation, copy.duplicate_of, copy.similarity, copy.revision) == ("exact", "a", 1.0, 0)
    assert copy.story_id == first.story_id
    assert copy.new_passages == []


async def test_the_same_words_from_another_outlet_are_a_near_duplicate(index: DeduplicationIndex) -> None:
    first, copy = await judged(index, article(FLOOD, id="a"), article(FLOOD, id="b", source="صدى الوادي"))
    assert (copy.relation, copy.duplicate_of, copy.similarity) == ("near_duplicate", "a", 1.0)
    assert copy.story_id == first.story_id


async def test_wire_text_that_another_outlet_cut_and_edited_is_a_near_duplicate(index: DeduplicationIndex) -> None:
    edited = (FLOOD[0].replace("اجتاحت", "ضربت"), *FLOOD[1:4])
    first, copy = await judged(index, article(FLOOD, id="a"), article(edited, id="b", source="صدى الوادي"))
    assert (copy.relation, copy.duplicate_of, copy.story_id) == ("near_duplicate", "a", first.story_id)
    assert 0.4 < copy.similarity < 1
    assert [(passage.start, passage.end) for passage in copy.new_passages] == [(0, len(edited[0]))]


async def test_other_words_under_the_same_id_are_revisions_and_counted(index: DeduplicationIndex) -> None:
    versions = [FLOOD[:4], FLOOD[:5], (*FLOOD[:5], "وأعلن لاحقا عن انتشال جثة عاشرة.")]
    first, second, third = await judged(index, *(article(version, id="a") for version in versions))
    assert [(verdict.relation, verdict.revision) for verdict in (first, second, third)] == [
        ("new", 0),
        ("revision", 1),
        ("revision", 2),
    ]
    assert second.duplicate_of == third.duplicate_of == "a"
    assert first.story_id == second.story_id == third.story_id
    text = "\n".join(versions[2])
    assert [text[passage.start : passage.end] for passage in third.new_passages] == [versions[2][-1]]


async def test_an_outlets_edited_text_under_a_new_id_is_a_revision(index: DeduplicationIndex) -> None:
    first, second = await judged(index, article(FLOOD[:5], id="a"), article(FLOOD, id="b"))
    assert (second.relation, second.duplicate_of, second.revision) == ("revision", "a", 1)
    assert second.story_id == first.story_id


async def test_the_same_id_and_words_under_another_title_are_an_exact_copy(index: DeduplicationIndex) -> None:
    _, again = await judged(index, article(FLOOD), article(FLOOD, title=FLOOD_TITLE))
    assert (again.relation, again.duplicate_of, again.revision) == ("exact", "a-1", 0)


async def test_copies_of_copies_name_the_first_of_all(index: DeduplicationIndex) -> None:
    sources = ("النهار الجديد", "صدى الوادي", "بريد الشمال", "الميناء")
    copies = [article(FLOOD[: 6 - at // 2], id=f"a-{at}", source=source) for at, source in enumerate(sources)]
    verdicts = await judged(index, *copies)
    assert [verdict.duplicate_of for verdict in verdicts] == [None, "a-0", "a-0", "a-0"]
    assert len({verdict.story_id for verdict in verdicts}) == 1


async def test_another_text_on_the_same_event_belongs_to_the_story(index: DeduplicationIndex) -> None:
    first, retold = await judged(
        index,
        article(FLOOD, id="a", title=FLOOD_TITLE),
        article(FLOOD_RETOLD, id="b", source="صدى الوادي", title="ناجون من سيول وادي الرمان يروون"),
    )
    assert (retold.relation, retold.duplicate_of) == ("same_story", None)
    assert retold.story_id == first.story_id
    assert retold.new_passages != []


async def test_the_same_event_told_days_later_is_another_story(index: DeduplicationIndex) -> None:
    late = NOON + timedelta(hours=73)
    first, anniversary = await judged(
        index,
        article(FLOOD, id="a", title=FLOOD_TITLE),
        article(FLOOD_RETOLD, id="b", source="صدى الوادي", title=FLOOD_TITLE, published_at=late),
    )
    assert anniversary.relation == "new"
    assert anniversary.story_id != first.story_id


async def test_a_story_is_found_whichever_of_its_articles_comes_first(index: DeduplicationIndex) -> None:
    later = NOON + timedelta(hours=2)
    first, earlier = await judged(
        index,
        article(FLOOD, id="a", title=FLOOD_TITLE, published_at=later),
        article(FLOOD_RETOLD, id="b", source="صدى الوادي", title=FLOOD_TITLE, published_at=NOON),
    )
    assert (earlier.relation, earlier.story_id) == ("same_story", first.story_id)


async def test_copies_are_found_however_far_apart_their_times(index: DeduplicationIndex) -> None:
    _, copy, edited = await judged(
        index,
        article(FLOOD, id="a", published_at=None),
        article(FLOOD, id="b", source="صدى الوادي", published_at=NOON - timedelta(days=4000)),
        article(FLOOD[:5], id="c", source="بريد الشمال", published_at=NOON + timedelta(days=4000)),
    )
    assert [copy.relation, edited.relation] == ["near_duplicate"] * 2
    assert [copy.duplicate_of, edited.duplicate_of] == ["a", "a"]


@pytest.mark.parametrize(("length", "most_wrong"), [(100, 0.0001), (2000, 0.12)])
async def test_similarity_is_near_the_jaccard_similarity_of_the_texts(
    index: DeduplicationIndex, length: int, most_wrong: float
) -> None:
    """Short texts are compared whole; of long ones a sample stands for all."""
    random = Random(length)

    def new_words(number: int) -> list[str]:
        return ["".join(random.choices("بتثجحخدذرزسشصضطظعغقمن", k=7)) for _ in range(number)]

    errors = []
    for kept in (0.2, 0.4, 0.6, 0.8, 0.95):
        before = new_words(length)
        after = before[: int(length * kept)] + new_words(length - int(length * kept))
        versions = [article(" ".join(text), id=f"{kept}") for text in (before, after)]
        _, verdict = await judged(index, *versions)
        one, other = (set(shingles(stems(text).codes).tolist()) for text in (before, after))
        errors.append(verdict.similarity - len(one & other) / len(one | other))
    assert max(map(abs, errors)) <= most_wrong
    assert abs(sum(errors) / len(errors)) <= most_wrong / 2


async def test_a_repeated_record_gets_the_verdict_of_the_first_time(index: DeduplicationIndex) -> None:
    stream = [
        article(FLOOD, id="a", title=FLOOD_TITLE),
        article(FLOOD[:4], id="b", source="صدى الوادي"),
        article((*FLOOD[:3], HARBOUR[0]), id="a"),
        article(FLOOD_RETOLD, id="c", source="بريد الشمال", title=FLOOD_TITLE),
        article(FLOOD, id="d", source="الميناء"),
    ]
    first = await judged(index, *stream)
    again = await judged(index, *reversed(stream))
    assert [one.model_dump_json() for one in reversed(again)] == [one.model_dump_json() for one in first]


async def test_a_record_repeated_within_a_batch_is_one_article(index: DeduplicationIndex) -> None:
    one, same, other = await judged(index, article(FLOOD), article(FLOOD), article(HARBOUR, id="b"))
    assert one == same
    assert [one.relation, other.relation] == ["new", "new"]


async def test_what_was_said_before_anywhere_is_no_new_passage(index: DeduplicationIndex) -> None:
    mixed = (HARBOUR[0], FLOOD[3], MATCH[1], MATCH[2])
    *_, verdict = await judged(index, article(FLOOD, id="a"), article(HARBOUR, id="b"), article(mixed, id="c"))
    text = "\n".join(mixed)
    assert [text[passage.start : passage.end] for passage in verdict.new_passages] == [f"{MATCH[1]}\n{MATCH[2]}"]


async def test_batches_of_any_size_are_judged_in_order(index: DeduplicationIndex) -> None:
    prints = [fingerprint(article(FLOOD, id=f"a-{at}", source=f"منبر {at}")) for at in range(300)]
    verdicts = [one.verdict for one in await index.judge(prints)]
    assert [verdict.relation for verdict in verdicts] == ["new"] + ["near_duplicate"] * 299
    assert {verdict.duplicate_of for verdict in verdicts[1:]} == {"a-0"}
    assert await index.judge([]) == []


async def test_ids_sources_and_texts_may_be_anything(index: DeduplicationIndex) -> None:
    strange = [
        article("…", id="\x00\n{}*", source="\u202e"),
        article("🙂", id="ي" * 512, source="س" * 200),
        article("ا. " * 5000, id="c", published_at=NOON.replace(year=9999)),
        article("خبر", id="d", published_at=NOON.replace(year=1)),
    ]
    assert [verdict.relation for verdict in await judged(index, *strange)] == ["new"] * 4
    copies = [one.model_copy(update={"record_id": uuid4(), "id": f"{at}"}) for at, one in enumerate(strange)]
    verdicts = await judged(index, *copies)
    assert [verdict.duplicate_of for verdict in verdicts] == [one.id for one in strange]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(FLOOD + HARBOUR + MATCH), min_size=1, max_size=8, unique=True),
    st.sampled_from(["النهار الجديد", "صدى الوادي"]),
)
async def test_exact_copies_are_always_found(valkey_url: str, sentences: list[str], source: str) -> None:
    client = Redis.from_url(valkey_url)
    index = DeduplicationIndex(client, f"t{uuid4().hex}", 14, 30)
    noise = [article(text, id=f"n-{at}") for at, text in enumerate((FLOOD, HARBOUR, MATCH, FLOOD_RETOLD))]
    one = article(tuple(sentences), id="one")
    copy = article("\n \n".join(sentences), id="copy", source=source)
    *_, first, second = await judged(index, *noise, one, copy)
    await client.aclose()
    assert second.relation == ("exact" if source == one.source else "near_duplicate")
    assert second.duplicate_of == first.duplicate_of or second.duplicate_of == "one"
    assert (second.similarity, second.story_id, second.new_passages) == (1.0, first.story_id, [])
