"""第三話: the history of 2022-2023 is played on the real engine, and each of its days is what the law asks for.

The acts are recorded on the day of the test, with the days of then; nothing that is asserted depends on that day.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from temporalio.client import Client

from cli.event_page import print_event
from client.report_view import Arrival
from demo import account_story
from demo.account_registration import history
from demo.account_rules import course, due
from demo.account_story import AccountStory
from demo.errors import StoryError
from demo.telling import Telling
from docs.generate import FOLDER
from engine.server import EmbeddedServer
from schemas.event_acts import EventReminder
from schemas.events import EventClock, EventStatus
from schemas.letters import Means, NoticeProgress
from schemas.records import Notice
from tests.house import House, open_house

P, F, N = EventClock.PRELIMINARY, EventClock.FINAL, EventClock.NOTICE_TO_PERSONS
LAW = "番号法第29条の4"
MANAGERS = {"team-lead", "team-member", "manager"}
LINE = ["chief", "director-general", "team-lead", "team-member", "manager", "risk-hotline"]


@pytest.fixture(scope="module")
async def played(
    client_connection: Client, server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[House, AccountStory, str]]:
    """Play the whole story once."""
    home: Path = tmp_path_factory.mktemp("accounts")
    async with open_house(client_connection, server.settings, home) as house, house.worker():
        spoken = Console(file=StringIO(), width=1000)
        told = Telling(house.minaoshi, house.register, spoken)
        story = AccountStory(told, house.register, stem=f"risk/{house.assessment_id}")
        await story.tell()
        yield house, story, spoken.file.getvalue()  # type: ignore[attr-defined] # a StringIO


Played = tuple[House, AccountStory, str]

NOTICE = NoticeProgress(
    notice=Notice(notice_id="risk/1>chief", person="chief", review_id=None, assessment_id=None, subject="見本"),
    made_at=datetime(2026, 6, 1, tzinfo=UTC),
    **dict.fromkeys(("delivered_at", "means", "failed_at", "failure", "settled_at", "settled_by")),
)

DUE = [
    ("first-desk", [(P, date(2022, 8, 4)), (F, date(2022, 8, 29)), (N, None)]),
    ("tax-agency", [(P, date(2023, 3, 4)), (F, date(2023, 3, 29)), (N, None)]),
    ("fukushima", [(P, date(2023, 4, 15)), (F, date(2023, 5, 10)), (N, None)]),
    ("leadership", [(P, date(2022, 8, 4)), (F, date(2022, 8, 29)), (N, None)]),
    (
        "inspection",
        [(P, date(2022, 8, 4)), (F, date(2022, 8, 29)), (P, date(2023, 6, 11)), (F, date(2023, 7, 6)), (N, None)],
    ),
    (
        "recount",
        [(P, date(2022, 8, 4)), (F, date(2022, 8, 29)), (P, date(2023, 6, 11)), (F, date(2023, 7, 6)), (N, None)],
    ),
    (
        "seen",
        [(P, date(2022, 8, 4)), (F, date(2022, 8, 29)), (P, date(2023, 6, 11)), (F, date(2023, 7, 6)), (N, None)],
    ),
    ("further", [(P, date(2023, 11, 13)), (F, date(2023, 12, 8)), (N, None)]),
]


@pytest.mark.parametrize(("entry", "expected"), DUE, ids=[entry for entry, _ in DUE])
async def test_each_day_has_its_dates(
    played: Played, entry: str, expected: list[tuple[EventClock, date | None]]
) -> None:
    state = played[1].states[entry]
    assert [(one.kind, one.due_on) for one in state.deadlines if one.law == LAW] == expected
    assert due(state) == due(course().states[entry])


async def test_every_date_says_by_which_provision_and_from_which_day_it_is_counted(played: Played) -> None:
    first = {one.kind: one for one in played[1].states["first-desk"].deadlines if one.law == LAW}
    assert "漏えい等報告規則第3条第1項" in first[P].provisions
    assert "漏えい等報告規則第3条第2項" in first[F].provisions
    assert "漏えい等報告規則第2条第1号" in first[F].provisions
    assert "漏えい等報告規則第5条" in first[N].provisions
    assert "令和4年7月31日を一日目として数えました" in "".join(first[F].reasons)
    [of_the_hundred] = (
        one
        for one in played[1].states["inspection"].deadlines
        if (one.kind, one.law, one.due_on) == (F, LAW, date(2023, 7, 6))
    )
    assert of_the_hundred.situations == ("breach-2-4-a",)
    assert "別に数えます" in "".join(of_the_hundred.reasons)


TOLD = [
    ("first-desk", LINE),
    ("tax-agency", LINE),
    ("fukushima", LINE),
    ("further", [*LINE, "ministers-office"]),
]


@pytest.mark.parametrize(("entry", "expected"), TOLD, ids=[entry for entry, _ in TOLD])
async def test_the_whole_line_is_told_of_each_report_in_its_order(
    played: Played, entry: str, expected: list[str]
) -> None:
    house, story, _ = played
    event_id = story.event_of(history().entry(entry))
    rows = (await house.minaoshi.reports.show(event_id)).told
    assert [one.recipient for one in rows] == expected
    # Nobody gives the notices out here: by mail they are to go, and none has arrived.
    assert {(one.channel, one.state) for one in rows} == {(Means.MAIL, Arrival.UNDER_WAY)}
    written = await house.register.notices_of_act(event_id)
    assert {(one.means, one.delivered_at) for one in written} == {(None, None)}
    assert [one.id for one in story.told[entry]] == expected


async def test_what_is_planned_is_not_said_to_have_been_sent(played: Played) -> None:
    _, _, spoken = played
    told = [line for line in spoken.splitlines() if "知らせの宛先" in line]
    assert told
    assert all("（メールの予定。見本では送らない）" in line and "送達済み" not in line for line in told)
    of = course().told["first-desk"][0]
    delivered = (NOTICE.model_copy(update={"means": Means.MAIL, "delivered_at": NOTICE.made_at}), "メール、送達済み")
    for row, words in ((NOTICE, "メールの予定。見本では送らない"), delivered):
        assert account_story._arrival(of, row) == words  # noqa: SLF001 # how a row is said


JOINED = [
    ("tax-agency", [(P, date(2023, 4, 15), date(2023, 3, 4)), (F, date(2023, 5, 10), date(2023, 3, 29))]),
    ("first-desk", [(P, date(2023, 3, 4), date(2022, 8, 4)), (F, date(2023, 3, 29), date(2022, 8, 29))]),
]


@pytest.mark.parametrize(("entry", "expected"), JOINED, ids=[entry for entry, _ in JOINED])
async def test_what_was_known_before_moves_the_dates_when_it_is_joined_and_is_told(
    played: Played, entry: str, expected: list[tuple[EventClock, date, date]]
) -> None:
    _, story, spoken = played
    [joining] = (one for one in course().joinings if one.other == entry)
    assert [(was.kind, was.due_on, now.due_on) for was, now in joining.moved] == expected
    assert {one.id for one in story.joined[entry]} == {"team-member", "manager", "chief"}
    assert set(story.joined[entry]) == set(joining.told)
    page = (FOLDER / "account-registration.md").read_text(encoding="utf-8")
    for _, before, after in expected:
        moves = [line.partition("→") for line in spoken.splitlines() if "の期限が移った" in line]
        assert any(str(before) in was and str(after) in now for was, _, now in moves)
        assert any(str(before) in line and str(after) in line and "2023-05-23" in line for line in page.splitlines())
    day = spoken.partition("2023年5月23日")[2].partition("2023年6月7日")[0]
    assert "期限は変わらない。最初" not in day
    assert "合わせたことで移った期限は" in day
    assert sum("同じ事案として合わせる" in line for line in page.splitlines()) == len(JOINED)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param("leadership", MANAGERS, id="11件"),
        pytest.param("inspection", {*MANAGERS, "chief"}, id="748件で期限が加わる"),
        pytest.param("recount", MANAGERS, id="940件"),
        pytest.param("seen", MANAGERS, id="215件の閲覧"),
    ],
)
async def test_of_a_fact_those_are_told_who_act_on_it(played: Played, entry: str, expected: set[str]) -> None:
    assert {one.id for one in played[1].told[entry]} == expected


async def test_the_real_report_was_so_many_days_late(played: Played) -> None:
    house, story, spoken = played
    view = await house.minaoshi.events.show(story.event_of(history().entry("fukushima")))
    rows = [row for row in view.deadlines if LAW in row.what]
    late = [(row.kind, row.due_on, row.done_on, row.days_late) for row in rows]
    reported_on = date(2023, 6, 30)
    assert late == [
        (P, date(2022, 8, 4), reported_on, 330),
        (F, date(2022, 8, 29), reported_on, 305),
        (P, date(2023, 6, 11), reported_on, 19),
        (F, date(2023, 7, 6), reported_on, 0),
        (N, None, None, None),
    ]
    assert [(one.deadline.kind, one.deadline.due_on, one.done_on, one.days) for one in course().late] == late[:4]
    assert course().delay.days == 334
    assert "→ 305日遅れ" in spoken


async def test_the_page_of_the_event_tells_the_lateness(played: Played, capsys: pytest.CaptureFixture[str]) -> None:
    house, story, _ = played
    print_event(await house.minaoshi.events.show(story.event_of(history().entry("fukushima"))))
    page = capsys.readouterr().out
    assert f"確報（{LAW}）: 済み（期限 2022-08-29、2023-06-30に行った、305日遅れ）" in page
    assert f"確報（{LAW}）: 済み（期限 2023-07-06、2023-06-30に行った、期限内）" in page


def test_each_desk_alone_was_late_too() -> None:
    alone = {entry: [one.days for one in late] for entry, late in course().late_alone.items()}
    assert alone == {"first-desk": [330, 305], "tax-agency": [118, 93], "fukushima": [76, 51]}


async def test_the_desk_that_knew_first_counts_and_the_top_is_called_for_its_date(played: Played) -> None:
    house, story, _ = played
    main = story.event_of(history().entry("fukushima"))
    joined = [story.event_of(history().entry(one)) for one in ("tax-agency", "first-desk")]
    view = await house.minaoshi.events.show(main)
    assert view.state.joined == tuple(joined)
    assert view.state.known_on == date(2022, 7, 31)
    for other in joined:
        closed = (await house.minaoshi.events.show(other)).state
        assert (closed.status, closed.same_as) == (EventStatus.CLOSED, main)
    [called] = (
        one for one in view.acts if isinstance(one.act, EventReminder) and one.act.alarm.due_on == date(2022, 8, 4)
    )
    rows = await house.register.notices_of_act(f"{main}#{called.sequence}")
    assert {one.notice.person for one in rows} == {"chief", "director-general"}


async def test_what_the_sources_do_not_tell_stays_open(played: Played) -> None:
    house, story, spoken = played
    further = await house.minaoshi.events.show(story.event_of(history().entry("further")))
    assert further.state.filings == ()
    assert f"確報（{LAW}、期限 令和5年12月8日）" in further.missing
    for entry in history().entries:
        assert entry.assumed is None or entry.assumed in spoken
    assert "記録は本日、日付は実際のもの" in spoken
    assert (await house.minaoshi.verify_audit()).ok


async def test_an_answer_that_differs_from_the_page_ends_the_story(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _, _ = played
    nobody = replace(course(), told={**course().told, "first-desk": ()})
    monkeypatch.setattr(account_story, "course", lambda: nobody)
    told = Telling(house.minaoshi, house.register, Console(file=StringIO()))
    with pytest.raises(StoryError, match="first-desk"):
        await AccountStory(told, house.register, stem=f"risk/{house.assessment_id}/differs").tell()


def test_the_page_says_what_was_asserted() -> None:
    page = (FOLDER / "account-registration.md").read_text(encoding="utf-8")
    for days in ("**330日**", "**305日**", "**118日**", "**93日**", "**76日**", "**51日**", "**19日**", "334日"):
        assert days in page
    for entry in history().entries:
        assert entry.title in page
        assert entry.assumed is None or entry.assumed in page
