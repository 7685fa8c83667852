"""照合 (reconcile): the engine's histories and the register are held against each other, and mended where asked for."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_status import ExitStatus
from cli.opening import Json
from cli.output import print_json, say
from cli.progress import working

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from client.reconciling import Reconciled, Writes
    from settings import Settings


def reconcile(
    *,
    write: Annotated[bool, typer.Option("--write", help="示すだけでなく、直せるものを直す")] = False,
    as_json: Json = False,
) -> None:
    """エンジンの履歴と台帳を照らし、食い違うものを示す。全てが合うときだけ、終了の値は 0。"""
    from client.reconciling import Writes
    from settings import load_settings

    writes = Writes.WHAT_IS_MISSING if write else Writes.NOTHING
    with working("履歴を読んでいます"):
        found = asyncio.run(_reconcile(load_settings(), writes))
    if as_json:
        whole = {"mended": found.mended, "left": found.left}
        told = {name: [one.as_data() for one in each] for name, each in whole.items()}
        print_json({"histories": found.histories, **told})
    else:
        say(f"読んだ履歴: {found.histories}件")
        _list("直したもの", [one.told for one in found.mended])
        _list("食い違うもの", [f"{one.told}\n      すべきこと: {one.remedy}" for one in found.left])
        if not found.left:
            say("履歴と台帳は合っています。")
        if found.mended:
            say("作り直さないもの: 知らせ（既に届いたものとみなします）、サインインなどの出来事、履歴に入らない文書。")
    if found.left:
        raise typer.Exit(ExitStatus.REFUSED)


def _list(title: str, lines: Sequence[str]) -> None:
    if lines:
        say(f"{title}: {len(lines)}件")
    for line in lines:
        say(f"  - {line}")


async def _reconcile(settings: Settings, writes: Writes) -> Reconciled:
    from client.reconciling import reconcile_installation
    from engine.connection import connect
    from engine.signing import Signatures

    async with _engine(settings):
        return await reconcile_installation(
            settings.register_url,
            await connect(settings),
            task_queue=settings.task_queue,
            signatures=Signatures(settings),
            now=lambda: datetime.now(UTC),
            writes=writes,
        )


@asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[None]:
    """Start the embedded server for as long as it is read, where it does not run: without a worker nothing moves."""
    from engine.connection import load_connection
    from engine.errors import HomeInUseError
    from engine.search_attributes import SEARCH_ATTRIBUTES
    from engine.server import EmbeddedServer

    if "target_host" in load_connection():
        yield
        return
    server = EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES)
    try:
        await server.start()
    except HomeInUseError:  # `minaoshi up` runs it
        yield
        return
    try:
        yield
    finally:
        await server.stop()
