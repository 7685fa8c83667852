"""修復 (mending): what the register lacks is written anew from the history, what the engine lacks is followed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio.exceptions import ApplicationError

from activities.audits import AuditFollowUp
from activities.countermeasures import CountermeasureRecords, CountermeasureRequest
from activities.duties import DutyRecords, DutyRequest
from activities.events import EventRecords, EventRequest
from activities.intake import ReportIntake
from activities.openings import Openings
from activities.review_records import RecordRequest, ReviewRecords
from client.circular_sending import CircularSending
from client.disagreements import Disagreement, Following
from client.duty_following import DutyFollowing
from client.event_following import EventFollowing
from client.following import Following as CountermeasureFollowing
from client.histories import Told, Written
from client.report_sending import ReportSending
from client.sending import Sending
from guideline.refusals import RefusedError
from register.errors import DatabaseFault, RegisterError
from schemas.acts import Intake
from schemas.countermeasures import CountermeasureState
from schemas.duties import DutyState
from schemas.events import EventState
from schemas.records import CountermeasureRecorded, DutyRecorded, EventRecorded, Recorded
from schemas.reports import NewBusiness
from schemas.review import ReviewState, Stage

if TYPE_CHECKING:
    from temporalio.client import Client

    from register.act_rows import AnyEntry
    from register.register import Register
    from schemas.signatures import Signatures

_ENDED_FOR = "minaoshi reconcile: the register is further than this run"


class Mending:
    """直す: with what the worker itself writes and follows with."""

    def __init__(self, temporal: Client, register: Register, *, task_queue: str, signatures: Signatures) -> None:
        self._temporal = temporal
        self._register = register
        self._sending = Sending(temporal, register, task_queue=task_queue, signer=signatures)
        self._measures = CountermeasureFollowing(temporal, task_queue=task_queue, signer=signatures)
        self._events = EventFollowing(temporal, task_queue=task_queue, signer=signatures)
        self._duties = DutyFollowing(temporal, task_queue=task_queue, signer=signatures)
        reports = ReportSending(temporal, task_queue=task_queue, signer=signatures)
        findings = AuditFollowUp(register, register.duties, self._duties, reports)
        circulars = CircularSending(temporal, task_queue=task_queue)
        self._intake = ReportIntake(register, self._sending, Openings(register), trusted=signatures)
        self._review_records = ReviewRecords(register)
        self._event_records = EventRecords(register, self._events, self._measures)
        self._duty_records = DutyRecords(register, register.duties, self._duties, circulars, findings)

    async def mend(self, one: Disagreement) -> str | None:
        """Mend one; give why it could not be, in the reader's words."""
        try:
            match one.mends:
                case Written() as written:
                    entry = await self._entry(written)
                    await self._register.reconciled.rewrite(entry, receipt=written.recorded.receipt)
                case Told(began_with=Intake() as intake) as told:
                    if isinstance(intake.report, NewBusiness):
                        await self._intake.plan(intake, intake.report, at=told.began_at)
                    await self._register.record_report(intake, at=told.began_at, notices=())
                case EventState() as state:
                    await self._register.open_event(state)
                case Following() as following:
                    await self._follow(following)
                case _:
                    return "履歴だけからは分かりません。"
        except LookupError as missing:
            return f"台帳に {missing} がありません。"
        except DatabaseFault:
            return "台帳に、それより前のもの（評価書、文書、前の行為）がありません。"
        except RefusedError as refused:
            return refused.refusal.message
        except (RegisterError, ApplicationError) as error:
            return str(error)
        return None

    async def _entry(self, written: Written) -> AnyEntry:
        match written.request, written.recorded:
            case RecordRequest() as request, Recorded() as recorded:
                return await self._review_records.again(request, recorded, run_id=written.run_id)
            case CountermeasureRequest() as request, CountermeasureRecorded() as recorded:
                return CountermeasureRecords.again(request, recorded)
            case EventRequest() as request, EventRecorded() as recorded:
                return await self._event_records.again(request, recorded)
            case DutyRequest() as request, DutyRecorded() as recorded:
                return await self._duty_records.again(request, recorded)
        raise ValueError(written.subject)

    async def _follow(self, following: Following) -> None:
        """Start its workflow from what the register has; a run that knows less is ended first."""
        if following.is_behind:
            await self._temporal.get_workflow_handle(following.workflow_id).terminate(reason=_ENDED_FOR)
        match following.state:
            case ReviewState() as state if state.stage is not Stage.CLOSED:
                await self._sending.take_up(state)
            case CountermeasureState() as state:
                await self._measures.follow(state)
            case EventState() as state:
                await self._events.follow(state)
            case DutyState() as state:
                await self._duties.follow(state)
