import json
from uuid import uuid4

from schemas.articles_deduplicated import DeduplicatedArticle, Passage, Verdict
from services.deduplication.article import deduplicated
from tests.unit.deduplication.examples import FLOOD, article

VERDICT = Verdict(
    relation="revision",
    duplicate_of="a-0",
    story_id=str(uuid4()),
    similarity=0.75,
    revision=2,
    new_passages=[Passage(start=0, end=40)],
)


def test_the_article_carries_its_verdict_and_everything_it_carried_before() -> None:
    extracted = article(FLOOD, desk="الأخبار المحلية")
    found = deduplicated(extracted, VERDICT)
    assert json.loads(found.model_dump_json()) == json.loads(extracted.model_dump_json()) | json.loads(
        VERDICT.model_dump_json()
    )
    assert DeduplicatedArticle.model_validate_json(found.model_dump_json()) == found


def test_a_verdict_that_came_in_with_the_record_is_replaced() -> None:
    stale = article(FLOOD, relation="new", story_id="elsewhere", revision=7)
    found = deduplicated(stale, VERDICT)
    assert (found.relation, found.story_id, found.revision) == ("revision", VERDICT.story_id, 2)


def test_fields_of_any_name_are_carried_on() -> None:
    more = {"cls": 1, "self": 2, "_fields_set": ["x"], "values": 4}
    found = deduplicated(article(FLOOD).model_copy(update=more), VERDICT)
    assert found.model_extra == more
    assert found.relation == "revision"
