"""指導の義務 (duties of a guidance): a guidance, its measures and its reports, and what is asked of them. Pure.

A guidance is a duty; each measure and each approved report is one under it. What a report says is computed from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guideline.deadlines import tokyo_date
from guideline.guidance import Followed, faults_of_guidance, faults_of_time, missing_for_report
from guideline.guidance_report import digest_of_report, report_on
from guideline.refusals import refuse
from schemas.duties import Content, DutyKind, DutyState, DutyStatus
from schemas.duty_acts import DutyActRecord, DutyCancellation, DutyConfirmation, DutyHandIn
from schemas.forms.wording import japanese_day
from schemas.guidance import (
    Guidance,
    GuidanceDocument,
    Measure,
    MeasureEntry,
    MeasureResult,
    MeasuresReport,
    MeasureState,
    StatusReportContent,
    StatusReportPaper,
    When,
)

_TOLD = frozenset({DutyStatus.HANDED_IN, DutyStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class Child:
    """下の義務 (duty under a guidance) with the last time it was handed in, confirmed or cancelled."""

    state: DutyState
    handed_in: DutyActRecord | None = None
    confirmed: DutyActRecord | None = None
    cancelled: DutyActRecord | None = None

    @property
    def told_on(self) -> date:
        """The day on which it was last handed in, or opened."""
        return tokyo_date(self.handed_in.at if self.handed_in is not None else self.state.opened_at)

    @property
    def hand_in(self) -> DutyHandIn | None:
        """What was said when it was handed in, as far as that still stands."""
        act = self.handed_in.act if self.handed_in is not None and self.state.status in _TOLD else None
        return act if isinstance(act, DutyHandIn) else None


@dataclass(frozen=True, slots=True)
class Family:
    """指導の一式 (family): a guidance with all duties under it."""

    state: DutyState
    children: tuple[Child, ...] = ()

    def of(self, kind: DutyKind) -> tuple[Child, ...]:
        """Give the children of a kind, in the order in which they were opened."""
        found = (one for one in self.children if one.state.kind is kind)
        return tuple(sorted(found, key=lambda one: (one.state.opened_at, one.state.duty_id)))


def guidance_duty(guidance_id: str) -> str:
    """Give the number of the duty of a guidance."""
    return f"{DutyKind.GUIDANCE.value}:{guidance_id}"


def measure_duty(guidance_id: str, measure_id: str) -> str:
    """Give the number of the duty of a measure."""
    return f"{DutyKind.MEASURE.value}:{guidance_id}.{measure_id}"


def report_duty(guidance_id: str, on: date, *, version: int) -> str:
    """Give the number of the duty of a report as of a day."""
    return f"{DutyKind.STATUS_REPORT.value}:{guidance_id}.{on.isoformat()}-{version}"


def name_of(duty_id: str) -> str:
    """Give the name within its kind; of what is under a guidance, the name within that."""
    kind, _, slug = duty_id.partition(":")
    return slug if kind == DutyKind.GUIDANCE else slug.rpartition(".")[2]


def guidance_of(content: Content) -> Guidance:
    """Read what a guidance asks for from the content of its duty."""
    return Guidance.read(content)


def measure_of(content: Content) -> Measure:
    """Read a measure from the content of its duty."""
    return Measure.read(content)


def document_of(state: DutyState) -> GuidanceDocument:
    """Give the head of a guidance from its duty; its measures are duties of their own."""
    guidance = guidance_of(state.content)
    if guidance.report_due_on is None:
        guidance = guidance.model_copy(update={"report_due_on": state.due_on})
    return GuidanceDocument(
        id=name_of(state.duty_id),
        subject=state.title,
        department=state.department,
        owner=state.owner,
        guidance=guidance,
    )


def followed_of(child: Child) -> Followed:
    """Give a measure as its duty tells it."""
    state, hand_in = child.state, child.hand_in
    measure = measure_of(state.content)
    entry = MeasureEntry(**dict(measure), id=name_of(state.duty_id), department=state.department, owner=state.owner)
    planned = measure.state is MeasureState.PLANNED
    given_up = child.cancelled.act if child.cancelled is not None else None
    return Followed(
        measure=entry,
        due_on=state.due_on if planned else None,
        result=_result(hand_in, child.told_on) if planned and hand_in is not None else None,
        is_confirmed=state.status is DutyStatus.CLOSED,
        cancelled=given_up.reason if isinstance(given_up, DutyCancellation) else None,
        evidence=hand_in.evidence if hand_in is not None else (),
    )


def _result(hand_in: DutyHandIn, told_on: date) -> MeasureResult:
    """Give what was reported as done; without a paper or a day it is the day of the report itself."""
    if hand_in.paper is not None:
        return MeasureResult.read(hand_in.paper)
    day = hand_in.done_on or told_on
    return MeasureResult(when=When(said=japanese_day(day), latest_on=day))


def report_of(family: Family, *, on: date) -> MeasuresReport:
    """Give the report on a guidance as of a day."""
    return report_on(document_of(family.state), map(followed_of, family.of(DutyKind.MEASURE)), on=on)


def day_of_report(state: DutyState) -> date:
    """Give as of which day a report is."""
    return StatusReportContent.read(state.content).on


def digest_handed_in(hand_in: DutyHandIn | None) -> str | None:
    """Give the SHA-256 that the team approved; None where nothing is handed in."""
    if hand_in is None or hand_in.paper is None:
        return None
    return StatusReportPaper.read(hand_in.paper).report_sha256


def approved_reports(family: Family) -> tuple[tuple[Child, str], ...]:
    """Give the reports that both sides approved, each with its SHA-256, the earliest first."""
    closed = (one for one in family.of(DutyKind.STATUS_REPORT) if one.state.status is DutyStatus.CLOSED)
    return tuple((one, digest) for one in closed if (digest := digest_handed_in(one.hand_in)) is not None)


def check_report(family: Family, *, on: date, digest: str | None, at: datetime) -> None:
    """See that a report says what the register says now, and lacks nothing. Raises RefusedError.

    An approval is of the text that was read: where that has changed since, it is void.
    """
    if on > tokyo_date(at):
        raise refuse("report_of_the_future", on=on.isoformat())
    report = report_of(family, on=on)
    if missing := missing_for_report(report):
        raise refuse("report_incomplete", missing="、".join(missing))
    if digest_of_report(report) != digest:
        raise refuse("report_changed")


def check_filed(family: Family, digest: str) -> None:
    """See that what ends a guidance is a report that both sides approved. Raises RefusedError."""
    if digest not in {known for _, known in approved_reports(family)}:
        raise refuse("report_not_approved")


def of_a_guidance(family: Family | None, kind: DutyKind) -> Family:
    """See that what is above is a guidance, and give it. Raises RefusedError."""
    if family is None or family.state.kind is not DutyKind.GUIDANCE:
        raise refuse("not_of_a_guidance", kind=kind.label)
    return family


def check_item(guidance: Guidance, measure: Measure) -> None:
    """See that the guidance has the item that a measure is about. Raises RefusedError."""
    if measure.item not in {one.number for one in guidance.items}:
        raise refuse("unknown_item", item=measure.item)


def check_guidance(content: Content) -> None:
    """See that a guidance makes sense. Raises RefusedError."""
    _no_faults(DutyKind.GUIDANCE, "内容", faults_of_guidance(guidance_of(content)))


def check_measure(content: Content) -> None:
    """See that the words and the days of a measure agree. Raises RefusedError."""
    _no_faults(DutyKind.MEASURE, "内容", faults_of_time(measure_of(content)))


def check_result(_state: DutyState, act: DutyHandIn) -> None:
    """See that the words and the days of what was done agree, and are not yet to come. Raises RefusedError."""
    result = MeasureResult.read(act.paper)
    told = Measure(item="1", text="実施", state=MeasureState.DONE, when=result.when)
    _no_faults(DutyKind.MEASURE, "提出物", faults_of_time(told))


def _no_faults(kind: DutyKind, place: str, faults: Sequence[str]) -> None:
    if faults:
        raise refuse("duty_content", kind=kind.label, place=place, faults="、".join(faults))


def records_by_kind(records: Iterable[DutyActRecord]) -> dict[str, DutyActRecord]:
    """Give the last record of each kind of act, by the name of the field of `Child`."""
    names = {DutyHandIn: "handed_in", DutyConfirmation: "confirmed", DutyCancellation: "cancelled"}
    return {name: one for one in records if (name := names.get(type(one.act))) is not None}
