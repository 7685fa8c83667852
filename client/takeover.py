"""引継ぎ (take-over): existing assessments come in from a table, all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from client.assessments import first_of
from client.errors import CallerError, InvalidInputError, no_organisation
from client.takeover_rows import FaultyRowError, Row, entry_of, faults_of, rows_of
from register.assessments import First, entry_digest
from register.errors import AlreadyThereError
from schemas.base import Message
from schemas.canonical import sha256_of
from schemas.records import NewAssessment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from register.register import Register


class TakenOver(Message):
    """引継ぎの結果 (what a take-over did, or would do)."""

    entered: tuple[str, ...] = Field(title="登録した評価書")
    known: tuple[str, ...] = Field(title="同じ内容で既に登録されていた評価書")


class Takeover:
    """既存の評価書を引き継ぐ."""

    def __init__(self, register: Register, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._now = now

    async def check(
        self, table: bytes, *, files: Callable[[str], bytes], told: Callable[[int, int], None] | None = None
    ) -> TakenOver:
        """Check every row and say what would be entered; nothing is written. Raises as `take_over` does."""
        new, known = await self._checked(table, files=files, told=told)
        return TakenOver(entered=tuple(one.assessment_id for one, _ in new), known=known)

    async def take_over(
        self,
        table: bytes,
        *,
        files: Callable[[str], bytes],
        by: str = "operator",
        told: Callable[[int, int], None] | None = None,
    ) -> TakenOver:
        """Enter every assessment of the table, in one transaction; the same table again enters nothing.

        `files` gives a document by its name; `told` is called with how many are done, of how many. Raises
        InvalidInputError with the faults of all rows; then nothing is entered.
        """
        new, known = await self._checked(table, files=files, told=told)

        def entered(number: int) -> None:
            if told is not None:
                told(number, len(new))

        try:
            await self._register.add_assessments(new, by=by, at=self._now(), told=entered, source=sha256_of(table))
        except AlreadyThereError as there:
            raise _faulty((str(there),)) from None
        return TakenOver(entered=tuple(one.assessment_id for one, _ in new), known=known)

    async def _checked(
        self, table: bytes, *, files: Callable[[str], bytes], told: Callable[[int, int], None] | None
    ) -> tuple[list[tuple[NewAssessment, First]], tuple[str, ...]]:
        """Give what is new and what is known; raises InvalidInputError with the faults of all rows."""
        rows = rows_of(table)
        owners = await self._owners()
        there = await self._register.entry_digests()
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

    async def _owners(self) -> set[tuple[str, str]]:
        try:
            organisation = (await self._register.current_organisation()).organisation
        except LookupError:
            raise no_organisation() from None
        return {(one.body, one.id) for one in organisation.departments}


def _faulty(faults: tuple[str, ...]) -> InvalidInputError:
    return InvalidInputError(
        f"{len(faults)}件の誤りがあります。何も登録していません。",
        where="引継ぎの表",
        remedy="示された行を直して、もう一度行ってください。",
        faults=faults,
    )
