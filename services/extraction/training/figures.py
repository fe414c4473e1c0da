"""The file of figures that the commands of training add to, and that the model card is written from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from services.extraction.training.scores import Bin, Score


class FiguresError(ValueError):
    """The file of figures cannot be read; one sentence says why."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TaggerFigures(_Part):
    """Scores on articles that nothing was learnt from. Events are those the network alone would tell, at `threshold`."""

    articles: int
    names: dict[str, Score]
    events: Score
    threshold: float
    conll: dict[str, Score] = {}
    reliability: list[Bin] = []


class Learnt(_Part):
    """How much was learnt from, of one kind."""

    articles: int
    words: int
    names: int = 0
    events: int = 0


class EngineFigure(_Part):
    """A figure of the whole engine, and of the engine of lists and rules alone beside it."""

    what: str
    cases: int
    hybrid: float
    lexicon: float | None = None


class ModelFacts(_Part):
    """What was written: version, size of all files, share of words that floats and bytes read alike, how it was fitted."""

    version: str
    bytes: int
    agreement: float
    settings: dict[str, Any]


class Figures(_Part):
    """All figures; what was not measured yet is missing."""

    model: ModelFacts | None = None
    learnt: dict[str, Learnt] = {}
    tagger: TaggerFigures | None = None
    baseline: dict[str, Score] | None = None
    ablation: dict[str, TaggerFigures] = {}
    engine: list[EngineFigure] = []
    notes: list[str] = []
    """Paragraphs for the card, of what no command measures."""
    reliability: dict[str, list[Bin]] = {}
    """Of the engine's records on dev, by what: entities, events, claims."""


def read_figures(path: Path, *, begin: bool = False) -> Figures:
    """The figures of a file; with `begin` none, where it is not there yet.

    Raises:
        FiguresError: it is not there, or no such file.
    """
    if begin and not path.exists():
        return Figures()
    try:
        return Figures.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FiguresError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        raise FiguresError(f"{path}: {'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}") from None


def write_figures(path: Path, figures: Figures) -> None:
    """Writes the file anew."""
    path.write_text(figures.model_dump_json(indent=1, exclude_none=True) + "\n", encoding="utf-8")
