"""ページの応用 (application): the pages put together, and what they say when something fails."""

import logging
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import State
from starlette.exceptions import HTTPException

from client.errors import CallerError
from client.minaoshi import Minaoshi
from client.register_away import RegisterAway
from client.sessions import Ending
from engine.errors import EngineError
from engine.logs import told_of
from web import (
    acknowledging,
    assessments,
    audit,
    circulars,
    countermeasures,
    deadlines,
    duties,
    duty_opening,
    editor,
    events,
    explanations,
    exports,
    guidance,
    inbox,
    notices,
    organisation,
    own_settings,
    plan,
    privacy_audits,
    readiness,
    reports,
    reviews,
    rules,
    shared_desk,
    signing_in,
    takeover,
    training,
    versions,
    waiting,
)
from web.being_replaced import BeingReplaced
from web.codec import CodecEndpoint
from web.failures import Failure, failure_of
from web.gate import Gate
from web.pages import page, show_instant
from web.posted import TOO_LARGE, ExpiredPageError, ForeignFormError, TooLargeError
from web.rate import TooManyTriesError, Tries
from web.refused import RefusalNoting
from web.register_away import register_away
from web.signed_in import COOKIE, NotSignedInError, cookie, facade, recognise
from web.site import Site

_LOG = logging.getLogger("minaoshi.web")

_ROUTERS = (
    acknowledging.router,
    assessments.router,
    audit.router,
    circulars.router,
    countermeasures.router,
    deadlines.router,
    privacy_audits.router,
    duty_opening.router,
    duties.router,
    training.router,
    editor.router,
    events.router,
    explanations.router,
    exports.router,
    guidance.router,
    inbox.router,
    notices.router,
    organisation.router,
    own_settings.router,
    plan.router,
    readiness.router,
    reports.router,
    reviews.router,
    rules.router,
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
    serve_from(application, minaoshi, pages_url=pages_url)
    application.add_middleware(BeingReplaced)
    application.add_middleware(RefusalNoting, away=register_away)
    application.add_middleware(Gate)
    for router in _ROUTERS:
        application.include_router(router)
    if codec is not None:
        application.include_router(codec.router())
    application.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    application.add_exception_handler(NotSignedInError, _to_sign_in)
    application.add_exception_handler(ExpiredPageError, _expired)
    application.add_exception_handler(ForeignFormError, shared_desk.foreign_form)
    application.add_exception_handler(TooLargeError, _too_large)
    application.add_exception_handler(TooManyTriesError, _too_many)
    for kind in (CallerError, EngineError):
        application.add_exception_handler(kind, _failed)
    application.add_exception_handler(RegisterAway, register_away)
    application.add_exception_handler(HTTPException, _no_page)
    application.add_exception_handler(RequestValidationError, _bad_address)
    application.add_exception_handler(Exception, _bug)
    return application


def serve_from(application: FastAPI, minaoshi: Minaoshi, *, pages_url: str = "http://127.0.0.1") -> None:
    """Let the pages be those of an installation: all they know of one is in their state, and is made anew here."""
    application.state = State({"minaoshi": minaoshi, "site": Site(pages_url), "tries": Tries()})


async def _to_sign_in(request: Request, _: Exception) -> Response:
    """Lead to the sign-in; what was typed into a form that was sent without one is lost to nobody."""
    if request.method != "GET":
        return await shared_desk.sent_without_sign_in(request)
    query = request.scope["query_string"].decode("latin-1")
    to = quote(request.scope["path"]) + (f"?{query}" if query else "")
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


async def _too_many(request: Request, error: Exception) -> Response:
    """Say when to try again."""
    assert isinstance(error, TooManyTriesError)  # noqa: S101 # as above
    seconds = ceil(error.wait_s)
    at = show_instant(datetime.now(UTC) + timedelta(seconds=seconds))
    failure = Failure(
        429,
        "試みが多すぎます。",
        f"{seconds}秒後（{at}）から、もう一度試せます。心当たりがないときは、運用の担当者に知らせてください。",
    )
    answer = page(request, "error.html", status=failure.status, failure=failure)
    answer.headers["Retry-After"] = str(seconds)
    return answer


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
    """Say that it is not the reader's fault. This answer goes out past the gate: it gets its headers here."""
    site: Site = request.app.state.site
    if isinstance(error, RegisterAway):  # after its page was made, or while an error was told
        answer = await register_away(request, error)
        answer.headers.update(site.headers(request.scope["path"]))
        return answer
    _LOG.error("a page failed: %s: %s", request.scope["path"], told_of(error))
    failure = Failure(500, "思わぬ誤りが起きました。", "もう一度試し、続くときは運用の担当者に知らせてください。")
    answer = page(request, "error.html", status=500, failure=failure)
    answer.headers.update(site.headers(request.scope["path"]))
    return answer
