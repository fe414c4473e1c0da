"""The lists of names: readable, in range, and found in an article whatever stands around them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.extraction import lists
from services.extraction.clitics import readings, with_article
from services.extraction.gazetteer import Gazetteer, Hit, load_gazetteer
from services.extraction.line import Line, key
from services.extraction.lists import MalformedList, read_list, word_list
from services.extraction.vocabulary import load_vocabulary
from services.extraction.words import read_words
from tests.unit.extraction.writing import article


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def line(text: str) -> Line:
    return Line(read_words(article(text)), text)


def hits(gazetteer: Gazetteer, text: str) -> list[tuple[str, int]]:
    """Names and letters cut off, of everything found."""
    found: list[Hit] = gazetteer.find(line(text)).hits
    return [(hit.forms[0].entry.name, hit.cut) for hit in found]


def test_there_are_names_enough(gazetteer: Gazetteer) -> None:
    rows = list(read_list("aliases.tsv", 5))
    assert len(rows) >= 500
    assert len(gazetteer) > 20_000
    assert len(gazetteer.adjectives) > 150


def test_no_name_of_a_list_is_said_twice() -> None:
    names = [(row[0], row[1]) for row in read_list("aliases.tsv", 5)]
    places = [row[0] for row in read_list("places.tsv", 6)]
    assert len(names) == len(set(names))
    assert len(places) == len(set(places))


def test_item_numbers_and_countries_are_well_formed_and_distinct() -> None:
    rows = [(row[2], row[3]) for row in read_list("aliases.tsv", 5)]
    items = [item for item, _ in rows if item] + [row[2] for row in read_list("countries.tsv", 6)]
    assert all(re.fullmatch(r"Q\d+", item) for item in items)
    assert len(items) == len(set(items))
    assert all(re.fullmatch("[A-Z]{2}|", country) for _, country in rows)


def test_coordinates_are_on_the_globe() -> None:
    for name, columns, at in (("places.tsv", 6, 3), ("cities.tsv", 6, 2), ("centres.tsv", 3, 1)):
        for row in read_list(name, columns):
            assert -90 <= float(row[at]) <= 90, row
            assert -180 <= float(row[at + 1]) <= 180, row


def test_every_form_has_words_and_no_latin_marks_of_the_lists(gazetteer: Gazetteer) -> None:
    for row in read_list("aliases.tsv", 5):
        for form in row[4].split("|"):
            assert key(form.rstrip("*^")), row
            assert form.count("*") + form.count("^") <= 1, row
            assert ("[" in form) == ("]" in form), row


def test_every_curated_name_is_found_by_its_forms(gazetteer: Gazetteer) -> None:
    for _, name, _, _, forms in read_list("aliases.tsv", 5):
        for form in forms.split("|"):
            folded = key(re.sub(r"[][*^]", "", form))
            assert name in {known.entry.name for known in gazetteer.forms(folded)}, form


def test_a_row_with_too_few_columns_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "aliases.tsv").write_text("# type\tname\nPER\tSomebody\nORG\n", "utf-8")
    monkeypatch.setattr(lists, "files", lambda package: tmp_path)
    with pytest.raises(MalformedList, match=r"aliases\.tsv:3: 1 columns where there should be 2"):
        list(read_list("aliases.tsv", 2))


def test_an_unknown_role_of_words_is_an_error() -> None:
    with pytest.raises(KeyError):
        word_list("no such role")


@pytest.mark.parametrize(
    ("text", "name", "cut"),
    [
        ("باريس", "Paris", 0),
        ("وباريس", "Paris", 1),
        ("وبباريس", "Paris", 2),
        ("للقاهرة", "Cairo", 1),
        ("وللقاهرة", "Cairo", 2),
        ("لليبيا", "Libya", 1),
        ("كالقاهرة", "Cairo", 1),
    ],
)
def test_a_name_is_found_behind_its_clitics(gazetteer: Gazetteer, text: str, name: str, cut: int) -> None:
    assert (name, cut) in hits(gazetteer, text)


@pytest.mark.parametrize("text", ["سباريس", "باريسيون", "ميباريس", "xباريس"])
def test_a_name_inside_another_word_is_none(gazetteer: Gazetteer, text: str) -> None:
    assert "Paris" not in [name for name, _ in hits(gazetteer, text)]


def test_a_preposition_before_the_article_inside_a_name_is_part_of_it(gazetteer: Gazetteer) -> None:
    assert ("ICRC", 0) in hits(gazetteer, "زار وفد اللجنة الدولية للصليب الأحمر السجن.")


def test_names_do_not_cross_sentences(gazetteer: Gazetteer) -> None:
    assert "UN Security Council" in [name for name, _ in hits(gazetteer, "اجتمع مجلس الأمن أمس.")]
    assert "UN Security Council" not in [name for name, _ in hits(gazetteer, "انعقد المجلس\n\nالأمن أولا.")]
    assert "UN Security Council" not in [name for name, _ in hits(gazetteer, "انعقد مجلس\n\nالأمن أولا.")]


@pytest.mark.parametrize(
    ("form", "written"),
    [("للسعوديه", "لالسعوديه"), ("وللسعوديه", "ولالسعوديه"), ("لله", "لله"), ("ليبيا", "ليبيا"), ("", "")],
)
def test_the_article_after_a_preposition_is_written_out(form: str, written: str) -> None:
    assert with_article(form) == written


def test_readings_say_where_each_form_stands_in_the_word() -> None:
    for word in ("دمشق", "ودمشق", "وبدمشق", "للسعوديه", "وللسعوديه", "لل", "ب", "", "ليبيا", "لليبيا"):
        for reading in readings(word):
            assert with_article(word)[reading.shown :].startswith(reading.form) or reading.cut == 0
            assert word.endswith(reading.form.removeprefix("ا")) or word.endswith(reading.form)


def test_nationalities_know_gender_number_and_article(gazetteer: Gazetteer) -> None:
    masculine, feminine = gazetteer.nationalities["سوري"], gazetteer.nationalities["السوريه"]
    assert (masculine.country, masculine.feminine, masculine.definite) == ("SY", False, False)
    assert (feminine.adjective, feminine.feminine, feminine.definite) == ("Syrian", True, True)
    assert gazetteer.nationalities[key("الكورية الجنوبية")].country == "KR"


def test_the_vocabulary_tells_names_from_words() -> None:
    vocabulary = load_vocabulary()
    minister = vocabulary.word("الوزير")
    assert minister is not None
    assert minister.person < 0.05
    assert vocabulary.name_part("محمد") == 9
    assert vocabulary.is_foreign("كراسنوفسكايا")
    assert not vocabulary.is_foreign("وسيارتها")
