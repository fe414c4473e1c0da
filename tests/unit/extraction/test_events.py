"""Events: what happened, told once; in articles of our own."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Claim, Event, EventType
from services.extraction.claims import find_claims
from services.extraction.dates import find_dates
from services.extraction.events import find_events
from services.extraction.fit import fit
from services.extraction.quantities import find_quantities
from services.extraction.triggers import event_type, trigger_words
from services.extraction.weights import probability
from services.extraction.words import fold
from tests.unit.extraction.writing import Name, article, name, named

NAMES: list[Name] = [
    ("الجيش اللبناني", "ORG", "Lebanese Army", None),
    ("التحالف العربي", "ORG", "Arab Coalition", None),
    ("وزارة الداخلية", "ORG", "Ministry of Interior", None),
    ("كتائب الصقر", "GRP", "Falcon Brigades", None),
    ("لواء الفجر", "GRP", "Dawn Brigade", None),
    ("نادر حداد", "PER", "Nader Haddad", None),
    ("ليلى مراد", "PER", "Layla Murad", None),
    ("عرسال", "LOC", "Arsal", "town"),
    ("البقاع", "LOC", "Beqaa", "region"),
    ("لبنان", "LOC", "Lebanon", "country"),
    ("طرابلس", "LOC", "Tripoli", "town"),
    ("صيدا", "LOC", "Sidon", "town"),
]


def extract(text: str, title: str = "") -> tuple[list[Event], list[Claim]]:
    written = article(text, title=title)
    entities = named(text, NAMES)
    claims = find_claims(written, entities)
    return find_events(written, entities, find_dates(written), find_quantities(written), claims)


def events(text: str, title: str = "") -> list[Event]:
    return extract(text, title)[0]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("شنت طائرات التحالف العربي، السبت، غارات جوية على مواقع كتائب الصقر في عرسال.", "air_strike"),
        ("سقط صاروخ أطلقته كتائب الصقر، السبت، على مدينة صيدا.", "missile_attack"),
        ("قتل ثلاثة مدنيين، السبت، في قصف مدفعي على بلدة عرسال.", "shelling"),
        ("قتل خمسة أشخاص، السبت، في انفجار سيارة مفخخة في طرابلس.", "bombing"),
        ("قتل أربعة جنود، السبت، في هجوم شنه مسلحون على حاجز في البقاع.", "armed_attack"),
        ("اندلعت اشتباكات عنيفة، السبت، بين الجيش اللبناني وكتائب الصقر في عرسال.", "armed_clash"),
        ("سيطرت قوات الجيش اللبناني، السبت، على تلال قرب عرسال بعد طرد كتائب الصقر منها.", "seizure"),
        ("اعتقلت وزارة الداخلية، السبت، سبعة مشتبه بهم في صيدا.", "arrest"),
        ("تظاهر مئات العمال، السبت، في طرابلس ضد الضريبة الجديدة.", "protest"),
        ("فرضت وزارة الداخلية، السبت، عقوبات على شركات في لبنان.", "sanction"),
        ("التقى نادر حداد، السبت، ليلى مراد في طرابلس.", "meeting"),
    ],
)
def test_a_sentence_that_reports_one_event_gives_its_type(sentence: str, kind: EventType) -> None:
    assert kind in [event.type for event in events(sentence)]


def test_an_event_has_its_day_place_parties_and_toll() -> None:
    text = (
        "قتل ثمانية مسلحين وأصيب أكثر من 20 آخرين، مساء السبت، في غارات جوية شنها التحالف العربي على مواقع كتائب الصقر "
        "في بلدة عرسال بمنطقة البقاع في لبنان، بحسب وزارة الداخلية."
    )
    (event,) = [found for found in events(text) if found.type == "air_strike"]
    assert text[event.start :].startswith(event.trigger)
    assert event.trigger == "غارات"
    assert event.date == "2018-09-29"
    assert event.places == ["Arsal", "Beqaa", "Lebanon"]
    assert event.actors == ["Arab Coalition"]
    assert event.targets == ["Falcon Brigades"]
    assert event.killed == (8, 8)
    assert event.wounded == (21, None)
    assert event.sources == ["Ministry of Interior"]


def test_an_event_told_again_stays_one() -> None:
    text = (
        "قتل خمسة أشخاص، السبت، في انفجار سيارة مفخخة في طرابلس.\n"
        "وقالت وزارة الداخلية إن الانفجار وقع أمام مبنى البلدية في طرابلس.\n"
        "وأضافت أن الانفجار ألحق أضرارا بعشرات المتاجر في طرابلس.\n"
    )
    assert [event.type for event in events(text, title="خمسة قتلى في انفجار في طرابلس")].count("bombing") == 1


def test_parts_of_a_toll_are_not_added_to_it() -> None:
    text = "قتل تسعة أشخاص، بينهم ثلاثة أطفال، السبت، في قصف مدفعي على بلدة عرسال."
    assert [event.killed for event in events(text) if event.type == "shelling"] == [(9, 9)]


def test_counts_joined_by_and_are_one_toll() -> None:
    text = "قتل أربعة جنود و3 مدنيين، السبت، في هجوم شنه مسلحون على حاجز في البقاع."
    assert [event.killed for event in events(text) if event.type == "armed_attack"] == [(7, 7)]


@pytest.mark.parametrize(
    "text",
    [
        "هددت كتائب الصقر بشن هجوم على صيدا إذا لم يفرج عن أسراها.",
        "لم تقع أي غارات على عرسال ولم تسجل اشتباكات فيها.",
        "شهدت طرابلس عام 1983 معارك دامية بين فصائل متناحرة.",
        "افتتح نادر حداد معرضا للكتب في صيدا وحضره طلاب كثيرون.",
        "ارتفعت أسعار القمح في لبنان بنسبة 5 في المئة.",
    ],
)
def test_threats_denials_history_and_peaceful_news_are_no_events(text: str) -> None:
    assert events(text) == []


def test_a_claim_points_to_the_event_it_speaks_of() -> None:
    text = (
        "قتل خمسة أشخاص، السبت، في انفجار سيارة مفخخة في طرابلس.\n"
        "وقالت وزارة الداخلية إن الانفجار وقع أمام مبنى البلدية.\n"
        "وقال نادر حداد إن موسم الزيتون كان وفيرا هذه السنة.\n"
    )
    found, claims = extract(text, title="انفجار في طرابلس")
    (bombing,) = [n for n, event in enumerate(found) if event.type == "bombing"]
    assert [claim.about for claim in claims] == [bombing, None]
    assert found[bombing].sources == ["Ministry of Interior"]


def test_claims_come_back_as_they_went_in_but_for_what_they_are_about() -> None:
    text = "قال نادر حداد إن الهجوم على عرسال أوقع أربعة قتلى السبت.\nوقالت ليلى مراد إن الطقس جميل اليوم.\n"
    written = article(text)
    before = find_claims(written, name(text, "نادر حداد", "PER", "Nader Haddad"))
    _, after = find_events(written, [], find_dates(written), find_quantities(written), before)
    assert [claim.model_copy(update={"about": None}) for claim in after] == before


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("قصف جوي عنيف", "air_strike"),
        ("قصف مدفعي عنيف", "shelling"),
        ("قصف بالبراميل", "air_strike"),
        ("هجوم صاروخي", "missile_attack"),
        ("هجوم انتحاري", "bombing"),
        ("هجوم كيميائي", "other_violence"),
        ("هجوم بطائرة مسيرة", "drone_attack"),
        ("هجوم مسلح", "armed_attack"),
        ("استهداف بصواريخ", "missile_attack"),
    ],
)
def test_the_words_beside_a_strike_or_an_attack_make_its_type(words: str, kind: EventType) -> None:
    forms = fold(words).split()
    (trigger,) = [t for t in trigger_words()[forms[0]] if t.name in ("strike", "attack") and t.kind == "noun"]
    assert event_type(trigger, forms, frozenset(forms)) == kind


def test_triggers_are_read_with_their_clitics_and_inflections() -> None:
    words = trigger_words()
    for form in (
        "غارات",
        "والغارات",
        "بغارة".replace("ة", "ه"),
        "للغارات",
        "غاراتها",
        "قصفت",
        "وقصفوا",
        "باعتقال",
        "فالتقي",
        "تظاهروا",
    ):
        assert form in words, form


def test_the_fit_finds_what_marks_are_worth() -> None:
    examples = [(["good", "seen"], True)] * 30 + [(["bad", "seen"], False)] * 30 + [(["rare"], True)]
    weights = fit(examples, ridge=1.0)
    assert "rare" not in weights
    assert probability(weights, ["good"]) > 0.8 > 0.2 > probability(weights, ["bad"])
    assert fit(examples, ridge=1.0) == weights


_PIECES = [
    "قصف", "غارات", "جوية", "على", "عرسال", "في", "لبنان", "شنها", "التحالف العربي", "كتائب الصقر", "قتل", "خمسة", "جنود", "وأصيب", "10",
    "السبت", "أمس", "عام", "2011", "بعد", "هجوم", "انتحاري", "اشتباكات", "بين", "والتقى", "نادر حداد", "اتفاق", "وقف", "إطلاق", "النار",
    "،", ".", "\n", '"', "قال", "إن", "بحسب", "من", "قبل", "لم", "سيطرت", "اعتقال", "بينهم", "ليلى مراد", "بيان", "و", "#", "تظاهر",
]  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=50), st.sampled_from(["", "غارات على عرسال", "اتفاق"]))
def test_events_are_in_order_well_formed_and_the_same_each_time(pieces: list[str], title: str) -> None:
    text = " ".join(pieces)
    found, claims = extract(text, title)
    assert [event.start for event in found] == sorted(event.start for event in found)
    canonical = {entry[2] for entry in NAMES}
    for event in found:
        assert event.type in get_args(EventType)
        assert text[event.start :].startswith(event.trigger)
        assert set(event.places) <= canonical
        assert not set(event.actors) & set(event.targets)
        assert Event.model_validate(event.model_dump()) == event
    assert all(claim.about is None or claim.about < len(found) for claim in claims)
    assert extract(text, title) == (found, claims)


@pytest.mark.parametrize("endless", ["قصف ", "قتل 5 ", "غارات على عرسال، ", "قال إن قصف ", "التقى نادر حداد ", "#قصف_"])
def test_endless_repetition_is_read_in_one_go(endless: str) -> None:
    found, _ = extract(endless * (20_000 // len(endless)))
    assert len(found) <= 20_000


def test_dawn_is_no_explosion() -> None:
    assert [e.type for e in events("قتل مدنيان، فجر السبت، في قصف مدفعي على بلدة عرسال.")] == ["shelling"]


def test_drones_do_not_march() -> None:
    assert "protest" not in [e.type for e in events("أسقط الجيش اللبناني، السبت، عددا من الطائرات المسيرة قرب عرسال.")]
