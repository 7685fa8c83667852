"""文書 (documents): published versions to files, side by side, and in from a bundle."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.opening import Json, Reader, ask
from cli.output import err, print_message, say

Name = Annotated[str, typer.Argument(metavar="ASSESSMENT", help="評価書の識別子")]
Output = Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="書き出すファイル（- は標準出力）")]
As = Annotated[str, typer.Option("--as", metavar="FORMAT", help="形: xlsx、pdf、json（ZIP）、html")]
InRendition = Annotated[str, typer.Option("--rendition", metavar="RENDITION", help="full（全部）か public（公表用）")]


def export(
    assessment: Name,
    as_: As,
    output: Output,
    rendition: InRendition = "full",
    version: Annotated[int | None, typer.Option("--version", help="版（空なら現在の版）")] = None,
    *,
    by: Reader = None,
) -> None:
    """公表された版を、表計算ファイル、PDF、ページ、又は持ち運び用の一式（ZIP）として書き出す。"""
    from guideline.renditions import Rendition

    content = ask(
        lambda minaoshi: minaoshi.documents.export(assessment, as_=as_, rendition=rendition, version=version, by=by)
    )
    if rendition == Rendition.PUBLIC and by is None:
        for sentence in ask(lambda minaoshi: minaoshi.documents.to_be_decided(assessment, version=version)):
            err().print(f"要確認: {sentence}", soft_wrap=True, markup=False)
    write(content, output)


def compare(
    assessment: Name,
    output: Output,
    before: Annotated[int | None, typer.Option("--from", help="前の版（空なら一つ前）")] = None,
    after: Annotated[int | None, typer.Option("--to", help="後の版（空なら現在の版）")] = None,
    rendition: InRendition = "full",
    *,
    by: Reader = None,
) -> None:
    """二つの版の新旧対照表を、ページ（HTML）として書き出す。"""
    content = ask(
        lambda minaoshi: minaoshi.documents.compare(assessment, before=before, after=after, rendition=rendition, by=by)
    )
    write(content, output)


def take_in(content: bytes, *, department: str | None, body: str | None, dry_run: bool, as_json: Json) -> None:
    """Take in a bundle; the department that owns the assessment here must be named."""
    if department is None:
        raise typer.BadParameter("一式（ZIP）を取り込むには、担当部署を --department で示してください。")
    owner = department
    if dry_run:
        checked = ask(lambda minaoshi: minaoshi.bundles.check_bundle(content, department=owner, body=body))
        if as_json:
            print_message(checked)
        else:
            new = "登録されます" if checked.entered else "同じ内容で既に登録されています"
            say(f"誤りはありません。評価書 {(*checked.entered, *checked.known)[0]} は{new}。")
        return
    record = ask(lambda minaoshi: minaoshi.bundles.import_bundle(content, department=owner, body=body))
    if as_json:
        print_message(record)
    else:
        what = f"評価書 {record.assessment_id}「{record.name}」第{record.version}版"
        say(f"{what}を登録しました（年次の期日 {record.yearly_due_on}）。")


def write(content: bytes, output: str) -> None:
    """Write what was exported to a file, or to the standard output. Raises BadParameter where it can't be."""
    if output == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{output} に書けません（{error.strerror}）。") from None
    say(f"{output} に書き出しました（{len(content):,}バイト）。")
