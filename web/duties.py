"""義務 (duties): the list, the page of one with its roll, and the acts on it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from client.duties import AT_ONCE, NEWEST
from client.duty_views import said_in
from client.input import object_from
from schemas.duties import DutyKind, DutyState, Interval, MemberStatus
from schemas.duty_acts import DutyActKind, DutyHandIn, DutyReceipt
from schemas.duty_papers import CONTENT_OF, PAPER_OF
from web.acting import ActForm
from web.audit_fields import paper_fields, with_rows
from web.circulars import circular_section
from web.duty_fields import CONTENT_FIELDS, by_file, with_topics
from web.evidence import evidence_fields, noted_at, put_evidence, with_evidence
from web.fields import Field, Kind, content_of
from web.pages import page, show_day
from web.posted import Posted, Sent
from web.rules import publicity_section
from web.signed_in import Facade, Me
from web.training import training_section

router = APIRouter()

_REASON = Field("reason", "理由", required=True)
_MEMBERS = Field("members", "名簿に載る者の識別子", Kind.LINES, help="一行に一つ", required=True)


@dataclass(frozen=True)
class Act:
    """行為 (act): its address, its words, what it asks for, and the method of the facade."""

    slug: str
    kind: DutyActKind
    title: str
    english: str
    lead: str
    verb: str
    fields: tuple[Field, ...] = ()


ACTS = (
    Act(
        "progress",
        DutyActKind.REPORT_PROGRESS,
        "進捗を報告する",
        "Report progress",
        "どこまで進んだかを記録します。",
        "report_progress",
        (Field("text", "進捗", required=True), *evidence_fields()),
    ),
    Act(
        "complete",
        DutyActKind.COMPLETE,
        "名簿の者が済ませたことを記録する",
        "Record completion",
        "本人は自分の分を、保護管理者はその部署の者の分を記録できます。",
        "complete",
        (_MEMBERS, Field("completed_on", "済ませた日", Kind.DAY, required=True), *evidence_fields()),
    ),
    Act(
        "excuse",
        DutyActKind.EXCUSE,
        "名簿の者を、理由を示して除く",
        "Excuse",
        "除いた者は、済ませなくても完了を妨げません。理由は記録に残ります。",
        "excuse",
        (_MEMBERS, Field("reason", "理由", Kind.LINE, required=True)),
    ),
    Act(
        "hand-in",
        DutyActKind.HAND_IN,
        "完了を報告する",
        "Hand in",
        "報告した者とも担当者とも別の者が確かめます。",
        "hand_in",
        (Field("text", "行ったこと", required=True), Field("done_on", "行った日", Kind.DAY), *evidence_fields()),
    ),
    Act(
        "confirm",
        DutyActKind.CONFIRM,
        "完了を確認する",
        "Confirm",
        "報告されたとおりに行われたことを確かめて、この義務を終えます。",
        "confirm",
        (Field("note", "備考"),),
    ),
    Act(
        "send-back",
        DutyActKind.SEND_BACK,
        "完了と認めず、実施中に戻す",
        "Send back",
        "何が足りないかを示します。期限を過ぎているときは、新しい期限も要ります。",
        "send_back",
        (_REASON, Field("due_on", "新しい期限", Kind.DAY)),
    ),
    Act(
        "postpone",
        DutyActKind.POSTPONE,
        "期限を延ばす",
        "Postpone",
        "義務を負う者の求めにより、確認する側が期限を延ばします。",
        "postpone",
        (Field("due_on", "新しい期限", Kind.DAY, required=True), _REASON),
    ),
    Act(
        "amend",
        DutyActKind.AMEND,
        "件名・担当者を改める",
        "Amend",
        "書いたものだけが改まります。",
        "amend",
        (Field("title", "新しい件名", Kind.LINE), Field("owner", "新しい担当者の識別子", Kind.LINE), _REASON),
    ),
    Act(
        "cancel",
        DutyActKind.CANCEL,
        "取りやめる",
        "Cancel",
        "この義務を、完了しないまま終えます。繰り返す義務は、この後は始まりません。",
        "cancel",
        (_REASON,),
    ),
)
"""行為の表: every act that a person does on the page of a duty; a roll is changed by the terminal, or by its kind."""

_BY_SLUG = {one.slug: one for one in ACTS}


@router.get("/duties")
async def every(  # noqa: PLR0913, PLR0917 # what FastAPI reads from an address
    request: Request,
    minaoshi: Facade,
    me: Me,
    scope: str = "open",
    kind: str = "",
    department: str = "",
    number: int = 1,
) -> Response:
    """Show the duties that one may read, by date: of a kind, of a department."""
    of = DutyKind(kind) if kind in set(DutyKind) else None
    number = max(number, 1)
    rows = await minaoshi.duties.list(
        as_=me.person,
        scope="all" if scope == "all" else "open",
        kind=of,
        department=department or None,
        page=number,
    )
    return page(
        request,
        "duties.html",
        rows=rows,
        scope=scope,
        kind=of,
        kinds=tuple(DutyKind),
        department=department,
        departments=await minaoshi.directory.departments(body=me.body),
        names=await minaoshi.directory.names(),
        openable=await minaoshi.duties.openable(as_=me.person),
        number=number,
        more=len(rows) == AT_ONCE,
    )


@router.get("/duties/new/{kind}")
async def show_opening(request: Request, minaoshi: Facade, me: Me, kind: str) -> Response:
    """Show the form by which a duty of a kind is opened."""
    return (await _opening_form(_known_kind(kind), minaoshi, me.body)).show(request)


@router.post("/duties/new/{kind}")
async def open_one(request: Request, minaoshi: Facade, me: Me, sent: Sent, kind: str) -> Response:
    """Open a duty."""
    of = _known_kind(kind)
    form = await _opening_form(of, minaoshi, me.body)

    async def send() -> DutyReceipt:
        said = json.loads(content_of(form.fields, sent))
        duty_id = f"{of.value}:{_slug(said, sent)}"
        whole = {"content": {}, **_with_file(said, sent, "content")}
        content = json.dumps({**whole, "content": with_topics(whole["content"])}).encode()
        if of is not DutyKind.CIRCULAR:
            return await minaoshi.duties.open(duty_id, content, as_=me.person, act_id=sent.act_id)
        papers = sent.files.get("document")
        paper = papers[0] if papers else None
        return await minaoshi.circulars.open(duty_id, content, as_=me.person, file=paper, act_id=sent.act_id)

    return await form.do(request, sent, send, then=lambda receipt: (f"/duties/{receipt.duty_id}", "義務を始めました。"))


async def _opening_form(kind: DutyKind, minaoshi: Facade, body: str) -> ActForm:
    departments = await minaoshi.directory.departments(body=body)
    fields = (
        Field("title", "件名", Kind.LINE, required=True),
        Field(
            "department",
            "監査を受ける部署" if kind is DutyKind.AUDIT else "義務を負う部署",
            Kind.CHOICE,
            choices=tuple((one.id, one.name) for one in departments),
            required=True,
        ),
        Field("owner", "担当者の識別子", Kind.LINE, help="空なら、義務を負う役割の者が負います。"),
        Field("begins_on", "始まる日", Kind.DAY, help="これより前の日には済ませられません。"),
        Field("due_on", "期限", Kind.DAY, required=True),
        Field("repeats", "繰り返し", Kind.CHOICE, choices=(("", "繰り返さない"), *_INTERVALS)),
        Field("parent", "元の義務の番号", Kind.LINE),
        Field("slug", "番号に使う名", Kind.LINE, help="英小文字と数字、. _ -。空なら、システムが付けます。"),
    )
    own = CONTENT_FIELDS.get(kind) or by_file("content", "内容")
    return ActForm(
        f"{kind.label}を始める", "Open a duty", ("/duties", "義務の一覧"), fields=(*fields, *own), button="始める"
    )


_INTERVALS = tuple((one.value, one.label) for one in Interval)


def _slug(said: dict[str, Any], posted: Posted) -> str:
    """Give the name of the number: as typed, or made of the act, the same when it is sent twice; with its period."""
    name = str(said.pop("slug", "") or posted.act_id.removeprefix("act/")[:8])
    begins_on = str(said.get("begins_on", ""))
    period = {Interval.MONTH.value: begins_on[:7], Interval.YEAR.value: begins_on[:4]}.get(str(said.get("repeats")))
    return f"{name}.{period}" if period and not name.endswith(f".{period}") else name


@router.get("/duties/{duty_id}/acts/{act}")
async def show_act(request: Request, minaoshi: Facade, me: Me, duty_id: str, act: str) -> Response:
    """Show the form of an act."""
    state = (await minaoshi.duties.show(duty_id, as_=me.person)).state
    return _form(_known(act), state, me.person).show(request)


@router.post("/duties/{duty_id}/acts/{act}")
async def do_act(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str, act: str
) -> Response:
    """Do an act."""
    known = _known(act)
    form = _form(known, (await minaoshi.duties.show(duty_id, as_=me.person)).state, me.person)
    posted = with_evidence(sent)
    verb: Callable[..., Awaitable[DutyReceipt]] = getattr(minaoshi.duties, known.verb)

    async def send() -> DutyReceipt:
        said = put_evidence(json.loads(content_of(form.fields, posted)), posted)
        content = json.dumps(_with_file(said, posted, "paper")).encode()
        with noted_at():
            return await verb(duty_id, content, as_=me.person, act_id=posted.act_id)

    return await form.do(
        request,
        posted,
        send,
        then=lambda receipt: (
            f"/duties/{duty_id}",
            f"受け付けました。状況は「{receipt.status.label}」、期限は{show_day(receipt.due_on)}です。",
        ),
    )


@router.get("/duties/{duty_id}")
async def show(  # noqa: PLR0913, PLR0917 # what FastAPI reads from an address
    request: Request, minaoshi: Facade, me: Me, duty_id: str, status: str = "", department: str = "", number: int = 1
) -> Response:
    """Show one duty with what was done about it, what is under it, and a page of its roll."""
    history = await minaoshi.duties.show(duty_id, as_=me.person)
    state = history.state
    permitted = await minaoshi.duties.permitted(duty_id, as_=me.person)
    of = MemberStatus(status) if status in set(MemberStatus) else None
    number = max(number, 1)
    has_roll = state.roll is not None
    rows = (
        await minaoshi.duties.roll(duty_id, as_=me.person, status=of, department=department or None, page=number)
        if has_roll
        else ()
    )
    papers = [one.act.paper for one in history.acts if isinstance(one.act, DutyHandIn)]
    return page(
        request,
        "duty.html",
        state=state,
        records=history.acts,
        left_out=state.sequence - len(history.acts),
        newest=NEWEST,
        content=said_in(CONTENT_OF.get(state.kind), state.content),
        paper=said_in(PAPER_OF.get(state.kind), papers[-1] if papers else None),
        below=await minaoshi.duties.below(duty_id, as_=me.person),
        names=await minaoshi.directory.names(),
        circular=await circular_section(minaoshi, me, state),
        publicity=await publicity_section(minaoshi, me, state),
        acts=tuple(one for one in ACTS if one.kind in permitted),
        rows=rows,
        chosen=of,
        department=department,
        training=await training_section(minaoshi, me, state, permitted),
        statuses=tuple(MemberStatus),
        number=number,
        more=len(rows) == AT_ONCE,
        followed=await minaoshi.privacy_audits.followed(duty_id, as_=me.person) if state.kind is DutyKind.AUDIT else (),
        anomalies=await minaoshi.log_analyses.anomalies(duty_id, as_=me.person)
        if state.kind is DutyKind.LOG_ANALYSIS
        else (),
    )


def _known(slug: str) -> Act:
    if slug not in _BY_SLUG:
        raise HTTPException(404)
    return _BY_SLUG[slug]


def _known_kind(kind: str) -> DutyKind:
    if kind not in set(DutyKind):
        raise HTTPException(404)
    return DutyKind(kind)


def _form(act: Act, state: DutyState, person: str) -> ActForm:
    fields = act.fields
    if act.kind is DutyActKind.COMPLETE:
        fields = tuple(_with_value(one, person) if one.name == "members" else one for one in fields)
    if act.kind is DutyActKind.HAND_IN and state.kind in PAPER_OF:
        fields = (*fields, *paper_fields(state))
    return ActForm(
        act.title,
        act.english,
        (f"/duties/{state.duty_id}", f"{state.kind.label}「{state.title}」"),
        fields=fields,
        lead=act.lead,
        button="記録する",
        template="duty_act.html",
        context={"state": state},
    )


def _with_value(field: Field, value: str) -> Field:
    return Field(field.name, field.title, field.kind, help=field.help, required=field.required, value=value)


def _with_file(said: dict[str, Any], posted: Posted, part: str) -> dict[str, Any]:
    """Put the JSON of a file that was chosen for a part in its place. Raises InvalidInputError where it is none."""
    files = posted.files.get(f"{part}_file")
    if files:
        return {**said, part: object_from(files[0][1], where=files[0][0])}
    return with_rows(said, posted)
