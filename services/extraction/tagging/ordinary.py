"""What the network takes as names and is none: ordinary words, inflected as names are not, or part of a set phrase.

Only what neither a rule nor a list supports is looked at. The figures are from reading what the network names in 600
articles of the news that it was not trained on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.extraction.clitics import OWN_LETTER
from services.extraction.lists import word_list
from services.extraction.mentions import Mention
from services.extraction.people import is_accusative
from services.extraction.places import KINDS
from services.extraction.vocabulary import Word, load_vocabulary

_BEFORE_NOUNS = word_list("preposition")
_PREPOSITIONS = frozenset("بلك")
_PARTICLES = frozenset("بلكف")
_PARTICIPLES = re.compile("م..و.(?:ون|ين|ات)")
"""«ملفوفون»: people or things to which something was done."""
_OF_PEOPLE = ("هم", "هما", "ها", "يان")
"""Endings of ordinary words: «تدبيرهم», «دوليان». Others end names too: «مارسيليا», «يدلين», «ميشيغان»."""
_KNOWN = {"PER": 32, "LOC": 32, "ORG": 128, "GRP": 128}
"""Words that the news has so often it also knows as names, if they are some; clubs are named by rarer words."""
_LEAST_SHARE = 0.2
_MANY = 1024
_PLAIN = 0.1
_SOME = 16
_RARE = 2


def covers(phrases: Sequence[tuple[int, int]], mention: Mention) -> bool:
    """Whether a name is a part of a phrase of other meaning, or begins or ends inside it: «المغرب» of «أذان المغرب».

    The whole of it may be a name: «رولز رويس». A phrase of one word is none.
    """
    for first, last in phrases:
        if mention.first < last and first < mention.last:
            whole = mention.first <= first and last <= mention.last
            if not whole or last - first == 1 == mention.last - mention.first:
                return True
    return False


def is_ordinary(mention: Mention, forms: Sequence[str]) -> bool:
    """Whether a name that nothing else supports is rather ordinary words; `forms` are the words of its line."""
    written = forms[mention.first : mention.last]
    words = [written[0][mention.cut :], *written[1:]]
    if mention.first and forms[mention.first - 1] in KINDS:
        return False
    if mention.cut and _keeps_its_letter(mention, forms):
        return True
    if mention.type == "PER" and words[0] in OWN_LETTER and load_vocabulary().name_part(words[0]) <= _RARE:
        return True  # the network took what is left of «بستان» as a name
    if len(words) == 1 and _is_known(words[0], mention.type):
        return True
    if mention.type not in ("PER", "LOC"):
        return False
    if len(words) == 1 and not mention.cut and _has_clitic(words[0]):
        return True
    # Of a longer name it is one word too many.
    return (len(words) <= 2 and any(map(_is_inflected, words))) or is_accusative(words)


def _keeps_its_letter(mention: Mention, forms: Sequence[str]) -> bool:
    """Behind «في» no word has another preposition; nor has one that the news knows as a word, and not from names."""
    written = forms[mention.first]
    if written[mention.cut - 1] not in _PREPOSITIONS:
        return False
    if mention.cut == 1 and mention.first and forms[mention.first - 1] in _BEFORE_NOUNS:
        return True
    word = load_vocabulary().word(written)
    return mention.type == "PER" and word is not None and word.occurrences >= _SOME and _share(word) <= _PLAIN


def _is_known(form: str, kind: str) -> bool:
    """Whether the news has the word often, and hardly ever in names."""
    vocabulary = load_vocabulary()
    word = vocabulary.word(form)
    if word is None or word.occurrences < _KNOWN[kind] or _share(word) >= _LEAST_SHARE:
        return False
    if kind == "PER" and vocabulary.name_part(form):
        return word.occurrences >= _MANY and word.person <= _PLAIN / 2
    return True


def _has_clitic(form: str) -> bool:
    """«بذهن», «لولديه»: a particle and an ordinary word, which no names have."""
    vocabulary = load_vocabulary()
    return (
        form[0] in _PARTICLES
        and not vocabulary.name_part(form)
        and vocabulary.word(form) is None
        and _is_plain(form[1:])
    )


def _is_inflected(form: str) -> bool:
    """«ملفوفون», «تدبيرهم»."""
    vocabulary = load_vocabulary()
    word = vocabulary.word(form)
    if vocabulary.name_part(form) or (word is not None and _share(word) > _PLAIN):
        return False
    if _PARTICIPLES.fullmatch(form):
        return True
    for ending in _OF_PEOPLE:
        stem = form.removesuffix(ending)
        if stem != form and len(stem) > 2 and (_is_plain(stem) or _is_plain(f"{stem}ي")):
            return True
    return False


def _is_plain(form: str) -> bool:
    word = load_vocabulary().word(form)
    return word is not None and word.occurrences >= _SOME and _share(word) <= _PLAIN


def _share(word: Word) -> float:
    """How much of the time a word is in names of any kind."""
    return word.person + word.place + word.organisation
