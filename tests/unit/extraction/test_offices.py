"""Offices and second mentions: who is meant where the text gives no name; in sentences of our own."""

from __future__ import annotations

import pytest

from schemas.articles_extracted import Claim, Entity
from services.extraction.claims import find_claims
from services.extraction.entities import find_entities
from services.extraction.kinds import kinds_of
from services.extraction.offices import Offices
from services.extraction.roles import with_roles
from tests.unit.extraction.writing import article


def person(name: str, role: str | None, canonical: str | None = None) -> Entity:
    return Entity(text=name, start=0, end=len(name), type="PER", canonical=canonical or name, role=role, confidence=1.0)


def holder(phrase: str, *people: Entity) -> str | None:
    n = Offices(people).holder(phrase.replace("أ", "ا").replace("ة", "ه").split())
    return None if n is None else people[n].text


SALMAN = person("سلمان الوردي", "وزير الخارجية السوداني")
NADIA = person("نادية حرب", "المتحدثة باسم وزارة الصحة")
TAREK = person("طارق الشامي", "الناطق العسكري العميد")


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("وزير الخارجية السوداني", "سلمان الوردي"),
        ("وزير الخارجية", "سلمان الوردي"),
        ("الوزير", "سلمان الوردي"),
        ("الوزير السوداني", "سلمان الوردي"),
        ("المتحدثة", "نادية حرب"),
        ("المتحدثة باسم الوزارة", "نادية حرب"),
        ("الناطق", "طارق الشامي"),
        ("العميد", "طارق الشامي"),
        ("وزير الخارجية المغربي", None),
        ("وزير الدفاع", None),
        ("الرئيس", None),
        ("وزير", None),
        ("متحدثة باسم وزارة الصحة", None),
    ],
)
def test_an_office_is_the_one_persons_who_was_named_with_it(phrase: str, name: str | None) -> None:
    assert holder(phrase, SALMAN, NADIA, TAREK) == name


def test_an_office_that_two_people_hold_is_nobodys() -> None:
    other = person("كمال زهير", "وزير الخارجية المغربي")
    assert holder("وزير الخارجية", SALMAN, other) is None
    assert holder("وزير الخارجية المغربي", SALMAN, other) == "كمال زهير"


def test_the_president_is_not_the_president_of_something() -> None:
    assert holder("الرئيس", person("كمال زهير", "رئيس الوزراء")) is None
    assert holder("الرئيس", person("كمال زهير", "الرئيس التونسي")) == "كمال زهير"


def test_who_held_an_office_before_does_not_hold_it() -> None:
    assert holder("رئيس الوزراء", person("كمال زهير", "رئيس الوزراء السابق")) is None
    assert holder("رئيس الوزراء السابق", person("كمال زهير", "رئيس الوزراء السابق")) == "كمال زهير"


def test_a_country_that_the_office_did_not_name_must_be_the_persons() -> None:
    assert holder("الرئيس السوري", person("بشار الأسد", "الرئيس")) == "بشار الأسد"
    assert holder("الرئيس الروسي", person("بشار الأسد", "الرئيس")) is None
    assert holder("الرئيس السوري", person("كمال زهير", "الرئيس")) is None


def claims(text: str) -> list[Claim]:
    written = article(text)
    return find_claims(written, with_roles(written, find_entities(written)))


def speakers(text: str) -> list[tuple[str, str]]:
    return [(claim.speaker, claim.speaker_text) for claim in claims(text)]


def test_an_office_without_a_name_speaks_as_its_holder() -> None:
    text = (
        "استقبل الرئيس السوري بشار الأسد وفدا من الأطباء.\n"
        "وقال الرئيس السوري إن المستشفيات ستعاد إلى العمل قريبا.\n"
        "وأضاف الاسد أن التمويل جاهز.\n"
    )
    assert speakers(text) == [("Bashar al-Assad", "الرئيس السوري"), ("Bashar al-Assad", "الاسد")]


def test_an_office_that_the_article_gives_nobody_stays_words() -> None:
    assert speakers("وقال الرئيس السوري إن المستشفيات ستعاد إلى العمل قريبا.") == [("الرئيس السوري", "الرئيس السوري")]


@pytest.mark.parametrize(
    ("named", "again", "canonical"),
    [
        ("ونشرت رويترز تقريرا عن السوق.", "الوكالة", "Reuters"),
        ("ودخل مقاتلو داعش القرية.", "التنظيم", "Islamic State"),
        ("ونشرت هيومن رايتس ووتش صورا من الموقع.", "المنظمة", "Human Rights Watch"),
        ("وزار وفد من المرصد السوري لحقوق الإنسان المخيم.", "المرصد", "Syrian Observatory for Human Rights"),
        ("ووصلت قافلة من وزارة الدفاع الروسية إلى المدينة.", "الوزارة", "Russian Ministry of Defence"),
    ],
)
def test_a_generic_noun_means_the_body_of_that_kind_named_before(named: str, again: str, canonical: str) -> None:
    text = f"{named}\nوقالت {again} إن الطريق مقطوع منذ أيام.\n"
    assert speakers(text) == [(canonical, again)]


def test_kinds_come_from_the_other_forms_of_a_name() -> None:
    assert "وكاله" in kinds_of("Reuters")
    assert {"تنظيم"} <= kinds_of("Islamic State")
    assert kinds_of("nobody") == frozenset()
