"""証跡: what is noted of reading and writing out, exports that are verified elsewhere, and retention by two."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from client.audit import Keeping, public_keys_from, verify_file
from client.errors import CallerError, InvalidInputError, NotFoundError, NotPermittedError
from client.grants import grants
from register.tables import APPEND_ONLY
from rendering.bundle import bundle
from schemas.records import AuditAction
from tests.client.test_documents import _HERE, _two
from tests.client.test_takeover import ROW, folder, table
from tests.house import AUDITOR, CHIEF, MANAGER, TEAM, TEAM_2
from worker import build_keeping

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.records import Occurrence
    from tests.house import House

WITHHELD = "/files/0/name"
UNTIL = date(2099, 3, 31)


async def noted(house: House, *kinds: AuditAction) -> tuple[Occurrence, ...]:
    return await house.register.occurrences(*kinds)


async def with_withheld_parts(house: House) -> None:
    await house.minaoshi.bundles.import_bundle(bundle(_two(withheld={WITHHELD: "rule_10_2"})), **_HERE)


async def exported(house: House, path: Path, **given: str) -> Path:
    with path.open("wb") as file:
        await house.minaoshi.audit.export(file, keeping_of(house), **{"parts": "sealed", **given})
    return path


def keeping_of(house: House) -> Keeping:
    return build_keeping(house.settings)


async def test_reading_what_is_not_published_is_noted_and_so_is_writing_out_what_is(empty_house: House) -> None:
    await with_withheld_parts(empty_house)
    documents = empty_house.minaoshi.documents
    await documents.export("sample-1", as_="html", rendition="public", by=MANAGER)
    await documents.export("sample-1", as_="html", rendition="full", by=AUDITOR)
    await documents.export(empty_house.assessment_id, as_="html")
    public, without = await noted(empty_house, AuditAction.EXPORTED)
    assert (public.person, public.subject, public.detail["rendition"]) == (MANAGER, "sample-1/1", "public")
    assert (without.person, without.subject) == ("operator", f"{empty_house.assessment_id}/1")
    (read,) = await noted(empty_house, AuditAction.READ_WITHHELD)
    assert (read.person, read.subject, read.detail["format"]) == (AUDITOR, "sample-1/1", "html")
    assert (await empty_house.minaoshi.verify_audit()).ok


async def test_a_take_over_is_noted_with_the_digest_of_its_table(empty_house: House) -> None:
    content = table(ROW)
    for _ in range(2):
        await empty_house.minaoshi.takeover.take_over(content, files=folder())
    (taken,) = await noted(empty_house, AuditAction.TAKEN_OVER)
    assert (taken.person, len(taken.subject), taken.detail) == ("operator", 64, {"assessments": 1})


async def test_an_export_is_verified_without_the_register(empty_house: House, tmp_path: Path) -> None:
    await with_withheld_parts(empty_house)
    keeping = keeping_of(empty_house)
    kept = await empty_house.minaoshi.audit.checkpoint(keeping)
    path = await exported(empty_house, tmp_path / "audit.zip")
    found = verify_file(path, expect=kept.hash)
    assert (found.verdict.problems, found.verdict.checkpoints, found.keys) == ((), 1, keeping.keys.public())
    assert found.verdict.entries == kept.seq + 1, "the export itself is the last entry"


async def test_what_is_not_published_is_in_an_export_by_its_digest_only(empty_house: House, tmp_path: Path) -> None:
    await with_withheld_parts(empty_house)
    documents = _two(withheld={WITHHELD: "rule_10_2"}).documents
    files: Any = documents[1]["files"]
    secret = files[0]["name"]
    assert isinstance(secret, str)
    sealed = await exported(empty_house, tmp_path / "sealed.zip")
    full = await exported(empty_house, tmp_path / "full.zip", parts="full")
    with zipfile.ZipFile(sealed) as without, zipfile.ZipFile(full) as whole:
        assert secret.encode() in b"".join(whole.read(name) for name in whole.namelist())
        # Not only in the document that withholds it.
        assert secret.encode() not in b"".join(without.read(name) for name in without.namelist())
        lines = [json.loads(line) for line in without.read("tables/documents.jsonl").splitlines()]
        seals = {line["row"]["sha256"]: line["sealed"]["content"] for line in lines if "sealed" in line}
        assert len(seals) == 2
        assert all(key == digest for key, digest in seals.items())
        assert any("sealed" not in line for line in lines), "what was published in full is written out"
    assert verify_file(sealed).sealed >= 1
    assert (verify_file(sealed).verdict.problems, verify_file(full).sealed) == ((), 0)
    (read,) = await noted(empty_house, AuditAction.READ_WITHHELD)
    assert (read.subject, read.detail) == ("audit", {"parts": "full"})


async def test_a_sealed_document_that_was_changed_is_found(empty_house: House, tmp_path: Path) -> None:
    await with_withheld_parts(empty_house)
    path = await exported(empty_house, tmp_path / "audit.zip")
    forged = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "tables/documents.jsonl":
                content = content.replace(b'"sealed": {"content": "', b'"sealed": {"content": "0')
            new.writestr(name, content)
    (tmp_path / "forged.zip").write_bytes(forged.getvalue())
    assert any("文書" in one for one in verify_file(tmp_path / "forged.zip").verdict.problems)


async def test_the_reader_s_own_keys_and_checkpoints_are_what_counts(empty_house: House, tmp_path: Path) -> None:
    audit = empty_house.minaoshi.audit
    stranger = Keeping(tmp_path / "strange.jsonl", tmp_path / "strange-keys.json")
    await audit.checkpoint(keeping_of(empty_house))
    await audit.checkpoint(stranger)
    path = await exported(empty_house, tmp_path / "audit.zip")
    mine = b"\n".join(key.model_dump_json().encode() for key in keeping_of(empty_house).keys.public())
    assert verify_file(path, keys=mine).verdict.ok
    theirs = (tmp_path / "strange.jsonl").read_bytes()
    (problem,) = verify_file(path, keys=mine, checkpoints=theirs).verdict.problems
    assert "の鍵を知りません" in problem
    with pytest.raises(InvalidInputError, match="公開鍵の一覧として読めません"):
        public_keys_from(b"{}")


async def test_a_file_that_is_no_export_is_refused_in_words(empty_house: House, tmp_path: Path) -> None:
    (tmp_path / "rubbish").write_bytes(b"PK\x03\x04")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("header.json", '{"format": "something"}')
    for name in ("rubbish", "other.zip"):
        with pytest.raises(InvalidInputError, match="書き出し"):
            verify_file(tmp_path / name)
    with pytest.raises(InvalidInputError, match="「secret」は知りません"):
        await exported(empty_house, tmp_path / "audit.zip", parts="secret")


async def test_retention_is_decided_by_two_and_deletes_nothing(empty_house: House) -> None:
    retention = empty_house.minaoshi.retention
    before = await empty_house.minaoshi.verify_audit()
    proposed = await retention.propose(until=UNTIL, reason="文書管理規則による。", as_=TEAM)
    assert await retention.every() == (proposed,)
    with pytest.raises(NotPermittedError, match="自分の提案を確認できません"):
        await retention.confirm(proposed.number, as_=TEAM)
    confirmed = await retention.confirm(proposed.number, as_=CHIEF)
    assert await retention.confirm(proposed.number, as_=CHIEF) == confirmed
    assert (confirmed.proposed_by, confirmed.confirmed_by, confirmed.until) == (TEAM, CHIEF, UNTIL)
    assert await retention.every() == (confirmed,)
    with pytest.raises(CallerError, match=f"{CHIEF} が既に確認しています"):
        await retention.confirm(proposed.number, as_=TEAM_2)
    after = await empty_house.minaoshi.verify_audit()
    assert (after.ok, after.entries) == (True, before.entries + 2)


async def test_who_may_not_decide_retention_is_told_so(empty_house: House) -> None:
    retention = empty_house.minaoshi.retention
    for person in (AUDITOR, MANAGER):
        with pytest.raises(NotPermittedError, match="保存期間を決める役割にありません"):
            await retention.propose(until=UNTIL, reason="理由", as_=person)
    with pytest.raises(InvalidInputError, match="もう来ています"):
        await retention.propose(until=date(2020, 1, 1), reason="理由", as_=TEAM)
    with pytest.raises(InvalidInputError, match="理由がありません"):
        await retention.propose(until=UNTIL, reason=" ", as_=TEAM)
    with pytest.raises(NotFoundError, match="保存期間の提案 0 はありません"):
        await retention.confirm("0", as_=CHIEF)
    assert await retention.every() == ()


def test_the_writer_is_given_no_update_and_no_delete_on_what_only_grows() -> None:
    statements = grants("writer")
    for table_ in APPEND_ONLY:
        assert f'GRANT SELECT, INSERT ON {table_.name} TO "writer";' in statements
    deleted = [one.split(" ON ")[1].split()[0] for one in statements if "DELETE" in one]
    assert deleted == ["awaited", "kept_forms", "sessions", "sign_ins"]
    with pytest.raises(InvalidInputError, match="ロールの名前として使えません"):
        grants('x"; DROP TABLE acts')
