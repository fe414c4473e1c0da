"""Claims: who says what, by which word; in sentences of our own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Claim
from services.extraction.claims import LIKELY, find_claims
from services.extraction.reporting import reporting_words
from services.extraction.weights import read_weights
from tests.unit.extraction.writing import Name, article, claims_of, said_of

NAMES: list[Name] = [
    ("سامر الخطيب", "PER", "Samer al-Khatib"),
    ("ليلى مراد", "PER", "Layla Murad"),
    ("وزارة الدفاع", "ORG", "Ministry of Defence"),
    ("وزارة الصحة", "ORG", "Ministry of Health"),
    ("وكالة النور", "ORG", "Al-Nour Agency"),
    ("المرصد البحري", "ORG", "Maritime Observatory"),
    ("لواء الفجر", "GRP", "Dawn Brigade"),
    ("القاهرة", "LOC", "Cairo"),
    ("طرابلس", "LOC", "Tripoli"),
]


def claims(text: str) -> list[Claim]:
    return claims_of(text, NAMES)


def said(text: str) -> list[tuple[str, str]]:
    return said_of(text, NAMES)


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("قال سامر الخطيب إن الميناء سيعود إلى العمل غدا.", "Samer al-Khatib", "الميناء سيعود إلى العمل غدا"),
        (
            "وأكدت وزارة الدفاع أن الطريق بات مفتوحا أمام السكان.",
            "Ministry of Defence",
            "الطريق بات مفتوحا أمام السكان",
        ),
        (
            "وأعلنت وزارة الصحة، الأحد، في بيان، تسجيل عشر إصابات جديدة بالحمى.",
            "Ministry of Health",
            "تسجيل عشر إصابات جديدة بالحمى",
        ),
        ("وأضاف المتحدث العسكري أنه لا خسائر في صفوف الجنود.", "المتحدث العسكري", "لا خسائر في صفوف الجنود"),
        ("قال متحدث عسكري أميركي إن الطائرة هبطت بسلام.", "متحدث عسكري أميركي", "الطائرة هبطت بسلام"),
        ("وأفاد مصدر أمني بأن الحريق أخمد بعد ساعات من اندلاعه.", "مصدر أمني", "الحريق أخمد بعد ساعات من اندلاعه"),
        (
            "وأشارت ليلى مراد إلى أن المفاوضات ستستأنف الأسبوع المقبل.",
            "Layla Murad",
            "المفاوضات ستستأنف الأسبوع المقبل",
        ),
        (
            "وقال رئيس اللجنة، سامر الخطيب، لوكالة النور، إن النتائج ستعلن مساء الخميس.",
            "Samer al-Khatib",
            "النتائج ستعلن مساء الخميس",
        ),
        ("ونقلت وكالة النور عن مسؤول محلي قوله إن الجسر انهار كليا.", "مسؤول محلي", "الجسر انهار كليا"),
        ("وكان سامر الخطيب أعلن أن المحادثات بلغت نهايتها.", "Samer al-Khatib", "المحادثات بلغت نهايتها"),
        ("لكن المتحدث نفى أن تكون السفينة قد غرقت قبالة الساحل.", "المتحدث", "تكون السفينة قد غرقت قبالة الساحل"),
    ],
)
def test_a_reporting_verb_gives_the_speaker_and_all_that_is_said(text: str, speaker: str, content: str) -> None:
    assert (speaker, content) in said(text), said(text)


@pytest.mark.parametrize("marks", ['""', "«»", "“”"])
def test_quoted_speech_ends_with_its_quotation_mark(marks: str) -> None:
    speech = "سنواصل البحث عن ناجين حتى الصباح. ولن نتوقف قبل ذلك"
    text = f"وقالت ليلى مراد {marks[0]}{speech}{marks[1]}، وغادرت القاعة."
    (claim,) = claims(text)
    assert (claim.speaker, text[claim.start : claim.end], claim.quoted) == ("Layla Murad", speech, True)


def test_quoted_words_within_what_is_said_do_not_end_it() -> None:
    text = 'وقال سامر الخطيب إن الاتفاق "خطوة أولى" على طريق طويل.'
    (claim,) = claims(text)
    assert text[claim.start : claim.end] == 'الاتفاق "خطوة أولى" على طريق طويل'
    assert claim.quoted


@pytest.mark.parametrize(
    "cue", ["بحسب مصدر أمني سوري", "وفق مصدر أمني سوري", "وفقا لمصدر أمني سوري", "كما أعلن مصدر أمني سوري"]
)
def test_a_source_at_the_end_claims_the_sentence_before_it(cue: str) -> None:
    text = f"انقطعت الكهرباء عن أحياء واسعة من العاصمة، {cue}."
    ((speaker, content),) = said(text)
    assert speaker.removeprefix("ل") == "مصدر أمني سوري"
    assert content == "انقطعت الكهرباء عن أحياء واسعة من العاصمة"


def test_a_source_at_the_beginning_claims_what_follows() -> None:
    assert said("وبحسب المرصد البحري، فإن الموج بلغ ستة أمتار.") == [("Maritime Observatory", "الموج بلغ ستة أمتار")]


def test_a_participle_speaks_for_the_speaker_of_its_sentence() -> None:
    text = "وأكد سامر الخطيب أن المطار يعمل، مشيرا إلى أن الرحلات ستزداد في الصيف."
    assert said(text) == [
        ("Samer al-Khatib", "المطار يعمل"),
        ("Samer al-Khatib", "الرحلات ستزداد في الصيف"),
    ]


def test_a_bare_verb_takes_the_latest_speaker_of_its_gender() -> None:
    text = (
        "قال سامر الخطيب إن الموسم كان جيدا.\n"
        "وقالت ليلى مراد إن الأسعار مرتفعة جدا.\n"
        "وأضاف أن المخازن ممتلئة بالقمح.\n"
        "وأضافت أن المستهلك يدفع الثمن كله.\n"
    )
    assert [speaker for speaker, _ in said(text)] == [
        "Samer al-Khatib",
        "Layla Murad",
        "Samer al-Khatib",
        "Layla Murad",
    ]


def test_a_bare_definite_noun_means_the_body_named_before() -> None:
    text = "أعلنت وزارة الصحة أن اللقاح متوفر للجميع.\nوأوضحت الوزارة أن المراكز تفتح يوميا.\n"
    second = claims(text)[1]
    assert (second.speaker, second.speaker_text) == ("Ministry of Health", "الوزارة")


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("نفت وزارة الدفاع أن تكون طائراتها قد حلقت فوق المدينة.", "denial"),
        ("اتهم سامر الخطيب لواء الفجر بقطع الطريق الساحلي.", "accusation"),
        ("أكدت وزارة الدفاع أن طائراتها حلقت فوق المدينة.", "confirmation"),
        ("قالت وزارة الدفاع إن طائراتها حلقت فوق المدينة.", "statement"),
    ],
)
def test_the_verb_shows_the_stance(text: str, stance: str) -> None:
    assert [claim.stance for claim in claims(text)] == [stance]


def test_an_accusation_begins_with_the_accused() -> None:
    text = "واتهمت وزارة الدفاع لواء الفجر بقصف الميناء."
    assert said(text) == [("Ministry of Defence", "لواء الفجر بقصف الميناء")]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        # a name that no list has, behind an office
        (
            "أعلن المتحدث باسم وزارة الصحة رامز قنديلي أن اللقاح متوفر.",
            "المتحدث باسم وزارة الصحة رامز قنديلي",
            "اللقاح متوفر",
        ),
        # who stands before a comma
        ("وكانت وزيرة الزراعة، ليلى مراد، طالبت بخفض الأسعار.", "Layla Murad", "بخفض الأسعار"),
        ("وزارة الصحة، أكدت أن اللقاح متوفر.", "Ministry of Health", "اللقاح متوفر"),
        # time and place before a verb are nobody
        ("وعقب الجلسة أعلن سامر الخطيب أن الميناء مفتوح.", "Samer al-Khatib", "الميناء مفتوح"),
        # time between the verb and its object
        ("وكانت وزارة الصحة قد أعلنت في 8 مايو تسجيل إصابة جديدة.", "Ministry of Health", "تسجيل إصابة جديدة"),
        ("وكانت وزارة الصحة أعلنت في وقت سابق تسجيل إصابة جديدة.", "Ministry of Health", "تسجيل إصابة جديدة"),
        # who issued a document
        ("وبحسب البيان الصادر عن وزارة الصحة، فإن اللقاح متوفر.", "Ministry of Health", "اللقاح متوفر"),
        ("وأوضح البيان أن اللقاح متوفر.", "البيان", "اللقاح متوفر"),
    ],
)
def test_a_speaker_is_found_past_titles_commas_and_times(text: str, speaker: str, content: str) -> None:
    assert (speaker, content) in said(text), said(text)


def test_whom_a_warning_is_meant_for_does_not_speak() -> None:
    text = "وقال سامر الخطيب إن السيول قادمة.\nوحذر المواطنين من الاقتراب من الوادي.\n"
    assert [speaker for speaker, _ in said(text)] == ["Samer al-Khatib", "Samer al-Khatib"]


def test_a_claim_within_a_claim_keeps_its_own_speaker() -> None:
    text = "ذكرت وكالة النور أن وزارة الدفاع قالت إنها ستسحب قواتها من الجزيرة قريبا."
    assert said(text) == [
        ("Al-Nour Agency", "وزارة الدفاع قالت إنها ستسحب قواتها من الجزيرة قريبا"),
        ("Ministry of Defence", "ستسحب قواتها من الجزيرة قريبا"),
    ]


def test_what_nobody_says_is_no_claim() -> None:
    assert claims("يذكر أن الجسر بني قبل خمسين عاما وأعيد ترميمه مرتين.") == []
    assert claims("قصفت طائرات مواقع في الجبل وعادت إلى قواعدها.") == []


def test_spelling_without_hamza_and_with_diacritics_is_read_alike() -> None:
    plain = "اكدت وزارة الصحة ان المستشفى يستقبل الجرحى منذ الفجر."
    dressed = "أكّدت وزارة الصحة أنّ المستشفى يستقبل الجرحى منذ الفجر."
    assert [claim.speaker for claim in claims(plain)] == [claim.speaker for claim in claims(dressed)]
    assert said(plain)[0][1] == said(dressed)[0][1] == "المستشفى يستقبل الجرحى منذ الفجر"


def test_every_reporting_verb_of_the_table_is_read_with_its_conjunctions() -> None:
    words = reporting_words()
    for form in (
        "قال",
        "وقالت",
        "فقالوا",
        "يقول",
        "تقول",
        "مضيفا",
        "ومضيفة".replace("ة", "ه"),
        "قوله",
        "وبحسب",
        "نفوا",
    ):
        assert form in words, form
    assert (words["قالت"].gender, words["قال"].gender) == ("f", "m")
    assert words["وقال"].led
    assert not words["قال"].led


def test_claims_less_likely_than_the_limit_are_left_out() -> None:
    text = "قال سامر الخطيب إن الميناء سيعود إلى العمل غدا.\nوقرر مجلس الإدارة بيع الأسهم.\n"
    assert all(LIKELY <= claim.confidence <= 1 for claim in claims(text))
    assert claims(text)[0].confidence > 0.9


def test_a_malformed_weight_is_an_error_that_names_the_line(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from services.extraction import weights

    class Folder:
        def __truediv__(self, _: str) -> Folder:
            return self

        def read_text(self, encoding: str) -> str:
            return "bias\t0.5\nlemma=قال\tكثير\n"

    monkeypatch.setattr(weights, "files", lambda _: Folder())
    with pytest.raises(ValueError, match="lemma=قال"):
        read_weights("broken.tsv")


_PIECES = [
    "قال", "وأضاف", "أكدت", "بحسب", "وفقا", "مشيرا", "إلى", "أن", "إن", "أنه", '"', "«", "»", ":", "،", ".", "\n", "سامر الخطيب",
    "وزارة الصحة", "المتحدث", "مصدر", "أمني", "في", "بيان", "كما", "ما", "قوله", "عن", "نقلت", "نفى", "اتهم", "بقصف", "المدينة", "لكن",
    "الذي", "قائلا", "للصحافيين", "الأحد", "على", "#", "_", "(", ")", "إعلان", "و",
]  # fmt: skip


@settings(deadline=None, max_examples=250)
@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=40))
def test_claims_lie_within_the_text_and_name_words_of_it_whatever_is_written(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for claim in claims(text):
        assert 0 <= claim.start < claim.end <= len(text)
        assert claim.cue
        assert claim.cue in text
        assert claim.speaker_text in text
        assert Claim.model_validate(claim.model_dump()) == claim
    assert claims(text) == claims(text)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    find_claims(article(text or " "), [])


@pytest.mark.parametrize(
    "endless", ['"', '" ', "قال ", "قال إن ", "بحسب المصدر ", 'قال " ', "مشيرا إلى أن ", "، ", "و "]
)
def test_endless_repetition_is_read_in_one_go(endless: str) -> None:
    written = article(endless * (20_000 // len(endless)))
    for claim in find_claims(written, []):
        assert claim.end <= len(written.text)
