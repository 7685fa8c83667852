"""組織と報告経路 (organisation): who does what, who stands in, how long each may take, and whom an event is told."""

from fastapi import APIRouter, Request, Response

from web.pages import page
from web.signed_in import Facade, Me

router = APIRouter()

MOST_FLOWS = 12
"""Of more departments than this only the flow of one is shown at once."""


@router.get("/organisation")
async def show(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the organisation as it stands, with the flow of a department or, where they are few, of all."""
    names = {one.id: one.name for one in await minaoshi.directory.departments(body=me.body)}
    chosen = request.query_params.get("department", "")
    if chosen not in names:
        chosen = me.department if len(names) > MOST_FLOWS else ""
    view = await minaoshi.organisation.view(department=chosen or None, viewer=me.person)
    return page(
        request, "organisation.html", view=view, names=names, chosen=chosen, may_see_all=len(names) <= MOST_FLOWS
    )


@router.get("/organisation/flow.svg")
async def flow(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Draw whom a risk event is told."""
    department = request.query_params.get("department") or None
    drawn = await minaoshi.organisation.flow_svg(department=department, viewer=me.person)
    return Response(drawn, media_type="image/svg+xml")


@router.get("/organisation/{department_id}")
async def show_department(request: Request, minaoshi: Facade, me: Me, department_id: str) -> Response:
    """Show the people of a department with their roles."""
    department, roles = await minaoshi.organisation.department(department_id, viewer=me.person)
    return page(request, "department.html", department=department, roles=roles)
