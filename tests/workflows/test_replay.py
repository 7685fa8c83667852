"""再生: what was recorded of each path still replays on the code of today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.workflows.paths_of_duties import IN_RUNS
from tests.workflows.record_histories import HISTORIES, PATHS, REMINDED
from worker import WORKFLOWS

FILES = sorted(HISTORIES.glob("*.json"))
RELEASED = sorted(HISTORIES.glob("*/*.json"))
"""各リリースの履歴: frozen by `tests.freeze_release`; open reviews of each of them are gone on with by this one."""


def test_every_path_has_a_recorded_history() -> None:
    assert {file.name.rpartition("-")[0] for file in FILES} == {*PATHS, *IN_RUNS, REMINDED}


def test_of_what_goes_on_in_runs_each_run_is_recorded() -> None:
    """A run that began with the state of another, and one that left its state to the next."""
    for name in IN_RUNS:
        runs = [read(file)["history"]["events"] for file in FILES if file.name.startswith(f"{name}-")]
        ends = [events[-1]["eventType"].removeprefix("EVENT_TYPE_WORKFLOW_EXECUTION_") for events in runs]
        assert len(runs) > 1
        assert ends == ["CONTINUED_AS_NEW"] * (len(runs) - 1) + ["COMPLETED"], name


@pytest.mark.parametrize("file", [*FILES, *RELEASED], ids=lambda file: str(file.relative_to(HISTORIES).with_suffix("")))
async def test_a_recorded_history_replays(file: Path) -> None:
    recorded = read(file)
    history = WorkflowHistory.from_json(recorded["workflow_id"], recorded["history"])
    await replayer().replay_workflow(history)


async def test_a_changed_history_does_not_replay() -> None:
    recorded = read(HISTORIES / "verified-0.json")
    for event in recorded["history"]["events"]:
        scheduled = event.get("activityTaskScheduledEventAttributes")
        if scheduled:
            scheduled["activityType"]["name"] = "something_else"
    history = WorkflowHistory.from_json(recorded["workflow_id"], recorded["history"])
    with pytest.raises(Exception, match=r"[Nn]ondeterminism"):
        await replayer().replay_workflow(history)


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def replayer() -> Replayer:
    return Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter)
