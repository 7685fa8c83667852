"""義務の許可の表 (who may do what on duties), written down by hand: kind, act, role, own department or not.

Marks: `*` for every department of the body, `o` for the own department alone, `x` for other departments alone, `r` for
the own row of the roll, `m` for rows of the own department, `.` not at all, `-` where the kind has no roll. What is
handed in is confirmed or sent back; all else is done while the duty is open.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from schemas.duties import DutyKind, DutyStatus
from schemas.duty_acts import DutyActKind
from schemas.organisation import Role
from tests.permission_table import ROLES

# Columns: 職員, 起案者, 保護管理者, 対策チーム, 総括保護管理者, 統括官, 監査チーム, 本システム.
_OF_THE_TEAM = """
kinds guidance status_report
                 staff drafter manager team chief director auditor engine
open             .     .       .       *    .     .        .       .
report_progress  .     .       .       *    .     .        .       .
hand_in          .     .       .       *    .     .        .       .
postpone         .     .       .       .    *     .        .       .
amend            .     .       .       *    *     .        .       .
cancel           .     .       .       .    *     .        .       .
confirm          .     .       .       .    *     .        .       .
send_back        .     .       .       .    *     .        .       .
enrol            -     -       -       -    -     -        -       -
complete         -     -       -       -    -     -        -       -
excuse           -     -       -       -    -     -        -       -
"""

_MEASURE = """
kinds measure
                 staff drafter manager team chief director auditor engine
open             .     .       .       *    .     .        .       .
report_progress  .     o       o       .    .     .        .       .
hand_in          .     o       o       .    .     .        .       .
postpone         .     .       .       *    *     .        .       .
amend            .     .       .       *    *     .        .       .
cancel           .     .       .       *    *     .        .       .
confirm          .     .       .       *    *     .        .       .
send_back        .     .       .       *    *     .        .       .
enrol            -     -       -       -    -     -        -       -
complete         -     -       -       -    -     -        -       -
excuse           -     -       -       -    -     -        -       -
"""

_ANSWER = """
kinds answer
                 staff drafter manager team chief director auditor engine
open             .     .       .       *    .     .        .       *
report_progress  .     .       .       *    .     .        .       .
hand_in          .     .       .       *    .     .        .       .
postpone         .     .       .       *    *     .        .       .
amend            .     .       .       *    *     .        .       *
cancel           .     .       .       *    *     .        .       .
confirm          .     .       .       *    *     .        .       .
send_back        .     .       .       *    *     .        .       .
enrol            -     -       -       -    -     -        -       -
complete         -     -       -       -    -     -        -       -
excuse           -     -       -       -    -     -        -       -
"""

_PUBLICITY = """
kinds publicity
                 staff drafter manager team chief director auditor engine
open             .     .       .       *    .     .        .       .
report_progress  .     .       .       *    .     .        .       .
hand_in          .     .       .       *    .     .        .       .
postpone         .     .       .       *    *     .        .       .
amend            .     .       .       *    *     .        .       .
cancel           .     .       .       *    *     .        .       .
confirm          .     .       .       *    *     .        .       .
send_back        .     .       .       *    *     .        .       .
enrol            .     .       .       *    .     .        .       .
complete         r     r       m       *    r     r        r       .
excuse           .     .       m       *    .     .        .       .
"""

_CIRCULAR = """
kinds circular
                 staff drafter manager team chief director auditor engine
open             .     .       .       *    .     .        .       .
report_progress  .     .       .       *    .     .        .       .
hand_in          .     .       .       *    .     .        .       .
postpone         .     .       .       *    *     .        .       .
amend            .     .       .       *    *     .        .       .
cancel           .     .       .       *    *     .        .       .
confirm          .     .       .       *    *     .        .       .
send_back        .     .       .       *    *     .        .       .
enrol            .     .       .       *    .     .        .       .
complete         .     .       .       *    .     .        .       *
excuse           .     .       .       *    .     .        .       .
"""

_TRAINING = """
kinds training
                 staff drafter manager team chief director auditor engine
open             .     .       .       *    .     .        .       *
report_progress  .     .       .       *    .     .        .       .
hand_in          .     .       .       *    .     .        .       .
postpone         .     .       .       .    *     .        .       .
amend            .     .       .       *    *     .        .       *
cancel           .     .       .       .    *     .        .       .
confirm          .     .       .       .    *     .        .       .
send_back        .     .       .       .    *     .        .       .
enrol            .     .       .       *    .     .        .       *
complete         r     r       m       *    r     r        r       .
excuse           .     .       m       *    .     .        .       .
"""

_OF_THE_DEPARTMENT = """
kinds inspection correction log_analysis
                 staff drafter manager team chief director auditor engine
open             .     .       .       .    .     .        *       *
report_progress  .     o       o       .    .     .        .       .
hand_in          .     o       o       .    .     .        .       .
postpone         .     .       .       .    .     .        x       .
amend            .     .       .       .    .     .        x       *
cancel           .     .       .       .    .     .        x       .
confirm          .     .       .       .    .     .        x       .
send_back        .     .       .       .    .     .        x       .
enrol            -     -       -       -    -     -        -       -
complete         -     -       -       -    -     -        -       -
excuse           -     -       -       -    -     -        -       -
"""

_AUDIT = """
kinds audit
                 staff drafter manager team chief director auditor engine
open             .     .       .       .    .     .        *       *
report_progress  .     .       .       .    .     .        x       .
hand_in          .     .       .       .    .     .        x       .
postpone         .     .       .       .    x     .        x       .
amend            .     .       .       .    x     .        x       *
cancel           .     .       .       .    x     .        x       .
confirm          .     .       .       .    x     .        x       .
send_back        .     .       .       .    x     .        x       .
enrol            -     -       -       -    -     -        -       -
complete         -     -       -       -    -     -        -       -
excuse           -     -       -       -    -     -        -       -
"""

_TABLES = (_OF_THE_TEAM, _MEASURE, _ANSWER, _PUBLICITY, _CIRCULAR, _TRAINING, _OF_THE_DEPARTMENT, _AUDIT)


class DutyCell(NamedTuple):
    """一つの升 (cell): an act on a duty by a role of its department, or of another; what refuses it, if anything."""

    kind: DutyKind
    act: DutyActKind
    role: Role
    own: bool
    code: str

    @property
    def permitted(self) -> bool:
        return not self.code

    @property
    def status(self) -> DutyStatus | None:
        """Where the duty stands when the act is done; None before there is one."""
        if self.act is DutyActKind.OPEN:
            return None
        confirms = self.act in (DutyActKind.CONFIRM, DutyActKind.SEND_BACK)
        return DutyStatus.HANDED_IN if confirms else DutyStatus.OPEN


_CODES = {
    ("*", True): "",
    ("*", False): "",
    ("o", True): "",
    ("o", False): "duty_side",
    ("x", True): "own_department",
    ("x", False): "",
    ("r", True): "others_completion",
    ("r", False): "others_completion",
    ("m", True): "",
    ("m", False): "member_of_others",
    (".", True): "duty_side",
    (".", False): "duty_side",
    ("-", True): "no_roll",
    ("-", False): "no_roll",
}


def duty_cells() -> tuple[DutyCell, ...]:
    """Read the tables: every act on every kind by every role of either department. The rows of a roll are others'."""
    found = []
    for text in _TABLES:
        named, head, *rows = [line.split() for line in text.strip().splitlines()]
        assert head == list(ROLES)
        for kind, (act, *marks) in product(named[1:], rows):
            for (role, mark), own in product(zip(ROLES.values(), marks, strict=True), (True, False)):
                found.append(DutyCell(DutyKind(kind), DutyActKind(act), role, own, _CODES[mark, own]))
    return tuple(found)


DUTY_CELLS = duty_cells()

ONE_OF_EACH_TABLE = tuple(DutyKind(text.split()[1]) for text in _TABLES)
"""表ごとの種類: the first kind of each table."""

OF_A_ROLL = frozenset({"others_completion", "member_of_others"})
"""名簿の行による理由: told where the roll is kept; the rules of the duty alone do not know them."""
