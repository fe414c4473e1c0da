"""A normalization service whose pure function has faults: the text says which. For crash tests alone.

`faust -A tests.crash.faults worker`. Everything but the function is the service's own: process, stage, step loop.
"""

from __future__ import annotations

import os
import signal

from schemas.articles_normalized import NormalizedArticle
from schemas.articles_raw import RawArticle
from services.normalization.agent import BATCH_RECORDS
from services.normalization.article import normalize
from services.runtime.articles import article_stage
from services.runtime.faust_app import Service
from services.runtime.topics import NORMALIZED, RAW

RAISE, KILL, HANG = "خطأ-يرفع", "خطأ-يقتل", "خطأ-يعلق"


def normalize_with_faults(article: RawArticle) -> NormalizedArticle:
    """As `normalize`, but for the texts that name a fault."""
    if RAISE in article.text:
        raise ArithmeticError("the fault that was asked for")
    if KILL in article.text:
        os.kill(os.getpid(), signal.SIGKILL)
    while HANG in article.text:
        pass
    return normalize(article)


service = Service("normalization")
app = service.app
agent = service.agent(article_stage("normalization", RAW, RawArticle, normalize_with_faults, NORMALIZED), BATCH_RECORDS)
