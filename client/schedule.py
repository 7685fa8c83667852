"""予定 (schedules): each morning in Japan a checkpoint of the trail, the yearly sweep, and the round over duties."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleInfo,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from activities.checkpoints import CheckpointRequest
from activities.duties import Round
from client.errors import OutcomeNotKnownError
from schemas.base import Instant, Message
from schemas.records import AuditAction
from workflows.audit_checkpoint import AuditCheckpointWorkflow
from workflows.duty_round import DutyRoundWorkflow
from workflows.yearly_review import Sweep, YearlyReviewWorkflow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from register.register import Register

SCHEDULE_ID = "yearly-review"
HOUR = 6
"""午前6時 in Asia/Tokyo."""

CHECKPOINT_SCHEDULE_ID = "audit-checkpoint"
CHECKPOINT_HOUR = 5

DUTY_SCHEDULE_ID = "duty-round"

CATCHUP_WINDOW = timedelta(days=365)
_POLLS = 150
_POLL_S = 0.2


class ScheduleView(Message):
    """予定の見え方 (schedule as shown)."""

    schedule_id: str
    paused: bool
    note: str | None
    next_at: tuple[Instant, ...]
    runs: int


def _schedules(*, task_queue: str) -> dict[str, Schedule]:
    sweep = ScheduleActionStartWorkflow(YearlyReviewWorkflow.run, Sweep(), id=SCHEDULE_ID, task_queue=task_queue)
    checkpoint = ScheduleActionStartWorkflow(
        AuditCheckpointWorkflow.run, CheckpointRequest(), id=CHECKPOINT_SCHEDULE_ID, task_queue=task_queue
    )
    duties = ScheduleActionStartWorkflow(DutyRoundWorkflow.run, Round(), id=DUTY_SCHEDULE_ID, task_queue=task_queue)
    return {
        SCHEDULE_ID: _each_morning(sweep, hour=HOUR),
        CHECKPOINT_SCHEDULE_ID: _each_morning(checkpoint, hour=CHECKPOINT_HOUR),
        DUTY_SCHEDULE_ID: _each_morning(duties, hour=HOUR),
    }


def _each_morning(action: ScheduleActionStartWorkflow, *, hour: int) -> Schedule:
    return Schedule(
        action=action,
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(hour)], comment="毎朝")],
            time_zone_name="Asia/Tokyo",
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCHUP_WINDOW),
    )


async def ensure_schedule(temporal: Client, *, task_queue: str) -> None:
    """Create the schedules, or bring existing ones up to date; whether one is paused stays as it is."""
    for schedule_id, schedule in _schedules(task_queue=task_queue).items():
        await _ensure(temporal, schedule_id, schedule)


async def states_of_schedules(temporal: Client) -> dict[str, str]:
    """Give of each schedule whether it is paused: who pauses one does that in Temporal, past us."""
    states = {}
    for schedule_id in (SCHEDULE_ID, CHECKPOINT_SCHEDULE_ID, DUTY_SCHEDULE_ID):
        described = await temporal.get_schedule_handle(schedule_id).describe()
        states[f"schedule {schedule_id}"] = "paused" if described.schedule.state.paused else "on"
    return states


async def _ensure(temporal: Client, schedule_id: str, schedule: Schedule) -> None:
    try:
        await temporal.create_schedule(schedule_id, schedule)
    except ScheduleAlreadyRunningError:

        def renewed(existing: ScheduleUpdateInput) -> ScheduleUpdate:
            schedule.state = existing.description.schedule.state
            return ScheduleUpdate(schedule=schedule)

        await temporal.get_schedule_handle(schedule_id).update(renewed)


class Schedules:
    """年次の予定を扱う."""

    def __init__(
        self, register: Register, temporal: Callable[[], Awaitable[Client]], *, now: Callable[[], datetime]
    ) -> None:
        self._register = register
        self._temporal = temporal
        self._now = now

    async def show(self) -> ScheduleView:
        """Give when the sweep runs next."""
        temporal = await self._temporal()
        description = await temporal.get_schedule_handle(SCHEDULE_ID).describe()
        return ScheduleView(
            schedule_id=SCHEDULE_ID,
            paused=description.schedule.state.paused,
            note=description.schedule.state.note,
            next_at=tuple(description.info.next_action_times[:5]),
            runs=description.info.num_actions,
        )

    async def trigger(self) -> Sweep:
        """Run the sweep now through the schedule, and give what it did."""
        temporal = await self._temporal()
        handle = temporal.get_schedule_handle(SCHEDULE_ID)
        before = _started((await handle.describe()).info)
        kind = AuditAction.SCHEDULE_TRIGGERED
        await self._register.note(kind, actor="operator", subject=SCHEDULE_ID, at=self._now())
        await handle.trigger(overlap=ScheduleOverlapPolicy.BUFFER_ONE)
        for _ in range(_POLLS):
            new = _started((await handle.describe()).info) - before
            if new:
                swept: Sweep = await temporal.get_workflow_handle(new.pop(), result_type=Sweep).result()
                return swept
            await asyncio.sleep(_POLL_S)
        raise OutcomeNotKnownError(
            "年次の見直しの開始をまだ確かめられません。",
            where="予定",
            remedy="`minaoshi schedule show` と `minaoshi review list` で確かめてください。",
        )


def _started(info: ScheduleInfo) -> set[str]:
    return {
        result.action.workflow_id
        for result in info.recent_actions
        if isinstance(result.action, ScheduleActionExecutionStartWorkflow)
    }
