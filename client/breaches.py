"""漏えい等報告 (breach reports): what is reportable and by when, asked without a register; and drafts for an event."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pydantic import Field, JsonValue

from client.breach_documents import draft_for, report_from
from client.errors import ActRefusedError, InvalidInputError, no_event
from client.input import message_from
from client.report_papers import export_draft, export_version
from client.report_versions import ReportComparison, comparison_of
from guideline.breach_deadlines import DeadlineKind, deadlines_of
from guideline.breach_facts import faults_of_facts
from guideline.breach_report import BreachJudgement, judge_breach
from guideline.breach_situations import BreachLaw
from guideline.deadlines import tokyo_date
from guideline.events import refusal_of_event_act
from guideline.provisions import NotInForceError
from schemas.base import Message
from schemas.breach import BreachFacts, Happening, Holder, ReportKind
from schemas.event_acts import EventActKind
from schemas.events import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from client.acting import Acting
    from client.looking import Looking
    from register.register import Register
    from schemas.events import EventState


class BreachDates(Message):
    """漏えい等報告の期限 (dates): of the reports under 番号法29条の4, with how they were counted."""

    preliminary_due_on: date | None = Field(title="速報の期限（目安の最終日）")
    final_due_on: date | None = Field(title="確報の期限")
    counted: tuple[str, ...] = Field(title="数え方")
    provisions: tuple[str, ...] = Field(title="根拠")
    confirmed: bool = Field(title="根拠が確認済みである")


class SituationRow(Message):
    """事態ごとの判断 (a situation as it is shown)."""

    situation: str = Field(title="事態")
    state: str = Field(title="該当")
    label: str = Field(title="該当（日本語）")


class Classification(Message):
    """報告の要否 (classification): whether a report is due by what is known, and why."""

    reportable: Answer = Field(title="番号法・個情法による報告の要否")
    guideline: Answer = Field(title="ガイドラインによる報告の要否")
    situations: tuple[SituationRow, ...] = Field(title="事態")
    reasons: tuple[str, ...] = Field(title="理由")
    questions: tuple[str, ...] = Field(title="確かめる問い")
    provisions: tuple[str, ...] = Field(title="根拠")
    confirmed: bool = Field(title="根拠が確認済みである")


WRITING = (EventActKind.APPROVE_REPORT, EventActKind.UPDATE_FACTS)
"""報告書を書く者 (who writes a report): one who may approve it now, or tell new facts of the event."""

_NONE, _OCCURRED = Happening.NONE, Happening.OCCURRED
_NOTHING_ELSE: dict[str, object] = {
    **dict.fromkeys(("leak", "loss", "damage", "improper_purpose", "improper_use", "improper_provision"), _NONE),
    **dict.fromkeys(("seen_by_many", "unlawful_use", "unlawful_provision", "other_violation"), _NONE),
    **dict.fromkeys(("network_system", "number_use_system", "number_related_system", "retained"), False),
    "holder": Holder.PUBLIC_BODY,
    "specific": True,
    "in_file": True,
    "persons_at_most": 1,
}
_OF_SITUATION: dict[int, dict[str, object]] = {
    1: {"leak": _OCCURRED, "number_use_system": True},
    2: {"improper_use": Happening.FEARED},
    3: {"seen_by_many": _OCCURRED},
    4: {"leak": _OCCURRED, "persons_at_most": 101},
}
"""各号の事実 (facts of each item): an event that meets that item of 報告規則2条, and by itself no other."""


_LIMB = re.compile(r"(規則第2条第[124]号)[イロハ]")
"""各号のどれか: which limb of an item is met was not asked."""


class Breaches:
    """漏えい等報告: questions, and drafts."""

    def __init__(self, register: Register, acting: Acting, *, looking: Looking, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._looking = looking
        self._now = now

    @staticmethod
    def deadlines(known_on: date, situations: Iterable[int]) -> BreachDates:
        """期限: by when to report an event of those items of 報告規則2条; the day of knowing is the first.

        Raises InvalidInputError for an item that is none, and for a day before the rules that are known here.
        """
        facts = dict(_NOTHING_ELSE)
        chosen = sorted(set(situations))
        for one in chosen:
            if one not in _OF_SITUATION:
                raise _invalid(f"事態は1から4までの号で指定してください（{one}が指定されました）。")
            facts |= _OF_SITUATION[one]
        if not chosen:
            raise _invalid("事態が一つも指定されていません。")
        judgement = _judged(BreachFacts(known_on=known_on, **facts), on=known_on)  # type: ignore[arg-type] # of their types
        dated = {one.kind: one for one in deadlines_of(judgement, known_on=known_on) if one.law is BreachLaw.NUMBER_ACT}
        two = (dated[DeadlineKind.PRELIMINARY], dated[DeadlineKind.FINAL])
        preliminary, final = (one.latest for one in two)
        return BreachDates(
            preliminary_due_on=preliminary,
            final_due_on=final,
            counted=tuple(dict.fromkeys(_LIMB.sub(r"\1", reason) for one in two for reason in one.reasons)),
            provisions=tuple(dict.fromkeys(clause.article for one in two for clause in one.provisions)),
            confirmed=all(one.confirmed for one in two),
        )

    @staticmethod
    def classify(content: bytes, *, on: date | None = None) -> Classification:
        """要否: `content` is JSON of BreachFacts; what is left empty is not known. By the rules of today unless told.

        Raises InvalidInputError for what are no such facts or can't be so, and for a day before the rules that are
        known here.
        """
        facts = message_from(BreachFacts, content, where="漏えい等の事実")
        on = on or tokyo_date(datetime.now(UTC))
        if faults := faults_of_facts(facts, on=on):
            raise InvalidInputError(
                f"{len(faults)}件の誤りがあります。",
                where="漏えい等の事実",
                remedy="示された箇所を直してください。",
                faults=tuple(one.sentence for one in faults),
            )
        judgement = _judged(facts, on=on)
        return Classification(
            reportable=Answer(judgement.reportable.value),
            guideline=Answer(judgement.verdict(BreachLaw.GUIDELINE).reportable.value),
            situations=tuple(
                SituationRow(situation=one.row.name, state=one.state.value, label=one.state.label)
                for one in judgement.findings
            ),
            reasons=judgement.reasons,
            questions=judgement.questions,
            provisions=tuple(one.article for one in judgement.provisions),
            confirmed=judgement.confirmed,
        )

    async def draft(self, event_id: str, *, kind: str, viewer: str | None = None) -> dict[str, JsonValue]:
        """報告書の案: as far as the facts of the event go; what is not known is said to be unknown.

        Raises NotFoundError for an unknown event, InvalidInputError for an unknown kind of report, and as
        `see_writing` does.
        """
        if viewer is not None:
            await self.see_writing(event_id, as_=viewer)
        if kind not in tuple(ReportKind):
            raise _invalid(f"報告の区分「{kind}」はありません。", remedy=_KINDS)
        return draft_for(await self._event(event_id), kind=ReportKind(kind), on=tokyo_date(self._now()))

    async def see_writing(self, event_id: str, *, as_: str) -> None:
        """See that a person may write a report on an event (see `WRITING`).

        Raises ActRefusedError for others, and as `Events.show` does for what the person does not see.
        """
        state = await self._event(event_id, viewer=as_)
        refusals = []
        for kind in WRITING:
            actor = await self._acting.actor_on_event(as_, act=kind, state=state)
            refusals.append(refusal_of_event_act(state, kind, actor=actor, at=self._now()))
        refusal = refusals[0]
        if refusal is not None and None not in refusals:
            raise ActRefusedError(refusal)

    async def check(self, event_id: str, document: bytes, *, viewer: str | None = None) -> None:
        """報告書の検査: by its form and by the facts of the event, as before an approval; nothing is recorded.

        Raises InvalidDocumentError with every error, InvalidInputError where it is on another form; as `draft` does.
        """
        if viewer is not None:
            await self.see_writing(event_id, as_=viewer)
        report_from(document, state=await self._event(event_id), now=self._now())

    async def export(
        self,
        event_id: str,
        *,
        as_: str,
        version: str | None = None,
        draft: str | None = None,
        viewer: str | None = None,
    ) -> bytes:
        """報告書の書き出し: a version (`final/2`; the last one unless told) or a draft of a kind, as pdf, json or html.

        Raises NotFoundError for an unknown event or version, InvalidInputError for an unknown format or kind of report
        and where a PDF lacks its font; as `Events.show` does for what the viewer does not see.
        """
        state = await self._event(event_id, viewer=viewer)
        if draft is not None and viewer is not None:
            await self.see_writing(event_id, as_=viewer)
        if draft is None:
            return await export_version(self._register, state, as_=as_, version=version)
        if version is not None:
            raise _invalid("案に版はありません。", remedy="版と案の、どちらか一つを示してください。")
        return await export_draft(state, as_=as_, kind=draft, on=tokyo_date(self._now()))

    async def compare(
        self, event_id: str, *, versions: tuple[str, str] | None = None, viewer: str | None = None
    ) -> ReportComparison:
        """報告書の版の比較: the last version with what it corrects or follows, unless two are named.

        Raises NotFoundError for an unknown event or version, and where there is nothing to compare with; as `export`.
        """
        return await comparison_of(self._register, await self._event(event_id, viewer=viewer), versions)

    async def _event(self, event_id: str, *, viewer: str | None = None) -> EventState:
        await self._looking.event(event_id, viewer=viewer)
        state = await self._register.find_event(event_id)
        if state is None:
            raise no_event(event_id)
        return state


_KINDS = "preliminary（速報）、final（確報）、supplement（追完）のどれかを指定してください。"


def _judged(facts: BreachFacts, *, on: date) -> BreachJudgement:
    try:
        return judge_breach(facts, on=on)
    except NotInForceError as error:
        raise _invalid(str(error)) from None


def _invalid(message: str, *, remedy: str = "示された値を確かめてください。") -> InvalidInputError:
    return InvalidInputError(message, where="漏えい等報告", remedy=remedy)
