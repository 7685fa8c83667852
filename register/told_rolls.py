"""名簿の照合 (rolls beside their acts): who has done it and who is excused is told again by the acts, and compared.

A roll is a projection: the trail fixes the acts on a duty and the documents that they name, and they tell every row.
Whether a letter arrived is no act, and is not compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, union

from guideline.duty_register import COMPLETIONS_FORM, ROLL_FORM
from guideline.duty_roll import Listed, RollAct, rows_told
from guideline.refusals import RefusedError
from register.audit import UNREADABLE
from register.duty_roll import row_of
from register.tables import documents, duty_acts, duty_roll
from schemas.canonical import canonical_bytes
from schemas.duties import Completions, Roll, RollRow
from schemas.duty_acts import DutyActKind, DutyCompletion, DutyEnrolment

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = [kind.value for kind in (DutyActKind.ENROL, DutyActKind.COMPLETE, DutyActKind.EXCUSE)]
_COLUMNS = tuple(duty_roll.c[name] for name in RollRow.model_fields if name != "delivered_at")
_ACT: TypeAdapter[RollAct] = TypeAdapter(RollAct)


def rolls_beside_their_acts(connection: Connection) -> Iterator[str]:
    """Name each row of a roll that is not as the acts on its duty tell it, and each that is missing."""
    acted = select(duty_acts.c.duty_id).where(duty_acts.c.kind.in_(_KINDS))
    every = union(select(duty_roll.c.duty_id), acted).subquery()
    for duty_id in connection.execute(select(every.c.duty_id).order_by(every.c.duty_id)).scalars().all():
        try:
            told, there = _told(connection, duty_id), _there(connection, duty_id)
        except (*UNREADABLE, RefusedError):
            yield f"義務 {duty_id} の名簿を、その行為と照らせません。"
            continue
        for member in sorted(told.keys() | there.keys()):
            if told.get(member) != there.get(member):
                yield f"義務 {duty_id} の名簿の {member} が、行為の内容と違います。"


def _there(connection: Connection, duty_id: str) -> dict[str, RollRow]:
    rows = connection.execute(select(*_COLUMNS).where(duty_roll.c.duty_id == duty_id))
    return {row.member: row_of(row) for row in rows}


def _told(connection: Connection, duty_id: str) -> dict[str, RollRow]:
    """Tell the roll from its first act to its last one."""
    of_it = select(duty_acts.c.content).where(duty_acts.c.duty_id == duty_id, duty_acts.c.kind.in_(_KINDS))
    told: dict[str, RollRow] = {}
    for content in connection.execute(of_it.order_by(duty_acts.c.sequence)).scalars():
        act = _ACT.validate_json(canonical_bytes(content))
        told |= {row.member: row for row in rows_told(act, known=told, listed=_listed(connection, act))}
    return told


def _listed(connection: Connection, act: RollAct) -> Listed:
    if isinstance(act, DutyEnrolment) and act.added_by_document is not None:
        return Roll.read(_document(connection, act.added_by_document, form=ROLL_FORM))
    if isinstance(act, DutyCompletion) and act.completed_by_document is not None:
        return Completions.read(_document(connection, act.completed_by_document, form=COMPLETIONS_FORM))
    return None


def _document(connection: Connection, sha256: str, *, form: str) -> object:
    it = select(documents.c.content).where(documents.c.sha256 == sha256, documents.c.form == form)
    return connection.execute(it).scalar()
