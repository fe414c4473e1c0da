"""What makes a copy and what makes none, and what of it is new to a reader, on a real Valkey."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.articles_extracted import Entity, ExtractedArticle
from services.deduplication.deduplicator import Deduplicated
from tests.support.flood_articles import (
    CAMP,
    ECHO,
    FLOOD_RETOLD,
    FLOOD_TITLE,
    HORIZON,
    ORCHARD,
    ORCHARD_TITLE,
    POST,
    VALLEY,
    VALLEY_TITLE,
    follow_up,
)
from tests.support.seeds import OUTLETS
from tests.support.story_workers import Worker, id_of
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, NOON, article

# --- what makes no copy --------------------------------------------------------------------------------------------


def town(canonical: str, name: str, text: str) -> Entity:
    start = text.index(name)
    fields = {"text": name, "start": start, "end": start + len(name), "type": "LOC", "canonical": canonical}
    return Entity.model_validate(fields | {"confidence": 0.9})


def forecast(name: str, canonical: str, **more: Any) -> ExtractedArticle:
    words = (
        f"تتوقع دائرة الأرصاد في {name} طقسا غائما مع أمطار متفرقة ورياح نشطة بعد الظهر.",
        "وتنخفض درجات الحرارة ليلا وتدعو الدائرة السائقين إلى الحذر من تدني الرؤية.",
        "ويستمر المنخفض الجوي يومين قبل أن تستقر الأحوال تدريجيا مطلع الأسبوع.",
    )
    text = "\n".join(words)
    named = {"entities": [town(canonical, name, text)], "title": f"الطقس في {name}"}
    return article(words, **({"source": HORIZON, "id": canonical} | named | more))


async def test_a_form_filled_in_for_another_place_is_no_copy(worker: Worker) -> None:
    found = await worker.take(forecast("حماة", "Hama"), forecast("اللاذقية", "Latakia"))
    assert [one.verdict.relation for one in found] == ["new", "new"]
    assert found[0].verdict.story_id != found[1].verdict.story_id


async def test_the_same_form_for_the_same_place_from_another_outlet_is_a_copy(worker: Worker) -> None:
    _, copy = await worker.take(forecast("حماة", "Hama"), forecast("حماة", "Hama", id="b", source=ECHO))
    assert copy.verdict.relation == "near_duplicate"


BACKGROUND = (
    "يذكر أن البلاد تشهد منذ سبعة أعوام نزاعا داميا تسبب في مقتل أكثر من ثلاثمئة ألف شخص وفي دمار هائل "
    "في البنى التحتية وفي نزوح وتشريد أكثر من نصف السكان داخل البلاد وخارجها، ولم تفلح جولات التفاوض المتعاقبة "
    "برعاية أممية في التوصل إلى تسوية سياسية تنهي القتال وتسمح بعودة اللاجئين إلى مدنهم وقراهم."
)
SHORT_NEWS = (
    "ضبطت الجمارك شحنة آثار مهربة داخل صناديق ليمون عند المعبر الشرقي مساء الجمعة.",
    "وقال مصدر في المديرية إن القطع سلمت إلى المتحف الوطني لفحصها.",
)


def with_background(*texts: tuple[str, ...]) -> list[ExtractedArticle]:
    """Articles of one outlet, one every hour, all with the standing paragraph below."""
    return [
        article((*text, BACKGROUND), id=f"a-{at}", published_at=NOON + timedelta(hours=at))
        for at, text in enumerate(texts)
    ]


async def test_a_standing_paragraph_that_three_stories_had_does_not_make_two_articles_alike(worker: Worker) -> None:
    stream = with_background(FLOOD, HARBOUR, MATCH, (*CAMP, *SHORT_NEWS))
    found = await worker.take(*stream)
    assert [one.verdict.relation for one in found] == ["new"] * 4
    assert len({one.verdict.story_id for one in found}) == 4
    assert found[3].verdict.similarity == 0.0
    assert new_words(stream[3], found[3]) == ["\n".join((*CAMP, *SHORT_NEWS))]


async def test_a_short_article_over_a_standing_paragraph_is_no_copy(worker: Worker) -> None:
    """Two thirds of it are in every other: while nobody knows that the paragraph stands it would be a revision."""
    [_, early] = await worker.take(*with_background(MATCH, SHORT_NEWS))
    assert early.verdict.relation == "revision"
    await worker.client.flushall()
    *_, late = await worker.take(*with_background(FLOOD, HARBOUR, MATCH, SHORT_NEWS))
    assert late.verdict.relation in ("new", "same_story")


# --- what is new to a reader ---------------------------------------------------------------------------------------


def new_words(one: ExtractedArticle, found: Deduplicated) -> list[str]:
    return [one.text[passage.start : passage.end] for passage in found.verdict.new_passages]


async def test_new_passages_leave_out_what_was_seen_of_a_copy(worker: Worker) -> None:
    copy = article((HARBOUR[1], *FLOOD[1:4], MATCH[3]), id="b", source=ECHO)
    _, found = await worker.take(article(FLOOD, id="a", source=HORIZON), copy)
    assert new_words(copy, found) == [HARBOUR[1], MATCH[3]]


async def test_a_single_passage_that_another_story_had_is_not_new(worker: Worker) -> None:
    quoting = article((*MATCH[:2], FLOOD[3], *MATCH[2:]), id="b", source=ECHO)
    _, found = await worker.take(article(FLOOD, id="a", source=HORIZON), quoting)
    assert found.verdict.relation == "new"
    assert new_words(quoting, found) == ["\n".join(MATCH[:2]), "\n".join(MATCH[2:])]


async def test_a_sentence_that_an_article_says_twice_is_new_once(worker: Worker) -> None:
    twice = article((*FLOOD[:3], FLOOD[0]), id="a")
    [found] = await worker.take(twice)
    assert new_words(twice, found) == ["\n".join(FLOOD[:3])]


# --- what edits, headlines and turns must not do --------------------------------------------------------------------


async def test_an_edit_of_one_article_hides_no_other_from_its_story(worker: Worker) -> None:
    """The edit shares its heaviest words with the flood: they still lead to the flood's article."""
    flood = article(FLOOD, id="flood", source=HORIZON, title=FLOOD_TITLE)
    page = article(MATCH, id="page", source=ECHO, title=FLOOD_TITLE)
    edited = article((*MATCH, "وغادر الجمهور الملعب."), id="page", source=ECHO, title=FLOOD_TITLE)
    retold = article(FLOOD_RETOLD, id="retold", source=POST, title=FLOOD_TITLE)
    *_, last = await worker.take(flood, page, edited, retold)
    assert (last.verdict.relation, last.verdict.story_id) == ("same_story", id_of(flood))


@pytest.mark.parametrize(
    ("title", "notice"), [("تصحيح: سبعة قتلى في السيول", "correction"), ("سحب الخبر: سيول الوادي", "retraction")]
)
async def test_a_headline_alone_corrects_an_article_or_takes_it_back(worker: Worker, title: str, notice: str) -> None:
    wrong = article(FLOOD, id="a", source=HORIZON, title=FLOOD_TITLE)
    _, corrected = await worker.take(wrong, article(FLOOD, id="a", source=HORIZON, title=title))
    verdict = corrected.verdict
    assert (verdict.relation, verdict.revision, verdict.notice) == ("revision", 1, notice)
    assert verdict.revision_changes == ["title"]
    assert verdict.story is not None
    assert notice in verdict.story.changed


async def test_two_stories_that_take_turns_with_a_passage_are_two(worker: Worker) -> None:
    passage = "ويعيش في المنطقة نحو ثلاثين ألف شخص نزحوا من قراهم قبل أعوام ولم يعودوا إليها بعد."
    for turn, outlet in enumerate(OUTLETS):
        for of, title in ((VALLEY, VALLEY_TITLE), (ORCHARD, ORCHARD_TITLE)):
            await worker.take(follow_up((*of, passage), title, f"{title} {turn}", source=outlet))
    [key] = await worker.client.keys("*:passages:*")
    lists = await worker.client.hvals(key)
    stories = [entries[at + 8] for entries in lists for at in range(0, len(entries), 10)]
    assert max(stories) == 2
