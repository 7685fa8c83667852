"""計画管理書 (plan register, 様式1): derived from the register whenever it is asked for."""

from fastapi import APIRouter, Request, Response

from client.plan import COLUMNS, in_columns
from schemas.lists import PAGE
from web.asked import address_with, is_number
from web.pages import page
from web.signed_in import Facade, Me

router = APIRouter()

_LONGEST_NUMBER = 6


@router.get("/plan")
async def show(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the plan of the person's body, as far as they see its assessments."""
    body = request.query_params.get("body") or me.body
    (plan,) = await minaoshi.plans.show(body=body, viewer=me.person)
    pages = max(1, -(-len(plan.assessments) // PAGE))
    asked_for = request.query_params.get("page", "")
    is_one = asked_for.isascii() and is_number(asked_for, longest=_LONGEST_NUMBER)
    number = min(max(int(asked_for), 1), pages) if is_one else 1
    return page(
        request,
        "plan.html",
        plan=plan,
        columns=[title for title, _ in COLUMNS],
        rows=[in_columns(row) for row in plan.assessments[(number - 1) * PAGE : number * PAGE]],
        number=number,
        pages=pages,
        to_page=lambda number: address_with(request, page=number),
    )
