"""証跡 (audit trail)."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.exit_status import ExitStatus
from cli.opening import Json, ask
from cli.output import print_message, say
from cli.progress import working

app = typer.Typer(help="証跡の検証", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """証跡を扱う。"""


@app.command("verify")
def verify(
    expect: Annotated[str | None, typer.Option("--expect", help="控えておいた先頭の値（HEAD）")] = None,
    *,
    as_json: Json = False,
) -> None:
    """連鎖と、それが指す全ての記録を計算し直す。"""
    with working("証跡を計算し直しています"):
        verdict = ask(lambda minaoshi: minaoshi.verify_audit(expect=expect))
    if as_json:
        print_message(verdict)
    else:
        say(f"{'✓ 正しい' if verdict.ok else '✗ 誤りがある'}: {verdict.entries}件、先頭 {verdict.head}")
        for problem in verdict.problems:
            say(f"  {problem}")
    if not verdict.ok:
        raise typer.Exit(ExitStatus.REFUSED)
