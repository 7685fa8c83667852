"""台帳 (register)."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import say

app = typer.Typer(help="台帳のデータベース", no_args_is_help=True)


@app.callback()
def register() -> None:
    """台帳のデータベースを扱う。"""


@app.command("grants")
def grants(role: Annotated[str, typer.Option("--role", help="ワーカーと画面が使うロール")]) -> None:
    """PostgreSQL で、書くロールに要る権限だけを与える文（SQL）を示す。"""
    from client.grants import grants as statements

    for statement in statements(role):
        say(statement)
