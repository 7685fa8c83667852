"""出来事: what is no row of another table has an entry of its own."""

import pytest

from register.errors import OtherContentError
from register.register import Register
from schemas.letters import Means, key_of
from schemas.records import AuditAction, Notice, Occurrence
from tests.register import samples

NOTICE = Notice(notice_id="change/1>sato", person="sato", review_id=None, assessment_id=None, subject="委託先の変更")
HAPPENED = Occurrence(
    occurrence_id="session/1", kind=AuditAction.SIGNED_IN, person="sato", subject="session/1", at=samples.AT
)


async def test_an_occurrence_has_its_entry_and_the_same_again_none(register: Register) -> None:
    for _ in range(2):
        await register.record_occurrence(HAPPENED)
    verdict = await register.verify_audit()
    assert (verdict.ok, verdict.entries) == (True, 1)
    assert await register.occurrences(AuditAction.SIGNED_IN) == (HAPPENED,)
    assert await register.occurrences(AuditAction.SIGNED_OUT) == ()


async def test_another_one_under_the_same_id_is_refused(register: Register) -> None:
    await register.record_occurrence(HAPPENED)
    with pytest.raises(OtherContentError):
        await register.record_occurrence(HAPPENED.model_copy(update={"person": "tanaka"}))
    assert (await register.verify_audit()).entries == 1


async def test_what_was_done_about_a_notice_is_noted_once_it_is_done(register: Register) -> None:
    await register.tell((NOTICE,), at=samples.AT)
    await register.mark_notices_failed([NOTICE.notice_id], failure="届かない", at=samples.AT)
    await register.send_notice_again(NOTICE.notice_id, by="tanaka", at=samples.AT)
    await register.settle_notice(NOTICE.notice_id, by="suzuki", at=samples.AT)
    kinds = AuditAction.NOTICE_RESENT, AuditAction.NOTICE_SETTLED
    noted = {one.kind: one for one in await register.occurrences(*kinds)}
    assert {kind: one.person for kind, one in noted.items()} == dict(zip(kinds, ("tanaka", "suzuki"), strict=True))
    for one in noted.values():
        assert (one.subject, one.detail) == (key_of(NOTICE.notice_id), {"notice": NOTICE.notice_id})
    assert (await register.verify_audit()).entries == 2


async def test_a_notice_that_is_delivered_is_neither_settled_nor_sent_again(register: Register) -> None:
    await register.tell((NOTICE,), at=samples.AT)
    await register.mark_notices_delivered([NOTICE.notice_id], means=Means.MAIL, at=samples.AT)
    await register.send_notice_again(NOTICE.notice_id, by="tanaka", at=samples.AT)
    await register.settle_notice(NOTICE.notice_id, by="suzuki", at=samples.AT)
    assert (await register.verify_audit()).entries == 0
