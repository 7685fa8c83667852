"""リスク事案の記帳 (event records): each event that is reported is followed, and each act on it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity

from activities.refused import refused_error
from guideline.deadlines import tokyo_date
from guideline.event_facts import opened_event
from guideline.event_follow_up import alarms_of_event, told_of_event
from guideline.event_judgement import judged_event
from guideline.event_measures import measures_to_follow
from guideline.event_register import (
    announced_in,
    check_agrees,
    check_no_new_date,
    check_reviews,
    check_stored,
    check_taken_over,
)
from guideline.events import with_derived
from guideline.follow_up import told_of_plan
from guideline.organisation import department_names
from guideline.refusals import RefusedError
from schemas.acts import Intake
from schemas.base import Digest, Instant, Message
from schemas.breach import ReportItem
from schemas.event_acts import (
    AnyEventAct,
    EarlierFacts,
    EventClosing,
    EventDerived,
    FactsUpdate,
    FilingRecord,
    MeasureNaming,
    ReportApproving,
)
from schemas.events import EventState
from schemas.records import EventEntry, EventRecorded, StoredDocument
from schemas.reports import RiskEvent

if TYPE_CHECKING:
    from activities.ports import EventFollowingPort, FollowingPort, RegisterPort
    from schemas.countermeasures import CountermeasureState
    from schemas.organisation import Organisation


_MEASURED = (MeasureNaming, EventClosing)
"""再発防止策の追跡を始める行為: after these every measure of the event is followed."""


class EventOpening(Message):
    """リスク事案の開始の依頼 (a report that was taken in, with the workflow's clock)."""

    intake: Intake = Field(title="報告")
    at: Instant = Field(title="受付の日時")


class EventRequest(Message):
    """リスク事案の記帳の依頼 (what the workflow asks to be written).

    `earlier` is there where the act changes what is known: the event is judged anew.
    """

    act: AnyEventAct = Field(title="行為")
    state: EventState = Field(title="行為の後の状態")
    earlier: EarlierFacts | None = Field(default=None, title="前の事実")
    at: Instant = Field(title="行為の日時")


class EventRecords:
    """リスク事案の記帳: the activities that begin an event and write the acts on it."""

    def __init__(self, register: RegisterPort, following: EventFollowingPort, measures: FollowingPort) -> None:
        self._register = register
        self._following = following
        self._measures_following = measures

    @activity.defn(name="open_event")
    async def open(self, request: EventOpening) -> None:
        """Write the event with which a risk report begins, and start its workflow; done again it does no harm."""
        report = request.intake.report
        if not isinstance(report, RiskEvent):
            return
        organisation = (await self._register.current_organisation()).organisation
        first = opened_event(request.intake, report, organisation=organisation, at=request.at)
        names = department_names(organisation)
        state = with_derived(first, judged_event(first, on=tokyo_date(request.at), names=names))
        alarms = alarms_of_event(state, organisation.service_levels, at=request.at)
        state = await self._register.open_event(state.model_copy(update={"alarms": alarms}))
        await self._following.follow(state)

    @activity.defn(name="record_event_act")
    async def record(self, request: EventRequest) -> EventRecorded:
        """Write the act with the judgement, the dates and the alarms that follow from it, in one transaction.

        The measures that it leaves are written with it, and followed from then on.

        Raises ApplicationError of the type `Refused` where the register does not have what the act names.
        """
        organisation = (await self._register.current_organisation()).organisation
        try:
            announced = await self._check(request)
            derived = self._derived(request, organisation).model_copy(update={"announced": announced})
            state = with_derived(request.state, derived)
            if derived.judgement is not None:
                check_no_new_date(request.state, state)
        except RefusedError as refused:
            raise refused_error(refused.refusal) from None
        alarms = alarms_of_event(state, organisation.service_levels, at=request.at)
        state = state.model_copy(update={"alarms": alarms})
        changes = derived.judgement.changes if derived.judgement else ()
        measures = await self._measures(request, organisation)
        told = told_of_event(request.act, state=state, changes=changes, organisation=organisation)
        entry = EventEntry(
            act=request.act,
            state=state,
            changes=changes,
            at=request.at,
            notices=(*told, *told_of_plan(measures)),
            countermeasures=measures,
        )
        receipt = await self._register.record_event(entry)
        await self._follow_measures(request)
        return EventRecorded(receipt=receipt, derived=derived.model_copy(update={"alarms": alarms}))

    async def again(self, request: EventRequest, recorded: EventRecorded) -> EventEntry:
        """Give the entry as it was written once, from what the history says of it: nobody is told anew."""
        organisation = (await self._register.current_organisation()).organisation
        return EventEntry(
            act=request.act,
            state=with_derived(request.state, recorded.derived),
            changes=recorded.receipt.changes,
            at=request.at,
            countermeasures=await self._measures(request, organisation),
        )

    @staticmethod
    def _derived(request: EventRequest, organisation: Organisation) -> EventDerived:
        if request.earlier is None:
            return EventDerived()
        learned_on = request.act.known_on if isinstance(request.act, FactsUpdate) else None
        return judged_event(
            request.state,
            on=tokyo_date(request.at),
            learned_on=learned_on,
            earlier=request.earlier,
            names=department_names(organisation),
        )

    async def _measures(self, request: EventRequest, organisation: Organisation) -> tuple[CountermeasureState, ...]:
        """Give the measures that nobody follows yet; at the end too, of events that named theirs before this was so."""
        if not isinstance(request.act, _MEASURED):
            return ()
        event_id = request.state.event_id
        followed = {one.countermeasure_id for one in await self._register.countermeasures(scope="all", event=event_id)}
        return measures_to_follow(request.state, organisation=organisation, followed=followed, at=request.at)

    async def _follow_measures(self, request: EventRequest) -> None:
        """Start the workflow of each open measure; done again it does no harm."""
        if isinstance(request.act, _MEASURED):
            for state in await self._register.countermeasures(event=request.state.event_id):
                await self._measures_following.follow(state)

    async def _check(self, request: EventRequest) -> tuple[ReportItem, ...]:
        """Hold the act against the register; give what an approved report announces. Raises RefusedError."""
        act = request.act
        if isinstance(act, ReportApproving):
            document = await self._document(act.digest)
            check_stored(act, document=document)
            return announced_in(document)
        if isinstance(act, FilingRecord):
            check_agrees(act, state=request.state, document=await self._document(act.filing.digest))
        if isinstance(act, EventClosing):
            known = [one.review_id for one in await self._register.reviews_of_report(act.event_id)]
            check_reviews(act, known=known)
            if act.same_as is not None:
                check_taken_over(act, by=await self._register.find_event(act.same_as))
        return ()

    async def _document(self, digest: Digest) -> StoredDocument | None:
        try:
            return await self._register.document(digest)
        except LookupError:
            return None
