"""Through whom a statement came: agencies that quote, media that were told, speech within speech."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.extraction.kinds import MEDIA, kinds_of
from services.extraction.reporting import Gender
from services.extraction.speaker_words import ADVERBS, COMMAS, TIME_WORDS
from services.extraction.speakers import Cast, Speaker
from services.extraction.words import word_set

_DRAWING = dict.fromkeys(("نقلا", "ناقله", "ناقلا"), ("عن", "وعن")) | dict.fromkeys(
    ("استنادا", "مستنده", "مستندا"), ("الي", "علي")
)
_REPORTS = word_set("وكالات صحف تقارير قنوات مواقع")
_TELLING = word_set("لـ ل مع الي")
_HEARERS = 24
"""Tokens behind a speaker within which the medium that was told is named."""


def source_behind(cast: Cast, k: int, stop: int) -> tuple[Speaker, int] | None:
    """Whom somebody quotes at token k: «، نقلا عن مسؤول»; and the token behind. A chain gives its last link."""
    forms = cast.words.forms
    while k < stop and (forms[k] in COMMAS or (cast.at[k] < 0 and (forms[k] in ADVERBS or forms[k] in TIME_WORDS))):
        k += 1
    if k + 2 >= stop or forms[k + 1] not in _DRAWING.get(forms[k], ()):
        return None
    speaker, end = cast.subject(k + 2, stop)
    return None if speaker is None else (speaker, end)


def is_medium(cast: Cast, speaker: Speaker) -> bool:
    """Whether a speaker is one that mostly tells what others say: an agency, a channel, «وسائل إعلام»."""
    forms = cast.words.forms
    form = forms[speaker.first]
    ways = {form, form.removeprefix("و"), form.removeprefix("ل"), form.removeprefix("ال")}
    if not ways.isdisjoint(MEDIA | _REPORTS):
        return True
    if "وسائل" in ways:
        return speaker.first + 1 < len(forms) and forms[speaker.first + 1] in ("اعلام", "الاعلام")
    if speaker.entity is None or cast.entities[speaker.entity].type != "ORG":
        return False
    return not MEDIA.isdisjoint(kinds_of(cast.entities[speaker.entity].canonical))


def quoting(cast: Cast, speaker: Speaker | None, gender: Gender) -> list[str]:
    """Who quotes: the subject of the verb, for a verb without one the medium of its gender that spoke last."""
    carrier = speaker or cast.latest(gender)
    if carrier is None or (speaker is None and not is_medium(cast, carrier)):
        return []
    return [carrier.name]


def told(cast: Cast, behind: int, first: int) -> list[str]:
    """The media that a speaker told it, between the speaker and what is said: «قال فلان لوكالة رويترز إن»."""
    names: list[str] = []
    for n in dict.fromkeys(cast.at[behind : min(first, behind + _HEARERS)]):
        if n < 0 or cast.entities[n].type != "ORG":
            continue
        begin = cast.spans[n][0]
        heard = cast.led(n)[-1:] == "ل" or cast.words.forms[begin - 1] in _TELLING
        if heard and is_medium(cast, cast.named(n)):
            names.append(cast.entities[n].canonical)
    return names


def apart_from(speaker: Speaker, carriers: Iterable[str]) -> tuple[str, ...]:
    """The names of carriers, each once, without the speaker's own."""
    return tuple(dict.fromkeys(name for name in carriers if name not in (speaker.name, speaker.text)))


def quoted_by(cast: Cast, cues: Sequence[int], about: int, first: int) -> tuple[Speaker | None, Speaker | None]:
    """Whose words «قوله» at token `about` brings, and who quotes them: «نقلت رويترز عن مسؤول قوله».

    `cues` are the tokens from `first` on where somebody is said to quote, in order.
    """
    forms = cast.words.forms
    for k in range(about - 1, first - 1, -1):
        if forms[k] in ("عن", "وعن", "لسان"):
            speaker = cast.subject(k + 1, about)[0]
            quoting = [i for i in cues if first <= i < k]
            carrier = cast.subject(quoting[-1] + 1, k)[0] if quoting else None
            return speaker, carrier
    return None, None
