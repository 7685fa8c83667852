"""行為の文 (act texts): each act in one line, for the timeline of a review."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from guideline.document_sets import FORMS
from schemas.acts import ActKind, Finding, Join, ReviewAct, StepRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schemas.review import Manifest


def text_of(act: Join | ReviewAct) -> str:
    """Say in one line what was done."""
    return _TEXTS[act.act](act)


def reason_of(finding: Finding) -> str:
    """Give the reason of a finding, with that of the written exception where it claims one."""
    said = (
        ("リスクを相当程度変動させないとする理由", finding.risk_not_moved),
        ("形式的な修正にとどまるとする理由", finding.formal_only),
    )
    return finding.reason + "".join(f"（{name}: {text}）" for name, text in said if text)


def _exception(act: Any) -> str:
    """Give why a gate was passed early, where the act says so."""
    said = (("理由", act.reason), ("規則第9条第2項の事由", act.emergency))
    return "".join(f" {name}: {text}" for name, text in said if text)


def _told(step: StepRecord) -> str:
    """Give what was told of a step: of a notice its end, of a hearing its numbers, of a judgement its conditions."""
    said = []
    if step.notice is not None:
        short = step.notice.shortened_reason
        said.append(f"{step.notice.method}により、{step.notice.until_on.isoformat()} まで意見を聴く。")
        said += [f"期間を短縮する理由: {short}"] if short else []
    if step.hearing is not None:
        said.append(f"意見{step.hearing.opinions}件、うち反映する意見{step.hearing.reflected}件。")
    if step.judgement is not None:
        said += [f"条件又は意見: {condition}" for condition in step.judgement.conditions]
        said += ["案の改訂を要する。"] if step.judgement.requires_revision else []
    said += [f"資料: {'、'.join(paper.title for paper in step.evidence)}"] if step.evidence else []
    said += [f"備考: {step.note}"] if step.note else []
    return " ".join(said)


def _documents(manifest: Manifest) -> str:
    return "、".join(f"{FORMS.get(one.form, one.form)} {one.sha256[:12]}" for one in manifest.documents)


def _reason(act: Any) -> str:
    return str(act.reason)


_TEXTS: Mapping[ActKind, Callable[[Any], str]] = MappingProxyType(
    {
        ActKind.JOIN: lambda act: f"{act.ground.kind.label}: {act.ground.title}",
        ActKind.ACKNOWLEDGE: lambda _: "事由を受領した。",
        ActKind.FIND: lambda act: f"{act.course.label}: {reason_of(act)}",
        ActKind.RESOLVE: lambda act: f"{act.course.label}: {act.reason}",
        ActKind.SUBMIT: lambda act: f"案（{_documents(act.manifest)}）を提出した。",
        ActKind.APPROVE: lambda act: f"案の第{act.revision}版（{act.digest[:12]}）を承認した。",
        ActKind.RETURN: lambda act: " / ".join(f"{note.item}: {note.text}" for note in act.comments),
        ActKind.RECORD_STEP: lambda act: f"{act.step.label}（{act.done_on.isoformat()}）{_told(act)}",
        ActKind.WITHDRAW: _reason,
        ActKind.CONSENT: lambda act: f"{'同意する' if act.agrees else '同意しない'}: {act.reason}",
        ActKind.DISPUTE: _reason,
        ActKind.SETTLE: lambda act: f"{act.ruling.label}: {act.reason}",
        ActKind.RECALL: _reason,
        ActKind.REVISE: _reason,
        ActKind.HAND_OVER: lambda act: f"{act.department} へ: {act.reason}",
        ActKind.PASS_GATE: lambda act: f"{act.gate.label}（{act.passed_on.isoformat()}）{_exception(act)}",
        ActKind.REMIND: lambda act: f"{act.alarm.urgency.label}（{act.alarm.clock.label}、期限 {act.alarm.due_on}）",
    }
)
