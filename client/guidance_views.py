"""指導の見え方 (how a guidance is shown): its measures, its reports and who approved them, what is still awaited."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from guideline.deadlines import tokyo_date
from guideline.guidance import follow_ups, missing_for_report
from guideline.guidance_duties import (
    approved_reports,
    day_of_report,
    digest_handed_in,
    document_of,
    measure_of,
    report_of,
)
from guideline.guidance_report import digest_of_report
from guideline.organisation import department_names, person_of
from rendering.guidance import GuidancePaper
from schemas.base import Digest, Identifier, Instant, Message
from schemas.duties import DutyId, DutyKind, DutyState, DutyStatus
from schemas.forms.wording import japanese_day
from schemas.guidance import GuidanceItem, MeasuresReport

if TYPE_CHECKING:
    from guideline.guidance_duties import Child, Family
    from schemas.organisation import Organisation


class GuidanceAct(StrEnum):
    """指導についての行為 (what a person may do about a guidance)."""

    APPROVE = "approve"  # 報告書の承認
    CONFIRM = "confirm"  # 改善策の確認
    MEASURE = "measure"  # 改善策の追加
    CLOSE = "close"  # 終了


class ReportState(StrEnum):
    """報告書の状態 (state of a report)."""

    DRAFT = "draft"  # 案
    HALF = "half"  # 一方が承認
    VOID = "void"  # 承認が失効
    APPROVED = "approved"  # 承認済み

    @property
    def label(self) -> str:
        """The state in Japanese."""
        return _STATE_TITLES[self]


_STATE_TITLES = {
    ReportState.DRAFT: "案（承認されていません）",
    ReportState.HALF: "案（対策チームが承認。総括保護管理者の承認を待っています）",
    ReportState.VOID: "案（承認の後に内容が変わったため、承認は効力を失いました）",
    ReportState.APPROVED: "承認済み",
}


class ReportVersionView(Message):
    """報告書の版 (version of a report): as of which day, by which SHA-256, who approved it."""

    version: int = Field(ge=1, title="版")
    duty_id: DutyId = Field(title="義務番号")
    on: date = Field(title="基準日")
    digest: Digest | None = Field(title="報告書のSHA-256")
    state: ReportState = Field(title="状態")
    team: Identifier | None = Field(title="対策チームで承認した者")
    team_at: Instant | None = Field(title="その日時")
    chief: Identifier | None = Field(title="承認した総括保護管理者")
    chief_at: Instant | None = Field(title="その日時（総括保護管理者）")


class GuidanceView(Message):
    """指導の見え方 (a guidance on a day)."""

    state: DutyState = Field(title="指導への対応")
    report: MeasuresReport = Field(title="基準日の報告")
    digest: Digest = Field(title="その報告のSHA-256")
    measures: tuple[DutyState, ...] = Field(title="改善策の義務")
    versions: tuple[ReportVersionView, ...] = Field(title="報告書の版")
    missing: tuple[str, ...] = Field(title="承認までに要るもの")
    follow_ups: tuple[date, ...] = Field(title="次に報告する日")
    to_confirm: tuple[DutyId, ...] = Field(title="確認待ちの改善策")

    @property
    def pending(self) -> ReportVersionView | None:
        """The report that both sides have not approved yet."""
        return next((one for one in self.versions if one.state is not ReportState.APPROVED), None)

    @property
    def is_open(self) -> bool:
        """Whether measures and reports may still be added."""
        return self.state.status is DutyStatus.OPEN

    @property
    def can_be_closed(self) -> bool:
        """Whether nothing under it keeps it from being closed, and a report was approved."""
        over = all(one.closed_at is not None for one in self.measures)
        return over and self.pending is None and bool(self.versions)


def guidance_view(family: Family, *, on: date) -> GuidanceView:
    """Give a guidance as it stands on a day."""
    report = report_of(family, on=on)
    measures = family.of(DutyKind.MEASURE)
    return GuidanceView(
        state=family.state,
        report=report,
        digest=digest_of_report(report),
        measures=tuple(one.state for one in measures),
        versions=versions_of(family),
        missing=missing_for_report(report),
        follow_ups=() if family.state.closed_at is not None else follow_ups(report),
        to_confirm=tuple(one.state.duty_id for one in measures if one.state.status is DutyStatus.HANDED_IN),
    )


def item_asked_for(measure: DutyState, above: DutyState) -> GuidanceItem | None:
    """Give the item of a guidance that a measure under it is for; None for another duty."""
    if (measure.kind, above.kind) != (DutyKind.MEASURE, DutyKind.GUIDANCE):
        return None
    wanted = measure_of(measure.content).item
    return next((one for one in document_of(above).guidance.items if one.number == wanted), None)


def versions_of(family: Family) -> tuple[ReportVersionView, ...]:
    """Give every report that was put up for approval, the earliest first."""
    approved = {child.state.duty_id for child, _ in approved_reports(family)}
    found = (one for one in family.of(DutyKind.STATUS_REPORT) if one.state.status is not DutyStatus.CANCELLED)
    return tuple(
        _version(one, family, number=number, is_approved=one.state.duty_id in approved)
        for number, one in enumerate(found, start=1)
    )


def _version(child: Child, family: Family, *, number: int, is_approved: bool) -> ReportVersionView:
    digest, on = digest_handed_in(child.hand_in), day_of_report(child.state)
    if is_approved:
        state = ReportState.APPROVED
    elif digest is None:
        state = ReportState.DRAFT
    else:
        is_so = digest_of_report(report_of(family, on=on)) == digest
        state = ReportState.HALF if is_so else ReportState.VOID
    told = child.handed_in if digest is not None else None
    ended = child.confirmed if is_approved else None
    return ReportVersionView(
        version=number,
        duty_id=child.state.duty_id,
        on=on,
        digest=digest,
        state=state,
        team=told.act.actor.person if told else None,
        team_at=told.at if told else None,
        chief=ended.act.actor.person if ended else None,
        chief_at=ended.at if ended else None,
    )


def paper_of(
    report: MeasuresReport, digest: str, version: ReportVersionView | None, *, organisation: Organisation
) -> GuidancePaper:
    """Give a report as it is written out, with who approved it."""
    names = department_names(organisation)
    names |= {one.id: one.name for one in organisation.people}
    if version is None:
        return GuidancePaper(report=report, digest=digest, state=ReportState.DRAFT.label, names=names)
    is_approved = version.state is ReportState.APPROVED
    label = f"{version.state.label}（第{version.version}版）" if is_approved else version.state.label
    record = (
        *_approval("対策チームの承認", version.team, version.team_at, organisation),
        *_approval("総括保護管理者の承認", version.chief, version.chief_at, organisation),
    )
    return GuidancePaper(
        report=report, digest=digest, state=label, is_draft=not is_approved, record=record, names=names
    )


def _approval(
    what: str, person_id: str | None, at: Instant | None, organisation: Organisation
) -> tuple[tuple[str, str], ...]:
    if person_id is None or at is None:
        return ()
    person = person_of(organisation, person_id)
    return ((what, f"{person.name if person else person_id}　{japanese_day(tokyo_date(at))}"),)
