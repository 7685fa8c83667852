"""証跡 (audit trail): proved here and elsewhere, written out, and its head signed and kept outside the database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic import ValidationError

from client.checkpoint_keys import CheckpointKeys
from client.errors import InvalidInputError
from register.checkpoints import CheckpointFile, Kept, lines_of, newest_of
from register.export import CHECKPOINTS, KEYS, Other, Parts
from register.offline import NoExportError, OfflineVerdict, verify_export
from schemas.checkpoints import Checkpoint, PublicKey
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from pydantic import JsonValue

    from register.audit import Head
    from register.register import Register
    from schemas.records import AuditVerdict
    from schemas.signatures import Trusted


class Keeping:
    """保管 (keeping): the file of checkpoints and the keys that sign them, outside the database."""

    def __init__(self, checkpoints: Path, keys: Path) -> None:
        self._file = CheckpointFile(checkpoints)
        self.keys = CheckpointKeys(keys)

    def last(self) -> Checkpoint | None:
        """Give the newest checkpoint that can be read; None where there is none."""
        return newest_of(self._file.lines())

    def keep(self, seq: int, head: str, *, at: datetime) -> Checkpoint:
        """Sign a head, and return when the disk has it."""
        checkpoint = self.keys.sign(seq, head, at=at)
        self._file.append(checkpoint)
        return checkpoint

    def kept(self) -> Kept:
        """Give what was kept so far."""
        return Kept(self._file.lines(), self.keys.public())


class Audits:
    """証跡を扱う."""

    def __init__(self, register: Register, trusted: Trusted, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._trusted = trusted
        self._now = now

    async def verify(
        self, keeping: Keeping, *, expect: str | None = None, checkpoints: bytes | None = None
    ) -> AuditVerdict:
        """Recompute the chain and what it names; it must go through what was kept: a head, and the checkpoints.

        `checkpoints` are the lines of another file than the one of this installation. The signatures of acts and
        reports are verified by the public keys that are known here.
        """
        kept = keeping.kept()
        if checkpoints is not None:
            kept = kept._replace(lines=lines_of(checkpoints))
        return await self._register.verify_audit(expect=expect, kept=kept, trusted=self._trusted)

    async def checkpoint(self, keeping: Keeping) -> Checkpoint:
        """Sign the present head and write it to the file of checkpoints."""
        head = await self._register.audit_head()
        return await asyncio.to_thread(keeping.keep, head.seq, head.hash, at=self._now())

    async def rotate(self, keeping: Keeping, *, by: str = "operator") -> PublicKey:
        """Make a new key; the trail names it, and the key before it signs the trail that does, as its last deed."""
        new = keeping.keys.prepare(at=self._now())
        detail = {"key_id": new.public.key_id, "public_key": new.public.public_key}
        await self._register.note(
            AuditAction.KEY_ROTATED, actor=by, subject=new.public.key_id, at=self._now(), detail=detail
        )
        await self.checkpoint(keeping)
        new.take_over()
        return new.public

    async def note_key(self, key_id: str, *, of: str, by: str = "operator") -> None:
        """Note that a key of the engine's data or of the acts is new, and used from now on."""
        await self._note_of_key(AuditAction.KEY_ROTATED, key_id, {"of": of}, by=by)

    async def note_removal(self, key_id: str, *, by: str = "operator") -> None:
        """Note that a key of the engine's data is gone."""
        await self._note_of_key(AuditAction.CONFIGURATION_CHANGED, key_id, {"removed": True}, by=by)

    async def note_distrust(self, key_id: str, *, by: str = "operator") -> None:
        """Note that the signatures of a key are taken no longer."""
        await self._note_of_key(AuditAction.CONFIGURATION_CHANGED, key_id, {"trusted": False}, by=by)

    async def _note_of_key(self, kind: AuditAction, key_id: str, said: dict[str, JsonValue], *, by: str) -> None:
        detail = {"key_id": key_id, **said}
        await self._register.note(kind, actor=by, subject=key_id, at=self._now(), detail=detail)

    async def export(self, file: BinaryIO, keeping: Keeping, *, parts: Parts | str, by: str = "operator") -> Head:
        """Write the whole trail with its rows and the checkpoints; that it was written stands in it as well."""
        try:
            parts = Parts(parts)
        except ValueError:
            raise InvalidInputError(
                f"「{parts}」は知りません。", where="範囲", remedy=f"{'、'.join(Parts)} のいずれかを書いてください。"
            ) from None
        kinds = {Parts.SEALED: AuditAction.AUDIT_EXPORTED, Parts.FULL: AuditAction.READ_WITHHELD}
        detail = {"parts": parts.value}
        await self._register.note(kinds[parts], actor=by, subject="audit", at=self._now(), detail=detail)
        kept = keeping.kept()
        keys = [key.model_dump_json().encode() for key in kept.keys]
        return await self._register.export_audit(
            file, parts=parts, others=(Other(CHECKPOINTS, kept.lines), Other(KEYS, keys))
        )


def public_keys_from(content: bytes) -> tuple[PublicKey, ...]:
    """Read what `minaoshi audit keys` wrote; raises InvalidInputError for anything else."""
    try:
        return tuple(PublicKey.model_validate_json(line) for line in lines_of(content))
    except ValidationError:
        raise InvalidInputError(
            "公開鍵の一覧として読めません。",
            where="鍵",
            remedy="`minaoshi audit keys` で書き出した一覧を示してください。",
        ) from None


def verify_file(
    path: Path,
    *,
    expect: str | None = None,
    checkpoints: bytes | None = None,
    keys: bytes | None = None,
    signers: Trusted | None = None,
) -> OfflineVerdict:
    """Verify an export without database or engine; raises InvalidInputError for a file that is none.

    `keys` are those of checkpoints; with `signers` the signatures of acts and reports are verified too.
    """
    try:
        return verify_export(
            path,
            expect=expect,
            lines=lines_of(checkpoints or b""),
            keys=public_keys_from(keys) if keys is not None else (),
            signers=signers,
        )
    except NoExportError as error:
        raise InvalidInputError(
            str(error), where=str(path), remedy="`minaoshi audit export` で、もう一度書き出してください。"
        ) from None
