"""指導と改善策 (guidance): enter, show, report, approve, close."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.content import evidence_of
from cli.documents import Output, write
from cli.opening import ActId, As, File, Json, Reader, ask, read
from cli.output import print_message, print_messages, print_table, say

if TYPE_CHECKING:
    from client.guidance_views import GuidanceView, ReportVersionView

app = typer.Typer(help="指導と改善策（登録、状況、「改善策の実施状況」の書き出しと承認、終了）", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="GUIDANCE", help="指導の識別子（例 account-registration-2023）")]
Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="基準日（空なら今日）")]


@app.command("enter")
def enter(file: File, *, as_: As, as_json: Json = False) -> None:
    """指導と改善策の文書（TOML 又は JSON）を登録する。改善策の一つずつが義務となる。済のものは確認を待つ。"""
    done = ask(lambda minaoshi: minaoshi.guidance.enter(read(file), as_=as_))
    if as_json:
        print_message(done)
        return
    say(f"指導 {done.guidance}: 新たに{len(done.entered)}件を登録しました（既にあるもの{len(done.known)}件）。")
    say(f"  済として報告し、確認を待つ改善策: {len(done.handed_in)}件")


@app.command("list")
def list_all(
    *,
    as_: As,
    every: Annotated[bool, typer.Option("--all", help="終えたものも示す")] = False,
    as_json: Json = False,
) -> None:
    """指導の一覧（期限の順）。"""
    states = ask(lambda minaoshi: minaoshi.guidance.list(as_=as_, scope="all" if every else "open"))
    if as_json:
        print_messages(states)
        return
    rows = ((one.duty_id.partition(":")[2], one.title, one.due_on, one.status.label) for one in states)
    print_table(("指導", "事案", "報告の期限", "状況"), rows)


@app.command("show")
def show(name: Name, *, as_: As, on: Day = None, as_json: Json = False) -> None:
    """指導の、その日の状況: 改善策、報告書の版、次に報告する日、足りないもの。"""
    view = ask(lambda minaoshi: minaoshi.guidance.show(name, as_=as_, on=_day(on)))
    if as_json:
        print_message(view)
    else:
        _print(view)


def _print(view: GuidanceView) -> None:
    report = view.report
    say(f"{report.title}（{report.on}現在）　{view.state.status.label}")
    say(f"  報告の期限: {report.report_due_on}　次の期限: {view.state.due_on}　SHA-256 {view.digest}")
    print_table(
        ("改善策", "状況", "時期", "期限超過", "担当"),
        (
            (
                line.measure,
                line.standing.label,
                line.said or "",
                f"{line.days_overdue}日" if line.days_overdue else "",
                line.owner or line.department,
            )
            for line in report.lines
        ),
    )
    for one in view.versions:
        _print_version(one)
    for missing in view.missing:
        say(f"  承認までに要るもの: {missing}")
    if view.follow_ups:
        say(f"  次に報告する日: {'、'.join(day.isoformat() for day in view.follow_ups)}")


def _print_version(one: ReportVersionView) -> None:
    who = "、".join(person for person in (one.team, one.chief) if person is not None)
    say(f"  第{one.version}版（{one.on}現在）: {one.state.label}　{who}　{one.digest or ''}")


@app.command("measure")
def measure(
    name: Name,
    file: File,
    *,
    as_: As,
    reason: Annotated[str | None, typer.Option("--reason", help="理由（内容を変えるとき）")] = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """改善策（TOML 又は JSON）を加える。同じ識別子のものがあれば、その内容を変える。"""
    receipt = ask(lambda minaoshi: minaoshi.guidance.measure(name, read(file), as_=as_, reason=reason, act_id=act_id))
    if as_json:
        print_message(receipt)
    else:
        say(f"{receipt.duty_id}: {receipt.status.label}（期限 {receipt.due_on}）")


@app.command("report")
def report(
    name: Name,
    *,
    as_: Annotated[str, typer.Option("--as", metavar="FORMAT", help="形: xlsx、pdf、json（報告書の内容）、html")],
    by: Reader = None,
    on: Day = None,
    version: Annotated[int | None, typer.Option("--version", help="承認に付した版（空なら、その日の報告）")] = None,
    output: Output = "-",
) -> None:
    """「改善策の実施状況」を書き出す。承認されていないものは、案と示す。"""
    content = ask(lambda minaoshi: minaoshi.guidance.report(name, as_=as_, viewer=by, on=_day(on), version=version))
    write(content, output)


@app.command("approve")
def approve(
    name: Name,
    *,
    as_: As,
    on: Day = None,
    digest: Annotated[str | None, typer.Option("--digest", help="読んだ報告書のSHA-256")] = None,
    as_json: Json = False,
) -> None:
    """報告書を承認する。まず対策チームが、次に総括保護管理者が、同じ内容を承認する。"""
    done = ask(lambda minaoshi: minaoshi.guidance.approve(name, as_=as_, on=_day(on), digest=digest))
    if as_json:
        print_message(done)
    else:
        _print_version(done)


@app.command("confirm")
def confirm(name: Name, *, as_: As, as_json: Json = False) -> None:
    """確認待ちの改善策を、まとめて確認する（完了を報告した者とは別の者）。"""
    receipts = ask(lambda minaoshi: minaoshi.guidance.confirm_all(name, as_=as_))
    if as_json:
        print_messages(receipts)
    else:
        say(f"{len(receipts)}件の改善策を確認しました。")


@app.command("close")
def close(
    name: Name,
    *,
    as_: As,
    reported_on: Annotated[
        datetime | None, typer.Option("--reported-on", formats=["%Y-%m-%d"], help="最後の報告書を提出した日")
    ] = None,
    evidence: Annotated[
        list[str] | None, typer.Option("--evidence", metavar="名称=SHA256", help="提出の控え（繰り返せる）")
    ] = None,
    as_json: Json = False,
) -> None:
    """指導への対応を終える。対策チームが報告し、総括保護管理者が確認する。終わっていない改善策があれば終えられない。"""
    papers = tuple(evidence_of(evidence) or ())
    receipt = ask(
        lambda minaoshi: minaoshi.guidance.close(name, as_=as_, reported_on=_day(reported_on), evidence=papers)
    )
    if as_json:
        print_message(receipt)
    else:
        say(f"{receipt.duty_id}: {receipt.status.label}")


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()
