"""保存期間 (retention)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import As, Json, ask
from cli.output import print_json, print_message, say

if TYPE_CHECKING:
    from client.retention import Retention

app = typer.Typer(help="保存期間（二人で決める。何も削除しない）", no_args_is_help=True)


@app.callback()
def retention() -> None:
    """文書を少なくともいつまで保存するかを、二人で決める。何も削除しない。"""


@app.command("propose")
def propose(
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="少なくともこの日まで保存する")],
    reason: Annotated[str, typer.Option("--reason", help="理由")],
    as_: As,
    *,
    as_json: Json = False,
) -> None:
    """保存期間を提案する。"""
    day = date(until.year, until.month, until.day)
    _tell(ask(lambda minaoshi: minaoshi.retention.propose(until=day, reason=reason, as_=as_)), as_json=as_json)


@app.command("confirm")
def confirm(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="提案の番号")], as_: As, *, as_json: Json = False
) -> None:
    """別の職員の提案を確認する。これで有効になる。"""
    _tell(ask(lambda minaoshi: minaoshi.retention.confirm(number, as_=as_)), as_json=as_json)


@app.command("show")
def show(*, as_json: Json = False) -> None:
    """提案と、有効な保存期間を示す。"""
    every = ask(lambda minaoshi: minaoshi.retention.every())
    if as_json:
        print_json([one.model_dump(mode="json") for one in every])
        return
    in_force = {one.body: one.number for one in every if one.confirmed_by}
    for one in every:
        state = "有効" if in_force.get(one.body) == one.number else "以前の決定" if one.confirmed_by else "確認待ち"
        say(f"{state}　{_line(one)}")
    if not in_force:
        say("有効な保存期間はありません。何も削除されないので、全て保存されています。")


def _line(one: Retention) -> str:
    who = f"提案 {one.proposed_by}" + (f"、確認 {one.confirmed_by}" if one.confirmed_by else "")
    return f"{one.number}　{one.body}: 少なくとも {one.until} まで保存する（{who}）。理由: {one.reason}"


def _tell(one: Retention, *, as_json: Json) -> None:
    if as_json:
        print_message(one)
        return
    say(_line(one))
    if one.confirmed_by is None:
        say(f"別の職員が確認すると有効になります: minaoshi audit retention confirm {one.number} --as 職員")
