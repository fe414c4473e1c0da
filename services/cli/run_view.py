"""What a run of the pipeline looks like in a terminal: progress a stage, then what was found."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from services.cli.protagonists import protagonists
from services.cli.safe_text import safe
from services.runtime import topics
from services.runtime.account import Account

STAGE_LABELS = (
    (topics.RAW, "producer"),
    (topics.NORMALIZED, "normalization"),
    (topics.EXTRACTED, "extraction"),
    (topics.DEDUPLICATED, "deduplication"),
)
ENTITY_LABELS = {"PER": "people", "ORG": "organisations", "GRP": "armed groups", "LOC": "places"}


class RunProgress:
    """A bar a stage, and one for the webhooks."""

    def __init__(self, console: Console, articles: int) -> None:
        self.progress = Progress(
            TextColumn("{task.description:<14}"), BarColumn(bar_width=36), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=False,
        )  # fmt: skip
        self._bars: dict[str, TaskID] = {
            topic: self.progress.add_task(label, total=articles) for topic, label in STAGE_LABELS
        }
        self._webhooks = self.progress.add_task("alerts", total=None)

    def show(self, account: Account) -> None:
        """Bring the bars up to date."""
        for topic, bar in self._bars.items():
            count = len(account.seen[topic]) if topic == topics.RAW else account.through(topic)
            self.progress.update(bar, completed=count)
        wanted = sum(len(alert["webhooks"]) for alert in account.alerts.values())
        if wanted:
            self.progress.update(self._webhooks, total=wanted, completed=wanted - len(account.undelivered()))


def _facts(title: str, rows: list[tuple[str, RenderableType]]) -> Panel:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, value)
    return Panel(table, title=title, title_align="left", border_style="dim")


def _counted(counter: Counter[str], most: int = 8) -> Text:
    return Text("  ".join(f"{safe(name)} ×{count}" for name, count in counter.most_common(most)) or "none")


def found_panel(account: Account) -> Panel:
    """Articles, entities by type, events and claims."""
    articles = list(account.articles.values())
    by_type: dict[str, Counter[str]] = defaultdict(Counter)
    events: Counter[str] = Counter()
    claims: Counter[str] = Counter()
    for article in articles:
        for entity in article["entities"]:
            by_type[entity["type"]][entity["canonical"]] += 1
        events.update(event["type"].replace("_", " ") for event in article["events"])
        claims.update(claim["speaker"] for claim in article["claims"])
    mentions = sum(counter.total() for counter in by_type.values())
    rows: list[tuple[str, RenderableType]] = [
        ("articles", f"{len(articles)} from {len({a['source'] for a in articles})} outlets, {mentions} names in them")
    ]
    rows += [(label, _counted(by_type[kind])) for kind, label in ENTITY_LABELS.items()]
    rows += [("events", _counted(events)), ("claims by", _counted(claims, 6))]
    return _facts("What was found", rows)


def stories_table(account: Account, most: int = 12) -> RenderableType:
    """Stories that more than one article tells, with how each repeats it."""
    stories: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for article in account.articles.values():
        stories[article["story_id"]].append(article)

    def many(count: int) -> str:
        return f"{count} story" if count == 1 else f"{count} stories"

    told_again = sorted((s for s in stories.values() if len(s) > 1), key=lambda s: (-len(s), s[0]["id"]))
    relations = Counter(article["relation"] for article in account.articles.values())
    table = Table(
        title=f"{many(len(stories))}, {len(told_again)} of them told more than once",
        title_justify="left",
        expand=True,
    )
    table.add_column("articles", justify="right")
    table.add_column("first told as", ratio=3)
    table.add_column("then", ratio=2)
    for articles in told_again[:most]:
        first = next((a for a in articles if a["relation"] == "new"), articles[0])
        then = [f"{a['relation'].replace('_', ' ')} ({safe(a['source'])})" for a in articles if a is not first]
        more = f", and {len(then) - 6} more" if len(then) > 6 else ""
        table.add_row(
            str(len(articles)), Text(safe(first["title"] or first["text"][:80])), Text(", ".join(then[:6]) + more)
        )
    line = Text(
        "  ".join(f"{relation.replace('_', ' ')} {count}" for relation, count in sorted(relations.items())), style="dim"
    )
    if not told_again:
        return Group(Text(f"{many(len(stories))}, each told once"), line)
    return Group(table, line)


def alerts_table(account: Account, most: int = 20) -> Table:
    """Who, where, why, and whether each alert arrived."""
    alerts = sorted(
        account.alerts.values(), key=lambda a: ({"critical": 0, "warning": 1}.get(a["severity"], 2), a["rule"])
    )
    table = Table(title=f"{len(alerts)} alerts", title_justify="left", expand=True)
    for name, ratio in (("rule", 2), ("who", 2), ("where", 2), ("why", 3), ("delivery", 2)):
        table.add_column(name, ratio=ratio)
    style = {"critical": "red", "warning": "yellow"}
    for alert in alerts[:most]:
        where = Counter(e["canonical"] for e in alert["entities"] if e["type"] == "LOC")
        why = "; ".join(_reason(reason) for reason in alert["reasons"][:3])
        outcomes = [
            f"{webhook}: {account.outcomes.get((alert['alert_id'], webhook), 'waiting')}"
            for webhook in alert["webhooks"]
        ]
        table.add_row(
            Text(safe(alert["rule"]), style=style.get(alert["severity"], "")),
            Text(safe(", ".join(protagonists(alert, 3)))),
            Text(safe(", ".join(name for name, _ in where.most_common(3)))),
            Text(safe(why)),
            Text(safe(", ".join(outcomes) or "no webhook")),
        )
    if len(alerts) > most:
        table.caption = f"and {len(alerts) - most} more"
    return table


def _reason(reason: dict[str, Any]) -> str:
    condition, matched = reason["condition"], reason["matched"]
    return condition if matched in condition else f"{condition} ({matched})"


def account_line(account: Account, expected: set[str], rejected: int, verified: int) -> Text:
    """published = out + set aside."""
    out = len(account.seen[topics.DEDUPLICATED])
    dead = len(account.dead.keys() - account.seen[topics.DEDUPLICATED].keys())
    missing = account.missing(expected)
    style = "bold red" if missing or account.undelivered() else "bold yellow" if dead else "bold green"
    text = Text(f"{len(expected)} published = {out} out + {dead} set aside", style=style)
    if missing:
        text.append(f", {len(missing)} MISSING")
    if rejected:
        text.append(f"   ({rejected} rejected at the door)", style="yellow")
    delivered = sum(outcome == "delivered" for outcome in account.outcomes.values())
    text.append(
        f"\n{len(account.alerts)} alerts, {delivered} deliveries accepted, {verified} signatures verified by the receiver"
    )
    return text


def dead_table(account: Account, most: int = 10) -> Table:
    """What was set aside, and why."""
    table = Table(title="Set aside (rasid deadletters list)", title_justify="left")
    table.add_column("records", justify="right")
    for name in ("stage", "kind", "why"):
        table.add_column(name)
    reasons = Counter(
        (entry["stage"], entry["kind"], f"{entry['error-class']}: {entry['error']}"[:200])
        for entry in account.dead.values()
    )
    for (stage, kind, why), count in reasons.most_common(most):
        table.add_row(str(count), stage, kind, Text(safe(why)))
    return table
