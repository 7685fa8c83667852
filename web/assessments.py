"""評価書の台帳 (assessments): the list, and one with all that belongs to it."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request, Response

from guideline.deadlines import tokyo_date
from schemas.levels import Level
from schemas.lists import PAGE, AssessmentOrder, AssessmentQuery
from schemas.records import Standing
from web.asked import address_with, asked
from web.pages import page
from web.signed_in import Facade, Me

router = APIRouter()

WITHIN = (30, 60, 90, 180, 365)
"""期日まで (days): how soon a date may be asked for."""

ORDERS = (
    (AssessmentOrder.ID, "識別子"),
    (AssessmentOrder.NAME, "評価書名"),
    (AssessmentOrder.DEPARTMENT, "担当部署"),
    (AssessmentOrder.YEARLY, "年次の期日が近い順"),
    (AssessmentOrder.FIVE_YEARS, "再実施の期日が近い順"),
    (AssessmentOrder.VERIFIED, "実態と照らした日が古い順"),
)


@router.get("/assessments")
async def show_all(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the list, page by page."""
    within = request.query_params.get("within", "")
    due = {}
    if within in map(str, WITHIN):
        due = {"due_by": (tokyo_date(datetime.now(UTC)) + timedelta(days=int(within))).isoformat()}
    query, failure = asked(request, AssessmentQuery, **due)
    found = await minaoshi.assessments.page(query, viewer=me.person)
    return page(
        request,
        "assessments.html",
        status=failure.status if failure else 200,
        failure=failure,
        query=query,
        within=within,
        found=found,
        pages=-(-found.total // PAGE),
        to_page=lambda number: address_with(request, page=number),
        names={one.id: one.name for one in await minaoshi.organisation.departments()},
        bodies=await minaoshi.organisation.bodies(),
        levels=[one for one in Level if one is not Level.NOT_REQUIRED],
        standings=list(Standing),
        orders=ORDERS,
        may_take_over=await minaoshi.takeover.may(me.person),
        days=WITHIN,
    )


@router.get("/assessments/{assessment_id}")
async def show(request: Request, minaoshi: Facade, me: Me, assessment_id: str) -> Response:
    """Show one assessment with its history."""
    view = await minaoshi.assessments.overview(assessment_id, viewer=me.person)
    return page(request, "assessment.html", view=view)
