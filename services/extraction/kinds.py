"""What kind of body a known name is, by the other forms of it: «رويترز» is a «وكالة», «داعش» a «تنظيم»."""

from __future__ import annotations

from functools import cache

from services.extraction.lists import read_list
from services.extraction.words import fold, word_set

MEDIA = word_set("وكاله صحيفه جريده مجله قناه محطه شبكه موقع تلفزيون اذاعه راديو فضائيه تلفزه")
_KINDS = MEDIA | word_set(
    "منظمه حركه تنظيم جماعه حزب مرصد هيئه مجلس شركه مؤسسه جبهه وزاره حلف تحالف ائتلاف اتحاد لجنه محكمه بعثه مفوضيه "
    "جيش ميليشيا مليشيا كتيبه لواء نادي جامعه مكتب بنك صندوق مركز معهد برلمان شرطه كتائب"
)
_NONE: frozenset[str] = frozenset()


@cache
def _kinds() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, name, _, _, forms in read_list("aliases.tsv", 5):
        if kind == "PER":
            continue
        for form in forms.split("|"):
            first, *rest = fold(form).split(" ")
            if rest and first in _KINDS:
                kinds.setdefault(name, set()).add(first)
    return {name: frozenset(found) for name, found in kinds.items()}


@cache
def _heads() -> frozenset[str]:
    heads = (fold(head).split(" ")[0] for head, *_ in read_list("organisation_heads.tsv", 4))
    return frozenset(head.removeprefix("ال") for head in heads)


def is_body(form: str) -> bool:
    """Whether a folded noun heads names of organisations and groups: «الحكومة», «جيش»."""
    return form.removeprefix("ال") in _heads()


def kinds_of(canonical: str) -> frozenset[str]:
    """Folded nouns without the article by which a known organisation or group may be called; none for an unknown one."""
    return _kinds().get(canonical, _NONE)
