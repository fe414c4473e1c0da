"""The words by which the speaker of a statement is told from what stands around it, in folded spelling."""

from __future__ import annotations

import re

from services.extraction.words import word_set

THAT = frozenset(
    clitic + "ان" + pronoun for clitic in ("", "ب", "ف") for pronoun in ("", "ه", "ها", "هم", "هما", "نا", "ني", "هن")
)
TIME_WORDS = word_set(
    "امس اليوم الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت مساء صباح ظهر فجر ليل ليله عصر بعد قبل يوم "
    "الماضي الماضيه الجاري الحالي المقبل نفسه الان سابقا لاحقا حديثا مؤخرا اواخر اوائل مطلع انذاك حينها وقتها وقتذاك قبلها بعدها غدا منتصف "
    "صباحا ظهرا عصرا ليلا فجرا"
)
PERIODS = word_set("الاسبوع الشهر العام السنه")
LAST_OR_NEXT = word_set("الماضي الماضيه الجاري الجاريه الحالي الحاليه المقبل المقبله الفائت المنصرم")
ADVERBS = word_set(
    "ايضا كذلك بدوره بدورها بدورهم قد فقد فيها فيه فيهما عنه عنها به بها له لها لهم هنا هناك مجددا صراحه علنا رسميا وقتئذ كل مرارا تكرارا بشده فوقها عليها عليه باستمرار"
)
COMMAS = frozenset(("،", ",", "؛", ";"))
SIDES = word_set("جهته جهتها جهتهم جهتهما جانبه جانبها جانبهم ناحيته ناحيتها")
CLAUSE_HEADS = word_set(
    "وكان كان وكانت كانت وكانوا لكن ولكن لكنه ولكنه لكنها ولكنها الا ان فيما وفيما بينما اما واما وان حيث قد وقد كما هو هي وهو "
    "وهي اذ انه انها حين ثم ما بعدما عندما و"
)
POINTING = frozenset(("ذلك", "هذا"))
"""What is said may be no more than this: «نفى الجيش ذلك»."""
PRONOUNS = word_set(
    "هو هي هم وهو وهي وهم فهو فهي انه انها انهم لكنه لكنها لكنهم ولكنه ولكنها ولكنهم لانه لانها بانه بانها فانه فانها"
)
"""Subjects of the verb behind them."""
TURNS = frozenset(("حيث", "بينما", "فيما", "عندما", "بعدما"))
COMINGS = word_set("ياتي وياتي تاتي وتاتي جاء وجاء جاءت وجاءت يذكر ويذكر")
PREPOSITIONS = word_set(
    "في من علي الي عن مع خلال عبر عقب بعد قبل اثناء امام لدي ضد منذ حتي دون بدون عند تحت فوق بين حول وسط بسبب ردا تعليقا "
    "ضمن حيال تجاه بشان ازاء رغم حين فيما بينما حيث عندما اذ لكن الا كما لما بعدما قبيل بعيد غداه اثر جراء نتيجه بموجب نقلا "
    "ما اذا لو كي لكي ثم او وهو وهي هو هي وذلك التي الذي الذين اللذين وفي ومن وعلي والي وعن ومع وبعد وقبل لم لن لا ولم ولا "
    "ويدعي مما ممن وقد وسط"
)
STOPS = frozenset((".", "،", ",", ":", ";", "؛", "(", ")", "؟", "!", "…", "-", "–", "—"))
BARRIERS = STOPS | TURNS | THAT
RELATIVES = word_set("الذي التي الذين والذي والتي")
OFFICES = word_set(
    "مصدر مصادر مسؤول مسؤولون مسؤولين مسؤوله مسئول مسئولون متحدث متحدثه متحدثا متحدثون ناطق ناطقه شهود شاهد ناشط ناشطون ناشطين "
    "ناشطه دبلوماسي دبلوماسيون دبلوماسيين خبير خبراء محلل محللون مدير مديره رئيس رئيسه وزير وزيره قائد عضو اعضاء نائب سكان اهالي "
    "اقارب قيادي قياديون ضابط ضباط طبيب محام محامي والد والده شقيق نجل ممثل ممثلون ممثلو مندوب مندوبه سفير سفيره باحث باحثون "
    "علماء عالم مراقبون مشرع نواب ابن زوجه محققون شرطي مبعوث منسق مستشار مساعد امين بيان تقرير وسائل مسؤولو شخص قاض قاضي"
)
BELONGING = word_set("التابع التابعه التابعين التابعون الموالي المواليه")
"""Behind it «ل» leads in whose somebody is."""
OF_OFFICE = frozenset(("في", "لدي", "من"))
IN_THE_NAME = frozenset(("باسم", "بلسان", "باسمه", "باسمها"))
DOCUMENTS = word_set("بيان تقرير تغريده وثيقه رساله منشور حساب موقع صفحه")
_PUBLISHED = re.compile(r"(?:نشر|اصدر|وزع|بث|كتب|تلق|نقل|القا|اورد|اذاع|ارسل|عمم)ت?(?:ه|ها)")
PLACE_HEADS = word_set("دوله جمهوريه مملكه مدينه عاصمه ولايه اماره سلطنه جزيره اقليم جاره شقيقه حليفه")
"""What stands before a place and is that place: «مدينة القاهرة», but not «بلدية القاهرة»."""
PARTS = word_set("قوه قوات بعثه مكتب لجنه قياده قسم فرع دائره وحده كتيبه فريق")
"""A part of a body, or a body of its own, and not the one that is named behind it."""
CORRESPONDENTS = word_set("مراسل مراسله مراسلو مراسلون مصور مصوره صحفي صحافي صحافيه صحفيه")
B_WORDS = ("بي", "بر", "بن", "بع", "بل", "بط", "با")
ADJECTIVE_ENDINGS = (
    "ي",
    "يه",
    "يين",
    "يون",
    "يان",
    "يين",
    "يات",
    "مشتركه",
    "مشترك",
    "عام",
    "عامه",
    "اعلي",
    "عليا",
    "متحده",
    "متحدث",
)
_VERBAL = re.compile(r"ت..ي.|است....?|ان..ا.|ا..?.ا.|م.ا..ه|ت.ا.[^ن]")
_VERBALS = word_set(
    "مقتل قتل وقف رفض دعم منع نقل سحب فرض وصول وقوع سقوط مصرع وفاه حظر دخول خروج عزم نيه وجود ضبط طرد حل فتح "
    "اغلاق بدء نجاح فشل عدم ضروره وجوب دعوه عوده زياده خفض رفع بناء حرص فوز خساره قبول عزل صحه مسؤوليه تحذير نشر توجه"
)
_NOT_VERBAL = word_set("تقرير تنظيم تحالف اتحاد ائتلاف اعلام استاذ انصار اهالي اقارب اعضاء اسلام")


_OBLIQUE = re.compile(r"ال.+(?:ي|ت)ين|الم.+ين|الطرفين|الجانبين|البلدين|طرفي")
_ALL = word_set("جميع كافه كل")
_CALLED_UPON = frozenset((("المجتمع", "الدولي"), *((every, "الاطراف") for every in _ALL)))


def is_addressed(form: str, after: str) -> bool:
    """Whether a noun behind a verb is no subject of it by its case: «حذر المدنيين من», «دعا طرفي النزاع إلى»."""
    return _OBLIQUE.fullmatch(form) is not None or (form in _ALL and _OBLIQUE.fullmatch(after) is not None)


def is_called_upon(form: str, after: str) -> bool:
    """Whether a noun behind a verb that calls upon somebody is rather who is called upon: «دعا المجتمع الدولي إلى»."""
    return form == "الاطراف" or (form, after) in _CALLED_UPON


def is_published(form: str) -> bool:
    """Whether a verb behind a document says who published it: «بيان نشرته الوزارة»."""
    return _PUBLISHED.fullmatch(form) is not None


def is_verbal_noun(form: str) -> bool:
    """Whether a word without the article looks like the name of an act («تعليق», «انسحاب», «مقتل») rather than of somebody."""
    if form.startswith("ال") and len(form) > 5 and not form.startswith("الت"):  # «البيان», but «التزام»
        return False
    return form in _VERBALS or (form not in _NOT_VERBAL and _VERBAL.fullmatch(form) is not None)
