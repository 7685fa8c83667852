"""義務の種類ごとの規則 (rules of duties): one row per kind: who owes, opens, confirms, what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from schemas.duties import DutyKind
from schemas.organisation import Role

if TYPE_CHECKING:
    from collections.abc import Mapping


class RollOf(Enum):
    """名簿に載る者 (whom a roll names)."""

    STAFF = "職員"
    BODIES = "他の団体"


@dataclass(frozen=True, slots=True)
class DutyRule:
    """義務の規則 (rule of a kind): one row of the table."""

    kind: DutyKind
    owing: tuple[Role, ...]
    """義務を負う役割: of its department where the role is one of a department; a named owner owes it in their stead."""
    opens: tuple[Role, ...]
    confirms: tuple[Role, ...]
    superiors: tuple[Role, ...]
    """期限を過ぎたときの上位者: told first; the 総括保護管理者 comes after."""
    source: str
    evidence: bool = True
    paper: bool = True
    """提出物: needed, where the kind has one."""
    opener_hands_in: bool = False
    """始めた者も: what was done before it was entered is told by whoever enters it."""
    roll: RollOf | None = None
    roll_needed: bool = False
    children_first: bool = False
    """終える前に: the duties under it come to their end first."""
    recurs: bool = False
    """繰り返す: the engine opens the next one by itself."""
    reminded_before: int = 5
    """期限前の督促: so many business days before the date."""
    confirmed_within: int = 5
    """確認の期間: business days."""
    stranger_hands_in: bool = False
    stranger_confirms: bool = False
    """部署外の者: nobody of the department itself may do it, nor say otherwise what is asked for."""
    due_business_day: int | None = None
    """毎月の期限: so many business days into the month after the one in which it begins."""


_TEAM = (Role.TEAM_MEMBER,)
_TEAM_OR_CHIEF = (Role.TEAM_MEMBER, Role.CHIEF_PRIVACY_OFFICER)
_CHIEF = (Role.CHIEF_PRIVACY_OFFICER,)
_AUDITORS = (Role.AUDITOR,)
_DEPARTMENT = (Role.DRAFTER, Role.PRIVACY_MANAGER)
_SUPERIORS = (Role.PRIVACY_MANAGER, Role.DIRECTOR_GENERAL)

_ROWS = (
    DutyRule(
        DutyKind.GUIDANCE,
        owing=_TEAM,
        opens=_TEAM,
        confirms=_CHIEF,
        superiors=_CHIEF,
        source="改善策の実施状況（指導事項）",
        children_first=True,
        reminded_before=10,
    ),
    DutyRule(
        DutyKind.MEASURE,
        owing=_DEPARTMENT,
        opens=_TEAM,
        confirms=_TEAM_OR_CHIEF,
        superiors=_SUPERIORS,
        source="改善策の実施状況（改善策）",
        paper=False,
        opener_hands_in=True,
    ),
    DutyRule(
        DutyKind.STATUS_REPORT,
        owing=_TEAM,
        opens=_TEAM,
        confirms=_CHIEF,
        superiors=_CHIEF,
        source="改善策の実施状況（報告）",
        evidence=False,
        reminded_before=1,
    ),
    DutyRule(
        DutyKind.PUBLICITY,
        owing=_TEAM,
        opens=_TEAM,
        confirms=_TEAM_OR_CHIEF,
        superiors=_CHIEF,
        source="改善策の実施状況 2・4（庁内の周知）",
        roll=RollOf.STAFF,
    ),
    DutyRule(
        DutyKind.CIRCULAR,
        owing=_TEAM,
        opens=_TEAM,
        confirms=_TEAM_OR_CHIEF,
        superiors=_CHIEF,
        source="改善策の実施状況 1・3（事務連絡）",
        roll=RollOf.BODIES,
        roll_needed=True,
    ),
    DutyRule(
        DutyKind.ANSWER,
        owing=_TEAM,
        opens=(*_TEAM, Role.ENGINE),
        confirms=_TEAM_OR_CHIEF,
        superiors=_CHIEF,
        source="改善策の実施状況 3（市区町村との情報共有）",
        evidence=False,
        reminded_before=1,
    ),
    DutyRule(
        DutyKind.TRAINING,
        owing=_TEAM,
        opens=(*_TEAM, Role.ENGINE),
        confirms=_CHIEF,
        superiors=_SUPERIORS,
        source="改善策の実施状況 2・4（教育研修）",
        roll=RollOf.STAFF,
        roll_needed=True,
        recurs=True,
        reminded_before=10,
    ),
    DutyRule(
        DutyKind.INSPECTION,
        owing=_DEPARTMENT,
        opens=(*_AUDITORS, Role.ENGINE),
        confirms=_AUDITORS,
        superiors=_SUPERIORS,
        source="改善策の実施状況 6（自己点検）",
        evidence=False,
        recurs=True,
        stranger_confirms=True,
    ),
    DutyRule(
        DutyKind.AUDIT,
        owing=_AUDITORS,
        opens=(*_AUDITORS, Role.ENGINE),
        confirms=(*_AUDITORS, *_CHIEF),
        superiors=_CHIEF,
        source="改善策の実施状況 6（監査）",
        children_first=True,
        recurs=True,
        reminded_before=10,
        # What was found is followed up until each correction has come to its end.
        confirmed_within=80,
        stranger_hands_in=True,
        stranger_confirms=True,
    ),
    DutyRule(
        DutyKind.CORRECTION,
        owing=_DEPARTMENT,
        opens=(*_AUDITORS, Role.ENGINE),
        confirms=_AUDITORS,
        superiors=_SUPERIORS,
        source="改善策の実施状況 6（監査）",
        stranger_confirms=True,
    ),
    DutyRule(
        DutyKind.LOG_ANALYSIS,
        owing=_DEPARTMENT,
        opens=(*_AUDITORS, Role.ENGINE),
        confirms=_AUDITORS,
        superiors=_SUPERIORS,
        source="改善策の実施状況 6（ログ分析）",
        recurs=True,
        due_business_day=10,
        stranger_confirms=True,
    ),
)

DUTY_RULES: Mapping[DutyKind, DutyRule] = MappingProxyType({row.kind: row for row in _ROWS})
"""義務の種類ごとの規則: every kind has its row."""
