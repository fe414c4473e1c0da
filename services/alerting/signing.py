"""Standard Webhooks: secrets, and the headers by which a receiver knows who sent what when."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from pydantic import SecretStr
from standardwebhooks import Webhook

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64


def wrong_with_secret(secret: str) -> str | None:
    """What keeps a text from being a signing secret, None where nothing does. Never repeats the secret."""
    if not secret.startswith(PREFIX):
        return f"does not begin with {PREFIX}"
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return f"is not base64 after {PREFIX}"
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        return f"holds {len(key)} bytes, and not {LEAST_BYTES} to {MOST_BYTES}"
    return None


def signed_headers(alert_id: UUID, body: bytes, at: datetime, secrets: Sequence[SecretStr]) -> dict[str, str]:
    """The three headers of Standard Webhooks over the exact bytes of an alert, one signature a secret.

    `webhook-id` is the alert's id: the same for every attempt, so that a receiver can drop repeats.
    """
    at = at.astimezone(UTC)
    text = body.decode("utf-8")
    signatures = [Webhook(secret.get_secret_value()).sign(str(alert_id), at, text) for secret in secrets]
    return {
        "webhook-id": str(alert_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
