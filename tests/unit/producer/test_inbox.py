"""The watched folder: what is complete, what is published, where it goes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from structlog.testing import capture_logs

from schemas.articles_raw import RawArticle
from services.producer.inbox import Handled, Inbox, sweep
from services.runtime.wire import encode
from tests.unit.producer.samples import ADMISSION, NOON, TEXT


class Brokers:
    """Acknowledges, unless told to fail; keeps what it was given."""

    def __init__(self) -> None:
        self.articles: list[RawArticle] = []
        self.away = False

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        if self.away:
            raise ConnectionError("brokers away")
        self.articles += articles


class Desk:
    """An inbox, brokers, and a clock that is moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.inbox, self.brokers, self.now = Inbox(folder), Brokers(), 0.0

    async def sweep(self) -> list[Handled]:
        return await sweep(
            self.inbox,
            now=self.now,
            fetched_at=NOON,
            source="desk",
            admission=ADMISSION,
            publish=self.brokers.publish,
        )

    async def sweep_settled(self) -> list[Handled]:
        """Look twice, with enough time between."""
        first = await self.sweep()
        self.now += 1.0
        return first + await self.sweep()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty inbox."""
    return Desk(tmp_path / "inbox")


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_complete_file_is_published_and_put_away(desk: Desk) -> None:
    (desk.inbox.folder / "a.txt").write_text(TEXT, "utf-8")
    (handled,) = await desk.sweep_settled()
    assert (handled.published, handled.rejected) == (1, [])
    assert [article.text for article in desk.brokers.articles] == [TEXT]
    assert names(desk.inbox.folder) == ["done/a.txt"]
    assert await desk.sweep_settled() == []


async def test_a_file_that_still_grows_waits(desk: Desk) -> None:
    path = desk.inbox.folder / "a.jsonl"
    for _ in range(4):
        with path.open("ab") as file:
            file.write(orjson.dumps({"text": TEXT}) + b"\n")
        assert await desk.sweep() == []
        desk.now += 0.9
    desk.now += 1.0
    (handled,) = await desk.sweep()
    assert handled.published == 4


async def test_hidden_temporary_and_linked_files_are_passed_over(desk: Desk, tmp_path: Path) -> None:
    for name in (".a.txt", "a.txt.part", "a.txt.tmp", "a.txt~", "b.crdownload"):
        (desk.inbox.folder / name).write_text(TEXT, "utf-8")
    (tmp_path / "outside.txt").write_text(TEXT, "utf-8")
    (desk.inbox.folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    assert await desk.sweep_settled() == []
    assert desk.brokers.articles == []


async def test_without_acknowledgement_the_file_stays_and_comes_again_as_the_same_records(desk: Desk) -> None:
    path = desk.inbox.folder / "a.txt"
    path.write_text(TEXT, "utf-8")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    desk.brokers.away = True
    with pytest.raises(ConnectionError):
        await desk.sweep_settled()
    assert names(desk.inbox.folder) == ["a.txt"]
    desk.brokers.away = False
    restarted = Desk(desk.inbox.folder)
    await restarted.sweep_settled()
    path.write_text(TEXT, "utf-8")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    await restarted.sweep_settled()
    first, second = restarted.brokers.articles
    assert encode(first) == encode(second)
    assert names(desk.inbox.folder) == ["done/a-2.txt", "done/a.txt"]


async def test_what_holds_no_article_goes_to_rejected_with_its_reasons(desk: Desk) -> None:
    (desk.inbox.folder / "english.txt").write_text("The council met on Sunday.", "utf-8")
    (desk.inbox.folder / "report.pdf").write_bytes(b"%PDF-1.7")
    (desk.inbox.folder / "empty.jsonl").write_bytes(b"")
    await desk.sweep_settled()
    assert names(desk.inbox.folder) == [
        "rejected/empty.jsonl",
        "rejected/empty.jsonl.reason.txt",
        "rejected/english.txt",
        "rejected/english.txt.reason.txt",
        "rejected/report.pdf",
        "rejected/report.pdf.reason.txt",
    ]
    assert "not_arabic: 0% of the letters" in (desk.inbox.rejected / "english.txt.reason.txt").read_text("utf-8")
    assert "unsupported_file" in (desk.inbox.rejected / "report.pdf.reason.txt").read_text("utf-8")


async def test_of_a_mixed_file_the_good_are_published_and_the_reasons_of_the_others_kept(desk: Desk) -> None:
    (desk.inbox.folder / "a.jsonl").write_bytes(
        orjson.dumps({"text": TEXT}) + b"\nbroken\n" + orjson.dumps({"text": 1})
    )
    (handled,) = await desk.sweep_settled()
    assert (handled.published, len(handled.rejected)) == (1, 2)
    assert names(desk.inbox.folder) == ["done/a.jsonl", "rejected/a.jsonl.reason.txt"]
    reasons = (desk.inbox.rejected / "a.jsonl.reason.txt").read_text("utf-8").splitlines()
    assert [line.partition("a.jsonl:")[2].split(":")[0] for line in reasons] == ["2", "3"]


async def test_folders_within_keep_their_place(desk: Desk) -> None:
    (desk.inbox.folder / "2026" / "march").mkdir(parents=True)
    (desk.inbox.folder / "2026" / "march" / "a.txt").write_text(TEXT, "utf-8")
    (desk.inbox.folder / "2026" / "b.txt").write_text("x", "utf-8")
    await desk.sweep_settled()
    assert names(desk.inbox.folder) == [
        "done/2026/march/a.txt",
        "rejected/2026/b.txt",
        "rejected/2026/b.txt.reason.txt",
    ]


async def test_a_file_that_changes_while_it_is_read_stays(desk: Desk) -> None:
    path = desk.inbox.folder / "a.txt"
    path.write_text(TEXT, "utf-8")
    publish = desk.brokers.publish

    async def publish_and_write_on(articles: Sequence[RawArticle]) -> None:
        await publish(articles)
        path.write_text(TEXT + " وأضاف المصدر تفاصيل أخرى.", "utf-8")

    desk.brokers.publish = publish_and_write_on  # type: ignore[method-assign]
    assert await desk.sweep_settled() == []
    assert names(desk.inbox.folder) == ["a.txt"]
    desk.brokers.publish = publish  # type: ignore[method-assign]
    await desk.sweep_settled()
    assert names(desk.inbox.folder) == ["done/a.txt"]
    assert desk.brokers.articles[-1].text.endswith("تفاصيل أخرى.")


async def test_large_files_are_published_in_parts(desk: Desk) -> None:
    path = desk.inbox.folder / "a.jsonl"
    path.write_bytes(b"".join(orjson.dumps({"text": f"{TEXT} {number}"}) + b"\n" for number in range(200)))
    sizes: list[int] = []
    publish = desk.brokers.publish

    async def measured(articles: Sequence[RawArticle]) -> None:
        sizes.append(len(articles))
        await publish(articles)

    desk.brokers.publish = measured  # type: ignore[method-assign]
    await desk.sweep_settled()
    assert sizes == [64, 64, 64, 8]
    assert [article.text for article in desk.brokers.articles] == [f"{TEXT} {number}" for number in range(200)]


@pytest.mark.parametrize("letter", ["a", "خ"])
async def test_names_as_long_as_file_systems_take_are_put_away_with_their_reasons(desk: Desk, letter: str) -> None:
    name = letter * ((255 - len(".txt")) // len(letter.encode())) + ".txt"
    for text in (TEXT, TEXT + " وأضاف المصدر.", "The council met.", "The council met again."):
        (desk.inbox.folder / name).write_text(text, "utf-8")
        assert len(await desk.sweep_settled()) == 1
    assert len(desk.brokers.articles) == 2
    assert [len(list(folder.iterdir())) for folder in (desk.inbox.done, desk.inbox.rejected)] == [2, 4]
    reasons = [path for path in desk.inbox.rejected.iterdir() if path.name.endswith(".reason.txt")]
    assert len(reasons) == 2
    assert all("not_arabic" in path.read_text("utf-8") for path in reasons)
    assert all(path.name.endswith(".txt") and path.name[:40] == name[:40] for path in desk.inbox.done.iterdir())


async def test_long_names_that_differ_at_the_end_have_reasons_of_their_own(desk: Desk) -> None:
    for last in "ab":
        (desk.inbox.folder / ("x" * 249 + last + ".txt")).write_text("The council met.", "utf-8")
    await desk.sweep_settled()
    assert len(list(desk.inbox.rejected.glob("*.reason.txt"))) == 2


async def test_a_file_that_cannot_be_moved_is_told_and_left_alone_until_it_changes(desk: Desk) -> None:
    for name in ("sub/a.txt", "b.txt"):
        path = desk.inbox.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{TEXT} {name}", "utf-8")
    (desk.inbox.done / "sub").write_text("in the way of a folder", "utf-8")
    with capture_logs() as logs:
        handled = await desk.sweep_settled()
    assert {one.file.name: one.moved_to for one in handled} == {"a.txt": None, "b.txt": desk.inbox.done / "b.txt"}
    (told,) = logs
    assert told["log_level"] == "error"
    assert "move the file away by hand or touch it" in told["mend"]
    assert await desk.sweep_settled() == []
    assert len(desk.brokers.articles) == 2
    (desk.inbox.done / "sub").unlink()
    os.utime(desk.inbox.folder / "sub" / "a.txt", (1_700_000_000, 1_700_000_000))
    (again,) = await desk.sweep_settled()
    assert again.moved_to == desk.inbox.done / "sub" / "a.txt"
