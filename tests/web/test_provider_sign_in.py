"""認証サーバーでのサインイン: the whole application with a provider; nothing forged signs anybody in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from client.signing_in import LASTS
from schemas.records import AuditAction
from tests.provider import LyingProvider, answer_of, query_of, refusal_of, settings_for
from tests.web.provided import Place, issuer, place_of, refused, settings_of

__all__ = ["issuer"]

# The library's provider is built on what Authlib is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
async def place(issuer: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with place_of(tmp_path, settings_of(issuer, tmp_path)) as found:
        yield found


async def test_one_signs_in_there_and_goes_on_where_one_wanted_to(place: Place) -> None:
    browser = place.make()
    assert (await browser.get("/reviews?scope=all")).headers["location"] == "/sign-in?to=%2Freviews%3Fscope%3Dall"
    page = await browser.get("/sign-in", params={"to": "/reviews?scope=all"})
    assert "サインインへ進む" in page.text
    assert 'href="/sign-in/begin?to=/reviews%3Fscope%3Dall"' in page.text
    answer = await place.sign_in(browser, "manager", "/reviews?scope=all")
    assert answer.headers["location"] == "/reviews?scope=all"
    assert "見本 保護管理者" in (await browser.get("/")).text
    assert await place.noted(AuditAction.SIGNED_IN) == [("manager", {"by": "page"})]
    assert (await place.register.verify_audit()).ok


async def test_nobody_is_signed_in_by_saying_a_name(place: Place) -> None:
    browser = place.make()
    answer = await browser.post("/sign-in", data={"person": "manager"})
    assert "set-cookie" not in answer.headers
    assert "<select" not in answer.text
    assert (await browser.get("/")).status_code == 303


NOT_BEGUN = "このブラウザーで始めたものではないか"


async def test_an_answer_that_another_browser_brings_signs_nobody_in_and_stays_good(place: Place) -> None:
    """Otherwise somebody could sign a victim's browser in as himself, and read what the victim then writes."""
    own, victim = place.make(), place.make()
    back = await answer_of(await place.to_provider(own), "manager")
    await refused(victim, back, NOT_BEGUN)
    await place.to_provider(victim)
    await refused(victim, back, NOT_BEGUN)
    assert (await own.get(back)).status_code == 303


async def test_an_answer_is_good_once(place: Place) -> None:
    browser = place.make()
    back = await answer_of(await place.to_provider(browser), "manager")
    kept = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    again = place.make()
    again.cookies.update(kept)
    await refused(again, back, NOT_BEGUN)


async def test_an_answer_after_ten_minutes_is_too_late(place: Place) -> None:
    browser = place.make()
    back = await answer_of(await place.to_provider(browser), "manager")
    place.clock.at += LASTS + timedelta(seconds=1)
    await refused(browser, back, NOT_BEGUN)


@pytest.mark.parametrize("query", ["", "?code=a", "?state=b&code=a", "?state=%ff&code=%00", "?state=b&error=<script>"])
async def test_a_made_up_answer_signs_nobody_in(place: Place, query: str) -> None:
    browser = place.make()
    await refused(browser, f"/sign-in/return{query}", NOT_BEGUN)
    await place.to_provider(browser)
    await refused(browser, f"/sign-in/return{query}", NOT_BEGUN)
    assert await place.noted(AuditAction.SIGN_IN_REFUSED) == []


async def test_a_made_up_code_signs_nobody_in(place: Place) -> None:
    browser = place.make()
    state = query_of(await place.to_provider(browser))["state"]
    await refused(browser, f"/sign-in/return?state={state}&code=made-up", "サインインの確認に応じません")


async def test_who_turns_back_there_is_told_so(place: Place) -> None:
    browser = place.make()
    back = await refusal_of(await place.to_provider(browser))
    state = query_of(await place.to_provider(browser))["state"]
    assert "error=access_denied" in back
    await refused(browser, f"/sign-in/return?state={state}&error=access_denied", "完了しませんでした")


@pytest.mark.parametrize("to", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/a\nb"])
async def test_one_goes_on_to_our_own_pages_alone(place: Place, to: str) -> None:
    assert (await place.sign_in(place.make(), "manager", to)).headers["location"] == "/"


async def test_the_session_is_a_new_one_and_the_old_one_is_over(place: Place) -> None:
    browser = place.make()
    browser.cookies.set("minaoshi", "planted", domain="127.0.0.1")
    await place.sign_in(browser, "manager")
    first = browser.cookies["minaoshi"]
    assert first != "planted"
    await place.sign_in(browser, "chief")
    other = place.make()
    other.cookies.set("minaoshi", first, domain="127.0.0.1")
    assert (await other.get("/")).status_code == 303
    signed = AuditAction.SIGNED_IN, AuditAction.SIGNED_OUT
    assert sorted(person for person, _ in await place.noted(*signed)) == ["chief", "manager", "manager"]


async def test_who_is_not_in_the_organisation_is_told_whom_to_ask_and_it_is_noted(place: Place) -> None:
    browser = place.make()
    back = await answer_of(await place.to_provider(browser), "unregistered")
    await refused(browser, back, "組織表にあなたがいません")
    assert await place.noted(AuditAction.SIGN_IN_REFUSED) == [
        ("unknown", {"why": "unknown_person", "told": "unregistered"})
    ]


async def test_signing_out_offers_the_way_out_of_the_provider(place: Place) -> None:
    browser = place.make()
    await place.sign_in(browser, "manager")
    token = (await browser.get("/")).text.split('name="form_token" value="')[1].split('"')[0]
    answer = await browser.post("/sign-out", data={"form_token": token}, follow_redirects=True)
    assert "サインアウトしました" in answer.text
    assert re.search(r'href="http://localhost:\d+/oauth2/end_session\?client_id=minaoshi&amp;post_logout', answer.text)
    assert (await browser.get("/")).status_code == 303


async def test_on_a_shared_machine_one_can_be_asked_anew(place: Place) -> None:
    answer = await place.make().get("/sign-in/begin", params={"again": "1"})
    assert query_of(answer.headers["location"])["prompt"] == "login"


# --- TLS の向こう、届かない認証サーバー


@pytest.fixture
async def lying(tmp_path: Path) -> AsyncIterator[tuple[Place, LyingProvider]]:
    provider = LyingProvider()
    settings = settings_for("https://login.example.jp", tmp_path, public_url="https://pages.example.jp")
    async with place_of(tmp_path, settings, provider.transport) as found:
        yield found, provider


async def test_behind_tls_the_cookies_are_of_this_host_alone(lying: tuple[Place, LyingProvider]) -> None:
    place, provider = lying
    browser = place.make()
    asked = await browser.get("/sign-in/begin")
    query = query_of(asked.headers["location"])
    assert query["redirect_uri"] == "https://pages.example.jp/sign-in/return"
    provider.nonce = query["nonce"]
    answer = await browser.get("/sign-in/return", params={"state": query["state"], "code": "code"})
    for one in (asked, answer):
        cookies = one.headers.get_list("set-cookie")
        assert all(text.startswith("__Host-minaoshi") for text in cookies)
        assert all({"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(text.split("; ")) for text in cookies)
    assert "見本 保護管理者" in (await browser.get("/")).text


async def test_a_failed_proof_is_noted_and_signs_nobody_in(lying: tuple[Place, LyingProvider]) -> None:
    place, provider = lying
    browser = place.make()
    state = query_of(await place.to_provider(browser))["state"]
    provider.nonce = "another"
    await refused(browser, f"/sign-in/return?state={state}&code=code", "証明を確かめられない")
    assert await place.noted(AuditAction.SIGN_IN_REFUSED) == [("unknown", {"why": "token", "told": "nonce"})]


async def test_what_is_noted_of_a_stranger_is_short_and_printable(lying: tuple[Place, LyingProvider]) -> None:
    place, provider = lying
    browser = place.make()
    query = query_of(await place.to_provider(browser))
    provider.nonce = query["nonce"]
    provider.claims["sub"] = "\x1b[31m\n" + "x" * 240
    await refused(browser, f"/sign-in/return?state={query['state']}&code=code", "組織表にあなたがいません")
    [(_, detail)] = await place.noted(AuditAction.SIGN_IN_REFUSED)
    assert detail["told"] == "[31m" + "x" * 94


async def test_while_the_provider_is_down_one_is_told_and_who_is_in_stays_in(
    lying: tuple[Place, LyingProvider],
) -> None:
    place, provider = lying
    inside, late = place.make(), place.make()
    query = query_of(await place.to_provider(inside))
    provider.nonce = query["nonce"]
    await inside.get("/sign-in/return", params={"state": query["state"], "code": "code"})
    under_way = query_of(await place.to_provider(late))["state"]
    provider.down = True
    place.clock.at += timedelta(minutes=11)
    assert (await inside.get("/")).status_code == 200
    answer = await place.make().get("/sign-in/begin")
    assert answer.status_code == 503
    assert "認証サーバーに、今つながりません" in answer.text
    place.clock.at -= timedelta(minutes=11)
    answer = await late.get("/sign-in/return", params={"state": under_way, "code": "code"})
    assert (answer.status_code, "minaoshi" in late.cookies) == (503, False)
    assert "サインインへ進む" in (await place.make().get("/sign-in?left=1")).text
