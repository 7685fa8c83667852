"""報告 (reports): a department, or anyone of the body, tells of a change or a risk event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from client.errors import ActRefusedError, InvalidInputError, NotFoundError, no_report
from client.input import message_from
from client.report_sending import taken
from client.report_view import ReportView, report_view
from guideline.deadlines import tokyo_date
from guideline.refusals import RefusedError, refuse
from guideline.risk_events import faults_of_event
from guideline.separation_of_duties import see_may_add, see_may_report
from guideline.threshold import level_of_new_business
from schemas.acts import ActKind, Intake
from schemas.canonical import act_digest, digest_of
from schemas.levels import Level
from schemas.organisation import Actor, Role
from schemas.records import AssessmentRecord, ReportedReview, Standing
from schemas.reports import AnyReport, ChangeReport, EndOfBusiness, NewBusiness, RiskEvent, Untouched

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import date, datetime

    from client.acting import Acting
    from client.looking import Looking
    from client.report_sending import ReportSending
    from register.register import Register

LONGEST_ACT_ID = 120
"""A report's act id is the stem of other ids: 120 characters at most."""


class Reports:
    """報告を受け付ける."""

    def __init__(
        self,
        register: Register,
        acting: Acting,
        sending: Callable[[], Awaitable[ReportSending]],
        *,
        looking: Looking,
        now: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._acting = acting
        self._looking = looking
        self._sending = sending
        self._now = now

    async def see_permitted(self, *, as_: str) -> None:
        """Raise ActRefusedError for a person who may report nothing: whoever only audits."""
        actor = await self._acting.actor(as_, act=ActKind.JOIN)
        try:
            see_may_report(actor.role)
        except RefusedError as refused:
            raise ActRefusedError(refused.refusal) from None

    async def change(self, content: bytes, *, as_: str, act_id: str | None = None) -> tuple[ReportedReview, ...]:
        """環境の変化の報告: gives the review of each assessment that was named.

        The same report by the same person, or the same act id, gives the first answer. Raises InvalidInputError,
        NotFoundError; then nothing is recorded.
        """
        await self.see_permitted(as_=as_)
        report = message_from(ChangeReport, content, where="環境の変化の報告")
        return await self._take_in(report, as_=as_, act_id=act_id)

    async def risk(self, content: bytes, *, as_: str, act_id: str | None = None) -> tuple[ReportedReview, ...]:
        """リスク事案の報告: as `change`; anybody of the body, with what is known so far.

        Where no assessment is named no review opens until the team adds one; all who must know are told at once. Where
        it is not said when and where it was known, that is today and the reporter's own department.
        """
        await self.see_permitted(as_=as_)
        person, revision = await self._acting.person(as_)
        today = tokyo_date(self._now())
        # An act that is sent again on another day is still the same act.
        before = await self._register.report(act_id) if act_id else None
        known_on = before.report.known_on if before else today
        defaults = {"known_on": known_on.isoformat(), "known_by_department": person.department}
        report = message_from(RiskEvent, content, where="リスク事案の報告", defaults=defaults)
        faults = faults_of_event(report, organisation=revision.organisation, body=person.body, on=today)
        if faults:
            raise InvalidInputError(
                f"{len(faults)}件の誤りがあります。",
                where="リスク事案の報告",
                remedy="示された箇所を直してください。",
                faults=faults,
            )
        return await self._take_in(report, as_=as_, act_id=act_id)

    async def new_business(self, content: bytes, *, as_: str, act_id: str | None = None) -> tuple[ReportedReview, ...]:
        """新たな事務の報告: enters the assessment that is to come, and opens its review at drafting.

        Raises InvalidInputError where no assessment is required nor chosen (規則4条3号), or the id is taken.
        """
        await self.see_permitted(as_=as_)
        report = message_from(NewBusiness, content, where="新たな事務の報告")
        actor = await self._acting.actor(as_, act=ActKind.JOIN)
        await self._acting.department(report.department)
        _is_required(report, on=tokyo_date(self._now()))
        await self._is_free(report, body=actor.body)
        return await self._take_in(report, as_=as_, act_id=act_id)

    async def end_of_business(
        self, content: bytes, *, as_: str, act_id: str | None = None
    ) -> tuple[ReportedReview, ...]:
        """事務の終了の報告: as `change`; raises InvalidInputError for an assessment whose business has ended before."""
        await self.see_permitted(as_=as_)
        report = message_from(EndOfBusiness, content, where="事務の終了の報告")
        return await self._take_in(report, as_=as_, act_id=act_id)

    async def add(
        self, report_id: str, assessments: Sequence[str], *, as_: str, act_id: str | None = None
    ) -> tuple[ReportedReview, ...]:
        """評価書の追加: the team adds assessments to a report, which the department alone does not delimit.

        Raises NotFoundError for an unknown report, InvalidInputError for one who is not of the team.
        """
        known = await self._known(report_id)
        if not assessments:
            raise InvalidInputError(
                "加える評価書がありません。", where="評価書の追加", remedy="評価書の識別子を一つ以上指定してください。"
            )
        content = {**known.report.model_dump(mode="json"), "assessments": list(assessments)}
        model = type(known.report)
        report = message_from(model, json.dumps(content, ensure_ascii=False).encode(), where="評価書の追加")
        return await self._take_in(report, as_=as_, act_id=act_id, adds_to=known)

    async def untouched(self, report_id: str, reason: str, *, as_: str, act_id: str | None = None) -> None:
        """評価書に関わらない: the team says in writing that a risk event touches no assessment; it leaves the inbox.

        Raises as `add` does, and InvalidInputError for an event of which assessments were named.
        """
        known = await self._known(report_id)
        named = [one for one in await self._additions(known) if one.report.assessments]
        if not isinstance(known.report, RiskEvent) or known.report.assessments or named:
            raise InvalidInputError(
                f"報告「{report_id}」には、関係する評価書が示されています。",
                where="評価書に関わらない",
                remedy="評価書の見直しの中で検討し、結論を示してください。",
            )
        said = message_from(Untouched, json.dumps({"reason": reason}).encode(), where="評価書に関わらない")
        await self._take_in(known.report, as_=as_, act_id=act_id, adds_to=known, untouched=said.reason)

    async def show(self, report_id: str, *, viewer: str | None = None) -> ReportView:
        """Give a report with who was told of it, when, by which channel, and whether it arrived.

        Raises NotFoundError when it is unknown or of another body than the viewer's, NotPermittedError where it
        concerns other departments alone.
        """
        await self._looking.report(report_id, viewer=viewer)
        await self._known(report_id)
        return await report_view(self._register, report_id, at=self._now())

    async def permitted(self, report_id: str, *, as_: str) -> tuple[str, ...]:
        """Name which of `add` and `untouched` a person may do about a report; raises as `show` does."""
        await self._looking.report(report_id, viewer=as_)
        known = await self._known(report_id)
        actor = await self._acting.actor(as_, act=ActKind.ACKNOWLEDGE)
        if (
            actor.role is not Role.TEAM_MEMBER
            or actor.body != known.actor.body
            or isinstance(known.report, NewBusiness)
        ):
            return ()
        return ("add", "untouched") if await self._names_none(known) else ("add",)

    async def see_may_be_done(self, report_id: str, act: str, *, as_: str) -> None:
        """Raise ActRefusedError where a person may not do that about a report; raises as `show` does."""
        if act in await self.permitted(report_id, as_=as_):
            return
        known = await self._known(report_id)
        actor = await self._acting.actor(as_, act=ActKind.ACKNOWLEDGE)
        _may_add(actor, called=_ABOUT_A_REPORT[act])
        raise InvalidInputError(
            f"報告「{known.report.title}」について、{_ABOUT_A_REPORT[act]}はできません。",
            where="報告",
            remedy="報告のページで、今できることを確かめてください。",
        )

    async def _names_none(self, known: Intake) -> bool:
        """Say whether it is a risk event of which no assessment was named, and none said to be untouched."""
        if not isinstance(known.report, RiskEvent) or known.report.assessments:
            return False
        return not any(one.report.assessments or one.untouched for one in await self._additions(known))

    async def _known(self, report_id: str) -> Intake:
        known = await self._register.report(report_id)
        if known is None:
            raise no_report(report_id)
        return known

    async def _additions(self, known: Intake) -> list[Intake]:
        events = await self._register.risk_events(body=known.actor.body)
        return [one for one in events if one.adds_to == known.act_id]

    async def _take_in(  # what is taken in, by whom, as which act, and to what it belongs
        self,
        report: AnyReport,
        *,
        as_: str,
        act_id: str | None,
        adds_to: Intake | None = None,
        untouched: str | None = None,
    ) -> tuple[ReportedReview, ...]:
        actor = await self._acting.actor(as_, act=ActKind.JOIN if adds_to is None else ActKind.ACKNOWLEDGE)
        if adds_to is not None:
            _may_add(actor, called=_ABOUT_A_REPORT["untouched" if untouched else "add"])
        if not isinstance(report, NewBusiness):
            await self._all_known(report, body=actor.body)
        said = {"adds_to": adds_to.act_id, "untouched": untouched} if adds_to and untouched else {}
        # An act id becomes the id of workflows, which the engine keeps in clear: it names nobody.
        content = digest_of({**report.model_dump(mode="json"), **said, "reported_by": as_})
        named = act_id is not None
        act_id = act_id or f"{report.report}/{content[:32]}"
        if len(act_id) > LONGEST_ACT_ID:
            raise InvalidInputError(
                f"行為番号が{LONGEST_ACT_ID}字を超えています。", where="行為番号", remedy="短い行為番号にしてください。"
            )
        intake = Intake(
            act_id=act_id,
            actor=actor,
            report=report,
            adds_to=adds_to.act_id if adds_to else None,
            untouched=untouched,
        )
        if named:
            await self._is_no_other(intake)
        answer = await (await self._sending()).take_in(intake)
        if answer.was_known:
            await self._is_no_other(intake)
        return answer.reviews

    async def _is_no_other(self, intake: Intake) -> None:
        known = await self._register.report(intake.act_id)
        if known is not None and act_digest(known) != act_digest(intake):
            raise InvalidInputError(
                f"行為番号 {intake.act_id} は、別の内容の報告に既に使われています。",
                where="行為番号",
                remedy="新しい行為番号で報告してください。",
            )

    async def _is_free(self, report: NewBusiness, *, body: str) -> None:
        """See that the id is not taken; that of an assessment that was planned and withdrawn may be used again."""
        try:
            there = await self._register.assessment(report.assessment_id)
        except LookupError:
            return
        if there.version or (there.name, there.number, there.body) != (report.name, report.number, body):
            raise taken(f"評価書「{report.assessment_id}」は、別の内容で既に登録されています。")

    async def _all_known(self, report: ChangeReport | RiskEvent | EndOfBusiness, *, body: str) -> None:
        for assessment_id in report.assessments:
            try:
                assessment = await self._register.assessment(assessment_id)
            except LookupError:
                assessment = None
            if assessment is None or assessment.body != body:
                raise NotFoundError(
                    f"評価書「{assessment_id}」はこの機関の台帳にありません。",
                    where="assessments",
                    remedy="`minaoshi assessment list` で識別子を確かめてください。",
                )
            await self._may_be_reported(report, assessment)

    async def _may_be_reported(self, report: AnyReport, assessment: AssessmentRecord) -> None:
        """See that there is something to be reviewed: published, or in the review of its first assessment."""
        if isinstance(report, EndOfBusiness) and assessment.standing is not Standing.PUBLISHED:
            raise InvalidInputError(
                f"評価書「{assessment.assessment_id}」の事務は公表中ではありません（{assessment.standing.label}）。",
                where="assessments",
                remedy="公表中の評価書を指定してください。公表前の評価は、事由の取下げにより終えてください。",
            )
        unpublished = assessment.standing is Standing.PLANNED
        if unpublished and await self._register.open_review_of(assessment.assessment_id) is None:
            raise ActRefusedError(refuse("nothing_published").refusal)


def _is_required(report: NewBusiness, *, on: date) -> None:
    """しきい値判断 before anything is recorded: what need not be assessed is begun only by choice."""
    if level_of_new_business(report, on=on).effective is not Level.NOT_REQUIRED:
        return
    raise InvalidInputError(
        "しきい値判断により、特定個人情報保護評価の実施は義務付けられません（規則第4条第3号）。",
        where="新たな事務の報告",
        remedy="対象人数を確かめてください。任意に実施するときは、voluntary_level を記してください。",
    )


_ABOUT_A_REPORT = {"add": "評価書の追加", "untouched": "評価書に関わらないとすること"}


def _may_add(actor: Actor, *, called: str) -> None:
    try:
        see_may_add(actor.role, called=called)
    except RefusedError as refused:
        raise ActRefusedError(refused.refusal) from None
