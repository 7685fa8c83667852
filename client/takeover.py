"""引継ぎ (take-over): existing assessments come in from a table, all of them or none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic import Field

from client.assessments import first_of
from client.errors import CallerError, InvalidInputError, NotPermittedError
from client.takeover_rows import FaultyRowError, Row, entry_of, faults_of, rows_of
from guideline.access import may_take_over
from register.assessments import First, entry_digest
from register.errors import AlreadyThereError
from schemas.base import Message
from schemas.canonical import sha256_of
from schemas.records import NewAssessment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from client.acting import Acting
    from register.register import Register
    from schemas.organisation import Department


class TakenOver(Message):
    """引継ぎの結果 (what a take-over did, or would do)."""

    entered: tuple[str, ...] = Field(title="登録した評価書")
    known: tuple[str, ...] = Field(title="同じ内容で既に登録されていた評価書")


class Takeover:
    """既存の評価書を引き継ぐ."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._now = now

    async def may(self, person_id: str) -> bool:
        """Say whether a person may take assessments over."""
        person, revision = await self._acting.person(person_id)
        return may_take_over(revision.organisation, person)

    async def permitted(self, person_id: str) -> tuple[Department, ...]:
        """Give the departments for which a person may take assessments over: those of their body.

        Raises NotPermittedError for whoever is no member of the 対策チーム.
        """
        person, revision = await self._acting.person(person_id)
        if not may_take_over(revision.organisation, person):
            raise NotPermittedError(
                "評価書を引き継げるのは、その機関の対策チームの職員です。",
                where="引継ぎ",
                remedy="引き継ぐ表と文書を、対策チームに渡してください。",
            )
        return tuple(one for one in revision.organisation.departments if one.body == person.body)

    async def check(
        self,
        table: bytes,
        *,
        files: Callable[[str], bytes],
        as_: str | None = None,
        told: Callable[[int, int], None] | None = None,
    ) -> TakenOver:
        """Check every row and say what would be entered; nothing is written. Raises as `take_over` does."""
        new, known = await self._checked(table, files=files, as_=as_, told=told)
        return TakenOver(entered=tuple(one.assessment_id for one, _ in new), known=known)

    async def take_over(
        self,
        table: bytes,
        *,
        files: Callable[[str], bytes],
        as_: str | None = None,
        told: Callable[[int, int], None] | None = None,
    ) -> TakenOver:
        """Enter every assessment of the table, in one transaction; the same table again enters nothing.

        `files` gives a document by its name; `told` is called with how many are done, of how many, both in another
        thread. Without `as_` it is the operator who does it; a person may for their own body (see `permitted`). Raises
        InvalidInputError with the faults of all rows; then nothing is entered.
        """
        new, known = await self._checked(table, files=files, as_=as_, told=told)

        def entered(number: int) -> None:
            if told is not None:
                told(number, len(new))

        try:
            await self._register.add_assessments(
                new, by=as_ or "operator", at=self._now(), told=entered, source=sha256_of(table)
            )
        except AlreadyThereError as there:
            raise _faulty((str(there),)) from None
        return TakenOver(entered=tuple(one.assessment_id for one, _ in new), known=known)

    async def _checked(
        self,
        table: bytes,
        *,
        files: Callable[[str], bytes],
        as_: str | None,
        told: Callable[[int, int], None] | None,
    ) -> tuple[list[tuple[NewAssessment, First]], tuple[str, ...]]:
        """Give what is new and what is known; raises InvalidInputError with the faults of all rows."""
        departments = await self._acting.departments() if as_ is None else await self.permitted(as_)
        owners = {(one.body, one.id) for one in departments}
        there = await self._register.entry_digests()
        # Of ten thousand documents it takes a while, in which the event loop must go on.
        return await asyncio.to_thread(self._rows, table, files=files, owners=owners, there=there, told=told)

    def _rows(
        self,
        table: bytes,
        *,
        files: Callable[[str], bytes],
        owners: set[tuple[str, str]],
        there: Mapping[str, str],
        told: Callable[[int, int], None] | None,
    ) -> tuple[list[tuple[NewAssessment, First]], tuple[str, ...]]:
        rows = rows_of(table)
        new: list[tuple[NewAssessment, First]] = []
        known: list[str] = []
        faults: list[str] = []
        seen: dict[str, int] = {}
        for done, row in enumerate(rows, start=1):
            try:
                entry, first = self._entry(row, files=files, owners=owners, seen=seen)
            except FaultyRowError as faulty:
                faults += faulty.faults
                continue
            finally:
                if told is not None:
                    told(done, len(rows))
            if entry.assessment_id not in there:
                new.append((entry, first))
            elif there[entry.assessment_id] == entry_digest(entry, first):
                known.append(entry.assessment_id)
            else:
                faults.append(row.fault("assessment_id", "別の内容で既に登録されています。"))
        if faults:
            raise _faulty(tuple(faults))
        return new, tuple(known)

    def _entry(
        self, row: Row, *, files: Callable[[str], bytes], owners: set[tuple[str, str]], seen: dict[str, int]
    ) -> tuple[NewAssessment, First]:
        entry = entry_of(row, files=files)
        if (entry.body, entry.department) not in owners:
            message = f"機関「{entry.body}」に部署「{entry.department}」がありません。"
            raise FaultyRowError(row.fault("department", message))
        before = seen.setdefault(entry.assessment_id, row.number)
        if before != row.number:
            raise FaultyRowError(row.fault("assessment_id", f"{before}行目と同じ識別子です。"))
        try:
            return entry, first_of(entry, on=self._now())
        except CallerError as error:
            raise FaultyRowError(*faults_of(row, error)) from None


def _faulty(faults: tuple[str, ...]) -> InvalidInputError:
    return InvalidInputError(
        f"{len(faults)}件の誤りがあります。何も登録していません。",
        where="引継ぎの表",
        remedy="示された行を直して、もう一度行ってください。",
        faults=faults,
    )
