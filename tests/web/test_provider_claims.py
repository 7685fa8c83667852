"""サインインした者がだれで、何の役割か: by a verified mail address, and by a claim of roles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schemas.organisation import Role
from schemas.records import AuditAction
from tests.provider import ISSUER, LyingProvider, answer_of, query_of, settings_for
from tests.web.provided import Place, issuer, place_of, refused, settings_of

__all__ = ["issuer"]

# The library's provider is built on what Authlib is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


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
    await refused(browser, await answer_of(await by_mail.to_provider(browser), person), says)
    assert await by_mail.noted(AuditAction.SIGN_IN_REFUSED) == [("unknown", {"why": why, "told": person})]


async def test_an_address_that_only_looks_like_another_is_another(lying_by_mail: tuple[Place, LyingProvider]) -> None:
    place, provider = lying_by_mail
    browser = place.make()
    query = query_of(await place.to_provider(browser))
    provider.nonce = query["nonce"]
    provider.claims |= {"email": "ma\u017fter@example.jp", "email_verified": True}
    await refused(browser, f"/sign-in/return?state={query['state']}&code=code", "組織表にあなたがいません")


async def test_an_address_of_two_persons_names_nobody(by_mail: Place) -> None:
    found = (await by_mail.register.current_organisation()).organisation
    people = [one.model_copy(update={"mail": "team-lead@example.jp"}) for one in found.people]
    other = found.model_copy(update={"people": tuple(people)})
    await by_mail.register.apply_organisation(other, by="operator", at=by_mail.clock())
    browser = by_mail.make()
    await refused(browser, await answer_of(await by_mail.to_provider(browser), "lead"), "職員が複数います")


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
    await refused(browser, back, "総括保護管理者がいません")
    assert (await with_roles.register.current_organisation()).revision == 2
    assert await with_roles.noted(AuditAction.SIGN_IN_REFUSED) == [("chief", {"why": "roles", "told": ""})]
