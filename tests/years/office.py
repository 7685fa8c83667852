"""役所 (office): whoever a review waits for does what is asked, mostly soon, some late, a few very late."""

from __future__ import annotations

import heapq
import json
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from client.errors import ActRefusedError
from client.minaoshi import Minaoshi
from guideline.deadlines import tokyo_date
from guideline.minimum_course import minimum_for_review, stronger
from guideline.organisation import holders
from guideline.separation_of_duties import holders_in
from guideline.turns import acts_awaited, ended_on_of, level_of, next_step
from register.register import Register
from schemas.acts import ActKind, Receipt
from schemas.courses import Course
from schemas.organisation import Role
from schemas.review import GroundKind, Party, ReviewState, Stage, Step
from tests.house import checked
from tests.years.days import after
from tests.years.engine import Engine
from tests.years.papers import draft
from tests.years.population import SEED, STAYING, TOLD_OF, Planned

_AS_USUAL = 0.5
"""ふつうの成り行き: a change is amended, five years are answered by 再実施, a year by no change."""

ISSUES = 0.1
"""課題の残る割合: of the yearly checks, so many plan a countermeasure."""

OTHERS_JUDGE = 50
"""第三者点検・承認: open days until those who judge have answered; the yearly date of a 全項目評価 passes meanwhile."""

HEARD_FOR = timedelta(days=31)
_ROLES = {
    (Party.DEPARTMENT, ActKind.SUBMIT): Role.DRAFTER,
    (Party.DEPARTMENT, ActKind.FIND): Role.PRIVACY_MANAGER,
    (Party.DEPARTMENT, ActKind.APPROVE): Role.PRIVACY_MANAGER,
    (Party.DEPARTMENT, ActKind.RECORD_STEP): Role.PRIVACY_MANAGER,
    (Party.CHIEF, ActKind.RESOLVE): Role.CHIEF_PRIVACY_OFFICER,
}


@dataclass
class Diary:
    """日記 (diary): what people did, as the test knows it: the days that the oracle counts from."""

    published: dict[str, list[tuple[date, Course]]] = field(default_factory=lambda: defaultdict(list))
    checked: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))
    acts: int = 0


class Office:
    """役所: a calendar of who means to do what on which day."""

    def __init__(self, minaoshi: Minaoshi, register: Register, engine: Engine, planned: Mapping[str, Planned]) -> None:
        self._minaoshi = minaoshi
        self._register = register
        self._engine = engine
        self._planned = planned
        self._meant: list[tuple[date, int, str, Party]] = []
        self._listed: set[tuple[str, Party]] = set()
        self._wholly: dict[str, dict[Party, bool]] = defaultdict(dict)
        self._number = 0
        self.diary = Diary()
        self.away: dict[str, date] = {}
        """Who has left, and until when the organisation does not say so."""

    @property
    def today(self) -> date:
        return tokyo_date(self._engine.now)

    async def look_at(self, assessment_id: str) -> None:
        """Take up the open review of an assessment, where there is one."""
        found = await self._register.open_review_of(assessment_id)
        if found is not None:
            self._mean(found.review_id, found.state)

    async def work(self) -> None:
        """Do what was meant for today."""
        while self._meant and self._meant[0][0] <= self.today:
            _, _, review_id, party = heapq.heappop(self._meant)
            self._listed.discard((review_id, party))
            if review_id.count("/") > 1:
                await self._follow_up(review_id, party)
                continue
            state = (await self._register.review(review_id)).state
            await self._engine.until(self._engine.now + timedelta(seconds=1))
            if await self._do(state, party):
                self._mean(review_id, (await self._register.review(review_id)).state)

    def _mean(self, review_id: str, state: ReviewState) -> None:
        for one in acts_awaited(state):
            for party in one.by:
                if (review_id, party) not in self._listed:
                    delay = (
                        OTHERS_JUDGE if _is_with_others(state) else _delay(_chance(review_id, party, state.sequence))
                    )
                    self._list(after(self.today, delay), review_id, party)

    def _list(self, day: date, review_id: str, party: Party) -> None:
        self._number += 1
        self._listed.add((review_id, party))
        heapq.heappush(self._meant, (day, self._number, review_id, party))

    async def _do(self, state: ReviewState, party: Party) -> bool:
        """Do what the review asks of the party now; says whether anything was done."""
        asked = [one.act for one in acts_awaited(state) if party in one.by and one.act is not ActKind.ACKNOWLEDGE]
        if not asked:
            return False
        review_id, act = str(state.review_id), asked[0]
        organisation = (await self._register.current_organisation()).organisation
        role = _ROLES.get((party, act), Role.TEAM_MEMBER)
        person = _chance(review_id, party).choice(holders_in(state, organisation, role))
        if self.away.get(person, self.today) > self.today:
            self._list(self.away[person], review_id, party)
            return False
        if act is ActKind.RECORD_STEP and (later := _heard_until(state)) > self.today:
            self._list(after(later, 1), review_id, party)
            return False
        receipt = await self._act(act, state, party, person)
        self.diary.acts += 1
        self._note(state, receipt)
        return True

    async def _act(self, act: ActKind, state: ReviewState, party: Party, person: str) -> Receipt:
        reviews, review_id = self._minaoshi.reviews, str(state.review_id)
        match act:
            case ActKind.FIND:
                whole = _checks_all(state)
                self._wholly[review_id][party] = whole
                rows = {"checklist": checked(state.opening, **self._issue(state, party))} if whole else {}
                course = _course(state, party)
                return await reviews.find(
                    review_id, _json(course=course, reason="実態と照らした。", **rows), as_=person
                )
            case ActKind.RESOLVE:
                course = max(minimum_for_review(state), Course.AMEND, key=list(Course).index)
                return await reviews.resolve(review_id, _json(course=course, reason="記載を改める。"), as_=person)
            case ActKind.SUBMIT:
                documents = draft(
                    self._planned[state.opening.assessment_id],
                    level=level_of(state),
                    on=self.today,
                    ended_on=ended_on_of(state),
                    whole=state.course is Course.REASSESS,
                )
                return await reviews.submit(review_id, *documents, as_=person)
            case ActKind.APPROVE if state.revision == 1 and _chance(review_id, "return").random() < 0.04:
                comments = [{"item": "特記事項", "text": "記載を補うこと。"}]
                return await reviews.send_back(review_id, _json(comments=comments), as_=person)
            case ActKind.APPROVE:
                return await reviews.approve(review_id, as_=person)
            case ActKind.RECORD_STEP:
                return await self._step(state, person)
        raise AssertionError(f"nobody here does {act}")

    async def _step(self, state: ReviewState, person: str) -> Receipt:
        row = next_step(state)
        assert row is not None
        said: dict[str, Any] = {"step": row.step, "done_on": self.today.isoformat()}
        papers = {"写し": b"%PDF"} if row.evidence and row.evidence.needed else {}
        if row.step is Step.PUBLIC_NOTICE:
            said["notice"] = {"method": "インターネット", "until_on": (self.today + HEARD_FOR).isoformat()}
        elif row.step is Step.PUBLIC_COMMENT:
            said["opinions"] = []
        elif _is_with_others(state):
            said["judgement"] = {}
        return await self._minaoshi.reviews.record_step(str(state.review_id), _json(**said), as_=person, papers=papers)

    def _issue(self, state: ReviewState, party: Party) -> dict[str, Any]:
        """Give what the department says of the last measure where an issue is left: a countermeasure."""
        opening = state.opening
        chance = _chance(state.review_id, "issue")
        if party is not Party.DEPARTMENT or opening.checklist[-1] not in opening.measures or chance.random() > ISSUES:
            return {}
        due_on = after(self.today, chance.randrange(20, 60)).isoformat()
        planned = {"text": "手順を定める。", "owner": f"{opening.department}-drafter", "due_on": due_on}
        return {"answer": "issues_remain", "countermeasure": planned}

    async def entrust(self, countermeasure_id: str) -> None:
        """Take up a countermeasure: some are done in time, some late."""
        state = await self._register.countermeasure(countermeasure_id)
        delay = _delay(_chance(countermeasure_id))
        self._list(after(state.due_on - timedelta(days=7), delay), countermeasure_id, Party.DEPARTMENT)

    async def _follow_up(self, countermeasure_id: str, party: Party) -> None:
        state = await self._register.countermeasure(countermeasure_id)
        organisation = (await self._register.current_organisation()).organisation
        role = Role.PRIVACY_MANAGER if party is Party.DEPARTMENT else Role.TEAM_MEMBER
        department = (await self._register.assessment(str(state.assessment_id))).department
        [person, *_] = holders(organisation, role, body=state.body, department=department)
        if self.away.get(person, self.today) > self.today:
            self._list(self.away[person], countermeasure_id, party)
            return
        countermeasures = self._minaoshi.countermeasures
        if party is Party.DEPARTMENT:
            evidence = [{"title": "手順書", "sha256": "e" * 64}]
            try:
                await countermeasures.done(countermeasure_id, _json(text="定めた。", evidence=evidence), as_=person)
            except ActRefusedError:
                # After a hand-over it learns its new department by its next act, at the latest by a reminder.
                self._list(after(self.today, 1), countermeasure_id, party)
                return
            delay = _delay(_chance(countermeasure_id, "confirm"))
            self._list(after(self.today, delay), countermeasure_id, Party.TEAM)
        else:
            await countermeasures.confirm(countermeasure_id, as_=person)

    def _note(self, before: ReviewState, receipt: Receipt) -> None:
        """Write into the diary what has come to its end."""
        if receipt.stage is not Stage.CLOSED:
            return
        assessment_id, course = receipt.assessment_id, before.course or Course.NO_CHANGE
        if before.stage is Stage.PROCEDURE and course is not Course.END_PUBLICATION:
            self.diary.published[assessment_id].append((self.today, course))
        given = self._wholly.pop(receipt.review_id, {})
        first = before.opening.published_digest is None
        if first or (
            all(given.get(party) for party in (Party.DEPARTMENT, Party.TEAM)) and course is not Course.END_BUSINESS
        ):
            self.diary.checked[assessment_id].append(self.today)


def _json(**content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _chance(*of: object) -> random.Random:
    return random.Random(f"{SEED}/{of}")  # noqa: S311 # the same in each run


def _delay(chance: random.Random) -> int:
    """Give after how many open days somebody acts."""
    lot = chance.random()
    if lot < 0.86:
        return chance.randrange(3)
    return chance.randrange(4, 9) if lot < 0.97 else chance.randrange(10, 31)


def _is_with_others(state: ReviewState) -> bool:
    row = next_step(state) if state.stage is Stage.PROCEDURE else None
    return row is not None and row.step in (Step.THIRD_PARTY_CHECK, Step.COMMISSION_APPROVAL)


def _heard_until(state: ReviewState) -> date:
    row = next_step(state)
    announced = [done.until_on for done in state.steps if done.stands and done.until_on]
    return announced[-1] if row is not None and row.step is Step.PUBLIC_COMMENT and announced else date.min


def _checks_all(state: ReviewState) -> bool:
    kinds = {ground.kind for ground in state.grounds}
    if GroundKind.YEARLY not in kinds:
        return False
    return (
        kinds == {GroundKind.YEARLY}
        or _chance(state.review_id, "whole", state.facts_revision).random() < 0.8
        or _must_check(kinds)
    )


def _must_check(kinds: set[GroundKind]) -> bool:
    return kinds <= {GroundKind.YEARLY, GroundKind.FIVE_YEARS, GroundKind.PUBLICATION_PERIOD}


def _course(state: ReviewState, party: Party) -> Course:
    kinds = {ground.kind for ground in state.grounds}
    if GroundKind.END_OF_BUSINESS in kinds:
        return Course.END_BUSINESS
    chance = _chance(state.review_id, "course", len(state.grounds)).random()
    lot = _AS_USUAL if state.opening.assessment_id in TOLD_OF else chance
    if GroundKind.PUBLICATION_PERIOD in kinds:
        return Course.NO_CHANGE if state.opening.assessment_id == STAYING else Course.END_PUBLICATION
    meant = _meant_course(kinds, lot)
    if lot > 0.98 and party is Party.TEAM and GroundKind.FIVE_YEARS not in kinds:
        meant = stronger(meant, Course.AMEND)
    return stronger(meant, minimum_for_review(state))


def _meant_course(kinds: set[GroundKind], lot: float) -> Course:
    if GroundKind.FIVE_YEARS in kinds:
        return Course.REASSESS if lot < 0.92 else Course.AMEND if lot < 0.97 else Course.NO_CHANGE
    if GroundKind.CHANGE_REPORT in kinds:
        return Course.AMEND if lot < 0.7 else Course.NO_CHANGE
    if GroundKind.FORM_AMENDED in kinds:
        return Course.AMEND if lot < 0.6 else Course.NO_CHANGE
    return Course.AMEND if lot < 0.06 else Course.NO_CHANGE
