"""職員たち (people): they report, examine, draft, approve and publish, and send again what is not answered."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib import resources
from random import Random
from typing import TYPE_CHECKING, Any

from chaos.browser import AwayError, Browser, BugError, SaidNoError
from chaos.ledger import Ledger, Sent, Told
from client.errors import CallerError, OutcomeNotKnownError, UsedActIdError
from client.register_away import RegisterAway
from engine.errors import EngineError
from guideline.deadlines import tokyo_date
from guideline.turns import acts_awaited, next_step
from schemas.acts import ActKind
from schemas.review import Party

if TYPE_CHECKING:
    from chaos.house import House
    from schemas.records import ReviewRecord

DRAFTER, MANAGER, CHIEF, DESK = "drafter", "manager", "chief", "desk"
TEAM = ("team-lead", "team-member")
BY_FACADE, BY_PAGES = 5, 3
_PAUSE_S = (0.1, 0.6)
_AGAIN_S = 0.5
_COURSES = ("amend", "amend", "amend", "no_change")
_DRAFTS = ("corrected", "revised")

_AWAY = (OutcomeNotKnownError, EngineError, RegisterAway, AwayError)

Sending = Callable[[], Awaitable[object]]


class People:
    """職員たち: each acts until told to stop, then waits for the answer to what was sent."""

    def __init__(self, house: House, ledger: Ledger, *, seed: int, now: Callable[[], float]) -> None:
        self._house = house
        self._ledger = ledger
        self._seed = seed
        self._now = now
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._browsers = [Browser(house.pages, person) for person in (MANAGER, *TEAM)]

    def start(self) -> None:
        """Let all begin."""
        for number in range(BY_FACADE):
            self._tasks.append(asyncio.create_task(self._play(number, self._by_facade)))
        for number in range(BY_PAGES):
            browser = self._browsers[number]

            async def by_pages(random: Random, browser: Browser = browser) -> None:
                await self._by_pages(random, browser)

            self._tasks.append(asyncio.create_task(self._play(BY_FACADE + number, by_pages)))

    async def stop(self, *, within_s: float) -> None:
        """Begin nothing new; wait so long for what was sent (seconds)."""
        self._stopping.set()
        await asyncio.wait(self._tasks, timeout=within_s)
        for one in self._tasks:
            one.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for browser in self._browsers:
            await browser.close()

    async def _play(self, number: int, act: Callable[[Random], Awaitable[None]]) -> None:
        random = Random(f"{self._seed}/{number}")  # noqa: S311 # the same seed is to give the same people
        while not self._stopping.is_set():
            try:
                await act(random)
            except (*_AWAY, CallerError, SaidNoError):
                await asyncio.sleep(_AGAIN_S)  # it was looked, and nothing sent
            except BugError as bug:
                self._ledger.complaints.append(f"looking: {bug}")
            except Exception:  # noqa: BLE001 # an error that nobody expects is what is looked for
                self._ledger.complaints.append(f"looking: {traceback.format_exc(limit=-3)}")
            await asyncio.sleep(random.uniform(*_PAUSE_S))

    async def _sent(self, sent: Sent, send: Sending) -> None:
        """Send until there is an answer: the same act, with the same id."""
        while True:
            sent.times += 1
            try:
                await send()
            except _AWAY:
                await asyncio.sleep(_AGAIN_S)
                continue
            except UsedActIdError as used:
                self._ledger.complain(sent, str(used))
                sent.told = Told.REFUSED
            except (CallerError, SaidNoError):
                sent.told = Told.REFUSED
            except BugError as bug:
                self._ledger.complain(sent, str(bug))
                await asyncio.sleep(_AGAIN_S)
                continue
            except Exception:  # noqa: BLE001 # as above
                self._ledger.complain(sent, traceback.format_exc(limit=-3))
                await asyncio.sleep(_AGAIN_S)
                continue
            else:
                sent.told = Told.ACCEPTED
            sent.answered_at = self._now()
            return

    def _begun(self, random: Random, kind: str, assessment: str, by: str, act_id: str | None = None) -> Sent:
        act_id = act_id or f"{kind}/{random.randbytes(8).hex()}"
        return self._ledger.begin(act_id, kind=kind, assessment=assessment, by=by, at=self._now())

    # --- 端末や他の仕組みから

    async def _by_facade(self, random: Random) -> None:
        assessment = random.choice(self._house.worked_on)
        review = await self._house.register.open_review_of(assessment)
        if review is None or random.random() < 0.1:  # noqa: PLR2004 # one in ten joins what is open
            await self._report(random, assessment)
            return
        awaited = acts_awaited(review.state)
        if not awaited:
            return
        kind, parties = awaited[-1] if random.random() < 0.8 else awaited[0]  # noqa: PLR2004 # mostly what leads on
        await self._act(random, review, kind, parties[0])

    async def _report(self, random: Random, assessment: str) -> None:
        reports = self._house.minaoshi.reports
        kind = random.choice(("change", "change", "risk"))
        by = DRAFTER if kind == "change" else DESK
        sent = self._begun(random, kind, assessment, by)
        today = tokyo_date(datetime.now(UTC)).isoformat()
        content: dict[str, object] = {
            "assessments": [assessment],
            "title": f"件名 {sent.act_id}",
            "facts": "窓口の受付の順序を改めた。",
            "known_on": today,
        }
        content |= {"kind": "environment"} if kind == "change" else {"known_by_department": "account-registration"}
        verb = reports.change if kind == "change" else reports.risk
        await self._sent(sent, lambda: verb(_json(content), as_=by, act_id=sent.act_id))

    async def _act(self, random: Random, review: ReviewRecord, kind: ActKind, party: Party) -> None:
        state, reviews = review.state, self._house.minaoshi.reviews
        by = {Party.DEPARTMENT: MANAGER, Party.TEAM: random.choice(TEAM), Party.CHIEF: CHIEF}[party]
        by = DRAFTER if kind is ActKind.SUBMIT else by
        facts = {"facts_revision": state.facts_revision}
        draft = {"digest": state.draft_digest or "0" * 64, "revision": max(state.revision, 1)}
        step = next_step(state)
        today = tokyo_date(datetime.now(UTC)).isoformat()
        sent = self._begun(random, kind.value, review.assessment_id, by)
        said: dict[ActKind, tuple[Any, dict[str, object]]] = {
            ActKind.FIND: (reviews.find, {"course": random.choice(_COURSES), "reason": "比べた。", **facts}),
            ActKind.RESOLVE: (reviews.resolve, {"course": "amend", "reason": "決める。", **facts}),
            ActKind.APPROVE: (reviews.approve, {**facts, **draft}),
            ActKind.RECORD_STEP: (
                reviews.record_step,
                {"step": step.step.value if step else "publication", "done_on": today},
            ),
        }
        which = random.choice(_DRAFTS)
        review_id = review.review_id
        if kind is ActKind.SUBMIT:
            await self._sent(sent, lambda: reviews.submit(review_id, _draft(which), as_=by, act_id=sent.act_id))
        elif kind is ActKind.ACKNOWLEDGE:
            await self._sent(sent, lambda: reviews.acknowledge(review_id, as_=by, act_id=sent.act_id))
        elif kind in said:
            verb, content = said[kind]
            await self._sent(sent, lambda: verb(review_id, _json(content), as_=by, act_id=sent.act_id))
        else:
            del self._ledger.sent[sent.act_id]  # what nobody here does

    # --- ページで

    async def _by_pages(self, random: Random, browser: Browser) -> None:
        assessment = random.choice(self._house.worked_on)
        review = await self._house.register.open_review_of(assessment)
        if review is None:
            await self._report_by_page(random, browser, assessment)
            return
        party = Party.DEPARTMENT if browser.person == MANAGER else Party.TEAM
        for kind, parties in acts_awaited(review.state):
            if party not in parties or kind not in (ActKind.ACKNOWLEDGE, ActKind.FIND, ActKind.APPROVE):
                continue
            address = f"/reviews/{review.review_id}/acts/{kind.value}"
            fields = await browser.form(address)
            if kind is ActKind.FIND:
                fields |= {"course": random.choice(_COURSES), "reason": "比べた。"}
            sent = self._begun(random, kind.value, assessment, browser.person, fields["act_id"])
            await self._sent(sent, lambda: browser.send(address, fields))  # noqa: B023 # sent before the next is made
            return

    async def _report_by_page(self, random: Random, browser: Browser, assessment: str) -> None:
        kind = random.choice(("change", "risk"))
        address = f"/report/{kind}"
        fields = await browser.form(f"{address}?assessment={assessment}")
        fields |= {"title": f"件名 {fields['act_id']}", "facts": "窓口で分かった。", "assessments": assessment}
        if kind == "change":
            fields |= {"kind": "environment", "known_on": tokyo_date(datetime.now(UTC)).isoformat()}
        sent = self._begun(random, kind, assessment, browser.person, fields["act_id"])
        await self._sent(sent, lambda: browser.send(address, fields))


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _draft(which: str) -> bytes:
    return resources.files("demo").joinpath(f"documents/digital-agency-1-{which}.json").read_bytes()
