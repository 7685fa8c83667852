"""指導の見本 (samples of guidance)."""

from __future__ import annotations

from datetime import date
from typing import Any

from schemas.guidance import Guidance, GuidanceDocument, GuidanceItem, MeasureEntry, MeasureState, When
from schemas.reports import Evidence

PAPER = Evidence(title="規程（見本）", sha256="ab" * 32)


def guidance(**facts: Any) -> Guidance:
    """Give a guidance of two items."""
    whole: dict[str, Any] = {
        "authority": "見本委員会",
        "respondent": "見本市",
        "received_on": date(2023, 9, 20),
        "report_due_on": date(2023, 10, 31),
        "items": (
            GuidanceItem(number="1", heading="規程", text="規程を見直すこと。"),
            GuidanceItem(number="2", heading="研修", text="研修を行うこと。"),
        ),
    }
    return Guidance(**{**whole, **facts})


def document(
    *measures: MeasureEntry,
    subject: str = "見本の事案",
    **head: Any,
) -> GuidanceDocument:
    """Give a guidance with its measures; `head` is of what it asks for."""
    return GuidanceDocument(
        id="sample",
        subject=subject,
        department="privacy",
        guidance=guidance(**head),
        measures=measures,
    )


def when(said: str = "令和5年12月迄", latest_on: date = date(2023, 12, 31), **facts: Any) -> When:
    return When(said=said, latest_on=latest_on, **facts)


def planned(measure_id: str = "2-1", **facts: Any) -> MeasureEntry:
    """Give a measure that is to be done by the end of 2023."""
    whole: dict[str, Any] = {
        "id": measure_id,
        "item": measure_id[0],
        "order": 10 * int(measure_id[2:]),
        "text": "資料を令和5年12月迄に周知予定。",
        "department": "privacy",
        "state": MeasureState.PLANNED,
        "when": when(),
    }
    return MeasureEntry(**{**whole, **facts})


def done(measure_id: str = "1-1", **facts: Any) -> MeasureEntry:
    """Give a measure that was done on 31 October 2023."""
    told: dict[str, Any] = {
        "text": "規程を改正（令和5年10月31日）。",
        "state": MeasureState.DONE,
        "when": when("令和5年10月31日", date(2023, 10, 31)),
        "evidence": (PAPER,),
    }
    return planned(measure_id, **{**told, **facts})
