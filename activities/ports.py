"""差込口 (ports): what the activities ask of the outside world. `worker.py` puts the adapters in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from schemas.acts import Intake, Join, Receipt
from schemas.checkpoints import Checkpoint
from schemas.circulars import LetterKey
from schemas.countermeasures import CountermeasureState
from schemas.duties import DutyKind, DutyState, MemberStatus, RollMember, RollRow
from schemas.duty_acts import DutyHistory, DutyOpening, DutyReceipt
from schemas.event_acts import EventReceipt
from schemas.events import EventState
from schemas.letters import Digest, Letter, Means, Outgoing
from schemas.records import (
    ActRecord,
    AssessmentRecord,
    CountermeasureEntry,
    CountermeasureRecorded,
    DutyEntry,
    DutyRecorded,
    Entry,
    EventEntry,
    Notice,
    OrganisationRevision,
    PlannedAssessment,
    Recorded,
    RecordedReport,
    ReportedReview,
    ReviewRecord,
    ReviewSubject,
    StatedThreshold,
    StoredAnswer,
    StoredDocument,
)


class RegisterPort(Protocol):
    """台帳 (register) as the activities see it."""

    async def current_organisation(self) -> OrganisationRevision:
        """Give the organisation as it stands; raises LookupError when none was applied."""

    async def assessment(self, assessment_id: str) -> AssessmentRecord:
        """Give one assessment; raises LookupError when it is unknown."""

    async def assessments(
        self, *, body: str | None = None, department: str | None = None
    ) -> tuple[AssessmentRecord, ...]:
        """Give the assessments, of one body or department where it is named."""

    async def review_subject(self, assessment_id: str) -> ReviewSubject:
        """Give what a review must know of its assessment as it begins; raises LookupError when it is unknown."""

    async def known_acts(self, act_ids: Collection[str]) -> frozenset[str]:
        """Give those of the act ids that an act of a review has."""

    async def document(self, sha256: str) -> StoredDocument:
        """Give one document; raises LookupError when it is unknown."""

    async def acts_of(self, review_id: str) -> tuple[ActRecord, ...]:
        """Give the acts of a review in their order."""

    async def stored_answer(self, act_id: str) -> StoredAnswer | None:
        """Give the answer of an act that was recorded before; None when it was not."""

    async def record_report(self, intake: Intake, *, at: datetime, notices: tuple[Notice, ...]) -> None:
        """Write the report with its audit entry; the same act id again is a no-op."""

    async def record(self, entry: Entry) -> Recorded:
        """Write an act, its rows and its audit entry in one transaction; number the review where it has no number."""

    async def stated(self, *, body: str) -> tuple[StatedThreshold, ...]:
        """Give what each published assessment of a body says of its threshold."""

    async def risk_events(self, *, body: str) -> tuple[Intake, ...]:
        """Give the risk events that were reported in a body, the first one first."""

    async def plan_assessment(self, planned: PlannedAssessment, *, by: str, at: datetime) -> AssessmentRecord:
        """Enter an assessment of which nothing is published yet; one that is there stays, and is given as it stands."""

    async def review(self, review_id: str) -> ReviewRecord:
        """Give one review; raises LookupError when it is unknown."""

    async def recorded_report(self, act_id: str) -> RecordedReport | None:
        """Give one report with when it was recorded; None when it is unknown."""

    async def outgoing_notice(self, notice_id: str) -> Outgoing:
        """Give one notice with what became of it; raises LookupError when it is unknown."""

    async def mark_notices_delivered(self, notice_ids: Sequence[str], *, means: Means, at: datetime) -> None:
        """Mark notices as delivered; the same again changes nothing."""

    async def mark_notices_failed(self, notice_ids: Sequence[str], *, failure: str, at: datetime) -> None:
        """Mark notices as given up, unless they are delivered."""

    async def due_assessments(
        self, *, yearly_by: date, five_years_by: date, publication_by: date, after: str | None, limit: int
    ) -> tuple[AssessmentRecord, ...]:
        """Give assessments of which a date has come by those days (yearly, five years, publication), by id."""

    async def record_countermeasure(self, entry: CountermeasureEntry) -> CountermeasureRecorded:
        """Write an act on a countermeasure in one transaction; the same act again gives the stored answer."""

    async def countermeasures(
        self, *, scope: str = "open", assessment: str | None = None, review: str | None = None, event: str | None = None
    ) -> tuple[CountermeasureState, ...]:
        """Give the countermeasures of an assessment, a review or a risk event; scope is `open` or `all`."""

    async def reviews_of_report(self, act_id: str) -> tuple[ReportedReview, ...]:
        """Give the reviews that a report has opened or joined so far."""

    async def open_event(self, state: EventState) -> EventState:
        """Write a risk event, and give it; one that is there stays, and is given as it stands."""

    async def record_event(self, entry: EventEntry) -> EventReceipt:
        """Write an act on a risk event in one transaction; the same act again gives the stored answer."""

    async def find_event(self, event_id: str) -> EventState | None:
        """Give one risk event; None when it is unknown."""

    async def audit_head(self) -> tuple[int, str]:
        """Give the number and the hash of the newest entry of the audit trail."""

    async def audit_hash(self, seq: int) -> str | None:
        """Give the hash of the entry of that number; None where there is none."""

    async def tell(self, told: tuple[Notice, ...], *, at: datetime) -> None:
        """Write notices that belong to no act; those that are there stay as they are."""


class DutyRowsPort(Protocol):
    """義務の行 (rows of duties) as the activities see them."""

    async def record(self, entry: DutyEntry) -> DutyRecorded:
        """Write an act on a duty in one transaction; the same act again gives the stored answer."""

    async def find(self, duty_id: str) -> DutyState | None:
        """Give one duty; None when it is unknown."""

    async def history(self, duty_id: str, *, limit: int) -> DutyHistory | None:
        """Give a duty with its newest acts, in their order; None when it is unknown."""

    async def of_kind(self, kind: DutyKind, *, body: str, department: str | None = None) -> tuple[DutyState, ...]:
        """Give all duties of a kind, of one department where it is named."""

    async def repeating(self) -> tuple[DutyState, ...]:
        """Give the duties that repeat, whatever became of them."""

    async def roll(
        self, duty_id: str, *, status: MemberStatus | None = None, limit: int, after: int = 0
    ) -> tuple[RollRow, ...]:
        """Give rows of a roll by member, of one status where it is named."""


class CircularRowsPort(Protocol):
    """事務連絡の発出の行 (rows of the sending of circulars) as the activities see them."""

    async def to_send(self, duty_id: str, *, round_: str, after: str | None, limit: int) -> tuple[RollMember, ...]:
        """Give the next who have neither acknowledged nor been reached in that round, by member."""

    async def keep_links(self, duty_id: str, digests: Mapping[str, str], *, at: datetime) -> None:
        """Keep the digest of each member's token, before the letters with the tokens go out."""

    async def mark_delivered(self, letter: LetterKey, *, at: datetime) -> None:
        """Mark a letter as delivered."""

    async def mark_failed(self, letter: LetterKey, *, failure: str, given_up: bool, at: datetime) -> None:
        """Mark a try as failed; the letter is tried again unless it is given up."""

    async def is_delivered(self, letter: LetterKey) -> bool:
        """Say whether a letter was delivered or given up."""

    async def give_up(self, duty_id: str, *, round_: str) -> int:
        """Give up what of a round was not delivered, and give how many that are."""


class CircularSendingPort(Protocol):
    """事務連絡の発出 (sending of circulars) as the activities see it."""

    async def start(self, duty_id: str, *, round_: str) -> None:
        """Start the sending of a round; nothing where it runs or has come to its end."""


class CheckpointPort(Protocol):
    """控えの保管 (keeping of checkpoints) as the activities see it."""

    def last(self) -> Checkpoint | None:
        """Give the newest checkpoint; None where there is none."""

    def keep(self, seq: int, head: str, *, at: datetime) -> Checkpoint:
        """Sign a head, and return when the disk has it."""


class DigestPort(Protocol):
    """まとめ (digests) as the activities see them."""

    async def notices_in(self, digest: Digest) -> tuple[Outgoing, ...]:
        """Give what of a digest is neither delivered nor given up, the oldest first."""


class MailPort(Protocol):
    """郵便 (mail) as the activities see it."""

    async def send(self, letter: Letter) -> str | None:
        """Send a letter; give why it is refused for good, None when it is on its way. Raises when a try fails."""


class FollowingPort(Protocol):
    """対応策の追跡 (following) as the activities see it."""

    async def follow(self, state: CountermeasureState) -> None:
        """Start the countermeasure's own workflow; nothing where it runs or has come to its end."""


class DutyFollowingPort(Protocol):
    """義務の追跡 (following of duties) as the activities see it."""

    async def open(self, act: DutyOpening) -> DutyReceipt:
        """Open a duty; the same act again gives the first answer."""


class ReportStartPort(Protocol):
    """報告の開始 (start of a report) as the activities see it."""

    async def begin(self, intake: Intake) -> None:
        """Start the report's workflow; nothing where it was started before."""


class EventFollowingPort(Protocol):
    """リスク事案の追跡 (following of risk events) as the activities see it."""

    async def follow(self, state: EventState) -> None:
        """Start the event's own workflow; nothing where it runs or has come to its end."""


class ReviewsPort(Protocol):
    """見直し (reviews) as the activities see them: the client's update-with-start."""

    async def open_or_join(self, join: Join) -> Receipt:
        """Open the assessment's review or join the open one; the same act id again gives the first answer."""
