"""文書の書き出しと取り込み."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from client.errors import InvalidDocumentError, InvalidInputError, NotFoundError
from guideline.renditions import Rendition
from rendering import pdf
from rendering.bundle import bundle, edition_from
from rendering.edition import Edition, public_edition
from schemas.canonical import sha256_of
from tests.cli.terminal import demo_file
from tests.filled import filled, filled_set
from tests.house import DRAFTER, MANAGER, TEAM, document
from tests.rendering.editions import edition, row
from tests.workflows.procedure import reassess

if TYPE_CHECKING:
    from tests.house import House

_HERE = {"department": "account-registration", "body": "digital-agency"}


def _two(*, withheld: dict[str, str] | None = None, **facts: Any) -> Edition:
    """Give an edition of 様式2 and 様式4 as the register would write it."""
    documents = filled_set(withheld=withheld)
    number = documents[0]["cover"]["assessment_number"]
    whole = {"number": number, "body": "digital-agency", "body_name": None, "version": 1, "changes": (), **facts}
    return edition(*documents, **whole)


def _said_otherwise(documents: Any) -> Any:
    basic, *rest = documents
    return ({**basic, "cover": {**basic["cover"], "declaration": "別の宣言"}}, *rest)


async def _entered(house: House, given: Edition, **here: str) -> None:
    await house.minaoshi.bundles.import_bundle(bundle(given), **{**_HERE, **here})


def _texts(content: bytes) -> set[str]:
    book = load_workbook(BytesIO(content))
    return {str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value}


async def test_a_version_is_exported_as_sheets_a_page_and_a_bundle(empty_house: House) -> None:
    documents, one = empty_house.minaoshi.documents, empty_house.assessment_id
    name = document()["cover"]["assessment_name"]
    assert name in _texts(await documents.export(one, as_="xlsx"))
    assert name in (await documents.export(one, as_="html")).decode()
    back = edition_from(await documents.export(one, as_="json"))
    assert (back.assessment_id, back.version, back.documents) == (one, 1, (document(),))
    assert back.digest == (await empty_house.minaoshi.assessments.show(one)).digest


async def test_all_documents_of_a_set_are_exported(empty_house: House) -> None:
    await _entered(empty_house, _two())
    documents = empty_house.minaoshi.documents
    with zipfile.ZipFile(BytesIO(await documents.export("sample-1", as_="json"))) as packed:
        assert [name for name in packed.namelist() if name.startswith("documents/")] == [
            *("documents/1-basic_items.json", "documents/2-all_items.json")
        ]
    sheets = load_workbook(BytesIO(await documents.export("sample-1", as_="xlsx"))).sheetnames
    assert {"様式2 表紙", "様式4 表紙"} <= set(sheets)


async def test_what_was_imported_is_exported_with_the_same_bytes(empty_house: House) -> None:
    given = bundle(_two(version=3, changes=(row(),), five_years_due_on=date(2028, 4, 1)))
    record = await empty_house.minaoshi.bundles.import_bundle(given, **_HERE)
    assert (record.version, record.validated, str(record.yearly_due_on)) == (3, True, "2027-04-01")
    assert record.five_years_due_on == date(2028, 4, 1), "規則15条: 修正の公表から五年を数え直さない"
    assert await empty_house.minaoshi.documents.export("sample-1", as_="json") == given
    [version] = await empty_house.minaoshi.assessments.history("sample-1")
    assert (version.number, version.changes) == (3, (row(),))
    assert (await empty_house.minaoshi.verify_audit()).ok


async def test_the_same_bundle_again_gives_the_record_and_other_content_is_refused(empty_house: House) -> None:
    bundles = empty_house.minaoshi.bundles
    await _entered(empty_house, _two())
    entries = (await empty_house.minaoshi.verify_audit()).entries
    assert (await bundles.import_bundle(bundle(_two()), **_HERE)).assessment_id == "sample-1"
    assert (await bundles.check_bundle(bundle(_two()), **_HERE)).known == ("sample-1",)
    for other in (
        _two(name="別の名"),
        _two(version=2),
        _two(changes=(row(),)),
        replace(_two(), documents=_said_otherwise(_two().documents)),
    ):
        with pytest.raises(InvalidInputError, match="「sample-1」は、別の内容で既に登録されています"):
            await bundles.import_bundle(bundle(other), **_HERE)
    assert (await empty_house.minaoshi.verify_audit()).entries == entries


async def test_what_was_exported_here_is_known_here(empty_house: House) -> None:
    documents, one = empty_house.minaoshi.documents, empty_house.assessment_id
    content = await documents.export(one, as_="json")
    assert (
        await empty_house.minaoshi.bundles.import_bundle(content, department="account-registration")
    ).assessment_id == one


async def test_a_check_writes_nothing(empty_house: House) -> None:
    checked = await empty_house.minaoshi.bundles.check_bundle(bundle(_two()), **_HERE)
    assert (checked.entered, checked.known) == (("sample-1",), ())
    with pytest.raises(NotFoundError):
        await empty_house.minaoshi.assessments.show("sample-1")


@pytest.mark.parametrize(
    ("content", "here", "error", "says"),
    [
        pytest.param(b"PK\x03\x04", {}, InvalidInputError, "ZIP として読めません", id="壊れた一式"),
        pytest.param(
            bundle(public_edition(_two())), {}, InvalidInputError, "公表用の一式は取り込めません", id="公表用の一式"
        ),
        pytest.param(
            bundle(_two()), {"department": "nowhere"}, NotFoundError, "部署「nowhere」がありません", id="知らない部署"
        ),
        pytest.param(
            bundle(replace(_two(), documents=(filled("basic_items") | {"cover": {}},))),
            {},
            InvalidDocumentError,
            "5件の誤り",
            id="様式に合わない文書",
        ),
        pytest.param(
            bundle(_two(withheld={"/files/7": "rule_10_1"})),
            {},
            InvalidDocumentError,
            "1件の誤り",
            id="行き先のない公表しない部分",
        ),
    ],
)
async def test_what_cannot_be_taken_in_is_refused_and_nothing_is_recorded(
    empty_house: House, content: bytes, here: dict[str, str], error: type[Exception], says: str
) -> None:
    entries = (await empty_house.minaoshi.verify_audit()).entries
    with pytest.raises(error, match=says):
        await empty_house.minaoshi.bundles.import_bundle(content, **{**_HERE, **here})
    assert (await empty_house.minaoshi.verify_audit()).entries == entries


async def test_a_legacy_document_has_nothing_to_export(empty_house: House) -> None:
    legacy = {"form": "basic_items", "form_version_as_printed": "平成28年1月", "sha256": sha256_of(b"old")}
    await empty_house.add_assessment("old-1", document=None, legacy=legacy)
    for as_ in ("xlsx", "pdf", "json", "html"):
        with pytest.raises(InvalidInputError, match="第1版は旧様式の文書であり、内容が台帳にありません"):
            await empty_house.minaoshi.documents.export("old-1", as_=as_)


async def test_unknown_assessments_and_versions_are_told(empty_house: House) -> None:
    documents, one = empty_house.minaoshi.documents, empty_house.assessment_id
    with pytest.raises(NotFoundError, match="台帳にありません"):
        await documents.export("nowhere", as_="json")
    with pytest.raises(NotFoundError, match=r"第2版はありません（第1版から第1版まで）"):
        await documents.export(one, as_="json", version=2)
    with pytest.raises(NotFoundError, match="第1版より前の版はありません"):
        await documents.compare(one)


async def test_the_public_files_hold_nothing_that_is_withheld(empty_house: House) -> None:
    given = _two(withheld={"/files/0/name": "rule_10_2", "/files/1/storage": "rule_10_1"})
    await _entered(empty_house, given)
    all_items: Any = given.documents[1]
    hidden = {all_items["files"][0]["name"], all_items["files"][1]["storage"]["place"]}
    documents = empty_house.minaoshi.documents
    for as_ in ("json", "html", "xlsx"):
        full = await documents.export("sample-1", as_=as_)
        public = await documents.export("sample-1", as_=as_, rendition=Rendition.PUBLIC)
        for text in hidden:
            assert text in _unpacked(full)
            assert text not in _unpacked(public)
    assert await documents.to_be_decided("sample-1") == ()


def _unpacked(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


async def test_where_the_course_is_not_known_a_person_decides_on_a_basic_document(empty_house: House) -> None:
    withheld = {"/related_information/business/overview": "rule_10_2"}
    await _entered(empty_house, replace(_two(), documents=(filled("basic_items", withheld=withheld),)))
    assert await empty_house.minaoshi.documents.export("sample-1", as_="html", rendition="public")
    [sentence] = await empty_house.minaoshi.documents.to_be_decided("sample-1")
    assert "総括保護管理者が判断してください" in sentence


async def test_without_a_font_the_pdf_is_refused_with_what_to_install(
    empty_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "font_families", frozenset)
    with pytest.raises(InvalidInputError, match="日本語の書体") as refused:
        await empty_house.minaoshi.documents.export(empty_house.assessment_id, as_="pdf")
    assert "fonts-noto-cjk" in refused.value.remedy


async def _next_version(house: House) -> None:
    review_id = await house.to_procedure()
    await house.step(review_id, "submission")
    await house.step(review_id, "publication")


async def test_two_versions_stand_side_by_side(house: House) -> None:
    await _next_version(house)
    documents, one = house.minaoshi.documents, house.assessment_id
    page = (await documents.compare(one)).decode()
    assert "新旧対照表" in page
    assert "<ins>" in page
    assert "第1版" in page
    changes = (await house.minaoshi.assessments.history(one))[1].changes
    back = edition_from(await documents.export(one, as_="json"))
    assert (back.version, back.changes) == (2, changes)
    assert edition_from(await documents.export(one, as_="json", version=1)).documents == (document(),)
    public = (await documents.compare(one, before=1, after=2, rendition="public")).decode()
    assert "公表用" in public
    assert await documents.to_be_decided(one) == ()


async def test_a_version_that_was_amended_keeps_its_five_years_where_it_is_taken_in(house: House) -> None:
    """規則15条: 五年は、実施又は再実施の公表から数える。修正は数え直さない。"""
    entered = await house.minaoshi.assessments.show(house.assessment_id)
    review_id = await house.to_procedure()
    for step in ("submission", "publication"):
        await house.step(review_id, step)
    for version in (1, 2):
        exported = edition_from(await house.minaoshi.documents.export(house.assessment_id, as_="json", version=version))
        assert exported.five_years_due_on == entered.five_years_due_on
    reassessed = await reassess(house)
    third = edition_from(await house.minaoshi.documents.export(house.assessment_id, as_="json"))
    now = await house.minaoshi.assessments.show(house.assessment_id)
    assert (reassessed, third.five_years_due_on) == (f"{house.assessment_id}/2", now.five_years_due_on)
    second = edition_from(await house.minaoshi.documents.export(house.assessment_id, as_="json", version=2))
    assert second.five_years_due_on == entered.five_years_due_on


async def test_against_a_legacy_document_every_item_is_new(house: House) -> None:
    old = {"form": "basic_items", "form_version_as_printed": "平成28年1月", "sha256": sha256_of(b"old")}
    house.assessment_id = "old-2"
    await house.add_assessment("old-2", document=None, legacy=old)
    await _next_version(house)
    page = (await house.minaoshi.documents.compare("old-2")).decode()
    assert "（旧様式の評価書に記載）" in page
    with pytest.raises(InvalidInputError, match="第1版は旧様式の文書"):
        await house.minaoshi.documents.compare("old-2", before=2, after=1)


async def test_where_nothing_would_be_left_the_public_rendition_is_refused(empty_house: House) -> None:
    sections = [key for key in filled("all_items") if key not in ("form", "form_version")]
    await _entered(empty_house, _two(withheld={f"/{key}": "rule_10_2" for key in sections}))
    with pytest.raises(InvalidInputError, match="公表用を作れません") as refused:
        await empty_house.minaoshi.documents.export("sample-1", as_="html", rendition="public")
    assert "一部に限られます" in refused.value.faults[0]


async def test_what_is_planned_has_no_version_yet(house: House) -> None:
    plan = json.loads(demo_file("reports/new-business.json"))
    await house.minaoshi.reports.new_business(json.dumps(plan).encode(), as_="desk")
    with pytest.raises(NotFoundError, match="まだ公表されていません"):
        await house.minaoshi.documents.export(plan["assessment_id"], as_="json")


async def test_a_draft_for_a_reassessment_may_not_withhold_what_only_an_amendment_might(house: House) -> None:
    review_id = await house.report_change()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="reassess")
    row_of_the_table = {"place": "/related_information/business/overview", "reason": "支障", "provision": "rule_10_2"}
    draft = json.dumps({**document("corrected"), "withheld": [row_of_the_table]}).encode()
    larger = json.dumps(document("all-items")).encode()
    with pytest.raises(InvalidInputError, match="公表しない部分に1件の誤り") as refused:
        await house.minaoshi.reviews.submit(review_id, draft, larger, as_=DRAFTER)
    assert "規則第10条第2項を用いることはできません" in refused.value.faults[0]
    whole = json.dumps(document("corrected")).encode()
    assert (await house.minaoshi.reviews.submit(review_id, whole, larger, as_=DRAFTER)).act_id


async def test_a_format_that_there_is_not_is_told(empty_house: House) -> None:
    with pytest.raises(InvalidInputError, match="「docx」は知りません"):
        await empty_house.minaoshi.documents.export(empty_house.assessment_id, as_="docx")
