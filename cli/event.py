"""リスク事案 (risk events): the list, the page, and the acts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from cli.content import Evidence, FileOption, content_of, evidence_of
from cli.event_page import print_event
from cli.opening import ActId, As, Json, Viewer, ask, read
from cli.output import print_message, print_messages, print_table, say
from cli.report import risk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from client.events import Events
    from schemas.event_acts import EventReceipt

app = typer.Typer(
    help="リスク事案（報告、一覧、事実、漏えい等報告、本人への通知、再発防止、終了）", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="EVENT", help="リスク事案の番号（報告の番号）")]
Reason = Annotated[str | None, typer.Option("--reason", help="理由、分かった経緯")]


@app.command("list")
def list_all(
    *,
    body: Annotated[str | None, typer.Option("--body", help="この機関のものだけ")] = None,
    every: Annotated[bool, typer.Option("--all", help="終了したものも示す")] = False,
    as_: Viewer = None,
    as_json: Json = False,
) -> None:
    """リスク事案の一覧（新しい順）。"""
    rows = ask(lambda minaoshi: minaoshi.events.list(scope="all" if every else "open", body=body, viewer=as_))
    if as_json:
        print_messages(rows)
        return
    print_table(
        ("リスク事案", "件名", "知った日", "報告の要否", "次", "期限", "受領確認", "状況"),
        (
            (
                one.event_id,
                one.title,
                one.known_on,
                one.reportable.label,
                one.next_due,
                one.due_on,
                "済" if one.acknowledged else "未",
                one.status,
            )
            for one in rows
        ),
    )


app.command("report")(risk)


@app.command("show")
def show(event: Name, *, as_: Viewer = None, as_json: Json = False) -> None:
    """何が起き、誰がいつ知り、報告を要するか、期限まで何日か、何が残っているか。"""
    view = ask(lambda minaoshi: minaoshi.events.show(event, viewer=as_))
    if as_json:
        print_message(view)
    else:
        print_event(view)


@app.command("acknowledge")
def acknowledge(event: Name, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """受領を確認する（対策チーム）。"""
    _do(lambda events: events.acknowledge(event, as_=as_, act_id=act_id), as_json=as_json)


@app.command("update")
def update(
    event: Name,
    *,
    as_: As,
    facts: Annotated[
        list[str] | None,
        typer.Option("--fact", metavar="項目=値", help="変わった事実（繰り返せる。null は不明）"),
    ] = None,
    facts_file: Annotated[
        str | None, typer.Option("--facts", metavar="FILE", help="変わった事実の JSON（- は標準入力）")
    ] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", metavar="DATE", help="これを知った日（空なら今日）")
    ] = None,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """分かった事実を加え、改める（事案を知った部署の職員、対策チーム）。報告の要否と期限を判断し直す。"""
    content = content_of(file, facts=_facts(facts, facts_file), known_on=known_on, reason=reason)
    _do(lambda events: events.update(event, content, as_=as_, act_id=act_id), as_json=as_json)


def _facts(pairs: list[str] | None, file: str | None) -> dict[str, object] | None:
    """Give the facts that the options and the file name; those of the account as account.cause."""
    if not pairs and file is None:
        return None
    told: dict[str, object] = {}
    if file is not None:
        try:
            told = json.loads(read(file))
        except ValueError:
            raise typer.BadParameter(f"{file} を JSON として読めません。") from None
    for pair in pairs or []:
        name, equals, text = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"「{pair}」は「項目=値」の形で書いてください。")
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        where, _, inner = name.partition(".")
        if inner:
            account = told.setdefault(where, {})
            if isinstance(account, dict):
                account[inner] = value
        else:
            told[where] = value
    return told


@app.command("knew")
def knew(
    event: Name,
    *,
    as_: As,
    department: Annotated[str | None, typer.Option("--department", help="知った部署")] = None,
    known_on: Annotated[str | None, typer.Option("--known-on", metavar="DATE", help="知った日")] = None,
    by_contractor: Annotated[bool, typer.Option("--by-contractor", help="委託先からの通知で知った")] = False,
    reason: Reason = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """別の部署も知っていたことを加える（機関の職員）。期限は、最初に知った部署の日から数え直す。"""
    by = "contractor_notice" if by_contractor else None
    content = content_of(None, department=department, known_on=known_on, known_by=by, reason=reason)
    _do(lambda events: events.knew(event, content, as_=as_, act_id=act_id), as_json=as_json)


@app.command("join")
def join(
    event: Name,
    *,
    as_: As,
    other: Annotated[str | None, typer.Option("--other", metavar="EVENT", help="同じ事案である別の報告")] = None,
    reason: Reason = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """別の報告を、同じ事案として加える（対策チーム）。両方とも残る。"""
    content = content_of(None, other=other, reason=reason)
    _do(lambda events: events.join(event, content, as_=as_, act_id=act_id), as_json=as_json)


@app.command("approve")
def approve(
    event: Name,
    document: Annotated[str, typer.Argument(metavar="FILE", help="提出する報告書（- は標準入力）")],
    *,
    as_: As,
    written_by: Annotated[str, typer.Option("--written-by", help="報告書を書いた職員")],
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """提出する報告書を承認する（対策チームの、報告書を書いた者と別の者）。様式と事実に照らして検査する。"""
    content = read(document)
    _do(lambda events: events.approve(event, content, written_by=written_by, as_=as_, act_id=act_id), as_json=as_json)


@app.command("file")
def file_report(
    event: Name,
    *,
    as_: As,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help="preliminary（速報）、final（確報）、both（速報を兼ねる確報）、supplement（追完）、correction（訂正）",
        ),
    ] = None,
    filed_on: Annotated[str | None, typer.Option("--filed-on", metavar="DATE", help="提出した日")] = None,
    number: Annotated[str | None, typer.Option("--number", help="受付番号")] = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="VERSION", help="承認された報告書の版（例 final/1）か、そのSHA-256"),
    ] = None,
    corrects: Annotated[
        str | None, typer.Option("--corrects", metavar="VERSION", help="訂正する版（例 final/1）か、そのSHA-256")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="訂正の理由")] = None,
    evidence: Evidence = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """個人情報保護委員会への提出を、根拠資料とともに記録する（対策チーム）。訂正では、どの版をなぜ訂正するかも記す。"""
    correction = {name: said for name, said in (("corrects", corrects), ("reason", reason)) if said is not None}
    content = content_of(
        file,
        kind=kind,
        filed_on=filed_on,
        receipt_number=number,
        digest=digest,
        correction=correction or None,
        evidence=evidence_of(evidence),
    )
    _do(lambda events: events.file(event, content, as_=as_, act_id=act_id), as_json=as_json)


@app.command("notify")
def notify(
    event: Name,
    *,
    as_: As,
    kind: Annotated[
        str | None, typer.Option("--kind", help="notice（通知）、substitute（代わる措置）、not_due（要しない）")
    ] = None,
    done_on: Annotated[str | None, typer.Option("--done-on", metavar="DATE", help="行った日")] = None,
    evidence: Evidence = None,
    reason: Reason = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """本人への通知を記録する（事案を知った部署の保護管理者、対策チーム）。"""
    content = content_of(file, kind=kind, done_on=done_on, evidence=evidence_of(evidence), reason=reason)
    _do(lambda events: events.notify(event, content, as_=as_, act_id=act_id), as_json=as_json)


@app.command("measure")
def measure(
    event: Name,
    *,
    as_: As,
    text: Annotated[str | None, typer.Option("--text", help="再発防止のための措置")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="担当する職員")] = None,
    due_on: Annotated[str | None, typer.Option("--due-on", metavar="DATE", help="期限")] = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """再発防止策を定める（事案を知った部署の職員、対策チーム）。完了と確認は `minaoshi countermeasure` で行う。"""
    content = content_of(file, text=text, owner=owner, due_on=due_on)
    _do(lambda events: events.measure(event, content, as_=as_, act_id=act_id), as_json=as_json)


@app.command("no-report")
def no_report(
    event: Name,
    *,
    as_: As,
    confirm: Annotated[bool, typer.Option("--confirm", help="もう一方の側の申出を確認する")] = False,
    reason: Reason = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """報告を要しないことを、一方が申し出て、もう一方が確認する（保護管理者と対策チーム）。"""
    content = content_of(None, reason=reason)
    if confirm:
        _do(lambda events: events.confirm_no_report(event, content, as_=as_, act_id=act_id), as_json=as_json)
    else:
        _do(lambda events: events.propose_no_report(event, content, as_=as_, act_id=act_id), as_json=as_json)


@app.command("close")
def close(
    event: Name,
    *,
    as_: As,
    same_as: Annotated[str | None, typer.Option("--same-as", metavar="EVENT", help="同じ事案として引き継ぐ先")] = None,
    without_measures: Annotated[str | None, typer.Option("--without-measures", help="再発防止策を定めない理由")] = None,
    without_review: Annotated[str | None, typer.Option("--without-review", help="評価書の見直しを要しない理由")] = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """終了する（対策チーム）。残っていることがあれば、全て示して受け付けない。"""
    content = content_of(None, same_as=same_as, without_measures=without_measures, without_review=without_review)
    _do(lambda events: events.close(event, content, as_=as_, act_id=act_id), as_json=as_json)


def _do(act: Callable[[Events], Awaitable[EventReceipt]], *, as_json: bool) -> None:
    receipt = ask(lambda minaoshi: act(minaoshi.events))
    if as_json:
        print_message(receipt)
        return
    due = f"、次の期限は {receipt.due_on}" if receipt.due_on else ""
    say(
        f"受け付けました。リスク事案 {receipt.event_id} の{receipt.sequence}番目の行為、"
        f"状況は「{receipt.status.label}」、報告の要否は「{receipt.reportable.label}」{due}です。"
    )
    for change in receipt.changes:
        say(f"  {change}")
