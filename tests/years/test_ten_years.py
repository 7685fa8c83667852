"""十年: what ten years bring is asked for in time, and nothing is overdue without an escalation on record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from schemas.courses import Course
from schemas.forms.validation import validate
from tests.years.days import LAST, years_later
from tests.years.population import AMENDED, ENDED, LARGE, LEAP, NEW_YEAR, RISING, STAYING, YEAR_BEGIN, YEAR_END
from tests.years.rules import AMENDED_ON, amended_rules
from tests.years.scenes import ENDED_ON, FORM_AMENDED_ON, LEFT_ON, NEW, NOTED_ON, scenes
from tests.years.town import KEPT, OUTAGE, Town, open_town
from workflows.assessment_review import AssessmentReviewWorkflow

pytestmark = pytest.mark.whole

COUNT = 24
"""評価書の数: `make years` plays more of them."""

LEAD = {"yearly": 30, "five_years": 180}
"""期日の何日前に始めるか: calendar days, as the organisation of the simulation says."""


@pytest.fixture(scope="module")
async def town() -> AsyncIterator[Town]:
    """Live through the ten years, once for all tests of this module."""
    async with open_town(range(COUNT)) as town:
        with amended_rules():
            await town.play(scenes(town.planned))
        yield town


def test_nothing_is_overdue_without_an_escalation_on_record(town: Town) -> None:
    assert town.silent == []


def test_some_things_were_overdue_and_went_up_to_the_top(town: Town) -> None:
    assert all(town.oracle.rang_in_all(urgency) > 0 for urgency in ("reminder", "superior", "top"))


def test_the_yearly_dates_and_those_of_the_five_years_follow_from_what_people_did(town: Town) -> None:
    assert town.wrong_dates == []


def test_every_review_waits_for_somebody_by_a_day_or_has_come_to_its_end(town: Town) -> None:
    assert town.without_an_end == []


async def test_the_trail_of_ten_years_verifies(town: Town) -> None:
    verdict = await town.minaoshi.verify_audit()
    assert verdict.ok
    assert verdict.entries > 10 * COUNT


async def test_what_the_simulated_engine_did_replays_on_the_real_one(town: Town) -> None:
    """The SDK's own core is given the histories as if a server had written them: any other timer or act would fail."""
    replayer = Replayer(
        workflows=[AssessmentReviewWorkflow],
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=pydantic_data_converter,
    )
    assert len(town.engine.histories) > 10 * len(KEPT)
    for history in town.engine.histories:
        await replayer.replay_workflow(history.whole)


async def test_every_assessment_was_checked_again_and_again(town: Town) -> None:
    """A year, and what somebody's delay or a long procedure adds to it: of that an escalation is on record."""
    for one in town.planned.values():
        record = await town.register.assessment(one.assessment_id)
        if record.yearly_due_on is None:
            continue
        days = [one.verified_on, *town.office.diary.checked[one.assessment_id], LAST]
        apart = max(later - earlier for earlier, later in pairwise(days) if earlier > date.min)
        assert apart < timedelta(days=366 + 120), one.assessment_id


async def test_what_was_published_on_29_february_is_due_on_the_28th(town: Town) -> None:
    assert town.oracle.asked(LEAP, "yearly")[0] == date(2021, 2, 28)
    assert town.oracle.asked(LEAP, "five_years")[0] == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("assessment_id", "five_years"),
    [
        pytest.param(YEAR_END, date(2024, 3, 31), id="年度の最後の日"),
        pytest.param(YEAR_BEGIN, date(2024, 4, 1), id="年度の最初の日"),
    ],
)
async def test_the_turn_of_a_fiscal_year_is_a_day_like_any_other(
    town: Town, assessment_id: str, five_years: date
) -> None:
    assert town.oracle.asked(assessment_id, "five_years")[0] == five_years


async def test_an_amendment_does_not_restart_the_five_years_and_a_reassessment_does(town: Town) -> None:
    published = town.office.diary.published[AMENDED]
    first_due_on = years_later(town.planned[AMENDED].published_on, 5)
    assert any(course is Course.AMEND and day < first_due_on for day, course in published)
    asked = town.oracle.asked(AMENDED, "five_years")
    redone = [day for day, course in published if course is Course.REASSESS]
    assert asked[0] == first_due_on
    assert asked[1] == years_later(redone[0], 5)


def test_one_sweep_makes_up_for_an_outage_over_new_year(town: Town) -> None:
    went_down_on, back_on = OUTAGE
    missed = {
        asked_on
        for (kind, _, due_on), asked_on in town.oracle.asked_on().items()
        if went_down_on <= due_on - timedelta(days=LEAD[kind]) < back_on
    }
    assert ("yearly", NEW_YEAR, date(2021, 1, 30)) in town.oracle.asked_on()
    assert missed == {back_on}


async def test_an_amended_form_is_examined_for_all_and_the_old_versions_still_validate(town: Town) -> None:
    published = town.oracle.forms_published()
    assert {version for version, _ in published} == {"2019-01", "2024-10"}
    assert {version for version, opened_on in published if opened_on >= FORM_AMENDED_ON} == {"2024-10"}
    assert [fault for one in town.oracle.documents() for fault in validate(one)] == []


async def test_an_amended_threshold_raises_those_whose_text_it_concerns(town: Town) -> None:
    record = await town.register.assessment(RISING)
    assert town.oracle.raised_on(RISING) == [AMENDED_ON]
    assert record.effective_level.value == "priority_items"


def test_a_yearly_date_calls_while_its_ground_is_held_by_a_long_procedure(town: Town) -> None:
    held = town.oracle.ask(
        "SELECT count(*) FROM acts JOIN reviews USING (review_id) WHERE assessment_id = ? AND kind = 'remind'"
        " AND json_extract(content, '$.alarm.clock') = 'yearly' AND reviews.outcome = 'reassessed'",
        LARGE,
    )
    assert held[0][0] > 0


async def test_the_largest_form_goes_its_whole_way_each_five_years(town: Town) -> None:
    assert [course for _, course in town.office.diary.published[LARGE]].count(Course.REASSESS) >= 1
    assert town.oracle.steps_of(LARGE) >= {"public_notice", "public_comment", "third_party_check", "submission"}


def test_what_was_promised_was_done_and_confirmed_by_others(town: Town) -> None:
    statuses = town.oracle.countermeasures()
    assert len(statuses) > 5
    assert statuses.count("closed") >= len(statuses) - 3


def test_every_open_review_stands_in_the_inbox_of_somebody(town: Town) -> None:
    assert town.waiting_for_nobody == []


def test_nothing_waits_for_somebody_who_has_left(town: Town) -> None:
    assert town.oracle.acts_of(f"{town.bodies[0]}-d0-manager", LEFT_ON + timedelta(days=1)) == 0
    assert town.oracle.acts_of(f"{town.bodies[0]}-d0-substitute", NOTED_ON) > 0


async def test_a_business_that_ended_is_published_for_three_years_and_then_decided_about(town: Town) -> None:
    for one in (ENDED, STAYING):
        assert town.oracle.asked(one, "publication_period")[0] == years_later(ENDED_ON, 3)
    ended, staying = [await town.register.assessment(one) for one in (ENDED, STAYING)]
    assert (ended.standing.value, staying.standing.value) == ("ceased", "ended")
    assert staying.published_until is not None
    assert staying.published_until > LAST


async def test_a_new_business_comes_to_its_first_publication_and_is_then_like_any_other(town: Town) -> None:
    record = await town.register.assessment(NEW)
    assert record.standing.value == "published"
    assert town.oracle.asked(NEW, "yearly")
    assert record.five_years_due_on is not None
