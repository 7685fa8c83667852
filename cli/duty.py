"""義務 (duties): the list, one duty, its roll, and the acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.content import Evidence, FileOption, Reason, content_of, evidence_of, json_from, object_from
from cli.opening import ActId, As, Json, ask
from cli.output import print_message, print_messages, print_table, say, tokyo_time

if TYPE_CHECKING:
    from schemas.duties import DutyKind, DutyState
    from schemas.duty_acts import DutyHistory, DutyReceipt

app = typer.Typer(
    help="義務（指導への対応、改善策、周知、事務連絡、研修、自己点検、監査、是正、ログ分析）", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="DUTY", help="義務の番号（例 measure:logout）")]
Said = Annotated[str | None, typer.Option("--text", help="行ったこと")]
Paper = Annotated[str | None, typer.Option("--paper", metavar="FILE", help="種類ごとの提出物を書いた JSON")]
OfTheKind = Annotated[str | None, typer.Option("--content", metavar="FILE", help="種類ごとの内容を書いた JSON")]
Due = Annotated[str | None, typer.Option("--due-on", metavar="DATE", help="期限（例 2026-06-01）")]
Department = Annotated[str | None, typer.Option("--department", help="義務を負う部署")]
Owner = Annotated[str | None, typer.Option("--owner", help="担当者")]
Title = Annotated[str | None, typer.Option("--title", help="件名")]
Member = Annotated[list[str] | None, typer.Option("--member", help="名簿に載る者の識別子（繰り返せる）")]
Page = Annotated[int, typer.Option("--page", min=1, help="頁")]


@app.command("list")
def list_all(
    *,
    as_: As,
    kind: Annotated[str | None, typer.Option("--kind", help="この種類のものだけ（例 training）")] = None,
    department: Annotated[str | None, typer.Option("--department", help="この部署のものだけ")] = None,
    parent: Annotated[str | None, typer.Option("--parent", help="この義務の下のものだけ")] = None,
    every: Annotated[bool, typer.Option("--all", help="終わったものも示す")] = False,
    page: Page = 1,
    as_json: Json = False,
) -> None:
    """義務の一覧（期限の順）。"""
    scope = "all" if every else "open"
    of = _kind(kind)
    states = ask(
        lambda minaoshi: minaoshi.duties.list(
            as_=as_, scope=scope, kind=of, department=department, parent=parent, page=page
        )
    )
    if as_json:
        print_messages(states)
        return
    print_table(
        ("義務", "種類", "件名", "部署", "期限", "状況"),
        ((one.duty_id, one.kind.label, one.title, one.department, one.due_on, _status(one)) for one in states),
    )


def _kind(kind: str | None) -> DutyKind | None:
    from schemas.duties import DutyKind

    if kind is None:
        return None
    try:
        return DutyKind(kind)
    except ValueError:
        names = "、".join(f"{one.value}（{one.label}）" for one in DutyKind)
        raise typer.BadParameter(f"種類「{kind}」を知りません。次のいずれかで書いてください: {names}") from None


def _status(state: DutyState) -> str:
    if state.roll is None:
        return state.status.label
    return f"{state.status.label}（{state.roll.completed}/{state.roll.total}）"


@app.command("show")
def show(duty: Name, *, as_: As, as_json: Json = False) -> None:
    """義務の現在の状況と、これまでの経過。"""
    history = ask(lambda minaoshi: minaoshi.duties.show(duty, as_=as_))
    if as_json:
        print_message(history)
    else:
        _print(history)


def _print(history: DutyHistory) -> None:
    state = history.state
    say(f"{state.kind.label} {state.duty_id}　{state.title}")
    say(f"  部署: {state.department}　担当者: {state.owner or '—'}　期限: {state.due_on}　状況: {_status(state)}")
    if state.parent is not None:
        say(f"  元の義務: {state.parent}")
    for record in history.acts:
        act = record.act
        said = getattr(act, "text", None) or getattr(act, "reason", None) or getattr(act, "note", None) or ""
        say(f"  {record.sequence:>3} {tokyo_time(record.at)} {act.act.label}（{act.actor.person}）{said}")


@app.command("roll")
def roll(
    duty: Name,
    *,
    as_: As,
    status: Annotated[str | None, typer.Option("--status", help="open、completed、excused、removed")] = None,
    page: Page = 1,
    as_json: Json = False,
) -> None:
    """義務の名簿（100件ずつ）。"""
    from schemas.duties import MemberStatus

    if status is not None and status not in set(MemberStatus):
        raise typer.BadParameter("--status は open、completed、excused、removed のいずれかです。")
    of = MemberStatus(status) if status else None
    rows = ask(lambda minaoshi: minaoshi.duties.roll(duty, as_=as_, status=of, page=page))
    if as_json:
        print_messages(rows)
        return
    print_table(
        ("識別子", "氏名又は名称", "部署", "状況", "済ませた日", "理由"),
        (
            (one.member, one.name, one.department or "", one.status.label, one.completed_on or "", one.reason or "")
            for one in rows
        ),
    )


@app.command("open")
def open_one(
    duty: Name,
    *,
    as_: As,
    title: Title = None,
    department: Department = None,
    owner: Owner = None,
    due_on: Due = None,
    begins_on: Annotated[str | None, typer.Option("--begins-on", metavar="DATE", help="始まる日")] = None,
    repeats: Annotated[str | None, typer.Option("--repeats", help="繰り返し（month、year）")] = None,
    parent: Annotated[str | None, typer.Option("--parent", help="元の義務")] = None,
    content: OfTheKind = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """義務を始める。"""
    said = content_of(
        file,
        title=title,
        department=department,
        owner=owner,
        due_on=due_on,
        begins_on=begins_on,
        repeats=repeats,
        parent=parent,
        content=_object(content),
    )
    _do("open", duty, said, as_=as_, act_id=act_id, as_json=as_json)


def _object(file: str | None) -> dict[str, Any] | None:
    return None if file is None else object_from(file)


@app.command("progress")
def progress(
    duty: Name,
    *,
    as_: As,
    text: Said = None,
    evidence: Evidence = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """進捗を報告する（義務を負う者）。"""
    said = content_of(None, text=text, evidence=evidence_of(evidence))
    _do("report_progress", duty, said, as_=as_, act_id=act_id, as_json=as_json)


@app.command("postpone")
def postpone(
    duty: Name, *, as_: As, due_on: Due = None, reason: Reason = None, act_id: ActId = None, as_json: Json = False
) -> None:
    """期限を延ばす（確認する側）。"""
    said = content_of(None, due_on=due_on, reason=reason)
    _do("postpone", duty, said, as_=as_, act_id=act_id, as_json=as_json)


@app.command("amend")
def amend(
    duty: Name,
    *,
    as_: As,
    title: Title = None,
    department: Department = None,
    owner: Owner = None,
    content: OfTheKind = None,
    reason: Reason = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """件名、部署、担当者又は内容を改める。"""
    said = content_of(None, title=title, department=department, owner=owner, content=_object(content), reason=reason)
    _do("amend", duty, said, as_=as_, act_id=act_id, as_json=as_json)


@app.command("enrol")
def enrol(
    duty: Name,
    *,
    as_: As,
    added: Annotated[str | None, typer.Option("--add", metavar="FILE", help="加える者の JSON の配列")] = None,
    removed: Annotated[list[str] | None, typer.Option("--remove", help="外す者の識別子（繰り返せる）")] = None,
    reason: Reason = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """名簿に加え、名簿から外す。"""
    said = content_of(None, added=json_from(added) if added else None, removed=removed or None, reason=reason)
    _do("enrol", duty, said, as_=as_, act_id=act_id, as_json=as_json)


@app.command("complete")
def complete(
    duty: Name,
    *,
    as_: As,
    member: Member = None,
    completed_on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="済ませた日")] = None,
    evidence: Evidence = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """名簿の者が済ませた（本人、その保護管理者、義務を負う者）。"""
    said = content_of(None, members=member or [as_], completed_on=completed_on, evidence=evidence_of(evidence))
    _do("complete", duty, said, as_=as_, act_id=act_id, as_json=as_json)


@app.command("excuse")
def excuse(
    duty: Name,
    *,
    as_: As,
    member: Member = None,
    reason: Reason = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """名簿の者を、理由を示して除く。"""
    said = content_of(None, members=member or None, reason=reason)
    _do("excuse", duty, said, as_=as_, act_id=act_id, as_json=as_json)


@app.command("hand-in")
def hand_in(
    duty: Name,
    *,
    as_: As,
    text: Said = None,
    done_on: Annotated[str | None, typer.Option("--done-on", metavar="DATE", help="行った日")] = None,
    evidence: Evidence = None,
    paper: Paper = None,
    file: FileOption = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """完了を報告する（義務を負う者）。"""
    said = content_of(file, text=text, done_on=done_on, evidence=evidence_of(evidence), paper=_object(paper))
    _do("hand_in", duty, said, as_=as_, act_id=act_id, as_json=as_json)


@app.command("confirm")
def confirm(
    duty: Name,
    *,
    as_: As,
    note: Annotated[str | None, typer.Option("--note", help="備考")] = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """完了を確認する（確認する側の、別の者）。"""
    _do("confirm", duty, content_of(None, note=note), as_=as_, act_id=act_id, as_json=as_json)


@app.command("send-back")
def send_back(
    duty: Name, *, as_: As, reason: Reason = None, due_on: Due = None, act_id: ActId = None, as_json: Json = False
) -> None:
    """完了と認めず、実施中に戻す（確認する側）。"""
    said = content_of(None, reason=reason, due_on=due_on)
    _do("send_back", duty, said, as_=as_, act_id=act_id, as_json=as_json)


@app.command("cancel")
def cancel(duty: Name, *, as_: As, reason: Reason = None, act_id: ActId = None, as_json: Json = False) -> None:
    """取りやめる（確認する側）。"""
    _do("cancel", duty, content_of(None, reason=reason), as_=as_, act_id=act_id, as_json=as_json)


def _do(verb: str, duty: str, content: bytes, *, as_: str, act_id: str | None, as_json: bool) -> None:
    receipt: DutyReceipt = ask(lambda minaoshi: getattr(minaoshi.duties, verb)(duty, content, as_=as_, act_id=act_id))
    tell(receipt, as_json=as_json)


def tell(receipt: DutyReceipt, *, as_json: bool, roll: str = "名簿", missing: str = "未了") -> None:
    """Say that an act was accepted, and where the duty and its roll stand after it."""
    if as_json:
        print_message(receipt)
        return
    on_the_roll = f"、{roll}は{receipt.roll.total}のうち{receipt.roll.open}が{missing}" if receipt.roll else ""
    say(
        f"受け付けました。義務 {receipt.duty_id} の{receipt.sequence}番目の行為、"
        f"状況は「{receipt.status.label}」、期限は {receipt.due_on}{on_the_roll} です。"
    )
