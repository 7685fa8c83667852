"""証跡 (audit trail): who did what, when, and to which row; and whether nothing was changed since."""

from fastapi import APIRouter, Request, Response

from client.audit_trail import ACTIONS
from schemas.lists import TrailQuery
from schemas.records import AuditVerdict
from web.asked import address_with, asked
from web.failures import failure_of
from web.pages import page
from web.posted import Sent
from web.signed_in import Facade, Me
from web.waiting import Work, failed_with, lead_to, waiting

router = APIRouter()


@router.get("/audit")
async def show(request: Request, minaoshi: Facade, me: Me) -> Response:
    """Show the trail, the newest first."""
    query, failure = asked(request, TrailQuery)
    trail = await minaoshi.trail.page(query, as_=me.person)
    last = trail.lines[-1].entry.seq if trail.lines else 0
    return page(
        request,
        "audit.html",
        status=failure.status if failure else 200,
        failure=failure,
        query=query,
        trail=trail,
        actions=[(action.value, words) for action, words in ACTIONS.items()],
        people=await minaoshi.organisation.people(viewer=me.person),
        older=address_with(request, before=last) if trail.more else None,
        newest=address_with(request, before=None) if query.before else None,
    )


@router.post("/audit/verify")
async def verify(request: Request, minaoshi: Facade, me: Me, posted: Sent) -> Response:
    """Recompute the chain, and lead to the verdict."""
    expect = posted.text("expect") or None
    work = Work(me.form_token, "証跡の検証", ("/audit", "証跡"), "/audit/verified/{id}")

    async def do(_: Work) -> AuditVerdict:
        return await minaoshi.trail.verify(as_=me.person, expect=expect)

    return lead_to(await waiting(request).begin(work, do))


@router.get("/audit/verified/{work_id}")
async def show_verdict(request: Request, me: Me, work_id: str) -> Response:
    """Show the verdict."""
    work = waiting(request).of(me.form_token, work_id)
    if not work.is_done:
        return lead_to(work)
    error = failed_with(work)
    if error is not None:
        failure = failure_of(error)
        return page(request, "error.html", status=failure.status, failure=failure)
    return page(request, "verdict.html", verdict=work.result(), at=work.ended_at)
