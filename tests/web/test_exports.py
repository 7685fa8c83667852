"""書き出し: a small file comes at once; for a large one a page waits, without a script; nobody else gets it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from rendering import pdf
from tests.house import CHIEF, MANAGER, House
from tests.web.conftest import Browser
from tests.web.waited import done, impatient, led_to, patient

__all__ = ["impatient", "patient"]

Browsers = Callable[[], Browser]


async def test_each_form_comes_at_once_under_a_name_of_its_own(empty_house: House, patient: Browsers) -> None:
    one = f"/assessments/{empty_house.assessment_id}/versions/1/file"
    someone = await patient().sign_in(MANAGER)
    page = await someone.open(f"/assessments/{empty_house.assessment_id}/versions/1")
    assert f"{one}?as=xlsx&amp;rendition=public" in page
    found = await someone.web.get(f"{one}?as=json&rendition=full")
    assert found.headers["content-disposition"] == f'attachment; filename="{empty_house.assessment_id}-1-full.zip"'
    assert zipfile.ZipFile(BytesIO(found.content)).namelist()
    assert (await someone.web.get(f"{one}?as=xlsx")).content.startswith(b"PK")
    assert "<!DOCTYPE html>" in (await someone.web.get(f"{one}?as=html")).text
    assert "「doc」は知りません" in await someone.open(f"{one}?as=doc", status=422)
    assert "台帳にありません" in await someone.open("/assessments/nowhere/versions/1/file", status=404)


async def test_a_large_one_is_waited_for_and_belongs_to_who_began_it(empty_house: House, impatient: Browsers) -> None:
    someone = await impatient().sign_in(MANAGER)
    work = await led_to(someone, f"/assessments/{empty_house.assessment_id}/versions/1/file?as=html")
    await done(someone, work)
    page = await someone.open(f"/waiting/{work}")
    assert "ファイルができました" in page
    assert "<!DOCTYPE html>" in (await someone.web.get(f"/exports/{work}/file")).text
    other = await impatient().sign_in(CHIEF)
    for address in (f"/waiting/{work}", f"/exports/{work}", f"/exports/{work}/file"):
        assert "この結果はもうありません" in await other.open(address, status=404)


async def test_without_a_japanese_font_the_page_says_what_to_do(
    empty_house: House, patient: Browsers, impatient: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "font_families", frozenset)
    someone = await patient().sign_in(MANAGER)
    address = f"/assessments/{empty_house.assessment_id}/versions/1/file?as=pdf"
    page = await someone.open(address, status=422)
    assert "書体" in page
    someone = await impatient().sign_in(MANAGER)
    work = await led_to(someone, address)
    await done(someone, work)
    assert "書体" in await someone.open(f"/waiting/{work}", status=422)
