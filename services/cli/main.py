"""The `rasid` command."""

from __future__ import annotations

import typer

from services.cli.batch import batch
from services.cli.bench_dedup import dedup
from services.cli.bench_pipeline import bench_app
from services.cli.deadletters import deadletters_app
from services.cli.demo import demo, up
from services.cli.doctor import doctor
from services.cli.explain import explain
from services.cli.help_text import taught
from services.cli.publish import publish
from services.cli.similar import similar
from services.cli.stories import stories_app
from services.cli.tail import tail
from services.cli.topics import topics_app
from services.cli.train import train_app
from services.cli.webhooks import webhooks_app

app = typer.Typer(
    name="rasid",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Rasid (راصد) watches Arabic news: articles go in, what is new comes out, as Kafka topics and signed webhooks.

[bold]First steps[/bold]

    rasid demo                            everything once, on this machine
    rasid up                              the whole stack until Ctrl-C
    rasid publish news.jsonl              articles in
    rasid tail articles.deduplicated      what came out: one line an article
    rasid tail alerts                     what the rules found
    rasid stories list --since 24h        what is told now, and by how many outlets
    rasid stories watch                   how stories change, as it happens
    rasid explain news.txt                one article with what is found in it, also as a web page
    rasid similar a.json b.json           why two articles are or are not alike
    rasid batch archive.jsonl.gz out.jsonl    an archive, without Kafka
    rasid doctor                          what is wrong, and how to mend it

[bold]Settings[/bold] are RASID_* variables of the environment: rasid doctor --settings lists them.

[bold]Exit status[/bold]: 0 fine; 1 something was rejected, lost or failed; 2 wrong usage or settings;
3 Kafka or Redis out of reach; 130 interrupted.""",
)

app.command(help=taught(demo))(demo)
app.command(help=taught(up))(up)
app.command(help=taught(publish))(publish)
app.command(help=taught(tail))(tail)
app.command(help=taught(batch))(batch)
app.command(help=taught(explain))(explain)
app.command(help=taught(similar))(similar)
app.command(help=taught(doctor))(doctor)
bench_app.command(help=taught(dedup))(dedup)
app.add_typer(bench_app, name="bench")
app.add_typer(stories_app, name="stories")
app.add_typer(topics_app, name="topics")
app.add_typer(deadletters_app, name="deadletters")
app.add_typer(webhooks_app, name="webhooks")
app.add_typer(train_app, name="train")

if __name__ == "__main__":
    app()
