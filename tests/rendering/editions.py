"""版の一式の見本 (sample editions)."""

from __future__ import annotations

from datetime import date
from typing import Any

from rendering.edition import Edition
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
