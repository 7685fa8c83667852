"""義務の許可 (permissions on duties): who may do what on each kind, found by asking the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from guideline.duties import DUTY_MOVES, DutySide, is_on, refusal_of_duty_act
from guideline.duty_rules import DUTY_RULES
from schemas.canonical import digest_of
from schemas.duties import DutyKind, DutyState
from schemas.duty_acts import DutyActKind
from schemas.organisation import Actor, Role

ANYWHERE, OWN, OTHERS, OWN_ROW, NOT, NO_ROLL = "●", "○", "◇", "△", "―", ""

_BODY, _DEPARTMENT, _ANOTHER, _ONE = "body", "department", "another", "one"
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_OF_ROWS = (DutyActKind.COMPLETE, DutyActKind.EXCUSE)

_SAID = (
    "自らの部署: 義務を負う部署。監査では、監査を受ける部署。規則は、種類ごとに",
    "[guideline/duty_rules.py](../guideline/duty_rules.py) の一行にあり、行為ごとの手順は",
    "[guideline/duties.py](../guideline/duties.py) の表にある。",
    "",
    f"- {OTHERS}: 自らの部署のことについては行えず、ほかの部署のことについてだけ行えます。",
    f"- {OWN_ROW}: 名簿に載る自分の分だけを記録できます。名簿の行為の{OWN}は、自らの部署の者の分です。",
    "- 名簿のない種類には、名簿の行為がありません。",
    "- 担当者は、どの役割にあっても、義務を負う者として行えます。改善策では、それを登録した者も同じです。",
    "- 担当者と完了を報告した者は、確認、差戻し、延期、取りやめを、どの役割にあっても行えません。",
    "- 完了・取りやめの後は、誰も何も行えません。",
    "",
    "*In English.* An auditor owes audits and confirms what is looked over: of duties an auditor changes what these",
    f"tables give to auditors, and no more. {OTHERS}: not for the own department, which nobody audits or confirms.",
    f"{OWN_ROW} is one's own row of the roll.",
)


def write_permissions_of_duties() -> Iterator[str]:
    """Give the lines of the section; kinds that are alike in all share a table."""
    yield from ("## 義務 (duties)", "", *_SAID, "")
    alike: dict[tuple[str, ...], list[DutyKind]] = {}
    for kind in DutyKind:
        alike.setdefault(tuple(_table(kind)), []).append(kind)
    for table, kinds in alike.items():
        named = ", ".join(f"`{kind.value}`" for kind in kinds)
        yield from (f"### {'・'.join(kind.label for kind in kinds)} ({named})", "", *table, "")


def _table(kind: DutyKind) -> Iterator[str]:
    titles = ["行為", "状況", *(role.label for role in Role)]
    yield f"| {' | '.join(titles)} |"
    yield f"|---|---|{':-:|' * (len(titles) - 2)}"
    for act in DutyActKind:
        marks = [mark_of(kind, act, role) for role in Role]
        if NO_ROLL not in marks:
            there = "、".join(move.status.label if move.status else "開始前" for move in DUTY_MOVES if move.act is act)
            yield f"| {act.label} `{act.value}` | {there} | {' | '.join(marks)} |"


def mark_of(kind: DutyKind, act: DutyActKind, role: Role) -> str:
    """Give the mark of a cell; empty where the kind has no roll."""
    rule = DUTY_RULES[kind]
    codes = {own: _code(kind, act, _actor(role, own=own)) for own in (True, False)}
    if "no_roll" in codes.values():
        return NO_ROLL
    if codes[True] and codes[False]:
        return NOT
    if codes[True] or codes[False]:
        return OTHERS if codes[True] else OWN
    if act in _OF_ROWS:
        # The rules let them through; whose rows they may speak for is judged where the roll is kept.
        speaks, state = _actor(role, own=True), _state(kind, act)
        if any(is_on(speaks, side, state=state, rule=rule) for side in (DutySide.OWING, DutySide.LINK)):
            return ANYWHERE
        return OWN if is_on(speaks, DutySide.MANAGER, state=state, rule=rule) else OWN_ROW
    return ANYWHERE


def _code(kind: DutyKind, act: DutyActKind, actor: Actor) -> str:
    refusal = refusal_of_duty_act(_state(kind, act), act, actor=actor, rule=DUTY_RULES[kind])
    return refusal.code if refusal else ""


def _actor(role: Role, *, own: bool) -> Actor:
    return Actor(
        person=_ONE, role=role, body=_BODY, department=_DEPARTMENT if own else _ANOTHER, organisation_revision=1
    )


def _state(kind: DutyKind, act: DutyActKind) -> DutyState | None:
    status = next(move.status for move in DUTY_MOVES if move.act is act)
    if status is None:
        return None
    return DutyState(
        duty_id=f"{kind.value}:sample",
        kind=kind,
        body=_BODY,
        department=_DEPARTMENT,
        title=kind.label,
        due_on=date(2026, 12, 31),
        opened_at=_AT,
        opened_by="somebody",
        status=status,
        began_at=_AT,
        content_digest=digest_of({}),
    )
