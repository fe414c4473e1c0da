"""Vectors and encoder learnt from raw articles: what word stands where one was left out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from services.extraction.tagging.word_vectors import group_rows
from services.extraction.training.corpora import TokenRow
from services.extraction.training.network import INNER, VECTOR, Encoder, VectorTables

REPORT_EVERY = 200
"""Steps between two reports."""


@dataclass(frozen=True)
class Pretraining:
    """How to learn vectors. The rates are shares of words; `minutes` bounds the time, the learning rate falls with it."""

    minutes: float = 60.0
    steps: int | None = None
    """At most so many steps, for reproducible runs: the learning rate falls with them then, not with time."""
    known: int = 40_000
    """Words with rows of their own, at most; the commonest."""
    rarest: int = 4
    """Occurrences that a word with a row has at least."""
    span: int = 128
    """Words read at once…"""
    batch: int = 64
    """… in so many rows."""
    guessed: float = 0.15
    swapped: float = 0.015
    left: float = 0.015
    """Of the guessed words, those that a random one stands for, and those that still stand there."""
    unknown: float = 0.15
    """Words whose own row is left out, so that their letters must tell."""
    others: int = 3000
    """Words among which the right one must be found, beside those that are right elsewhere in the batch."""
    rate: float = 1.7e-3
    dropout: float = 0.1
    seed: int = 1


@dataclass(frozen=True)
class Pretrained:
    """What was learnt. `loss` are means of REPORT_EVERY steps, or of what was left of them."""

    vocabulary: list[str]
    words: dict[str, Tensor]
    encoder: dict[str, Tensor]
    loss: list[float]
    settings: dict[str, Any]


class _Corpus:
    """Words of raw articles as tensors: which have rows, and their letter groups."""

    def __init__(self, row: TokenRow, plan: Pretraining) -> None:
        counts = np.bincount(row.ids, minlength=len(row.words))
        order = np.argsort(-counts, kind="stable")
        known = order[: min(plan.known, int((counts >= plan.rarest).sum()))]
        self.vocabulary = [row.words[n] for n in known]
        rows = np.zeros(len(row.words), dtype=np.int64)
        rows[known] = np.arange(1, len(known) + 1)
        self.rows = torch.from_numpy(rows)
        groups = [np.array(group_rows(word), dtype=np.int64) for word in row.words]
        self._ends = np.concatenate([[0], np.cumsum([len(group) for group in groups])])
        self._groups = torch.from_numpy(np.concatenate(groups))
        spans = len(row.ids) // plan.span
        self.spans = torch.from_numpy(row.ids[: spans * plan.span].reshape(spans, plan.span))
        # Chosen with the power of word2vec: rare words come oftener than they stand, common ones seldomer.
        weights = torch.from_numpy(counts[known].astype(np.float64) ** 0.75)
        self.chances = weights / weights.sum()

    def groups_of(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Rows of the letter groups of these words one behind the other, and where each word's begin."""
        chosen = words.numpy()
        lengths = self._ends[chosen + 1] - self._ends[chosen]
        begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.repeat(self._ends[chosen] - begins, lengths) + np.arange(lengths.sum())
        return self._groups[torch.from_numpy(places)], torch.from_numpy(begins)


class _Guesser(nn.Module):
    """Guesses words from their neighbourhood; the rows of words serve as what they are guessed by, too."""

    def __init__(self, corpus: _Corpus, plan: Pretraining) -> None:
        super().__init__()
        self.tables = VectorTables(len(corpus.vocabulary) + 1)
        self.encoder = Encoder(plan.dropout)
        self.gap = nn.Parameter(torch.randn(VECTOR) * 0.1)
        self.head = nn.Linear(INNER, VECTOR)
        self.bias = nn.Parameter(torch.zeros(len(corpus.vocabulary) + 1))
        self._corpus, self._plan = corpus, plan

    def loss(self, words: Tensor) -> Tensor | None:
        """How far off the guesses are, for words (batch, span); None where there is none to guess."""
        corpus, plan = self._corpus, self._plan
        right = corpus.rows[words]
        chance = torch.rand(words.shape)
        guessed = (chance < plan.guessed) & (right > 0)
        if not guessed.any():
            return None
        shown = words.clone()
        swapped = guessed & (chance < plan.swapped)
        shown[swapped] = torch.randint(len(corpus.rows), (int(swapped.sum()),))
        vectors = self._vectors(shown)
        gaps = guessed & (chance >= plan.swapped + plan.left)
        read = self.head(self.encoder(torch.where(gaps.unsqueeze(-1), self.gap, vectors))[guessed])
        return self._among_others(read, right[guessed])

    def _vectors(self, words: Tensor) -> Tensor:
        different, places = torch.unique(words, return_inverse=True)
        by_letters: Tensor = self.tables.groups(*self._corpus.groups_of(different))
        kept = (torch.rand(words.shape) >= self._plan.unknown).unsqueeze(-1)
        by_word: Tensor = self.tables.words(self._corpus.rows[words])
        return by_letters[places] + by_word * kept

    def _among_others(self, read: Tensor, right: Tensor) -> Tensor:
        """Sampled softmax: common words are among the others oftener than rare ones, which is taken off their scores."""
        others, chances = self._plan.others, self._corpus.chances
        drawn = torch.multinomial(chances, others, replacement=True) + 1
        choice = torch.unique(torch.cat([right, drawn]))
        scores = read @ self.tables.words.weight[choice].T + self.bias[choice]
        there = torch.log1p(-torch.exp(others * torch.log1p(-chances[choice - 1].clamp(max=0.999999))))
        # Half of it: something between guessing by how common words are and by what they mean alone.
        scores = scores - there.float().clamp(min=-12) * 0.5
        return functional.cross_entropy(scores, torch.searchsorted(choice, right))


def pretrain(
    row: TokenRow, plan: Pretraining, report: Callable[[int, float, float], None] = lambda step, share, loss: None
) -> Pretrained:
    """Learns vectors of words and the encoder. Reproducible where `plan.steps` bounds it, not the clock.

    Args:
        report: is told the step, the share of the work that is done (0 to 1) and the mean loss since the last report.

    Raises:
        ValueError: there are fewer words than one row of `plan.span`, or none comes `plan.rarest` times.
    """
    torch.manual_seed(plan.seed)
    corpus = _Corpus(row, plan)
    if not len(corpus.spans) or not corpus.vocabulary:
        raise ValueError(
            f"{len(row.ids)} words, {len(corpus.vocabulary)} of them {plan.rarest} times: too few to learn from"
        )
    guesser = _Guesser(corpus, plan)
    optimizer = torch.optim.Adam(guesser.parameters(), lr=plan.rate, betas=(0.9, 0.98))
    begun, losses, told = time.monotonic(), list[float](), list[float]()
    for step, words in enumerate(_batches(corpus.spans, plan.batch), 1):
        spent = (time.monotonic() - begun) / (plan.minutes * 60)
        share = (step - 1) / plan.steps if plan.steps is not None else spent
        if share >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * min(1.0, step / 300) * (0.03 + 0.485 * (1 + math.cos(math.pi * share)))
        loss = guesser.loss(words)
        if loss is None:
            continue
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(guesser.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            guesser.tables.words.weight[0] = 0
        told.append(loss.item())
        if len(told) == REPORT_EVERY:
            losses.append(sum(told) / len(told))
            report(step, share, losses[-1])
            told = []
    if told:
        losses.append(sum(told) / len(told))
    states = (dict(guesser.tables.state_dict()), dict(guesser.encoder.state_dict()))
    return Pretrained(corpus.vocabulary, *states, losses, {**asdict(plan), "words read": len(row.ids)})


def _batches(spans: Tensor, size: int) -> Iterator[Tensor]:
    """Rows of words in ever new order, without end; a last batch that would be short is left for the next round."""
    size = min(size, len(spans))
    while True:
        order = torch.randperm(len(spans))
        for first in range(0, len(spans) - size + 1, size):
            yield spans[order[first : first + size]]


def saved(learnt: Pretrained) -> dict[str, Any]:
    """What a file of vectors holds (see `torch.save`)."""
    return {
        "vocabulary": learnt.vocabulary,
        "words": learnt.words,
        "encoder": learnt.encoder,
        "loss": learnt.loss,
        "settings": learnt.settings,
    }


def loaded(held: dict[str, Any]) -> Pretrained:
    """What such a file holds, read back.

    Raises:
        KeyError: it is no file of vectors.
    """
    return Pretrained(
        held["vocabulary"], held["words"], held["encoder"], list(held.get("loss", ())), held.get("settings", {})
    )
