"""実施手続 (procedure): the steps that an approved text goes through, by level, kind of body and course.

The order is the law's: each step comes after the one before it, and a swap is refused (番号法28条, 規則5条-7条・14条).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from guideline.provisions import (
    FORM_INSTRUCTIONS_END,
    GUIDELINE_5_3,
    LAW_28_1,
    LAW_28_2,
    LAW_28_3,
    LAW_28_4,
    RULE_3,
    RULE_5_1,
    RULE_5_2,
    RULE_6_1,
    RULE_6_3,
    RULE_7_1,
    RULE_7_4,
    RULE_7_5,
    RULE_7_6,
    RULE_9_BIS,
    RULE_14_1,
    RULE_14_2,
    RULE_14_3,
    RULE_16,
    Provision,
    cited,
    rows_in_force,
)
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import BodyKind
from schemas.review import Party, Step

BOTH = (Party.DEPARTMENT, Party.TEAM)
"""両者: improvement report, item 5."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """証する資料 (evidence): the paper that proves a step, and whether the step can't be recorded without it."""

    paper: str
    needed: bool


_OF_THE_STEP: Mapping[Step, tuple[tuple[Party, ...], Evidence | None]] = MappingProxyType(
    {
        Step.PUBLIC_NOTICE: ((Party.DEPARTMENT,), Evidence("公示文の写し", needed=True)),
        Step.PUBLIC_COMMENT: ((Party.DEPARTMENT,), None),
        Step.THIRD_PARTY_CHECK: ((Party.TEAM,), Evidence("答申書又は意見書の写し", needed=True)),
        Step.SUBMISSION: (BOTH, Evidence("提出の控え", needed=False)),
        Step.COMMISSION_APPROVAL: ((Party.TEAM,), Evidence("承認の通知の写し", needed=True)),
        Step.PUBLICATION: (BOTH, Evidence("公表した頁の写し", needed=False)),
        Step.NOTIFICATION: (BOTH, Evidence("通知の控え", needed=False)),
        Step.END_OF_PUBLICATION: (BOTH, None),
    }
)
"""記録する当事者と資料: whoever heard or asked others does not judge the text alone; what others judged is proved.

Who records what is our own choice (improvement report, item 5: the department does not judge alone).
"""


@dataclass(frozen=True, slots=True)
class StepRow:
    """手続の一段 (step row): who takes it, in which place, and by which clause.

    `basis` is the clause that asks for it, `also` those that it is read with. `business_days` is a service level, not
    a number of the law; such a row is not confirmed.
    """

    in_force_on: date
    level: Level
    body_kinds: tuple[BodyKind, ...]
    course: Course
    order: int
    step: Step
    sentence: str
    basis: Provision
    also: tuple[Provision, ...]
    business_days: int
    confirmed: bool = False

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """The clause that asks for the step, and those that it is read with."""
        return (self.basis, *self.also)

    @property
    def by(self) -> tuple[Party, ...]:
        """The parties that may record the step."""
        return _OF_THE_STEP[self.step][0]

    @property
    def evidence(self) -> Evidence | None:
        """The paper that proves the step."""
        return _OF_THE_STEP[self.step][1]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why and how the step is taken, and where its number of days comes from."""
        return (
            f"{self.sentence}（{cited(self.provisions)}）。",
            f"期限の{self.business_days}開庁日は処理の目安であり、法令の定める日数ではありません（要確認）。",
        )


_FIRST_DAY = date(2016, 1, 1)  # the earliest version of the ordinance that was read
_ALL_KINDS = tuple(BodyKind)
_LOCAL = (BodyKind.LOCAL_GOVERNMENT,)
_OTHERS = (BodyKind.ADMINISTRATIVE_BODY,)

_PROMPTLY = 5
"""速やかに: the law gives no number; so many business days are our service level."""

_COMMENT = 30
"""意見聴取: in principle 30 calendar days or more (seen in a secondary source), and the time to weigh what was said."""

_JUDGEMENT = 20
"""第三者点検・委員会の承認: others judge, and no time is set for them."""

_SUBMIT = "計画管理書と併せて個人情報保護委員会に提出します"
_PUBLISH = "提出の後、速やかに公表します"


def _reassessment(
    level: Level,
    body_kinds: tuple[BodyKind, ...],
    *steps: tuple[Step, str, Provision, tuple[Provision, ...], int],
) -> tuple[StepRow, ...]:
    return tuple(
        StepRow(_FIRST_DAY, level, body_kinds, Course.REASSESS, order, step, sentence, basis, also, days)
        for order, (step, sentence, basis, also, days) in enumerate(steps, start=1)
    )


def _end(level: Level) -> tuple[StepRow, ...]:
    """事務の終了 and 公表の終了: the same for every level and every body."""
    steps = (
        (
            Course.END_BUSINESS,
            1,
            Step.NOTIFICATION,
            "事務の実施をやめた旨を、遅滞なく、個人情報保護委員会に通知します",
            RULE_16,
        ),
        (
            Course.END_BUSINESS,
            2,
            Step.PUBLICATION,
            "評価書名に終了の旨を記した評価書を公表します",
            FORM_INSTRUCTIONS_END,
        ),
        (
            Course.END_PUBLICATION,
            1,
            Step.END_OF_PUBLICATION,
            "公表期間の満了した評価書の公表を終えます",
            FORM_INSTRUCTIONS_END,
        ),
    )
    return tuple(
        StepRow(_FIRST_DAY, level, _ALL_KINDS, course, order, step, sentence, basis, (), _PROMPTLY)
        for course, order, step, sentence, basis in steps
    )


def _amendment(level: Level, body_kinds: tuple[BodyKind, ...], *applied_by: Provision) -> tuple[StepRow, ...]:
    submit = f"修正した評価書を、速やかに、{_SUBMIT}"
    steps = (
        (Step.SUBMISSION, submit, RULE_14_1, (*applied_by, RULE_3)),
        (Step.PUBLICATION, _PUBLISH, RULE_14_2, applied_by),
    )
    return tuple(
        StepRow(_FIRST_DAY, level, body_kinds, Course.AMEND, order, step, sentence, basis, also, _PROMPTLY)
        for order, (step, sentence, basis, also) in enumerate(steps, start=1)
    )


STEPS = (
    *_reassessment(
        Level.BASIC_ITEMS,
        _ALL_KINDS,
        (Step.SUBMISSION, f"基礎項目評価書を、{_SUBMIT}", RULE_5_1, (RULE_3,), _PROMPTLY),
        (Step.PUBLICATION, _PUBLISH, RULE_5_2, (), _PROMPTLY),
    ),
    *_reassessment(
        Level.PRIORITY_ITEMS,
        _ALL_KINDS,
        (
            Step.SUBMISSION,
            f"基礎項目評価書と重点項目評価書を、{_SUBMIT}",
            RULE_6_1,
            (RULE_5_1, RULE_3),
            _PROMPTLY,
        ),
        (Step.PUBLICATION, _PUBLISH, RULE_6_3, (RULE_5_2,), _PROMPTLY),
    ),
    *_reassessment(
        Level.ALL_ITEMS,
        _OTHERS,
        (Step.PUBLIC_NOTICE, "全項目評価書を公示します", LAW_28_1, (RULE_9_BIS,), _PROMPTLY),
        (Step.PUBLIC_COMMENT, "広く国民の意見を求めます", LAW_28_1, (GUIDELINE_5_3,), _COMMENT),
        (
            Step.SUBMISSION,
            f"意見を十分考慮して見直した全項目評価書を、基礎項目評価書とともに、{_SUBMIT}",
            LAW_28_2,
            (RULE_5_1, RULE_3),
            _PROMPTLY,
        ),
        (Step.COMMISSION_APPROVAL, "個人情報保護委員会の承認を受けます", LAW_28_2, (LAW_28_3,), _JUDGEMENT),
        (
            Step.PUBLICATION,
            "承認の後、全項目評価書を速やかに公表します。基礎項目評価書は、その提出の後、速やかに公表します",
            LAW_28_4,
            (RULE_5_2,),
            _PROMPTLY,
        ),
    ),
    *_reassessment(
        Level.ALL_ITEMS,
        _LOCAL,
        (Step.PUBLIC_NOTICE, "全項目評価書を公示します", RULE_7_1, (RULE_9_BIS,), _PROMPTLY),
        (Step.PUBLIC_COMMENT, "広く住民その他の者の意見を求めます", RULE_7_1, (GUIDELINE_5_3,), _COMMENT),
        (
            Step.THIRD_PARTY_CHECK,
            "意見を十分考慮して必要な見直しを行った後、学識経験のある者を含む合議制の機関等の意見を聴きます",
            RULE_7_4,
            (GUIDELINE_5_3,),
            _JUDGEMENT,
        ),
        (
            Step.SUBMISSION,
            f"点検の後、全項目評価書を、基礎項目評価書とともに、{_SUBMIT}",
            RULE_7_5,
            (RULE_5_1, RULE_3),
            _PROMPTLY,
        ),
        (Step.PUBLICATION, _PUBLISH, RULE_7_6, (RULE_5_2,), _PROMPTLY),
    ),
    *_amendment(Level.BASIC_ITEMS, _ALL_KINDS, RULE_14_3),
    *_amendment(Level.PRIORITY_ITEMS, _ALL_KINDS, RULE_14_3),
    *_amendment(Level.ALL_ITEMS, _OTHERS),
    *_amendment(Level.ALL_ITEMS, _LOCAL, RULE_14_3),
    *_end(Level.BASIC_ITEMS),
    *_end(Level.PRIORITY_ITEMS),
    *_end(Level.ALL_ITEMS),
)
"""実施手続: all rows. A released row is never edited; a changed procedure comes as a whole with its own day."""


AGAIN_AFTER_REVISION = frozenset({Step.THIRD_PARTY_CHECK, Step.SUBMISSION, Step.COMMISSION_APPROVAL, Step.PUBLICATION})
"""改訂の後に改めて行う手続: they concern the revised text (規則7条4項, 番号法28条2項・4項)."""


def steps_for(*, level: Level, body_kind: BodyKind, course: Course, on: date) -> tuple[StepRow, ...]:
    """Give the steps in their order; none for 変更なし, and none where no assessment is required.

    A first assessment, and a rise of level (規則6条2項, 7条2項, 8条), go the way of a reassessment. What is optional
    (意見聴取 and 第三者点検 of a 重点項目評価) is not here. Raises NotInForceError for a day before the first rows.
    """
    if course is Course.NO_CHANGE or level is Level.NOT_REQUIRED:
        return ()
    rows = [row for row in STEPS if row.level is level and body_kind in row.body_kinds and row.course is course]
    return tuple(sorted(rows_in_force(rows, on=on, rule="実施手続"), key=lambda row: row.order))
