"""版の一式の見本 (sample editions)."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from typing import Any

from rendering.edition import Edition
from rendering.reports import ReportPaper
from schemas.changes import ChangeRow, Timing
from schemas.levels import Level
from tests.filled import filled


def row(item: str = "Ⅱ7 備考", before: str = "前の記載", after: str = "後の記載") -> ChangeRow:
    return ChangeRow(
        changed_on=date(2026, 4, 1),
        item=item,
        before=before,
        after=after,
        submission_timing=Timing.ADVANCE,
        explanation="重要な変更に当たらない。",
    )


def edition(*documents: dict[str, Any], **facts: Any) -> Edition:
    """Give an edition: of 様式2 and 様式4 with everything filled in, unless told."""
    whole: dict[str, Any] = {
        "assessment_id": "sample-1",
        "number": "1",
        "name": "見本に関する事務",
        "body": "sample-city",
        "body_name": "見本市長",
        "required_level": Level.ALL_ITEMS,
        "effective_level": Level.ALL_ITEMS,
        "version": 2,
        "published_on": date(2026, 4, 1),
        "documents": documents or (filled("basic_items"), filled("all_items")),
        "changes": (row(),),
        "systems": ("見本システム",),
        "files": ("見本ファイル",),
    }
    return Edition(**{**whole, **facts})


def paper(which: str = "preliminary", **facts: Any) -> ReportPaper:
    """Give the paper of a sample 速報, approved and filed, unless told."""
    sample = resources.files("schemas").joinpath(f"examples/breach_report_2025-10/accept/{which}.json")
    whole: dict[str, Any] = {
        "title": "速報　誤登録",
        "body": "見本市長",
        "label": "速報 第1版",
        "dated_on": date(2026, 6, 4),
        "facts": ("宛先: 個人情報保護委員会",),
        "document": json.loads(sample.read_text(encoding="utf-8")),
        "record": (("承認した者", "見本 花子"), ("提出", "令和8年6月4日　速報　受付番号 123")),
    }
    return ReportPaper(**{**whole, **facts})
