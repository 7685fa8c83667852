"""入口 (opening): a command's way to the facade, and to the files that it is given."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from cli.signed_in import acting, viewing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from client.identity import Identity
    from client.minaoshi import Minaoshi
    from settings import Settings

_T = TypeVar("_T")

_SAID: ContextVar[tuple[str, str] | None] = ContextVar("said", default=None)
"""誰が、どの命令を: who is told by the command that runs, and its name."""

_AS_HELP = "行為する職員の識別子（試すときに限る）"


def _said(context: typer.Context, person: str | None) -> None:
    if person is not None:
        # However the program itself was called.
        _SAID.set((person, f"minaoshi{context.command_path.removeprefix(context.find_root().command_path)}"))


def _acting(context: typer.Context, value: str | None) -> str:
    person = acting(value)
    _said(context, person)
    return person


def _viewing(context: typer.Context, value: str | None) -> str | None:
    person = viewing(value)
    _said(context, person)
    return person


def _nobody_named() -> None:
    """Leave it to `cli.signed_in`, which knows who is signed in."""


As = Annotated[
    str,
    typer.Option(
        "--as",
        envvar="MINAOSHI_AS",
        help=_AS_HELP,
        default_factory=_nobody_named,
        callback=_acting,
        show_default=False,
    ),
]
_SEES_HELP = "見る職員の識別子（試すときに限る。空なら、運用の担当者として全て）"

Viewer = Annotated[str | None, typer.Option("--as", envvar="MINAOSHI_AS", help=_SEES_HELP, callback=_viewing)]
Reader = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="PERSON",
        envvar="MINAOSHI_AS",
        help="受け取る職員の識別子（試すときに限る。空なら、運用の担当者）",
        callback=_viewing,
    ),
]
"""見る者、受け取る者: off the embedded engine whoever is signed in; nobody is the operator."""

By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="PERSON",
        envvar="MINAOSHI_AS",
        help="受け取る職員の識別子（試すときに限る）",
        default_factory=_nobody_named,
        callback=_acting,
        show_default=False,
    ),
]
"""受け取る者: of what only a named person may read."""

ActId = Annotated[str | None, typer.Option("--act-id", help="行為番号（答えがなかった行為を、もう一度送るとき）")]
Json = Annotated[bool, typer.Option("--json", help="JSON で出力する")]
File = Annotated[str, typer.Argument(metavar="FILE", help="ファイル（- は標準入力）")]


def read(file: str) -> bytes:
    """Read a file, or standard input for `-`. Raises BadParameter when it can't be read."""
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file} を読めません（{error.strerror}）。") from None


@asynccontextmanager
async def facade(settings: Settings, *, identity: Identity | None = None) -> AsyncIterator[Minaoshi]:
    """Open the facade."""
    from client.opening import open_minaoshi
    from engine.connection import connect
    from engine.signing import Signatures

    opened = open_minaoshi(
        settings.register_url,
        partial(connect, settings),
        task_queue=settings.task_queue,
        signatures=Signatures(settings),
        identity=identity,
        idle=timedelta(minutes=settings.idle_minutes),
    )
    async with opened as minaoshi:
        yield minaoshi


def ask(question: Callable[[Minaoshi], Awaitable[_T]]) -> _T:
    """Open the facade, ask, and close it. What is refused to whoever is named is in the trail."""
    from client.errors import CallerError
    from settings import load_settings

    settings = load_settings()

    async def asked() -> _T:
        async with facade(settings) as minaoshi:
            try:
                return await question(minaoshi)
            except CallerError as error:
                if said := _SAID.get():
                    person, command = said
                    await minaoshi.refusals.note_error(person, error, address=command)
                raise

    return asyncio.run(asked())
