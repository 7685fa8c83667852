"""場所 (places): on which page stands what a notice tells of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.records import Notice, RecordedReport

INBOX = "/"

_COUNTERMEASURE = re.compile(r"([1-9][0-9]*)/[0-9]+")


def page_of(notice: Notice, *, event_id: str | None = None) -> str:
    """Give the path of the page; `event_id` is that of the risk event, where the notice tells of the report of one."""
    origin = notice.notice_id.partition(">")[0]
    event, mark, _ = origin.rpartition("#")
    if mark:
        return f"/events/{event}"
    duty, mark, _ = origin.rpartition("~")
    if mark:
        return f"/duties/{duty}"
    if notice.review_id is not None:
        number = _COUNTERMEASURE.fullmatch(origin.removeprefix(f"{notice.review_id}/"))
        if number is not None:
            return f"/countermeasures/{notice.review_id}/{number[1]}"
        return f"/reviews/{notice.review_id}"
    if event_id is not None:
        return f"/events/{event_id}"
    return INBOX if notice.assessment_id is None else f"/assessments/{notice.assessment_id}"


def event_of(report: RecordedReport | None) -> str | None:
    """Give the risk event that a report begins or adds to; None where it is no such report."""
    if report is None or report.intake.report.report != "risk":
        return None
    return report.intake.adds_to or report.intake.act_id
