from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerting import rules
from services.alerting.rulebook import RuleBook
from services.alerting.rulefile import RuleFileError, load_rules, read_rules

EXAMPLE = Path(rules.__file__).with_name("example_rules.yaml")


def complaints(text: str) -> list[str]:
    with pytest.raises(RuleFileError) as refused:
        load_rules(text, "rules.yaml")
    assert str(refused.value).splitlines() == [str(problem) for problem in refused.value.problems]
    return [str(problem) for problem in refused.value.problems]


def test_the_example_file_is_a_rule_book() -> None:
    book = read_rules(EXAMPLE)
    assert [webhook.name for webhook in book.webhooks] == ["desk", "field-team"]
    assert [rule.name for rule in book.rules] == [
        "sanaa",
        "deadly-strikes-in-syria",
        "red-crescent",
        "floods",
        "ceasefire-talks",
        "bread-prices",
    ]
    sanaa, strikes = book.rules[:2]
    assert (sanaa.severity, sanaa.relation, sanaa.webhooks) == ("info", ("new", "same_story"), ())
    assert strikes.when.event is not None
    assert (strikes.when.event.killed, strikes.min_confidence) == (5, 0.6)


def test_shorthands_mean_the_same_as_what_is_written_out() -> None:
    short = load_rules(
        "rules: [{name: a, when: {entity: حماس, place: [غزة], event: bombing, words: هدنة, source: x}}]", "short"
    )
    long = load_rules(
        "rules: [{name: a, when: {entity: {name: [حماس]}, place: {name: [غزة]}, event: {type: [bombing]},"
        " words: {any: [هدنة]}, source: [x]}}]",
        "long",
    )
    assert short.rules == long.rules


def test_norway_is_a_country_and_not_a_falsehood() -> None:
    (rule,) = load_rules("rules: [{name: a, when: {place: {country: NO}}}]", "rules.yaml").rules
    assert rule.when.place is not None
    assert rule.when.place.country == ("NO",)


def test_an_error_names_file_line_rule_and_field_in_one_sentence() -> None:
    text = """\
rules:
  - name: strikes
    when:
      event:
        type: [air_strike, airstrike]
        killed: 0
"""
    first, second = complaints(text)
    assert first.startswith(
        "rules.yaml, line 5, rule «strikes»: when.event.type[2] is «airstrike», and must be one of air_strike,"
    )
    assert second == "rules.yaml, line 6, rule «strikes»: when.event.killed must be at least 1."


RULE = "rules:\n  - name: a\n    {}\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "rules.yaml, line 1: the file must hold a mapping with `rules` and `webhooks`."),
        ("- a", "rules.yaml, line 1: the file must hold a mapping with `rules` and `webhooks`."),
        ("webhooks: []", "rules.yaml, line 1: rules is missing."),
        ("rules: 5", "rules.yaml, line 1: rules must be a list."),
        ("rules:\n  a: 1", "rules.yaml, line 1: rules must be a list."),
        ("rules:\n", "rules.yaml, line 1: rules is empty: give it a value or leave it out."),
        ("rules:\n- name: a", "rules.yaml, line 2, rule «a»: when is missing."),
        ("rules:\n- when: {place: x}", "rules.yaml, line 2, rule 1: name is missing."),
        (
            RULE.format("wenn: {place: x}\n    when: {place: x}"),
            "rules.yaml, line 3, rule «a»: wenn is not known; did you mean «when»?",
        ),
        (RULE.format("when: {}"), "rules.yaml, line 3, rule «a»: when needs at least one condition."),
        (RULE.format("when: {entity: {}}"), "rules.yaml, line 3, rule «a»: when.entity needs a name, a type or both."),
        (
            RULE.format("when: {place: {country: UK}}"),
            "rules.yaml, line 3, rule «a»: when.place.country «UK» is no ISO 3166-1 code of two capital letters,"
            " such as SY or GB.",
        ),
        (
            RULE.format("when: {words: [سلام, '؟!']}"),
            "rules.yaml, line 3, rule «a»: when.words[2] «؟!» has no letter or digit to look for.",
        ),
        (
            RULE.format("when: {words: 2024}"),
            "rules.yaml, line 3, rule «a»: when.words must be text (a number or yes-or-no that is meant as text is put in"
            " quotes).",
        ),
        (
            RULE.format("when: {not: {place: غزة}}"),
            "rules.yaml, line 3, rule «a»: when only says what must not be there: add what must be.",
        ),
        (
            RULE.format("when: {any: [{place: غزة}, {words: {none: سلام}}]}"),
            "rules.yaml, line 3, rule «a»: when only says what must not be there: add what must be.",
        ),
        (
            RULE.format("when: {all: {place: غزة}}"),
            "rules.yaml, line 3, rule «a»: when.all must be a list.",
        ),
        (
            RULE.format("when: {place: غزة}\n    severity: high"),
            "rules.yaml, line 4, rule «a»: severity is «high», and must be one of info, warning or critical.",
        ),
        (
            RULE.format("when: {place: غزة}\n    min_confidence: 1.5"),
            "rules.yaml, line 4, rule «a»: min_confidence must be at most 1.",
        ),
        (
            RULE.format("when: {place: غزة}\n    labels: {desk: 7}"),
            "rules.yaml, line 4, rule «a»: labels.desk must be text (a number or yes-or-no that is meant as text is put in"
            " quotes).",
        ),
        (
            RULE.format("when: {place: غزة}\n    webhooks: [desk]"),
            "rules.yaml, line 4, rule «a»: webhooks[1] «desk» is none of the file's webhooks: there are none.",
        ),
        (
            "rules:\n  - {name: a, when: {place: x}}\n  - {name: b, when: {place: x}}\n  - {name: a, when: {place: y}}\n",
            "rules.yaml, line 4, rule «a»: name «a» is given twice: each name stands for one.",
        ),
        ("rules: [\n", "rules.yaml, line 2: not YAML: while parsing a flow node expected the node content, but found"),
    ],
)
def test_each_mistake_is_told_in_a_sentence(text: str, sentence: str) -> None:
    assert [said for said in complaints(text) if said.startswith(sentence)], complaints(text)


WEBHOOK = "rules: []\nwebhooks:\n  - name: desk\n    {}\n"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("url: https://a.example/x", "webhook «desk»: needs secret_env or secret_file"),
        ("secret_env: A", "webhook «desk»: needs either url or url_env"),
        ("{url: https://a.example, url_env: U, secret_env: A}", "not YAML"),
        ("url: ftp://a.example/x\n    secret_env: A", "url is not an address"),
        ("url: 'https://a.example:99999999/x'\n    secret_env: A", "url is not an address"),
        ("url: https://u:hunter2@a.example/x\n    secret_env: A", "url holds a user name or password"),
        ("url: https://a.example/#x\n    secret_env: A", "url ends in a #fragment"),
        ("url: https://a.example/x\n    secret_env: not a name", "secret_env must be made of letters"),
    ],
)
def test_a_webhook_must_be_complete_and_its_address_usable(fields: str, said: str) -> None:
    (complaint,) = complaints(WEBHOOK.format(fields))
    assert said in complaint
    assert "hunter2" not in complaint


@pytest.mark.parametrize("field", ["secret", "secrets", "secret_env", "secret_file", "url"])
def test_a_literal_secret_is_refused_and_not_repeated(field: str) -> None:
    secret = "whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg=="
    (complaint, *_) = complaints(WEBHOOK.format(f"url_env: U\n    {field}: {secret}"))
    assert "a secret never stands in the rule file" in complaint
    assert "secret_env" in complaint
    assert "line 5" in complaint
    assert "aHVudGVy" not in complaint


def test_mistakes_are_told_together_but_not_without_end() -> None:
    text = "rules:\n" + "  - {name: a, wen: 1}\n" * 500
    assert len(complaints(text)) == 20


def test_a_file_that_is_not_there_or_not_utf_8_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=r"^/.*/none\.yaml: cannot be read: No such file.*set RASID_RULES"):
        read_rules(tmp_path / "none.yaml")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_bytes("rules:\n# غارة\n".encode("cp1256"))
    with pytest.raises(RuleFileError, match="line 2: is not UTF-8"):
        read_rules(wrong)
    marked = tmp_path / "marked.yaml"
    marked.write_bytes("\ufeffrules: [{name: a, when: {place: غزة}}]\n".encode())
    assert len(read_rules(marked).rules) == 1


def test_a_huge_file_is_refused_and_not_read_whole(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"#" * 5_000_000)
    with pytest.raises(RuleFileError, match="divide it"):
        read_rules(huge)


def read_or_refused(text: str) -> RuleBook | None:
    try:
        return load_rules(text, "rules.yaml")
    except RuleFileError as error:
        refused = error
    assert refused.problems
    assert all(problem.line is not None and problem.line >= 1 for problem in refused.problems)
    return None


@settings(deadline=None, max_examples=200)
@given(st.text("rulesnamwhtpco: -[]{}\n'\"&*!#|>\\غزة\x00\ud800", max_size=80))
def test_any_text_is_a_rule_book_or_refused(text: str) -> None:
    read_or_refused(text)


FIELDS = """
name title severity labels relation min_confidence when webhooks url secret_env entity place event words source all any
not none type country killed air_strike PER SY desk غزة مستشفى
"""
fields = st.sampled_from(FIELDS.split())
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.floats(allow_nan=False) | fields,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(fields, below, max_size=4),
    max_leaves=15,
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.dictionaries(fields, values, max_size=5), max_size=3), values)
def test_any_tree_of_the_right_words_is_a_rule_book_or_refused(rule_list: list[object], webhooks: object) -> None:
    read_or_refused(json.dumps({"rules": rule_list, "webhooks": webhooks}, ensure_ascii=False))
    read_or_refused(json.dumps({"rules": [{"name": "a", "when": webhooks}]}, ensure_ascii=False))
    read_or_refused(json.dumps({"rules": webhooks}, ensure_ascii=False))
