"""What a worker process of `rasid batch` does with an article: everything that needs no other article."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.articles_extracted import ExtractedArticle
from services.cli.batch_tasks import Changed, Done, Outcome, Refused, Task
from services.cli.errors import WRONG_USAGE, complain
from services.deduplication.fingerprint import fingerprint
from services.extraction.article import extract
from services.extraction.engine import Engine, EngineUnavailable, load_engine
from services.normalization.article import normalize
from services.producer.admission import Admission
from services.producer.candidate import Rejected
from services.runtime.wire import WireError, decode, encode


@dataclass
class _Tools:
    engine: Engine
    admission: Admission
    fetched_at: datetime
    fingerprints: bool
    record_timeout: float


_tools: _Tools | None = None


def start_worker(
    engine: str, admission: Admission, fetched_at: datetime, fingerprints: bool, record_timeout: float
) -> None:
    """Make a process ready: load the engine, end with the parent, leave Ctrl-C to the parent.

    Ends the process, and says why, where the engine cannot be loaded.
    """
    global _tools
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if (parent := multiprocessing.parent_process()) is not None:

        def end_with_parent() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=end_with_parent, name="parent-watch", daemon=True).start()
    try:
        loaded = load_engine(engine)
    except EngineUnavailable as error:
        complain(str(error))
        os._exit(WRONG_USAGE)
    _tools = _Tools(loaded, admission, fetched_at, fingerprints, record_timeout)


def work(tasks: Sequence[Task]) -> list[Outcome]:
    """The outcomes of the tasks, in order. A task that hangs ends the process.

    Raises:
        Changed: a record that an earlier run wrote is not of this input.
    """
    if _tools is None:
        raise RuntimeError("start_worker() was not called in this process")
    outcomes = []
    for task in tasks:
        faulthandler.dump_traceback_later(_tools.record_timeout, exit=True, file=sys.__stderr__ or sys.stderr)
        try:
            outcomes.append(_outcome(task, _tools))
        finally:
            faulthandler.cancel_dump_traceback_later()
    return outcomes


def _outcome(task: Task, tools: _Tools) -> Outcome:
    try:
        article = tools.admission.article(task.found, tools.fetched_at)
    except Rejected as error:
        if task.line is not None:
            raise Changed(f"{task.origin} is rejected now ({error.message})") from None
        return Refused(task.number, task.origin, error.reason, error.message)
    if task.line is not None:
        return _written_before(task, str(article.record_id), tools)
    stage = "normalization"
    try:
        normalized = normalize(article)
        stage = "extraction"
        extracted = extract(normalized, tools.engine)
        stage = "deduplication"
        print_ = fingerprint(extracted) if tools.fingerprints else None
        return Done(task.number, encode(extracted), extracted.engine, print_)
    except Exception as error:  # the article's own fault, as in the services: set aside, and the rest goes on
        return Refused(task.number, task.origin, f"{stage} failed", f"{type(error).__name__}: {error}"[:2000])


def _written_before(task: Task, record_id: str, tools: _Tools) -> Done:
    try:
        written = decode(ExtractedArticle, task.line)
    except WireError as error:
        raise Changed(f"the record of {task.origin} cannot be read ({error})") from None
    if str(written.record_id) != record_id:
        raise Changed(f"{task.origin} is another article than the one that stands in its place")
    print_ = fingerprint(written) if tools.fingerprints else None
    extra = written.model_extra or {}
    judged = (str(extra["relation"]), str(extra.get("story_id"))) if "relation" in extra else None
    return Done(task.number, task.line or b"", written.engine, print_, written=True, judged=judged)
