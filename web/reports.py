"""報告する (reporting): a change, a risk event, a new business, the end of one; and a report with who was told."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from client.appendix_items import appendix_items
from client.input import new_act_id
from client.minaoshi import Minaoshi
from client.sessions import SignedIn
from guideline.deadlines import tokyo_date
from schemas.records import ReportedReview
from schemas.reports import RiskEvent
from web.acting import ActForm, resumed
from web.assessment_picker import NAME, assessments_field, is_search, picker_of
from web.evidence import noted_at, with_evidence
from web.fields import Field
from web.pages import page
from web.posted import Posted, Sent, begun_by_oneself
from web.report_forms import FORMS, Asked, Group, ReportForm, content_from
from web.shown import rows_of
from web.signed_in import Facade, Me

router = APIRouter()

_CHOOSE = ("/report", "報告する")
_TEMPLATE = "report_form.html"


@router.get("/report")
async def choose(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show what may be reported; to whom may report nothing, say why."""
    await minaoshi.reports.see_permitted(as_=me.person)
    return page(request, "report_choose.html", forms=FORMS.values())


@router.get("/report/{report_id:path}/acts/{act}")
async def show_act(request: Request, minaoshi: Facade, me: Me, report_id: str, act: str) -> Response:
    """Show what the team may do about a report."""
    posted = resumed(request) or Posted(new_act_id())
    form = await _act_form(minaoshi, me, posted, report_id=report_id, act=act)
    await minaoshi.reports.see_may_be_done(report_id, act, as_=me.person)
    return form.show(request)


@router.post("/report/{report_id:path}/acts/{act}")
async def do_act(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, posted: Sent, report_id: str, act: str
) -> Response:
    """Add assessments to a report, or say that none is touched."""
    form = await _act_form(minaoshi, me, posted, report_id=report_id, act=act)
    if is_search(posted):
        return form.show(request, posted=posted)
    if act == "add":
        return await form.do(
            request,
            posted,
            lambda: minaoshi.reports.add(report_id, posted.texts(NAME), as_=me.person, act_id=posted.act_id),
            then=lambda done: (f"/report/{report_id}", f"評価書を加えました。{_opened(done)}"),
        )
    return await form.do(
        request,
        posted,
        lambda: minaoshi.reports.untouched(report_id, posted.text("reason"), as_=me.person, act_id=posted.act_id),
        then=lambda _: (f"/report/{report_id}", "どの評価書にも関わらないと記録しました。"),
    )


@router.get("/report/{slug}", dependencies=[Depends(begun_by_oneself)])
async def show_form(request: Request, minaoshi: Facade, me: Me, slug: str) -> Response:
    """Show the form of a kind of report; assessments that the address names are chosen already."""
    if slug not in FORMS:
        return await show(request, minaoshi, me, slug)
    await minaoshi.reports.see_permitted(as_=me.person)
    chosen = {NAME: request.query_params.getlist("assessment")}
    posted = resumed(request) or Posted(new_act_id(), chosen)
    groups, form = await _report_form(minaoshi, me, posted, kind=FORMS[slug])
    given = {one.name: [one.value] for group in groups for one in group.fields if one.value}
    return form.show(request, posted=Posted(new_act_id(), {**given, **chosen}))


@router.post("/report/{slug}", dependencies=[Depends(begun_by_oneself)])
async def report(request: Request, minaoshi: Facade, me: Me, sent: Sent, slug: str) -> Response:
    """Take in a report, or search for assessments in its form."""
    if slug not in FORMS:
        raise HTTPException(404)
    posted = with_evidence(sent)
    groups, form = await _report_form(minaoshi, me, posted, kind=FORMS[slug])
    if is_search(posted):
        return form.show(request, posted=posted)
    verb: Callable[..., Awaitable[tuple[ReportedReview, ...]]] = getattr(minaoshi.reports, FORMS[slug].verb)

    async def act() -> tuple[ReportedReview, ...]:
        with noted_at():
            return await verb(content_from(groups, posted), as_=me.person, act_id=posted.act_id)

    return await form.do(
        request, posted, act, then=lambda done: (f"/report/{posted.act_id}", f"報告を受け付けました。{_opened(done)}")
    )


@router.get("/report/{report_id:path}")
async def show(request: Request, minaoshi: Facade, me: Me, report_id: str) -> Response:
    """Show what was told, how late, who was told of it by which channel, and which reviews opened or were joined."""
    view = await minaoshi.reports.show(report_id, viewer=me.person)
    report_ = view.report
    names = await minaoshi.directory.names()
    known = await minaoshi.directory.assessments([*report_.assessments, *(one.assessment_id for one in view.reviews)])
    is_event = isinstance(report_, RiskEvent)
    department: str = getattr(report_, "known_by_department" if is_event else "department", "")
    return page(
        request,
        "report.html",
        view=view,
        rows=rows_of(report_, leave_out=_SHOWN_OTHERWISE, nothing=_NOTHING if is_event else "なし"),
        kind=_KINDS[report_.report],
        department=names.department(department),
        assessment_names={one.assessment_id: one.name for one in known},
        is_event=is_event,
        acts=await minaoshi.reports.permitted(report_id, as_=me.person),
    )


_NOTHING = "分からない"
_SHOWN_OTHERWISE = ("report", "assessments", "title", "facts", "evidence", "known_by_department", "department")
_KINDS = {"change": "環境の変化", "risk": "リスク事案", "new_business": "新たな事務", "end_of_business": "事務の終了"}


async def _report_form(
    minaoshi: Minaoshi, me: SignedIn, posted: Posted, *, kind: ReportForm
) -> tuple[tuple[Group, ...], ActForm]:
    today = tokyo_date(datetime.now(UTC))
    departments = await minaoshi.directory.departments(body=me.body)
    groups = kind.groups(Asked(today, me.department, departments))
    fields = tuple(one for group in groups for one in group.fields)
    picked = any(one.name == NAME for one in fields)
    form = ActForm(
        kind.title,
        kind.english,
        _CHOOSE,
        fields=fields,
        lead=kind.lead,
        button="報告する",
        template=_TEMPLATE,
        context={
            "groups": groups,
            "appendix": appendix_items(on=today),
            **(await picker_of(minaoshi, posted, as_=me.person) if picked else {}),
        },
    )
    return groups, form


async def _act_form(minaoshi: Minaoshi, me: SignedIn, posted: Posted, *, report_id: str, act: str) -> ActForm:
    view = await minaoshi.reports.show(report_id, viewer=me.person)
    back = (f"/report/{report_id}", f"報告「{view.report.title}」")
    if act == "add":
        fields = (assessments_field(required=True),)
        return ActForm(
            "関係する評価書を加える",
            "Add assessments",
            back,
            fields=fields,
            lead="加えた評価書の見直しが開き（開いていれば加わり）、その担当部署に知らされます。",
            button="加える",
            template=_TEMPLATE,
            context={
                "groups": (Group("評価書", "Assessments", fields),),
                "appendix": (),
                **await picker_of(minaoshi, posted, as_=me.person),
            },
        )
    if act == "untouched":
        return ActForm(
            "どの評価書にも関わらないと記す",
            "No assessment is touched",
            back,
            fields=(Field("reason", "どの評価書にも関わらないとする理由", required=True),),
            lead="記すと、この事案は「評価書の示されていないリスク事案」から外れます。漏えい等報告などの対応は続きます。",
            button="記録する",
        )
    raise HTTPException(404)


def _opened(reviews: Sequence[ReportedReview]) -> str:
    opened, joined = (sum(one.joined is state for one in reviews) for state in (False, True))
    said = [f"見直しが{opened}件開きました。"] if opened else []
    said += [f"開いている見直し{joined}件に加わりました。"] if joined else []
    return "".join(said) or "見直しはまだ開いていません。関係する評価書は、対策チームが示します。"
