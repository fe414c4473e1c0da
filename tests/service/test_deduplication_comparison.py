"""Within Redis two articles are compared as `comparison.py` compares them: the same figures and the same odds."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations, islice
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.deduplication.comparison import (
    Comparison,
    compared,
    judgements,
    judgements_text,
    written_alike_elsewhere,
)
from services.deduplication.fingerprint import SOURCE_BYTES, Fingerprint, fingerprint, short_hash
from tests.support.seeds import extracted, seed_articles, variant
from tests.unit.deduplication.prints import prints

Pair = tuple[Fingerprint, Fingerprint, Collection[int]]

EXACT = 1e-9
FIGURES = len(Comparison._fields)

_TAIL = """
local figures, given = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
for _, judgement in pairs(given) do
  judgement.names = {}
  for name in pairs(judgement.scales) do judgement.names[#judgement.names + 1] = name end
end
local function article_at(at)
  return {
    sample = ARGV[at], owners = ARGV[at + 1], level = tonumber(ARGV[at + 2]), lead = tonumber(ARGV[at + 3]),
    terms = ARGV[at + 4], minutes = tonumber(ARGV[at + 5]), source = ARGV[at + 6], title = ARGV[at + 7],
    numbers = ARGV[at + 8], places = ARGV[at + 9], events = ARGV[at + 10],
  }
end
local answers = {}
for at = 3, #ARGV, 23 do
  local later, earlier = article_at(at), article_at(at + 11)
  later.standing = {}
  for _, passage in ipairs({ byte(ARGV[at + 22], 1, -1) }) do later.standing[passage] = true end
  local before = known_before(later, earlier, cosine(later, earlier))
  local comparison = compared(later, earlier, before)
  for _, name in ipairs(figures) do answers[#answers + 1] = string.format('%.17g', comparison[name]) end
  for _, name in ipairs({ 'copy', 'story' }) do
    answers[#answers + 1] = string.format('%.17g', odds_of(given[name], comparison))
  end
  answers[#answers + 1] = written_alike_elsewhere(comparison) and '1' or '0'
end
return answers
"""


@dataclass(frozen=True)
class Told:
    """What the script says of a pair: figures, odds of copy and of story, whether it is a form."""

    figures: tuple[float, ...]
    odds: tuple[float, float]
    form: bool


Compare = Callable[[Sequence[Pair]], Awaitable[list[Told]]]


@pytest.fixture
async def compare(valkey_url: str) -> AsyncIterator[Compare]:
    client = Redis.from_url(valkey_url)
    script = client.register_script(files("services.deduplication").joinpath("comparison.lua").read_text() + _TAIL)

    async def told(pairs: Sequence[Pair]) -> list[Told]:
        args: list[str | bytes | int] = [json.dumps(Comparison._fields), judgements_text()]
        for later, earlier, standing in pairs:
            args += [*_fields(later), *_fields(earlier), bytes(sorted(standing))]
        numbers = iter(map(float, await script(keys=[], args=args)))
        found = []
        for _ in pairs:
            figures = tuple(islice(numbers, FIGURES))
            copy, story, form = islice(numbers, 3)
            found.append(Told(figures, (copy, story), bool(form)))
        return found

    yield told
    await client.aclose()


def _fields(print_: Fingerprint) -> list[str | bytes | int]:
    sample, marks = print_.sample, print_.marks
    source = short_hash(print_.source, SOURCE_BYTES)
    return [sample.packed, sample.passages, sample.level, sample.lead, print_.terms, print_.minutes, source, *marks]


def hold_together(pairs: Sequence[Pair], told: Sequence[Told]) -> None:
    assert len(pairs) == len(told)
    for (later, earlier, standing), one in zip(pairs, told, strict=True):
        expected = compared(later, earlier, standing)
        for name, figure, theirs in zip(Comparison._fields, expected, one.figures, strict=True):
            assert figure == pytest.approx(theirs, abs=EXACT), (name, later.id, earlier.id)
        odds = judgements().copy.odds(expected), judgements().story.odds(expected)
        assert one.odds == pytest.approx(odds, abs=EXACT), (later.id, earlier.id)
        assert one.form == written_alike_elsewhere(expected)


async def test_the_seeds_are_compared_alike(compare: Compare) -> None:
    found = [fingerprint(extracted(article)) for article in seed_articles()]
    pairs: list[Pair] = [(later, earlier, ()) for earlier, later in combinations(found, 2)]
    told = await compare(pairs)
    hold_together(pairs, told)
    assert len(pairs) > 500
    assert any(one.odds[0] > judgements().copy.least for one in told)
    assert any(one.odds[1] < judgements().story.least for one in told)


async def test_edited_cut_and_mixed_articles_are_compared_alike_whatever_stands(compare: Compare) -> None:
    dice = random.Random(11)
    seeds = seed_articles()
    pairs: list[Pair] = []
    for _ in range(60):
        one, other = dice.sample(seeds, 2)
        both = [fingerprint(extracted(variant(one, other, dice))) for _ in range(2)]
        passages = range(len(both[0].passages))
        pairs += [(both[0], both[1], ()), (both[1], both[0], ())]
        pairs += [(both[0], both[1], dice.sample(passages, len(passages) // 2))]
    told = await compare(pairs)
    hold_together(pairs, told)
    copies = sum(one.odds[0] > judgements().copy.least for one in told)
    assert 15 < copies < len(pairs) - 15  # of both kinds enough


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(prints(), prints(), st.sets(st.integers(0, 12), max_size=4)), min_size=1, max_size=6))
async def test_any_two_articles_are_compared_alike(compare: Compare, pairs: list[Pair]) -> None:
    hold_together(pairs, await compare(pairs))


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
async def test_any_edit_of_a_seed_is_compared_alike(compare: Compare, dice: random.Random) -> None:
    one, other = dice.sample(seed_articles(), 2)
    later, earlier = (fingerprint(extracted(variant(one, other, dice))) for _ in range(2))
    standing = cast(Collection[int], set(range(len(later.passages))[:: dice.randrange(1, 5)]))
    pairs: list[Pair] = [(later, earlier, ()), (later, earlier, standing)]
    hold_together(pairs, await compare(pairs))
