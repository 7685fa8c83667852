"""番と知らせ: who must act next, for how long, and who is told."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import resources

import pytest

from guideline.effects import with_what_was_learnt, without_ground
from guideline.notices import told_of_act, told_of_report
from guideline.turns import both_excepted, business_days_of, next_step, steps_of, waits_for
from guideline.yearly_checklist import LEGACY, asked_of
from schemas.acts import ActKind, Intake, Receipt
from schemas.organisation import Organisation, Role, ServiceLevels
from schemas.records import Recorded, StoredDocument
from schemas.reports import ChangeKind, ChangeReport, RiskEvent
from schemas.review import Outcome, Party, ReviewState, Stage, Step
from tests.guideline.reviews import (
    AT,
    MANAGER,
    TEAM,
    TODAY,
    act_of,
    actor,
    closed,
    differing,
    done,
    drafting,
    in_approval,
    in_procedure,
    opened,
)

LEVELS = ServiceLevels(findings=5, resolution=3, drafting=10, approval=4)
BOTH = (Party.DEPARTMENT, Party.TEAM)

TURNS = [
    pytest.param(opened, BOTH, 5, id="両者の検討"),
    pytest.param(differing, (Party.CHIEF,), 3, id="総括保護管理者の決定"),
    pytest.param(drafting, (Party.DEPARTMENT,), 10, id="起案"),
    pytest.param(in_approval, BOTH, 4, id="承認"),
    pytest.param(in_procedure, BOTH, 5, id="実施手続"),
    pytest.param(closed, (), None, id="終了"),
]


@pytest.mark.parametrize(("review", "parties", "days"), TURNS)
def test_each_stage_waits_for_its_parties_and_its_days(
    review: Callable[[], ReviewState], parties: tuple[Party, ...], days: int | None
) -> None:
    assert waits_for(review()) == parties
    assert business_days_of(review(), LEVELS) == days


def test_there_are_no_steps_before_the_course_is_decided() -> None:
    assert steps_of(opened()) == ()
    assert next_step(opened()) is None
    following = next_step(in_procedure())
    assert following is not None
    assert following.step is Step.SUBMISSION


def test_a_procedure_without_a_next_step_has_no_clock() -> None:
    over = closed().model_copy(update={"stage": Stage.PROCEDURE})
    assert business_days_of(over, LEVELS) is None


def test_a_due_date_is_learnt_only_for_the_turn_it_was_computed_for() -> None:
    receipt = Receipt(
        act_id="a",
        review_id="digital-agency-1/7",
        assessment_id="digital-agency-1",
        sequence=1,
        stage=Stage.EXAMINATION,
        content_digest="0" * 64,
    )
    recorded = Recorded(receipt=receipt, due_on=TODAY)
    now = opened()
    learnt = with_what_was_learnt(now, recorded=recorded, as_of=now)
    assert (learnt.review_id, learnt.due_on) == ("digital-agency-1/7", TODAY)
    earlier = now.model_copy(update={"turn_began_at": AT.replace(year=2020)})
    assert with_what_was_learnt(now, recorded=recorded, as_of=earlier).due_on is None


def test_a_ground_can_be_taken_back() -> None:
    review = opened()
    assert without_ground(review, review.grounds[0].ground_id).grounds == ()
    assert without_ground(review, "other").grounds == review.grounds


def organisation() -> Organisation:
    text = resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8")
    return Organisation.model_validate_json(json.dumps(tomllib.loads(text)))


OWNERS = [("digital-agency", "account-registration")]


def test_of_a_risk_event_the_whole_line_is_told_and_of_a_change_the_two_sides() -> None:
    event = RiskEvent(assessments=("a",), title="件", facts="事実", known_on=TODAY, known_by_department="d")
    change = ChangeReport(assessments=("a",), kind=ChangeKind.SYSTEM, title="件", facts="事実", known_on=TODAY)
    told = {
        kind: {notice.person for notice in told_of_report(intake, organisation=organisation(), owners=OWNERS, on=TODAY)}
        for kind, intake in (
            ("risk", Intake(act_id="r", actor=actor(Role.STAFF), report=event)),
            ("change", Intake(act_id="c", actor=actor(Role.STAFF), report=change)),
        )
    }
    assert told["change"] == {"team-lead", "team-member", "manager"}
    assert told["risk"] == told["change"] | {"chief", "director-general", "risk-hotline"}


def told_after(review: ReviewState, kind: ActKind, *, at: datetime = AT) -> set[str]:
    owner = review.opening.model_copy(update={"department": "account-registration"})
    act = act_of(kind, TEAM, review=review)
    owned = review.model_copy(update={"opening": owner})
    notices = told_of_act(act, review=owned, organisation=organisation(), at=at)
    return {notice.person for notice in notices}


def test_whose_turn_begins_is_told() -> None:
    assert told_after(differing(), ActKind.FIND) == {"chief"}
    assert told_after(drafting(), ActKind.FIND) == {"manager", "drafter"}
    assert told_after(in_approval(), ActKind.SUBMIT) == {"manager", "drafter", "team-lead"}


def test_an_acknowledgement_tells_nobody_and_the_end_everybody() -> None:
    assert told_after(opened(), ActKind.ACKNOWLEDGE, at=AT + timedelta(hours=1)) == set()
    assert "chief" in told_after(closed(), ActKind.RECORD_STEP)


def test_the_checklist_names_sections_and_the_measures_that_are_written() -> None:
    content = json.loads(resources.files("demo").joinpath("documents/digital-agency-1.json").read_text("utf-8"))
    known = StoredDocument(sha256="0" * 64, form="basic_items", form_version="2024-10", content=content)
    items, measures = asked_of([known])
    assert "Ⅰ 関連情報" in items
    assert any(item.startswith("Ⅳ7") for item in items)
    legacy = StoredDocument(sha256="1" * 64, form="basic_items", form_version="平成26年4月 様式2", content=None)
    assert asked_of([legacy]) == (LEGACY, ())
    assert measures == tuple(item for item in items if item.startswith("Ⅳ") and item != "Ⅳ リスク対策")


def test_every_label_is_japanese() -> None:
    for word in (*Stage, *Party, *Step, *Outcome, *Role, *ActKind):
        assert not word.label.isascii()


def test_whoever_acts_is_not_told_of_their_own_act() -> None:
    told = told_after(done(opened(), ActKind.FIND, MANAGER), ActKind.FIND)
    assert "team-lead" in told
    assert TEAM.person == "team-member"
    assert TEAM.person not in told


EXCEPTIONS = [
    pytest.param({}, {}, False, id="どちらも書かない"),
    pytest.param({"formal_only": "誤字のみ。"}, {}, False, id="一方だけが書く"),
    pytest.param({"formal_only": "誤字のみ。"}, {"risk_not_moved": "影響がない。"}, True, id="両者が書く"),
]


@pytest.mark.parametrize(("of_the_department", "of_the_team", "excepted"), EXCEPTIONS)
def test_nothing_is_excepted_that_not_both_gave_in_writing(
    of_the_department: dict[str, str], of_the_team: dict[str, str], *, excepted: bool
) -> None:
    review = done(opened(), ActKind.FIND, MANAGER, **of_the_department)
    assert not both_excepted(review)
    assert both_excepted(done(review, ActKind.FIND, TEAM, **of_the_team)) is excepted
