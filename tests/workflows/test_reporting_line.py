"""報告経路: a real report is told to persons and addresses by a real mail server, and what arrived can be shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from client.errors import NotFoundError
from client.opening import open_minaoshi
from client.report_view import Arrival
from engine.signing import Signatures
from guideline.reporting_line import flows_of
from schemas.letters import Means
from settings import Settings
from tests.guideline.demo_organisation import data, read
from tests.house import TEAM, House, as_json
from tests.new_register import lay_register, register_url_in
from tests.notices.post_office import PostOffice
from tests.rendering.test_flow import drawn, planted
from tests.workflows.test_notices import all_given_out, results, sent_to, with_mail

HOTLINE, MINISTER = "risk-hotline", "ministers-office"
HOTLINE_MAIL = "risk-hotline@example.jp"


def report_id(house: House) -> str:
    return f"risk/{house.assessment_id}"


async def report(house: House, **more: object) -> None:
    content: dict[str, object] = {"title": "誤登録", "facts": "別人の口座が登録された。", **more}
    assert await house.minaoshi.reports.risk(as_json(**content), as_="desk", act_id=report_id(house)) == ()
    await all_given_out(house)


async def delivered(house: House) -> None:
    for one in (await house.minaoshi.reports.show(report_id(house))).told:
        await results(house, one.recipient)


async def test_everybody_of_the_line_is_told_by_mail_and_the_report_says_so(
    empty_house: House, office: PostOffice
) -> None:
    house = with_mail(empty_house, office)
    async with house.worker():
        await report(house)
        await delivered(house)
    organisation = (await house.register.current_organisation()).organisation
    flow = next(one for one in flows_of(organisation) if "account-registration" in one.departments)
    view = await house.minaoshi.reports.show(report_id(house))
    assert [one.recipient for one in view.told] == [one.id for one in flow.recipients]
    assert {(one.channel, one.state) for one in view.told} == {(Means.MAIL, Arrival.DELIVERED)}
    assert view.reviews == ()
    letter = next(one for one in office.letters if HOTLINE_MAIL in str(one["To"]))
    assert letter["Subject"] == "[見直し] リスク事案の報告"
    assert "リスク事案の報告: 誤登録" in letter.get_content()
    assert "御中" in letter.get_content()
    assert "別人の口座" not in letter.get_content()


async def test_the_ministers_office_is_told_where_the_reporter_asks_for_it(
    empty_house: House, office: PostOffice
) -> None:
    house = with_mail(empty_house, office)
    async with house.worker():
        await report(house, share_with_minister=True)
        await delivered(house)
    view = await house.minaoshi.reports.show(report_id(house))
    assert view.told[-1].recipient == MINISTER
    assert view.with_minister is True
    assert len(sent_to(office, "ministers-office@example.jp")) == 1


async def test_an_address_that_refuses_stands_in_the_inbox_of_the_team_until_it_is_dealt_with(
    empty_house: House, office: PostOffice
) -> None:
    house = with_mail(empty_house, office)
    office.refused[HOTLINE_MAIL] = "550 No such user"
    async with house.worker():
        await report(house)
        await delivered(house)
        undelivered = (await house.minaoshi.inboxes.of(TEAM)).undelivered
        assert [(one.person, one.name) for one in undelivered] == [(HOTLINE, "リスク事案ホットライン（幹部）")]
        told = {one.recipient: one for one in (await house.minaoshi.reports.show(report_id(house))).told}
        assert told[HOTLINE].state is Arrival.UNDELIVERED
        assert "550" in (told[HOTLINE].failure or "")
        office.refused.clear()
        await house.minaoshi.inboxes.send_again(undelivered[0].number, as_=TEAM)
        await all_given_out(house)
        await delivered(house)
    assert (await house.minaoshi.inboxes.of(TEAM)).undelivered == ()
    assert len(sent_to(office, HOTLINE_MAIL)) == 1


async def test_without_a_mail_server_an_address_is_not_taken_for_told(empty_house: House) -> None:
    house = empty_house
    async with house.worker():
        await report(house)
        await results(house, HOTLINE)
        undelivered = (await house.minaoshi.inboxes.of(TEAM)).undelivered
    assert [(one.person, "サーバーの設定がない" in one.failure) for one in undelivered] == [(HOTLINE, True)]
    told = {
        one.recipient: (one.channel, one.state) for one in (await house.minaoshi.reports.show(report_id(house))).told
    }
    assert told["chief"] == (Means.INBOX, Arrival.DELIVERED)
    await house.minaoshi.inboxes.settle(undelivered[0].number, as_=TEAM)
    last = (await house.minaoshi.reports.show(report_id(house))).told[-1]
    assert (last.recipient, last.state) == (HOTLINE, Arrival.TOLD_OTHERWISE)


async def test_what_nobody_has_sent_yet_is_under_way_and_the_delay_is_told(house: House) -> None:
    content = as_json(title="誤登録", facts="別人の口座が登録された。", known_on="2023-02-01")
    await house.minaoshi.reports.risk(content, as_="desk", act_id=report_id(house))
    view = await house.minaoshi.reports.show(report_id(house))
    assert {one.state for one in view.told} == {Arrival.UNDER_WAY}
    assert view.delay_days is not None
    assert view.delay is not None
    known = view.reported_at.date() - timedelta(days=view.delay_days)
    assert abs((known - view.report.known_on).days) <= 1
    assert f"{view.delay_days}日が経っています" in view.delay


@pytest.mark.parametrize("content", [pytest.param(data(), id="見本"), pytest.param(planted(), id="植えた組織")])
async def test_the_picture_names_those_who_are_told_of_a_real_report_in_the_same_order(
    house: House, content: dict[str, Any]
) -> None:
    await house.register.apply_organisation(read(content), by="operator", at=datetime(2026, 5, 1, tzinfo=UTC))
    await report(house, share_with_minister=True)
    pictures = {
        department: recipients
        for departments, recipients in drawn(await house.minaoshi.organisation.flow_svg())
        for department in departments
    }
    notices = await house.register.notices_of_act(report_id(house))
    assert [one.notice.person for one in notices] == pictures["account-registration"]
    mermaid = await house.minaoshi.organisation.flow_mermaid()
    names = {one.recipient: one.name for one in (await house.minaoshi.reports.show(report_id(house))).told}
    assert list(names) == pictures["account-registration"]
    assert 'subgraph flow1["' in mermaid


async def test_without_an_organisation_there_is_no_picture(tmp_path: Path) -> None:
    async def nowhere() -> Any:
        raise AssertionError("a picture needs no engine")

    own = Signatures(Settings(home=tmp_path))
    url = register_url_in(tmp_path)
    await lay_register(url)
    opened = open_minaoshi(url, nowhere, task_queue="none", signatures=own)
    async with opened as minaoshi:
        for drawing in (minaoshi.organisation.flow_svg, minaoshi.organisation.flow_mermaid):
            with pytest.raises(NotFoundError, match="組織表がまだありません"):
                await drawing()
