"""事務連絡 (circulars) in the terminal: recipients, sending, reminding, who has acknowledged, and questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.content import content_of, object_from
from cli.documents import Output, write
from cli.duty import tell
from cli.opening import ActId, As, By, Json, ask, read
from cli.output import print_message, print_messages, print_table, say, tokyo_time

if TYPE_CHECKING:
    from client.circulars import Imported
    from schemas.duty_acts import DutyReceipt

app = typer.Typer(help="事務連絡（ほかの団体への一斉の連絡と、受領の確認）", no_args_is_help=True)

Circular = Annotated[str, typer.Argument(metavar="CIRCULAR", help="事務連絡の番号（例 circular:logout）")]


@app.command("open")
def open_one(  # what a circular says
    circular: Circular,
    *,
    as_: As,
    title: Annotated[str, typer.Option("--title", help="件名")],
    department: Annotated[str, typer.Option("--department", help="担当する部署")],
    due_on: Annotated[str, typer.Option("--due-on", metavar="DATE", help="期限")],
    text: Annotated[str | None, typer.Option("--text", help="要旨")] = None,
    number: Annotated[str | None, typer.Option("--number", help="文書番号")] = None,
    dated_on: Annotated[str | None, typer.Option("--dated-on", metavar="DATE", help="文書の日付")] = None,
    reply_until: Annotated[
        str | None, typer.Option("--reply-until", metavar="DATE", help="受領の確認を求める日")
    ] = None,
    repeats: Annotated[str | None, typer.Option("--repeats", help="改めて発出する元の事務連絡")] = None,
    document: Annotated[
        str | None, typer.Option("--document", metavar="FILE", help="事務連絡の文書（保存する）")
    ] = None,
    content: Annotated[str | None, typer.Option("--content", metavar="FILE", help="内容を書いた JSON")] = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """事務連絡を始める（送るのは send）。"""
    given = {"text": text, "number": number, "dated_on": dated_on, "reply_until": reply_until, "repeats": repeats}
    about = {**(object_from(content) if content else {}), **{name: one for name, one in given.items() if one}}
    said = content_of(None, title=title, department=department, due_on=due_on, content=about)
    file = (Path(document).name, read(document)) if document else None
    _tell(
        ask(lambda minaoshi: minaoshi.circulars.open(circular, said, as_=as_, file=file, act_id=act_id)),
        as_json=as_json,
    )


@app.command("import")
def import_recipients(
    circular: Circular,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="宛先の CSV（UTF-8 か Shift_JIS、- は標準入力）")
    ] = None,
    *,
    as_: As,
    earlier: Annotated[str | None, typer.Option("--from", help="宛先を引き継ぐ元の事務連絡")] = None,
    act_id: ActId = None,
) -> None:
    """宛先を取り込む。一行でも誤りがあれば、一件も取り込まない。"""
    if (file is None) == (earlier is None):
        raise typer.BadParameter("CSV のファイルか --from の、どちらか一つを指定してください。")
    if file is not None:
        table = read(file)
        done: Imported = ask(
            lambda minaoshi: minaoshi.circulars.import_recipients(circular, table, as_=as_, act_id=act_id)
        )
    else:
        done = ask(
            lambda minaoshi: minaoshi.circulars.take_recipients(circular, earlier=earlier or "", as_=as_, act_id=act_id)
        )
    read_as = f"（{done.encoding} として読みました）" if done.encoding else ""
    say(f"宛先{done.number:,}件を取り込みました{read_as}。")


@app.command("send")
def send(circular: Circular, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """まだ届いていない宛先に送る（諦めた宛先にも、もう一度）。"""
    _tell(ask(lambda minaoshi: minaoshi.circulars.send(circular, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("remind")
def remind(circular: Circular, *, as_: As, act_id: ActId = None, as_json: Json = False) -> None:
    """受領を確認していない宛先に、改めて送る。"""
    _tell(ask(lambda minaoshi: minaoshi.circulars.remind(circular, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("acknowledge")
def acknowledge(
    circular: Circular,
    *,
    as_: As,
    member: Annotated[list[str], typer.Option("--member", help="受領を確認した団体の番号（繰り返せる）")],
    completed_on: Annotated[str, typer.Option("--on", metavar="DATE", help="確認した日")],
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """電話や書面による受領の確認を、手で記録する。"""
    said = content_of(None, members=member, completed_on=completed_on)
    _tell(ask(lambda minaoshi: minaoshi.duties.complete(circular, said, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("recipients")
def recipients(
    circular: Circular,
    *,
    as_: As,
    status: Annotated[str | None, typer.Option("--status", help="open、completed、excused、removed")] = None,
    unreached: Annotated[bool, typer.Option("--unreached", help="届いていないものだけ（100件まで）")] = False,
    page: Annotated[int, typer.Option("--page", min=1, help="頁（100件ずつ）")] = 1,
    as_json: Json = False,
) -> None:
    """宛先と、手紙の成り行き。"""
    from schemas.duties import MemberStatus

    if status is not None and status not in set(MemberStatus):
        raise typer.BadParameter("--status は open、completed、excused、removed のいずれかです。")
    of = MemberStatus(status) if status else None
    rows = ask(
        lambda minaoshi: (
            minaoshi.circulars.unreached(circular, as_=as_)
            if unreached
            else minaoshi.circulars.letters(circular, as_=as_, status=of, page=page)
        )
    )
    if as_json:
        print_messages(rows)
        return
    print_table(
        ("番号", "団体", "届いた日時", "届かない理由", "状況"),
        (
            (
                one.row.member,
                one.row.name,
                tokyo_time(one.letter.delivered_at) if one.letter and one.letter.delivered_at else "",
                (one.letter.failure or "") if one.letter and not one.letter.delivered_at else "",
                one.row.status.label,
            )
            for one in rows
        ),
    )


@app.command("coverage")
def coverage(
    circular: Circular,
    *,
    as_: As,
    as_json: Json = False,
) -> None:
    """都道府県ごとの到達状況。"""
    found = ask(lambda minaoshi: minaoshi.circulars.coverage(circular, as_=as_))
    if as_json:
        print_message(found)
        return
    print_table(
        ("都道府県", "宛先", "届いた", "届かない", "確認した", "除く", "未確認"),
        (
            (one.name, one.total, one.delivered, one.failed, one.acknowledged, one.excused, one.waiting)
            for one in (*(one for one in found.prefectures if one.total), found.whole)
        ),
    )


@app.command("export")
def export(
    circular: Circular,
    output: Output,
    *,
    as_: Annotated[str, typer.Option("--as", metavar="FORMAT", help="形: csv、svg（都道府県の図）")],
    by: By,
) -> None:
    """都道府県ごとの到達状況を、CSV 又は図に書き出す。"""
    write(ask(lambda minaoshi: minaoshi.circulars.export(circular, as_, as_=by)), output)


@app.command("ask")
def take_question(  # what a question says
    circular: Circular,
    *,
    as_: As,
    question: Annotated[str, typer.Option("--question", help="照会の内容")],
    member: Annotated[str | None, typer.Option("--member", help="照会した団体の番号（宛先の一覧にあるもの）")] = None,
    asked_by: Annotated[str | None, typer.Option("--asked-by", help="照会した団体の名称")] = None,
    mail: Annotated[str | None, typer.Option("--mail", help="回答を送る電子メールアドレス")] = None,
    asked_on: Annotated[str | None, typer.Option("--asked-on", metavar="DATE", help="照会の日")] = None,
    due_on: Annotated[str | None, typer.Option("--due-on", metavar="DATE", help="回答の期限")] = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """照会を受け付ける: 回答が、対策チームの義務になる。"""
    said = content_of(
        None, member=member, asked_by=asked_by, mail=mail, asked_on=asked_on, due_on=due_on, question=question
    )
    _tell(ask(lambda minaoshi: minaoshi.circulars.ask(circular, said, as_=as_, act_id=act_id)), as_json=as_json)


def _tell(receipt: DutyReceipt, *, as_json: bool) -> None:
    tell(receipt, as_json=as_json, roll="宛先", missing="未確認")
