"""計画管理書 (plan register, 様式1): derived from the register, so that it is always current (規則3条).

It goes to the Commission with every assessment. What its columns are was not confirmed; that its numbers are those of
the assessments was read in the explanation of the forms (記載要領).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

from guideline.deadlines import subtract_business_days
from guideline.organisation import department_names, holders
from guideline.procedure import steps_for
from guideline.provisions import FORM_INSTRUCTIONS_NUMBER, RULE_3, cited
from schemas.courses import Course
from schemas.forms.wording import NOTHING
from schemas.gates import Gate
from schemas.levels import Level
from schemas.organisation import Body, Organisation, Role
from schemas.plan import AssessmentFacts, DataSubjectsBand, HandlersBand, Need, Occurrence, Plan, PlanRow
from schemas.records import AssessmentRecord
from schemas.review import GroundKind, ReviewState, Step

_Choice = TypeVar("_Choice", bound=StrEnum)

_NOT_ON_ONE_LINE = re.compile(r"[\x00-\x1f\x7f]+")
_PUBLISHED_BEFORE = (Gate.HOLD_START, Gate.NETWORK_LINK_START)
"""公表を待つ関門: a file is held, and linked, only when its assessment is published (番号法28条1項・6項)."""


class _Procedure(NamedTuple):
    """手続の要否 (which steps the assessments of one level need) at one kind of body."""

    public_comment: Need
    third_party_check: Need


def plan_of(body: Body, facts: Iterable[AssessmentFacts], *, organisation: Organisation, on: date) -> Plan:
    """Give the plan of one body as of that day, in the order of the numbers.

    `facts` are those of the body's assessments. Raises NotInForceError for a day before the first procedure.
    """
    known = sorted(facts, key=lambda one: (_in_order(one.record.number), one.record.assessment_id))
    departments = department_names(organisation)
    procedures = {level: _procedure(level, body, on=on) for level in Level}
    return Plan(
        body=body.id,
        assessing_body=_cell(body.name),
        as_of=on,
        contact=_contact(body, organisation, departments),
        assessments=tuple(
            _row(one, body, department=departments.get(one.record.department), needs=procedures) for one in known
        ),
        warnings=tuple(_repeated_numbers(one.record for one in known)),
    )


def number_matches_plan(document: Mapping[str, object], *, number: str) -> str | None:
    """Say what is wrong with the number on the cover of a document; None when it is that of the plan.

    Numbers are compared without regard to width and white space (規則3条, 記載要領).
    """
    cover = document.get("cover")
    written = cover.get("assessment_number") if isinstance(cover, Mapping) else None
    why = f"計画管理書の番号「{number}」と同じでなければなりません（{cited((RULE_3, FORM_INSTRUCTIONS_NUMBER))}）"
    if not isinstance(written, str):
        return f"表紙の評価書番号: 記載がありません。{why}。「{number}」と記してください。"
    if _plain(written) == _plain(number):
        return None
    return f"表紙の評価書番号: 「{written}」と記されていますが、{why}。「{number}」に改めてください。"


def _row(facts: AssessmentFacts, body: Body, *, department: str | None, needs: Mapping[Level, _Procedure]) -> PlanRow:
    record, review = facts.record, facts.open_review
    gates = {one.gate: one.planned_on for one in review.opening.gates} if review else {}
    need = needs[record.effective_level]
    return PlanRow(
        number=_cell(record.number),
        name=_cell(record.name),
        lead_body=_cell(body.name),
        department=_cell(department or record.department),
        data_subjects=_choice(DataSubjectsBand, facts.threshold_items, "data_subjects", "band"),
        handlers=_choice(HandlersBand, facts.threshold_items, "handlers", "band"),
        serious_incident=_choice(Occurrence, facts.threshold_items, "serious_incident"),
        required_level=record.required_level,
        effective_level=record.effective_level,
        planned_on=_planned_on(review) if review else None,
        requirements_end_on=gates.get(Gate.REQUIREMENTS_END),
        programming_start_on=gates.get(Gate.PROGRAMMING_START),
        hold_start_on=gates.get(Gate.HOLD_START),
        network_link_start_on=gates.get(Gate.NETWORK_LINK_START),
        public_comment=need.public_comment,
        public_comment_on=facts.last_done_on.get(Step.PUBLIC_COMMENT),
        third_party_check=need.third_party_check,
        third_party_check_on=facts.last_done_on.get(Step.THIRD_PARTY_CHECK),
        submitted_on=facts.last_done_on.get(Step.SUBMISSION),
        published_on=record.published_on,
        verified_on=record.verified_on,
        five_years_due_on=record.five_years_due_on,
        ended_on=record.ended_on,
        standing=record.standing,
    )


def _procedure(level: Level, body: Body, *, on: date) -> _Procedure:
    steps = {row.step for row in steps_for(level=level, body_kind=body.kind, course=Course.REASSESS, on=on)}
    needs = (
        Need.NEEDED if step in steps else Need.NOT_NEEDED for step in (Step.PUBLIC_COMMENT, Step.THIRD_PARTY_CHECK)
    )
    return _Procedure(*needs)


def _planned_on(review: ReviewState) -> date | None:
    """実施予定: the last open day before what waits for the publication, or the end of the five years.

    Where neither is known it is the day on which the present turn is due. None where no 再実施 was decided; a first
    assessment goes its way.
    """
    if review.course is not Course.REASSESS:
        return None
    waiting = [one.takes_effect_on for one in review.grounds if one.takes_effect_on is not None]
    waiting += [one.planned_on for one in review.opening.gates if one.gate in _PUBLISHED_BEFORE]
    days = [subtract_business_days(day - timedelta(days=1), 0) for day in waiting]
    days += [one.due_on for one in review.grounds if one.kind is GroundKind.FIVE_YEARS and one.due_on is not None]
    return min(days, default=review.due_on)


def _contact(body: Body, organisation: Organisation, departments: Mapping[str, str]) -> str | None:
    """担当部署・連絡先: the department of the first of the 対策チーム, and how it is reached by mail."""
    team = holders(organisation, Role.TEAM_MEMBER, body=body.id)
    first = next((one for one in organisation.people if one.id in team[:1]), None)
    if first is None:
        return None
    department = departments.get(first.department, first.department)
    return _cell(department if first.mail is None else f"{department}（{first.mail}）")


def _repeated_numbers(records: Iterable[AssessmentRecord]) -> Iterator[str]:
    same: dict[str, list[AssessmentRecord]] = {}
    for record in records:
        same.setdefault(_plain(record.number), []).append(record)
    for found in same.values():
        if len(found) > 1:
            names = "、".join(f"「{one.name}」（{one.assessment_id}）" for one in found)
            yield (
                f"評価書番号「{found[0].number}」: {len(found)}件の評価書に付されています（{names}）。"
                f"番号は計画管理書の中で一つの評価書だけのものです（{RULE_3.article}）。"
                "番号を確かめ、いずれかを別の番号に改めてください。"
            )


def _choice(choices: type[_Choice], threshold_items: object, *keys: str) -> _Choice | None:
    value = threshold_items
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return next((one for one in choices if one == value), None)


def _in_order(number: str) -> tuple[tuple[str, int], ...]:
    """Give what sorts 「2」 before 「10」, and 「1-2」 between them."""
    parts = re.findall(r"(\D*)(\d*)", unicodedata.normalize("NFKC", number))
    return tuple((words, int(digits or 0)) for words, digits in parts)


def _plain(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).split())


def _cell(words: str) -> str:
    """Put the words on one line, as the form takes them."""
    line = _NOT_ON_ONE_LINE.sub(" ", words)
    return line if line.strip() else NOTHING
