"""監査とログ分析 (audits and log analyses): the plan over the years, the systems, pictures, reports and events."""

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request, Response

from client.audit_reports import AuditFormat
from client.errors import ActRefusedError
from schemas.duties import DutyKind
from schemas.duty_acts import DutyActKind, DutyReceipt
from web.acting import ActForm
from web.duty_opening import people_choices
from web.fields import Field, Kind, content_of
from web.pages import attached, page
from web.posted import Sent
from web.signed_in import Facade, Me

router = APIRouter()

_TYPES = {
    AuditFormat.PDF: "application/pdf",
    AuditFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    AuditFormat.JSON: "application/json",
}
_PLAN = (
    Field("audited_on", "監査の日", Kind.DAY, required=True),
    Field("auditors", "監査する者", Kind.CHOICES, help="監査を受ける部署の者は選べません。", required=True),
    Field("scope", "監査の範囲", required=True),
    Field("method", "監査の方法", required=True),
)


@router.get("/duties/audit-plan")
async def plan(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the audits over the years, and the systems whose logs are analysed."""
    return page(
        request,
        "audit_plan.html",
        plan=await minaoshi.privacy_audits.plan(as_=me.person),
        systems=await minaoshi.log_analyses.systems(as_=me.person),
        names=await minaoshi.directory.names(),
    )


@router.get("/duties/audit-plan.svg")
async def plan_picture(minaoshi: Facade, me: Me) -> Response:
    """Draw the audits over the years."""
    drawn = await minaoshi.privacy_audits.plan_svg(as_=me.person)
    return Response(drawn, media_type="image/svg+xml")


@router.get("/duties/{duty_id}/volume.svg")
async def volume_picture(minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Draw the volume and the anomalies of a system over the months."""
    drawn = await minaoshi.log_analyses.volume_svg(duty_id, as_=me.person)
    return Response(drawn, media_type="image/svg+xml")


@router.get("/duties/{duty_id}/months")
async def months(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show the volume and the anomalies of a system month by month."""
    found = await minaoshi.log_analyses.months(duty_id, as_=me.person)
    return page(request, "log_months.html", duty_id=duty_id, months=found)


@router.get("/duties/{duty_id}/report")
async def report(minaoshi: Facade, me: Me, duty_id: str, form: str = "pdf") -> Response:
    """Give the report of an audit as a file."""
    content = await minaoshi.privacy_audits.report_as(duty_id, form, as_=me.person)
    return attached(content, f"audit-report.{form}", _TYPES[AuditFormat(form)])


@router.get("/duties/{duty_id}/plan")
async def show_planning(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show the form by which one audit is planned; where the rules do not permit it now, say why."""
    form = await _planning(minaoshi, me, duty_id)
    await minaoshi.duties.see_permitted(duty_id, DutyActKind.AMEND, as_=me.person)
    return form.show(request)


@router.post("/duties/{duty_id}/plan")
async def set_plan(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Plan one audit."""
    form = await _planning(minaoshi, me, duty_id)

    async def send() -> DutyReceipt:
        content = content_of(_PLAN, sent)
        return await minaoshi.privacy_audits.set_plan(duty_id, content, as_=me.person, act_id=sent.act_id)

    return await form.do(request, sent, send, then=lambda _: (f"/duties/{duty_id}", "実施計画を定めました。"))


async def may_report(minaoshi: Facade, person: str) -> bool:
    """Say whether a person reports risk events: whoever only audits does not."""
    try:
        await minaoshi.reports.see_permitted(as_=person)
    except ActRefusedError:
        return False
    return True


async def _planning(minaoshi: Facade, me: Me, duty_id: str) -> ActForm:
    state = (await minaoshi.duties.show(duty_id, as_=me.person)).state
    if state.kind is not DutyKind.AUDIT:
        raise HTTPException(404)
    auditors = people_choices(await minaoshi.directory.auditors(body=me.body), await minaoshi.directory.names())
    return ActForm(
        "実施計画を定める",
        "Plan the audit",
        (f"/duties/{duty_id}", f"{state.kind.label}「{state.title}」"),
        fields=tuple(replace(one, choices=auditors) if one.kind is Kind.CHOICES else one for one in _PLAN),
        lead="誰が、いつ、何を、どのように監査するか。監査を受ける部署の者は監査できません。",
        button="定める",
        template="duty_act.html",
        context={"state": state},
    )


@router.get("/duties/{duty_id}/anomalies/{number}")
async def show_anomaly(request: Request, minaoshi: Facade, me: Me, duty_id: str, number: int) -> Response:
    """Ask whether an anomaly is to become a risk event; whoever reports none is told why."""
    form = await _anomaly(minaoshi, me.person, duty_id, number)
    await minaoshi.reports.see_permitted(as_=me.person)
    return form.show(request)


@router.post("/duties/{duty_id}/anomalies/{number}")
async def report_anomaly(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str, number: int
) -> Response:
    """Make an anomaly a risk event."""
    form = await _anomaly(minaoshi, me.person, duty_id, number)

    async def send() -> str:
        return await minaoshi.log_analyses.report_anomaly(duty_id, number, as_=me.person)

    return await form.do(
        request, sent, send, then=lambda event_id: (f"/events/{event_id}", "リスク事案として報告しました。")
    )


async def _anomaly(minaoshi: Facade, person: str, duty_id: str, number: int) -> ActForm:
    state = (await minaoshi.duties.show(duty_id, as_=person)).state
    if state.kind is not DutyKind.LOG_ANALYSIS:
        raise HTTPException(404)
    anomalies = await minaoshi.log_analyses.anomalies(duty_id, as_=person)
    return ActForm(
        f"{number}番目の異常をリスク事案として報告する",
        "Report as a risk event",
        (f"/duties/{duty_id}", f"{state.kind.label}「{state.title}」"),
        lead="異常の内容がそのまま報告され、報告フローの全員に直ちに知らされます。分かったことは、リスク事案のページで加えられます。",
        button="リスク事案として報告する",
        template="duty_act.html",
        context={"state": state, "about": [("異常", one.text) for one in anomalies if one.number == number]},
    )
