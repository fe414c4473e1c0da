"""POSTing alerts over HTTP: bounded in time and size, only to addresses that may be reached, no redirects, no proxies."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp

from services.alerting.endpoints import Endpoint
from services.alerting.sender import Answer
from services.runtime.public_addresses import PrivateAddress, PublicResolver

CONNECT_SECONDS = 5.0
KEEPALIVE_SECONDS = 3.0  # shorter than most servers', so that they do not close a connection just as it is used again
MAX_ANSWER_BYTES = 64 * 1024
MAX_SAID = 200  # characters of a failed answer's body that go into the log
HEADERS = {"content-type": "application/json", "user-agent": "Rasid-Webhooks/1", "accept": "*/*"}


class WebhookSender:
    """Sends to endpoints; an async context manager that holds the connections. Calling it never raises for the network."""

    def __init__(self, timeout: float, *, allow_private: bool = False) -> None:
        """`timeout` in seconds for a whole delivery; `allow_private` for loopback and private addresses and for http."""
        self._timeout, self._allow_private = timeout, allow_private
        self._session: aiohttp.ClientSession | None = None
        self._resolver: PublicResolver | None = None

    async def __aenter__(self) -> WebhookSender:
        self._resolver = None if self._allow_private else PublicResolver()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=self._resolver, use_dns_cache=False, limit=0, keepalive_timeout=KEEPALIVE_SECONDS
            ),
            timeout=aiohttp.ClientTimeout(
                total=self._timeout,
                sock_connect=min(CONNECT_SECONDS, self._timeout),
                sock_read=self._timeout,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # the answer is not worth a decompression bomb
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def __call__(self, endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST the body; the answer, or what prevented one. An error never holds the address beyond its host."""
        if self._session is None:
            raise RuntimeError("WebhookSender is used outside its `async with`")
        url = endpoint.url.get_secret_value()
        started = time.monotonic()
        status: int | None = None
        said: str | None = None
        retry_after: str | None = None
        try:
            self._refuse(url)
            async with self._session.post(
                url, data=body, headers={**HEADERS, **headers}, allow_redirects=False
            ) as response:
                status, retry_after = response.status, response.headers.get("retry-after")
                answer = await _read_some(response)
                said = None if response.ok else _in_one_line(answer)
        except TimeoutError:
            said = f"no answer within {self._timeout:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            said = _in_words(error)
        if status is not None and 200 <= status < 300:
            said = None  # taken, whatever became of the rest of the answer
        return Answer(status, said, retry_after, round((time.monotonic() - started) * 1000, 3))

    def _refuse(self, url: str) -> None:
        """What the resolver does not see: the scheme, and hosts given as addresses."""
        if self._resolver is not None:
            parts = urlsplit(url)
            if parts.scheme != "https":
                raise PrivateAddress("the address begins with http: use https")
            self._resolver.check_host(parts.hostname or "")


async def _read_some(response: aiohttp.ClientResponse) -> bytes:
    """The first 64 KiB of the body; a longer one closes the connection with the response."""
    parts: list[bytes] = []
    room = MAX_ANSWER_BYTES
    while room > 0 and (part := await response.content.read(room)):
        parts.append(part)
        room -= len(part)
    if room <= 0:
        response.close()
    return b"".join(parts)


def _in_one_line(body: bytes) -> str | None:
    text = body[: 4 * MAX_SAID].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_SAID] or None


def _in_words(error: Exception) -> str:
    """An error of the network in a sentence, without the address's path, which may be confidential."""
    cause: BaseException = error
    if isinstance(error, aiohttp.ClientConnectorError):
        cause = error.os_error
    match cause:
        case PrivateAddress():
            return f"{cause}: to send there all the same, set RASID_WEBHOOK_ALLOW_PRIVATE=true"
        case aiohttp.ClientConnectorDNSError() | socket.gaierror():
            return "the host's name cannot be resolved"
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return "the host's certificate is not trusted"
        case ssl.SSLError():
            return f"no secure connection ({cause.reason or 'SSL error'})"
        case ConnectionRefusedError():
            return "the host refuses the connection"
        case aiohttp.ServerDisconnectedError():
            return "the connection was closed before an answer"
        case ConnectionResetError() | aiohttp.ClientOSError():
            return "the connection was broken off"
        case aiohttp.ClientResponseError() | aiohttp.ClientPayloadError():
            return "the answer is not HTTP"
        case aiohttp.InvalidURL():
            return "the address cannot be used: write https://host/path"
        case OSError() if cause.strerror:
            return cause.strerror
    return type(cause).__name__
