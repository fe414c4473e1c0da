"""What a person is: the title, rank or office that the text gives beside the name."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.articles_extracted import Entity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.gazetteer import load_gazetteer
from services.extraction.lists import form_list
from services.extraction.remembered import remembered
from services.extraction.reporting import reporting_words
from services.extraction.words import QUOTE, Words, covering, read_words, shown, word_set

OFFICES = form_list("office")
RANKS = form_list("rank or address")
_GOES_ON = form_list("office goes on")
_CONSTRUCT = form_list("construct") | word_set(
    "اركان مكتب مجلس هيئه فرع قسم دائره غرفه فريق وفد لجنه كتله حكومه وزراء عهد حزب"
)
_OF_OFFICE = word_set("في لدي الي من علي ل ب")
_IN_THE_NAME = word_set("باسم بلسان")
_SO_CALLED = word_set("ما يسمي يعرف يدعي")
_SPEECHES = word_set("تصريح تصريحات بيان تغريده حديث مقابله لقاء مؤتمر خطاب كلمه رساله اتصال وقت")
_COMMAS = frozenset(("،", ","))
_OPEN = frozenset(("،", ",", "(", "-", "–", "—"))
_ENDS = frozenset((".", "،", ",", ")", "؛", ":", "-", "–", "—", "؟", "!", QUOTE))
_PRESENTS = frozenset(("عن", "وعن", "لسان", "بقياده", "برئاسه", "بزعامه", "بحسب", "وبحسب", "وفق"))
_THAT = word_set("ان بان انه انها بانه بانها")
_LONGEST = 14
"""Tokens of the longest role."""


def with_roles(article: NormalizedArticle, entities: Sequence[Entity]) -> list[Entity]:
    """The same entities in the same order, each person with the `role` that the text gives beside this mention.

    A role is in the words of the text: what stands directly before the name («وزير الخارجية الروسي», «العميد»), before it
    with a comma, or behind it in apposition; what stands on both sides is joined by a comma. Null where there is none.
    """
    if not any(entity.type == "PER" for entity in entities):
        return list(entities)
    words = read_words(article)
    beside = _Beside(words, entities, article.text)
    return [
        entity.model_copy(update={"role": role})
        if entity.type == "PER" and (role := beside.role(n)) is not None
        else entity
        for n, entity in enumerate(entities)
    ]


class _Beside:
    """Reads the phrases beside the names of one article."""

    def __init__(self, words: Words, entities: Sequence[Entity], text: str) -> None:
        self.words, self.forms, self.text = words, words.forms, text
        self.entities = entities
        self.spans = [words.span(entity) for entity in entities]
        self.at = covering(self.spans, len(words))
        self.nationalities = load_gazetteer().nationalities

    def role(self, n: int) -> str | None:
        """The role of the person who is entity n."""
        first, last = self.spans[n]
        if first >= last or self.words.sentence_of[first] < 0 or self.entities[n].start > self.words.starts[first]:
            return None  # a clitic before the name: «ووزير الخارجية وفلان»
        a, b = self.words.sentences[self.words.sentence_of[first]]
        before = self._before(first, a)
        behind = self._behind(first, last, a, b)
        both = [self._text(*span) for span in (before, behind) if span is not None]
        return "، ".join(both) or None

    # -- before the name -------------------------------------------------------------

    def _before(self, first: int, a: int) -> tuple[int, int] | None:
        """The phrase that ends at the name, or at a comma before it; of several the longest that is one phrase."""
        end = first
        while end > a and self.forms[end - 1] in ("#", QUOTE, "_"):
            end -= 1
        found = self._longest(end, a)
        if found is None:
            comma = end > a + 1 and self.forms[end - 1] in _COMMAS
            start = self._longest(end - 1, a, offices_only=True) if comma else None
            return None if start is None else (start, end - 1)
        if found > a + 1 and self.forms[found - 1] in _COMMAS and self._only_ranks(found, end):
            wider = self._longest(found - 1, a, offices_only=True)
            found = found if wider is None else wider
        return found, end

    def _longest(self, end: int, a: int, offices_only: bool = False) -> int | None:
        """The furthest token before `end` from which one phrase of titles reaches it."""
        best = None
        for k in range(end - 1, max(a, end - _LONGEST) - 1, -1):
            form, n = self.forms[k], self.at[k]
            if n >= 0 and self.entities[n].type == "PER" and self.spans[n][0] == k:
                break
            if form in _ENDS or form in _THAT:
                break
            if n >= 0:
                continue
            bare, cut = _bare(self.forms[k])
            if _is_head(bare) and self._reads(k, end):
                best = k
            if cut and _is_head(bare):
                break
        if best is not None and offices_only and self._only_ranks(best, end):
            return None
        return best

    def _only_ranks(self, k: int, end: int) -> bool:
        return all(_bare(self.forms[i])[0] in RANKS for i in range(k, end))

    def _reads(self, k: int, end: int) -> bool:
        """Whether the tokens from k to `end` are one phrase of titles."""
        return self._reach(k, end) == end

    def _reach(self, k: int, stop: int) -> int:
        """The token behind the phrase of titles that begins with the title at token k."""
        forms, at = self.forms, self.at
        head, _ = _bare(self.forms[k])
        definite, i, last = head.startswith("ال") or head in RANKS, k + 1, k + 1
        while i < stop:
            form, n = forms[i], at[i]
            if n >= 0:
                if self.entities[n].type == "PER":
                    break
                i = last = max(i + 1, self.spans[n][1])
                definite = True
            elif form in ("#", "_", QUOTE) or form in _SO_CALLED:
                i += 1
            elif form == "في" and i + 1 < stop and forms[i + 1] in _SPEECHES:
                break
            elif form in _IN_THE_NAME or (form in _OF_OFFICE and i + 1 < stop):
                definite, i = False, i + 1
            elif _is_head(form):
                # «الرئيس السوري وزير الخارجية» are two people; «نائب وزير», «السيد وزير», «الناطق العميد» one.
                if definite and not form.startswith("ال") and form not in RANKS and not _is_head(forms[i - 1]):
                    break
                definite = definite or form.startswith("ال")
                i = last = i + 1
            elif form.startswith(("ال", "وال", "لل", "بال")) and len(form) > 3:
                definite = True
                i = last = i + 1
            elif form in _GOES_ON or form in self.nationalities:
                i = last = i + 1
            elif form in _CONSTRUCT or (form[0] in "لب" and form[1:] in _CONSTRUCT) or self._is_plain(form, definite):
                i += 1
            else:
                break
        return last

    def _is_plain(self, form: str, definite: bool) -> bool:
        """Whether a word may go on with a phrase that nothing has made definite: «رئيس بلدية», no verb of speech."""
        return not definite and form.isalpha() and len(form) > 2 and form not in reporting_words()

    # -- behind the name -----------------------------------------------------------------

    def _behind(self, first: int, last: int, a: int, b: int) -> tuple[int, int] | None:
        """The phrase in apposition behind the name: «فلان، رئيس الوزراء،», «قال فلان المتحدث باسم التحالف إن»."""
        forms = self.forms
        k = last
        while k < b and forms[k] in (QUOTE, "_"):
            k += 1
        opened = k < b and forms[k] in _OPEN
        k += opened
        if k < b and forms[k] in ("وهو", "وهي"):
            opened, k = True, k + 1
        if k >= b or self.at[k] >= 0 or not _is_head(forms[k]):
            return None
        if not opened and not self._presented(first, a):
            return None
        end = self._reach(k, min(b, k + _LONGEST))
        if end < b and self.at[end] >= 0:
            return None  # the title of somebody named behind it
        if end < b and opened and forms[end] not in _ENDS and forms[end] not in _THAT and forms[end] != "في":
            return None
        if self._only_ranks(k, end) or (end + 1 < b and forms[end] in _COMMAS and self._is_person(end + 1)):
            return None
        return k, end

    def _is_person(self, k: int) -> bool:
        return self.at[k] >= 0 and self.entities[self.at[k]].type == "PER"

    def _presented(self, first: int, a: int) -> bool:
        """Whether the name is a subject that nothing but its apposition can follow: behind «قال» or «عن», or the first."""
        k = first
        while k > a and (_is_head(self.forms[k - 1]) or self.forms[k - 1] in ("#", QUOTE)):
            k -= 1
        if k == a:
            return True
        cue = reporting_words().get(self.forms[k - 1])
        return self.forms[k - 1] in _PRESENTS or (
            cue is not None and "an" in cue.complements and not cue.complements & {"noun", "person", "object"}
        )

    def _text(self, first: int, last: int) -> str:
        """The words of the original text, without a clitic before the first; its article is written out."""
        bare, cut = _bare(self.forms[first])
        words = self.words
        text = " ".join(shown(self.text[words.starts[first] + cut : words.ends[last - 1]]).split())
        return f"ا{text}" if bare.startswith("ال") and not text.startswith(("ا", "أ")) else text


def _is_head(form: str) -> bool:
    """Whether a token is a title: an office with or without the article, a rank, a form of address."""
    return form in OFFICES or form in RANKS or (form.startswith("ال") and form[2:] in OFFICES)


@remembered(1 << 13)
def _bare(form: str) -> tuple[str, int]:
    """A token without the clitic before a title («لوزير», «والرئيس», «للرئيس»), and the letters left out."""
    if _is_head(form):
        return form, 0
    if form.startswith("لل"):
        return f"ا{form[1:]}", 1
    if form.startswith("ولل"):
        return f"ا{form[2:]}", 2
    for cut in (1, 2):
        if form[cut - 1 : cut] in ("و", "ل", "ب", "ف", "ك") and _is_head(form[cut:]):
            return form[cut:], cut
    return form, 0
