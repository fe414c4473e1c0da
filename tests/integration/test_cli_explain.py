"""`rasid explain`: one article, out of whatever it is given, in a terminal, as JSON or as a page."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path

import orjson
import pytest

from schemas.articles_extracted import ExtractedArticle
from services.runtime.pipeline import ROOT
from services.runtime.wire import decode
from tests.integration.cli import Ended, rasid, rasid_process

pytestmark = pytest.mark.integration

SEEDS = ROOT / "seeds" / "articles"
STRIKES = SEEDS / "01-daraa-strikes.json"
TEXT = "قتل شخصان في غارة جوية على مدينة ازرع في جنوب سوريا، بحسب ما افاد التلفزيون السوري."
PAGE = f"<!doctype html><title>خبر</title><article><h1>خبر</h1><p>{TEXT} {TEXT}</p></article>"


def record(ended: Ended) -> ExtractedArticle:
    assert ended.status == 0, ended.err
    assert ended.out.count("\n") == 1
    return decode(ExtractedArticle, ended.out.encode())


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """Three articles, the second of which is none."""
    path = tmp_path / "news.jsonl"
    first = {"id": "W-1", "source": "wakala", "text": TEXT}
    third = {"id": "7", "source": "wakala", "text": "وصلت قافلة إلى حلب."}
    path.write_bytes(b"\n".join([orjson.dumps(first), b"{broken", orjson.dumps(third)]))
    return path


def test_in_the_terminal_stands_the_text_and_what_was_found_in_it() -> None:
    ended = rasid("explain", STRIKES)
    assert ended.status == 0, ended.err
    assert "قتيلان في غارات اسرائيلية على موقع عسكري سابق قرب درعا" in ended.out
    assert "Daraa" in ended.out
    assert "\x1b" not in ended.out
    assert ended.err == ""


@pytest.mark.parametrize("kind", [".json", ".txt", ".html", ".jsonl"])
def test_every_kind_of_file_is_shown_and_has_its_page(kind: str, tmp_path: Path) -> None:
    path = next(path for path in sorted(SEEDS.iterdir()) if path.suffix == kind)
    page = tmp_path / "page.html"
    ended = rasid("explain", path, "--html", page)
    assert (ended.status, ended.out) == (0, f"the page is {page}\n"), ended.err
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert stat.S_IMODE(page.stat().st_mode) & 0o400
    assert rasid("explain", path).status == 0


def test_of_several_articles_the_first_is_shown_with_a_note(several: Path) -> None:
    ended = rasid("explain", several, "--json")
    assert record(ended).id == "W-1"
    assert "there are more articles" in ended.err
    assert "--number or --id" in ended.err


def test_another_is_chosen_by_number_or_id(several: Path) -> None:
    assert record(rasid("explain", several, "--json", "--number", "3")).id == "7"
    chosen = rasid("explain", several, "--json", "--id", "7")
    assert record(chosen).id == "7"
    assert chosen.err == ""
    assert record(rasid("explain", several, "--json", "--id", str(record(chosen).record_id))).id == "7"


def test_what_is_no_article_says_why(several: Path, tmp_path: Path) -> None:
    broken = rasid("explain", several, "--number", "2")
    assert broken.status == 1
    assert f"{several}:2: not JSON" in broken.err
    fewer = rasid("explain", several, "--number", "4")
    assert (fewer.status, "fewer than 4 articles" in fewer.err) == (1, True)
    nobody = rasid("explain", several, "--id", "W-2")
    assert (nobody.status, "none of 2 articles has the id W-2" in nobody.err) == (1, True)
    english = tmp_path / "english.txt"
    english.write_text("only English words here")
    ended = rasid("explain", english)
    assert (ended.status, ended.err.count("of the letters are Arabic")) == (1, 1)
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"\n\n")
    assert "there is no article in it" in rasid("explain", empty).err


def test_what_stands_before_the_first_article_is_passed_over_and_told(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(b"{broken\n" + orjson.dumps({"text": TEXT})))
    ended = rasid("explain", path, "--json", "--source", "wakala")
    assert record(ended).source == "wakala"
    assert f"passed over: {path}:1: not JSON" in ended.err


@pytest.mark.parametrize(
    "given",
    [
        TEXT.encode(),
        TEXT.encode("cp1256"),
        orjson.dumps({"text": TEXT}),
        orjson.dumps({"text": TEXT}, option=orjson.OPT_INDENT_2),
        orjson.dumps([{"text": TEXT}, {"text": "خبر آخر"}]),
        b"\n" + orjson.dumps({"text": TEXT}) + b"\n{broken",
        PAGE.encode(),
    ],
    ids=["text", "windows-1256", "json", "indented", "list", "lines", "page"],
)
def test_a_pipe_may_carry_any_of_them(given: bytes) -> None:
    ended = rasid_process("explain", "-", "--json", "--published-at", "2026-03-01", stdin=given)
    found = record(ended)
    assert found.text.startswith(TEXT)
    assert "air_strike" in [event.type for event in found.events]
    assert found.published_at is not None


@pytest.mark.parametrize("given", [b"", b"   \n", b"{", b"\x00" * 100, b"[]", b"<html></html>", b"\xff\xfe\xff"])
def test_a_pipe_without_an_article_is_refused_with_a_sentence(given: bytes) -> None:
    ended = rasid_process("explain", "-", stdin=given)
    assert ended.status == 1
    assert ended.err.startswith("rasid: ")
    assert "Traceback" not in ended.err


def test_the_page_may_go_to_stdout_and_the_record_beside_a_page(tmp_path: Path) -> None:
    ended = rasid("explain", STRIKES, "--html", "-")
    assert ended.status == 0
    assert ended.out.startswith("<!doctype html>")
    page = tmp_path / "page.html"
    assert record(rasid("explain", STRIKES, "--html", page, "--json")).events
    assert page.read_text("utf-8") == ended.out


def test_wrong_usage_names_what_to_mend_and_overwrites_nothing(tmp_path: Path) -> None:
    article = tmp_path / "article.html"
    article.write_text(PAGE, "utf-8")
    folder = tmp_path / "folder.html"
    folder.mkdir()
    for arguments, sentence in (
        ((tmp_path / "missing.txt",), "is not there"),
        ((article, "--html", article), "would overwrite the article"),
        ((STRIKES, "--html", tmp_path / "page.json"), "must end in .html"),
        ((STRIKES, "--html", tmp_path / "away" / "page.html"), "cannot be written"),
        ((STRIKES, "--html", folder), "cannot be written"),
        ((STRIKES, "--html", "-", "--json"), "both go to stdout"),
        ((STRIKES, "--id", "x", "--number", "1"), "give one of them"),
        ((STRIKES, "--published-at", "yesterday"), "is no time"),
        ((STRIKES, "--number", "0"), "number"),
    ):
        ended = rasid("explain", *arguments)
        assert (ended.status, sentence in ended.err) == (2, True), ended.err
    assert article.read_text("utf-8") == PAGE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.html", "folder.html"]


def test_whoever_closes_the_pipe_has_enough() -> None:
    import subprocess

    from tests.integration.cli import COMMAND, environment

    with subprocess.Popen(
        [*COMMAND, "explain", str(STRIKES), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_what_an_engine_lacks_is_told_in_a_line(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("قال الوزير إن الوضع هادئ في العاصمة منذ صباح اليوم.", encoding="utf-8")
    ended = rasid_process("explain", article, RASID_ENGINE="camel", CAMELTOOLS_DATA=str(tmp_path))
    assert ended.status == 2
    assert ended.err.startswith("rasid: the engine camel needs ")
    assert "Traceback" not in ended.err
