"""指導と改善策 (guidance): the list, the page of one on a day, its report as a file, and the acts on it."""

import json
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request, Response

from client.errors import InvalidInputError, NotPermittedError
from client.guidance_files import GuidanceFormat
from client.guidance_views import GuidanceAct, GuidanceView
from schemas.duties import DutyKind
from web.acting import ActForm
from web.duty_opening import people_choices
from web.evidence import evidence_fields, evidence_in, noted_at, with_evidence
from web.fields import Field, Kind, content_of
from web.guidance_fields import entered_in, entering_fields, measure_fields
from web.pages import attached, page
from web.posted import Posted, Sent
from web.signed_in import Facade, Me

router = APIRouter()

FORMATS = (
    (GuidanceFormat.PDF, "PDF"),
    (GuidanceFormat.XLSX, "表計算ファイル（XLSX）"),
    (GuidanceFormat.HTML, "ページ（HTML）"),
    (GuidanceFormat.JSON, "内容（JSON）"),
)
"""書き出す形: what it is, how it is called."""

_TYPES = {
    GuidanceFormat.PDF: "application/pdf",
    GuidanceFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    GuidanceFormat.HTML: "text/html; charset=utf-8",
    GuidanceFormat.JSON: "application/json",
}


@router.get("/guidance")
async def every(request: Request, minaoshi: Facade, me: Me, scope: str = "open") -> Response:
    """Show the guidances that one may read, by date."""
    scope = "all" if scope == "all" else "open"
    return page(
        request,
        "guidances.html",
        rows=await minaoshi.guidance.list(as_=me.person, scope=scope),
        scope=scope,
        may_enter=await minaoshi.guidance.may_enter(as_=me.person),
        names=await minaoshi.directory.names(),
    )


@router.get("/guidance/enter")
async def show_entering(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the form by which a guidance is entered; to whom may not, say who may."""
    await minaoshi.duties.see_openable(DutyKind.GUIDANCE, as_=me.person)
    return (await _entering(minaoshi, me)).show(request)


@router.post("/guidance/enter")
async def enter(request: Request, minaoshi: Facade, me: Me, posted: Sent) -> Response:
    """Enter a guidance with its measures."""

    async def send() -> Any:
        return await minaoshi.guidance.enter(entered_in(posted), as_=me.person)

    return await (await _entering(minaoshi, me)).do(
        request,
        posted,
        send,
        then=lambda done: (
            f"/guidance/{done.guidance}",
            f"新たに{len(done.entered)}件を登録しました。済として報告した改善策{len(done.handed_in)}件が、確認を待ちます。",
        ),
    )


@router.get("/guidance/{guidance_id}")
async def show(request: Request, minaoshi: Facade, me: Me, guidance_id: str, on: str = "") -> Response:
    """Show a guidance as of a day."""
    view = await minaoshi.guidance.show(guidance_id, as_=me.person, on=_day(on))
    permitted = await minaoshi.guidance.permitted(view, as_=me.person)
    return page(
        request,
        "guidance.html",
        view=view,
        guidance_id=guidance_id,
        on=on,
        formats=FORMATS,
        acts=[(act.value, title) for act, (title, *_) in _ACTS.items() if act in permitted],
        names=await minaoshi.directory.names(),
    )


@router.get("/guidance/{guidance_id}/file")
async def export(  # noqa: PLR0913, PLR0917 # which report, in which form
    minaoshi: Facade,
    me: Me,
    guidance_id: str,
    as_: Annotated[str, Query(alias="as")] = GuidanceFormat.PDF,
    on: str = "",
    version: int | None = None,
) -> Response:
    """Give the report as a file."""
    view = await minaoshi.guidance.show(guidance_id, as_=me.person)
    content = await minaoshi.guidance.report(guidance_id, as_=as_, viewer=me.person, on=_day(on), version=version)
    form = GuidanceFormat(as_)
    name = f"{guidance_id}-{f'v{version}' if version else _day(on) or view.report.on}.{form.value}"
    return attached(content, name, _TYPES[form])


@router.get("/guidance/{guidance_id}/acts/{act}")
async def show_act(request: Request, minaoshi: Facade, me: Me, guidance_id: str, act: str) -> Response:
    """Show the form of an act; where the person may not do it now, say so."""
    view = await minaoshi.guidance.show(guidance_id, as_=me.person)
    if _known(act) not in await minaoshi.guidance.permitted(view, as_=me.person):
        raise NotPermittedError(
            f"この者は今、この指導について「{_ACTS[_known(act)][0]}」を行えません。",
            where="指導についての行為",
            remedy="対策チーム又は総括保護管理者が、指導の頁で今できることを確かめて、行ってください。",
        )
    return (await _form(_known(act), view, guidance_id, minaoshi, me)).show(request)


@router.post("/guidance/{guidance_id}/acts/{act}")
async def do_act(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, sent: Sent, guidance_id: str, act: str
) -> Response:
    """Do an act."""
    known = _known(act)
    view = await minaoshi.guidance.show(guidance_id, as_=me.person)
    posted = with_evidence(sent)
    send, said = _sending(known, minaoshi, guidance_id, me.person, posted)
    form = await _form(known, view, guidance_id, minaoshi, me)
    return await form.do(request, posted, send, then=lambda _: (f"/guidance/{quote(guidance_id)}", said))


def _sending(
    act: GuidanceAct, minaoshi: Facade, guidance_id: str, person: str, posted: Posted
) -> tuple[Callable[[], Awaitable[Any]], str]:
    room, act_id = minaoshi.guidance, posted.act_id

    async def approve() -> Any:
        on, digest = _day(posted.text("on")), posted.text("digest") or None
        return await room.approve(guidance_id, as_=person, on=on, digest=digest, act_id=act_id)

    async def confirm() -> Any:
        return await room.confirm_all(guidance_id, as_=person)

    async def measure() -> Any:
        content = json.loads(content_of(measure_fields(), posted))
        return await room.measure(guidance_id, json.dumps(content).encode(), as_=person, act_id=act_id)

    async def close() -> Any:
        with noted_at():
            reported_on = _day(posted.text("reported_on"))
            evidence = tuple(evidence_in(posted))
            return await room.close(guidance_id, as_=person, reported_on=reported_on, evidence=evidence, act_id=act_id)

    return {
        GuidanceAct.APPROVE: (approve, "報告書を承認しました。"),
        GuidanceAct.CONFIRM: (confirm, "確認待ちの改善策を確認しました。"),
        GuidanceAct.MEASURE: (measure, "改善策を加えました。"),
        GuidanceAct.CLOSE: (close, "受け付けました。"),
    }[act]


_ACTS = {
    GuidanceAct.APPROVE: (
        "報告書を承認する",
        "Approve the report",
        "まず対策チームが、次に総括保護管理者が、同じ内容を承認します。承認の後に内容が変わると、承認は効力を失います。",
        "承認する",
    ),
    GuidanceAct.CONFIRM: (
        "確認待ちの改善策をまとめて確認する",
        "Confirm all measures",
        "済と報告された改善策を、根拠資料と照らして確かめた上で、全て確認します。一つずつの確認は、改善策のページでします。",
        "全て確認する",
    ),
    GuidanceAct.MEASURE: (
        "改善策を加える",
        "Add a measure",
        "予定の改善策を加えます。その期限までに行うことは、担当者の義務となります。",
        "加える",
    ),
    GuidanceAct.CLOSE: (
        "指導への対応を終える",
        "Close the guidance",
        "全ての改善策が終わり、両者が承認した最後の報告書を提出したときに、終えます。対策チームが報告し、総括保護管理者が確認します。",
        "送る",
    ),
}
"""行為の表: every act on a guidance, in the order in which they are offered."""


async def _form(act: GuidanceAct, view: GuidanceView, guidance_id: str, minaoshi: Facade, me: Me) -> ActForm:
    names = await minaoshi.directory.names()
    title, english, lead, button = _ACTS[act]
    back = (f"/guidance/{quote(guidance_id)}", view.state.title)
    fields = _closing(view) if act is GuidanceAct.CLOSE else ()
    if act is GuidanceAct.APPROVE:
        fields = _approving(view)
    if act is GuidanceAct.MEASURE:
        fields = measure_fields(
            items=[(one.number, f"{one.number}. {one.heading}") for one in view.report.items],
            departments=[(one.id, one.name) for one in await minaoshi.directory.departments(body=me.body)],
            people=people_choices(await minaoshi.directory.people(body=me.body), names),
        )
    return ActForm(
        title,
        english,
        back,
        fields=fields,
        lead=lead,
        button=button,
        template="guidance_act.html",
        context={"view": view, "act": act.value, "guidance_id": guidance_id, "names": names},
    )


def _approving(view: GuidanceView) -> tuple[Field, ...]:
    pending = view.pending
    digest = pending.digest if pending is not None and pending.digest is not None else view.digest
    on = view.report.on if pending is None else pending.on
    if on != view.report.on and digest == view.digest:
        return (Field("on", "基準日", Kind.GIVEN, value=on.isoformat()),)
    return (
        Field("on", "基準日", Kind.GIVEN, value=on.isoformat()),
        Field("digest", "読んだ報告書のSHA-256", Kind.GIVEN, value=digest),
    )


def _closing(view: GuidanceView) -> tuple[Field, ...]:
    if not view.is_open:
        return ()
    return (Field("reported_on", "最後の報告書を提出した日", Kind.DAY), *evidence_fields(required=True))


async def _entering(minaoshi: Facade, me: Me) -> ActForm:
    people = people_choices(await minaoshi.directory.people(body=me.body), await minaoshi.directory.names())
    departments = [(one.id, one.name) for one in await minaoshi.directory.departments(body=me.body)]
    return ActForm(
        "指導と改善策を登録する",
        "Enter a guidance",
        ("/guidance", "指導の一覧"),
        fields=entering_fields(departments=departments, people=people, own=me.department),
        lead="受けた指導を書いて登録し、改善策はその後に一つずつ加えます。"
        "指導事項と改善策をまとめた文書のファイルがあれば、それだけで登録できます。誤りが一つでもあれば、何も登録しません。",
        button="登録する",
    )


def _known(act: str) -> GuidanceAct:
    if act not in {one.value for one in GuidanceAct}:
        raise HTTPException(404)
    return GuidanceAct(act)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise InvalidInputError(
            f"「{given[:20]}」は日付ではありません。", where="基準日", remedy="2024-01-31 の形で示してください。"
        ) from None
