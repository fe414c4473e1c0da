"""What `rasid webhooks` shows of an address."""

from __future__ import annotations

import pytest

from services.alerting.rules import Webhook
from services.cli.webhooks import host_of

SECRET = {"secret_env": ["DESK_SECRET"]}


def webhook(**fields: object) -> Webhook:
    return Webhook.model_validate({"name": "desk", **SECRET, **fields})


def test_only_the_host_of_an_address_is_shown() -> None:
    assert host_of(webhook(url="https://desk.example:8443/hook/open-sesame?token=1"), {}) == "desk.example"
    environ = {"DESK_URL": " https://desk.example/hook/open-sesame\n"}
    assert host_of(webhook(url_env="DESK_URL"), environ) == "desk.example"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "DESK_URL is not set here"),
        ({"DESK_URL": "open-sesame"}, "DESK_URL is wrong"),
        ({"DESK_URL": "https://open-sesame@desk.example/"}, "DESK_URL is wrong"),
        ({"DESK_URL": "https://[open-sesame/"}, "DESK_URL is wrong"),
    ],
)
def test_an_address_that_is_not_there_is_told_without_repeating_it(environ: dict[str, str], said: str) -> None:
    assert host_of(webhook(url_env="DESK_URL"), environ) == said
