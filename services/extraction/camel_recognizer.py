"""camel-tools' named-entity recogniser: loaded where it is there, else what is missing; and a label for every word."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol

from services.extraction.engine import EngineUnavailable

MODEL = "arabert"
PACKAGE = f"ner-{MODEL}"
"""What `camel_data` calls the model's data."""
FULL = 254
"""Sub-words that the recogniser reads at once, its two marks left out. It cuts anywhere what is longer."""
AT_ONCE = 8
"""Sentences of one call of the network: each takes the time and the memory (some 10 MB) of one that is full."""
OUTSIDE = "O"
_FILES = (
    "config.json",
    "vocab.txt",
)  # without the latter transformers makes do with an empty vocabulary, and says nothing
_COMPONENT = "NamedEntityRecognition"
_BREAKS = frozenset("،,؛;:.!؟?-–—)")


class Tokenizer(Protocol):
    """Cuts a word into sub-words: into none, where the model has nothing for it."""

    def tokenize(self, word: str, /) -> Sequence[str]: ...


class Recognizer(Protocol):
    """What is used of `camel_tools.ner.NERecognizer`.

    `predict` labels the words of each sentence `B-` or `I-` and PERS, LOC, ORG or MISC, or `O`; but words without
    sub-words get no label, and words of more than FULL sub-words end it with an error.
    """

    @property
    def tokenizer(self) -> Tokenizer: ...

    def predict(self, sentences: list[list[str]], batch_size: int = ...) -> list[list[str]]: ...


class Model(NamedTuple):
    """A recogniser, and what it is called in the engine's version."""

    recognizer: Recognizer
    name: str


def data_folder() -> Path:
    """Where `camel_data` puts what it fetches, and camel-tools looks for it."""
    given = os.environ.get("CAMELTOOLS_DATA")
    return Path(given).expanduser().absolute() if given is not None else Path.home() / ".camel_tools"


def find_model() -> Path:
    """The folder of the model, looked for without loading it or anything large, and without the network.

    Raises:
        EngineUnavailable: torch or transformers, or the model's data are missing.
    """
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        raise EngineUnavailable(
            f"the engine camel needs {' and '.join(missing)}, not installed here: "
            "pip install '.[transformers]' in Rasid's own folder brings what is missing"
        )
    folder = data_folder()
    if not (folder / "catalogue.json").is_file():  # camel-tools would go and fetch it, as soon as it is imported
        raise _no_data(folder)
    try:
        from camel_tools.data import CATALOGUE

        model = Path(CATALOGUE.get_dataset(_COMPONENT, MODEL).path)
    except Exception as error:  # camel-tools raises what JSON, files and its catalogue raise
        raise _unreadable(error) from error
    if not all((model / name).is_file() for name in _FILES):
        raise _no_data(folder)
    return model


def load_model() -> Model:
    """The recogniser with its model in memory (with torch some 1.4 GB), on the GPU where there is one, else on one core.

    OMP_NUM_THREADS, where it is set, says on how many.

    Raises:
        EngineUnavailable: something is missing, or cannot be read.
    """
    find_model()
    try:
        import torch
        from camel_tools.ner import NERecognizer
        from transformers.utils import logging
    except Exception as error:  # a version that does not fit, a library of the system that is not there
        raise EngineUnavailable(
            f"the engine camel needs torch and transformers, which are installed but cannot be loaded "
            f"({_said(error)}): install them anew, pip install --force-reinstall torch transformers"
        ) from error
    logging.disable_progress_bar()
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(1)  # work is shared among processes, which would else fight over the cores
    try:
        recognizer: Recognizer = NERecognizer.pretrained(MODEL)
    except Exception as error:  # a file cut off or of another kind: each of the libraries has its own errors
        raise _unreadable(error) from error
    return Model(recognizer, "-".join(filter(None, (PACKAGE, _package_version()))))


def _package_version() -> str | None:
    """The version of the model's data, as `camel_data` wrote it down."""
    try:
        version = json.loads((data_folder() / "versions.json").read_text("utf-8"))[PACKAGE]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(version)


def _no_data(folder: Path) -> EngineUnavailable:
    return EngineUnavailable(
        f"the engine camel needs its model, which is not in {folder}: camel_data -i {PACKAGE} fetches it (542 MB), "
        "and the variable CAMELTOOLS_DATA names another folder, for camel_data and for Rasid"
    )


def _unreadable(error: BaseException) -> EngineUnavailable:
    folder = data_folder()
    return EngineUnavailable(
        f"the engine camel cannot read its model in {folder} ({_said(error)}): "
        f"remove {folder / 'catalogue.json'}, and camel_data -i --force {PACKAGE} fetches it anew"
    )


def _said(error: BaseException) -> str:
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first[:200]}"


def labels(recognizer: Recognizer, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    """A label for every word of every sentence, `O` for words that the model cannot read.

    Sentences of more than FULL sub-words are read in parts, cut at marks where there are any.
    """
    told = [[OUTSIDE] * len(sentence) for sentence in sentences]
    parts = [
        (n, part) for n, sentence in enumerate(sentences) for part in _parts(sentence, recognizer.tokenizer) if part
    ]
    given = [[sentences[n][i] for i in part] for n, part in parts]
    for (n, part), found in zip(parts, recognizer.predict(given, AT_ONCE) if given else (), strict=True):
        for i, label in zip(part, found, strict=True):
            told[n][i] = label
    return told


def _parts(words: Sequence[str], tokenizer: Tokenizer) -> Iterator[list[int]]:
    """The places of the words that can be read, in rows of at most FULL sub-words."""
    part: list[int] = []
    sizes: list[int] = []
    for i, word in enumerate(words):
        size = len(tokenizer.tokenize(word))
        if not 0 < size <= FULL:
            continue
        while sum(sizes) + size > FULL:
            cut = next((k for k in range(len(part), len(part) // 2, -1) if words[part[k - 1]] in _BREAKS), len(part))
            yield part[:cut]
            part, sizes = part[cut:], sizes[cut:]
        part.append(i)
        sizes.append(size)
    yield part
