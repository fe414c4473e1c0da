"""What the index and the stories do in the cases that no other test reaches, on a real Valkey."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from schemas.articles_extracted import ExtractedArticle
from services.cli.bench_dedup_fill import LaterClock
from services.deduplication import index as index_module
from services.deduplication.deduplicator import Deduplicator, seen
from services.deduplication.fingerprint import fingerprint, story_opened_by
from services.deduplication.index import FORMAT, DeduplicationIndex, key_prefix
from services.deduplication.story_terms import POSTED
from tests.support.judging import judged
from tests.unit.deduplication.examples import NOON, article

HORIZON, ECHO, POST = "وكالة المرسى", "صدى الجبل", "بريد السهل"
SYLLABLES = ("با", "تو", "جي", "حد", "خر", "دو", "رم", "زي", "سا", "شو", "صن", "طي", "عل", "فو", "قد", "كم")


def own_words(number: int, sentences: int = 4) -> tuple[str, ...]:
    """A text that shares nothing with that of another number."""
    places = len(SYLLABLES)
    name = SYLLABLES[number // places % places] + SYLLABLES[number % places]
    return tuple(
        " ".join(f"{SYLLABLES[(line * 5 + word * 3) % places]}{name}{SYLLABLES[word]}" for word in range(12)) + "."
        for line in range(sentences)
    )


def opener(number: int, **more: Any) -> ExtractedArticle:
    return article(own_words(number), **({"id": f"story {number}", "source": HORIZON} | more))


def copy(number: int, **more: Any) -> ExtractedArticle:
    return article(own_words(number)[:3], **({"id": f"copy {number}", "source": ECHO} | more))


def id_of(one: ExtractedArticle) -> str:
    return str(story_opened_by(one.record_id))


# --- mergers in a row ----------------------------------------------------------------------------------------------


def round_up(older: int, younger: int) -> ExtractedArticle:
    one, other = own_words(older), own_words(younger)
    return article((one[0], other[0], one[1], other[1]), id=f"{older} and {younger}", source=POST)


async def test_forty_mergers_in_a_row_lead_to_the_oldest_story_where_they_are_looked_at(
    index: DeduplicationIndex,
) -> None:
    """Each story goes into the one before it, the youngest first; the youngest comes again now and then."""
    number = 40
    openers = [opener(at) for at in range(number)]
    assert [one.relation for one in await judged(index, *openers)] == ["new"] * number
    for at in range(number - 1, 0, -1):
        [joining] = await judged(index, round_up(at - 1, at))
        assert (joining.story_id, joining.merged_stories) == (id_of(openers[at - 1]), [id_of(openers[at])])
        if at % 8 == 0:
            [same] = await judged(index, opener(number - 1, id=f"same {at}"))
            assert (same.relation, same.story_id) == ("exact", id_of(openers[at - 1]))
    same, edited = await judged(index, opener(number - 1, id="same"), copy(number - 1))
    assert (same.relation, same.story_id) == ("exact", id_of(openers[0]))
    assert (edited.relation, edited.story_id) == ("near_duplicate", id_of(openers[0]))


async def test_forty_mergers_in_a_row_lead_to_the_oldest_story_though_nobody_looked(index: DeduplicationIndex) -> None:
    number = 40
    openers = [opener(at) for at in range(number)]
    await judged(index, *openers)
    for at in range(number - 1, 0, -1):
        await judged(index, round_up(at - 1, at))
    [last] = await judged(index, copy(number - 1))
    assert last.story_id == id_of(openers[0])


# --- the format ----------------------------------------------------------------------------------------------------


async def test_records_of_another_format_are_not_read_and_not_touched(
    redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = article(CLINIC, id="a", source=HORIZON)
    await Deduplicator(redis, "rasid", 14, 30).take([seen(first)])
    before = {key: await redis.dump(key) for key in await redis.keys()}
    monkeypatch.setattr(index_module, "FORMAT", FORMAT + 1)
    [again] = await Deduplicator(redis, "rasid", 14, 30).take([seen(article(CLINIC, id="b", source=ECHO))])
    assert (again.verdict.relation, again.verdict.duplicate_of) == ("new", None)
    assert again.verdict.story is not None
    assert again.verdict.story.articles == 1
    assert {key: await redis.dump(key) for key in before} == before
    kinds = [{key.split(b":")[3] for key in keys} for keys in (before, set(await redis.keys()) - set(before))]
    assert kinds[0] == kinds[1]
    assert key_prefix("rasid") == f"{{rasid}}:dedup:{FORMAT + 1}:"


# --- whom an article is compared with ------------------------------------------------------------------------------

CLINIC = (
    "افتتحت بلدية تل الياسمين مستوصفا جديدا يخدم أحياء المدينة القديمة بعد أعوام من المطالبة به.",
    "وأوضح مدير المستوصف فارس البيطار أن عشرة أطباء سيتناوبون على العيادات طوال أيام الأسبوع.",
    "وتكفل متبرعون من أبناء المدينة المغتربين بثمن أجهزة الأشعة والمختبر.",
    "وسيوزع المستوصف أدوية الأمراض المزمنة مجانا على كبار السن كل شهر.",
    "وانتقد أعضاء في المجلس البلدي تأخر الأعمال وارتفاع كلفتها.",
)
CLINIC_QUOTED = (
    "وقف عشرات المرضى صباح الاثنين أمام باب مغلق.",
    CLINIC[1],
    "ورأى سكان التقاهم مراسلنا أن البناء ضيق وبعيد عن موقف الحافلات.",
    CLINIC[3],
    CLINIC[2],
    "وطلبوا تخصيص سيارة إسعاف للحالات الطارئة ليلا.",
)
CLINIC_EDITED = (
    CLINIC[0].replace("جديدا", "حديثا"),
    CLINIC[1].replace("عشرة", "تسعة"),
    CLINIC[2].replace("بثمن", "بأثمان كل"),
    CLINIC[3].replace("مجانا", "بلا مقابل"),
    CLINIC[4].replace("وانتقد", "ولام"),
)
TEN_DAYS_ON = NOON + timedelta(days=10)
"""Beyond the days of which the terms are looked at."""


def passages_of(one: ExtractedArticle) -> set[bytes]:
    return {passage.hashed for passage in fingerprint(one).passages}


async def test_whole_sentences_alone_lead_to_the_article_that_had_them(index: DeduplicationIndex) -> None:
    first = article(CLINIC, id="a", source=HORIZON)
    quoting = fingerprint(article(CLINIC_QUOTED, id="b", source=ECHO, published_at=TEN_DAYS_ON))
    _, found = await index.judge([fingerprint(first), replace(quoting, bands=b"")])
    assert (found.verdict.relation, found.verdict.duplicate_of) == ("near_duplicate", "a")


async def test_an_edit_takes_no_other_article_from_the_lists_of_its_words(
    redis: Any, index: DeduplicationIndex
) -> None:
    """The edited article is looked up by its id: the lists of its words are only written to."""
    await judged(index, article(CLINIC, id="a", source=HORIZON), article(TRAIN, id="page", source=ECHO))
    [key] = await redis.keys("*:terms:*")
    before = await redis.hgetall(key)
    [edited] = await judged(index, article(CLINIC_EDITED, id="page", source=ECHO))
    assert (edited.relation, edited.duplicate_of) == ("revision", "page")
    after = await redis.hgetall(key)
    assert sum(after[term] != refs for term, refs in before.items()) >= POSTED / 2
    assert all(after[term].startswith(refs) for term, refs in before.items())


@pytest.mark.parametrize("by", ["sentences", "bands"])
async def test_what_has_the_same_text_is_found_on_a_later_day_too(redis: Any, by: str) -> None:
    """Articles of other days have the same numbers."""
    first = article(CLINIC, id="a", source=HORIZON)
    text = CLINIC_QUOTED if by == "sentences" else CLINIC_EDITED
    later = fingerprint(article(text, id="b", source=ECHO, published_at=TEN_DAYS_ON))
    if by == "sentences":
        later = replace(later, bands=b"")
    await judged(DeduplicationIndex(redis, "rasid", 14, 30), first, article(TRAIN, id="train"))
    on_a_later_day = DeduplicationIndex(LaterClock(redis, 2), "rasid", 14, 30)
    other = fingerprint(article(own_words(1), id="other", source=POST))
    _, found = await on_a_later_day.judge([other, later])
    assert (found.verdict.relation, found.verdict.duplicate_of) == ("near_duplicate", "a")
    for kind in ("records", "copies", "bands", "passages"):
        assert len(await redis.keys(f"*:{kind}:*")) == 2


async def test_an_article_of_which_no_sentence_is_left_as_it_was_is_found_by_the_bands(
    index: DeduplicationIndex,
) -> None:
    first = article(CLINIC, id="a", source=HORIZON)
    edited = article(CLINIC_EDITED, id="b", source=ECHO, published_at=TEN_DAYS_ON)
    assert passages_of(first).isdisjoint(passages_of(edited))
    _, found = await judged(index, first, edited)
    assert (found.relation, found.duplicate_of) == ("near_duplicate", "a")


CLINIC_RETOLD = (
    "صار لأهالي تل الياسمين مستوصف في المدينة القديمة يعمل فيه عشرة أطباء.",
    "وتعهد المدير فارس البيطار بصرف أدوية المرضى المزمنين من كبار السن دون ثمن.",
    "ولم يخف مستشارون في البلدية ضيقهم من كلفة المستوصف.",
)


@pytest.mark.parametrize("full_lists", [0, 3 * POSTED])
async def test_words_that_stand_in_a_thousand_articles_of_these_days_lead_to_none(
    redis: Any, index: DeduplicationIndex, full_lists: int
) -> None:
    """The articles under the shortest lists of words are looked at; of lists of equal length the earlier days' first."""
    first = article(CLINIC, id="a", source=HORIZON, title="مستوصف تل الياسمين")
    retold = article(CLINIC_RETOLD, id="b", source=ECHO, title="مستوصف تل الياسمين")
    await judged(index, first)
    [today] = await redis.keys("*:terms:*")
    name, day = today.decode().rsplit(":", 1)
    packed = fingerprint(retold).terms
    terms = [packed[at : at + 3] for at in range(0, 4 * POSTED, 4)]

    def unknown(list_: int, number: int) -> bytes:
        """References to articles that are each in this one list."""
        return b"".join(b"\xff\xff" + (64 * list_ + at).to_bytes(4, "big") for at in range(number))

    for at in range(full_lists):
        await redis.hset(f"{name}:{int(day) - 3 + at // POSTED}", terms[at % POSTED], unknown(at, 64))
    for at, (term, refs) in enumerate((await redis.hgetall(today)).items(), start=full_lists):
        await redis.hset(today, term, unknown(at, 63) + refs)
    [found] = await judged(index, retold)
    assert found.relation == ("new" if full_lists else "same_story")


TRAIN = (
    "خرج قطار الركاب المتجه إلى محطة السنديان عن سكته صباح الأحد وأصيب خمسة عشر راكبا بجروح.",
    "وقال مدير السكك الحديدية هيثم القاضي إن عطلا في المحول أدى إلى انحراف العربة الثالثة.",
    "ونقل المسعفون المصابين إلى مستشفى السنديان وغادر معظمهم قبل الظهر.",
    "وتوقفت الرحلات بين السنديان والمرج نحو سبع ساعات ريثما رفعت الرافعات العربات.",
)
STRIKE = (
    "أعلن عمال السكك الحديدية في المرج إضرابا مفتوحا احتجاجا على تقادم المحولات وإهمال صيانتها.",
    "وحمل النقيب مازن الطحان مدير السكك الحديدية هيثم القاضي مسؤولية انحراف القطارات.",
    "ورفضت الوزارة مطالب المضربين ودعتهم إلى الحوار يوم الأربعاء.",
    "وبقيت محطات المرج خالية من المسافرين واستعان كثيرون بحافلات خاصة.",
)


async def test_a_follow_up_of_a_follow_up_that_has_nothing_of_the_first_article_opens_a_story(
    redis: Any, index: DeduplicationIndex
) -> None:
    train = article(TRAIN, id="train", source=HORIZON, title="خروج قطار عن سكته في السنديان")
    both = article(
        (STRIKE[1], STRIKE[3], TRAIN[0]), id="both", source=ECHO, title="إضراب عمال السكك في المرج",
        published_at=NOON + timedelta(hours=5),
    )  # fmt: skip
    strike = article(
        STRIKE[:2], id="strike", source=POST, title="إضراب عمال السكك في المرج", published_at=NOON + timedelta(hours=30)
    )
    without_train = await judged(DeduplicationIndex(redis, "other", 14, 30), both, strike)
    assert [one.relation for one in without_train] == ["new", "same_story"]
    _, second, third = await judged(index, train, both, strike)
    assert (second.relation, second.story_id) == ("same_story", id_of(train))
    assert (third.relation, third.story_id) == ("new", id_of(strike))


async def test_an_articles_edits_and_follow_ups_make_no_passage_one_of_many_stories(
    redis: Any, index: DeduplicationIndex
) -> None:
    passage = "ويخدم الخط القديم عشرين قرية لا تصلها طريق معبدة منذ أن جرف النهر جسرها."
    for outlet in (HORIZON, ECHO, POST):
        [one] = await judged(index, article((*TRAIN, passage, f"هذا ما نقلته {outlet}."), id=outlet, source=outlet))
        assert one.story_id == id_of(article((*TRAIN, passage, f"هذا ما نقلته {HORIZON}."), id=HORIZON))
    [other] = await judged(index, article((*CLINIC, passage), id="clinic", source=HORIZON))
    assert other.relation == "new"
    lists = await redis.hvals((await redis.keys("*:passages:*"))[0])
    assert max(entries[at + 8] for entries in lists for at in range(0, len(entries), 10)) == 2


# --- what outlives its story ---------------------------------------------------------------------------------------


async def test_a_copy_of_what_outlived_its_story_belongs_to_a_story_of_these_days(redis: Redis) -> None:
    def on_day(day: int) -> DeduplicationIndex:
        return DeduplicationIndex(LaterClock(redis, day), "rasid", 7, 7)

    title = "مستوصف تل الياسمين"
    [opened] = await judged(on_day(0), article(CLINIC, id="a", source=HORIZON, title=title))
    [kept] = await judged(on_day(6), article(CLINIC[:4], id="b", source=ECHO, title=title))
    assert kept.story_id == opened.story_id
    retold = article(CLINIC_RETOLD, id="c", source=POST, title=title)
    [anew] = await judged(on_day(10), retold)
    assert (anew.relation, anew.story_id) == ("new", id_of(retold))
    [found] = await judged(on_day(10), article(CLINIC[:5], id="d", source="منبر الوادي", title=title))
    assert (found.relation, found.duplicate_of) == ("near_duplicate", "a")
    assert found.story_id == anew.story_id


async def test_since_when_is_remembered_expires_though_no_second_batch_came(
    redis: Any, index: DeduplicationIndex
) -> None:
    await judged(index, article(CLINIC, id="a"))
    left = await redis.ttl(key_prefix("rasid") + "since")
    assert 31 * 24 * 60 * 60 < left <= 32 * 24 * 60 * 60
