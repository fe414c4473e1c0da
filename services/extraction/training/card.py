"""The model card: what the tagger is, what it learnt from and under which licence, how good it is, what it cannot do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from services.extraction.training.figures import Figures, TaggerFigures
from services.extraction.training.scores import Bin, Score, calibration_error
from services.extraction.training.settings import COMPONENTS

CARD = "CARD.md"
_KINDS = {"all": "all", "PER": "people", "LOC": "places", "GRP": "armed groups", "ORG": "organisations"}
_LEARNT = {
    "raw": (
        "ANT corpus (antcorpus.multisource.data), articles without labels",
        "none stated; the outlets own their text. Single words and numbers are kept, no sentence can be read back",
    ),
    "news": ("articles of it, labelled by hand for this project: names, events", "the labels: Apache 2.0"),
    "events": ("articles of it, labelled by hand for this project: events alone", "the labels: Apache 2.0"),
    "conll": ("ANERcorp, training split of the CAMeL Lab", "CC BY-SA 4.0"),
}
_AGAIN = """\
rasid train words --articles ant.jsonl.gz --out vectors.pt --minutes 60
rasid train tagger --vectors vectors.pt --labels labels.jsonl --articles articles.jsonl --conll anercorp_train.txt \\
    --dev-labels dev.jsonl --dev-articles dev_articles.jsonl --out services/extraction/data/model --figures figures.json
rasid train tagger … --off rules --figures figures.json        # a row of the ablation; so the others
rasid train tagger … --folds 5 --readings readings.npz          # what the weights of events are fitted to
rasid train baseline … --figures figures.json
rasid train weights --labels labels.jsonl --articles articles.jsonl --readings readings.npz
rasid train measure --dev-labels dev.jsonl --dev-articles dev_articles.jsonl --figures figures.json
rasid train card figures.json"""


def card(figures: Figures) -> str:
    """The card in Markdown. Sections whose figures are missing are left out."""
    parts = [_what(figures), _learnt(figures), _scores(figures), _ablation(figures), _reliability(figures)]
    parts += ["## Notes\n\n" + "\n\n".join(figures.notes)] if figures.notes else []
    return "\n\n".join(part for part in (*parts, _LIMITS, _again(figures)) if part) + "\n"


def _what(figures: Figures) -> str:
    facts = figures.model
    about = (
        f" Version {facts.version}, {facts.bytes / 1e6:.1f} MB in all; in bytes it reads {facts.agreement:.2%} of the words of"
        " dev as the same network in floats."
        if facts
        else ""
    )
    return f"""\
# Model card: the tagger

A small network that reads Arabic news and says of each word whether a name (of a person, organisation, armed group or
place) begins or goes on there, how many letters before it are a clitic, and which kind of event it names. It is one half
of the engine `hybrid`; lists and rules are the other, and their findings are among its inputs.

A word comes in as a vector (the mean of the rows of its letter groups, and a row of its own if it is common) and as 44
numbers of evidence. Four blocks of convolutions look eight words to each side; behind the second, places of the same word
in the article learn from each other. It runs with onnxruntime on one core, weights and vectors in bytes.{about}

For: names and events in written news in Modern Standard Arabic. Not for: dialect, poetry, social media, decisions about
people without a human who reads the article."""


def _learnt(figures: Figures) -> str:
    if not figures.learnt:
        return ""
    rows = [
        (_LEARNT[kind][0], f"{n.articles:,}", f"{n.words:,}", _count(n.names), _count(n.events), _LEARNT[kind][1])
        for kind, n in figures.learnt.items()
        if kind in _LEARNT
    ]
    table = _table(("what", "articles", "words", "names", "events", "licence"), rows)
    return f"""\
## What it learnt from

{table}

ANERcorp has a head of its own in training, which is left out of what is shipped; it taught what all heads share. It was
changed: sentences joined to articles, words divided as Rasid divides them."""


def _scores(figures: Figures) -> str:
    found, plain = figures.tagger, figures.baseline
    if found is None:
        return ""
    rows = []
    for kind, name in _KINDS.items():
        score = found.names.get(kind)
        if score is not None:
            beside = _points(plain[kind].f1) if plain and kind in plain else "–"
            rows.append(
                (name, str(score.wanted), _points(score.precision), _points(score.recall), _points(score.f1), beside)
            )
    heading = ("names", "cases", "precision", "recall", "F1", "F1 of the CRF")
    text = f"""\
## How good it is

On {found.articles} articles that nothing was learnt from, but that settings were chosen by: expect somewhat less on others.
Span, type and what is cut off must all be right. Beside it a conditional random field on the same articles: words,
affixes, clitics, lists.

{_table(heading, rows)}

Events that the network tells alone, type and place right within 120 characters: F1 {_points(found.events.f1)}
({found.events.wanted} cases; at {found.threshold:.2f}, the best for these). The engine weighs them with other marks."""
    if "all" in found.conll and found.conll["all"].wanted:
        score = found.conll["all"]
        text += f"\n\nANERcorp, held-out part of the training split, people, places and organisations: F1 {_points(score.f1)} ({score.wanted})."
    if figures.engine:
        engine = [
            (one.what, str(one.cases), _points(one.hybrid), "–" if one.lexicon is None else _points(one.lexicon))
            for one in figures.engine
        ]
        text += f"\n\nThe whole engine on the same articles:\n\n{_table(('', 'cases', 'hybrid', 'lexicon'), engine)}"
    return text


WHOLE = "nothing"
"""The name, among the ablations, of a network taught like them with nothing left out."""


def _ablation(figures: Figures) -> str:
    whole = figures.ablation.get(WHOLE, figures.tagger)
    if whole is None or not figures.ablation:
        return ""
    rows = [(WHOLE, *_effects(whole, whole))]
    rows += [
        (f"{name}: {COMPONENTS[name]}" if name in COMPONENTS else name, *_effects(without, whole))
        for name, without in sorted(figures.ablation.items())
        if name != WHOLE
    ]
    heading = ("left out", "names F1", "change", "events F1", "change")
    return f"""\
## What each part is good for

Trained anew without it, the same articles{" (all rows with fewer rounds than the network that is shipped)" if WHOLE in figures.ablation else ""}; half a point is noise:

{_table(heading, rows)}"""


def _effects(one: TaggerFigures, whole: TaggerFigures) -> tuple[str, str, str, str]:
    def of(score: Score, beside: Score) -> tuple[str, str]:
        return _points(score.f1), "" if one is whole else f"{100 * (score.f1 - beside.f1):+.1f}"

    return *of(one.names["all"], whole.names["all"]), *of(one.events, whole.events)


def _reliability(figures: Figures) -> str:
    tables: Mapping[str, Sequence[Bin]] = figures.reliability or (
        {"names": figures.tagger.reliability} if figures.tagger else {}
    )
    parts = []
    for what, bins in tables.items():
        if bins:
            rows = [(f"{b.above:.1f} –", str(b.cases), f"{b.confidence:.2f}", f"{b.right:.2f}") for b in bins]
            count = sum(one.cases for one in bins)
            parts.append(
                f"{what.capitalize()} ({count}; off by {calibration_error(bins):.3f} on average):\n\n"
                + _table(("confidence", "count", "mean", "share right"), rows)
            )
    if not parts:
        return ""
    return (
        "## Does its confidence hold?\n\nOn dev; "
        + "where it says .8, eight of ten ought to be right.\n\n"
        + "\n\n".join(parts)
    )


_LIMITS = """\
## Limits

- It learnt from news of five outlets of January to July 2018: names and turns of later years are known to it by their
  letters and neighbourhood alone, and outlets that write otherwise may be read less well.
- The dev articles are of the same outlets and months; the lists' word counts were made on those months too.
- What counts as an armed group rather than an organisation follows this project's labels, which take no side.
- It says what an article reports, not what happened: a confidence is that of the reading, not of the news.
- Events are the weakest part: the rarer types have few labelled cases."""


def _again(figures: Figures) -> str:
    settings = (
        "\n\nSettings: " + ", ".join(f"{name} {_shown(value)}" for name, value in figures.model.settings.items()) + "."
        if figures.model and figures.model.settings
        else ""
    )
    return f"## To train it again\n\n`pip install '.[train]'`, then:\n\n```sh\n{_AGAIN}\n```{settings}"


def _shown(value: object) -> str:
    return "none" if value in (None, [], ()) else str(value)


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def _count(number: int) -> str:
    return f"{number:,}" if number else "–"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
