"""暗号鍵 (keys): with which of them what goes to the engine is encrypted, and a new one."""

from __future__ import annotations

import typer

from cli.opening import Json
from cli.output import print_json, say

app = typer.Typer(help="暗号鍵（一覧、更新）", no_args_is_help=True)


@app.command("list")
def list_all(*, as_json: Json = False) -> None:
    """鍵の番号を示す（最後のものが、今使われている鍵）。鍵そのものは示さない。"""
    from engine.keys import key_ring
    from settings import load_settings

    settings = load_settings()
    ids = key_ring(settings).ids()
    if as_json:
        print_json({"file": str(settings.keys_path), "keys": list(ids), "current": ids[-1]})
        return
    say(f"鍵のファイル: {settings.keys_path}")
    for key_id in ids:
        say(f"  {key_id}{'（今の鍵）' if key_id == ids[-1] else ''}")


@app.command("rotate")
def rotate() -> None:
    """新しい鍵を作り、これからはそれで暗号化する。古い鍵は、進行中の見直しと保存中の履歴のために残る。"""
    from engine.keys import key_ring
    from settings import load_settings

    settings = load_settings()
    key_id = key_ring(settings).rotate()
    say(f"これからは {key_id} で暗号化します。動いているワーカーは、次に使うときに読み直します。")
    say(f"鍵のファイルの控えを取ってください: {settings.keys_path}")
