"""Articles that four outlets print word for word: extracted already, so that deduplication can be loaded alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from schemas.articles_extracted import ExtractedArticle
from schemas.articles_raw import RawArticle
from services.normalization.article import normalize
from services.runtime.account import Account
from tests.support.articles import START, invented

COPIES = 4
OUTLETS = ("النهار الجديد", "صدى الوادي", "بريد الساحل", "منبر الجبل", "أخبار السهل")
FRAMES = (
    "أعلن {speaker} أن {words}.",
    "وقال {speaker} إن {words}.",
    "وذكر {speaker} أن {words}.",
    "ورأى {speaker} أن {words}.",
    "وختم {speaker} بأن {words}.",
)


def copied_articles(count: int, seed: int = 1) -> Iterator[list[ExtractedArticle]]:
    """`count` articles that have nothing to do with one another, each in four copies; the same for the same seed.

    Three outlets print each of them, and the first of the three prints it again under another id.
    """
    dice = random.Random(seed)
    for number in range(count):
        text = "\n".join(frame.format(speaker=invented(dice, 2), words=invented(dice, 11)) for frame in FRAMES)
        yield list(_printed(f"copied:{seed}:{number}", number, invented(dice, 5), text))


def _printed(name: str, number: int, title: str, text: str) -> Iterator[ExtractedArticle]:
    first: ExtractedArticle | None = None
    for copy in range(COPIES):
        id_ = f"{name}:{copy}"
        given = {
            "id": id_,
            "record_id": uuid5(NAMESPACE_URL, f"{id_}\n{text}"),
            "source": OUTLETS[(number + copy % 3) % len(OUTLETS)],
            "published_at": START + timedelta(minutes=number + copy),
            "fetched_at": START + timedelta(minutes=number + copy),
        }
        if first is None:
            normalized = normalize(RawArticle(title=title, text=text, **given))
            found = {"engine": "none", "entities": [], "dates": [], "quantities": [], "events": [], "claims": []}
            first = ExtractedArticle.model_validate(dict(normalized) | found)
        yield first.model_copy(update=given)


def assert_told_once(groups: Iterable[Sequence[ExtractedArticle]], account: Account) -> None:
    """Of each article's copies one is new, the others are copies of that one, and its story has them all, once.

    The second of the two of one outlet is an exact copy.
    """
    verdicts = {article["id"]: article for article in account.articles.values()}
    for four in groups:
        told = [verdicts[one.id] for one in four]
        [new] = [one for one in told if one["relation"] == "new"]
        others = [one for one in told if one is not new]
        assert sorted(one["relation"] for one in others) == ["exact", "near_duplicate", "near_duplicate"]
        assert {one["duplicate_of"] for one in others} == {new["id"]}
        assert {one["story_id"] for one in others} == {new["story_id"]}
        story = account.stories[new["story_id"]]
        assert (story["articles"], story["version"], story["status"]) == (COPIES, COPIES, "open")
        assert story["lead"]["id"] == new["id"]
        assert {outlet["source"]: outlet["articles"] for outlet in story["outlets"]} == Counter(
            one.source for one in four
        )
    assert len(account.stories) == len({article["story_id"] for article in verdicts.values()})
