"""バックアップのファイル (archive): one tar file whose manifest names each member with its size and SHA-256.

What is read of it is held against the manifest before anything is believed; names are never taken as paths.
"""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
import tempfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from client.errors import BackupError
from schemas.base import Digest, Instant, Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMAT: Literal["minaoshi-backup-1"] = "minaoshi-backup-1"
MANIFEST = "manifest.json"

REGISTER, REGISTER_DUMP, ENGINE = "register.db", "register.pgdump", "engine.db"
CHECKPOINTS, CHECKPOINT_KEYS, PUBLIC_KEYS = "checkpoints.jsonl", "checkpoint-keys.jsonl", "public-keys.json"
KEYS, SIGNING_KEY, CHECKPOINT_KEY = "keys/keys.json", "keys/signing-key.json", "keys/checkpoint-keys.json"
SECRET = (KEYS, SIGNING_KEY, CHECKPOINT_KEY)
"""秘密の物: what reads and signs; left out unless it is asked for."""
HOTLINE = "hotline"

_KNOWN = frozenset((REGISTER, REGISTER_DUMP, ENGINE, CHECKPOINTS, CHECKPOINT_KEYS, PUBLIC_KEYS, *SECRET))
_MAIL = re.compile(r"hotline/[0-9a-f]{64}\.(eml|json|taken)")
_LARGEST_MANIFEST = 64_000_000
_PIECE = 1_048_576
_UNREADABLE = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError)


class Member(Message):
    """収めた物 (member) of a backup."""

    name: str
    size: int = Field(ge=0)
    sha256: Digest


class Manifest(Message):
    """目録 (manifest): what a backup holds, of which moment, written by what, and what is needed to use it."""

    format: Literal["minaoshi-backup-1"]
    taken_at: Instant = Field(title="時点")
    program: str = Field(title="minaoshi の版")
    server: str | None = Field(title="Temporal サーバーの版")
    database: str = Field(title="台帳のデータベース")
    revision: str = Field(title="台帳の表の版")
    entries: int = Field(ge=0, title="証跡の件数")
    head: Digest = Field(title="証跡の先頭")
    namespace: str = Field(title="Temporal の名前空間")
    task_queue: str = Field(title="Temporal のタスクキュー")
    keys: tuple[str, ...] = Field(title="履歴を読むのに要る暗号鍵")
    signer: str | None = Field(title="署名鍵")
    members: tuple[Member, ...] = Field(title="収めた物")

    def holds(self, name: str) -> bool:
        """Say whether there is a member of that name."""
        return any(member.name == name for member in self.members)


class NotOurFormatError(BackupError):
    """知らない形式 (not our format): a backup of another version, or no backup."""


def member_of(path: Path, *, name: str) -> Member:
    """Give what the manifest says of a file."""
    with path.open("rb") as file:
        return Member(name=name, size=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def write_archive(path: Path, manifest: Manifest, *, folder: Path) -> None:
    """Write the manifest and its members, which lie in `folder`; the file is there when all of it is.

    Raises BackupError where there is such a file already, or it can't be written.
    """
    try:
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        part = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                _pack(file, manifest, folder=folder)
                file.flush()
                os.fsync(file.fileno())
            os.link(part, path)  # unlike a renaming, it does not replace what is there
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = "既にあります" if isinstance(error, FileExistsError) else error.strerror
        raise BackupError(
            f"{path} に書けません（{reason}）。",
            where="バックアップ",
            remedy="別の名前か、書ける場所を示してください。",
        ) from None


def _pack(file: IO[bytes], manifest: Manifest, *, folder: Path) -> None:
    written = folder / MANIFEST
    written.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as packed:
        for name in (MANIFEST, *(member.name for member in manifest.members)):
            packed.add(folder / name, arcname=name, recursive=False, filter=_nobody)


def _nobody(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out whose the file was: it says nothing of a backup."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def read_manifest(path: Path) -> Manifest:
    """Read what a backup says of itself. Raises BackupError; NotOurFormatError for another format."""
    try:
        with tarfile.open(path, mode="r:gz") as packed:
            first = packed.next()
            if first is None or first.name != MANIFEST or not first.isreg() or first.size > _LARGEST_MANIFEST:
                raise _no_backup(path)
            content = packed.extractfile(first)
            return Manifest.model_validate_json(content.read() if content else b"")
    except ValidationError:
        raise _no_backup(path) from None
    except _UNREADABLE as error:
        raise _damaged(path, _said(error)) from None


def unpack(path: Path, manifest: Manifest, *, folder: Path) -> None:
    """Write each member into `folder`, and see that it is what the manifest says; raises BackupError where not."""
    awaited = {member.name: member for member in manifest.members}
    if len(awaited) != len(manifest.members) or not all(name in _KNOWN or _MAIL.fullmatch(name) for name in awaited):
        raise _damaged(path, "目録に、知らない物があります")
    try:
        with tarfile.open(path, mode="r:gz") as packed:
            for info in packed:
                if info.name == MANIFEST:
                    continue
                member = awaited.pop(info.name, None)
                content = packed.extractfile(info) if member is not None and info.isreg() else None
                if member is None or content is None:
                    raise _damaged(path, f"目録にない物があります（{info.name}）")
                _lay(content, member, place=folder / PurePosixPath(member.name), of=path)
            # To the very end, where the checksum of all of it stands: that of the manifest is in nothing else.
            while packed.fileobj is not None and packed.fileobj.read(_PIECE):
                pass
    except _UNREADABLE as error:
        raise _damaged(path, _said(error)) from None
    if awaited:
        raise _damaged(path, f"足りない物があります（{'、'.join(sorted(awaited)[:5])}）")


def _lay(content: IO[bytes], member: Member, *, place: Path, of: Path) -> None:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    found = hashlib.sha256()
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in _pieces(content, most=member.size):
            found.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if found.hexdigest() != member.sha256:
        raise _damaged(of, f"{member.name} が、目録の SHA-256 と合いません")


def _pieces(content: IO[bytes], *, most: int) -> Iterator[bytes]:
    """Give the content in pieces, and no more than one byte too much: what is too long is not written to the disk."""
    left = most + 1
    while left and (piece := content.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _no_backup(path: Path) -> NotOurFormatError:
    return NotOurFormatError(
        f"{path} は、この版の minaoshi が読めるバックアップではありません。",
        where="バックアップ",
        remedy=f"`minaoshi backup` で作ったファイルを示してください（この版の形式は {FORMAT}）。",
    )


def _damaged(path: Path, reason: str) -> BackupError:
    return BackupError(
        f"{path} は壊れています（{reason}）。何も書いていません。",
        where="バックアップ",
        remedy="別のバックアップを示してください。",
    )


def members_in(folder: Path, names: Sequence[str]) -> tuple[Member, ...]:
    """Give what the manifest says of the files in a folder."""
    return tuple(member_of(folder / name, name=name) for name in names)
