"""Labelled articles as the arrays that the tagger learns from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("onnxruntime", reason="the tagger runs with onnxruntime")

from services.extraction.tagging.evidence import TYPES, WIDTH
from services.extraction.tagging.word_vectors import TITLE_END
from services.extraction.training.corpora import conll_articles
from services.extraction.training.examples import IGNORED, Example, conll_example_of, example_of, windows_of
from tests.unit.extraction.training.labelled import conll_file, labelled
from tests.unit.extraction.writing import article


def _example(marked: str, title: str = "", **labels: Any) -> Example:
    text, entities = labelled(marked)
    example = example_of(article(text, title=title), {"entities": entities, "events": []} | labels)
    assert example is not None
    return example


def _named(example: Example) -> list[tuple[str, str]]:
    """Words with a label, and B or I and the type."""
    return [
        (example.forms[n], f"{'BI'[(label - 1) % 2]}-{TYPES[(label - 1) // 2]}")
        for n, label in enumerate(example.labels.tolist())
        if label > 0
    ]


def test_names_are_a_first_word_and_further_ones_and_the_title_teaches_nothing() -> None:
    example = _example("وصل [أنطونيو غوتيريش/PER/António Guterres] إلى [عدن/LOC/Aden].", title="غوتيريش في عدن")
    assert _named(example) == [("انطونيو", "B-PER"), ("غوتيريش", "I-PER"), ("عدن", "B-LOC")]
    assert example.forms[:4] == ["غوتيريش", "في", "عدن", TITLE_END]
    assert example.before == 4
    assert set(example.labels[:4].tolist()) == {IGNORED}
    assert example.evidence.shape == (len(example.forms), WIDTH)
    assert example.kind == "news"


def test_letters_before_a_name_are_cut_and_marks_around_it_do_not_belong_to_it() -> None:
    example = _example('سافر ل[لبنان/LOC/Lebanon] أمس، وزار صحيفة ["النهار"/ORG/An-Nahar] هناك.')
    assert _named(example) == [("للبنان", "B-LOC"), ("النهار", "B-ORG")]
    cuts = {example.forms[n]: cut for n, cut in enumerate(example.cuts.tolist()) if cut != IGNORED}
    assert cuts == {"للبنان": 1, "النهار": 0}


def test_a_word_that_names_an_event_bears_its_type() -> None:
    text = "وقع انفجار قرب السوق."
    example = _example(text, events=[{"type": "bombing", "start": text.index("انفجار")}])
    assert [example.forms[n] for n, event in enumerate(example.events.tolist()) if event > 0] == ["انفجار"]


def test_articles_whose_events_alone_are_labelled_say_nothing_of_names() -> None:
    example = example_of(article("هدوء في عدن بعد الاتفاق."), {"events": []})
    assert example is not None
    assert example.kind == "events"
    assert set(example.labels.tolist()) == {IGNORED}
    assert set(example.events[example.before :].tolist()) == {0}


def test_a_corpus_has_its_own_tokens_and_says_nothing_of_cuts_and_events(tmp_path: Path) -> None:
    ((given, tokens),) = conll_articles(conll_file(tmp_path))
    example = conll_example_of(given, tokens)
    assert example is not None
    assert _named(example)[:3] == [("خالد", "B-PER"), ("العطيه", "I-PER"), ("الدوحه", "B-LOC")]
    assert ("القمه", "B-GRP") in _named(example)
    assert [example.forms[example.before + word] for word, _ in example.tokens][:2] == ["زار", "الوزير"]
    assert {*example.cuts.tolist(), *example.events.tolist()} == {IGNORED}


def test_a_long_article_is_learnt_from_in_the_windows_that_it_will_be_read_in() -> None:
    example = _example("زار الوزير [صنعاء/LOC/Sanaa] والتقى الناس فيها. " + "سار الموكب في الشارع الطويل. " * 120)
    pieces = list(windows_of(example))
    assert len(pieces) > 1
    assert [form for piece in pieces for form in piece.forms] == example.forms
    assert all(piece.forms[-1] == "." for piece in pieces)
    assert all(len(piece.labels) == len(piece.forms) == len(piece.evidence) for piece in pieces)


def test_an_article_without_a_word_is_no_example() -> None:
    assert example_of(article(" \n "), {"entities": [], "events": []}) is None
