"""受信箱: what waits for whom at each stage, and who was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from client.errors import NotFoundError
from client.inbox import Inboxes
from schemas.acts import ActKind
from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House

EVERYBODY = (DRAFTER, MANAGER, TEAM, TEAM_2, CHIEF, AUDITOR, "desk", "director-general", "allowance-manager")


async def waiting(house: House) -> dict[str, list[str]]:
    inboxes = {person: await house.minaoshi.inboxes.of(person) for person in EVERYBODY}
    return {person: [task.act.value for task in box.tasks] for person, box in inboxes.items() if box.tasks}


async def test_each_stage_waits_in_the_right_inboxes_and_in_no_other(house: House) -> None:
    review_id = await house.report_event()
    unread = ["acknowledge", "find"]
    assert await waiting(house) == {MANAGER: ["find"], TEAM: unread, TEAM_2: unread}
    await house.find(review_id, as_=MANAGER, course="no_change")
    assert await waiting(house) == {TEAM: unread, TEAM_2: unread}
    await house.find(review_id, as_=TEAM)
    assert await waiting(house) == {CHIEF: ["resolve"]}
    await house.minaoshi.reviews.resolve(review_id, b'{"course": "amend", "reason": "x"}', as_=CHIEF)
    assert await waiting(house) == {DRAFTER: ["submit"]}
    await house.submit(review_id)
    assert await waiting(house) == {MANAGER: ["approve"], TEAM: ["approve"], TEAM_2: ["approve"]}
    await house.minaoshi.reviews.approve(review_id, as_=TEAM)
    assert await waiting(house) == {MANAGER: ["approve"]}
    await house.minaoshi.reviews.approve(review_id, as_=MANAGER)
    step = ["record_step"]
    assert await waiting(house) == {DRAFTER: step, MANAGER: step, TEAM: step, TEAM_2: step}
    for name in ("submission", "publication"):
        await house.step(review_id, name)
    assert await waiting(house) == {}


async def test_a_risk_event_is_told_to_the_whole_line_at_once(house: House) -> None:
    await house.report_event()
    told = {person for person in EVERYBODY if (await house.minaoshi.inboxes.of(person)).notices}
    assert told == {MANAGER, DRAFTER, TEAM, TEAM_2, CHIEF, "director-general"}


async def test_what_is_overdue_says_so_and_comes_first(house: House) -> None:
    await house.report_event()
    other = f"{house.assessment_id}-b"
    await house.add_assessment(other)
    task = (await house.minaoshi.inboxes.of(MANAGER)).tasks[0]
    assert not task.overdue
    late = Inboxes(house.register, house.minaoshi._acting, now=in_a_month)  # noqa: SLF001 # the same register, later
    assert [one.overdue for one in (await late.of(MANAGER)).tasks] == [True]


def in_a_month() -> datetime:
    return datetime.now(UTC) + timedelta(days=30)


async def test_somebody_unknown_has_no_inbox(house: House) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        await house.minaoshi.inboxes.of("nobody")


async def test_each_act_shows_its_own_date(house: House) -> None:
    await house.report_change()
    due = {task.act: task.due_on for task in (await house.minaoshi.inboxes.of(TEAM)).tasks}
    acknowledged_by, found_by = due[ActKind.ACKNOWLEDGE], due[ActKind.FIND]
    assert acknowledged_by is not None
    assert found_by is not None
    assert acknowledged_by < found_by
