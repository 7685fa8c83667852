"""まとめて知らせる: what may wait goes out as one mail in the morning; what is urgent does not wait for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, update

from client.outbox import Outbox, digest_workflow_id
from guideline.digests import next_morning
from register.tables import notices
from schemas.letters import Digest, MailChoice, Means
from tests.guideline.demo_organisation import read
from tests.house import MANAGER, TEAM, House
from tests.notices.post_office import PostOffice, posting
from tests.workflows.test_mail_outages import without

PATIENCE_S = 30.0
MAIL = "manager@example.jp"
ADDRESS = "https://minaoshi.example.jp"
MORNING = next_morning(datetime.now(UTC) + timedelta(days=1))
"""朝: far enough from now that no real morning comes in between."""


def with_mail(house: House, office: PostOffice) -> House:
    house.settings = posting(house.settings, office).model_copy(update={"public_url": f"{ADDRESS}/"})
    return house


async def give_out(house: House, *, at: datetime) -> None:
    """Give out all that waits at that instant."""
    queue = house.settings.task_queue
    outbox = Outbox(house.temporal, house.register, task_queue=queue, means=Means.MAIL, now=lambda: at)
    while await outbox.give_out():
        pass


async def digest_goes_out(house: House) -> None:
    await give_out(house, at=MORNING)
    async with asyncio.timeout(PATIENCE_S):
        await house.temporal.get_workflow_handle(digest_workflow_id(Digest(person=MANAGER, until=MORNING))).result()


def forget_delivery(connection: Connection, notice_ids: list[str]) -> None:
    forgotten = {"delivered_at": None, "dispatched_at": None, "means": None}
    connection.execute(update(notices).where(notices.c.notice_id.in_(notice_ids)).values(forgotten))


def letters(office: PostOffice) -> list[tuple[str, str, str]]:
    """Give subject, text and Message-ID of what came to the 保護管理者."""
    return [
        (str(one["Subject"]), one.get_content(), str(one["Message-ID"]))
        for one in office.letters
        if MAIL in str(one["To"])
    ]


async def two_notices(house: House) -> None:
    """Tell the 保護管理者 of a report, and that it is their turn."""
    await house.minaoshi.notices.choose(MailChoice.DAILY, as_=MANAGER)
    await house.report_change(title="窓口の運用の変更")
    await give_out(house, at=MORNING - timedelta(hours=1))


async def test_all_of_a_day_come_as_one_mail_in_the_morning(empty_house: House, office: PostOffice) -> None:
    house = with_mail(empty_house, office)
    async with house.worker():
        await two_notices(house)
        assert letters(office) == []
        await digest_goes_out(house)
        ((subject, text, _),) = letters(office)
        assert subject == "[見直し] 知らせのまとめ（2件）"
        assert "環境の変化の報告: 窓口の運用の変更" in text
        assert f"{ADDRESS}/reviews/{house.assessment_id}/1" in text
        assert f"{ADDRESS}/assessments/{house.assessment_id}" in text
        await give_out(house, at=MORNING + timedelta(days=1))
    assert len(letters(office)) == 1
    assert {one.means for one in await house.register.inboxes.notices(MANAGER, limit=10)} == {Means.MAIL}


async def test_a_risk_event_is_told_at_once_whatever_was_chosen(empty_house: House, office: PostOffice) -> None:
    house = with_mail(empty_house, office)
    await house.minaoshi.notices.choose(MailChoice.DAILY, as_=MANAGER)
    async with house.worker():
        await house.report_event()
        await give_out(house, at=MORNING - timedelta(hours=1))
        async with asyncio.timeout(PATIENCE_S):
            while len(letters(office)) < len(await house.register.notices_for(MANAGER)):  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.05)
    subjects = {subject for subject, _, _ in letters(office)}
    assert "[見直し] リスク事案の報告" in {one.rpartition(" ")[0] for one in subjects}
    assert all("誤登録" not in subject for subject in subjects)
    assert any(f"{ADDRESS}/events/" in text for _, text, _ in letters(office))


async def test_a_digest_whose_address_is_refused_is_dealt_with_like_any_notice(
    empty_house: House, office: PostOffice
) -> None:
    house = with_mail(empty_house, office)
    office.refused[MAIL] = "550 No such user"
    async with house.worker():
        await two_notices(house)
        await digest_goes_out(house)
        undelivered = await house.minaoshi.inboxes.undelivered(TEAM)
        assert [(one.person, "550" in one.failure) for one in undelivered] == [(MANAGER, True)] * 2
        office.refused.clear()
        for one in undelivered:
            await house.minaoshi.inboxes.send_again(one.number, as_=TEAM)
        await digest_goes_out(house)
    ((subject, _, _),) = letters(office)
    assert subject == "[見直し] 知らせのまとめ（2件）"
    assert await house.minaoshi.inboxes.undelivered(TEAM) == ()


async def test_a_digest_that_was_sent_and_not_marked_goes_out_under_the_same_message_id(
    empty_house: House, office: PostOffice
) -> None:
    """As when a worker is killed between the two."""
    house = with_mail(empty_house, office)
    async with house.worker():
        await two_notices(house)
        held = await house.register.digests.notices_in(Digest(person=MANAGER, until=MORNING))
        await digest_goes_out(house)
        ids = [one.notice.notice_id for one in held]
        await house.register._database.write(forget_delivery, ids)  # noqa: SLF001 # as if it had not been marked
        await digest_goes_out(house)
    assert len(letters(office)) == 2
    assert len({message_id for _, _, message_id in letters(office)}) == 1


async def test_who_leaves_while_a_digest_is_held_is_not_taken_for_told(empty_house: House, office: PostOffice) -> None:
    house = with_mail(empty_house, office)
    async with house.worker():
        await two_notices(house)
        await house.register.apply_organisation(read(without(MANAGER)), by="operator", at=datetime.now(UTC))
        await digest_goes_out(house)
        undelivered = await house.minaoshi.inboxes.undelivered(TEAM)
    assert [(one.person, "後任" in one.failure) for one in undelivered] == [(MANAGER, True)] * 2
    assert letters(office) == []
