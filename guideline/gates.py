"""関門 (gates): how far an assessment must have come before a project goes on (番号法28条1項・6項, 規則9条).

The ordinance leaves the point in the making of a system to the 指針: 要件定義の終了 was read in a secondary source,
プログラミングの開始 in none. So the first asks for a reason, and only the law's own gates are closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from guideline.provisions import LAW_28_1, LAW_28_6, RULE_5_1, RULE_9_1, RULE_9_2, Provision, cited, rows_in_force
from schemas.gates import Gate
from schemas.levels import Level
from schemas.review import Step

if TYPE_CHECKING:
    from schemas.acts import GatePassage
    from schemas.review import ReviewState


class Exceptional(StrEnum):
    """例外 (exception): what lets a project pass before the step that is needed."""

    REASON = "reason"  # 理由を記す
    EMERGENCY = "emergency"  # 規則第9条第2項
    NEVER = "never"  # 例外なし


@dataclass(frozen=True, slots=True)
class GateRow:
    """関門の一行 (gate row): what must be done before it, and what lets a project pass all the same."""

    in_force_on: date
    gate: Gate
    published: bool
    exception: Exceptional
    sentence: str
    provisions: tuple[Provision, ...]
    confirmed: bool


_FIRST_DAY = date(2016, 1, 1)

GATES = (
    GateRow(
        _FIRST_DAY,
        Gate.REQUIREMENTS_END,
        published=False,
        exception=Exceptional.REASON,
        sentence="システムを用いる場合は、原則として要件定義の終了までに行います",
        provisions=(RULE_9_1,),
        confirmed=False,
    ),
    GateRow(
        _FIRST_DAY,
        Gate.PROGRAMMING_START,
        published=False,
        exception=Exceptional.EMERGENCY,
        sentence="遅くともプログラミングを始める前に行います",
        provisions=(RULE_9_1, RULE_9_2),
        confirmed=False,
    ),
    GateRow(
        _FIRST_DAY,
        Gate.HOLD_START,
        published=False,
        exception=Exceptional.EMERGENCY,
        sentence="特定個人情報ファイルを保有する前に行います",
        provisions=(LAW_28_1, RULE_5_1, RULE_9_2),
        confirmed=True,
    ),
    GateRow(
        _FIRST_DAY,
        Gate.NETWORK_LINK_START,
        published=True,
        exception=Exceptional.NEVER,
        sentence="評価書を公表するまで、情報提供ネットワークシステムによる情報連携はできません",
        provisions=(LAW_28_6,),
        confirmed=True,
    ),
)
"""関門: all rows. A released row is never edited."""


@dataclass(frozen=True, slots=True)
class GateStanding:
    """関門の状況 (where a gate stands), with the sentence that a person reads."""

    gate: Gate
    planned_on: date
    passed_on: date | None
    needs: Step
    met: bool
    warning: str | None
    provisions: tuple[Provision, ...]
    confirmed: bool


def gate_row(gate: Gate, *, on: date) -> GateRow:
    """Give the row of a gate on that day; raises NotInForceError for a day before the first rows."""
    return next(row for row in rows_in_force(GATES, on=on, rule="関門") if row.gate is gate)


def step_needed(row: GateRow, *, level: Level) -> Step:
    """Give the step that must be done before: 公表, or else 公示 (全項目評価) or 提出 (規則9条1項)."""
    if row.published:
        return Step.PUBLICATION
    return Step.PUBLIC_NOTICE if level is Level.ALL_ITEMS else Step.SUBMISSION


def is_met(review: ReviewState, step: Step, *, by: date) -> bool:
    """Say whether the step was done by that day."""
    return any(done.stands and done.step is step and done.done_on <= by for done in review.steps)


def lacks_exception(row: GateRow, act: GatePassage) -> bool:
    """Say whether the act does not carry what would let the project pass before the step that is needed."""
    if row.exception is Exceptional.REASON:
        return act.reason is None and act.emergency is None
    return row.exception is Exceptional.NEVER or act.emergency is None


def standings(review: ReviewState, *, on: date, lead_days: int) -> tuple[GateStanding, ...]:
    """Give where each planned gate stands on that day; it warns `lead_days` calendar days before the day planned."""
    return tuple(
        _standing(review, planned.gate, planned.planned_on, on=on, lead_days=lead_days)
        for planned in sorted(review.opening.gates, key=lambda one: (one.planned_on, list(Gate).index(one.gate)))
    )


def _standing(review: ReviewState, gate: Gate, planned_on: date, *, on: date, lead_days: int) -> GateStanding:
    row = gate_row(gate, on=on)
    needs = step_needed(row, level=review.opening.level)
    passed = next((one for one in review.gates_passed if one.gate is gate), None)
    met = is_met(review, needs, by=on)
    near = on >= planned_on - timedelta(days=lead_days)
    warning = None if passed is not None or met or not near else _warning(row, needs, planned_on=planned_on, on=on)
    return GateStanding(
        gate=gate,
        planned_on=planned_on,
        passed_on=passed.passed_on if passed else None,
        needs=needs,
        met=met,
        warning=warning,
        provisions=row.provisions,
        confirmed=row.confirmed,
    )


def _warning(row: GateRow, needs: Step, *, planned_on: date, on: date) -> str:
    days = (planned_on - on).days
    when = f"あと{days}日" if days > 0 else "本日" if days == 0 else f"{-days}日超過"
    doubt = "" if row.confirmed else "（要確認）"
    return (
        f"{row.gate.label}の予定日 {planned_on.isoformat()}（{when}）までに「{needs.label}」が済んでいません。"
        f"{row.sentence}（{cited(row.provisions)}）{doubt}。"
    )
