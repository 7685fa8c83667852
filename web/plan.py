"""計画管理書 (plan register, 様式1): derived from the register whenever it is asked for."""

from fastapi import APIRouter, Request, Response

from client.plan import PlanCell, worded
from schemas.lists import PAGE
from schemas.plan import PlanRow
from web.asked import address_with
from web.pages import page
from web.signed_in import Facade, Me

router = APIRouter()

COLUMNS = (
    ("番号", ("number",)),
    ("評価書名・担当部署", ("name", "department")),
    (
        "しきい値判断・評価の種類",
        ("data_subjects", "handlers", "serious_incident", "required_level", "effective_level"),
    ),
    (
        "予定",
        ("planned_on", "requirements_end_on", "programming_start_on", "hold_start_on", "network_link_start_on"),
    ),
    ("手続", ("public_comment", "public_comment_on", "third_party_check", "third_party_check_on")),
    ("提出・公表・見直し", ("submitted_on", "published_on", "verified_on", "five_years_due_on")),
    ("状況", ("standing", "ended_on")),
)
"""表の列: which columns of 様式1 stand together in one of the page."""

_SPEAK_FOR_THEMSELVES = frozenset({"number", "name", "department", "data_subjects", "handlers", "standing"})


@router.get("/plan")
async def show(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the plan of a body: that of the person, unless another is asked for."""
    body = request.query_params.get("body") or me.body
    (plan,) = await minaoshi.plans.show(body=body)
    pages = max(1, -(-len(plan.assessments) // PAGE))
    asked_for = request.query_params.get("page", "")
    number = min(max(int(asked_for), 1), pages) if asked_for.isascii() and asked_for.isdecimal() else 1
    return page(
        request,
        "plan.html",
        plan=plan,
        bodies=await minaoshi.organisation.bodies(),
        columns=[title for title, _ in COLUMNS],
        rows=[_in_columns(row) for row in plan.assessments[(number - 1) * PAGE : number * PAGE]],
        number=number,
        pages=pages,
        to_page=lambda number: address_with(request, page=number),
    )


def _in_columns(row: PlanRow) -> list[list[tuple[str, PlanCell]]]:
    """Put the cells of a row into the columns of the page, each with its title where it needs one."""
    cells = {cell.name: cell for cell in worded(row)}
    return [
        [("" if name in _SPEAK_FOR_THEMSELVES else cells[name].title, cells[name]) for name in names if name in cells]
        for _, names in COLUMNS
    ]
