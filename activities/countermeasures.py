"""対応策の記帳 (countermeasure records): each act on a countermeasure is written; what a review planned is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity

from guideline.event_measures import department_of_owner
from guideline.follow_up import alarms_of_countermeasure, told_of_countermeasure
from schemas.base import Instant, Message
from schemas.countermeasures import AnyCountermeasureAct, CountermeasureState
from schemas.records import CountermeasureEntry, CountermeasureRecorded

if TYPE_CHECKING:
    from activities.ports import FollowingPort, RegisterPort
    from schemas.organisation import Organisation


class CountermeasureRequest(Message):
    """対応策の記帳の依頼 (what the workflow asks to be written)."""

    act: AnyCountermeasureAct = Field(title="行為")
    state: CountermeasureState = Field(title="行為の後の状態")
    at: Instant = Field(title="行為の日時")


class CountermeasureRecords:
    """対応策の記帳: the activities that write and start."""

    def __init__(self, register: RegisterPort, following: FollowingPort) -> None:
        self._register = register
        self._following = following

    @activity.defn(name="record_countermeasure_act")
    async def record(self, request: CountermeasureRequest) -> CountermeasureRecorded:
        """Write the act with its alarms and notices, in one transaction.

        The department is the one that owns the assessment now: a hand-over moves its countermeasures too. The measure
        of a risk event, which has no assessment, is of its owner's department.
        """
        organisation = (await self._register.current_organisation()).organisation
        state = request.state.model_copy(update={"department": await self._department(request.state, organisation)})
        state = state.model_copy(update={"alarms": alarms_of_countermeasure(state, organisation.service_levels)})
        told = told_of_countermeasure(request.act, state=state, organisation=organisation)
        entry = CountermeasureEntry(act=request.act, state=state, at=request.at, notices=told)
        return await self._register.record_countermeasure(entry)

    @staticmethod
    def again(request: CountermeasureRequest, recorded: CountermeasureRecorded) -> CountermeasureEntry:
        """Give the entry as it was written once, from what the history says of it: nobody is told anew."""
        learnt = {"department": recorded.department, "alarms": recorded.alarms}
        return CountermeasureEntry(act=request.act, state=request.state.model_copy(update=learnt), at=request.at)

    async def _department(self, state: CountermeasureState, organisation: Organisation) -> str:
        if state.assessment_id is None:
            return department_of_owner(state.owner, organisation, otherwise=state.department)
        return (await self._register.assessment(state.assessment_id)).department

    @activity.defn(name="follow_countermeasures")
    async def follow(self, review_id: str) -> None:
        """Start the workflow of each countermeasure that the review planned; done again it does no harm."""
        for state in await self._register.countermeasures(review=review_id):
            await self._following.follow(state)
