"""義務を始める (opening duties): what is asked for of each kind, who will owe it, and who will confirm it."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from client.directory import Names
from guideline.duties import who_confirms, who_owes
from guideline.duty_rules import DUTY_RULES, DutyRule, RollOf
from schemas.duties import DutyKind, Interval
from schemas.duty_acts import DutyReceipt
from schemas.organisation import OF_A_DEPARTMENT, Person, Role
from web.acting import ActForm
from web.audit_fields import with_file
from web.circulars import circular_choices
from web.duty_fields import CONTENT_FIELDS, by_file, with_topics
from web.fields import Field, Kind, content_of
from web.posted import Posted, Sent
from web.signed_in import Facade, Me

router = APIRouter()

WAYS = {DutyKind.GUIDANCE: "/guidance/enter", DutyKind.PUBLICITY: "/rules/new"}
"""別の様式で始めるもの: with its measures, or with who is to read it."""

BY_ITSELF = frozenset({DutyKind.STATUS_REPORT})
"""行為により始まるもの: a report is opened by who approves it first, on the page of its guidance."""

_PARENTS = {
    DutyKind.MEASURE: DutyKind.GUIDANCE,
    DutyKind.STATUS_REPORT: DutyKind.GUIDANCE,
    DutyKind.CORRECTION: DutyKind.AUDIT,
    DutyKind.ANSWER: DutyKind.CIRCULAR,
}
_INTERVALS = tuple((one.value, one.label) for one in Interval)


@router.get("/duties/new/{kind}")
async def show_opening(request: Request, minaoshi: Facade, me: Me, kind: str) -> Response:
    """Show the form by which a duty of a kind is opened; to whom may not, say who may."""
    await minaoshi.duties.see_openable(_known(kind), as_=me.person)
    return (await _form(_known(kind), minaoshi, me)).show(request)


@router.post("/duties/new/{kind}")
async def open_one(request: Request, minaoshi: Facade, me: Me, sent: Sent, kind: str) -> Response:
    """Open a duty."""
    of = _known(kind)
    form = await _form(of, minaoshi, me)

    async def send() -> DutyReceipt:
        said = json.loads(content_of(form.fields, sent))
        duty_id = f"{of.value}:{_slug(said, sent)}"
        whole = {"content": {}, **with_file(said, sent, "content")}
        content = json.dumps({**whole, "content": with_topics(whole["content"])}).encode()
        if of is not DutyKind.CIRCULAR:
            return await minaoshi.duties.open(duty_id, content, as_=me.person, act_id=sent.act_id)
        papers = sent.files.get("document")
        paper = papers[0] if papers else None
        return await minaoshi.circulars.open(duty_id, content, as_=me.person, file=paper, act_id=sent.act_id)

    return await form.do(request, sent, send, then=lambda receipt: (f"/duties/{receipt.duty_id}", "義務を始めました。"))


def people_choices(people: Iterable[Person], names: Names) -> tuple[tuple[str, str], ...]:
    """Give people as they are chosen: by their names, with their departments."""
    return tuple((one.id, f"{one.name}（{names.department(one.department)}）") for one in people)


async def owner_field(kind: DutyKind, minaoshi: Facade, body: str, *, title: str = "担当者") -> Field:
    """Give the field for who owes it: of an audit an auditor, else anybody but those who only audit."""
    directory = minaoshi.directory
    is_audit = Role.AUDITOR in DUTY_RULES[kind].owing
    people = await (directory.auditors(body=body) if is_audit else directory.people(body=body))
    nobody = ("", f"決めない（{who_owes(DUTY_RULES[kind])}が行う）")
    return Field("owner", title, Kind.CHOICE, choices=(nobody, *people_choices(people, await directory.names())))


async def _form(kind: DutyKind, minaoshi: Facade, me: Me) -> ActForm:
    rule = DUTY_RULES[kind]
    departments = await minaoshi.directory.departments(body=me.body)
    is_of_a_department = bool(set(rule.owing) & OF_A_DEPARTMENT)
    repeats = Field(
        "repeats",
        "繰り返し",
        Kind.CHOICE,
        choices=(("", "繰り返さない"), *_INTERVALS),
        help="繰り返すものは、次の分が自動で始まります。始まる日が要ります。",
    )
    fields = (
        Field("title", "件名", Kind.LINE, required=True),
        *await _content(kind, minaoshi, me.person),
        Field(
            "department",
            "監査を受ける部署" if kind is DutyKind.AUDIT else "義務を負う部署",
            Kind.CHOICE,
            choices=tuple((one.id, one.name) for one in departments),
            required=True,
            value="" if is_of_a_department or kind is DutyKind.AUDIT else me.department,
        ),
        await owner_field(kind, minaoshi, me.body),
        Field("begins_on", "始まる日", Kind.DAY, help="これより前の日には済ませられません。"),
        Field("due_on", "期限", Kind.DAY, required=True),
        *((repeats,) if rule.recurs else ()),
        await _parent(kind, minaoshi, me.person),
        Field("slug", "番号に使う名", Kind.LINE, help="英小文字と数字、. _ -。空なら、システムが付けます。"),
    )
    return ActForm(
        f"{kind.label}を始める",
        "Open a duty",
        ("/duties", "義務の一覧"),
        fields=fields,
        lead=_lead(rule),
        button="始める",
    )


async def _content(kind: DutyKind, minaoshi: Facade, person: str) -> tuple[Field, ...]:
    fields = CONTENT_FIELDS.get(kind) or by_file("content", "内容")
    if kind is not DutyKind.CIRCULAR:
        return fields
    choices = (("", "元はない"), *await circular_choices(minaoshi, person))
    return tuple(
        replace(one, kind=Kind.CHOICE, choices=choices) if one.name == "content.repeats" else one for one in fields
    )


def _lead(rule: DutyRule) -> str:
    owes = f"監査を受ける部署ではない{who_owes(rule)}" if rule.stranger_hands_in else who_owes(rule)
    words = f"期限までに{owes}が行って報告し、別の者（{who_confirms(rule)}）が確認します。"
    words += f"期限の{rule.reminded_before}開庁日前から、行う者に知らせます。"
    if rule.roll is not None:
        whom = "職員" if rule.roll is RollOf.STAFF else "宛先の団体"
        words += f"{whom}の名簿は、始めた後に取り込みます。"
    return words


async def _parent(kind: DutyKind, minaoshi: Facade, person: str) -> Field:
    """Give the field for what it belongs to: chosen where a kind belongs to another, else by its number."""
    of = _PARENTS.get(kind)
    if of is None:
        return Field("parent", "元の義務の番号", Kind.LINE, help="別の義務の一部として行うとき。なければ空のまま。")
    rows = await minaoshi.duties.every(as_=person, kind=of, scope="open")
    choices = (("", "なし"), *((one.duty_id, one.title) for one in rows))
    return Field("parent", f"元の{of.label}", Kind.CHOICE, choices=choices)


def _slug(said: dict[str, Any], posted: Posted) -> str:
    """Give the name of the number: as typed, or made of the act, the same when it is sent twice; with its period."""
    name = str(said.pop("slug", "") or posted.act_id.removeprefix("act/")[:8])
    begins_on = str(said.get("begins_on", ""))
    period = {Interval.MONTH.value: begins_on[:7], Interval.YEAR.value: begins_on[:4]}.get(str(said.get("repeats")))
    return f"{name}.{period}" if period and not name.endswith(f".{period}") else name


def _known(kind: str) -> DutyKind:
    if kind not in set(DutyKind):
        raise HTTPException(404)
    return DutyKind(kind)
