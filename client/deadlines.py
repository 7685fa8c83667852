"""期限の一覧 (deadlines): all that falls due in one month of what a person sees, day by day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from client.errors import InvalidInputError
from guideline.access import sight_of
from guideline.deadlines import REASSESSMENT, YEARLY_REVIEW, closed_as, last_of_month, stage_due_on, tokyo_date
from guideline.event_closing import waiting
from guideline.gates import gate_row
from guideline.organisation import department_names
from guideline.provisions import cited
from guideline.turns import next_step, waits_for
from schemas.base import Message
from schemas.countermeasures import CountermeasureStatus
from schemas.duties import DutyState, DutyStatus
from schemas.events import EventClock, EventState
from schemas.review import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from client.acting import Acting
    from register.due_days import Due
    from register.register import Register
    from register.reviews import NamedReview
    from schemas.organisation import Organisation, ServiceLevels

MOST = 500
"""一度に示す期限の数: of more a person chooses a department."""

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class DueKind(StrEnum):
    """期限の種類 (kind of what is due)."""

    YEARLY = "yearly"  # 年次の見直し
    FIVE_YEARS = "five_years"  # 五年ごとの再実施
    PUBLICATION = "publication"  # 終了後の公表
    REVIEW = "review"  # 見直し
    GATE = "gate"  # 関門
    COUNTERMEASURE = "countermeasure"  # 対応策
    EVENT = "event"  # リスク事案
    DUTY = "duty"  # 義務

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return _KIND_TITLES[self]


_KIND_TITLES = {
    DueKind.YEARLY: "年次の見直し",
    DueKind.FIVE_YEARS: "五年ごとの再実施",
    DueKind.PUBLICATION: "終了後の公表",
    DueKind.REVIEW: "見直し",
    DueKind.GATE: "関門",
    DueKind.COUNTERMEASURE: "対応策",
    DueKind.EVENT: "リスク事案",
    DueKind.DUTY: "義務",
}


class DueRow(Message):
    """期限の行 (one thing that is due): `departments` are ids, `page` is where it is done."""

    on: date = Field(title="期限")
    kind: DueKind = Field(title="種類")
    name: str = Field(title="名称")
    what: str = Field(title="すべきこと")
    departments: tuple[str, ...] = Field(title="部署")
    department: str = Field(title="部署名")
    page: str = Field(title="ページ")
    provisions: str = Field(default="", title="根拠")
    confirmed: bool = Field(default=True, title="根拠が確認済みである")


class DueDay(Message):
    """一日 (day): what is due on it, and why the offices are closed on it."""

    on: date = Field(title="日")
    closed: str | None = Field(title="閉庁の理由")
    rows: tuple[DueRow, ...] = Field(title="期限")


class Month(Message):
    """一月の期限 (month): its days, and what is due on them. `left_out` are those that are not shown."""

    first: date = Field(title="月の初日")
    previous: str = Field(title="前の月")
    following: str = Field(title="次の月")
    days: tuple[DueDay, ...] = Field(title="日")
    number: int = Field(title="件数")
    left_out: int = Field(title="示していない件数")
    departments: tuple[tuple[str, str], ...] = Field(title="部署（識別子と名称）")


class Deadlines:
    """期限の一覧を台帳から作る."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._now = now

    async def month(self, month: str = "", *, as_: str, department: str = "") -> Month:
        """Give what is due in a month of what the person sees (`2026-12`; the present one unless told).

        Raises InvalidInputError for what is no month, and NotFoundError for an unknown person.
        """
        person, revision = await self._acting.person(as_)
        first = self._first(month)
        last = last_of_month(first)
        sight = sight_of(revision.organisation, person)
        due = await self._register.due_days.between(first, last, sight=sight)
        names = _Names(revision.organisation)
        rows = [one for one in _rows(due, names) if first <= one.on <= last and department in ("", *one.departments)]
        rows.sort(key=lambda one: (one.on, one.kind, one.name, one.page))
        shown = rows[:MOST]
        return Month(
            first=first,
            previous=f"{first - timedelta(days=1):%Y-%m}",
            following=f"{last + timedelta(days=1):%Y-%m}",
            days=tuple(_days(first, last, shown)),
            number=len(rows),
            left_out=len(rows) - len(shown),
            departments=tuple(
                (one.id, one.name)
                for one in revision.organisation.departments
                if one.body == person.body and (sight.is_watcher or one.id in sight.departments)
            ),
        )

    def _first(self, month: str) -> date:
        if not month:
            return tokyo_date(self._now()).replace(day=1)
        found = _MONTH.fullmatch(month)
        if found is None:
            raise InvalidInputError(
                "月を読めません。",
                where="月",
                remedy="2026-12 のように、2000年から2099年までの年と月を指定してください。",
            )
        return date(int(found[1]), int(found[2]), 1)


class _Names:
    """部署名, and the service levels by which an acknowledgement is due."""

    def __init__(self, organisation: Organisation) -> None:
        self.levels: ServiceLevels = organisation.service_levels
        self._departments = department_names(organisation)

    def of(self, departments: Iterable[str]) -> str:
        return "、".join(self._departments.get(one, one) for one in departments)


def _days(first: date, last: date, rows: Iterable[DueRow]) -> Iterator[DueDay]:
    by_day: dict[date, list[DueRow]] = {}
    for one in rows:
        by_day.setdefault(one.on, []).append(one)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield DueDay(on=day, closed=closed_as(day), rows=tuple(by_day.get(day, ())))


def _rows(due: Due, names: _Names) -> Iterator[DueRow]:
    yield from _of_the_calendar(due, names)
    for found in due.reviews:
        yield from _of_a_review(found, names)
    for one, assessment_name in due.countermeasures:
        is_open = one.status is CountermeasureStatus.OPEN
        yield DueRow(
            on=one.due_on,
            kind=DueKind.COUNTERMEASURE,
            name=assessment_name,
            what=f"{'対応策を終える' if is_open else '対応策の完了を確かめる'}: {one.item}",
            departments=(one.department,),
            department=names.of((one.department,)),
            page=f"/countermeasures/{one.countermeasure_id}",
        )
    for state in due.events:
        yield from _of_an_event(state, names)
    for duty in due.duties:
        yield _of_a_duty(duty, names)


def _of_a_duty(state: DutyState, names: _Names) -> DueRow:
    what = "完了を報告する" if state.status is DutyStatus.OPEN else "完了を確かめる"
    return DueRow(
        on=state.due_on,
        kind=DueKind.DUTY,
        name=state.title,
        what=f"{state.kind.label}について、{what}",
        departments=(state.department,),
        department=names.of((state.department,)),
        page=f"/duties/{state.duty_id}",
    )


def _of_the_calendar(due: Due, names: _Names) -> Iterator[DueRow]:
    for one in due.assessments:
        for kind, on, what, period in (
            (DueKind.YEARLY, one.yearly_due_on, "記載の全体を実態と照らす", YEARLY_REVIEW),
            (DueKind.FIVE_YEARS, one.five_years_due_on, "評価を再び実施する", REASSESSMENT),
            (DueKind.PUBLICATION, one.published_until, "公表を終えるか続けるかを決める", None),
        ):
            if on is not None:
                yield DueRow(
                    on=on,
                    kind=kind,
                    name=one.name,
                    what=what,
                    departments=(one.department,),
                    department=names.of((one.department,)),
                    page=f"/assessments/{one.assessment_id}",
                    provisions=cited(period.provisions) if period else "",
                    confirmed=period is None or period.confirmed,
                )


def _of_a_review(found: NamedReview, names: _Names) -> Iterator[DueRow]:
    state = found.record.state
    department = state.opening.department
    row = DueRow(
        on=state.due_on or date.max,
        kind=DueKind.REVIEW,
        name=found.assessment_name,
        what=f"{_turn(found)}（{'・'.join(party.label for party in waits_for(state))}の番）",
        departments=(department,),
        department=names.of((department,)),
        page=f"/reviews/{found.record.review_id}",
    )
    if state.due_on is not None:
        yield row
    passed = {one.gate for one in state.gates_passed}
    for planned in state.opening.gates:
        if planned.gate not in passed:
            rule = gate_row(planned.gate, on=tokyo_date(state.opened_at))
            changed = {"on": planned.planned_on, "kind": DueKind.GATE, "what": f"{planned.gate.label}の予定日"}
            grounds = {"provisions": cited(rule.provisions), "confirmed": rule.confirmed}
            yield row.model_copy(update={**changed, **grounds})


def _turn(found: NamedReview) -> str:
    state = found.record.state
    step = next_step(state) if state.stage is Stage.PROCEDURE else None
    return f"実施手続「{step.step.label}」" if step else state.stage.label


def _of_an_event(state: EventState, names: _Names) -> Iterator[DueRow]:
    awaited = [
        (one.due_on, f"{one.kind.label}（{one.law}）", "、".join(one.provisions), one.confirmed)
        for one in waiting(state)
    ]
    if state.acknowledged_by is None:
        due_on = stage_due_on(began_at=state.reported_at, business_days=names.levels.acknowledgement)
        awaited.append((due_on, EventClock.ACKNOWLEDGEMENT.label, "", True))
    for on, what, provisions, confirmed in awaited:
        if on is not None:
            yield DueRow(
                on=on,
                kind=DueKind.EVENT,
                name=state.title,
                what=what,
                departments=state.departments,
                department=names.of(state.departments),
                page=f"/events/{state.event_id}",
                provisions=provisions,
                confirmed=confirmed,
            )
