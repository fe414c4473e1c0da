"""Webhook endpoints with address and secrets found, held so that neither prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from services.alerting.rules import Webhook, wrong_with_url
from services.alerting.signing import wrong_with_secret

MAX_SECRET_FILE_BYTES = 4096


class EndpointError(ValueError):
    """Addresses or secrets that the rule file refers to are missing or wrong: one line a mistake."""


@dataclass(frozen=True)
class Endpoint:
    """Where to send, and what to sign with; during a rotation with several secrets."""

    name: str
    url: SecretStr
    secrets: tuple[SecretStr, ...]


def find_endpoints(
    webhooks: Iterable[Webhook], environ: Mapping[str, str], *, allow_http: bool = False
) -> dict[str, Endpoint]:
    """The endpoints by name, with what the environment and the secret files say.

    Raises:
        EndpointError: a variable or file is missing, or its content is no address or secret; names all of them.
    """
    mistakes: list[str] = []
    endpoints: dict[str, Endpoint] = {}
    for webhook in webhooks:
        who = f"webhook «{webhook.name}»"
        url = webhook.url or ""
        if webhook.url_env is not None:
            url = environ.get(webhook.url_env, "").strip()
        where = f"the environment variable {webhook.url_env}" if webhook.url_env else "its url"
        if not url:
            mistakes.append(f"{who}: {where} is not set: give it the address")
        elif wrong := wrong_with_url(url):
            mistakes.append(f"{who}: {where} {wrong}")
        elif urlsplit(url).scheme == "http" and not allow_http:
            mistakes.append(f"{who}: {where} begins with http: use https, or set RASID_WEBHOOK_ALLOW_PRIVATE=true")
        secrets: list[SecretStr] = []
        for place, secret in _secrets(webhook, environ):
            if isinstance(secret, OSError):
                mistakes.append(f"{who}: {place} cannot be read ({secret.strerror or type(secret).__name__})")
            elif not secret:
                mistakes.append(f"{who}: {place} is not set or empty: give it the signing secret")
            elif wrong := wrong_with_secret(secret):
                mistakes.append(f"{who}: {place} {wrong}")
            else:
                secrets.append(SecretStr(secret))
        endpoints[webhook.name] = Endpoint(webhook.name, SecretStr(url), tuple(secrets))
    if mistakes:
        raise EndpointError("\n".join(mistakes))
    return endpoints


def _secrets(webhook: Webhook, environ: Mapping[str, str]) -> Iterable[tuple[str, str | OSError]]:
    """Where each secret should be, and the secret or why it cannot be had."""
    for name in webhook.secret_env or ():
        yield f"the environment variable {name}", environ.get(name, "").strip()
    for path in webhook.secret_file or ():
        try:
            with Path(path).open("rb") as file:
                yield f"the file {path}", file.read(MAX_SECRET_FILE_BYTES).decode("utf-8", "replace").strip()
        except OSError as error:
            yield f"the file {path}", error
        except ValueError:  # a path with a NUL character
            yield f"the file {path!r}", ""
