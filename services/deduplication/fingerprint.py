"""An article as deduplication sees it: small, pure, and enough for the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from schemas.articles_deduplicated import Notice
from schemas.articles_extracted import ExtractedArticle
from services.deduplication.body import Sentence, compared_sentences
from services.deduplication.corrections import correction_mark
from services.deduplication.marks import Marks, marks
from services.deduplication.minhash import bands, signature
from services.deduplication.shingles import Sample, sample, shingles
from services.deduplication.story_terms import story_terms
from services.deduplication.words import folded, stems, words

STORIES = uuid5(NAMESPACE_URL, "urn:rasid:story")

CONTENT_BYTES = 16
ID_BYTES = 8
SOURCE_BYTES = 4
PASSAGE_BYTES = 6
MOST_PASSAGES = 256
"""Of one article: a text of thousands of tiny sentences must not cost a thousand times the memory of another, nor overflow
the stack of the script."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PassagePrint(NamedTuple):
    """A compared sentence, or several: its place in the original text, and the hash of its words."""

    start: int
    end: int
    hashed: bytes


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared of one version of an article. The byte strings are packed, big-endian.

    `minutes`: the article's own time, since 1970; `content`: the same for the same words in the same order.
    """

    id: str
    record_id: UUID
    source: str
    minutes: int
    content: bytes
    bands: bytes
    sample: Sample
    terms: bytes
    marks: Marks
    passages: tuple[PassagePrint, ...]
    notice: Notice | None

    @property
    def story_id(self) -> UUID:
        """Of the story that it opens if it opens one."""
        return story_opened_by(self.record_id)

    @property
    def day(self) -> int:
        """Days from 1970 to the article's own time."""
        return self.minutes // (24 * 60)


def fingerprint(article: ExtractedArticle) -> Fingerprint:
    """The article's fingerprint: a function of nothing but the article."""
    passages = list(_passages(compared_sentences(article)))
    body = list(chain.from_iterable(said for _, said in passages))
    stemmed, title = stems(body), stems(words(folded(article.title)))
    shingled = shingles(stemmed.codes)
    return Fingerprint(
        id=article.id,
        record_id=article.record_id,
        source=article.source,
        minutes=_minutes(article.published_at or article.fetched_at),
        content=short_hash(" ".join(body) or article.text, CONTENT_BYTES),
        bands=bands(signature(shingled)).astype(">u4").tobytes() if len(shingled) else b"",
        sample=sample(shingled, [len(said) for _, said in passages]),
        terms=story_terms(title, stemmed, article.entities, article.events),
        marks=marks(article, title, body),
        passages=tuple(passage for passage, _ in passages),
        notice=correction_mark(article.title, article.text),
    )


def story_opened_by(record_id: UUID) -> UUID:
    """The id of the story that a version of an article opens: another version, weeks later, opens another story."""
    return uuid5(STORIES, str(record_id))


def short_hash(text: str, size: int) -> bytes:
    """BLAKE2b of `size` bytes."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def _passages(sentences: Sequence[Sentence]) -> Iterator[tuple[PassagePrint, list[str]]]:
    """Each sentence and its words, or so many together that there are at most `MOST_PASSAGES`."""
    together = -(-len(sentences) // MOST_PASSAGES) or 1
    for at in range(0, len(sentences), together):
        group = sentences[at : at + together]
        said = list(chain.from_iterable(sentence.words for sentence in group))
        yield PassagePrint(group[0].start, group[-1].end, short_hash(" ".join(said), PASSAGE_BYTES)), said


def _minutes(moment: datetime) -> int:
    """Whole minutes since 1970, none for what lies before; the last year that Python knows fits into four bytes."""
    return max(0, int((moment - _EPOCH).total_seconds() // 60))
