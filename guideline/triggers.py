"""事由と対応 (triggers): what follows from what, and by when (規則5条-8条, 14条-16条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from guideline.deadlines import add_business_days
from guideline.provisions import (
    FORM_INSTRUCTIONS_END,
    GUIDELINE_6_2_3,
    GUIDELINE_6_2_4,
    LAW_27_1,
    LAW_28_1,
    LAW_28_2,
    RULE_5_1,
    RULE_6_1,
    RULE_6_2,
    RULE_7_1,
    RULE_7_2,
    RULE_7_4,
    RULE_8,
    RULE_9_1,
    RULE_9_2,
    RULE_14_1,
    RULE_14_2,
    RULE_14_3,
    RULE_15,
    RULE_16,
    Provision,
    rows_in_force,
)
from schemas.courses import Course


class Trigger(StrEnum):
    """事由の区分 (trigger): on what occasion something is to be done with a published assessment."""

    MATERIAL_CHANGE = "material_change"  # 重要な変更
    LEVEL_RISE = "level_rise"  # 人数の増加による上位の評価
    LEVEL_RISE_BY_INCIDENT = "level_rise_by_incident"  # 重大事故による上位の評価
    LEVEL_FALL = "level_fall"  # 下位の評価で足りることとなった
    FIVE_YEARS = "five_years"  # 五年の経過
    YEARLY = "yearly"  # 一年の経過
    OTHER_CHANGE = "other_change"  # その他の記載事項の変更、重大事故の発生
    END_OF_BUSINESS = "end_of_business"  # 事務の終了
    FORM_AMENDED = "form_amended"  # 様式・指針の改正


class Timing(StrEnum):
    """時期 (timing): when it is to be done."""

    BEFORE_THE_CHANGE = "before_the_change"  # 変更の前
    PROMPTLY = "promptly"  # 速やかに
    WITHOUT_DELAY = "without_delay"  # 遅滞なく
    BY_THE_DATE = "by_the_date"  # 期日まで
    EXAMINED = "examined"  # 両者の検討


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """事由の一行 (trigger row): the course that follows at least, when, and the sentence that says it."""

    in_force_on: date
    trigger: Trigger
    course: Course
    timing: Timing
    sentence: str
    provisions: tuple[Provision, ...]
    confirmed: bool = True


_FIRST_DAY = date(2016, 1, 1)

TRIGGERS = (
    TriggerRow(
        _FIRST_DAY,
        Trigger.MATERIAL_CHANGE,
        Course.REASSESS,
        Timing.BEFORE_THE_CHANGE,
        "重要な変更を加えようとするときは、その前に、その種類の評価を基礎項目評価とともに再び実施します",
        (LAW_28_1, LAW_28_2, RULE_5_1, RULE_6_1, RULE_7_1, RULE_7_4, RULE_9_1),
    ),
    TriggerRow(
        _FIRST_DAY,
        Trigger.LEVEL_RISE,
        Course.REASSESS,
        Timing.PROMPTLY,
        "人数の増加により上位の評価を要することとなったときは、まず基礎項目評価書を修正して提出・公表し、次いで上位の評価を実施します",
        (RULE_14_3, RULE_6_2, RULE_7_2, RULE_8, GUIDELINE_6_2_3),
        confirmed=False,  # the ordinance sets no time for the second part
    ),
    TriggerRow(
        _FIRST_DAY,
        Trigger.LEVEL_RISE_BY_INCIDENT,
        Course.REASSESS,
        Timing.PROMPTLY,
        "重大事故により上位の評価を要することとなったときは、まず評価書を修正して提出・公表し、次いで上位の評価を実施します",
        (RULE_14_1, RULE_14_3, RULE_6_2, RULE_7_2, RULE_8, GUIDELINE_6_2_3),
        confirmed=False,
    ),
    TriggerRow(
        _FIRST_DAY,
        Trigger.LEVEL_FALL,
        Course.AMEND,
        Timing.PROMPTLY,
        "下位の評価で足りることとなったときは、再実施の義務はなく、評価書を修正します",
        (RULE_14_1, RULE_14_3),
        confirmed=False,  # it follows from the absence of an article
    ),
    TriggerRow(
        _FIRST_DAY,
        Trigger.FIVE_YEARS,
        Course.REASSESS,
        Timing.BY_THE_DATE,
        "実施又は再実施の公表から五年を経過する前に、評価を再び実施するよう努めます。修正は五年を数え直しません",
        (RULE_15, GUIDELINE_6_2_4),
        confirmed=False,  # the five years were read in secondary sources
    ),
    TriggerRow(
        _FIRST_DAY,
        Trigger.YEARLY,
        Course.NO_CHANGE,
        Timing.BY_THE_DATE,
        "少なくとも一年ごとに、評価書の記載を実態に照らして見直すよう努めます",
        (RULE_14_1, RULE_14_3),
    ),
    TriggerRow(
        _FIRST_DAY,
        Trigger.OTHER_CHANGE,
        Course.AMEND,
        Timing.PROMPTLY,
        "重要な変更に当たらない記載事項の変更があったとき、又は重大事故を発生させたときは、速やかに評価書を修正し、提出・公表します",
        (RULE_14_1, RULE_14_2, RULE_14_3),
    ),
    TriggerRow(
        _FIRST_DAY,
        Trigger.END_OF_BUSINESS,
        Course.END_BUSINESS,
        Timing.WITHOUT_DELAY,
        "事務の実施をやめたときは、遅滞なく個人情報保護委員会に通知し、評価書名に終了の旨を記して公表を続けます",
        (RULE_16, FORM_INSTRUCTIONS_END),
    ),
    TriggerRow(
        _FIRST_DAY,
        Trigger.FORM_AMENDED,
        Course.NO_CHANGE,
        Timing.EXAMINED,
        "様式又は指針が改正されたときは、その経過措置に従い、記載の要否を両者が検討します",
        (LAW_27_1,),
        confirmed=False,
    ),
)
"""事由と対応: all rows. A released row is never edited."""

PROMPTLY_DAYS = 30
"""速やかに: no number in the law; the sum of our service levels, from finding to publication, in business days."""

WITHOUT_DELAY_DAYS = 5
"""遅滞なく: as above; only the notification is waited for."""

EXAMINATION_DAYS = 5
"""両者の検討: the service level of the findings, in business days."""


def trigger_row(trigger: Trigger, *, on: date) -> TriggerRow:
    """Give the row in force on that day. Raises NotInForceError before the first rows."""
    return rows_in_force([row for row in TRIGGERS if row.trigger is trigger], on=on, rule="事由と対応")[-1]


def due_by(row: TriggerRow, *, on: date, takes_effect_on: date | None, emergency: bool = False) -> date | None:
    """Give the day by which what the row asks for is to be done; None where the change has no day yet.

    `on` is the day on which it is known. Before a change means published on the day before it; in an emergency
    (規則9条2項) promptly after it. Promptly and without delay are counted in business days from the later of both days.
    """
    since = max(on, takes_effect_on) if takes_effect_on else on
    match row.timing:
        case Timing.BEFORE_THE_CHANGE:
            if emergency:
                return add_business_days(since, PROMPTLY_DAYS)
            return takes_effect_on - timedelta(days=1) if takes_effect_on else None
        case Timing.PROMPTLY:
            return add_business_days(since, PROMPTLY_DAYS)
        case Timing.WITHOUT_DELAY:
            return add_business_days(since, WITHOUT_DELAY_DAYS)
        case Timing.EXAMINED:
            return add_business_days(on, EXAMINATION_DAYS)
    return takes_effect_on  # by the date that the ground itself has


EMERGENCY_REASON = "災害等のやむを得ない事由により緊急に変更する必要があるときは、変更の後速やかに実施します"
EMERGENCY_PROVISION = RULE_9_2
"""緊急のとき: what lets a reassessment follow its change (規則9条2項)."""
