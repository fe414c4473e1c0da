"""What a fitted network says of examples, and how good that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from services.extraction.tagging.network import Reading, standing_again
from services.extraction.training.examples import Example, windows_of
from services.extraction.training.export import INPUTS, Inputs
from services.extraction.training.figures import TaggerFigures
from services.extraction.training.fitting import Batch, Vectors, batch_of
from services.extraction.training.network import Tagger
from services.extraction.training.scores import (
    THRESHOLDS,
    Score,
    conll_names,
    event_score,
    likely_events,
    name_scores,
    named,
    reliability,
    wanted_events,
    wanted_names,
)


def readings(
    network: Tagger, vectors: Vectors, examples: Sequence[Example], kept: NDArray[np.float32]
) -> Iterator[Reading]:
    """What the network says of the words of each example's text; of CoNLL examples by their head."""
    columns, was_training = torch.from_numpy(kept), network.training
    network.eval()
    for example in examples:
        parts = []
        for window in windows_of(example):
            batch = batch_of([window], vectors, columns)
            with torch.no_grad():
                named_, happened = network.read(batch.vectors, batch.evidence, batch.same)
                head = network.conll_labels if example.kind == "conll" else network.labels
                scores = (head(named_), network.cuts(named_), network.events(happened))
                parts.append([torch.log_softmax(part, -1)[0].numpy() for part in scores])
        yield Reading(*(np.concatenate(kind)[example.before :] for kind in zip(*parts, strict=True)))
    network.train(was_training)


def figures(network: Tagger, vectors: Vectors, examples: Sequence[Example], kept: NDArray[np.float32]) -> TaggerFigures:
    """How well the network reads these examples, of any kinds. The threshold of events is the best for these."""
    pairs, conll, findings, happened = [], [], [], []
    for example, reading in zip(examples, readings(network, vectors, examples, kept), strict=True):
        if example.kind == "conll":
            conll.append(conll_names(example, reading.labels))
            continue
        if example.kind == "news":
            found, wanted = named(reading.labels, reading.cuts), wanted_names(example)
            pairs.append(({name for name, _ in found}, wanted))
            findings += [(likelihood, name in wanted) for name, likelihood in found]
        happened.append((reading.events, example.starts, wanted_events(example)))
    best, threshold = _best_threshold(happened)
    return TaggerFigures(
        articles=len(happened),
        names=name_scores(pairs),
        events=best,
        threshold=threshold,
        conll=name_scores(conll),
        reliability=reliability(findings),
    )


def _best_threshold(
    happened: Sequence[tuple[NDArray[np.float32], Sequence[int], Sequence[tuple[int, int]]]],
) -> tuple[Score, float]:
    scores = [
        (event_score((likely_events(events, starts, least), wanted) for events, starts, wanted in happened), least)
        for least in THRESHOLDS
    ]
    return max(scores, key=lambda scored: (scored[0].f1, scored[1]))


def probes(vectors: Vectors, examples: Sequence[Example], kept: NDArray[np.float32]) -> Iterator[Inputs]:
    """The examples' windows as the exported network takes them."""
    columns = torch.from_numpy(kept)
    for example in examples:
        for window in windows_of(example):
            batch: Batch = batch_of([window], vectors, columns)
            again, same = standing_again(window.forms)
            given = (batch.vectors.numpy(), batch.evidence.numpy(), again, same[None])
            yield dict(zip(INPUTS, given, strict=True))
