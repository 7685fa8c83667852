"""鍵 (keys): with which of them the engine's data is encrypted and acts are signed, and new ones."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_status import ExitStatus
from cli.opening import Json, ask
from cli.output import print_json, refuse, say
from cli.progress import working

if TYPE_CHECKING:
    from client.minaoshi import Minaoshi
    from engine.key_use import KeyUse
    from settings import Settings

app = typer.Typer(help="暗号鍵と署名鍵（一覧、更新、信頼の取消し、除去）", no_args_is_help=True)

_MOST_SHOWN = 5


class Kind(StrEnum):
    """鍵の種類 (kind of key)."""

    ENCRYPTION = "encryption"
    SIGNING = "signing"


@app.command("list")
def list_all(*, as_json: Json = False) -> None:
    """鍵の番号を示す。鍵そのものは示さない。"""
    from engine.keys import key_ring
    from engine.signing import prepared_signatures
    from settings import load_settings

    settings = load_settings()
    ids = key_ring(settings).ids()
    signatures = prepared_signatures(settings)
    signer, trusted = signatures.current(), signatures.ids()
    if as_json:
        signing = {"file": str(settings.public_keys_path), "trusted": list(trusted), "current": signer}
        print_json({"file": str(settings.keys_path), "keys": list(ids), "current": ids[-1], "signing": signing})
        return
    say(f"暗号鍵のファイル: {settings.keys_path}")
    for key_id in ids:
        say(f"  {key_id}{'（今の鍵）' if key_id == ids[-1] else ''}")
    say(f"署名を信頼する公開鍵のファイル: {settings.public_keys_path}")
    for key_id in trusted:
        say(f"  {key_id}{'（今の署名鍵）' if key_id == signer else ''}")
    if signer not in trusted:
        say(f"  今の署名鍵 {signer} は信頼されていません。この署名の行為は受け付けられません。")


@app.command("rotate")
def rotate(
    only: Annotated[Kind | None, typer.Option("--only", help="一方だけを更新する（指定しなければ両方）")] = None,
) -> None:
    """新しい鍵を作り、これからはそれで暗号化し、署名する。古い鍵は、進行中の見直しと保存中の履歴のために残る。"""
    from engine.keys import key_ring
    from engine.signing import prepared_signatures
    from settings import load_settings

    settings = load_settings()

    async def rotated(minaoshi: Minaoshi, kind: Kind) -> str:
        key_id = (key_ring(settings) if kind is Kind.ENCRYPTION else prepared_signatures(settings)).rotate()
        await minaoshi.audit.note_key(key_id, of=kind.value)
        return key_id

    if only is not Kind.SIGNING:
        say(f"これからは {ask(lambda minaoshi: rotated(minaoshi, Kind.ENCRYPTION))} で暗号化します。")
        say(f"鍵のファイルの控えを取ってください: {settings.keys_path}")
    if only is not Kind.ENCRYPTION:
        key_id = ask(lambda minaoshi: rotated(minaoshi, Kind.SIGNING))
        say(f"これからは {key_id} で署名します。古い公開鍵は信頼されたままです。")
        say(f"公開鍵のファイルを、別の機械のワーカーにも渡してください: {settings.public_keys_path}")
    say("動いているワーカーは、次に使うときに読み直します。")


@app.command("distrust")
def distrust(key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="署名鍵の番号")]) -> None:
    """その鍵の署名を、これからは信頼しない。台帳にある署名も、`audit verify` で知らない鍵の署名として示される。"""
    from engine.signing import prepared_signatures
    from settings import load_settings

    async def distrusted(minaoshi: Minaoshi) -> bool:
        was_trusted = prepared_signatures(load_settings()).distrust(key_id)
        if was_trusted:
            await minaoshi.audit.note_distrust(key_id)
        return was_trusted

    if not ask(distrusted):
        say(f"署名鍵 {key_id} は、信頼する公開鍵にありません。`minaoshi keys list` で番号を確かめてください。")
        raise typer.Exit(ExitStatus.REFUSED)
    say(f"署名鍵 {key_id} を、これからは信頼しません。")


@app.command("remove")
def remove(key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="暗号鍵の番号")]) -> None:
    """古い暗号鍵を除く。その鍵で暗号化したものがエンジンに残っている間は、除かない。"""
    from engine.keys import key_ring
    from settings import load_settings

    settings = load_settings()
    ring = key_ring(settings)
    *old, current = ring.ids()
    if key_id == current:
        refuse(f"{key_id} は今の鍵です。`minaoshi keys rotate --only encryption` で新しい鍵を作ってください。")
    if key_id not in old:
        refuse(f"暗号鍵 {key_id} はありません。`minaoshi keys list` で番号を確かめてください。")
    with working("エンジンの履歴を調べています"):
        use = asyncio.run(_use(settings, key_id))
    if use.any:
        refuse(_in_use(use, key_id))
    ring.remove(key_id)
    ask(lambda minaoshi: minaoshi.audit.note_removal(key_id))
    say(f"暗号鍵 {key_id} を除きました。別の機械に写したファイルからも除いてください: {settings.keys_path}")


async def _use(settings: Settings, key_id: str) -> KeyUse:
    from engine.connection import connect
    from engine.key_use import use_of_key

    return await use_of_key(await connect(settings), key_id)


def _in_use(use: KeyUse, key_id: str) -> str:
    kinds = {"続いているもの": use.running, "終わって保存されているもの": use.ended, "予定": use.schedules}
    lines = [f"暗号鍵 {key_id} は、まだ要ります。除くと、次のものを読めず、続いている見直しは進められません。"]
    for title, ids in kinds.items():
        if ids:
            more = f" ほか{len(ids) - _MOST_SHOWN}件" if len(ids) > _MOST_SHOWN else ""
            lines.append(f"  {title} {len(ids)}件: {'、'.join(ids[:_MOST_SHOWN])}{more}")
    lines.append(
        "  見直しが終わり、履歴の保存期間が過ぎてから除いてください。予定は、ワーカーの起動で新しい鍵になります。"
    )
    return "\n".join(lines)
