"""The tagger's network, as it is trained. What runs in the services is its export (see `export`)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from services.extraction.seen_events import TYPES
from services.extraction.tagging.decoding import LABELS
from services.extraction.tagging.evidence import WIDTH
from services.extraction.tagging.word_vectors import GROUP_ROWS

VECTOR = 96
"""Numbers in the vector of a word…"""
INNER = 128
"""… and in what the network makes of a word."""
HIDDEN = 192
CUTS = 3
"""A name begins with its first word, or one or two letters into it."""
EVENTS = 1 + len(TYPES)
REACHES = (1, 1, 2, 4)
"""How far each block looks to both sides: eight words in all."""
_EVENT_REACH = 3
_SHARED_AFTER = 2
"""Blocks after which places of the same word learn from each other: by then each knows its neighbourhood."""


class VectorTables(nn.Module):
    """The rows that vectors of words are made of: `words` (count, VECTOR), row 0 unused, and `groups`."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.words = nn.Embedding(words, VECTOR, padding_idx=0)
        self.groups = nn.EmbeddingBag(GROUP_ROWS, VECTOR, mode="mean")
        nn.init.normal_(self.words.weight, std=0.1)
        nn.init.normal_(self.groups.weight, std=0.1)
        with torch.no_grad():
            self.words.weight[0] = 0


class Block(nn.Module):
    """What is known of a word, and what the words `reach` to its left and right add to it."""

    def __init__(self, reach: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(INNER)
        self.joined = nn.Linear(3 * INNER, HIDDEN)
        self.added = nn.Linear(HIDDEN, INNER)
        self.dropout = nn.Dropout(dropout)
        self.reach = reach

    def forward(self, x: Tensor, present: Tensor | None = None) -> Tensor:
        """(b, n, INNER) to the same; `present` (b, n, 1) is 0 where a shorter row of the batch has no word."""
        here = self.norm(x)
        if present is not None:
            here = here * present  # as beyond the ends of a row: nothing
        nothing = here.new_zeros(here.shape[0], self.reach, INNER)
        padded = torch.cat([nothing, here, nothing], 1)
        joined = torch.cat([padded[:, : -2 * self.reach], here, padded[:, 2 * self.reach :]], -1)
        added: Tensor = self.dropout(self.added(functional.relu(self.joined(joined))))
        return x + added


class Encoder(nn.Module):
    """A word in its neighbourhood. Trained first on raw articles (see `pretraining`)."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.first = nn.Linear(VECTOR, INNER)
        self.blocks = nn.ModuleList([Block(reach, dropout) for reach in REACHES])
        self.last = nn.LayerNorm(INNER)

    def forward(self, vectors: Tensor) -> Tensor:
        """(b, n, VECTOR) to (b, n, INNER)."""
        x = self.first(vectors)
        for block in self.blocks:
            x = block(x)
        read: Tensor = self.last(x)
        return read


class Tagger(nn.Module):
    """Reads names, cuts and events off the words of an article, their evidence and where they stand again."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = Encoder(dropout)
        self.evidence = nn.Linear(WIDTH, INNER)
        self.elsewhere = nn.Linear(INNER, INNER)
        self.dropout = nn.Dropout(dropout)
        self.labels = nn.Linear(INNER, LABELS)
        self.conll_labels = nn.Linear(INNER, LABELS)  # guidelines differ: another corpus has its own head
        self.cuts = nn.Linear(INNER, CUTS)
        self.event_block = Block(_EVENT_REACH, dropout)
        self.event_norm = nn.LayerNorm(INNER)
        self.events = nn.Linear(INNER, EVENTS)

    def read(
        self,
        vectors: Tensor,
        evidence: Tensor,
        same: Tensor,
        present: Tensor | None = None,
        again: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """What the heads for names, and the one for events, see: twice (b, n, INNER).

        Takes (b, n, VECTOR), (b, n, evidence.WIDTH) and (b, n, n); `present` as for `Block`. Where there is but one row,
        `again` may name the k words of it that stand more than once, and `same` be of these alone (1, k, k).
        """
        x = self.encoder.first(self.dropout(vectors)) + self.evidence(evidence)
        for count, block in enumerate(self.encoder.blocks, 1):
            x = block(x, present)
            if count == _SHARED_AFTER:
                x = _with_others(x, torch.relu(self.elsewhere(x)), same, again)
        return self.encoder.last(x), self.event_norm(self.event_block(x, present))

    def forward(self, vectors: Tensor, evidence: Tensor, again: Tensor, same: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Log-probabilities of labels (1, n, 9), cuts (1, n, 3) and events (1, n, 16), as the services ask for them."""
        named, happened = self.read(vectors, evidence, same, again=again)
        heads = ((self.labels, named), (self.cuts, named), (self.events, happened))
        labels, cuts, events = (torch.log_softmax(head(seen), -1) for head, seen in heads)
        return labels, cuts, events


def _with_others(x: Tensor, said: Tensor, same: Tensor, again: Tensor | None) -> Tensor:
    """What is known of each word, and what its other places say; see `Tagger.read`."""
    if again is None:
        return x + same @ said
    heard = same @ said[:, again]
    return x.index_put((torch.zeros_like(again), again), heard[0], accumulate=True)


_EARLIER_NAMES = {
    "word": "words",
    "gram": "groups",
    "enc": "encoder",
    "inp": "first",
    "out": "last",
    "a": "joined",
    "b": "added",
    "feat": "evidence",
    "pool": "elsewhere",
    "ner": "labels",
    "aner": "conll_labels",
    "cut": "cuts",
    "evb": "event_block",
    "evn": "event_norm",
    "ev": "events",
}


def with_present_names(state: Mapping[str, Tensor]) -> OrderedDict[str, Tensor]:
    """The parameters by the names that they have here; checkpoints from before this package had shorter ones."""
    return OrderedDict(
        (".".join(_EARLIER_NAMES.get(part, part) for part in name.split(".")), values) for name, values in state.items()
    )


def tagger_of(state: Mapping[str, Tensor]) -> Tagger:
    """The network with these parameters, ready to be asked (no dropout)."""
    tagger = Tagger()
    tagger.load_state_dict(with_present_names(state))
    tagger.eval()
    return tagger
