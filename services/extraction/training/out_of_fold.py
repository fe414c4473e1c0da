"""What networks say of articles that they did not learn from, on file: what is fitted on top of them must see no better."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.extraction.seen_events import TYPES
from services.extraction.training.corpora import CorpusError


def write_readings(path: Path, readings: Mapping[str, NDArray[np.float32]]) -> None:
    """Log-probabilities of events by article id: (words of the text, 1 + types) each, in half precision."""
    halved: dict[str, Any] = {name: reading.astype(np.float16) for name, reading in readings.items()}
    with path.open("wb") as file:
        np.savez_compressed(file, **halved)


def read_readings(paths: Sequence[Path]) -> dict[str, NDArray[np.float32]]:
    """The readings of these files by article id, in single precision.

    Raises:
        CorpusError: a file is no archive of such arrays.
    """
    readings: dict[str, NDArray[np.float32]] = {}
    for path in paths:
        try:
            with np.load(path) as held:
                for name in held.files:
                    reading = held[name]
                    if reading.ndim != 2 or reading.shape[1] != 1 + len(TYPES):
                        raise CorpusError(f"{path}: {name} is {reading.shape}, not (words, {1 + len(TYPES)})")
                    readings[name] = reading.astype(np.float32)
        except (OSError, ValueError, AttributeError, zipfile.BadZipFile) as error:
            raise (
                error if isinstance(error, CorpusError) else CorpusError(f"{path}: no readings in it ({error})")
            ) from None
    return readings
