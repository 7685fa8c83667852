"""義務と台帳の照合 (duties held against the register): what an act says of the register must be so there. Pure.

The state of a duty does not know it; whoever records the act asks the register, and asks here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from guideline.duties import who_owes
from guideline.duty_checks import check_days
from guideline.duty_follow_up import awaited_in_duty
from guideline.duty_rules import DUTY_RULES
from guideline.organisation import person_of
from guideline.refusals import refuse
from schemas.duties import OVER, Completions, Roll
from schemas.duty_acts import DutyAmendment, DutyOpening

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pydantic import JsonValue

    from schemas.duties import DutyState
    from schemas.duty_acts import DutyAct, DutyCompletion, DutyEnrolment
    from schemas.organisation import Organisation
    from schemas.records import StoredDocument

ROLL_FORM = "duty_roll"
"""名簿の文書の様式: as a stored roll is called."""

COMPLETIONS_FORM = "duty_completions"
"""完了の一覧の文書の様式: as stored completions are called."""

_NAMED = 5


def check_place(act: DutyAct, state: DutyState, organisation: Organisation) -> None:
    """See that the department and the owner are of the body, and that somebody owes it. Raises RefusedError."""
    if not isinstance(act, DutyOpening | DutyAmendment):
        return
    if all((one.body, one.id) != (state.body, state.department) for one in organisation.departments):
        raise refuse("unknown_department", given=state.department, body=state.body)
    owner = person_of(organisation, state.owner) if state.owner is not None else None
    if state.owner is not None and (owner is None or owner.body != state.body):
        raise refuse("unknown_owner", given=state.owner, body=state.body)
    if not awaited_in_duty(state, organisation):
        raise refuse("nobody_owes", department=state.department, roles=who_owes(DUTY_RULES[state.kind]))


def check_parent(state: DutyState, parent: DutyState | None) -> None:
    """See that the duty above is there, of the same body and not over. Raises RefusedError."""
    if parent is None or parent.body != state.body or parent.status in OVER:
        raise refuse("unknown_parent", given=state.parent, body=state.body)


def check_children(state: DutyState, titles: Sequence[str]) -> None:
    """See that nothing is open below, where the kind asks for that; `titles` are of those that are.

    Raises RefusedError.
    """
    if titles:
        names = "、".join(titles[:_NAMED])
        raise refuse("children_open", number=len(titles), names=names, source=DUTY_RULES[state.kind].source)


def roll_listed(act: DutyEnrolment, document: StoredDocument | None) -> Roll | None:
    """Give the roll that an enrolment names by its digest. Raises RefusedError where it is none."""
    if act.added_by_document is None:
        return None
    try:
        return Roll.read(_content(document, ROLL_FORM))
    except ValidationError:
        raise refuse("unknown_roll", given=act.added_by_document[:12]) from None


def completions_listed(
    act: DutyCompletion, document: StoredDocument | None, *, state: DutyState, today: date
) -> Completions | None:
    """Give the completions that an act names by their digest. Raises RefusedError where they are none, or can't be."""
    if act.completed_by_document is None:
        return None
    try:
        found = Completions.read(_content(document, COMPLETIONS_FORM))
    except ValidationError:
        raise refuse("unknown_completions", given=act.completed_by_document[:12]) from None
    check_days(state, found, today=today)
    return found


def _content(document: StoredDocument | None, form: str) -> JsonValue:
    return document.content if document is not None and document.form == form else None
