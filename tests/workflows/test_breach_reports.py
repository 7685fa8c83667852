"""漏えい等報告書の版, on the real server: each is kept, corrected by another, side by side, and given out as a file."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from client.errors import ActRefusedError, InvalidInputError, NotFoundError
from rendering import pdf
from tests.house import DRAFTER, TEAM, House
from tests.workflows.events import MANY, approved, file, learn, reported, settle

CAUSE: dict[str, Any] = {"cause": {"state": "known", "content": "宛名の取違え"}}


async def filed(house: House, name: str = "one") -> str:
    """Give an event whose 速報 was approved and filed."""
    one = await reported(house, name)
    await learn(house, one, MANY)
    digest = await approved(house, one, "preliminary")
    await file(house, one, "preliminary", number="1", digest=digest)
    return one


async def corrected(house: House, event_id: str, *, corrects: str, digest: str, number: str = "2") -> Any:
    why = {"corrects": corrects, "reason": "原因の誤記。"}
    return await file(house, event_id, "correction", number=number, digest=digest, correction=why)


async def test_a_correction_is_a_further_version_that_says_what_changed_and_why(house: House) -> None:
    one = await filed(house)
    digest = await approved(house, one, "preliminary", **CAUSE)
    await corrected(house, one, corrects="preliminary/1", digest=digest)
    first, second = (await house.minaoshi.events.show(one)).reports
    assert (first.version, first.corrected_by, first.compared_with) == ("preliminary/1", "preliminary/2", None)
    assert (second.version, second.label, second.corrects) == ("preliminary/2", "速報 第2版", "preliminary/1")
    assert second.filings[0].correction is not None
    assert second.filings[0].correction.corrects == first.digest != second.digest == digest
    assert second.filings[0].correction.reason == "原因の誤記。"
    changed = {one.item: (one.before, one.after) for one in second.changes}
    assert ("（記載なし）", "宛名の取違え") in changed.values()
    assert all("原因" in item or "把握の状況" in item or "不明" in item or "追完" in item for item in changed)
    breaches = house.minaoshi.breaches
    assert (await breaches.compare(one)).changes == second.changes
    back = await breaches.compare(one, versions=("2", "preliminary/1"))
    assert {(one.after, one.before) for one in back.changes} == {(one.before, one.after) for one in second.changes}
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_what_is_no_correction_is_refused_and_nothing_is_recorded(house: House) -> None:
    one, other = await filed(house), await filed(house, "two")
    digest = await approved(house, one, "preliminary", **CAUSE)
    theirs = await approved(house, other, "preliminary", cause={"state": "known", "content": "別の原因"})
    await corrected(house, other, corrects="preliminary/1", digest=theirs)
    first = (await house.minaoshi.events.show(one)).state.approvals[0].digest
    before = (await house.minaoshi.events.show(one)).acts
    refusals = [
        ("correction_never_filed", "f" * 64, digest),
        ("correction_never_filed", theirs, digest),
        ("correction_by_the_same", "preliminary/1", first),
        ("filing_not_approved", "preliminary/1", theirs),
    ]
    for code, corrects, given in refusals:
        with pytest.raises(ActRefusedError) as refused:
            await corrected(house, one, corrects=corrects, digest=given)
        assert refused.value.refusal.code == code
    with pytest.raises(NotFoundError, match="版「final/7」"):
        await corrected(house, one, corrects="final/7", digest=digest)
    with pytest.raises(ActRefusedError, match="どの報告書を訂正するか"):
        await file(house, one, "correction", number="2", digest=digest)
    assert (await house.minaoshi.events.show(one)).acts == before


async def test_a_supplement_follows_the_final_report_as_before(house: House) -> None:
    one = await reported(house)
    await settle(house, one)
    digest = await approved(house, one, "supplement", **CAUSE)
    await file(house, one, "supplement", number="3", digest=digest)
    rows = (await house.minaoshi.events.show(one)).reports
    assert [row.version for row in rows] == ["preliminary/1", "final/1", "supplement/1"]
    assert [row.compared_with for row in rows] == [None, "preliminary/1", "final/1"]
    assert (await house.minaoshi.events.show(one)).missing == ()


async def test_a_version_is_given_out_as_it_was_stored_and_with_the_record_of_it(house: House) -> None:
    one = await filed(house)
    breaches = house.minaoshi.breaches
    digest = (await house.minaoshi.events.show(one)).state.approvals[0].digest
    content = await breaches.export(one, as_="json")
    assert hashlib.sha256(content).hexdigest() == digest
    assert json.loads(content) == (await house.register.document(digest)).content
    second = await approved(house, one, "preliminary", **CAUSE)
    await corrected(house, one, corrects=digest, digest=second)
    page = (await breaches.export(one, as_="html", version="preliminary/2")).decode()
    for words in ("個人情報保護委員会", "速報 第2版", f"（{DRAFTER}）", f"（{TEAM}）", second, "受付番号 2"):
        assert words in page
    assert "速報 第1版を訂正。理由: 原因の誤記。" in page
    assert page.encode() == await breaches.export(one, as_="html")
    first = (await breaches.export(one, as_="html", version="1")).decode()
    assert "提出の記録はまだありません" not in first
    assert "速報 第2版により訂正されました。" in first
    await learn(house, one, {"body": "別の名称"})
    assert page.encode() == await breaches.export(one, as_="html")
    waiting = await approved(house, one, "preliminary", cause={"state": "known", "content": "再調査による原因"})
    unfiled = (await breaches.export(one, as_="html")).decode()
    assert "提出の記録はまだありません" in unfiled
    assert waiting in unfiled


async def test_a_draft_says_that_it_is_one_and_has_no_version(house: House) -> None:
    one = await filed(house)
    breaches = house.minaoshi.breaches
    page = (await breaches.export(one, as_="html", draft="final")).decode()
    assert "<h1>確報（案）" in page
    assert "この案は提出できません" in page
    assert "承認した者" not in page
    draft = json.loads(await breaches.export(one, as_="json", draft="final"))
    assert draft == await breaches.draft(one, kind="final")
    with pytest.raises(InvalidInputError, match="案に版はありません"):
        await breaches.export(one, as_="json", draft="final", version="1")


async def test_what_can_not_be_given_out_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = await filed(house), await reported(house, "two")
    breaches = house.minaoshi.breaches
    for wrong in ({"as_": "xlsx"}, {"as_": "pdf", "draft": "later"}):
        with pytest.raises(InvalidInputError, match="知りません"):
            await breaches.export(one, **wrong)
    for version in ("2", "final/1", "0"):
        with pytest.raises(NotFoundError, match=f"版「{version}」"):
            await breaches.export(one, as_="json", version=version)
    with pytest.raises(NotFoundError, match="まだありません"):
        await breaches.export(other, as_="json")
    with pytest.raises(NotFoundError, match="より前に承認された報告書はありません"):
        await breaches.compare(one)
    for asked in (breaches.export("risk/9", as_="json"), breaches.compare("risk/9")):
        with pytest.raises(NotFoundError, match="台帳にありません"):
            await asked
    monkeypatch.setattr(pdf, "font_families", frozenset)
    with pytest.raises(InvalidInputError, match="書体"):
        await breaches.export(one, as_="pdf")
