"""What finds entities, dates, quantities, events and claims in an article; and the engines there are, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from schemas.articles_extracted import Extraction
from schemas.articles_normalized import NormalizedArticle


class Engine(Protocol):
    """Finds everything in one article.

    `name` and `version` go into every record, so that a consumer knows what made it: a change of rules, lists or
    weights is a new version. `extract` is pure (the same article gives the same findings), keeps no state between
    articles, and gives spans in code points of the article's original text.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def extract(self, article: NormalizedArticle) -> Extraction: ...


class UnknownEngine(ValueError):
    """No engine has this name; the message gives the choices."""


class EngineUnavailable(RuntimeError):
    """The engine lacks something that is not there by default; the message says what, and how to get it."""


def _lexicon() -> Engine:
    from services.extraction.lexicon_engine import LexiconEngine

    return LexiconEngine()


def _hybrid() -> Engine:
    from services.extraction.hybrid_engine import HybridEngine

    return HybridEngine()


def _camel() -> Engine:
    from services.extraction.camel_engine import CamelEngine

    return CamelEngine()


# Loaded when asked for: an engine may bring a model or a library that the others do not need.
_ENGINES: dict[str, Callable[[], Engine]] = {"camel": _camel, "hybrid": _hybrid, "lexicon": _lexicon}


def load_engine(name: str) -> Engine:
    """The engine of this name, with its lists or models in memory.

    Raises:
        UnknownEngine: there is none. EngineUnavailable: what it needs is not there, or cannot be read.
    """
    make = _ENGINES.get(name)
    if make is None:
        raise UnknownEngine(f"there is no engine {name!r}: choose one of {', '.join(sorted(_ENGINES))}")
    return make()


def check_engine(name: str) -> None:
    """Look whether what the engine needs is there, without loading its model: for a process that starts others.

    Raises:
        EngineUnavailable: it is not.
    """
    if name == "camel":
        from services.extraction.camel_recognizer import find_model

        find_model()
