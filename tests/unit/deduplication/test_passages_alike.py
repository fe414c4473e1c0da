"""Which passages two articles share, and which words of them differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.articles_extracted import ExtractedArticle
from services.deduplication.body import compared_sentences
from services.deduplication.comparison import COVERED
from services.deduplication.passages_alike import MOST_ALIGNED, PassagesAlike, Span, passages_alike
from services.deduplication.words import folded, words
from tests.unit.deduplication.examples import FLOOD, HARBOUR, MATCH, article


def words_at(found: ExtractedArticle, spans: tuple[Span, ...]) -> list[str]:
    return [found.text[start:end] for start, end in spans]


def test_an_article_shares_all_of_itself() -> None:
    found = passages_alike(article(FLOOD), article(FLOOD))
    assert [one.later == one.earlier for one in found.shared] == [True] * len(FLOOD)
    assert all(one.share == 1 and one.only_later == one.only_earlier == () for one in found.shared)
    assert found.only_later == found.only_earlier == ()


def test_unlike_articles_share_nothing() -> None:
    found = passages_alike(article(FLOOD), article(HARBOUR))
    assert found.shared == ()
    assert (len(found.only_later), len(found.only_earlier)) == (len(FLOOD), len(HARBOUR))


def test_the_words_of_light_edits_are_told_in_the_original_text() -> None:
    earlier = article(FLOOD)
    later = article((FLOOD[0].replace("اجتاحت", "ضربت").replace("تسعة", "أحد عشر"), HARBOUR[0], *FLOOD[3:]))
    found = passages_alike(later, earlier)
    first = found.shared[0]
    assert words_at(later, first.only_later) == ["ضربت", "أحد عشر"]
    assert words_at(earlier, first.only_earlier) == ["اجتاحت", "تسعة"]
    assert COVERED <= first.share < 1
    assert words_at(later, tuple(one.span for one in found.only_later)) == [HARBOUR[0]]
    assert words_at(earlier, tuple(one.span for one in found.only_earlier)) == [FLOOD[1], FLOOD[2]]


def test_spelling_and_diacritics_are_no_difference() -> None:
    later = article(tuple(one.replace("أ", "ا").replace("قتلى", "قَتْلى") for one in FLOOD))
    assert all(one.only_later == () for one in passages_alike(later, article(FLOOD)).shared)


def test_a_passage_finds_the_one_that_has_most_of_it_wherever_it_stands() -> None:
    earlier, later = article((*HARBOUR, *FLOOD)), article((FLOOD[4], FLOOD[1]))
    found = passages_alike(later, earlier)
    assert words_at(earlier, tuple(one.earlier for one in found.shared)) == [FLOOD[4], FLOOD[1]]


def test_a_passage_too_short_to_tell_is_shared_only_as_a_whole() -> None:
    earlier = article((*FLOOD, "تفاصيل من وادي الرمان."))
    whole = passages_alike(article((*MATCH, "تفاصيل من وادي الرمان.")), earlier)
    assert len(whole.shared) == 1
    part = passages_alike(article((*MATCH, "تفاصيل من وادي القمر.")), earlier)
    assert part.shared == ()


def test_a_passage_too_long_to_align_is_compared_by_its_words() -> None:
    long = " ".join(f"كلمة{number}" for number in range(MOST_ALIGNED + 10))
    later = article(f"{long} جديدة.")
    (one,) = passages_alike(later, article(f"{long} قديمة.")).shared
    assert words_at(later, one.only_later) == ["جديدة"]


def test_thousands_of_like_passages_are_done_with_soon() -> None:
    many = article(". ".join(f"نعم نعم نعم نعم {number % 7}" for number in range(8000)))
    found = passages_alike(many, many)
    assert len(found.shared) == len(compared_sentences(many))


TEXTS = st.lists(
    st.sampled_from((*FLOOD, *HARBOUR[:3], FLOOD[0].replace("تسعة", "سبعة"), "تفاصيل.", FLOOD[1] + " " + FLOOD[2], "…", "نعم 12")),
    min_size=1,
    max_size=8,
).map(tuple)  # fmt: skip


@given(TEXTS, TEXTS)
def test_every_passage_is_told_once_and_what_is_not_marked_is_the_same(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    later, earlier = article(one, id="later"), article(other, id="earlier")
    found = passages_alike(later, earlier)
    spans = sorted([shared.later for shared in found.shared] + [own.span for own in found.only_later])
    assert spans == [(sentence.start, sentence.end) for sentence in compared_sentences(later)]
    known = {(sentence.start, sentence.end) for sentence in compared_sentences(earlier)}
    assert {own.span for own in found.only_earlier} | {shared.earlier for shared in found.shared} <= known
    assert not {own.span for own in found.only_earlier} & {shared.earlier for shared in found.shared}
    for shared in found.shared:
        mine = unmarked(later, shared.later, shared.only_later)
        assert mine == unmarked(earlier, shared.earlier, shared.only_earlier)
        assert mine


@given(TEXTS, TEXTS)
def test_what_is_covered_does_not_stand_among_what_is_only_in_one(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    def shares(found: PassagesAlike) -> list[float]:
        return [own.share for own in (*found.only_later, *found.only_earlier)]

    assert all(share < 1 for share in shares(passages_alike(article(one), article(other, id="b"))))


def unmarked(found: ExtractedArticle, span: Span, marked: tuple[Span, ...]) -> list[str]:
    """The folded words of the passage outside the stretches that differ."""
    reached, kept = span[0], []
    for start, end in marked:
        assert reached <= start < end <= span[1]
        kept += words(folded(found.text[reached:start]))
        reached = end
    return kept + words(folded(found.text[reached : span[1]]))
