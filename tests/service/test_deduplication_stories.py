"""What a story goes through as its articles come, on a real Valkey."""

from __future__ import annotations

import pytest

from tests.support.flood_articles import (
    ECHO,
    FLOOD_RETOLD,
    FLOOD_TITLE,
    HORIZON,
)
from tests.support.story_workers import Topic, Worker, id_of
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, article


async def test_a_new_article_opens_a_story_and_another_outlet_makes_it_grow(worker: Worker, topic: Topic) -> None:
    first = article(FLOOD, id="a", source=HORIZON, title=FLOOD_TITLE)
    [opened] = await worker.take(first)
    [grown] = await worker.take(article(FLOOD[:5], id="b", source=ECHO, title=FLOOD_TITLE))
    assert opened.verdict.relation == "new"
    assert opened.verdict.story is not None
    assert (opened.verdict.story.version, opened.verdict.story.articles, opened.verdict.story.outlets) == (1, 1, 1)
    assert opened.verdict.story.changed == ["opened"]
    assert grown.verdict.relation == "near_duplicate"
    assert grown.verdict.story is not None
    assert (grown.verdict.story.version, grown.verdict.story.articles, grown.verdict.story.outlets) == (2, 2, 2)
    assert grown.verdict.story.changed == ["outlet"]
    assert topic.changes(id_of(first)) == [(1, ("opened",)), (2, ("outlet",))]
    story = topic.newest()[id_of(first)]
    assert (story.lead.id, [outlet.source for outlet in story.outlets]) == ("a", [HORIZON, ECHO])


async def test_the_same_event_in_other_words_belongs_to_the_story(worker: Worker, topic: Topic) -> None:
    first = article(FLOOD, id="a", source=HORIZON, title=FLOOD_TITLE)
    retold = article(FLOOD_RETOLD, id="b", source=ECHO, title="ناجون من سيول وادي الرمان يروون")
    _, same = await worker.take(first, retold)
    assert (same.verdict.relation, same.verdict.story_id) == ("same_story", id_of(first))
    assert same.verdict.duplicate_of is None
    assert [state.version for state in topic.states] == [1, 2]


async def test_an_edited_article_is_a_revision_that_says_what_it_changed(worker: Worker, topic: Topic) -> None:
    first = article(FLOOD[:4], id="a", title=FLOOD_TITLE)
    added = article(FLOOD[:5], id="a", title=FLOOD_TITLE)
    led_anew = article((HARBOUR[0], *FLOOD[1:5]), id="a", title="عنوان جديد للسيول")
    cut = article((HARBOUR[0], *FLOOD[1:3]), id="a", title="عنوان جديد للسيول")
    found = [one.verdict for [one] in [await worker.take(version) for version in (first, added, led_anew, cut)]]
    assert [verdict.relation for verdict in found] == ["new", "revision", "revision", "revision"]
    assert [verdict.revision for verdict in found] == [0, 1, 2, 3]
    assert [verdict.duplicate_of for verdict in found] == [None, "a", "a", "a"]
    assert found[1].revision_changes == ["added"]
    assert set(found[2].revision_changes) == {"title", "lead", "added", "cut"}
    assert found[3].revision_changes == ["cut"]
    assert topic.newest()[id_of(first)].changed == ("revision",)
    assert {verdict.story_id for verdict in found} == {id_of(first)}


async def test_an_edited_number_is_told(worker: Worker) -> None:
    _, second = await worker.take(
        article(("قتل 9 أشخاص في سيول وادي الرمان.", *FLOOD[1:]), id="a"),
        article(("قتل 11 شخصا في سيول وادي الرمان.", *FLOOD[1:]), id="a"),
    )
    assert "numbers" in second.verdict.revision_changes


async def test_a_revision_is_held_against_its_outlets_own_version_and_not_against_anothers(worker: Worker) -> None:
    """The edited text is nearer to what another outlet made of the first: yet it says what its outlet changed."""
    own = article(FLOOD[:5], id="a", source=HORIZON, title=FLOOD_TITLE)
    anothers = article((HARBOUR[1], *FLOOD[1:5], MATCH[3]), id="b", source=ECHO, title="سيول الرمان")
    edited = article((HARBOUR[1], *FLOOD[1:5], MATCH[3], FLOOD[5]), id="c", source=HORIZON, title=FLOOD_TITLE)
    *_, found = await worker.take(own, anothers, edited)
    assert (found.verdict.relation, found.verdict.duplicate_of, found.verdict.revision) == ("revision", "a", 1)
    assert set(found.verdict.revision_changes) == {"lead", "added", "cut"}


@pytest.mark.parametrize(
    ("title", "notice"), [("تصحيح: سيول وادي الرمان", "correction"), ("سحب الخبر عن سيول وادي الرمان", "retraction")]
)
async def test_a_notice_is_a_revision_of_what_it_corrects(worker: Worker, title: str, notice: str) -> None:
    wrong = article(FLOOD, id="a", source=HORIZON, title=FLOOD_TITLE)
    words = (
        "ورد في خبر سابق عن سيول وادي الرمان أن عدد القتلى تسعة، والصحيح أنهم سبعة بحسب هيئة الدفاع المدني.",
        "وتعتذر الوكالة عن الخطأ في ضحايا سيول الرمان والزيتونة.",
    )
    await worker.take(wrong, article(HARBOUR, id="b", source=HORIZON), article(FLOOD, id="c", source=ECHO))
    [corrected] = await worker.take(article(words, id="d", source=HORIZON, title=title))
    verdict = corrected.verdict
    assert (verdict.relation, verdict.duplicate_of, verdict.notice) == ("revision", "a", notice)
    assert (verdict.revision, verdict.story_id) == (1, id_of(wrong))
    assert verdict.story is not None
    assert notice in verdict.story.changed


async def test_a_notice_that_corrects_nothing_known_is_only_marked(worker: Worker) -> None:
    await worker.take(article(FLOOD, id="a", source=HORIZON, title=FLOOD_TITLE))
    alone = article("ورد خطأ في اسم لاعب النادي، والصحيح نبيل زين.", id="b", source=ECHO, title="تصحيح: مباراة النسور")
    [marked] = await worker.take(alone)
    assert (marked.verdict.relation, marked.verdict.notice) == ("new", "correction")
    assert marked.verdict.story is not None
    assert marked.verdict.story.changed == ["opened", "correction"]
