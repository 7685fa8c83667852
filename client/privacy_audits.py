"""監査 (audits): the programme as a file, the plan of one audit, the plan over the years, and what was found."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, NamedTuple

from client.audit_reports import AuditFormat, audit_report, rendered_report
from client.documents import one_of
from client.duty_batches import Applied, Wanted, open_all
from client.errors import InvalidInputError, NotFoundError
from client.input import message_from
from guideline.audit_checks import audit_of, audit_paper_of
from guideline.audit_plan import audit_plan
from guideline.audits import correction_id_of, report_id_of
from guideline.deadlines import tokyo_date
from guideline.duty_series import period_of
from rendering.audit_pictures import plan_svg
from schemas.audit_papers import AuditPlan, AuditProgramme, CorrectionPaper
from schemas.base import Message
from schemas.duties import DutyKind
from schemas.duty_acts import DutyHandIn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from client.acting import Acting
    from client.directory import Directory
    from client.duties import Duties
    from guideline.audit_plan import AuditPlanOverYears
    from register.register import Register
    from schemas.audit_papers import AuditFinding, PlannedAudit
    from schemas.duties import Content, DutyState, Interval
    from schemas.duty_acts import DutyHistory, DutyReceipt
    from schemas.records import ReportedReview

_WHERE = "監査計画"


class Followed(NamedTuple):
    """指摘とその後 (finding and what followed): its correction and its reviews, where there are such."""

    finding: AuditFinding
    correction: DutyState | None
    answer: CorrectionPaper | None
    reviews: tuple[ReportedReview, ...]


class _Planning(Message):
    """実施計画を定める (what is asked for)."""

    plan: AuditPlan


class PrivacyAudits:
    """監査: what the duties alone do not show."""

    def __init__(
        self, register: Register, acting: Acting, duties: Duties, directory: Directory, *, now: Callable[[], datetime]
    ) -> None:
        self._register = register
        self._acting = acting
        self._duties = duties
        self._directory = directory
        self._now = now

    async def apply(self, content: bytes, *, as_: str) -> Applied:
        """Open what a programme plans: a self-inspection of each department that holds a file, and each audit.

        Raises InvalidInputError with every fault, NotPermittedError; then nothing is opened.
        """
        programme = message_from(AuditProgramme, content, where=_WHERE)
        return await open_all(
            (*_inspections(programme), *audits_of(programme)),
            duties=self._duties,
            rows=self._register.duties,
            acting=self._acting,
            as_=as_,
            where=_WHERE,
        )

    async def plan(self, *, as_: str) -> AuditPlanOverYears:
        """Give the audits of the body over the years, those among them that the person may read."""
        found = await self._duties.every(as_=as_, kind=DutyKind.AUDIT)
        return audit_plan(found, on=tokyo_date(self._now()))

    async def plan_svg(self, *, as_: str) -> str:
        """Draw the plan over the years."""
        names = await self._directory.names()
        return plan_svg(await self.plan(as_=as_), on=tokyo_date(self._now()), department=names.department)

    async def set_plan(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """実施計画: `content` is JSON with audited_on, auditors, scope and method; the rest of the audit stays.

        Raises InvalidInputError for what is no audit, else as an amendment does.
        """
        state = (await self._audit(duty_id, as_=as_)).state
        said = json.dumps({"plan": json.loads(content)}).encode()
        plan = message_from(_Planning, said, where="実施計画").plan
        whole = audit_of(state.content).model_copy(update={"plan": plan}).model_dump(mode="json", exclude_none=True)
        amended = {"content": whole, "reason": f"実施計画を定めた（監査の日 {plan.audited_on}）。"}
        return await self._duties.amend(duty_id, json.dumps(amended).encode(), as_=as_, act_id=act_id)

    async def followed(self, duty_id: str, *, as_: str) -> tuple[Followed, ...]:
        """Give what the last report of an audit found, with the corrections and the reviews that followed."""
        history = await self._audit(duty_id, as_=as_)
        paper = paper_in(history)
        if paper is None:
            return ()
        below = {one.duty_id: one for one in await self._duties.below(duty_id, as_=as_)}
        found = []
        for one in audit_paper_of(paper).findings:
            reviews: tuple[ReportedReview, ...] = ()
            if one.assessment is not None:
                reviews = await self._register.reviews_of_report(report_id_of(history.state, one))
            correction = below.get(correction_id_of(history.state, one))
            found.append(Followed(one, correction, await self._answer(correction, as_=as_), reviews))
        return tuple(found)

    async def _answer(self, correction: DutyState | None, *, as_: str) -> CorrectionPaper | None:
        """Give what the department answered, where it has reported."""
        if correction is None or correction.handed_in_by is None:
            return None
        paper = paper_in(await self._duties.show(correction.duty_id, as_=as_))
        return None if paper is None else CorrectionPaper.read(paper)

    async def report(self, duty_id: str, form: AuditFormat, *, as_: str) -> bytes:
        """Give the report of an audit as a file. Raises NotFoundError before it was handed in."""
        history = await self._audit(duty_id, as_=as_)
        paper = paper_in(history)
        if paper is None:
            raise NotFoundError(
                f"監査 {duty_id} の結果は、まだ報告されていません。",
                where="監査報告書",
                remedy="監査の結果を報告してください。",
            )
        names, followed = await self._directory.names(), await self.followed(duty_id, as_=as_)
        return await asyncio.to_thread(rendered_report, audit_report(history, followed, names=names), form)

    async def report_as(self, duty_id: str, form: str, *, as_: str) -> bytes:
        """Give the report in the format of that name; raises InvalidInputError for one that there is not."""
        return await self.report(duty_id, one_of(AuditFormat, form, where="形"), as_=as_)

    async def _audit(self, duty_id: str, *, as_: str) -> DutyHistory:
        history = await self._duties.show(duty_id, as_=as_)
        if history.state.kind is not DutyKind.AUDIT:
            raise InvalidInputError(
                f"義務 {duty_id} は監査ではありません。",
                where="義務番号",
                remedy="`minaoshi privacy-audit plan` で番号を確かめてください。",
            )
        return history


def paper_in(history: DutyHistory) -> Content | None:
    """Give the last paper that was handed in."""
    papers = [one.act.paper for one in history.acts if isinstance(one.act, DutyHandIn)]
    return papers[-1] if papers else None


def _numbered(kind: DutyKind, name: str, *, begins_on: date, repeats: Interval | None) -> str:
    period = f"{begins_on:%Y}" if repeats is None else period_of(begins_on, every=repeats)
    return f"{kind.value}:{name}.{period}"


def _inspections(programme: AuditProgramme) -> tuple[Wanted, ...]:
    own = [one for one in programme.audits if one.contractor is None]
    found = []
    for department in dict.fromkeys(one.department for one in own):
        of_it = [one for one in own if one.department == department]
        repeats = next((one.repeats for one in of_it if one.repeats is not None), None)
        said = {
            "title": f"{programme.title} 自己点検",
            "department": department,
            "begins_on": programme.inspection_begins_on.isoformat(),
            "due_on": programme.inspection_due_on.isoformat(),
            **({"repeats": repeats.value} if repeats else {}),
            "content": {
                "files": list(dict.fromkeys(one.file for one in of_it)),
                "questions": list(programme.questions),
            },
        }
        name = f"{programme.name}-{department}"
        number = _numbered(DutyKind.INSPECTION, name, begins_on=programme.inspection_begins_on, repeats=repeats)
        found.append(Wanted(number, said))
    return tuple(found)


def audits_of(programme: AuditProgramme) -> tuple[Wanted, ...]:
    """Give the audits that a programme plans."""
    return tuple(_audit(programme, one) for one in programme.audits)


def _audit(programme: AuditProgramme, one: PlannedAudit) -> Wanted:
    said = {
        "title": f"{programme.title} {one.file}{f'（委託先 {one.contractor}）' if one.contractor else ''}"[:200],
        "department": one.department,
        "begins_on": one.begins_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        **({"repeats": one.repeats.value} if one.repeats else {}),
        "content": {
            "file": one.file,
            **({"contractor": one.contractor} if one.contractor else {}),
            "checklist": list(programme.checklist),
        },
    }
    return Wanted(_numbered(DutyKind.AUDIT, one.name, begins_on=one.begins_on, repeats=one.repeats), said)
