"""待つもの (waiting): work that takes a while goes on in the background, for the sign-in that began it.

A page that comes again by itself shows how far it is, without a script; with one it comes as soon as it is done.
"""

import asyncio
import logging
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from client.errors import CallerError, InvalidInputError, NotFoundError
from engine.errors import EngineError
from engine.logs import told_of
from web.pages import go_to, page
from web.signed_in import LookedFor

router = APIRouter()

_LOG = logging.getLogger("minaoshi.web")

KEPT = timedelta(minutes=15)
"""How long a result is kept after it is there."""

MOST = 3
"""How much one sign-in may have going on at once."""


@dataclass
class Work:
    """待つもの: whose it is, how far it is, and where its result is shown."""

    owner: str
    title: str
    back: tuple[str, str]
    then: str
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    done: int = 0
    of: int = 0
    task: asyncio.Task[Any] | None = None
    path: Path | None = None
    ended_at: datetime | None = None

    @property
    def shown_at(self) -> str:
        """Where the result is shown."""
        return self.then.format(id=self.id)

    @property
    def is_done(self) -> bool:
        """Whether it came to its end, whichever."""
        return self.task is not None and self.task.done()

    @property
    def state(self) -> str:
        """How far it is, in words; `done` when it is."""
        if self.is_done:
            return "done"
        return f"{self.of:,}件のうち{self.done:,}件" if self.of else "進めています"

    def told(self, done: int, of: int) -> None:
        """Take in how far it is."""
        self.done, self.of = done, of

    def result(self) -> Any:
        """Give the result; raises what the work raised."""
        assert self.task is not None  # noqa: S101 # it began when it was made
        return self.task.result()


class Waiting:
    """待つもの of all sign-ins; `patience_s` is how long one waits for a result before a page is shown."""

    def __init__(self, *, patience_s: float = 1.5) -> None:
        self.patience_s = patience_s
        self._works: dict[str, Work] = {}
        self._folder: Path | None = None

    async def begin(self, work: Work, do: Callable[[Work], Awaitable[Any]]) -> Work:
        """Begin, and wait a little. Raises InvalidInputError where too much of theirs is going on."""
        self._forget()
        going_on = [one for one in self._works.values() if one.owner == work.owner and not one.is_done]
        if len(going_on) >= MOST:
            raise InvalidInputError(
                f"前に頼んだ{len(going_on)}件がまだ終わっていません。",
                where=work.title,
                remedy="終わるのを待ってから、もう一度押してください。",
            )
        self._works[work.id] = work
        work.task = asyncio.ensure_future(self._run(work, do))
        work.task.add_done_callback(_note_bug)
        await asyncio.wait({work.task}, timeout=self.patience_s)
        return work

    def of(self, owner: str, work_id: str) -> Work:
        """Give the work of a sign-in; raises NotFoundError for what it did not begin, and for what is gone."""
        self._forget()
        work = self._works.get(work_id)
        if work is None or work.owner != owner:
            raise NotFoundError(
                "この結果はもうありません。", where="結果", remedy="もう一度、元のページから始めてください。"
            )
        return work

    async def keep(self, work: Work, content: bytes) -> Path:
        """Keep a file that is the result until it is forgotten."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="minaoshi-"))  # for its owner alone
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        work.path = self._folder / work.id
        await asyncio.to_thread(work.path.write_bytes, content)
        return work.path

    async def close(self) -> None:
        """End what is going on."""
        tasks = [one.task for one in self._works.values() if one.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    async def _run(work: Work, do: Callable[[Work], Awaitable[Any]]) -> Any:
        try:
            return await do(work)
        finally:
            work.ended_at = datetime.now(UTC)

    def _forget(self) -> None:
        now = datetime.now(UTC)
        for work in [one for one in self._works.values() if one.ended_at is not None and one.ended_at < now - KEPT]:
            del self._works[work.id]
            if work.path is not None:
                work.path.unlink(missing_ok=True)


def _note_bug(task: asyncio.Task[Any]) -> None:
    """Log what is a bug, for nobody may open the result; what is told to the person is no matter of the log."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, (CallerError, EngineError)):
        _LOG.error("a work failed: %s", told_of(error))


def waiting(request: Request) -> Waiting:
    """Give what is going on in this application."""
    state = request.app.state
    if not hasattr(state, "waiting"):
        state.waiting = Waiting()
    found: Waiting = state.waiting
    return found


def failed_with(work: Work) -> CallerError | EngineError | None:
    """Give the error that a work came to; None where it did well. Raises what is a bug."""
    try:
        work.result()
    except (CallerError, EngineError) as error:
        return error
    return None


def lead_to(work: Work) -> Response:
    """Lead to the result if it is there, else to the page that waits for it."""
    return go_to(work.shown_at if work.is_done else f"/waiting/{work.id}")


@router.get("/waiting/{work_id}")
async def show(request: Request, me: LookedFor, work_id: str) -> Response:
    """Show how far a work is; lead on when it is done."""
    work = waiting(request).of(me.form_token, work_id)
    return lead_to(work) if work.is_done else page(request, "waiting.html", work=work)


@router.get("/waiting/{work_id}/state")
async def state(request: Request, me: LookedFor, work_id: str) -> Response:
    """Say how far it is, for a script."""
    return PlainTextResponse(waiting(request).of(me.form_token, work_id).state)
