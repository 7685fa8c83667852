"""報告 (reports)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import ActId, As, File, Json, Viewer, ask, read
from cli.output import print_json, print_message, print_messages, say
from cli.progress import counting, working

if TYPE_CHECKING:
    from schemas.records import ReportedReview

_DAYS = ["%Y-%m-%d"]

app = typer.Typer(help="報告（環境の変化、リスク事案、新たな事務、事務の終了）", no_args_is_help=True)


@app.command("change")
def change(file: File, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """環境の変化を報告する。"""
    content = read(file)
    with working("見直しを開いています"):
        reported = ask(lambda minaoshi: minaoshi.reports.change(content, as_=as_, act_id=act_id))
    _show(reported, as_json=as_json)


@app.command("risk")
def risk(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="ファイル（- は標準入力）")] = None,
    *,
    title: Annotated[str | None, typer.Option("--title", help="件名")] = None,
    facts: Annotated[str | None, typer.Option("--facts", help="何が起きたか")] = None,
    known_on: Annotated[
        datetime | None, typer.Option("--known-on", formats=_DAYS, help="いずれかの部署が最初に知った日（空なら今日）")
    ] = None,
    happened_on: Annotated[
        datetime | None, typer.Option("--happened-on", formats=_DAYS, help="発生した日（不明なら空）")
    ] = None,
    known_by: Annotated[
        str | None, typer.Option("--known-by", metavar="DEPARTMENT", help="最初に知った部署（空なら自分の部署）")
    ] = None,
    persons_affected: Annotated[int | None, typer.Option("--persons-affected", help="本人の数（不明なら空）")] = None,
    persons_feared: Annotated[
        int | None, typer.Option("--persons-feared", help="おそれのある本人の数（不明なら空）")
    ] = None,
    intentional: Annotated[
        bool | None, typer.Option("--intentional/--not-intentional", help="不正の目的によるおそれ（不明なら空）")
    ] = None,
    system: Annotated[str | None, typer.Option("--system", help="関係するシステム")] = None,
    assessment: Annotated[
        list[str] | None, typer.Option("--assessment", help="関係する評価書（不明なら空。繰り返してよい）")
    ] = None,
    share_with_minister: Annotated[bool, typer.Option("--share-with-minister", help="政務への共有を要する")] = False,
    as_: As,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """リスク事案を報告する。FILE か、--title と --facts で。分からないことは空のままでよい。"""
    said = {
        "title": title,
        "facts": facts,
        "known_on": known_on and known_on.date().isoformat(),
        "happened_on": happened_on and happened_on.date().isoformat(),
        "known_by_department": known_by,
        "persons_affected": persons_affected,
        "persons_feared": persons_feared,
        "intentional": intentional,
        "system": system,
        "assessments": assessment or None,
        "share_with_minister": share_with_minister or None,
    }
    said = {name: value for name, value in said.items() if value is not None}
    if (file is None) is not bool(said):
        raise typer.BadParameter("FILE か、--title と --facts の、どちらか一方を指定してください。")
    content = json.dumps(said).encode() if file is None else read(file)
    with working("関係者に知らせています"):
        reported = ask(lambda minaoshi: minaoshi.reports.risk(content, as_=as_, act_id=act_id))
    if not (reported or as_json):
        say("リスク事案を受け付け、関係者に知らせました。関係する評価書は、対策チームが示します。")
    _show(reported, as_json=as_json)


@app.command("untouched")
def untouched(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="報告の番号")],
    reason: Annotated[str, typer.Option("--reason", help="どの評価書にも関わらないとする理由")],
    *,
    as_: As,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """リスク事案が、どの評価書にも関わらないことを、理由とともに記す（対策チーム）。"""
    ask(lambda minaoshi: minaoshi.reports.untouched(report, reason, as_=as_, act_id=act_id))
    if as_json:
        print_json({"report_id": report, "untouched": reason})
    else:
        say(f"{report}: どの評価書にも関わらないと記録しました。")


@app.command("show")
def show(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="報告の番号")],
    *,
    as_: Viewer = None,
    as_json: Json = False,
) -> None:
    """報告と、誰に、いつ、何によって知らせ、届いたかを示す。"""
    from cli.report_page import print_report

    view = ask(lambda minaoshi: minaoshi.reports.show(report, viewer=as_))
    if as_json:
        print_message(view)
    else:
        print_report(view)


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
