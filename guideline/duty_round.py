"""義務の一巡 (round): what repeats is opened in the organisation of that day, and what can not be is told of. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.duty_register import check_parent, check_place
from guideline.duty_rules import DUTY_RULES
from guideline.duty_series import opening_of
from guideline.notices import shortened
from guideline.organisation import holders, person_of
from schemas.organisation import Role
from schemas.records import Notice

if TYPE_CHECKING:
    from schemas.acts import Refusal
    from schemas.duties import DutyState
    from schemas.duty_acts import DutyOpening
    from schemas.organisation import Organisation


def opening_today(state: DutyState, organisation: Organisation, *, parent: DutyState | None) -> DutyOpening:
    """Give the act that opens the next of a series today; an owner who has left gives way to who holds the role.

    Raises RefusedError where its department, or the duty above, is not there any more: nobody would owe it.
    """
    owner = person_of(organisation, state.owner) if state.owner is not None else None
    here = state.model_copy(update={"owner": owner.id if owner is not None and owner.body == state.body else None})
    act = opening_of(here)
    check_place(act, here, organisation)
    if here.parent is not None:
        check_parent(here, parent)
    return act


def told_of_held_up(state: DutyState, refusal: Refusal, organisation: Organisation) -> tuple[Notice, ...]:
    """Tell whoever opens such duties, once, that the next of a series could not be opened, and why."""
    roles = (role for role in DUTY_RULES[state.kind].opens if role is not Role.ENGINE)
    people = (person for role in roles for person in holders(organisation, role, body=state.body))
    return tuple(
        Notice(
            notice_id=f"held-up/{state.duty_id}>{person}",
            person=person,
            review_id=None,
            assessment_id=None,
            subject=shortened(f"次の{state.kind.label}を始められません（{refusal.message}）: {state.title}"),
            urgent=True,
        )
        for person in dict.fromkeys(people)
    )
