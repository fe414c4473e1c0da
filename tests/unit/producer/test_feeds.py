"""Feeds: their entries, their cursor, their file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.producer.candidate import Candidate, Rejected
from services.producer.feeds import MAX_ENTRIES, Cursor, entries, fingerprint
from services.producer.feeds_file import Feed, FeedsError, load_feeds, parse_feeds
from tests.unit.producer.samples import ADMISSION, NOON, TEXT

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>وكالة</title>
<item><title>خبر &amp;amp; تعليق</title><link>https://wakala.example/2</link>
<pubDate>Fri, 01 Mar 2024 09:00:00 +0300</pubDate><description>ملخص قصير</description>
<content:encoded><![CDATA[<p>{TEXT}</p><p>فقرة <b>ثانية</b>.</p>]]></content:encoded></item>
<item><title>خبر أول</title><guid isPermaLink="false">7</guid><description>{TEXT}</description></item>
</channel></rss>""".encode()

ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>صحيفة</title><updated>2024-03-01T00:00:00Z</updated>
<entry><title>عنوان</title><id>urn:1</id><link href="https://sahifa.example/1"/><updated>2024-03-01T06:00:00Z</updated>
<author><name>عمر الصباغ</name></author><content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>""".encode()


def candidates(feed: bytes) -> list[Candidate]:
    found = entries(feed, "wakala")
    assert all(isinstance(one, Candidate) for one in found)
    return [one for one in found if isinstance(one, Candidate)]


def test_rss_entries_are_read_oldest_first() -> None:
    first, second = candidates(RSS)
    assert first.fields == {
        "source": "wakala",
        "title": "خبر أول",
        "text": TEXT,
        "published_at": None,
        "id": "wakala:7",
    }
    assert second.fields == {
        "source": "wakala",
        "title": "خبر & تعليق",
        "text": f"{TEXT}\nفقرة ثانية.",
        "published_at": "2024-03-01T06:00:00+00:00",
        "url": "https://wakala.example/2",
    }


def test_atom_entries_are_read() -> None:
    (entry,) = candidates(ATOM)
    assert entry.fields["text"] == TEXT
    assert entry.fields["author"] == "عمر الصباغ"
    assert entry.fields["published_at"] == "2024-03-01T06:00:00+00:00"
    assert ADMISSION.article(entry, NOON).url == "https://sahifa.example/1"


@pytest.mark.parametrize("raw", [b"", b"<html><p>x", b"/etc/hostname", b"https://wakala.example/rss", b"\xff\xfe\x00"])
def test_what_is_no_feed_is_told_and_never_opened(raw: bytes) -> None:
    (found,) = entries(raw, "wakala")
    assert isinstance(found, Rejected)
    assert found.reason == "bad_feed"


def test_entities_of_the_document_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000 + b'">]>'
    found = entries(bomb + b'<rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>', "wakala")
    assert len(repr([one.fields for one in found if isinstance(one, Candidate)])) < 1000


def test_of_an_endless_feed_the_newest_are_read() -> None:
    items = b"".join(b"<item><title>%d</title></item>" % number for number in range(MAX_ENTRIES + 5))
    found = entries(b'<rss version="2.0"><channel>' + items + b"</channel></rss>", "wakala")
    assert isinstance(found[0], Rejected)
    assert len(found) == MAX_ENTRIES + 1
    last = found[-1]
    assert isinstance(last, Candidate)
    assert last.fields["title"] == "0"


def test_a_first_poll_takes_all_and_the_next_none() -> None:
    listed = candidates(RSS)
    claimed, fresh = Cursor().claim(listed, NOON)
    assert [one.fetched_at for one in fresh] == [NOON, NOON]
    done = claimed.acknowledge(listed, '"v1"', "Fri, 01 Mar 2024 06:00:00 GMT")
    assert done.claim(listed, NOON)[1] == []
    assert done.conditions() == {"If-None-Match": '"v1"', "If-Modified-Since": "Fri, 01 Mar 2024 06:00:00 GMT"}


def test_what_was_on_its_way_when_the_process_ended_comes_again_as_the_same_record() -> None:
    listed = candidates(RSS)
    stored = Cursor.from_bytes(Cursor(etag='"v0"').claim(listed, NOON)[0].to_bytes())
    assert stored.conditions() == {}
    again = stored.claim(listed, NOON + timedelta(hours=1))[1]
    assert [ADMISSION.article(one, NOON) for one in again] == [
        ADMISSION.article(one, NOON) for one in Cursor().claim(listed, NOON)[1]
    ]


def test_a_revised_entry_is_new_and_the_same_article() -> None:
    listed = candidates(RSS)
    done = Cursor().claim(listed, NOON)[0].acknowledge(listed, None, None)
    revised = candidates(RSS.replace("فقرة".encode(), "فقرة منقحة".encode()))
    (fresh,) = done.claim(revised, NOON)[1]
    before, after = ADMISSION.article(listed[1], NOON), ADMISSION.article(fresh, NOON)
    assert after.id == before.id
    assert after.record_id != before.record_id


@pytest.mark.parametrize("stated", ["\udce9", "v\n", "نسخة", "v" * 1025])
def test_a_validator_that_cannot_be_stored_or_sent_back_is_dropped(stated: str) -> None:
    cursor = Cursor().acknowledge([], stated, stated)
    assert Cursor.from_bytes(cursor.to_bytes()).conditions() == {}


def test_the_cursor_survives_storage() -> None:
    listed = candidates(RSS)
    for cursor in (Cursor(), Cursor().claim(listed, NOON)[0], Cursor("e", None, ("a", "b"), {"c": NOON.isoformat()})):
        assert Cursor.from_bytes(cursor.to_bytes()) == cursor
    assert Cursor.from_bytes(None) == Cursor()


ENTRIES = st.lists(st.integers(0, 12), max_size=8)


@given(st.lists(st.tuples(ENTRIES, st.booleans()), max_size=8))
@settings(deadline=None, max_examples=100)
def test_every_entry_is_published_and_repeats_are_the_same(polls: list[tuple[list[int], bool]]) -> None:
    """However polls and crashes (after publishing, before the acknowledgement is stored) follow each other."""
    stored, published, now = Cursor(), dict[str, set[datetime | None]](), datetime(2026, 1, 1, tzinfo=UTC)
    for numbers, crashes in polls:
        now += timedelta(minutes=10)
        listed = [Candidate("f", {"title": str(number)}) for number in numbers]
        stored, fresh = stored.claim(listed, now)
        for one in fresh:
            published.setdefault(fingerprint(one), set()).add(one.fetched_at)
        if not crashes:
            stored = stored.acknowledge(listed, None, None)
        assert {fingerprint(one) for one in listed} <= set(published)
    if not any(crashes for _, crashes in polls):
        assert all(len(times) == 1 for times in published.values())


FEEDS = b"""# comment
feeds:
  - source: wakala
    url: https://wakala.example/rss.xml
  - {source: sahifa, url: "http://sahifa.example/atom", every: 2.5}
  - {source: desk, url: "http://Reader:sesame@Desk.Local:8000/feed.xml?key=sesame", private: true}
"""


def test_a_feeds_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(FEEDS)
    assert load_feeds(path) == [
        Feed("wakala", "https://wakala.example/rss.xml", 15.0),
        Feed("sahifa", "http://sahifa.example/atom", 2.5),
        Feed("desk", "http://Reader:sesame@Desk.Local:8000/feed.xml?key=sesame", 15.0, private=True),
    ]


def test_a_feed_is_named_without_what_may_be_confidential_in_its_address() -> None:
    feed = parse_feeds(FEEDS)[2]
    assert (feed.place, feed.host) == ("Desk.Local:8000/feed.xml", "desk.local")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "f:1: the file must have one key"),
        (b"feeds:\n", "f:1: `feeds:` must be a list"),
        (b"feeds:\n  - source: a\n    url: ftp://a.example\n", "f:3: url is missing or no http"),
        (b"feeds:\n  - source: a\n    url: https://a.example\n    evry: 3\n", "f:4: unknown key «evry»"),
        (b"feeds:\n  - source: a\n    url: https://a.example\n    every: 0\n", "f:4: every must be minutes, 1 to 1440"),
        (b"feeds:\n  - source: a\n    url: https://a.example\n    private: 1\n", "f:4: private must be true"),
        (b"feeds:\n  - source: a\n    url: https://a.example\n    private:\n", "f:4: private must be true"),
        (b"feeds:\n  - url: https://a.example\n", "f:2: source is missing"),
        (b"feeds:\n  - just text\n", "f:2: a feed must have the keys"),
        (b"feeds:\n  - {source: a, url: https://a.example}\n  - {source: b, url: https://a.example}\n", "f:3: the same url stands at line 2"),
        (b"feeds:\n  - &a {source: a, url: https://a.example}\n  - *a\n", "f:2: anchors"),
        (b"feeds: [", "f:1: not YAML"),
        (b"feeds: \xff", "f:1: not UTF-8"),
    ],
)  # fmt: skip
def test_faults_of_a_feeds_file_are_told_with_their_line(raw: bytes, said: str) -> None:
    with pytest.raises(FeedsError) as caught:
        parse_feeds(raw, "f")
    assert said in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(FeedsError) as caught:
        parse_feeds(b"feeds:\n  - {source: a, url: x}\n  - {source: '', url: https://a.example}\n", "f")
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_feeds_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="cannot be read"):
        load_feeds(tmp_path / "none.yaml")


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_feeds_or_faults(raw: bytes) -> None:
    said = ""
    try:
        feeds = parse_feeds(raw)
    except FeedsError as error:
        feeds, said = [], str(error)
    assert bool(feeds) != bool(said)
