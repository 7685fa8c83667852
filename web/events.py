"""リスク事案 (risk events): the list, and the page of one: what happened, what is due, and what is left."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse

from client.breaches import WRITING
from schemas.events import Answer
from web import breach_report_form, event_acts, event_update
from web.pages import attached, page
from web.shown import rows_of
from web.signed_in import Facade, LookedFor, Me

_TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8", "json": "application/json"}

router = APIRouter()
router.include_router(event_update.router)
router.include_router(breach_report_form.router)
router.include_router(event_acts.router)


@router.get("/events")
async def every(  # noqa: PLR0913, PLR0917 # what FastAPI reads from an address
    request: Request, minaoshi: Facade, me: Me, scope: str = "open", reportable: str = "", search: str = ""
) -> Response:
    """Show the events that one sees: open or all, of one answer, with those words in the title."""
    scope = "all" if scope == "all" else "open"
    rows = await minaoshi.events.list(scope=scope, viewer=me.person)
    shown = [
        one
        for one in rows
        if reportable in ("", one.reportable.value) and all(word in one.title for word in search.split())
    ]
    return page(
        request,
        "events.html",
        rows=shown,
        total=len(rows),
        scope=scope,
        reportable=reportable,
        search=search,
        answers=tuple(Answer),
    )


@router.get("/events/{event_id:path}/state")
async def state(minaoshi: Facade, me: LookedFor, event_id: str) -> Response:
    """Say how far the event has come, so that an open page can tell that it is out of date."""
    sequence = await minaoshi.events.sequence(event_id, viewer=me.person)
    return PlainTextResponse(str(sequence))


@router.get("/events/{event_id:path}/reports/{kind}/{number}/file")
async def export_report(  # noqa: PLR0913, PLR0917 # what FastAPI reads from an address
    minaoshi: Facade,
    me: Me,
    event_id: str,
    kind: str,
    number: str,
    as_: Annotated[str, Query(alias="as")] = "pdf",
) -> Response:
    """Give a version of a report to the Commission as a file."""
    content = await minaoshi.breaches.export(event_id, as_=as_, version=f"{kind}/{number}", viewer=me.person)
    return attached(content, f"{event_id.replace('/', '-')}-{kind}-{number}.{as_}", _TYPES[as_])


@router.get("/events/{event_id:path}")
async def show(request: Request, minaoshi: Facade, me: Me, event_id: str) -> Response:
    """Show one event."""
    view = await minaoshi.events.show(event_id, viewer=me.person)
    permitted = await minaoshi.events.permitted(event_id, as_=me.person)
    reviewed = {one: one.rpartition("/")[0] for one in view.reviews}
    known = await minaoshi.directory.assessments({*view.state.assessments, *reviewed.values()})
    return page(
        request,
        "event.html",
        view=view,
        state=view.state,
        names=await minaoshi.directory.names(),
        reviewed=reviewed,
        assessment_names={one.assessment_id: one.name for one in known},
        facts=rows_of(view.state.facts, leave_out=("account", "body", "department", "known_on")),
        account=rows_of(view.state.facts.account, leave_out=("unknown",)),
        acts=tuple(one for one in event_acts.ACTS if one.kind in permitted),
        may_write=not set(WRITING).isdisjoint(permitted),
    )
