"""見直しの見え方 (views): a review as one person may see it.

A finding is hidden from the other party until that one has given its own.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from client.act_texts import reason_of, text_of
from client.procedure_view import StepView, prior_notice_of, procedure_of
from guideline.provisions import cited
from guideline.separation_of_duties import PARTY_OF_ROLE, holders_in
from guideline.turns import next_step, standing_finding, standing_findings, waits_for
from guideline.violations import violations
from schemas.acts import ActKind, Finding
from schemas.base import Instant, Line, Message, ReviewId
from schemas.courses import Course
from schemas.gates import Gate
from schemas.organisation import Person, Role
from schemas.review import Party, ReviewState, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guideline.gates import GateStanding
    from schemas.records import ActRecord, AssessmentRecord, OrganisationRevision, ReviewRecord

OF_A_DRAFT = "案の内容は、担当部署と、機関の全体を見る者に示します。"
_OF_A_DRAFT = frozenset({ActKind.SUBMIT, ActKind.RETURN})

HIDDEN = "もう一方の当事者が検討結果を示すまで伏せられています。"


class Viewer(Message):
    """見る者 (viewer), with the parties they belong to; nobody where the viewer is not named."""

    person: str | None
    parties: tuple[Party, ...]
    reads_all: bool = False

    @classmethod
    def of(cls, person: Person, *, revision: OrganisationRevision, review: ReviewState) -> Viewer:
        """Give the person as a viewer of that review."""

        def holds(role: Role) -> bool:
            return person.id in holders_in(review, revision.organisation, role)

        parties = tuple(dict.fromkeys(party for role, party in PARTY_OF_ROLE.items() if holds(role)))
        return cls(person=person.id, parties=parties, reads_all=holds(Role.AUDITOR) or Party.CHIEF in parties)


class FindingView(Message):
    """検討結果の見え方."""

    party: Party = Field(title="当事者")
    person: str = Field(title="検討した者")
    facts_revision: int = Field(title="事実の版")
    stands: bool = Field(title="有効")
    hidden: bool = Field(title="伏せられている")
    course: Course | None = Field(title="結論")
    reason: str = Field(title="理由")


class TimelineRow(Message):
    """経過の一行."""

    sequence: int = Field(title="通し番号")
    at: Instant = Field(title="日時")
    act: ActKind = Field(title="行為")
    person: str = Field(title="職員")
    role: Role = Field(title="役割")
    stands_in: bool = Field(title="代理として行った")
    text: str = Field(title="内容")


class GateView(Message):
    """関門の見え方."""

    gate: Gate = Field(title="関門")
    planned_on: date = Field(title="予定日")
    passed_on: date | None = Field(title="通過した日")
    needs: Step = Field(title="それまでに要る手続")
    met: bool = Field(title="その手続が済んでいる")
    warning: str | None = Field(title="警告")
    provisions: str = Field(title="根拠")
    confirmed: bool = Field(title="根拠を確かめた")


class ReviewView(Message):
    """見直しの見え方 (review as seen)."""

    review_id: ReviewId = Field(title="見直し番号")
    assessment_id: str = Field(title="評価書")
    assessment_name: Line = Field(title="評価書名")
    run_id: str = Field(title="実行の番号")
    state: ReviewState = Field(title="状態")
    gates: tuple[GateView, ...] = Field(default=(), title="関門")
    violations: tuple[str, ...] = Field(default=(), title="評価書の公表より先に生じる変更")
    procedure: tuple[StepView, ...] = Field(default=(), title="実施手続")
    prior_notice: str | None = Field(default=None, title="事前通知")
    waits_for: tuple[Party, ...] = Field(title="番にある者")
    next_step: Step | None = Field(title="次の手続")
    findings: tuple[FindingView, ...] = Field(title="検討結果")
    timeline: tuple[TimelineRow, ...] = Field(title="経過")


def view_of(  # noqa: PLR0913 # what is shown, to whom, and on which day
    record: ReviewRecord,
    *,
    assessment: AssessmentRecord,
    acts: Sequence[ActRecord],
    viewer: Viewer,
    gates: Sequence[GateStanding] = (),
    on: date,
) -> ReviewView:
    """Show a review to a viewer."""
    state = record.state
    hidden = {given.act_id for given in state.findings if given.stands and not _may_see(given.party, state, viewer)}
    texts = {one.act.act_id: text_of(one.act) for one in acts}
    reasons = {one.act.act_id: reason_of(one.act) for one in acts if isinstance(one.act, Finding)}
    findings = tuple(
        FindingView(
            party=given.party,
            person=given.person,
            facts_revision=given.facts_revision,
            stands=given.stands,
            hidden=given.act_id in hidden,
            course=None if given.act_id in hidden else given.course,
            reason=HIDDEN if given.act_id in hidden else reasons.get(given.act_id, ""),
        )
        for given in state.findings
    )
    timeline = tuple(
        TimelineRow(
            sequence=one.sequence,
            at=one.at,
            act=one.act.act,
            person=one.act.actor.person,
            role=one.act.actor.role,
            stands_in=one.act.actor.stands_in,
            text=HIDDEN if one.act.act_id in hidden else texts[one.act.act_id],
        )
        for one in acts
    )
    following = next_step(state)
    return ReviewView(
        review_id=record.review_id,
        assessment_id=record.assessment_id,
        assessment_name=assessment.name,
        run_id=record.run_id,
        state=_without_hidden(state, hidden),
        gates=tuple(_gate(one) for one in gates),
        violations=tuple(one.sentence for one in violations(state, on=on)),
        procedure=procedure_of(state),
        prior_notice=prior_notice_of(state),
        waits_for=waits_for(state),
        next_step=following.step if following else None,
        findings=findings,
        timeline=timeline,
    )


def in_course(view: ReviewView) -> ReviewView:
    """Give what is seen of the course alone: nothing that was said of a draft."""
    rows = (row.model_copy(update={"text": OF_A_DRAFT}) if row.act in _OF_A_DRAFT else row for row in view.timeline)
    return view.model_copy(update={"timeline": tuple(rows)})


def _gate(standing: GateStanding) -> GateView:
    return GateView(
        gate=standing.gate,
        planned_on=standing.planned_on,
        passed_on=standing.passed_on,
        needs=standing.needs,
        met=standing.met,
        warning=standing.warning,
        provisions=cited(standing.provisions),
        confirmed=standing.confirmed,
    )


def _may_see(party: Party, state: ReviewState, viewer: Viewer) -> bool:
    if viewer.reads_all or party in viewer.parties:
        return True
    if any(standing_finding(state, own) is not None for own in viewer.parties):
        return True
    return len(standing_findings(state)) > 1


def _without_hidden(state: ReviewState, hidden: set[str]) -> ReviewState:
    shown = tuple(given for given in state.findings if given.act_id not in hidden)
    return state.model_copy(update={"findings": shown})
