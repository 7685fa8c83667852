"""復元: what is refused leaves nothing, and what is restored needs its keys and knows nobody as signed in."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from pathlib import Path

import pytest

from client.archives import FORMAT, MANIFEST, Manifest, read_manifest, unpack, write_archive
from client.backups import Secrets
from client.errors import BackupError
from client.restoring import examine
from engine.keys import key_ring
from engine.signing import prepared_signatures
from register.register import open_register
from register.sessions import SessionRow
from schemas.records import AuditAction
from settings import Settings
from tests.client.backed_up import backed_up, now, restored
from tests.waiting import add_assessment, open_desk, open_reviews
from worker import build_keeping

pytestmark = pytest.mark.sqlite("a file is copied here; PostgreSQL is copied by its own programs")

MakeSettings = Callable[[Path], Settings]


@pytest.fixture
async def home(settings: Settings) -> AsyncIterator[Settings]:
    """Give an installation with keys, an assessment, an open review and a checkpoint; its engine never ran."""
    key_ring(settings).ids()
    prepared_signatures(settings)
    async with open_desk(settings.home) as (minaoshi, register):
        await open_reviews((minaoshi, register), ["restored"])
        await minaoshi.audit.checkpoint(build_keeping(settings))
        await register.sessions.begin(SessionRow("d" * 64, "drafter", "f" * 64, now(), now()), detail={})
        yield settings


@pytest.fixture
def there(settings_in: MakeSettings, tmp_path: Path) -> Settings:
    return settings_in(tmp_path / "there")


def is_untouched(settings: Settings) -> bool:
    return not settings.home.exists() or {one.name for one in settings.home.iterdir()} <= {"minaoshi.lock"}


async def test_a_backup_is_restored_with_its_trail_and_nobody_is_signed_in(
    home: Settings, there: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    manifest = await backed_up(home, file)
    found = await restored(file, there)
    assert (found.manifest, found.verdict.problems, found.verdict.checkpoints) == (manifest, (), 1)
    assert file.stat().st_mode & 0o077 == 0
    register = await open_register(there.register_url)
    assert [one.assessment_id for one in await register.reviews()] == ["restored"]
    (note,) = await register.occurrences(AuditAction.RESTORED)
    assert (note.detail["entries"], note.detail["head"]) == (manifest.entries, manifest.head)
    (taken,) = await register.occurrences(AuditAction.BACKUP_TAKEN)
    assert taken.detail == {"keys": "taken"}
    session = await register.sessions.find("d" * 64, kept_since=now())
    assert session is not None
    assert session.session.ended_at is not None
    assert (await register.verify_audit(kept=build_keeping(there).kept())).problems == ()
    await register.close()


async def test_a_backup_is_looked_through_without_being_restored(
    home: Settings, there: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    manifest = await backed_up(home, file, secrets=Secrets.LEFT_OUT)
    found = await examine(file, there)
    assert (found.manifest, found.verdict.problems, found.verdict.checkpoints) == (manifest, (), 1)
    assert is_untouched(there)


async def test_without_its_keys_a_backup_is_refused_and_with_them_restored(
    home: Settings, there: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    manifest = await backed_up(home, file, secrets=Secrets.LEFT_OUT)
    assert not [one.name for one in manifest.members if one.name.startswith("keys/")]
    with pytest.raises(BackupError, match=manifest.keys[0]):
        await restored(file, there)
    assert is_untouched(there)
    there.home.mkdir(exist_ok=True)
    key_ring(there).ids()
    with pytest.raises(BackupError, match=manifest.keys[0]):  # keys, but others
        await restored(file, there)
    for path in (there.keys_path, there.signing_key_path):
        path.write_bytes((home.home / path.name).read_bytes())
        path.chmod(0o600)
    found = await restored(file, there)
    assert found.signer is None
    assert key_ring(there).ids() == manifest.keys
    assert prepared_signatures(there).current() == manifest.signer


async def test_where_the_keys_that_sign_are_gone_new_ones_are_made_and_the_old_ones_verify(
    home: Settings, there: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    manifest = await backed_up(home, file, secrets=Secrets.LEFT_OUT)
    there.home.mkdir()
    there.keys_path.write_bytes(home.keys_path.read_bytes())
    there.keys_path.chmod(0o600)
    found = await restored(file, there)
    assert prepared_signatures(there).current() == found.signer
    assert prepared_signatures(there).ids() == (manifest.signer, found.signer)
    old = build_keeping(home).keys.public()
    assert build_keeping(there).keys.public()[:-1] == old
    register = await open_register(there.register_url)
    verdict = await register.verify_audit(kept=build_keeping(there).kept(), trusted=prepared_signatures(there))
    assert (verdict.problems, verdict.checkpoints) == ((), 1)
    assert [one.subject for one in await register.occurrences(AuditAction.KEY_ROTATED)] == [found.signer]
    await register.close()


async def test_a_home_or_a_file_that_is_used_stays_as_it_is(home: Settings, there: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    await backed_up(home, file)
    with pytest.raises(BackupError, match="空ではありません"):
        await restored(file, home)
    before = file.read_bytes()
    with pytest.raises(BackupError, match="既にあります"):
        await backed_up(home, file)
    assert file.read_bytes() == before
    there.home.mkdir()
    (there.home / "notes.txt").write_text("mine")
    with pytest.raises(BackupError, match=r"notes\.txt"):
        await restored(file, there)
    assert [one.name for one in there.home.iterdir()] == ["notes.txt"]


async def test_an_installation_without_a_register_has_no_backup(there: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    with pytest.raises(BackupError, match="台帳がありません"):
        await backed_up(there, file)
    assert not file.exists()
    assert is_untouched(there)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda whole: whole[: len(whole) // 2], id="途中で切れている"),
        pytest.param(lambda whole: flipped(whole, len(whole) // 2), id="一つのビットが違う"),
        pytest.param(lambda whole: whole[:-200] + bytes(200), id="終わりが違う"),
        pytest.param(lambda _: b"", id="空"),
        pytest.param(lambda _: b"PK\x03\x04 a file of another kind", id="別の種類"),
    ],
)
async def test_a_damaged_backup_is_refused(
    damage: Callable[[bytes], bytes], home: Settings, there: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    await backed_up(home, file)
    file.write_bytes(damage(file.read_bytes()))
    for look in (examine(file, there), restored(file, there)):
        with pytest.raises(BackupError, match=r"壊れています|バックアップではありません"):
            await look
    assert is_untouched(there)


def flipped(whole: bytes, place: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


async def test_wherever_a_bit_is_flipped_it_is_found(home: Settings, tmp_path: Path) -> None:
    """Behind the first bytes, which say when and by what it was packed: in the manifest, and in what fills up, too.

    A few bits of the packing itself say nothing; where one of them is flipped, what is unpacked is the same.
    """
    file = tmp_path / "backup.tar.gz"
    await backed_up(home, file)
    whole = file.read_bytes()
    places = [*range(64, 4000, 97), *range(4000, len(whole), max(1, len(whole) // 40))]
    unseen = []
    for place in places:
        file.write_bytes(flipped(whole, place))
        folder = tmp_path / f"at-{place}"
        folder.mkdir()
        try:
            unpack(file, read_manifest(file), folder=folder)
        except BackupError:
            continue
        unseen.append(place)
    assert all(gzip.decompress(flipped(whole, place)) == gzip.decompress(whole) for place in unseen)
    assert len(unseen) < len(places) / 4


async def remade(file: Path, home: Settings, tmp_path: Path, **changes: object) -> Path:
    """Give a backup as another version would have written it."""
    manifest = await backed_up(home, file)
    folder, other = tmp_path / "unpacked", tmp_path / "other.tar.gz"
    folder.mkdir()
    unpack(file, manifest, folder=folder)
    write_archive(other, manifest.model_copy(update=changes), folder=folder)
    return other


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"program": "99.0.0"}, "minaoshi 99", id="新しいminaoshi"),
        pytest.param({"server": "99.0.0"}, "サーバー 99", id="新しいサーバー"),
        pytest.param({"revision": "9999"}, "表の版 9999", id="新しい表"),
        pytest.param({"format": "minaoshi-backup-2"}, FORMAT, id="別の形式"),
        pytest.param({"task_queue": "another"}, "MINAOSHI_TASK_QUEUE", id="別のタスクキュー"),
        pytest.param({"namespace": "another"}, "MINAOSHI_TEMPORAL_NAMESPACE", id="別の名前空間"),
        pytest.param({"members": ()}, "種類が違います", id="台帳がない"),
    ],
)
async def test_a_backup_for_another_version_or_place_is_refused(
    changes: dict[str, object], told: str, home: Settings, there: Settings, tmp_path: Path
) -> None:
    other = await remade(tmp_path / "backup.tar.gz", home, tmp_path, **changes)
    with pytest.raises(BackupError) as refused:
        await restored(other, there)
    assert told in refused.value.message + refused.value.remedy
    assert is_untouched(there)


async def test_a_member_that_is_changed_added_or_leads_elsewhere_is_refused(
    home: Settings, there: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar.gz"
    manifest = await backed_up(home, file)
    with tarfile.open(file) as packed:
        whole = {info.name: packed.extractfile(info).read() for info in packed if info.isreg()}  # type: ignore[union-attr]
    for name, content, told in (
        ("checkpoints.jsonl", b"{}\n", "SHA-256"),
        ("register.db", whole["register.db"] + b"more", "SHA-256"),
        ("../outside", b"x", "目録にない"),
        ("hotline/more.txt", b"x", "目録にない"),
    ):
        other = tmp_path / "other.tar.gz"
        with tarfile.open(other, "w:gz") as packed:
            for one, bytes_ in {**whole, name: content}.items():
                info = tarfile.TarInfo(one)
                info.size = len(bytes_)
                packed.addfile(info, BytesIO(bytes_))
        with pytest.raises(BackupError, match=told):
            await restored(other, there)
    outside = manifest.members[0].model_copy(update={"name": "../outside"})
    broken = manifest.model_copy(update={"members": (*manifest.members, outside)})
    with pytest.raises(BackupError, match="知らない物"):
        unpack(file, Manifest.model_validate(broken), folder=tmp_path)
    assert not (tmp_path.parent / "outside").exists()
    assert is_untouched(there)
    assert whole[MANIFEST] == read_manifest(file).model_dump_json(indent=1).encode()


async def test_a_mail_of_the_hotline_is_restored_with_what_became_of_it(
    home: Settings, there: Settings, tmp_path: Path
) -> None:
    home.hotline_folder.mkdir()
    for ending in ("eml", "json", "taken", "part"):
        (home.hotline_folder / f"{'a' * 64}.{ending}").write_text(ending)
    file = tmp_path / "backup.tar.gz"
    await backed_up(home, file)
    await restored(file, there)
    laid = sorted(one.suffix for one in there.hotline_folder.iterdir())
    assert laid == [".eml", ".json", ".taken"]


async def test_a_trail_that_was_tampered_with_is_told_and_restored_all_the_same(
    home: Settings, there: Settings, tmp_path: Path
) -> None:
    """It is what there is; whoever restores it is told at once."""
    async with open_desk(home.home) as (minaoshi, register):
        await add_assessment(minaoshi, "second")
        engine = register._database._engine  # noqa: SLF001 # as somebody who administers the database
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE assessments SET name = '別の名' WHERE assessment_id = 'second'")
    file = tmp_path / "backup.tar.gz"
    await backed_up(home, file)
    found = await restored(file, there)
    assert any("second" in problem for problem in found.verdict.problems)
    assert there.register_path.exists()
