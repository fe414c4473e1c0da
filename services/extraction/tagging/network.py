"""Runs the tagger's network over an article, a window at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from services.extraction.tagging.evidence import same_words
from services.extraction.tagging.word_vectors import WordVectors

Floats = NDArray[np.float32]
WINDOW = 400
"""Words that the network sees at once: longer articles are cut at the ends of sentences, its memory stays bounded."""
_LEAST_WINDOW = 200
_SENTENCE_ENDS = frozenset(".!?؟")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of n words: log-probabilities of their labels (n, 9), of letters to cut off their start
    (n, 3) and of events that they name (n, 16: none, then the types)."""

    labels: Floats
    cuts: Floats
    events: Floats


class Network:
    """The trained network and its vectors. Immutable; one thread, so that workers do not fight over cores."""

    def __init__(self) -> None:
        self._vectors = WordVectors()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # plans for windows of one length; no two are alike
        model = files("services.extraction") / "data" / "model" / "tagger.onnx"
        self._session = onnxruntime.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])

    def read(self, forms: Sequence[str], evidence: Floats) -> Reading:
        """What the network says of each word, given its evidence (len(forms), evidence.WIDTH)."""
        parts = []
        for first, last in windows(forms):
            again, same = standing_again(forms[first:last])
            inputs = {
                "vectors": self._vectors.of(forms[first:last])[None],
                "evidence": evidence[None, first:last],
                "again": again,
                "same": same[None],
            }
            parts.append([part[0] for part in self._session.run(None, inputs)])
        return Reading(*(np.concatenate(kind) for kind in zip(*parts, strict=True)))


def windows(forms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of at most WINDOW words that cover the article, cut at the ends of sentences where there are any."""
    first = 0
    while first < len(forms):
        last = min(len(forms), first + WINDOW)
        if last < len(forms):
            last = next((k for k in range(last, first + _LEAST_WINDOW, -1) if forms[k - 1] in _SENTENCE_ENDS), last)
        yield first, last
        first = last


def standing_again(forms: Sequence[str]) -> tuple[NDArray[np.int64], Floats]:
    """The k places of words that stand more than once; and for each the shares of its word's other places, adding up to 1.

    (k,) and (k, k), in the same order: the places of a word one after another.
    """
    words = same_words(forms)
    again = np.array([place for places in words for place in places], dtype=np.int64)
    same = np.zeros((len(again), len(again)), dtype=np.float32)
    first = 0
    for places in words:
        last = first + len(places)
        same[first:last, first:last] = 1.0 / (len(places) - 1)
        first = last
    np.fill_diagonal(same, 0.0)
    return again, same


@cache
def load_network() -> Network:
    """The network, read once in a process."""
    return Network()
