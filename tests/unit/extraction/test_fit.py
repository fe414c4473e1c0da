"""The fit: what labelled articles teach the weights."""

from __future__ import annotations

import json
from pathlib import Path

from services.extraction.claim_drafts import WEIGHTS as CLAIM_WEIGHTS
from services.extraction.events import WEIGHTS as EVENT_WEIGHTS
from services.extraction.fit import claim_examples, event_examples, fit_tables, labelled_articles
from services.extraction.weights import BIAS

TEXT = "قتل خمسة جنود، السبت، في هجوم على حاجز.\nوقال متحدث عسكري إن الوضع هادئ الآن في المنطقة كلها.\n"
SAID = "الوضع هادئ الآن في المنطقة كلها"


def _files(folder: Path, copies: int) -> tuple[list[Path], list[Path]]:
    labels, articles = folder / "labels.jsonl", folder / "articles.jsonl"
    start = TEXT.index(SAID)
    gold = {
        "entities": [],
        "events": [{"type": "armed_attack", "start": TEXT.index("هجوم")}],
        "claims": [{"start": start, "end": start + len(SAID)}],
    }
    given = {"source": "وكالة", "title": None, "text": TEXT, "published_at": "2018-09-30T00:00:00+00:00"}
    ids = [f"article-{n}" for n in range(copies)]
    labels.write_text("\n".join(json.dumps({"id": i} | gold) for i in ids), encoding="utf-8")
    articles.write_text("\n".join(json.dumps({"id": i} | given) for i in ids), encoding="utf-8")
    return [labels], [articles]


def test_the_draft_and_the_word_nearest_to_the_labels_are_the_right_ones(tmp_path: Path) -> None:
    ((article, entities, gold),) = labelled_articles(*_files(tmp_path, 1))
    assert [right for _, right in claim_examples(article, entities, gold)] == [True]
    right = [marks for marks, is_right in event_examples(article, entities, gold) if is_right]
    assert len(right) == 1
    assert "stem=هجوم" in right[0]


def test_a_mark_of_right_candidates_outweighs_one_of_wrong_ones(tmp_path: Path) -> None:
    tables = fit_tables(*_files(tmp_path, 8))
    assert set(tables) == {CLAIM_WEIGHTS, EVENT_WEIGHTS}
    weights = {line.split("\t")[0]: float(line.split("\t")[1]) for line in tables[EVENT_WEIGHTS][1:]}
    assert BIAS in weights
    assert weights["stem=هجوم"] > 0 > weights["stem=قتل"]
    assert tables == fit_tables(*_files(tmp_path, 8))
