"""組織表 (organisation)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.opening import File, Json, ask, read
from cli.output import print_json, say, write_text

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


@app.command("flow")
def flow(
    out: Annotated[
        str | None, typer.Option("-o", "--out", metavar="FILE", help="書き込むファイル（空なら標準出力）")
    ] = None,
    *,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="mermaid の文字列で")] = False,
) -> None:
    """リスク事案の報告フロー図を、有効な組織表から描く（SVG）。"""
    drawn = ask(lambda minaoshi: minaoshi.organisation.flow_mermaid() if mermaid else minaoshi.organisation.flow_svg())
    if out is None:
        write_text(drawn)
        return
    try:
        Path(out).write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{out} に書けません（{error.strerror}）。") from None
    say(f"報告フロー図を {out} に書きました。")
