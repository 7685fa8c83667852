"""漏えい等報告の期限 (deadlines of a breach): by when what is to be reported, and to whom; from the day of knowing.

The day on which any department of the body knew is the first day; days on which the offices of the State are closed
count, but a final report never falls due on one (漏えい等報告規則3条, 行政機関の休日に関する法律2条).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from guideline.breach_notices import notices_of
from guideline.breach_report import BreachJudgement, LawVerdict, Reportable, SituationState, is_contractor
from guideline.breach_situations import BreachLaw, SituationRow
from guideline.deadlines import next_open_day, tokyo_date
from guideline.provisions import (
    BREACH_3_1,
    BREACH_3_2,
    BREACH_4,
    CLOSED_DAYS_1,
    CLOSED_DAYS_2,
    HANDLING_2_3B,
    HANDLING_2_3C,
    HANDLING_2_3D,
    HANDLING_2_3E,
    HANDLING_2_3F,
    LAW_29_4_1,
    PRIVACY_RULE_44,
    Provision,
    cited,
    rows_in_force,
)
from schemas.breach import Knowledge, KnownBy
from schemas.forms.wording import japanese_day


class DeadlineKind(StrEnum):
    """期限の種類 (kind of deadline): what is to be done."""

    PRELIMINARY = "preliminary"  # 速報
    FINAL = "final"  # 確報
    GUIDELINE_REPORT = "guideline_report"  # ガイドラインによる報告
    NOTICE_TO_PERSONS = "notice_to_persons"  # 本人への通知
    NOTICE_TO_PRINCIPAL = "notice_to_principal"  # 委託元への通知

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return _KINDS[self]


_KINDS = {
    DeadlineKind.PRELIMINARY: "速報",
    DeadlineKind.FINAL: "確報",
    DeadlineKind.GUIDELINE_REPORT: "ガイドラインによる報告",
    DeadlineKind.NOTICE_TO_PERSONS: "本人への通知",
    DeadlineKind.NOTICE_TO_PRINCIPAL: "委託元への通知",
}


@dataclass(frozen=True, slots=True)
class BreachPeriodRow:
    """報告の期間 (period): from which day to which day, the day of knowing being the first; longer for 不正の目的."""

    in_force_on: date
    kind: DeadlineKind
    law: BreachLaw
    from_days: int
    to_days: int
    improper_days: int
    sentence: str
    provisions: tuple[Provision, ...]
    confirmed: bool


_GUIDE = "速やかに{what}。目安はおおむね三日から五日です（目安であり、法令の定める日数ではありません）"
_FINAL = "事態を知った日を一日目として三十日以内（不正の目的によるおそれがある事態では六十日以内）に報告します"


def _periods(since: date, *, confirmed: bool) -> tuple[BreachPeriodRow, ...]:
    number_act, privacy_act, _ = BreachLaw
    reported = _GUIDE.format(what="報告します")
    notified = _GUIDE.format(what="委託元に通知します")
    preliminary, final, principal = DeadlineKind.PRELIMINARY, DeadlineKind.FINAL, DeadlineKind.NOTICE_TO_PRINCIPAL
    # Whether the day of knowing is the first of the three to five is not said: so counted, it is the safe side.
    return (
        BreachPeriodRow(
            since, preliminary, number_act, 3, 5, 5, reported, (BREACH_3_1, HANDLING_2_3D), confirmed=False
        ),
        BreachPeriodRow(since, final, number_act, 30, 30, 60, _FINAL, (BREACH_3_2, HANDLING_2_3E), confirmed=confirmed),
        BreachPeriodRow(since, principal, number_act, 3, 5, 5, notified, (BREACH_4, HANDLING_2_3F), confirmed=False),
        BreachPeriodRow(since, preliminary, privacy_act, 3, 5, 5, reported, (PRIVACY_RULE_44,), confirmed=False),
        BreachPeriodRow(since, final, privacy_act, 30, 30, 60, _FINAL, (PRIVACY_RULE_44,), confirmed=confirmed),
    )


PERIODS = (*_periods(date(2022, 4, 1), confirmed=False), *_periods(date(2025, 10, 1), confirmed=True))
"""報告の期間: all rows, the oldest first. A released row is never edited."""


@dataclass(frozen=True, slots=True)
class BreachDeadline:
    """期限 (deadline): what is to be done between two days; None where no day is set.

    `situations` are those that it is counted for, by id. Of an undecided judgement it is counted as if they were met.
    """

    kind: DeadlineKind
    law: BreachLaw
    situations: tuple[str, ...]
    known_on: date
    earliest: date | None
    latest: date | None
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool

    @property
    def label(self) -> str:
        """What is to be done and by which law, as a person reads it."""
        return f"{self.kind.label}（{self.law.label}）"


@dataclass(frozen=True, slots=True)
class Clock:
    """起算 (start of the clock): the day of knowing, and why it is that one."""

    known_on: date
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]


def clock_of(knowledge: Iterable[Knowledge], *, names: Mapping[str, str] = MappingProxyType({})) -> Clock:
    """Give the day on which the clock starts: the first on which any department knew (ガイドライン別添2の3D).

    What a contractor knew does not start it; its notice does, at the latest. `names` are those of departments, by id.
    Raises ValueError where nobody knew.
    """
    first = min(knowledge, key=lambda one: one.known_on, default=None)
    if first is None:
        raise ValueError("事態を知った部署が一つもありません。いずれかの部署が知った日を指定してください。")
    day = japanese_day(first.known_on)
    if first.known_by is KnownBy.CONTRACTOR_NOTICE:
        why, clauses = f"{day}に委託先から通知を受けたため、遅くともこの日に知ったものとして数えます", (HANDLING_2_3C,)
    else:
        why, clauses = (
            f"いずれかの部署が最初に知った日（{day}、{names.get(first.department, first.department)}）から数えます",
            (HANDLING_2_3D,),
        )
    return Clock(first.known_on, (f"{why}（{cited(clauses)}）。",), clauses)


def deadlines_of(
    judgement: BreachJudgement, *, known_on: date, situations_known_on: Mapping[str, date] = MappingProxyType({})
) -> tuple[BreachDeadline, ...]:
    """Give what is to be done after a judgement, and by when; nothing where nothing is.

    `known_on` is the day on which any department first knew of the event (see `clock_of`). `situations_known_on` gives,
    by the id of a situation, a later day on which the body first knew of what makes it one, such as that on which the
    number came to more than a hundred: it has a clock of its own. Raises ValueError for a day before `known_on`.
    """
    for name, day in situations_known_on.items():
        if day < known_on:
            raise ValueError(
                f"「{name}」を知った日（{japanese_day(day)}）が、"
                f"事態を最初に知った日（{japanese_day(known_on)}）より前です。"
            )
    rows = rows_in_force(PERIODS, on=judgement.on, rule="漏えい等報告の期限")
    found: list[BreachDeadline] = []
    for verdict in judgement.verdicts:
        counted = _counted(judgement, verdict)
        days = {one.id: situations_known_on.get(one.id, known_on) for one in counted}
        counting = _Counting(judgement, verdict, counted, days, known_on)
        kinds = _kinds(judgement)
        for day in sorted(set(days.values())):
            of_law = (row for row in rows if row.law is verdict.law and row.kind in kinds)
            found += (counting.deadline(row, day=day) for row in of_law)
    return (*found, *_without_days(judgement, known_on=known_on))


def _counted(judgement: BreachJudgement, verdict: LawVerdict) -> tuple[SituationRow, ...]:
    """Give the situations that a clock is counted for: those met, or while none is, those that may yet be."""
    if verdict.law is BreachLaw.GUIDELINE or verdict.reportable is Reportable.NO:
        return ()
    state = SituationState.MET if verdict.reportable is Reportable.YES else SituationState.UNDECIDED
    return tuple(one.row for one in judgement.of(state, law=verdict.law))


def _kinds(judgement: BreachJudgement) -> tuple[DeadlineKind, ...]:
    reports = (DeadlineKind.PRELIMINARY, DeadlineKind.FINAL)
    if is_contractor(judgement.facts) and judgement.facts.principal_has_duty is not False:
        return (*reports, DeadlineKind.NOTICE_TO_PRINCIPAL)
    return reports


@dataclass(frozen=True, slots=True)
class _Counting:
    """What the clocks of one law are counted for."""

    judgement: BreachJudgement
    verdict: LawVerdict
    situations: tuple[SituationRow, ...]
    days: Mapping[str, date]
    first_known_on: date

    @property
    def decided(self) -> bool:
        return self.verdict.reportable is Reportable.YES

    @property
    def improper(self) -> tuple[SituationRow, ...]:
        """What makes the period longer; before it is decided nothing does, which is the safe side."""
        return tuple(one for one in self.situations if one.improper and self.decided)

    @property
    def may_be_improper(self) -> bool:
        undecided = self.judgement.of(SituationState.UNDECIDED, law=self.verdict.law)
        return not self.improper and any(one.row.improper for one in undecided)

    def deadline(self, row: BreachPeriodRow, *, day: date) -> BreachDeadline:
        group = tuple(one for one in self.situations if self.days[one.id] == day)
        days = row.improper_days if self.improper else row.to_days
        counted_to = day + timedelta(days=days - 1)
        final = row.kind is DeadlineKind.FINAL
        latest = next_open_day(counted_to) if final else counted_to
        closed = (CLOSED_DAYS_1, CLOSED_DAYS_2) if latest != counted_to else ()
        principal = (LAW_29_4_1,) if row.kind is DeadlineKind.NOTICE_TO_PRINCIPAL else ()
        of_group = tuple(clause for one in group for clause in one.provisions)
        reasons = [
            f"{row.sentence}（{cited(row.provisions)}）。",
            *self._why_this_day(group, day),
            *(self._why_this_period(days, day) if final else ()),
        ]
        if closed:
            reasons.append(
                f"{japanese_day(counted_to)}は行政機関の休日に当たるため、"
                f"その後の最初の開庁日の{japanese_day(latest)}が期限です（{cited(closed)}）。"
            )
        return BreachDeadline(
            kind=row.kind,
            law=row.law,
            situations=tuple(one.id for one in group),
            known_on=day,
            earliest=latest if final else day + timedelta(days=row.from_days - 1),
            latest=latest,
            reasons=tuple(reasons),
            provisions=tuple(dict.fromkeys((*row.provisions, *of_group, *closed, *principal))),
            confirmed=row.confirmed
            and self.verdict.confirmed
            and self.decided
            and day == self.first_known_on
            and not self._improper_later_than(day),
        )

    def _improper_later_than(self, day: date) -> bool:
        return all(self.days[one.id] > day for one in self.improper) and bool(self.improper)

    def _why_this_day(self, group: tuple[SituationRow, ...], day: date) -> Iterator[str]:
        names = "、".join(one.name for one in group)
        if not self.decided:
            yield f"{names}に当たるかはまだ決まりません。安全側をとり、当たるものとして数えました（要確認）。"
        elif day > self.first_known_on:
            yield (
                f"{names}に当たることは{japanese_day(day)}に知ったため、その日を一日目として、別に数えます（要確認）。"
            )
        else:
            yield f"{names}に当たります。{japanese_day(day)}を一日目として数えました。"

    def _why_this_period(self, days: int, day: date) -> Iterator[str]:
        if self.improper:
            names = "、".join(one.name for one in self.improper)
            yield f"{names}に当たるため、他の事態にも当たるときも、期間は{days}日です。"
        elif self.may_be_improper:
            yield "不正の目的によるおそれがあるかが決まらないため、短い期間で数えました。あると分かれば長くなります。"
        if self._improper_later_than(day):
            yield "そのおそれは後の日に知ったため、先に知った事態の期間まで延びるかは要確認です。"


def _without_days(judgement: BreachJudgement, *, known_on: date) -> Iterator[BreachDeadline]:
    guideline = judgement.verdict(BreachLaw.GUIDELINE)
    if guideline.reportable is Reportable.YES:
        yield BreachDeadline(
            kind=DeadlineKind.GUIDELINE_REPORT,
            law=BreachLaw.GUIDELINE,
            situations=tuple(one.row.id for one in judgement.of(SituationState.MET, law=BreachLaw.GUIDELINE)),
            known_on=known_on,
            earliest=None,
            latest=None,
            reasons=(f"個人情報保護委員会に報告します。期限の定めはありません（{HANDLING_2_3B.article}）。",),
            provisions=guideline.provisions,
            confirmed=guideline.confirmed,
        )
    for notice in notices_of(judgement):
        if notice.items:
            yield BreachDeadline(
                kind=DeadlineKind.NOTICE_TO_PERSONS,
                law=notice.law,
                situations=tuple(one.row.id for one in judgement.of(SituationState.MET, law=notice.law)),
                known_on=known_on,
                earliest=None,
                latest=None,
                reasons=notice.reasons,
                provisions=notice.provisions,
                confirmed=notice.confirmed,
            )


def moves_of(earlier: Iterable[BreachDeadline], later: Iterable[BreachDeadline]) -> tuple[str, ...]:
    """Say which dates moved between two judgements of one event, and why; nothing where none did."""
    before = {(one.kind, one.law, one.known_on): one for one in earlier if one.latest}
    after = {(one.kind, one.law, one.known_on): one for one in later if one.latest}
    return (
        *_moved(before, after),
        *(f"{one.label}は、要しなくなりました。" for key, one in before.items() if key not in after),
    )


_Dated = Mapping[tuple[DeadlineKind, BreachLaw, date], BreachDeadline]


def _moved(before: _Dated, after: _Dated) -> Iterator[str]:
    for key, one in after.items():
        was = before.get(key)
        day = japanese_day(one.latest or one.known_on)
        if was is None:
            yield f"{one.label}の期限{day}が加わりました。{''.join(one.reasons[1:])}"
        elif was.latest != one.latest:
            moved = f"{japanese_day(was.latest or was.known_on)}から{day}に変わりました"
            yield f"{one.label}の期限が、{moved}。{''.join(one.reasons[1:])}"


@dataclass(frozen=True, slots=True)
class ReportDelay:
    """報告までの日数 (delay): how many days went by between knowing and reporting."""

    days: int
    sentence: str
    provisions: tuple[Provision, ...]


def delay_of(known_on: date, reported_at: datetime) -> ReportDelay:
    """Say how many days after a department knew it reported, by the calendar of Japan.

    Raises ValueError for an instant without a time zone, or on a day before.
    """
    reported_on = tokyo_date(reported_at)
    days = (reported_on - known_on).days
    if days < 0:
        raise ValueError(
            f"報告した日（{japanese_day(reported_on)}）が、知った日（{japanese_day(known_on)}）より前です。"
            "どちらが正しいかを確かめてください。"
        )
    if days == 0:
        return ReportDelay(0, f"知った日（{japanese_day(known_on)}）のうちに報告されました。", (HANDLING_2_3D,))
    sentence = (
        f"知った日（{japanese_day(known_on)}）から報告（{japanese_day(reported_on)}）まで{days}日が過ぎています。"
        f"速報と確報の期限は、報告した日ではなく、知った日から数えます（{HANDLING_2_3D.article}）。"
    )
    return ReportDelay(days, sentence, (HANDLING_2_3D,))
