"""The models, the JSON Schemas and the AsyncAPI document say the same."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from schemas import export
from schemas.articles_normalized import NormalizedArticle
from schemas.asyncapi import CUT_LETTER_HEADERS, DEAD_LETTER_HEADERS, MODELS, schema_file
from schemas.examples import example_records
from services.runtime.deadletters import Origin, OutputTooLarge, PoisonRecord, dead_letter
from services.runtime.topics import DEADLETTERS, MAX_MESSAGE_BYTES, TOPICS
from services.runtime.wire import WireError, decode, encode, headers_for

EXAMPLES = {type(record): record for record in example_records()}
each_model = pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.schema_name)


def schema_of(model: Any) -> Any:
    return json.loads((export.FOLDER / "json" / schema_file(model)).read_text("utf-8"))


def validator(model: Any) -> Draft202012Validator:
    return Draft202012Validator(schema_of(model), format_checker=FormatChecker())


@pytest.fixture(scope="module")
def document() -> Any:
    return YAML(typ="safe", pure=True).load((export.FOLDER / "asyncapi.yaml").read_text("utf-8"))


class TestGeneratedFiles:
    def test_have_not_drifted_from_the_models(self) -> None:
        assert export.drifted() == []

    def test_are_the_same_bytes_at_every_generation(self) -> None:
        assert export.exported_files() == export.exported_files()

    def test_check_names_each_file_that_was_changed_is_missing_or_is_left_over(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert export.main([], tmp_path) == 0
        assert export.main(["--check"], tmp_path) == 0
        capsys.readouterr()
        (tmp_path / "json" / "rasid.alerts.v1.json").unlink()
        (tmp_path / "json" / "rasid.alerts.v0.json").write_text("{}", "utf-8")
        (tmp_path / "asyncapi.yaml").write_text("asyncapi: 2.6.0\n", "utf-8")

        assert export.main(["--check"], tmp_path) == 1
        told = capsys.readouterr().err.splitlines()
        assert [line.split()[0] for line in told] == [
            "schemas/asyncapi.yaml",
            "schemas/json/rasid.alerts.v0.json",
            "schemas/json/rasid.alerts.v1.json",
        ]

    def test_writing_again_mends_them(self, tmp_path: Path) -> None:
        shutil.copytree(export.FOLDER / "json", tmp_path / "json")
        (tmp_path / "json" / "rasid.nothing.v9.json").write_text("{}", "utf-8")
        export.write(tmp_path)
        assert export.drifted(tmp_path) == []
        assert not (tmp_path / "json" / "rasid.nothing.v9.json").exists()


class TestJsonSchemas:
    @each_model
    def test_are_draft_2020_12(self, model: Any) -> None:
        schema = schema_of(model)
        assert schema["$schema"] == export.DRAFT
        Draft202012Validator.check_schema(schema)

    @each_model
    def test_accept_the_example_as_it_is_encoded(self, model: Any) -> None:
        value = json.loads(encode(EXAMPLES[model]))
        assert schema_of(model)["examples"] == [value]
        validator(model).validate(value)

    @each_model
    def test_require_what_the_model_requires(self, model: Any) -> None:
        required = schema_of(model)["required"]
        assert set(required) == {name for name, field in model.model_fields.items() if field.is_required()}
        value = json.loads(encode(EXAMPLES[model]))
        for name in required:
            without = {key: item for key, item in value.items() if key != name}
            assert not validator(model).is_valid(without)
            with pytest.raises(WireError, match=f"^{name}: "):
                decode(model, json.dumps(without).encode())

    @each_model
    def test_tolerate_fields_that_they_do_not_know(self, model: Any) -> None:
        value = {**json.loads(encode(EXAMPLES[model])), "added_later": {"by": ["a newer producer"]}}
        validator(model).validate(value)
        again = json.loads(encode(decode(model, json.dumps(value).encode())))
        assert again == value

    @pytest.mark.parametrize(
        ("topic", "path", "wrong"),
        [
            ("articles.raw", ["record_id"], "not-a-uuid"),
            ("articles.raw", ["id"], ""),
            ("articles.raw", ["text"], ["a", "list"]),
            ("articles.raw", ["source"], "م" * 201),
            ("articles.normalized", ["normalized", "paragraphs", 0, "start"], -1),
            ("articles.normalized", ["normalized", "paragraphs", 0, "kind"], "advertisement"),
            ("articles.normalized", ["normalized", "display", "runs", 0], [1, 2, 3]),
            ("articles.extracted", ["entities", 0, "type"], "DOG"),
            ("articles.extracted", ["entities", 0, "confidence"], 1.5),
            ("articles.extracted", ["entities", 0, "lat"], 91),
            ("articles.extracted", ["entities", 0, "wikidata"], "173545"),
            ("articles.extracted", ["events", 0, "killed"], [-1, None]),
            ("articles.extracted", ["events", 0, "date"], "الخميس"),
            ("articles.deduplicated", ["relation"], "copy"),
            ("stories", ["changed", 0], "opened again"),
            ("stories", ["status"], "closed"),
            ("stories", ["claims", 0, "text"], "م" * 201),
            ("stories", ["tolls", 0, "killed"], [-1, None]),
            ("stories", ["contested", 0, "sides"], []),
            ("stories", ["version"], 0),
            ("alerts", ["severity"], "urgent"),
            ("alerts", ["article", "excerpt"], "م" * 601),
            ("alerts.log", ["attempt"], 0),
            ("alerts.log", ["outcome"], "lost"),
        ],
    )
    def test_and_the_models_refuse_what_is_wrong(self, topic: str, path: list[Any], wrong: Any) -> None:
        model = MODELS[topic]
        value = json.loads(encode(EXAMPLES[model]))
        place = value
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = wrong

        assert not validator(model).is_valid(value)
        with pytest.raises(WireError, match=f"^{path[0]}"):
            decode(model, json.dumps(value).encode())


class TestExamples:
    @each_model
    def test_come_back_the_same_from_their_bytes(self, model: Any) -> None:
        raw = encode(EXAMPLES[model])
        assert decode(model, raw) == EXAMPLES[model]
        assert encode(decode(model, raw)) == raw

    def test_point_at_the_words_that_they_name(self) -> None:
        article = json.loads(encode(EXAMPLES[MODELS["articles.deduplicated"]]))
        text = article["text"]
        mentions = [*article["entities"], *article["dates"], *article["quantities"], article["normalized"]["dateline"]]
        assert [text[one["start"] : one["end"]] for one in mentions] == [one["text"] for one in mentions]
        assert [text[event["start"] :].startswith(event["trigger"]) for event in article["events"]] == [True]

    @pytest.mark.parametrize("form", ["display", "search"])
    def test_have_runs_that_tile_the_form_and_the_original(self, form: str) -> None:
        article = EXAMPLES[NormalizedArticle]
        assert isinstance(article, NormalizedArticle)
        shown = getattr(article.normalized, form)
        assert sum(mine for mine, _ in shown.runs) == len(shown.text)
        assert sum(original for _, original in shown.runs) == len(article.text)

    def test_carry_everything_of_the_record_before(self) -> None:
        chain = [json.loads(encode(EXAMPLES[MODELS[topic]])) for topic in list(MODELS)[:4]]
        for earlier, later in pairwise(chain):
            assert later | earlier == later


def references(node: Any, path: str = "#") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if "$ref" in node:
            assert node.keys() == {"$ref"}, f"{path}: what stands beside a $ref is lost"
            yield path, node["$ref"]
        for key, item in node.items():
            yield from references(item, f"{path}/{key}")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from references(item, f"{path}/{index}")


def resolve(document: dict[str, Any], reference: str) -> Any:
    if not reference.startswith("#/"):
        return json.loads((export.FOLDER / reference).read_text("utf-8"))
    found: Any = document
    for step in reference[2:].split("/"):
        found = found[step]
    return found


class TestAsyncApi:
    def test_has_the_required_parts(self, document: dict[str, Any]) -> None:
        assert document["asyncapi"] == "3.0.0"
        assert document.keys() == {
            "asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components",
        }  # fmt: skip
        assert {"title", "version"} <= document["info"].keys()
        for server in document["servers"].values():
            assert {"host", "protocol"} <= server.keys()
            assert set(re.findall(r"{(\w+)}", server["host"])) == server["variables"].keys()
        for channel in document["channels"].values():
            assert "address" in channel
            assert channel["messages"]
            assert channel["servers"]
        for operation in document["operations"].values():
            assert operation["action"] in {"send", "receive"}
            assert operation["messages"]
        for message in document["components"]["messages"].values():
            assert {"name", "contentType", "headers", "payload"} <= message.keys()

    def test_resolves_every_reference(self, document: dict[str, Any]) -> None:
        found = list(references(document))
        assert len(found) > 50
        for path, reference in found:
            assert resolve(document, reference), path

    def test_operations_carry_messages_of_their_own_channel(self, document: dict[str, Any]) -> None:
        for name, operation in document["operations"].items():
            for message in operation["messages"]:
                assert message["$ref"].startswith(f"{operation['channel']['$ref']}/messages/"), name

    def test_has_a_channel_for_each_topic_and_one_for_webhooks(self, document: dict[str, Any]) -> None:
        retention = {
            channel["address"]: channel["bindings"]["kafka"]["topicConfiguration"]["retention.ms"]
            for name, channel in document["channels"].items()
            if name != "webhook"
        }
        assert retention == {plan.name: plan.retention_ms for plan in TOPICS}
        assert document["channels"]["webhook"]["address"] is None
        assert document["channels"]["stories"]["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"] == [
            "compact",
            "delete",
        ]

    def test_every_topic_is_written_and_what_is_read_is_written_too(self, document: dict[str, Any]) -> None:
        touched: dict[str, set[str]] = {"send": set(), "receive": set()}
        for operation in document["operations"].values():
            touched[operation["action"]].add(operation["channel"]["$ref"])
        assert touched["send"] == {f"#/channels/{name}" for name in document["channels"]}
        assert touched["receive"] <= touched["send"]

    def test_models_cover_every_topic_but_the_dead_letters(self) -> None:
        assert set(MODELS) == {plan.name for plan in TOPICS} - {DEADLETTERS}

    @each_model
    def test_headers_are_those_that_are_sent(self, model: Any, document: dict[str, Any]) -> None:
        record = EXAMPLES[model]
        trace = getattr(record, "record_id", None) or getattr(record, "alert_id", None)
        assert trace is not None
        sent = {name: value.decode() for name, value in headers_for(model, trace)}
        schema = document["components"]["messages"][model.__name__]["headers"]
        assert sent.keys() == set(schema["required"]) == schema["properties"].keys()
        Draft202012Validator(schema).validate(sent)

    @each_model
    def test_examples_are_valid_payloads(self, model: Any, document: dict[str, Any]) -> None:
        message = document["components"]["messages"][model.__name__]
        payload = resolve(document, message["payload"]["$ref"])
        for example in message["examples"]:
            Draft202012Validator(payload).validate(example["payload"])

    @pytest.mark.parametrize(
        "error", [ValueError("text: missing"), PoisonRecord("three times"), OutputTooLarge("9 MiB")]
    )
    def test_dead_letter_headers_are_those_that_are_sent(self, error: Exception, document: dict[str, Any]) -> None:
        schema = document["components"]["messages"]["DeadLetter"]["headers"]
        kept = [("schema", b"rasid.articles.raw/1")]
        letter = dead_letter("normalization", Origin("articles.raw", 3, 41), b"key", b"{", kept, error)
        sent = {name: raw.decode() for name, raw in letter.headers}
        assert (letter.key, letter.value) == (b"key", b"{")
        assert set(schema["required"]) == DEAD_LETTER_HEADERS.keys()
        assert {name for name in sent if name.startswith("rasid-")} == DEAD_LETTER_HEADERS.keys()
        Draft202012Validator(schema).validate(sent)

    def test_a_dead_letter_cut_to_fit_tells_of_the_whole(self, document: dict[str, Any]) -> None:
        schema = document["components"]["messages"]["DeadLetter"]["headers"]
        value = b"x" * MAX_MESSAGE_BYTES
        huge = [("h", b"x" * 100_000)]
        origin = Origin("articles.normalized", 0, 7)
        letters = [
            dead_letter("extraction", origin, b"k" * 5000, value, huge, OutputTooLarge("too large")),
            dead_letter("extraction", origin, None, None, [], OutputTooLarge("too large")),
        ]
        sent = {name: raw.decode() for letter in letters for name, raw in letter.headers}
        assert sent.keys() == DEAD_LETTER_HEADERS.keys() | CUT_LETTER_HEADERS.keys() == schema["properties"].keys()
        Draft202012Validator(schema).validate(sent)
