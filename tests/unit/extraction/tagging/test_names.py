"""What becomes of the spans that the tagger sees."""

from __future__ import annotations

import numpy as np
import pytest

from schemas.articles_extracted import Entity
from services.extraction.engine import load_engine
from services.extraction.entities import Finder
from services.extraction.gazetteer import load_gazetteer
from services.extraction.line import Line
from services.extraction.tagging.evidence import TYPES
from services.extraction.tagging.names import tagged
from services.extraction.tagging.network import Reading
from services.extraction.vocabulary import load_vocabulary
from services.extraction.words import read_words
from tests.unit.extraction.writing import article


def told(text: str, *seen: tuple[str, str, int], likelihood: float = 1.0) -> list[Entity]:
    """The entities of a text in which the tagger sees these words as names of this type, so many letters cut off."""
    written = article(text)
    words = read_words(written)
    labels = np.full((len(words), 9), -9.0, dtype=np.float32)
    cuts = np.full((len(words), 3), -9.0, dtype=np.float32)
    labels[:, 0] = cuts[:, 0] = 0.0
    for name, kind, cut in seen:
        start = written.text.index(name)
        first, last = words.at(start), words.at(start + len(name) - 1)
        for i in range(first, last + 1):
            labels[i, 0] = -9.0
            labels[i, 1 + 2 * TYPES.index(kind) + (i > first)] = np.log(likelihood)
        cuts[first] = -9.0
        cuts[first, cut] = 0.0
    line = Line(words, written.text)
    finder = Finder(line, written.text, load_gazetteer(), load_vocabulary())
    reading = Reading(labels, cuts, np.zeros((len(words), 16), dtype=np.float32))
    return finder.told(tagged(line, finder.by_rules(), finder.found, reading, finder.setting))


def test_a_name_that_the_lists_have_keeps_what_they_know() -> None:
    (place,) = told("وصل الوفد إلى دمشق صباحا.", ("دمشق", "LOC", 0))
    assert (place.text, place.country, place.precision) == ("دمشق", "SY", "town")


def test_a_name_that_no_list_has_is_called_by_its_words() -> None:
    (person,) = told("قال زغردان خلفوش إن الوضع هادئ.", ("زغردان خلفوش", "PER", 0))
    assert (person.type, person.canonical, person.wikidata) == ("PER", "زغردان خلفوش", None)


def test_an_unknown_place_is_put_where_the_text_says() -> None:
    places = told("وقع الانفجار في قرية زغردانة في محافظة درعا.", ("زغردانة", "LOC", 0), ("درعا", "LOC", 0))
    assert [place.country for place in places] == ["SY", "SY"]
    assert places[0].lat is not None


def test_a_clitic_stays_outside_the_name() -> None:
    (place,) = told("سافر من هناك وزغردانة بعيدة.", ("وزغردانة", "LOC", 1))
    assert place.text == "زغردانة"


def test_what_rules_find_and_the_tagger_does_not_see_is_no_name() -> None:
    assert told("وصل الوفد إلى دمشق صباحا.") == []


def test_the_hybrid_engine_finds_names_that_no_list_has() -> None:
    found = load_engine("hybrid").extract(
        article("قال المتحدث باسم الدفاع المدني سمعان خلفوش إن ثلاثة عمال أصيبوا.\nوأضاف خلفوش أن البحث مستمر.")
    )
    assert [e.canonical for e in found.entities if e.type == "PER"] == ["سمعان خلفوش", "سمعان خلفوش"]


def test_floods_are_no_capital() -> None:
    assert told("جرفت سيول قوية جسرا صغيرا.", ("سيول", "LOC", 0)) == []


def test_a_name_that_is_hardly_one_is_left_out() -> None:
    seen = ("زغردان خلفوش", "PER", 0)
    assert told("قال زغردان خلفوش إن الوضع هادئ.", seen, likelihood=0.45) == []
    assert len(told("قال زغردان خلفوش إن الوضع هادئ.", seen, likelihood=0.8)) == 1


@pytest.mark.parametrize(
    ("text", "name", "kind", "cut"),
    [
        ("نقل الجرحى وهم ملفوفون بالأغطية.", "ملفوفون", "PER", 0),
        ("حمل الحارس منظارا ليليا وصعد.", "منظارا ليليا", "PER", 0),
        ("نامت الأسرة تحت شادر قديم.", "شادر", "LOC", 0),
        ("كانت الراية بالأبيض والأصفر معا.", "والأصفر", "LOC", 1),
        ("عاد المدرب إلى الفريق بعد غياب.", "الفريق", "ORG", 0),
        ("عرضت المكتبة ثلاثية جديدة.", "ثلاثية", "PER", 0),
        ("ترك الرجل إرثه لولديه الصغيرين.", "لولديه", "PER", 0),
    ],
)
def test_ordinary_words_that_nothing_supports_are_no_names(text: str, name: str, kind: str, cut: int) -> None:
    assert told(text, (name, kind, cut)) == []


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("سيطرت القوات على منطقة الكتف فجرا.", "الكتف", "LOC"),
        ("غنت إليسا في الحفل.", "إليسا", "PER"),
        ("قالت ماريا كوستا إنها باقية.", "ماريا كوستا", "PER"),
        ("سجل لاعب السيتي هدفا.", "السيتي", "ORG"),
    ],
)
def test_ordinary_words_are_names_where_something_supports_it(text: str, name: str, kind: str) -> None:
    assert [entity.text for entity in told(text, (name, kind, 0))] == [name]


@pytest.mark.parametrize(
    "text",
    ["قطف المزارعون بستان ليمون قبل موعده.", "عثر على المسن في بليمون أمس.", "عرض المتجر فستان ليمون جديدا."],
)
def test_a_letter_of_the_word_itself_is_not_cut_off(text: str) -> None:
    name = next(name for name in ("بستان ليمون", "فستان ليمون", "بليمون") if name in text)
    assert told(text, (name, "PER", 1)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("انفجرت العبوة قبل أذان المغرب بدقائق.", "المغرب"),
        ("التفاوض قائم على قاعدة الكل مقابل الكل.", "قاعدة الكل"),
    ],
)
def test_what_only_looks_like_a_name_in_a_phrase_is_none(text: str, name: str) -> None:
    assert told(text, (name, "LOC", 0)) == []


def test_a_whole_phrase_that_holds_no_other_name_may_be_a_name_itself() -> None:
    assert len(told("باعت رولز رويس سيارات كثيرة.", ("رولز رويس", "ORG", 0))) == 1
