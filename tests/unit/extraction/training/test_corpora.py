"""What training reads from files, and how it says what is wrong in them."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from services.extraction.tagging.word_vectors import TITLE_END
from services.extraction.training.corpora import CorpusError, conll_articles, labelled_articles, token_row
from tests.unit.extraction.training.labelled import NEWS, conll_file, lines, news_files


def test_raw_articles_are_read_as_their_words_title_first(tmp_path: Path) -> None:
    _, articles = news_files(tmp_path)
    row = token_row([articles])
    words = [row.words[n] for n in row.ids]
    assert (row.articles, row.refused) == (len(NEWS), 0)
    assert words[:6] == ["غارات", "علي", "ريف", "درعا", TITLE_END, "شنت"]
    assert Counter(words)[TITLE_END] == len(NEWS)


def test_raw_articles_may_be_compressed_and_those_without_a_text_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "raw.jsonl.gz"
    given = [{"id": "1", "source": "وكالة", "text": "وصل 1500 لاجئ"}, {"id": "2", "source": "وكالة", "text": ""}]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n\n".join(map(json.dumps, given)))
    row = token_row([path])
    assert (row.articles, row.refused) == (1, 1)
    assert [row.words[n] for n in row.ids] == [TITLE_END, "وصل", "0000", "لاجئ"]


def test_labels_come_with_the_texts_of_their_articles_from_any_of_the_files(tmp_path: Path) -> None:
    labels, articles = news_files(tmp_path)
    more_labels = lines(tmp_path / "more.jsonl", [{"id": "later", "events": []}])
    more = lines(tmp_path / "more_articles.jsonl", [{"id": "later", "source": "وكالة", "text": "هدوء في المدينة."}])
    read = list(labelled_articles([labels, more_labels], [articles, more]))
    assert len(read) == len(NEWS) + 1
    for article, gold in read:
        for entity in gold.get("entities", []):
            assert article.text[entity["start"] : entity["end"]] == entity["text"]
    assert "entities" not in read[-1][1]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: this is no JSON"),
        ('{"events": []}', "line 2: this is no object with an id"),
        ('{"id": "unknown", "events": []}', "line 2: none of the articles has the id 'unknown'"),
        ('{"id": "news-0-0", "events": []}', "line 2: the id 'news-0-0' was labelled before"),
        ('{"id": "news-0-1", "events": [{"type": "flood", "start": 0}]}', "events has the type 'flood'"),
        ('{"id": "news-0-1", "entities": [{"type": "PER", "start": 5, "end": 9999}]}', "entities has 5 to 9999"),
    ],
)
def test_what_is_wrong_with_labels_is_said_with_file_and_line(tmp_path: Path, line: str, complaint: str) -> None:
    _, articles = news_files(tmp_path)
    labels = tmp_path / "wrong.jsonl"
    labels.write_text('{"id": "news-0-0", "events": []}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"wrong\.jsonl") as raised:
        list(labelled_articles([labels], [articles]))
    assert complaint in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.jsonl: cannot be read"):
        token_row([tmp_path / "nowhere.jsonl"])


def test_sentences_of_a_corpus_become_articles_whose_tokens_keep_their_place(tmp_path: Path) -> None:
    ((article, tokens),) = conll_articles(conll_file(tmp_path))
    assert article.text.count("\n") == 3
    assert [(article.text[t.start : t.end], t.label) for t in tokens[2:5]] == [
        ("خالد", "B-PERS"),
        ("العطية", "I-PERS"),
        ("الدوحة", "B-LOC"),
    ]


@pytest.mark.parametrize("line", ["القاهرة", "القاهرة X-LOC", "القاهرة B-CITY"])
def test_a_line_that_is_no_token_and_label_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "corpus.txt"
    path.write_text(f"زار O\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"corpus\.txt, line 2"):
        list(conll_articles(path))
