"""Through whom a statement came, and what it does; in sentences of our own."""

from __future__ import annotations

import pytest

from schemas.articles_extracted import Claim
from services.extraction.claims import find_claims
from tests.unit.extraction.writing import Name, article, claims_of, name

NAMES: list[Name] = [
    ("سامر الخطيب", "PER", "Samer al-Khatib"),
    ("ليلى مراد", "PER", "Layla Murad"),
    ("وزارة الدفاع", "ORG", "Ministry of Defence"),
    ("وكالة النور", "ORG", "Al-Nour Agency"),
    ("قناة الواحة", "ORG", "Oasis Channel"),
    ("رويترز", "ORG", "Reuters"),
    ("وكالة الأنباء الفرنسية", "ORG", "AFP"),
    ("لجيش المالي", "ORG", "Malian Army"),
    ("لواء الفجر", "GRP", "Dawn Brigade"),
]


def claims(text: str) -> list[Claim]:
    return claims_of(text, NAMES)


@pytest.mark.parametrize(
    ("text", "speaker", "via"),
    [
        ("نقلت وكالة النور عن مصدر عسكري قوله إن الجسر أعيد فتحه.", "مصدر عسكري", ["Al-Nour Agency"]),
        ("ونقلت رويترز عن سامر الخطيب أن الجسر أعيد فتحه.", "Samer al-Khatib", ["Reuters"]),
        ("وذكرت قناة الواحة نقلا عن مصادر محلية أن الجسر أعيد فتحه.", "مصادر محلية", ["Oasis Channel"]),
        ("وقالت رويترز، نقلا عن مسؤول أمني، إن الجسر أعيد فتحه.", "مسؤول أمني", ["Reuters"]),
        (
            "وأفادت وكالة الأنباء الفرنسية، استنادا إلى بيان للجيش المالي، بأن الجسر أعيد فتحه.",
            "Malian Army",
            ["AFP"],
        ),
        ("وأعيد فتح الجسر صباح اليوم، وفقا لما ذكرته وكالات نقلا عن المتحدث.", "المتحدث", ["وكالات"]),
        (
            "وأعيد فتح الجسر صباح اليوم، بحسب ما نقلته وكالة النور عن سامر الخطيب.",
            "Samer al-Khatib",
            ["Al-Nour Agency"],
        ),
        ("وأعيد فتح الجسر صباح اليوم، نقلا عن وكالة النور.", "Al-Nour Agency", []),
        ("وقال سامر الخطيب لوكالة النور إن الجسر أعيد فتحه.", "Samer al-Khatib", ["Al-Nour Agency"]),
        ("وقال سامر الخطيب في حديث مع قناة الواحة إن الجسر أعيد فتحه.", "Samer al-Khatib", ["Oasis Channel"]),
        ("وقال سامر الخطيب إن الجسر أعيد فتحه، بحسب وكالة النور.", "Samer al-Khatib", ["Al-Nour Agency"]),
        ("وقال سامر الخطيب إن الجسر أعيد فتحه.", "Samer al-Khatib", []),
    ],
)
def test_the_speaker_is_whose_words_they_are_and_the_carriers_are_told(text: str, speaker: str, via: list[str]) -> None:
    (claim,) = claims(text)
    assert (claim.speaker, claim.via) == (speaker, via)


def test_the_carrier_nearest_to_the_speaker_comes_first() -> None:
    text = "وذكرت رويترز أن وكالة النور نقلت عن سامر الخطيب أن الجسر أعيد فتحه."
    assert [(claim.speaker, claim.via) for claim in claims(text)][-1] == (
        "Samer al-Khatib",
        ["Al-Nour Agency", "Reuters"],
    )


def test_what_is_said_within_anothers_speech_came_through_that_other() -> None:
    text = "وذكرت قناة الواحة أن وزارة الدفاع قالت إنها ستسحب قواتها من الجزيرة."
    assert [(claim.speaker, claim.via) for claim in claims(text)] == [
        ("Oasis Channel", []),
        ("Ministry of Defence", ["Oasis Channel"]),
    ]


def test_what_follows_an_agency_that_quotes_is_the_quoted_ones() -> None:
    text = "نقلت رويترز عن سامر الخطيب قوله إن الجسر أعيد فتحه.\nوأضاف أن السيارات تعبره منذ الفجر.\n"
    assert [claim.speaker for claim in claims(text)] == ["Samer al-Khatib", "Samer al-Khatib"]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("ونفت وزارة الدفاع تحليق طائراتها فوق المدينة.", "denial"),
        ("وأنكر سامر الخطيب أنه زار المدينة سرا.", "denial"),
        ("وفندت وزارة الدفاع ما نشر عن انسحابها من الجزيرة.", "denial"),
        ("وكذبت ليلى مراد الأنباء عن استقالتها.", "denial"),
        ("ودحض سامر الخطيب رواية الشهود عن الحادث.", "denial"),
        ("وقالت ليلى مراد إنه لا صحة لما يشاع عن إغلاق المدرسة.", "denial"),
        ("وأكدت وزارة الدفاع أن هذه الأنباء عارية عن الصحة تماما.", "denial"),
        ("ورفضت وزارة الدفاع الاتهامات الموجهة إلى جنودها.", "denial"),
        ("ورفضت ليلى مراد مقترح تأجيل الانتخابات.", "statement"),
        ("وأكدت وزارة الدفاع أن طائراتها حلقت فوق المدينة.", "confirmation"),
        ("وأقر سامر الخطيب بأنه زار المدينة سرا.", "confirmation"),
        ("ولم يؤكد سامر الخطيب أنه زار المدينة سرا.", "statement"),
        ("ولم تستبعد ليلى مراد أن تعود إلى المدينة.", "statement"),
        ("واتهمت وزارة الدفاع لواء الفجر بقطع الطريق.", "accusation"),
        ("وحملت وزارة الدفاع لواء الفجر مسؤولية قطع الطريق.", "accusation"),
        ("وألقت ليلى مراد باللوم على لواء الفجر في قطع الطريق.", "accusation"),
        ("ووجهت ليلى مراد أصابع الاتهام إلى لواء الفجر.", "accusation"),
        ("وقال سامر الخطيب إن الطريق مفتوح أمام الجميع.", "statement"),
    ],
)
def test_the_words_show_what_a_statement_does(text: str, stance: str) -> None:
    found = claims(text)
    assert [claim.stance for claim in found] == [stance] if found else stance == "statement", text


@pytest.mark.parametrize(
    ("participle", "stance"),
    [
        ("نافيا وجود خلافات مع شركائه", "denial"),
        ("منكرا أنه زار المدينة سرا", "denial"),
        ("متهما لواء الفجر بقطع الطريق", "accusation"),
        ("محملا لواء الفجر مسؤولية قطع الطريق", "accusation"),
        ("مؤكدا أن الطريق مفتوح أمام الجميع", "confirmation"),
        ("مضيفا أن الطريق مفتوح أمام الجميع", "statement"),
    ],
)
def test_participles_show_it_too(participle: str, stance: str) -> None:
    text = f"وقال سامر الخطيب إن المفاوضات ستستأنف غدا، {participle}."
    assert [(claim.speaker, claim.stance) for claim in claims(text)] == [
        ("Samer al-Khatib", "statement"),
        ("Samer al-Khatib", stance),
    ]


def test_accusations_as_a_noun_accuse() -> None:
    text = "ويأتي ذلك في ظل اتهامات وزارة الدفاع للواء الفجر بقطع الطريق الساحلي."
    assert [(claim.speaker, claim.stance) for claim in claims(text)] == [("Ministry of Defence", "accusation")]


def test_what_somebody_carries_is_no_accusation() -> None:
    assert claims("وحملت ليلى مراد لافتة كتب عليها شعار قديم.") == []


@pytest.mark.parametrize(
    ("text", "stances"),
    [
        (
            "ونفت وزارة الدفاع صحة هذه الأنباء، مؤكدة أنها لم ترسل أي سفينة إلى الجزيرة.",
            ["denial", "denial"],
        ),
        (
            "ونفت وزارة الدفاع صحة هذه الأنباء، وأكدت أنها لم ترسل أي سفينة إلى الجزيرة.",
            ["denial", "denial"],
        ),
        (
            "ونفت وزارة الدفاع صحة هذه الأنباء.\nوأكدت الوزارة أن أي سفينة لم تغادر الميناء منذ أسبوع.",
            ["denial", "denial"],
        ),
        (
            "ونفت وزارة الدفاع صحة هذه الأنباء، مؤكدة عدم وجود أي سفينة قرب الجزيرة.",
            ["denial", "denial"],
        ),
        # what is true all the same is confirmed
        (
            "ونفت وزارة الدفاع صحة هذه الأنباء، مؤكدة أنها ملتزمة بالهدنة.",
            ["denial", "confirmation"],
        ),
        # nobody has denied anything
        (
            "وقالت وزارة الدفاع إن السفن في الميناء، مؤكدة أنها لم ترسل أي سفينة إلى الجزيرة.",
            ["statement", "confirmation"],
        ),
        # another one has
        (
            "ونفت وزارة الدفاع صحة هذه الأنباء، بينما أكد سامر الخطيب أن السفينة لم تغادر الميناء منذ أسبوع.",
            ["denial", "confirmation"],
        ),
    ],
)
def test_who_denies_and_confirms_that_something_is_not_so_denies_it(text: str, stances: list[str]) -> None:
    assert [claim.stance for claim in claims(text)] == stances


def test_a_medium_that_no_list_has_is_told_it_too() -> None:
    text = "وقال مصدر في قيادة الميناء لإذاعة مرافئ الغد إن الرافعة متوقفة منذ يومين."
    (claim,) = find_claims(article(text), name(text, "إذاعة مرافئ الغد", "ORG", "إذاعة مرافئ الغد"))
    assert (claim.speaker, claim.via) == ("مصدر في قيادة الميناء", ["إذاعة مرافئ الغد"])
