"""Entities: who and what is named in an article, in sentences of our own."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.articles_extracted import Entity
from services.extraction.entities import find_entities, normal_form
from tests.unit.extraction.writing import article


def entities(text: str) -> list[Entity]:
    return find_entities(article(text))


def named(text: str) -> list[tuple[str, str]]:
    """Words and type of every entity."""
    return [(entity.text, entity.type) for entity in entities(text)]


def called(text: str) -> list[str]:
    """Canonical name of every entity."""
    return [entity.canonical for entity in entities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # the conjunction and the preposition stay outside, the article inside
        ("وصل الوفد إلى دمشق وبغداد أمس.", [("دمشق", "LOC"), ("بغداد", "LOC")]),
        ("عاد السفير لدبي بعد يومين.", [("دبي", "LOC")]),
        ("وفاز الفريق بالقاهرة.", [("القاهرة", "LOC")]),
        # in «للجيش السوري» the name begins at the second ل
        ("تقدمت وحدات للجيش السوري نحو التلال.", [("لجيش السوري", "ORG")]),
        ("نقلت المساعدات للعراق.", [("لعراق", "LOC")]),
        ("شحنة القمح وصلت لليبيا صباحا.", [("ليبيا", "LOC")]),
        ("وأعلن مجلس الأمن القرار.", [("مجلس الأمن", "ORG")]),
        # a diacritic on the clitic and in the name
        ("انتقل المعرض إلى عَمّان.", [("عَمّان", "LOC")]),
        ("سافر بِدُبي ليلا.", [("دُبي", "LOC")]),
    ],
)
def test_clitics_stand_outside_the_name_and_the_article_inside(text: str, found: list[tuple[str, str]]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('ذكرت وكالة "رويترز" أن السوق أغلق.', 'وكالة "رويترز"'),
        ("ذكرت وكالة «رويترز» أن السوق أغلق.", "وكالة «رويترز»"),
        ("كتبت صحيفة ’الغارديان‘ عن الجزيرة.", "صحيفة ’الغارديان‘"),
        ("شاحنات تعبر إلى #قطاع_غزة يوميا.", "قطاع_غزة"),
        ("وقال أ.ف.ب إن المطر توقف.", "أ.ف.ب"),
        ("اختتم مون جيه-إن الزيارة.", "مون جيه-إن"),
        ("تحدثت إلى لـCNN أمس.", "CNN"),
    ],
)
def test_quotation_marks_hashes_and_hyphens_inside_a_name_belong_to_it(text: str, words: str) -> None:
    assert words in [entity.text for entity in entities(text)]


def test_a_quotation_that_ends_inside_a_phrase_ends_the_name() -> None:
    assert ("الحرس الثوري", "ORG") in named('وصف البيان "مواقع الحرس الثوري" الإيراني بأنها قديمة.')


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("قالت وزارة الزراعة المغربية إن المحصول جيد.", "وزارة الزراعة المغربية", "ORG"),
        ("قالت وزارة التربية والتعليم إن العام يبدأ غدا.", "وزارة التربية والتعليم", "ORG"),
        ("أصدرت وزارة شؤون المرأة بيانا.", "وزارة شؤون المرأة", "ORG"),
        ("أعلنت القوات المسلحة اليونانية المناورات.", "القوات المسلحة اليونانية", "ORG"),
        ("أوقفت شرطة طنجة السائق.", "شرطة طنجة", "ORG"),
        ("ودعت الخارجية النرويجية إلى الهدوء.", "الخارجية النرويجية", "ORG"),
        ("فاز منتخب كولومبيا بهدفين.", "منتخب كولومبيا", "ORG"),
        ("خفض البنك المركزي التركي سعر الفائدة.", "البنك المركزي التركي", "ORG"),
        ("أصدر المجلس الأعلى للقضاء قرارا.", "المجلس الأعلى للقضاء", "ORG"),
        ('افتتحت شركة "نخلة الشمال" مصنعا.', 'شركة "نخلة الشمال"', "ORG"),
        ("تخرجت في جامعة الملك فيصل للبنات.", "جامعة الملك فيصل للبنات", "ORG"),
        ("تقدم الاتحاد الكوري الجنوبي لكرة القدم بالشكر.", "الاتحاد الكوري الجنوبي لكرة القدم", "ORG"),
        ('تبنت حركة "رماح الفجر" الهجوم.', 'حركة "رماح الفجر"', "GRP"),
        ("انسحب تنظيم الدولة الإسلامية من التل.", "تنظيم الدولة الإسلامية", "GRP"),
    ],
)
def test_organisations_and_groups_have_their_head_in_the_name(text: str, words: str, kind: str) -> None:
    assert (words, kind) in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "قال وزير الخارجية النرويجي إن المحادثات مفيدة.",
        "قالت الوزارة إن التنظيم انسحب.",
        "ناقش المجلس الأمر مع الجيش.",
        "العلاقات السورية اللبنانية قديمة.",
        "عقدت الشركة مؤتمرا في العديد من المدن.",
    ],
)
def test_generic_nouns_and_adjectives_of_nationality_are_no_names(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("قال الرئيس التنفيذي سليم الحداد إن الإنتاج زاد.", "سليم الحداد"),
        ("واستقبل الوزير نظيره الهولندي يوهانس فاندرميير.", "يوهانس فاندرميير"),
        ("أضاف العقيد محمد بن ناصر الشمراني أن الطريق آمن.", "محمد بن ناصر الشمراني"),
        ("كتبت الصحفية نور عبد الهادي عن البحر.", "نور عبد الهادي"),
        ("غنت سعاد أبو النصر في الحفل.", "سعاد أبو النصر"),
    ],
)
def test_people_are_known_by_title_and_by_the_words_of_their_names(text: str, words: str) -> None:
    assert (words, "PER") in named(text)


def test_two_people_joined_by_and_are_two() -> None:
    assert named("التقى سليم حداد ومريم خليل مساء.") == [("سليم حداد", "PER"), ("مريم خليل", "PER")]


def test_a_family_name_alone_means_the_person_named_in_full() -> None:
    text = "قال المدير رشيد بن يونس إن العمل بدأ. وأضاف بن يونس أن المصنع كبير."
    assert called(text) == ["رشيد بن يونس", "رشيد بن يونس"]


def test_a_leader_has_one_english_name_however_the_article_writes_it() -> None:
    text = "وصل إيمانويل ماكرون صباحا. وقال ماكرون إن الزيارة قصيرة. وغادر ايمانويل ماكرون ليلا."
    assert called(text) == ["Emmanuel Macron"] * 3


def test_a_title_in_a_known_name_stays_outside_it() -> None:
    assert named("زار البابا فرنسيس المدينة.") == [("فرنسيس", "PER")]


def test_unknown_names_have_one_canonical_form_whatever_their_hamzas() -> None:
    text = "قال أيمن الإدريسي إن السد امتلأ. وقال ايمن الادريسي إن المطر كثير."
    assert len(set(called(text))) == 1


def test_a_ministry_without_its_country_is_the_one_the_article_names() -> None:
    text = "قالت وزارة الدفاع السورية إن الموقع خال. ونفت وزارة الدفاع الأنباء."
    assert called(text) == ["Syrian Ministry of Defence"] * 2


def test_two_countries_leave_a_ministry_without_a_country_alone() -> None:
    text = "اجتمعت وزارة الصحة القطرية ووزارة الصحة العمانية. وقالت وزارة الصحة إن اللقاح وصل."
    assert called(text)[-1] == "Ministry of Health"


def test_an_unwritten_alef_comes_back_in_the_canonical_name() -> None:
    assert called("قدم الشكر للهيئة العامة للنخيل.") == ["الهيئة العامة للنخيل"]


def test_letters_in_brackets_stand_for_the_organisation_before_them() -> None:
    text = "أعلن مركز الدراسات المائية (XYZ) خطته. وقالت XYZ إن الماء يكفي."
    names = [entity.canonical for entity in entities(text)]
    assert names == ["مركز الدراسات المائية"] * 3


def test_clubs_are_named_by_their_town_in_sports_reports_only() -> None:
    sport = "فاز برشلونة في المباراة بهدفين في الدوري، وقال المدرب إن اللاعبين والحارس والمهاجم قدموا مباراة كبيرة."
    assert ("برشلونة", "ORG") in named(sport)
    assert ("برشلونة", "LOC") in named("افتتح المتحف في برشلونة أمس بحضور الوزيرة.")


@pytest.mark.parametrize(
    "text",
    [
        "تقرر إقامة نهائي دوري أبطال أوروبا مساء السبت.",
        "عاد الرجل إلى مسقط رأسه بعد غياب.",
        "شارك المنتخبات في كوبا أمريكا هذا الصيف.",
    ],
)
def test_phrases_that_hold_a_name_are_not_that_name(text: str) -> None:
    assert not [entity for entity in entities(text) if entity.type == "LOC"]


def test_the_longer_of_two_overlapping_names_stands() -> None:
    assert named("خرج الطلاب من جامعة القاهرة ظهرا.") == [("جامعة القاهرة", "ORG")]


def test_canonical_names_are_free_of_marks() -> None:
    assert normal_form("وكالة «النَّبأ» #اليوم_السريع") == "وكالة النبأ اليوم السريع"


WORDS = st.sampled_from(
    [
        "دمشق",
        "ودمشق",
        "للجيش",
        "السوري",
        "وزارة",
        "الدفاع",
        "الروسية",
        "محمد",
        "بن",
        "سلمان",
        "قال",
        "الرئيس",
        "مدينة",
        "#",
        '"',
        "«",
        "»",
        "'",
        "_",
        "-",
        ".",
        "،",
        "(",
        ")",
        ":",
        "XYZ",
        "CNN",
        "عبد",
        "الله",
        "أبو",
        "الشمال",
        "في",
        "مطار",
        "الحديدة",
        "شركة",
        "حزب",
        "الله",
        "للأمم",
        "المتحدة",
        "12",
        "ل",
        "و",
        "وال",
        "بال",
        "مَدِينَة",
        "ـ",
        "٢٣",
        "؟",
        "\n",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS, max_size=40), st.sampled_from(["", " "]))
def test_spans_hold_the_words_in_order_without_overlap(words: list[str], between: str) -> None:
    text = "خبر " + between.join(words)
    found = entities(text)
    assert all(text[entity.start : entity.end] == entity.text for entity in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(entity.text.strip() == entity.text and entity.canonical for entity in found)
    assert found == entities(text)


@settings(deadline=None, max_examples=150)
@given(st.text(min_size=1, max_size=200))
def test_any_text_is_read_without_error(text: str) -> None:
    assert all(text[entity.start : entity.end] == entity.text for entity in entities(text))


@pytest.mark.parametrize(
    "unit",
    ["سوريا ", "س", '"', "« ", "(", "محمد ", "بن ", "وزارة ", "مدينة ", "لل ", "محمد-", "أ.", 'شركة "', "#", "قال "],
)
def test_repetitive_texts_of_the_largest_size_are_read(unit: str) -> None:
    text = unit * (128 * 1024 // len(unit))
    assert all(text[entity.start : entity.end] == entity.text for entity in entities(text)[:50])


@pytest.mark.parametrize(
    "text",
    [
        "قصفت الطائرات حماه ليلا. وعاد الأهالي إلى حماة صباحا.",
        "ذكرت الوكالة العربية السورية للأنباء الخبر. ونشرت سانا صورا له.",
        "نشرت وكالة الاستخبارات المركزية الوثائق. وكان سي آي ايه يرفض نشرها.",
        "وقال مكتب التحقيقات الفيدرالي إنه يحقق. ورفض إف بي آي التعليق.",
        "أعلن حلف شمال الأطلسي المناورات. ودعا الناتو إلى الهدوء.",
        "تقدمت قوات سوريا الديمقراطية شرقا. وخسرت قسد نقطتين.",
        "هاجم تنظيم الدولة الإسلامية القرية. ثم انسحب داعش منها.",
        "وزعت منظمة الأمم المتحدة للطفولة الكتب. وقالت اليونيسف إنها تكفي.",
        "ذكرت وكالة أنباء الإمارات (وام) الخبر. ونشرت وكالة وام صورا له.",
        "ذكرت وكالة الأنباء السعودية (واس) الخبر. ونشرت واس صورا له.",
        "قال بشار الأسد ذلك. وأضاف الأسد شيئا. ثم سكت بشار الاسد. وغاب الاسد.",
        "أصدر مركز النخيل للدراسات (م.ن.د) تقريرا. وقال م.ن.د إن الماء قليل.",
        "أصدر مركز النخيل للدراسات (مند) تقريرا. وقال مند إن الماء قليل.",
        "ذكرت وكالة الأنباء القطرية (قنا) الخبر. ونشرت قنا صورا له.",
        "نشرت وكالة الاستخبارات المركزية الوثائق. وكانت CIA ترفض نشرها.",
    ],
)
def test_one_thing_has_one_canonical_name_however_it_is_written(text: str) -> None:
    found = find_entities(article(text))
    names = {entity.canonical for entity in found}
    assert len(found) > 1
    assert len(names) == 1, names


def test_names_are_called_without_the_markup_that_stands_in_them() -> None:
    text = "وقال الوزير سامي&nbsp;خلفوش إن &quot;الوضع&quot; هادئ."
    (person,) = entities(text)
    assert (person.text, text[person.start : person.end]) == ("سامي&nbsp;خلفوش",) * 2
    assert person.canonical == "سامي خلفوش"
