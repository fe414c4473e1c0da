"""What the paragraphs of an article are for."""

import pytest

from services.normalization.structure import kinds_of

LEAD = "أعادت بلدية المدينة فتح السوق القديم أمام الزوار بعد ترميم استمر عامين كاملين."
MORE = "وقال رئيس البلدية إن كلفة المشروع بلغت 12 مليون دينار وإن أصحاب 80 متجرا عادوا إلى محالهم."
LAST = "ويعود تاريخ السوق إلى القرن السابع عشر، وكان قد تضرر في حريق كبير قبل ثلاثة أعوام."


def kinds(*lines: str) -> list[str]:
    return list(kinds_of("\n".join(lines)))


def test_an_article_of_paragraphs_is_all_body() -> None:
    assert kinds(LEAD, MORE, LAST) == ["body"] * 3


@pytest.mark.parametrize(
    "heading", ["عودة التجار", "«لن نغادر مرة أخرى»", "كم كلف الترميم؟", "خلفية:", "البلدية: لا ديون علينا"]
)
def test_a_short_line_before_a_paragraph_is_a_subhead(heading: str) -> None:
    assert kinds(LEAD, heading, MORE) == ["body", "subhead", "body"]


@pytest.mark.parametrize(
    "line", ["وانتهى الحفل.", "- افتتاح المتحف", "الكلفة: 12 مليونا", "وجاءت أسماء الفائزين بالجوائز على النحو التالي:"]
)
def test_a_short_line_that_is_a_sentence_or_an_item_is_not(line: str) -> None:
    assert kinds(LEAD, line, MORE) == ["body"] * 3


def test_a_short_line_at_the_end_is_not_a_subhead() -> None:
    assert kinds(LEAD, MORE, "سامي الحداد") == ["body"] * 3


@pytest.mark.parametrize(
    "line",
    [
        "التعليقات",
        "التعليقات (3)",
        "أضف تعليقك",
        "اقرأ أيضا: السوق الجديد يفتح أبوابه",
        "إقرأ أيضاً",
        "اقرأ ايضاً:",
        "شاهدي أيضا",
        "المزيد",
        "مزيد من التفاصيل",
        "شاهد الفيديو",
        "تابع القراءة ...",
        "للمزيد: ملف عن الأسواق القديمة",
        "قد يهمك أيضا: متحف جديد في الميناء",
        "شاهد.. لحظة افتتاح السوق",
        "أخبار ذات صلة",
        "الأكثر قراءة",
        "لمتابعة البث المباشر اضغط هنا",
        "تابعونا على مواقع التواصل",
        "يمكنكم الاشتراك في نشرتنا البريدية كل صباح.",
        "اشترك في النشرة",
        "جميع الحقوق محفوظة لصحيفة الميناء",
        "المصدر: وكالات",
        "رويترز/ أ ف ب",
        "(فرانس برس)",
        "الآراء الواردة في هذا المقال لا تعبر بالضرورة عن رأي الصحيفة.",
        "--------",
        "***",
        "https://example.org/souq",
        "#السوق_القديم #ترميم",
    ],
)
def test_the_furniture_of_the_page_is_told_from_the_text(line: str) -> None:
    assert kinds(LEAD, MORE, line) == ["body", "body", "boilerplate"]


@pytest.mark.parametrize(
    "line",
    [
        "تابعنا خلال الأسبوع أعمال الترميم في السوق.",
        "وأثارت التعليقات على الخبر جدلا واسعا بين سكان المدينة.",
        "شاهد المئات حفل الافتتاح من شرفات المنازل.",
        "ولمزيد من الأمان أغلقت البلدية الممر الشرقي.",
        "ويقرأ الأهالي الفاتحة عند مدخل السوق كل جمعة.",
    ],
)
def test_text_that_begins_like_furniture_is_text(line: str) -> None:
    assert kinds(LEAD, line, LAST) == ["body"] * 3


def test_what_follows_the_comments_belongs_to_them() -> None:
    assert kinds(LEAD, "التعليقات", "خبر مفرح للمدينة كلها، شكرا للبلدية.") == ["body", "boilerplate", "boilerplate"]


def test_titles_under_a_teaser_heading_are_teasers_until_the_text_goes_on() -> None:
    lines = (LEAD, "اقرأ أيضا:", "متحف جديد في الميناء", "حريق في المخازن القديمة", MORE)
    assert kinds(*lines) == ["body", "boilerplate", "boilerplate", "boilerplate", "body"]


def test_a_paragraph_told_again_is_marked() -> None:
    again = MORE.replace("رئيس البلدية", "رئيسُ البلدية").replace("إن كلفة", "ان كلفة")
    assert kinds(LEAD, MORE, LAST, again) == ["body", "body", "body", "repeated"]


def test_a_sentence_of_the_lead_told_again_is_marked() -> None:
    assert kinds(f"{LEAD} {MORE}", LAST, LEAD) == ["body", "body", "repeated"]


def test_the_same_sentence_with_another_number_is_news() -> None:
    assert kinds(LEAD, MORE, MORE.replace("80", "95")) == ["body"] * 3


def test_lines_of_a_table_are_not_repetitions_of_one_another() -> None:
    rows = [f"{place}: افتتاح مركز ثقافي واحد في كل حي." for place in ("وهران", "عنابة", "بجاية", "سطيف")]
    assert kinds(LEAD, *rows) == ["body"] * 5


def test_no_text_has_no_paragraphs() -> None:
    assert kinds_of("") == []
