"""指導の義務: what a report says comes from the duties under it, and an approval is of the text that was read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from guideline.duties import judge_duty, may_act_on_duty
from guideline.guidance import standing_of
from guideline.guidance_duties import (
    Child,
    Family,
    approved_reports,
    check_filed,
    check_item,
    check_report,
    day_of_report,
    digest_handed_in,
    followed_of,
    guidance_duty,
    measure_duty,
    name_of,
    of_a_guidance,
    records_by_kind,
    report_duty,
    report_of,
)
from guideline.guidance_report import digest_of_report
from guideline.refusals import RefusedError
from schemas.canonical import digest_of
from schemas.duties import DutyKind, DutyState, DutyStatus, kind_of
from schemas.duty_acts import (
    DutyActKind,
    DutyActRecord,
    DutyCancellation,
    DutyConfirmation,
    DutyHandIn,
    DutyOpening,
    DutyProgress,
    DutyReceipt,
)
from schemas.guidance import Measure, MeasureResult, Standing
from schemas.organisation import Actor, Role
from tests.guideline.guidance_samples import PAPER, done, guidance, planned, when

AT = datetime(2023, 12, 20, 3, tzinfo=UTC)
ON = date(2023, 12, 20)


def actor(role: Role = Role.TEAM_MEMBER, person: str = "team-lead", department: str = "privacy") -> Actor:
    return Actor(person=person, role=role, body="digital-agency", department=department, organisation_revision=1)


def state(duty_id: str, **facts: Any) -> DutyState:
    content = facts.pop("content", {})
    whole: dict[str, Any] = {
        "duty_id": duty_id,
        "kind": kind_of(duty_id),
        "parent": None if duty_id.startswith("guidance") else guidance_duty("sample"),
        "body": "digital-agency",
        "department": "privacy",
        "title": "見本の事案",
        "due_on": date(2023, 12, 31),
        "opened_at": AT,
        "opened_by": "team-lead",
        "began_at": AT,
        "content": content,
        "content_digest": digest_of(content),
    }
    return DutyState(**{**whole, **facts})


def record(act: Any, *, duty: str, at: datetime = AT) -> DutyActRecord:
    receipt = DutyReceipt(
        act_id=act.act_id,
        duty_id=duty,
        sequence=2,
        status=DutyStatus.HANDED_IN,
        due_on=ON,
        content_digest="0" * 64,
        state_digest="0" * 64,
    )
    return DutyActRecord(act=act, sequence=2, at=at, receipt=receipt)


def hand_in(duty: str, **said: Any) -> DutyHandIn:
    return DutyHandIn(act_id="act/1", actor=actor(), duty_id=duty, **{"text": "行った。", "evidence": (PAPER,), **said})


def measure(one: Measure, measure_id: str, *, handed_in: DutyHandIn | None = None, **facts: Any) -> Child:
    duty = measure_duty("sample", measure_id)
    content = one.model_dump(mode="json", include=set(Measure.model_fields))
    return Child(
        state(duty, content=content, **facts),
        handed_in=None if handed_in is None else record(handed_in, duty=duty),
    )


def family(*children: Child) -> Family:
    return Family(state("guidance:sample", content=guidance().model_dump(mode="json")), children)


MEASURE = measure_duty("sample", "2-1")
RESULT = MeasureResult(when=when("令和5年12月20日", ON), text="周知済み（令和5年12月20日）。")


@pytest.mark.parametrize(
    ("child", "standing", "said"),
    [
        pytest.param(measure(planned(), "2-1"), Standing.PLANNED, None, id="実施中は予定"),
        pytest.param(
            measure(planned(), "2-1", handed_in=hand_in(MEASURE), status=DutyStatus.HANDED_IN),
            Standing.AWAITING,
            "令和5年12月20日",
            id="日のない報告は報告の日",
        ),
        pytest.param(
            measure(planned(), "2-1", handed_in=hand_in(MEASURE, done_on=date(2023, 12, 19)), status=DutyStatus.CLOSED),
            Standing.DONE,
            "令和5年12月19日",
            id="行った日のある報告",
        ),
        pytest.param(
            measure(
                planned(),
                "2-1",
                handed_in=hand_in(MEASURE, paper=RESULT.model_dump(mode="json")),
                status=DutyStatus.CLOSED,
            ),
            Standing.DONE,
            "令和5年12月20日",
            id="報告の文のある報告",
        ),
        pytest.param(measure(planned(), "2-1", handed_in=hand_in(MEASURE)), Standing.PLANNED, None, id="差戻し"),
        pytest.param(
            measure(done(), "1-1", handed_in=hand_in(MEASURE), status=DutyStatus.CLOSED),
            Standing.DONE,
            None,
            id="済として入れたもの",
        ),
        pytest.param(measure(done(), "1-1"), Standing.AWAITING, None, id="済として入れて確認を待つもの"),
    ],
)
def test_a_measure_is_followed_by_its_duty(child: Child, standing: Standing, said: str | None) -> None:
    followed = followed_of(child)
    assert standing_of(followed, on=ON) is standing
    assert (followed.result.when.said if followed.result else None) == said
    assert bool(followed.evidence) is (child.hand_in is not None)


def test_a_measure_that_was_given_up_says_why() -> None:
    chief = actor(Role.CHIEF_PRIVACY_OFFICER, "chief")
    act = DutyCancellation(act_id="act/2", actor=chief, duty_id=MEASURE, reason="不要")
    child = measure(planned(), "2-1", status=DutyStatus.CANCELLED)
    given_up = Child(child.state, cancelled=record(act, duty=MEASURE))
    assert followed_of(given_up).cancelled == "不要"


def test_of_each_kind_the_last_act_is_kept() -> None:
    confirm = DutyConfirmation(act_id="act/3", actor=actor(), duty_id=MEASURE)
    told = DutyProgress(act_id="act/4", actor=actor(), duty_id=MEASURE, text="途中")
    records = [record(one, duty=MEASURE) for one in (hand_in(MEASURE, text="前"), hand_in(MEASURE), confirm, told)]
    assert records_by_kind(records) == {"handed_in": records[1], "confirmed": records[2]}


def _report(status: DutyStatus, digest: str | None, *, number: int = 1) -> Child:
    duty = report_duty("sample", ON, version=number)
    paper = None if digest is None else {"report_sha256": digest}
    act = hand_in(duty, paper=paper)
    content = {"on": ON.isoformat()}
    return Child(
        state(duty, content=content, status=status, opened_at=AT + timedelta(hours=number)),
        handed_in=record(act, duty=duty),
    )


def _complete() -> Family:
    return family(
        measure(done(), "1-1", handed_in=hand_in(measure_duty("sample", "1-1")), status=DutyStatus.CLOSED),
        measure(planned(), "2-1"),
    )


def test_a_report_is_approved_as_it_was_read_and_not_once_it_has_changed() -> None:
    there = _complete()
    digest = digest_of_report(report_of(there, on=ON))
    check_report(there, on=ON, digest=digest, at=AT)
    changed = family(there.children[0], measure(planned(text="別の文。"), "2-1"))
    refusals = {
        "report_changed": (changed, ON, digest),
        "report_incomplete": (family(), ON, digest),
        "report_of_the_future": (there, ON + timedelta(days=1), digest),
    }
    for code, (given, on, known) in refusals.items():
        with pytest.raises(RefusedError) as refused:
            check_report(given, on=on, digest=known, at=AT)
        assert refused.value.refusal.code == code


def test_a_guidance_ends_with_a_report_that_both_sides_approved() -> None:
    approved, half, other = "a" * 64, "b" * 64, _report(DutyStatus.CLOSED, None, number=3)
    there = family(_report(DutyStatus.HANDED_IN, half, number=2), _report(DutyStatus.CLOSED, approved), other)
    assert [digest for _, digest in approved_reports(there)] == [approved]
    assert digest_handed_in(None) is None
    check_filed(there, approved)
    with pytest.raises(RefusedError) as refused:
        check_filed(there, half)
    assert refused.value.refusal.code == "report_not_approved"


def test_a_measure_is_of_an_item_that_the_guidance_has() -> None:
    check_item(guidance(), done())
    with pytest.raises(RefusedError) as refused:
        check_item(guidance(), done("3-1"))
    assert refused.value.refusal.code == "unknown_item"


def test_the_day_of_a_report_is_in_its_content_and_its_deadline_is_that_of_the_duty_where_none_is_told() -> None:
    assert day_of_report(_report(DutyStatus.OPEN, None).state) == ON
    without = guidance(report_due_on=None).model_dump(mode="json")
    assert report_of(Family(state("guidance:sample", content=without)), on=ON).report_due_on == date(2023, 12, 31)


def test_a_report_is_under_a_guidance() -> None:
    there = family()
    assert of_a_guidance(there, DutyKind.STATUS_REPORT) is there
    for other in (None, Family(measure(planned(), "2-1").state)):
        with pytest.raises(RefusedError) as refused:
            of_a_guidance(other, DutyKind.STATUS_REPORT)
        assert refused.value.refusal.code == "not_of_a_guidance"


def _opening(duty_id: str, content: dict[str, Any]) -> DutyOpening:
    return DutyOpening(
        act_id="act/5",
        actor=actor(),
        duty_id=duty_id,
        department="privacy",
        title="見本",
        due_on=ON,
        content=content,
    )


def test_words_and_days_that_disagree_are_refused_whoever_sends_them() -> None:
    wrong = planned(when=when(latest_on=date(2023, 12, 30)))
    content = wrong.model_dump(mode="json", include=set(Measure.model_fields))
    twice = guidance(items=(guidance().items[0], guidance().items[0]))
    result = {"when": {"said": "令和5年12月迄", "latest_on": "2023-12-30"}}
    cases = (
        (None, _opening(MEASURE, content)),
        (None, _opening("guidance:sample", twice.model_dump(mode="json"))),
        (measure(planned(), "2-1").state, hand_in(MEASURE, paper=result)),
    )
    for there, act in cases:
        with pytest.raises(RefusedError) as refused:
            judge_duty(there, act, at=AT)
        assert refused.value.refusal.code == "duty_content"
    right = hand_in(MEASURE, paper=RESULT.model_dump(mode="json"))
    assert judge_duty(measure(planned(), "2-1").state, right, at=AT).then is DutyStatus.HANDED_IN
    assert judge_duty(measure(planned(), "2-1").state, hand_in(MEASURE), at=AT).then is DutyStatus.HANDED_IN


def test_who_entered_a_measure_may_tell_that_it_was_done_and_not_of_other_duties() -> None:
    there = measure(planned(), "2-1", owner="drafter", department="account-registration").state
    opener, other = actor(), actor(person="team-member")
    assert may_act_on_duty(there, DutyActKind.HAND_IN, actor=opener)
    assert not may_act_on_duty(there, DutyActKind.HAND_IN, actor=other)
    elsewhere = state("inspection:x", opened_by="auditor", department="account-registration")
    auditor = actor(Role.AUDITOR, "auditor", "audit")
    assert not may_act_on_duty(elsewhere, DutyActKind.HAND_IN, actor=auditor)
    assert [name_of(one) for one in (MEASURE, "measure:logout", "guidance:a.b")] == ["2-1", "logout", "a.b"]
    assert kind_of(report_duty("sample", ON, version=1)) is DutyKind.STATUS_REPORT
