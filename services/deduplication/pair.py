"""What a stream would say of two articles alone: the rules of `judge.lua`, without the memory of all the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.articles_deduplicated import Relation
from services.deduplication.comparison import Comparison, compared, judgements, written_alike_elsewhere
from services.deduplication.fingerprint import Fingerprint
from services.deduplication.index import LEAST_CORRECTED, LEAST_TERMS, LEAST_VOTES, SHARED_TERMS, WINDOW_DAYS
from services.deduplication.story_terms import POSTED, TERM_BYTES

WINDOW_MINUTES = WINDOW_DAYS * 24 * 60

_BAND_BYTES = 4

Why = Literal[
    "same_id_and_words", "same_words", "same_id", "announced",
    "odds_of_copy", "odds_of_story",
    "not_found", "other_things", "form", "too_far_apart", "odds",
]  # fmt: skip
"""What settled it: one of the first four whatever the odds, then the odds, then why they are neither copies nor a story."""


@dataclass(frozen=True)
class PairVerdict:
    """What the later of two articles is to the earlier one, if nothing else was ever seen. `new`: neither copy nor story.

    `found`: the two share enough to be compared at all; `copy`, `story`: log odds of the comparison, whether or not it
    was they that settled it.
    """

    relation: Relation
    why: Why
    found: bool
    comparison: Comparison
    copy: float
    story: float


def judged_alone(later: Fingerprint, earlier: Fingerprint) -> PairVerdict:
    """The verdict on `later` of a stream that has seen only `earlier`."""
    comparison = compared(later, earlier)
    given = judgements()
    found = would_be_compared(later, earlier)
    copy, story = given.copy.odds(comparison), given.story.odds(comparison)
    near = abs(later.minutes - earlier.minutes) <= WINDOW_MINUTES
    same_source, alike = later.source == earlier.source, comparison.terms >= LEAST_TERMS

    def settled() -> tuple[Relation, Why]:
        if later.id == earlier.id:
            return ("exact", "same_id_and_words") if later.content == earlier.content else ("revision", "same_id")
        if later.content == earlier.content:
            return "exact" if same_source else "near_duplicate", "same_words"
        if not found:
            return "new", "not_found"
        form = written_alike_elsewhere(comparison)
        is_copy = copy > given.copy.least and not form and alike
        if later.notice and same_source and near and comparison.terms >= LEAST_CORRECTED and not is_copy:
            return "revision", "announced"
        if is_copy:
            return "revision" if same_source else "near_duplicate", "odds_of_copy"
        if not alike:
            return "new", "other_things"
        if form:
            return "new", "form"
        if story < given.story.least:
            return "new", "odds"
        return ("same_story", "odds_of_story") if near else ("new", "too_far_apart")

    relation, why = settled()
    return PairVerdict(relation, why, found and alike, comparison, copy, story)


def would_be_compared(later: Fingerprint, earlier: Fingerprint) -> bool:
    """Whether the index would find the earlier article for the later one."""
    if {one.hashed for one in later.passages} & {one.hashed for one in earlier.passages}:
        return True
    if _bands(later) & _bands(earlier):
        return True
    if abs(later.day - earlier.day) > WINDOW_DAYS:
        return False
    known = {term for term, _ in _heaviest(earlier)}
    shared = [weight for term, weight in _heaviest(later) if term in known]
    return len(shared) >= SHARED_TERMS and sum(shared) >= LEAST_VOTES


def _bands(of: Fingerprint) -> set[bytes]:
    return {of.bands[at : at + _BAND_BYTES] for at in range(0, len(of.bands), _BAND_BYTES)}


def _heaviest(of: Fingerprint) -> list[tuple[bytes, int]]:
    size = TERM_BYTES + 1
    terms = of.terms[: POSTED * size]
    return [(terms[at : at + TERM_BYTES], terms[at + TERM_BYTES]) for at in range(0, len(terms), size)]
