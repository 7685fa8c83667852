"""指導と改善策 (guidance): entered whole, followed measure by measure, reported on for any day, approved, closed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field

from client.errors import InvalidInputError, NotFoundError, no_guidance
from client.guidance_files import report_file
from client.guidance_input import WHERE, as_json, content_of, document_from, faulty, opening_of, title_of, to_json
from client.guidance_views import (
    GuidanceAct,
    GuidanceView,
    ReportState,
    ReportVersionView,
    guidance_view,
    item_asked_for,
    versions_of,
)
from client.input import message_from
from guideline.deadlines import add_business_days, tokyo_date
from guideline.duty_rules import DUTY_RULES
from guideline.guidance import faults_of, faults_of_measure
from guideline.guidance_duties import (
    document_of,
    guidance_duty,
    measure_duty,
    measure_of,
    report_duty,
)
from schemas.base import Message
from schemas.canonical import digest_of
from schemas.duties import DutyKind, DutyState, DutyStatus
from schemas.duty_acts import DutyActKind
from schemas.forms.wording import japanese_day
from schemas.guidance import GuidanceDocument, GuidanceItem, MeasureEntry, MeasureState
from schemas.records import StoredDocument

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from client.duties import Duties
    from guideline.guidance_duties import Family
    from register.register import Register
    from schemas.duty_acts import DutyReceipt

REPORT_FORM = "measures_report"
"""報告書の文書の様式: as a stored report is called."""

WITHIN = 5
"""確認と承認の期間: business days, where no other date is set."""


class GuidanceEntered(Message):
    """指導の登録の結果 (what entering a guidance did)."""

    guidance: str = Field(title="指導の識別子")
    entered: tuple[str, ...] = Field(title="新たに始めた義務")
    known: tuple[str, ...] = Field(title="既にあった義務")
    handed_in: tuple[str, ...] = Field(title="済として報告した改善策")


class Guidances:
    """指導と改善策: the verbs."""

    def __init__(self, register: Register, acting: Acting, duties: Duties, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._duties = duties
        self._now = now

    # --- 読む

    async def list(self, *, as_: str, scope: str = "open", page: int = 1) -> tuple[DutyState, ...]:
        """Give the guidances that a person may read, by date; scope is `open` or `all`."""
        return await self._duties.list(as_=as_, scope=scope, kind=DutyKind.GUIDANCE, page=page)

    async def show(self, guidance_id: str, *, as_: str, on: date | None = None) -> GuidanceView:
        """Give a guidance as of a day, today unless told.

        Raises NotFoundError when it is unknown, NotPermittedError where the person may not read it.
        """
        return guidance_view(await self._seen(guidance_id, viewer=as_), on=on or self._today())

    async def view(self, guidance_id: str, *, on: date | None = None) -> GuidanceView:
        """Give a guidance as of a day, to whoever sits at the machine. Raises NotFoundError."""
        return guidance_view(await self._known(guidance_id), on=on or self._today())

    async def item_of(self, measure: DutyState) -> GuidanceItem | None:
        """Give the item of the guidance that a measure, which somebody reads, is for; None where it has none."""
        above = await self._register.duties.find(measure.parent) if measure.parent else None
        return None if above is None else item_asked_for(measure, above)

    async def report(
        self,
        guidance_id: str,
        *,
        as_: str,
        viewer: str | None = None,
        on: date | None = None,
        version: int | None = None,
    ) -> bytes:
        """Give the report as a file: as of a day, today unless told, or a version that was put up for approval.

        What was approved says so; all else is a draft. Without a viewer it is for whoever sits at the machine. Raises
        as `show` does, and InvalidInputError for a format that there is not and where a PDF lacks its font.
        """
        family = await self._seen(guidance_id, viewer=viewer)
        return await report_file(self._register, family, as_=as_, on=on or self._today(), version=version)

    async def permitted(self, view: GuidanceView, *, as_: str) -> frozenset[GuidanceAct]:
        """Give what a person may do about a guidance now, as far as that does not hang on what they say."""
        pending = view.pending
        asked = {
            GuidanceAct.CONFIRM: bool(view.to_confirm)
            and await self._may(DutyActKind.CONFIRM, view.to_confirm[0], as_),
            GuidanceAct.CLOSE: view.can_be_closed and await self._may(_ending(view.state), view.state.duty_id, as_),
            GuidanceAct.MEASURE: view.is_open and await self._may_open(DutyKind.MEASURE, as_),
        }
        if pending is None:
            asked[GuidanceAct.APPROVE] = view.is_open and await self._may_open(DutyKind.STATUS_REPORT, as_)
        else:
            next_act = DutyActKind.HAND_IN if pending.digest is None else DutyActKind.CONFIRM
            asked[GuidanceAct.APPROVE] = await self._may(next_act, pending.duty_id, as_)
        return frozenset(act for act, may in asked.items() if may)

    async def may_enter(self, *, as_: str) -> bool:
        """Say whether a person may enter a guidance."""
        return await self._may_open(DutyKind.GUIDANCE, as_)

    async def _may(self, act: DutyActKind, duty_id: str, person: str) -> bool:
        return act in await self._duties.permitted(duty_id, as_=person)

    async def _may_open(self, kind: DutyKind, person: str) -> bool:
        actor = await self._acting.actor_on_duty(person, act=DutyActKind.OPEN, kind=kind)
        return actor.role in DUTY_RULES[kind].opens

    # --- 行う

    async def enter(self, content: bytes, *, as_: str) -> GuidanceEntered:
        """Enter a guidance with its measures (TOML or JSON): each becomes a duty; what is done is told as done.

        Entering the same again enters what is not there yet. Raises InvalidInputError with every fault; then nothing
        is recorded.
        """
        document = document_from(content)
        if faults := faults_of(document):
            raise faulty(faults)
        before = await self._register.duties.family(guidance_duty(document.id))
        self._is_the_same(before, document)
        there = {} if before is None else {one.state.duty_id: one.state for one in before.children}
        entered: list[str] = []
        known: list[str] = []
        handed_in: list[str] = []
        top = guidance_duty(document.id)
        if before is None:
            await self._duties.open(top, opening_of(document), as_=as_, act_id=f"enter/{top}")
        (entered if before is None else known).append(top)
        for one in document.measures:
            duty = measure_duty(document.id, one.id)
            if duty not in there:
                await self._open_measure(document.id, one, as_=as_, act_id=f"enter/{duty}")
            (known if duty in there else entered).append(duty)
            status = there[duty].status if duty in there else DutyStatus.OPEN
            if one.state is MeasureState.DONE and status is DutyStatus.OPEN:
                await self._tell_done(document.id, one, as_=as_)
                handed_in.append(duty)
        return GuidanceEntered(
            guidance=document.id, entered=tuple(entered), known=tuple(known), handed_in=tuple(handed_in)
        )

    def _is_the_same(self, before: Family | None, document: GuidanceDocument) -> None:
        if before is None or before.state.content_digest == digest_of(document.guidance.model_dump(mode="json")):
            return
        raise InvalidInputError(
            f"指導「{document.id}」は、別の内容で既に登録されています。",
            where=WHERE,
            remedy="別の識別子とするか、`minaoshi duty amend` で内容を変えてください。",
        )

    async def _open_measure(self, guidance_id: str, one: MeasureEntry, *, as_: str, act_id: str | None) -> DutyReceipt:
        is_planned = one.state is MeasureState.PLANNED and one.when is not None
        due_on = one.when.latest_on if is_planned and one.when else add_business_days(self._today(), WITHIN)
        content: dict[str, Any] = {
            "parent": guidance_duty(guidance_id),
            "department": one.department,
            "owner": one.owner,
            "title": title_of(one),
            "due_on": due_on.isoformat(),
            "content": content_of(one),
        }
        return await self._duties.open(measure_duty(guidance_id, one.id), to_json(content), as_=as_, act_id=act_id)

    async def _tell_done(self, guidance_id: str, one: MeasureEntry, *, as_: str) -> DutyReceipt:
        content: dict[str, Any] = {
            "text": one.text,
            "evidence": [paper.model_dump(mode="json") for paper in one.evidence],
        }
        if one.when is not None:
            content["done_on"] = one.when.latest_on.isoformat()
        return await self._duties.hand_in(measure_duty(guidance_id, one.id), to_json(content), as_=as_)

    async def measure(
        self, guidance_id: str, content: bytes, *, as_: str, reason: str | None = None, act_id: str | None = None
    ) -> DutyReceipt:
        """Add a measure, or amend one that is there (TOML or JSON), then with a reason.

        Its date is changed by postponing its duty. Raises NotFoundError, InvalidInputError, ActRefusedError.
        """
        if act_id is not None and (done := await self._register.duties.receipt(act_id)) is not None:
            return done
        family = await self._seen(guidance_id, viewer=as_)
        one = message_from(MeasureEntry, as_json(content, where="改善策"), where="改善策")
        if faults := faults_of_measure(one, document_of(family.state).guidance):
            raise faulty(faults)
        duty = measure_duty(guidance_id, one.id)
        known = next((child.state for child in family.children if child.state.duty_id == duty), None)
        if known is None:
            receipt = await self._open_measure(guidance_id, one, as_=as_, act_id=act_id)
            return await self._tell_done(guidance_id, one, as_=as_) if one.state is MeasureState.DONE else receipt
        if one.when != measure_of(known.content).when:
            raise InvalidInputError(
                "時期は、ここでは変えられません。",
                where="改善策",
                remedy="期限は `minaoshi duty postpone` で延ばし、実施は `minaoshi duty hand-in` で報告してください。",
            )
        change = {
            "title": title_of(one),
            "department": one.department,
            "owner": one.owner,
            "content": content_of(one),
            "reason": reason,
        }
        given = {name: value for name, value in change.items() if value is not None}
        return await self._duties.amend(duty, to_json(given), as_=as_, act_id=act_id)

    async def confirm_all(self, guidance_id: str, *, as_: str) -> tuple[DutyReceipt, ...]:
        """Confirm every measure that waits for it, one after the other. Raises ActRefusedError at the first refusal."""
        waiting = guidance_view(await self._seen(guidance_id, viewer=as_), on=self._today()).to_confirm
        return tuple([await self._duties.confirm(duty, as_=as_) for duty in waiting])

    async def approve(
        self,
        guidance_id: str,
        *,
        as_: str,
        on: date | None = None,
        digest: str | None = None,
        act_id: str | None = None,
    ) -> ReportVersionView:
        """Approve the report: first the team, as of a day, then the 総括保護管理者 the same text.

        `digest` is that of the text that was read. Raises NotFoundError, InvalidInputError where the report lacks
        something or was changed since, ActRefusedError.
        """
        family = await self._seen(guidance_id, viewer=as_)
        if act_id is not None and (done := await self._register.duties.receipt(act_id)) is not None:
            return next(one for one in versions_of(family) if one.duty_id == done.duty_id)
        pending = next((one for one in versions_of(family) if one.state is not ReportState.APPROVED), None)
        if pending is not None and pending.digest is not None:
            if digest not in (None, pending.digest):
                raise _other_text()
            await self._duties.confirm(pending.duty_id, as_=as_, act_id=act_id)
            await self._follow_up(guidance_id, as_=as_, act_id=act_id)
        else:
            as_of = pending.on if pending is not None else on or self._today()
            duty = pending.duty_id if pending is not None else None
            await self._put_up(family, guidance_id, as_=as_, on=as_of, digest=digest, duty=duty, act_id=act_id)
        versions = versions_of(await self._known(guidance_id))
        return versions[pending.version - 1] if pending is not None else versions[-1]

    async def _put_up(  # noqa: PLR0913 # of what, by whom, as of when, and what was read
        self,
        family: Family,
        guidance_id: str,
        *,
        as_: str,
        on: date,
        digest: str | None,
        duty: str | None,
        act_id: str | None,
    ) -> None:
        view = guidance_view(family, on=on)
        if view.missing:
            raise faulty(view.missing, where="改善策の実施状況")
        if digest not in (None, view.digest):
            raise _other_text()
        content = view.report.model_dump(mode="json")
        document = StoredDocument(sha256=view.digest, form=REPORT_FORM, form_version="1", content=content)
        if duty is None:
            number = 1 + sum(one.state.kind is DutyKind.STATUS_REPORT for one in family.children)
            duty = report_duty(guidance_id, on, version=number)
            due_on = max(family.state.due_on, add_business_days(self._today(), WITHIN))
            opening = {
                "parent": family.state.duty_id,
                "department": family.state.department,
                "title": f"改善策の実施状況（{japanese_day(on)}現在）",
                "due_on": due_on.isoformat(),
                "content": {"on": on.isoformat()},
            }
            await self._duties.open(duty, to_json(opening), as_=as_)
        if await self._may(DutyActKind.HAND_IN, duty, as_):
            await self._register.store_document(document, by=as_, at=self._now())
        paper = {"report_sha256": view.digest}
        await self._duties.hand_in(
            duty, to_json({"text": "報告書を承認した。", "paper": paper}), as_=as_, act_id=act_id
        )

    async def _follow_up(self, guidance_id: str, *, as_: str, act_id: str | None) -> None:
        """Put the date of the guidance off to the next day on which something planned is due; by who approved."""
        view = guidance_view(await self._known(guidance_id), on=self._today())
        ahead = [day for day in view.follow_ups if day > max(self._today(), view.state.due_on)]
        if ahead:
            content = {"due_on": ahead[0].isoformat(), "reason": "報告書を承認した。次に状況を報告する日まで。"}
            known = None if act_id is None else f"{act_id}/follow-up"
            await self._duties.postpone(view.state.duty_id, to_json(content), as_=as_, act_id=known)

    async def close(
        self,
        guidance_id: str,
        *,
        as_: str,
        reported_on: date | None = None,
        evidence: tuple[Any, ...] = (),
        act_id: str | None = None,
    ) -> DutyReceipt:
        """Close a guidance: the team tells that the last approved report was filed, the 総括保護管理者 confirms.

        Raises NotFoundError, InvalidInputError where no report is approved, ActRefusedError while a measure is open.
        """
        if act_id is not None and (done := await self._register.duties.receipt(act_id)) is not None:
            return done
        family = await self._seen(guidance_id, viewer=as_)
        duty = family.state.duty_id
        if family.state.status is DutyStatus.HANDED_IN:
            return await self._duties.confirm(duty, as_=as_, act_id=act_id)
        approved = [one for one in versions_of(family) if one.state is ReportState.APPROVED]
        if not approved:
            raise InvalidInputError(
                "両者が承認した報告書がまだありません。",
                where="改善策の実施状況",
                remedy="`minaoshi guidance approve` で、両者が承認してください。",
            )
        content = {
            "text": "承認した報告書を提出し、全ての改善策を終えた。",
            "evidence": list(evidence),
            "paper": {
                "reported_on": (reported_on or self._today()).isoformat(),
                "report_sha256": approved[-1].digest,
            },
        }
        return await self._duties.hand_in(duty, to_json(content), as_=as_, act_id=act_id)

    async def _seen(self, guidance_id: str, *, viewer: str | None) -> Family:
        """Give a guidance that the viewer may see; of another body it is told of as if it were not there."""
        if viewer is not None:
            try:
                await self._duties.rows_seen(guidance_duty(guidance_id), as_=viewer)
            except NotFoundError as unseen:
                unknown = no_guidance(guidance_id)
                raise type(unseen)(unknown.message, where=unknown.where, remedy=unknown.remedy) from None
        return await self._known(guidance_id)

    async def _known(self, guidance_id: str) -> Family:
        family = await self._register.duties.family(guidance_duty(guidance_id))
        if family is None:
            raise no_guidance(guidance_id)
        return family

    def _today(self) -> date:
        return tokyo_date(self._now())


def _ending(state: DutyState) -> DutyActKind:
    return DutyActKind.CONFIRM if state.status is DutyStatus.HANDED_IN else DutyActKind.HAND_IN


def _other_text() -> InvalidInputError:
    return InvalidInputError(
        "読まれた後に、報告書の内容が変わりました。",
        where="改善策の実施状況",
        remedy="今の内容を読み直し、改めて承認してください。",
    )
