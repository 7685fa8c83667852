"""ほかの人の様式: what one person began is not gone on with by another; nothing is recorded, and both are told."""

from __future__ import annotations

import re

import pytest

from client.sessions import REMEMBERED
from schemas.records import AuditAction
from tests.house import CHIEF, DRAFTER, MANAGER
from tests.waiting import open_reviews
from tests.web.one_machine import Machine, machine
from tests.web.test_idle import addresses

__all__ = ["machine"]

FORM = "/report/change"
TYPED = {"title": ["窓口の運用の変更"], "facts": ["甲さんの打った<b>秘密</b>"]}
TOLD = "あなたが書き始めた様式を、別の人が続けようとしたため、受け付けませんでした"


async def test_a_form_of_another_person_is_refused_and_both_are_told(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = {**await machine.form(), **TYPED}
    await machine.browser.sign_in(CHIEF)
    before = (await machine.register.audit_head()).seq
    for _ in range(2):
        answer = await machine.browser.web.post(FORM, data=form)
        assert answer.status_code == 409
    for words in (
        "この様式は <strong>見本 保護管理者</strong> さんが書き始めたものです",
        "何も記録していません",
        "見本 保護管理者さんに、受け付けなかったことを知らせました",
        "見本 保護管理者さんのために預かりました。ここには示しません",
    ):
        assert words in answer.text
    assert "秘密" not in answer.text
    assert "秘密" not in await machine.browser.open(f"{FORM}?resume=yes")
    assert TOLD not in await machine.browser.open("/")
    refused = await machine.trail(AuditAction.REFUSED_BY_PAGE)
    assert [entry.actor for entry in refused] == [CHIEF, CHIEF]
    assert (await machine.register.audit_head()).seq == before + 2
    await machine.browser.sign_in(MANAGER)
    page = await machine.browser.open("/")
    assert page.count(TOLD) == 1
    assert "見本 総括保護管理者" in page
    assert "甲さんの打った&lt;b&gt;秘密&lt;/b&gt;" in await machine.browser.open(f"{FORM}?resume=yes")
    assert (await machine.register.verify_audit()).problems == ()


async def test_the_trail_tells_of_the_refusal_in_words(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = await machine.form()
    await machine.browser.sign_in(CHIEF)
    await machine.browser.web.post(FORM, data=form)
    assert "ページでの拒否" in await machine.browser.open("/audit")


async def test_a_script_of_another_persons_page_is_told_to_stop(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = {**await machine.form(), **TYPED}
    await machine.browser.sign_in(CHIEF)
    answer = await machine.browser.web.post(FORM, data=form, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (409, {"foreign": True})


async def test_every_form_belongs_to_the_person_who_began_it(machine: Machine) -> None:
    await open_reviews((machine.minaoshi, machine.register), ["one"])
    await machine.browser.sign_in(MANAGER)
    token = (await machine.form())["form_token"]
    await machine.browser.sign_in(DRAFTER)
    ours = {"/sign-in", "/session", "/session/keep", "/acknowledge/nothing"}  # nobody signs in for the last
    refused = [one for one in addresses(machine.minaoshi, "post") if one not in ours]
    assert len(refused) > 15
    for address in refused:
        answer = await machine.browser.web.post(address, data={"form_token": token})
        assert answer.status_code == 409, address
        assert "書き始めたものです" in answer.text, address
    assert len(await machine.trail(AuditAction.REFUSED_BY_PAGE)) == len(refused)


async def test_a_form_that_nobody_is_known_to_have_begun_is_refused(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = {**await machine.form(), **TYPED}
    await machine.browser.sign_in(CHIEF)
    for data in (TYPED, {**form, "form_token": ["é"]}):
        answer = await machine.browser.web.post(FORM, data=data)
        assert answer.status_code == 409
        assert "だれが書き始めた様式か、確かめられません" in answer.text
        assert "秘密" not in answer.text
    machine.clock.on(seconds=REMEMBERED.total_seconds() + 1)
    await machine.browser.sign_in(CHIEF)
    assert "確かめられません" in (await machine.browser.web.post(FORM, data=form)).text
    assert await machine.trail(AuditAction.REFUSED_BY_PAGE) == ()


async def test_a_form_is_remembered_when_its_session_has_long_ended(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = {**await machine.form(), **TYPED}
    machine.clock.on(days=6)
    await machine.browser.sign_in(CHIEF)
    assert "見本 保護管理者" in (await machine.browser.web.post(FORM, data=form)).text
    await machine.browser.sign_in(MANAGER)
    answer = await machine.browser.web.post(FORM, data=form)
    assert "前のサインインで開かれたものです" in answer.text


@pytest.mark.parametrize("first", ["/report", "/events"])
async def test_an_address_that_carries_on_is_bound_to_who_began_it(machine: Machine, first: str) -> None:
    await machine.browser.sign_in(MANAGER)
    links = re.findall(r'href="(/report/risk\?begun=[0-9a-f]{64})"', await machine.browser.open(first))
    address = links[0]
    form = await machine.form(address)
    await machine.browser.sign_in(MANAGER)
    assert "リスク事案" in await machine.browser.open(address)
    await machine.browser.sign_in(CHIEF)
    assert "書き始めたものです" in await machine.browser.open(address, status=409)
    token = (await machine.form())["form_token"]
    answer = await machine.browser.web.post(address, data={**form, "form_token": token})
    assert "書き始めたものです" in answer.text
    assert len(await machine.trail(AuditAction.REFUSED_BY_PAGE)) == 2
    await machine.browser.sign_in(MANAGER)
    assert TOLD in await machine.browser.open("/")
    for mark in ("é", "%00"):
        page = await machine.browser.open(f"/report/risk?begun={mark}", status=409)
        assert "確かめられません" in page
