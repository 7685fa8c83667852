"""許可の表 (who may do what), written down by hand: what the tests hold rules, validators and pages against.

Marks: `*` for every department of the body, `o` for the own department alone, `.` not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import product
from typing import Generic, NamedTuple, TypeVar

from schemas.acts import ActKind
from schemas.countermeasures import CountermeasureActKind, CountermeasureStatus
from schemas.event_acts import EventActKind
from schemas.events import EventStatus
from schemas.organisation import Role
from schemas.review import Stage

# Stages: E examination, D drafting, A approval, P procedure; a closed review knows no act.
# Columns: 職員, 起案者, 保護管理者, 対策チーム, 総括保護管理者, 統括官, 監査チーム, 本システム.
REVIEW = """
act          stages  staff drafter manager team chief director auditor engine
join         EDAP    *     .       .       *    .     .        .       *
acknowledge  E       .     .       .       *    .     .        .       .
find         E       .     .       o       *    .     .        .       .
resolve      E       .     .       .       .    *     .        .       .
submit       D       .     o       .       .    .     .        .       .
approve      A       .     .       o       *    .     .        .       .
return       A       .     .       o       *    .     .        .       .
dispute      A       .     .       o       *    .     .        .       .
record_step  P       .     o       o       *    .     .        .       .
revise       P       .     .       o       *    .     .        .       .
recall       P       .     .       .       .    *     .        .       .
withdraw     EDAP    *     .       o       *    .     .        .       .
consent      EDAP    .     .       o       *    .     .        .       .
settle       EDAP    .     .       .       .    *     .        .       .
hand_over    EDAP    .     .       .       .    *     .        .       .
pass_gate    EDAP    .     o       o       .    .     .        .       .
remind       EDAP    .     .       .       .    .     .        .       *
"""

# Stages: O open, C closed. The own department is one that knew of the event.
EVENT = """
act                  stages  staff drafter manager team chief director auditor engine
acknowledge_event    O       .     .       .       *    .     .        .       .
update_facts         O       o     o       o       *    o     o        .       .
add_knowledge        O       *     *       *       *    *     *        .       .
join_event           O       .     .       .       *    .     .        .       .
approve_report       O       .     .       .       *    .     .        .       .
record_filing        O       .     .       .       *    .     .        .       .
record_notification  O       .     .       o       *    .     .        .       .
propose_no_report    O       .     .       o       *    .     .        .       .
confirm_no_report    O       .     .       o       *    .     .        .       .
name_measure         O       o     o       o       *    o     o        .       .
close_event          O       .     .       .       *    .     .        .       .
remind               O       .     .       .       .    .     .        .       *
update_facts         C       .     .       .       *    .     .        .       .
approve_report       C       .     .       .       *    .     .        .       .
record_filing        C       .     .       .       *    .     .        .       .
"""

# Stages: O in hand, D done and to be confirmed; a confirmed one knows no act.
COUNTERMEASURE = """
act              stages  staff drafter manager team chief director auditor engine
report_progress  O       .     .       o       .    .     .        .       .
postpone         O       .     .       .       *    .     .        .       .
done             O       .     .       o       .    .     .        .       .
confirm          D       .     .       .       *    .     .        .       .
reject           D       .     .       .       *    .     .        .       .
remind           OD      .     .       .       .    .     .        .       *
"""

# The same for whoever is charged with the countermeasure, in whatever role.
OWN_COUNTERMEASURE = """
act              stages  staff drafter manager team chief director auditor engine
report_progress  O       *     *       *       *    *     *        .       .
postpone         O       .     .       .       *    .     .        .       .
done             O       *     *       *       *    *     *        .       .
confirm          D       .     .       .       *    .     .        .       .
reject           D       .     .       .       *    .     .        .       .
remind           OD      .     .       .       .    .     .        .       *
"""

ROLES = {
    "staff": Role.STAFF,
    "drafter": Role.DRAFTER,
    "manager": Role.PRIVACY_MANAGER,
    "team": Role.TEAM_MEMBER,
    "chief": Role.CHIEF_PRIVACY_OFFICER,
    "director": Role.DIRECTOR_GENERAL,
    "auditor": Role.AUDITOR,
    "engine": Role.ENGINE,
}
REVIEW_STAGES = {
    "E": Stage.EXAMINATION,
    "D": Stage.DRAFTING,
    "A": Stage.APPROVAL,
    "P": Stage.PROCEDURE,
    "": Stage.CLOSED,
}
EVENT_STAGES = {"O": EventStatus.OPEN, "C": EventStatus.CLOSED}
COUNTERMEASURE_STAGES = {
    "O": CountermeasureStatus.OPEN,
    "D": CountermeasureStatus.DONE,
    "": CountermeasureStatus.CLOSED,
}

_Act = TypeVar("_Act", bound=StrEnum)
_Stage = TypeVar("_Stage", bound=StrEnum)


class Cell(NamedTuple, Generic[_Act, _Stage]):
    """一つの升 (cell): an act in a stage by a role of the own department, or of another one; what keeps it, if any."""

    act: _Act
    stage: _Stage
    role: Role
    own: bool
    lack: str

    @property
    def permitted(self) -> bool:
        return not self.lack


def cells(text: str, acts: type[_Act], stages: dict[str, _Stage]) -> tuple[Cell[_Act, _Stage], ...]:
    """Read a table: every act in every stage by every role of either department."""
    head, *rows = [line.split() for line in text.strip().splitlines()]
    assert head[2:] == list(ROLES)
    marks = {
        (acts(act), stages[letter], role): mark
        for act, letters, *given in rows
        for letter in letters
        for role, mark in zip(ROLES.values(), given, strict=True)
    }
    return tuple(_cells(marks, list(acts), list(stages.values())))


def _cells(
    marks: dict[tuple[_Act, _Stage, Role], str], acts: list[_Act], stages: list[_Stage]
) -> Iterator[Cell[_Act, _Stage]]:
    for act, stage, role, own in product(acts, stages, ROLES.values(), (True, False)):
        mark = marks.get((act, stage, role))
        lack = {None: "stage", ".": "role", "o": "" if own else "department", "*": ""}[mark]
        yield Cell(act, stage, role, own, lack)


REVIEW_CELLS = cells(REVIEW, ActKind, REVIEW_STAGES)
EVENT_CELLS = cells(EVENT, EventActKind, EVENT_STAGES)
COUNTERMEASURE_CELLS = cells(COUNTERMEASURE, CountermeasureActKind, COUNTERMEASURE_STAGES)
OWNER_CELLS = cells(OWN_COUNTERMEASURE, CountermeasureActKind, COUNTERMEASURE_STAGES)

REVIEW_CODES = {"stage": "stage", "role": "role", "department": "other_department"}
EVENT_CODES = {"stage": "event_status", "role": "event_side", "department": "event_department"}
COUNTERMEASURE_CODES = {
    "stage": "countermeasure_status",
    "role": "countermeasure_side",
    "department": "countermeasure_department",
}
"""欠けるものと、受け付けない理由の符号."""
