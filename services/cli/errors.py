"""How commands end: the exit statuses, one sentence on stderr, and no traceback for what the user can mend."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Coroutine, Iterator
from typing import Any, NoReturn, TypeVar

import typer
from aiokafka.errors import AuthenticationFailedError, KafkaConnectionError, KafkaError, TopicAuthorizationFailedError
from pydantic import ValidationError
from redis.exceptions import AuthenticationError, RedisError
from rich.console import Console

from services.cli.safe_text import safe
from services.runtime.settings import Settings

FINE = 0
LOST_OR_REJECTED = 1
WRONG_USAGE = 2
OUT_OF_REACH = 3
INTERRUPTED = 130

ResultT = TypeVar("ResultT")


def complain(sentence: str) -> None:
    """One sentence on stderr."""
    print(f"rasid: {safe(sentence)}", file=sys.stderr)


def fail(sentence: str, status: int) -> NoReturn:
    """End the command with one sentence and an exit status."""
    complain(sentence)
    raise typer.Exit(status)


def settings_with(**options: object) -> Settings:
    """The settings of the environment, with what the command line says instead (None: nothing).

    Ends the command where a variable is wrong.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        for sentence in settings_faults(error):
            complain(sentence)
        raise typer.Exit(WRONG_USAGE) from None


def settings_faults(error: ValidationError) -> list[str]:
    """One sentence a setting that is wrong; values are not repeated, they may be secrets."""
    faults = []
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        name = "_".join(str(part) for part in one["loc"]).upper()
        faults.append(f"the setting RASID_{name} is wrong: {one['msg']} (rasid doctor --settings lists them all)")
    return faults


def run(work: Coroutine[Any, Any, ResultT], settings: Settings) -> ResultT:
    """Run a command's asynchronous work; Kafka or Redis out of reach end it with a sentence and status 3."""
    quiet_clients()
    with transport_faults(settings), quiet_pipe():
        return asyncio.run(work)


def quiet_clients() -> None:
    """The clients log what they raise; it is said once, by the command."""
    for name in ("aiokafka", "asyncio", "kafka"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


@contextlib.contextmanager
def transport_faults(settings: Settings) -> Iterator[None]:
    """End the command with one sentence where Kafka or Redis cannot be reached or refuse."""
    try:
        yield
    except (AuthenticationFailedError, TopicAuthorizationFailedError) as error:
        fail(
            f"Kafka at {settings.kafka} refused access ({said(error)}): check RASID_KAFKA_USERNAME and _PASSWORD",
            OUT_OF_REACH,
        )
    except KafkaError as error:
        fail(
            f"Kafka at {settings.kafka} is out of reach ({said(error)}): start it or set RASID_KAFKA (rasid doctor checks)",
            OUT_OF_REACH,
        )
    except AuthenticationError as error:
        fail(f"Redis refused access ({said(error)}): check RASID_REDIS_PASSWORD", OUT_OF_REACH)
    except RedisError as error:
        fail(
            f"Redis at {without_password(settings.redis)} is out of reach ({said(error)}): start it or set RASID_REDIS",
            OUT_OF_REACH,
        )


def said(error: BaseException) -> str:
    """What an error of a client says, short: its name, and its first line without that name."""
    name = type(error).__name__
    if isinstance(error, KafkaConnectionError) and "bootstrap" in str(error):
        return "nobody answers there"
    words = (str(error).strip().splitlines() or [""])[0].removeprefix(f"{name}: ")
    return f"{name}: {words[:160]}" if words else name


def without_password(url: str) -> str:
    """A Redis URL without what stands before the @ of its host."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


class PipedConsole(Console):
    """A console that leaves it to the command what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


@contextlib.contextmanager
def quiet_pipe() -> Iterator[None]:
    """Whoever read our output has enough (`rasid tail … | head`): end without complaint."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(FINE) from None
