"""リスク事案の報告: with what is known so far; what can't be so is refused, and nothing is recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from client.errors import ActRefusedError, CallerError, InvalidInputError, NotFoundError
from client.minaoshi import Minaoshi
from guideline.deadlines import tokyo_date
from tests.house import DRAFTER, TEAM, TEAM_2, House, as_json

NOON = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
LEAST = {"title": "誤交付", "facts": "別人の書類を渡したおそれがある。"}


def at(house: House, now: datetime) -> Minaoshi:
    """Give the facade with a clock that stands still."""

    async def connect() -> object:
        return house.temporal

    return Minaoshi(
        house.register,
        connect,  # type: ignore[arg-type] # a client
        task_queue=house.settings.task_queue,
        signatures=house.signatures,
        now=lambda: now,
    )


async def test_a_title_and_what_happened_are_enough(house: House) -> None:
    assert await at(house, NOON).reports.risk(as_json(**LEAST), as_="desk", act_id="risk/least") == ()
    event = (await house.minaoshi.reports.show("risk/least")).report
    assert (event.known_on.isoformat(), event.assessments) == ("2026-05-02", ())
    again = await at(house, NOON + timedelta(days=1)).reports.risk(as_json(**LEAST), as_="desk", act_id="risk/least")
    assert again == ()


REFUSED = [
    pytest.param({"known_on": "2026-05-03"}, "今日（令和8年5月2日）より後", id="未来に知った"),
    pytest.param({"happened_on": "2026-05-03"}, "把握した日（令和8年5月2日）より後", id="知った後に起きた"),
    pytest.param({"persons_affected": -1}, "0以上の数", id="負の人数"),
    pytest.param({"persons_feared": -1}, "0以上の数", id="負のおそれの人数"),
    pytest.param({"known_by_department": "no-such"}, "「no-such」は組織表の機関", id="知らない部署"),
    pytest.param({"title": " "}, "空白だけです", id="空白の件名"),
]


@pytest.mark.parametrize(("more", "words"), REFUSED)
async def test_what_can_not_be_so_is_refused_and_nothing_is_recorded(
    house: House, more: dict[str, object], words: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await at(house, NOON).reports.risk(as_json(**{**LEAST, **more}), as_="desk")
    assert any(words in fault for fault in refused.value.faults)
    assert await house.register.risk_events(body="digital-agency") == ()
    assert await house.register.waiting_notices(limit=10) == ()


async def test_the_day_is_that_of_japan(house: House) -> None:
    evening = datetime(2026, 5, 1, 15, 30, tzinfo=UTC)
    assert tokyo_date(evening).isoformat() == "2026-05-02"
    content = as_json(**LEAST, known_on="2026-05-02")
    assert await at(house, evening).reports.risk(content, as_="desk") == ()


@pytest.mark.parametrize(("person", "more"), [("nobody", {}), ("desk", {"assessments": ["no-such"]})])
async def test_who_and_what_is_unknown_is_named(house: House, person: str, more: dict[str, object]) -> None:
    with pytest.raises(NotFoundError):
        await house.minaoshi.reports.risk(as_json(**{**LEAST, **more}), as_=person)
    assert await house.register.risk_events(body="digital-agency") == ()


async def waiting(house: House, person: str) -> list[str]:
    return [one.report_id for one in (await house.minaoshi.inboxes.of(person)).events]


async def test_an_event_stands_in_the_inbox_of_the_team_until_an_assessment_is_named(house: House) -> None:
    await house.minaoshi.reports.risk(as_json(**LEAST), as_="desk", act_id="risk/to-name")
    for person in (TEAM, TEAM_2):
        assert await waiting(house, person) == ["risk/to-name"]
    assert await waiting(house, DRAFTER) == []
    with pytest.raises(InvalidInputError, match="加える評価書がありません"):
        await house.minaoshi.reports.add("risk/to-name", [], as_=TEAM)
    added = await house.minaoshi.reports.add("risk/to-name", [house.assessment_id], as_=TEAM)
    assert [one.assessment_id for one in added] == [house.assessment_id]
    assert await waiting(house, TEAM) == []
    ground = (await house.show(added[0].review_id)).state.grounds[0]
    assert (ground.report_id, ground.title) == ("risk/to-name", "誤交付")
    assert [one.review_id for one in (await house.minaoshi.reports.show("risk/to-name")).reviews] == [
        added[0].review_id
    ]


async def test_an_event_leaves_the_inbox_when_the_team_says_in_writing_that_none_is_touched(house: House) -> None:
    await house.minaoshi.reports.risk(as_json(**LEAST), as_="desk", act_id="risk/none")
    refusals: list[tuple[type[CallerError], str, str, str]] = [
        (ActRefusedError, "risk/none", "印刷の誤りである。", DRAFTER),
        (InvalidInputError, "risk/none", " ", TEAM),
        (NotFoundError, "risk/unknown", "印刷の誤りである。", TEAM),
    ]
    for error, report_id, reason, person in refusals:
        with pytest.raises(error):
            await house.minaoshi.reports.untouched(report_id, reason, as_=person)
    assert await waiting(house, TEAM) == ["risk/none"]
    for _ in range(2):
        await house.minaoshi.reports.untouched("risk/none", "印刷の誤りである。", as_=TEAM)
    assert await waiting(house, TEAM) == []
    view = await house.minaoshi.reports.show("risk/none")
    assert view.untouched == "印刷の誤りである。"
    assert len(await house.register.risk_events(body="digital-agency")) == 2
    assert (await house.minaoshi.verify_audit()).ok


async def test_where_assessments_are_named_none_can_be_said_to_be_untouched(house: House) -> None:
    await house.report_event(act_id="risk/named")
    with pytest.raises(InvalidInputError, match="関係する評価書が示されています"):
        await house.minaoshi.reports.untouched("risk/named", "印刷の誤りである。", as_=TEAM)
