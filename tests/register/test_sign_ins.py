"""サインインの行: with its entry in one transaction, and what is under way taken once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from register.errors import DatabaseFault, MovedOnError
from register.register import Register
from register.sessions import ClaimedRoles, Found, SessionRow
from register.sign_ins import SignInRow
from schemas.records import AuditAction
from tests.guideline.demo_organisation import ORGANISATION
from tests.register import samples

SESSION = SessionRow("a" * 64, "manager", "form", began_at=samples.AT, seen_at=samples.AT)
UNDER_WAY = SignInRow("s" * 64, "b" * 64, "nonce", "verifier", "https://pages.example.jp/", "/", samples.AT)


async def test_a_session_and_its_entry_are_written_together_or_not_at_all(register: Register) -> None:
    number = await register.apply_organisation(ORGANISATION, by="operator", at=samples.AT)
    other = ORGANISATION.model_copy(update={"appointments": ORGANISATION.appointments[:-1]})
    late = ClaimedRoles(other, after=number - 1)
    with pytest.raises(MovedOnError):
        await register.sessions.begin(SESSION, detail={}, claimed=late)
    assert await register.sessions.find(SESSION.token_digest, kept_since=samples.AT) is None
    assert (await register.verify_audit()).entries == 1
    await register.sessions.begin(SESSION, detail={"by": "page"}, claimed=ClaimedRoles(other, after=number))
    assert await register.sessions.find(SESSION.token_digest, kept_since=samples.AT) == Found(SESSION, ())
    verdict = await register.verify_audit()
    assert (verdict.ok, verdict.entries) == (True, 3)
    [noted] = await register.occurrences(AuditAction.SIGNED_IN)
    assert (noted.person, noted.detail) == ("manager", {"by": "page"})


async def test_a_session_that_cannot_be_written_leaves_no_entry(register: Register) -> None:
    await register.sessions.begin(SESSION, detail={})
    with pytest.raises(DatabaseFault):
        await register.sessions.begin(SESSION, detail={})
    assert len(await register.occurrences(AuditAction.SIGNED_IN)) == 1


async def test_what_ends_is_noted_once(register: Register) -> None:
    await register.sessions.begin(SESSION, detail={})
    for _ in range(2):
        await register.sessions.end(SESSION.token_digest, at=samples.AT, why="out")
    assert len(await register.occurrences(AuditAction.SIGNED_OUT)) == 1


async def test_what_is_under_way_is_taken_once_and_by_its_own_browser(register: Register) -> None:
    await register.sign_ins.begin(UNDER_WAY, forget_before=samples.AT)
    assert await register.sign_ins.take(UNDER_WAY.state_digest, browser_digest="c" * 64) is None
    assert await register.sign_ins.take(UNDER_WAY.state_digest, browser_digest=UNDER_WAY.browser_digest) == UNDER_WAY
    assert await register.sign_ins.take(UNDER_WAY.state_digest, browser_digest=UNDER_WAY.browser_digest) is None


async def test_what_nobody_answers_is_forgotten_when_the_next_one_begins(register: Register) -> None:
    await register.sign_ins.begin(UNDER_WAY, forget_before=samples.AT)
    later = UNDER_WAY._replace(state_digest="t" * 64, began_at=samples.AT + timedelta(hours=1))
    await register.sign_ins.begin(later, forget_before=later.began_at - timedelta(minutes=10))
    assert await register.sign_ins.take(UNDER_WAY.state_digest, browser_digest=UNDER_WAY.browser_digest) is None
