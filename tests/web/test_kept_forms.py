"""預かった様式: what was typed and not sent is kept for its person alone, offered back, and deleted when it is sent."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from client.sessions import IDLE, REMEMBERED
from client.shared_desk import LARGEST_KEPT, MOST_KEPT
from tests.house import CHIEF, DRAFTER, MANAGER, House
from tests.web.as_shown import as_shown
from tests.web.conftest import browsers_on
from tests.web.one_machine import Machine, machine
from tests.web.writing import Writer, drafting

__all__ = ["machine"]

TYPED = {"title": ["窓口の<b>運用</b>"], "facts": ["𠮷野家の窓口\n二行目"], "known_on": ["2026-05-01"]}
FORM = "/report/change"
SHOWN = "𠮷野家の窓口"


async def kept(machine: Machine, address: str = FORM, *, status: int = 204, **more: list[str]) -> dict[str, list[str]]:
    """Keep a form as the script of its page does; give what it held."""
    form = {**await machine.form(address), **TYPED, **more}
    answer = await machine.browser.web.post("/session/keep", data={**form, "kept_address": [quote(address)]})
    assert answer.status_code == status, answer.text
    return form


async def test_what_was_typed_is_offered_to_its_person_and_to_nobody_else(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = await kept(machine, kept_files=["yes"])
    await machine.browser.sign_in(CHIEF)
    for address in ("/", FORM, f"{FORM}?resume=yes"):
        page = await machine.browser.open(address)
        assert "窓口" not in page
        assert "預かっ" not in page.partition("<dialog")[0]
    await machine.browser.sign_in(MANAGER)
    page = await machine.browser.open("/")
    assert "書きかけの内容" in page
    assert "<h3>報告する › 環境の変化を報告する</h3>" in page
    assert f'href="{FORM}?resume=yes"' in page
    assert "添えたファイルは預かれません" in page
    page = await machine.browser.open(FORM)
    assert "書きかけた内容を" in page
    assert SHOWN not in page
    page = await machine.browser.open(f"{FORM}?resume=yes")
    assert "に預かった内容を、下に示します。まだ送っていません。" in page
    assert "もう一度選んでください" in page
    assert "窓口の&lt;b&gt;運用&lt;/b&gt;" in page
    again = as_shown(page)
    assert {name: again[name] for name in TYPED} == TYPED
    assert again["act_id"] == form["act_id"]
    assert again["form_token"] != form["form_token"]


async def test_what_is_kept_may_be_thrown_away(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = await kept(machine)
    data = {"form_token": form["form_token"], "address": FORM}
    answer = await machine.browser.web.post("/kept", data=data, follow_redirects=True)
    assert "預かっていた内容を捨てました" in answer.text
    assert "書きかけの内容" not in answer.text
    assert SHOWN not in await machine.browser.open(f"{FORM}?resume=yes")


async def test_what_was_typed_into_a_form_that_is_not_permitted_any_more_can_be_read(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = {**await machine.form(), **TYPED, "kept_address": "/takeover"}
    await machine.browser.web.post("/session/keep", data=form)
    page = await machine.browser.open("/takeover?resume=yes", status=403)
    assert SHOWN in page
    assert "窓口の&lt;b&gt;運用&lt;/b&gt;" in page


async def test_nobody_throws_away_what_is_kept_for_another(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    await kept(machine)
    await machine.browser.sign_in(CHIEF)
    token = (await machine.form())["form_token"]
    await machine.browser.web.post("/kept", data={"form_token": token, "address": FORM})
    await machine.browser.sign_in(MANAGER)
    assert SHOWN in await machine.browser.open(f"{FORM}?resume=yes")


async def test_what_is_sent_is_kept_no_longer(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    await kept(machine, "/settings", mail=["daily"])
    page = await machine.browser.open("/settings?resume=yes")
    assert as_shown(page)["mail"] == ["daily"]
    wrong = {**as_shown(page), "mail": ["never"]}
    assert (await machine.browser.web.post("/settings", data=wrong)).status_code == 422
    assert "書きかけの内容" in await machine.browser.open("/")
    await machine.browser.web.post("/settings", data=as_shown(page))
    assert "書きかけの内容" not in await machine.browser.open("/")


async def test_without_scripts_a_form_sent_too_late_is_kept_and_leads_to_the_sign_in(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = {**await machine.form(), **TYPED}
    machine.clock.on(seconds=IDLE.total_seconds() + 1)
    answer = await machine.browser.web.post(FORM, data=form, follow_redirects=True)
    assert "サインインが切れていたため、送られた内容はまだ何も記録していません" in answer.text
    assert "本人がサインインし直すと、受信箱から続きを書けます" in answer.text
    assert SHOWN not in answer.text
    await machine.browser.sign_in(MANAGER)
    assert as_shown(await machine.browser.open(f"{FORM}?resume=yes"))["facts"] == TYPED["facts"]


async def test_a_script_that_saves_by_itself_is_told_that_it_was_kept(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = {**await machine.form(), **TYPED}
    machine.browser.web.cookies.clear()
    answer = await machine.browser.web.post(FORM, data=form, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"kept": True})
    answer = await machine.browser.web.post(FORM, data=TYPED, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"kept": False})


async def test_a_form_that_cannot_be_kept_says_what_to_do(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    form = {**await machine.form(), "facts": ["a" * LARGEST_KEPT]}
    machine.browser.web.cookies.clear()
    for data in (form, TYPED, {**TYPED, "form_token": ["unknown"], "form_title": ["x"]}):
        answer = await machine.browser.web.post(FORM, data=data)
        assert answer.status_code == 401
        assert "別のタブでサインインしてから" in answer.text
    answer = await machine.browser.web.post("/sign-out", data={"form_token": form["form_token"]})
    assert answer.headers["location"] == "/sign-in?ended=out"


async def test_what_is_kept_is_bounded_in_size_number_and_time(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    await kept(machine, facts=["a" * LARGEST_KEPT], status=413)
    await kept(machine, form_title=[""], status=413)
    form = {**await machine.form(), **TYPED}
    answer = await machine.browser.web.post("/session/keep", data={**form, "kept_address": "/" + "a" * 400})
    assert answer.status_code == 413
    for token in ("unknown", "a\x00"):
        answer = await machine.browser.web.post("/session/keep", data={**form, "form_token": token})
        assert answer.status_code == 404
    for odd in ({"kept_address": "/a\x00"}, {"form_title": "a\x00"}):
        answer = await machine.browser.web.post("/session/keep", data={**form, "kept_address": "/a", **odd})
        assert answer.status_code == 413
    answer = await machine.browser.web.post("/kept", data={"form_token": form["form_token"], "address": "/\x00"})
    assert answer.status_code == 303
    for number in range(MOST_KEPT + 2):
        machine.clock.on(seconds=1)
        await machine.browser.web.post("/session/keep", data={**form, "kept_address": f"/one/{number}"})
    page = await machine.browser.open("/")
    assert page.count("?resume=yes") == MOST_KEPT
    assert 'href="/one/1?resume=yes"' not in page
    assert 'href="/one/2?resume=yes"' in page
    machine.clock.on(seconds=REMEMBERED.total_seconds() + 1)
    await machine.browser.sign_in(MANAGER)
    assert "?resume=yes" not in await machine.browser.open("/")
    assert await machine.minaoshi.shared_desk.kept("/one/2", as_=MANAGER) is None


async def test_who_left_the_organisation_has_no_session_but_what_they_typed_is_theirs(machine: Machine) -> None:
    await machine.browser.sign_in(MANAGER)
    token = (await machine.form())["form_token"][0]
    begun = await machine.minaoshi.shared_desk.beginner(token)
    assert begun is not None
    assert (begun.person, begun.name) == (MANAGER, "見本 保護管理者")
    assert await machine.minaoshi.shared_desk.beginner_by(begun.mark) == begun
    assert await machine.minaoshi.shared_desk.beginner_by("0" * 64) is None


async def test_a_part_of_an_assessment_is_gone_on_with(house: House) -> None:
    review = await drafting(house)
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        place = "/basic_items/cover"
        form = {**as_shown(await me.open(place)), "v/cover/declaration": ["預かられる宣言"]}
        me.browser.web.cookies.clear()
        answer = await me.browser.web.post(me.base + place, data=form)
        assert answer.headers["location"] == "/sign-in?ended=unsent&kept=yes"
        await me.browser.sign_in(DRAFTER)
        assert "書きかけた内容を" in await me.open(place)
        shown = as_shown(await me.open(f"{place}?resume=yes"))
        assert shown["v/cover/declaration"] == ["預かられる宣言"]
        await me.send(place, shown)
        assert (await me.document())["cover"]["declaration"] == "預かられる宣言"
        assert "書きかけの内容" not in await me.browser.open("/")


@pytest.mark.parametrize("answer", ["application/json", "text/html"])
async def test_what_was_typed_into_a_part_that_is_gone_is_given_back(house: House, answer: str) -> None:
    review = await drafting(house)
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        token = as_shown(await me.open("/basic_items/cover"))["form_token"]
        sent = {
            "form_token": token,
            "form_title": "x",
            "v/cover/declaration": ["失われない宣言"],
            "m/cover/declaration": ["0"],
        }
        me.browser.web.cookies.clear()
        place = "/basic_items/gone"
        await me.browser.web.post(me.base + place, data=sent, headers={"accept": answer})
        await me.browser.sign_in(DRAFTER)
        page = await me.open(f"{place}?resume=yes", status=409)
        assert "失われない宣言" in page
