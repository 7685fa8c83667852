"""控え: signed heads outside the database, and what they find that the chain alone can't."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update

from client.audit import Audits, Keeping
from engine.errors import CheckpointKeysError
from register.audit import GENESIS, entry_hash
from register.checkpoints import Kept
from register.database import writer_of
from register.register import Register
from register.tables import audit_entries
from schemas.records import AuditAction
from tests.guideline.test_signatures import Sworn
from tests.register import samples
from tests.tampering import lift_guards


@pytest.fixture
def keeping(tmp_path: Path) -> Keeping:
    return Keeping(tmp_path / "home" / "checkpoints.jsonl", tmp_path / "home" / "checkpoint-keys.json")


@pytest.fixture
async def audits(with_assessment: Register) -> Audits:
    await with_assessment.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT)
    return Audits(with_assessment, Sworn(), now=lambda: samples.AT)


def rewrite(engine: Engine, *, keep: int) -> None:
    """Write the whole chain anew, as somebody can who may do all in the database; the first entry is changed."""
    with writer_of(engine).begin() as connection:
        lift_guards(connection)
        previous = GENESIS
        for row in connection.execute(select(audit_entries).order_by(audit_entries.c.seq)).mappings().all():
            actor = "mallory" if row["seq"] == 1 else row["actor"]
            entry = {**row, "actor": actor, "previous_hash": previous}
            entry["hash"] = previous = entry_hash(entry)
            connection.execute(update(audit_entries).where(audit_entries.c.seq == row["seq"]).values(entry))
        connection.execute(text("DELETE FROM audit_entries WHERE seq > :keep"), {"keep": keep})
        connection.execute(text("DELETE FROM organisation_revisions"))


async def test_a_checkpoint_is_a_line_and_the_chain_goes_through_it(audits: Audits, keeping: Keeping) -> None:
    first = await audits.checkpoint(keeping)
    second = await audits.checkpoint(keeping)
    assert keeping.last() == second
    verdict = await audits.verify(keeping, expect=first.hash)
    assert (verdict.ok, verdict.checkpoints, verdict.head) == (True, 2, second.hash)


async def test_the_private_key_is_for_its_owner_alone(audits: Audits, keeping: Keeping, tmp_path: Path) -> None:
    await audits.checkpoint(keeping)
    for name in ("checkpoint-keys.json", "checkpoints.jsonl"):
        assert stat.S_IMODE((tmp_path / "home" / name).stat().st_mode) == 0o600
    assert [one.name for one in (tmp_path / "home").iterdir() if one.name.startswith(".")] == []


async def test_a_key_that_others_may_read_signs_nothing(audits: Audits, keeping: Keeping, tmp_path: Path) -> None:
    await audits.checkpoint(keeping)
    keys = tmp_path / "home" / "checkpoint-keys.json"
    keys.chmod(0o640)
    with pytest.raises(CheckpointKeysError, match="chmod 600"):
        await audits.checkpoint(Keeping(tmp_path / "home" / "checkpoints.jsonl", keys))


async def test_a_chain_that_was_written_anew_is_found_and_its_checkpoint_named(
    audits: Audits, keeping: Keeping, engine: Engine
) -> None:
    kept = await audits.checkpoint(keeping)
    rewrite(engine, keep=kept.seq - 1)
    alone = await audits.verify(Keeping(Path("/nowhere/checkpoints"), Path("/nowhere/keys")))
    assert alone.ok, "the chain alone can't tell"
    problems = (await audits.verify(keeping)).problems
    name = f"2026-11-24T01:23:45+00:00 の控え（証跡の{kept.seq}番、鍵 {kept.key_id}）"
    assert problems == (f"証跡が {name}を通りません（証跡がそこまでありません。切り詰められています）。",)


async def test_a_rewritten_entry_under_a_checkpoint_is_found(audits: Audits, keeping: Keeping, engine: Engine) -> None:
    kept = await audits.checkpoint(keeping)
    rewrite(engine, keep=kept.seq)
    assert "（証跡が書き直されています）" in (await audits.verify(keeping)).problems[0]


async def test_after_a_rotation_the_old_key_still_verifies_and_vouches_for_the_new(
    audits: Audits, keeping: Keeping, with_assessment: Register
) -> None:
    old = await audits.checkpoint(keeping)
    new = await audits.rotate(keeping)
    last = keeping.last()
    assert last is not None
    assert (last.key_id, last.seq) == (old.key_id, old.seq + 1), "the old key signs the entry that names the new one"
    (rotated,) = await with_assessment.occurrences(AuditAction.KEY_ROTATED)
    assert rotated.detail == {"key_id": new.key_id, "public_key": new.public_key}
    after = await audits.checkpoint(keeping)
    assert after.key_id == new.key_id != old.key_id
    assert [key.key_id for key in keeping.keys.public()] == [old.key_id, new.key_id]
    assert (await audits.verify(keeping)).ok


@pytest.mark.parametrize(
    "change",
    [
        pytest.param((b'"seq":4', b'"seq":3', "署名が正しくありません"), id="番号"),
        pytest.param((b"2026-11", b"2025-11", "署名が正しくありません"), id="日時"),
        pytest.param((b'"signature":"', b'"signature":"AA', "署名が正しくありません"), id="署名"),
        pytest.param((b'"key_id":"', b'"key_id":"0', "1行目を読めません"), id="鍵の番号の長さ"),
        pytest.param((b"{", b"", "1行目を読めません"), id="壊れた行"),
    ],
)
async def test_a_changed_checkpoint_is_found(
    audits: Audits, keeping: Keeping, with_assessment: Register, change: tuple[bytes, bytes, str]
) -> None:
    old, new, problem = change
    assert (await audits.checkpoint(keeping)).seq == 4
    lines = [line.replace(old, new, 1) for line in keeping.kept().lines]
    kept = Kept(lines, keeping.keys.public())
    (found,) = (await with_assessment.verify_audit(kept=kept)).problems
    assert problem in found


async def test_a_checkpoint_by_a_stranger_is_not_taken_for_one(
    audits: Audits, keeping: Keeping, with_assessment: Register, tmp_path: Path
) -> None:
    await audits.checkpoint(keeping)
    stranger = Keeping(tmp_path / "other" / "checkpoints.jsonl", tmp_path / "other" / "keys.json")
    await audits.checkpoint(stranger)
    kept = Kept(stranger.kept().lines, keeping.keys.public())
    (problem,) = (await with_assessment.verify_audit(kept=kept)).problems
    assert "の鍵を知りません" in problem
    (mine,), (theirs,) = keeping.keys.public(), stranger.keys.public()
    # A key that stands under the number of another is none.
    disguised = theirs.model_copy(update={"key_id": mine.key_id})
    forged = [line.replace(theirs.key_id.encode(), mine.key_id.encode()) for line in stranger.kept().lines]
    assert not (await with_assessment.verify_audit(kept=Kept(forged, [disguised]))).ok


async def test_a_line_that_was_cut_off_does_not_spoil_the_next(
    audits: Audits, keeping: Keeping, tmp_path: Path
) -> None:
    first = await audits.checkpoint(keeping)
    with (tmp_path / "home" / "checkpoints.jsonl").open("ab") as file:
        file.write(b'{"seq":')
    assert keeping.last() == first
    second = await audits.checkpoint(keeping)
    assert keeping.last() == second
    assert (await audits.verify(keeping)).problems == ("控えの2行目を読めません。",)


async def test_two_that_make_the_first_key_at_once_make_one(keeping: Keeping) -> None:
    one = keeping.keys.ensure(at=samples.AT)
    assert keeping.keys.ensure(at=samples.AT + timedelta(days=1)) == one
