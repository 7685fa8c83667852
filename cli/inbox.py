"""受信箱 (inbox), and what the team does about a notice that could not be delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import As, Json, ask
from cli.output import print_message, print_table, say

if TYPE_CHECKING:
    from client.duty_views import DutyTask

app = typer.Typer(help="届いていない知らせ", no_args_is_help=True)

_Number = Annotated[str, typer.Argument(metavar="番号", help="受信箱に示された番号")]


def show_inbox(*, as_: As, as_json: Json = False) -> None:
    """待っている行為を期限の順に、知らせを新しい順に示す。"""
    inbox = ask(lambda minaoshi: minaoshi.inboxes.of(as_))
    if as_json:
        print_message(inbox)
        return
    if inbox.tasks:
        print_table(
            ("期限", "見直し", "評価書名", "すべきこと", "事由"),
            (
                (
                    f"{task.due_on}{'【超過】' if task.overdue else ''}",
                    task.review_id,
                    task.assessment_name,
                    task.what,
                    task.why,
                )
                for task in inbox.tasks
            ),
        )
    elif not (inbox.countermeasures or inbox.events or inbox.event_tasks or inbox.duties):
        say("待っている行為はありません。")
    if inbox.events:
        say("関係する評価書の示されていないリスク事案")
        say("（`minaoshi report add` で評価書を加えるか、`minaoshi report untouched` で理由を記してください）")
        print_table(
            ("把握した日", "報告の番号", "件名", "最初に知った部署"),
            ((one.known_on, one.report_id, one.title, one.known_by_department) for one in inbox.events),
        )
    if inbox.countermeasures:
        print_table(
            ("期限", "対応策", "項目", "すべきこと"),
            (
                (f"{one.due_on}{'【超過】' if one.overdue else ''}", one.countermeasure_id, one.item, one.what)
                for one in inbox.countermeasures
            ),
        )
    if inbox.event_tasks:
        print_table(
            ("期限", "リスク事案", "件名", "すべきこと"),
            (
                (f"{one.due_on or '速やかに'}{'【超過】' if one.overdue else ''}", one.event_id, one.title, one.what)
                for one in inbox.event_tasks
            ),
        )
    _print_duties(inbox.duties)
    if inbox.undelivered:
        say("")
        say("知らせが届いていません（伝えたら `minaoshi notice settle 番号`、直したら `minaoshi notice resend 番号`）")
        print_table(
            ("番号", "職員又は宛先", "知らせ", "理由"),
            ((one.number, f"{one.name}（{one.person}）", one.subject, one.failure) for one in inbox.undelivered),
        )
    if inbox.notices:
        say("")
        say("知らせ")
        for notice in inbox.notices:
            say(f"  {notice.subject}")


def _print_duties(duties: tuple[DutyTask, ...]) -> None:
    if duties:
        print_table(
            ("期限", "義務", "種類", "件名", "すべきこと"),
            (
                (f"{one.due_on}{'【超過】' if one.overdue else ''}", one.duty_id, one.kind, one.title, one.what)
                for one in duties
            ),
        )


@app.command("settle")
def settle(number: _Number, *, as_: As, as_json: Json = False) -> None:
    """届かなかった知らせを、別の手段で本人に伝えた。"""
    done = ask(lambda minaoshi: minaoshi.inboxes.settle(number, as_=as_))
    if as_json:
        print_message(done)
        return
    say(f"対応済みとした: {done.name}（{done.person}） {done.subject}")


@app.command("resend")
def resend(number: _Number, *, as_: As, as_json: Json = False) -> None:
    """届かなかった知らせを、もう一度送る。"""
    again = ask(lambda minaoshi: minaoshi.inboxes.send_again(number, as_=as_))
    if as_json:
        print_message(again)
        return
    say(f"もう一度送る: {again.name}（{again.person}） {again.subject}")
