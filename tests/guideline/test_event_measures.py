"""再発防止策の追跡: each measure becomes a countermeasure of its owner's department, once."""

from __future__ import annotations

from datetime import date

from guideline.event_measures import department_of_owner, measure_id_of, measures_to_follow
from schemas.countermeasures import CountermeasureStatus
from schemas.organisation import Body, BodyKind, Department, Organisation, Person
from tests.guideline.event_samples import AT, EVENT, MEASURE, OTHER, event

ORGANISATION = Organisation.model_construct(
    bodies=(Body(id="digital-agency", name="デジタル庁", kind=BodyKind.ADMINISTRATIVE_BODY),),
    departments=(Department(id="systems", body="digital-agency", name="システム室"),),
    people=(Person(id="desk", body="digital-agency", department="systems", name="担当"),),
    appointments=(),
)
SECOND = MEASURE.model_copy(update={"text": "研修を行う。", "owner": "gone", "due_on": date(2026, 9, 1)})


def test_each_measure_is_followed_under_a_number_of_its_event_and_by_its_owners_department() -> None:
    state = event(measures=(MEASURE, SECOND))
    one, two = measures_to_follow(state, organisation=ORGANISATION, followed=(), at=AT)
    assert (one.countermeasure_id, two.countermeasure_id) == (measure_id_of(EVENT, 1), measure_id_of(EVENT, 2))
    assert (one.event_id, one.review_id, one.assessment_id) == (EVENT, None, None)
    assert (one.text, one.owner, one.due_on, one.status) == (
        MEASURE.text,
        "desk",
        MEASURE.due_on,
        CountermeasureStatus.OPEN,
    )
    assert one.item == "再発防止策（誤登録）"
    assert (one.department, two.department) == ("systems", state.department)
    assert [alarm.due_on for alarm in one.alarms] == [MEASURE.due_on] * 3


def test_what_is_followed_already_is_not_opened_again() -> None:
    state = event(measures=(MEASURE, SECOND))
    left = measures_to_follow(state, organisation=ORGANISATION, followed={measure_id_of(EVENT, 1)}, at=AT)
    assert [one.countermeasure_id for one in left] == [measure_id_of(EVENT, 2)]
    assert measures_to_follow(event(), organisation=ORGANISATION, followed=(), at=AT) == ()


def test_the_number_is_of_one_event_alone_and_short_for_the_longest_event_id() -> None:
    assert measure_id_of(EVENT, 1) != measure_id_of(OTHER, 1)
    state = event(event_id="r" * 250, title="あ" * 200, measures=(MEASURE,))
    [one] = measures_to_follow(state, organisation=ORGANISATION, followed=(), at=AT)
    assert len(one.countermeasure_id) == len("event:") + 16 + len("/1")
    assert len(one.item) == 200


def test_the_department_is_that_of_the_owner_as_long_as_the_organisation_knows_them() -> None:
    assert department_of_owner("desk", ORGANISATION, otherwise="accounts") == "systems"
    assert department_of_owner("gone", ORGANISATION, otherwise="accounts") == "accounts"
