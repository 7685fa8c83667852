"""認証サーバーでのサインイン: the whole application with a provider; nothing forged signs anybody in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx2
import pytest
from temporalio.client import Client

from client.identity import Identity
from client.minaoshi import Minaoshi
from client.signing_in import LASTS
from register.register import Register
from schemas.organisation import Role
from schemas.records import AuditAction
from settings import Settings
from tests.guideline.test_signatures import Sworn
from tests.provider import ISSUER, LyingProvider, answer_of, library_provider, query_of, refusal_of, settings_for
from tests.waiting import open_desk
from web.application import build_application

# The library's provider is built on what Authlib is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Clock:
    """時計: it stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Place:
    """場: a register, its settings, and browsers."""

    register: Register
    settings: Settings
    clock: Clock
    make: Callable[[], httpx2.AsyncClient]

    async def to_provider(self, browser: httpx2.AsyncClient, to: str = "/") -> str:
        answer = await browser.get("/sign-in/begin", params={"to": to})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def sign_in(self, browser: httpx2.AsyncClient, person: str, to: str = "/") -> httpx2.Response:
        back = await answer_of(await self.to_provider(browser, to), person)
        assert back.startswith(f"{self.settings.pages_url}/sign-in/return?")
        return await browser.get(back)

    async def noted(self, *kinds: AuditAction) -> list[tuple[str, dict[str, Any]]]:
        return [(one.person, one.detail) for one in await self.register.occurrences(*kinds)]


def settings_of(issuer: str, home: Path, **more: Any) -> Settings:
    return settings_for(issuer, home, oidc_client_secret=token_hex(), **more)


async def _no_engine() -> Client:
    raise AssertionError("nothing here needs the engine")


@asynccontextmanager
async def place_of(
    home: Path, settings: Settings, transport: httpx2.AsyncBaseTransport | None = None
) -> AsyncIterator[Place]:
    clock = Clock()
    async with open_desk(home) as (_, register):
        identity = Identity(settings, now=clock, transport=transport)
        minaoshi = Minaoshi(register, _no_engine, task_queue="none", signatures=Sworn(), identity=identity, now=clock)
        application = build_application(minaoshi, pages_url=settings.pages_url)
        opened: list[httpx2.AsyncClient] = []

        def make() -> httpx2.AsyncClient:
            inside = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
            opened.append(httpx2.AsyncClient(transport=inside, base_url=settings.pages_url))
            return opened[-1]

        yield Place(register, settings, clock, make)
        for one in opened:
            await one.aclose()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    team = {"email": "Team-Lead@example.jp", "email_verified": True, "groups": ["pii-team", "canteen"]}
    with library_provider(
        manager={"groups": ["privacy_manager"]},
        chief={"email": "chief@example.jp", "groups": []},
        unregistered={"email": "team-lead@example.jp", "email_verified": False, "groups": ["auditor"]},
        lead=team,
        **{"team-lead": {"groups": ["pii-team"]}},
    ) as found:
        yield found


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


async def _refused(browser: httpx2.AsyncClient, back: str, says: str, *, status: int = 403) -> None:
    answer = await browser.get(back)
    assert answer.status_code == status, answer.text
    assert says in answer.text
    assert "サインインへ進む" in answer.text
    assert "minaoshi" not in {cookie.name for cookie in browser.cookies.jar}
    assert (await browser.get("/")).status_code == 303


async def test_an_answer_that_another_browser_brings_signs_nobody_in_and_stays_good(place: Place) -> None:
    """Otherwise somebody could sign a victim's browser in as himself, and read what the victim then writes."""
    own, victim = place.make(), place.make()
    back = await answer_of(await place.to_provider(own), "manager")
    await _refused(victim, back, NOT_BEGUN)
    await place.to_provider(victim)
    await _refused(victim, back, NOT_BEGUN)
    assert (await own.get(back)).status_code == 303


async def test_an_answer_is_good_once(place: Place) -> None:
    browser = place.make()
    back = await answer_of(await place.to_provider(browser), "manager")
    kept = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    again = place.make()
    again.cookies.update(kept)
    await _refused(again, back, NOT_BEGUN)


async def test_an_answer_after_ten_minutes_is_too_late(place: Place) -> None:
    browser = place.make()
    back = await answer_of(await place.to_provider(browser), "manager")
    place.clock.at += LASTS + timedelta(seconds=1)
    await _refused(browser, back, NOT_BEGUN)


@pytest.mark.parametrize("query", ["", "?code=a", "?state=b&code=a", "?state=%ff&code=%00", "?state=b&error=<script>"])
async def test_a_made_up_answer_signs_nobody_in(place: Place, query: str) -> None:
    browser = place.make()
    await _refused(browser, f"/sign-in/return{query}", NOT_BEGUN)
    await place.to_provider(browser)
    await _refused(browser, f"/sign-in/return{query}", NOT_BEGUN)
    assert await place.noted(AuditAction.SIGN_IN_REFUSED) == []


async def test_a_made_up_code_signs_nobody_in(place: Place) -> None:
    browser = place.make()
    state = query_of(await place.to_provider(browser))["state"]
    await _refused(browser, f"/sign-in/return?state={state}&code=made-up", "サインインの確認に応じません")


async def test_who_turns_back_there_is_told_so(place: Place) -> None:
    browser = place.make()
    back = await refusal_of(await place.to_provider(browser))
    state = query_of(await place.to_provider(browser))["state"]
    assert "error=access_denied" in back
    await _refused(browser, f"/sign-in/return?state={state}&error=access_denied", "完了しませんでした")


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
    await _refused(browser, back, "組織表にあなたがいません")
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


# --- メールで見分ける


@pytest.fixture
async def by_mail(issuer: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with place_of(tmp_path, settings_of(issuer, tmp_path, oidc_person_claim="email")) as found:
        yield found


async def test_a_verified_mail_address_names_the_person(by_mail: Place) -> None:
    browser = by_mail.make()
    assert (await by_mail.sign_in(browser, "lead")).status_code == 303
    assert "見本 参事官" in (await browser.get("/")).text


@pytest.mark.parametrize(
    ("person", "why", "says"),
    [
        ("unregistered", "unverified_mail", "アドレスを確認していません"),
        ("chief", "unverified_mail", "アドレスを確認していません"),
        ("manager", "no_claim", "職員を見分ける値がありません"),
    ],
)
async def test_an_address_that_nobody_verified_names_nobody(by_mail: Place, person: str, why: str, says: str) -> None:
    browser = by_mail.make()
    await _refused(browser, await answer_of(await by_mail.to_provider(browser), person), says)
    assert await by_mail.noted(AuditAction.SIGN_IN_REFUSED) == [("unknown", {"why": why, "told": person})]


async def test_an_address_that_only_looks_like_another_is_another(lying_by_mail: tuple[Place, LyingProvider]) -> None:
    place, provider = lying_by_mail
    browser = place.make()
    query = query_of(await place.to_provider(browser))
    provider.nonce = query["nonce"]
    provider.claims |= {"email": "ma\u017fter@example.jp", "email_verified": True}
    await _refused(browser, f"/sign-in/return?state={query['state']}&code=code", "組織表にあなたがいません")


async def test_an_address_of_two_persons_names_nobody(by_mail: Place) -> None:
    found = (await by_mail.register.current_organisation()).organisation
    people = [one.model_copy(update={"mail": "team-lead@example.jp"}) for one in found.people]
    other = found.model_copy(update={"people": tuple(people)})
    await by_mail.register.apply_organisation(other, by="operator", at=by_mail.clock())
    browser = by_mail.make()
    await _refused(browser, await answer_of(await by_mail.to_provider(browser), "lead"), "職員が複数います")


@pytest.fixture
async def lying_by_mail(tmp_path: Path) -> AsyncIterator[tuple[Place, LyingProvider]]:
    provider = LyingProvider()
    settings = settings_for(ISSUER, tmp_path, oidc_person_claim="email")
    async with place_of(tmp_path, settings, provider.transport) as place:
        found = (await place.register.current_organisation()).organisation
        people = [one.model_copy(update={"mail": "master@example.jp"}) for one in found.people[:1]]
        other = found.model_copy(update={"people": (*people, *found.people[1:])})
        await place.register.apply_organisation(other, by="operator", at=place.clock())
        yield place, provider


# --- 役割をクレームから


@pytest.fixture
async def with_roles(issuer: str, tmp_path: Path) -> AsyncIterator[Place]:
    more = {"oidc_roles_claim": "groups", "oidc_roles": "pii-team=team_member", "oidc_person_claim": "sub"}
    async with place_of(tmp_path, settings_of(issuer, tmp_path, **more)) as found:
        yield found


async def test_roles_that_the_claim_names_stay_and_nothing_is_written(with_roles: Place) -> None:
    assert (await with_roles.sign_in(with_roles.make(), "manager")).status_code == 303
    assert (await with_roles.register.current_organisation()).revision == 1


async def test_a_change_of_roles_is_a_revision_in_the_trail(with_roles: Place) -> None:
    found = (await with_roles.register.current_organisation()).organisation
    appointments = tuple(
        one.model_copy(update={"persons": (*one.persons, "manager")}) if one.role is Role.TEAM_MEMBER else one
        for one in found.appointments
    )
    wider = found.model_copy(update={"appointments": appointments})
    await with_roles.register.apply_organisation(wider, by="operator", at=with_roles.clock())
    assert (await with_roles.sign_in(with_roles.make(), "manager")).status_code == 303
    now = await with_roles.register.current_organisation()
    assert (now.revision, now.organisation) == (3, found)
    assert (await with_roles.register.verify_audit()).ok


async def test_two_who_sign_in_at_once_both_get_their_roles(with_roles: Place) -> None:
    found = (await with_roles.register.current_organisation()).organisation
    more = {Role.TEAM_MEMBER: "manager", Role.CHIEF_PRIVACY_OFFICER: "team-lead"}
    appointments = tuple(
        one.model_copy(update={"persons": (*one.persons, more[one.role])}) if one.role in more else one
        for one in found.appointments
    )
    wider = found.model_copy(update={"appointments": appointments})
    await with_roles.register.apply_organisation(wider, by="operator", at=with_roles.clock())
    await asyncio.gather(*(with_roles.sign_in(with_roles.make(), person) for person in ("manager", "team-lead")))
    now = await with_roles.register.current_organisation()
    assert (now.revision, now.organisation) == (4, found)
    assert (await with_roles.register.verify_audit()).ok


async def test_who_would_leave_a_role_vacant_is_not_signed_in_and_the_reason_is_told(with_roles: Place) -> None:
    browser = with_roles.make()
    found = (await with_roles.register.current_organisation()).organisation
    alone = tuple(
        one.model_copy(update={"persons": ("chief",), "substitutes": ()})
        if one.role is Role.CHIEF_PRIVACY_OFFICER
        else one
        for one in found.appointments
    )
    lonely = found.model_copy(update={"appointments": alone})
    await with_roles.register.apply_organisation(lonely, by="operator", at=with_roles.clock())
    back = await answer_of(await with_roles.to_provider(browser), "chief")
    await _refused(browser, back, "総括保護管理者がいません")
    assert (await with_roles.register.current_organisation()).revision == 2
    assert await with_roles.noted(AuditAction.SIGN_IN_REFUSED) == [("chief", {"why": "roles", "told": ""})]


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
    await _refused(browser, f"/sign-in/return?state={state}&code=code", "証明を確かめられない")
    assert await place.noted(AuditAction.SIGN_IN_REFUSED) == [("unknown", {"why": "token", "told": "nonce"})]


async def test_what_is_noted_of_a_stranger_is_short_and_printable(lying: tuple[Place, LyingProvider]) -> None:
    place, provider = lying
    browser = place.make()
    query = query_of(await place.to_provider(browser))
    provider.nonce = query["nonce"]
    provider.claims["sub"] = "\x1b[31m\n" + "x" * 240
    await _refused(browser, f"/sign-in/return?state={query['state']}&code=code", "組織表にあなたがいません")
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
