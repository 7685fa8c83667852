"""対応策 (countermeasures): the list, the acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.content import Evidence, FileOption, Reason, content_of, evidence_of
from cli.opening import ActId, As, Json, Viewer, ask
from cli.output import print_message, print_messages, print_table, say, tokyo_time

if TYPE_CHECKING:
    from schemas.countermeasures import CountermeasureHistory, CountermeasureReceipt

app = typer.Typer(help="対応策（課題が残された項目についての、一覧、進捗、完了、確認）", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="COUNTERMEASURE", help="対応策の番号（例 digital-agency-1/1/1）")]
WhatWasDone = Annotated[str | None, typer.Option("--text", help="行ったこと")]
NewDate = Annotated[str | None, typer.Option("--due-on", metavar="DATE", help="新しい期限（例 2026-06-01）")]


@app.command("list")
def list_all(
    *,
    assessment: Annotated[str | None, typer.Option("--assessment", help="この評価書のものだけ")] = None,
    every: Annotated[bool, typer.Option("--all", help="完了したものも示す")] = False,
    as_: Viewer = None,
    as_json: Json = False,
) -> None:
    """対応策の一覧（期限の順）。"""
    scope = "all" if every else "open"
    states = ask(lambda minaoshi: minaoshi.countermeasures.list(scope=scope, assessment=assessment, viewer=as_))
    if as_json:
        print_messages(states)
        return
    print_table(
        ("対応策", "項目", "内容", "担当者", "期限", "状況"),
        ((one.countermeasure_id, one.item, one.text, one.owner, one.due_on, one.status.label) for one in states),
    )


@app.command("show")
def show(countermeasure: Name, *, as_: Viewer = None, as_json: Json = False) -> None:
    """対応策の現在の状況と、これまでの経過。"""
    history = ask(lambda minaoshi: minaoshi.countermeasures.show(countermeasure, viewer=as_))
    if as_json:
        print_message(history)
    else:
        _print(history)


def _print(history: CountermeasureHistory) -> None:
    state = history.state
    say(f"対応策 {state.countermeasure_id}　{state.item}")
    say(f"  {state.text}")
    say(f"  担当者: {state.owner}　期限: {state.due_on}　状況: {state.status.label}")
    for record in history.acts:
        act = record.act
        said = getattr(act, "text", None) or getattr(act, "reason", None) or getattr(act, "note", None) or ""
        say(f"  {record.sequence:>3} {tokyo_time(record.at)} {act.act.label}（{act.actor.person}）{said}")


@app.command("progress")
def progress(
    countermeasure: Name,
    *,
    as_: As,
    text: Annotated[str | None, typer.Option("--text", help="進捗")] = None,
    evidence: Evidence = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """進捗を報告する（担当者、保護管理者）。"""
    content = content_of(file, text=text, evidence=evidence_of(evidence))
    receipt = ask(
        lambda minaoshi: minaoshi.countermeasures.report_progress(countermeasure, content, as_=as_, act_id=act_id)
    )
    _tell(receipt, as_json=as_json)


@app.command("done")
def done(
    countermeasure: Name,
    *,
    as_: As,
    text: WhatWasDone = None,
    evidence: Evidence = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """完了を報告する（担当者、保護管理者）。根拠資料を要する。"""
    content = content_of(file, text=text, evidence=evidence_of(evidence))
    receipt = ask(lambda minaoshi: minaoshi.countermeasures.done(countermeasure, content, as_=as_, act_id=act_id))
    _tell(receipt, as_json=as_json)


@app.command("confirm")
def confirm(
    countermeasure: Name,
    *,
    as_: As,
    note: Annotated[str | None, typer.Option("--note", help="備考")] = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """完了を確認する（対策チームの、完了を報告した者と別の者）。"""
    content = content_of(None, note=note)
    receipt = ask(lambda minaoshi: minaoshi.countermeasures.confirm(countermeasure, content, as_=as_, act_id=act_id))
    _tell(receipt, as_json=as_json)


@app.command("reject")
def reject(
    countermeasure: Name,
    *,
    as_: As,
    reason: Reason = None,
    due_on: NewDate = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """完了と認めず、実施中に戻す（対策チーム）。"""
    content = content_of(None, reason=reason, due_on=due_on)
    receipt = ask(lambda minaoshi: minaoshi.countermeasures.reject(countermeasure, content, as_=as_, act_id=act_id))
    _tell(receipt, as_json=as_json)


@app.command("postpone")
def postpone(
    countermeasure: Name,
    *,
    as_: As,
    due_on: NewDate = None,
    reason: Reason = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """担当部署の求めにより、期限を延ばす（対策チーム）。"""
    content = content_of(None, due_on=due_on, reason=reason)
    receipt = ask(lambda minaoshi: minaoshi.countermeasures.postpone(countermeasure, content, as_=as_, act_id=act_id))
    _tell(receipt, as_json=as_json)


def _tell(receipt: CountermeasureReceipt, *, as_json: bool) -> None:
    if as_json:
        print_message(receipt)
        return
    say(
        f"受け付けました。対応策 {receipt.countermeasure_id} の{receipt.sequence}番目の行為、"
        f"状況は「{receipt.status.label}」、期限は {receipt.due_on} です。"
    )
