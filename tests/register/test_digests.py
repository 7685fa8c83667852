"""まとめて知らせる: what is held for a morning, and what goes out at once."""

from __future__ import annotations

from datetime import timedelta

from register.register import Register
from schemas.letters import Digest, MailChoice, Means
from schemas.records import Notice
from tests.register import samples

MORNING = samples.AT + timedelta(hours=12)
DIGEST = Digest(person="sato", until=MORNING)


def notice(number: int, person: str = "sato") -> Notice:
    return Notice(
        notice_id=f"act/{number}>{person}", person=person, review_id=None, assessment_id=None, subject=f"知らせ{number}"
    )


async def tell(register: Register, *told: Notice) -> list[str]:
    await register.record_report(samples.intake(f"change/{told[0].notice_id[:5]}"), at=samples.AT, notices=told)
    return [one.notice_id for one in told]


async def test_one_who_chose_nothing_is_told_at_once(register: Register) -> None:
    digests = register.digests
    assert await digests.choice_of("sato") is MailChoice.AT_ONCE
    await digests.choose("sato", MailChoice.DAILY, at=samples.AT)
    await digests.choose("suzuki", MailChoice.AT_ONCE, at=samples.AT)
    assert await digests.choice_of("sato") is MailChoice.DAILY
    assert await digests.who_chose_daily({"sato", "suzuki", "tanaka"}) == {"sato"}
    await digests.choose("sato", MailChoice.AT_ONCE, at=samples.AT)
    assert await digests.who_chose_daily({"sato", "suzuki", "tanaka"}) == frozenset()


async def test_what_is_held_waits_for_its_morning_and_then_is_one_digest(register: Register) -> None:
    ids = await tell(register, notice(1), notice(2), notice(3, "suzuki"))
    await register.digests.hold(ids[:2], until=MORNING)
    assert [one.notice_id for one in await register.waiting_notices(limit=10)] == ids[2:]
    assert await register.digests.due(now=MORNING - timedelta(seconds=1), limit=10) == ()
    assert await register.digests.due(now=MORNING, limit=10) == (DIGEST,)
    await register.digests.mark_given_out(DIGEST, at=MORNING)
    assert await register.digests.due(now=MORNING, limit=10) == ()
    assert [one.notice.notice_id for one in await register.digests.notices_in(DIGEST)] == ids[:2]
    await register.mark_notices_delivered(ids[:2], means=Means.MAIL, at=MORNING)
    assert await register.digests.notices_in(DIGEST) == ()
    progress = await register.inboxes.notices("sato", limit=10)
    assert {(one.means, one.delivered_at) for one in progress} == {(Means.MAIL, MORNING)}


async def test_a_digest_that_is_given_up_is_undelivered_one_by_one_and_goes_out_again_as_one(
    register: Register,
) -> None:
    ids = await tell(register, notice(1), notice(2))
    await register.digests.hold(ids, until=MORNING)
    await register.digests.mark_given_out(DIGEST, at=MORNING)
    await register.mark_notices_failed(ids, failure="550", at=MORNING)
    assert {one.notice.notice_id for one in await register.failed_notices()} == set(ids)
    assert await register.digests.notices_in(DIGEST) == ()
    for notice_id in ids:
        await register.send_notice_again(notice_id, by="team", at=MORNING)
    assert await register.waiting_notices(limit=10) == ()
    assert await register.digests.due(now=MORNING, limit=10) == (DIGEST,)


async def test_what_is_held_goes_out_when_its_person_wants_to_be_told_at_once(register: Register) -> None:
    ids = await tell(register, notice(1))
    await register.digests.hold(ids, until=MORNING)
    now = samples.AT + timedelta(minutes=1)
    await register.digests.choose("sato", MailChoice.AT_ONCE, at=now)
    assert await register.digests.due(now=now, limit=10) == (Digest(person="sato", until=now),)
