"""改められた事実: of a form of all facts only what was changed is taken, and nothing is undone unread."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from client.fact_changes import OvertakenError, changed_facts, differing_facts, facts_as_told, facts_of
from schemas.breach import BreachAccount, BreachFacts, Happening, ReportItem, UnknownItem
from schemas.event_acts import EventActKind, EventActRecord, EventHistory, EventReceipt, FactsUpdate
from schemas.events import Answer, EventStatus
from tests.guideline.event_samples import act_of, event

CAUSE = UnknownItem(item=ReportItem.CAUSE, reason="調査中", follow_up="月末")
OVERVIEW = UnknownItem(item=ReportItem.OVERVIEW, reason="調査中", follow_up="月末")


def history(facts: BreachFacts, *changed: str) -> EventHistory:
    """Give an event of which the facts were changed once."""
    act: FactsUpdate = act_of(EventActKind.UPDATE_FACTS, changed=changed or ("leak",))
    knew = act_of(EventActKind.ADD_KNOWLEDGE)
    receipt = EventReceipt(
        act_id="act/1",
        event_id="risk/1",
        sequence=1,
        status=EventStatus.OPEN,
        facts_revision=2,
        reportable=Answer.UNDECIDED,
        content_digest="d" * 64,
    )
    at = datetime(2026, 6, 1, tzinfo=UTC)
    records = tuple(EventActRecord(act=one, sequence=1, at=at, receipt=receipt) for one in (act, knew))
    return EventHistory(state=event(facts, facts_revision=2), acts=records)


def test_what_is_told_as_it_is_recorded_is_no_change() -> None:
    facts = BreachFacts(
        leak=Happening.OCCURRED,
        encrypted=False,
        account=BreachAccount(overview=" 前後の空白 \n", data_items=("個人番号",), unknown=(CAUSE, OVERVIEW)),
    )
    told = facts_as_told(facts)
    assert told["account"]["overview"] == "前後の空白"
    assert [one["item"] for one in told["account"]["unknown"]] == ["overview", "cause"]
    assert differing_facts(told, facts) == []


CHANGES: list[Any] = [
    pytest.param({"leak": "occurred", "account": {"cause": "誤り"}}, {"persons_at_most": None}, id="分からなくなった"),
    pytest.param(
        {"leak": "none", "persons_at_most": 5, "account": {"cause": "誤り"}}, {"leak": "none"}, id="ほかの答え"
    ),
    pytest.param(
        {"leak": "occurred", "persons_at_most": 5}, {"account": {"cause": None}}, id="報告の内容が分からなくなった"
    ),
    pytest.param(
        {"leak": "occurred", "persons_at_most": "五人", "account": {"cause": "誤り"}},
        {"persons_at_most": "五人"},
        id="数でない",
    ),
]


@pytest.mark.parametrize(("told", "changed"), CHANGES)
def test_only_what_differs_is_taken(told: dict[str, Any], changed: dict[str, Any]) -> None:
    facts = BreachFacts(leak=Happening.OCCURRED, persons_at_most=5, account=BreachAccount(cause="誤り"))
    assert changed_facts(history(facts), told, read_revision=2) == changed


def test_what_another_person_changed_after_it_was_read_is_named_with_what_was_typed() -> None:
    facts = BreachFacts(encrypted=True, persons_at_most=5, account=BreachAccount(unknown=(CAUSE,)))
    told = {"encrypted": False, "contact": "内線 1"}
    changed = ("encrypted", "persons_at_most", "account.unknown", "leak")
    with pytest.raises(OvertakenError) as overtaken:
        changed_facts(history(facts, *changed), told, read_revision=1)
    error = overtaken.value
    assert error.names == ("persons_at_most", "encrypted", "account.unknown")
    assert error.at["facts.encrypted"].endswith("あなたの入力: いいえ")
    assert error.at["facts.persons_at_most"].endswith("あなたの入力: 分からない")
    assert error.faults[1] == "高度な暗号化等の措置: 改められています。"
    assert (error.facts.persons_at_most, error.facts.encrypted, error.facts_revision) == (5, True, 2)


def test_lists_are_told_in_words() -> None:
    told = {"account": {"unknown": [CAUSE.model_dump(mode="json")], "data_items": ["個人番号", "氏名"]}}
    with pytest.raises(OvertakenError) as overtaken:
        changed_facts(history(BreachFacts(), "account.unknown", "account.data_items"), told, read_revision=1)
    assert overtaken.value.at["facts.account.data_items"].endswith("個人番号、氏名")
    assert overtaken.value.at["facts.account.unknown"].endswith("cause 調査中 月末")


def test_an_item_is_no_longer_unknown_when_nothing_is_said_of_it() -> None:
    assert facts_of({}, ["account.unknown"]) == {"account": {"unknown": []}}
