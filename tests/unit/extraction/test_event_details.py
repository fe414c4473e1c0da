"""What is said of an event that is found: its toll, its day, its places and its parties; in sentences of our own."""

from __future__ import annotations

import pytest

from schemas.articles_extracted import EventType, Toll
from services.extraction.claims import find_claims
from services.extraction.dates import find_dates
from services.extraction.event_marks import Candidate, Stage
from services.extraction.event_parties import who
from services.extraction.event_scenes import when, where
from services.extraction.event_tolls import toll
from services.extraction.quantities import find_quantities
from services.extraction.speakers import Cast
from services.extraction.triggers import trigger_words
from services.extraction.words import fold, read_words
from tests.unit.extraction.writing import Name, article, named

NAMES: list[Name] = [
    ("الجيش اللبناني", "ORG", "Lebanese Army", None),
    ("التحالف العربي", "ORG", "Arab Coalition", None),
    ("وزارة الداخلية", "ORG", "Ministry of Interior", None),
    ("وكالة الشرق", "ORG", "Sharq Agency", None),
    ("شركة النور", "ORG", "Nour Company", None),
    ("كتائب الصقر", "GRP", "Falcon Brigades", None),
    ("ميليشيا الرعد", "GRP", "Thunder Militia", None),
    ("نادر حداد", "PER", "Nader Haddad", None),
    ("ليلى مراد", "PER", "Layla Murad", None),
    ("عرسال", "LOC", "Arsal", "town"),
    ("البقاع", "LOC", "Beqaa", "region"),
    ("لبنان", "LOC", "Lebanon", "country"),
    ("قبرص", "LOC", "Cyprus", "country"),
    ("صيدا", "LOC", "Sidon", "town"),
]


class Told:
    """An article of ours and the event of a type that a word of it names, with the later words that name it again."""

    def __init__(self, text: str, word: str, kind: EventType, *again: str) -> None:
        written = article(text)
        entities = named(text, NAMES)
        read = read_words(written)
        self.stage = Stage(written, read, Cast(read, entities, text, {}), find_dates(written), find_quantities(written))
        self.spoken = sorted((claim.start, claim.end) for claim in find_claims(written, entities))
        self.mentions: list[Candidate] = []
        at = -1
        for form in map(fold, (word, *again)):
            at = read.forms.index(form, at + 1)
            self.mentions.append(Candidate(at, read.sentence_of[at], trigger_words()[form][0], kind, []))

    def toll(self, unit: str = "killed") -> Toll | None:
        return toll(self.stage, self.mentions, unit)

    def day(self) -> str | None:
        return when(self.stage, self.mentions, self.spoken)

    def places(self) -> list[str]:
        return where(self.stage, self.mentions)

    def actors(self) -> list[str]:
        return who(self.stage, self.mentions[0])[0]

    def targets(self) -> list[str]:
        return who(self.stage, self.mentions[0])[1]


# -- tolls ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "word", "killed"),
    [
        ("أكدت المصادر مقتل القيادي نادر حداد في غارة على عرسال.", "غارة", (1, 1)),
        ("قال الجيران إن نادر حداد الذي قتل في غارة على عرسال كان طبيبا.", "غارة", (1, 1)),
        ("حاول المهاجم الفرار بعد هجوم في صيدا، ما أدى إلى مقتله.", "هجوم", (1, 1)),
        ("أسفرت غارة على عرسال عن مصرع القيادي نادر حداد وعدد من رفاقه.", "غارة", (2, None)),
        ("لقي نادر حداد وعدد من مرافقيه مصرعهم في غارة على عرسال.", "غارة", (2, None)),
        ("دمرت غارة قرب عرسال شاحنتين، إضافة إلى مقتل من كانوا فيهما.", "غارة", (1, None)),
    ],
)
def test_the_fallen_are_counted_by_name_and_pronoun(sentence: str, word: str, killed: Toll) -> None:
    assert Told(sentence, word, "air_strike").toll() == killed


def test_someone_ended_by_name_is_one() -> None:
    assert Told("أعلن الجيش اللبناني القضاء على نادر حداد في البقاع.", "القضاء", "armed_attack").toll() == (1, 1)


def test_a_mother_with_her_child_are_two() -> None:
    assert Told("قتلت أم مع طفلها في انفجار لغم قرب عرسال.", "انفجار", "bombing").toll() == (2, 2)


def test_a_clash_has_the_dead_of_both_sides() -> None:
    text = "قتل 12 مسلحا في اشتباكات قرب عرسال، فيما قتل جنديان من القوات."
    assert Told(text, "اشتباكات", "armed_clash").toll() == (14, 14)


def test_the_same_number_told_again_as_the_least_is_open() -> None:
    text = "قتل 11 عاملا في انفجار في صيدا.\nوقال طبيب في المستشفى إن 11 عاملا على الأقل قتلوا هناك.\n"
    assert Told(text, "انفجار", "bombing").toll() == (11, None)


def test_some_who_fell_later_leave_a_number_closed() -> None:
    text = "قتل شخصان في انفجار في صيدا.\nوتحدث السكان عن سقوط قتلى في حريق قديم.\n"
    assert Told(text, "انفجار", "bombing").toll() == (2, 2)


TWO_EVENTS = "قصفت المدفعية بلدة عرسال، فيما قتل ثلاثة مدنيين في انفجار سيارة مفخخة في صيدا."


def test_a_toll_is_not_given_to_the_event_of_another_clause() -> None:
    assert Told(TWO_EVENTS, "قصفت", "shelling").toll() is None
    assert Told(TWO_EVENTS, "انفجار", "bombing").toll() == (3, 3)


def test_taking_a_town_sheds_no_blood_of_its_own() -> None:
    text = "سيطر الجيش اللبناني على عرسال بعد مقتل سبعة مسلحين."
    assert Told(text, "سيطر", "seizure").toll() is None


def test_those_shot_at_a_protest_fell_to_the_shots() -> None:
    text = "قتل أربعة متظاهرين برصاص الشرطة خلال مسيرات في صيدا."
    assert Told(text, "مسيرات", "protest").toll() is None


@pytest.mark.parametrize(
    ("following", "unit", "counted"),
    [
        ("وأدى الحادث إلى مقتل أربعة أشخاص.", "killed", (4, 4)),
        ("وسقط خمسة جرحى نقلوا إلى المستشفى.", "wounded", (5, 5)),
        ("وقتل ثلاثة مسلحين في هجوم آخر في البقاع.", "wounded", None),
    ],
)
def test_the_next_sentence_may_tell_what_came_of_it(following: str, unit: str, counted: Toll | None) -> None:
    assert Told(f"هز انفجار مدينة صيدا.\n{following}\n", "انفجار", "bombing").toll(unit) == counted


# -- the day ----------------------------------------------------------------------


def test_the_day_after_an_event_dates_it_one_day_back() -> None:
    text = "زار نادر حداد الجرحى الجمعة غداة هجوم في صيدا."
    assert Told(text, "هجوم", "armed_attack").day() == "2018-09-27"


def test_a_day_behind_an_event_counts_more_than_one_ahead_of_it() -> None:
    text = "انتهت الهدنة السبت وكانت عرسال شهدت قصفا عنيفا متواصلا طوال الخميس."
    assert Told(text, "قصفا", "shelling").day() == "2018-09-27"


def test_a_report_goes_on_in_the_day_that_it_began_with() -> None:
    text = "تقدم الجيش اللبناني الخميس في البقاع.\nوتمركزت وحداته على التلال.\nوفي عرسال وقع هجوم على حاجز.\n"
    assert Told(text, "هجوم", "armed_attack").day() == "2018-09-27"


def test_what_had_been_is_of_another_day_than_what_was_told_well_before() -> None:
    text = (
        "تقدم الجيش اللبناني الخميس في البقاع.\nوتمركزت وحداته على التلال.\nوأقفلت الطرق.\n"
        "وكانت عرسال مسرحا لمعارك عدة تخللها هجوم على حاجز.\n"
    )
    assert Told(text, "هجوم", "armed_attack").day() is None


# -- places -----------------------------------------------------------------------


def test_an_event_without_a_place_is_where_the_text_was_just_before() -> None:
    text = "وصلت التعزيزات إلى بلدة عرسال.\nثم اندلعت اشتباكات استمرت ساعات.\n"
    assert Told(text, "اشتباكات", "armed_clash").places() == ["Arsal"]


def test_a_place_told_with_a_further_mention_comes_before_a_country_that_only_acts() -> None:
    text = "اتهمت قبرص مجهولين بتنفيذ هجوم.\nووقع الهجوم قرب صيدا.\n"
    assert Told(text, "هجوم", "armed_attack", "الهجوم").places() == ["Sidon"]


def test_a_report_is_from_the_place_that_it_opens_with() -> None:
    text = (
        "هدوء حذر في مدينة صيدا.\nوأعيد فتح المدارس.\nوعاد التجار إلى السوق.\nوأقلع الصيادون.\nوأوقفت الشرطة رجلين.\n"
    )
    assert Told(text, "وأوقفت", "arrest").places() == ["Sidon"]


# -- who did it -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word", "kind", "actor"),
    [
        ("شن التحالف العربي غارات على عرسال.", "غارات", "air_strike", "Arab Coalition"),
        ("تعرضت عرسال لغارات شنها التحالف العربي.", "لغارات", "air_strike", "Arab Coalition"),
        ("أصابت غارة جوية لطائرات التحالف العربي مخزنا في عرسال.", "غارة", "air_strike", "Arab Coalition"),
        ("قال التحالف العربي إنه بدأ عمليته.\nوشنت مقاتلات التحالف غارات على عرسال.", "غارات", "air_strike", "Arab Coalition"),
        ("تقدم التحالف العربي غربا.\nوأصابت غارات عدة مخازن في عرسال.", "غارات", "air_strike", "Arab Coalition"),
        ("أعلن الجيش اللبناني أن طائراته قصفت تلالا قرب عرسال.", "قصفت", "shelling", "Lebanese Army"),
        ("قالت وزارة الداخلية إن مدنيا قتل برصاص كتائب الصقر في صيدا.", "قتل", "armed_attack", "Falcon Brigades"),
        ("قتل مدني على يد مسلحين من كتائب الصقر في صيدا.", "قتل", "armed_attack", "Falcon Brigades"),
        ("اتهم الجيش اللبناني قبرص بقصف زورق قرب صيدا.", "بقصف", "shelling", "Cyprus"),
        ("وقع انفجار في صيدا.\nوأعلنت كتائب الصقر مسؤوليتها عنه.", "انفجار", "bombing", "Falcon Brigades"),
        ("انتشر الجيش اللبناني في صيدا.\nوتحدثت وكالة الشرق عن غارة لبنانية على عرسال.", "غارة", "air_strike", "Lebanese Army"),
        ("توغلت كتائب الصقر في البقاع.\nوشن المسلحون هجوما على حاجز قرب عرسال.", "هجوما", "armed_attack", "Falcon Brigades"),
        ("تظاهر مئات المعلمين في صيدا.", "تظاهر", "protest", "مئات المعلمين"),
        ("خرج آلاف العمال في مسيرات في صيدا.", "مسيرات", "protest", "آلاف العمال"),
        ("شهدت صيدا احتجاجات شارك فيها طلاب الجامعة.", "احتجاجات", "protest", "طلاب الجامعة"),
    ],
)  # fmt: skip
def test_actors(text: str, word: str, kind: EventType, actor: str) -> None:
    assert actor in Told(text, word, kind).actors()


def test_an_agency_that_tells_of_a_strike_did_not_strike() -> None:
    text = "تحدثت وكالة الشرق عن وقوع غارة على عرسال."
    assert Told(text, "غارة", "air_strike").actors() == []


def test_whom_a_killing_befell_is_no_actor() -> None:
    told = Told("أكدت المصادر مقتل نادر حداد في صيدا.", "مقتل", "other_violence")
    assert told.actors() == []
    assert told.targets() == ["Nader Haddad"]


def test_a_clash_is_between_both_sides() -> None:
    text = "اندلعت اشتباكات بين قوات الأمن وكتائب الصقر في عرسال."
    assert Told(text, "اشتباكات", "armed_clash").actors() == ["قوات الأمن", "Falcon Brigades"]


# -- to whom ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word", "kind", "target"),
    [
        ("شن التحالف العربي غارات على مواقع كتائب الصقر.", "غارات", "air_strike", "Falcon Brigades"),
        ("شن التحالف العربي غارات على مخازن أسلحة في عرسال.", "غارات", "air_strike", "مخازن أسلحة"),
        ("أنذر التحالف العربي كتائب الصقر.\nثم شن غارات على مواقع للمسلحين في عرسال.", "غارات", "air_strike", "Falcon Brigades"),
        ("قصفت كتائب الصقر، الخميس، منازل السكان في عرسال.", "قصفت", "shelling", "منازل السكان"),
        ("استهدف الجيش اللبناني رتلا لكتائب الصقر.", "استهدف", "shelling", "Falcon Brigades"),
        ("ألقت الشرطة القبض على نادر حداد في صيدا.", "القبض", "arrest", "Nader Haddad"),
        ("اعتقل الجيش اللبناني سبعة مهربين في عرسال.", "اعتقل", "arrest", "سبعة مهربين"),
        ("استعاد الجيش اللبناني، بإسناد من التحالف العربي، تلالا من كتائب الصقر.", "استعاد", "seizure", "Falcon Brigades"),
        ("فرضت قبرص عقوبات على شركة النور وعلى نادر حداد.", "عقوبات", "sanction", "Nour Company"),
        ("وقع انفجار أمام مقر شركة النور في صيدا.", "انفجار", "bombing", "Nour Company"),
        ("تعرضت عرسال لقصف عنيف.", "لقصف", "shelling", "Arsal"),
        ("قتل خمسة صيادين في انفجار قرب الشاطئ.", "انفجار", "bombing", "صيادين"),
        ("تظاهر المعلمون في صيدا ضد وزارة الداخلية.", "تظاهر", "protest", "Ministry of Interior"),
        ("خرج العمال في مسيرات احتجاجا على الضريبة الجديدة.", "مسيرات", "protest", "الضريبة الجديدة"),
    ],
)  # fmt: skip
def test_targets(text: str, word: str, kind: EventType, target: str) -> None:
    assert target in Told(text, word, kind).targets()


def test_nobody_is_both_actor_and_target() -> None:
    told = Told("قصفت كتائب الصقر مواقع كتائب الصقر القديمة.", "قصفت", "shelling")
    assert set(told.actors()).isdisjoint(told.targets())


@pytest.mark.parametrize("weapon", ["صاروخين", "صاروخين قصيري المدى", "صواريخ", "ثلاثة صواريخ"])
def test_what_is_thrown_at_somebody_is_no_target(weapon: str) -> None:
    told = Told(f"أطلقت كتائب الصقر {weapon} على صيدا مساء.", "أطلقت", "missile_attack")
    assert (told.actors(), told.targets()) == (["Falcon Brigades"], ["Sidon"])
