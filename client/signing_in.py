"""サインインの手続 (signing in): from the provider's word on who somebody is to a session of a person we know."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from client.errors import NotFoundError
from client.sessions import Way
from client.sign_in_refused import SignInRefusedError, Why
from guideline.claimed_roles import roles_in, with_roles
from guideline.organisation import person_of
from register.errors import MovedOnError
from register.sessions import ClaimedRoles
from register.sign_ins import SignInRow
from schemas.canonical import token_digest
from schemas.organisation import Organisation
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from client.identity import Identity
    from client.organisation import Organisations
    from client.sessions import Sessions
    from register.register import Register
    from schemas.organisation import Person
    from schemas.records import OrganisationRevision

LASTS = timedelta(minutes=10)
"""So long a person may be at the provider's page."""

UNKNOWN = "unknown"
"""知らない者: the actor of a refusal where the organisation has nobody to name."""

_LONGEST_NOTED = 100
_TRIES = 5

_T = TypeVar("_T")

_LOG = logging.getLogger("minaoshi.sign_in")


@dataclass(frozen=True, kw_only=True)
class Begun:
    """始めたサインイン (begun): where the browser goes, and what it keeps until it comes back."""

    address: str
    browser: str


@dataclass(frozen=True, kw_only=True)
class Finished:
    """終えたサインイン (finished): the token for the browser, and where it goes on."""

    token: str
    goes_on: str


class SigningIn:
    """サインインの手続; without an `identity` there is none, and one says oneself who one is."""

    def __init__(
        self,
        register: Register,
        organisations: Organisations,
        sessions: Sessions,
        *,
        identity: Identity | None,
        now: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._organisations = organisations
        self._sessions = sessions
        self._identity = identity
        self._now = now

    @property
    def by_provider(self) -> bool:
        """Whether a provider says who somebody is."""
        return self._identity is not None

    @property
    def identity(self) -> Identity:
        """The protocol. Raises NotFoundError where no provider is set."""
        if self._identity is None:
            raise NotFoundError(
                "認証サーバーが設定されていません。", where="サインイン", remedy="名前を選んでサインインしてください。"
            )
        return self._identity

    async def begin(self, *, goes_on: str, redirect_uri: str, again: bool = False) -> Begun:
        """Send a browser to the provider; what was asked is kept here. Raises ProviderNotReachableError."""
        asked = await self.identity.ask(redirect_uri=redirect_uri, again=again)
        browser, now = secrets.token_urlsafe(32), self._now()
        row = SignInRow(
            state_digest=token_digest(asked.state),
            browser_digest=token_digest(browser),
            nonce=asked.nonce,
            verifier=asked.verifier,
            redirect_uri=asked.redirect_uri,
            goes_on=goes_on,
            began_at=now,
        )
        await self._register.sign_ins.begin(row, forget_before=now - LASTS)
        return Begun(address=asked.address, browser=browser)

    async def finish(self, answer: Mapping[str, str], *, browser: str, ends: str | None) -> Finished:
        """Sign in who comes back from the provider, in the browser that went there, once.

        Raises SignInRefusedError and ProviderNotReachableError.
        """
        claims, goes_on = await self.noted(self._finished(answer, browser))
        return Finished(token=await self.enter(claims, by=Way.PAGE, ends=ends), goes_on=goes_on)

    async def _finished(self, answer: Mapping[str, str], browser: str) -> tuple[dict[str, Any], str]:
        identity = self.identity
        state_digest, browser_digest = token_digest(answer.get("state", "")), token_digest(browser)
        row = await self._register.sign_ins.take(state_digest, browser_digest=browser_digest)
        if row is None or self._now() - row.began_at > LASTS:
            raise SignInRefusedError(Why.NOT_BEGUN_HERE)
        claims = await identity.answered(answer, nonce=row.nonce, verifier=row.verifier, redirect_uri=row.redirect_uri)
        return claims, row.goes_on

    async def noted(self, verifying: Awaitable[_T]) -> _T:
        """Wait for what verifies somebody; a refusal is written down: in the trail where the provider has vouched.

        What anybody can send as often as they like stands in the log alone: the trail is never pruned.
        """
        try:
            return await verifying
        except SignInRefusedError as refused:
            await self._note(refused, person=UNKNOWN)
            raise

    async def enter(self, claims: Mapping[str, Any], *, by: Way, ends: str | None = None) -> str:
        """Begin a session of the person whose verified claims these are, in the roles that they name; give its token.

        Raises SignInRefusedError, which stands in the audit trail then.
        """
        for _ in range(_TRIES):
            revision = await self._organisation()
            person = UNKNOWN
            try:
                found = self._person(claims, revision.organisation)
                person = found.id
                claimed = await self._claimed(claims, found, revision)
                return await self._sessions.begin(person, by=by, ends=ends, claimed=claimed)
            except SignInRefusedError as refused:
                await self._note(refused, person=person)
                raise
            except MovedOnError:  # somebody else's sign-in, or a new organisation, came first
                self._register.read_organisation_anew()
        raise SignInRefusedError(Why.TOO_LATE)

    async def _note(self, refused: SignInRefusedError, *, person: str) -> None:
        _LOG.warning("a sign-in was refused: %s", refused.why.value)
        if refused.why in _NOTED:
            detail = {"why": refused.why.value, "told": _bounded(refused.told)}
            kind = AuditAction.SIGN_IN_REFUSED
            await self._register.note(kind, actor=person, subject=person, at=self._now(), detail=detail)

    async def _organisation(self) -> OrganisationRevision:
        try:
            return await self._register.current_organisation()
        except LookupError:
            raise SignInRefusedError(Why.UNKNOWN_PERSON, faults=("組織表がまだありません。",)) from None

    def _person(self, claims: Mapping[str, Any], organisation: Organisation) -> Person:
        value = claims.get(self.identity.claims.person)
        if not isinstance(value, str) or not value:
            raise SignInRefusedError(Why.NO_CLAIM, told=str(claims["sub"]))
        if self.identity.claims.person != "email":
            found = person_of(organisation, value)
            if found is None:
                raise SignInRefusedError(Why.UNKNOWN_PERSON, told=value)
            return found
        if claims.get("email_verified") is not True:
            raise SignInRefusedError(Why.UNVERIFIED_MAIL, told=str(claims["sub"]))
        people = [one for one in organisation.people if one.mail and _letters(one.mail) == _letters(value)]
        if len(people) != 1:
            raise SignInRefusedError(Why.SEVERAL_PERSONS if people else Why.UNKNOWN_PERSON, told=str(claims["sub"]))
        return people[0]

    async def _claimed(
        self, claims: Mapping[str, Any], person: Person, revision: OrganisationRevision
    ) -> ClaimedRoles | None:
        """Give the organisation with the roles that the provider names; None where it stays as it is."""
        if self.identity.claims.roles is None:
            return None
        roles = roles_in(claims.get(self.identity.claims.roles), meaning=self.identity.claims.meaning)
        if roles.ignored:
            _LOG.warning("values of the roles claim that mean no role: %d", roles.ignored)
        organisation = with_roles(revision.organisation, person, roles.roles)
        if organisation is revision.organisation:
            return None
        faults = await self._faults(organisation, before=revision.organisation)
        if faults:
            raise SignInRefusedError(Why.ROLES, told=",".join(sorted(roles.roles)), faults=faults)
        return ClaimedRoles(organisation, after=revision.revision)

    async def _faults(self, organisation: Organisation, *, before: Organisation) -> tuple[str, ...]:
        """Give what would not work any more; what did not work before keeps nobody out."""
        try:
            Organisation.model_validate_json(json.dumps(organisation.model_dump(mode="json")))
        except ValueError:
            return ("任命の担当者が多すぎます。",)
        found = await self._organisations.faults(organisation)
        known = await self._organisations.faults(before) if found else ()
        return tuple(fault for fault in found if fault not in known)


_NOTED = frozenset(
    {
        Why.TOKEN,
        Why.NO_CLAIM,
        Why.UNVERIFIED_MAIL,
        Why.UNKNOWN_PERSON,
        Why.SEVERAL_PERSONS,
        Why.ROLES,
    }
)


def _bounded(text: str) -> str:
    return "".join(letter for letter in text[:_LONGEST_NOTED] if letter.isprintable())


def _letters(mail: str) -> bytes:
    """Give a mail address without the difference of A and a; other letters that look or fold alike stay different."""
    return mail.encode(errors="surrogatepass").lower()
