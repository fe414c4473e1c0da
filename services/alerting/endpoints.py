"""Webhook endpoints with address and secrets found, held so that neither prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from services.alerting.rules import Webhook, wrong_with_url
from services.alerting.signing import wrong_with_secret

MAX_SECRET_FILE_BYTES = 4096


class EndpointError(ValueError):
    """Addresses or secrets that the rule file refers to are missing or wrong: one line a mistake.

    `unset` has the variables that are missing, `wrong` the sentences on everything else.
    """

    def __init__(self, mistakes: Sequence[tuple[str | None, str]]) -> None:
        """Of each mistake the variable that is not set (None: it is another mistake), and the sentence on it."""
        super().__init__("\n".join(sentence for _, sentence in mistakes))
        self.unset = tuple(dict.fromkeys(variable for variable, _ in mistakes if variable is not None))
        self.wrong = tuple(sentence for variable, sentence in mistakes if variable is None)


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
    mistakes: list[tuple[str | None, str]] = []
    endpoints: dict[str, Endpoint] = {}
    for webhook in webhooks:
        who = f"webhook «{webhook.name}»"
        url = webhook.url or ""
        if webhook.url_env is not None:
            url = environ.get(webhook.url_env, "").strip()
        where = f"the environment variable {webhook.url_env}" if webhook.url_env else "its url"
        if not url:
            mistakes.append((webhook.url_env, f"{who}: {where} is not set: give it the address"))
        elif wrong := wrong_with_url(url):
            mistakes.append((None, f"{who}: {where} {wrong}"))
        elif urlsplit(url).scheme == "http" and not allow_http:
            wrong = "begins with http: use https, or set RASID_WEBHOOK_ALLOW_PRIVATE=true"
            mistakes.append((None, f"{who}: {where} {wrong}"))
        secrets: list[SecretStr] = []
        for variable, place, secret in _secrets(webhook, environ):
            if isinstance(secret, OSError):
                why = secret.strerror or type(secret).__name__
                mistakes.append((None, f"{who}: {place} cannot be read ({why})"))
            elif not secret:
                mistakes.append((variable, f"{who}: {place} is not set or empty: give it the signing secret"))
            elif wrong := wrong_with_secret(secret):
                mistakes.append((None, f"{who}: {place} {wrong}"))
            else:
                secrets.append(SecretStr(secret))
        endpoints[webhook.name] = Endpoint(webhook.name, SecretStr(url), tuple(secrets))
    if mistakes:
        raise EndpointError(mistakes)
    return endpoints


def _secrets(webhook: Webhook, environ: Mapping[str, str]) -> Iterable[tuple[str | None, str, str | OSError]]:
    """The variable (None: a file), where each secret should be, and the secret or why it cannot be had."""
    for name in webhook.secret_env or ():
        yield name, f"the environment variable {name}", environ.get(name, "").strip()
    for path in webhook.secret_file or ():
        try:
            with Path(path).open("rb") as file:
                yield None, f"the file {path}", file.read(MAX_SECRET_FILE_BYTES).decode("utf-8", "replace").strip()
        except OSError as error:
            yield None, f"the file {path}", error
        except ValueError:  # a path with a NUL character
            yield None, f"the file {path!r}", ""
