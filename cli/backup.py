"""バックアップ (backup): taken while everything goes on, looked through, and restored elsewhere."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_status import ExitStatus
from cli.opening import Json
from cli.output import print_json, say, tokyo_time
from cli.progress import working

if TYPE_CHECKING:
    from client.archives import Manifest
    from client.restoring import Examined
    from settings import Settings

Output = Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="書き出す新しいファイル")]
Archive = Annotated[str, typer.Argument(metavar="FILE", help="`minaoshi backup` で作ったファイル")]


def backup(
    output: Output,
    *,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="暗号鍵と署名鍵も入れる（このファイルだけで、全てを読み、署名できる）")
    ] = False,
    as_json: Json = False,
) -> None:
    """台帳とエンジンを、動いたまま、一つの時点で写す。鍵は、求めたときだけ入れる。"""
    from client.backups import Secrets, back_up

    settings = _settings()
    secrets = Secrets.TAKEN if with_keys else Secrets.LEFT_OUT
    with working("写しています"):
        manifest = asyncio.run(back_up(settings, Path(output), secrets=secrets, now=_now))
    if as_json:
        print_json(manifest.model_dump(mode="json"))
        return
    say(f"{output} に書き出しました。")
    _describe(manifest)
    if not with_keys and manifest.keys:
        say("  鍵は入っていません。次のファイルを、バックアップとは別の、安全な所に控えてください:")
        for path in (settings.keys_path, settings.signing_key_path, settings.checkpoint_keys_path):
            say(f"    {path}")


def restore(
    file: Archive,
    *,
    check: Annotated[bool, typer.Option("--check", help="使えることを確かめるだけで、何も書かない")] = False,
    as_json: Json = False,
) -> None:
    """バックアップを、空のフォルダー（MINAOSHI_HOME）に復元する。"""
    from client import restoring

    settings = _settings()
    path = Path(file)
    if not path.is_file():
        raise typer.BadParameter(f"{file} がありません。")
    with working("確かめています" if check else "復元しています"):
        found = asyncio.run(restoring.examine(path, settings) if check else restoring.restore(path, settings, now=_now))
    if as_json:
        print_json({"manifest": found.manifest.model_dump(mode="json"), "audit": found.verdict.model_dump(mode="json")})
    else:
        say(f"{file} は使えます。" if check else f"{settings.home} に復元しました。")
        _describe(found.manifest)
        _tell(found, settings, check=check)
    if not found.verdict.ok:
        raise typer.Exit(ExitStatus.REFUSED)


def _tell(found: Examined, settings: Settings, *, check: bool) -> None:
    verdict = found.verdict
    say(f"  証跡: {'✓ 正しい' if verdict.ok else '✗ 誤りがある'}（照らした控え {verdict.checkpoints}件）")
    for problem in verdict.problems:
        say(f"    {problem}")
    if check:
        return
    if found.signer is not None:
        say(f"  署名鍵がないため、新しい鍵 {found.signer} を作りました。別の機械にも公開鍵を渡してください:")
        say(f"    {settings.public_keys_path}")
    say("  サインインは、すべて終わらせました。`minaoshi up` で、見直しは時点の続きから進みます。")
    say("  この時点より後の行為は、ここにはありません。答えを受け取った職員に、もう一度行うよう伝えてください。")


def _describe(manifest: Manifest) -> None:
    say(f"  時点: {tokyo_time(manifest.taken_at)}　minaoshi {manifest.program}")
    say(f"  台帳（{manifest.database}）: 証跡 {manifest.entries}件、先頭 {manifest.head}")
    if manifest.server is None:
        say("  エンジンは入っていません。組み込みのサーバーでなければ、運用する者が別に写してください。")
    else:
        say(f"  エンジン: Temporal サーバー {manifest.server}、暗号鍵 {'、'.join(manifest.keys)}")


def _settings() -> Settings:
    from settings import load_settings

    return load_settings()


def _now() -> datetime:
    return datetime.now(UTC)
