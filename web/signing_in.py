"""サインイン (signing in): for trying out, on this machine: one says who one is."""

from fastapi import APIRouter, Request, Response

from client.errors import CallerError
from web.failures import failure_of
from web.pages import go_to, page
from web.posted import Sent, read_form
from web.shared_desk import ended_of
from web.signed_in import COOKIE, Facade, Me, recognise, set_cookie

router = APIRouter()


@router.get("/sign-in")
async def show(request: Request, minaoshi: Facade, to: str = "/") -> Response:
    """Show who may be chosen, and how the session before came to its end."""
    await recognise(request)
    return await _show(request, minaoshi, to=to)


@router.post("/sign-in")
async def sign_in(request: Request, minaoshi: Facade) -> Response:
    """Begin a session; one that was open in this browser ends."""
    posted = await read_form(request)
    try:
        token = await minaoshi.sessions.begin(posted.text("person"))
    except CallerError as error:
        return await _show(request, minaoshi, to=posted.text("to"), error=error)
    if old := request.cookies.get(COOKIE):
        await minaoshi.sessions.end(old)
    response = go_to(own_address(posted.text("to")))
    set_cookie(response, token, request=request)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, minaoshi: Facade, _me: Me, _posted: Sent) -> Response:
    """End the session."""
    await minaoshi.sessions.end(request.cookies[COOKIE])
    response = go_to("/sign-in", said="サインアウトしました。")
    response.delete_cookie(COOKIE)
    return response


def own_address(to: str) -> str:
    """Give a place on our own pages; what leads elsewhere leads to the inbox."""
    return to if to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable() else "/"


async def _show(request: Request, minaoshi: Facade, *, to: str, error: CallerError | None = None) -> Response:
    try:
        people = await minaoshi.organisation.people()
    except CallerError as missing:
        people, error = (), error or missing
    failure = failure_of(error) if error else None
    return page(
        request,
        "sign_in.html",
        status=failure.status if failure else 200,
        people=people,
        to=to,
        failure=failure,
        ended=ended_of(request),
    )
