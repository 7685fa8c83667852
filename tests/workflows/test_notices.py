"""知らせの配達: an outbox in the register, a workflow for each notice, a real mail server."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from importlib import resources

from client.outbox import Outbox, notice_workflow_id
from client.shared_desk import Beginner
from tests.house import AUDITOR, CHIEF, DRAFTER, TEAM, House
from tests.notices.post_office import PostOffice, posting
from tests.tampering import administering, tamper
from worker import build_outbox, mail_of
from workflows import calls

PATIENCE_S = 30.0


def with_mail(house: House, office: PostOffice) -> House:
    house.settings = posting(house.settings, office)
    return house


def outbox(house: House) -> Outbox:
    return build_outbox(house.temporal, house.register, house.settings)


async def without_hotline(house: House) -> None:
    text = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    await house.minaoshi.organisation.apply(text.partition("[[hotline]]")[0].encode())


async def all_given_out(house: House) -> None:
    while await outbox(house).give_out():
        pass


async def results(house: House, person: str) -> list[str]:
    """Wait for the workflows of a person's notices; give their ids."""
    ids = [notice_workflow_id(one.notice_id) for one in await house.register.notices_for(person)]
    async with asyncio.timeout(PATIENCE_S):
        for one in ids:
            await house.temporal.get_workflow_handle(one).result()
    return ids


async def mail_address_of(house: House, person: str) -> str:
    people = (await house.register.current_organisation()).organisation.people
    mail = next(one.mail for one in people if one.id == person)
    assert mail is not None
    return mail


def sent_to(office: PostOffice, mail: str) -> list[str]:
    return [str(letter["Message-ID"]) for letter in office.letters if mail in str(letter["To"])]


async def test_what_a_person_is_told_arrives_once_by_mail(empty_house: House, office: PostOffice) -> None:
    house = with_mail(empty_house, office)
    async with house.worker():
        await house.report_event()
        await all_given_out(house)
        await results(house, CHIEF)
        await all_given_out(house)
    mail = await mail_address_of(house, CHIEF)
    letters = sent_to(office, mail)
    assert len(letters) == len(set(letters)) == len(await house.register.notices_for(CHIEF))
    assert await house.register.waiting_notices(limit=10) == ()
    letter = next(one for one in office.letters if mail in str(one["To"]))
    assert "リスク事案の報告" in letter["Subject"]
    assert "minaoshi inbox" in letter.get_content()


async def test_who_began_a_form_that_another_sent_is_told_by_mail(empty_house: House, office: PostOffice) -> None:
    house = with_mail(empty_house, office)
    begun = Beginner(person=DRAFTER, name="見本 起案者", mark="a" * 64)
    async with house.worker():
        for _ in range(2):
            await house.minaoshi.shared_desk.refuse(begun, address="/report/change", as_=CHIEF)
        await all_given_out(house)
        await results(house, DRAFTER)
    [letter] = office.letters
    assert await mail_address_of(house, DRAFTER) in str(letter["To"])
    assert "あなたが書き始めた様式を、別の人が続けようとしたため、受け付けませんでした" in letter["Subject"]
    assert "見本 総括保護管理者" not in letter["Subject"]
    assert "見本 総括保護管理者" in letter.get_content()


async def test_no_workflow_id_names_a_person(empty_house: House, office: PostOffice) -> None:
    house = with_mail(empty_house, office)
    async with house.worker():
        await house.report_event()
        await all_given_out(house)
        ids = await results(house, CHIEF)
    assert ids
    assert all(CHIEF not in one for one in ids)


async def test_who_has_no_address_is_told_by_the_inbox_and_alarms_nobody(empty_house: House) -> None:
    house = empty_house
    await without_hotline(house)
    assert mail_of(house.settings) is None
    async with house.worker():
        await house.report_event()
        await all_given_out(house)
    assert await house.register.waiting_notices(limit=10) == ()
    assert (await house.minaoshi.inboxes.of(TEAM)).undelivered == ()
    assert [one.subject for one in (await house.minaoshi.inboxes.of(CHIEF)).notices] == ["リスク事案の報告: 誤登録"]


async def test_a_refused_address_stands_in_the_inbox_of_the_team_until_it_is_dealt_with(
    empty_house: House, office: PostOffice
) -> None:
    house = with_mail(empty_house, office)
    office.refused[await mail_address_of(house, CHIEF)] = "550 No such user"
    async with house.worker():
        await house.report_event()
        await all_given_out(house)
        await results(house, CHIEF)
        inbox = await house.minaoshi.inboxes.of(TEAM)
        assert [(one.person, "550" in one.failure) for one in inbox.undelivered] == [(CHIEF, True)]
        for other in (DRAFTER, AUDITOR, CHIEF):
            assert (await house.minaoshi.inboxes.of(other)).undelivered == ()
        office.refused.clear()
        await house.minaoshi.inboxes.send_again(inbox.undelivered[0].number, as_=TEAM)
        await all_given_out(house)
        await results(house, CHIEF)
    assert (await house.minaoshi.inboxes.of(TEAM)).undelivered == ()
    assert len(sent_to(office, await mail_address_of(house, CHIEF))) == 1


async def test_a_notice_that_was_told_otherwise_leaves_the_inbox(empty_house: House, office: PostOffice) -> None:
    house = with_mail(empty_house, office)
    office.refused[await mail_address_of(house, CHIEF)] = "550 No such user"
    async with house.worker():
        await house.report_event()
        await all_given_out(house)
        await results(house, CHIEF)
    number = (await house.minaoshi.inboxes.of(TEAM)).undelivered[0].number
    await house.minaoshi.inboxes.settle(number, as_=TEAM)
    assert (await house.minaoshi.inboxes.of(TEAM)).undelivered == ()


async def test_two_workers_give_a_notice_out_once(empty_house: House, office: PostOffice) -> None:
    house = with_mail(empty_house, office)
    async with house.worker():
        await house.report_event()
        await asyncio.gather(*(outbox(house).give_out() for _ in range(4)))
        await results(house, CHIEF)
    assert len(set(office.ids())) == len(office.letters)


async def test_a_notice_that_was_sent_and_not_marked_goes_out_under_the_same_message_id(
    empty_house: House, office: PostOffice
) -> None:
    """As when a worker is killed between the two."""
    house = with_mail(empty_house, office)
    async with house.worker():
        await house.report_event()
        notice = (await house.register.notices_for(CHIEF))[0]
        await all_given_out(house)
        await results(house, CHIEF)
        forget_delivery(house, notice.notice_id)
        await outbox(house).give_out()
        async with asyncio.timeout(PATIENCE_S):
            while len(sent_to(office, await mail_address_of(house, CHIEF))) < 2:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.05)
    letters = sent_to(office, await mail_address_of(house, CHIEF))
    assert len(set(letters)) == 1


def forget_delivery(house: House, notice_id: str) -> None:
    forget = "UPDATE notices SET delivered_at = NULL, dispatched_at = NULL, means = NULL WHERE notice_id = :id"
    with administering(house.settings.register_url) as engine:
        tamper(engine, forget, id=notice_id)


def test_a_notice_is_tried_for_more_than_ten_days() -> None:
    span = calls.DELIVER["schedule_to_close_timeout"]
    assert span is not None
    assert span > timedelta(days=10)
