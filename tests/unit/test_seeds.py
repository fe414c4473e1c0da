"""The seed articles are what seeds/README.md says they are."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from schemas.articles_raw import RawArticle
from services.alerting.rulefile import read_rules
from services.producer.admission import admit
from services.producer.candidate import Candidate
from services.producer.feeds_file import load_feeds
from services.producer.readers import read

SEEDS = Path(__file__).parents[2] / "seeds"
README = (SEEDS / "README.md").read_text("utf-8")
FILES = sorted((SEEDS / "articles").iterdir())
TOLLS = {"أربعة": 4, "تسعة": 9, "11": 11, "ثلاثة عشر": 13, "تسعة عشر": 19}
COPIES = re.compile("copy|duplicate|half shared|revision")
LONG = 40


@dataclass(frozen=True)
class Row:
    """A row of a table of the README: its cells."""

    cells: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.cells[0].strip("`")

    @property
    def numbers(self) -> list[str]:
        return re.findall(r"\b\d\d\b", self.cells[1])

    @property
    def samples(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.cells[-1])


def table(heading: str) -> list[Row]:
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip().removeprefix("|").removesuffix("|").split("|") for line in section.splitlines() if "|" in line]
    return [Row(tuple(cell.removeprefix(" ").removesuffix(" ") for cell in row)) for row in rows[2:]]


GROUPS, TRAITS = table("Groups"), table("Traits")


def file_of(number: str) -> Path:
    (found,) = (file for file in FILES if file.name.startswith(f"{number}-"))
    return found


def seed(number: str) -> dict[str, str]:
    value: dict[str, str] = json.loads(file_of(number).read_text("utf-8"))
    return value


def text_of(file: Path) -> str:
    content = file.read_text("utf-8")
    if file.suffix == ".json":
        return str(json.loads(content)["text"])
    if file.suffix == ".jsonl":
        return "\n".join(json.loads(line)["text"] for line in content.splitlines())
    if file.suffix == ".html":
        return re.sub(r"<[^>]*>", "\n", content.split("<main>")[1])
    return content


def sentences(text: str) -> list[str]:
    """Sentences and lines longer than LONG characters, white space evened out."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    parts = (part.strip() for line in lines for part in re.split(r"(?<=[.؟!])\s", line))
    return [part for part in parts if len(part) > LONG]


def share_of_kept_sentences(earlier: str, later: str) -> float:
    """Of the text with fewer sentences, the share that the other has word for word."""
    a, b = set(sentences(earlier)), set(sentences(later))
    return len(a & b) / min(len(a), len(b))


def groups(name: str) -> list[Row]:
    found = [row for row in GROUPS if row.name == name]
    assert found, f"README names no group «{name}»"
    return found


def admitted() -> list[RawArticle]:
    found = list(read([SEEDS / "articles"], source="desk"))
    articles = []
    for candidate in found:
        assert isinstance(candidate, Candidate), candidate
        articles.append(
            admit(
                candidate, max_text_bytes=256 * 1024, min_arabic_share=0.5, fetched_at=datetime(2026, 3, 8, tzinfo=UTC)
            )
        )
    return articles


def test_the_producer_admits_all_thirty_five_articles() -> None:
    articles = admitted()
    assert len(articles) == 35
    assert {article.language for article in articles} == {"ar"}
    assert len({article.record_id for article in articles}) == 35


def test_the_formats_that_can_be_published_are_all_shown() -> None:
    kinds = [file.suffix for file in FILES]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {".json": 30, ".txt": 2, ".html": 1, ".jsonl": 1}


def test_the_readme_lists_each_file_once_in_order() -> None:
    assert [row.name for row in table("Articles")] == [file.name for file in FILES]


def test_files_are_numbered_in_the_order_of_publication_within_one_week() -> None:
    times = [article.published_at for article in admitted() if article.published_at]
    assert times == sorted(times)
    assert len(times) == 33, "all but the two plain texts state their time"
    assert all(datetime(2026, 3, 1, tzinfo=UTC) <= time < datetime(2026, 3, 8, tzinfo=UTC) for time in times)


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix == ".json"], ids=lambda file: file.name)
def test_json_seeds_have_their_fields_and_readable_letters(file: Path) -> None:
    content = file.read_text("utf-8")
    article = json.loads(content)
    assert list(article) == ["source", "url", "title", "published_at", "text"]
    assert re.fullmatch(r"https://[a-z]+\.example/[\w./-]+", article["url"])
    assert json.dumps(article, ensure_ascii=False, indent=2) + "\n" == content
    assert 300 <= len(article["text"]) <= 3000


@pytest.mark.parametrize("row", GROUPS, ids=lambda row: f"{row.name} {row.cells[1]}")
def test_the_words_that_the_readme_quotes_of_a_group_are_in_its_files(row: Row) -> None:
    if row.samples:
        assert len(row.samples) == len(row.numbers)
    for number, sample in zip(row.numbers, row.samples, strict=False):
        assert sample in text_of(file_of(number))


@pytest.mark.parametrize("row", TRAITS, ids=lambda row: f"{row.name} {row.cells[1]}")
def test_the_traits_that_the_readme_names_are_in_the_files(row: Row) -> None:
    (number,), (sample,) = row.numbers, row.samples
    text = text_of(file_of(number))
    times = 2 if row.name == "passage printed twice" else 1
    assert text.count(sample) >= times
    if row.name.startswith("date line"):
        assert text.startswith(sample)
    if row.name == "no hamza":
        assert not re.search(r"[أإ]", text)


def test_the_exact_copy_differs_in_white_space_alone() -> None:
    for row in groups("exact copy"):
        first, copy = map(seed, row.numbers)
        assert first["source"] == copy["source"]
        assert first["text"] != copy["text"]
        assert first["text"].split() == copy["text"].split()


def test_the_near_duplicate_keeps_most_sentences_in_another_outlet() -> None:
    for row in groups("near duplicate"):
        first, copy = map(seed, row.numbers)
        assert first["source"] != copy["source"]
        assert 0.6 <= share_of_kept_sentences(first["text"], copy["text"]) < 1


def test_the_half_shared_text_has_a_lead_of_its_own_over_half_of_the_other() -> None:
    for row in groups("half shared"):
        first, other = map(seed, row.numbers)
        assert first["source"] != other["source"]
        own, *_ = sentences(other["text"])
        assert own not in sentences(first["text"])
        assert 0.35 <= share_of_kept_sentences(first["text"], other["text"]) <= 0.65


def test_the_revision_has_the_address_of_the_first_version_and_a_higher_toll() -> None:
    for row in groups("revision"):
        first, revised = map(seed, row.numbers)
        assert (first["source"], first["url"]) == (revised["source"], revised["url"])
        assert datetime.fromisoformat(first["published_at"]) < datetime.fromisoformat(revised["published_at"])
        assert 0.5 <= share_of_kept_sentences(first["text"], revised["text"]) < 1
        assert toll(row.samples[0]) < toll(row.samples[1])


def test_the_toll_rises_from_text_to_text_and_none_copies_another() -> None:
    for row in groups("rising toll"):
        assert len(row.numbers) == 3
        assert all(toll(earlier) < toll(later) for earlier, later in pairwise(row.samples))
        for one, other in combinations(row.numbers, 2):
            assert share_of_kept_sentences(seed(one)["text"], seed(other)["text"]) == 0


def test_opposite_claims_and_same_stories_are_told_by_different_outlets_in_own_words() -> None:
    for row in groups("opposite claims") + groups("same story"):
        one, other = map(seed, row.numbers)
        assert one["source"] != other["source"]
        assert share_of_kept_sentences(one["text"], other["text"]) == 0


def test_no_long_sentence_stands_in_two_seeds_unless_the_readme_calls_them_copies() -> None:
    allowed = {frozenset(row.numbers) for row in GROUPS if COPIES.search(row.name)}
    where: dict[str, set[str]] = defaultdict(set)
    for file in FILES:
        for sentence in sentences(text_of(file)):
            where[sentence].add(file.name[:2])
    for sentence, numbers in where.items():
        for pair in combinations(sorted(numbers), 2):
            assert frozenset(pair) in allowed, f"{pair}: {sentence}"


def test_passages_are_printed_twice_only_where_the_readme_says_so() -> None:
    stated = {number for row in TRAITS if row.name == "passage printed twice" for number in row.numbers}
    found = {file.name[:2] for file in FILES if len(lines := sentences(text_of(file))) != len(set(lines))}
    assert found == stated


def test_the_persian_keyboard_left_no_arabic_yeh_or_kaf() -> None:
    text = text_of(file_of("26"))
    assert not re.search("[يك\u0649]", text)


def test_the_example_rules_load_and_send_to_the_desk() -> None:
    rules = read_rules(SEEDS / "rules.yaml")
    (desk,) = rules.webhooks
    assert (desk.name, desk.url_env, desk.secret_env) == (
        "desk",
        "RASID_WEBHOOK_DESK_URL",
        ("RASID_WEBHOOK_DESK_SECRET",),
    )
    assert 8 <= len(rules.rules) <= 12
    assert {name for rule in rules.rules for name in rule.webhooks} == {"desk"}


def test_the_example_feeds_load() -> None:
    feeds = load_feeds(SEEDS / "feeds.yaml")
    assert [feed.every for feed in feeds] == [5, 15, 720]
    assert all(".example/" in feed.url for feed in feeds)


def toll(phrase: str) -> int:
    """The number that a phrase such as «11 قتيلا» begins with."""
    return max((TOLLS[start] for start in TOLLS if phrase.startswith(f"{start} ")), default=0)
