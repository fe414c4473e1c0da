"""Articles with their verdicts and stories, on a real Valkey: nothing is lost and nothing counts twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from schemas.articles_extracted import Entity, ExtractedArticle
from services.deduplication.article import deduplicated
from services.deduplication.deduplicator import Deduplicated, Deduplicator, seen
from services.deduplication.fingerprint import story_opened_by
from services.deduplication.story_record import story_record
from services.deduplication.story_state import Story
from services.runtime.wire import encode
from tests.support.seeds import OUTLETS
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, NOON, article

HORIZON, ECHO, POST = OUTLETS

FLOOD_RETOLD = (
    "قضى تسعة أشخاص في سيول جارفة ضربت وادي الرمان فجر الخميس، بحسب هيئة الدفاع المدني.",
    "وروى ناجون من قرى الوادي أن المياه دخلت بيوتهم وهم نيام.",
    "وأكد سالم الحداد، المتحدث باسم الهيئة، أن البحث جار عن ثلاثة مفقودين قرب الزيتونة.",
)
FLOOD_TITLE = "تسعة قتلى في سيول وادي الرمان"

VALLEY = (
    "جرفت السيول سيارتين وجسرا صغيرا في وادي الرمان فجر الخميس، وقتل تسعة أشخاص.",
    "وقال المتحدث باسم الدفاع المدني سالم الحداد إن فرق الإنقاذ انتشلت جثتين من تحت الأوحال.",
    "وأغلقت السلطات الطريق الساحلي بين الرمان والزيتونة.",
)
CAMP = (
    "أخلت فرق الطوارئ مخيم الصنوبر بعدما انهارت خيامه تحت المطر ليل الأربعاء.",
    "ونقلت حافلات البلدية أربعمئة عائلة إلى مدارس القرية المجاورة.",
    "وطالب نازحون ببطانيات وحليب للأطفال قبل حلول المساء.",
)
ORCHARD = (
    "أتلف البرد محصول المشمش في بساتين غوطة الزيتون وقدر المزارعون خسائرهم بثلثي الموسم.",
    "وأحصت لجنة زراعية سبعين بستانا تضررت أشجارها وتكسرت أغصانها.",
    "وناشد اتحاد الفلاحين المصرف الزراعي تأجيل أقساط القروض.",
)
VALLEY_TITLE, CAMP_TITLE = "سيول وادي الرمان تقتل تسعة", "إخلاء مخيم الصنوبر بعد المطر"
ORCHARD_TITLE = "البرد يتلف مشمش الغوطة"


@pytest.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey_url)
    yield client
    await client.aclose()


@dataclass
class Topic:
    """Topic `stories`: the states in the order in which they came."""

    states: list[Story] = field(default_factory=list)

    async def publish(self, states: Sequence[Story]) -> None:
        self.states += states

    def newest(self) -> dict[str, Story]:
        return {state.id: state for state in self.states}

    def changes(self, story_id: str) -> list[tuple[int, tuple[str, ...]]]:
        return [(state.version, state.changed) for state in self.states if state.id == story_id]


@dataclass
class Worker:
    """One process of deduplication, with a client of its own; `verdicts` as they stand on the topic."""

    client: Any
    topic: Topic

    def __post_init__(self) -> None:
        self.deduplicator = Deduplicator(self.client, "rasid", 14, 30)

    async def take(self, *articles: ExtractedArticle) -> list[Deduplicated]:
        """A batch, published and settled."""
        found = await self.deduplicator.take([seen(one) for one in articles])
        await self.publish(found)
        return found

    async def publish(self, found: Iterable[Deduplicated]) -> None:
        found = list(found)
        for one in found:
            await self.topic.publish(one.states)
        await self.deduplicator.publish_newest(found, [], self.topic.publish)


@pytest.fixture
def topic() -> Topic:
    return Topic()


@pytest.fixture
def worker(redis: Redis, topic: Topic) -> Worker:
    return Worker(redis, topic)


def valley(**more: Any) -> ExtractedArticle:
    return article(VALLEY, **({"id": "valley", "source": HORIZON, "title": VALLEY_TITLE} | more))


def camp(**more: Any) -> ExtractedArticle:
    return article(CAMP, **({"id": "camp", "source": ECHO, "title": CAMP_TITLE} | more))


def orchard(**more: Any) -> ExtractedArticle:
    return article(ORCHARD, **({"id": "orchard", "source": ECHO, "title": ORCHARD_TITLE} | more))


def both(one: tuple[str, ...], other: tuple[str, ...], title: str, id: str, **more: Any) -> ExtractedArticle:
    """A round-up that tells two stories as one: half of it is of each."""
    mixed = (one[0], other[0], one[1], other[1])
    return article(mixed, **({"id": id, "source": POST, "title": title} | more))


def valley_and_camp(**more: Any) -> ExtractedArticle:
    return both(VALLEY, CAMP, f"{VALLEY_TITLE} و{CAMP_TITLE}", "round-up", **more)


def follow_up(of: tuple[str, ...], title: str, id: str, source: str = POST, **more: Any) -> ExtractedArticle:
    """Largely the same text, and a sentence of its own."""
    return article((*of, f"وأفاد مراسل {source} بأن الهدوء عاد مساء."), id=id, source=source, title=title, **more)


def id_of(one: ExtractedArticle) -> str:
    return str(story_opened_by(one.record_id))


def record(one: ExtractedArticle, found: Deduplicated) -> bytes:
    """The record of `articles.deduplicated`."""
    return encode(deduplicated(one, found.verdict))


def without_gap(topic: Topic) -> bool:
    versions: dict[str, set[int]] = defaultdict(set)
    for state in topic.states:
        versions[state.id].add(state.version)
    return all(told == set(range(1, max(told) + 1)) for told in versions.values())


async def stored(worker: Worker, refs: Iterable[bytes]) -> dict[str, Story]:
    newer = await worker.deduplicator.stories.newer(dict.fromkeys(refs, 0))
    return {story.id: story for _, story in newer}


# --- what a story goes through -------------------------------------------------------------------------------------


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


# --- stories that are found to be one ------------------------------------------------------------------------------


async def test_a_late_article_makes_two_stories_one(worker: Worker, topic: Topic) -> None:
    [one], [other] = await worker.take(valley()), await worker.take(camp())
    assert one.verdict.story_id != other.verdict.story_id
    [joining] = await worker.take(valley_and_camp())
    assert joining.verdict.story_id == id_of(valley())
    assert joining.verdict.story is not None
    assert joining.verdict.merged_stories == [id_of(camp())]
    assert joining.verdict.story.changed[0] == "merged"
    assert joining.verdict.story.articles == 3
    gone, stays = topic.newest()[id_of(camp())], topic.newest()[id_of(valley())]
    assert (gone.merged_into, gone.changed, gone.version) == (stays.id, ("absorbed",), 2)
    assert stays.merged_from == (gone.id,)
    assert (stays.articles, stays.lead.id) == (3, "valley")
    assert [outlet.source for outlet in stays.outlets] == [HORIZON, ECHO, POST]
    assert topic.changes(stays.id)[:2] == [(1, ("opened",)), (2, ("merged",))]
    assert without_gap(topic)


async def test_later_articles_of_a_story_that_was_taken_in_end_up_in_the_one_that_stays(
    worker: Worker, topic: Topic
) -> None:
    for one in (valley(), camp(), valley_and_camp()):
        await worker.take(one)
    [late] = await worker.take(follow_up(CAMP, CAMP_TITLE, "late", "بريد الغرب"))
    assert (late.verdict.relation, late.verdict.duplicate_of) == ("near_duplicate", "camp")
    assert late.verdict.story_id == id_of(valley())
    assert topic.newest()[id_of(valley())].articles == 4
    assert topic.newest()[id_of(camp())].articles == 1


async def test_mergers_of_mergers_lead_to_the_oldest_story(worker: Worker, topic: Topic) -> None:
    for one in (valley(), camp(), orchard()):
        await worker.take(one)
    await worker.take(both(CAMP, ORCHARD, f"{CAMP_TITLE} و{ORCHARD_TITLE}", "camp and orchard"))
    assert topic.newest()[id_of(orchard())].merged_into == id_of(camp())
    await worker.take(valley_and_camp())
    assert topic.newest()[id_of(camp())].merged_into == id_of(valley())
    [late] = await worker.take(follow_up(ORCHARD, ORCHARD_TITLE, "late"))
    assert late.verdict.story_id == id_of(valley())
    last = topic.newest()[id_of(valley())]
    assert last.articles == 6
    assert set(last.merged_from) == {id_of(camp()), id_of(orchard())}
    assert without_gap(topic)


async def test_two_stories_and_the_article_that_joins_them_may_come_in_one_batch(worker: Worker, topic: Topic) -> None:
    found = await worker.take(valley(), camp(), valley_and_camp(), follow_up(CAMP, CAMP_TITLE, "late"))
    changes = [one.verdict.story.changed for one in found if one.verdict.story]
    assert changes[:2] == [["opened"], ["opened"]]
    assert "merged" in changes[2]
    told = topic.newest()
    assert {one.verdict.story_id for one in found} <= set(told)
    assert (told[id_of(camp())].merged_into, told[id_of(camp())].lead.id) == (id_of(valley()), "camp")
    stays = told[id_of(valley())]
    assert (stays.lead.id, stays.articles, stays.merged_from) == ("valley", 4, (id_of(camp()),))
    assert without_gap(topic)


ORDERS = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]


@pytest.mark.parametrize("order", ORDERS)
async def test_it_does_not_matter_which_of_those_that_make_two_stories_one_is_entered_first(
    redis: Redis, topic: Topic, order: tuple[int, ...]
) -> None:
    """Three workers, each stopped between the verdict on its article and the article's entry in its story."""
    articles = [valley(), camp(), valley_and_camp()]
    workers = [Worker(redis, topic) for _ in articles]
    for one, worker in zip(articles, workers, strict=True):
        await worker.deduplicator.index.judge([seen(one).print_])
    found = {at: (await workers[at].take(articles[at]))[0] for at in order}
    told = topic.newest()
    assert {one.verdict.story_id for one in found.values()} <= set(told)
    stays, gone = told[id_of(valley())], told[id_of(camp())]
    assert (stays.merged_into, stays.articles, stays.lead.id) == (None, 3, "valley")
    assert (gone.merged_into, gone.lead.id) == (stays.id, "camp")
    assert stays.merged_from == (gone.id,)
    assert without_gap(topic)
    [late] = await workers[0].take(follow_up(CAMP, CAMP_TITLE, "late"))
    assert topic.newest()[late.verdict.story_id].articles == 4


# --- once, whatever happens ----------------------------------------------------------------------------------------

STREAM = (
    article(FLOOD, id="a", source=HORIZON, title=FLOOD_TITLE),
    article(FLOOD[:4], id="b", source=ECHO, title=FLOOD_TITLE),
    article((*FLOOD[:3], HARBOUR[0]), id="a", source=HORIZON, title=FLOOD_TITLE),
    article(FLOOD_RETOLD, id="c", source=POST, title=FLOOD_TITLE),
    article(FLOOD, id="d", source=HORIZON),
    article(MATCH, id="m", source=ECHO),
)


async def test_a_replayed_record_is_told_the_same_whatever_the_story_has_become(worker: Worker, topic: Topic) -> None:
    first = await worker.take(*STREAM)
    records = [record(one, found) for one, found in zip(STREAM, first, strict=True)]
    await worker.take(valley(), camp(), valley_and_camp(), follow_up(FLOOD, FLOOD_TITLE, "later", "بريد الغرب"))
    before = topic.newest()
    again = await worker.take(*reversed(STREAM))
    assert [record(one, found) for one, found in zip(reversed(STREAM), again, strict=True)] == records[::-1]
    assert topic.newest() == before  # told once more, and not counted once more
    [alone] = await worker.take(STREAM[1])
    assert record(STREAM[1], alone) == records[1]


async def test_a_replay_of_what_opened_a_story_that_was_taken_in_is_told_the_same(worker: Worker, topic: Topic) -> None:
    [first] = await worker.take(camp(published_at=NOON))
    stays = valley(published_at=NOON)
    await worker.take(stays)
    await worker.take(valley_and_camp())
    before = topic.newest()
    [again] = await worker.take(camp(published_at=NOON))
    assert record(camp(published_at=NOON), again) == record(camp(published_at=NOON), first)
    assert topic.newest() == before


async def test_a_crash_between_verdict_and_story_loses_nothing_and_counts_once(worker: Worker, topic: Topic) -> None:
    first, second = STREAM[:2]
    await worker.take(first)
    [judged] = await worker.deduplicator.index.judge([seen(second).print_])  # and here the process ended
    assert judged.verdict.story is None
    [taken] = await worker.take(second)
    assert taken.verdict.model_dump(exclude={"story"}) == judged.verdict.model_dump(exclude={"story"})
    assert topic.newest()[id_of(first)].articles == 2
    [again] = await worker.take(second)
    assert again.verdict == taken.verdict
    assert topic.newest()[id_of(first)].articles == 2


async def test_a_crash_before_the_broker_acknowledged_tells_the_story_again(worker: Worker, topic: Topic) -> None:
    await worker.deduplicator.take([seen(one) for one in STREAM])  # published by nobody
    await worker.take(*STREAM)
    assert topic.newest()[id_of(STREAM[0])].articles == 5
    assert topic.newest()[id_of(STREAM[5])].articles == 1


async def test_a_record_that_stands_twice_in_a_batch_counts_once(worker: Worker, topic: Topic) -> None:
    first, second, *_ = STREAM
    found = await worker.take(first, second, first, second, second)
    assert found[0].verdict == found[2].verdict
    assert found[1].verdict == found[3].verdict == found[4].verdict
    assert topic.newest()[id_of(first)].articles == 2
    assert [state.version for state in topic.states] == [1, 2]


async def test_who_is_entered_before_the_article_that_opened_the_story_does_not_lead_it(
    worker: Worker, topic: Topic
) -> None:
    opener, later = STREAM[:2]
    await worker.deduplicator.index.judge([seen(opener).print_])
    [second] = await worker.take(later)
    assert (second.verdict.story_id, second.verdict.duplicate_of) == (id_of(opener), "a")
    [first] = await worker.take(opener)
    assert first.verdict.relation == "new"
    story = topic.newest()[id_of(opener)]
    assert (story.lead.id, story.articles, story.version) == ("a", 2, 2)


async def test_a_batch_of_many_stories_is_entered_in_order(worker: Worker, topic: Topic) -> None:
    texts = [FLOOD, HARBOUR, MATCH, CAMP, ORCHARD]
    stream = [
        follow_up(text, "", f"{at}-{number}", f"منبر {number}") for number in range(30) for at, text in enumerate(texts)
    ]
    found = await worker.take(*stream)
    for at in range(len(texts)):
        of_text = [one.verdict.story for one in found[at :: len(texts)]]
        assert [story.version for story in of_text if story] == list(range(1, 31))
        assert [story.articles for story in of_text if story] == list(range(1, 31))
    assert without_gap(topic)


# --- many workers at once ------------------------------------------------------------------------------------------


async def test_eight_workers_that_take_the_same_articles_at_once_count_each_once(valkey_url: str) -> None:
    texts = [FLOOD, HARBOUR, MATCH, CAMP, ORCHARD]
    stream = [
        article(text if number % 3 else text[:-1], id=f"{at}-{number}", source=f"منبر {number % 25}")
        for number in range(60)
        for at, text in enumerate(texts)
    ]
    topic = Topic()
    verdicts: dict[str, set[bytes]] = defaultdict(set)

    async def work(number: int) -> set[bytes]:
        dice = random.Random(number)
        client = Redis.from_url(valkey_url)
        worker = Worker(client, topic)
        order = dice.sample(stream, len(stream))
        refs: set[bytes] = set()
        for start in range(0, len(order), 20):
            batch = order[start : start + 20]
            found = await worker.deduplicator.take([seen(one) for one in batch])
            for one, taken in zip(batch, found, strict=True):
                verdicts[one.id].add(record(one, taken))
                refs |= set(taken.entered.refs)
                await asyncio.sleep(0)
                await topic.publish(taken.states)
            await worker.deduplicator.publish_newest(found, [], topic.publish)
        await client.aclose()
        return refs

    refs = set().union(*await asyncio.gather(*map(work, range(8))))
    assert {len(told) for told in verdicts.values()} == {1}
    client = Redis.from_url(valkey_url)
    final = await stored(Worker(client, topic), refs)
    again = await Worker(client, Topic()).take(*stream)
    await client.aclose()
    assert len(final) == len(texts)
    assert sum(story.articles for story in final.values()) == len(stream)
    assert {story.articles for story in final.values()} == {60}
    relations = Counter(
        (one.id.split("-")[0], found.verdict.relation) for one, found in zip(stream, again, strict=True)
    )
    assert [relations[str(at), "new"] for at in range(len(texts))] == [1] * len(texts)
    assert {story.lead.id for story in final.values()} == {
        one.id for one, found in zip(stream, again, strict=True) if found.verdict.relation == "new"
    }
    assert topic.newest() == final
    assert without_gap(topic)
    for at in range(len(texts)):
        versions = [found.verdict.story.version for found in again[at :: len(texts)] if found.verdict.story]
        assert sorted(versions) == list(range(1, 61))


@pytest.mark.parametrize("seed", range(8))
async def test_mergers_among_many_workers_lose_no_article_and_no_story(valkey_url: str, seed: int) -> None:
    """Openers, round-ups that make their stories one, and follow-ups, each taken by two of six workers, in any order."""
    texts = ((VALLEY, VALLEY_TITLE), (CAMP, CAMP_TITLE), (ORCHARD, ORCHARD_TITLE))
    stream = [
        valley(),
        camp(),
        orchard(),
        valley_and_camp(),
        both(CAMP, ORCHARD, f"{CAMP_TITLE} و{ORCHARD_TITLE}", "x"),
    ]
    stream += [
        follow_up(text, title, f"{at}-{number}", f"منبر {number}")
        for number in range(4)
        for at, (text, title) in enumerate(texts)
    ]
    topic = Topic()
    dice = random.Random(seed)
    shares: list[list[ExtractedArticle]] = [[] for _ in range(6)]
    for one in stream:
        for share in dice.sample(shares, 2):
            share.append(one)

    async def work(share: list[ExtractedArticle], dice: random.Random) -> list[Deduplicated]:
        client = Redis.from_url(valkey_url)
        worker = Worker(client, topic)
        dice.shuffle(share)
        found = []
        while share:
            batch = [share.pop() for _ in range(min(len(share), dice.randrange(1, 5)))]
            if dice.random() < 0.3:  # ended between the verdicts and the stories, and came again
                await worker.deduplicator.index.judge([seen(one).print_ for one in batch])
                await asyncio.sleep(0)
            taken = await worker.deduplicator.take([seen(one) for one in batch])
            await asyncio.sleep(0.002 * dice.random())
            await worker.publish(taken)
            found += taken
        await client.aclose()
        return found

    found = [
        one for part in await asyncio.gather(*(work(share, random.Random(seed)) for share in shares)) for one in part
    ]
    client = Redis.from_url(valkey_url)
    kept = await stored(Worker(client, topic), {ref for one in found for ref in one.entered.refs})
    await client.aclose()
    told = topic.newest()
    assert told == kept
    assert {one.verdict.story_id for one in found} <= set(told)
    standing = [story for story in told.values() if story.merged_into is None]
    assert sum(story.articles for story in standing) == len(stream)
    for story in told.values():
        while story.merged_into is not None:
            story = told[story.merged_into]
        assert story in standing
    assert {outlet.source for story in standing for outlet in story.outlets} == {one.source for one in stream}
    assert without_gap(topic)


async def test_states_published_in_the_wrong_order_end_with_the_newest(redis: Redis, topic: Topic) -> None:
    slow, quick = Worker(redis, topic), Worker(redis, topic)
    first = await slow.deduplicator.take([seen(STREAM[0])])
    [second] = await quick.take(STREAM[1])
    assert [state.version for state in topic.states] == [2]
    await slow.publish(first)
    assert [state.version for state in topic.states] == [2, 1, 2]
    assert topic.states[-1] == second.states[-1]


async def test_a_state_published_late_does_not_bring_a_story_back_that_was_taken_in(redis: Redis, topic: Topic) -> None:
    slow, quick = Worker(redis, topic), Worker(redis, topic)
    await quick.take(valley())
    first = await slow.deduplicator.take([seen(camp())])
    await quick.take(valley_and_camp())
    await slow.publish(first)
    assert topic.newest()[id_of(camp())].merged_into == id_of(valley())


class Interrupted:
    """A client whose first write of stories is preceded by what somebody else does."""

    def __init__(self, client: Redis, meanwhile: Callable[[], Awaitable[Any]]) -> None:
        self.time, self._client, self._meanwhile = client.time, client, [meanwhile]

    def register_script(self, script: str) -> Callable[..., Awaitable[Any]]:
        run = self._client.register_script(script)
        if "-- Writes stories" not in script:
            return run

        async def write(**given: Any) -> Any:
            while self._meanwhile:
                await self._meanwhile.pop()()
            return await run(**given)

        return write


async def test_who_was_overtaken_tells_nothing_that_never_was_and_the_newest_last(redis: Redis, topic: Topic) -> None:
    """A batch of a record that came before and a new one of its story; between reading and writing another enters one."""
    before, mine, theirs = STREAM[1], STREAM[3], follow_up(FLOOD, FLOOD_TITLE, "theirs", "بريد الغرب")
    other = Worker(redis, topic)
    await other.take(STREAM[0], before)
    worker = Worker(Interrupted(redis, lambda: other.take(theirs)), topic)
    for_me = await worker.take(mine, before)
    story = topic.newest()[id_of(STREAM[0])]
    assert (story.version, story.articles) == (4, 4)
    assert for_me[0].verdict.story is not None
    assert for_me[0].verdict.story.version == 4
    by_version: dict[int, set[str]] = defaultdict(set)
    for state in topic.states:
        by_version[state.version].add(state.record_id)
    assert {version: len(records) for version, records in by_version.items()} == {1: 1, 2: 1, 3: 1, 4: 1}


async def test_stories_made_one_while_another_enters_an_article_lose_none(redis: Redis, topic: Topic) -> None:
    other = Worker(redis, topic)
    await other.take(valley(), camp())
    worker = Worker(Interrupted(redis, lambda: other.take(valley_and_camp())), topic)
    await worker.take(follow_up(CAMP, CAMP_TITLE, "late"))
    stays, gone = topic.newest()[id_of(valley())], topic.newest()[id_of(camp())]
    assert (stays.articles, gone.merged_into) == (4, stays.id)
    assert without_gap(topic)


async def test_an_opener_entered_while_its_story_is_taken_in_is_not_forgotten(redis: Redis, topic: Topic) -> None:
    """The opener was judged and not yet entered when another article made its story one with an older."""
    other = Worker(redis, topic)
    await other.take(valley())
    await other.deduplicator.index.judge([seen(camp()).print_])
    worker = Worker(Interrupted(redis, lambda: other.take(valley_and_camp())), topic)
    await worker.take(camp())
    stays, gone = topic.newest()[id_of(valley())], topic.newest()[id_of(camp())]
    assert (stays.articles, stays.lead.id, gone.merged_into, gone.lead.id) == (3, "valley", stays.id, "camp")


# --- Redis emptied -------------------------------------------------------------------------------------------------


async def test_an_emptied_redis_begins_anew_and_says_since_when(redis: Redis, worker: Worker) -> None:
    [first] = await worker.take(STREAM[0])
    since = worker.deduplicator.index.memory_since
    assert since is not None
    await worker.take(STREAM[1])
    assert worker.deduplicator.index.memory_since == since
    await redis.flushall()
    await redis.script_flush()
    await redis.set("{rasid}:dedup:2:since", since + 60)  # as if a minute had passed
    [again] = await worker.take(article(FLOOD, id="z", source=POST, title=FLOOD_TITLE))
    assert (first.verdict.relation, again.verdict.relation) == ("new", "new")
    assert worker.deduplicator.index.memory_since == since + 60


async def test_a_record_whose_states_went_with_redis_is_told_again(redis: Redis, worker: Worker, topic: Topic) -> None:
    first = await worker.take(*STREAM)
    await redis.flushall()
    again = await worker.take(*STREAM)
    records = [
        [record(one, found) for one, found in zip(STREAM, taken, strict=True)] for taken in (first, again)
    ]  # fmt: skip
    assert records[0] == records[1]
    assert all(encode(story_record(state)) for state in topic.states)


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
