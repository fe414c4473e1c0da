"""The largest article that is let in, made of what would be slow if any step looked at it again and again.

A step that is not linear takes minutes here and meets the suite's timeout; where the parts must differ to be slow, the
calls that an article of twice the length takes are counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from itertools import cycle
from typing import Any

import pytest

from schemas.articles_extracted import Extraction
from services.extraction.engine import load_engine
from services.extraction.event_marks import Candidate, Stage
from services.extraction.event_scenes import when
from services.extraction.speakers import Cast
from services.extraction.triggers import trigger_words
from services.extraction.words import read_words
from tests.unit.extraction.writing import article

LARGEST = 256 * 1024

ENGINE = load_engine("hybrid")


def filled(piece: str, size: int = LARGEST) -> str:
    """The piece again and again, of this many bytes."""
    return (piece * (size // len(piece.encode()) + 1)).encode()[:size].decode(errors="ignore")


def assert_holds(found: Extraction, text: str) -> None:
    """Everything found stands where it says, in text order."""
    for mentions in (found.entities, found.dates, found.quantities):
        assert all(text[m.start : m.end] == m.text for m in mentions)
        assert [m.start for m in mentions] == sorted(m.start for m in mentions)


@pytest.mark.parametrize(
    "piece",
    [
        "ا",
        "كلمة ",
        "7",
        "7 ",
        "5/",
        "5-",
        "17:",
        "аبaب7中",
        "سلام мир 漢字 שלום peace ",
        '"',
        '" كلمة ',
        "“كلمة ",
        "«كلمة ",
        "«»",
        'قال: "',
        'قال "نعم" ',
        "،",
        "قال ",
        "قال إن ",
        "مضيفا:",
        "بن ",
        "محمد بن ",
        "(",
        ")",
        "(كلمة) ",
        "\n",
        "كلمة\n",
        "و ",
        "و5",
        "#أ_ب_ج ",
        "\u200bك\u200dل\u200cم",
        "\u202b\u202c\u2067\u2069",
        "محمد عبد الله ",
        "دمشق وحلب و",
        "قتل 5 أشخاص ",
        "غارة جوية على صنعاء ",
        "وزارة ",
        "مقتل 5 ",
        "قتل خمسة وأصيب آخرون بجروح، ",
        "شنت طائرات غارات على دمشق. ",
        "15 رمضان ",
        "5 على الأقل ",
        "لم تسفر عن ",
        "قبل ",
        "ألف ",
    ],
    ids=lambda piece: ascii(piece[:12]),
)
def test_it_is_read_in_one_go(piece: str) -> None:
    written = article(filled(piece))
    assert_holds(ENGINE.extract(written), written.text)


def test_ten_thousand_quotation_marks_of_every_kind_are_read_in_one_go() -> None:
    for marks in ('"', "«", "»", "“", "”", "«»", "»«", '"«“', "'"):
        written = article("قال الوزير إن " + marks * (10_000 // len(marks)) + " الاجتماع تأجل")
        assert_holds(ENGINE.extract(written), written.text)


def calls(text: str) -> int:
    """How many calls, of functions and of generators, the extraction of a text takes."""
    written, count, before = article(text), 0, sys.getprofile()

    def counted(frame: object, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        ENGINE.extract(written)
    finally:
        sys.setprofile(before)
    return count


def words_of_their_own() -> Iterator[str]:
    """Words that no list knows, each once."""
    letters = "بتجدرسطعفقكلمن"
    n = 0
    while True:
        n += 1
        rest, word = n * 7919, ""
        while rest:
            rest, letter = divmod(rest, len(letters))
            word += letters[letter]
        yield word


def places() -> Iterator[str]:
    """The names of cities of the gazetteer, one after another."""
    text = (files("services.extraction") / "data" / "cities.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t")[-1].split("|")[0].strip("*") for line in text.splitlines() if not line.startswith("#"))
    return cycle([name for name in rows if name and "ا" <= name[0] <= "ي"])


WORD, PLACE = words_of_their_own(), places()


@pytest.mark.parametrize(
    "sentence",
    [
        lambda: f"قتل 5 في غارة على {next(PLACE)} الخميس. نفى {next(WORD)} أن. ",
        lambda: f"شنت طائرات غارات على مدينة {next(PLACE)} الخميس. أكد {next(WORD)} أن. ",
        lambda: f"محمد {next(WORD)} {next(WORD)} و",
        lambda: f"جبهة {next(WORD)} ({next(WORD)}) ",
        lambda: f'قال {next(WORD)} "{next(WORD)} {next(WORD)}".\n',
        lambda: f"نقلت وكالة {next(WORD)} عن {next(WORD)} قوله إن ",
    ],
    ids=["events", "strikes", "people", "groups", "quotations", "sources"],
)
def test_an_article_of_twice_the_length_takes_about_twice_the_calls(sentence: Callable[[], str]) -> None:
    parts: list[str] = []
    size = 0
    while size < LARGEST // 2:
        parts.append(sentence())
        size += len(parts[-1].encode())
    half, whole = calls("".join(parts[: len(parts) // 2])), calls("".join(parts))
    assert whole < 2.6 * half


class _Watched(Sequence[tuple[int, int]]):
    """Spans that count how often they are looked at."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans, self.looks = spans, 0

    def __len__(self) -> int:
        return len(self.spans)

    def __getitem__(self, at: Any) -> Any:
        self.looks += 1
        return self.spans[at]


def test_the_day_of_an_event_does_not_look_at_every_claim() -> None:
    written = article("أعلن الجيش أن القصف وقع الخميس قرب الميناء.")
    words = read_words(written)
    at = words.forms.index("القصف")
    mention = Candidate(at, 0, trigger_words()["القصف"][0], "shelling", [])
    stage = Stage(written, words, Cast(words, [], written.text, {}), ENGINE.extract(written).dates, [])
    spoken = _Watched([(n, n + 1) for n in range(100_000)])
    assert when(stage, [mention], spoken) == "2018-09-27"
    assert spoken.looks < 40
