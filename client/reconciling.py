"""照合 (reconciling): histories and register are held against each other, and each is mended by the other.

Who has an act is believed: acts are only ever written anew or taken up again, never taken back.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from client import disagreements
from client.disagreements import Disagreement, Following
from client.duty_following import duty_workflow_id_of
from client.event_following import event_workflow_id_of
from client.following import countermeasure_workflow_id_of
from client.histories import REPORT, SUBJECTS, Told, Unreadable, Written, histories, history_of
from client.mending import Mending
from client.sending import workflow_id_of
from register.reconciled import Subject
from register.register import open_register
from schemas.acts import Intake
from schemas.canonical import content_digest
from schemas.countermeasures import CountermeasureState
from schemas.duties import DutyStart, DutyState
from schemas.events import EventState
from schemas.records import AuditAction
from schemas.review import Resumption, ReviewState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from datetime import datetime

    from temporalio.client import Client

    from register.reconciled import AnyState, KnownAct
    from register.register import Register
    from schemas.signatures import Signatures

_ROUNDS = 3
"""何度見直すか: what is written anew may show that something is to be followed, and that ends it."""


class Writes(StrEnum):
    """書くか (writes): whether what disagrees is only named, or mended."""

    NOTHING = "nothing"  # 示すだけ
    WHAT_IS_MISSING = "what_is_missing"  # 直す


@dataclass(frozen=True, slots=True)
class Reconciled:
    """照合の結果 (what came of it): how many histories were read, what was mended, and what disagrees still."""

    histories: int
    mended: tuple[Disagreement, ...]
    left: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class _Looked:
    histories: int
    found: tuple[Disagreement, ...]


class Reconciling:
    """照合する."""

    def __init__(
        self,
        temporal: Client,
        register: Register,
        *,
        task_queue: str,
        signatures: Signatures,
        now: Callable[[], datetime],
    ) -> None:
        self._temporal = temporal
        self._register = register
        self._task_queue = task_queue
        self._mending = Mending(temporal, register, task_queue=task_queue, signatures=signatures)
        self._now = now

    async def reconcile(self, *, writes: Writes, by: str = "operator") -> Reconciled:
        """Name what disagrees; mend what can be, where that is asked for, and name what is left.

        What was mended is noted in the trail. Doing it again does no harm.
        """
        looked = await self._look()
        mended: list[Disagreement] = []
        failed: dict[str, Disagreement] = {}
        for _ in range(_ROUNDS if writes is Writes.WHAT_IS_MISSING else 0):
            tried = [one for one in looked.found if one.mends is not None and one.told not in failed]
            if not tried:
                break
            for one in self._in_order(tried):
                reason = await self._mending.mend(one)
                if reason is None:
                    mended.append(one)
                else:
                    failed[one.told] = one.not_mended(reason)
            looked = await self._look()
        if mended:
            detail = {kind.value: sum(one.kind is kind for one in mended) for kind in disagreements.Kind}
            await self._register.note(
                AuditAction.RECONCILED, actor=by, subject="reconcile", at=self._now(), detail=dict(detail)
            )
        left = tuple(failed.get(one.told, one) for one in looked.found)
        return Reconciled(looked.histories, tuple(mended), left)

    @staticmethod
    def _in_order(found: list[Disagreement]) -> Iterator[Disagreement]:
        """Put reports first, then the events that they begin, then acts as they were done, then what is to follow."""
        yield from (one for one in found if one.kind is disagreements.Kind.REPORT_MISSING)
        yield from (one for one in found if one.kind is disagreements.Kind.EVENT_MISSING)
        acts = [(one.mends.request.at, one) for one in found if isinstance(one.mends, Written)]
        yield from (one for _, one in sorted(acts, key=lambda pair: pair[0]))
        yield from (one for one in found if isinstance(one.mends, Following))

    async def _look(self) -> _Looked:
        # What is open is read before the histories: history first, so that none of them can be behind it for a moment.
        before = {subject: await self._register.reconciled.open_ones(subject) for subject in Subject}
        found: list[Disagreement] = []
        running: dict[str, int] = {}
        followed: dict[Subject, set[str]] = defaultdict(set)
        number = 0
        async for told in histories(self._temporal, task_queue=self._task_queue):
            number += 1
            if isinstance(told, Unreadable):
                found.append(disagreements.unreadable(told))
                running[told.workflow_id] = _UNKNOWN
            elif told.kind == REPORT:
                found.extend([one async for one in self._report_beside(told)])
            else:
                known = await self._register.reconciled.known(SUBJECTS[told.kind], told.asked)
                found.extend([one async for one in self._beside(told, known)])
                if told.is_running:
                    running[told.workflow_id] = max(told.sequence, running.get(told.workflow_id, 0))
                    followed[SUBJECTS[told.kind]] |= _keys_of(told, known)
        lacking = {one.subject for one in found if one.kind is disagreements.Kind.ACT_MISSING}
        for subject, states in before.items():
            after = await self._register.reconciled.states(subject, states.keys() | followed[subject])
            still = await self._register.reconciled.open_ones(subject)
            for key, state in after.items():
                if key in lacking or (key in states and key not in still):  # it has just come to its end
                    continue
                if (one := await self._unfollowed(subject, key, state, running, is_open=key in states)) is not None:
                    found.append(one)
        found.extend([one async for one in self._documents()])
        return _Looked(number, tuple(found))

    async def _report_beside(self, told: Told) -> AsyncIterator[Disagreement]:
        if told.is_completed and isinstance(told.began_with, Intake):
            known = await self._register.reconciled.known_reports([told.began_with.act_id])
            if told.began_with.act_id not in known:
                yield disagreements.report_missing(told, told.began_with)

    async def _beside(self, told: Told, known: dict[str, KnownAct]) -> AsyncIterator[Disagreement]:
        """Hold what one history wrote against the register."""
        began_with = told.began_with
        is_first = isinstance(began_with, EventState) and began_with.sequence == 0
        if is_first and await self._register.find_event(began_with.event_id) is None:
            yield disagreements.event_missing(began_with)
        for one in told.written:
            if (disagreement := _compared(one, known.get(one.request.act.act_id))) is not None:
                yield disagreement

    async def _unfollowed(
        self, subject: Subject, key: str, state: AnyState, running: dict[str, int], *, is_open: bool
    ) -> Disagreement | None:
        workflow_id = _workflow_id_of(state)
        sequence = running.get(workflow_id)
        if sequence is not None and state.sequence <= sequence:
            return None
        # Asked of the workflow itself, after the register: people may act meanwhile, and the list may be late.
        now = await history_of(self._temporal, workflow_id)
        if now is None or (isinstance(now, Told) and not now.is_running):
            following = Following(subject, state, workflow_id, is_behind=False)
            return disagreements.not_followed(key, following) if is_open else None
        if isinstance(now, Unreadable) or state.sequence <= now.sequence:
            return None
        following = Following(subject, state, workflow_id, is_behind=True)
        return disagreements.engine_behind(key, following, sequence=now.sequence)

    async def _documents(self) -> AsyncIterator[Disagreement]:
        """Name the documents of open drafts that the register lacks."""
        named: dict[str, list[str]] = defaultdict(list)
        for key, state in (await self._register.reconciled.open_ones(Subject.REVIEW)).items():
            if isinstance(state, ReviewState) and state.draft is not None:
                for entry in state.draft.documents:
                    named[entry.sha256].append(key)
        known = await self._register.documents(list(named))
        for sha256, keys in named.items():
            if sha256 not in known:
                for key in keys:
                    yield disagreements.document_missing(key, sha256)


_UNKNOWN = 2**31
"""知れない: how far a history has come that can't be read; nothing is done to its workflow."""


def _keys_of(told: Told, known: dict[str, KnownAct]) -> set[str]:
    """Give what a run is about, by its acts: of what is only under way too, where the register has it already."""
    named = {one.key for one in told.written}
    match told.began_with:
        case Resumption(review=review):
            named.add(review.review_id or "")
        case CountermeasureState() as state:
            named.add(state.countermeasure_id)
        case EventState() as state:
            named.add(state.event_id)
        case DutyStart() as start:
            named.add(start.duty_id)
    answers = [one.answer for one in known.values()]
    return named | {
        str(answer["review_id"]) for answer in answers if isinstance(answer, dict) and "review_id" in answer
    }


def _compared(one: Written, known: KnownAct | None) -> Disagreement | None:
    if known is None:
        return disagreements.act_missing(one)
    if known.content_digest != content_digest(one.request.act.model_dump(mode="json")):
        return disagreements.act_differs(one, what="内容")
    if known.answer != one.recorded.receipt.model_dump(mode="json"):
        return disagreements.act_differs(one, what="答え")
    return None


def _workflow_id_of(state: AnyState) -> str:
    match state:
        case ReviewState():
            return workflow_id_of(state.opening.assessment_id)
        case CountermeasureState():
            return countermeasure_workflow_id_of(state.countermeasure_id)
        case EventState():
            return event_workflow_id_of(state.event_id)
        case DutyState():
            return duty_workflow_id_of(state.duty_id)


async def reconcile_installation(  # noqa: PLR0913 # what one installation is made of
    register_url: str,
    temporal: Client,
    *,
    task_queue: str,
    signatures: Signatures,
    now: Callable[[], datetime],
    writes: Writes,
) -> Reconciled:
    """Reconcile the register at an address, brought up to the newest schema, with the engine of a connection."""
    register = await open_register(register_url)
    try:
        reconciling = Reconciling(temporal, register, task_queue=task_queue, signatures=signatures, now=now)
        return await reconciling.reconcile(writes=writes)
    finally:
        await register.close()
