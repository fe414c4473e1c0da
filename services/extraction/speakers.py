"""Who is speaking: the noun phrase beside a reporting verb, the name in it, and whom a bare verb or noun refers to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.articles_extracted import Entity
from services.extraction.reporting import Cue, Gender
from services.extraction.words import QUOTE, Words, covering, word_set

THAT = frozenset(
    clitic + "ان" + pronoun for clitic in ("", "ب", "ف") for pronoun in ("", "ه", "ها", "هم", "هما", "نا", "ني", "هن")
)
TIME_WORDS = word_set(
    "امس اليوم الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت مساء صباح ظهر فجر ليل ليله عصر بعد قبل يوم "
    "الماضي الماضيه الجاري الحالي المقبل نفسه الان سابقا لاحقا حديثا مؤخرا اواخر اوائل مطلع انذاك حينها وقتها وقتذاك قبلها بعدها غدا منتصف"
)
_PERIODS = word_set("الاسبوع الشهر العام السنه")
_LAST_OR_NEXT = word_set("الماضي الماضيه الجاري الجاريه الحالي الحاليه المقبل المقبله الفائت المنصرم")
ADVERBS = word_set(
    "ايضا كذلك بدوره بدورها بدورهم قد فقد فيها فيه فيهما عنه عنها به بها له لها لهم هنا هناك مجددا صراحه علنا رسميا وقتئذ كل"
)
COMMAS = frozenset(("،", ",", "؛", ";"))
_SIDES = word_set("جهته جهتها جهتهم جهتهما جانبه جانبها جانبهم ناحيته ناحيتها")
_CLAUSE_HEADS = word_set(
    "وكان كان وكانت كانت وكانوا لكن ولكن لكنه ولكنه لكنها ولكنها الا ان فيما وفيما بينما اما واما وان حيث قد وقد كما هو هي وهو "
    "وهي اذ انه انها حين ثم ما بعدما عندما و"
)
_TURNS = frozenset(("حيث", "بينما", "فيما", "عندما", "بعدما"))
_COMINGS = word_set("ياتي وياتي تاتي وتاتي جاء وجاء جاءت وجاءت يذكر ويذكر")
_PREPOSITIONS = word_set(
    "في من علي الي عن مع خلال عبر عقب بعد قبل اثناء امام لدي ضد منذ حتي دون بدون عند تحت فوق بين حول وسط بسبب ردا تعليقا "
    "ضمن حيال تجاه بشان ازاء رغم حين فيما بينما حيث عندما اذ لكن الا كما لما بعدما قبيل بعيد غداه اثر جراء نتيجه بموجب نقلا "
    "ما اذا لو كي لكي ثم او وهو وهي هو هي وذلك التي الذي الذين اللذين وفي ومن وعلي والي وعن ومع وبعد وقبل لم لن لا ولم ولا "
    "ويدعي مما ممن وقد وسط"
)
_STOPS = frozenset((".", "،", ",", ":", ";", "؛", "(", ")", "؟", "!", "…", "-", "–", "—"))
_BARRIERS = _STOPS | _TURNS | THAT
RELATIVES = word_set("الذي التي الذين والذي والتي")
OFFICES = word_set(
    "مصدر مصادر مسؤول مسؤولون مسؤولين مسؤوله مسئول مسئولون متحدث متحدثه متحدثا متحدثون ناطق ناطقه شهود شاهد ناشط ناشطون ناشطين "
    "ناشطه دبلوماسي دبلوماسيون دبلوماسيين خبير خبراء محلل محللون مدير مديره رئيس رئيسه وزير وزيره قائد عضو اعضاء نائب سكان اهالي "
    "اقارب قيادي قياديون ضابط ضباط طبيب محام محامي والد والده شقيق نجل ممثل ممثلون ممثلو مندوب مندوبه سفير سفيره باحث باحثون "
    "علماء عالم مراقبون مشرع نواب ابن زوجه محققون شرطي مبعوث منسق مستشار مساعد امين بيان تقرير وسائل مسؤولو"
)
_OF_OFFICE = frozenset(("في", "لدي", "من"))
_IN_THE_NAME = frozenset(("باسم", "بلسان", "باسمه", "باسمها"))
_DOCUMENTS = word_set("بيان تقرير تغريده وثيقه رساله منشور حساب موقع صفحه")
_CORRESPONDENTS = word_set("مراسل مراسله مراسلو مراسلون مصور مصوره صحفي صحافي صحافيه صحفيه")
_B_WORDS = ("بي", "بر", "بن", "بع", "بل", "بط", "با")
_LONGEST = 18
_WITHIN = 80
_ADJECTIVE_ENDINGS = (
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


def is_verbal_noun(form: str) -> bool:
    """Whether a bare word looks like the name of an act («تعليق», «انسحاب», «مقتل») rather than of somebody."""
    return form in _VERBALS or (form not in _NOT_VERBAL and _VERBAL.fullmatch(form) is not None)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it: `name` canonical or words of the text, `text` the words that name the speaker, and their tokens."""

    name: str
    text: str
    first: int
    last: int
    entity: int | None


class Cast:
    """The named entities of an article laid over its words, and the speakers met so far."""

    __slots__ = ("_bodies", "_closing", "_heads", "_latest", "at", "cues", "entities", "spans", "text", "words")

    def __init__(self, words: Words, entities: Sequence[Entity], text: str, cues: Mapping[int, Cue]) -> None:
        self.words = words
        self.cues = cues
        self.text = text
        self.entities = sorted(entities, key=lambda e: (e.start, -e.end))
        self.spans = [words.span(e) for e in self.entities]
        self.at = covering(self.spans, len(words))
        self._closing = {close: first for first, close in words.closes.items()}
        self._latest: dict[Gender, Speaker] = {}
        self._heads: dict[str, Speaker] = {}
        self._bodies: dict[str, list[int]] = {}
        for entity, (first, last) in zip(self.entities, self.spans, strict=True):
            if first < last and entity.type in ("ORG", "GRP") and self.entities[self.at[first]] is entity:
                self._bodies.setdefault(words.forms[first].removeprefix("ال"), []).append(first)

    # -- the speakers met so far ---------------------------------------------

    def remember(self, speaker: Speaker, gender: Gender) -> None:
        """The speaker of the latest claim, for the bare verbs that follow."""
        self._latest[""] = speaker
        if gender:
            self._latest[gender] = speaker
        head = self.words.forms[speaker.first].removeprefix("ال")
        self._heads[head] = speaker

    def latest(self, gender: Gender) -> Speaker | None:
        """The latest speaker, of the verb's gender if it shows one."""
        return self._latest.get(gender) or self._latest.get("")

    def met(self, form: str, before: int) -> Speaker | None:
        """Whom a bare definite noun means («الوزارة»): the latest speaker or organisation whose name begins with it."""
        head = form.removeprefix("و").removeprefix("ال")
        known = self._heads.get(head)
        firsts = self._bodies.get(head, [])
        at = bisect_left(firsts, before) - 1
        if at >= 0 and (known is None or firsts[at] > known.first):
            return self.named(self.at[firsts[at]])
        return known

    # -- names and phrases ------------------------------------------------------

    def led(self, n: int) -> str:
        """The clitic that shares a token with the start of an entity («ل» in «لروسيا»), or nothing."""
        first = self.spans[n][0]
        gap = self.entities[n].start - self.words.starts[first]
        return self.words.forms[first][:gap] if gap > 0 else ""

    def named(self, n: int) -> Speaker:
        entity = self.entities[n]
        return Speaker(entity.canonical, entity.text, *self.spans[n], n)

    def words_between(self, first: int, last: int) -> str:
        """The original text of a half-open range of tokens."""
        return self.text[self.words.starts[first] : self.words.ends[last - 1]]

    # -- the noun phrase ------------------------------------------------------------

    def subject(self, i: int, stop: int, strict: bool = False) -> tuple[Speaker | None, int]:
        """The speaker in subject position from token i on (None: nobody is named there), and the token behind.

        `strict` ends the phrase where an object may begin: the verb takes one.
        """
        start = self._skip_adjuncts(i, stop)
        if strict and start < stop and self.at[start] < 0 and self._is_object(start):
            return None, start
        end = self._phrase_end(start, min(stop, start + _LONGEST), strict)
        if end < stop and self.words.forms[start] in _DOCUMENTS and self.words.forms[end] in ("عن", "صادر"):
            end = self._phrase_end(end + 2 if self.words.forms[end] == "صادر" else end + 1, stop, strict)
        if end == start:
            return None, start
        behind = self._apposition(end, stop)
        speaker = self._speaker(start, end, behind)
        return speaker, end if behind is None or behind != speaker.entity else self.spans[behind][1]

    def subject_before(self, i: int, first: int) -> Speaker | None:
        """The speaker named before a verb in its clause: «لكن المتحدث نفى», «الذي قال»."""
        forms = self.words.forms
        k = i
        while k > first and i - k < 12 and forms[k - 1] not in _BARRIERS:
            k -= 1
        if (
            k > first + 1
            and forms[k - 1] in COMMAS
            and any(form in ("اما", "واما") for form in forms[first : first + 2])
        ):
            k = first
        while k < i and (forms[k] in _CLAUSE_HEADS or forms[k] in ADVERBS or forms[k].removeprefix("و") in TIME_WORDS):
            k += 1
        if k >= i or forms[k] in _COMINGS:
            return None
        if forms[i - 1] in RELATIVES:
            names = [n for n in dict.fromkeys(self.at[max(first, i - 12) : i]) if n >= 0]
            return self.named(names[-1]) if names else None
        speaker, end = self.subject(k, i)
        while end < i and (forms[end] in COMMAS or forms[end] in ADVERBS):
            end += 1
        beside = end == i or (speaker is not None and speaker.entity is not None)
        return speaker if beside and not forms[i - 1][0].isdigit() else None

    def main_name(self, first: int, last: int) -> Speaker | None:
        """The first person, else organisation, named in a range of tokens as more than a complement."""
        names = [
            n
            for n in dict.fromkeys(self.at[first : min(last, first + _WITHIN)])
            if n >= 0 and self.led(n)[-1:] not in ("ل", "ب")
        ]
        for kinds in (("PER",), ("ORG", "GRP")):
            for n in names:
                if self.entities[n].type in kinds and self.spans[n][0] >= first:
                    return self.named(n)
        return None

    def _skip_adjuncts(self, i: int, stop: int) -> int:
        forms = self.words.forms
        while i < stop and self.at[i] < 0:
            form = forms[i]
            if form in COMMAS or form == "#" or form in ADVERBS or form in TIME_WORDS or form in _PERIODS:
                i += 1
            elif form in ("من", "ومن") and i + 1 < stop and (forms[i + 1] in _SIDES or forms[i - 1] == "كل"):
                i += 2 if forms[i + 1] in _SIDES else 1
            elif form == "في" and i + 2 < stop and forms[i + 1] == "وقت":
                i += 3
            else:
                break
        return i

    def _is_object(self, i: int) -> bool:
        """Whether a word is rather what is said than who says it: «أكدت رفضها», «قرر تعليق»."""
        form = self.words.forms[i]
        if form.endswith(("ها", "هم", "هما")) or (form[-1] == "ه" and self.text[self.words.ends[i] - 1] == "ه"):
            return len(form) > 3
        return is_verbal_noun(form)

    def _phrase_end(self, start: int, stop: int, strict: bool) -> int:
        """Token behind the noun phrase that starts at a token (start itself: none does)."""
        forms, at = self.words.forms, self.at
        definite, end = False, start
        while end < stop:
            form, n = forms[end], at[end]
            if n >= 0:
                if self._begins_another(n, start, end, strict):
                    break
                definite = True
                end = max(end + 1, self.spans[n][1])
            elif form == QUOTE:
                close = self.words.closes.get(end)
                if close is not None and close < stop and (at[end + 1] >= 0 or close - end <= 3) and close - end <= 6:
                    end = close + 1
                elif self._closing.get(end, -1) >= start - 1 and end > start:
                    end += 1
                else:
                    break
            elif form in _IN_THE_NAME or form in ("#", "_"):
                end += 1
            elif form in _STOPS or form in THAT or form in TIME_WORDS or form in ADVERBS or self._turns(end):
                break
            elif form in _PREPOSITIONS:
                if not (form in _OF_OFFICE and end > start and self._office(start, end)):
                    break
                end += 1
            elif (
                form in ("ل", "ب")
                or form.startswith(("لل", "بال"))
                or (end == start and form[0] in "بل" and len(form) > 3 and self._clitic(form))
            ):
                if end == start or not self._office(start, end):
                    break
                end += 1
            elif definite and not self._goes_on(form, end, start, strict):
                if not self._person_ahead(end, stop):
                    break
                end += 1
            else:
                definite = definite or form.startswith("ال")
                end += 1
        return end

    def _begins_another(self, n: int, start: int, end: int, strict: bool) -> bool:
        """Whether a name at token `end` is no part of the phrase: led by «ل» or «ب», or the object behind the subject."""
        if self.spans[n][0] != end:
            return False
        office = end > start and self._office(start, end)
        if self.led(n)[-1:] in ("ل", "ب"):
            return not office
        if not strict or end == start or self.led(n) == "و" or self.words.forms[end - 1] == "و":
            return False
        if self.entities[n].type == "PER":
            return self.at[end - 1] >= 0 and not office
        return self.at[end - 1] >= 0 or self.words.forms[end - 1].startswith("ال")

    def _turns(self, i: int) -> bool:
        """Whether «الأسبوع الماضي» or «قائلا» begins at a token."""
        form, cue = self.words.forms[i], self.cues.get(i)
        if form in _PERIODS:
            return i + 1 < len(self.words) and self.words.forms[i + 1] in _LAST_OR_NEXT
        if cue is None:
            return False
        return form == "بالقول" or (cue.form == "participle" and (cue.lemma == "قال" or form[-1] == "ا"))

    def _clitic(self, form: str) -> bool:
        """Whether the first letter is rather a preposition than part of the word."""
        return not form.startswith(_B_WORDS) if form[0] == "ب" else not form.startswith(("لج", "لو", "لا", "لق", "لي"))

    def _goes_on(self, form: str, end: int, start: int, strict: bool) -> bool:
        """Whether a word can continue a phrase that is definite already."""
        if form.startswith(("ال", "وال")) and len(form) > 3:
            bare = self.at[end - 1] >= 0 or end == start + 1
            return not (strict and bare and not form.endswith(_ADJECTIVE_ENDINGS))
        before = self.words.forms[end - 1]
        return end > start and (before in _IN_THE_NAME or before in _OF_OFFICE or before in ("_", "#"))

    def _office(self, start: int, end: int) -> bool:
        return any(self.words.forms[i].removeprefix("ال") in OFFICES for i in range(start, min(end, start + 3)))

    def _person_ahead(self, i: int, stop: int) -> bool:
        """Whether a person's name follows within a few words of titles."""
        for k in range(i, min(i + 6, stop)):
            n = self.at[k]
            if n >= 0 and self.entities[n].type == "PER":
                return True
            if self.words.forms[k] in _STOPS or self.words.forms[k] in _PREPOSITIONS or self.words.forms[k] == QUOTE:
                return False
        return False

    def _speaker(self, start: int, end: int, behind: int | None) -> Speaker:
        """The speaker in a noun phrase: a person named in it or right behind it, its organisation, or its words."""
        forms = self.words.forms
        inside = [n for n in dict.fromkeys(self.at[start:end]) if n >= 0]
        for n in inside:
            if self.entities[n].type == "PER" and self._heads_phrase(n, start):
                return self.named(n)
        if behind is not None:
            return self.named(behind)
        if inside:
            first = self.spans[inside[0]][0]
            office = self._office(start, max(first, start))
            document = forms[start] in _DOCUMENTS or forms[start] in _CORRESPONDENTS
            if first <= start or document or (first <= start + 2 and not office):
                return self.named(inside[0])
        while end > start + 1 and forms[end - 1] in ("#", "_", "قوله"):
            end -= 1
        if end == start + 1 and not inside and forms[start].startswith("ال"):
            known = self.met(forms[start], start)
            if known is not None:
                return Speaker(known.name, self.words_between(start, end), start, end, known.entity)
        text = self.words_between(start, end)
        return Speaker(text, text, start, end, None)

    def _heads_phrase(self, n: int, start: int) -> bool:
        """Not «شقيق فلان»: a person whose relative or office speaks is not the speaker."""
        first = self.spans[n][0]
        before = self.words.forms[first - 1] if first > start else ""
        return before not in ("شقيق", "والد", "والده", "نجل", "زوجه", "محامي", "ابن", "باسم", "ابنه", "حمله")

    def _apposition(self, i: int, stop: int) -> int | None:
        """A person's name after a comma (and a title or two): «رئيس الوزراء، السيد فلان»."""
        forms = self.words.forms
        if i >= stop or forms[i] not in COMMAS:
            return None
        for k in range(i + 1, min(i + 12, stop)):
            n = self.at[k]
            if n >= 0 and self.entities[n].type == "PER":
                return None if self.led(n) else n
            if forms[k] in THAT or (n < 0 and forms[k] in _PREPOSITIONS) or forms[k] == QUOTE:
                return None
            if forms[k] in COMMAS and forms[k + 1 : k + 2] and k - i > 1 and self.at[k + 1 if k + 1 < stop else k] < 0:
                return None
        return None
