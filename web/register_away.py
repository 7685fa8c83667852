"""台帳が離れている間 (register away): a page says so calmly, and what was sent stands ready to be sent again."""

import logging

from fastapi import Request, Response

from client.errors import InvalidInputError
from client.register_away import RegisterAway
from engine.logs import told_of
from web.failures import SEND_AGAIN, Failure, failure_of
from web.pages import page
from web.posted import Posted, TooLargeError, read_form

_LOG = logging.getLogger("minaoshi.web")

RETRY_AFTER_S = 10


async def register_away(request: Request, error: Exception) -> Response:
    """Answer with 503. Who is signed in is not asked: only the register knows."""
    assert isinstance(error, RegisterAway)  # noqa: S101 # Starlette gives it by its class
    _LOG.warning("the register is away: %s: %s", request.scope["path"], told_of(error))
    return await to_be_sent_again(request, failure_of(error).message)


async def to_be_sent_again(request: Request, message: str) -> Response:
    """Answer with 503; the form that was sent, with the id of its act, is there to be sent again."""
    failure = Failure(503, message, SEND_AGAIN)
    posted = await _sent(request) if request.method == "POST" else None
    answer = page(request, "to_be_sent_again.html", status=failure.status, failure=failure, posted=posted)
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


async def _sent(request: Request) -> Posted | None:
    """Give what was sent; a form that was read already can't be read again."""
    posted: Posted | None = getattr(request.state, "posted", None)
    if posted is not None:
        return posted
    try:
        return await read_form(request)
    except (InvalidInputError, TooLargeError):
        return None
