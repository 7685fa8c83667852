"""義務の見本の物語 (story of duties): each act on a duty once, a roll from a stored document, letters of a circular."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from guideline.duties import take_duty
from guideline.duty_register import COMPLETIONS_FORM, ROLL_FORM
from schemas.canonical import digest_of
from schemas.circulars import LetterKey
from schemas.duties import Completions, DutyAlarm, DutyState, DutyStatus, MemberCompletion, Roll, RollMember
from schemas.duty_acts import (
    DutyAmendment,
    DutyCancellation,
    DutyCompletion,
    DutyConfirmation,
    DutyEnrolment,
    DutyExcuse,
    DutyHandIn,
    DutyPostponement,
    DutyReminder,
    DutySendingBack,
)
from schemas.organisation import Actor, Role
from schemas.records import DutyEntry, StoredDocument
from schemas.reports import Evidence
from schemas.review import Urgency
from tests.register import samples

if TYPE_CHECKING:
    from register.register import Register
    from schemas.base import Message
    from schemas.duty_acts import DutyAct

TRAINING, CIRCULAR = "training:all.2026", "circular:logout"
CHIEF = Actor(
    person="chief", role=Role.CHIEF_PRIVACY_OFFICER, body="city", department="kodomo", organisation_revision=1
)
ENGINE = Actor(person="engine", role=Role.ENGINE, body="city", department="kodomo", organisation_revision=1)
DONE_ON = date(2026, 11, 20)


class Story:
    """物語: a duty as it stands, and the register in which it is told."""

    def __init__(self, register: Register, duty_id: str) -> None:
        self._register = register
        self._duty_id = duty_id
        self._state: DutyState | None = None
        self._number = 1

    async def open(self, **content: Any) -> None:
        await self._record(samples.duty_entry(self._duty_id, **content))

    async def then(self, act: type[DutyAct], by: Actor | None = None, *, listed: Any = None, **more: Any) -> None:
        """Do the next act."""
        self._number += 1
        said: Any = act(
            act_id=f"{self._duty_id}/{self._number}", actor=by or samples.actor(), duty_id=self._duty_id, **more
        )
        assert self._state is not None
        # Whoever records an act for the workflow gives the state its alarms.
        before = self._state.model_copy(update={"alarms": (more["alarm"],) if "alarm" in more else ()})
        after = take_duty(before, said, at=samples.AT)
        await self._record(DutyEntry(act=said, state=after, at=samples.AT, listed=listed))

    async def _record(self, entry: DutyEntry) -> None:
        receipt = (await self._register.duties.record(entry)).receipt
        self._state = entry.state.model_copy(update={"roll": receipt.roll})


async def kept(register: Register, content: Message, form: str) -> str:
    """Keep a document that an act names, and give its SHA-256."""
    said = content.model_dump(mode="json")
    stored = StoredDocument(sha256=digest_of(said), form=form, form_version="1", content=said)
    await register.store_document(stored, by="sato", at=samples.AT)
    return stored.sha256


async def tell(register: Register) -> None:
    """Tell it, in a register that knows the organisation of the samples."""
    story = Story(register, TRAINING)
    await story.open(
        owner=None, content={"material": "研修資料"}, begins_on=date(2026, 8, 7), due_on=date(2026, 12, 20)
    )
    roll = Roll(members=tuple(RollMember(member=one, name=f"見本 {one}", department="kodomo") for one in "abcd"))
    named = await kept(register, roll, ROLL_FORM)
    await story.then(DutyEnrolment, listed=roll, added_by_document=named, added=(RollMember(member="e", name="外"),))
    await story.then(DutyEnrolment, removed=("e",), reason="誤って載せた。")
    done = Completions(completed=tuple(MemberCompletion(member=one, completed_on=DONE_ON) for one in "ab"))
    named = await kept(register, done, COMPLETIONS_FORM)
    await story.then(DutyCompletion, listed=done, completed_by_document=named)
    await story.then(DutyCompletion, members=("c",), completed_on=DONE_ON)
    await story.then(DutyExcuse, members=("d",), reason="休職中")
    alarm = DutyAlarm(status=DutyStatus.OPEN, urgency=Urgency.REMINDER, due_on=date(2026, 12, 20), at=samples.AT)
    await story.then(DutyReminder, ENGINE, alarm=alarm)
    await story.then(DutyPostponement, CHIEF, due_on=date(2027, 1, 20), reason="年末にかかる。")
    await story.then(DutyAmendment, CHIEF, title="研修（令和8年度）", reason="件名を改めた。")
    evidence = (Evidence(title="受講の記録", sha256="e" * 64),)
    await story.then(DutyHandIn, text="終えた。", evidence=evidence)
    await story.then(DutySendingBack, CHIEF, reason="写しが要る。")
    await story.then(DutyHandIn, text="終えた。", evidence=evidence)
    await story.then(DutyConfirmation, CHIEF)
    await _send_a_circular(register)


async def _send_a_circular(register: Register) -> None:
    """Let one recipient be reached and acknowledge, one be given up, and the circular be cancelled."""
    story, rows = Story(register, CIRCULAR), register.circulars
    await story.open(owner=None, content={"text": "ログアウトの徹底"})
    members = tuple(RollMember(member=one, name=one, mail=f"{one}@example.lg.jp") for one in ("010101", "020101"))
    await story.then(DutyEnrolment, added=members)
    await rows.keep_links(CIRCULAR, {one.member: digest_of(one.member) for one in members}, at=samples.AT)
    reached, refused = (LetterKey(duty_id=CIRCULAR, member=one.member, round="first") for one in members)
    await rows.mark_delivered(reached, at=samples.AT)
    await rows.mark_failed(refused, failure="550 no such user", given_up=True, at=samples.AT)
    await story.then(DutyCompletion, ENGINE, members=("010101",), completed_on=DONE_ON)
    await story.then(DutyCancellation, CHIEF, reason="別の事務連絡に含めた。")
