"""見る者 (readers): persons who are related in every way to what one department has, and one of each thing it has."""

from __future__ import annotations

from guideline.event_measures import measure_id_of
from tests.house import AUDITOR, CHIEF, DRAFTER, TEAM, House, as_json
from tests.web.duties_there import put_duties_there
from tests.web.two_bodies import OUTSIDER, let_a_city_join
from tests.workflows.events import approved, reported
from tests.workflows.test_event_measures import DUE_ON

OWN, OTHER, REPORTER, OWNER = "desk", "allowance-drafter", "residents-drafter", "residents-manager"
"""担当部署の職員, ほかの部署の起案者, ほかの部署の報告者, ほかの部署の、対応策の担当者."""

PEOPLE = (OWN, OTHER, REPORTER, OWNER, TEAM, CHIEF, "director-general", AUDITOR, OUTSIDER)

Things = dict[str, str]


async def put_things_there(house: House) -> Things:
    """Let one of each be there, of the department `account-registration`; the measures are another department's.

    On the roll of the training and the publicity stand people of both departments.
    """
    await let_a_city_join(house)
    event = await reported(house, "seen-by-whom")
    measure = as_json(text="画面を改める。", owner=OWNER, due_on=DUE_ON.isoformat())
    await house.minaoshi.events.measure(event, measure, as_=DRAFTER)
    await approved(house, event, "final")
    review = await house.report_change(as_=REPORTER)
    on_the_roll = {OWN: "account-registration", REPORTER: "resident-records"}
    duties = await put_duties_there(house, owner=OWNER, on_the_roll=on_the_roll)
    measure_id = measure_id_of(event, 1)
    return {**duties, "assessment": house.assessment_id, "review": review, "event": event, "measure": measure_id}
