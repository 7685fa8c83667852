"""漏えい等報告 (breach reports): by when, whether at all, a draft of the report, and its versions as files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.documents import Output, write
from cli.opening import File, Json, Reader, Viewer, ask, read
from cli.output import print_json, print_message, print_table, say

app = typer.Typer(help="漏えい等報告（期限、要否、報告書の案、書き出し、版の比較）", no_args_is_help=True)

Event = Annotated[str, typer.Argument(metavar="EVENT", help="リスク事案の番号")]


@app.command("deadlines")
def deadlines(
    *,
    known_on: Annotated[
        datetime,
        typer.Option("--known-on", formats=["%Y-%m-%d"], metavar="DATE", help="最初に知った日"),
    ],
    situation: Annotated[
        list[int], typer.Option("--situation", min=1, max=4, help="報告規則第2条の号（1から4。繰り返せる）")
    ],
    as_json: Json = False,
) -> None:
    """速報と確報の期限を、知った日を一日目として数える。"""
    from client.breaches import Breaches

    dates = Breaches.deadlines(known_on.date(), situation)
    if as_json:
        print_message(dates)
        return
    doubt = "" if dates.confirmed else "（要確認）"
    say(f"速報: {dates.preliminary_due_on} まで　確報: {dates.final_due_on} まで{doubt}")
    for reason in dates.counted:
        say(f"  {reason}")
    say(f"  根拠: {'、'.join(dates.provisions)}")


@app.command("classify")
def classify(file: File, *, as_json: Json = False) -> None:
    """漏えい等の事実（JSON）から、報告を要するかどうかを、理由と根拠とともに示す。書かない項目は不明とする。"""
    from client.breaches import Breaches

    answer = Breaches.classify(read(file))
    if as_json:
        print_message(answer)
        return
    say(f"報告: {answer.reportable.label}　ガイドラインによる報告: {answer.guideline.label}")
    print_table(("事態", "該当"), ((one.situation, one.label) for one in answer.situations))
    for reason in answer.reasons:
        say(f"  {reason}")


@app.command("export")
def export(
    event: Event,
    *,
    as_: Annotated[str, typer.Option("--as", metavar="FORMAT", help="形: pdf、json（台帳にある文書そのもの）、html")],
    version: Annotated[
        str | None,
        typer.Option("--version", metavar="VERSION", help="版（final/2、又は番号。空なら最後に承認された版）"),
    ] = None,
    draft: Annotated[
        str | None,
        typer.Option(
            "--draft", metavar="KIND", help="案を書き出す: preliminary（速報）、final（確報）、supplement（追完）"
        ),
    ] = None,
    output: Output = "-",
    by: Reader = None,
) -> None:
    """承認された報告書を、承認と提出の記録とともに書き出す。又は案を、案と示して書き出す。"""
    content = ask(lambda minaoshi: minaoshi.breaches.export(event, as_=as_, version=version, draft=draft, viewer=by))
    write(content, output)


@app.command("compare")
def compare(
    event: Event,
    *,
    versions: Annotated[
        tuple[str, str] | None,
        typer.Option("--versions", metavar="A B", help="比べる二つの版（空なら、最後の版を、訂正する版か前の版と）"),
    ] = None,
    as_: Viewer = None,
    as_json: Json = False,
) -> None:
    """報告書の二つの版で、変わった項目を示す。"""
    found = ask(lambda minaoshi: minaoshi.breaches.compare(event, versions=versions, viewer=as_))
    if as_json:
        print_message(found)
        return
    say(f"{found.before} から {found.after} へ、変わった項目は{len(found.changes)}件です。")
    for one in found.changes:
        say(one.item)
        say(f"  前: {one.before}")
        say(f"  後: {one.after}")


@app.command("draft")
def draft(
    event: Event,
    *,
    kind: Annotated[str, typer.Option("--kind", help="preliminary（速報）、final（確報）、supplement（追完）")],
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help="書き出す先")] = None,
    as_: Viewer = None,
) -> None:
    """報告書の案を、分かっている事実から作る。分からない事項は不明と記す。"""
    document = ask(lambda minaoshi: minaoshi.breaches.draft(event, kind=kind, viewer=as_))
    if output is None:
        print_json(document)
        return
    try:
        Path(output).write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{output} に書けません（{error.strerror}）。") from None
    say(f"{output} に案を書きました。直して、別の者が `minaoshi event approve {event} {output}` で承認します。")
