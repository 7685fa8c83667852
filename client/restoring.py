"""復元 (restoring): a backup is looked through, and then laid into an installation in which there is nothing yet."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from client.archives import (
    CHECKPOINT_KEY,
    CHECKPOINT_KEYS,
    CHECKPOINTS,
    ENGINE,
    HOTLINE,
    KEYS,
    PUBLIC_KEYS,
    REGISTER,
    REGISTER_DUMP,
    SIGNING_KEY,
    Manifest,
    read_manifest,
    unpack,
)
from client.audit import Keeping, public_keys_from
from client.checkpoint_keys import CheckpointKeys
from client.errors import BackupError
from engine.copying import faults_of_copy
from engine.home import HomeLock
from engine.key_files import PUBLIC
from engine.keys import key_ring
from engine.signing import Signatures
from engine.version import installed_version, is_newer, server_version
from register import copying
from register.copying import CopyingError
from register.errors import DatabaseFault
from register.register import Register, open_register
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from pydantic import JsonValue

    from schemas.records import AuditVerdict
    from settings import Settings


@dataclass(frozen=True, slots=True)
class Examined:
    """見たもの (what was found): what a backup says of itself, and the verdict on its audit trail."""

    manifest: Manifest
    verdict: AuditVerdict
    signer: str | None = None
    """新しい署名鍵: made because the one that signed is neither in the backup nor here."""


async def examine(path: Path, settings: Settings) -> Examined:
    """Look through a backup as a restore does, and write nothing where it stays. Raises BackupError.

    Of a register from PostgreSQL the trail is verified when it is restored.
    """
    manifest = await asyncio.to_thread(_accepted, path)
    with tempfile.TemporaryDirectory(prefix="minaoshi-backup-") as name:
        folder = Path(name)
        await asyncio.to_thread(unpack, path, manifest, folder=folder)
        _refuse_faulty(path, folder)
        if not manifest.holds(REGISTER):
            raise BackupError(
                f"{path} は壊れていません。ただし、PostgreSQL の台帳は、復元して初めて検証できます。",
                where="証跡",
                remedy="空のデータベースに復元してください。",
            )
        there = settings.model_copy(update={"home": folder, "checkpoints": None, "public_keys_file": None})
        url = f"sqlite:///{folder / REGISTER}"
        return Examined(manifest, await _verified(url, there, manifest))


async def restore(path: Path, settings: Settings, *, now: Callable[[], datetime], by: str = "operator") -> Examined:
    """Lay a backup into an empty home, and an empty database; the keys may lie there already.

    Everything is looked through before anything is put in its place. Whoever was signed in is not any more. That it
    was restored stands in the trail; where the trail does not agree with itself, the verdict says so.

    Raises BackupError, HomeInUseError, and KeysError and the like where a key that lies there can't be read.
    """
    manifest = await asyncio.to_thread(_accepted, path)
    _refuse_other_engine(manifest, settings)
    _refuse_used(settings)
    lock = HomeLock(settings)
    await lock.acquire()
    try:
        with tempfile.TemporaryDirectory(dir=settings.home, prefix=".restoring-") as name:
            folder = Path(name)
            await asyncio.to_thread(unpack, path, manifest, folder=folder)
            _refuse_faulty(path, folder)
            _refuse_without_keys(manifest, settings, folder)
            return await _lay(manifest, settings, folder, now=now, by=by)
    except (CopyingError, DatabaseFault) as error:
        raise BackupError(
            f"台帳を復元できません（{error}）。", where="台帳", remedy="空のデータベースに、もう一度復元してください。"
        ) from None
    finally:
        lock.release()


async def _lay(
    manifest: Manifest, settings: Settings, folder: Path, *, now: Callable[[], datetime], by: str
) -> Examined:
    if not manifest.holds(REGISTER):
        await asyncio.to_thread(copying.restore, folder / REGISTER_DUMP, settings.register_url)
    for name, target in _keys(settings):
        _move(folder / name, target)
    signer = _signer(settings, folder)
    _lay_checkpoint_keys(settings, folder, at=now())
    _move(folder / CHECKPOINTS, settings.checkpoints_path)
    for mail in sorted((folder / HOTLINE).glob("*")):
        _move(mail, settings.hotline_folder / mail.name)
    url = f"sqlite:///{folder / REGISTER}" if manifest.holds(REGISTER) else settings.register_url
    verdict = await _verified(url, settings, manifest)
    await _begin_anew(url, manifest, signer=signer, at=now(), by=by)
    if (place := copying.place_of(settings.register_url)) is not None:
        _move(folder / REGISTER, place)
    _move(folder / ENGINE, settings.temporal_database_path)
    return Examined(manifest, verdict, signer)


def _accepted(path: Path) -> Manifest:
    manifest = read_manifest(path)
    for theirs, ours, what in (
        (manifest.program, installed_version(), "minaoshi"),
        *(() if manifest.server is None else ((manifest.server, server_version(), "Temporal サーバー"),)),
    ):
        if is_newer(theirs, than=ours):
            raise _of_a_newer_version(path, f"{what} {theirs}（この機械は {ours}）")
    if copying.is_newer(manifest.revision):
        raise _of_a_newer_version(path, f"台帳の表の版 {manifest.revision}")
    return manifest


def _of_a_newer_version(path: Path, what: str) -> BackupError:
    return BackupError(
        f"{path} は、この機械より新しい版で作られています: {what}。",
        where="バックアップ",
        remedy="その版か、それより新しい版の minaoshi で復元してください。",
    )


def _refuse_other_engine(manifest: Manifest, settings: Settings) -> None:
    is_file = copying.kind_of(settings.register_url) == copying.SQLITE
    if manifest.holds(REGISTER) is not is_file:
        raise BackupError(
            f"この台帳は {manifest.database} のものです。MINAOSHI_DATABASE_URL の示すデータベースは、種類が違います。",
            where="台帳",
            remedy="同じ種類の、空のデータベースを示してください。",
        )
    here = {"TEMPORAL_NAMESPACE": settings.temporal_namespace, "TASK_QUEUE": settings.task_queue}
    there = {"TEMPORAL_NAMESPACE": manifest.namespace, "TASK_QUEUE": manifest.task_queue}
    for name, value in there.items():
        if value != here[name]:
            raise BackupError(
                f"見直しは {value} で続いています。MINAOSHI_{name} は {here[name]} です。",
                where="エンジン",
                remedy=f"環境変数 MINAOSHI_{name} を {value} にしてください。",
            )


def _refuse_used(settings: Settings) -> None:
    keys = {target for _, target in _keys(settings)} | {settings.public_keys_path, settings.lock_path}
    inside = sorted(settings.home.iterdir()) if settings.home.exists() else []
    used = [place for place in inside if place not in keys]
    if used:
        raise BackupError(
            f"{settings.home} は空ではありません（{used[0].name} など{len(used)}件）。何も書いていません。",
            where="データを置くフォルダー",
            remedy="環境変数 MINAOSHI_HOME に、新しいフォルダーを示してください（鍵のファイルだけは、先に置けます）。",
        )
    if copying.is_there(settings.register_url):
        raise BackupError(
            "MINAOSHI_DATABASE_URL の示すデータベースは空ではありません。何も書いていません。",
            where="台帳",
            remedy="空のデータベースを示してください。",
        )


def _refuse_faulty(path: Path, folder: Path) -> None:
    """Refuse a copy that is as it was taken, of a database that was broken already."""
    for name in (REGISTER, ENGINE):
        if (folder / name).exists() and (faults := faults_of_copy(folder / name)):
            raise BackupError(
                f"{path} の {name} は、壊れたデータベースの写しです（{faults[0]}）。何も書いていません。",
                where="バックアップ",
                remedy="それより前のバックアップを示してください。",
            )


def _refuse_without_keys(manifest: Manifest, settings: Settings, folder: Path) -> None:
    if not manifest.keys:
        return
    place = settings.keys_path if settings.keys_path.exists() else folder / KEYS
    known = key_ring(settings.model_copy(update={"keys_file": place})).ids() if place.exists() else ()
    missing = [key_id for key_id in manifest.keys if key_id not in known]
    if missing:
        raise BackupError(
            f"エンジンの履歴を読む暗号鍵がありません（{'、'.join(missing)}）。鍵は、このバックアップに入っていません。",
            where="鍵",
            remedy=f"別に控えた鍵のファイルを {settings.keys_path} に置いてから、もう一度復元してください"
            f"（{settings.signing_key_path.name} と {settings.checkpoint_keys_path.name} も同じです）。",
        )


def _keys(settings: Settings) -> Iterator[tuple[str, Path]]:
    yield KEYS, settings.keys_path
    yield SIGNING_KEY, settings.signing_key_path
    yield CHECKPOINT_KEY, settings.checkpoint_keys_path


def _move(source: Path, target: Path) -> None:
    """Put a file in its place; one that lies there already stays."""
    if source.exists() and not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.replace(target)


def _signer(settings: Settings, folder: Path) -> str | None:
    """Make a new signing key where the one that signed is gone, and trust it beside the old ones; give its id."""
    if (public := folder / PUBLIC_KEYS).exists():
        public.chmod(PUBLIC)
        _move(public, settings.public_keys_path)
    if settings.signing_key_path.exists() or not settings.public_keys_path.exists():
        return None
    return Signatures(settings).rotate()


def _lay_checkpoint_keys(settings: Settings, folder: Path, *, at: datetime) -> None:
    """Keep the public halves, by which the old checkpoints are verified, also where the private one is gone."""
    keys = CheckpointKeys(settings.checkpoint_keys_path)
    public = public_keys_from((folder / CHECKPOINT_KEYS).read_bytes())
    if public and not keys.public():
        keys.begin_after(public, at=at)


async def _verified(url: str, settings: Settings, manifest: Manifest) -> AuditVerdict:
    """Verify the trail through the head of the manifest and the checkpoints, with the keys as they lie there."""
    register = await open_register(url)
    try:
        keeping = Keeping(settings.checkpoints_path, settings.checkpoint_keys_path)
        kept = keeping.kept()
        if not kept.keys and (public := settings.home / CHECKPOINT_KEYS).exists():
            kept = kept._replace(keys=public_keys_from(public.read_bytes()))
        head = manifest.head if manifest.entries else None
        return await register.verify_audit(expect=head, kept=kept, trusted=Signatures(settings))
    finally:
        await register.close()


async def _begin_anew(url: str, manifest: Manifest, *, signer: str | None, at: datetime, by: str) -> None:
    register: Register = await open_register(url)
    try:
        await register.sessions.end_everybody(at=at)
        detail: dict[str, JsonValue] = {
            "taken_at": manifest.taken_at.isoformat(),
            "entries": manifest.entries,
            "head": manifest.head,
        }
        await register.note(AuditAction.RESTORED, actor=by, subject="backup", at=at, detail=detail)
        if signer is not None:
            said = {"key_id": signer, "of": "signing"}
            await register.note(AuditAction.KEY_ROTATED, actor=by, subject=signer, at=at, detail=said)
    finally:
        await register.close()
