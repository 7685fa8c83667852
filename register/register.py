"""台帳 (register): what the activities and the facade ask of the database, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from register import (
    assessments,
    countermeasures,
    events,
    notices,
    plan_register,
    recording,
    reports,
    reviews,
    stated,
)
from register.assessments import First
from register.choosing import Choosing
from register.circulars import CircularRows
from register.database import HEAD_REVISION, Database, migrate, open_database
from register.digests import DigestRows
from register.due_days import DueDays
from register.duties import DutyRows
from register.errors import DatabaseFault
from register.inboxes import InboxRows
from register.kept_organisation import KeptOrganisation
from register.lists import Lists
from register.readings import Readings
from register.reconciled import ReconciledRows
from register.reviews import ReviewScope
from register.schema_state import SchemaState, revision_of, state_of
from register.sessions import SessionRows
from register.sign_ins import SignInRows
from register.working_copies import WorkingCopyRows
from schemas.acts import Intake
from schemas.countermeasures import CountermeasureHistory, CountermeasureReceipt, CountermeasureState
from schemas.event_acts import EventActRecord, EventHistory, EventReceipt
from schemas.events import EventState
from schemas.letters import FailedNotice, Means, NoticeProgress, Outgoing
from schemas.plan import AssessmentFacts
from schemas.records import (
    ActRecord,
    AssessmentRecord,
    CountermeasureEntry,
    CountermeasureRecorded,
    Entry,
    EventEntry,
    NewAssessment,
    Notice,
    PlannedAssessment,
    Recorded,
    RecordedReport,
    ReportedReview,
    ReviewRecord,
    ReviewSubject,
    StatedThreshold,
    StoredAnswer,
    StoredDocument,
    VersionRecord,
)


class Register(KeptOrganisation):
    """台帳 (register) on one database, with its audit trail."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.choosing = Choosing(database)
        self.circulars = CircularRows(database)
        self.digests = DigestRows(database)
        self.due_days = DueDays(database)
        self.duties = DutyRows(database)
        self.inboxes = InboxRows(database)
        self.lists = Lists(database)
        self.readings = Readings(database)
        self.reconciled = ReconciledRows(database)
        self.sessions = SessionRows(database)
        self.sign_ins = SignInRows(database)
        self.working_copies = WorkingCopyRows(database)

    async def close(self) -> None:
        """Let what has begun come to its end, and close all connections."""
        await self._database.close()

    # --- 評価書

    async def add_assessment(self, new: NewAssessment, first: First, *, by: str, at: datetime) -> AssessmentRecord:
        """Enter a published assessment with its documents and its first version; the same again gives the record.

        Raises AlreadyThereError when the id is taken by an assessment with other content.
        """
        return await self._database.write(assessments.add, new, first, by=by, at=at)

    async def add_assessments(
        self,
        entries: Sequence[tuple[NewAssessment, First]],
        *,
        by: str,
        at: datetime,
        told: Callable[[int], None],
        source: str,
    ) -> None:
        """Enter all of them or none; `told` is called with how many are in. Raises as `add_assessment` does.

        `source` is the SHA-256 of the table that they stand in.
        """
        await self._database.write(assessments.add_all, entries, by=by, at=at, told=told, source=source)

    async def entry_digests(self) -> dict[str, str]:
        """Give of each assessment what it was entered as, by its id (see `register.assessments.entry_digest`)."""
        return await self._database.read(assessments.entry_digests)

    async def assessment(self, assessment_id: str) -> AssessmentRecord:
        """Give one assessment; raises LookupError when it is unknown."""
        return await self._database.read(assessments.one, assessment_id)

    async def assessments(
        self, *, body: str | None = None, department: str | None = None
    ) -> tuple[AssessmentRecord, ...]:
        """Give the assessments, of one body or department where it is named, in order of their ids."""
        return await self._database.read(assessments.every, body=body, department=department)

    async def stated(self, *, body: str) -> tuple[StatedThreshold, ...]:
        """Give what each published assessment of a body says of its threshold, in order of their ids."""
        return await self._database.read(stated.stated, body=body)

    async def risk_events(self, *, body: str) -> tuple[Intake, ...]:
        """Give the risk events that were reported in a body, the first one first."""
        return await self._database.read(stated.risk_events, body=body)

    async def plan_assessment(self, planned: PlannedAssessment, *, by: str, at: datetime) -> AssessmentRecord:
        """Enter an assessment of which nothing is published yet; one that is there stays, and is given as it stands."""
        return await self._database.write(assessments.plan, planned, by=by, at=at)

    async def facts_of(self, assessment_id: str) -> AssessmentFacts:
        """Give what the 計画管理書 tells of one assessment; raises LookupError when it is unknown."""
        return await self._database.read(plan_register.facts_of, assessment_id)

    async def due_assessments(  # three dates, and where the page begins and ends
        self, *, yearly_by: date, five_years_by: date, publication_by: date, after: str | None, limit: int
    ) -> tuple[AssessmentRecord, ...]:
        """Give those of which a date falls on or before those days, in order of their ids.

        The dates: the yearly one, the five years, and the end of the publication after a business ended.

        An assessment with an open review is among them.
        """
        return await self._database.read(
            assessments.due,
            yearly_by=yearly_by,
            five_years_by=five_years_by,
            publication_by=publication_by,
            after=after,
            limit=limit,
        )

    async def versions(self, assessment_id: str) -> tuple[VersionRecord, ...]:
        """Give an assessment's versions, the first one first."""
        return await self._database.read(assessments.versions_of, assessment_id)

    async def store_document(self, document: StoredDocument, *, by: str, at: datetime) -> None:
        """Store a document under its SHA-256; nothing when it is there.

        Raises ValueError when the SHA-256 is not that of the content.
        """
        await self._database.write(assessments.store_document, document, by=by, at=at)

    async def review_subject(self, assessment_id: str) -> ReviewSubject:
        """Give what a review must know of its assessment as it begins; raises LookupError when it is unknown."""

        def read(connection: Connection) -> ReviewSubject:
            assessment = assessments.one(connection, assessment_id)
            digests = [one.sha256 for one in assessment.manifest.documents] if assessment.manifest else []
            of_set = tuple(assessments.document(connection, digest) for digest in digests)
            followed = countermeasures.every(connection, scope=ReviewScope.OPEN, assessment=assessment_id)
            return ReviewSubject(assessment, of_set, followed)

        return await self._database.read(read)

    async def document(self, sha256: str) -> StoredDocument:
        """Give one document; raises LookupError when it is unknown."""
        return await self._database.read(assessments.document, sha256)

    async def documents(self, digests: Collection[str]) -> dict[str, StoredDocument]:
        """Give those of the documents that are known, by their SHA-256."""
        return await self._database.read(assessments.several_documents, digests)

    # --- 報告

    async def record_report(self, intake: Intake, *, at: datetime, notices: tuple[Notice, ...]) -> None:
        """Write a report with its audit entry and notices; the same report again writes nothing.

        Raises OtherContentError when the act id is taken by another report.
        """
        await self._database.write(reports.record, intake, at=at, told=notices)

    async def report(self, act_id: str) -> Intake | None:
        """Give one report; None when it is unknown."""
        return await self._database.read(reports.one, act_id)

    async def reports(self, act_ids: Sequence[str]) -> dict[str, Intake]:
        """Give those of the reports that are known, by their ids."""
        return await self._database.read(reports.several, act_ids)

    async def recorded_report(self, act_id: str) -> RecordedReport | None:
        """Give one report with when it was recorded; None when it is unknown."""
        return await self._database.read(reports.recorded, act_id)

    async def known_acts(self, act_ids: Collection[str]) -> frozenset[str]:
        """Give those of the act ids that an act of a review has."""
        return await self._database.read(reports.known_acts, act_ids)

    async def stored_answer(self, act_id: str) -> StoredAnswer | None:
        """Give the answer of an act (its receipt) or of a report (the reviews so far); None when it is unknown."""
        return await self._database.read(reports.stored_answer, act_id)

    async def reviews_of_report(self, act_id: str) -> tuple[ReportedReview, ...]:
        """Give the reviews that a report has opened or joined so far."""
        return await self._database.read(reports.reviews_of, act_id)

    # --- 見直し

    async def record(self, entry: Entry) -> Recorded:
        """Write an act with all that follows from it; number the review where it has no number.

        The same act again writes nothing and gives the stored answer, marked when another run had recorded it.
        Raises OtherContentError when the same run recorded other content under the same act id.
        """
        return await self._database.write(recording.record, entry)

    async def review(self, review_id: str) -> ReviewRecord:
        """Give one review; raises LookupError when it is unknown."""
        return await self._database.read(reviews.one, review_id)

    async def reviews(
        self, *, scope: str = ReviewScope.OPEN, body: str | None = None, assessment: str | None = None
    ) -> tuple[ReviewRecord, ...]:
        """Give the reviews, of one body or assessment where it is named, the newest first; scope is `open` or `all`."""
        return await self._database.read(reviews.every, scope=ReviewScope(scope), body=body, assessment=assessment)

    async def open_review_of(self, assessment_id: str) -> ReviewRecord | None:
        """Give the open review of an assessment; None when there is none."""
        found = await self.reviews(scope=ReviewScope.OPEN, assessment=assessment_id)
        return found[0] if found else None

    async def acts_of(self, review_id: str) -> tuple[ActRecord, ...]:
        """Give a review's acts in their order."""
        return await self._database.read(reviews.acts_of, review_id)

    async def notices_for(self, person: str) -> tuple[Notice, ...]:
        """Give a person's notices, the newest first."""
        return await self._database.read(notices.of_person, person)

    async def notices_of_act(self, act_id: str) -> tuple[NoticeProgress, ...]:
        """Give the notices of one act with what became of each, in the order in which people are told."""
        return await self._database.read(notices.of_act, act_id)

    async def waiting_notices(self, *, limit: int) -> tuple[Notice, ...]:
        """Give the notices that were not given out yet, the oldest first."""
        return await self._database.read(notices.waiting, limit=limit)

    async def mark_notices_given_out(self, *, by_mail: Sequence[str], by_inbox: Sequence[str], at: datetime) -> None:
        """Mark those that a workflow delivers, and those that are delivered by the inbox alone."""
        await self._database.write(notices.mark_given_out, by_mail=by_mail, by_inbox=by_inbox, at=at)

    async def outgoing_notice(self, notice_id: str) -> Outgoing:
        """Give one notice with what became of it; raises LookupError when it is unknown."""
        return await self._database.read(notices.one, notice_id)

    async def mark_notices_delivered(self, notice_ids: Sequence[str], *, means: Means, at: datetime) -> None:
        """Mark notices as delivered; the same again changes nothing."""
        await self._database.write(notices.mark_delivered, notice_ids, means=means, at=at)

    async def mark_notices_failed(self, notice_ids: Sequence[str], *, failure: str, at: datetime) -> None:
        """Mark notices as given up, unless they are delivered."""
        await self._database.write(notices.mark_failed, notice_ids, failure=failure, at=at)

    async def failed_notices(self) -> tuple[FailedNotice, ...]:
        """Give the notices that were given up and that nobody has dealt with, the newest first."""
        return await self._database.read(notices.failed)

    async def late_notices(self, *, before: datetime) -> tuple[Outgoing, ...]:
        """Give the notices made before that instant that are still on their way, the oldest first."""
        return await self._database.read(notices.late, before=before)

    async def settle_notice(self, notice_id: str, *, by: str, at: datetime) -> None:
        """Write down who has told the person otherwise."""
        await self._database.write(notices.settle, notice_id, by=by, at=at)

    async def send_notice_again(self, notice_id: str, *, by: str, at: datetime) -> None:
        """Let a notice that was given up go out once more."""
        await self._database.write(notices.send_again, notice_id, by=by, at=at)

    async def tell(self, told: Sequence[Notice], *, at: datetime) -> None:
        """Write notices that belong to no act; those that are there stay as they are."""
        await self._database.write(notices.write, told, at=at)

    # --- 対応策

    async def record_countermeasure(self, entry: CountermeasureEntry) -> CountermeasureRecorded:
        """Write an act on a countermeasure; the same again gives the stored answer. Raises OtherContentError."""
        return await self._database.write(countermeasures.record, entry)

    async def countermeasure(self, countermeasure_id: str) -> CountermeasureState:
        """Give one countermeasure; raises LookupError when it is unknown."""
        return await self._database.read(countermeasures.one, countermeasure_id)

    async def countermeasures(
        self,
        *,
        scope: str = ReviewScope.OPEN,
        assessment: str | None = None,
        review: str | None = None,
        event: str | None = None,
    ) -> tuple[CountermeasureState, ...]:
        """Give the countermeasures, by date; scope is `open` or `all`."""
        return await self._database.read(
            countermeasures.every, scope=scope, assessment=assessment, review=review, event=event
        )

    async def countermeasure_history(self, countermeasure_id: str) -> CountermeasureHistory:
        """Give a countermeasure with its acts; raises LookupError when it is unknown."""

        def read(connection: Connection) -> CountermeasureHistory:
            state = countermeasures.one(connection, countermeasure_id)
            return CountermeasureHistory(state=state, acts=countermeasures.acts_of(connection, countermeasure_id))

        return await self._database.read(read)

    async def countermeasure_receipt(self, act_id: str) -> CountermeasureReceipt | None:
        """Give the receipt of an act on a countermeasure; None when it was not recorded."""
        return await self._database.read(countermeasures.stored_receipt, act_id)

    # --- リスク事案

    async def open_event(self, state: EventState) -> EventState:
        """Write a risk event, and give it; one that is there stays, and is given as it stands."""
        return await self._database.write(events.open_event, state)

    async def record_event(self, entry: EventEntry) -> EventReceipt:
        """Write an act on a risk event; the same act again writes nothing and gives the stored answer.

        Raises OtherContentError when the act id is taken by an act with other content.
        """
        return await self._database.write(events.record, entry)

    async def find_event(self, event_id: str) -> EventState | None:
        """Give one risk event; None when it is unknown."""
        return await self._database.read(events.find, event_id)

    async def event_history(self, event_id: str) -> EventHistory:
        """Give a risk event with its acts; raises LookupError when it is unknown."""

        def read(connection: Connection) -> EventHistory:
            state = events.find(connection, event_id)
            if state is None:
                raise LookupError(event_id)
            return EventHistory(state=state, acts=events.acts_of(connection, event_id))

        return await self._database.read(read)

    async def event_act(self, act_id: str) -> EventActRecord | None:
        """Give an act on a risk event; None when it was not recorded."""
        return await self._database.read(events.act, act_id)

    async def schema(self) -> SchemaState:
        """Say whether the tables still are those that this program knows: another may have brought them forward."""

        def read(connection: Connection) -> SchemaState:
            return state_of(revision_of(connection), head=HEAD_REVISION)

        try:
            return await self._database.read(read)
        except DatabaseFault:
            return SchemaState.UNREADABLE


async def open_register(url: str) -> Register:
    """Open the register at `url`, brought up to the newest schema. Raises as `migrate` does."""
    await migrate(url)
    return Register(open_database(url))
