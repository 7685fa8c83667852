"""義務と台帳の照合: departments, owners, the duties above and below, and stored rolls."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.duty_register import (
    COMPLETIONS_FORM,
    ROLL_FORM,
    check_children,
    check_parent,
    check_place,
    completions_listed,
    roll_listed,
)
from guideline.refusals import RefusedError
from schemas.duties import DutyKind, DutyState, DutyStatus, Roll
from schemas.duty_acts import DutyActKind, DutyCompletion, DutyEnrolment
from schemas.records import StoredDocument
from tests.guideline.duty_samples import DRAFTER, ORGANISATION, TEAM, TODAY, act_of, duty_id_of, state

OPENING = act_of(DutyActKind.OPEN, TEAM)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"department": "nowhere"}, "unknown_department", id="知らない部署"),
        pytest.param({"body": "sample-city"}, "unknown_department", id="別の機関の部署"),
        pytest.param({"owner": "nobody"}, "unknown_owner", id="知らない職員"),
        pytest.param({"department": "audit"}, "nobody_owes", id="負う者がいない"),
    ],
)
def test_a_place_that_can_not_owe_it(changes: dict[str, Any], code: str) -> None:
    for act in (OPENING, act_of(DutyActKind.AMEND, TEAM)):
        with pytest.raises(RefusedError) as refused:
            check_place(act, state(**changes), ORGANISATION)
        assert refused.value.refusal.code == code
    check_place(act_of(DutyActKind.REPORT_PROGRESS, DRAFTER), state(**changes), ORGANISATION)


def test_an_owner_of_another_body_is_unknown() -> None:
    people = (*ORGANISATION.people, ORGANISATION.people[0].model_copy(update={"id": "far", "body": "sample-city"}))
    organisation = ORGANISATION.model_copy(update={"people": people})
    with pytest.raises(RefusedError, match="「far」"):
        check_place(OPENING, state(owner="far"), organisation)


def test_a_place_that_owes_it() -> None:
    check_place(OPENING, state(), ORGANISATION)
    check_place(OPENING, state(department="audit", owner="owner"), ORGANISATION)


@pytest.mark.parametrize(
    "parent",
    [
        pytest.param(None, id="知らない"),
        pytest.param(state(DutyKind.GUIDANCE, body="sample-city"), id="別の機関"),
        pytest.param(state(DutyKind.GUIDANCE, DutyStatus.CLOSED), id="終わった"),
    ],
)
def test_a_duty_above_that_is_none(parent: DutyState | None) -> None:
    one = state(parent="guidance:sample.2026")
    with pytest.raises(RefusedError, match=r"guidance:sample\.2026"):
        check_parent(one, parent)


def test_what_is_open_below_is_named() -> None:
    check_parent(state(parent="guidance:sample.2026"), state(DutyKind.GUIDANCE))
    check_children(state(DutyKind.GUIDANCE), ())
    with pytest.raises(RefusedError, match="2件が終わっていません（甲、乙）"):
        check_children(state(DutyKind.GUIDANCE), ("甲", "乙"))


def enrolment(digest: str | None) -> DutyEnrolment:
    act = act_of(DutyActKind.ENROL, TEAM, duty_id=duty_id_of(DutyKind.TRAINING), added_by_document=digest)
    assert isinstance(act, DutyEnrolment)
    return act


def document(content: Any, *, form: str = ROLL_FORM) -> StoredDocument:
    return StoredDocument(sha256="a" * 64, form=form, form_version="1", content=content)


def test_a_stored_roll_names_its_members() -> None:
    assert roll_listed(enrolment(None), None) is None
    stored = document({"members": [{"member": "a", "name": "甲"}]})
    assert [one.member for one in (roll_listed(enrolment("a" * 64), stored) or Roll()).members] == ["a"]


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(None, id="ない"),
        pytest.param(document({"members": []}), id="空"),
        pytest.param(document({"members": [{"member": "a", "name": "甲"}]}, form="basic_items"), id="別の様式"),
    ],
)
def test_what_is_no_roll_is_refused(stored: StoredDocument | None) -> None:
    with pytest.raises(RefusedError, match="aaaaaaaaaaaa"):
        roll_listed(enrolment("a" * 64), stored)


def completion(digest: str | None) -> DutyCompletion:
    more = {} if digest is None else {"members": (), "completed_on": None, "completed_by_document": digest}
    act = act_of(DutyActKind.COMPLETE, TEAM, duty_id=duty_id_of(DutyKind.TRAINING), **more)
    assert isinstance(act, DutyCompletion)
    return act


DONE = {"completed": [{"member": "a", "completed_on": "2026-06-01"}, {"member": "b", "completed_on": "2026-05-01"}]}


def test_stored_completions_each_have_a_day_that_can_be() -> None:
    one = state(DutyKind.TRAINING, begins_on=date(2026, 5, 1))
    assert completions_listed(completion(None), None, state=one, today=TODAY) is None
    stored = document(DONE, form=COMPLETIONS_FORM)
    found = completions_listed(completion("a" * 64), stored, state=one, today=TODAY)
    assert found is not None
    assert [row.member for row in found.completed] == ["a", "b"]
    later = state(DutyKind.TRAINING, begins_on=date(2026, 5, 2))
    with pytest.raises(RefusedError, match="bの済ませた日 2026-05-01 は、始まった日"):
        completions_listed(completion("a" * 64), stored, state=later, today=TODAY)


@pytest.mark.parametrize("stored", [None, document({"completed": []}, form=COMPLETIONS_FORM), document(DONE)])
def test_what_are_no_completions_is_refused(stored: StoredDocument | None) -> None:
    with pytest.raises(RefusedError, match="一覧の文書 aaaaaaaaaaaa"):
        completions_listed(completion("a" * 64), stored, state=state(DutyKind.TRAINING), today=TODAY)
