"""ページの応用 (application): the pages put together, and what they say when something fails."""

from pathlib import Path
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from client.errors import CallerError
from client.minaoshi import Minaoshi
from client.sessions import Ending
from engine.errors import EngineError
from web import (
    assessments,
    audit,
    countermeasures,
    deadlines,
    editor,
    events,
    explanations,
    exports,
    inbox,
    notices,
    organisation,
    own_settings,
    plan,
    reports,
    reviews,
    shared_desk,
    signing_in,
    takeover,
    versions,
    waiting,
)
from web.codec import CodecEndpoint
from web.failures import Failure, failure_of
from web.gate import Gate
from web.own_names import OwnNames
from web.pages import page
from web.posted import TOO_LARGE, ExpiredPageError, ForeignFormError, TooLargeError
from web.refused import RefusalNoting
from web.signed_in import COOKIE, NotSignedInError, cookie, facade, recognise

_log = structlog.get_logger()

_ROUTERS = (
    assessments.router,
    audit.router,
    countermeasures.router,
    deadlines.router,
    editor.router,
    events.router,
    explanations.router,
    exports.router,
    inbox.router,
    notices.router,
    organisation.router,
    own_settings.router,
    plan.router,
    reports.router,
    reviews.router,
    shared_desk.router,
    signing_in.router,
    takeover.router,
    versions.router,
    waiting.router,
)


def build_application(
    minaoshi: Minaoshi, *, pages_url: str = "http://127.0.0.1", codec: CodecEndpoint | None = None
) -> FastAPI:
    """Put the pages together on a facade, with `codec` also where the engine's own page reads payloads.

    `pages_url` is where people open them.
    """
    application = FastAPI(title="minaoshi", docs_url=None, redoc_url=None, openapi_url=None)
    application.state.minaoshi = minaoshi
    application.state.pages_url = pages_url
    application.add_middleware(RefusalNoting, refusals=minaoshi.refusals)
    if not minaoshi.signing_in.by_provider:
        application.add_middleware(OwnNames, pages_url=pages_url)
    application.add_middleware(Gate)
    application.add_middleware(shared_desk.Uncached)
    for router in _ROUTERS:
        application.include_router(router)
    if codec is not None:
        application.include_router(codec.router())
    application.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    application.add_exception_handler(NotSignedInError, _to_sign_in)
    application.add_exception_handler(ExpiredPageError, _expired)
    application.add_exception_handler(ForeignFormError, shared_desk.foreign_form)
    application.add_exception_handler(TooLargeError, _too_large)
    for kind in (CallerError, EngineError):
        application.add_exception_handler(kind, _failed)
    application.add_exception_handler(HTTPException, _no_page)
    application.add_exception_handler(RequestValidationError, _bad_address)
    application.add_exception_handler(Exception, _bug)
    return application


async def _to_sign_in(request: Request, _: Exception) -> Response:
    """Lead to the sign-in; what was typed into a form that was sent without one is lost to nobody."""
    if request.method != "GET":
        return await shared_desk.sent_without_sign_in(request)
    to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    how = await facade(request).sessions.ending(cookie(request, COOKIE) or "")
    ended = f"&ended={how}" if how in (Ending.IDLE, Ending.ABSOLUTE) else ""
    return RedirectResponse(f"/sign-in?to={quote(to, safe='')}{ended}", status_code=303)


async def _expired(request: Request, error: Exception) -> Response:
    """Show again what was typed, under the present sign-in: nothing was done with it."""
    assert isinstance(error, ExpiredPageError)  # noqa: S101 # Starlette gives it by its class
    return page(request, "expired.html", status=409, posted=error.posted)


async def _too_large(request: Request, _: Exception) -> Response:
    await recognise(request)
    return page(request, "error.html", status=TOO_LARGE.status, failure=TOO_LARGE)


async def _failed(request: Request, error: Exception) -> Response:
    await recognise(request)
    assert isinstance(error, (CallerError, EngineError))  # noqa: S101 # as above
    failure = failure_of(error)
    return page(request, "error.html", status=failure.status, failure=failure)


async def _no_page(request: Request, error: Exception) -> Response:
    await recognise(request)
    status = error.status_code if isinstance(error, HTTPException) else 404
    words = {404: "このページはありません。", 405: "このページには送れません。"}.get(status, "受け付けられません。")
    return page(request, "error.html", status=status, failure=Failure(status, words, "受信箱から入り直してください。"))


async def _bad_address(request: Request, _: Exception) -> Response:
    await recognise(request)
    failure = Failure(422, "アドレスに書かれた値が正しくありません。", "受信箱から入り直してください。")
    return page(request, "error.html", status=422, failure=failure)


async def _bug(request: Request, error: Exception) -> Response:
    await _log.aerror("page_failed", path=request.url.path, kind=type(error).__name__)
    failure = Failure(500, "思わぬ誤りが起きました。", "もう一度試し、続くときは運用の担当者に知らせてください。")
    return page(request, "error.html", status=500, failure=failure)
