"""Of whom a toll speaks: «12 جنديا تركيا», «سبعة من المدنيين», «20 قتيلا في صفوف القوات الحكومية»."""

from __future__ import annotations

from collections.abc import Callable

from services.extraction.calendar_words import ABOUT, NEXT, PAST, THIS, WEEKDAYS
from services.extraction.toll_words import COUNTED, NEVER_CASUALTIES, NOT_UNITS, NOUNS_IN_WAW, OTHERS
from services.extraction.words import word_set

Word = Callable[[int], str]
_MOST_ADJECTIVES = 3
# Those that belong to a body, which is named right behind: «عناصر الأمن», «جنود من الجيش».
_MEMBERS = word_set(
    "عناصر عنصر عنصرا عنصران عنصرين رجال رجل افراد فرد فردا جنود جندي جنديا جنديان جنديين ضباط ضابط ضابطا ضابطان ضابطين اعضاء عضو عضوا قاده قيادات قيادي قياديا "
    "مقاتلي مقاتل مقاتلا مسلحي ابناء سكان موظفي موظف موظفا عمال طلاب حراس انصار مدني مدنيي رعايا مواطني"
)
_BODIES = word_set(
    "قوات تنظيم حركه حزب جماعه ميليشيا ميليشيات مليشيا مليشيات كتائب فصائل جيش شرطه حرس جبهه فصيل الويه لواء جهاز وحدات وحده مجلس"
)
_ADJECTIVES = word_set(
    "مسلح مسلحا مسلحه مسلحين مسلحون مسلحان مجهول مجهولا مجهولين متشدد متشددا متشددين متطرف متطرفا متطرفين روس اتراك اكراد عرب افغان اجانب هنود قصر رضع "
    "كبير كبيرا بارز بارزا بارزين"
)
_NISBA = ("ي", "يا", "يه", "يين", "يون", "يتين", "يتان", "يان", "يات")
_NO_NISBA = word_set(
    "حوالي التي الذي اللتي لدي يومي شمالي جنوبي شرقي غربي بايدي ايدي يدي نهائي اهالي مساعي تلقي بقي لقي نفي توفي مساء اي حي هي احدي اخري جراحي حتي متي "
    "الماضي الحالي التالي ثاني ليبقي بالتالي تقريبا حاليا سنويا يوميا رسميا لاحقا عشوائيا اوليا ميدانيا"
)
# Of adjectives that begin like a particle only peoples are known.
_PARTICLES = "وبلفك"
_PEOPLES_IN_PARTICLES = (
    "بريطاني", "بحريني", "باكستاني", "برازيلي", "بلجيكي", "بولندي", "بلغاري", "بنغالي", "بورمي", "لبناني", "ليبي", "فلسطيني", "فرنسي",
    "فنلندي", "فيتنامي", "فنزويلي", "كردي", "كويتي", "كندي", "كوري", "كولومبي", "كيني",
)  # fmt: skip
_NO_ADJECTIVES = frozenset((*WEEKDAYS, *PAST, *NEXT, *THIS, *ABOUT)) | word_set("الذي التي الذين اليوم التالي الحالي")


def find_whom(word: Word, k: int, definite_plural: bool = False) -> tuple[int, int] | None:
    """The tokens (half-open) that say of whom a count speaks, from the token k on that stands behind its number.

    `word` gives the folded token at an index, "" outside of the text; a definite one («العشرات») takes no noun without
    «ال». None where the text does not say.
    """
    while word(k) in (")", "حاله", "#"):
        k += 1
    if (word(k), word(k + 1)) == ("علي", "الاقل"):
        k += 2
    form = word(k)
    if form in OTHERS:
        return _phrase(word, k + 2) if word(k + 1) == "من" else None
    if form.removeprefix("ال") in COUNTED:
        return _of_casualties(word, k + 1)
    if form == "عدد":
        return _phrase(word, k + 1) if _is_definite(word(k + 1)) else None
    if form == "من":
        return _phrase(word, k + 1)
    return None if definite_plural and not _is_definite(form) else _phrase(word, k)


def _of_casualties(word: Word, k: int) -> tuple[int, int] | None:
    """Behind «قتيلا»: «من المدنيين», «في صفوف الجيش», «مدنيا»; «قتلى وجرحى» have the same behind them."""
    if word(k)[:1] == "و" and word(k)[1:].removeprefix("ال") in COUNTED:
        k += 1
    if word(k) == "من":
        return _phrase(word, k + 1)
    definite = word(k - 1).removeprefix("و").startswith("ال")
    if word(k) in ("في", "بين") and word(k + 1) in ("صفوف", "اوساط"):
        return _phrase(word, k + 2)
    if word(k) == "بين" and word(k + 1).startswith("ال"):
        return _phrase(word, k + 1)
    return _phrase(word, k) if _is_adjective(word(k), definite) else None


def _phrase(word: Word, k: int) -> tuple[int, int] | None:
    """A noun with the body it belongs to and its adjectives."""
    noun = word(k)
    if not noun or not noun[0].isalpha() or noun in NOT_UNITS or noun.removeprefix("ال") in NEVER_CASUALTIES:
        return None
    if noun in _NO_ADJECTIVES or len(noun) < 2 or (noun[0] == "و" and noun not in NOUNS_IN_WAW):
        return None
    end = k + 1
    if noun in _MEMBERS:
        j = end + 1 if word(end) == "من" else end
        if word(j) in _BODIES:
            end = j + 2 if _is_definite(word(j + 1)) else j + 1
        elif _is_definite(word(j)):
            end = j + 1
    elif noun in _BODIES and _is_definite(word(end)):
        end += 1
    definite = _is_definite(word(end - 1))
    for _ in range(_MOST_ADJECTIVES):
        if not _is_adjective(word(end), definite):
            break
        end += 1
    return k, end


def _is_definite(form: str) -> bool:
    return len(form) > 4 and form.startswith("ال") and form not in _NO_ADJECTIVES


def _is_adjective(form: str, definite: bool) -> bool:
    """Whether a word goes on describing people: in «ي» and its inflections, or one of a few others."""
    if form in _NO_ADJECTIVES or form in _NO_NISBA:
        return False
    if definite:
        return _is_definite(form) and (form.endswith((*_NISBA, "ين", "ون")) or form[2:] in _ADJECTIVES)
    if form in _ADJECTIVES:
        return True
    if len(form) < 4 or not form.endswith(_NISBA) or form.startswith("ال"):
        return False
    return form[0] not in _PARTICLES or form.startswith(_PEOPLES_IN_PARTICLES)
