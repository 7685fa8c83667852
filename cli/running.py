"""動かす (running): the embedded engine, the worker, the demo, and the doctor."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import Json
from cli.output import out, print_json, say
from cli.progress import working

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from settings import Settings


def up() -> None:
    """組み込みの Temporal サーバーとワーカーを起動し、止められるまで動かす。"""
    from settings import load_settings

    _until_stopped(_up(load_settings()))


async def _up(settings: Settings) -> None:
    from engine.connection import connect_embedded
    from engine.metrics import serve_metrics
    from engine.search_attributes import SEARCH_ATTRIBUTES
    from engine.server import EmbeddedServer
    from worker import run_all

    serve_metrics(settings)
    server = EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES)
    with working("サーバーを起動しています"):
        await server.start()
    try:
        await run_all(settings, await connect_embedded(settings), begun=lambda: _is_up(settings))
    finally:
        await server.stop()


def _is_up(settings: Settings) -> None:
    lines = [
        f"動いています。止めるには Ctrl-C を押してください。データ: {settings.home}",
        f"  ページ: http://{settings.web_address}/",
        f"  Temporal: {settings.temporal_address}　画面: {settings.ui_origin}",
    ]
    if settings.hotline_smtp is not None:
        lines.append(f"  ホットラインのメール: {settings.hotline_smtp}　保管: {settings.hotline_folder}")
    _tell(*lines)


def _tell(*lines: str) -> None:
    """Say that it runs, at once: whoever reads a pipe waits for it."""
    for line in lines:
        say(line)
    sys.stdout.flush()


def worker() -> None:
    """ワーカーだけを動かす（接続先は TEMPORAL_ADDRESS など）。"""
    from settings import load_settings

    _until_stopped(_worker(load_settings()))


async def _worker(settings: Settings) -> None:
    from engine.metrics import serve_metrics
    from worker import run_worker

    serve_metrics(settings)
    lines = ["ワーカーが動いています。止めるには Ctrl-C を押してください。"]
    if reason := await _given_nothing(settings):
        lines.append(reason)
    await run_worker(settings, begun=lambda: _tell(*lines))


async def _given_nothing(settings: Settings) -> str | None:
    """Say why a worker of this version will be given no work, and what to do; None where it will be."""
    from engine.connection import is_external
    from engine.deployment import build_id_of, connected_deployment

    if not is_external():
        return None  # it makes itself current
    own, seen = build_id_of(settings), await (await connected_deployment(settings)).look()
    if own in (seen.current, seen.ramping):
        return None
    now = f"いまの現行は {seen.current} です" if seen.current else "現行の版はまだありません"
    return f"この版 {own} には、`minaoshi version current {own}` を実行するまで仕事が渡されません（{now}）。"


def web() -> None:
    """ページだけを出す（接続先は TEMPORAL_ADDRESS など）。"""
    from settings import load_settings

    _until_stopped(_web(load_settings()))


async def _web(settings: Settings) -> None:
    from worker import run_web

    line = f"ページを出しています: http://{settings.web_address}/　止めるには Ctrl-C を押してください。"
    await run_web(settings, begun=lambda: _tell(line))


def hotline() -> None:
    """ホットラインのメールだけを受ける（接続先は TEMPORAL_ADDRESS など）。"""
    from settings import load_settings

    _until_stopped(_hotline(load_settings()))


async def _hotline(settings: Settings) -> None:
    from worker import run_hotline

    line = f"ホットラインのメールを受けます（{settings.hotline_smtp}）。止めるには Ctrl-C を押してください。"
    await run_hotline(settings, begun=lambda: _tell(line))


def demo(
    *, stay: Annotated[bool, typer.Option("--stay", help="上演の後、その状態でページを出し続ける")] = False
) -> None:
    """見本の物語を上演する（本物のサーバーと台帳で、途中で一度落とす）。"""
    from demo.main import run_demo
    from settings import load_settings

    settings = load_settings()
    asyncio.run(run_demo(settings, out()))
    if stay:
        say("第一話の続きを、ページで見られます。サインインでは、役割の名の付いた職員を選んでください。")
        _until_stopped(_up(settings))


def doctor(*, as_json: Json = False) -> None:
    """動くために要るものを確かめ、足りなければ何をすべきかを示す。"""
    from cli.examination import examine, status_of
    from cli.language import chosen_language
    from settings import load_settings

    language = chosen_language()
    lines = asyncio.run(examine(load_settings()))
    if as_json:
        print_json([line.told(language) for line in lines])
    else:
        for line in lines:
            say(line.printed(language))
    raise typer.Exit(status_of(lines))


def _until_stopped(work: Coroutine[None, None, None]) -> None:
    from engine.logs import write_logs
    from engine.stopping import until_stopped

    write_logs()
    asyncio.run(until_stopped(work))
