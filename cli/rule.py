"""規程等 (rules) in the terminal: their versions, making one known, and confirming to have read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.content import content_of
from cli.opening import ActId, As, Json, ask, read
from cli.output import print_message, print_messages, print_table, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from client.rules import RuleVersion

app = typer.Typer(help="規程等（規程、報告フロー図、手順書）の版と、その周知", no_args_is_help=True)

Rule = Annotated[str, typer.Argument(metavar="RULE", help="規程等の識別子（例 handling）")]


@app.command("list")
def list_all(*, as_: As, as_json: Json = False) -> None:
    """規程等の版の一覧（同じ規程等の新しい版が先）。"""
    _print(ask(lambda minaoshi: minaoshi.rules.versions(as_=as_)), as_json=as_json)


@app.command("show")
def show(rule: Rule, *, as_: As, as_json: Json = False) -> None:
    """一つの規程等の版。"""
    _print(ask(lambda minaoshi: minaoshi.rules.show(rule, as_=as_)), as_json=as_json)


def _print(versions: Iterable[RuleVersion], *, as_json: bool) -> None:
    if as_json:
        print_messages(versions)
        return
    print_table(
        ("規程等", "番号", "版", "施行日", "決裁", "SHA-256", "周知", "義務"),
        (
            (
                one.content.rule,
                one.content.number or "",
                one.content.version or "",
                one.content.in_force_on or "",
                f"{one.content.approved_by or ''} {one.content.approved_on or ''}",
                (one.content.document_sha256 or "")[:12],
                f"{one.duty.status.label}（{one.duty.roll.completed}/{one.duty.roll.total}）"
                if one.duty.roll
                else one.duty.status.label,
                one.duty.duty_id,
            )
            for one in versions
        ),
    )


@app.command("publish")
def publish(  # what a version says
    rule: Rule,
    *,
    as_: As,
    name: Annotated[str, typer.Option("--name", help="規程等の名称")],
    number: Annotated[str, typer.Option("--number", help="文書番号")],
    version: Annotated[str, typer.Option("--version", help="版（例 第2版）")],
    in_force_on: Annotated[str, typer.Option("--in-force-on", metavar="DATE", help="施行日")],
    changes: Annotated[str, typer.Option("--changes", help="改正の内容")],
    approved_by: Annotated[str, typer.Option("--approved-by", help="決裁した者")],
    approved_on: Annotated[str, typer.Option("--approved-on", metavar="DATE", help="決裁の日")],
    channel: Annotated[str, typer.Option("--channel", help="周知の方法")],
    department: Annotated[str, typer.Option("--department", help="周知を担う部署")],
    due_on: Annotated[str, typer.Option("--due-on", metavar="DATE", help="読了の期限")],
    document: Annotated[str | None, typer.Option("--document", metavar="FILE", help="文書（保存する）")] = None,
    role: Annotated[list[str] | None, typer.Option("--to-role", help="周知する役割（繰り返せる）")] = None,
    to: Annotated[list[str] | None, typer.Option("--to-department", help="周知する部署（繰り返せる）")] = None,
    act_id: ActId = None,
) -> None:
    """版を周知する（役割も部署も指定しなければ全職員）。"""
    said = content_of(
        None,
        rule=name,
        number=number,
        version=version,
        in_force_on=in_force_on,
        changes=changes,
        approved_by=approved_by,
        approved_on=approved_on,
        channel=channel,
        department=department,
        due_on=due_on,
    )
    file = (Path(document).name, read(document)) if document else None
    done = ask(
        lambda minaoshi: minaoshi.rules.make_known(
            rule, said, as_=as_, file=file, roles=role or (), departments=to or (), act_id=act_id
        )
    )
    say(f"{done.members}人への周知を始めました。義務 {done.receipt.duty_id} です。")
    for title in done.replaced:
        say(f"  {title} は、この版の周知に替わりました。")
    for title in done.left:
        say(f"  {title} は、担当者とは別の者が取りやめてください。")


@app.command("read")
def confirm_read(
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="周知の義務の番号（例 publicity:handling.1a2b3c4d）")],
    *,
    as_: As,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """読んだことを、自分の分だけ確かめる。"""
    receipt = ask(lambda minaoshi: minaoshi.rules.confirm_read(duty, as_=as_, act_id=act_id))
    if as_json:
        print_message(receipt)
    else:
        say("読んだことを記録しました。")
