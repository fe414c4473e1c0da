"""Options that the commands of `rasid train` share, and what they check first."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.errors import WRONG_USAGE, fail

if TYPE_CHECKING:
    from services.extraction.training.scores import Score

SEVERAL = " May be given several times."
LabelsOption = Annotated[
    list[Path],
    typer.Option(
        "--labels",
        help="Hand-made labels, JSON lines: id and any of entities, events, claims; offsets in code points." + SEVERAL,
    ),
]
ArticlesOption = Annotated[
    list[Path], typer.Option("--articles", help="The articles with those ids, JSON lines or .gz." + SEVERAL)
]
DevLabelsOption = Annotated[
    list[Path], typer.Option("--dev-labels", help="Labels to measure on; nothing is learnt from them." + SEVERAL)
]
DevArticlesOption = Annotated[list[Path], typer.Option("--dev-articles", help="The articles of those." + SEVERAL)]
FiguresOption = Annotated[
    Path | None,
    typer.Option("--figures", help="Add the figures to this file, which train card reads.", show_default=False),
]
ThreadsOption = Annotated[
    int, typer.Option("--threads", min=1, help="Threads of torch. More than one makes runs differ a little.")
]
SeedOption = Annotated[int, typer.Option("--seed", help="Of what is chosen by chance.")]


def need(*modules: str) -> None:
    """End the command where a library of the extra is not there."""
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError:
            fail(
                f"this needs {module}, which is not installed: pip install '.[train]' in Rasid's folder brings it",
                WRONG_USAGE,
            )


def need_folder_of(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        fail(f"the folder of {path} is not there: make it first", WRONG_USAGE)


def told(scores: dict[str, Score]) -> str:
    """Scores in a line: F1 by type, with the cases in brackets."""
    return ", ".join(f"{kind} {score.f1:.4f} ({score.wanted})" for kind, score in scores.items() if score.wanted)
