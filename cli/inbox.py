"""受信箱 (inbox)."""

from __future__ import annotations

from cli.opening import As, Json, ask
from cli.output import print_message, print_table, say


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
    elif not inbox.countermeasures:
        say("待っている行為はありません。")
    if inbox.countermeasures:
        print_table(
            ("期限", "対応策", "項目", "すべきこと"),
            (
                (f"{one.due_on}{'【超過】' if one.overdue else ''}", one.countermeasure_id, one.item, one.what)
                for one in inbox.countermeasures
            ),
        )
    if inbox.notices:
        say("")
        say("知らせ")
        for notice in inbox.notices:
            say(f"  {notice.subject}")
