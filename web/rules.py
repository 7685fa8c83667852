"""規程等 (rules): their versions in one list, making a version known, and the page on which each confirms it."""

import json
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from client.rules import MadeKnown
from schemas.duties import DutyKind, DutyState, MemberStatus
from schemas.duty_acts import DutyReceipt
from schemas.duty_papers import PublicityContent
from schemas.organisation import Role
from web.acting import ActForm
from web.fields import Field, Kind, content_of
from web.pages import page
from web.posted import Sent
from web.signed_in import Facade, Me

router = APIRouter()

_NAMED = 10
"""挙げる規程等の数, so that the next version is called by the same identifier."""

_ROLES = tuple((one.value, one.label) for one in Role if one not in (Role.STAFF, Role.ENGINE))


async def publicity_section(minaoshi: Facade, me: Me, state: DutyState) -> dict[str, Any] | None:
    """Give what the page of a duty of making known shows beside that of every duty."""
    if state.kind is not DutyKind.PUBLICITY:
        return None
    reader = await minaoshi.rules.reader(state.duty_id, as_=me.person)
    rule = str(state.content.get("rule_id") or state.content["rule"])
    return {
        "is_to_read": reader is not None and reader.status is MemberStatus.OPEN,
        "versions": await minaoshi.rules.versions(as_=me.person, rule=rule),
    }


@router.get("/rules")
async def every(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the rules with their versions."""
    versions = await minaoshi.rules.versions(as_=me.person)
    may_open = DutyKind.PUBLICITY in await minaoshi.duties.openable(as_=me.person)
    return page(request, "rules.html", versions=versions, may_open=may_open)


async def _form(minaoshi: Facade, me: Me, rule: str = "") -> ActForm:
    known = {one.content.rule_id: one.content.rule for one in await minaoshi.rules.versions(as_=me.person)}
    named = "、".join(f"{rule_id}（{name}）" for rule_id, name in list(known.items())[:_NAMED] if rule_id)
    departments = tuple((one.id, one.name) for one in await minaoshi.directory.departments(body=me.body))
    fields = (
        Field("rule", "規程等の名称", Kind.LINE, required=True, value=known.get(rule, "")),
        Field(
            "rule_id",
            "規程等の識別子",
            Kind.LINE,
            help=f"英小文字と数字。同じ規程等の版には、同じものを書きます。{f'今あるもの: {named}' if named else ''}",
            required=True,
            value=rule if rule in known else "",
        ),
        Field("number", "文書番号", Kind.LINE, required=True),
        Field("version", "版", Kind.LINE, help="例: 第2版", required=True),
        Field("in_force_on", "施行日", Kind.DAY, required=True),
        Field("changes", "改正の内容", required=True),
        Field("approved_by", "決裁した者", Kind.LINE, required=True),
        Field("approved_on", "決裁の日", Kind.DAY, required=True),
        Field("document", "文書のファイル", Kind.FILE, help="台帳に保存し、SHA-256（中身の指紋）を控えます。"),
        Field("channel", "周知の方法", Kind.LINE, help="例: 庁内ポータルサイト", required=True),
        Field("department", "周知を担う部署", Kind.CHOICE, choices=departments, required=True, value=me.department),
        Field("due_on", "読了の期限", Kind.DAY, required=True),
        Field("roles", "周知する役割", Kind.CHOICES, choices=_ROLES, help="役割も部署も選ばなければ、全職員。"),
        Field("departments", "周知する部署", Kind.CHOICES, choices=departments),
    )
    return ActForm(
        "規程等の版を周知する",
        "Make a version known",
        ("/rules", "規程等"),
        fields=fields,
        lead="読了を確かめる者が名簿に載り、受信箱に示されます。前の版の周知が終わっていなければ、この版に替わります。",
        button="周知を始める",
    )


@router.get("/rules/new")
async def show_form(request: Request, minaoshi: Facade, me: Me, rule: str = "") -> Response:
    """Show the form by which a version is made known, of a rule that is there where it is named; or say who may."""
    await minaoshi.duties.see_openable(DutyKind.PUBLICITY, as_=me.person)
    return (await _form(minaoshi, me, rule)).show(request)


@router.post("/rules/new")
async def make_known(request: Request, minaoshi: Facade, me: Me, sent: Sent) -> Response:
    """Make a version known."""
    form = await _form(minaoshi, me)

    async def send() -> MadeKnown:
        said = json.loads(content_of(form.fields, sent))
        rule, roles, departments = (said.pop(one, None) for one in ("rule_id", "roles", "departments"))
        files = sent.files.get("document")
        return await minaoshi.rules.make_known(
            rule or "",
            json.dumps(said).encode(),
            as_=me.person,
            file=files[0] if files else None,
            roles=roles or (),
            departments=departments or (),
            act_id=sent.act_id,
        )

    def then(done: MadeKnown) -> tuple[str, str]:
        words = f"{done.members}人への周知を始めました。"
        if done.replaced:
            words += f"{'、'.join(done.replaced)}は、この版の周知に替わりました。"
        if done.left:
            words += f"{'、'.join(done.left)}は、担当者とは別の者が取りやめてください。"
        return f"/duties/{done.receipt.duty_id}", words

    return await form.do(request, sent, send, then=then)


def _reading(state: DutyState, reader_is_done: str) -> ActForm:
    return ActForm(
        "読んだことを確かめる",
        "Confirm that you have read it",
        (f"/duties/{state.duty_id}", f"{state.kind.label}「{state.title}」"),
        lead="内容を読み、理解したことを、自分の分だけ記録します。",
        button="読みました",
        template="rule_read.html",
        context={
            "state": state,
            "content": PublicityContent.read(state.content),
            "reader_is_done": reader_is_done,
        },
    )


async def _reading_form(minaoshi: Facade, me: Me, duty_id: str) -> ActForm:
    state = (await minaoshi.duties.show(duty_id, as_=me.person)).state
    if state.kind is not DutyKind.PUBLICITY:
        raise HTTPException(404)
    reader = await minaoshi.rules.reader(duty_id, as_=me.person)
    words = "あなたは、この周知の名簿に載っていません。" if reader is None else ""
    if reader is not None and reader.status is not MemberStatus.OPEN:
        words = f"あなたの分は「{reader.status.label}」です。"
    return _reading(state, words)


@router.get("/duties/{duty_id}/read")
async def show_reading(request: Request, minaoshi: Facade, me: Me, duty_id: str) -> Response:
    """Show what is to be read."""
    return (await _reading_form(minaoshi, me, duty_id)).show(request)


@router.post("/duties/{duty_id}/read")
async def confirm_read(request: Request, minaoshi: Facade, me: Me, sent: Sent, duty_id: str) -> Response:
    """Confirm to have read it."""
    form = await _reading_form(minaoshi, me, duty_id)

    async def send() -> DutyReceipt:
        return await minaoshi.rules.confirm_read(duty_id, as_=me.person, act_id=sent.act_id)

    return await form.do(request, sent, send, then=lambda _: (f"/duties/{duty_id}", "読んだことを記録しました。"))
