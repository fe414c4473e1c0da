"""Engines: by name, pure, and the article that comes out carries all that went in."""

from __future__ import annotations

import pytest

from schemas.articles_extracted import Entity, ExtractedArticle, Extraction
from schemas.articles_normalized import NormalizedArticle
from services.extraction.article import extract
from services.extraction.engine import Engine, UnknownEngine, load_engine
from tests.unit.extraction.writing import article

TEXT = (
    "بيروت - قتل ثلاثة أشخاص وأصيب سبعة بجروح في غارة جوية إسرائيلية استهدفت بلدة قرب صور مساء السبت، بحسب ما "
    "أعلنت وزارة الصحة اللبنانية.\nوقال رئيس البلدية سليم حداد إن «المبنى كان خاليا»."
)


@pytest.fixture(scope="module", params=["lexicon", "hybrid"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return load_engine(request.param)


def test_an_engine_has_name_and_version(engine: Engine) -> None:
    assert load_engine(engine.name).name == engine.name
    assert engine.version


def test_an_unknown_engine_is_refused_with_the_choices() -> None:
    with pytest.raises(UnknownEngine, match="'lexikon': choose one of camel, hybrid, lexicon"):
        load_engine("lexikon")


def test_an_engine_finds_all_that_an_extraction_holds(engine: Engine) -> None:
    found = engine.extract(article(TEXT))
    assert found.engine == f"{engine.name} {engine.version}"
    assert {"Beirut", "Lebanese Ministry of Health", "سليم حداد"} <= {entity.canonical for entity in found.entities}
    assert "air_strike" in [event.type for event in found.events]
    assert found.claims
    assert found.dates
    assert found.quantities
    assert Extraction.model_validate(found.model_dump()) == found


def test_the_extracted_article_carries_everything_of_the_normalized_one(engine: Engine) -> None:
    normalized = article(TEXT)
    given = NormalizedArticle.model_validate(normalized.model_dump() | {"desk": "بيروت", "rights": {"print": False}})
    extracted = extract(given, engine)
    fields = extracted.model_dump()
    assert {name: fields[name] for name in given.model_dump()} == given.model_dump()
    assert ExtractedArticle.model_validate_json(extracted.model_dump_json()) == extracted


def test_the_same_article_gives_the_same_bytes(engine: Engine) -> None:
    once, again = extract(article(TEXT), engine), extract(article(TEXT), load_engine(engine.name))
    assert once.model_dump_json() == again.model_dump_json()


@pytest.mark.parametrize("text", ["<p></p>", "&nbsp;", "ـــ", "\u200d", "\u202b\u202c", " ", "#", "_"])
def test_an_article_without_words_has_nothing_in_it(engine: Engine, text: str) -> None:
    found = engine.extract(article(text, title="صورة من الساحل"))
    assert (found.entities, found.events, found.claims) == ([], [], [])


def test_an_article_may_end_with_the_word_that_brings_its_source(engine: Engine) -> None:
    assert engine.extract(article("قتل عشرة في صنعاء حسبما")).quantities


def test_a_year_past_9999_is_no_date(engine: Engine) -> None:
    written = article("قال الوزير إن العمل يبدأ العام المقبل.", published="9999-06-01T00:00:00+00:00")
    assert [mention.date for mention in engine.extract(written).dates] in ([], [None])


def test_an_article_of_punctuation_alone_has_nothing_in_it(engine: Engine) -> None:
    found = engine.extract(article("... !؟ «»"))
    assert (found.entities, found.events, found.claims) == ([], [], [])


def test_another_engine_takes_the_lexicon_engine_s_place() -> None:
    class Model:
        """What a trained model has to bring."""

        name = "crf"
        version = "7"

        def extract(self, article: NormalizedArticle) -> Extraction:
            words = article.text.split()[0]
            entity = Entity(text=words, start=0, end=len(words), type="LOC", canonical=words, confidence=0.5)
            return Extraction(engine=f"{self.name} {self.version}", entities=[entity])

    model: Engine = Model()
    extracted = extract(article(TEXT), model)
    assert (extracted.engine, extracted.entities[0].canonical, extracted.events) == ("crf 7", "بيروت", [])
