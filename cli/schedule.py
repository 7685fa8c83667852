"""年次の予定 (schedule)."""

from __future__ import annotations

import typer

from cli.opening import Json, ask
from cli.output import print_message, say
from cli.progress import working

app = typer.Typer(help="年次の見直しの予定", no_args_is_help=True)


@app.command("show")
def show(*, as_json: Json = False) -> None:
    """次に始まる時刻。"""
    from guideline.deadlines import TOKYO

    view = ask(lambda minaoshi: minaoshi.schedule.show())
    if as_json:
        print_message(view)
        return
    say(f"年次の見直し {view.schedule_id}: {'停止中' if view.paused else '有効'}、これまで {view.runs}回")
    for at in view.next_at:
        say(f"  次 {at.astimezone(TOKYO).isoformat()}")


@app.command("trigger")
def trigger(*, as_json: Json = False) -> None:
    """今すぐ一巡させる。"""
    with working("年次の見直しを始めています"):
        sweep = ask(lambda minaoshi: minaoshi.schedule.trigger())
    if as_json:
        print_message(sweep)
        return
    say(f"基準日 {sweep.on}: 新たに開いた {sweep.opened}件、開いている見直しに加えた {sweep.joined}件、")
    say(f"  この期日について既に始めていた {sweep.known}件")
