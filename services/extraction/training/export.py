"""Writes what was trained as the services read it: vectors in bytes, the network as ONNX with weights in bytes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from services.extraction.tagging.decoding import LABELS
from services.extraction.tagging.evidence import WIDTH
from services.extraction.training.network import VECTOR, Tagger, tagger_of, with_present_names

FOLDER = Path(__file__).parents[1] / "data" / "model"
INPUTS = ("vectors", "evidence", "again", "same")
OUTPUTS = ("labels", "cuts", "events")
ALIKE = 0.995
"""Share of words that the network in bytes must read as the one in floats does."""

Inputs = Mapping[str, NDArray[Any]]
"""The network's inputs for one window, by name, as `tagging.network.Network.read` gives them."""


class ExportError(ValueError):
    """What was trained cannot be exported; one sentence says why."""


def export(
    words_state: Mapping[str, Tensor],
    vocabulary: Sequence[str],
    network: Tagger | Mapping[str, Tensor],
    folder: Path = FOLDER,
    *,
    settings: Mapping[str, Any] | None = None,
    probes: Iterable[Inputs] = (),
) -> float:
    """Writes words.txt, both tables of vectors with their scales, tagger.onnx and model.json; returns the agreement.

    Args:
        words_state: parameters of `network.VectorTables`, row n + 1 of `words` being that of vocabulary[n].
        vocabulary: the words with rows of their own.
        network: the network, or its parameters.
        folder: is made where it is missing.
        settings: what it was trained with, for model.json.
        probes: windows of articles on which the networks in floats and in bytes are compared.

    Returns:
        The share of the probes' words that both read alike (see `agreement`); 1 without probes.

    Raises:
        ExportError: the vocabulary does not fit the rows, or the two networks agree on less than ALIKE.
    """
    tables = {name: values.detach().numpy() for name, values in with_present_names(words_state).items()}
    words, groups = tables["words.weight"], tables["groups.weight"]
    if len(words) < len(vocabulary) + 1:
        raise ExportError(f"{len(vocabulary)} words, but {len(words) - 1} rows for them")
    if any("\n" in word or not word for word in vocabulary):
        raise ExportError("a word of the vocabulary is empty or has a line feed in it")
    tagger = network if isinstance(network, Tagger) else tagger_of(network)
    with tempfile.TemporaryDirectory() as scratch:
        floats, made = Path(scratch) / "floats.onnx", Path(scratch) / "made"
        made.mkdir()
        (made / "words.txt").write_text("\n".join(vocabulary), encoding="utf-8")
        _write_table(made, "words", words[: len(vocabulary) + 1])
        _write_table(made, "letter_groups", groups)
        with _quietly():
            _write_network(tagger, floats)
            _put_into_bytes(floats, made / "tagger.onnx")
        share = agreement(floats, made / "tagger.onnx", probes)
        if share < ALIKE:
            raise ExportError(
                f"the network in bytes reads {share:.2%} of the words as the one in floats: {ALIKE:.1%} wanted"
            )
        _write_description(made, settings or {}, share)
        # Only now: a model that is refused leaves the one that stood there as it was.
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return share


def in_bytes(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows (n, width) as whole numbers from -127 to 127, and what to multiply each row by (n)."""
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-8) / 127
    return np.round(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def agreement(one: Path, other: Path, probes: Iterable[Inputs]) -> float:
    """The share of words to which both networks give the same likeliest label, event and, where a name begins, cut."""
    sessions = [onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]) for path in (one, other)]
    alike = count = 0
    for inputs in probes:
        (labels, cuts, events), others = (
            [part.argmax(-1) for part in session.run(OUTPUTS, dict(inputs))] for session in sessions
        )
        begins = labels % 2 == 1
        same = (labels == others[0]) & (events == others[2]) & (~begins | (cuts == others[1]))
        alike, count = alike + int(same.sum()), count + same.size
    return alike / count if count else 1.0


def _write_table(folder: Path, name: str, rows: NDArray[np.float32]) -> None:
    table, scales = in_bytes(rows)
    np.save(folder / f"{name}.npy", table)
    np.save(folder / f"{name}_scales.npy", scales)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Without the libraries' advice: the exporter that torch would rather have needs another package."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _put_into_bytes(floats: Path, path: Path) -> None:
    """Seven bits of each: with eight, processors without VNNI saturate, and machines would read differently."""
    quantize_dynamic(str(floats), str(path), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def _write_network(tagger: Tagger, path: Path) -> None:
    count, again = 32, torch.arange(8)
    same = torch.zeros(1, len(again), len(again))
    inputs = (torch.zeros(1, count, VECTOR), torch.zeros(1, count, WIDTH), again, same)
    axes = {name: {1: "words"} for name in ("vectors", "evidence", *OUTPUTS)}
    axes |= {"again": {0: "again"}, "same": {1: "again", 2: "again"}}
    torch.onnx.export(
        tagger, inputs, str(path), dynamo=False, input_names=INPUTS, output_names=OUTPUTS, dynamic_axes=axes
    )


def _write_description(folder: Path, settings: Mapping[str, Any], share: float) -> None:
    """model.json has no date: the same training writes the same file."""
    hashed = (
        "words.txt",
        "words.npy",
        "words_scales.npy",
        "letter_groups.npy",
        "letter_groups_scales.npy",
        "tagger.onnx",
    )
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in hashed}
    description = {
        "version": hashlib.sha256("".join(hashes.values()).encode()).hexdigest()[:12],
        "labels": LABELS,
        "agreement": round(share, 5),
        "settings": dict(settings),
        "sha256": hashes,
    }
    (folder / "model.json").write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
