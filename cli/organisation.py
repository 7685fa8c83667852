"""組織表 (organisation)."""

from __future__ import annotations

import typer

from cli.opening import File, Json, ask, read
from cli.output import print_json, say

app = typer.Typer(help="組織表（機関、部署、職員、役割、処理期限）", no_args_is_help=True)


@app.callback()
def organisation() -> None:
    """組織表を扱う。"""


@app.command("apply")
def apply(file: File, *, as_json: Json = False) -> None:
    """組織表を確かめ、新しい版として登録する。"""
    content = read(file)
    revision = ask(lambda minaoshi: minaoshi.organisation.apply(content))
    if as_json:
        print_json({"revision": revision})
    else:
        say(f"組織表の第{revision}版が有効です。")
