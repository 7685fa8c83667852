"""指導と改善策 (guidance): the list, the page of one on a day, its report as a file, and the acts on it."""

import json
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request, Response

from client.errors import InvalidInputError
from client.guidance import GuidanceAct
from client.guidance_files import GuidanceFormat
from client.guidance_views import GuidanceView
from web.acting import ActForm
from web.evidence import evidence_fields, evidence_in, noted_at, with_evidence
from web.fields import Field, Kind, content_of
from web.pages import page
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

_DOCUMENT = "document"

_MEASURE = (
    Field("id", "改善策の識別子", Kind.LINE, help="英小文字・数字・ハイフン。例 2-9", required=True),
    Field("item", "指導事項の番号", Kind.LINE, required=True),
    Field("heading", "見出し（■）", Kind.LINE),
    Field("text", "報告に載せる文", required=True),
    Field("department", "担当部署の識別子", Kind.LINE, required=True),
    Field("owner", "担当者の識別子", Kind.LINE),
    Field("when.said", "時期（文のとおり）", Kind.LINE, help="例 令和5年12月迄、令和5年度中", required=True),
    Field("when.latest_on", "その最も遅い日", Kind.DAY, required=True),
    Field("when.assumed", "記載から日が定まらないとき、この日とした理由"),
    Field("order", "項目の中の順", Kind.NUMBER),
)


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
async def show_entering(request: Request, _: Me) -> Response:
    """Show the form by which a guidance is entered."""
    return _entering().show(request)


@router.post("/guidance/enter")
async def enter(request: Request, minaoshi: Facade, me: Me, posted: Sent) -> Response:
    """Enter a guidance with its measures."""

    async def send() -> Any:
        return await minaoshi.guidance.enter(_document_in(posted), as_=me.person)

    return await _entering().do(
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
    content = await minaoshi.guidance.report(guidance_id, as_=as_, on=_day(on), version=version)
    form = GuidanceFormat(as_)
    name = f"{guidance_id}-{f'v{version}' if version else _day(on) or view.report.on}.{form.value}"
    headers = {"Content-Disposition": f"attachment; filename={quote(name)}", "Cache-Control": "no-store"}
    return Response(content, media_type=_TYPES[form], headers=headers)


@router.get("/guidance/{guidance_id}/acts/{act}")
async def show_act(request: Request, minaoshi: Facade, me: Me, guidance_id: str, act: str) -> Response:
    """Show the form of an act."""
    view = await minaoshi.guidance.show(guidance_id, as_=me.person)
    return _form(_known(act), view, guidance_id).show(request)


@router.post("/guidance/{guidance_id}/acts/{act}")
async def do_act(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, sent: Sent, guidance_id: str, act: str
) -> Response:
    """Do an act."""
    known = _known(act)
    view = await minaoshi.guidance.show(guidance_id, as_=me.person)
    posted = with_evidence(sent)
    send, said = _sending(known, minaoshi, guidance_id, me.person, posted)
    return await _form(known, view, guidance_id).do(
        request, posted, send, then=lambda _: (f"/guidance/{quote(guidance_id)}", said)
    )


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
        content = {**json.loads(content_of(_MEASURE, posted))}
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
        "済と報告された改善策を、根拠資料と照らして確かめた上で、全て確認します。一つずつの確認は、改善策の頁でします。",
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


def _form(act: GuidanceAct, view: GuidanceView, guidance_id: str) -> ActForm:
    title, english, lead, button = _ACTS[act]
    back = (f"/guidance/{quote(guidance_id)}", view.state.title)
    fields = {GuidanceAct.MEASURE: _MEASURE, GuidanceAct.CLOSE: _closing(view)}.get(act, ())
    if act is GuidanceAct.APPROVE:
        fields = _approving(view)
    return ActForm(
        title,
        english,
        back,
        fields=fields,
        lead=lead,
        button=button,
        template="guidance_act.html",
        context={"view": view, "act": act.value, "guidance_id": guidance_id},
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


def _entering() -> ActForm:
    return ActForm(
        "指導と改善策を登録する",
        "Enter a guidance",
        ("/guidance", "指導の一覧"),
        fields=(
            Field(_DOCUMENT, "指導の文書のファイル", Kind.FILE, help="TOML 又は JSON"),
            Field("text", "又は、文書の内容", help="ファイルを選ばないとき、ここに貼り付けます。"),
        ),
        lead="指導、指導事項、改善策を、一つの文書で登録します。改善策の一つずつが義務となり、済のものは確認を待ちます。"
        "誤りが一つでもあれば、何も登録しません。",
        button="登録する",
    )


def _document_in(posted: Posted) -> bytes:
    files = posted.files.get(_DOCUMENT, [])
    content = files[0][1] if files else posted.text("text").encode()
    if not content:
        raise InvalidInputError(
            "文書がありません。",
            where="指導の文書",
            remedy="ファイルを選ぶか、内容を貼り付けてください。",
            at={_DOCUMENT: "文書がありません。"},
        )
    return content


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
