"""知らせが届くまで: the mail server is down for a week, the worker dies among the mails, somebody is gone meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner

from client.minaoshi import Minaoshi
from client.outbox import notice_workflow_id
from client.report_view import Arrival, ReportView
from guideline.notices import LATE_AFTER, SAID_OF_A_LATE_ONE
from register.health import look
from schemas.letters import Means, key_of
from settings import Settings
from tests.guideline.demo_organisation import data, read
from tests.house import AUDITOR, TEAM, House, as_json
from tests.notices.post_office import PostOffice, posting
from tests.workflows.skipping import skipping_environment, skipping_house
from tests.workflows.test_killed import WorkerProcess, mortal_house
from tests.workflows.test_notices import all_given_out, results, with_mail
from workflows import calls

LINE = ["chief", "director-general", "team-lead", "team-member", "manager", "risk-hotline", "ministers-office"]
WEEK = timedelta(days=7)
PATIENCE_S = 60.0


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    office = PostOffice()
    yield office
    await office.close()


def report_id(house: House) -> str:
    return f"risk/{house.assessment_id}"


async def report(house: House) -> datetime:
    """Report an event of which the minister's office is told too; give when the reporter had the answer."""
    content = as_json(title="誤登録", facts="別人の口座が登録された。", share_with_minister=True)
    await house.minaoshi.reports.risk(content, as_="desk", act_id=report_id(house))
    return datetime.now(UTC)


def as_of(house: House, moment: datetime) -> Minaoshi:
    """Give the facade as it is used at that moment."""

    async def connected() -> Any:
        return house.temporal

    return Minaoshi(
        house.register,
        connected,
        task_queue=house.settings.task_queue,
        signatures=house.signatures,
        now=lambda: moment,
    )


def arrivals(view: ReportView) -> list[tuple[str, Means, Arrival]]:
    return [(one.recipient, one.channel, one.state) for one in view.told]


async def message_ids(house: House) -> list[str]:
    """Give the Message-ID that each notice of the event has, in the order of the line."""
    notices = await house.register.notices_of_act(report_id(house))
    return [f"<{key_of(one.notice.notice_id)}@example.jp>" for one in notices]


SEES_THE_PATCH = UnsandboxedWorkflowRunner()
"""The sandbox loads anew what was agreed of calls, and does not see what a test puts in its place."""

PATIENT = workflow.ActivityConfig(
    start_to_close_timeout=calls.DELIVER["start_to_close_timeout"],
    schedule_to_close_timeout=calls.DELIVER["schedule_to_close_timeout"],
    retry_policy=RetryPolicy(initial_interval=timedelta(days=2), backoff_coefficient=3),
)
"""As the real one, but with fewer tries: each costs a moved clock a second."""


@pytest.mark.whole
async def test_after_a_week_without_mail_nothing_is_lost_and_nothing_comes_twice(
    tmp_path: Path, settings: Settings, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "DELIVER", PATIENT)
    own = posting(settings, office)
    async with (
        skipping_environment() as environment,
        skipping_house(environment, own, tmp_path / "week", runner=SEES_THE_PATCH) as skipping,
    ):
        house = skipping.house
        reported_at = await report(house)
        await all_given_out(house)
        await week_passes(house, environment)
        assert office.letters == []
        await stands_in_front_of_the_team(house, at=reported_at + WEEK)
        await office.open()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(environment.fast_forward(one) for one in await handles(house)))
            await asyncio.gather(*(one.result() for one in await handles(house)))
        later = as_of(house, reported_at + WEEK + timedelta(days=2))
        view = await later.reports.show(report_id(house))
        assert sorted(office.ids()) == sorted(await message_ids(house))
        assert len(set(office.ids())) == len(LINE)
        assert arrivals(view) == [(one, Means.MAIL, Arrival.DELIVERED) for one in LINE]
        assert all(one.at > reported_at + WEEK and one.failure is None for one in view.told)
        assert (await later.inboxes.of(TEAM)).undelivered == ()


async def handles(house: House) -> list[Any]:
    notices = await house.register.notices_of_act(report_id(house))
    return [house.temporal.get_workflow_handle(notice_workflow_id(one.notice.notice_id)) for one in notices]


async def week_passes(house: House, environment: WorkflowEnvironment) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(environment.fast_forward(one, WEEK) for one in await handles(house)))


async def stands_in_front_of_the_team(house: House, *, at: datetime) -> None:
    """Everybody who is not told yet stands in the inbox of the team, in the report, and in what `doctor` counts."""
    facade = as_of(house, at)
    undelivered = (await facade.inboxes.of(TEAM)).undelivered
    assert sorted(one.person for one in undelivered) == sorted(LINE)
    assert {(one.failure, one.failed_at) for one in undelivered} == {(SAID_OF_A_LATE_ONE, None)}
    assert (await facade.inboxes.of(AUDITOR)).undelivered == ()
    assert arrivals(await facade.reports.show(report_id(house))) == [(one, Means.MAIL, Arrival.LATE) for one in LINE]
    assert look(house.settings.register_url, at=at).undelivered == len(LINE)


async def test_what_is_not_delivered_within_an_hour_stands_in_front_of_the_team_and_may_be_told_otherwise(
    empty_house: House, office: PostOffice
) -> None:
    house = with_mail(empty_house, office)
    async with house.worker():
        reported_at = await report(house)
        await all_given_out(house)
        early, late = (as_of(house, reported_at + LATE_AFTER + timedelta(seconds=one)) for one in (-60, 60))
        assert (await early.inboxes.of(TEAM)).undelivered == ()
        assert {one.state for one in (await early.reports.show(report_id(house))).told} == {Arrival.UNDER_WAY}
        first = (await late.inboxes.of(TEAM)).undelivered[0]
        assert first.made_at is not None
        await late.inboxes.settle(first.number, as_=TEAM)
        assert [one.person for one in (await late.inboxes.of(TEAM)).undelivered] == LINE[1:]
        told = (await late.reports.show(report_id(house))).told
        assert (told[0].recipient, told[0].state) == (first.person, Arrival.TOLD_OTHERWISE)


IMPATIENT = workflow.ActivityConfig(
    start_to_close_timeout=timedelta(seconds=5),
    schedule_to_close_timeout=timedelta(seconds=1),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=100)),
)


async def test_what_was_tried_to_the_end_is_given_up_and_goes_out_when_the_team_says_so(
    empty_house: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "DELIVER", IMPATIENT)
    house = replace(with_mail(empty_house, office), runner=SEES_THE_PATCH)
    async with house.worker():
        await report(house)
        await all_given_out(house)
        for person in LINE:
            await results(house, person)
        undelivered = (await house.minaoshi.inboxes.of(TEAM)).undelivered
        assert sorted(one.person for one in undelivered) == sorted(LINE)
        assert all(one.failure.startswith("繰り返し試しましたが") and one.failed_at for one in undelivered)
        view = await house.minaoshi.reports.show(report_id(house))
        assert arrivals(view) == [(one, Means.MAIL, Arrival.UNDELIVERED) for one in LINE]
        await office.open()
        for one in undelivered:
            await house.minaoshi.inboxes.send_again(one.number, as_=TEAM)
        await all_given_out(house)
        for one in await handles(house):
            await one.result()
    assert sorted(office.ids()) == sorted(await message_ids(house))
    assert (await house.minaoshi.inboxes.of(TEAM)).undelivered == ()


async def test_who_has_left_before_the_mail_went_out_is_not_taken_for_told(
    empty_house: House, office: PostOffice
) -> None:
    await office.open()
    house = with_mail(empty_house, office)
    async with house.worker():
        await report(house)
        await house.register.apply_organisation(read(without("team-member")), by="operator", at=datetime.now(UTC))
        await all_given_out(house)
        for one in await handles(house):
            await one.result()
    undelivered = (await house.minaoshi.inboxes.of(TEAM)).undelivered
    assert [(one.person, one.name) for one in undelivered] == [("team-member", "（組織表にいません）")]
    assert "組織表にいない職員です" in undelivered[0].failure
    told = {one.recipient: one.state for one in (await house.minaoshi.reports.show(report_id(house))).told}
    assert told == {**dict.fromkeys(LINE, Arrival.DELIVERED), "team-member": Arrival.UNDELIVERED}
    assert len(office.letters) == len(LINE) - 1


def without(person: str) -> dict[str, Any]:
    """Give the organisation without a person, who holds no role alone."""
    content = data()
    content["people"] = [one for one in content["people"] if one["id"] != person]
    for one in content["appointments"]:
        one["persons"] = [each for each in one["persons"] if each != person]
    return content


MEMBERS = [f"member-{number}" for number in range(43)]
ALL = 50
KILLED_AT = 15


def with_members() -> dict[str, Any]:
    """Give the organisation with a team so large that fifty are told."""
    content = data()
    somebody = next(one for one in content["people"] if one["id"] == TEAM)
    content["people"] += [{**somebody, "id": one, "name": one, "mail": f"{one}@example.jp"} for one in MEMBERS]
    team = next(one for one in content["appointments"] if one["role"] == "team_member")
    team["persons"] += MEMBERS
    return content


async def delivered(house: House) -> set[str]:
    """Give the Message-IDs of what the register has as delivered."""
    notices = await house.register.notices_of_act(report_id(house))
    ids = zip(await message_ids(house), notices, strict=True)
    return {message_id for message_id, one in ids if one.delivered_at is not None}


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not happened():  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.05)


class DeadlyOffice(PostOffice):
    """郵便局: kills the worker when it has taken a letter, and before it says so."""

    victim: WorkerProcess | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 # aiosmtpd's name
        answer = await super().handle_DATA(server, session, envelope)
        if self.victim is not None and len(self.letters) == KILLED_AT:
            await self.victim.kill()
        return answer


@pytest.mark.whole
async def test_everybody_is_told_though_the_worker_died_among_fifty_mails(settings: Settings, tmp_path: Path) -> None:
    office = DeadlyOffice()
    await office.open()
    own = posting(settings, office)
    async with mortal_house(own, tmp_path / "house") as (house, _, process):
        await house.register.apply_organisation(read(with_members()), by="operator", at=datetime.now(UTC))
        office.victim = process
        reporting = asyncio.create_task(report(house))
        await until(lambda: len(office.letters) >= KILLED_AT)
        await until(lambda: process.is_over)
        office.victim = None
        before, marked = set(office.ids()), await delivered(house)
        assert len(marked) < len(before) < ALL
        await process.start()
        await reporting
        async with asyncio.timeout(PATIENCE_S):
            while len(await delivered(house)) < ALL:  # noqa: ASYNC110 # as above
                await asyncio.sleep(0.1)
        expected = await message_ids(house)
        times = Counter(office.ids())
        assert len(expected) == ALL
        assert set(times) == set(expected)
        twice = {one for one, number in times.items() if number > 1}
        assert twice <= before - marked
        assert max(times.values()) <= 2
        view = await house.minaoshi.reports.show(report_id(house))
        assert {(one.channel, one.state) for one in view.told} == {(Means.MAIL, Arrival.DELIVERED)}
    await office.close()


RARELY = workflow.ActivityConfig(
    start_to_close_timeout=calls.DELIVER["start_to_close_timeout"],
    schedule_to_close_timeout=calls.DELIVER["schedule_to_close_timeout"],
    retry_policy=RetryPolicy(initial_interval=timedelta(hours=1)),
)
"""As the real one after some hours."""


async def test_a_late_notice_that_is_sent_again_is_tried_at_once_and_each_failure_is_one_line(
    empty_house: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(calls, "DELIVER", RARELY)
    house = replace(with_mail(empty_house, office), runner=SEES_THE_PATCH)
    async with house.worker():
        reported_at = await report(house)
        await all_given_out(house)
        expected = await message_ids(house)
        await until(lambda: len(failures(caplog)) == len(expected))
        assert all("\n" not in one.getMessage() and one.exc_info is None for one in failures(caplog))
        assert [one for one in caplog.records if one.levelno >= logging.WARNING and one.exc_info] == []
        await office.open()
        later = as_of(house, reported_at + LATE_AFTER + timedelta(minutes=1))
        late = (await later.inboxes.of(TEAM)).undelivered
        assert len(late) == len(expected)
        for one in late:
            await later.inboxes.send_again(one.number, as_=TEAM)
        await asyncio.gather(all_given_out(house), all_given_out(house))
        await until(lambda: len(office.letters) >= len(expected))
        await asyncio.gather(*(handle.result() for handle in await handles(house)))
    assert sorted(office.ids()) == sorted(expected)
    assert (await as_of(house, reported_at + WEEK).inboxes.of(TEAM)).undelivered == ()


async def test_a_server_that_can_not_try_at_once_holds_no_other_notice_up(
    empty_house: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(_: object) -> None:
        raise RPCError("unknown method", RPCStatusCode.UNIMPLEMENTED, b"")

    caplog.set_level(logging.INFO, logger="minaoshi.outbox")
    house = with_mail(empty_house, office)
    await report_without_worker(house)
    monkeypatch.setattr(house.temporal.workflow_service, "reset_activity", refuse)
    for notice in await house.register.notices_of_act(report_id(house)):
        await house.register.send_notice_again(notice.notice.notice_id, by=TEAM, at=datetime.now(UTC))
    await all_given_out(house)
    assert await house.register.waiting_notices(limit=100) == ()
    assert "a notice is not tried at once: UNIMPLEMENTED" in caplog.messages


async def report_without_worker(house: House) -> None:
    async with house.worker():
        await report(house)
        await all_given_out(house)


def failures(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in caplog.records if one.name == "minaoshi.notices"]
