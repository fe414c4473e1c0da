"""The camel engine: what becomes of the labels that a recogniser gives to words. The recogniser here is one of our own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Entity, Extraction
from services.extraction.agent import BATCH_RECORDS, batch_records
from services.extraction.camel_engine import CamelEngine, Span, spans
from services.extraction.camel_recognizer import FULL, labels
from services.extraction.engine import Engine, load_engine
from services.extraction.words import read_words, spelled
from tests.unit.extraction.writing import article


class Letters:
    """A tokenizer of one sub-word a letter, and none for what cannot be seen."""

    def tokenize(self, word: str, /) -> list[str]:
        return [letter for letter in word if letter.isprintable()]


class Told:
    """A recogniser that labels the words it was told of, and like the real one gives no label where there is no sub-word."""

    def __init__(self, **names: str) -> None:
        self.tokenizer = Letters()
        self.given: list[list[str]] = []
        self._labels: dict[str, str] = {}
        for kind, together in names.items():
            for name in together.split("|"):
                for mark, word in zip("B" + "I" * name.count(" "), name.split(), strict=True):
                    self._labels[word] = f"{mark}-{kind}"

    def predict(self, sentences: list[list[str]], batch_size: int = 32) -> list[list[str]]:
        assert sentences
        self.given += sentences
        for sentence in sentences:
            assert sum(len(self.tokenizer.tokenize(word)) for word in sentence) <= FULL
        return [
            [self._labels.get(word, "O") for word in sentence if self.tokenizer.tokenize(word)]
            for sentence in sentences
        ]


def entities(text: str, **names: str) -> list[Entity]:
    return CamelEngine(Told(**names)).extract(article(text)).entities


def named(text: str, **names: str) -> list[tuple[str, str]]:
    """Words and type of every entity, where the recogniser knows these names."""
    return [(entity.text, entity.type) for entity in entities(text, **names)]


class TestSpans:
    @pytest.mark.parametrize(
        ("told", "found"),
        [
            ("O B-PERS I-PERS O", [Span(1, 3, "PER")]),
            ("B-LOC B-LOC O O", [Span(0, 1, "LOC"), Span(1, 2, "LOC")]),
            ("I-ORG I-ORG O I-LOC", [Span(0, 2, "ORG"), Span(3, 4, "LOC")]),
            ("B-PERS I-ORG I-ORG O", [Span(0, 1, "PER"), Span(1, 3, "ORG")]),
            ("B-MISC I-MISC B-LOC O", [Span(2, 3, "LOC")]),
            ("O O O O", []),
        ],
    )
    def test_are_read_off_the_labels_without_the_miscellaneous(self, told: str, found: list[Span]) -> None:
        assert list(spans(told.split(), [(0, 4)])) == found

    def test_end_with_their_sentence(self) -> None:
        assert list(spans(["O", "B-LOC", "I-LOC", "O"], [(0, 2), (2, 4)])) == [Span(1, 2, "LOC"), Span(2, 3, "LOC")]

    def test_are_looked_for_in_sentences_alone(self) -> None:
        assert list(spans(["B-LOC", "O", "B-LOC"], [(1, 3)])) == [Span(2, 3, "LOC")]


class TestLabels:
    def test_of_words_that_have_no_sub_word_are_none_and_move_no_other(self) -> None:
        told = labels(Told(LOC="صور"), [["\u200f", "قرب", "\u200f", "صور"], ["صور", "\u200f"], ["\u200f"], []])
        assert told == [["O", "O", "O", "B-LOC"], ["B-LOC", "O"], ["O"], []]

    def test_of_long_sentences_are_asked_for_in_parts(self) -> None:
        sentence = ["كلمة"] * 150 + ["صور"]
        recognizer = Told(LOC="صور")
        assert labels(recognizer, [sentence]) == [["O"] * 150 + ["B-LOC"]]
        assert [len(part) for part in recognizer.given] == [63, 63, 25]

    def test_parts_end_with_a_mark_where_there_is_one(self) -> None:
        recognizer = Told()
        labels(recognizer, [["كلمة"] * 50 + ["،"] + ["كلمة"] * 50])
        assert [len(part) for part in recognizer.given] == [51, 50]

    def test_are_none_for_a_word_that_is_longer_than_all_that_can_be_read(self) -> None:
        assert labels(Told(LOC="صور"), [["صور", "ا" * (FULL + 1), "صور"]]) == [["B-LOC", "O", "B-LOC"]]

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.lists(st.sampled_from(["صور", "كلمة", "،", "\u200f", "ا" * 120, "ا" * 300]), max_size=90)))
    def test_there_is_one_for_every_word_whatever_its_length(self, sentences: list[list[str]]) -> None:
        told = labels(Told(LOC="صور"), sentences)
        assert told == [["B-LOC" if word == "صور" else "O" for word in sentence] for sentence in sentences]


class TestWords:
    def test_are_given_in_ordinary_spelling_without_diacritics(self) -> None:
        recognizer = Told()
        CamelEngine(recognizer).extract(article("التقى أَحمد إيهاب في مدرسة مُصطفى الكبـــرى 25 مرة."))
        assert recognizer.given == [["التقى", "أحمد", "إيهاب", "في", "مدرسة", "مصطفى", "الكبرى", "25", "مرة", "."]]

    def test_are_given_by_sentence_without_date_line_and_furniture(self) -> None:
        recognizer = Told()
        CamelEngine(recognizer).extract(article("بيروت (أ ف ب) - هطل المطر صباحا.\nثم أشرقت الشمس."))
        assert recognizer.given == [["هطل", "المطر", "صباحا", "."], ["ثم", "أشرقت", "الشمس", "."]]

    @pytest.mark.parametrize(
        "text", ["قَالَ «مُحَمَّد» إن ١٢٫٥ مليون.", "ﻻ أحد #قطاع_غزة هنا\u200f.", "أ.ف.ب &quot;رويترز&quot; ً ـ"]
    )
    def test_are_as_many_as_the_folded_ones(self, text: str) -> None:
        written = article(text)
        assert len(spelled(written)) == len(read_words(written))


class TestNames:
    def test_stand_where_they_stand_in_the_text(self) -> None:
        text = "قالت منظمة سنابل الخير إن المتطوعة رهام الزيتوني وصلت إلى تل العصافير."
        found = entities(text, ORG="منظمة سنابل الخير", PERS="رهام الزيتوني", LOC="تل العصافير")
        assert [(entity.text, entity.type) for entity in found] == [
            ("منظمة سنابل الخير", "ORG"),
            ("رهام الزيتوني", "PER"),
            ("تل العصافير", "LOC"),
        ]
        assert all(text[entity.start : entity.end] == entity.text for entity in found)

    def test_are_those_of_the_model_and_no_others(self) -> None:
        assert named("وصل الوفد إلى دمشق ثم إلى بغداد.", LOC="بغداد") == [("بغداد", "LOC")]

    def test_of_works_and_nations_are_left_out(self) -> None:
        assert named("فاز الفيلم بجائزة المهر.", MISC="الفيلم|بجائزة المهر") == []

    def test_have_what_the_lists_know_of_them(self) -> None:
        [beirut] = entities("عاد الوفد إلى بيروت مساء.", LOC="بيروت")
        assert (beirut.canonical, beirut.country, beirut.precision) == ("Beirut", "LB", "town")
        assert beirut.lat == pytest.approx(33.9, abs=0.1)
        assert beirut.lon == pytest.approx(35.5, abs=0.1)

    def test_of_armed_groups_are_told_from_organisations_by_the_lists(self) -> None:
        text = "اتهمت حركة الشباب ومنظمة سنابل الخير تنظيم الدولة الإسلامية."
        told = named(text, ORG="سنابل الخير|تنظيم الدولة الإسلامية")
        assert told == [("سنابل الخير", "ORG"), ("تنظيم الدولة الإسلامية", "GRP")]

    def test_of_places_stay_places_where_the_lists_have_a_group_of_that_name(self) -> None:
        assert named("سار الموكب نحو داعش القديمة.", LOC="داعش") == [("داعش", "LOC")]

    def test_lose_the_marks_at_their_ends(self) -> None:
        assert named("افتتح (سنابل الخير) المعرض.", ORG="( سنابل الخير )") == [("سنابل الخير", "ORG")]

    def test_of_marks_alone_are_none(self) -> None:
        assert named("افتتح المعرض ... أمس.", ORG=".") == []

    def test_of_people_are_known_again_by_their_family_names(self) -> None:
        found = entities("وصل سليم الطرابيشي أمس. وتحدث الطرابيشي طويلا.", PERS="سليم الطرابيشي")
        assert [(entity.text, entity.canonical) for entity in found] == [
            ("سليم الطرابيشي", "سليم الطرابيشي"),
            ("الطرابيشي", "سليم الطرابيشي"),
        ]

    def test_in_the_date_line_are_those_of_the_lists(self) -> None:
        assert named("بيروت (أ ف ب) - هطل المطر صباحا.")[0] == ("بيروت", "LOC")


class TestClitics:
    @pytest.mark.parametrize(
        ("text", "names", "found"),
        [
            # the lists know the rest
            ("زار الوفد سوريا ولبنان.", {"LOC": "سوريا|ولبنان"}, [("سوريا", "LOC"), ("لبنان", "LOC")]),
            ("نقلت المساعدات للعراق.", {"LOC": "للعراق"}, [("لعراق", "LOC")]),
            ("وذكر الخبر لداعش.", {"ORG": "لداعش"}, [("داعش", "GRP")]),
            # the word is a name as it stands
            ("وصل السفير إلى بلجيكا.", {"LOC": "بلجيكا"}, [("بلجيكا", "LOC")]),
            ("تحدث وليد الطرابيشي.", {"PERS": "وليد الطرابيشي"}, [("وليد الطرابيشي", "PER")]),
            # the words of names know the rest
            ("حضر سليم ومحمد الطرابيشي.", {"PERS": "ومحمد الطرابيشي"}, [("محمد الطرابيشي", "PER")]),
            # the article knows the rest
            ("زار عيتمون اليوم. وبعيتمون معرض.", {"LOC": "عيتمون|وبعيتمون"}, [("عيتمون", "LOC"), ("عيتمون", "LOC")]),
            # the head of a ministry's name is a word of its own
            ("قالت ووزارة الأشجار.", {"ORG": "ووزارة الأشجار"}, [("وزارة الأشجار", "ORG")]),
            # nobody knows the rest
            ("زار وعيتمون اليوم.", {"LOC": "وعيتمون"}, [("وعيتمون", "LOC")]),
        ],
    )
    def test_stand_outside_the_name(self, text: str, names: dict[str, str], found: list[tuple[str, str]]) -> None:
        assert named(text, **names) == found


class TestEngine:
    TEXT = (
        "بيروت - قتل ثلاثة أشخاص في غارة جوية إسرائيلية استهدفت بلدة قرب صور مساء السبت، بحسب ما أعلنت وزارة الصحة "
        "اللبنانية.\nوقال رئيس البلدية سليم حداد إن «المبنى كان خاليا»."
    )

    def engine(self) -> Engine:
        recognizer = Told(LOC="صور", ORG="وزارة الصحة اللبنانية", PERS="سليم حداد")
        return CamelEngine(recognizer, "model-7")

    def test_is_called_after_its_model(self) -> None:
        assert self.engine().extract(article(self.TEXT)).engine == "camel 1/model-7"

    def test_finds_all_else_as_the_lexicon_engine_does(self) -> None:
        found, other = self.engine().extract(article(self.TEXT)), load_engine("lexicon").extract(article(self.TEXT))
        assert (found.dates, found.quantities) == (other.dates, other.quantities)
        assert [claim.speaker for claim in found.claims] == [claim.speaker for claim in other.claims]
        assert [event.type for event in found.events] == [event.type for event in other.events]
        assert found.claims
        assert found.events
        assert Extraction.model_validate(found.model_dump()) == found

    def test_finds_the_same_in_the_same_article(self) -> None:
        once, again = self.engine().extract(article(self.TEXT)), self.engine().extract(article(self.TEXT))
        assert once.model_dump_json() == again.model_dump_json()

    def test_finds_nothing_in_marks_alone(self) -> None:
        found = self.engine().extract(article("... !؟ «»"))
        assert (found.entities, found.events, found.claims) == ([], [], [])

    def test_takes_the_time_of_a_step_for_one_article(self) -> None:
        assert batch_records(self.engine()) == 1
        assert batch_records(load_engine("lexicon")) == BATCH_RECORDS

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.sampled_from(["صور", "ولبنان", "،", ".", "«", "»", "\n", "(سليم", "#غزة_الآن", "قال", "12"])))
    def test_tells_spans_of_the_text_in_reading_order(self, words: Sequence[str]) -> None:
        text = " ".join(["قال", *words])
        found = entities(text, LOC="صور|ولبنان|غزة", PERS="سليم «", ORG="قال")
        assert all(text[entity.start : entity.end] == entity.text for entity in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
