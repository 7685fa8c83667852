"""義務の記帳 (duty records): each act on a duty is written; what repeats is opened when its time has come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity

from activities.heartbeat import beating
from activities.refused import refused_error
from guideline.circulars import round_after
from guideline.deadlines import tokyo_date
from guideline.duty_follow_up import alarms_of_duty, missing_at, told_of_duty
from guideline.duty_register import check_place, completions_listed, roll_listed
from guideline.duty_roll import joined
from guideline.duty_round import opening_today, told_of_held_up
from guideline.duty_series import due_to_open
from guideline.refusals import RefusedError
from schemas.base import Instant, Message
from schemas.duties import DutyState, MemberStatus, RollMember
from schemas.duty_acts import AnyDutyAct, DutyCompletion, DutyEnrolment, DutyReminder
from schemas.records import DutyEntry, DutyRecorded

if TYPE_CHECKING:
    from activities.audits import AuditFollowUp
    from activities.ports import CircularSendingPort, DutyFollowingPort, DutyRowsPort, RegisterPort
    from guideline.duty_roll import Listed
    from schemas.records import StoredDocument

WHOLE_ROLL = 20_000
"""名簿の全員: as many as an organisation may name."""


class DutyRequest(Message):
    """義務の記帳の依頼 (what the workflow asks to be written)."""

    act: AnyDutyAct = Field(title="行為")
    state: DutyState = Field(title="行為の後の状態")
    at: Instant = Field(title="行為の日時")


class Round(Message):
    """一巡 (round over what repeats): of today unless told."""

    on: date | None = Field(default=None, title="基準日（空なら今日）")


class RoundRequest(Message):
    """一巡の依頼 (what the workflow asks to be opened)."""

    on: date = Field(title="基準日")


class RoundResult(Message):
    """一巡の結果 (what a round did)."""

    on: date = Field(title="基準日")
    opened: int = Field(ge=0, title="新たに始めた数")
    held_up: int = Field(default=0, ge=0, title="始められなかった数（部署がもうない等）")


class DutyRecords:
    """義務の記帳: the activities that write and open."""

    def __init__(
        self,
        register: RegisterPort,
        duties: DutyRowsPort,
        following: DutyFollowingPort,
        circulars: CircularSendingPort,
        audits: AuditFollowUp,
    ) -> None:
        self._register = register
        self._duties = duties
        self._following = following
        self._circulars = circulars
        self._audits = audits

    @activity.defn(name="record_duty_act")
    async def record(self, request: DutyRequest) -> DutyRecorded:
        """Write the act with its alarms and notices, in one transaction; then let go out what follows from it.

        Raises ApplicationError of the type `Refused` where the register or the organisation does not permit it.
        """
        async with beating():
            return await self._record(request)

    async def _record(self, request: DutyRequest) -> DutyRecorded:
        organisation = (await self._register.current_organisation()).organisation
        act = request.act
        state = request.state.model_copy(update={"alarms": alarms_of_duty(request.state, organisation.service_levels)})
        try:
            check_place(act, state, organisation)
            await self._audits.check(act, state, organisation, at=request.at)
            listed = await self._listed(request)
            parent = await self._duties.find(state.parent) if state.parent is not None else None
            roll = await self._concerned(request, listed)
            told = told_of_duty(act, state=state, organisation=organisation, parent=parent, roll=roll)
            entry = DutyEntry(act=act, state=state, at=request.at, listed=listed, notices=told)
            recorded = await self._duties.record(entry)
        except RefusedError as refused:
            raise refused_error(refused.refusal) from None
        round_ = round_after(act, state)
        if round_ is not None:
            await self._circulars.start(state.duty_id, round_=round_)
        await self._audits.follow(act, state, at=request.at)
        return recorded

    async def again(self, request: DutyRequest, recorded: DutyRecorded) -> DutyEntry:
        """Give the entry as it was written once, from what the history says of it: nobody is told anew.

        Raises RefusedError where the register lacks the document that the act names.
        """
        state = request.state.model_copy(update={"alarms": recorded.alarms})
        return DutyEntry(act=request.act, state=state, at=request.at, listed=await self._listed(request))

    async def _listed(self, request: DutyRequest) -> Listed:
        """Give the document that an act on the roll names by its digest."""
        act = request.act
        if isinstance(act, DutyEnrolment):
            return roll_listed(act, await self._document(act.added_by_document))
        if isinstance(act, DutyCompletion):
            document = await self._document(act.completed_by_document)
            return completions_listed(act, document, state=request.state, today=tokyo_date(request.at))
        return None

    async def _document(self, sha256: str | None) -> StoredDocument | None:
        if sha256 is None:
            return None
        try:
            return await self._register.document(sha256)
        except LookupError:
            return None

    async def _concerned(self, request: DutyRequest, listed: Listed) -> tuple[RollMember, ...]:
        """Give the members whom the act concerns: who joins, or, with an alarm, who has not done it."""
        act = request.act
        if isinstance(act, DutyEnrolment):
            return joined(act, listed)
        if isinstance(act, DutyReminder):
            open_ones = await self._duties.roll(act.duty_id, status=MemberStatus.OPEN, limit=WHOLE_ROLL)
            return missing_at(act.alarm, state=request.state, roll=open_ones)
        return ()

    @activity.defn(name="open_due_duties")
    async def open_due(self, request: RoundRequest) -> RoundResult:
        """Open what repeats and is to be open on that day, however many rounds were missed.

        Each is one act, `open/<duty id>`: doing the round again opens none twice. What can't be opened, because its
        department is not there any more, keeps none of the others: it is told of, and tried on each further morning.
        """
        opened = held_up = 0
        due = due_to_open(await self._duties.repeating(), on=request.on)
        if not due:
            return RoundResult(on=request.on, opened=0)
        organisation = (await self._register.current_organisation()).organisation
        for state in due:
            parent = await self._duties.find(state.parent) if state.parent is not None else None
            try:
                act = opening_today(state, organisation, parent=parent)
            except RefusedError as refused:
                told = told_of_held_up(state, refused.refusal, organisation)
                await self._register.tell(told, at=activity.info().current_attempt_scheduled_time)
                held_up += 1
                continue
            await self._following.open(act)
            opened += 1
            activity.heartbeat(state.duty_id)
        return RoundResult(on=request.on, opened=opened, held_up=held_up)
