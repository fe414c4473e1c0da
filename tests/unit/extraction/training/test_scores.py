"""How readings are scored."""

from __future__ import annotations

import numpy as np
import pytest

from services.extraction.training.scores import (
    Name,
    Score,
    calibration_error,
    event_score,
    likely_events,
    name_scores,
    named,
    reliability,
)

BEIRUT, TYRE, ARMY = Name(0, 1, "LOC", 0), Name(4, 5, "LOC", 1), Name(7, 9, "ORG", 0)


def test_a_name_is_right_only_with_its_range_its_type_and_its_cut() -> None:
    found = {BEIRUT, TYRE._replace(cut=0), ARMY._replace(last=8)}
    scores = name_scores([(found, {BEIRUT, TYRE, ARMY}), ({ARMY}, {ARMY})])
    assert scores["all"] == Score(right=2, found=4, wanted=4)
    assert scores["LOC"] == Score(1, 2, 2)
    assert scores["ORG"].f1 == 0.5
    assert scores["PER"].f1 == scores["PER"].precision == scores["PER"].recall == 0.0


def test_names_are_read_off_as_the_engine_reads_them() -> None:
    labels = np.full((3, 9), -6.0, dtype=np.float32)
    labels[0, 1], labels[1, 2], labels[2, 0] = -0.1, -0.3, -0.01
    cuts = np.log(np.array([[0.1, 0.8, 0.1]] * 3, dtype=np.float32))
    ((name, likelihood),) = named(labels, cuts)
    assert name == Name(0, 2, "PER", 1)
    assert likelihood == pytest.approx(np.exp(-0.2))


def test_an_event_counts_near_its_word_once_and_with_its_type() -> None:
    wanted = [(100, 3), (500, 3), (900, 7)]
    assert event_score([([(90, 3), (130, 3), (900, 8)], wanted)]) == Score(1, 3, 3)
    assert event_score([([(100, 3), (620, 3)], wanted)]) == Score(2, 2, 3)


def test_of_neighbouring_words_the_surest_tells_the_event() -> None:
    events = np.full((4, 16), -9.0, dtype=np.float32)
    events[:, 0] = np.log([0.3, 0.1, 0.2, 0.95])
    events[:, 5] = -0.5
    assert likely_events(events, [0, 10, 300, 600], 0.3) == [(10, 4), (300, 4)]


def test_reliability_compares_what_was_said_with_what_was_right() -> None:
    bins = reliability([(0.95, True), (0.93, True), (1.0, False), (0.35, True), (0.31, False)])
    assert [(one.above, one.cases) for one in bins] == [(0.3, 2), (0.9, 3)]
    assert bins[0].right == 0.5
    assert bins[1].confidence == pytest.approx(0.96)
    assert calibration_error(bins) == pytest.approx((2 * abs(0.33 - 0.5) + 3 * abs(0.96 - 2 / 3)) / 5)
    assert calibration_error([]) == 0.0
