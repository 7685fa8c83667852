"""名簿: the names by which things are shown, and the assessments that a search finds among thousands."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.client import Client

from client.directory import MOST_CHOICES
from client.errors import NotFoundError
from engine.server import EmbeddedServer
from tests.house import DRAFTER, House, open_house


async def test_names_are_those_of_the_organisation(empty_house: House) -> None:
    directory = empty_house.minaoshi.directory
    names = await directory.names()
    assert (names.person("desk"), names.person("engine"), names.person("gone")) == ("見本 窓口", "本システム", "gone")
    assert (names.department("privacy"), names.department("gone")) == ("個人情報保護担当（対策チーム）", "gone")
    assert (names.body("digital-agency"), names.body("gone")) == ("内閣総理大臣（デジタル庁）", "gone")
    assert "privacy" in {one.id for one in await directory.departments(body="digital-agency")}
    assert await directory.departments(body="city") == ()
    people = await directory.people(body="digital-agency", near=["privacy"])
    assert people[0].department == "privacy"
    assert {one.body for one in people} == {"digital-agency"}


async def test_a_search_finds_what_holds_every_word_ones_own_first(empty_house: House) -> None:
    directory = empty_house.minaoshi.directory
    await empty_house.add_assessment("a-first", department="child-allowance", name="児童手当 100%の事務")
    await empty_house.add_assessment("z-last", name="口座 100%の事務")
    found = await directory.find_assessments("事務 100%", as_=DRAFTER)
    assert [one.assessment_id for one in found.choices] == ["z-last", "a-first"]
    assert found.choices[1].department_name == "児童手当担当（見本）"
    assert (await directory.find_assessments("_irst", as_=DRAFTER)).choices == ()
    assert (await directory.find_assessments("child-allowance", as_=DRAFTER)).total == 1
    assert [one.name for one in await directory.assessments(["z-last", "none"])] == ["口座 100%の事務"]
    for number in range(MOST_CHOICES):
        await empty_house.add_assessment(f"more-{number}")
    every = await directory.find_assessments("", as_=DRAFTER)
    assert (len(every.choices), every.total) == (MOST_CHOICES, MOST_CHOICES + 3)


async def test_assessments_of_another_body_are_not_found(empty_house: House) -> None:
    found = await empty_house.minaoshi.directory.find_assessments(empty_house.assessment_id, as_="residents-drafter")
    assert found.total == 1
    with pytest.raises(NotFoundError):
        await empty_house.minaoshi.directory.find_assessments("", as_="nobody")


async def test_without_an_organisation_there_are_no_names(
    client_connection: Client, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with open_house(client_connection, server.settings, tmp_path) as bare:
        with pytest.raises(NotFoundError, match="組織表がまだありません"):
            await bare.minaoshi.directory.names()
