"""説明 (explain): what follows from a change, and why. Nothing is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.opening import File, Json, ask, read
from cli.output import print_json, say
from schemas.courses import Course
from schemas.levels import Level

if TYPE_CHECKING:
    from guideline.consequences import Consequence

app = typer.Typer(help="説明（変更から何が求められるかを、記録せずに示す）", no_args_is_help=True)

_FOLLOWS = {
    Course.REASSESS: "reassess",
    Course.AMEND: "amend",
    Course.NO_CHANGE: "review",
    Course.END_BUSINESS: "end",
    Course.END_PUBLICATION: "end",
}
_WORDS = {"reassess": "再実施", "amend": "修正", "review": "両者の検討", "end": "事務の終了の手続"}


@app.command("change")
def change(
    file: File,
    level: Annotated[Level | None, typer.Option("--level", help="評価の種類（空なら台帳にある評価書のもの）")] = None,
    *,
    as_json: Json = False,
) -> None:
    """報告（JSON）から、何が、いつまでに求められるかを示す。"""
    content = read(file)
    _tell(ask(lambda minaoshi: minaoshi.explanations.change(content, level=level)), as_json=as_json)


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="前の文書")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="後の文書")],
    takes_effect_on: Annotated[
        datetime | None, typer.Option("--takes-effect-on", formats=["%Y-%m-%d"], help="変更が生じる日")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """同じ様式の二つの文書の違いから、何が求められるかを示す。"""
    from datetime import UTC

    from client.explanations import difference

    day = takes_effect_on.date() if takes_effect_on else None
    _tell(difference(read(old), read(new), at=datetime.now(UTC), takes_effect_on=day), as_json=as_json)


def _tell(answer: Consequence, *, as_json: bool) -> None:
    follows = _FOLLOWS[answer.follows]
    provisions = [one.article for one in answer.provisions]
    if as_json:
        print_json(
            {
                "material": answer.material,
                "items": [
                    {
                        "form": one.form,
                        "item": one.item,
                        "appendix": one.row,
                        "provisions": [clause.article for clause in one.provisions],
                        "confirmed": one.confirmed,
                    }
                    for one in answer.items
                ],
                "follows": follows,
                "by": answer.by.isoformat() if answer.by else None,
                "reasons": list(answer.reasons),
                "provisions": provisions,
                "confirmed": answer.confirmed,
            }
        )
        return
    unsure = "" if answer.confirmed else "【要確認】"
    say(f"重要な変更: {'当たる' if answer.material else '当たらない'}{unsure}")
    for one in answer.items:
        doubt = "" if one.confirmed else "・要確認"
        say(f"  {one.form} {one.item}（別表「{one.row}」{doubt}）")
    say(f"求められる対応: {_WORDS[follows]}　期限: {answer.by or '定まらない'}")
    for reason in answer.reasons:
        say(f"  {reason}")
    say(f"  根拠: {'、'.join(provisions)}")
