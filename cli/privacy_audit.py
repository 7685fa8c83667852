"""個人情報保護の監査 (audits): the programme, the plan over the years, and the report of one. The acts are `duty`'s."""

from __future__ import annotations

import hashlib
from typing import Annotated

import typer

from cli.documents import write
from cli.opening import ActId, As, By, Json, ask, read
from cli.output import print_message, print_table, say

app = typer.Typer(help="個人情報保護の監査（計画、年度ごとの見通し、報告書）", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="DUTY", help="監査の番号（例 audit:accounts.2023）")]
Output = Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="書き出すファイル")]


@app.command("apply")
def apply(
    file: Annotated[str, typer.Argument(metavar="FILE", help="監査計画を書いた JSON（- は標準入力）")],
    *,
    as_: As,
    as_json: Json = False,
) -> None:
    """監査計画のとおりに、自己点検と監査を始める（監査チーム）。既にあるものはそのままにする。"""
    content = read(file)
    applied = ask(lambda minaoshi: minaoshi.privacy_audits.apply(content, as_=as_))
    if as_json:
        print_message(applied)
        return
    say(f"{len(applied.opened)}件を始めました。既にあったもの: {len(applied.there)}件。")
    for duty_id in applied.opened:
        say(f"  {duty_id}")


@app.command("plan")
def plan(
    *,
    as_: As,
    svg: Annotated[str | None, typer.Option("--svg", metavar="FILE", help="図を書き出すファイル")] = None,
) -> None:
    """年度ごとの監査の予定と実施。"""
    if svg is not None:
        write(ask(lambda minaoshi: minaoshi.privacy_audits.plan_svg(as_=as_)).encode(), svg)
        return
    found = ask(lambda minaoshi: minaoshi.privacy_audits.plan(as_=as_))
    print_table(
        ("対象", "部署", "年度", "期限", "状況", "監査"),
        (
            (
                row.file if row.contractor is None else f"{row.file}（{row.contractor}）",
                row.department,
                run.fiscal_year,
                run.due_on,
                f"{run.standing.sign} {run.standing.label}",
                run.duty_id or "—",
            )
            for row in found.rows
            for run in row.runs
        ),
    )


@app.command("set-plan")
def set_plan(
    duty: Name,
    file: Annotated[str, typer.Argument(metavar="FILE", help="実施計画を書いた JSON（- は標準入力）")],
    *,
    as_: As,
    act_id: ActId = None,
) -> None:
    """監査の日、監査する者、範囲、方法を定める。"""
    content = read(file)
    receipt = ask(lambda minaoshi: minaoshi.privacy_audits.set_plan(duty, content, as_=as_, act_id=act_id))
    say(f"監査 {receipt.duty_id} の実施計画を定めました。")


@app.command("report")
def report(
    duty: Name,
    *,
    as_: Annotated[str, typer.Option("--as", metavar="FORMAT", help="形: xlsx、pdf、json（報告書の内容）")],
    output: Output,
    by: By,
) -> None:
    """監査報告書を書き出す。そのSHA-256を示す。"""
    content = ask(lambda minaoshi: minaoshi.privacy_audits.report_as(duty, as_, as_=by))
    write(content, output)
    say(f"SHA-256 {hashlib.sha256(content).hexdigest()}")
