"""証跡 (audit trail)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import retention
from cli.exit_status import ExitStatus
from cli.opening import Json, ask, read
from cli.output import print_json, print_message, say, write_text
from cli.progress import working

if TYPE_CHECKING:
    from client.audit import Keeping
    from schemas.records import AuditVerdict
    from schemas.signatures import Trusted

app = typer.Typer(help="証跡の検証、控え、書き出し", no_args_is_help=True)
app.add_typer(retention.app, name="retention")

Output = Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="書き出すファイル")]


@app.callback()
def audit() -> None:
    """証跡を扱う。"""


@app.command("verify")
def verify(
    expect: Annotated[str | None, typer.Option("--expect", help="控えておいた先頭の値（HEAD）")] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="EXPORT", help="台帳でなく、書き出した証跡を検証する")
    ] = None,
    checkpoints: Annotated[
        str | None, typer.Option("--checkpoints", metavar="FILE", help="控えのファイル（空なら、この環境の控え）")
    ] = None,
    keys: Annotated[
        str | None, typer.Option("--keys", metavar="FILE", help="信頼する公開鍵（書き出しを検証するとき）")
    ] = None,
    signers: Annotated[
        str | None, typer.Option("--signers", metavar="FILE", help="行為の署名の公開鍵（書き出しを検証するとき）")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """連鎖と、それが指す全ての記録を計算し直し、控えを通るかを確かめる。"""
    lines = None if checkpoints is None else read(checkpoints)
    if file is not None:
        trusted = None if signers is None else _signers(Path(signers))
        of_checkpoints = None if keys is None else read(keys)
        _verify_file(Path(file), expect=expect, lines=lines, keys=of_checkpoints, signers=trusted, as_json=as_json)
        return
    if keys is not None or signers is not None:
        raise typer.BadParameter("--keys と --signers は --file とともに使います。台帳は、この環境の鍵で検証します。")
    with working("証跡を計算し直しています"):
        verdict = ask(lambda minaoshi: minaoshi.audit.verify(_keeping(), expect=expect, checkpoints=lines))
    _tell(verdict, as_json=as_json)


def _signers(path: Path) -> Trusted:
    from engine.signing import Signatures
    from settings import load_settings

    signatures = Signatures(load_settings().model_copy(update={"public_keys_file": path}))
    signatures.ids()  # a file that can't be used is told, and not that every key is unknown
    return signatures


def _verify_file(
    path: Path,
    *,
    expect: str | None,
    lines: bytes | None,
    keys: bytes | None,
    signers: Trusted | None,
    as_json: Json,
) -> None:
    from client.audit import verify_file

    if not path.is_file():
        raise typer.BadParameter(f"{path} がありません。")
    with working("証跡を計算し直しています"):
        found = verify_file(path, expect=expect, checkpoints=lines, keys=keys, signers=signers)
    if not as_json:
        whose = "書き出しに含まれる鍵（別に控えた鍵を --keys で示せます）" if keys is None else "示された鍵"
        say(f"公開鍵: {whose} {'、'.join(key.key_id for key in found.keys) or 'なし'}")
        if signers is None:
            say("行為の署名は確かめていません（公開鍵を --signers で示せます）。")
        if found.sealed:
            say(f"公表されていないため、内容を SHA-256 だけで確かめたもの: {found.sealed}件")
    _tell(found.verdict, as_json=as_json)


def _tell(verdict: AuditVerdict, *, as_json: Json) -> None:
    if as_json:
        print_message(verdict)
    else:
        say(f"{'✓ 正しい' if verdict.ok else '✗ 誤りがある'}: {verdict.entries}件、先頭 {verdict.head}")
        say(f"照らした控え: {verdict.checkpoints}件")
        for problem in verdict.problems:
            say(f"  {problem}")
    if not verdict.ok:
        raise typer.Exit(ExitStatus.REFUSED)


@app.command("checkpoint")
def checkpoint(*, as_json: Json = False) -> None:
    """証跡の先頭に署名し、台帳の外の控えに書き加える。"""
    made = ask(lambda minaoshi: minaoshi.audit.checkpoint(_keeping()))
    if as_json:
        print_message(made)
    else:
        say(f"控えました: 証跡の{made.seq}番、{made.hash}（鍵 {made.key_id}）")


@app.command("keys")
def keys() -> None:
    """控えを検証する公開鍵を、一行に一つずつ示す。監査する者が別に保管する。"""
    for key in _keeping().keys.public():
        write_text(key.model_dump_json() + "\n")


@app.command("rotate")
def rotate(*, as_json: Json = False) -> None:
    """控えに署名する鍵を新しくする。古い鍵の最後の署名が、新しい鍵を証す。"""
    key = ask(lambda minaoshi: minaoshi.audit.rotate(_keeping()))
    if as_json:
        print_message(key)
    else:
        say(f"これからは鍵 {key.key_id} で署名します。公開鍵を監査する者に渡してください（minaoshi audit keys）。")


@app.command("export")
def export(
    output: Output,
    parts: Annotated[
        str,
        typer.Option("--parts", help="sealed（公表されていない文書などは SHA-256 だけ）か full（全部）"),
    ] = "sealed",
    *,
    as_json: Json = False,
) -> None:
    """証跡の全部と、それが指す記録、控え、公開鍵を一つのファイルに書き出す。"""
    path = Path(output)
    try:
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        raise typer.BadParameter(f"{output} に書けません（{error.strerror}）。") from None
    # What is there stays until the new one is whole.
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as file, working("証跡を書き出しています"):
            head = ask(lambda minaoshi: minaoshi.audit.export(file, _keeping(), parts=parts))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if as_json:
        print_json({"entries": head.seq, "head": head.hash})
    else:
        say(f"{output} に書き出しました: {head.seq}件、先頭 {head.hash}")


def _keeping() -> Keeping:
    from client.audit import Keeping
    from settings import load_settings

    settings = load_settings()
    return Keeping(settings.checkpoints_path, settings.checkpoint_keys_path)
