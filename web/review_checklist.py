"""年次の確認 (yearly checklist): every section and every written risk measure, beside what was answered last time."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from client.errors import InvalidInputError
from client.review_detail import ReviewDetail
from schemas.acts import ActKind, Receipt
from schemas.checklists import ChecklistRow, Mark
from schemas.countermeasures import MeasureAnswer
from web.acting import ActForm
from web.fields import Field, Kind, content_of
from web.posted import Posted, Sent
from web.review_acts import address_of, said_of, see_that_it_is_open
from web.review_forms import finding_fields
from web.rows import place
from web.signed_in import Facade, Me

router = APIRouter()

_DOOR = "/reviews/{assessment}/{number}/checklist"
_AGREES = (("yes", "一致している"), ("no", "一致していない"))
_ANSWERS = tuple((one.value, one.label) for one in MeasureAnswer)


def _review(assessment: str, number: str) -> str:
    return f"{assessment}/{number}"


TheReview = Annotated[str, Depends(_review)]


@router.get(_DOOR)
async def ask(request: Request, minaoshi: Facade, me: Me, review_id: TheReview) -> Response:
    """Show the checklist, as one finding."""
    detail = await minaoshi.reviews.detail(review_id, as_=me.person)
    see_that_it_is_open(detail, ActKind.FIND)
    return _form(detail, await minaoshi.reviews.checklist(review_id, as_=me.person)).show(request)


@router.post(_DOOR)
async def do(request: Request, minaoshi: Facade, me: Me, posted: Sent, review_id: TheReview) -> Response:
    """Give the finding with its checklist."""
    detail = await minaoshi.reviews.detail(review_id, as_=me.person)
    rows = await minaoshi.reviews.checklist(review_id, as_=me.person)
    checked = _checked(detail, _asked(rows), posted)
    finding: dict[str, Any] = json.loads(content_of(finding_fields(detail), posted))
    content = json.dumps({**finding, "checklist": list(checked.values())}).encode()

    async def act() -> Receipt:
        try:
            return await minaoshi.reviews.find(review_id, content, as_=me.person, act_id=posted.act_id)
        except InvalidInputError as error:
            raise _placed(error, tuple(checked)) from None

    return await _form(detail, rows).do(request, posted, act, then=said_of)


def _form(detail: ReviewDetail, rows: Sequence[ChecklistRow]) -> ActForm:
    asked = _asked(rows)
    finding = finding_fields(detail)
    checks = tuple((row, _fields(number, row)) for number, row in enumerate(asked))
    view = detail.view
    return ActForm(
        "年次の確認",
        "Yearly checklist",
        back=(address_of(view.review_id), f"見直し {view.assessment_name}"),
        fields=(*finding, *(one for _, fields in checks for one in fields)),
        lead=_lead(detail, len(asked)),
        button="確認の結果を検討結果として示す",
        template="review_checklist.html",
        context={
            "detail": detail,
            "finding": finding,
            "checks": checks,
            "gone": tuple(row for row in rows if row.mark is Mark.GONE),
            "people": _people(detail),
        },
    )


def _lead(detail: ReviewDetail, count: int) -> str:
    lead = f"評価書の記載を、{count}項目の一つずつ、実態に照らします。全体が一つの検討結果として記録されます。"
    some = "全項目を両者が確かめたとき、今年の年次の見直しを兼ねます。確かめない項目は空のままにします。"
    return lead if detail.needs_checklist else lead + some


def _asked(rows: Sequence[ChecklistRow]) -> tuple[ChecklistRow, ...]:
    return tuple(row for row in rows if row.mark is not Mark.GONE)


def _people(detail: ReviewDetail) -> tuple[tuple[str, str], ...]:
    opening = detail.view.state.opening
    return detail.names.people_of(opening.body, opening.department)


def _fields(number: int, row: ChecklistRow) -> tuple[Field, ...]:
    def field(column: str, title: str, kind: Kind = Kind.TEXT, **more: Any) -> Field:
        return Field(place("checklist", number, column), title, kind, **more)

    last = row.last.state if row.last and row.mark is Mark.SAME else ""
    fields = [
        field("item", "項目", Kind.GIVEN, value=row.item),
        field("agrees", "記載と実態", Kind.CHOICE, choices=_AGREES),
        field("state", "実態（一致しないときは変更の内容）", value=last),
    ]
    if row.is_measure:
        fields.append(field("answer", "リスク対策の実態", Kind.CHOICE, choices=_ANSWERS))
    fields.append(field("said_by", "実態を述べた者（空なら検討した者）", Kind.LINE))
    if row.is_measure:
        known = tuple((one.countermeasure_id, f"{one.text}（期限 {one.due_on}）") for one in row.countermeasures)
        if known:
            fields.append(field("open_countermeasure", "既に実施中の対応策", Kind.CHOICE, choices=known))
        fields += [
            field("countermeasure.text", "課題への対応策"),
            field("countermeasure.owner", "対応策の担当者（職員の識別子）", Kind.LINE, suggestions="people"),
            field("countermeasure.due_on", "対応策の期限", Kind.DAY),
        ]
    return tuple(fields)


def _checked(detail: ReviewDetail, rows: Sequence[ChecklistRow], posted: Posted) -> dict[int, dict[str, Any]]:
    """Give what was said of each item, by its number; where not all are asked, what nothing was said of is left out."""
    said = {number: _row(number, row, posted) for number, row in enumerate(rows)}
    return {number: row for number, row in said.items() if detail.needs_checklist or _SAYS & row.keys()}


_SAYS = {"agrees", "answer", "said_by", "open_countermeasure", "countermeasure"}
"""What a person has chosen or written; the actual state may stand there from last time."""


def _row(number: int, row: ChecklistRow, posted: Posted) -> dict[str, Any]:
    fields = [one for one in _fields(number, row) if one.kind is not Kind.GIVEN]
    said = json.loads(content_of(fields, posted)).get("checklist", {}).get(str(number), {})
    agrees = {"yes": True, "no": False}.get(said.pop("agrees", ""))
    item = posted.text(place("checklist", number, "item")) or row.item
    return {"item": item, **said, **({} if agrees is None else {"agrees": agrees})}


def _placed(error: InvalidInputError, numbers: Sequence[int]) -> InvalidInputError:
    """Give the error with the rows of the form, where those that were left out have shifted them."""

    def at(name: str) -> str:
        first, _, rest = name.partition(".")
        number, _, column = rest.partition(".")
        known = first == "checklist" and number.isdigit() and int(number) < len(numbers)
        return place("checklist", numbers[int(number)], column) if known else name

    there = {at(name): words for name, words in error.at.items()}
    return InvalidInputError(error.message, where=error.where, remedy=error.remedy, faults=error.faults, at=there)
