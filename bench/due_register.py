"""期日の来る台帳 (a register in which reviews fall due): assessments on the present form, in groups of one day each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING

from client.assessments import first_of
from guideline.deadlines import tokyo_date, yearly_due_on
from schemas.records import NewAssessment

if TYPE_CHECKING:
    from register.register import Register

_LEAD = timedelta(days=30)
"""年次の見直しを始める日: as an organisation has it that says nothing else."""

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Group:
    """一日の分 (one day's share): the sweep of that day, which begins behind `after`, finds these and no others."""

    on: date
    after: str | None


async def fill_due(register: Register, *, groups: int, per_group: int) -> tuple[Group, ...]:
    """Enter the assessments as a takeover does, each with its version and its audit entries; the first is due today."""
    at = datetime.now(UTC)
    first_day = tokyo_date(at) + _LEAD - _YEAR
    made: list[Group] = []
    for group in range(groups):
        verified_on = first_day + timedelta(days=group)
        sample = _entry(_id(group, 0), verified_on)
        first = first_of(sample, on=at)
        entries = [
            (sample.model_copy(update={"assessment_id": _id(group, number)}), first) for number in range(per_group)
        ]
        await register.add_assessments(entries, by="operator", at=at, told=_nobody, source="0" * 64)
        after = _id(group - 1, per_group - 1) if group else None
        made.append(Group(yearly_due_on(verified_on) - _LEAD, after))
    return tuple(made)


def _id(group: int, number: int) -> str:
    return f"due-{group:02d}-{number:05d}"


def _entry(assessment_id: str, verified_on: date) -> NewAssessment:
    document = json.loads(resources.files("demo").joinpath("documents/sapporo-7-basic-items.json").read_text("utf-8"))
    entry = {
        "assessment_id": assessment_id,
        "body": "body",
        "department": "owner",
        "number": document["cover"]["assessment_number"],
        "name": document["cover"]["assessment_name"],
        "required_level": document["threshold_result"],
        "effective_level": document["threshold_result"],
        "published_on": verified_on.isoformat(),
        "document": document,
    }
    return NewAssessment.model_validate_json(json.dumps(entry))


def _nobody(_: int) -> None:
    return
