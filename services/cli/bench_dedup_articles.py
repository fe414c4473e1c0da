"""What `rasid bench dedup` judges: extracted articles of a file, or made from the words of our seeds."""

from __future__ import annotations

import gzip
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

import orjson

from schemas.articles_extracted import ExtractedArticle
from schemas.articles_raw import RawArticle
from services.deduplication.words import folded, words
from services.extraction.article import extract
from services.extraction.engine import Engine, load_engine
from services.normalization.article import normalize
from services.producer.admission import admit
from services.producer.candidate import Candidate, Rejected
from services.producer.readers import read
from services.runtime.wire import WireError, decode, encode

CHUNK = 64
OUTLETS = 40
TITLE_WORDS = 9
FEWEST_SENTENCES, MOST_SENTENCES = 4, 12
FEWEST_WORDS, MOST_WORDS = 10, 26
INVENTED_SHARE = 0.08
"""Names and other words that few articles have."""

LETTERS = "ابتجحدرزسشصطعفقكلمنهوي"
OPENINGS = (
    "قتل {count} أشخاص وأصيب {more} في قصف على {place}، وفق ما قال {person} للصحفيين.",
    "قال {person} إن {count} أشخاص أصيبوا في انفجار قرب {place}.",
    "أعلنت السلطات في {place} توقيف {count} أشخاص، بحسب {person}.",
    "اجتمع {person} مع مسؤولين في {place} لبحث {more} ملفا.",
)
PLACES = ("حلب", "إدلب", "الموصل", "عدن", "صنعاء", "طرابلس", "بنغازي", "بيروت", "الخرطوم", "غزة", "دمشق", "البصرة")
PEOPLE = ("سالم الخطيب", "ناديا حداد", "عمر الصباغ", "ليلى منصور", "خالد العمري", "رنا الشامي", "فؤاد الجابري")
BEGINNING = datetime(2026, 3, 1, tzinfo=UTC)


class ArticlesError(ValueError):
    """There is nothing to judge; the message says what is wrong with the file."""


def records(path: Path) -> Iterator[ExtractedArticle]:
    """The articles of a file that `rasid batch` wrote, in its order.

    Raises:
        ArticlesError: a line is no extracted article. OSError: the file cannot be read.
    """
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield decode(ExtractedArticle, line)
            except WireError as error:
                raise ArticlesError(f"{path}, line {number}: no record of rasid batch ({error})") from None


def extracted_lines(path: Path, count: int, engine: str, cores: int) -> list[bytes]:
    """The first `count` articles of a path, extracted, as JSON; raw ones go through the engine first.

    Raises:
        ArticlesError: it holds none. OSError: the file cannot be read.
    """
    if is_of_records(path):
        lines = [encode(article) for article in islice(records(path), count)]
    else:
        raw = (one for one in read([path], source="bench") if not isinstance(one, Rejected))
        lines = extracted(list(islice(_admitted(raw), count)), engine, cores)
    if not lines:
        raise ArticlesError(f"{path} holds no article that is admitted")
    return lines


def is_of_records(path: Path) -> bool:
    """Whether `rasid batch` wrote the file: its first line names an engine."""
    if path.is_dir() or not path.name.endswith((".jsonl", ".jsonl.gz")):
        return False
    with _opened(path) as lines:
        try:
            first = orjson.loads(next(lines, b"{}"))
        except ValueError:
            return False
    return isinstance(first, dict) and "engine" in first


def made_articles(seeds: Path, count: int, seed: int = 1) -> Iterator[RawArticle]:
    """`count` articles, no two alike and the same for the same seed: words of our seeds, as often as those have them."""
    counted = Counter(
        word for one in read([seeds], source="seeds") if isinstance(one, Candidate) for word in _words_of(one)
    )
    if not counted:
        raise ArticlesError(f"{seeds} holds no article to take words from: give --articles")
    vocabulary, weights = list(counted), list(counted.values())
    dice = random.Random(seed)
    for number in range(count):
        at = BEGINNING + timedelta(minutes=number)
        outlet = f"outlet-{dice.randrange(OUTLETS)}"
        title = " ".join(_drawn(dice, vocabulary, weights, TITLE_WORDS))
        fields = {
            "source": outlet,
            "url": f"https://{outlet}.example/{seed}/{number}",
            "title": title,
            "text": _made_text(dice, vocabulary, weights),
            "published_at": at.isoformat(),
        }
        yield _admit(Candidate(f"made:{number}", fields), at)


def extracted(articles: Sequence[RawArticle], engine: str, cores: int) -> list[bytes]:
    """The articles as the engine sees them, as JSON, in order."""
    chunks = [list(articles[at : at + CHUNK]) for at in range(0, len(articles), CHUNK)]
    with ProcessPoolExecutor(min(cores, len(chunks)) or 1, initializer=_load, initargs=(engine,)) as pool:
        return [line for lines in pool.map(_extracted, chunks) for line in lines]


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_engine: Engine | None = None


def _load(engine: str) -> None:
    global _engine
    _engine = load_engine(engine)


def _extracted(articles: Sequence[RawArticle]) -> list[bytes]:
    assert _engine is not None
    return [encode(extract(normalize(article), engine=_engine)) for article in articles]


def _admitted(found: Iterator[Candidate]) -> Iterator[RawArticle]:
    seen = set()
    for candidate in found:
        try:
            article = _admit(candidate, datetime.now(UTC))
        except Rejected:
            continue
        if article.record_id not in seen:
            seen.add(article.record_id)
            yield article


def _admit(candidate: Candidate, at: datetime) -> RawArticle:
    return admit(candidate, max_text_bytes=256 * 1024, min_arabic_share=0.5, fetched_at=at)


def _words_of(candidate: Candidate) -> list[str]:
    text = candidate.fields.get("text")
    return words(folded(text)) if isinstance(text, str) else []


def _drawn(dice: random.Random, vocabulary: Sequence[str], weights: Sequence[int], count: int) -> list[str]:
    return [
        "".join(dice.choices(LETTERS, k=dice.randrange(4, 8))) if dice.random() < INVENTED_SHARE else word
        for word in dice.choices(vocabulary, weights, k=count)
    ]


def _made_text(dice: random.Random, vocabulary: Sequence[str], weights: Sequence[int]) -> str:
    given = {"count": dice.randrange(3, 11), "more": dice.randrange(11, 90)}
    names = {"place": dice.choice(PLACES), "person": dice.choice(PEOPLE)}
    sentences = [dice.choice(OPENINGS).format(**given, **names)]
    for _ in range(dice.randint(FEWEST_SENTENCES, MOST_SENTENCES)):
        sentences.append(" ".join(_drawn(dice, vocabulary, weights, dice.randint(FEWEST_WORDS, MOST_WORDS))) + ".")
    return "\n".join(sentences)


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.name.endswith(".gz") else path.open("rb")  # type: ignore[return-value]
