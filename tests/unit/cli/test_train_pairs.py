"""`rasid train pairs`: what it fits, and what it says where something is missing."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from schemas.articles_deduplicated import Verdict
from schemas.articles_extracted import ExtractedArticle
from services.cli.train import train_app
from services.cli.train_pairs_work import too_few
from services.deduplication.article import deduplicated
from services.deduplication.comparison import judgement_of
from services.deduplication.training import pairs as fitting
from services.runtime.wire import encode
from tests.unit.deduplication.examples import article

WORDS = [
    "رياح",
    "ميناء",
    "قافلة",
    "مدرسة",
    "جسر",
    "حقل",
    "سوق",
    "نهر",
    "معرض",
    "مصنع",
    "طريق",
    "سد",
    "قرية",
    "مكتبة",
    "ملعب",
    "حديقة",
    "مطار",
    "متحف",
    "قناة",
    "محطة",
]


def rasid_train_pairs(*arguments: object) -> Result:
    return CliRunner().invoke(train_app, ["pairs", *map(str, arguments)])


def written(articles: Sequence[ExtractedArticle], path: Path) -> Path:
    path.write_bytes(
        b"".join(
            encode(deduplicated(one, Verdict(relation="new", story_id=f"story of {one.id}", similarity=0.0))) + b"\n"
            for one in articles
        )
    )
    return path


def text(dice: np.random.Generator) -> tuple[str, ...]:
    return tuple(" ".join(dice.choice(WORDS, 12)) + "." for _ in range(6))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Forty texts, each with a copy by another outlet that has another end, paired with it and with the next text."""
    dice, articles, pairs = np.random.default_rng(1), [], []
    for number in range(40):
        own = text(dice)
        articles += [
            article(own, id=f"{number}"),
            article((*own[:5], *text(dice)[:1]), id=f"{number}-copy", source="صدى الوادي"),
        ]
        pairs.append({"a": f"{number}", "b": f"{number}-copy", "label": "near_duplicate"})
        pairs.append({"a": f"{number}-copy", "b": f"{number // 4 * 4 + (number + 1) % 4}", "label": "unrelated"})
    labelled = tmp_path / "pairs.jsonl"
    labelled.write_text("\n".join(map(json.dumps, pairs)))
    return written(articles, tmp_path / "records.jsonl"), labelled


def test_judgements_are_fitted_and_tested_on_articles_they_did_not_learn_from(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn", reason="training needs the extra rasid[train]")
    monkeypatch.setattr(fitting, "ROUNDS", 40)
    monkeypatch.setattr(fitting, "SEEDS", 1)
    records, pairs = files
    out = tmp_path / "weights.json"
    result = rasid_train_pairs("--records", records, "--pairs", pairs, "--folds", 4, "--out", out)
    assert result.exit_code == 0, result.output
    assert "copy, of 4 parts each by what the others taught: precision 1.000, recall 1.000" in result.stdout
    fitted = json.loads(out.read_text())
    assert set(fitted) == {"copy", "story"}
    assert judgement_of(fitted["copy"]).scales


@pytest.fixture
def with_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if scikit-learn were there: what comes before it is needed can go wrong without it."""
    found = importlib.import_module
    monkeypatch.setattr(importlib, "import_module", lambda name: None if name == "sklearn" else found(name))


def test_without_the_extra_the_error_names_it(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    result = rasid_train_pairs("--records", files[0], "--pairs", files[1], "--out", tmp_path / "weights.json")
    assert result.exit_code == 2
    assert "pip install '.[train]'" in result.stderr


@pytest.mark.usefixtures("with_extra")
def test_articles_that_are_not_among_the_records_are_named(files: tuple[Path, Path], tmp_path: Path) -> None:
    files[1].write_text('{"a": "0", "b": "elsewhere", "label": "exact"}\n')
    result = rasid_train_pairs("--records", files[0], "--pairs", files[1], "--out", tmp_path / "weights.json")
    assert result.exit_code == 1
    assert "such as elsewhere: give with --records" in result.stderr


@pytest.mark.usefixtures("with_extra")
def test_records_without_stories_say_how_they_get_them(files: tuple[Path, Path], tmp_path: Path) -> None:
    files[0].write_bytes(encode(article(text(np.random.default_rng(2)), id="0")) + b"\n")
    result = rasid_train_pairs("--records", files[0], "--pairs", files[1], "--out", tmp_path / "weights.json")
    assert result.exit_code == 1
    assert "0 has no story_id: write it with rasid batch without --no-dedup" in result.stderr


@pytest.mark.usefixtures("with_extra")
@pytest.mark.parametrize(
    ("pairs", "complaint"),
    [
        ("", "holds no pair"),
        ('{"a": "0", "b": "1", "label": "alike"}', "line 1: the label alike"),
        ('{"a": "0", "b": "1", "label": "related"}', "the pairs cannot teach what a copy is"),
    ],
)
def test_pairs_that_cannot_be_learnt_from_end_the_command(
    pairs: str, complaint: str, files: tuple[Path, Path], tmp_path: Path
) -> None:
    files[1].write_text(pairs)
    result = rasid_train_pairs("--records", files[0], "--pairs", files[1], "--out", tmp_path / "weights.json")
    assert result.exit_code == 1
    assert complaint in result.stderr
    assert not (tmp_path / "weights.json").exists()


def test_every_part_needs_others_of_both_kinds() -> None:
    alike = np.array([True, False, True, False])
    assert too_few(alike, [0, 0, 1, 1]) is None
    assert too_few(alike, [0, 1, 0, 1]) is not None
    assert too_few(alike, [0, 0, 0, 0]) is not None
