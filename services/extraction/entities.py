"""All named entities of an article: from the lists, by rule, and by being named again; overlaps resolved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Literal

from schemas.articles_extracted import Entity
from schemas.articles_normalized import NormalizedArticle
from services.extraction.atlas import load_atlas
from services.extraction.gazetteer import Entry, Form, Gazetteer, Hit, Precision, load_gazetteer
from services.extraction.line import Line
from services.extraction.mentions import Mention, without_overlaps
from services.extraction.organisations import Organisations
from services.extraction.people import People, family_names, load_name_words
from services.extraction.places import Places, is_said_to_be_in
from services.extraction.setting import Setting, setting_of
from services.extraction.vocabulary import Vocabulary, load_vocabulary
from services.extraction.whereabouts import located
from services.extraction.words import read_words, shown

_LEFT_OUT = {ord(mark): " " for mark in "_#"} | {
    ord(mark): None for mark in "\"“”«»'’‘`ـ" + "".join(map(chr, range(0x64B, 0x660)))
}
# Shares of such findings that were right on some 7,000 labelled mentions; so are the figures in the other modules.
_LISTED = {"PER": 0.97, "ORG": 0.92, "GRP": 0.95}
_SUPPORTED = {"PER": 0.6, "ORG": 0.85, "GRP": 0.4}
_LIST_RANK = 0
_AGAIN_RANK = 3
_LETTERS_RANK = -1
_COUNTED_RANK = 4
_SUPPORTED_RANK = 6
_AGAIN = 0.85
_LONGEST_AGAIN = 4
_MOST_LETTERS = 6


def find_entities(article: NormalizedArticle) -> list[Entity]:
    """Mentions of people, organisations, armed groups and places in reading order, spans in the original text.

    By lists and rules alone; what the tagger makes of them: `tagging.names`.
    """
    line = Line(read_words(article), article.text)
    if not len(line):
        return []
    finder = Finder(line, article.text, load_gazetteer(), load_vocabulary())
    return finder.told(finder.by_rules())


class Finder:
    """Finds mentions in one line, which must have words, and tells them as entities."""

    def __init__(self, line: Line, text: str, gazetteer: Gazetteer, vocabulary: Vocabulary) -> None:
        self._line = line
        self._text = text
        self._gazetteer = gazetteer
        self._vocabulary = vocabulary
        self.found = gazetteer.find(line)
        self.hits = self.found.hits
        self.setting = setting_of(line, self.hits, gazetteer)

    def by_rules(self) -> list[Mention]:
        """The mentions that lists and rules find, without overlaps, in reading order."""
        line, gazetteer, vocabulary, setting = self._line, self._gazetteer, self._vocabulary, self.setting
        places = Places(line, gazetteer, vocabulary, setting)
        known = without_overlaps([*self._listed(setting), *places.find(self.hits)])
        taken = {k: mention for mention in known for k in range(mention.first, mention.last)}
        ends = _ends(mention for mention in known if mention.type == "LOC")
        several = {k for k, mention in taken.items() if mention.last - mention.first > 1 and mention.type != "LOC"}
        people = list(People(line, load_name_words(), gazetteer, taken).find())
        named = _ends([*people, *(mention for mention in known if mention.type == "PER")])
        organisations = Organisations(line, gazetteer, vocabulary, ends, named, several).find()
        mentions = without_overlaps([*known, *people, *organisations, *places.sites(ends, named, taken)])
        return self.named_again(mentions)

    def named_again(self, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions, and where the family names of those people and the letters of those bodies stand alone."""
        return without_overlaps([*mentions, *self._again(mentions), *self._abbreviated(mentions)])

    def _listed(self, setting: Setting) -> Iterable[Mention]:
        """People, organisations and groups of the alias list.

        A form that needs support counts beside a sure one of the same entry, or where its country is told of.
        """
        sure = {form.entry for hit in self.hits for form in hit.forms if form.use == "always" and form.entry.name}
        for hit in self.hits:
            for form in hit.forms:
                entry = form.entry
                if entry.type == "LOC" or not self._counts(form, hit, sure, setting):
                    continue
                first, cut = hit.first + form.lead, 0 if form.lead else hit.cut
                rank = _LIST_RANK if entry.curated else _COUNTED_RANK
                rank = _SUPPORTED_RANK if form.use == "supported" else rank
                confidence = _LISTED[entry.type] if form.use == "always" else _SUPPORTED[entry.type]
                yield Mention(first, hit.last, cut, entry.type, confidence, rank, entry=entry)
                break

    def _counts(self, form: Form, hit: Hit, sure: Container[Entry], setting: Setting) -> bool:
        if form.use == "sport":
            place = any(other.entry.type == "LOC" for other in hit.forms)
            return setting.sport and not (place and is_said_to_be_in(self._line, hit.first, hit.cut))
        if form.use == "supported":
            told = setting.countries[form.entry.country or ""] > 1
            return form.entry in sure or (told and hit.last - hit.first > 1)
        if hit.cut and hit.last - hit.first == 1 and form.entry.type != "LOC":
            word = self._vocabulary.word(self._line.forms[hit.first])
            return word is None or word.person + word.organisation >= 0.3
        return True

    def _again(self, mentions: Sequence[Mention]) -> Iterable[Mention]:
        """The family names of people named in full, where they stand alone."""
        line = self._line
        ways: dict[tuple[str, ...], Mention] = {}
        for mention in mentions:
            if mention.type == "PER" and mention.last - mention.first > 1:
                for way in family_names([self._first_form(mention), *line.forms[mention.first + 1 : mention.last]]):
                    if len("".join(way)) > 2:
                        ways.setdefault(way, mention)
        if not ways:
            return
        heads = {way[0] for way in ways}
        for k, readings in enumerate(line.readings):
            for cut, form, _ in readings:
                if form not in heads:
                    continue
                for length in range(min(_LONGEST_AGAIN, len(line) - k), 0, -1):
                    whole = ways.get((form, *line.forms[k + 1 : k + length]))
                    if whole is not None and (k, k + length) != (whole.first, whole.last):
                        yield whole._replace(
                            first=k, last=k + length, cut=cut, confidence=_AGAIN, rank=_AGAIN_RANK,
                            name=whole.name or self._called(whole),
                        )  # fmt: skip
                        break

    def _abbreviated(self, mentions: Sequence[Mention]) -> Iterable[Mention]:
        """The letters in brackets that stand for the organisation or group before them, wherever they stand."""
        forms = self._line.forms
        letters: dict[tuple[str, ...], Mention] = {}
        for mention in mentions:
            if mention.type in ("ORG", "GRP"):
                short = self._letters_behind(mention)
                if short:
                    letters.setdefault(short, mention)
        for k in range(len(forms) if letters else 0):
            for short, mention in letters.items():
                if forms[k] == short[0] and tuple(forms[k : k + len(short)]) == short:
                    yield mention._replace(
                        first=k, last=k + len(short), cut=0, confidence=_AGAIN, rank=_LETTERS_RANK,
                        name=self._called(mention),
                    )  # fmt: skip

    def _letters_behind(self, mention: Mention) -> tuple[str, ...]:
        """The words by which a name is shortened right behind it: «(IOM)», «(م.ن.د)», «(مند)», «(قنا)»; or none."""
        line, forms, k = self._line, self._line.forms, mention.last
        if forms[k : k + 1] == ["("] and ")" in forms[k + 2 : k + 2 + _MOST_LETTERS]:
            short = forms[k + 1 : forms.index(")", k + 2)]
        elif k < len(forms) and line.opens(k) and line.closes(k):
            short = forms[k : k + 1]
        else:
            return ()
        if len(short) > 1:
            return tuple(short) if all(len(form) == 1 and form.isalpha() for form in short) else ()
        start, end = line.span(*((k + 1, k + 2) if forms[k] == "(" else (k, k + 1)))
        if short[0].isascii():
            return tuple(short) if short[0].isalpha() and end - start > 1 and self._text[start:end].isupper() else ()
        name = [form.removeprefix("لل").removeprefix("ال") for form in forms[mention.first : mention.last]]
        initials = "".join(form[:1] for form in name)
        known = any(form.entry is mention.entry for form in self._gazetteer.forms(short[0]))
        return tuple(short) if known or (len(short[0]) > 2 and initials.startswith(short[0])) else ()

    def _called(self, mention: Mention) -> str:
        """What a mention is called: its English name where the lists have it, else the article's own words."""
        if mention.entry is not None and mention.entry.name:
            return mention.entry.name
        if mention.name is not None:
            return mention.name
        return self._in_normal_form(mention)

    def _in_normal_form(self, mention: Mention) -> str:
        start, end = self._line.span(mention.first, mention.last, mention.cut)
        name = normal_form(self._text[start:end])
        has_article = name.startswith("ل") and self._first_form(mention).startswith("ال")
        return f"ا{name}" if has_article else name

    def _first_form(self, mention: Mention) -> str:
        """A mention's first word, folded, without clitics and with its article."""
        return next(r.form for r in self._line.readings[mention.first] if r.cut == mention.cut)

    def told(self, mentions: Sequence[Mention]) -> list[Entity]:
        """The mentions as entities: named alike where they mean the same, places with where they are."""
        mentions = located(self._line, mentions, self.setting, load_atlas())
        names = self._names(mentions)
        entities: list[Entity] = []
        reached = 0
        for mention, name in zip(mentions, names, strict=True):
            start, end = self._line.span(mention.first, mention.last, mention.cut)
            if start < reached or start >= end:  # where normalization repaired letters, two words may share one block
                continue
            reached = end
            entry = mention.entry
            place = entry or mention.near if mention.type == "LOC" else None
            entities.append(
                Entity(
                    text=self._text[start:end], start=start, end=end, type=mention.type, canonical=name,
                    wikidata=entry.wikidata if entry else None,
                    country=(place.country if place else mention.country) if mention.type == "LOC" else None,
                    lat=place.lat if place else None,
                    lon=place.lon if place else None,
                    precision=_precision(mention, place),
                    confidence=mention.confidence,
                )
            )  # fmt: skip
        return entities

    def _names(self, mentions: Sequence[Mention]) -> list[str]:
        """Canonical names; mentions written alike (folded) have the first one's.

        «وزاره الدفاع» is the Syrian one where the article names no ministry of defence but that.
        """
        first: dict[tuple[str, str], str] = {}
        full: dict[str, set[str]] = {}
        for mention in mentions:
            if mention.name and mention.country and mention.country in self._gazetteer.adjectives:
                adjective = self._gazetteer.adjectives[mention.country]
                full.setdefault(mention.name.removeprefix(f"{adjective} "), set()).add(mention.name)
        names = []
        for mention in mentions:
            called = self._called(mention)
            if mention.name is None and not (mention.entry and mention.entry.name):
                folded = " ".join([self._first_form(mention), *self._line.forms[mention.first + 1 : mention.last]])
                called = first.setdefault((mention.type, folded), called)
            elif mention.country is None and len(full.get(called, ())) == 1:
                (called,) = full[called]
            names.append(called)
        return names


def _precision(mention: Mention, place: Entry | None) -> Precision | Literal["near"] | None:
    """What the coordinates are the centre of: for a place only known to be at another, of that other or its region."""
    if place is None or mention.entry is not None:
        return place.precision if place else None
    if mention.guessed:
        return "region"
    return "near" if place.precision in ("exact", "town") else place.precision


def _ends(mentions: Iterable[Mention]) -> Mapping[int, int]:
    """Where the longest mention ends that begins at a word without clitics cut off."""
    ends: Counter[int] = Counter()
    for mention in mentions:
        if mention.cut == 0:
            ends[mention.first] = max(ends[mention.first], mention.last)
    return ends


def normal_form(text: str) -> str:
    """A name as the article writes it, without quotation marks, hashes, diacritics, doubled spaces."""
    return " ".join(shown(text).translate(_LEFT_OUT).split())
