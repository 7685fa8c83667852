"""引継ぎ (take-over): existing assessments from a CSV and a folder of files."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Annotated

import typer

from cli.documents import take_in
from cli.opening import File, Json, ask, read
from cli.output import print_message, say
from cli.progress import counting


def take_over(
    file: File,
    *,
    files: Annotated[str, typer.Option("--files", metavar="DIR", help="文書ファイルのあるフォルダー")] = ".",
    department: Annotated[
        str | None, typer.Option("--department", help="一式（ZIP）を取り込むときの担当部署の識別子")
    ] = None,
    body: Annotated[str | None, typer.Option("--body", help="同じく評価実施機関（空なら一式のとおり）")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="検査だけを行い、登録しない")] = False,
    as_json: Json = False,
) -> None:
    """公表中の評価書を、CSV の表からまとめて、又は一式（ZIP）から登録する（一件でも誤りがあれば、何も登録しない）。"""
    from client.documents import Documents

    table = read(file)
    if Documents.is_bundle(table):
        take_in(table, department=department, body=body, dry_run=dry_run, as_json=as_json)
        return
    if department is not None or body is not None:
        raise typer.BadParameter("--department と --body は、一式（ZIP）のときだけ使えます。表では列に書いてください。")
    folder = Path(files)
    with counting("評価書を引き継いでいます") as told:
        if dry_run:
            done = ask(
                lambda minaoshi: minaoshi.takeover.check(table, files=lambda name: _below(folder, name), told=told)
            )
        else:
            done = ask(
                lambda minaoshi: minaoshi.takeover.take_over(table, files=lambda name: _below(folder, name), told=told)
            )
    if as_json:
        print_message(done)
        return
    what = "誤りはありません。登録されるもの" if dry_run else "登録しました:"
    say(f"{what} {len(done.entered)}件、同じ内容で既に登録されているもの {len(done.known)}件。")


def _below(folder: Path, name: str) -> bytes:
    """Read a file of the folder; raises OSError for one that lies elsewhere."""
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise PermissionError(errno.EACCES, "フォルダーの外にあります")
    return path.read_bytes()
