"""指導と改善策の規則 (rules of guidance): how a measure stands on a day, and what a report on them still lacks. Pure.

A measure is 済 when it was done and another has confirmed it; what was to be done and is past its day is told as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from guideline.guidance_dates import fault_of_when
from schemas.guidance import (
    UNPLACED,
    Guidance,
    GuidanceDocument,
    Measure,
    MeasureEntry,
    MeasureResult,
    MeasuresReport,
    MeasureState,
    Passage,
    Place,
    Standing,
)
from schemas.reports import Evidence

LONGEST_NAME = 40
"""識別子の長さ: of a guidance and of a measure, as they are entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """追跡中の改善策 (followed measure): as it was entered, and what became of it since.

    `due_on` is the date after a postponement, `result` what was reported as done, `cancelled` why it is not done.
    """

    measure: MeasureEntry
    due_on: date | None = None
    result: MeasureResult | None = None
    is_confirmed: bool = False
    cancelled: str | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def awaited_on(self) -> date | None:
        """Until when it is to be done; None where nothing is planned."""
        if self.measure.state is MeasureState.DONE:
            return None
        return self.due_on or (self.measure.when.latest_on if self.measure.when else None)

    @property
    def done_on(self) -> date | None:
        """The last day on which it can have been done; None where it was not, or no day is told."""
        if self.result is not None:
            return self.result.when.latest_on
        when = self.measure.when if self.measure.state is MeasureState.DONE else None
        return None if when is None else when.latest_on

    @property
    def papers(self) -> tuple[Evidence, ...]:
        """Every evidence, of the entry and of the report that it was done."""
        return (*self.measure.evidence, *(one for one in self.evidence if one not in self.measure.evidence))


def as_entered(document: GuidanceDocument) -> tuple[Followed, ...]:
    """Give the measures as the document tells them; what it calls done is taken for confirmed."""
    return tuple(Followed(measure=one, is_confirmed=one.state is MeasureState.DONE) for one in document.measures)


def standing_of(followed: Followed, *, on: date) -> Standing:
    """Say how a measure stands on a day; what was done later had not been done then."""
    if followed.cancelled is not None:
        return Standing.CANCELLED
    if is_reported(followed, on=on):
        return Standing.DONE if followed.is_confirmed else Standing.AWAITING
    awaited_on = followed.awaited_on
    return Standing.OVERDUE if awaited_on is not None and awaited_on < on else Standing.PLANNED


def is_reported(followed: Followed, *, on: date) -> bool:
    """Say whether by that day it had been done, as far as was told."""
    told = followed.measure.state is MeasureState.DONE or followed.result is not None
    return told and (followed.done_on is None or followed.done_on <= on)


def days_overdue(followed: Followed, *, on: date) -> int:
    """Give the calendar days by which a measure is past its date; 0 where it is not overdue."""
    awaited_on = followed.awaited_on
    if awaited_on is None or standing_of(followed, on=on) is not Standing.OVERDUE:
        return 0
    return (on - awaited_on).days


def faults_of(document: GuidanceDocument) -> tuple[str, ...]:
    """Say what makes no sense in a guidance as it is entered, in the reader's words."""
    guidance, measures = document.guidance, document.measures
    return (
        *_faults_of_names(document),
        *(("報告の期限（report_due_on）がありません。",) if guidance.report_due_on is None else ()),
        *faults_of_guidance(guidance),
        *_twice("改善策の識別子", (one.id for one in measures)),
        *(f"改善策 {one.id}: {fault}" for one in measures for fault in faults_of_measure(one, guidance)),
        *_faults_of_order((*guidance.passages, *measures)),
    )


def _faults_of_names(document: GuidanceDocument) -> Iterator[str]:
    """Say which names are too long, or hold a dot: that of a measure's duty holds two of them, with a dot between."""
    for name in (document.id, *(one.id for one in document.measures)):
        if len(name) > LONGEST_NAME or "." in name:
            yield f"識別子「{name}」は、点（.）を含まない{LONGEST_NAME}字までとしてください。"


def faults_of_guidance(guidance: Guidance) -> tuple[str, ...]:
    """Say what makes no sense in what a guidance asks for."""
    known = {one.number for one in guidance.items}
    due_on = guidance.report_due_on
    return (
        *(("報告の期限が、指導の日より前です。",) if due_on is not None and due_on < guidance.received_on else ()),
        *_twice("指導事項の番号", (one.number for one in guidance.items)),
        *(f"説明の指す指導事項{one.item}がありません。" for one in guidance.passages if one.item not in known),
    )


def faults_of_measure(measure: Measure, guidance: Guidance) -> tuple[str, ...]:
    """Say what makes no sense in a measure of a guidance."""
    known = {one.number for one in guidance.items}
    return (
        *(() if measure.item in known else (f"指導事項{measure.item}がありません。",)),
        *faults_of_time(measure),
        *(("予定には、いつまでか（when）を書いてください。",) if _lacks_time(measure) else ()),
    )


def faults_of_time(measure: Measure) -> tuple[str, ...]:
    """Say where the words and the days of a measure's time disagree."""
    fault = None if measure.when is None else fault_of_when(measure.when)
    return () if fault is None else (fault,)


def _lacks_time(measure: Measure) -> bool:
    return measure.when is None and measure.state is MeasureState.PLANNED


def _faults_of_order(written: Sequence[Passage | Measure]) -> Iterator[str]:
    yield from _twice("文の順", (f"指導事項{one.item}の{one.order}" for one in written if one.order != UNPLACED))
    first: dict[str, Passage | Measure] = {}
    for one in sorted(written, key=lambda one: one.order):
        first.setdefault(one.item, one)
    for number, one in first.items():
        if one.place is Place.CONTINUED:
            yield f"指導事項{number}の最初の文は、続ける前の文がありません。"


def _twice(what: str, given: Iterable[str]) -> Iterator[str]:
    for one, count in Counter(given).items():
        if count > 1:
            yield f"{what}「{one}」が{count}度あります。"


def missing_for_report(report: MeasuresReport) -> tuple[str, ...]:
    """Say what keeps a report from being approved; what is overdue is told in it and keeps nothing."""
    return tuple(_missing(report))


def _missing(report: MeasuresReport) -> Iterator[str]:
    for item in report.items:
        lines = [one.line for one in item.entries if one.line is not None]
        if not lines:
            yield f"{item.origin.label}{item.number}「{item.heading}」に、改善策がありません。"
        for line in lines:
            if line.standing is Standing.DONE and not line.evidence:
                yield f"改善策 {line.measure}: 済とするには、根拠資料が要ります。"


def follow_ups(report: MeasuresReport) -> tuple[date, ...]:
    """Give the days from that of the report on for which another is due: its deadline, and each planned date.

    What is overdue is followed up at once.
    """
    planned = {one.on for one in report.lines if one.standing is Standing.PLANNED and one.on is not None}
    late = {report.on for one in report.lines if one.standing is Standing.OVERDUE}
    due = {report.report_due_on} if report.report_due_on is not None else set()
    return tuple(sorted(day for day in {*planned, *late, *due} if day >= report.on))
