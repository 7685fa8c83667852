"""実施手続の見え方 (procedure as seen): each step, who records it, with which paper, between which days, and why."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from guideline.prior_notice import prior_notice
from guideline.procedure import StepRow
from guideline.provisions import cited
from guideline.step_checks import earliest_day
from guideline.turns import level_of, next_step, steps_of
from schemas.base import Message
from schemas.courses import Course
from schemas.review import DoneStep, Party, ReviewState, Stage, Step


class StepView(Message):
    """手続の一段の見え方."""

    step: Step = Field(title="手続")
    sentence: str = Field(title="内容")
    by: tuple[Party, ...] = Field(title="記録する者")
    paper: str | None = Field(title="証する資料")
    paper_needed: bool = Field(title="資料がなければ記録できない")
    earliest_on: date | None = Field(title="最も早い日")
    due_on: date | None = Field(title="期限")
    done_on: date | None = Field(title="行った日")
    until_on: date | None = Field(default=None, title="意見聴取の終了日")
    to_be_revised: bool = Field(default=False, title="案の改訂を要する")
    provisions: str = Field(title="根拠")
    confirmed: bool = Field(title="根拠を確かめた")


def procedure_of(review: ReviewState) -> tuple[StepView, ...]:
    """Give the steps of the review's procedure, in order; none before its course is decided."""
    following = next_step(review) if review.stage is Stage.PROCEDURE else None
    done = {one.step: one for one in review.steps if one.stands}
    return tuple(_step(row, review, done.get(row.step), is_next=row == following) for row in steps_of(review))


def _step(row: StepRow, review: ReviewState, done: DoneStep | None, *, is_next: bool) -> StepView:
    earliest = earliest_day(review, row) if is_next else None
    return StepView(
        step=row.step,
        sentence=row.sentence,
        by=row.by,
        paper=row.evidence.paper if row.evidence else None,
        paper_needed=row.evidence is not None and row.evidence.needed,
        earliest_on=earliest[0] if earliest else None,
        due_on=review.due_on if is_next else None,
        done_on=done.done_on if done else None,
        until_on=done.until_on if done else None,
        to_be_revised=done is not None and done.to_be_revised and done.revision == review.revision,
        provisions=cited(row.provisions),
        confirmed=row.confirmed,
    )


def prior_notice_of(review: ReviewState) -> str | None:
    """Say what is to be thought of besides: the prior notice of the file (番号法28条5項); nothing without a text."""
    if review.course not in (Course.AMEND, Course.REASSESS):
        return None
    answer = prior_notice(level=level_of(review), body_kind=review.opening.body_kind, course=review.course)
    doubt = "" if answer.confirmed else "、要確認"
    return f"{answer.sentence}（{cited(answer.provisions)}{doubt}）"
