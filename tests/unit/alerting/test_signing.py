from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from services.alerting.evaluate import evaluate
from services.alerting.firing import alert_bytes
from services.alerting.signing import signed_headers, wrong_with_secret
from tests.unit.alerting.examples import book, strike

OLD, NEW, OTHER = (SecretStr("whsec_" + base64.b64encode(bytes([n]) * 32).decode()) for n in range(3))
(ALERT,) = evaluate(strike(title="غارة على سوق 🕊"), book("{place: إدلب}"))
BODY = alert_bytes(ALERT)


def test_a_signed_alert_verifies_and_reads_as_the_alert() -> None:
    headers = signed_headers(ALERT.alert_id, BODY, datetime.now(UTC), [NEW])
    assert headers["webhook-id"] == str(ALERT.alert_id)
    assert Webhook(NEW.get_secret_value()).verify(BODY, headers)["alert_id"] == str(ALERT.alert_id)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-7))])
def test_the_time_zone_of_the_clock_does_not_matter(zone: timezone) -> None:
    headers = signed_headers(ALERT.alert_id, BODY, datetime.now(zone), [NEW])
    Webhook(NEW.get_secret_value()).verify(BODY, headers)


def test_during_a_rotation_either_secret_verifies() -> None:
    headers = signed_headers(ALERT.alert_id, BODY, datetime.now(UTC), [NEW, OLD])
    for secret in (NEW, OLD):
        Webhook(secret.get_secret_value()).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER.get_secret_value()).verify(BODY, headers)


def test_a_changed_body_id_or_time_does_not_verify() -> None:
    headers = signed_headers(ALERT.alert_id, BODY, datetime.now(UTC), [NEW])
    verifier = Webhook(NEW.get_secret_value())
    with pytest.raises(WebhookVerificationError):
        verifier.verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        verifier.verify(BODY, {**headers, "webhook-id": "another"})
    with pytest.raises(WebhookVerificationError):
        verifier.verify(BODY, {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)})


def test_a_repeat_at_the_same_second_has_the_same_headers() -> None:
    at = datetime(2024, 3, 5, 9, 30, 0, 999_999, tzinfo=UTC)
    assert signed_headers(ALERT.alert_id, BODY, at, [NEW]) == signed_headers(ALERT.alert_id, BODY, at, [NEW])
    assert signed_headers(ALERT.alert_id, BODY, at, [NEW])["webhook-timestamp"] == "1709631000"


@pytest.mark.parametrize(
    ("secret", "wrong"),
    [
        ("hunter2", "does not begin with whsec_"),
        ("whsec_****", "is not base64"),
        ("whsec_ كلمة", "is not base64"),
        ("whsec_", "holds 0 bytes"),
        ("whsec_aHVudGVyMg==", "holds 7 bytes"),
        ("whsec_" + base64.b64encode(bytes(65)).decode(), "holds 65 bytes"),
    ],
)
def test_a_secret_that_cannot_be_used_is_told_of_without_repeating_it(secret: str, wrong: str) -> None:
    said = wrong_with_secret(secret)
    assert said is not None
    assert wrong in said
    key = secret.removeprefix("whsec_")
    assert not key or key not in said


def test_a_good_secret_has_nothing_wrong() -> None:
    assert wrong_with_secret(NEW.get_secret_value()) is None
