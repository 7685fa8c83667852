"""満たした台帳 (filling): something of each kind happens, so that each table has a row.

Of an older register: something of each kind that could happen as of its migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.records import AuditAction
from tests.register import duty_story, samples

if TYPE_CHECKING:
    from register.register import Register


COUNTERMEASURES, EVENTS, DUTIES = "0003", "0007", "0015"
"""どの移行から: since which migration there is room for what."""


async def fill(register: Register, *, as_of: str = "9999") -> None:
    """Do it, in a register that has nothing in it yet."""
    await register.add_assessment(samples.new_assessment(), **samples.first_version(samples.document()))
    await _review(register)
    if as_of >= COUNTERMEASURES:
        last = samples.entry(samples.finding(), samples.closed(sequence=9), countermeasures=(samples.countermeasure(),))
        await register.record(last)
        await register.record_countermeasure(samples.progress())
    if as_of >= EVENTS:
        await register.record_report(samples.risk_intake(), at=samples.AT, notices=())
        await register.open_event(samples.event())
        await register.record_event(samples.event_entry())
    if as_of >= DUTIES:
        await register.duties.record(samples.duty_entry())
        await register.duties.record(samples.duty_progress())
        await duty_story.tell(register)
        detail = {"format": "xlsx"}
        await register.note(AuditAction.EXPORTED, actor="sato", subject="jidou-teate/1", at=samples.AT, detail=detail)


async def _review(register: Register) -> None:
    await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT)
    await register.record_report(samples.intake(), at=samples.AT, notices=())
    await register.record(samples.opening_entry())
    for place, act in enumerate(samples.every_act(), start=2):
        await register.record(samples.entry(act, samples.state(sequence=place, review_id="jidou-teate/1")))
