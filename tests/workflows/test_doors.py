"""入口 (doors): what anybody can send to a workflow is an update, and each is looked at before it is taken."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from engine.refusal_count import RefusalCounting
from engine.trace_headers import TraceHeaderGuard
from tests.house import House


@workflow.defn
class Hearing:
    """聞くもの: what a workflow must not be."""

    @workflow.run
    async def run(self) -> None:
        """Do nothing."""

    @workflow.signal
    def hear(self) -> None:
        """Hear."""


def definitions(house: House) -> dict[str, Any]:
    """Give what Temporal knows of each workflow that a worker runs."""
    of = workflow._Definition.must_from_class  # noqa: SLF001 # nothing public tells it
    return {one.__name__: of(one) for one in house.worker().config()["workflows"]}


async def test_no_workflow_hears_signals(empty_house: House) -> None:
    """A signal has no validator: one that can't be read would block its workflow for good."""
    found = definitions(empty_house)
    assert len(found) >= 8
    assert {name: list(one.signals) for name, one in found.items() if one.signals} == {}


async def test_each_update_has_a_validator_and_a_name(empty_house: House) -> None:
    found = [
        (name, update, one.validator)
        for name, each in definitions(empty_house).items()
        for update, one in each.updates.items()
    ]
    assert len(found) > 20
    assert [(name, update) for name, update, validator in found if validator is None or update is None] == []


def test_a_signal_would_be_found() -> None:
    assert list(workflow._Definition.must_from_class(Hearing).signals) == ["hear"]  # noqa: SLF001 # as above


async def test_nothing_is_traced(empty_house: House) -> None:
    """Whoever adds a tracer searches what it tells, as the demo's test does with what is kept, logged and counted."""
    house, worker = empty_house, empty_house.worker()
    assert [type(one) for one in worker.config()["interceptors"]] == [TraceHeaderGuard, RefusalCounting]
    assert list(house.temporal.config()["interceptors"]) == []
    async with worker:
        await house.report_change()
    events = (await house.handle().fetch_history()).events
    headers = [
        one.workflow_execution_update_accepted_event_attributes.accepted_request.input.header.fields
        for one in events
        if one.HasField("workflow_execution_update_accepted_event_attributes")
    ]
    assert headers
    assert [dict(one) for one in headers if one] == []
