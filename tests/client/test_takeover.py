"""引継ぎ (take-over)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client.errors import InvalidInputError
from client.takeover_rows import TITLES
from schemas.canonical import sha256_of
from tests.house import House, document

FILE = b"%PDF-1.7 sample"
ROW = {
    "assessment_id": "juki-1",
    "body": "digital-agency",
    "department": "resident-records",
    "number": "1",
    "name": "住民基本台帳に関する事務",
    "required_level": "基礎項目評価",
    "effective_level": "基礎項目評価",
    "published_on": "平成28年7月27日",
    "systems": "住民記録システム、中間サーバ",
    "document_file": "juki.pdf",
    "form": "様式2",
    "form_version_as_printed": "平成28年1月 様式2",
}


def table(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(TITLES))
    out.write(",".join(TITLES.values()) + "\r\n")
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def folder(**more: bytes) -> Callable[[str], bytes]:
    files = {"juki.pdf": FILE, "table.pdf": b"a,b", **more}

    def read(name: str) -> bytes:
        if name not in files:
            raise FileNotFoundError(2, "No such file or directory")
        return files[name]

    return read


async def faults_of(house: House, content: bytes) -> tuple[str, ...]:
    before = await house.minaoshi.verify_audit()
    with pytest.raises(InvalidInputError) as refused:
        await house.minaoshi.takeover.take_over(content, files=folder())
    assert (await house.minaoshi.verify_audit()).entries == before.entries
    return refused.value.faults or (refused.value.message,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
async def test_a_published_assessment_is_taken_over_as_it_stands_in_the_table(house: House, encoding: str) -> None:
    done = await house.minaoshi.takeover.take_over(table(ROW, encoding=encoding), files=folder())
    assert (done.entered, done.known) == (("juki-1",), ())
    record = await house.minaoshi.assessments.show("juki-1")
    assert (record.name, record.systems) == (ROW["name"], ("住民記録システム", "中間サーバ"))
    assert record.published_on is not None
    assert record.published_on.isoformat() == "2016-07-27"
    assert record.manifest is not None
    assert (record.manifest.documents[0].sha256, record.validated) == (sha256_of(FILE), False)
    assert (await house.minaoshi.verify_audit()).ok


async def test_a_document_on_a_known_form_is_validated(house: House) -> None:
    files = folder(**{"juki.json": json.dumps(document()).encode()})
    content = table({**ROW, "document_file": "juki.json"})
    await house.minaoshi.takeover.take_over(content, files=files)
    assert (await house.minaoshi.assessments.show("juki-1")).validated
    broken = folder(**{"juki.json": json.dumps({**document(), "risk_measures": {}}).encode()})
    with pytest.raises(InvalidInputError) as refused:
        await house.minaoshi.takeover.take_over(table({**ROW, "document_file": "juki.json"}), files=broken)
    assert all(fault.startswith("2行目 文書ファイル: Ⅳ") for fault in refused.value.faults)


async def test_the_same_table_again_enters_nothing(house: House) -> None:
    content = table(ROW, {**ROW, "assessment_id": "juki-2"})
    await house.minaoshi.takeover.take_over(content, files=folder())
    entries = (await house.minaoshi.verify_audit()).entries
    again = await house.minaoshi.takeover.take_over(content, files=folder())
    assert (again.entered, again.known) == ((), ("juki-1", "juki-2"))
    assert (await house.minaoshi.verify_audit()).entries == entries


async def test_a_check_says_what_would_be_entered_and_writes_nothing(house: House) -> None:
    told: list[tuple[int, int]] = []
    entries = (await house.minaoshi.verify_audit()).entries
    checked = await house.minaoshi.takeover.check(table(ROW), files=folder(), told=lambda *now: told.append(now))
    assert (checked.entered, told) == (("juki-1",), [(1, 1)])
    assert (await house.minaoshi.verify_audit()).entries == entries


async def test_progress_is_told_of_checking_and_of_entering(house: House) -> None:
    told: list[tuple[int, int]] = []
    rows = [{**ROW, "assessment_id": f"juki-{number}"} for number in range(3)]
    await house.minaoshi.takeover.take_over(table(*rows), files=folder(), told=lambda *now: told.append(now))
    assert told == [(1, 3), (2, 3), (3, 3)] * 2


WRONG: list[Any] = [
    pytest.param(
        {"published_on": "平成31年5月1日"}, "公表日: 「平成31年5月1日」は日付ではありません", id="元号の外の日"
    ),
    pytest.param({"published_on": "2015-02-30"}, "公表日: 「2015-02-30」は日付ではありません", id="ない日"),
    pytest.param({"published_on": ""}, "公表日: 書かれていません。", id="空の公表日"),
    pytest.param({"required_level": "基礎"}, "しきい値判断の結果: 「基礎」は評価の種類ではありません", id="評価の種類"),
    pytest.param({"department": "nowhere"}, "担当部署: 機関「digital-agency」に部署「nowhere」", id="知らない部署"),
    pytest.param({"assessment_id": "住基"}, "assessment_id", id="識別子の形"),
    pytest.param({"document_file": "none.pdf"}, "文書ファイル: 「none.pdf」を読めません", id="ないファイル"),
    pytest.param({"document_file": ""}, "文書ファイルか、文書のSHA-256が要ります", id="文書がない"),
    pytest.param({"form": ""}, "様式: 旧様式の文書では", id="様式がない"),
    pytest.param(
        {"document_file": "table.pdf"},
        "文書ファイル: 「table.pdf」は、名前は PDF ですが、中身は",
        id="名前と中身の違い",
    ),
    pytest.param({"sha256": "0" * 64}, "文書のSHA-256: 「juki.pdf」のSHA-256", id="SHA-256の違い"),
    pytest.param({"document_file": "", "sha256": "xyz"}, "legacy", id="SHA-256の形"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG)
async def test_a_faulty_row_is_told_with_its_number_and_column(house: House, wrong: dict[str, str], says: str) -> None:
    faults = await faults_of(house, table(ROW, {**ROW, "assessment_id": "juki-2", **wrong}))
    assert len(faults) == 1
    assert faults[0].startswith("3行目 ")
    assert says in faults[0]


async def test_all_faults_of_all_rows_come_at_once_and_nothing_is_half_entered(house: House) -> None:
    bad = {**ROW, "assessment_id": "juki-3", "published_on": "昨日", "effective_level": "全部", "department": "x"}
    faults = await faults_of(house, table(ROW, bad, ROW))
    assert [fault.split(":")[0] for fault in faults] == [
        "3行目 実施する評価の種類",
        "3行目 公表日",
        "4行目 評価書の識別子",
    ]


async def test_an_assessment_that_is_there_with_other_content_is_a_fault(house: House) -> None:
    await house.minaoshi.takeover.take_over(table(ROW), files=folder())
    faults = await faults_of(house, table({**ROW, "name": "別の名"}))
    assert faults == ("2行目 評価書の識別子: 別の内容で既に登録されています。",)


UNREADABLE = [
    pytest.param(b"", "表が空です", id="空"),
    pytest.param(table(), "評価書が一件もありません", id="題名だけ"),
    pytest.param(b"\xff\xfe\x00\x01", "UTF-8 でも Shift_JIS でもありません", id="文字でない"),
    pytest.param(table(ROW) + b'"unclosed', "表として読めません", id="閉じない引用符"),
    pytest.param(table(ROW) + b"," * 40 + b"x", "列の数が、題名より多くあります", id="列が多い"),
]


@pytest.mark.parametrize(("content", "says"), UNREADABLE)
async def test_what_is_no_table_is_told_so(house: House, content: bytes, says: str) -> None:
    assert says in (await faults_of(house, content))[0]


async def test_wrong_columns_are_told_at_once(house: House) -> None:
    faults = await faults_of(house, "評価書名,評価書名,担当者\r\nx,x,x\r\n".encode())
    assert "知らない列「担当者」があります。" in faults
    assert "列「評価書名」が二度現れます。" in faults
    assert "列「公表日」がありません。" in faults


async def test_names_in_code_are_taken_as_titles_too(house: House) -> None:
    content = table(ROW).decode().replace(",".join(TITLES.values()), ",".join(TITLES)).encode()
    assert (await house.minaoshi.takeover.check(content, files=folder())).entered == ("juki-1",)


async def test_the_table_of_the_demo_is_taken_over(house: House) -> None:
    place = Path(__file__).parents[2] / "demo/takeover"

    def read(name: str) -> bytes:
        return (place / "documents" / name).read_bytes()

    done = await house.minaoshi.takeover.take_over((place / "assessments.csv").read_bytes(), files=read)
    assert done.entered == ("taken-over-juki-1", "taken-over-jidoteate-8", "taken-over-jidoteate-11")
