"""リスク事案の報告: what can't be so, how late a report is, whether the minister's office is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.provisions import IMPROVEMENT_2, NotInForceError
from guideline.risk_events import (
    MINISTER_SHARING,
    faults_of_event,
    minister_sharing,
    reporting_delay,
    unassigned_events,
)
from schemas.acts import Intake
from schemas.organisation import Role
from schemas.reports import ChangeKind, ChangeReport, RiskEvent
from tests.guideline.demo_organisation import ORGANISATION
from tests.guideline.reviews import actor
from tests.guideline.test_reporting_line import BODY, DESK, ON

EARLIER, LATER = ON - timedelta(days=1), ON + timedelta(days=1)


def event(**more: object) -> RiskEvent:
    fields: dict[str, object] = {"title": "件", "facts": "事実", "known_on": ON, "known_by_department": DESK, **more}
    return RiskEvent.model_validate(fields)


EVENTS = [
    pytest.param({}, (), id="今日知った"),
    pytest.param({"known_on": LATER}, ("known_on（把握した日）",), id="明日知った"),
    pytest.param({"happened_on": ON}, (), id="知った日に起きた"),
    pytest.param({"happened_on": LATER}, ("happened_on（発生した日）",), id="知った後に起きた"),
    pytest.param({"known_by_department": "no-such"}, ("部署「no-such」",), id="知らない部署"),
    pytest.param(
        {"known_on": LATER, "happened_on": LATER + timedelta(days=1), "known_by_department": "no-such"},
        ("known_on（把握した日）", "happened_on（発生した日）", "部署「no-such」"),
        id="全て",
    ),
]


@pytest.mark.parametrize(("more", "words"), EVENTS)
def test_what_can_not_be_so_is_named_all_at_once(more: dict[str, object], words: tuple[str, ...]) -> None:
    faults = faults_of_event(event(**more), organisation=ORGANISATION, body=BODY, on=ON)
    assert len(faults) == len(words)
    assert all(word in fault for word, fault in zip(words, faults, strict=True))


def test_a_department_of_another_body_is_unknown_here() -> None:
    assert faults_of_event(event(), organisation=ORGANISATION, body="city", on=ON) != ()


DELAYS = [
    pytest.param(ON, 0, "把握した日のうちに", id="当日"),
    pytest.param(EARLIER, 1, "1日が経っています", id="翌日"),
    pytest.param(date(2026, 1, 24), 98, "98日が経っています", id="98日後"),
    pytest.param(LATER, 0, "把握した日のうちに", id="把握より前の報告"),
]


@pytest.mark.parametrize(("known_on", "days", "words"), DELAYS)
def test_the_delay_counts_from_the_day_on_which_any_department_knew(known_on: date, days: int, words: str) -> None:
    delay = reporting_delay(event(known_on=known_on), reported_on=ON)
    assert delay.days == days
    assert words in delay.sentence


SHARING = [
    pytest.param({}, False, False, id="軽い事案"),
    pytest.param({"persons_affected": 100}, False, False, id="100人"),
    pytest.param({"persons_affected": 101}, True, False, id="101人"),
    pytest.param({"intentional": True}, True, False, id="不正の目的"),
    pytest.param({"share_with_minister": True}, True, True, id="報告した者が求める"),
]


@pytest.mark.parametrize(("more", "shared", "confirmed"), SHARING)
def test_the_minister_is_told_of_a_serious_incident_or_where_the_reporter_asks_for_it(
    more: dict[str, object], *, shared: bool, confirmed: bool
) -> None:
    found = minister_sharing(event(**more), on=ON)
    assert (found.shared, found.confirmed) == (shared, confirmed)
    assert IMPROVEMENT_2 in found.provisions
    assert ("要確認" in found.reasons[-1]) is not confirmed


def test_the_rule_holds_from_the_day_of_the_hotline() -> None:
    first = MINISTER_SHARING[0].in_force_on
    assert minister_sharing(event(persons_affected=101), on=first).shared
    with pytest.raises(NotInForceError):
        minister_sharing(event(), on=first - timedelta(days=1))


def intake(act_id: str, report: RiskEvent | ChangeReport, **more: str) -> Intake:
    return Intake(act_id=act_id, actor=actor(Role.STAFF), report=report).model_copy(update=more)


def test_an_event_waits_until_assessments_are_named_or_none_is_said_to_be_touched() -> None:
    named, old = event(assessments=("a",)), event(known_on=EARLIER)
    change = ChangeReport(assessments=("a",), kind=ChangeKind.SYSTEM, title="件", facts="事実", known_on=ON)
    reports = [
        intake("waits", event()),
        intake("waits-longer", old),
        intake("named-at-once", named),
        intake("added", event()),
        intake("add", named, adds_to="added"),
        intake("none", event()),
        intake("say", event(), adds_to="none", untouched="関わらない。"),
        intake("told", event()),
        intake("more", event(), adds_to="told"),
        intake("change", change),
    ]
    assert [act_id for act_id, _ in unassigned_events(reports)] == ["waits-longer", "told", "waits"]
    assert [act_id for act_id, _ in unassigned_events(reports, closed={"told"})] == ["waits-longer", "waits"]
