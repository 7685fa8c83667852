"""台帳 (register)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cli.output import say

app = typer.Typer(help="台帳のデータベース", no_args_is_help=True)


@app.callback()
def register() -> None:
    """台帳のデータベースを扱う。"""


class Use(StrEnum):
    """ロールの役割 (use of a role)."""

    WRITE = "write"
    READ = "read"
    BACK_UP = "back_up"


@app.command("grants")
def grants(
    role: Annotated[str, typer.Option("--role", help="権限を与えるロール")],
    use: Annotated[
        Use,
        typer.Option("--use", help="write: ワーカー、画面、端末　read: 監査など、読むだけ　back_up: 控えを取る"),
    ] = Use.WRITE,
) -> None:
    """PostgreSQL で、ロールに要る権限だけを与える文（SQL）を示す。"""
    from client.grants import Use as Granted
    from client.grants import grants as statements

    for statement in statements(role, use=Granted(use.value)):
        say(statement)
