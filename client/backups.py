"""バックアップ (backup): register and engine as of one moment, while both go on, in one file.

At that moment nobody writes the register: so each act that it holds is in the engine's history (history first), and
each act that the history says was written, is in it. What is only begun, the engine does again after a restore.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from client.archives import (
    CHECKPOINT_KEY,
    CHECKPOINT_KEYS,
    CHECKPOINTS,
    ENGINE,
    FORMAT,
    HOTLINE,
    KEYS,
    PUBLIC_KEYS,
    REGISTER,
    REGISTER_DUMP,
    SIGNING_KEY,
    Manifest,
    members_in,
    write_archive,
)
from client.checkpoint_keys import CheckpointKeys
from client.errors import BackupError
from engine.connection import load_connection
from engine.copying import EngineMoment
from engine.keys import key_ring
from engine.signing import Signatures
from engine.version import installed_version, server_version
from register import copying
from register.copying import CopyingError, RegisterMoment
from register.database import is_current, open_database
from register.errors import DatabaseFault
from register.trail import Trail
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from settings import Settings


class Secrets(StrEnum):
    """鍵の扱い (secrets): whether the keys that read the engine and sign are put into a backup."""

    LEFT_OUT = "left_out"  # 入れない
    TAKEN = "taken"  # 入れる


class _Moment(NamedTuple):
    register: RegisterMoment
    at: datetime


async def back_up(
    settings: Settings, path: Path, *, secrets: Secrets, now: Callable[[], datetime], by: str = "operator"
) -> Manifest:
    """Write a backup to a new file, and give its manifest; that it was taken stands in the trail.

    An engine that is not embedded is its operators' to copy: then the register alone is in it.

    Raises BackupError; KeysError and the like where a key can't be read.
    """
    try:
        if not await asyncio.to_thread(copying.is_there, settings.register_url):
            raise BackupError(
                f"{settings.home} に台帳がありません。",
                where="台帳",
                remedy="環境変数 MINAOSHI_HOME か MINAOSHI_DATABASE_URL を確かめてください。",
            )
        if await is_current(settings.register_url):  # one that waits for its migration is copied as it is
            await _note(settings, secrets=secrets, at=now(), by=by)
        return await asyncio.to_thread(_back_up, settings, path, secrets=secrets, now=now)
    except (CopyingError, DatabaseFault) as error:
        raise BackupError(
            f"台帳を写せません（{error}）。", where="台帳", remedy="原因を除いてから、もう一度行ってください。"
        ) from None


async def _note(settings: Settings, *, secrets: Secrets, at: datetime, by: str) -> None:
    database = open_database(settings.register_url)
    try:
        detail = {"keys": secrets.value}
        await Trail(database).note(AuditAction.BACKUP_TAKEN, actor=by, subject="backup", at=at, detail=detail)
    finally:
        await database.close()


def _back_up(settings: Settings, path: Path, *, secrets: Secrets, now: Callable[[], datetime]) -> Manifest:
    try:
        with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=f".{path.name}-") as name:
            folder = Path(name)
            manifest = _copy(settings, folder, secrets=secrets, now=now)
            write_archive(path, manifest, folder=folder)
            return manifest
    except FileNotFoundError as error:
        raise BackupError(
            f"{error.filename} がありません。",
            where="バックアップ",
            remedy="あるフォルダーの中のファイルを示してください。",
        ) from None


def _copy(settings: Settings, folder: Path, *, secrets: Secrets, now: Callable[[], datetime]) -> Manifest:
    # Before the moment: what says that something is in the register. A checkpoint must not be newer than the trail.
    _copy_file(settings.checkpoints_path, folder / CHECKPOINTS)
    taken = [path for path in _mails(settings) if path.suffix == ".taken"]
    for path in taken:
        _copy_file(path, folder / HOTLINE / path.name)
    engine = EngineMoment(settings.temporal_database_path) if has_engine(settings) else None
    begin = (lambda: None) if engine is None else engine.begin
    try:
        with copying.one_moment(settings.register_url, also=begin) as register:
            moment = _Moment(register, now())
            is_file = copying.kind_of(settings.register_url) == copying.SQLITE
            register.copy_to(folder / (REGISTER if is_file else REGISTER_DUMP))
        if engine is not None:
            engine.copy_to(folder / ENGINE)
    finally:
        if engine is not None:
            engine.end()
    # After it: what the moment needs. A key is there before it is used, a mail before it is taken in.
    for path in _mails(settings):
        if path.suffix != ".taken":
            _copy_file(path, folder / HOTLINE / path.name)
    _copy_keys(settings, folder, secrets=secrets)
    return _manifest(settings, folder, moment)


def has_engine(settings: Settings) -> bool:
    """Say whether the engine is the embedded one, and has run here."""
    return "target_host" not in load_connection() and settings.temporal_database_path.exists()


def _mails(settings: Settings) -> Iterator[Path]:
    """Give the files of the hotline; what is just being written has another ending."""
    for ending in ("eml", "json", "taken"):
        yield from sorted(settings.hotline_folder.glob(f"*.{ending}"))


def _copy_keys(settings: Settings, folder: Path, *, secrets: Secrets) -> None:
    _copy_file(settings.public_keys_path, folder / PUBLIC_KEYS)
    public = CheckpointKeys(settings.checkpoint_keys_path).public()
    (folder / CHECKPOINT_KEYS).write_text("".join(f"{key.model_dump_json()}\n" for key in public), encoding="ascii")
    if secrets is Secrets.TAKEN:
        _copy_file(settings.keys_path, folder / KEYS)
        _copy_file(settings.signing_key_path, folder / SIGNING_KEY)
        _copy_file(settings.checkpoint_keys_path, folder / CHECKPOINT_KEY)


def _copy_file(source: Path, target: Path) -> None:
    if source.exists():
        target.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(source, target)


def _manifest(settings: Settings, folder: Path, moment: _Moment) -> Manifest:
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    has_keys = settings.keys_path.exists()
    return Manifest(
        format=FORMAT,
        taken_at=moment.at,
        program=installed_version(),
        server=server_version() if ENGINE in names else None,
        database=copying.kind_of(settings.register_url),
        revision=moment.register.revision,
        entries=moment.register.head.seq,
        head=moment.register.head.hash,
        namespace=settings.temporal_namespace,
        task_queue=settings.task_queue,
        keys=key_ring(settings).ids() if has_keys else (),
        signer=Signatures(settings).current() if settings.signing_key_path.exists() else None,
        members=members_in(folder, names),
    )
