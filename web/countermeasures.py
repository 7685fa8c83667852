"""対応策 (countermeasures): the list, the page of one, and the acts on it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response

from schemas.countermeasures import CountermeasureActKind, CountermeasureHistory, CountermeasureReceipt
from web.acting import ActForm
from web.evidence import evidence_fields, noted_at, put_evidence, with_evidence
from web.fields import Field, Kind, content_of
from web.pages import page, show_day
from web.posted import Sent
from web.signed_in import Facade, Me

router = APIRouter()


@dataclass(frozen=True)
class Act:
    """行為 (act): its address, its words, what it asks for, and the method of the facade."""

    slug: str
    kind: CountermeasureActKind
    title: str
    english: str
    lead: str
    verb: str
    fields: tuple[Field, ...] = ()


ACTS = (
    Act(
        "progress",
        CountermeasureActKind.REPORT_PROGRESS,
        "進捗を報告する",
        "Report progress",
        "どこまで進んだかを記録します。",
        "report_progress",
        (Field("text", "進捗", required=True), *evidence_fields()),
    ),
    Act(
        "done",
        CountermeasureActKind.DONE,
        "完了を報告する",
        "Report completion",
        "根拠資料とともに報告します。対策チームの、あなたとは別の人が確かめます。",
        "done",
        (Field("text", "行ったこと", required=True), *evidence_fields(required=True)),
    ),
    Act(
        "confirm",
        CountermeasureActKind.CONFIRM,
        "完了を確認する",
        "Confirm completion",
        "書かれたとおりに行われたことを確かめて、この対応策を終えます。",
        "confirm",
        (Field("note", "備考"),),
    ),
    Act(
        "reject",
        CountermeasureActKind.REJECT,
        "完了と認めず、実施中に戻す",
        "Reject",
        "何が足りないかを示します。期限を過ぎているときは、新しい期限も要ります。",
        "reject",
        (Field("reason", "理由", required=True), Field("due_on", "新しい期限", Kind.DAY)),
    ),
    Act(
        "postpone",
        CountermeasureActKind.POSTPONE,
        "期限を延ばす",
        "Postpone",
        "担当部署の求めにより、対策チームが期限を延ばします。",
        "postpone",
        (Field("due_on", "新しい期限", Kind.DAY, required=True), Field("reason", "理由", required=True)),
    ),
)
"""行為の表: every act that a person does on a countermeasure."""

_BY_SLUG = {one.slug: one for one in ACTS}


@router.get("/countermeasures")
async def every(  # noqa: PLR0913, PLR0917 # what FastAPI reads from an address
    request: Request, minaoshi: Facade, me: Me, scope: str = "open", assessment: str = "", owner: str = ""
) -> Response:
    """Show the countermeasures that one sees by date: open or all, of one assessment, one's own."""
    scope = "all" if scope == "all" else "open"
    found = await minaoshi.countermeasures.list(scope=scope, assessment=assessment or None, viewer=me.person)
    rows = [one for one in found if owner != "me" or one.owner == me.person]
    known = await minaoshi.directory.assessments({one.assessment_id for one in rows if one.assessment_id})
    return page(
        request,
        "countermeasures.html",
        rows=rows,
        scope=scope,
        assessment=assessment,
        owner=owner,
        names=await minaoshi.directory.names(),
        assessment_names={one.assessment_id: one.name for one in known},
    )


@router.get("/countermeasures/{countermeasure_id:path}/acts/{act}")
async def show_act(request: Request, minaoshi: Facade, me: Me, countermeasure_id: str, act: str) -> Response:
    """Show the form of an act; where the rules do not permit it now, say why."""
    known = _known(act)
    await minaoshi.countermeasures.see_permitted(countermeasure_id, known.kind, as_=me.person)
    return _form(known, await minaoshi.countermeasures.show(countermeasure_id, viewer=me.person)).show(request)


@router.post("/countermeasures/{countermeasure_id:path}/acts/{act}")
async def do_act(  # noqa: PLR0913, PLR0917 # what FastAPI reads from a request
    request: Request, minaoshi: Facade, me: Me, sent: Sent, countermeasure_id: str, act: str
) -> Response:
    """Do an act."""
    known = _known(act)
    form = _form(known, await minaoshi.countermeasures.show(countermeasure_id, viewer=me.person))
    posted = with_evidence(sent)
    content = json.dumps(put_evidence(json.loads(content_of(known.fields, posted)), posted)).encode()
    verb: Callable[..., Awaitable[CountermeasureReceipt]] = getattr(minaoshi.countermeasures, known.verb)

    async def send() -> CountermeasureReceipt:
        with noted_at():
            return await verb(countermeasure_id, content, as_=me.person, act_id=posted.act_id)

    return await form.do(
        request,
        posted,
        send,
        then=lambda receipt: (
            f"/countermeasures/{countermeasure_id}",
            f"受け付けました。状況は「{receipt.status.label}」、期限は{show_day(receipt.due_on)}です。",
        ),
    )


@router.get("/countermeasures/{countermeasure_id:path}")
async def show(request: Request, minaoshi: Facade, me: Me, countermeasure_id: str) -> Response:
    """Show one countermeasure with what was done about it."""
    history = await minaoshi.countermeasures.show(countermeasure_id, viewer=me.person)
    permitted = await minaoshi.countermeasures.permitted(countermeasure_id, as_=me.person)
    assessment = history.state.assessment_id
    known = await minaoshi.directory.assessments([assessment] if assessment else [])
    return page(
        request,
        "countermeasure.html",
        state=history.state,
        records=history.acts,
        names=await minaoshi.directory.names(),
        assessment_name=known[0].name if known else assessment,
        acts=tuple(one for one in ACTS if one.kind in permitted),
    )


def _known(slug: str) -> Act:
    if slug not in _BY_SLUG:
        raise HTTPException(404)
    return _BY_SLUG[slug]


def _form(act: Act, history: CountermeasureHistory) -> ActForm:
    state = history.state
    return ActForm(
        act.title,
        act.english,
        (f"/countermeasures/{state.countermeasure_id}", f"対応策「{state.item}」"),
        fields=act.fields,
        lead=act.lead,
        button="記録する",
        template="countermeasure_act.html",
        context={"state": state},
    )
