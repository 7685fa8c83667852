"""ホットライン: a mail becomes a risk event, once, whatever is killed meanwhile; nothing that was answered is lost."""

from __future__ import annotations

import asyncio
import smtplib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from temporalio.client import Client

from client.hotline import UNREADABLE, HotlineIntake
from client.report_view import ReportView
from engine.errors import EngineNotReachableError
from engine.obstacles import Obstacle
from engine.ports import free_port
from guideline.deadlines import tokyo_date
from schemas.canonical import sha256_of
from schemas.reports import RiskEvent
from tests.house import TEAM, House
from tests.new_register import new_register, register_url_in
from tests.notices.post_office import HOST
from tests.workflows.test_notices import without_hotline
from worker import build_hotline, run_hotline

EVENING = datetime(2026, 5, 1, 15, 30, tzinfo=UTC)
"""Half past midnight of 2 May in Japan."""

PATIENCE_S = 30.0


def mail(
    house: House,
    text: str = "別人の書類を渡した。",
    *,
    sender: str = "desk@example.jp",
    subject: str = "誤交付のおそれ",
    key: str = "one",
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "hotline@example.jp", subject
    message["Message-ID"] = f"<{key}.{house.assessment_id}@elsewhere.jp>"
    message.set_content(text)
    return message


@pytest.fixture
def desk(empty_house: House) -> House:
    """Give a house with a hotline, in which no worker runs yet."""
    empty_house.settings = empty_house.settings.model_copy(
        update={
            "hotline_smtp": f"{HOST}:{free_port()}",
            "hotline_department": "privacy",
            "hotline_person": "team-lead",
            "mail_from": "minaoshi@example.jp",
        }
    )
    return empty_house


def intake(house: House, *, now: datetime = EVENING) -> HotlineIntake:
    return build_hotline(house.settings, house.register, lambda: connected(house), now=lambda: now)[1]


async def connected(house: House) -> Client:
    return house.temporal


async def deliver(house: House, *contents: bytes | EmailMessage) -> None:
    """Hand mails in at the real port; the intake is not running."""
    server, _ = build_hotline(house.settings, house.register, lambda: connected(house), now=lambda: EVENING)
    async with server:
        await asyncio.to_thread(hand_in, house, *contents)


def hand_in(house: House, *contents: bytes | EmailMessage) -> None:
    host, port = house.settings.hotline_address
    with smtplib.SMTP(host, port, timeout=20) as client:
        for content in contents:
            whole = content.as_bytes() if isinstance(content, EmailMessage) else content
            client.sendmail("relay@example.jp", ["hotline@example.jp"], whole)


async def events(house: House) -> list[ReportView]:
    found = await house.register.risk_events(body="digital-agency")
    return [await house.minaoshi.reports.show(one.act_id) for one in found]


def event_of(view: ReportView) -> RiskEvent:
    assert isinstance(view.report, RiskEvent)
    return view.report


def kept(house: House) -> set[str]:
    return {path.stem for path in house.settings.hotline_folder.glob("*.eml")}


def waiting(house: House) -> set[str]:
    return kept(house) - {path.stem for path in house.settings.hotline_folder.glob("*.taken")}


async def test_a_mail_of_a_person_becomes_their_report_and_all_are_told(desk: House) -> None:
    await deliver(desk, mail(desk))
    async with desk.worker():
        assert await intake(desk, now=EVENING + timedelta(days=3)).take_in() == 1
    (view,) = await events(desk)
    event = event_of(view)
    assert (event.title, event.known_on.isoformat()) == ("誤交付のおそれ", "2026-05-02")
    assert event.facts == "差出人: desk@example.jp（受付: desk）\n別人の書類を渡した。"
    assert (view.reported_by, event.known_by_department) == ("desk", "account-registration")
    assert [one.sha256 for one in event.evidence] == list(kept(desk))
    assert [one.recipient for one in view.told][-1] == "risk-hotline"
    assert [one.report_id for one in (await desk.minaoshi.inboxes.of(TEAM)).events] == [view.report_id]
    assert (desk.settings.hotline_folder / f"{event.evidence[0].sha256}.eml").read_bytes().startswith(b"From: desk")


async def test_a_mail_from_elsewhere_is_reported_by_the_desk_of_the_hotline(desk: House) -> None:
    await deliver(desk, mail(desk, sender="citizen@elsewhere.jp"))
    async with desk.worker():
        await intake(desk).take_in()
    (view,) = await events(desk)
    assert (view.reported_by, event_of(view).known_by_department) == ("team-lead", "privacy")
    assert "差出人: citizen@elsewhere.jp（受付: team-lead）" in event_of(view).facts


async def test_a_mail_of_an_auditor_is_reported_by_the_desk_of_the_hotline(desk: House) -> None:
    """監査チームは何も変えない: what they notice is reported for them, and is not kept back."""
    await deliver(desk, mail(desk, sender="auditor@example.jp"))
    async with desk.worker():
        await intake(desk).take_in()
    (view,) = await events(desk)
    assert (view.reported_by, event_of(view).known_by_department) == ("team-lead", "privacy")
    assert "差出人: auditor@example.jp（受付: team-lead）" in event_of(view).facts
    assert waiting(desk) == set()


async def test_the_same_mail_delivered_twice_is_one_event(desk: House) -> None:
    one = mail(desk).as_bytes()
    await deliver(desk, one, b"Received: by another way\r\n" + one, one)
    assert len(kept(desk)) == 2
    async with desk.worker():
        await asyncio.gather(*(intake(desk).take_in() for _ in range(3)))
        await intake(desk).take_in()
    assert len(await events(desk)) == 1
    assert waiting(desk) == set()


async def test_what_was_kept_while_nobody_took_in_is_taken_in_later(desk: House) -> None:
    """As when the intake is killed between keeping and taking in, and while the engine is down."""
    await deliver(desk, mail(desk, key="first"), mail(desk, "別の事案である。", key="second"))

    async def down() -> Client:
        raise EngineNotReachableError("nowhere", obstacle=Obstacle.NOT_ANSWERING, remedy="起動してください", reason="-")

    _, cut_off = build_hotline(desk.settings, desk.register, down, now=lambda: EVENING)
    assert await cut_off.take_in() == 0
    assert len(waiting(desk)) == 2
    async with desk.worker():
        assert await intake(desk).take_in() == 2
        assert await intake(desk).take_in() == 0
    assert len(await events(desk)) == 2


async def test_an_intake_that_is_killed_before_it_marks_makes_no_second_event(desk: House) -> None:
    await deliver(desk, mail(desk))
    async with desk.worker():
        await intake(desk).take_in()
        for path in desk.settings.hotline_folder.glob("*.taken"):
            path.unlink()
        assert await intake(desk, now=EVENING + timedelta(days=1)).take_in() == 1
    assert len(await events(desk)) == 1


async def test_an_intake_that_is_killed_while_it_waits_for_a_worker_makes_no_second_event(desk: House) -> None:
    await deliver(desk, mail(desk))
    killed = asyncio.create_task(intake(desk).take_in())
    await asyncio.sleep(0.5)
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    assert len(waiting(desk)) == 1
    async with desk.worker():
        assert await intake(desk).take_in() == 1
    assert len(await events(desk)) == 1


BROKEN = [
    pytest.param(b"\xff\x00\xfe" * 30, id="ただのバイト列"),
    pytest.param(b"Subject: a\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n", id="壊れたMIME"),
    pytest.param(b"Subject: a\r\nContent-Type: text/plain; charset=x-no\r\n\r\nb\r\n", id="知らない文字コード"),
    pytest.param(b"Subject: a\r\n\r\n", id="本文なし"),
]


@pytest.mark.parametrize("content", BROKEN)
async def test_a_mail_that_can_not_be_read_is_kept_whole_and_put_in_front_of_the_team(
    desk: House, content: bytes
) -> None:
    await deliver(desk, content)
    async with desk.worker():
        assert await intake(desk).take_in() == 1
    (view,) = await events(desk)
    event = event_of(view)
    assert event.title == UNREADABLE
    (digest,) = kept(desk)
    assert event.evidence[0].sha256 == digest
    assert f"hotline/{digest}.eml" in event.facts
    assert sha256_of((desk.settings.hotline_folder / f"{digest}.eml").read_bytes()) == digest
    assert [one.title for one in (await desk.minaoshi.inboxes.of(TEAM)).events] == [UNREADABLE]


async def test_what_is_too_long_is_cut_and_what_has_no_title_gets_one(desk: House) -> None:
    await deliver(
        desk, mail(desk, "長" * 9_000, subject="題" * 300, key="long"), mail(desk, "本文", subject="", key="untitled")
    )
    async with desk.worker():
        await intake(desk).take_in()
    found = {event_of(view).title: event_of(view).facts for view in await events(desk)}
    assert set(found) == {"題" * 199 + "…", "件名のないメール"}
    long = found["題" * 199 + "…"]
    assert len(long) == 4_000
    assert long.endswith("（以下略。全文は、保管したメールにあります。）")


async def test_our_own_notice_that_comes_back_is_kept_and_is_no_event(desk: House) -> None:
    own = mail(desk, key="x", sender="minaoshi@example.jp")
    del own["Message-ID"]
    own["Message-ID"], own["Auto-Submitted"] = f"<{'0' * 32}@example.jp>", "auto-generated"
    await deliver(desk, own)
    async with desk.worker():
        assert await intake(desk).take_in() == 1
    assert await events(desk) == []
    assert len(kept(desk)) == 1


async def test_a_desk_that_is_not_in_the_organisation_loses_no_mail(desk: House) -> None:
    right = desk.settings
    desk.settings = right.model_copy(update={"hotline_person": "nobody"})
    await deliver(desk, mail(desk, sender="citizen@elsewhere.jp"), mail(desk, key="two"))
    async with desk.worker():
        assert await intake(desk).take_in() == 1
        assert len(waiting(desk)) == 1
        desk.settings = right
        assert await intake(desk).take_in() == 1
    assert len(await events(desk)) == 2


async def test_the_hotline_runs_beside_the_worker_and_takes_in_at_once(desk: House) -> None:
    await without_hotline(desk)
    async with desk.worker():
        running = asyncio.create_task(run_hotline(desk.settings, desk.temporal))
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    await asyncio.to_thread(hand_in, desk, mail(desk))
                    break
                except OSError:
                    await asyncio.sleep(0.05)
            while not await events(desk):  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    (view,) = await events(desk)
    assert event_of(view).known_on == tokyo_date(view.reported_at)


async def test_without_an_organisation_a_mail_waits(desk: House, tmp_path: Path) -> None:
    await deliver(desk, mail(desk))
    empty = await new_register(register_url_in(tmp_path / "empty"))
    _, early = build_hotline(desk.settings, empty, lambda: connected(desk), now=lambda: EVENING)
    assert await early.take_in() == 0
    await empty.close()
    assert len(waiting(desk)) == 1
