"""事務連絡の発出 (sending of circulars): whom a round has to reach yet, what became of each letter, whose a link is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from register.duty_roll import ROWS, row_of
from register.tables import circular_letters, circular_links, duties, duty_roll
from schemas.circulars import LetterKey, LetterState, Link
from schemas.duties import DutyKind, MemberStatus, RollMember, RollRow

if TYPE_CHECKING:
    from register.database import Database

_MEMBER = tuple(duty_roll.c[name] for name in RollMember.model_fields)
_KEYS = ["duty_id", "member", "round"]
_IN_THE_ROUND = and_(
    circular_letters.c.duty_id == duty_roll.c.duty_id,
    circular_letters.c.member == duty_roll.c.member,
    circular_letters.c.round == bindparam("in_round"),
)
_TO_SEND = (
    select(*_MEMBER)
    .outerjoin(circular_letters, _IN_THE_ROUND)
    .where(
        duty_roll.c.duty_id == bindparam("duty"),
        duty_roll.c.member > bindparam("behind"),
        duty_roll.c.status == MemberStatus.OPEN.value,
        duty_roll.c.mail.is_not(None),
        circular_letters.c.delivered_at.is_(None),
        func.coalesce(circular_letters.c.given_up, False).is_(False),
    )
    .order_by(duty_roll.c.member)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Part:
    """都道府県ごとの数 (part of the roll): of the members whose numbers begin so."""

    prefix: str
    total: int
    delivered: int
    failed: int
    acknowledged: int
    excused: int


class CircularRows:
    """事務連絡の発出の行 (rows of the sending)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_send(self, duty_id: str, *, round_: str, after: str | None, limit: int) -> tuple[RollMember, ...]:
        """Give the next who have neither acknowledged nor been reached in that round, by member."""
        return await self._database.read(_to_send, duty_id, round_=round_, after=after, limit=limit)

    async def keep_links(self, duty_id: str, digests: Mapping[str, str], *, at: datetime) -> None:
        """Keep the digest of each member's token, before the letters with the tokens go out."""
        await self._database.write(_keep_links, duty_id, digests, at=at)

    async def mark_delivered(self, letter: LetterKey, *, at: datetime) -> None:
        """Mark a letter as delivered."""
        await self._database.write(_mark_delivered, letter, at=at)

    async def mark_failed(self, letter: LetterKey, *, failure: str, given_up: bool, at: datetime) -> None:
        """Mark a try as failed; the letter is tried again unless it is given up."""
        await self._database.write(_mark_failed, letter, failure=failure, given_up=given_up, at=at)

    async def is_delivered(self, letter: LetterKey) -> bool:
        """Say whether a letter was delivered or given up."""
        return await self._database.read(_is_delivered, letter)

    async def give_up(self, duty_id: str, *, round_: str) -> int:
        """Give up what of a round was not delivered, and give how many that are."""
        return await self._database.write(_give_up, duty_id, round_=round_)

    async def try_again(self, duty_id: str, *, round_: str) -> None:
        """Let what of a round was given up be tried once more."""
        await self._database.write(_try_again, duty_id, round_=round_)

    async def link(self, digest: str) -> Link | None:
        """Give whose a link is, by the digest of its token; None where there is none."""
        return await self._database.read(_link, digest)

    async def letters(self, duty_id: str, members: Sequence[str]) -> dict[str, LetterState]:
        """Give what became of the letters to these recipients."""
        return await self._database.read(_letters, duty_id, members)

    async def parts(self, duty_id: str) -> tuple[Part, ...]:
        """Count the roll by the first two characters of the members' numbers: their prefectures."""
        return await self._database.read(_parts, duty_id)

    async def unreached(self, duty_id: str, *, limit: int) -> tuple[RollRow, ...]:
        """Give who is still open and was never reached though it was tried, by member."""
        return await self._database.read(_unreached, duty_id, limit=limit)

    async def repeated_by(self, duty_id: str) -> tuple[str, ...]:
        """Give the circulars that say one again."""
        return await self._database.read(_repeated_by, duty_id)


def _to_send(
    connection: Connection, duty_id: str, *, round_: str, after: str | None, limit: int
) -> tuple[RollMember, ...]:
    given = {"duty": duty_id, "in_round": round_, "behind": after or "", "most": limit}
    return tuple(RollMember.model_validate(row._asdict()) for row in connection.execute(_TO_SEND, given))


def _keep_links(connection: Connection, duty_id: str, digests: Mapping[str, str], *, at: datetime) -> None:
    rows = [
        {"token_digest": digest, "duty_id": duty_id, "member": member, "made_at": at}
        for member, digest in digests.items()
    ]
    connection.execute(insert(circular_links), rows)


def _mark(connection: Connection, letter: LetterKey, values: dict[str, Any]) -> None:
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    row = {"duty_id": letter.duty_id, "member": letter.member, "round": letter.round, **values}
    statement = dialect.insert(circular_letters).values(row)
    # What was delivered stays so, whatever is heard of another try.
    not_yet = circular_letters.c.delivered_at.is_(None)
    connection.execute(statement.on_conflict_do_update(index_elements=_KEYS, set_=values, where=not_yet))


def _mark_delivered(connection: Connection, letter: LetterKey, *, at: datetime) -> None:
    _mark(connection, letter, {"delivered_at": at, "failed_at": None, "failure": None, "given_up": False})
    of_it = (duty_roll.c.duty_id == letter.duty_id, duty_roll.c.member == letter.member)
    connection.execute(update(duty_roll).where(*of_it, duty_roll.c.delivered_at.is_(None)).values(delivered_at=at))


def _mark_failed(connection: Connection, letter: LetterKey, *, failure: str, given_up: bool, at: datetime) -> None:
    _mark(connection, letter, {"failed_at": at, "failure": failure, "given_up": given_up})


def _is_delivered(connection: Connection, letter: LetterKey) -> bool:
    statement = select(circular_letters.c.member).where(
        circular_letters.c.duty_id == letter.duty_id,
        circular_letters.c.member == letter.member,
        circular_letters.c.round == letter.round,
        or_(circular_letters.c.delivered_at.is_not(None), circular_letters.c.given_up),
    )
    return connection.execute(statement).one_or_none() is not None


def _undelivered(duty_id: str, round_: str) -> Any:
    of_it = (circular_letters.c.duty_id == duty_id, circular_letters.c.round == round_)
    return update(circular_letters).where(*of_it, circular_letters.c.delivered_at.is_(None))


def _give_up(connection: Connection, duty_id: str, *, round_: str) -> int:
    statement = _undelivered(duty_id, round_).where(circular_letters.c.given_up.is_(False))
    return connection.execute(statement.values(given_up=True)).rowcount


def _try_again(connection: Connection, duty_id: str, *, round_: str) -> None:
    connection.execute(_undelivered(duty_id, round_).values(given_up=False))


def _link(connection: Connection, digest: str) -> Link | None:
    statement = select(circular_links.c.duty_id, circular_links.c.member).where(circular_links.c.token_digest == digest)
    row = connection.execute(statement).one_or_none()
    return None if row is None else Link(duty_id=row.duty_id, member=row.member)


def _letters(connection: Connection, duty_id: str, members: Sequence[str]) -> dict[str, LetterState]:
    of_it = (circular_letters.c.duty_id == duty_id, circular_letters.c.member.in_(members))
    statement = select(circular_letters).where(*of_it).order_by(circular_letters.c.member, circular_letters.c.round)
    found: dict[str, LetterState] = {}
    for row in connection.execute(statement):
        before = found.get(row.member, LetterState(member=row.member))
        changes: dict[str, Any] = {}
        if row.delivered_at is not None:
            changes = {
                "delivered_at": max(row.delivered_at, before.delivered_at or row.delivered_at),
                "rounds": before.rounds + 1,
            }
        elif before.failed_at is None or row.failed_at > before.failed_at:
            changes = {"failed_at": row.failed_at, "failure": row.failure}
        found[row.member] = before.model_copy(update=changes)
    return found


def _failed(duty_id: str) -> Any:
    """Give the query of those whom a letter was tried to and none has reached yet."""
    tried = select(circular_letters.c.member).where(circular_letters.c.duty_id == duty_id)
    reached = tried.where(circular_letters.c.delivered_at.is_not(None))
    return and_(duty_roll.c.member.in_(tried), duty_roll.c.member.not_in(reached))


def _parts(connection: Connection, duty_id: str) -> tuple[Part, ...]:
    prefix = func.substr(duty_roll.c.member, 1, 2)

    def number(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    statement = (
        select(
            prefix.label("prefix"),
            func.count().label("total"),
            number(duty_roll.c.delivered_at.is_not(None)).label("delivered"),
            number(_failed(duty_id)).label("failed"),
            number(duty_roll.c.status == MemberStatus.COMPLETED.value).label("acknowledged"),
            number(duty_roll.c.status == MemberStatus.EXCUSED.value).label("excused"),
        )
        .where(duty_roll.c.duty_id == duty_id, duty_roll.c.status != MemberStatus.REMOVED.value)
        .group_by(prefix)
        .order_by(prefix)
    )
    return tuple(Part(**row._asdict()) for row in connection.execute(statement))


def _unreached(connection: Connection, duty_id: str, *, limit: int) -> tuple[RollRow, ...]:
    statement = ROWS.where(
        duty_roll.c.duty_id == duty_id, duty_roll.c.status == MemberStatus.OPEN.value, _failed(duty_id)
    )
    rows = connection.execute(statement.order_by(duty_roll.c.member).limit(limit))
    return tuple(row_of(row) for row in rows)


def _repeated_by(connection: Connection, duty_id: str) -> tuple[str, ...]:
    repeats = duties.c.state["content", "repeats"].as_string()
    statement = select(duties.c.duty_id).where(duties.c.kind == DutyKind.CIRCULAR.value, repeats == duty_id)
    return tuple(connection.execute(statement.order_by(duties.c.due_on, duties.c.duty_id)).scalars())
