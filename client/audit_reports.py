"""監査報告書 (audit reports): what an audit found and what followed, as a file, with the digest of what it says."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING

from client.errors import InvalidInputError
from guideline.audit_checks import audit_of, audit_paper_of
from guideline.deadlines import tokyo_date
from rendering.audit_report import AuditReport
from schemas.canonical import canonical_bytes, digest_of
from schemas.duties import DutyStatus
from schemas.duty_acts import DutyConfirmation, DutyHandIn
from schemas.forms.wording import japanese_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from client.directory import Names
    from client.privacy_audits import Followed
    from schemas.audit_papers import AuditContent
    from schemas.duty_acts import DutyHistory


class AuditFormat(StrEnum):
    """監査報告書を書き出す形 (format)."""

    PDF = "pdf"  # PDF
    XLSX = "xlsx"  # 表計算ファイル
    JSON = "json"  # 書いてあることそのもの


def audit_report(history: DutyHistory, followed: Sequence[Followed], *, names: Names) -> AuditReport:
    """Arrange the last report of an audit; until another has confirmed it, and all is put right, it is a draft."""
    state = history.state
    handed_in = [one for one in history.acts if isinstance(one.act, DutyHandIn)][-1]
    content = audit_of(state.content)
    confirmed = [one for one in history.acts if isinstance(one.act, DutyConfirmation)]
    reported_on = tokyo_date(handed_in.at)
    is_draft = state.status is not DutyStatus.CLOSED
    record = [f"報告: {japanese_day(reported_on)}　{names.person(handed_in.act.actor.person)}"]
    record += [f"確認: {japanese_day(tokyo_date(one.at))}　{names.person(one.act.actor.person)}" for one in confirmed]
    assert isinstance(handed_in.act, DutyHandIn)  # noqa: S101 # as chosen above
    return AuditReport(
        title=f"監査報告書　{state.title}",
        body=names.body(state.body),
        label="是正・確認中" if is_draft else "完了",
        dated_on=tokyo_date((confirmed or [handed_in])[-1].at),
        facts=(f"監査の番号: {state.duty_id}", *record, f"行為の内容のSHA-256: {handed_in.receipt.content_digest}"),
        plan=_planned(content, department=names.department(state.department), names=names),
        findings=tuple(
            (f"{one.finding.grade.label}: {one.finding.item}", _of_finding(one, names=names)) for one in followed
        ),
        conclusion=audit_paper_of(handed_in.act.paper).conclusion,
        is_draft=is_draft,
    )


def _planned(content: AuditContent, *, department: str, names: Names) -> tuple[tuple[str, str], ...]:
    said = [("個人情報ファイル", content.file), ("監査を受けた部署", department)]
    if content.contractor:
        said.append(("委託先", content.contractor))
    plan = content.plan
    if plan is not None:
        said += [
            ("監査の日", japanese_day(plan.audited_on)),
            ("監査した者", "、".join(names.person(one) for one in plan.auditors)),
            ("範囲", plan.scope),
            ("方法", plan.method),
        ]
    return tuple(said)


def _of_finding(one: Followed, *, names: Names) -> tuple[tuple[str, str], ...]:
    said = [("指摘", one.finding.text)]
    if one.correction is not None:
        state = one.correction
        done = f"、{japanese_day(state.done_on)}に実施" if state.done_on else ""
        owner = f"、担当者 {names.person(state.owner)}" if state.owner else ""
        said.append(("是正", f"{state.status.label}（期限 {japanese_day(state.due_on)}{done}{owner}）{state.duty_id}"))
    if one.answer is not None:
        said += [("部署の回答", one.answer.answer), ("行った是正", one.answer.action)]
    if one.finding.assessment is not None:
        opened = "、".join(review.review_id for review in one.reviews) or "見直しを始めています"
        said.append(("評価書の見直し", f"{one.finding.assessment}: {opened}"))
    return tuple(said)


def rendered_report(report: AuditReport, form: AuditFormat) -> bytes:
    """Give the report as a file. Raises InvalidInputError where a PDF lacks its font."""
    if form is AuditFormat.JSON:
        content = asdict(report) | {"dated_on": report.dated_on.isoformat()}
        return canonical_bytes({**content, "sha256": digest_of(content)})
    if form is AuditFormat.XLSX:
        from rendering.sheets import report_workbook  # noqa: PLC0415 # it takes a while to load

        return report_workbook(report)
    from rendering.pdf import NoFontError  # noqa: PLC0415 # as above
    from rendering.pdf import report as printed  # noqa: PLC0415 # as above

    try:
        return printed(report)
    except NoFontError as error:
        raise InvalidInputError(str(error), where="書体", remedy=error.remedy) from None
