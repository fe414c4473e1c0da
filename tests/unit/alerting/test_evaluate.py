from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alerts import Alert
from schemas.articles_deduplicated import Relation
from schemas.articles_extracted import Claim, Entity
from services.alerting.backfill import too_old
from services.alerting.evaluate import MAX_FINDINGS, alert_id, alert_key, evaluate
from services.alerting.firing import alert_bytes
from services.alerting.rulebook import Facts
from services.alerting.rulefile import RuleFileError, load_rules
from tests.unit.alerting.examples import FLOOD, PUBLISHED, STRIKE, article, book, entity, event, strike

ALL_RELATIONS = set(get_args(Relation))


def fires(when: str, **rule: str) -> Alert | None:
    alerts = evaluate(strike(), book(when, **rule))
    return alerts[0] if alerts else None


def test_an_alert_says_who_where_and_why() -> None:
    rules = load_rules(
        """
webhooks:
  - {name: desk, url: https://a.example/x, secret_env: S}
rules:
  - name: deadly
    title: ضربات دامية
    severity: critical
    labels: {desk: syria}
    when:
      event: {type: air_strike, killed: 5, place: {country: SY}}
      words: سوقا شعبية
    webhooks: [desk]
""",
        "rules.yaml",
    )
    given = strike(title="غارة على سوق في إدلب")
    (alert,) = evaluate(given, rules)
    assert (alert.rule, alert.title, alert.severity, alert.labels) == (
        "deadly",
        "ضربات دامية",
        "critical",
        {"desk": "syria"},
    )
    assert (alert.story_id, alert.change, alert.webhooks) == ("story-1", "first", ["desk"])
    assert [(reason.condition, reason.matched) for reason in alert.reasons] == [
        ("event: air_strike, place: Idlib, killed: 7 (rule: 5 or more)", "غارة"),
        ("words: سوقا شعبية", "سوقا شعبية"),
    ]
    for reason in alert.reasons:
        assert STRIKE[reason.start : reason.end] == reason.matched
    assert alert.article.record_id == given.record_id
    assert alert.article.title == "غارة على سوق في إدلب"
    assert alert.article.excerpt == STRIKE
    assert [one.canonical for one in alert.entities] == ["Idlib", "Civil Defence"]
    assert [one.type for one in alert.events] == ["air_strike"]


@pytest.mark.parametrize(
    "when",
    [
        "{place: Idlib}",
        "{place: idlib}",
        "{place: ادلب}",
        "{place: [دمشق, إدلب]}",
        "{place: {country: SY}}",
        "{place: {name: دمشق, country: [SY, LB]}}",
        "{entity: Civil Defence}",
        "{entity: الدفاع المدني}",
        "{entity: {name: Civil Defence, type: [PER, ORG]}}",
        "{entity: {type: ORG}}",
        "{event: air_strike}",
        "{event: [bombing, air_strike]}",
        "{event: {killed: 7}}",
        "{event: {wounded: 21}}",
        "{event: {place: إدلب}}",
        "{event: {place: {country: SY}, killed: 1, wounded: 1}}",
        "{words: غارة}",
        "{words: {all: [غارة, مدنيين], any: [سوق, مستشفيات], none: [زلزال]}}",
        "{source: وكالة الساحل}",
        "{any: [{place: دمشق}, {event: air_strike}]}",
        "{all: [{place: إدلب}, {not: {place: دمشق}}]}",
        "{place: إدلب, not: {words: زلزال}}",
        "{words: غارة, not: {any: [{place: دمشق}, {event: protest}]}}",
    ],
)
def test_a_condition_that_holds_fires(when: str) -> None:
    alert = fires(when)
    assert alert is not None
    assert alert.reasons


@pytest.mark.parametrize(
    "when",
    [
        "{place: دمشق}",
        "{place: Civil Defence}",
        "{place: {country: TR}}",
        "{entity: {name: Civil Defence, type: PER}}",
        "{entity: {type: GRP}}",
        "{event: bombing}",
        "{event: {killed: 8}}",
        "{event: {type: air_strike, place: دمشق}}",
        "{event: {type: air_strike, place: {country: TR}}}",
        "{words: زلزال}",
        "{words: {all: [غارة, زلزال]}}",
        "{words: {any: [غارة], none: [مدنيين]}}",
        "{source: الساحل}",
        "{place: إدلب, event: bombing}",
        "{any: [{place: دمشق}, {event: bombing}]}",
        "{all: [{place: إدلب}, {not: {event: air_strike}}]}",
        "{place: إدلب, not: {words: غارة}}",
    ],
)
def test_a_condition_that_does_not_hold_stays_silent(when: str) -> None:
    assert fires(when) is None


def test_an_event_must_have_all_that_is_asked_itself() -> None:
    given = article(
        STRIKE,
        entities=[entity(STRIKE, "إدلب", "Idlib", country="SY")],
        events=[event(STRIKE, "غارة", "air_strike", ["Idlib"]), event(STRIKE, "أودت", "shelling", [], killed=(9, 9))],
    )
    assert not evaluate(given, book("{event: {type: air_strike, killed: 5}}"))
    assert not evaluate(given, book("{event: {killed: 5, place: Idlib}}"))
    assert evaluate(given, book("{event: {killed: 5}}"))


def test_copies_stay_silent_unless_asked_for() -> None:
    def firing(rules: str = "") -> set[str]:
        given = book("{place: إدلب}", **({"relation": rules} if rules else {}))
        return {relation for relation in ALL_RELATIONS if evaluate(strike(relation=relation), given)}

    assert firing() == {"new", "same_story"}
    assert firing("[new, revision]") == {"new", "revision"}


def test_what_extraction_is_unsure_of_does_not_count() -> None:
    unsure = strike(
        entities=[entity(STRIKE, "إدلب", "Idlib", country="SY", confidence=0.4)],
        events=[event(STRIKE, "غارة", "air_strike", confidence=0.4)],
    )
    for when in ("{place: Idlib}", "{place: {country: SY}}", "{entity: {type: LOC}}", "{event: air_strike}"):
        assert evaluate(unsure, book(when, min_confidence="0.4"))
        assert not evaluate(unsure, book(when, min_confidence="0.5"))


def test_words_are_told_as_the_article_writes_them() -> None:
    given = article(FLOOD)
    (alert,) = evaluate(given, book("{words: [أمطار, فيضان]}"))
    assert [reason.matched for reason in alert.reasons] == ["الأمطار", "الفيضان"]
    assert all(FLOOD[reason.start : reason.end] == reason.matched for reason in alert.reasons)


def test_offsets_point_into_the_original_where_normalization_changed_lengths() -> None:
    text = "أعلَنَت الســـلطات  في دَرنة أنّ الفيضــان تراجعَ"
    (alert,) = evaluate(article(text), book("{words: [فيضان, درنة]}"))
    assert {text[reason.start : reason.end] for reason in alert.reasons} == {"الفيضــان", "دَرنة"}


def test_words_in_the_title_count_and_have_no_offset() -> None:
    given = article(FLOOD, title="إجــلاء سكّان القُرى القريبة")
    (alert,) = evaluate(given, book("{words: [سكان القرى]}"))
    assert [(reason.matched, reason.start) for reason in alert.reasons] == [("سكّان القُرى", None)]
    assert not evaluate(given, book("{words: {any: [فيضان], none: [إجلاء]}}"))


def test_an_alias_stands_for_its_canonical_name() -> None:
    rules = load_rules(
        "rules: [{name: a, when: {entity: الخوذ البيضاء}}]",
        "rules.yaml",
        lambda name: ["Civil Defence"] if name == "الخوذ البيضاء" else [],
    )
    assert len(evaluate(strike(), rules)) == 1


def test_alerts_come_in_the_order_of_the_rules() -> None:
    text = "rules:\n" + "".join(
        f"  - {{name: {name}, when: {{{when}}}}}\n"
        for name, when in [
            ("z", "words: غارة"),
            ("none", "words: زلزال"),
            ("b", "place: إدلب"),
            ("a", "event: air_strike"),
        ]
    )
    assert [alert.rule for alert in evaluate(strike(), load_rules(text, "rules.yaml"))] == ["z", "b", "a"]


def test_equal_articles_give_equal_bytes() -> None:
    when = "{any: [{place: [Idlib, دمشق]}, {words: [غارة, مدنيين]}, {entity: {type: [ORG, LOC]}}, {event: air_strike}]}"
    again = type(strike()).model_validate_json(strike().model_dump_json())
    once = [alert_bytes(alert) for alert in evaluate(strike(), book(when))]
    assert once == [alert_bytes(alert) for alert in evaluate(again, book(when))]
    assert Alert.model_validate_json(once[0]) == evaluate(strike(), book(when))[0]


def test_one_id_names_what_a_rule_says_of_a_story() -> None:
    (one,) = evaluate(strike(), book("{place: إدلب}"))
    (other,) = evaluate(strike(name="wire-2", relation="same_story"), book("{place: إدلب}"))
    assert one.alert_id == other.alert_id == alert_id("watched", "story-1", "first")
    assert alert_key(one) == alert_key(other)
    assert (
        len({alert_id("a", "b", "c"), alert_id("a", "bc", ""), alert_id("ab", "", "c"), alert_id("a", "b", "d")}) == 4
    )


def test_an_alert_keeps_its_id_for_ever() -> None:
    assert str(alert_id("deadly", "story-1", "first")) == "3738a3d9-4f26-53df-b8ca-ef71773b6a48"


def test_a_long_article_gives_a_bounded_alert() -> None:
    text = "أعلنت البلدية إغلاق الطريق الساحلي. " * 7000
    many = [
        Entity(text="البلدية", start=6, end=13, type="ORG", canonical=f"Municipality {n}", confidence=1.0)
        for n in range(5000)
    ]
    claims = [
        Claim(speaker="x", speaker_text="x", cue="قال", start=0, end=5, quoted=False, about=n, confidence=1.0)
        for n in range(0, 5000)
    ]
    (alert,) = evaluate(article(text, entities=many, claims=claims), book("{words: البلدية}"))
    assert len(alert.entities) == len(alert.claims) == MAX_FINDINGS
    assert len(alert.article.excerpt) <= 600
    assert alert.article.excerpt.endswith("…")
    assert len(alert_bytes(alert)) < 100_000


def test_rules_are_found_by_the_rarest_thing_that_they_ask_for() -> None:
    rules = load_rules(
        "rules:\n"
        + "".join(f"  - {{name: word{n}, when: {{words: كلمة{n}, place: {{country: SY}}}}}}\n" for n in range(200))
        + "".join(f"  - {{name: name{n}, when: {{entity: Name {n}, event: air_strike}}}}\n" for n in range(200))
        + "  - {name: met, when: {all: [{not: {words: زلزال}}, {event: air_strike}, {any: [{words: x}, {words: غارة}]}]}}\n"
        + "  - {name: unmet, when: {words: غارة, place: {country: YE}}}\n",
        "rules.yaml",
    )
    assert [rule.name for rule in rules.candidates(Facts(strike(), rules.finder))] == ["met", "unmet"]
    assert [alert.rule for alert in evaluate(strike(), rules)] == ["met"]


def test_archives_page_nobody() -> None:
    age = timedelta(hours=48)
    assert not too_old(article(), PUBLISHED + age, age)
    assert too_old(article(), PUBLISHED + age + timedelta(seconds=1), age)
    unknown = article(published_at=None, fetched_at=PUBLISHED + timedelta(days=9))
    assert not too_old(unknown, PUBLISHED + timedelta(days=10), age)
    assert not too_old(article(), PUBLISHED - timedelta(days=1), age)


places = st.sampled_from(
    ["{place: إدلب}", "{place: دمشق}", "{place: {country: SY}}", "{place: {name: حمص, country: TR}}"]
)
others = st.sampled_from(
    [
        "{words: غارة}",
        "{words: {all: [غارة, مدنيين]}}",
        "{words: {any: [زلزال, سوق]}}",
        "{words: {none: [زلزال]}}",
        "{words: {any: [غارة], none: [سوق]}}",
        "{entity: {type: ORG}}",
        "{entity: [Civil Defence, x]}",
        "{event: {killed: 5}}",
        "{event: protest}",
        "{source: وكالة الساحل}",
    ]
)
conditions = st.recursive(
    places | others,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda parts: f"{{all: [{', '.join(parts)}]}}"),
        st.lists(below, min_size=1, max_size=3).map(lambda parts: f"{{any: [{', '.join(parts)}]}}"),
        below.map(lambda part: f"{{not: {part}}}"),
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=200)
@given(conditions)
def test_the_index_overlooks_no_rule(when: str) -> None:
    asked = f"{{any: [{{all: [{when}, {{source: وكالة الساحل}}]}}, {{words: لاشيء}}]}}"
    try:
        alone = load_rules(f"rules: [{{name: a, when: {when}}}]", "rules.yaml")
    except RuleFileError:  # it only says what must not be there
        return
    assert bool(evaluate(strike(), alone)) == bool(
        evaluate(strike(), load_rules(f"rules: [{{name: a, when: {asked}}}]", ""))
    )


def test_rules_know_the_aliases_that_extraction_knows() -> None:
    text = "أعلن التحالف مقتل قيادي في تنظيم الدولة الإسلامية شرق الفرات"
    given = article(text, entities=[entity(text, "تنظيم الدولة الإسلامية", "Islamic State", "GRP")])
    assert evaluate(given, book("{entity: داعش}"))
    assert not evaluate(given, book("{entity: حماس}"))
