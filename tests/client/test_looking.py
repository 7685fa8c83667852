"""見る者を確かめる: lists and single things answer alike; a person's acts and notices keep what they concern open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import pytest

from client.errors import NotFoundError, NotPermittedError
from client.minaoshi import Minaoshi
from guideline.renditions import Rendition
from schemas.acts import ActKind
from tests.client.test_substitutes import where_the_chief_is_a_team_member_too
from tests.house import DRAFTER, MANAGER, TEAM, House, as_json
from tests.web.office import office
from tests.web.readers import OTHER, OWN, PEOPLE, REPORTER, Things, put_things_there
from tests.web.two_bodies import CITY_TEAM, OUTSIDER

__all__ = ["office"]

Show = Callable[[str, str], Awaitable[object]]


@pytest.fixture(scope="module")
async def things(office: House) -> Things:
    """Let things of several departments and of both bodies be there."""
    found = await put_things_there(office)
    old = {"form": "basic_items", "form_version_as_printed": "平成28年1月 様式2", "sha256": "0" * 64}
    await office.add_assessment("residents-1", department="resident-records", document=None, legacy=old)
    city = {"body": "sample-city", "department": "city-residents"}
    await office.add_assessment("city-1", **city, document=None, legacy=old)
    report = as_json(title="別の誤り", facts="別人の書類を渡した。")
    for person in (OTHER, CITY_TEAM):
        await office.minaoshi.reports.risk(report, as_=person)
    change = {"kind": "environment", "title": "窓口", "facts": "改めた。", "known_on": "2026-05-01"}
    for assessment, person in (("residents-1", OTHER), ("city-1", OUTSIDER)):
        await office.minaoshi.reports.change(as_json(assessments=[assessment], **change), as_=person)
    return found


async def _opened(ids: Iterable[str], show: Show, person: str) -> set[str]:
    found = set()
    for one in ids:
        try:
            await show(one, person)
        except (NotFoundError, NotPermittedError):
            continue
        found.add(one)
    return found


@pytest.mark.parametrize("person", PEOPLE)
async def test_a_list_holds_exactly_what_opens(office: House, things: Things, person: str) -> None:
    assert things
    minaoshi = office.minaoshi

    async def event(one: str, viewer: str) -> object:
        return await minaoshi.events.show(one, viewer=viewer)

    events = {one.event_id for one in await minaoshi.events.list(scope="all")}
    listed = {one.event_id for one in await minaoshi.events.list(scope="all", viewer=person)}
    assert await _opened(events, event, person) == listed

    async def review(one: str, viewer: str) -> object:
        return await minaoshi.reviews.show(one, viewer=viewer)

    reviews = {one.review_id for one in await minaoshi.reviews.list(scope="all")}
    seen = {one.review_id for one in await minaoshi.reviews.list(scope="all", viewer=person)}
    assert await _opened(reviews, review, person) == seen

    async def measure(one: str, viewer: str) -> object:
        return await minaoshi.countermeasures.show(one, viewer=viewer)

    measures = {one.countermeasure_id for one in await minaoshi.countermeasures.list(scope="all")}
    followed = {one.countermeasure_id for one in await minaoshi.countermeasures.list(scope="all", viewer=person)}
    assert await _opened(measures, measure, person) == followed


async def test_each_body_sees_its_own(office: House, things: Things) -> None:
    assert things
    events = office.minaoshi.events
    assert {one.title for one in await events.list(viewer=CITY_TEAM)} == {"別の誤り"}
    assert len(await events.list(viewer=TEAM)) == 2
    assert [one.assessment_id for one in await office.minaoshi.reviews.list(viewer=OUTSIDER)] == ["city-1"]
    assert [plan.body for plan in await office.minaoshi.plans.show(viewer=OUTSIDER)] == ["sample-city"]
    with pytest.raises(NotFoundError, match="組織表にありません"):
        await office.minaoshi.plans.show(body="digital-agency", viewer=OUTSIDER)


async def test_a_reporter_sees_the_course_of_a_review_and_no_draft(office: House, things: Things) -> None:
    detail = await office.minaoshi.reviews.detail(things["review"], as_=REPORTER)
    assert not detail.is_whole
    assert detail.draft is None
    with pytest.raises(NotPermittedError, match="書きかけの文書"):
        await office.minaoshi.working_copies.desk(things["review"], as_=REPORTER)
    with pytest.raises(NotPermittedError, match="書きかけの文書"):
        await office.minaoshi.reviews.checklist(things["review"], as_=REPORTER)
    assert (await office.minaoshi.reviews.detail(things["review"], as_=OWN)).is_whole


async def test_what_is_said_of_a_draft_is_not_in_the_course(house: House) -> None:
    review_id = await house.report_change(as_=REPORTER)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    await house.submit(review_id)
    comment = as_json(comments=[{"item": "様式2 Ⅰ1③", "text": "内部の記載を改める。"}])
    await house.minaoshi.reviews.send_back(review_id, comment, as_=TEAM)
    for viewer, is_there in ((REPORTER, False), (DRAFTER, True)):
        view = await house.minaoshi.reviews.show(review_id, viewer=viewer)
        assert any("内部の記載" in row.text for row in view.timeline) is is_there
        [listed] = await house.minaoshi.reviews.list(viewer=viewer)
        assert any("内部の記載" in row.text for row in listed.timeline) is is_there
        detail = await house.minaoshi.reviews.detail(review_id, as_=viewer)
        assert bool(detail.rounds) is is_there
        assert any("内部の記載" in row.text for row in detail.view.timeline) is is_there


async def test_an_assessment_in_full_is_for_its_department(office: House, things: Things) -> None:
    documents, one = office.minaoshi.documents, things["assessment"]
    assert await documents.permitted_rendition(OTHER, one, None) is Rendition.PUBLIC
    for person in (OTHER, OUTSIDER):
        for act in (documents.export(one, as_="html", by=person), documents.read(one, by=person)):
            with pytest.raises(NotPermittedError, match="その評価書の担当部署"):
                await act
        with pytest.raises(NotPermittedError):
            await office.minaoshi.assessments.diff(one, viewer=person)
    published = await office.minaoshi.assessments.show(one, viewer=OTHER)
    assert (published.systems, published.files, published.verified_on) == ((), (), None)
    assert (await office.minaoshi.assessments.show(one, viewer=OWN)).verified_on is not None
    for viewer, is_there in ((OTHER, False), (OWN, True)):
        [record] = [each for each in await office.minaoshi.assessments.list(viewer=viewer) if each.assessment_id == one]
        assert (record.verified_on is not None) is is_there


async def test_a_substitute_sees_what_waits_for_them(house: House) -> None:
    await where_the_chief_is_a_team_member_too(house)
    review_id = await house.report_change()
    reviews = house.minaoshi.reviews
    with pytest.raises(NotPermittedError, match="口座登録担当のものです"):
        await reviews.detail(review_id, as_="deputy")
    await house.find(review_id, as_=MANAGER, course="no_change")
    await house.find(review_id, as_=TEAM, course="amend")
    assert [task.act for task in (await house.minaoshi.inboxes.of("deputy")).tasks] == [ActKind.RESOLVE]
    assert (await reviews.detail(review_id, as_="deputy")).is_whole
    assert [one.review_id for one in await reviews.list(viewer="deputy")] == [review_id]
    await reviews.resolve(review_id, as_json(course="amend", reason="記載を改める。"), as_="deputy")
    assert not (await reviews.detail(review_id, as_="deputy")).is_whole


async def test_who_is_unknown_sees_nothing(office: House, things: Things) -> None:
    with pytest.raises(NotFoundError, match="職員「nobody」"):
        await office.minaoshi.events.show(things["event"], viewer="nobody")
    assert (await office.minaoshi.organisation.people(viewer="nobody")) == ()


async def test_a_question_names_no_assessment_that_is_not_seen(office: House, things: Things) -> None:
    assert things
    minaoshi: Minaoshi = office.minaoshi
    report = {"report": "change", "kind": "environment", "title": "試し", "facts": "試し", "known_on": "2026-05-01"}
    for unknown in ("nowhere", "not-there"):
        with pytest.raises(NotFoundError, match="台帳にありません"):
            await minaoshi.explanations.change(as_json(**report, assessments=[unknown]), viewer=OTHER)
    assert await minaoshi.explanations.change(as_json(**report, assessments=["city-1"]), viewer=OTHER)
