"""済ませた日 (days of completion): on which days something owed can have been done. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from schemas.duties import DutyKind
from schemas.duty_papers import TrainingContent

if TYPE_CHECKING:
    from datetime import date

    from schemas.duties import DutyState


def why_not_done_on(state: DutyState, day: date, *, today: date) -> str | None:
    """Say why it can't have been done on that day; None where it can.

    It is not in the future, not before the duty began, and a training not before its material was in use.
    """
    if day > today:
        return "まだ来ていません"
    if state.begins_on is not None and day < state.begins_on:
        return f"始まった日（{state.begins_on.isoformat()}）より前です"
    since = material_since(state)
    if since is not None and day < since:
        return f"研修資料を使い始めた日（{since.isoformat()}）より前です"
    return None


def material_since(state: DutyState) -> date | None:
    """Give the day from which the material of a training is in use; None where it is not known, or is no training."""
    if state.kind is not DutyKind.TRAINING:
        return None
    try:
        return TrainingContent.read(state.content).material_since
    except ValidationError:
        return None
