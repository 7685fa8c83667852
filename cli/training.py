"""研修 (training): a campaign for all staff from a CSV: open, enrol, complete, show, export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.content import Reason, content_of
from cli.documents import Output, write
from cli.duty import Department, Due, Owner, Title
from cli.opening import ActId, As, By, Json, ask, read
from cli.output import print_message, print_table, say

if TYPE_CHECKING:
    from client.training import CompletionImport, DepartmentCoverage, RollImport
    from schemas.duty_acts import DutyHistory, DutyReceipt

app = typer.Typer(help="研修（全職員の名簿、受講の記録、部署ごとの状況）", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="TRAINING", help="研修の番号（例 training:all.2023）")]
Table = Annotated[str, typer.Argument(metavar="CSV", help="表（UTF-8 又は Shift_JIS。- は標準入力）")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="確かめるだけで、取り込まない")]


@app.command("open")
def open_one(
    training: Name,
    *,
    as_: As,
    title: Title = None,
    department: Department = None,
    owner: Owner = None,
    begins_on: Annotated[str | None, typer.Option("--begins-on", metavar="DATE", help="始まる日")] = None,
    due_on: Due = None,
    material: Annotated[str | None, typer.Option("--material", help="研修資料の名称")] = None,
    material_file: Annotated[
        str | None, typer.Option("--material-file", metavar="FILE", help="研修資料（SHA-256 を控える）")
    ] = None,
    material_since: Annotated[
        str | None, typer.Option("--material-since", metavar="DATE", help="研修資料を使い始めた日")
    ] = None,
    topics: Annotated[
        list[str] | None, typer.Option("--topic", metavar="項目[=条項]", help="研修の項目（繰り返せる）")
    ] = None,
    parent: Annotated[str | None, typer.Option("--parent", help="元の義務")] = None,
    once: Annotated[bool, typer.Option("--once", help="翌年の研修を始めない")] = False,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """研修を始める。翌年の同じ月には、次の研修が自動で始まる（番号は年で終わる）。"""
    content = {
        "material": material,
        "material_sha256": _sha256(material_file),
        "material_since": material_since,
        "topics": [_topic(one) for one in topics or []] or None,
    }
    said = content_of(
        None,
        title=title,
        department=department,
        owner=owner,
        begins_on=begins_on,
        due_on=due_on,
        parent=parent,
        repeats=None if once else "year",
        content={name: value for name, value in content.items() if value is not None},
    )
    _say(ask(lambda minaoshi: minaoshi.duties.open(training, said, as_=as_, act_id=act_id)), as_json=as_json)


def _sha256(file: str | None) -> str | None:
    from schemas.canonical import sha256_of

    return None if file is None else sha256_of(read(file))


def _topic(text: str) -> dict[str, Any]:
    title, equals, provision = text.partition("=")
    return {"title": title, "provision": provision} if equals else {"title": title}


@app.command("enrol")
def enrol(
    training: Name, table: Table, *, as_: As, dry_run: DryRun = False, act_id: ActId = None, as_json: Json = False
) -> None:
    """全職員の表を取り込む: 新たな者を加え、表にいない者の未了の分を、理由を付して除く。"""
    content = read(table)
    if dry_run:
        done = ask(lambda minaoshi: minaoshi.trainings.check_roll(training, content, as_=as_))
    else:
        done = ask(lambda minaoshi: minaoshi.trainings.import_roll(training, content, as_=as_, act_id=act_id))
    if as_json:
        print_message(done)
        return
    _say_read(done)
    say(
        f"加わる者 {len(done.joined)}人、去った者 {len(done.left)}人、"
        f"部署等の変わった者 {len(done.changed)}人、変わらない者 {done.same}人。"
    )
    for words, named in (("加わる", done.joined), ("去った", done.left), ("変わった", done.changed)):
        for one in named[:_MOST_NAMED]:
            say(f"  {words}: {one}")
    if done.joiners_due_on is not None:
        say(f"加わる者の期限は {done.joiners_due_on} です。")
    if done.receipt is not None:
        _say(done.receipt, as_json=False)


_MOST_NAMED = 20


def _say_read(done: RollImport | CompletionImport) -> None:
    if done.encoding:
        say(f"{done.encoding} と判断して読みました。{'' if done.receipt else '誤りはありません。'}")


@app.command("complete")
def complete(
    training: Name,
    *,
    as_: As,
    table: Annotated[str | None, typer.Option("--csv", metavar="FILE", help="受講の表（職員番号、受講日）")] = None,
    completed_on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="自分が済ませた日")] = None,
    dry_run: DryRun = False,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """自分が済ませたことを、又は表（CSV）の者が済ませたことを記録する。"""
    if (table is None) is (completed_on is None):
        raise typer.BadParameter("--on（自分の分）か --csv（表）の、どちらか一つを示してください。")
    if completed_on is not None:
        _say(
            ask(
                lambda minaoshi: minaoshi.trainings.complete(
                    training, completed_on=completed_on, as_=as_, act_id=act_id
                )
            ),
            as_json=as_json,
        )
        return
    content = read(str(table))
    if dry_run:
        done = ask(lambda minaoshi: minaoshi.trainings.check_completions(training, content, as_=as_))
    else:
        done = ask(lambda minaoshi: minaoshi.trainings.import_completions(training, content, as_=as_, act_id=act_id))
    if as_json:
        print_message(done)
        return
    _say_read(done)
    say(f"受講を記録する者 {done.completed}人。")
    if done.receipt is not None:
        _say(done.receipt, as_json=False)


@app.command("excuse")
def excuse(
    training: Name,
    *,
    as_: As,
    member: Annotated[list[str] | None, typer.Option("--member", help="職員の識別子（繰り返せる）")] = None,
    reason: Reason = None,
    act_id: ActId = None,
    as_json: Json = False,
) -> None:
    """受講していない者を、理由を示して除く。"""
    said = content_of(None, members=member or None, reason=reason)
    _say(ask(lambda minaoshi: minaoshi.duties.excuse(training, said, as_=as_, act_id=act_id)), as_json=as_json)


@app.command("show")
def show(training: Name, *, as_: As, as_json: Json = False) -> None:
    """研修の現在の状況と、部署ごとの受講の状況。"""
    shown, coverage = ask(lambda minaoshi: _shown(minaoshi, training, as_))
    if as_json:
        from cli.output import print_messages

        print_messages(coverage)
        return
    state = shown.state
    say(f"{state.kind.label} {state.duty_id}　{state.title}（{state.status.label}）")
    say(f"  期間: {state.begins_on or '—'} から {state.due_on} まで")
    print_table(
        ("部署", "全員", "済", "除く", "未了", "割合"),
        ((one.name, one.total, one.completed, one.excused, one.open, f"{one.percent}%") for one in coverage),
    )


async def _shown(minaoshi: Any, training: str, as_: str) -> tuple[DutyHistory, tuple[DepartmentCoverage, ...]]:
    return await minaoshi.duties.show(training, as_=as_), await minaoshi.trainings.coverage(training, as_=as_)


@app.command("export")
def export(
    training: Name,
    output: Output,
    *,
    as_: Annotated[str, typer.Option("--as", metavar="FORMAT", help="形: xlsx、csv、svg（部署ごとの図）")],
    by: By,
) -> None:
    """名簿の全員と受講の状況を表計算ファイル又は CSV に、部署ごとの状況を図に書き出す。"""
    write(ask(lambda minaoshi: minaoshi.trainings.export(training, as_, as_=by)), output)


def _say(receipt: DutyReceipt, *, as_json: bool) -> None:
    if as_json:
        print_message(receipt)
        return
    on_the_roll = f"、名簿は{receipt.roll.total}のうち{receipt.roll.open}が未了" if receipt.roll else ""
    say(f"受け付けました。研修 {receipt.duty_id} の{receipt.sequence}番目の行為{on_the_roll}です。")
