"""義務 (duties): the list, the page of one with its roll, and the acts on it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request, Response

from client.duties import AT_ONCE, NEWEST
from client.duty_views import said_in
from guideline.duties import who_confirms, who_owes
from guideline.duty_rules import DUTY_RULES, RollOf
from schemas.duties import DutyKind, DutyState, MemberStatus
from schemas.duty_acts import DutyActKind, DutyHandIn, DutyReceipt
from schemas.duty_papers import CONTENT_OF, PAPER_OF
from web.acting import ActForm
from web.audit_fields import paper_fields, with_file
from web.circulars import circular_section
from web.duty_opening import BY_ITSELF, WAYS, owner_field
from web.evidence import evidence_fields, noted_at, put_evidence, with_evidence
from web.fields import Field, Kind, content_of
from web.pages import page, show_day
from web.posted import Sent
from web.privacy_audits import may_report
from web.rules import publicity_section
from web.signed_in import Facade, Me
from web.training import training_section

router = APIRouter()

PageNumber = Annotated[int, Query(le=10_000)]
"""頁の番号: more than there ever are."""

_REASON = Field("reason", "理由", required=True)
_MEMBERS = Field(
    "members",
    "名簿に載る者の番号",
    Kind.LINES,
    help="名簿の、名の下にある番号。一行に一つ。名簿の「記録」から開くと、その者の番号が入ります。",
    required=True,
)


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
        (Field("title", "新しい件名", Kind.LINE, help="空なら、今のまま。"), _REASON),
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

_OF_BODIES = {
    DutyActKind.COMPLETE: ("受領を手で記録する", "リンクによらずに知らされた受領を、団体に代わって記録します。"),
    DutyActKind.EXCUSE: ("宛先を、理由を示して除く", "除いた団体には送らず、受領を待ちません。理由は記録に残ります。"),
}
"""団体の名簿についての言い方: what is done for members is said otherwise of other bodies."""


@router.get("/duties")
async def every(  # noqa: PLR0913, PLR0917 # what FastAPI reads from an address
    request: Request,
    minaoshi: Facade,
    me: Me,
    scope: str = "open",
    kind: str = "",
    department: str = "",
    number: PageNumber = 1,
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
        openable=tuple(
            (one.label, WAYS.get(one, f"/duties/new/{one.value}"))
            for one in await minaoshi.duties.openable(as_=me.person)
            if one not in BY_ITSELF
        ),
        number=number,
        more=len(rows) == AT_ONCE,
    )


@router.get("/duties/{duty_id}/acts/{act}")
async def show_act(request: Request, minaoshi: Facade, me: Me, duty_id: str, act: str) -> Response:
    """Show the form of an act; where the rules do not permit it now, say why."""
    await minaoshi.duties.see_permitted(duty_id, _known(act).kind, as_=me.person)
    state = (await minaoshi.duties.show(duty_id, as_=me.person)).state
    return (await _form(_known(act), state, minaoshi, me, request.query_params.get("member", ""))).show(request)


@router.post("/duties/{duty_id}/acts/{act}")
async def do_act(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str, act: str
) -> Response:
    """Do an act."""
    known = _known(act)
    form = await _form(known, (await minaoshi.duties.show(duty_id, as_=me.person)).state, minaoshi, me)
    posted = with_evidence(sent)
    verb: Callable[..., Awaitable[DutyReceipt]] = getattr(minaoshi.duties, known.verb)

    async def send() -> DutyReceipt:
        said = put_evidence(json.loads(content_of(form.fields, posted)), posted)
        content = json.dumps(with_file(said, posted, "paper")).encode()
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
    request: Request,
    minaoshi: Facade,
    me: Me,
    duty_id: str,
    status: str = "",
    department: str = "",
    number: PageNumber = 1,
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
    names = await minaoshi.directory.names()
    training = await training_section(minaoshi, me, state, permitted)
    acts = _offered(state, permitted, speaks_for_others=training is None or training.may_record)
    rule = DUTY_RULES[state.kind]
    return page(
        request,
        "duty.html",
        state=state,
        records=history.acts,
        left_out=max(state.sequence - NEWEST, 0),
        narrowed=await minaoshi.duties.rows_seen(duty_id, as_=me.person) is not None,
        newest=NEWEST,
        owes=who_owes(rule),
        confirms=who_confirms(rule),
        guidance=guidance_address(state),
        parent=next(iter(await minaoshi.duties.related([state.parent], as_=me.person))) if state.parent else None,
        item=await minaoshi.guidance.item_of(state),
        of_staff=rule.roll is RollOf.STAFF,
        # A guidance is shown whole on its own page, item by item.
        content=() if state.kind is DutyKind.GUIDANCE else said_in(CONTENT_OF[state.kind], state.content, names=names),
        paper=said_in(PAPER_OF.get(state.kind), papers[-1] if papers else None, names=names),
        below=await minaoshi.duties.below(duty_id, as_=me.person),
        names=names,
        circular=await circular_section(minaoshi, me, state),
        publicity=await publicity_section(minaoshi, me, state),
        acts=acts,
        of_the_roll=tuple(one for one in acts if one.kind in _OF_THE_ROLL),
        rows=rows,
        chosen=of,
        department=department,
        training=training,
        statuses=tuple(MemberStatus),
        number=number,
        more=len(rows) == AT_ONCE,
        followed=await minaoshi.privacy_audits.followed(duty_id, as_=me.person) if state.kind is DutyKind.AUDIT else (),
        anomalies=await minaoshi.log_analyses.anomalies(duty_id, as_=me.person)
        if state.kind is DutyKind.LOG_ANALYSIS
        else (),
        may_report=await may_report(minaoshi, me.person),
    )


def _known(slug: str) -> Act:
    if slug not in _BY_SLUG:
        raise HTTPException(404)
    return _BY_SLUG[slug]


def guidance_address(state: DutyState) -> str:
    """Give the page of the guidance on which a duty is gone on with; nothing for what has no such page."""
    if state.kind not in _ON_THE_PAGE_OF_A_GUIDANCE:
        return ""
    guidance = state.duty_id if state.kind is DutyKind.GUIDANCE else state.parent or ""
    return f"/guidance/{quote(guidance.partition(':')[2])}" if guidance else ""


_ON_THE_PAGE_OF_A_GUIDANCE = frozenset({DutyKind.GUIDANCE, DutyKind.STATUS_REPORT})
_NOT_BY_ITSELF = frozenset({DutyActKind.HAND_IN, DutyActKind.CONFIRM})
_OF_THE_ROLL = frozenset({DutyActKind.COMPLETE, DutyActKind.EXCUSE})


def _offered(state: DutyState, permitted: tuple[DutyActKind, ...], *, speaks_for_others: bool) -> tuple[Act, ...]:
    """Give the acts that are offered: what has a form of its own, which knows what was read, is done there."""
    elsewhere: frozenset[DutyActKind] = frozenset()
    if guidance_address(state):
        elsewhere |= _NOT_BY_ITSELF
    if state.roll is None or not speaks_for_others:
        elsewhere |= _OF_THE_ROLL
    return tuple(_said_of(one, state) for one in ACTS if one.kind in permitted and one.kind not in elsewhere)


def _said_of(act: Act, state: DutyState) -> Act:
    if DUTY_RULES[state.kind].roll is RollOf.BODIES and act.kind in _OF_BODIES:
        title, lead = _OF_BODIES[act.kind]
        return replace(act, title=title, lead=lead)
    return act


async def _form(act: Act, state: DutyState, minaoshi: Facade, me: Me, member: str = "") -> ActForm:
    act, fields = _said_of(act, state), act.fields
    if act.kind in _OF_THE_ROLL:
        own = me.person if act.kind is DutyActKind.COMPLETE and DUTY_RULES[state.kind].roll is RollOf.STAFF else ""
        fields = tuple(replace(one, value=member or own) if one.name == "members" else one for one in fields)
    if act.kind is DutyActKind.HAND_IN and state.kind in PAPER_OF:
        found = await minaoshi.directory.assessments_of(state.department, as_=me.person)
        named = tuple((one.assessment_id, f"{one.name}（{one.number}）") for one in found)
        fields = (*paper_fields(state, assessments=named), *fields)
    if act.kind is DutyActKind.AMEND:
        owner = await owner_field(state.kind, minaoshi, me.body, title="新しい担当者")
        title, *others = fields
        fields = (title, replace(owner, choices=(("", "今のまま"), *owner.choices[1:])), *others)
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
