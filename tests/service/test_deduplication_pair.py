"""The verdict on two articles alone is that of the script, on a real Valkey."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from redis.asyncio import Redis

from schemas.articles_extracted import ExtractedArticle
from services.deduplication.fingerprint import fingerprint
from services.deduplication.index import DeduplicationIndex
from services.deduplication.pair import judged_alone
from tests.unit.cli.explained_articles import SEEDS, seed
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, NOON, article

OTHER = "صدى الوادي"
TITLE = "تسعة قتلى في سيول وادي الرمان"
RETOLD = (
    "قضى تسعة أشخاص في سيول جارفة ضربت وادي الرمان فجر الخميس، بحسب هيئة الدفاع المدني.",
    "وروى ناجون من قرى الوادي أن المياه دخلت بيوتهم وهم نيام.",
)


def ours() -> list[ExtractedArticle]:
    edited = (FLOOD[0].replace("اجتاحت", "ضربت"), *FLOOD[1:4])
    return [
        article(FLOOD, id="a", title=TITLE),
        article(FLOOD, id="b", source=OTHER),
        article(edited, id="c", source=OTHER, title=TITLE),
        article(edited, id="a", title=TITLE),
        article(RETOLD, id="d", source=OTHER, title=TITLE, published_at=NOON + timedelta(hours=3)),
        article(RETOLD, id="e", title=TITLE, published_at=NOON + timedelta(days=5)),
        article(("تصحيح: ذكر خبر سابق أن السيول قتلت تسعة في وادي الرمان، والصحيح سبعة.",), id="f", title=f"تصحيح: {TITLE}"),
        article((FLOOD[0], *HARBOUR, FLOOD[5]), id="g", source=OTHER),
        article(MATCH, id="h"),
    ]  # fmt: skip


def seeds() -> list[ExtractedArticle]:
    return [seed(path) for path in sorted(SEEDS.glob("*.json"))[:12]]


@pytest.mark.parametrize("those", [ours, seeds])
async def test_two_alone_are_what_the_stream_says_of_them(valkey_url: str, those: object) -> None:
    assert callable(those)
    prints = [fingerprint(one) for one in those()]
    relations = set()
    async with Redis.from_url(valkey_url) as client:
        for number, (earlier, later) in enumerate(permutations(prints, 2)):
            index = DeduplicationIndex(client, f"pair-{number}", 14, 30)
            _, judged = await index.judge([earlier, later])
            assert judged.verdict.relation == judged_alone(later, earlier).relation, (earlier.id, later.id)
            relations.add(judged.verdict.relation)
    assert {"new", "near_duplicate"} <= relations
