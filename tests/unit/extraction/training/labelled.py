"""Labelled news for the tests of training: written here, names in brackets as [words/TYPE/canonical]."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_NAME = re.compile(r"\[([^/\]]+)/([A-Z]+)/([^\]]+)\]")

NEWS = (
    (
        "غارات على ريف درعا",
        "شنت طائرات حربية غارات على بلدة [درعا/LOC/Daraa] فجر الأحد، بحسب [أحمد المصري/PER/Ahmad al-Masri].",
    ),
    (
        "اتفاق في مسقط",
        "وقع وفدان اتفاقا في [مسقط/LOC/Muscat] برعاية [الأمم المتحدة/ORG/United Nations] بعد أسبوع من المحادثات.",
    ),
    (
        "احتجاجات في البصرة",
        "خرج مئات المتظاهرين في [البصرة/LOC/Basra] احتجاجا على انقطاع الكهرباء، وقال [علي الحسيني/PER/Ali al-Husseini] إن الاعتصام مستمر.",
    ),
    ("تفجير قرب كابول", "قتل ثلاثة أشخاص في تفجير قرب [كابول/LOC/Kabul]، وتبنت [طالبان/GRP/Taliban] الهجوم في بيان."),
    (
        "لقاء في القاهرة",
        "التقى [سامح شكري/PER/Sameh Shoukry] وفدا من [حركة حماس/GRP/Hamas] في [القاهرة/LOC/Cairo] مساء الاثنين.",
    ),
    (
        "اعتقالات في إسطنبول",
        "اعتقلت الشرطة عشرين شخصا في [إسطنبول/LOC/Istanbul]، وفق [وكالة الأناضول/ORG/Anadolu Agency].",
    ),
)
"""Titles and texts."""

EVENTS = {
    0: ("غارات", "air_strike"),
    1: ("اتفاقا", "agreement"),
    3: ("تفجير", "bombing"),
    4: ("التقى", "meeting"),
    5: ("اعتقلت", "arrest"),
}
"""Of some of them, the word that names an event, and its type."""


def labelled(marked: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without its brackets, and the names that stood in them."""
    text, entities, reached = "", [], 0
    for match in _NAME.finditer(marked):
        text += marked[reached : match.start()]
        words, kind, canonical = match.groups()
        span = {"text": words, "start": len(text), "end": len(text) + len(words)}
        entities.append(span | {"type": kind, "canonical": canonical})
        text += words
        reached = match.end()
    return text + marked[reached:], entities


def news_files(folder: Path, copies: int = 1) -> tuple[Path, Path]:
    """Files of the labels and of the articles of NEWS, each so many times under ever new ids."""
    labels, articles = [], []
    for copy in range(copies):
        for n, (title, marked) in enumerate(NEWS):
            text, entities = labelled(marked)
            events = []
            if n in EVENTS:
                word, kind = EVENTS[n]
                events = [{"type": kind, "trigger": word, "start": text.index(word)}]
            name = f"news-{copy}-{n}"
            labels.append({"id": name, "entities": entities, "events": events})
            given = {"id": name, "source": "وكالة الاختبار", "title": title, "text": text}
            articles.append(given | {"published_at": "2018-05-06T08:00:00+00:00"})
    return lines(folder / "labels.jsonl", labels), lines(folder / "articles.jsonl", articles)


def lines(path: Path, objects: list[dict[str, Any]]) -> Path:
    """A file of JSON lines."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")
    return path


def conll_file(folder: Path) -> Path:
    """A small CoNLL corpus of three sentences."""
    rows = (
        "زار O\nالوزير O\nخالد B-PERS\nالعطية I-PERS\nالدوحة B-LOC\n. O",
        "ونقلت O\nوكالة B-ORG\nالأنباء I-ORG\nأن O\nالقمة B-MISC\nتأجلت O\n. O",
        "انتهت O\nالمباراة O\nفي O\nتونس B-LOC\n. O",
    )
    path = folder / "corpus.txt"
    path.write_text("\n\n".join(rows) + "\n", encoding="utf-8")
    return path
