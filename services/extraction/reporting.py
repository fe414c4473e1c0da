"""Words that report what somebody says: verbs in their inflections, participles, verbal nouns, «according to»."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Literal, cast, get_args

Stance = Literal["statement", "denial", "confirmation", "accusation"]
Form = Literal["past", "present", "participle", "noun", "according"]
Gender = Literal["m", "f", ""]

COMPLEMENTS = frozenset(
    ("an", "quote", "noun", "person", "object", "pronoun", "ب", "عن", "الي", "علي", "من", "في", "ل")
)
_CONJUNCTIONS = ("", "و", "ف")
_OBJECTS = ("ه", "ها", "هم", "هما")
_ACCORDING = ("وفق", "وفقا", "بحسب", "حسب", "حسبما", "طبقا", "نقلا")
_TABLE = "reporting_verbs.tsv"


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting word: its lemma and form, what may follow the speaker, the speaker's gender as the form shows it.

    `led` says that «و» or «ف» stands before it, `pronoun` that an object pronoun ends it, `plural` that it is dual or
    plural: such a verb has its subject before it or not at all. Where there are `needs`, a word that begins with one of
    them must follow for the word to report anything.
    """

    lemma: str
    form: Form
    complements: frozenset[str]
    stance: Stance
    gender: Gender = ""
    led: bool = False
    pronoun: bool = False
    plural: bool = False
    needs: tuple[str, ...] = ()


def _feminine(past: str) -> str:
    return (past[:-1] if past[-1] in "اي" else past) + "ت"


def _past(stem: str) -> Iterator[tuple[str, Gender]]:
    weak = stem[-1] in "اي"
    base = stem[:-1] if weak else stem
    yield stem, "m"
    yield _feminine(stem), "f"
    yield base + "وا", "m"
    yield base + "تا", "f"
    if not weak:
        yield stem + "ا", "m"
        yield stem + "ن", "f"


def _present(stem: str) -> Iterator[tuple[str, Gender]]:
    feminine = "ت" + stem[1:]
    yield stem, "m"
    yield feminine, "f"
    yield (stem[:-1] if stem[-1] in "وي" else stem) + "ون", "m"
    yield stem + "ان", "m"
    yield feminine + "ان", "f"


def _participle(stem: str) -> Iterator[tuple[str, Gender]]:
    yield stem + "ا", "m"
    yield stem + "ه", "f"
    yield (stem[:-1] if stem[-1] == "ي" else stem) + "ين", "m"


def _inflections(past: str, present: str, participle: str, noun: str, cue: Cue) -> Iterator[tuple[str, Cue]]:
    """Each inflected form without conjunction, and what it says."""
    if past != "-":
        for form, gender in _past(past):
            yield form, replace(cue, form="past", gender=gender, plural=form not in (past, _feminine(past)))
    if present != "-":
        for form, gender in _present(present):
            yield form, replace(cue, form="present", gender=gender, plural=form not in (present, "ت" + present[1:]))
    if participle != "-":
        for form, gender in _participle(participle):
            yield form, replace(cue, form="participle", gender=gender)
    if "pronoun" in cue.complements:
        for stem, form_name in ((past, "past"), (present, "present")):
            if stem == "-" or stem[-1] in "اي":
                continue
            feminine = "ت" + stem[1:] if form_name == "present" else stem + "ت"
            for verb, gender in ((stem, "m"), (feminine, "f")):
                for pronoun in _OBJECTS:
                    yield (
                        verb + pronoun,
                        replace(cue, form=cast(Form, form_name), gender=gender, pronoun=True),
                    )
    if noun != "-":
        for clitic, stem in product(("", "ب"), noun.split("|")):
            yield clitic + stem, replace(cue, form="noun")
            yield clitic + "ال" + stem, replace(cue, form="noun")
            for pronoun in _OBJECTS:
                yield clitic + stem + pronoun, replace(cue, form="noun", pronoun=True)


@cache
def reporting_words() -> dict[str, Cue]:
    """Every inflected reporting word with its clitics, in folded spelling. Raises ValueError if the table is malformed."""
    words: dict[str, Cue] = {}

    def enter(form: str, cue: Cue) -> None:
        for conjunction in _CONJUNCTIONS:
            words.setdefault(conjunction + form, replace(cue, led=bool(conjunction)))

    text = (files(__package__) / "data" / _TABLE).read_text(encoding="utf-8")
    for line in [line for line in text.splitlines() if line and not line.startswith("#")][1:]:
        row = line.split("\t")
        if len(row) != 7 or row[5] not in get_args(Stance) or not COMPLEMENTS.issuperset(row[4].split()):
            raise ValueError(f"{_TABLE}: {line!r} is not seven columns with known complements and stance")
        needs = () if row[6] == "-" else tuple(row[6].split())
        cue = Cue(row[0], "past", frozenset(row[4].split()), cast(Stance, row[5]), needs=needs)
        for form, inflected in _inflections(row[0], row[1], row[2], row[3], cue):
            enter(form, inflected)
    for word in _ACCORDING:
        words.update({c + word: Cue(word, "according", frozenset(), "statement", led=bool(c)) for c in _CONJUNCTIONS})
    return words
