"""許可の頁 (page of permissions): who may do what, in which stage, of which department, written from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from docs.permissions_of_duties import write_permissions_of_duties
from guideline.separation_of_duties import (
    COUNTERMEASURE_PERMITS,
    EVENT_PERMITS,
    PEOPLE,
    REVIEW_PERMITS,
    Permit,
    Permits,
)
from schemas.countermeasures import CountermeasureStatus
from schemas.events import EventStatus
from schemas.organisation import Role
from schemas.review import Stage

_ANYWHERE, _OWN, _NOT = "●", "○", "―"

_HEAD = (
    "# 許可の表: 誰が、どの段階で、何をできるか",
    "",
    "*In English.* Who may do what: one row for each act, with the stages in which it is done, one column for each",
    f"role. {_ANYWHERE} may do it for every department of the body, {_OWN} for the own department alone, {_NOT} not at",
    "all. What stands in no row is refused, on the page and by the workflow itself. The name in code is that of the",
    "Temporal update. An auditor sees everything and changes nothing of it: no act on a review, an event or a",
    "countermeasure, no report (a risk event goes to the hotline by mail); of duties what is the auditors' alone.",
    "",
    "`{command}` が、[職務の表](../guideline/separation_of_duties.py)から作るページです。",
    "手で直さず、もとを直してから作り直してください。",
    "",
    f"- {_ANYWHERE}: 機関のどの部署のことについても行えます。",
    f"- {_OWN}: 自らの部署のことについてだけ行えます。",
    f"- {_NOT}: 行えません。表にない段階では、誰も行えません。",
    "- 他の機関のことについては、誰も何も行えません。",
    "- 表で許される行為も、その行為の規則（自らの案は承認しない、など）によって断られることがあります。",
    "- 報告は、監査チームを除く誰もが「職員」として行います。監査チームは、リスク事案ホットラインにメールします。",
    "- 監査チームが変えるのは、[義務](#義務-duties)のうち、監査チームのものとされた行為だけです。",
    "",
)


def write_permissions(command: str) -> str:
    """Write the page."""
    sections = (
        ("見直し (reviews)", "自らの部署: 評価書の担当部署。", _table(REVIEW_PERMITS, Stage)),
        (
            "リスク事案 (risk events)",
            "自らの部署: 事案を知った部署。終了の後は、提出した報告の訂正と追完に要る行為だけができます。",
            _table(EVENT_PERMITS, EventStatus),
        ),
        (
            "対応策 (countermeasures)",
            "自らの部署: 対応策の担当部署。担当者は、"
            + "・".join(role.label for role in PEOPLE)
            + "のどの役割にあっても行えます。",
            _table(COUNTERMEASURE_PERMITS, CountermeasureStatus, with_owner=True),
        ),
    )
    lines = [line.format(command=command) for line in _HEAD]
    for title, said, table in sections:
        lines += [f"## {title}", "", said, "", *table, ""]
    lines += write_permissions_of_duties()
    return "\n".join(lines).rstrip() + "\n"


def _table(permits: Permits[Any, Any], stages: Iterable[Any], *, with_owner: bool = False) -> Iterator[str]:
    owner = ["担当者"] if with_owner else []
    titles = ["行為", "段階", *owner, *(role.label for role in Role)]
    yield f"| {' | '.join(titles)} |"
    yield f"|---|---|{':-:|' * (len(titles) - 2)}"
    order = list(stages)
    for row in permits.rows:
        there = "、".join(one.label for one in order if one in row.stages)
        owned = [_ANYWHERE if row.owner else _NOT] if with_owner else []
        marks = [*owned, *(_mark(row, role) for role in Role)]
        yield f"| {row.act.label} `{row.act.value}` | {there} | {' | '.join(marks)} |"


def _mark(row: Permit[Any, Any], role: Role) -> str:
    if role in row.anywhere:
        return _ANYWHERE
    return _OWN if role in row.own else _NOT
