from __future__ import annotations

import base64
from pathlib import Path

import pytest

from services.alerting.endpoints import Endpoint, EndpointError, find_endpoints
from services.alerting.rulefile import load_rules

SECRET = "whsec_" + base64.b64encode(b"0123456789" * 3).decode()
OTHER = "whsec_" + base64.b64encode(b"abcdefghij" * 3).decode()


def endpoints(fields: str, environ: dict[str, str], *, allow_http: bool = False) -> dict[str, Endpoint]:
    rules = load_rules(f"rules: []\nwebhooks: [{{name: desk, {fields}}}]", "rules.yaml")
    return find_endpoints(rules.webhooks, environ, allow_http=allow_http)


def refusal(fields: str, environ: dict[str, str]) -> str:
    with pytest.raises(EndpointError) as refused:
        endpoints(fields, environ)
    assert SECRET[6:] not in str(refused.value)
    return str(refused.value)


def test_address_and_secrets_come_from_where_the_file_says(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text(SECRET + "\n")
    found = endpoints(f"url_env: U, secret_env: S, secret_file: {kept}", {"U": " https://a.example/x?k=v ", "S": OTHER})
    assert found["desk"].url.get_secret_value() == "https://a.example/x?k=v"
    assert [secret.get_secret_value() for secret in found["desk"].secrets] == [OTHER, SECRET]


def test_several_secrets_are_kept_in_order() -> None:
    found = endpoints("url: https://a.example, secret_env: [NEW, OLD]", {"NEW": SECRET, "OLD": OTHER})
    assert [secret.get_secret_value() for secret in found["desk"].secrets] == [SECRET, OTHER]


def test_neither_address_nor_secret_is_printed() -> None:
    printed = repr(endpoints("url_env: U, secret_env: S", {"U": "https://a.example/token", "S": SECRET}))
    assert "token" not in printed
    assert SECRET not in printed


@pytest.mark.parametrize(
    ("fields", "environ", "said"),
    [
        ("url: https://a.example, secret_env: S", {}, "webhook «desk»: the environment variable S is not set or empty"),
        ("url: https://a.example, secret_env: S", {"S": "  "}, "the environment variable S is not set or empty"),
        (
            "url: https://a.example, secret_env: S",
            {"S": SECRET[6:]},
            "the environment variable S does not begin with whsec_",
        ),
        (
            "url: https://a.example, secret_file: /nowhere/at/all",
            {},
            "the file /nowhere/at/all cannot be read (No such file",
        ),
        ("url_env: U, secret_env: S", {"S": SECRET}, "the environment variable U is not set"),
        ("url_env: U, secret_env: S", {"S": SECRET, "U": "a.example"}, "the environment variable U is not an address"),
        ("url_env: U, secret_env: S", {"S": SECRET, "U": "http://a.example"}, "begins with http"),
        ("url: 'http://a.example', secret_env: S", {"S": SECRET}, "begins with http"),
    ],
)
def test_what_is_missing_is_told_with_its_place(fields: str, environ: dict[str, str], said: str) -> None:
    assert said in refusal(fields, environ)


def test_everything_that_is_missing_is_told_at_once() -> None:
    assert len(refusal("url_env: U, secret_env: [A, B]", {}).splitlines()) == 3


def test_http_is_allowed_where_private_addresses_are() -> None:
    found = endpoints("url: 'http://127.0.0.1:8080/x', secret_env: S", {"S": SECRET}, allow_http=True)
    assert found["desk"].url.get_secret_value() == "http://127.0.0.1:8080/x"


def test_a_secret_file_that_is_too_large_or_no_file_is_told_of(tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    huge.write_bytes(b"\xff" * 100_000)
    assert "does not begin with whsec_" in refusal(f"url: https://a.example, secret_file: {huge}", {})
    assert "cannot be read (Is a directory)" in refusal(f"url: https://a.example, secret_file: {tmp_path}", {})
