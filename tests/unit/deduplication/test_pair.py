"""What a stream would say of two articles alone, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.articles_deduplicated import Relation
from schemas.articles_extracted import ExtractedArticle
from services.deduplication.comparison import judgements
from services.deduplication.fingerprint import fingerprint
from services.deduplication.pair import PairVerdict, Why, judged_alone
from tests.unit.deduplication.examples import FLOOD, HARBOUR, NOON, article

OTHER = "صدى الوادي"
TITLE = "تسعة قتلى في سيول وادي الرمان"
EDITED = (FLOOD[0].replace("اجتاحت", "ضربت"), *FLOOD[1:4])


def judged(later: ExtractedArticle, earlier: ExtractedArticle) -> PairVerdict:
    return judged_alone(fingerprint(later), fingerprint(earlier))


@pytest.mark.parametrize(
    ("later", "relation", "why"),
    [
        (article(FLOOD, id="a-1", title="عنوان آخر"), "exact", "same_id_and_words"),
        (article(FLOOD, id="b"), "exact", "same_words"),
        (article(FLOOD, id="b", source=OTHER), "near_duplicate", "same_words"),
        (article(HARBOUR, id="a-1"), "revision", "same_id"),
        (article(EDITED, id="b", source=OTHER), "near_duplicate", "odds_of_copy"),
        (article(EDITED, id="b", title=TITLE), "revision", "odds_of_copy"),
        (article(HARBOUR, id="b", source=OTHER), "new", "not_found"),
        (article((FLOOD[5], *HARBOUR), id="b", source=OTHER), "new", "other_things"),
        (article(FLOOD[:2], id="b", title=f"تصحيح: {TITLE}"), "revision", "odds_of_copy"),
    ],
)
def test_the_verdict_and_what_settled_it(later: ExtractedArticle, relation: Relation, why: Why) -> None:
    verdict = judged(later, article(FLOOD, title=TITLE))
    assert (verdict.relation, verdict.why) == (relation, why)


def test_the_odds_are_the_judgements_own() -> None:
    verdict = judged(article(EDITED, id="b", source=OTHER), article(FLOOD))
    given = judgements()
    assert verdict.copy == given.copy.odds(verdict.comparison) > given.copy.least
    assert verdict.story == given.story.odds(verdict.comparison)
    assert verdict.found


def test_a_copy_of_weeks_ago_is_still_found_by_its_passages() -> None:
    late = article(EDITED, id="b", source=OTHER, published_at=NOON + timedelta(days=9))
    assert judged(late, article(FLOOD)).found


def test_the_words_of_a_story_find_only_what_is_near_in_time() -> None:
    retold = ("قضى تسعة أشخاص في سيول جارفة ضربت وادي الرمان فجر الخميس.", "وروى ناجون أن المياه دخلت بيوتهم وهم نيام.")
    earlier = article(FLOOD, title=TITLE)
    near = article(retold, id="b", source=OTHER, title=TITLE)
    assert judged(near, earlier).found
    far = near.model_copy(update={"published_at": NOON + timedelta(days=5)})
    assert (judged(far, earlier).found, judged(far, earlier).why) == (False, "not_found")
