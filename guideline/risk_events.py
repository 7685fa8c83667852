"""リスク事案の報告 (report of a risk event): what can't be so, how late it is, whether the minister is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from guideline.provisions import IMPROVEMENT_2, Provision, cited, rows_in_force
from guideline.serious_incident import seriousness
from schemas.forms.wording import japanese_day
from schemas.reports import RiskEvent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from schemas.acts import Intake
    from schemas.organisation import Organisation


def faults_of_event(event: RiskEvent, *, organisation: Organisation, body: str, on: date) -> tuple[str, ...]:
    """Give everything in a report of that day that can't be so, each as a Japanese sentence with what to do."""
    return (*_faults_of_days(event, on=on), *_faults_of_department(event, organisation, body=body))


def _faults_of_days(event: RiskEvent, *, on: date) -> Iterator[str]:
    known_on = japanese_day(event.known_on)
    if event.known_on > on:
        today = japanese_day(on)
        yield f"known_on（把握した日）: {known_on}は今日（{today}）より後です。最初に知った日を書いてください。"
    if event.happened_on is not None and event.happened_on > event.known_on:
        happened_on = japanese_day(event.happened_on)
        yield (
            f"happened_on（発生した日）: {happened_on}は、把握した日（{known_on}）より後です。"
            "日付を確かめるか、不明なら空にしてください。"
        )


def _faults_of_department(event: RiskEvent, organisation: Organisation, *, body: str) -> Iterator[str]:
    department = event.known_by_department
    if all((one.id, one.body) != (department, body) for one in organisation.departments):
        yield (
            f"known_by_department（最初に知った部署）: 部署「{department}」は組織表の機関「{body}」にありません。"
            "組織表にある部署の識別子を指定してください。"
        )


# --- 評価書の示されていない事案


def unassigned_events(reports: Iterable[Intake], *, closed: Collection[str] = ()) -> tuple[tuple[str, RiskEvent], ...]:
    """Give act id and event of each report of which nobody has named an assessment, nor said that it touches none.

    `reports` are all risk events of a body with what was added to them; those that were known first come first. Those
    that are `closed` wait for nobody: why no review is needed was said at their end.
    """
    every = [(one, one.report) for one in reports if isinstance(one.report, RiskEvent)]
    dealt_with = {one.adds_to for one, event in every if event.assessments or one.untouched}
    waiting = [
        (one.act_id, event)
        for one, event in every
        if one.adds_to is None and not event.assessments and one.act_id not in (*dealt_with, *closed)
    ]
    return tuple(sorted(waiting, key=lambda found: (found[1].known_on, found[0])))


# --- 遅れ


@dataclass(frozen=True, slots=True)
class ReportingDelay:
    """報告までの日数 (reporting delay), in calendar days from the day any department knew, and that in words."""

    days: int
    sentence: str


def reporting_delay(event: RiskEvent, *, reported_on: date) -> ReportingDelay:
    """Say how long it took from the day any department knew to the report (直ちに, improvement report, 2 and 5)."""
    days = (reported_on - event.known_on).days
    if days <= 0:
        return ReportingDelay(days=0, sentence="把握した日のうちに報告されました。")
    since = f"把握した日（{event.known_on}）から報告（{reported_on}）まで{days}日が経っています"
    return ReportingDelay(days=days, sentence=f"{since}。直ちに報告すべきものです（{cited((IMPROVEMENT_2,))}）。")


# --- 政務への共有


@dataclass(frozen=True, slots=True)
class MinisterRow:
    """政務への共有 (sharing with the minister's office): whether a 重大事故 is shared without being asked."""

    in_force_on: date
    sentence: str
    serious_incidents: bool
    provisions: tuple[Provision, ...]
    confirmed: bool


MINISTER_SHARING = (
    MinisterRow(
        date(2023, 6, 26),
        "重大事故は、求めがなくても政務に共有します",
        serious_incidents=True,
        provisions=(IMPROVEMENT_2,),
        confirmed=False,
    ),
)
"""政務への共有の定め: 「必要に応じて」 is all that was published; which events need it is our own choice."""


@dataclass(frozen=True, slots=True)
class MinisterSharing:
    """政務への共有の判断 (finding): whether an event is shared with the minister's office, and why."""

    shared: bool
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def minister_sharing(event: RiskEvent, *, on: date) -> MinisterSharing:
    """Say whether the minister's office is told of an event: where its reporter asks for it, or it is a 重大事故.

    Raises NotInForceError for a day before the first row.
    """
    if event.share_with_minister:
        asked = f"報告した者が、政務への共有を要するとした（{cited((IMPROVEMENT_2,))}）。"
        return MinisterSharing(shared=True, reasons=(asked,), provisions=(IMPROVEMENT_2,), confirmed=True)
    row = rows_in_force(MINISTER_SHARING, on=on, rule="政務への共有の定め")[0]
    found = seriousness(event, on=on)
    shared = row.serious_incidents and found.serious
    what = row.sentence if shared else "定めによる政務への共有はありません。要するときは、報告に記してください"
    why = f"{what}（{cited(row.provisions)}、共有する事案の範囲は要確認）。"
    return MinisterSharing(
        shared=shared,
        reasons=(*found.reasons, why),
        provisions=(*row.provisions, *found.provisions),
        confirmed=row.confirmed,
    )
