"""計画管理書 (plan register, 様式1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import Json, Viewer, ask
from cli.output import out, print_json, say

if TYPE_CHECKING:
    from schemas.plan import Plan

app = typer.Typer(help="計画管理書（様式1。台帳からいつでも作られる）", no_args_is_help=True)


@app.callback()
def plan() -> None:
    """計画管理書（様式1。台帳からいつでも作られる）."""


@app.command("show")
def show(
    body: Annotated[
        str | None, typer.Option("--body", metavar="BODY", help="評価実施機関の識別子（空なら全て）")
    ] = None,
    *,
    as_: Viewer = None,
    as_json: Json = False,
) -> None:
    """計画管理書（様式1）の現在の姿。JSON では機関ごとに、様式の文書と注意を示す。"""
    from schemas.plan import plan_document

    plans = ask(lambda minaoshi: minaoshi.plans.show(body=body, viewer=as_))
    if as_json:
        print_json(
            [{"body": one.body, "warnings": list(one.warnings), "document": plan_document(one)} for one in plans]
        )
        return
    for one in plans:
        _say_plan(one)


def _say_plan(plan: Plan) -> None:
    from rich.table import Table

    from client.plan import COLUMNS, in_columns

    say(f"計画管理書 {plan.assessing_body}（{plan.as_of} 現在、{len(plan.assessments)}件）")
    say(f"担当部署・連絡先: {plan.contact or '（記載なし）'}")
    for warning in plan.warnings:
        say(f"【注意】{warning}")
    table = Table(*(title for title, _ in COLUMNS), show_edge=False, pad_edge=False, show_lines=True)
    for column in table.columns:
        column.overflow = "fold"
    for row in plan.assessments:
        table.add_row(
            *("\n".join(f"{title} {cell.words}".strip() for title, cell in cells) for cells in in_columns(row))
        )
    out().print(table, markup=False)
