"""Reporting verbs without a subject of their own, coordinated with another verb; in sentences of our own."""

from __future__ import annotations

import pytest

from tests.unit.extraction.harbour import said

BEFORE = "قال سامر الخطيب إن الموسم كان ضعيفا.\n"


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("وتصنع النرويج سفنا جديدة، وتقول إنها لا تضر بالمصايد.", "Norway"),
        ("وتصنع النرويج سفنا جديدة وتقول إنها لا تضر بالمصايد.", "Norway"),
        ("وصنعت النرويج سفنا جديدة، وقالت إنها لا تضر بالمصايد.", "Norway"),
        ("النرويج تصنع سفنا جديدة، وتقول إنها لا تضر بالمصايد.", "Norway"),
        ("وتصنع هيئة السواحل قاربا جديدا، مؤكدة أنه لا يضر بالمصايد.", "Coast Authority"),
        ("وتصنع الحكومة قاربا جديدا وتقول إنه لا يضر بالمصايد.", "الحكومة"),
        ("ويصنع العراق قاربا جديدا ويؤكد أنه لا يضر بالمصايد.", "Iraq"),
        ("وتصنع هيئة السواحل قاربا جديدا، وأضاف أنه لا يضر بالمصايد.", "Samer al-Khatib"),
        # the verb that is coordinated does not agree: the speaker is the one before
        ("وتصنع النرويج سفنا جديدة، وأضاف أنها لا تضر بالمصايد.", "Samer al-Khatib"),
        ("وكانت النرويج قد صنعت سفنا جديدة، وأضاف أنها لا تضر بالمصايد.", "Samer al-Khatib"),
    ],
)
def test_a_verb_takes_the_subject_of_the_verb_that_it_is_coordinated_with(sentence: str, speaker: str) -> None:
    assert [who for who, _ in said(BEFORE + sentence + "\n")] == ["Samer al-Khatib", speaker]


def test_who_has_spoken_in_the_sentence_goes_on() -> None:
    text = BEFORE + "وتصنع النرويج سفنا جديدة، وقالت ليلى مراد إنها كبيرة جدا، وأضافت أنها لا تضر بالمصايد.\n"
    assert [who for who, _ in said(text)][1:] == ["Layla Murad", "Layla Murad"]
