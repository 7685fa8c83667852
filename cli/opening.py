"""入口 (opening): a command's way to the facade, and to the files that it is given."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from client.minaoshi import Minaoshi

_T = TypeVar("_T")

As = Annotated[str, typer.Option("--as", envvar="MINAOSHI_AS", help="行為する職員の識別子")]
Viewer = Annotated[
    str | None,
    typer.Option("--as", envvar="MINAOSHI_AS", help="見る職員の識別子（空なら、運用の担当者として全て）"),
]
Reader = Annotated[
    str | None,
    typer.Option("--by", metavar="PERSON", envvar="MINAOSHI_AS", help="受け取る職員の識別子（空なら、運用の担当者）"),
]
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


def ask(question: Callable[[Minaoshi], Awaitable[_T]]) -> _T:
    """Open the facade, ask, and close it."""
    from client.opening import open_minaoshi
    from engine.connection import connect
    from engine.signing import Signatures
    from settings import load_settings

    settings = load_settings()

    async def asked() -> _T:
        opened = open_minaoshi(
            settings.register_url,
            partial(connect, settings),
            task_queue=settings.task_queue,
            signatures=Signatures(settings),
        )
        async with opened as minaoshi:
            return await question(minaoshi)

    return asyncio.run(asked())
