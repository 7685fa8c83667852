"""名簿: who joins and leaves it, who speaks for whom, and how it is counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.duty_roll import LEFT, RollAct, check_own_row, counted, joined, members_of, rows_after
from guideline.refusals import RefusedError
from schemas.duties import Completions, DutyKind, MemberCompletion, MemberStatus, Roll, RollCount, RollMember, RollRow
from schemas.duty_acts import DutyActKind, DutyEnrolment
from schemas.organisation import Actor, Role
from tests.guideline.duty_samples import MANAGER, STAFF, TEAM, TODAY, act_of, duty_id_of, state
from tests.guideline.reviews import actor

OPEN, COMPLETED, EXCUSED, REMOVED = MemberStatus
ONE = state(DutyKind.TRAINING)


def row(member: str, status: MemberStatus = OPEN, *, department: str = "accounts") -> RollRow:
    return RollRow(member=member, name=f"氏名{member}", department=department, status=status)


KNOWN = {
    one.member: one
    for one in (row("a"), row("b", COMPLETED), row("c", EXCUSED), row("d", REMOVED), row("e", department="others"))
}


def roll_act(kind: DutyActKind, by: Actor = TEAM, **more: Any) -> RollAct:
    act = act_of(kind, by, duty_id=duty_id_of(DutyKind.TRAINING), **more)
    assert isinstance(act, RollAct)
    return act


def complete(*members: str, by: Actor = TEAM) -> RollAct:
    return roll_act(DutyActKind.COMPLETE, by, members=members)


def changed(act: RollAct) -> dict[str, MemberStatus]:
    return {one.member: one.status for one in rows_after(ONE, act, known=KNOWN)}


def code_of(act: RollAct) -> tuple[str, str]:
    with pytest.raises(RefusedError) as refused:
        rows_after(ONE, act, known=KNOWN)
    return refused.value.refusal.code, refused.value.refusal.message


def test_who_joins_and_who_leaves() -> None:
    new, again = RollMember(member="n", name="新人"), RollMember(member="d", name="復職")
    act = roll_act(DutyActKind.ENROL, added=(new,), removed=("a", "b"))
    listed = Roll(members=(again,))
    assert members_of(act, listed) == ("n", "d", "a", "b")
    rows = rows_after(ONE, act, known=KNOWN, listed=listed)
    assert [(one.member, one.status, one.name) for one in rows] == [
        ("n", OPEN, "新人"),
        ("d", OPEN, "復職"),
        ("a", REMOVED, "氏名a"),
        ("b", REMOVED, "氏名b"),
    ]


def test_who_left_is_excused_and_comes_back_and_who_moved_keeps_what_they_did() -> None:
    moved = RollMember(member="b", name="乙", department="others", mail="b@example.jp")
    act = roll_act(DutyActKind.ENROL, added=(), left=("a",), changed=(moved,))
    assert members_of(act, Roll(left=("c",))) == ("b", "a", "c")
    rows = rows_after(ONE, act, known=KNOWN, listed=Roll(left=("c",)))
    assert [(one.member, one.status, one.reason, one.department) for one in rows] == [
        ("b", COMPLETED, None, "others"),
        ("a", EXCUSED, LEFT, "accounts"),
    ]
    gone = rows[1]
    back = roll_act(DutyActKind.ENROL, added=(RollMember(member="a", name="甲"),), joiners_due_on=date(2026, 7, 15))
    assert joined(back) == back.added if isinstance(back, DutyEnrolment) else False
    (again,) = rows_after(ONE, back, known={"a": gone})
    assert (again.status, again.reason, again.due_on) == (OPEN, None, date(2026, 7, 15))


def test_each_of_a_document_has_a_day_of_their_own() -> None:
    day = date(2026, 5, 20)
    listed = Completions(completed=(MemberCompletion(member="c", completed_on=day),))
    act = complete("a")
    assert members_of(act, listed) == ("a", "c")
    rows = rows_after(ONE, act, known=KNOWN, listed=listed)
    assert [(one.member, one.completed_on) for one in rows] == [("a", TODAY), ("c", day)]


def test_who_has_done_it_and_who_is_excused() -> None:
    (done,) = rows_after(ONE, complete("c"), known=KNOWN)
    assert (done.status, done.completed_on, done.reason) == (COMPLETED, TODAY, None)
    (excused,) = rows_after(ONE, roll_act(DutyActKind.EXCUSE), known=KNOWN)
    assert (excused.status, excused.reason) == (EXCUSED, "休職中")


REFUSED = [
    (complete("a", "a"), "member_twice"),
    (complete("x"), "unknown_member"),
    (complete("d"), "unknown_member"),
    (complete("b"), "member_status"),
    (roll_act(DutyActKind.EXCUSE, members=("c",)), "member_status"),
    (roll_act(DutyActKind.ENROL, added=(RollMember(member="a", name="甲"),)), "member_status"),
    (roll_act(DutyActKind.ENROL, added=(), removed=("x",)), "unknown_member"),
    (complete("a", by=STAFF), "others_completion"),
    (complete("e", by=MANAGER), "member_of_others"),
]


@pytest.mark.parametrize(("act", "code"), REFUSED)
def test_what_can_not_be(act: RollAct, code: str) -> None:
    assert code_of(act)[0] == code


def test_who_speaks_for_whom() -> None:
    member = actor(Role.STAFF, person="a")
    assert changed(complete("a", by=member)) == {"a": COMPLETED}
    assert changed(complete("a", "c", by=MANAGER)) == {"a": COMPLETED, "c": COMPLETED}
    own = actor(Role.PRIVACY_MANAGER, person="e")
    assert changed(complete("a", "e", by=own)) == {"a": COMPLETED, "e": COMPLETED}
    assert changed(complete("a", "e")) == {"a": COMPLETED, "e": COMPLETED}


def test_of_many_the_first_are_named() -> None:
    _, message = code_of(complete(*(f"x{number}" for number in range(8))))
    assert message.startswith("x0、x1、x2、x3、x4ほか3人（団体）は")


def test_the_roll_is_counted_from_what_changes() -> None:
    first = counted(None, known={}, changed=[row("a"), row("b"), row("c")])
    assert (first.total, first.open) == (3, 3)
    known = {one.member: one for one in (row("a"), row("b"), row("c"))}
    then = counted(first, known=known, changed=[row("a", COMPLETED), row("b", EXCUSED), row("c", REMOVED)])
    assert then == RollCount(total=2, completed=1, excused=1)
    assert counted(then, known={"b": row("b", EXCUSED)}, changed=[row("b", COMPLETED)]) == RollCount(
        total=2, completed=2, excused=0
    )


@pytest.mark.parametrize(
    ("by", "found", "code"),
    [
        (STAFF, None, "unknown_member"),
        (STAFF, row("somebody", REMOVED), "unknown_member"),
        (STAFF, row("somebody", COMPLETED), "member_status"),
        (STAFF, row("somebody"), ""),
        (STAFF, row("somebody", EXCUSED), ""),
        (TEAM, None, ""),
        (MANAGER, None, ""),
    ],
)
def test_whoever_speaks_for_themselves_alone_has_something_to_record(
    by: Actor, found: RollRow | None, code: str
) -> None:
    if not code:
        check_own_row(ONE, by, found)
        return
    with pytest.raises(RefusedError) as refused:
        check_own_row(ONE, by, found)
    assert refused.value.refusal.code == code
