"""計画管理書 (plan register, 様式1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import Json, ask
from cli.output import out, print_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from client.plan import PlanCell
    from schemas.plan import Plan

app = typer.Typer(help="計画管理書（様式1。台帳からいつでも作られる）", no_args_is_help=True)

_COLUMNS = (
    ("番号", ("number",)),
    ("評価書名・担当部署", ("name", "department")),
    (
        "しきい値判断・評価の種類",
        ("data_subjects", "handlers", "serious_incident", "required_level", "effective_level"),
    ),
    (
        "予定",
        (
            "planned_on",
            "requirements_end_on",
            "programming_start_on",
            "hold_start_on",
            "network_link_start_on",
        ),
    ),
    ("手続", ("public_comment", "public_comment_on", "third_party_check", "third_party_check_on")),
    ("提出・公表・見直し", ("submitted_on", "published_on", "verified_on", "five_years_due_on")),
    ("状況", ("standing", "ended_on")),
)
"""表の列: which columns of 様式1 stand together in one of the terminal; the 取りまとめ機関 is that of the title."""

_SPEAK_FOR_THEMSELVES = frozenset({"number", "name", "department", "data_subjects", "handlers", "standing"})


@app.callback()
def plan() -> None:
    """計画管理書（様式1。台帳からいつでも作られる）."""


@app.command("show")
def show(
    body: Annotated[
        str | None, typer.Option("--body", metavar="BODY", help="評価実施機関の識別子（空なら全て）")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """計画管理書（様式1）の現在の姿。JSON では機関ごとに、様式の文書と注意を示す。"""
    from schemas.plan import plan_document

    plans = ask(lambda minaoshi: minaoshi.plans.show(body=body))
    if as_json:
        print_json(
            [{"body": one.body, "warnings": list(one.warnings), "document": plan_document(one)} for one in plans]
        )
        return
    for one in plans:
        _say_plan(one)


def _say_plan(plan: Plan) -> None:
    from rich.table import Table

    from client.plan import worded

    say(f"計画管理書 {plan.assessing_body}（{plan.as_of} 現在、{len(plan.assessments)}件）")
    say(f"担当部署・連絡先: {plan.contact or '（記載なし）'}")
    for warning in plan.warnings:
        say(f"【注意】{warning}")
    table = Table(*(title for title, _ in _COLUMNS), show_edge=False, pad_edge=False, show_lines=True)
    for column in table.columns:
        column.overflow = "fold"
    for row in plan.assessments:
        cells = {cell.name: cell for cell in worded(row)}
        table.add_row(*("\n".join(_lines(cells, names)) for _, names in _COLUMNS))
    out().print(table, markup=False)


def _lines(cells: Mapping[str, PlanCell], names: tuple[str, ...]) -> Iterator[str]:
    """Give the answers of these items, as the form words them."""
    for cell in (cells[name] for name in names if name in cells):
        yield cell.words if cell.name in _SPEAK_FOR_THEMSELVES else f"{cell.title} {cell.words}"
