"""Statements attributed to somebody: who says it, by which word, what is said, and through whom it came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.articles_extracted import Claim, Entity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.claim_marks import Draft
from services.extraction.claim_reader import read_drafts
from services.extraction.stances import stance_of
from services.extraction.words import read_words

LIKELY = 0.45
"""Claims less likely than this are left out."""


def find_claims(article: NormalizedArticle, entities: Sequence[Entity]) -> list[Claim]:
    """Claims of an article in text order of their reporting words; `about` is left to find_events.

    `start` and `end` are code points of the original text. A verb without a subject takes the latest speaker of its
    gender; a claim without any speaker is left out.
    """
    return list(_claims(article, read_drafts(article, entities, LIKELY)))


def _claims(article: NormalizedArticle, drafts: Sequence[tuple[Draft, list[str], float]]) -> Iterator[Claim]:
    words = read_words(article)
    before: Draft | None = None
    for draft, _, likelihood in drafts:
        yield Claim(
            speaker=draft.speaker.name,
            speaker_text=draft.speaker.text,
            cue=article.text[words.starts[draft.cue_first] : words.ends[draft.cue_last - 1]],
            start=words.starts[draft.first],
            end=words.ends[draft.last - 1],
            quoted=True in words.quoted[draft.first : draft.last],
            via=list(draft.via),
            stance=stance_of(draft, words, before),
            confidence=round(likelihood, 4),
        )
        before = draft
