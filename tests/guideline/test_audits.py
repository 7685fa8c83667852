"""監査とログ分析の規則: papers, who may audit, what comes first, what follows from a finding, and the plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.audit_checks import check_audit_paper, check_inspection_paper, check_log_paper
from guideline.audit_plan import Standing, audit_plan, count_of
from guideline.audits import (
    check_assessment,
    check_auditors,
    check_inspected,
    correction_id_of,
    corrections_of,
    fiscal_year_of,
    report_id_of,
    reports_of,
)
from guideline.duties import judge_duty, may_act_on_duty
from guideline.duty_series import due_after_month, due_to_open
from guideline.refusals import RefusedError
from schemas.audit_papers import AuditFinding, Grade
from schemas.duties import DutyKind, DutyState, DutyStatus, Interval
from schemas.duty_acts import DutyActKind
from schemas.levels import Level
from schemas.organisation import Role
from schemas.records import AssessmentRecord
from schemas.records import Standing as RecordStanding
from tests.guideline.duty_samples import (
    AT,
    AUDITOR,
    CONTENT,
    DRAFTER,
    ORGANISATION,
    PAPERS,
    TODAY,
    act_of,
    duty_id_of,
    state,
)
from tests.guideline.reviews import actor

AUDIT, INSPECTION, LOG = DutyKind.AUDIT, DutyKind.INSPECTION, DutyKind.LOG_ANALYSIS
ITEM = "管理簿があるか"
FOUND = [
    {"item": ITEM, "grade": "major", "text": "ない。"},
    {"item": ITEM, "grade": "minor", "text": "古い。", "assessment": "accounts"},
    {"item": ITEM, "grade": "improvable", "text": "電子にするとよい。", "assessment": "allowance"},
    {"item": ITEM, "grade": "conforms", "text": "ある。", "assessment": "accounts"},
]
WHOLE_MONTH = {**PAPERS[LOG], "first_on": "2026-06-01", "last_on": "2026-06-30"}


def code_of(call: Any, *arguments: Any, **named: Any) -> str | None:
    try:
        call(*arguments, **named)
    except RefusedError as refused:
        return refused.refusal.code
    return None


def answers(*questions: str) -> dict[str, Any]:
    return {"answers": [{"question": one, "conforms": True, "state": "ある。"} for one in questions]}


def findings(*items: str) -> dict[str, Any]:
    return {
        "findings": [{"item": one, "grade": "minor", "text": "古い。"} for one in items],
        "conclusion": "是正する。",
    }


UNPLANNED = {name: value for name, value in CONTENT[AUDIT].items() if name != "plan"}
OTHERS = {**CONTENT[AUDIT], "plan": {**CONTENT[AUDIT]["plan"], "auditors": ["auditor-3"]}}
HAND_INS: list[Any] = [
    pytest.param(INSPECTION, {}, answers(ITEM), None, id="点検"),
    pytest.param(INSPECTION, {}, answers("別の項目"), "not_answered", id="答えのない点検"),
    pytest.param(INSPECTION, {}, answers(ITEM, "別の項目"), "item_not_asked", id="問われない答え"),
    pytest.param(INSPECTION, {}, answers(ITEM, ITEM), "answered_twice", id="二度の答え"),
    pytest.param(AUDIT, {}, findings(ITEM, ITEM), None, id="一項目に二つの指摘"),
    pytest.param(AUDIT, {}, findings("別の項目"), "not_answered", id="見ていない項目"),
    pytest.param(AUDIT, {"content": UNPLANNED}, findings(ITEM), "audit_not_planned", id="計画のない監査"),
    pytest.param(AUDIT, {"content": OTHERS}, findings(ITEM), "not_of_the_auditors", id="計画にない監査人"),
    pytest.param(LOG, {}, PAPERS[LOG], None, id="繰り返さない分析"),
    pytest.param(LOG, {}, {**PAPERS[LOG], "last_on": "2023-10-31"}, "log_period", id="逆の期間"),
    pytest.param(LOG, {"repeats": Interval.MONTH}, WHOLE_MONTH, None, id="月の分析"),
    pytest.param(LOG, {"repeats": Interval.MONTH}, PAPERS[LOG], "log_period", id="別の月"),
    pytest.param(
        LOG, {"repeats": Interval.MONTH}, {**WHOLE_MONTH, "last_on": "2026-06-29"}, "log_period", id="月の一部"
    ),
]


CHECKS = {INSPECTION: check_inspection_paper, AUDIT: check_audit_paper, LOG: check_log_paper}


@pytest.mark.parametrize(("kind", "changes", "paper", "code"), HAND_INS)
def test_a_paper(kind: DutyKind, changes: dict[str, Any], paper: dict[str, Any], code: str | None) -> None:
    number = "log_analysis:sample.2026-06" if kind is LOG else duty_id_of(kind)
    by = AUDITOR if kind is AUDIT else DRAFTER
    act = act_of(DutyActKind.HAND_IN, by, duty_id=number, paper=paper)
    before = state(kind, duty_id=number, **changes)
    assert code_of(CHECKS[kind], before, act) == code
    assert code_of(judge_duty, before, act, at=AT) == code


OF_THE_DEPARTMENT = actor(Role.AUDITOR, person="auditor-2")


@pytest.mark.parametrize("kind", [DutyActKind.AMEND, DutyActKind.HAND_IN, DutyActKind.REPORT_PROGRESS])
def test_nobody_audits_their_own_department_nor_says_how_it_is_audited(kind: DutyActKind) -> None:
    audit = state(AUDIT)
    assert may_act_on_duty(audit, kind, actor=AUDITOR)
    assert not may_act_on_duty(audit, kind, actor=OF_THE_DEPARTMENT)


@pytest.mark.parametrize("kind", [AUDIT, INSPECTION, LOG, DutyKind.CORRECTION])
def test_nobody_confirms_what_their_own_department_did(kind: DutyKind) -> None:
    handed_in = state(kind, DutyStatus.HANDED_IN, handed_in_by="drafter")
    assert may_act_on_duty(handed_in, DutyActKind.CONFIRM, actor=AUDITOR)
    assert not may_act_on_duty(handed_in, DutyActKind.CONFIRM, actor=OF_THE_DEPARTMENT)


AUDITORS: list[Any] = [
    pytest.param(AUDIT, ["auditor"], None, id="監査人"),
    pytest.param(AUDIT, ["auditor", "auditor-2"], "auditor_of_the_department", id="被監査部署の者"),
    pytest.param(AUDIT, ["owner"], "unknown_auditor", id="監査人でない者"),
    pytest.param(AUDIT, [], None, id="まだ計画がない"),
]


@pytest.mark.parametrize(("kind", "named", "code"), AUDITORS)
def test_who_is_named_to_audit(kind: DutyKind, named: list[str], code: str | None) -> None:
    content = {**CONTENT[AUDIT], "plan": {**CONTENT[AUDIT]["plan"], "auditors": named}} if named else UNPLANNED
    act = act_of(DutyActKind.AMEND, AUDITOR, duty_id=duty_id_of(AUDIT))
    assert code_of(check_auditors, act, state(kind, content=content), ORGANISATION) == code


def test_other_duties_and_acts_name_no_auditors() -> None:
    of_another = {**CONTENT[AUDIT], "plan": {**CONTENT[AUDIT]["plan"], "auditors": ["owner"]}}
    check_auditors(act_of(DutyActKind.AMEND, AUDITOR), state(), ORGANISATION)
    act = act_of(DutyActKind.CONFIRM, AUDITOR, duty_id=duty_id_of(AUDIT))
    check_auditors(act, state(AUDIT, content=of_another), ORGANISATION)


def inspection(status: DutyStatus, due_on: date = TODAY, *, file: str = "口座登録簿") -> DutyState:
    return state(INSPECTION, status, due_on=due_on, content={"files": [file], "questions": [ITEM]})


CLOSED, OPEN = DutyStatus.CLOSED, DutyStatus.OPEN
INSPECTIONS: list[Any] = [
    pytest.param([], "not_inspected", id="点検がない"),
    pytest.param([inspection(CLOSED)], None, id="済み"),
    pytest.param([inspection(OPEN)], "not_inspected", id="点検が終わっていない"),
    pytest.param([inspection(CLOSED, date(2026, 1, 5)), inspection(OPEN)], "not_inspected", id="新しい点検が途中"),
    pytest.param([inspection(CLOSED), inspection(DutyStatus.CANCELLED, date(2026, 6, 2))], None, id="取りやめ"),
    pytest.param([inspection(CLOSED, date(2025, 1, 5))], "not_inspected", id="古い点検"),
    pytest.param([inspection(CLOSED), inspection(OPEN, date(2027, 1, 5))], None, id="次の点検"),
    pytest.param([inspection(CLOSED, file="別の簿")], "not_inspected", id="別のファイル"),
]


@pytest.mark.parametrize(("inspections", "code"), INSPECTIONS)
def test_the_department_inspects_itself_first(inspections: list[DutyState], code: str | None) -> None:
    act = act_of(DutyActKind.HAND_IN, AUDITOR, duty_id=duty_id_of(AUDIT))
    assert code_of(check_inspected, act, state(AUDIT), inspections) == code


def test_a_contractor_and_other_acts_need_no_inspection() -> None:
    act = act_of(DutyActKind.HAND_IN, AUDITOR, duty_id=duty_id_of(AUDIT))
    check_inspected(act, state(AUDIT, content={**CONTENT[AUDIT], "contractor": "運用会社"}), [])
    check_inspected(act_of(DutyActKind.HAND_IN, DRAFTER), state(), [])
    check_inspected(act_of(DutyActKind.AMEND, AUDITOR, duty_id=duty_id_of(AUDIT)), state(AUDIT), [])


def test_a_finding_asks_for_its_correction_and_opens_the_review_of_what_it_is_about() -> None:
    audit = state(AUDIT)
    paper = {"findings": [*FOUND, FOUND[0]], "conclusion": "是正する。"}
    act = act_of(DutyActKind.HAND_IN, AUDITOR, duty_id=audit.duty_id, paper=paper)
    corrections = corrections_of(act, audit, at=AT)
    assert [(one.title, one.due_on, one.parent) for one in corrections] == [
        ("重大な指摘: 管理簿があるか", date(2026, 6, 29), audit.duty_id),
        ("指摘: 管理簿があるか", date(2026, 8, 26), audit.duty_id),
    ]
    assert corrections == corrections_of(act, audit, at=AT)
    for one in corrections:
        assert one.content["item"] == ITEM
        assert judge_duty(None, one, at=AT).then is DutyStatus.OPEN
    reports = reports_of(act, audit, at=AT)
    reporter = AUDITOR.model_copy(update={"role": Role.STAFF})
    assert [one.report.assessments for one in reports] == [("accounts",), ("allowance",)]
    assert [one.report.title for one in reports] == ["監査の指摘: 管理簿があるか", "監査の助言: 管理簿があるか"]
    assert len({one.act_id for one in reports}) == 2
    assert all(one.actor == reporter and one.act_id.startswith(f"{audit.duty_id}/") for one in reports)
    assert correction_id_of(audit, _finding()) == corrections[0].duty_id
    assert report_id_of(audit, _finding()) not in {one.act_id for one in reports}


def _finding() -> AuditFinding:
    return AuditFinding(item=ITEM, grade=Grade.MAJOR, text="ない。")


def test_an_assessment_that_is_found_wanting_is_there_to_be_reviewed() -> None:
    published = AssessmentRecord(
        assessment_id="accounts",
        body="digital-agency",
        department="accounts",
        number="1",
        name="口座",
        required_level=Level.ALL_ITEMS,
        effective_level=Level.ALL_ITEMS,
        systems=(),
        files=(),
        version=1,
        manifest=None,
        digest=None,
        validated=True,
        published_on=TODAY,
        verified_on=TODAY,
        yearly_due_on=None,
        five_years_due_on=None,
    )
    check_assessment("accounts", published, body="digital-agency")
    planned = published.model_copy(update={"standing": RecordStanding.PLANNED})
    for one, body in ((None, "digital-agency"), (published, "another"), (planned, "digital-agency")):
        assert code_of(check_assessment, "accounts", one, body=body) == "finding_assessment"


def test_other_acts_find_nothing() -> None:
    for kind, act_kind in ((DutyKind.MEASURE, DutyActKind.HAND_IN), (AUDIT, DutyActKind.CONFIRM)):
        act = act_of(act_kind, AUDITOR, duty_id=duty_id_of(kind))
        assert corrections_of(act, state(kind), at=AT) == ()
        assert reports_of(act, state(kind), at=AT) == ()


@pytest.mark.parametrize(
    ("day", "year"), [(date(2024, 3, 31), 2023), (date(2024, 4, 1), 2024), (date(2024, 1, 1), 2023)]
)
def test_a_fiscal_year_begins_in_april(day: date, year: int) -> None:
    assert fiscal_year_of(day) == year


def test_the_analysis_of_a_month_is_due_on_the_tenth_business_day_of_the_next() -> None:
    first = state(
        LOG,
        duty_id="log_analysis:a.2023-11",
        begins_on=date(2023, 11, 30),
        due_on=due_after_month(date(2023, 11, 30), 10),
        repeats=Interval.MONTH,
    )
    coming = due_to_open([first], on=date(2024, 11, 30))
    assert len(coming) == 12
    assert [one.due_on for one in (first, *coming[:3])] == [
        date(2023, 12, 14),
        date(2024, 1, 18),
        date(2024, 2, 15),
        date(2024, 3, 14),
    ]
    yearly = first.model_copy(update={"repeats": Interval.YEAR, "duty_id": "log_analysis:a.2023"})
    assert due_to_open([yearly], on=date(2024, 11, 30))[0].due_on == date(2024, 12, 14)


def audit(name: str, due_on: date, status: DutyStatus = OPEN, **more: Any) -> DutyState:
    content = {"file": name, "checklist": [ITEM], **more.pop("content", {})}
    return state(AUDIT, status, duty_id=f"audit:{name}.{due_on.year}", due_on=due_on, content=content, **more)


def test_the_plan_over_the_years_says_what_is_planned_and_what_is_overdue() -> None:
    begun: dict[str, Any] = {"begins_on": date(2023, 11, 1)}
    states = [
        audit("a", date(2024, 3, 31), CLOSED, begins_on=date(2024, 1, 1), repeats=Interval.YEAR),
        audit("b", date(2024, 1, 31), **begun),
        audit("c", date(2024, 3, 30), **begun),
        audit("d", date(2024, 9, 30), begins_on=date(2024, 7, 1)),
        audit("e", date(2024, 3, 29), DutyStatus.HANDED_IN),
        audit("f", date(2024, 3, 28), DutyStatus.CANCELLED),
        audit("g", date(2024, 3, 27), content={"contractor": "運用会社"}),
    ]
    plan = audit_plan(states, on=date(2024, 2, 15))
    assert plan.years == (2023, 2024, 2025)
    assert plan.late() == 1
    assert [(row.file, row.contractor, row.runs[0].standing) for row in plan.rows] == [
        ("b", None, Standing.LATE),
        ("f", None, Standing.CANCELLED),
        ("e", None, Standing.REPORTED),
        ("c", None, Standing.OPEN),
        ("a", None, Standing.CLOSED),
        ("d", None, Standing.PLANNED),
        ("g", "運用会社", Standing.OPEN),
    ]
    repeated = plan.rows[4]
    assert [(one.duty_id, one.standing) for one in repeated.runs] == [
        ("audit:a.2024", Standing.CLOSED),
        (None, Standing.PLANNED),
        (None, Standing.PLANNED),
    ]
    assert [one.due_on for one in repeated.in_year(2024)] == [date(2025, 3, 31)]
    assert dict(count_of(plan))[Standing.PLANNED] == 3
    assert {one.sign for one in Standing} == {"○", "▶", "◆", "！", "●", "×"}
    assert Standing.LATE.label == "期限を過ぎている"


def test_a_plan_without_audits_shows_this_year_and_the_next_ones() -> None:
    plan = audit_plan([], on=date(2024, 2, 15))
    assert (plan.years, plan.rows, tuple(count_of(plan))) == ((2023,), (), ())
