"""報告 (reports)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import ActId, As, File, Json, ask, read
from cli.output import print_message, print_messages, say
from cli.progress import counting, working

if TYPE_CHECKING:
    from schemas.records import ReportedReview

app = typer.Typer(help="報告（環境の変化、リスク事案、新たな事務、事務の終了）", no_args_is_help=True)


@app.command("change")
def change(file: File, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """環境の変化を報告する。"""
    content = read(file)
    with working("見直しを開いています"):
        reported = ask(lambda minaoshi: minaoshi.reports.change(content, as_=as_, act_id=act_id))
    _show(reported, as_json=as_json)


@app.command("risk")
def risk(file: File, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """リスク事案を報告する。"""
    content = read(file)
    with working("見直しを開いています"):
        reported = ask(lambda minaoshi: minaoshi.reports.risk(content, as_=as_, act_id=act_id))
    _show(reported, as_json=as_json)


@app.command("new-business")
def new_business(file: File, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """新たな事務を報告する（しきい値判断を行い、新規の評価を始める）。"""
    content = read(file)
    with working("見直しを開いています"):
        reported = ask(lambda minaoshi: minaoshi.reports.new_business(content, as_=as_, act_id=act_id))
    _show(reported, as_json=as_json)


@app.command("end-of-business")
def end_of_business(file: File, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """事務の終了を報告する。"""
    content = read(file)
    with working("見直しを開いています"):
        reported = ask(lambda minaoshi: minaoshi.reports.end_of_business(content, as_=as_, act_id=act_id))
    _show(reported, as_json=as_json)


@app.command("form-amended")
def form_amended(*, as_: As, as_json: Json = False) -> None:
    """様式の改正を、古い版の様式による公表中の評価書すべてについて報告する（対策チーム）。"""
    with counting("見直しを開いています") as told:
        amended = ask(lambda minaoshi: minaoshi.form_amendments.report(as_=as_, told=told))
    if as_json:
        print_message(amended)
        return
    if not (amended.reviews or amended.known):
        say(f"様式2（{amended.version}）より古い様式による公表中の評価書はありません。")
        return
    for one in amended.reviews:
        how = "開いている見直しに加わりました" if one.joined else "見直しが開きました"
        say(f"{one.assessment_id}: {one.review_id} {how}。")
    number = f"{len(amended.reviews)}件について報告しました（報告済み {amended.known}件）"
    say(f"様式2（{amended.version}）への改正を {number}。")


@app.command("add")
def add(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="報告の番号")],
    assessments: Annotated[list[str], typer.Argument(metavar="ASSESSMENT...", help="加える評価書の識別子")],
    *,
    as_: As,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """報告に、関係する評価書を加える（対策チーム）。"""
    with working("見直しを開いています"):
        reported = ask(lambda minaoshi: minaoshi.reports.add(report, assessments, as_=as_, act_id=act_id))
    _show(reported, as_json=as_json)


def _show(reported: tuple[ReportedReview, ...], *, as_json: bool) -> None:
    if as_json:
        print_messages(reported)
        return
    for one in reported:
        how = "開いている見直しに加わりました" if one.joined else "見直しが開きました"
        say(f"{one.assessment_id}: {one.review_id} {how}。")
