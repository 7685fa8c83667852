"""共用の机 (shared desk): a session ends by itself, what was typed is kept, and another's form is refused."""

from hmac import compare_digest
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from client.sessions import Ending, SignedIn
from client.shared_desk import Beginner
from web.failures import Failure
from web.pages import go_to, page
from web.posted import ForeignFormError, Posted, Sent, read_form
from web.signed_in import COOKIE, Facade, Me, cookie, facade, recognise

router = APIRouter()

TITLE = "form_title"
"""The field by which a form is called; a form without it can't be shown again as it was, and is not kept."""

OURS = frozenset({"form_token", TITLE, "do", "kept_address", "kept_files"})
"""What a form carries for us, and nobody typed."""

ENDED = {
    "idle": "操作がないまま時間がたったため、サインアウトしました。",
    "absolute": "サインインしてから長い時間がたったため、サインアウトしました。",
    "out": "サインアウトしたため、開いていたページを閉じました。",
    "other": "ほかの人がサインインしたため、前の人のページを閉じました。",
    "unsent": "サインインが切れていたため、送られた内容はまだ何も記録していません。",
}
"""終わり方: the value in the address of the sign-in, and what is said there."""

KEPT = "入力した内容は、その人のために預かりました。本人がサインインし直すと、受信箱から続きを書けます。"

NOT_KEPT = "預かれなかった内容があります。大きすぎるか、後から開けない様式です。"

_EXPIRED = Failure(
    401, "サインインが切れました。", "別のタブでサインインしてから、このページに戻り、もう一度送ってください。"
)


class Uncached:
    """控えを残さない (uncached): of what was shown nothing stays in the browser; what is the same for all may."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say so of every answer but those with our own fixed files."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        fixed = scope["type"] != "http" or scope["path"].startswith("/static/")
        await self._app(scope, receive, send if fixed else answer)


@router.post("/session")
async def tell(request: Request, minaoshi: Facade) -> Response:
    """Say how long the session of a page goes on. Asking is no use of it; that the person did something is."""
    posted = await read_form(request)
    token = cookie(request, COOKIE) or ""
    me = await minaoshi.sessions.look(token)
    if me is None:
        return JSONResponse({"state": await minaoshi.sessions.ending(token) or Ending.OUT})
    if not await _is_of(minaoshi, me, posted):
        return JSONResponse({"state": "other"})
    if posted.text("seen"):
        await minaoshi.sessions.of(token)
    left = await minaoshi.sessions.left(token)
    if left is None:
        return JSONResponse({"state": await minaoshi.sessions.ending(token) or Ending.OUT})
    seconds = {"left": left.left.total_seconds(), "warning": left.warning.total_seconds()}
    return JSONResponse({"state": "open", **seconds, "final": left.is_final})


@router.post("/session/keep")
async def keep(request: Request, minaoshi: Facade) -> Response:
    """Keep what was typed for the person who began the form, whoever is signed in now; the form's token says who."""
    posted = await read_form(request)
    begun = await minaoshi.shared_desk.beginner(posted.text("form_token"))
    if begun is None:
        return Response(status_code=404)
    address = unquote(posted.text("kept_address"))
    kept = await _keep(request, posted, begun, address=address, has_files=bool(posted.text("kept_files")))
    return Response(status_code=204 if kept else 413)


@router.post("/kept")
async def drop(minaoshi: Facade, me: Me, posted: Sent) -> Response:
    """Forget what is kept of a form."""
    await minaoshi.shared_desk.drop(posted.text("address"), as_=me.person)
    return go_to("/", said="預かっていた内容を捨てました。")


def ended_of(request: Request) -> str:
    """Give what is said at the sign-in of how the session before came to its end; empty where nothing is."""
    said = ENDED.get(request.query_params.get("ended", ""), "")
    return said and said + {"yes": KEPT, "no": NOT_KEPT}.get(request.query_params.get("kept", ""), "")


async def sent_without_sign_in(request: Request) -> Response:
    """Answer a form that was sent when the session was over: it is kept for the person who began it."""
    posted = await read_form(request)
    begun = await facade(request).shared_desk.beginner(posted.text("form_token"))
    kept = begun is not None and await _keep(request, posted, begun)
    if _by_script(request):
        return JSONResponse({"kept": kept}, status_code=_EXPIRED.status)
    if kept:
        return go_to("/sign-in?ended=unsent&kept=yes")
    if request.scope["path"] == "/sign-out":
        return go_to("/sign-in?ended=out")
    return page(request, "error.html", status=_EXPIRED.status, failure=_EXPIRED)


async def foreign_form(request: Request, error: Exception) -> Response:
    """Refuse a form that another person began, and tell both; the one who sent it sees nothing of what was typed."""
    assert isinstance(error, ForeignFormError)  # noqa: S101 # Starlette gives it by its class
    me, begun = await recognise(request), error.begun
    kept = begun is not None and await _keep(request, error.posted, begun)
    if begun is not None and me is not None:
        await facade(request).shared_desk.refuse(begun, address=request.scope["path"], as_=me.person)
    if _by_script(request):
        return JSONResponse({"foreign": True}, status_code=409)
    return page(request, "foreign.html", status=409, begun=begun, kept=kept)


async def _is_of(minaoshi: Facade, me: SignedIn, posted: Posted) -> bool:
    """Say whether a page was opened by the person who is signed in, in this sign-in or in another."""
    if compare_digest(posted.text("form_token").encode(), me.form_token.encode()):
        return True
    begun = await minaoshi.shared_desk.beginner(posted.text("form_token"))
    return begun is not None and begun.person == me.person


async def _keep(
    request: Request, posted: Posted, begun: Beginner, *, address: str = "", has_files: bool = False
) -> bool:
    values = {name: texts for name, texts in posted.values.items() if name not in OURS}
    if not posted.text(TITLE):
        return False
    return await facade(request).shared_desk.keep(
        values,
        of=begun,
        address=address or request.scope["path"],
        title=posted.text(TITLE),
        has_files=has_files or bool(posted.files),
    )


def _by_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
