"""診断 (examination): what `doctor` looks at, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.exit_status import ExitStatus

if TYPE_CHECKING:
    from settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """診断の一行."""

    what: str
    ok: bool
    remedy: str
    status: ExitStatus = ExitStatus.REFUSED


async def examine(settings: Settings) -> list[Check]:
    """Look at the executable, the folder, the register, and the engine with its worker and schedule."""
    return [_executable(), *await _register(settings), *await _engine(settings)]


def _executable() -> Check:
    from engine.errors import ServerMissingError
    from engine.server import find_executable

    try:
        found = str(find_executable())
    except ServerMissingError as missing:
        return Check(f"Temporal の実行ファイル: {missing}", ok=False, remedy="`make setup` をやり直してください。")
    return Check(f"Temporal の実行ファイル: {found}", ok=True, remedy="")


async def _register(settings: Settings) -> list[Check]:
    from functools import partial

    from client.errors import NotFoundError
    from client.opening import open_minaoshi
    from engine.connection import connect

    try:
        opened = open_minaoshi(settings.register_url, partial(connect, settings), task_queue=settings.task_queue)
        async with opened as minaoshi:
            verdict = await minaoshi.verify_audit()
            try:
                revision = await minaoshi.organisation.revision()
            except NotFoundError:
                revision = 0
    except OSError as error:
        return [Check(f"台帳のフォルダー: {error}", ok=False, remedy=f"{settings.home} に書けるようにしてください。")]
    return [
        Check(
            f"台帳と証跡: {verdict.entries}件、先頭 {verdict.head}",
            ok=verdict.ok,
            remedy="`minaoshi audit verify` で問題を確かめ、控えから戻してください。",
        ),
        Check(
            f"組織表: 第{revision}版" if revision else "組織表: まだありません",
            ok=revision > 0,
            remedy="`minaoshi organisation apply organisation.toml` で登録してください。",
        ),
    ]


async def _engine(settings: Settings) -> list[Check]:
    from client.schedule import SCHEDULE_ID
    from engine.connection import connect
    from engine.errors import EngineError, EngineNotReachableError
    from engine.health import health_of

    try:
        temporal = await connect(settings)
    except EngineError as error:
        what = f"{error.address} に届きません" if isinstance(error, EngineNotReachableError) else str(error)
        return [
            Check(
                f"Temporal: {what}",
                ok=False,
                remedy="`minaoshi up` を起動してください。",
                status=ExitStatus.NOT_REACHABLE,
            )
        ]
    health = await health_of(temporal, task_queue=settings.task_queue, schedule_id=SCHEDULE_ID)
    missing = "、".join(health.missing_search_attributes)
    return [
        Check("Temporal: 応答あり", ok=True, remedy=""),
        Check(
            f"検索属性: {missing + ' がありません' if missing else '揃っています'}",
            ok=not missing,
            remedy="`minaoshi up` を起動し直すか、`temporal operator search-attribute create` で加えてください。",
        ),
        Check(
            f"ワーカー: {health.workers}",
            ok=health.workers > 0,
            remedy="`minaoshi up` か `minaoshi worker` を起動してください。",
            status=ExitStatus.NOT_REACHABLE,
        ),
        Check(
            f"年次の予定: {'あり' if health.has_schedule else 'なし'}",
            ok=health.has_schedule,
            remedy="ワーカーを起動すると作られます。",
        ),
    ]
