"""`rasid train pairs`: when two articles are copies and when they tell one story, fitted to labelled pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.train_options import SEVERAL, need, need_folder_of


def pairs(
    records: Annotated[
        list[Path],
        typer.Option(
            "--records",
            help="What rasid batch wrote of the articles of the pairs and of those around them, in the order of time."
            + SEVERAL,
        ),
    ],
    labelled: Annotated[
        list[Path],
        typer.Option(
            "--pairs",
            help="Labelled pairs, JSON lines: a, b (ids), label (exact, revision, near_duplicate, same_story, related, unrelated)."
            + SEVERAL,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", help="Takes the weights (deduplication reads data/pair_weights.json of its folder)."),
    ],
    least_copy: Annotated[
        float, typer.Option(min=0.01, max=0.99, help="From which probability on two articles are copies.")
    ] = 0.34,
    least_story: Annotated[
        float, typer.Option(min=0.01, max=0.99, help="From which probability on they tell one story.")
    ] = 0.76,
    folds: Annotated[
        int, typer.Option(min=2, help="Parts of the cross-validation; pairs that share articles stay together.")
    ] = 8,
) -> None:
    """Fit to labelled pairs when deduplication takes two articles for copies, and when for one story.

    The stories of the records tell which passages many stories have. Some minutes for thirty thousand records.

    Example:

        rasid train pairs --records out.jsonl --pairs pairs.jsonl --out services/deduplication/data/pair_weights.json

    Exit status 0: fitted. 1: a file cannot be learnt from. 2: wrong usage, or the extra is missing.
    """
    need("sklearn")
    need_folder_of(out)
    from services.cli.train_pairs_work import fit_pairs

    fit_pairs(records, labelled, {"copy": least_copy, "story": least_story}, folds, out)
