"""ログ分析 (log analyses): the systems, the months of one, the report from a CSV, and an anomaly as a risk event."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.content import content_of, evidence_of
from cli.documents import write
from cli.opening import ActId, As, Json, ask, read
from cli.output import print_message, print_messages, print_table, say

app = typer.Typer(help="ログ分析（対象のシステム、月ごとの結果、異常）", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="DUTY", help="ログ分析の番号（例 log_analysis:accounts.2023-11）")]


@app.command("apply")
def apply(
    file: Annotated[str, typer.Argument(metavar="FILE", help="システムの一覧を書いた JSON（- は標準入力）")],
    *,
    as_: As,
    as_json: Json = False,
) -> None:
    """一覧のシステムのログ分析を始める（監査チーム）。既にあるものはそのままにする。"""
    content = read(file)
    applied = ask(lambda minaoshi: minaoshi.log_analyses.apply(content, as_=as_))
    if as_json:
        print_message(applied)
        return
    say(f"{len(applied.opened)}件を始めました。既にあったもの: {len(applied.there)}件。以後は毎月始まります。")


@app.command("systems")
def systems(*, as_: As, as_json: Json = False) -> None:
    """ログ分析の対象のシステムと、その最新の月。"""
    found = ask(lambda minaoshi: minaoshi.log_analyses.systems(as_=as_))
    if as_json:
        print_messages(found)
        return
    print_table(
        ("最新の分析", "件名", "部署", "期限", "状況"),
        ((one.duty_id, one.title, one.department, one.due_on, one.status.label) for one in found),
    )


@app.command("months")
def months(
    duty: Name,
    *,
    as_: As,
    svg: Annotated[str | None, typer.Option("--svg", metavar="FILE", help="図を書き出すファイル")] = None,
) -> None:
    """そのシステムの月ごとの件数と異常。"""
    if svg is not None:
        write(ask(lambda minaoshi: minaoshi.log_analyses.volume_svg(duty, as_=as_)).encode(), svg)
        return
    found = ask(lambda minaoshi: minaoshi.log_analyses.months(duty, as_=as_))
    print_table(
        ("分析", "期限", "状況", "件数", "異常"),
        (
            (
                one.state.duty_id,
                one.state.due_on,
                "期限を過ぎている" if one.late else one.state.status.label,
                one.paper.volume if one.paper else "—",
                len(one.paper.anomalies) if one.paper else "—",
            )
            for one in found
        ),
    )


@app.command("submit")
def submit(  # what the paper says besides the summary
    duty: Name,
    *,
    as_: As,
    summary: Annotated[str, typer.Option("--csv", metavar="FILE", help="集計の CSV（日付,件数,異常）")],
    method: Annotated[str, typer.Option("--method", help="分析の方法")],
    conclusion: Annotated[str, typer.Option("--conclusion", help="結論")],
    text: Annotated[str, typer.Option("--text", help="行ったこと")] = "ログを分析した。",
    evidence: Annotated[list[str] | None, typer.Option("--evidence", metavar="名称=SHA256", help="根拠資料")] = None,
    act_id: ActId = None,
) -> None:
    """集計の CSV から、分析の結果を報告する（義務を負う部署）。"""
    paper = {"method": method, "conclusion": conclusion}
    content = content_of(None, text=text, evidence=evidence_of(evidence), paper=paper)
    rows = read(summary)
    receipt = ask(lambda minaoshi: minaoshi.log_analyses.submit(duty, content, summary=rows, as_=as_, act_id=act_id))
    say(f"受け付けました。{receipt.duty_id} の状況は「{receipt.status.label}」です。")


@app.command("anomalies")
def anomalies(duty: Name, *, as_: As) -> None:
    """報告された異常と、それから始まったリスク事案。"""
    found = ask(lambda minaoshi: minaoshi.log_analyses.anomalies(duty, as_=as_))
    print_table(
        ("番号", "異常", "リスク事案"),
        ((one.number, one.text, one.event.event_id if one.event else "—") for one in found),
    )


@app.command("event")
def event(duty: Name, number: Annotated[int, typer.Argument(min=1, help="異常の番号")], *, as_: As) -> None:
    """異常をリスク事案として報告する。"""
    event_id = ask(lambda minaoshi: minaoshi.log_analyses.report_anomaly(duty, number, as_=as_))
    say(f"リスク事案 {event_id} として報告しました。")
