"""What the doctor says of what it finds."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from services.cli.checks import Check, configuration_checks, engine_check, redis_findings, topic_checks, version_checks
from services.cli.doctor import doctor, settings_rows
from services.cli.errors import said, without_password
from services.cli.topics import TopicState
from services.runtime.settings import Settings
from services.runtime.topics import DAY_MS, TOPICS

RULES = """
rules:
  - name: explosions
    when: {words: [انفجار]}
    webhooks: [desk]
webhooks:
  - name: desk
    url: https://desk.example/hook
    secret_env: [DESK_SECRET]
"""


def by_what(checks: list[Check]) -> dict[str, Check]:
    return {check.what: check for check in checks}


def state(name: str, **changes: int | None) -> TopicState:
    made = TopicState(name)
    made.partitions, made.copies, made.records = 8, 1, 0
    made.retention_ms = next(plan.retention_ms for plan in TOPICS if plan.name == name)
    for field, value in changes.items():
        setattr(made, field, value)
    return made


def test_everything_installed_is_what_was_tested() -> None:
    assert {check.state for check in version_checks()} == {"ok"}


def test_the_engine_that_is_set_is_loaded() -> None:
    found = engine_check(Settings(engine="lexicon"))
    assert (found.what, found.state) == ("engine", "ok")
    assert found.found.startswith("lexicon ")


def test_what_an_engine_lacks_is_told_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    found = engine_check(Settings(engine="camel"))
    assert (found.what, found.state, found.found) == ("engine", "wrong", "camel cannot be loaded")
    assert "RASID_ENGINE" in found.mend
    assert found.details[0].startswith("the engine camel needs ")


def test_a_misspelt_variable_is_found_and_the_meant_one_named(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    settings = Settings(rules=tmp_path / "rules.yaml")
    environ = {"RASID_KAFAK": "x", "RASID_WEBHOOK_DESK_URL": "y", "PATH": "z", "DESK_SECRET": "whsec_" + "A" * 44}
    found = by_what(list(configuration_checks(settings, environ)))
    assert found["settings"].mend == "did you mean RASID_KAFKA?"
    assert found["rules"].state == "ok"
    assert found["webhooks"].state == "ok"


def test_a_webhook_whose_secret_is_not_set_here_is_worth_a_look(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    found = by_what(list(configuration_checks(Settings(rules=tmp_path / "rules.yaml"), {})))
    assert found["webhooks"].state == "look"
    assert found["webhooks"].details == ("DESK_SECRET is not set here: alerting needs it where it runs",)


def test_a_webhook_whose_secret_is_none_is_wrong_beside_what_is_not_set(tmp_path: Path) -> None:
    more = "  - {name: late, url_env: LATE_URL, secret_env: [LATE_SECRET]}\n"
    (tmp_path / "rules.yaml").write_text(RULES + more, "utf-8")
    settings = Settings(rules=tmp_path / "rules.yaml")
    checks = [one for one in configuration_checks(settings, {"DESK_SECRET": "abc"}) if one.what == "webhooks"]
    assert [one.state for one in checks] == ["wrong", "look"]
    assert "DESK_SECRET does not begin with whsec_" in checks[0].details[0]
    assert [line.split()[0] for line in checks[1].details] == ["LATE_URL", "LATE_SECRET"]


def test_every_mistake_of_a_rule_file_is_told_whole_on_its_own_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("rules:\n" + "".join(f"  - {{name: rule-{number}, wen: 1}}\n" for number in range(6)), "utf-8")
    monkeypatch.setenv("RASID_RULES", str(path))
    monkeypatch.setenv("RASID_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("RASID_REDIS", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(typer.Exit):
        doctor()
    lines = capsys.readouterr().out.splitlines()
    (rules,) = (one for one in configuration_checks(Settings(), {}) if one.what == "rules")
    assert len(rules.details) >= 6
    assert [line for line in lines if line.startswith("rules: ")] == [f"rules: {one}" for one in rules.details]


def test_settings_are_listed_with_their_names_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("RASID_RULES", "/somewhere/" + "deep/" * 20 + "rules.yaml")
    with pytest.raises(typer.Exit):
        doctor(settings_table=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == [name for name, *_ in settings_rows()]
    assert [line.strip() for line in lines[1::2]] == [what for *_, what in settings_rows()]
    assert "RASID_RULES  /somewhere/" + "deep/" * 20 + "rules.yaml  (default: seeds/rules.yaml)" in lines


def test_files_that_are_not_there_are_wrong(tmp_path: Path) -> None:
    settings = Settings(
        rules=tmp_path / "none.yaml",
        producer_feeds=tmp_path / "none-either.yaml",
        producer_paths=str(tmp_path / "archive"),
        producer_watch=tmp_path / "inbox",
    )
    found = by_what(list(configuration_checks(settings, {})))
    assert {name: found[name].state for name in ("rules", "feeds", "paths", "inbox")} == {
        "rules": "wrong",
        "feeds": "wrong",
        "paths": "wrong",
        "inbox": "look",
    }


def test_missing_topics_are_wrong_and_the_command_is_named() -> None:
    (found,) = topic_checks({plan.name: state(plan.name) for plan in TOPICS[1:]}, Settings())
    assert (found.state, found.found, found.mend) == ("wrong", "missing: articles.raw", "rasid topics create")


def test_topics_that_forget_too_early_or_differ_are_told() -> None:
    states = {plan.name: state(plan.name) for plan in TOPICS}
    states["alerts"] = state("alerts", retention_ms=DAY_MS, partitions=3)
    states["deadletters"] = state("deadletters", records=2)
    found = by_what(list(topic_checks(states, Settings(replication=3))))
    assert found["partitions"].state == "look"
    assert found["dead letters"].found == "2 records"
    assert found["articles.raw"].found == "1 copies"
    assert found["topics"].state == "ok"
    kept = [check for check in topic_checks(states, Settings()) if check.what == "alerts"]
    assert [check.found for check in kept] == ["keeps records 1 days"]


@pytest.mark.parametrize("retention", [-1, None, 400 * DAY_MS])
def test_topics_that_keep_long_enough_are_fine(retention: int | None) -> None:
    states = {plan.name: state(plan.name, retention_ms=retention) for plan in TOPICS}
    assert [check.state for check in topic_checks(states, Settings())] == ["ok"]


def test_a_topic_that_keeps_every_state_of_a_story_is_told() -> None:
    states = {plan.name: state(plan.name) for plan in TOPICS}
    states["stories"].compacted = False
    found = [check for check in topic_checks(states, Settings()) if check.what == "stories"]
    assert [check.mend for check in found] == ["set cleanup.policy to compact,delete"]


def test_a_redis_that_may_forget_is_wrong() -> None:
    found = by_what(list(redis_findings({"maxmemory_policy": "allkeys-lru", "aof_enabled": 0}, "here")))
    assert (found["eviction"].state, found["persistence"].state) == ("wrong", "look")
    info = {"maxmemory_policy": "noeviction", "aof_enabled": 1, "maxmemory": 100 << 20, "used_memory": 90 << 20}
    found = by_what(list(redis_findings(info, "here")))
    assert (found["eviction"].state, found["persistence"].state, found["memory"].state) == ("ok", "ok", "look")


def test_secrets_are_masked_in_the_table_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_KAFKA_PASSWORD", "open-sesame")
    monkeypatch.setenv("RASID_REDIS", "rediss://user:open-sesame@redis.example:6380/0")
    rows = settings_rows()
    assert "open-sesame" not in repr(rows)
    values = {name: value for name, value, *_ in rows}
    assert values["RASID_KAFKA_PASSWORD"] == "********"
    assert values["RASID_REDIS"] == "rediss://redis.example:6380/0"
    assert len(rows) == len(Settings.model_fields)
    assert all(what for *_, what in rows)


def test_what_a_client_says_is_one_short_line() -> None:
    assert said(ValueError("first\nsecond")) == "ValueError: first"
    assert said(ValueError()) == "ValueError"
    assert without_password("redis://:a@b@host:1/0") == "redis://host:1/0"
