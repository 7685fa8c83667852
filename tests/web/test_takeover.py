"""引継ぎ: a table with its files, or a bundle, by the team alone: every fault is told, and all come in or none."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from rendering.bundle import bundle
from tests.client.test_takeover import FILE, ROW, table
from tests.filled import filled_set
from tests.house import AUDITOR, MANAGER, TEAM, House
from tests.rendering.editions import edition
from tests.web.conftest import Browser, carried_by
from tests.web.two_bodies import CITY_TEAM, let_a_city_join
from tests.web.waited import done, impatient, patient

__all__ = ["impatient", "patient"]

Browsers = Callable[[], Browser]


def _zip(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(f"文書/{name}.pdf", content)
    return out.getvalue()


def _bundle() -> bytes:
    documents = filled_set()
    number = documents[0]["cover"]["assessment_number"]
    return bundle(edition(*documents, number=number, body="digital-agency", body_name=None, version=1, changes=()))


def _sent(content: bytes, *documents: tuple[str, bytes]) -> Any:
    return [("table", ("table.csv", content)), *(("documents", one) for one in documents)]


@pytest.mark.parametrize("person", [MANAGER, AUDITOR])
async def test_only_the_team_may(empty_house: House, patient: Browsers, person: str) -> None:
    someone = await patient().sign_in(person)
    assert "その機関の対策チームの職員です" in await someone.open("/takeover", status=403)
    token = carried_by(await (await patient().sign_in(TEAM)).open("/takeover"))["form_token"]
    assert token
    assert len(await empty_house.minaoshi.assessments.list()) == 1


async def test_a_table_is_checked_and_then_entered_in_the_name_of_who_did_it(
    empty_house: House, patient: Browsers
) -> None:
    someone = await patient().sign_in(TEAM)
    sent = _sent(table(ROW), ("juki.pdf", FILE))
    page = await someone.send("/takeover", files=sent, what="check")
    assert "誤りはありません。登録されるもの 1件" in page
    assert len(await empty_house.minaoshi.assessments.list()) == 1
    page = await someone.send("/takeover", files=_sent(table(ROW), ("all.zip", _zip(juki=FILE))), what="enter")
    assert "評価書を1件登録しました" in page
    assert "住民基本台帳に関する事務" in page
    page = await someone.send("/takeover", files=sent, what="enter")
    assert "評価書を0件登録しました。同じ内容で既に登録されているもの 1件" in page
    assert "見本 参事官" in await someone.open(f"/audit?actor={TEAM}")
    assert "評価書の登録" in await someone.open(f"/audit?actor={TEAM}")


async def test_every_fault_is_told_by_row_and_column_and_nothing_is_entered(
    empty_house: House, patient: Browsers
) -> None:
    someone = await patient().sign_in(TEAM)
    rows = (
        {**ROW, "published_on": "昨日<script>"},
        {**ROW, "assessment_id": "juki-2", "document_file": "missing.pdf"},
        {**ROW, "assessment_id": "juki-3"},
    )
    page = await someone.send("/takeover", files=_sent(table(*rows), ("juki.pdf", FILE)), what="enter", status=422)
    assert "2件の誤りがあります。何も登録していません" in page
    assert "2行目 公表日: 「昨日&lt;script&gt;」は日付ではありません" in page
    assert "3行目 文書ファイル: 「missing.pdf」を読めません（送られていません）" in page
    assert re.search(r'value="enter"\s+checked', page)
    assert len(await empty_house.minaoshi.assessments.list()) == 1


async def test_what_is_no_table_and_what_is_no_zip(patient: Browsers) -> None:
    someone = await patient().sign_in(TEAM)
    page = await someone.send("/takeover", files=[("documents", ("", b""))], status=422)
    assert "ファイルを選んでください" in page
    page = await someone.send("/takeover", files=_sent(b"\xff\xfe\x00"), status=422)
    assert "UTF-8 でも Shift_JIS でもありません" in page
    page = await someone.send("/takeover", files=_sent(table(ROW), ("all.zip", b"no zip")), status=422)
    assert "「all.zip」を ZIP として読めません" in page
    broken = bytearray(_zip(juki=FILE * 40))
    broken[60:90] = b"x" * 30
    page = await someone.send("/takeover", files=_sent(table(ROW), ("all.zip", bytes(broken))), status=422)
    assert "ZIP の中で壊れているか" in page


async def test_the_team_of_another_body_enters_nothing_here(empty_house: House, patient: Browsers) -> None:
    await let_a_city_join(empty_house)
    someone = await patient().sign_in(CITY_TEAM)
    page = await someone.send("/takeover", files=_sent(table(ROW), ("juki.pdf", FILE)), what="enter", status=422)
    assert "機関「digital-agency」に部署「resident-records」がありません" in page
    given = _bundle()
    page = await someone.send("/takeover", files=_sent(given), what="enter", department="resident-records", status=422)
    assert "担当部署を選んでください" in page
    page = await someone.send("/takeover", files=_sent(given), what="enter", department="city-residents", status=404)
    assert "機関「digital-agency」に部署「city-residents」がありません" in page


async def test_a_bundle_comes_in_for_a_department(empty_house: House, patient: Browsers) -> None:
    someone = await patient().sign_in(TEAM)
    given = _bundle()
    page = await someone.send("/takeover", files=_sent(given), what="check", department="resident-records")
    assert "登録されるもの 1件" in page
    page = await someone.send("/takeover", files=_sent(given), what="enter", department="resident-records")
    assert "評価書を1件登録しました" in page
    assert (await empty_house.minaoshi.assessments.show("sample-1")).department == "resident-records"


async def _led_to(someone: Browser, files: Any) -> str:
    """Send what takes a while, and wait until it is done; give the work."""
    fields = {**carried_by(await someone.open("/takeover")), "what": "enter"}
    answer = await someone.web.post("/takeover", data=fields, files=files)
    work: str = answer.headers["location"].removeprefix("/waiting/")
    await done(someone, work)
    return work


async def test_a_long_one_is_waited_for_and_tells_its_faults_there(impatient: Browsers) -> None:
    someone = await impatient().sign_in(TEAM)
    work = await _led_to(someone, _sent(table(ROW)))
    page = await someone.open(f"/waiting/{work}", status=422)
    assert "2行目 文書ファイル: 「juki.pdf」を読めません" in page
    work = await _led_to(someone, _sent(table(ROW), ("juki.pdf", FILE)))
    assert "評価書を1件登録しました" in await someone.open(f"/waiting/{work}")
