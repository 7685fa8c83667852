"""期限 (deadlines): what falls due in my body, by month."""

from fastapi import APIRouter, Request, Response

from web.pages import page
from web.signed_in import Facade, Me

router = APIRouter()


@router.get("/deadlines")
async def show(request: Request, minaoshi: Facade, me: Me, month: str = "", department: str = "") -> Response:
    """Show one month, of one department where it is named; the present month unless told."""
    found = await minaoshi.deadlines.month(month, as_=me.person, department=department)
    return page(request, "deadlines.html", month=found, department=department)
