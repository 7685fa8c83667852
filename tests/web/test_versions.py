"""版: read as its form arranges it, side by side, and as anybody may read it; what is withheld stays withheld."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rendering.bundle import bundle
from tests.filled import filled_set
from tests.house import CHIEF, MANAGER, House
from tests.rendering.editions import edition
from tests.web.conftest import Browser
from tests.web.two_bodies import OUTSIDER, let_a_city_join
from tests.web.waited import patient
from tests.withheld import marks_in, withheld_marks

__all__ = ["patient"]

Browsers = Callable[[], Browser]
WITHHELD = {"/files/0/remarks": "rule_10_1", "/files/1/name": "rule_10_1"}


@pytest.fixture
async def withheld(empty_house: House) -> tuple[House, set[str]]:
    """Enter an assessment that withholds parts; give the house, and the marks that are withheld."""
    documents = filled_set(withheld=WITHHELD)
    number = documents[0]["cover"]["assessment_number"]
    given = edition(*documents, number=number, body="digital-agency", body_name=None, version=1, changes=())
    await empty_house.minaoshi.bundles.import_bundle(bundle(given), department="resident-records")
    await let_a_city_join(empty_house)
    return empty_house, withheld_marks(documents[1])


@pytest.mark.parametrize("person", ["residents-drafter", "auditor"])
async def test_its_own_people_read_all_and_may_choose_what_is_published(
    withheld: tuple[House, set[str]], browser: Browsers, person: str
) -> None:
    _, hidden = withheld
    someone = await browser().sign_in(person)
    page = await someone.open("/assessments/sample-1/versions/1")
    assert hidden <= marks_in(page)
    assert "様式2" in page
    assert "様式4" in page
    assert "☑" in page
    page = await someone.open("/assessments/sample-1/versions/1?rendition=public")
    assert not hidden & marks_in(page)


@pytest.mark.parametrize("person", [OUTSIDER, MANAGER], ids=["ほかの機関", "ほかの部署"])
async def test_nothing_withheld_is_seen_by_others_or_by_anybody(
    withheld: tuple[House, set[str]], patient: Browsers, person: str
) -> None:
    _, hidden = withheld
    someone = await patient().sign_in(person)
    for address in (
        "/assessments/sample-1",
        "/assessments/sample-1/versions/1",
        "/assessments/sample-1/compare?from=1&to=1&all=yes",
        "/assessments/sample-1/versions/1/file?as=html",
        "/assessments/sample-1/compare/file?before=1&after=1",
    ):
        assert not hidden & marks_in(await someone.open(address)), address
    public = await patient().open("/public/sample-1")
    assert not hidden & marks_in(public)
    assert "公表しない" in public
    assert "サインアウト" not in public
    for address in ("/assessments/sample-1/versions/1", "/assessments/sample-1/versions/1/file"):
        page = await someone.open(f"{address}?rendition=full", status=403)
        assert "その評価書の担当部署と、その機関の全体を見る者です" in page


async def test_two_versions_side_by_side(house: House, browser: Browsers) -> None:
    review_id = await house.to_procedure()
    for step in ("submission", "publication"):
        await house.step(review_id, step)
    someone = await browser().sign_in(CHIEF)
    one = f"/assessments/{house.assessment_id}"
    page = await someone.open(f"{one}/compare")
    assert "変わった項目は5件" in page
    assert "<del>はない</del>" in page
    assert "<ins>がある</ins>" in page
    assert "変更なし" not in page
    page = await someone.open(f"{one}/compare?from=1&to=2&all=yes")
    assert "変わった項目は5件" in page
    assert "変更なし" in page
    assert "変わった項目はありません" in await someone.open(f"{one}/compare?from=2&to=2")
    assert "第9版はありません" in await someone.open(f"{one}/compare?from=9&to=2", status=404)
    assert "値が正しくありません" in await someone.open(f"{one}/compare?from=x", status=422)


async def test_what_has_no_second_version_and_what_has_no_content(empty_house: House, browser: Browsers) -> None:
    await empty_house.add_assessment(
        "old-1",
        document=None,
        legacy={"form": "basic_items", "form_version_as_printed": "平成28年1月 様式2", "sha256": "0" * 64},
    )
    someone = await browser().sign_in(MANAGER)
    assert "版は一つだけです" in await someone.open(f"/assessments/{empty_house.assessment_id}/compare")
    assert "第2版はありません" in await someone.open(f"/assessments/{empty_house.assessment_id}/versions/2", status=404)
    page = await someone.open("/assessments/old-1/versions/1")
    assert "旧様式の文書です" in page
    assert "旧様式のため" in await someone.open("/assessments/old-1")


@pytest.mark.parametrize("assessment", ["nowhere", "old-1", "planned-1"])
async def test_what_is_not_public_is_not_told_apart(empty_house: House, browser: Browsers, assessment: str) -> None:
    await empty_house.add_assessment(
        "old-1",
        document=None,
        legacy={"form": "basic_items", "form_version_as_printed": "平成28年1月 様式2", "sha256": "0" * 64},
    )
    page = await browser().open(f"/public/{assessment}", status=404)
    assert "公表されている評価書はここにありません" in page
