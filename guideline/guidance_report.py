"""改善策の実施状況 (report on the measures): what it says of each on a day, arranged as the published one. Pure.

A sentence stands as it was written. Only what it does not say itself is added: that it is late, done meanwhile,
postponed, or waits to be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guideline.guidance import Followed, days_overdue, is_reported, standing_of
from guideline.guidance_dates import is_told
from schemas.canonical import message_digest
from schemas.forms.wording import japanese_day
from schemas.guidance import (
    Guidance,
    GuidanceDocument,
    GuidanceItem,
    MeasureLine,
    MeasuresReport,
    Passage,
    ReportEntry,
    ReportItem,
    Standing,
    When,
)


def report_on(document: GuidanceDocument, followed: Iterable[Followed], *, on: date) -> MeasuresReport:
    """Give the report on a guidance as of a day; of the document its head alone is asked."""
    every, guidance = tuple(followed), document.guidance
    return MeasuresReport(
        guidance=document.id,
        title=document.title,
        labels=guidance.labels,
        marking=guidance.marking,
        authority=guidance.authority,
        respondent=guidance.respondent,
        number=guidance.number,
        received_on=guidance.received_on,
        report_due_on=guidance.report_due_on,
        preamble=guidance.preamble,
        on=on,
        items=tuple(
            _item(item, guidance, every, on=on) for item in sorted(guidance.items, key=lambda one: int(one.number))
        ),
    )


def digest_of_report(report: MeasuresReport) -> str:
    """Give the SHA-256 that both sides approve."""
    return message_digest(report)


def _item(item: GuidanceItem, guidance: Guidance, followed: tuple[Followed, ...], *, on: date) -> ReportItem:
    written = [
        *((one.order, "", _told(one)) for one in guidance.passages if one.item == item.number),
        *(
            (one.measure.order, one.measure.id, _entry(one, on=on))
            for one in followed
            if one.measure.item == item.number
        ),
    ]
    return ReportItem(
        number=item.number,
        heading=item.heading,
        text=item.text,
        origin=item.origin,
        entries=tuple(entry for *_, entry in sorted(written, key=lambda one: one[:2])),
    )


def _told(one: Passage) -> ReportEntry:
    return ReportEntry(heading=one.heading, place=one.place, text=one.text, mark=None, line=None)


def _entry(one: Followed, *, on: date) -> ReportEntry:
    measure, text = one.measure, one.measure.text
    if one.result is not None and one.result.text is not None and is_reported(one, on=on):
        text = one.result.text
    return ReportEntry(
        heading=measure.heading,
        place=measure.place,
        text=text,
        mark=_mark(one, text, on=on),
        line=_line(one, on=on),
    )


def _line(one: Followed, *, on: date) -> MeasureLine:
    when = _when(one, on=on)
    day = one.done_on if is_reported(one, on=on) else one.awaited_on or one.done_on
    return MeasureLine(
        measure=one.measure.id,
        standing=standing_of(one, on=on),
        said=None if when is None else when.said,
        on=day,
        days_overdue=days_overdue(one, on=on),
        department=one.measure.department,
        owner=one.measure.owner,
        evidence=one.papers,
    )


def _when(one: Followed, *, on: date) -> When | None:
    if one.result is not None and is_reported(one, on=on):
        return one.result.when
    return one.measure.when


def _mark(one: Followed, text: str, *, on: date) -> str | None:
    """Say what the sentence does not say itself; None where it says all."""
    standing, when, due_on = standing_of(one, on=on), _when(one, on=on), one.awaited_on
    label, told = standing.label, when is None or _tells(one, when, text)
    more = "" if when is None else f": {when.said}"
    if standing is Standing.CANCELLED:
        more = f": {one.cancelled}"
    elif standing is Standing.DONE and told:
        return None
    elif standing is Standing.OVERDUE and due_on is not None:
        more = f": 期限の{japanese_day(due_on)}を{days_overdue(one, on=on)}日過ぎています"
    elif standing is Standing.PLANNED and due_on is None:
        more = f": {japanese_day(on)}には実施していません"
    elif standing is Standing.PLANNED and due_on is not None and when is not None and due_on != when.latest_on:
        more = f": 期限を{japanese_day(due_on)}に延期"
    elif standing is Standing.PLANNED and told:
        return None
    return f"【{label}{more}】"


def _tells(one: Followed, when: When, text: str) -> bool:
    """Say whether a sentence tells of itself that it was done, and when; that of a plan does not."""
    of_a_plan = one.result is not None and one.result.text is None
    return not of_a_plan and is_told(when, text)
