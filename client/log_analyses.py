"""ログ分析 (log analyses): the systems as a file, the paper of a month from a CSV, and an anomaly as a risk event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from client.duty_batches import Applied, Wanted, open_all
from client.errors import InvalidInputError, NotFoundError
from client.input import message_from
from client.log_summaries import summary_from
from client.privacy_audits import paper_in
from guideline.audit_checks import log_paper_of
from guideline.deadlines import last_of_month, tokyo_date
from guideline.duty_rules import DUTY_RULES
from guideline.duty_series import due_after_month, latest_of_each, series_of
from rendering.audit_pictures import MonthDrawn, volume_svg
from schemas.audit_papers import AnalysedSystems, LogAnalysisContent, LogAnalysisPaper
from schemas.canonical import digest_of
from schemas.duties import DutyKind, DutyStatus, Interval
from schemas.duty_acts import DutyHandIn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from client.duties import Duties
    from client.reports import Reports
    from register.register import Register
    from schemas.duties import DutyState
    from schemas.duty_acts import DutyHistory, DutyReceipt
    from schemas.events import EventState

_WHERE = "ログ分析の対象の一覧"
_DUE = DUTY_RULES[DutyKind.LOG_ANALYSIS].due_business_day
_MOST_MONTHS = 24


class Anomaly(NamedTuple):
    """異常 (anomaly): its number in the paper, what it is, and the risk event that it became."""

    number: int
    text: str
    event: EventState | None


class Month(NamedTuple):
    """一月の分析 (analysis of one month), with its paper once there is one."""

    state: DutyState
    paper: LogAnalysisPaper | None
    late: bool


class LogAnalyses:
    """ログ分析: what the duties alone do not show."""

    def __init__(
        self, register: Register, acting: Acting, duties: Duties, reports: Reports, *, now: Callable[[], datetime]
    ) -> None:
        self._register = register
        self._acting = acting
        self._duties = duties
        self._reports = reports
        self._now = now

    async def apply(self, content: bytes, *, as_: str) -> Applied:
        """Begin the monthly analysis of each system that is not analysed yet; the rest opens month by month.

        Raises InvalidInputError with every fault, NotPermittedError; then nothing is opened.
        """
        listed = message_from(AnalysedSystems, content, where=_WHERE)
        wanted = []
        for one in listed.systems:
            year, month = one.first_month.split("-")
            begins_on = last_of_month(tokyo_date(self._now()).replace(year=int(year), month=int(month), day=1))
            said = {
                "title": f"{one.system}のログ分析",
                "department": one.department,
                "begins_on": begins_on.isoformat(),
                "due_on": due_after_month(begins_on, _DUE or 0).isoformat(),
                "repeats": Interval.MONTH.value,
                "content": {"system": one.system},
            }
            wanted.append(Wanted(f"{DutyKind.LOG_ANALYSIS.value}:{one.name}.{one.first_month}", said))
        return await open_all(
            wanted, duties=self._duties, rows=self._register.duties, acting=self._acting, as_=as_, where=_WHERE
        )

    async def systems(self, *, as_: str) -> tuple[DutyState, ...]:
        """Give the last analysis of each system that is analysed: the list of systems, as it stands."""
        every = await self._duties.every(as_=as_, kind=DutyKind.LOG_ANALYSIS)
        latest = latest_of_each(one for one in every if one.repeats is not None)
        return tuple(one for one in latest if one.status is not DutyStatus.CANCELLED)

    async def months(self, duty_id: str, *, as_: str) -> tuple[Month, ...]:
        """Give the analyses of the system of one duty month by month, the newest two years. Raises as `show` does."""
        state = (await self._analysis(duty_id, as_=as_)).state
        today = tokyo_date(self._now())
        every = await self._duties.every(as_=as_, kind=DutyKind.LOG_ANALYSIS)
        found = sorted(
            (one for one in every if series_of(one) == series_of(state)),
            key=lambda one: one.duty_id,
        )
        months = []
        for one in found[-_MOST_MONTHS:]:
            paper = None
            if one.handed_in_by is not None:
                said = paper_in(await self._duties.show(one.duty_id, as_=as_))
                paper = None if said is None else LogAnalysisPaper.read(said)
            months.append(Month(one, paper, late=one.status is DutyStatus.OPEN and one.due_on < today))
        return tuple(months)

    async def volume_svg(self, duty_id: str, *, as_: str) -> str:
        """Draw the volume and the anomalies of the system of one duty over the months."""
        months = await self.months(duty_id, as_=as_)
        drawn = tuple(
            MonthDrawn(
                one.state.duty_id.rpartition(".")[2],
                one.paper.volume if one.paper else None,
                len(one.paper.anomalies) if one.paper else 0,
                one.late,
            )
            for one in months
        )
        return volume_svg(system_of(months[-1].state), drawn)

    async def submit(
        self, duty_id: str, content: bytes, *, summary: bytes | None = None, as_: str, act_id: str | None = None
    ) -> DutyReceipt:
        """分析の報告: as `hand_in`; what the CSV `summary` says need not be in the paper.

        Raises InvalidInputError with every fault of the CSV.
        """
        await self._analysis(duty_id, as_=as_)
        said: dict[str, Any] = json.loads(content)
        if summary is not None:
            said["paper"] = {**said.get("paper", {}), **summary_from(summary).paper}
        return await self._duties.hand_in(duty_id, json.dumps(said).encode(), as_=as_, act_id=act_id)

    async def anomalies(self, duty_id: str, *, as_: str) -> tuple[Anomaly, ...]:
        """Give the anomalies of the last paper, with the events that they became."""
        history = await self._analysis(duty_id, as_=as_)
        paper = paper_in(history)
        if paper is None:
            return ()
        found = log_paper_of(paper).anomalies
        return tuple(
            [
                Anomaly(number, text, await self._register.find_event(_event_id(duty_id, number, text)))
                for number, text in enumerate(found, start=1)
            ]
        )

    async def report_anomaly(self, duty_id: str, number: int, *, as_: str) -> str:
        """リスク事案とする: an anomaly becomes a risk event, once; gives its number, whoever asks again.

        Raises NotFoundError for an anomaly that the paper does not have.
        """
        anomalies = {one.number: one for one in await self.anomalies(duty_id, as_=as_)}
        if number not in anomalies:
            raise NotFoundError(
                f"ログ分析 {duty_id} に、{number}番目の異常はありません。",
                where="異常の番号",
                remedy="`minaoshi logs anomalies` で番号を確かめてください。",
            )
        one = anomalies[number]
        event_id = _event_id(duty_id, number, one.text)
        if one.event is not None:
            return event_id
        history = await self._analysis(duty_id, as_=as_)
        handed_in = [record for record in history.acts if isinstance(record.act, DutyHandIn)][-1]
        event = {
            "title": f"ログ分析で見つかった異常: {system_of(history.state)}"[:200],
            "facts": f"{one.text[:3800]}\n（ログ分析 {duty_id}、{number}番目の異常）",
            "known_on": tokyo_date(handed_in.at).isoformat(),
            "known_by_department": history.state.department,
            "system": system_of(history.state),
        }
        await self._reports.risk(json.dumps(event).encode(), as_=as_, act_id=event_id)
        return event_id

    async def _analysis(self, duty_id: str, *, as_: str) -> DutyHistory:
        history = await self._duties.show(duty_id, as_=as_)
        if history.state.kind is not DutyKind.LOG_ANALYSIS:
            raise InvalidInputError(
                f"義務 {duty_id} はログ分析ではありません。",
                where="義務番号",
                remedy="`minaoshi logs systems` で番号を確かめてください。",
            )
        return history


def system_of(state: DutyState) -> str:
    """Name the system that is analysed."""
    return LogAnalysisContent.read(state.content).system


def _event_id(duty_id: str, number: int, text: str) -> str:
    """Give the number of the event: made of the anomaly, so that another that takes its place is another event."""
    return f"{duty_id}/{digest_of({'number': number, 'text': text})[:16]}"
