"""本物の認証サーバーでのサインイン: over its own pages, with all that it enforces and all that it may get wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Route

from client.identity import Identity
from client.sign_in_refused import SignInRefusedError, Why
from schemas.records import AuditAction
from tests.browser.conftest import chromium
from tests.cli.terminal import Terminal, demo_file
from tests.oidc.conftest import Provider, visiting
from tests.provider import query_of
from tests.web.provided import Place, place_of
from worker import run_web

pytestmark = pytest.mark.oidc

RETURN = "/sign-in/return"


@pytest.fixture
async def place(provider: Provider, tmp_path: Path) -> AsyncIterator[Place]:
    async with place_of(tmp_path, provider.settings(tmp_path)) as found:
        yield found
    await provider.told("lie")


async def _back(place: Place, browser: httpx2.AsyncClient, person: str = "manager") -> str:
    async with visiting(person) as visitor:
        return await visitor.go(await place.to_provider(browser), until=RETURN)


async def _refused(place: Place, browser: httpx2.AsyncClient, back: str, why: str, told: str) -> None:
    answer = await browser.get(back)
    assert answer.status_code == 403, answer.text
    assert (await browser.get("/")).status_code == 303
    [(person, detail)] = await place.noted(AuditAction.SIGN_IN_REFUSED)
    assert (person, detail) == ("unknown", {"why": why, "told": told})


async def test_one_signs_in_on_its_pages(place: Place) -> None:
    browser = place.make()
    back = await _back(place, browser)
    assert query_of(back)["iss"] == place.settings.oidc_issuer
    assert (await browser.get(back)).status_code == 303
    assert "見本 保護管理者" in (await browser.get("/")).text


async def test_an_answer_that_names_another_issuer_or_none_is_refused(place: Place) -> None:
    for change in ("https://elsewhere.example", None):
        browser = place.make()
        query = query_of(await _back(place, browser))
        query.pop("iss")
        answer = await browser.get(RETURN, params={**query, **({"iss": change} if change else {})})
        assert (answer.status_code, "設定にない認証サーバー" in answer.text) == (403, True)


async def test_another_verifier_is_refused_by_the_provider(provider: Provider, tmp_path: Path) -> None:
    settings = provider.settings(tmp_path)
    identity = Identity(settings)
    asked = await identity.ask(redirect_uri=f"{settings.pages_url}{RETURN}")
    async with visiting("manager") as visitor:
        answer = query_of(await visitor.go(asked.address, until=RETURN))
    with pytest.raises(SignInRefusedError) as refused:
        await identity.answered(answer, nonce=asked.nonce, verifier="x" * 43, redirect_uri=asked.redirect_uri)
    assert (refused.value.why, refused.value.told) == (Why.EXCHANGE, "invalid_grant")


async def test_without_a_challenge_the_provider_gives_no_code(place: Place) -> None:
    browser = place.make()
    address = httpx2.URL(await place.to_provider(browser))
    for name in ("code_challenge", "code_challenge_method"):
        address = address.copy_remove_param(name)
    async with visiting("manager") as visitor:
        back = await visitor.go(str(address), until=RETURN)
    assert query_of(back)["error"] == "invalid_request"
    assert "完了しませんでした" in (await browser.get(back)).text


async def test_a_token_for_another_question_is_refused(place: Place) -> None:
    browser = place.make()
    address = httpx2.URL(await place.to_provider(browser)).copy_set_param("nonce", "another")
    async with visiting("manager") as visitor:
        back = await visitor.go(str(address), until=RETURN)
    await _refused(place, browser, back, "token", "nonce")


@pytest.mark.parametrize(("lie", "told"), [("unsigned", "algorithm"), ("audience", "aud"), ("expired", "exp")])
async def test_a_token_that_is_not_right_is_refused(place: Place, provider: Provider, lie: str, told: str) -> None:
    browser = place.make()
    back = await _back(place, browser)
    await provider.told(f"lie?as={lie}")
    await _refused(place, browser, back, "token", told)


async def test_a_token_that_has_expired_by_our_clock_is_refused(place: Place) -> None:
    browser = place.make()
    back = await _back(place, browser)
    place.clock.at += timedelta(hours=2)
    assert "10分を過ぎた" in (await browser.get(back)).text


async def test_after_the_provider_has_taken_new_keys_one_signs_in(place: Place, provider: Provider) -> None:
    first = place.make()
    assert (await first.get(await _back(place, first))).status_code == 303
    await provider.told("rotate")
    later = place.make()
    assert (await later.get(await _back(place, later))).status_code == 303


async def test_a_mail_address_and_roles_come_from_the_userinfo_answer(provider: Provider, tmp_path: Path) -> None:
    settings = provider.settings(tmp_path, oidc_person_claim="email", oidc_roles_claim="groups")
    async with place_of(tmp_path, settings) as place:
        browser = place.make()
        assert (await browser.get(await _back(place, browser, "lead"))).status_code == 303
        assert "見本 参事官" in (await browser.get("/")).text


async def test_in_a_browser_one_signs_in_and_out_again(provider: Provider, tmp_path: Path) -> None:
    settings = provider.settings(tmp_path)
    terminal = Terminal(settings)
    assert terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    serving = asyncio.create_task(run_web(settings))
    try:
        async with chromium() as browser:
            context = await browser.new_context()
            await context.route(lambda address: "//127.0.0.1:" not in address, _stay_here)
            page = await context.new_page()
            await _wait_for(f"{settings.pages_url}/sign-in")
            await page.goto(f"{settings.pages_url}/reviews")
            await page.get_by_role("link", name="サインインへ進む").click()
            await page.fill("input[name=login]", "manager")
            await page.fill("input[name=password]", "any")
            await page.get_by_role("button", name="Sign-in").click()
            await page.get_by_role("button", name="Continue").click()
            await page.wait_for_url(f"{settings.pages_url}/reviews")
            assert "見本 保護管理者" in await page.inner_text("header")
            await page.get_by_role("button", name="サインアウト").click()
            await page.get_by_role("link", name="認証サーバーからもサインアウトする").click()
            await page.get_by_role("button", name="Yes, sign me out").click()
            await page.wait_for_url(f"{settings.pages_url}/sign-in*")
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def _stay_here(route: Route) -> None:
    """Reach for nothing on the network: the provider's pages ask for a font."""
    await route.abort()


async def _wait_for(address: str) -> None:
    async with httpx2.AsyncClient() as asking, asyncio.timeout(20):
        while True:
            with suppress(httpx2.TransportError):
                await asking.get(address)
                return
            await asyncio.sleep(0.05)


def _terminal(provider: Provider, tmp_path: Path) -> Terminal:
    variables = {
        "MINAOSHI_OIDC_ISSUER": provider.issuer,
        "MINAOSHI_OIDC_CLIENT_ID": "minaoshi",
        "MINAOSHI_OIDC_TERMINAL_CLIENT_ID": "minaoshi-terminal",
        "MINAOSHI_SESSION_FILE": str(tmp_path / "session"),
    }
    terminal = Terminal(provider.settings(tmp_path), variables)
    assert terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    return terminal


async def test_a_terminal_signs_in_with_a_browser_on_its_machine(provider: Provider, tmp_path: Path) -> None:
    terminal = _terminal(provider, tmp_path)
    process = terminal.start("sign-in")
    assert process.stdout is not None
    process.stdout.readline()
    address = process.stdout.readline().decode().strip()
    async with visiting("manager") as visitor, httpx2.AsyncClient() as browser:
        await browser.get(await visitor.go(address, until=RETURN))
    assert "見本 保護管理者（manager）" in process.stdout.read().decode()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert terminal.run("whoami").out.startswith("見本 保護管理者")


async def test_a_terminal_signs_in_with_a_browser_on_another_machine(provider: Provider, tmp_path: Path) -> None:
    terminal = _terminal(provider, tmp_path)
    process = terminal.start("sign-in", "--device")
    assert process.stdout is not None
    address = process.stdout.readline().decode().rpartition(": ")[2].strip()
    code = process.stdout.readline().decode().rpartition(": ")[2].strip()
    assert code in address
    async with visiting("manager") as visitor:
        assert "you can now close this page" in await visitor.go(address, until="/nowhere")
    assert "見本 保護管理者（manager）" in process.stdout.read().decode()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert terminal.run("inbox").status == 0
