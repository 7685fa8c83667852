"""義務の見本 (sample duties): what the tests open, on whatever house they run."""

from __future__ import annotations

from typing import Any

from client.duty_following import duty_workflow_id_of
from tests.house import House, as_json, today
from tests.workflows.planning import in_days
from workflows.duty import DutyWorkflow

MEASURE = {"item": "1", "heading": "運用面での対策", "text": "事務連絡を発出する。"}


def own(house: House, name: str, *, period: str = "") -> str:
    """Give the number of a duty that is this house's own: all houses of a run share one server."""
    return f"{name}-{house.assessment_id}{period and '.' + period}"


def following(house: House, duty_id: str) -> Any:
    return house.temporal.get_workflow_handle_for(DutyWorkflow.run, duty_workflow_id_of(duty_id))


def measure(**more: Any) -> bytes:
    """Give the content of the act that opens a measure of the department."""
    given = {
        "department": "account-registration",
        "title": "運用面での対策",
        "due_on": in_days(30).isoformat(),
        "content": MEASURE,
    }
    return as_json(**{**given, **more})


def training(**more: Any) -> bytes:
    """Give the content of the act that opens a training of all staff."""
    given = {
        "department": "privacy",
        "title": "個人情報の適正な取扱いのための研修",
        "begins_on": today().isoformat(),
        "due_on": in_days(60).isoformat(),
        "content": {"material": "研修資料"},
    }
    return as_json(**{**given, **more})


def members(*ids: str, department: str = "account-registration") -> list[dict[str, str]]:
    return [{"member": one, "name": f"見本 {one}", "department": department} for one in ids]


def staff(*rows: str, codec: str = "utf-8") -> bytes:
    """Give a table of staff, as a roll is imported."""
    return "\n".join(("職員番号,氏名,部署", *rows)).encode(codec)


def done(*rows: str) -> bytes:
    """Give a table of who has done it, and when."""
    return "\n".join(("職員番号,受講日", *rows)).encode()
