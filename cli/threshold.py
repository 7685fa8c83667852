"""しきい値判断 (threshold analysis)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from cli.opening import Json
from cli.output import print_json, say


def threshold(
    data_subjects: Annotated[int, typer.Option("--data-subjects", help="対象人数")],
    handlers: Annotated[int, typer.Option("--handlers", help="取扱者数")],
    *,
    serious_incident: Annotated[bool, typer.Option("--serious-incident", help="過去1年以内に重大事故があった")] = False,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="基準日（空なら今日）")] = None,
    as_json: Json = False,
) -> None:
    """対象人数、取扱者数、重大事故から、義務となる評価の種類を示す。"""
    from client.minaoshi import Minaoshi

    analysis = Minaoshi.threshold(
        data_subjects=data_subjects,
        handlers=handlers,
        serious_incident=serious_incident,
        on=on.date() if on else None,
    )
    provisions = [provision.article for provision in analysis.provisions]
    if as_json:
        print_json(
            {
                "level": analysis.required_level.value,
                "reasons": list(analysis.reasons),
                "provisions": provisions,
                "confirmed": analysis.confirmed,
            }
        )
        return
    unsure = "" if analysis.confirmed else "【要確認】"
    say(f"{analysis.required_level.label}（{analysis.required_level.value}）{unsure}")
    for reason in analysis.reasons:
        say(f"  {reason}")
    say(f"  根拠: {'、'.join(provisions)}")
