"""Pretraining, fitting and export on a dozen sentences: that something is learnt, and that the services read the same."""

# ruff: noqa: E402 (what is missing must be known before the modules that need it are imported)
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra rasid[train]")
pytest.importorskip("onnx", reason="training needs the extra rasid[train]")
pytest.importorskip("onnxruntime", reason="the tagger runs with onnxruntime")

from services.extraction.tagging import network as running
from services.extraction.tagging import word_vectors
from services.extraction.training.corpora import conll_articles, labelled_articles, token_row
from services.extraction.training.examples import Example, conll_example_of, example_of
from services.extraction.training.export import ExportError, export
from services.extraction.training.fitting import Fitted, fit, fold_of
from services.extraction.training.network import Tagger, VectorTables, tagger_of
from services.extraction.training.pretraining import Pretrained, Pretraining, loaded, pretrain, saved
from services.extraction.training.reading import figures, probes, readings
from services.extraction.training.settings import COMPONENTS, Fitting, evidence_kept
from tests.unit.extraction.training.labelled import conll_file, news_files

WORDS = Pretraining(steps=20, span=16, batch=8, rarest=2, others=40, guessed=0.3, rate=0.05)
PLAN = Fitting(epochs=16, batch=4, rate=3e-3, evidence_left_out=0.0)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    folder = tmp_path_factory.mktemp("news")
    labels, articles = news_files(folder, copies=2)
    news = [example_of(article, gold) for article, gold in labelled_articles([labels], [articles])]
    corpus = [conll_example_of(article, tokens) for article, tokens in conll_articles(conll_file(folder))]
    return [example for example in (*news, *corpus) if example is not None]


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Pretrained:
    _, articles = news_files(tmp_path_factory.mktemp("raw"), copies=2)
    return pretrain(token_row([articles]), WORDS)


@pytest.fixture(scope="module")
def fitted(examples: list[Example], learnt: Pretrained) -> Fitted:
    return fit(examples, learnt, PLAN)


def test_words_left_out_are_guessed_better_after_some_steps(tmp_path: Path) -> None:
    _, articles = news_files(tmp_path, copies=2)
    row = token_row([articles])
    (first,), (later,) = (pretrain(row, replace(WORDS, steps=steps)).loss for steps in (5, 60))
    assert later < first


def test_the_same_steps_learn_the_same_and_a_file_keeps_it(learnt: Pretrained, tmp_path: Path) -> None:
    _, articles = news_files(tmp_path, copies=2)
    again = pretrain(token_row([articles]), WORDS)
    assert again.loss == learnt.loss
    torch.save(saved(learnt), tmp_path / "vectors.pt")
    held = loaded(torch.load(tmp_path / "vectors.pt", weights_only=True))
    assert held.vocabulary == learnt.vocabulary
    assert all(torch.equal(held.words[name], values) for name, values in learnt.words.items())
    assert not held.words["words.weight"][0].any()


def test_too_few_words_to_learn_from_are_refused(tmp_path: Path) -> None:
    _, articles = news_files(tmp_path)
    with pytest.raises(ValueError, match="too few to learn from"):
        pretrain(token_row([articles]), replace(WORDS, span=100_000))


def test_names_of_the_sentences_are_learnt(fitted: Fitted, examples: list[Example]) -> None:
    assert fitted.loss[-1] < fitted.loss[0] / 2
    kept = evidence_kept(PLAN.off)
    scores = figures(fitted.network, fitted.vectors, examples, kept)
    assert scores.articles == 12
    assert scores.names["all"].f1 > 0.6
    assert sum(one.cases for one in scores.reliability) == scores.names["all"].found


def test_the_same_plan_fits_the_same(fitted: Fitted, examples: list[Example], learnt: Pretrained) -> None:
    again = fit(examples, learnt, PLAN)
    assert again.loss == fitted.loss


@pytest.mark.parametrize("component", COMPONENTS)
def test_each_component_can_be_left_out(component: str, examples: list[Example], learnt: Pretrained) -> None:
    plan = replace(PLAN, epochs=1, off=frozenset([component]))
    assert fit(examples, learnt, plan).settings["off"] == [component]


def test_a_component_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="'luck' cannot be left out"):
        evidence_kept(["luck"])


def test_every_labelled_article_is_held_out_once(examples: list[Example]) -> None:
    held = [example.id for fold in range(3) for example in fold_of(examples, 3, fold)[1]]
    assert sorted(held) == sorted(example.id for example in examples if example.kind != "conll")
    learnt_from, apart = fold_of(examples, 3, 0)
    assert {one.id for one in learnt_from}.isdisjoint(one.id for one in apart)
    assert any(example.kind == "conll" for example in learnt_from)


def test_the_services_read_what_the_fitted_network_reads(
    fitted: Fitted, examples: list[Example], learnt: Pretrained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = evidence_kept(())
    folder = tmp_path / "data" / "model"
    share = export(
        learnt.words, learnt.vocabulary, fitted.network, folder, probes=probes(fitted.vectors, examples, kept)
    )
    assert share >= 0.995
    monkeypatch.setattr(running, "files", lambda package: tmp_path)
    monkeypatch.setattr(word_vectors, "files", lambda package: tmp_path)
    network = running.Network()
    news = [example for example in examples if example.kind == "news"]
    alike = count = 0
    for example, wanted in zip(news, readings(fitted.network, fitted.vectors, news, kept), strict=True):
        reading = network.read(example.forms, example.evidence)
        assert reading.labels.shape == (len(example.forms), 9)
        assert reading.cuts.shape == (len(example.forms), 3)
        assert reading.events.shape == (len(example.forms), 16)
        alike += int((reading.labels[example.before :].argmax(1) == wanted.labels.argmax(1)).sum())
        count += len(wanted.labels)
    assert alike / count >= 0.99


def test_the_same_model_is_written_to_the_same_bytes(fitted: Fitted, learnt: Pretrained, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        export(learnt.words, learnt.vocabulary, fitted.network, folder, settings=fitted.settings)
    described = json.loads((one / "model.json").read_text(encoding="utf-8"))
    assert described == json.loads((other / "model.json").read_text(encoding="utf-8"))
    assert set(described["sha256"]) == {path.name for path in one.iterdir()} - {"model.json"}
    assert sum(path.stat().st_size for path in one.iterdir()) < 20_000_000


def test_a_vocabulary_without_rows_is_refused(fitted: Fitted, learnt: Pretrained, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="rows for them"):
        export(learnt.words, [*learnt.vocabulary, "زائدة"], fitted.network, tmp_path)


def test_words_that_stand_again_may_be_given_alone() -> None:
    torch.manual_seed(1)
    network = Tagger().eval()
    vectors, evidence, same = torch.randn(1, 9, 96), torch.rand(1, 9, 44), torch.zeros(1, 9, 9)
    same[0, 2, 7] = same[0, 7, 2] = 1
    with torch.no_grad():
        among_all = network.read(vectors, evidence, same)
        alone = network.read(vectors, evidence, same[:, [2, 7]][:, :, [2, 7]], again=torch.tensor([2, 7]))
    for one, other in zip(among_all, alone, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-5)


def test_a_shorter_row_of_a_batch_reads_as_if_alone() -> None:
    torch.manual_seed(1)
    network = Tagger().eval()
    vectors, evidence, same = torch.randn(1, 9, 96), torch.rand(1, 9, 44), torch.zeros(1, 9, 9)
    present = torch.ones(1, 9, 1)
    present[:, 6:] = 0
    with torch.no_grad():
        alone = network.read(vectors[:, :6], evidence[:, :6], same[:, :6, :6])
        filled = network.read(vectors, evidence, same, present)
    for one, other in zip(alone, filled, strict=True):
        np.testing.assert_allclose(one.numpy(), other[:, :6].numpy(), atol=1e-5)


def test_checkpoints_with_the_earlier_names_are_read() -> None:
    earlier = {"encoder": "enc", "first": "inp", "last": "out", "joined": "a", "added": "b", "evidence": "feat"}
    earlier |= {"elsewhere": "pool", "labels": "ner", "conll_labels": "aner", "cuts": "cut", "events": "ev"}
    earlier |= {"event_block": "evb", "event_norm": "evn"}
    network = Tagger()
    state = {
        ".".join(earlier.get(part, part) for part in name.split(".")): v for name, v in network.state_dict().items()
    }
    assert "enc.blocks.0.a.weight" in state
    again = tagger_of(state).state_dict()
    assert all(torch.equal(again[name], values) for name, values in network.state_dict().items())
    assert set(VectorTables(3).state_dict()) == {"words.weight", "groups.weight"}
