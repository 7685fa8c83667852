"""しきい値の再判断 (reanalysis): which published assessments must be looked at because their threshold has changed.

One 重大事故 touches every business of the body whose text it makes wrong, and raises the level of those between 10,000
and 299,999 persons with fewer than 500 handlers (規則4条8号ロ, 6条1項, 14条1項・3項). When its year has passed, they
are looked at again. What a published 様式2 says of a higher level is the legal occasion for the larger form
(規則6条2項, 7条2項, 8条).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from guideline.deadlines import years_after
from guideline.level_change import LevelChange, level_change, level_of_numbers, stated_numbers
from guideline.serious_incident import seriousness
from guideline.threshold import SeriousIncident, serious_incident_within_one_year, thresholds
from schemas.acts import Intake
from schemas.courses import Course
from schemas.levels import Level
from schemas.records import AssessmentRecord, StatedThreshold
from schemas.reports import RiskEvent


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """重大事故の報告 (known incident): a serious incident, and the report by which it became known."""

    report_id: str
    title: str
    incident: SeriousIncident


@dataclass(frozen=True, slots=True)
class Reanalysis:
    """再判断の事由 (reanalysis due): of which assessment, why, and what it asks for at least.

    `ground_id` is the same however often the question is asked; `same_as` is the ground by which the event itself may
    have come to the assessment. `level` is the one to be carried out, where the time for it has come.
    """

    ground_id: str
    record: AssessmentRecord
    title: str
    known_on: date
    minimum: Course
    level: Level | None = None
    same_as: str | None = None


def incidents_of(reports: Iterable[Intake], *, on: date) -> tuple[KnownIncident, ...]:
    """Give those of the reported events that are serious by the definition of that day."""
    return tuple(
        KnownIncident(
            report_id=one.act_id,
            title=one.report.title,
            incident=SeriousIncident(
                body=one.actor.body,
                occurred_on=_occurred_on(one.report),
                became_known_on=one.report.known_on,
            ),
        )
        for one in reports
        if isinstance(one.report, RiskEvent) and one.untouched is None and seriousness(one.report, on=on).serious
    )


def _occurred_on(event: RiskEvent) -> date | None:
    """Give the day on which it happened; nothing where that would be after the day on which it was known."""
    return event.happened_on if event.happened_on and event.happened_on <= event.known_on else None


def due_reanalyses(
    stated: Iterable[StatedThreshold], incidents: Sequence[KnownIncident], *, body: str, on: date
) -> Iterator[Reanalysis]:
    """Give the assessments of a body that must be looked at on that day, in the order in which they are given."""
    finding = serious_incident_within_one_year((one.incident for one in incidents), body=body, on=on)
    counted = [one for one in incidents if one.incident in finding.incidents]
    passed = [one for one in incidents if one.incident.body == body and one not in counted]
    for one in stated:
        yield from _of_incidents(one, counted, passed, on=on)
        yield from _of_what_is_published(one, on=on)


def _of_incidents(
    stated: StatedThreshold, counted: Sequence[KnownIncident], passed: Sequence[KnownIncident], *, on: date
) -> Iterator[Reanalysis]:
    numbers, record = stated_numbers(stated.document), stated.record
    newest = max(counted, key=lambda one: (one.incident.became_known_on, one.report_id), default=None)
    if newest is not None:
        says_so = numbers is not None and numbers.serious_incident
        if says_so:
            return
        change = level_change(numbers, on=on, serious_incident=True) if numbers else None
        yield Reanalysis(
            ground_id=f"level_change/incident/{newest.report_id}/{record.assessment_id}",
            record=record,
            title=f"{_of_the_incident(change)}（{newest.title}）"[:200],
            known_on=newest.incident.became_known_on,
            minimum=Course.AMEND if numbers else Course.NO_CHANGE,
            same_as=f"{newest.report_id}/{record.assessment_id}",
        )
        return
    last = max(passed, key=lambda one: (one.incident.became_known_on, one.report_id), default=None)
    if last is not None and numbers is not None and numbers.serious_incident:
        yield Reanalysis(
            ground_id=f"level_change/passed/{last.report_id}/{record.assessment_id}",
            record=record,
            title=f"重大事故から1年の経過によるしきい値の再判断（{last.title}）"[:200],
            known_on=years_after(last.incident.became_known_on, years=thresholds(on=on).incident_years),
            minimum=Course.AMEND,
        )


def _of_the_incident(change: LevelChange | None) -> str:
    if change is None:
        return "重大事故によるしきい値の再判断（記載が読めないため人が確かめる）"
    if change.rises:
        return f"重大事故により「{change.before.label}」から「{change.after.label}」へ"
    return "重大事故に伴うⅡ3の修正（評価の種類は変わらない）"


def _of_what_is_published(stated: StatedThreshold, *, on: date) -> Iterator[Reanalysis]:
    """Give the rise of level that the published 様式2 states and no larger form has answered yet."""
    numbers, record = stated_numbers(stated.document), stated.record
    if numbers is None:
        return
    required = level_of_numbers(numbers, on=on).required_level
    if required.rank <= record.effective_level.rank:
        return
    yield Reanalysis(
        ground_id=f"level_change/rise/{record.assessment_id}/{record.version}",
        record=record,
        title=f"「{record.effective_level.label}」から「{required.label}」への上昇による再実施（規則第6条第2項・第7条第2項・第8条）",
        known_on=record.published_on or on,
        minimum=Course.REASSESS,
        level=required,
    )
