from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerting.sender import Answer, judge_response, retry_after_seconds

NOW = datetime(2024, 3, 5, 9, 30, tzinfo=UTC)


def judged(
    status: int | None, error: str | None = None, retry_after: str | None = None
) -> tuple[str, str | None, float | None]:
    judgement = judge_response(Answer(status, error, retry_after, 1.0), NOW)
    return judgement.outcome, judgement.reason, judgement.retry_after


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_alone_is_delivered(status: int) -> None:
    assert judged(status) == ("delivered", None, None)


@pytest.mark.parametrize(
    "status", [100, 300, 301, 302, 307, 308, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504, 599]
)
def test_anything_else_is_worth_another_attempt(status: int) -> None:
    outcome, reason, _ = judged(status)
    assert outcome == "retry"
    assert reason is not None
    assert f"HTTP {status}" in reason


def test_a_redirect_says_what_to_mend() -> None:
    assert "put the final address into the rule file" in str(judged(308)[1])


def test_gone_is_parked() -> None:
    assert judged(410)[0] == "park"


def test_no_answer_is_worth_another_attempt() -> None:
    assert judged(None, "the host refuses the connection") == ("retry", "the host refuses the connection", None)


def test_what_the_receiver_says_is_kept() -> None:
    assert judged(500, "database away")[1] == "HTTP 500: database away"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Tue, 05 Mar 2024 09:31:00 GMT", 60.0),
        ("Tue, 05 Mar 2024 09:00:00 GMT", 0.0),
        ("Tue, 05 Mar 2024 09:31:00", 60.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
        ("", None),
        (None, None),
        ("9" * 5000, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


def test_a_busy_receiver_is_asked_again_when_it_says() -> None:
    assert judged(503, retry_after="90") == ("retry", "HTTP 503", 90.0)
    assert judged(429, retry_after="90")[2] == 90.0


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.text("0123456789 :,GMTueMar+-", max_size=40))
def test_any_retry_after_is_read_or_ignored(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or seconds >= 0
