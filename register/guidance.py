"""指導の一式 (a guidance with what is under it): read at once, and what an act on it must find in the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from guideline.guidance_duties import (
    Child,
    Family,
    check_filed,
    check_item,
    check_report,
    day_of_report,
    digest_handed_in,
    guidance_of,
    measure_of,
    of_a_guidance,
    records_by_kind,
)
from register.tables import duties, duty_acts
from schemas.duties import DutyKind, DutyState
from schemas.duty_acts import (
    DutyActKind,
    DutyActRecord,
    DutyAmendment,
    DutyConfirmation,
    DutyHandIn,
    DutyOpening,
)

if TYPE_CHECKING:
    from schemas.records import DutyEntry

_ENDS = (DutyActKind.HAND_IN.value, DutyActKind.CONFIRM.value, DutyActKind.CANCEL.value)


def family(connection: Connection, duty_id: str) -> Family | None:
    """Give a guidance with the duties under it, in two queries; None when it is unknown."""
    found = connection.execute(
        select(duties.c.state).where((duties.c.duty_id == duty_id) | (duties.c.parent == duty_id))
    )
    states = [DutyState.model_validate(state, strict=False) for state in found.scalars()]
    top = next((one for one in states if one.duty_id == duty_id), None)
    if top is None:
        return None
    acts = connection.execute(
        select(duty_acts.c.duty_id, duty_acts.c.content, duty_acts.c.sequence, duty_acts.c.at, duty_acts.c.answer)
        .join(duties, duties.c.duty_id == duty_acts.c.duty_id)
        .where(duties.c.parent == duty_id, duty_acts.c.kind.in_(_ENDS))
        .order_by(duty_acts.c.sequence)
    )
    records: dict[str, list[DutyActRecord]] = {}
    for row in acts:
        content = {"act": row.content, "sequence": row.sequence, "at": row.at, "receipt": row.answer}
        records.setdefault(row.duty_id, []).append(DutyActRecord.model_validate(content, strict=False))
    below = (one for one in states if one is not top)
    return Family(top, tuple(Child(one, **records_by_kind(records.get(one.duty_id, ()))) for one in below))


def check(connection: Connection, entry: DutyEntry) -> None:
    """See that an act on a guidance, a measure or a report agrees with the others. Raises RefusedError."""
    state, act = entry.state, entry.act
    if state.kind is DutyKind.STATUS_REPORT and isinstance(act, DutyOpening | DutyHandIn | DutyConfirmation):
        _check_report(connection, entry)
    elif state.kind is DutyKind.MEASURE and state.parent is not None and isinstance(act, DutyOpening | DutyAmendment):
        above = connection.execute(select(duties.c.state).where(duties.c.duty_id == state.parent)).scalar_one_or_none()
        if above is not None and above["kind"] == DutyKind.GUIDANCE:
            check_item(guidance_of(above["content"]), measure_of(state.content))
    elif state.kind is DutyKind.GUIDANCE and isinstance(act, DutyHandIn):
        there = family(connection, state.duty_id)
        if there is not None and act.paper is not None:
            check_filed(there, str(act.paper["report_sha256"]))


def _check_report(connection: Connection, entry: DutyEntry) -> None:
    state, act = entry.state, entry.act
    there = family(connection, state.parent) if state.parent is not None else None
    there = of_a_guidance(there, state.kind)
    if isinstance(act, DutyOpening):
        return
    own = next((one for one in there.children if one.state.duty_id == state.duty_id), None)
    hand_in = act if isinstance(act, DutyHandIn) else own.hand_in if own is not None else None
    check_report(there, on=day_of_report(state), digest=digest_handed_in(hand_in), at=entry.at)
