"""義務の見え方 (views of duties): what of them waits for a person, and what a content or a paper says, in words."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import Field

from guideline.duty_follow_up import awaited_in_duty, duty_awaited_by
from schemas.base import Message
from schemas.duties import DutyKind, DutyStatus
from schemas.forms.wording import japanese_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from client.directory import Names
    from schemas.duties import Content, DutyState
    from schemas.organisation import Organisation


class DutyTask(Message):
    """義務についてすべきこと (task): a duty that waits for the person."""

    duty_id: str = Field(title="義務番号")
    kind: str = Field(title="種類")
    title: str = Field(title="件名")
    what: str = Field(title="すべきこと")
    due_on: date = Field(title="期限")
    overdue: bool = Field(title="期限を過ぎている")


def duty_tasks(
    found: Iterable[DutyState], person: str, organisation: Organisation, *, today: date
) -> Iterator[DutyTask]:
    """Give what waits for the person among the duties that may, by date.

    An open one that does not wait for them as who owes it is there because they stand on its roll.
    """
    for state in sorted(found, key=lambda one: (duty_awaited_by(one), one.duty_id)):
        is_awaited = person in awaited_in_duty(state, organisation)
        if is_awaited or state.status is DutyStatus.OPEN:
            due_on = duty_awaited_by(state)
            yield DutyTask(
                duty_id=state.duty_id,
                kind=state.kind.label,
                title=state.title,
                what=_what(state) if is_awaited else _OF_THE_ROLL.get(state.kind, "済ませ、済ませたことを記録する"),
                due_on=due_on,
                overdue=due_on < today,
            )


_OF_THE_ROLL = {DutyKind.PUBLICITY: "読み、読んだことを確かめる"}


def _what(state: DutyState) -> str:
    return "実施し、完了を報告する" if state.status is DutyStatus.OPEN else "完了を確かめる"


class Said(NamedTuple):
    """記載 (what a paper says under one title), line by line."""

    title: str
    lines: tuple[str, ...]


_OF_PEOPLE = frozenset({"auditors"})
"""職員を挙げるもの: what names people by their ids."""

_OF_THE_MACHINE = frozenset({"rule_id", "stored_as", "repeats", "member", "place", "order"})
"""示さないもの: by what the program finds things, which the page leads to otherwise."""


def said_in(model: type[Message] | None, content: Content | None, *, names: Names) -> tuple[Said, ...]:
    """Give what a content or a paper says, under the titles of its model; nothing of what says nothing."""
    if model is None or content is None:
        return ()
    return tuple(_said_by(model.read(content), names))


def _said_by(message: Message, names: Names) -> Iterator[Said]:
    for name, field in type(message).model_fields.items():
        value = getattr(message, name)
        if value not in (None, ()) and name not in _OF_THE_MACHINE:
            lines = value if isinstance(value, tuple) else (value,)
            if name in _OF_PEOPLE:
                lines = tuple(names.person(one) for one in lines)
            yield Said(field.title or name, tuple(_words(one, names) for one in lines))


def _words(value: Any, names: Names) -> str:
    if isinstance(value, Message):
        return "　".join(f"{one.title}: {'、'.join(one.lines)}" for one in _said_by(value, names))
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return japanese_day(value)
    if isinstance(value, int):
        return f"{value:,}"
    label: Any = getattr(value, "label", value) if isinstance(value, StrEnum) else value
    return str(label)
