"""見直し (the facade): all that the web page and the command line may do."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from client.acknowledging import Acknowledging
from client.acting import Acting
from client.assessments import Assessments
from client.audit import Audits
from client.audit_trail import Trails
from client.breaches import Breaches
from client.bundles import Bundles
from client.circular_sending import CircularSending
from client.circulars import Circulars
from client.countermeasures import Countermeasures
from client.deadlines import Deadlines
from client.directory import Directory
from client.documents import Documents
from client.duties import Duties
from client.duty_following import DutyFollowing
from client.errors import InvalidInputError
from client.event_following import EventFollowing
from client.events import Events
from client.explanations import Explanations
from client.following import Following
from client.form_amendment import FormAmendments
from client.guidance import Guidances
from client.inbox import Inboxes
from client.log_analyses import LogAnalyses
from client.looking import Looking
from client.notices import Notices
from client.organisation import Organisations
from client.payload_reading import PayloadReading
from client.plan import Plans
from client.privacy_audits import PrivacyAudits
from client.readiness import Readiness
from client.refused import Refusals
from client.report_sending import ReportSending
from client.reports import Reports
from client.retention import Retentions
from client.reviews import Reviews
from client.rules import Rules
from client.schedule import Schedules
from client.sending import Sending
from client.sessions import IDLE, Sessions
from client.shared_desk import SharedDesk
from client.signing_in import SigningIn
from client.takeover import Takeover
from client.training import Trainings
from client.working_copies import WorkingCopies
from guideline.deadlines import tokyo_date
from guideline.provisions import NotInForceError
from guideline.threshold import ThresholdAnalysis, analyse_threshold

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import timedelta

    from temporalio.client import Client

    from client.identity import Identity
    from client.payload_reading import Unsealing
    from register.register import Register
    from schemas.records import AuditVerdict
    from schemas.signatures import Signatures


def _now() -> datetime:
    return datetime.now(UTC)


class Minaoshi:
    """見直し: one room for each thing that people handle.

    The engine is asked for only when an act needs it: what the register alone can answer, it answers while the engine
    is down.
    """

    def __init__(  # noqa: PLR0913 # what one installation is made of
        self,
        register: Register,
        connect: Callable[[], Awaitable[Client]],
        *,
        task_queue: str,
        signatures: Signatures,
        identity: Identity | None = None,
        now: Callable[[], datetime] = _now,
        idle: timedelta = IDLE,
    ) -> None:
        self._register = register
        self._connect = connect
        self._connected: Client | None = None
        self._connecting = asyncio.Lock()
        self._task_queue = task_queue
        self._signatures = signatures
        self._now = now
        self._acting = Acting(register)
        looking = Looking(register, self._acting)
        self.organisation = Organisations(register, now=now)
        self.directory = Directory(register, self._acting, looking=looking)
        self.assessments = Assessments(register, self._acting, looking=looking, now=now)
        self.bundles = Bundles(register, now=now)
        self.documents = Documents(register, self.assessments, looking=looking, now=now)
        self.reports = Reports(register, self._acting, self._report_sending, looking=looking, now=now)
        self.form_amendments = FormAmendments(register, self._acting, self.reports, now=now)
        self.explanations = Explanations(register, looking=looking, now=now)
        self.deadlines = Deadlines(register, self._acting, now=now)
        self.inboxes = Inboxes(register, self._acting, now=now)
        self.notices = Notices(register, self._acting, now=now)
        self.reviews = Reviews(register, self._acting, self._sending, looking=looking, now=now)
        self.countermeasures = Countermeasures(register, self._acting, self._following, looking=looking)
        self.duties = Duties(register, self._acting, self._duty_following, looking=looking, now=now)
        self.guidance = Guidances(register, self._acting, self.duties, now=now)
        self.circulars = Circulars(register, self.duties, self._circular_sending, now=now)
        self.rules = Rules(register, self._acting, self.duties, now=now)
        self.acknowledging = Acknowledging(register, self._duty_following, now=now)
        self.trainings = Trainings(register, self._acting, self.duties, now=now)
        self.privacy_audits = PrivacyAudits(register, self._acting, self.duties, self.directory, now=now)
        self.log_analyses = LogAnalyses(register, self._acting, self.duties, self.reports, now=now)
        self.events = Events(register, self._acting, self._event_following, looking=looking, now=now)
        self.breaches = Breaches(register, self._acting, looking=looking, now=now)
        self.takeover = Takeover(register, self._acting, now=now)
        self.trail = Trails(register, self._acting, signatures)
        self.plans = Plans(register, looking=looking, now=now)
        self.audit = Audits(register, signatures, now=now)
        self.readiness = Readiness(register)
        self.refusals = Refusals(register, now=now)
        self.retention = Retentions(register, self._acting, now=now)
        self.schedule = Schedules(register, self._temporal, now=now)
        self.working_copies = WorkingCopies(register, self._acting, self.reviews, now=now)
        self.sessions = Sessions(register, self._acting, now=now, idle=idle)
        self.signing_in = SigningIn(register, self.organisation, self.sessions, identity=identity, now=now)
        self.shared_desk = SharedDesk(register, self._acting, now=now)

    @staticmethod
    def threshold(
        *, data_subjects: int, handlers: int, serious_incident: bool, on: date | None = None
    ) -> ThresholdAnalysis:
        """しきい値判断: the required level with its reasons and provisions, by the rules of today unless told.

        Raises InvalidInputError for a negative number, and for a day before the rules that are known here.
        """
        try:
            return analyse_threshold(
                data_subjects=data_subjects,
                handlers=handlers,
                serious_incident=serious_incident,
                on=on or tokyo_date(_now()),
            )
        except (ValueError, NotInForceError) as error:
            raise InvalidInputError(
                str(error), where="しきい値判断", remedy="人数と基準日を確かめてください。"
            ) from None

    async def verify_audit(self, *, expect: str | None = None) -> AuditVerdict:
        """証跡の検証: recompute the chain and what it names; it must go through the head that was kept outside.

        The signatures of acts and reports are verified by the public keys that are known here.
        """
        return await self._register.verify_audit(expect=expect, trusted=self._signatures)

    def payload_reading(self, unsealing: Unsealing) -> PayloadReading:
        """エンジンの内容の閲覧: for a process that holds the keys."""
        return PayloadReading(self._register, self._acting, unsealing, now=self._now)

    async def _temporal(self) -> Client:
        async with self._connecting:
            if self._connected is None:
                self._connected = await self._connect()
            return self._connected

    async def _sending(self) -> Sending:
        return Sending(
            await self._temporal(),
            self._register,
            task_queue=self._task_queue,
            signer=self._signatures,
            now=self._now,
        )

    async def _report_sending(self) -> ReportSending:
        return ReportSending(await self._temporal(), task_queue=self._task_queue, signer=self._signatures)

    async def _following(self) -> Following:
        return Following(await self._temporal(), task_queue=self._task_queue, signer=self._signatures)

    async def _event_following(self) -> EventFollowing:
        return EventFollowing(await self._temporal(), task_queue=self._task_queue, signer=self._signatures)

    async def _circular_sending(self) -> CircularSending:
        return CircularSending(await self._temporal(), task_queue=self._task_queue)

    async def _duty_following(self) -> DutyFollowing:
        return DutyFollowing(await self._temporal(), task_queue=self._task_queue, signer=self._signatures)
