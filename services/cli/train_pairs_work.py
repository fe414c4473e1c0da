"""What `rasid train pairs` does once its options are checked. Needs scikit-learn."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.cli.bench_dedup_articles import ArticlesError, records
from services.cli.errors import LOST_OR_REJECTED, fail
from services.cli.labelled_pairs import Pair, PairsError, Score, parted, read_pairs, score, without_record
from services.deduplication.comparison import Comparison, judgement_of
from services.deduplication.fingerprint import Fingerprint, fingerprint
from services.deduplication.training.pairs import COPIES, ONE_STORY, comparisons, fitted, standing_passages

EVERY = 5000
"""Records between two words of how far it is."""

Figures = NDArray[np.float64]
Alike = NDArray[np.bool_]


def fit_pairs(
    record_files: Sequence[Path], pair_files: Sequence[Path], least: Mapping[str, float], folds: int, out: Path
) -> None:
    """Prints how the judgements agree with labels that they did not learn from, and writes those that learnt from all.

    `least`: for copy and story the probability from which on it is said.
    """
    try:
        pairs = [pair for path in pair_files for pair in read_pairs(path)]
        figures = _figures(record_files, pairs)
    except (PairsError, ArticlesError, OSError) as error:
        fail(str(error), LOST_OR_REJECTED)
    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    part_of = parted(pairs, folds)
    judgements = {}
    for name, positive in (("copy", COPIES), ("story", ONE_STORY)):
        alike = np.array([pair.label in positive for pair in pairs])
        if (fault := too_few(alike, part_of)) is not None:
            fail(f"the pairs cannot teach what a {name} is: {fault}", LOST_OR_REJECTED)
        with threadpool_limits(1):  # on so few pairs threads only wait for each other
            agrees = cross_validated(figures, alike, least[name], part_of)
            judgements[name] = fitted(figures, alike, least[name])
        print(
            f"{name}, of {folds} parts each by what the others taught: precision {agrees.precision:.3f}, "
            f"recall {agrees.recall:.3f}, F1 {agrees.f1:.3f} ({agrees.pairs} of {len(pairs)} pairs)",
            flush=True,
        )
    try:
        out.write_text(json.dumps(judgements, indent=1) + "\n", "utf-8")
    except OSError as error:
        fail(f"the weights cannot be written: {error}", LOST_OR_REJECTED)
    told = (f"{name} by {len(judgement['scales'])} figures" for name, judgement in judgements.items())
    print(f"{out}: {', '.join(told)}")


def too_few(alike: Alike, part_of: Sequence[int]) -> str | None:
    """Why there are too few pairs, or all of one kind: every part needs others of both kinds to learn from."""
    for part in set(part_of):
        left = alike[np.array(part_of) != part]
        if not left.any() or left.all():
            return f"of {len(alike)} pairs {int(alike.sum())} are alike; both kinds are needed, in several groups of articles"
    return None if len(set(part_of)) > 1 else "all of them share articles with each other"


def cross_validated(figures: Figures, alike: Alike, least: float, part_of: Sequence[int]) -> Score:
    """How judgements agree with the pairs of a part when they learnt from those of the other parts, over all parts."""
    parts, said = np.array(part_of), np.zeros(len(alike), dtype=bool)
    for part in set(part_of):
        judgement = judgement_of(fitted(figures[parts != part], alike[parts != part], least))
        for number in np.flatnonzero(parts == part):
            said[number] = judgement.odds(Comparison(*figures[number])) >= math.log(least / (1 - least))
    return score(said.tolist(), alike.tolist())


def _figures(record_files: Sequence[Path], pairs: Sequence[Pair]) -> Figures:
    wanted = {id for pair in pairs for id in (pair.one, pair.other)}
    prints: dict[str, Fingerprint] = {}
    order: dict[str, int] = {}
    standing = standing_passages(_stream(record_files, wanted, prints, order))
    if missing := without_record(pairs, prints):
        raise PairsError(
            f"{len(missing)} articles of the pairs are in none of the records, such as {missing[0]}: give with --records "
            "what rasid batch wrote of the articles that the pairs were drawn from"
        )
    print(
        f"{len(order)} records; {sum(map(len, standing.values()))} passages that several stories had before", flush=True
    )
    return comparisons(pairs, prints, order, standing)


def _stream(
    record_files: Sequence[Path], wanted: Collection[str], prints: dict[str, Fingerprint], order: dict[str, int]
) -> Iterator[tuple[Fingerprint, str]]:
    for path in record_files:
        for article in records(path):
            story: Any = (article.model_extra or {}).get("story_id")
            if not isinstance(story, str):
                raise ArticlesError(
                    f"{path}: {article.id} has no story_id: write it with rasid batch without --no-dedup"
                )
            print_ = fingerprint(article)
            order[article.id] = len(order)
            if article.id in wanted:
                prints[article.id] = print_
            if len(order) % EVERY == 0:
                print(f"{len(order)} records read", flush=True)
            yield print_, story
