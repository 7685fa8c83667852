"""しきい値判断 (threshold analysis): which level of assessment a business needs, from its numbers (規則4条-7条)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from guideline.deadlines import years_after
from guideline.provisions import (
    GUIDELINE_SERIOUS_INCIDENT,
    GUIDELINE_VOLUNTARY,
    LAW_28_1,
    RULE_4_3,
    RULE_4_8_A,
    RULE_4_8_B,
    RULE_5_1,
    RULE_6_1_1,
    RULE_6_1_2,
    RULE_7_1,
    Provision,
    cited,
    rows_in_force,
)
from schemas.forms.wording import japanese_day
from schemas.levels import Level
from schemas.reports import NewBusiness


@dataclass(frozen=True, slots=True)
class Result:
    """判断結果 (result): the level that a case leads to, and the clauses that say so."""

    level: Level
    provisions: tuple[Provision, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """対象人数の区分 (band): from this many persons (以上) up to the next band.

    `raised` is the result where the handlers reach their number or there was a 重大事故.
    """

    at_least: int
    ordinary: Result
    raised: Result


_NONE = Result(Level.NOT_REQUIRED, (RULE_4_3,))
_BASIC_FROM_1000 = Result(Level.BASIC_ITEMS, (RULE_5_1, RULE_4_8_A))
_BASIC_FROM_10000 = Result(Level.BASIC_ITEMS, (RULE_5_1, RULE_4_8_B))
_PRIORITY_FROM_10000 = Result(Level.PRIORITY_ITEMS, (RULE_5_1, RULE_6_1_1))
_PRIORITY_FROM_100000 = Result(Level.PRIORITY_ITEMS, (RULE_5_1, RULE_6_1_2))
_ALL = Result(Level.ALL_ITEMS, (RULE_5_1, LAW_28_1, RULE_7_1))


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """しきい値 (thresholds) in force from a day on. Every number belongs to its upper side (以上)."""

    in_force_on: date
    bands: tuple[Band, ...]
    many_handlers: int
    incident_years: int
    confirmed: bool = True

    @property
    def assessed_from(self) -> int:
        """The number of persons from which an assessment is a duty (規則4条3号)."""
        return self.bands[1].at_least

    def band_of(self, data_subjects: int) -> Band:
        """Give the band of a number of persons."""
        return max((band for band in self.bands if band.at_least <= data_subjects), key=lambda band: band.at_least)


THRESHOLDS = (
    ThresholdRow(
        in_force_on=date(2016, 1, 1),  # the same in every version read since then; earlier ones were not read
        bands=(
            Band(0, ordinary=_NONE, raised=_NONE),
            Band(1_000, ordinary=_BASIC_FROM_1000, raised=_BASIC_FROM_1000),
            Band(10_000, ordinary=_BASIC_FROM_10000, raised=_PRIORITY_FROM_10000),
            Band(100_000, ordinary=_PRIORITY_FROM_100000, raised=_ALL),
            Band(300_000, ordinary=_ALL, raised=_ALL),
        ),
        many_handlers=500,
        incident_years=1,
    ),
)
"""しきい値: all rows, the oldest first. A released row is never edited; a new one is added."""


def thresholds(*, on: date) -> ThresholdRow:
    """Give the thresholds in force on that day. Raises NotInForceError before the first row."""
    return rows_in_force(THRESHOLDS, on=on, rule="しきい値判断")[0]


@dataclass(frozen=True, slots=True)
class ThresholdAnalysis:
    """しきい値判断 (threshold analysis): the facts, the level they ask for, and why."""

    data_subjects: int
    handlers: int
    serious_incident: bool
    on: date
    required_level: Level
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def analyse_threshold(*, data_subjects: int, handlers: int, serious_incident: bool, on: date) -> ThresholdAnalysis:
    """しきい値判断: the level that one business of one body needs on that day (規則4条3号・8号, 5条-7条).

    `data_subjects` and `handlers` are persons (see `guideline.data_subjects`); `serious_incident` says whether a
    重大事故 occurred at the body, or became known to it, within one year (see `serious_incident_within_one_year`).
    Raises ValueError for a negative number and NotInForceError for a day before the first row.
    """
    refuse_negative("対象人数", data_subjects)
    refuse_negative("取扱者数", handlers)
    row = thresholds(on=on)
    band = row.band_of(data_subjects)
    result = band.raised if serious_incident or handlers >= row.many_handlers else band.ordinary
    return ThresholdAnalysis(
        data_subjects=data_subjects,
        handlers=handlers,
        serious_incident=serious_incident,
        on=on,
        required_level=result.level,
        reasons=(
            f"対象人数は{data_subjects:,}人で、{_range(row, band)}です。",
            *_other_facts(row, band, handlers=handlers, serious_incident=serious_incident),
            f"{_CONCLUSIONS[result.level]}（{cited(result.provisions)}）。",
        ),
        provisions=result.provisions,
        confirmed=row.confirmed,
    )


_CONCLUSIONS = MappingProxyType(
    {
        Level.NOT_REQUIRED: "特定個人情報保護評価の実施は義務付けられません。任意に実施することはできます",
        Level.BASIC_ITEMS: "基礎項目評価の実施が義務付けられます",
        Level.PRIORITY_ITEMS: "基礎項目評価及び重点項目評価の実施が義務付けられます",
        Level.ALL_ITEMS: (
            "基礎項目評価及び全項目評価の実施が義務付けられます。"
            "全項目評価の手続は、行政機関等では番号法第28条、地方公共団体等では規則第7条によります"
        ),
    }
)


def _range(row: ThresholdRow, band: Band) -> str:
    until = next((upper.at_least for lower, upper in pairwise(row.bands) if lower is band), None)
    return (f"{band.at_least:,}人以上" if band.at_least else "") + (f"{until:,}人未満" if until else "")


def _other_facts(row: ThresholdRow, band: Band, *, handlers: int, serious_incident: bool) -> Iterator[str]:
    side = "以上" if handlers >= row.many_handlers else "未満"
    yield f"取扱者数は{handlers:,}人で、{row.many_handlers:,}人{side}です。"
    happened = "があります" if serious_incident else "はありません"
    yield f"過去{row.incident_years}年以内の特定個人情報に関する重大事故{happened}。"
    if band.ordinary == band.raised:
        yield "この対象人数では、取扱者数と重大事故の有無は結果を変えません。"


def refuse_negative(what: str, number: int) -> None:
    """Raise ValueError where a number of persons is negative; `what` names it in Japanese."""
    if number < 0:
        raise ValueError(f"{what}は0以上の人数で指定してください（{number:,}が指定されました）。")


@dataclass(frozen=True, slots=True)
class SeriousIncident:
    """特定個人情報に関する重大事故 (serious incident) of one body; the day it occurred may be unknown.

    Raises ValueError where it became known before it occurred.
    """

    body: str
    occurred_on: date | None
    became_known_on: date

    def __post_init__(self) -> None:
        if self.occurred_on is not None and self.became_known_on < self.occurred_on:
            raise ValueError(
                f"重大事故を知った日（{japanese_day(self.became_known_on)}）が、"
                f"発生した日（{japanese_day(self.occurred_on)}）より前です。"
            )


@dataclass(frozen=True, slots=True)
class IncidentFinding:
    """重大事故の有無 (incident finding): what Ⅱ3 of 様式2 answers, and the incidents that count."""

    serious_incident: bool
    incidents: tuple[SeriousIncident, ...]
    since_on: date
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


_INCIDENT_PROVISIONS = (RULE_4_8_B, RULE_6_1_1, RULE_6_1_2, GUIDELINE_SERIOUS_INCIDENT)


def serious_incident_within_one_year(incidents: Iterable[SeriousIncident], *, body: str, on: date) -> IncidentFinding:
    """Say whether a 重大事故 occurred at the body, or became known to it, within the year up to that day (規則4条8号).

    Either clock suffices. The very day one year before counts, the safe side of an open question: a finding that hangs
    on it alone is not confirmed. Days after `on` and incidents of other bodies never count.
    """
    since_on = years_after(on, years=-thresholds(on=on).incident_years)
    given = tuple(incidents)
    own = tuple(one for one in given if one.body == body)
    counted = tuple(one for one in own if any(since_on <= day <= on for day in _clocks(one)))
    certain = any(since_on < day <= on for one in counted for day in _clocks(one))
    period = f"{japanese_day(since_on)}から{japanese_day(on)}まで"
    reasons = [_incident_reason(one, counts=one in counted, period=period) for one in own]
    if others := len(given) - len(own):
        reasons.append(f"他の評価実施機関の重大事故{others}件は数えません。")
    if not counted:
        reasons.append(f"{period}に発生し、又は知った重大事故はありません。")
    elif not certain:
        reasons.append("ちょうど1年前の日を期間に含めるかは要確認です。安全側をとって含めました。")
    return IncidentFinding(
        serious_incident=bool(counted),
        incidents=counted,
        since_on=since_on,
        reasons=tuple(reasons),
        provisions=_INCIDENT_PROVISIONS,
        confirmed=certain or not counted,
    )


def _clocks(incident: SeriousIncident) -> tuple[date, ...]:
    return tuple(day for day in (incident.occurred_on, incident.became_known_on) if day is not None)


def _incident_reason(incident: SeriousIncident, *, counts: bool, period: str) -> str:
    occurred = "発生日は不明で" if incident.occurred_on is None else f"{japanese_day(incident.occurred_on)}に発生し"
    verdict = "いずれかの日が{}の間にあるため数えます" if counts else "いずれの日も{}の間にないため数えません"
    known = japanese_day(incident.became_known_on)
    return f"{occurred}、{known}に知った重大事故は、{verdict.format(period)}。"


@dataclass(frozen=True, slots=True)
class EffectiveLevel:
    """実施する評価の種類 (effective level) beside the one required."""

    required: Level
    effective: Level
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def effective_level(
    *, required: Level, body_policy_minimum: Level = Level.NOT_REQUIRED, voluntary: Level = Level.NOT_REQUIRED
) -> EffectiveLevel:
    """Give the level that is carried out: the highest of what is required, the body's own policy, and free choice.

    A higher level by choice is not confirmed: what follows from it is a matter of the 指針. By the law and the
    ordinance, public notice, approval and third-party check are then no duty.
    """
    effective = max(required, body_policy_minimum, voluntary, key=lambda level: level.rank)
    reasons = [f"しきい値判断により求められるのは「{required.label}」です。"]
    if effective is not required:
        why = "機関の方針" if effective is body_policy_minimum else "任意の選択"
        reasons.append(
            f"{why}により、それより高い「{effective.label}」を実施します。"
            "公示、承認及び第三者点検が義務となるのは、求められる種類がそれを要する場合に限ります（要確認）。"
        )
    return EffectiveLevel(
        required=required,
        effective=effective,
        reasons=tuple(reasons),
        provisions=() if effective is required else (GUIDELINE_VOLUNTARY,),
        confirmed=effective is required,
    )


def level_of_new_business(report: NewBusiness, *, on: date) -> EffectiveLevel:
    """Give the level of a first assessment, by the numbers expected and the rules of that day (規則4条-7条)."""
    analysis = analyse_threshold(
        data_subjects=report.data_subjects,
        handlers=report.handlers,
        serious_incident=report.serious_incident,
        on=on,
    )
    return effective_level(required=analysis.required_level, voluntary=report.voluntary_level or Level.NOT_REQUIRED)
