"""報告の一覧 (view of a report): what was told, how late, and to whom it was told by which channel."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field, TypeAdapter

from guideline.deadlines import tokyo_date
from guideline.notices import SAID_OF_A_LATE_ONE, is_late
from guideline.organisation import person_of
from guideline.reporting_line import address_of
from guideline.risk_events import minister_sharing, reporting_delay
from schemas.base import Instant, Message
from schemas.letters import Means, NoticeProgress
from schemas.records import ReportedReview
from schemas.reports import Report, RiskEvent

if TYPE_CHECKING:
    from datetime import datetime

    from register.register import Register
    from schemas.organisation import Organisation
    from schemas.records import RecordedReport


class Arrival(StrEnum):
    """到達 (arrival): what became of a notice."""

    DELIVERED = "delivered"  # 送達済み
    UNDER_WAY = "under_way"  # 配送中
    LATE = "late"  # 遅延
    UNDELIVERED = "undelivered"  # 未達
    TOLD_OTHERWISE = "told_otherwise"  # 未達（別の手段で伝達済み）

    @property
    def label(self) -> str:
        """The arrival in Japanese."""
        return {
            "delivered": "送達済み",
            "under_way": "配送中",
            "late": "未達（送信を続けています）",
            "undelivered": "未達",
            "told_otherwise": "未達（別の手段で伝達済み）",
        }[self.value]


class Told(Message):
    """知らせた相手 (one who was told). `at`: when it was delivered, given up or told otherwise, else made."""

    recipient: str = Field(title="職員又は宛先")
    name: str = Field(title="氏名又は名称")
    of: str = Field(title="知らせた行為")
    channel: Means = Field(title="知らせ方")
    state: Arrival = Field(title="到達")
    at: Instant = Field(title="日時")
    failure: str | None = Field(default=None, title="届かない理由")


class ReportView(Message):
    """報告の一覧 (view): `delay_days` and `minister` are of a risk event."""

    report_id: str = Field(title="報告の番号")
    report: Report = Field(title="報告")
    reported_by: str = Field(title="報告した職員")
    reported_by_name: str = Field(title="報告した職員の氏名")
    reported_at: Instant = Field(title="報告の日時")
    delay_days: int | None = Field(default=None, title="把握した日から報告までの日数")
    delay: str | None = Field(default=None, title="報告までの日数の説明")
    with_minister: bool | None = Field(default=None, title="政務に共有する")
    minister: tuple[str, ...] = Field(default=(), title="政務への共有の理由")
    told: tuple[Told, ...] = Field(title="知らせた相手（知らせた順）")
    reviews: tuple[ReportedReview, ...] = Field(title="見直し")
    untouched: str | None = Field(default=None, title="どの評価書にも関わらないとする理由")


_REVIEWS = TypeAdapter(tuple[ReportedReview, ...])


async def report_view(register: Register, report_id: str, *, at: datetime) -> ReportView:
    """Read a report that is there, with what the team has added to it."""
    recorded = await register.recorded_report(report_id)
    answer = await register.stored_answer(report_id)
    if recorded is None or answer is None:
        raise LookupError(report_id)
    organisation = (await register.current_organisation()).organisation
    events = await register.risk_events(body=recorded.intake.actor.body)
    added = [one for one in events if one.adds_to == report_id]
    acts = (report_id, *(one.act_id for one in added))
    told = [one for act_id in acts for one in await register.notices_of_act(act_id)]
    reporter = person_of(organisation, recorded.intake.actor.person)
    return _with_event(
        ReportView(
            report_id=report_id,
            report=recorded.intake.report,
            reported_by=recorded.intake.actor.person,
            reported_by_name=reporter.name if reporter else "（組織表にいません）",
            reported_at=recorded.at,
            told=tuple(_told(one, organisation, at=at) for one in told),
            reviews=_REVIEWS.validate_python(answer.answer, strict=False),
            untouched=next((one.untouched for one in added if one.untouched), None),
        ),
        recorded,
    )


def _with_event(view: ReportView, recorded: RecordedReport) -> ReportView:
    event = recorded.intake.report
    if not isinstance(event, RiskEvent):
        return view
    on = tokyo_date(recorded.at)
    delay, sharing = reporting_delay(event, reported_on=on), minister_sharing(event, on=on)
    said = {"delay_days": delay.days, "delay": delay.sentence}
    return view.model_copy(update={**said, "with_minister": sharing.shared, "minister": sharing.reasons})


def _told(progress: NoticeProgress, organisation: Organisation, *, at: datetime) -> Told:
    who = progress.notice.person
    person, address = person_of(organisation, who), address_of(organisation, who)
    by_mail = address is not None or (person is not None and person.mail is not None)
    state, since = _arrival(progress)
    failure = progress.failure
    if state is Arrival.UNDER_WAY and by_mail and is_late(progress.made_at, at=at):
        state, failure = Arrival.LATE, SAID_OF_A_LATE_ONE
    return Told(
        recipient=who,
        name=person.name if person else address.title if address else "（組織表にいません）",
        of=progress.notice.notice_id.partition(">")[0],
        channel=progress.means or (Means.MAIL if by_mail else Means.INBOX),
        state=state,
        at=since,
        failure=failure,
    )


def _arrival(progress: NoticeProgress) -> tuple[Arrival, Instant]:
    if progress.delivered_at is not None:
        return Arrival.DELIVERED, progress.delivered_at
    if progress.settled_at is not None:
        return Arrival.TOLD_OTHERWISE, progress.settled_at
    if progress.failed_at is not None:
        return Arrival.UNDELIVERED, progress.failed_at
    return Arrival.UNDER_WAY, progress.made_at
