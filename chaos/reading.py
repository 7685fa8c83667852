"""読取り (reading): what register, histories and mail server hold, asked past all lines and without the workers."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

from chaos.findings import Findings, GroundFound, NoticeFound, VersionFound
from client.schedule import SCHEDULE_ID
from client.sending import workflow_id_of
from register import tables
from register.register import Register, open_register
from schemas.acts import Approval, Join
from schemas.letters import key_of
from schemas.review import GroundKind, ReviewState, Stage
from workflows.assessment_review import AssessmentReviewWorkflow

if TYPE_CHECKING:
    from chaos.house import House
    from schemas.records import ReviewRecord

_AT_ONCE = 8
_OWN = ("carried/", "remind/")
"""What a review does by itself: in its history it is no message."""


async def unsettled(house: House) -> int:
    """Count the notices that are neither delivered nor given up."""
    register = await open_register(house.database.own_url)
    try:
        rows = await register._database.read(_notices)  # noqa: SLF001 # the judge reads the tables themselves
    finally:
        await register.close()
    return sum(one.delivered_by is None and not one.failed for one in rows)


async def read(house: House) -> Findings:
    """Read everything there is to be read."""
    register = await open_register(house.database.own_url)
    temporal = await house.directly()
    try:
        reviews = await register.reviews(scope="all")
        acts = {one.review_id: [row.act for row in await register.acts_of(one.review_id)] for one in reviews}
        verdict = await house.minaoshi.verify_audit()
        return Findings(
            recorded=Counter(act.act_id for every in acts.values() for act in every if not act.act_id.startswith(_OWN)),
            remembered=await _remembered(temporal),
            reports=Counter(await register._database.read(_reports)),  # noqa: SLF001 # as above
            grounds=tuple(ground for one in reviews for ground in _grounds(one)),
            versions=await _versions(register, {one.assessment_id for one in reviews}),
            yearly=Counter(
                (act.opening.assessment_id, act.ground.due_on)
                for every in acts.values()
                for act in every
                if isinstance(act, Join) and act.ground.kind is GroundKind.YEARLY and act.ground.due_on is not None
            ),
            due=house.due,
            swept=await _swept(temporal),
            notices=await register._database.read(_notices),  # noqa: SLF001 # as above
            letters=house.office.letters,
            disagreeing=tuple([one async for one in _disagreeing(temporal, reviews)]),
            problems_of_the_chain=verdict.problems,
        )
    finally:
        await register.close()


async def _remembered(temporal: Client) -> Counter[str]:
    """Count the acts that a history holds as taken, by the id in the act itself."""
    door = asyncio.Semaphore(_AT_ONCE)
    query = "WorkflowType = 'AssessmentReview'"

    async def of(workflow_id: str, run_id: str) -> Counter[str]:
        async with door:
            return await _acts_in(temporal, workflow_id, run_id)

    runs = [of(one.id, one.run_id) async for one in temporal.list_workflows(query)]
    return sum(await asyncio.gather(*runs), Counter())


async def _acts_in(temporal: Client, workflow_id: str, run_id: str) -> Counter[str]:
    history = await temporal.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    accepted: dict[int, Any] = {}
    taken: Counter[str] = Counter()
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            asked = event.workflow_execution_update_accepted_event_attributes.accepted_request
            accepted[event.event_id] = asked.input.args.payloads
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
            ended = event.workflow_execution_update_completed_event_attributes
            if ended.outcome.HasField("success"):
                (act,) = await temporal.data_converter.decode(accepted[ended.accepted_event_id])
                taken[act["act_id"]] += 1
    return taken


def _grounds(review: ReviewRecord) -> list[GroundFound]:
    state = review.state
    is_open = state.stage is not Stage.CLOSED
    return [
        GroundFound(one.report_id, review.assessment_id, review.review_id, held=held, review_is_open=is_open)
        for grounds, held in ((state.grounds, False), (state.held, True))
        for one in grounds
    ]


async def _versions(register: Register, assessments: set[str]) -> tuple[VersionFound, ...]:
    found = []
    for assessment in sorted(assessments):
        for version in await register.versions(assessment):
            if version.review_id is None:
                continue  # as it was entered
            acts = [row.act for row in await register.acts_of(version.review_id)]
            given = [act.actor for act in acts if isinstance(act, Approval) and act.digest == version.digest]
            roles, persons = frozenset(one.role.value for one in given), frozenset(one.person for one in given)
            found.append(VersionFound(assessment, version.number, version.review_id, roles, persons))
    return tuple(found)


async def _swept(temporal: Client) -> bool:
    """Say whether the yearly sweep ran, and every run of it is over."""
    runs = [one async for one in temporal.list_workflows("WorkflowType = 'YearlyReview'")]
    mine = [one for one in runs if one.id.startswith(SCHEDULE_ID)]
    return bool(mine) and all(one.status is WorkflowExecutionStatus.COMPLETED for one in mine)


async def _disagreeing(temporal: Client, reviews: tuple[ReviewRecord, ...]) -> Any:
    for one in reviews:
        if one.state.stage is Stage.CLOSED:
            continue
        handle: WorkflowHandle[AssessmentReviewWorkflow, ReviewState] = temporal.get_workflow_handle_for(
            AssessmentReviewWorkflow.run, workflow_id_of(one.assessment_id)
        )
        if await handle.query(AssessmentReviewWorkflow.state) != one.state:
            yield one.review_id


def _reports(connection: Connection) -> list[str]:
    return list(connection.scalars(select(tables.reports.c.act_id)))


def _notices(connection: Connection) -> tuple[NoticeFound, ...]:
    rows = connection.execute(
        select(
            tables.notices.c.notice_id,
            tables.notices.c.delivered_at,
            tables.notices.c.means,
            tables.notices.c.failed_at,
        )
    )
    return tuple(
        NoticeFound(
            row.notice_id,
            key_of(row.notice_id),
            delivered_by=row.means if row.delivered_at is not None else None,
            failed=row.failed_at is not None,
        )
        for row in rows
    )
