"""What each article changes in the state of its story."""

from __future__ import annotations

import pytest

from services.deduplication.story import MergedStoryError, story_merged, story_with
from services.deduplication.story_record import story_record
from services.deduplication.story_tolls import current_range
from tests.unit.deduplication.stories import brought, claim, denial, entity, mayor, story_of, strike

HOUR = 3600


def test_the_first_article_opens_the_story_and_leads_it() -> None:
    story = story_of(brought("وكالة الأفق", id="w-1", relation="new", events=[strike()], claims=[mayor()]))
    assert (story.version, story.changed, story.articles) == (1, ("opened",), 1)
    assert (story.lead.id, story.lead.source) == ("w-1", "وكالة الأفق")
    assert [name.canonical for name in story.entities] == [
        "Civil Defence",
        "Nahrani Ministry of Defence",
        "Salim Hayek",
    ]
    assert [toll.killed for toll in story.tolls] == [(3, 3)]
    assert [said.speaker for said in story.claims] == ["Salim Hayek"]


def test_another_outlet_is_a_change_and_the_same_again_is_none() -> None:
    story = story_of(brought("وكالة الأفق"), brought("صحيفة المرفأ"))
    assert story.changed == ("outlet",)
    again = story_with(story, brought("صحيفة المرفأ", hours=1))
    assert (again.changed, again.version) == ((), 3)
    assert [(outlet.source, outlet.articles) for outlet in again.outlets] == [("وكالة الأفق", 1), ("صحيفة المرفأ", 2)]


def test_an_exact_copy_brings_its_outlet_alone() -> None:
    first = brought("وكالة الأفق", events=[strike()], claims=[mayor()])
    copy = brought("إذاعة الساحل", relation="exact", events=[strike(killed=(9, 9))], claims=[denial()])
    story = story_of(first, copy)
    assert story.changed == ("outlet",)
    assert (story.tolls, story.claims, story.entities) == tuple(
        getattr(story_of(first), name) for name in ("tolls", "claims", "entities")
    )


def test_what_a_copy_repeats_is_no_news_and_what_it_adds_is() -> None:
    first = brought("وكالة الأفق", events=[strike()])
    repeated = brought("إذاعة الساحل", relation="near_duplicate", events=[strike(killed=(5, 5))], seen=True)
    added = brought("إذاعة الساحل", relation="near_duplicate", events=[strike(killed=(5, 5))])
    assert story_of(first, repeated).changed == ("outlet",)
    assert story_of(first, added).changed == ("outlet", "toll")


def test_an_article_that_comes_late_moves_the_first_time_and_not_the_lead() -> None:
    story = story_of(brought(id="w-1", hours=3), brought("صحيفة المرفأ", hours=-2), brought("صحيفة المرفأ", hours=1))
    assert story.lead.id == "w-1"
    assert story.last_at - story.first_at == 5 * HOUR
    assert story.outlets[1].at == story.first_at


def test_an_article_without_a_date_counts_by_the_time_it_was_fetched() -> None:
    story = story_of(brought(published_at=None))
    assert story.lead.published_at is None
    assert story.first_at == story_of(brought()).first_at


class TestAHigherToll:
    @pytest.mark.parametrize(("killed", "changed"), [((4, 4), ("toll",)), ((3, None), ()), ((2, 2), ()), ((3, 9), ())])
    def test_is_one_whose_least_is_above_all_before(
        self, killed: tuple[int, int | None], changed: tuple[str, ...]
    ) -> None:
        story = story_of(brought(events=[strike()]), brought(hours=1, events=[strike(killed=killed, sources=[])]))
        assert story.changed == changed

    def test_of_the_wounded_counts_too(self) -> None:
        story = story_of(brought(events=[strike()]), brought(hours=1, events=[strike(wounded=(12, 12))]))
        assert story.changed == ("toll",)

    def test_is_not_told_twice_where_outlets_call_the_event_differently(self) -> None:
        first = brought(events=[strike(killed=(5, 5))])
        assert story_of(first, brought(hours=1, events=[strike(type="shelling", killed=(5, 5))])).changed == ()

    def test_is_not_one_where_it_is_lower_than_that_of_a_suburb(self) -> None:
        suburb = {"type": "LOC", "country": "SY", "lat": 35.6, "lon": 36.4, "precision": "town"}
        first = brought(events=[strike(killed=(5, 5))])
        later = brought(
            hours=1,
            entities=[entity("عين الرمان", "Tell Qamar", **suburb)],
            events=[strike(killed=(5, 5), places=["Tell Qamar"])],
        )
        assert story_of(first, later).changed == ("place",)

    def test_is_not_one_where_it_is_lower_than_that_of_its_region(self) -> None:
        region = {"type": "LOC", "country": "SY", "lat": 34.5, "lon": 36.5, "precision": "region"}
        first = brought(
            entities=[entity("نهران", "Rumman Province", **region)],
            events=[strike(killed=(19, 19), places=["Rumman Province"])],
        )
        later = brought(hours=1, events=[strike(killed=(9, 9))])
        assert story_of(first, later).changed == ("place",)

    def test_of_an_event_of_last_week_is_background(self) -> None:
        later = brought(hours=1, events=[strike(killed=(60, 60), date="2026-03-02")])
        assert story_of(brought(events=[strike()]), later).changed == ()

    def test_that_gives_no_number_is_none(self) -> None:
        first = brought(events=[strike(killed=None)])
        assert story_of(first, brought(hours=1, events=[strike(killed=(2, None))])).changed == ()

    def test_of_an_unsure_event_does_not_count(self) -> None:
        later = brought(hours=1, events=[strike(killed=(9, 9), confidence=0.3)])
        assert story_of(brought(events=[strike()]), later).changed == ()


def test_the_current_range_goes_from_the_least_to_the_most_that_outlets_last_said() -> None:
    story = story_of(
        brought("وكالة الأفق", events=[strike(killed=(1, 1))]),
        brought("وكالة الأفق", hours=1, events=[strike(killed=(5, 6), wounded=(10, 10))]),
        brought("صحيفة المرفأ", hours=2, events=[strike(killed=(4, 4))]),
    )
    assert current_range(story.tolls, story.happenings) == ((4, 6), (10, 10))


class TestANewPlace:
    def test_is_one_where_an_event_of_the_story_was_not_yet(self) -> None:
        village = {"type": "LOC", "country": "SY", "lat": 33.0, "lon": 36.0, "precision": "town"}
        later = brought(
            hours=1, entities=[entity("عين الرمان", "Tell Qamar", **village)], events=[strike(places=["Tell Qamar"])]
        )
        assert "place" in story_of(brought(events=[strike()]), later).changed
        assert "place" not in story_of(brought(events=[strike()]), brought(hours=1, events=[strike()])).changed

    def test_is_no_country_and_no_name_that_is_not_known(self) -> None:
        for name in ("Nahran", "بلدة لا يعرفها أحد"):
            later = brought(hours=1, events=[strike(places=[name], killed=None)])
            assert story_of(brought(events=[strike()]), later).changed == ()


class TestAnUnheardClaim:
    def test_is_one_of_a_new_speaker(self) -> None:
        story = story_of(brought(), brought(hours=1, claims=[mayor()]))
        assert story.changed == ("claim",)
        assert story.claims[0].text == "المدارس ستغلق أسبوعا"

    def test_is_not_one_of_a_speaker_who_has_spoken(self) -> None:
        more = mayor("رئيس البلدية")
        assert story_of(brought(claims=[mayor()]), brought(hours=1, claims=[more])).changed == ()

    def test_is_not_the_same_words_under_another_name(self) -> None:
        agency = claim("المدارس ستغلق أسبوعا", "Civil Defence", "الدفاع المدني")
        assert story_of(brought(claims=[mayor()]), brought(hours=1, claims=[agency])).changed == ()

    def test_is_not_one_by_the_name_as_it_was_written_before(self) -> None:
        short = claim("قتل ثلاثة أشخاص", "Civil Defence", "سليم الحايك")
        assert story_of(brought(claims=[mayor()]), brought(hours=1, claims=[short])).changed == ()

    def test_is_one_of_a_known_speaker_about_an_event(self) -> None:
        later = brought(hours=1, events=[strike()], claims=[mayor("قتل ثلاثة أشخاص", about=0)])
        assert story_of(brought(events=[strike()], claims=[mayor()]), later).changed == ("claim",)

    def test_is_not_one_of_nobody_in_particular(self) -> None:
        anybody = claim("المدارس ستغلق أسبوعا", "مصدر محلي", "مصدر محلي")
        assert story_of(brought(), brought(hours=1, claims=[anybody])).changed == ()

    def test_stays_heard_when_its_statement_is_no_longer_kept(self) -> None:
        story = story_of(brought(claims=[mayor()]))._replace(claims=())
        assert story_with(story, brought(hours=1, claims=[mayor()])).changed == ()


class TestADenial:
    def test_is_told_apart_from_other_claims(self) -> None:
        story = story_of(brought(events=[strike()]), brought(hours=1, events=[strike()], claims=[denial()]))
        assert story.changed == ("denial",)

    def test_is_new_once(self) -> None:
        first = brought(events=[strike()], claims=[denial()])
        assert story_of(first, brought(hours=1, events=[strike()], claims=[denial()])).changed == ()

    def test_takes_a_verb_that_denies_or_words_that_are_denied(self) -> None:
        refused = denial(cue="ورفضت", about=None).model_copy(update=dict(zip(("start", "end"), (0, 14), strict=True)))
        story = story_of(brought(), brought(hours=1, claims=[refused]))
        assert (story.changed, story.claims[0].stance) == (("claim",), "statement")


@pytest.mark.parametrize(
    ("title", "relation", "mark"),
    [
        ("تصحيح: القتلى ثلاثة في غارة عين الرمان", "revision", "correction"),
        ("(تصويب) القتلى ثلاثة", "same_story", "correction"),
        ("توضيح من التحرير بشأن خبر الغارة", "revision", "correction"),
        ("سحب خبر الغارة على عين الرمان", "revision", "retraction"),
        ("يرجى إلغاء الخبر السابق", "same_story", "retraction"),
        ("غارة على عين الرمان", "revision", "revision"),
        ("تصحيح مسار المفاوضات بعد الغارة", "same_story", None),
        ("إلغاء حفل افتتاح المدرسة", "same_story", None),
    ],
)
def test_a_revision_a_correction_and_a_retraction_are_told_apart(title: str, relation: str, mark: str | None) -> None:
    story = story_of(brought(), brought(hours=1, title=title, relation=relation))  # type: ignore[arg-type]
    assert story.changed == ((mark,) if mark else ())


def test_a_copy_of_a_correction_corrects_nothing_again() -> None:
    copy = brought("إذاعة الساحل", relation="exact", title="تصحيح: القتلى ثلاثة")
    assert story_of(brought(), copy).changed == ("outlet",)


class TestMergedStories:
    def test_one_goes_on_with_what_both_had_and_the_other_points_to_it(self) -> None:
        one = story_of(brought("وكالة الأفق", hours=2, events=[strike()], claims=[mayor()], story="one"))
        other = story_of(brought("صحيفة المرفأ", events=[strike()], claims=[denial()], story="other"))
        into, gone = story_merged(one, other, "w-9", "5e0c1a77-3d4b-5f0a-9b6e-2c8d7f1a4e60")
        assert (into.version, into.changed, into.merged_from) == (2, ("merged",), ("other",))
        assert (gone.version, gone.changed, gone.merged_into) == (2, ("absorbed",), "one")
        assert (into.lead, into.articles, into.first_at) == (one.lead, 2, other.first_at)
        assert [outlet.source for outlet in into.outlets] == ["وكالة الأفق", "صحيفة المرفأ"]
        assert {said.stance for said in into.claims} == {"statement", "denial"}
        assert [(happening.place, happening.articles) for happening in into.happenings] == [("Ain al-Rumman", 2)]
        assert story_record(gone).status == "merged"
        assert story_record(into).merged_from == ["other"]

    def test_what_was_heard_in_either_is_no_news_in_the_one_that_goes_on(self) -> None:
        one, other = story_of(brought(story="one")), story_of(brought(story="other", claims=[mayor()]))
        into, _ = story_merged(one, other, "w-9", other.record_id)
        assert story_with(into, brought(hours=1, claims=[mayor()])).changed == ()

    def test_nothing_joins_a_story_that_went_into_another(self) -> None:
        one, other = story_of(brought(story="one")), story_of(brought(story="other"))
        into, gone = story_merged(one, other, "w-9", other.record_id)
        with pytest.raises(MergedStoryError, match="story other went into one"):
            story_with(gone, brought(hours=1))
        with pytest.raises(MergedStoryError, match="story other went into one"):
            story_merged(into, gone, "w-9", other.record_id)


def test_an_article_of_thousands_of_claims_brings_few() -> None:
    many = [mayor(about=0, confidence=0.9) for _ in range(5000)]
    story = story_of(brought(events=[strike()] * 500, claims=many))
    assert len(story.claims) == 1
    assert len(story.happenings) == 1


def test_dates_that_no_calendar_has_are_as_unknown() -> None:
    later = brought(hours=1, events=[strike(date="2026-02-31", killed=(5, 5))])
    assert story_of(brought(events=[strike()]), later).changed == ("toll",)
