"""計画管理書: what 様式1 tells of each assessment, derived from what the register holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from guideline.plan_register import number_matches_plan, plan_of
from guideline.provisions import NotInForceError
from schemas.courses import Course
from schemas.forms.catalogue import load
from schemas.forms.validation import validate
from schemas.gates import Gate, PlannedGate
from schemas.levels import Level
from schemas.organisation import Appointment, Body, BodyKind, Department, Organisation, Person, Role
from schemas.plan import (
    FORM,
    FORM_VERSION,
    AssessmentFacts,
    DataSubjectsBand,
    HandlersBand,
    Need,
    Occurrence,
    Plan,
    PlanRow,
    plan_document,
)
from schemas.records import AssessmentRecord, Standing
from schemas.review import GroundKind, ReviewState, Step
from tests.guideline.reviews import DIGEST, MANIFEST, OPENING, ground, opened, with_gates

ON = date(2026, 6, 1)
CITY = Body(id="city", name="内子町長", kind=BodyKind.LOCAL_GOVERNMENT)
AGENCY = Body(id="agency", name="内閣総理大臣", kind=BodyKind.ADMINISTRATIVE_BODY)
ORGANISATION = Organisation(
    bodies=(CITY, AGENCY),
    departments=(
        Department(id="kodomo", body="city", name="こども支援課"),
        Department(id="team", body="city", name="情報政策課"),
    ),
    people=(Person(id="sato", body="city", department="team", name="佐藤　花子", mail="team@example.jp"),),
    appointments=(Appointment(role=Role.TEAM_MEMBER, body="city", persons=("sato",)),),
)
THRESHOLD_ITEMS: dict[str, Any] = {
    "data_subjects": {"band": "from_1000_under_10000", "counted_on": "2026-04-01"},
    "handlers": {"band": "under_500", "counted_on": "2026-04-01"},
    "serious_incident": "not_occurred",
}
_SCHEMA = dict(load(FORM, FORM_VERSION).schema)
_COLUMNS = _SCHEMA["properties"]["assessments"]["items"]


def record(**changes: Any) -> AssessmentRecord:
    whole: dict[str, Any] = {
        "assessment_id": "jidou-teate",
        "body": "city",
        "department": "kodomo",
        "number": "8",
        "name": "児童手当に関する事務",
        "required_level": Level.BASIC_ITEMS,
        "effective_level": Level.BASIC_ITEMS,
        "systems": (),
        "files": (),
        "version": 1,
        "manifest": MANIFEST,
        "digest": DIGEST,
        "validated": True,
        "published_on": date(2025, 3, 10),
        "verified_on": date(2026, 3, 1),
        "yearly_due_on": date(2027, 3, 1),
        "five_years_due_on": date(2030, 3, 10),
        **changes,
    }
    return AssessmentRecord(**whole)


def planned(**changes: Any) -> AssessmentRecord:
    nothing = dict.fromkeys(("manifest", "digest", "published_on", "verified_on", "yearly_due_on", "five_years_due_on"))
    return record(**{**nothing, "version": 0, "validated": False, "standing": Standing.PLANNED, **changes})


def facts(one: AssessmentRecord | None = None, **more: Any) -> AssessmentFacts:
    return AssessmentFacts(record=one or record(), **more)


def plan(*known: AssessmentFacts, body: Body = CITY, on: date = ON) -> Plan:
    made = plan_of(body, known, organisation=ORGANISATION, on=on)
    document = plan_document(made)
    Draft202012Validator(_SCHEMA, format_checker=FormatChecker()).validate(document)
    assert validate(document) == ()
    return made


def row(known: AssessmentFacts, *, body: Body = CITY) -> PlanRow:
    return plan(known, body=body).assessments[0]


def first(*gates: PlannedGate, holds_on: date | None = None) -> ReviewState:
    opening = OPENING.model_copy(update={"published_digest": None, "level": Level.BASIC_ITEMS, "checklist": ()})
    why = ground(GroundKind.NEW_BUSINESS, minimum=Course.REASSESS)
    review = opened(why.model_copy(update={"takes_effect_on": holds_on}), opening=opening)
    return with_gates(review, *gates) if gates else review


def reassessing(**changes: Any) -> ReviewState:
    review = opened(ground().model_copy(update=changes))
    return review.model_copy(update={"course": Course.REASSESS, "due_on": date(2026, 6, 12)})


def test_the_cover_names_the_body_the_day_and_the_department_that_answers() -> None:
    assert plan_document(plan(facts()))["cover"] == {
        "body": "内子町長",
        "as_of": "2026-06-01",
        "contact": "情報政策課（team@example.jp）",
    }


def test_a_body_without_a_team_names_no_contact() -> None:
    made = plan(body=AGENCY)
    assert (made.contact, made.assessments, made.warnings) == (None, (), ())


def test_a_contact_without_mail_is_its_department() -> None:
    nobody_writes = ORGANISATION.people[0].model_copy(update={"mail": None, "department": "hisho"})
    organisation = ORGANISATION.model_copy(update={"people": (nobody_writes,)})
    assert plan_of(CITY, (), organisation=organisation, on=ON).contact == "hisho"


def test_a_published_assessment_is_told_with_its_threshold_and_its_dates() -> None:
    done = {Step.SUBMISSION: date(2025, 3, 3)}
    told = row(facts(threshold_items=THRESHOLD_ITEMS, last_done_on=done))
    assert (told.number, told.name, told.lead_body, told.department) == (
        "8",
        "児童手当に関する事務",
        "内子町長",
        "こども支援課",
    )
    assert (told.data_subjects, told.handlers, told.serious_incident) == (
        DataSubjectsBand.FROM_1000,
        HandlersBand.UNDER_500,
        Occurrence.NOT_OCCURRED,
    )
    assert (told.submitted_on, told.published_on, told.verified_on, told.five_years_due_on) == (
        date(2025, 3, 3),
        date(2025, 3, 10),
        date(2026, 3, 1),
        date(2030, 3, 10),
    )
    assert (told.planned_on, told.hold_start_on, told.ended_on, told.standing) == (
        None,
        None,
        None,
        Standing.PUBLISHED,
    )


@pytest.mark.parametrize(
    "threshold_items",
    [None, {}, {"data_subjects": "多い", "handlers": {"band": 3}, "serious_incident": "perhaps"}],
    ids=["旧様式", "空", "選択肢にない"],
)
def test_a_legacy_assessment_is_told_without_what_its_document_does_not_say(threshold_items: Any) -> None:
    told = row(facts(record(validated=False), threshold_items=threshold_items))
    assert (told.data_subjects, told.handlers, told.serious_incident) == (None, None, None)
    assert told.required_level is Level.BASIC_ITEMS


def test_an_ended_assessment_keeps_its_row_with_the_day_of_its_end() -> None:
    ended = record(standing=Standing.ENDED, ended_on=date(2026, 3, 31), yearly_due_on=None, five_years_due_on=None)
    told = row(facts(ended))
    assert (told.standing, told.ended_on, told.five_years_due_on) == (Standing.ENDED, date(2026, 3, 31), None)


def test_a_planned_assessment_is_told_with_the_gates_of_its_project() -> None:
    days = dict(zip(Gate, (date(2026, 9, 30), date(2026, 10, 15), date(2027, 4, 1), date(2027, 6, 1)), strict=True))
    gates = [PlannedGate(gate=gate, planned_on=day) for gate, day in days.items()]
    told = row(facts(planned(), open_review=first(*gates, holds_on=date(2027, 4, 1))))
    assert (told.requirements_end_on, told.programming_start_on, told.hold_start_on, told.network_link_start_on) == (
        *days.values(),
    )
    assert (told.planned_on, told.published_on, told.standing) == (date(2027, 3, 31), None, Standing.PLANNED)


PLANNED_ON = [
    pytest.param(None, None, id="見直しなし"),
    pytest.param(opened(), None, id="対応が未定"),
    pytest.param(reassessing(), date(2026, 6, 12), id="変更の日が未定なら今の番の期限"),
    pytest.param(reassessing(takes_effect_on=date(2026, 10, 6)), date(2026, 10, 5), id="変更の前日"),
    pytest.param(reassessing(takes_effect_on=date(2026, 10, 5)), date(2026, 10, 2), id="その前の開庁日"),
    pytest.param(
        reassessing(kind=GroundKind.FIVE_YEARS, due_on=date(2026, 11, 30)), date(2026, 11, 30), id="五年の期限"
    ),
    pytest.param(reassessing(kind=GroundKind.YEARLY, due_on=date(2026, 11, 30)), date(2026, 6, 12), id="年次の期限"),
    pytest.param(first(), None, id="新規で関門も期限も未定"),
    pytest.param(
        first(PlannedGate(gate=Gate.NETWORK_LINK_START, planned_on=date(2026, 9, 2)), holds_on=date(2027, 4, 1)),
        date(2026, 9, 1),
        id="保有より前の情報連携",
    ),
    pytest.param(
        first(PlannedGate(gate=Gate.REQUIREMENTS_END, planned_on=date(2026, 9, 2))), None, id="公表を待たない関門"
    ),
]


@pytest.mark.parametrize(("review", "day"), PLANNED_ON)
def test_the_carrying_out_is_planned_before_what_waits_for_the_publication(
    review: ReviewState | None, day: date | None
) -> None:
    assert row(facts(open_review=review)).planned_on == day


@pytest.mark.parametrize(
    ("body", "level", "needs"),
    [
        (CITY, Level.NOT_REQUIRED, (Need.NOT_NEEDED, Need.NOT_NEEDED)),
        (CITY, Level.BASIC_ITEMS, (Need.NOT_NEEDED, Need.NOT_NEEDED)),
        (CITY, Level.PRIORITY_ITEMS, (Need.NOT_NEEDED, Need.NOT_NEEDED)),
        (CITY, Level.ALL_ITEMS, (Need.NEEDED, Need.NEEDED)),
        (AGENCY, Level.ALL_ITEMS, (Need.NEEDED, Need.NOT_NEEDED)),
    ],
    ids=["義務なし", "基礎", "重点", "地方公共団体等の全項目", "行政機関等の全項目"],
)
def test_the_steps_needed_follow_from_the_level_and_the_body(
    body: Body, level: Level, needs: tuple[Need, Need]
) -> None:
    told = row(facts(record(effective_level=level)), body=body)
    assert (told.public_comment, told.third_party_check) == needs


def test_the_days_of_the_steps_of_a_local_body_stand_beside_their_need() -> None:
    done = {Step.PUBLIC_COMMENT: date(2026, 1, 15), Step.THIRD_PARTY_CHECK: date(2026, 2, 20)}
    told = row(facts(record(effective_level=Level.ALL_ITEMS), last_done_on=done))
    assert (told.public_comment_on, told.third_party_check_on) == (date(2026, 1, 15), date(2026, 2, 20))


def test_the_rows_stand_in_the_order_of_their_numbers() -> None:
    numbers = ["10", "2", "1-2", "１", "1-10", "見本3"]
    known = [facts(record(number=number, assessment_id=f"a{n}")) for n, number in enumerate(numbers)]
    assert [one.number for one in plan(*known).assessments] == ["１", "1-2", "1-10", "2", "10", "見本3"]


def test_a_number_that_two_assessments_have_is_a_warning_that_names_them() -> None:
    known = [facts(record(assessment_id=one, number=number)) for one, number in (("a", "8"), ("b", "８"), ("c", "9"))]
    (warning,) = plan(*known).warnings
    assert warning == (
        "評価書番号「8」: 2件の評価書に付されています"
        "（「児童手当に関する事務」（a）、「児童手当に関する事務」（b））。"
        "番号は計画管理書の中で一つの評価書だけのものです（規則第3条）。"
        "番号を確かめ、いずれかを別の番号に改めてください。"
    )


def test_a_department_that_is_gone_is_named_by_its_id() -> None:
    assert row(facts(record(department="zaisei"))).department == "zaisei"


def test_before_the_first_procedure_there_is_no_plan() -> None:
    with pytest.raises(NotInForceError):
        plan(on=date(2015, 12, 31))


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_the_register_holds_the_plan_fits_its_form(number: str, name: str) -> None:
    plan(facts(record(number=number, name=name)))


@pytest.mark.parametrize("number", ["8", "８", " 8 "], ids=["同じ", "全角", "空白"])
def test_the_number_on_the_cover_is_that_of_the_plan(number: str) -> None:
    assert number_matches_plan({"cover": {"assessment_number": number}}, number="8") is None


def test_another_number_on_the_cover_is_told_with_what_to_do() -> None:
    assert number_matches_plan({"cover": {"assessment_number": "18"}}, number="8") == (
        "表紙の評価書番号: 「18」と記されていますが、計画管理書の番号「8」と同じでなければなりません"
        "（規則第3条、指針様式の記載要領（評価書番号））。「8」に改めてください。"
    )


@pytest.mark.parametrize(
    "document",
    [{}, {"cover": "8"}, {"cover": {}}, {"cover": {"assessment_number": 8}}],
    ids=["空", "組でない表紙", "番号なし", "数"],
)
def test_a_cover_without_a_number_is_told_so(document: dict[str, object]) -> None:
    told = number_matches_plan(document, number="8")
    assert told is not None
    assert told.startswith("表紙の評価書番号: 記載がありません。")
    assert told.endswith("「8」と記してください。")


def test_the_columns_of_the_message_are_those_of_the_form() -> None:
    fields = PlanRow.model_fields
    assert list(_COLUMNS["properties"]) == list(fields)
    assert [node["title"] for node in _COLUMNS["properties"].values()] == [one.title for one in fields.values()]
    assert _COLUMNS["required"] == [name for name, one in fields.items() if one.is_required()]


def test_the_choices_of_the_message_are_those_of_the_forms() -> None:
    kinds = (
        ("data_subjects_band", DataSubjectsBand),
        ("handlers_band", HandlersBand),
        ("occurrence", Occurrence),
        ("level", Level),
        ("need", Need),
        ("standing", Standing),
    )
    definitions = _SCHEMA["$defs"]
    for name, kind in kinds:
        assert definitions[name]["enum"] == [one.value for one in kind]
    basic_items = load("basic_items", "2024-10").schema["$defs"]
    for name in ("data_subjects_band", "handlers_band", "occurrence"):
        assert definitions[name] == basic_items[name]
    for labelled, name in ((Level, "level"), (Standing, "standing")):
        assert definitions[name]["x-choices"] == {one.value: one.label for one in labelled}
