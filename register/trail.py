"""証跡 (trail): what the register does with its audit trail: note, prove, write out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import BinaryIO

from pydantic import JsonValue

from register import audit, export, occurrences, verification
from register.checkpoints import Kept
from register.database import Database
from schemas.records import AuditAction, AuditVerdict, Occurrence
from schemas.signatures import Trusted


class Trail:
    """証跡 (trail) of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(
        self,
        kind: AuditAction,
        *,
        actor: str,
        subject: str,
        at: datetime,
        detail: Mapping[str, JsonValue] | None = None,
    ) -> None:
        """Write that something happened that is no row of another table, with its audit entry in one transaction."""
        await self.record_occurrence(occurrences.occurrence(kind, actor=actor, subject=subject, at=at, detail=detail))

    async def record_occurrence(self, happened: Occurrence) -> None:
        """Write an occurrence under an id of the caller's; the same again writes nothing.

        Raises OtherContentError when its id is taken by another.
        """
        await self._database.write(occurrences.note, happened)

    async def note_within(self, happened: Occurrence, *, limit: occurrences.Limit, beyond: Occurrence) -> bool:
        """Write an occurrence unless there were too many, then the first one more as `beyond`.

        Gives whether it is an entry of its own.
        """
        return await self._database.write(occurrences.note_within, happened, limit=limit, beyond=beyond)

    async def occurrences(self, *kinds: AuditAction) -> tuple[Occurrence, ...]:
        """Give the occurrences of these kinds, the first one first."""
        return await self._database.read(occurrences.of_kinds, *kinds)

    async def verify_audit(
        self, *, expect: str | None = None, kept: Kept | None = None, trusted: Trusted | None = None
    ) -> AuditVerdict:
        """Recompute the chain, and the digest of each row that it names; name what does not agree.

        `expect` is a head, and `kept` are signed checkpoints, that were kept outside: the chain must go through them.
        With `trusted` the signatures of acts and reports are verified too.
        """
        return await self._database.read(verification.verify, expect=expect, kept=kept, trusted=trusted)

    async def audit_head(self) -> audit.Head:
        """Give the head of the chain, to be kept outside the database."""
        return await self._database.read(audit.head)

    async def audit_hash(self, seq: int) -> str | None:
        """Give the hash of the entry of that number; None where there is none."""
        return await self._database.read(audit.hash_at, seq)

    async def export_audit(self, file: BinaryIO, *, parts: export.Parts, others: Sequence[export.Other]) -> audit.Head:
        """Write the whole trail with its rows into a file, as one moment; give the head that it ends with."""
        return await self._database.read(export.write, file, parts=parts, others=others)
