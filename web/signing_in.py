"""サインイン (signing in): through the provider; or, for trying out on this machine, by saying who one is."""

from fastapi import APIRouter, Request, Response

from client.errors import CallerError
from client.minaoshi import Minaoshi
from client.sign_in_refused import ProviderNotReachableError, SignInRefusedError
from client.signing_in import LASTS
from web.failures import Failure, failure_of
from web.pages import go_to, page
from web.posted import Sent, read_form
from web.shared_desk import ended_of
from web.signed_in import (
    COOKIE,
    SIGN_IN_COOKIE,
    Facade,
    Me,
    after_sign_out,
    cookie,
    drop_cookie,
    pages_url,
    recognise,
    set_cookie,
)

router = APIRouter()

RETURN = "/sign-in/return"
"""戻り先: where the provider sends a browser back to; it is registered there."""

_LONGEST_ADDRESS = 2000


@router.get("/sign-in")
async def show(request: Request, minaoshi: Facade, to: str = "/", left: str = "") -> Response:
    """Show the way in, and how the session before came to its end; to who has just left the provider's way out."""
    await recognise(request)
    if minaoshi.signing_in.by_provider:
        way_out = await _way_out(request, minaoshi) if left else None
        return _by_provider(request, to=to, way_out=way_out)
    return await _local(request, minaoshi, to=to)


@router.post("/sign-in")
async def sign_in(request: Request, minaoshi: Facade) -> Response:
    """Begin a session of the person that was chosen; one that was open in this browser ends."""
    posted = await read_form(request)
    if minaoshi.signing_in.by_provider:
        return _by_provider(request, to=posted.text("to"))
    try:
        token = await minaoshi.sessions.begin(posted.text("person"), ends=cookie(request, COOKIE))
    except CallerError as error:
        return await _local(request, minaoshi, to=posted.text("to"), error=error)
    return _signed_in(request, token, to=posted.text("to"))


@router.get("/sign-in/begin")
async def begin(request: Request, minaoshi: Facade, to: str = "/", again: str = "") -> Response:
    """Send the browser to the provider; `again` has it ask anew who sits there."""
    redirect_uri = pages_url(request) + RETURN
    try:
        begun = await minaoshi.signing_in.begin(goes_on=own_address(to), redirect_uri=redirect_uri, again=bool(again))
    except ProviderNotReachableError as error:
        return _by_provider(request, to=to, failure=failure_of(error))
    response = go_to(begun.address)
    set_cookie(response, begun.browser, request=request, name=SIGN_IN_COOKIE, lasts=LASTS)
    return response


@router.get(RETURN)
async def come_back(request: Request, minaoshi: Facade) -> Response:
    """Begin a session of who signed in at the provider; one that was open in this browser ends."""
    browser = cookie(request, SIGN_IN_COOKIE) or ""
    ends = cookie(request, COOKIE)
    try:
        finished = await minaoshi.signing_in.finish(dict(request.query_params), browser=browser, ends=ends)
    except (SignInRefusedError, ProviderNotReachableError) as error:
        response = _by_provider(request, to="/", failure=failure_of(error))
    else:
        response = _signed_in(request, finished.token, to=finished.goes_on)
    drop_cookie(response, request=request, name=SIGN_IN_COOKIE)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, minaoshi: Facade, _me: Me, _posted: Sent) -> Response:
    """End the session."""
    await minaoshi.sessions.end(cookie(request, COOKIE) or "")
    response = go_to(after_sign_out(minaoshi), said="サインアウトしました。")
    drop_cookie(response, request=request)
    return response


def own_address(to: str) -> str:
    """Give a place on our own pages; what leads elsewhere leads to the inbox."""
    is_own = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if is_own and len(to) <= _LONGEST_ADDRESS else "/"


def _signed_in(request: Request, token: str, *, to: str) -> Response:
    response = go_to(own_address(to))
    set_cookie(response, token, request=request)
    return response


async def _way_out(request: Request, minaoshi: Minaoshi) -> str | None:
    """Give where one signs out of the provider too; it is offered where that can be found out."""
    try:
        return await minaoshi.signing_in.identity.sign_out_address(back_to=f"{pages_url(request)}/sign-in")
    except ProviderNotReachableError:
        return None


def _by_provider(request: Request, *, to: str, failure: Failure | None = None, way_out: str | None = None) -> Response:
    status = failure.status if failure else 200
    return page(
        request,
        "sign_in_there.html",
        status=status,
        to=to,
        failure=failure,
        way_out=way_out,
        ended=ended_of(request),
    )


async def _local(request: Request, minaoshi: Minaoshi, *, to: str, error: CallerError | None = None) -> Response:
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
