"""漏えい等の事実 (facts of breaches) for the tests: one in which nothing happened, and what is changed of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from guideline.breach_document import draft_of
from guideline.breach_report import BreachJudgement, SituationState, judge_breach
from guideline.breach_situations import BreachLaw
from schemas.breach import BreachAccount, BreachFacts, Happening, Holder, ReportKind

ON = date(2026, 6, 1)  # a Monday
OCCURRED, FEARED, NONE = Happening
PUBLIC, CONTRACTOR, OTHER = Holder

HAPPENINGS = (
    "leak",
    "loss",
    "damage",
    "improper_purpose",
    "improper_use",
    "improper_provision",
    "seen_by_many",
    "unlawful_use",
    "unlawful_provision",
    "other_violation",
)
ANSWERS = (
    "network_system",
    "number_use_system",
    "number_related_system",
    "sensitive",
    "ordinance_sensitive",
    "financial_harm",
    "encrypted",
    "recovered_unseen",
    "kept_elsewhere",
    "deleted_for_cause",
    "as_contractor",
    "principal_has_duty",
    "notice_difficult",
    "notice_widens_harm",
    "not_disclosable",
)

NOTHING = BreachFacts.model_validate(
    {
        **dict.fromkeys(HAPPENINGS, NONE),
        **dict.fromkeys(ANSWERS, False),
        "holder": PUBLIC,
        "specific": True,
        "in_file": True,
        "retained": True,
        "persons_confirmed": 1,
        "persons_at_most": 1,
    }
)
"""何も起きていない: every question answered, and every answer no."""


def facts(**changed: Any) -> BreachFacts:
    return NOTHING.model_copy(update=changed)


def judged(*, on: date = ON, **changed: Any) -> BreachJudgement:
    return judge_breach(facts(**changed), on=on)


def met(judgement: BreachJudgement, *, law: BreachLaw | None = None) -> list[str]:
    return [one.row.id for one in judgement.of(SituationState.MET, law=law)]


REPORTED_ON, FINAL_ON = date(2026, 6, 4), date(2026, 6, 30)
WHOLE = BreachAccount(
    overview="見本：別人の口座が登録され、口座情報が閲覧された。",
    data_items=("氏名", "個人番号", "口座番号"),
    cause="見本：前の利用者がログアウトしていなかった。",
    secondary_harm=NONE,
    response="見本：本人に書面で通知した。",
    publication="見本：ウェブサイトで公表した。",
    prevention="見本：ログアウト忘れ防止機能を設けた。",
    other="見本：他機関にも照会した。",
)
KNOWN: dict[str, Any] = {
    "body": "デジタル庁",
    "department": "口座登録担当",
    "contact": "03-0000-0000",
    "happened_on": date(2026, 5, 20),
    "known_on": ON,
    "seen_by_many": OCCURRED,
    "persons_confirmed": 3,
    "persons_at_most": 11,
    "account": WHOLE,
}


def draft(
    *, kind: ReportKind = ReportKind.PRELIMINARY, previous_on: date | None = None, **changed: Any
) -> dict[str, Any]:
    known = facts(**{**KNOWN, **changed})
    on = REPORTED_ON if kind is ReportKind.PRELIMINARY else FINAL_ON
    return draft_of(known, judge_breach(known, on=ON), kind=kind, on=on, previous_on=previous_on)


_COUNTS = st.none() | st.sampled_from([0, 1, 99, 100, 101, 102, 1_000])

_ANY_VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{name: st.none() | st.sampled_from(Happening) for name in HAPPENINGS},
    **{name: st.none() | st.booleans() for name in (*ANSWERS, "specific", "in_file", "retained")},
    "holder": st.none() | st.sampled_from(Holder),
    "persons_confirmed": _COUNTS,
    "persons_at_most": _COUNTS,
    "principal_notified_on": st.none() | st.sampled_from([date(2026, 5, 31), ON, date(2026, 6, 2)]),
}

ANY_FACTS = st.fixed_dictionaries(_ANY_VALUES).map(BreachFacts.model_validate) | st.fixed_dictionaries(
    {}, optional=_ANY_VALUES
).map(lambda changed: facts(**changed))
"""どのような事実でも: anything that may be known, and anything that may not; of half of them most answers are no."""
