"""版 (versions): which version of the workers is given work, and the change from one to another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import Json
from cli.output import print_json, print_table, refuse, say
from cli.progress import working

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from engine.deployment import Deployment, DeploymentSeen, VersionSeen
    from settings import Settings

app = typer.Typer(help="ワーカーの版（どの版に仕事を渡すか、入れ替え、巻戻し）", no_args_is_help=True)

_STATUSES = {
    "inactive": "まだ渡していない",
    "current": "現行",
    "ramping": "一部を渡す",
    "draining": "確認中（固定された見直しの有無）",
    "drained": "渡さない",
    "unknown": "不明",
}
_LOOK_AGAIN_S = 1.0

Build = Annotated[str, typer.Argument(metavar="VERSION", help="版（`minaoshi version status` の一つ）")]
OwnBuild = Annotated[
    str | None, typer.Argument(metavar="VERSION", help="版（指定しなければ、このプログラムの版）", show_default=False)
]


@app.command("status")
def status(*, as_json: Json = False) -> None:
    """このプログラムの版、現行の版、ほかの版と、止めてよいかどうか。"""
    settings = _settings()
    own, seen = _own(settings), _look(settings)
    if as_json:
        print_json({"deployment": seen.name, "own": own, **_as_data(seen)})
        return
    say(f"配備 {seen.name}、このプログラムの版 {own}")
    say(_routing(seen))
    if seen.versions:
        rows = [
            (one.build_id, _STATUSES[one.status], one.pinned, "はい" if one.may_be_stopped else "いいえ")
            for one in seen.versions
        ]
        print_table(["版", "状態", "固定された見直し", "ワーカーを止めてよい"], rows)


@app.command("current")
def current(build_id: OwnBuild = None) -> None:
    """その版を現行にする。開いている見直しも、次の仕事からその版で進む。元の版を指定すれば、巻戻しになる。"""
    settings = _settings()
    build = build_id or _own(settings)
    _change(settings, lambda deployment: deployment.make_current(build), build)
    say(f"現行の版は {build} です。元の版のワーカーは、`minaoshi version drain` で確かめてから止めてください。")


@app.command("ramp")
def ramp(
    build_id: Build,
    percentage: Annotated[float, typer.Argument(metavar="PERCENT", min=0, max=100, help="何%か（0 で終える）")],
) -> None:
    """見直しの一部だけを、その版に渡してみる。どの見直しかは、識別子で決まる。"""
    settings = _settings()
    _change(settings, lambda deployment: deployment.ramp(build_id, percentage=percentage), build_id)
    if percentage:
        say(f"見直しの {percentage:g}% を、版 {build_id} に渡します。終えるには `minaoshi version ramp {build_id} 0`。")
    else:
        say(f"版 {build_id} に一部を渡すのを終えました。")


@app.command("drain")
def drain(
    build_id: Build,
    seconds: Annotated[float, typer.Option("--for", metavar="SECONDS", min=0, help="待つ秒数")] = 60,
) -> None:
    """その版のワーカーを止めてよくなるまで待つ。よくならなければ、理由を示して 1 で終わる。"""
    settings = _settings()
    with working("止めてよくなるのを待っています"):
        seen = asyncio.run(_until_free(settings, build_id, seconds=seconds))
    version = _known(seen, build_id)
    if not version.may_be_stopped:
        refuse(_held(version))
    say(f"版 {build_id} のワーカーは止めてかまいません（SIGTERM。仕掛かりの仕事は、現行の版が続けます）。")


@app.command("unpin")
def unpin(build_id: Build) -> None:
    """その版に固定された見直しの固定を外す。次の仕事から、現行の版で進む。"""
    from engine.deployment import connected_deployment

    settings = _settings()

    async def unpinned() -> int:
        return await (await connected_deployment(settings)).unpin(build_id)

    say(f"版 {build_id} に固定されていた {asyncio.run(unpinned())}件の固定を外しました。")


@app.command("remove")
def remove(build_id: Build) -> None:
    """もう使わない版を、一覧から除く。ワーカーが止まって数分たってから。"""
    settings = _settings()
    _change(settings, lambda deployment: deployment.forget(build_id), build_id)
    say(f"版 {build_id} を除きました。")


@app.command("unversioned")
def unversioned() -> None:
    """版を名乗らないワーカーに仕事を渡す。版を名乗らない古いリリースに巻き戻すときに限る。"""
    settings = _settings()
    _change(settings, lambda deployment: deployment.give_to_unversioned(), "")
    say("版を名乗らないワーカーに仕事を渡します。戻すには `minaoshi version current`。")


def _settings() -> Settings:
    from settings import load_settings

    return load_settings()


def _own(settings: Settings) -> str:
    from engine.deployment import build_id_of

    return build_id_of(settings)


def _look(settings: Settings) -> DeploymentSeen:
    from engine.deployment import connected_deployment

    async def looked() -> DeploymentSeen:
        return await (await connected_deployment(settings)).look()

    return asyncio.run(looked())


async def _until_free(settings: Settings, build_id: str, *, seconds: float) -> DeploymentSeen:
    from engine.deployment import connected_deployment

    deployment = await connected_deployment(settings)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        seen = await deployment.look()
        version = seen.version(build_id)
        if version is None or version.may_be_stopped or loop.time() >= deadline:
            return seen
        await asyncio.sleep(_LOOK_AGAIN_S)  # the server sends no event


def _change(settings: Settings, change: Callable[[Deployment], Awaitable[None]], build_id: str) -> None:
    """Do it, or say why the server does not."""
    from engine.deployment import connected_deployment
    from engine.errors import VersionRefusedError

    async def changed() -> str | None:
        deployment = await connected_deployment(settings)
        try:
            await change(deployment)
        except VersionRefusedError as error:
            return _why_not(await deployment.look(), build_id, reason=error.reason)
        return None

    if reason := asyncio.run(changed()):
        refuse(reason)


def _why_not(seen: DeploymentSeen, build_id: str, *, reason: str) -> str:
    if build_id and seen.version(build_id) is None:
        return _unknown(seen, build_id)
    return f"サーバーが受け付けません（{reason}）。`minaoshi version status` と `minaoshi doctor` で確かめてください。"


def _known(seen: DeploymentSeen, build_id: str) -> VersionSeen:
    version = seen.version(build_id)
    if version is None:
        refuse(_unknown(seen, build_id))
    return version


def _unknown(seen: DeploymentSeen, build_id: str) -> str:
    known = "、".join(one.build_id for one in seen.versions) or "なし"
    return (
        f"版 {build_id} のワーカーは、配備 {seen.name} に現れたことがありません（ある版: {known}）。"
        "その版の `minaoshi worker` を起動してから、もう一度実行してください。"
    )


def _held(version: VersionSeen) -> str:
    if version.pinned:
        return (
            f"版 {version.build_id} に固定された見直しが {version.pinned}件あります。ほかの版では進みません。"
            f"`minaoshi version unpin {version.build_id}` で固定を外してください。"
        )
    return (
        f"版 {version.build_id} には仕事を渡しています（{_STATUSES[version.status]}）。"
        "先に `minaoshi version current` でほかの版を現行にしてください。"
    )


def _routing(seen: DeploymentSeen) -> str:
    if not seen.versions:
        return "版を名乗るワーカーが現れたことがありません。`minaoshi worker` を起動してください。"
    if not seen.current:
        return (
            "現行の版が決められておらず、版を名乗るワーカーには仕事が渡されません。"
            "`minaoshi version current` で決めてください。"
        )
    ramping = f"、{seen.percentage:g}% は版 {seen.ramping}" if seen.ramping else ""
    return f"現行の版 {seen.current}{ramping}"


def _as_data(seen: DeploymentSeen) -> dict[str, object]:
    return {
        "current": seen.current or None,
        "ramping": seen.ramping or None,
        "percentage": seen.percentage,
        "versions": [
            {
                "version": one.build_id,
                "status": str(one.status),
                "pinned": one.pinned,
                "may_be_stopped": one.may_be_stopped,
            }
            for one in seen.versions
        ],
    }
