"""本人への通知 (notice to the data subjects): whether it is due, may wait, may be replaced or left out, and why.

番号法29条の4第2項 and 漏えい等報告規則5条; 個情法68条2項, which alone leaves it out for 不開示情報. No days are set: it
is made promptly according to the situation, and does not wait until all is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guideline.breach_report import BreachJudgement, LawVerdict, Reportable
from guideline.breach_situations import BreachLaw
from guideline.provisions import (
    BREACH_5,
    HANDLING_2_4A,
    HANDLING_2_4B,
    HANDLING_2_4C,
    HANDLING_2_4E,
    LAW_29_4_1,
    LAW_29_4_2,
    PRIVACY_68_2,
    PRIVACY_RULE_45,
    Provision,
    cited,
    rows_in_force,
)
from schemas.breach import BreachFacts, ReportItem

NOTICE_ITEMS = (
    ReportItem.OVERVIEW,
    ReportItem.DATA_ITEMS,
    ReportItem.CAUSE,
    ReportItem.SECONDARY_HARM,
    ReportItem.OTHER,
)
"""通知する事項: five of the nine, in the range that protects the data subject (漏えい等報告規則5条)."""


class NoticeState(StrEnum):
    """本人への通知の要否 (state of a notice)."""

    DUE = "due"  # 要する
    MAY_WAIT = "may_wait"  # 待つことができる
    SUBSTITUTE = "substitute"  # 代わる措置で足りる
    LEFT_OUT = "left_out"  # 要しない（不開示情報）
    RELEASED = "released"  # 委託元が行う
    AS_THE_CASE = "as_the_case"  # 事案に応じて
    UNDECIDED = "undecided"  # 決まらない
    NOT_DUE = "not_due"  # 要しない

    @property
    def label(self) -> str:
        """The state in Japanese."""
        return _STATES[self]


_STATES = {
    NoticeState.DUE: "要する",
    NoticeState.MAY_WAIT: "被害が広がるおそれがある間は待つことができる",
    NoticeState.SUBSTITUTE: "代わる措置で足りる",
    NoticeState.LEFT_OUT: "要しない（不開示情報）",
    NoticeState.RELEASED: "要しない（委託元に通知した）",
    NoticeState.AS_THE_CASE: "事案に応じて行う",
    NoticeState.UNDECIDED: "決まらない",
    NoticeState.NOT_DUE: "要しない",
}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """本人への通知の定め (notice row): what one law says of the notice in one state."""

    in_force_on: date
    law: BreachLaw
    state: NoticeState
    sentence: str
    provisions: tuple[Provision, ...]
    confirmed: bool = True


def _notices(since: date, *, confirmed: bool) -> tuple[NoticeRow, ...]:
    number_act, privacy_act, guideline = BreachLaw
    state = NoticeState
    items = "、".join(item.label for item in NOTICE_ITEMS)
    due = (
        f"本人に、状況に応じて速やかに、権利利益を保護するために必要な範囲で、{items}を通知します。"
        "日数の定めはありません。全てが判明するのを待たずに通知します"
    )
    wait = "通知すると被害が広がるおそれがある間は待つことができます。そのおそれがなくなったときは、速やかに通知します"
    substitute = "本人への通知が困難なときは、公表、問合せ窓口の設置など、本人の権利利益を保護する措置で代えます"
    undecided = "報告を要するかが決まらないため、本人への通知の要否も決まりません。報告の要否を先に確かめてください"
    not_due = "報告を要する事態でないため、本人への通知の義務はありません。報告を要しないと判明した場合も同じです"
    released = "報告義務を負う委託元に通知したため、本人への通知は委託元が行います。委託を受けた者は、これに協力します"
    left_out = "個情法第78条第1項の不開示情報が含まれるため、本人への通知を要しません。番号法にこの例外はありません"
    as_the_case = "報告を要する事態に当たらない事案でも、事案に応じて、本人に連絡し、又は本人が知り得る状態に置きます"

    def row(law: BreachLaw, which: NoticeState, sentence: str, *provisions: Provision, sure: bool = True) -> NoticeRow:
        return NoticeRow(since, law, which, sentence, provisions, confirmed=confirmed and sure)

    return (
        row(number_act, state.DUE, due, LAW_29_4_2, BREACH_5, HANDLING_2_4B, HANDLING_2_4C),
        row(number_act, state.MAY_WAIT, wait, BREACH_5, HANDLING_2_4B),
        row(number_act, state.SUBSTITUTE, substitute, LAW_29_4_2, HANDLING_2_4E),
        row(number_act, state.RELEASED, released, LAW_29_4_1, LAW_29_4_2, HANDLING_2_4A),
        row(number_act, state.UNDECIDED, undecided, LAW_29_4_2),
        row(number_act, state.NOT_DUE, not_due, LAW_29_4_2, HANDLING_2_4B),
        # That the general law lets a notice wait in the same way was not read.
        row(privacy_act, state.DUE, due, PRIVACY_68_2, PRIVACY_RULE_45, sure=False),
        row(privacy_act, state.MAY_WAIT, wait, PRIVACY_68_2, PRIVACY_RULE_45, sure=False),
        row(privacy_act, state.SUBSTITUTE, substitute, PRIVACY_68_2),
        row(privacy_act, state.LEFT_OUT, left_out, PRIVACY_68_2),
        row(privacy_act, state.UNDECIDED, undecided, PRIVACY_68_2),
        row(privacy_act, state.NOT_DUE, not_due, PRIVACY_68_2),
        row(guideline, state.AS_THE_CASE, as_the_case, HANDLING_2_4A),
        row(guideline, state.UNDECIDED, undecided, HANDLING_2_4A),
        row(guideline, state.NOT_DUE, not_due, HANDLING_2_4A),
    )


NOTICES = (*_notices(date(2022, 4, 1), confirmed=False), *_notices(date(2025, 10, 1), confirmed=True))
"""本人への通知の定め: all rows, the oldest first. A released row is never edited."""


@dataclass(frozen=True, slots=True)
class NoticeFinding:
    """本人への通知の判断 (finding): what one law asks for, and why."""

    law: BreachLaw
    state: NoticeState
    items: tuple[ReportItem, ...]
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def notices_of(judgement: BreachJudgement) -> tuple[NoticeFinding, ...]:
    """Say of each law whether the data subjects are to be told, by the rules of the day of the judgement."""
    known = rows_in_force(NOTICES, on=judgement.on, rule="漏えい等の本人への通知")
    found = []
    for verdict in judgement.verdicts:
        state = _state(verdict, judgement.facts)
        row = next(one for one in known if one.law is verdict.law and one.state is state)
        doubt = "" if row.confirmed else "、要確認"
        found.append(
            NoticeFinding(
                law=verdict.law,
                state=state,
                items=() if state in _WITHOUT_ITEMS else NOTICE_ITEMS,
                reasons=(f"{row.sentence}（{cited(row.provisions)}{doubt}）。",),
                provisions=row.provisions,
                confirmed=row.confirmed and verdict.confirmed,
            )
        )
    return tuple(found)


_WITHOUT_ITEMS = frozenset({NoticeState.LEFT_OUT, NoticeState.RELEASED, NoticeState.UNDECIDED, NoticeState.NOT_DUE})


def _state(verdict: LawVerdict, facts: BreachFacts) -> NoticeState:
    if verdict.reportable is Reportable.UNDECIDED:
        return NoticeState.UNDECIDED
    if verdict.reportable is Reportable.NO:
        return NoticeState.RELEASED if verdict.released_by else NoticeState.NOT_DUE
    if verdict.law is BreachLaw.GUIDELINE:
        return NoticeState.AS_THE_CASE
    if verdict.law is BreachLaw.PRIVACY_ACT and facts.not_disclosable:
        return NoticeState.LEFT_OUT
    if facts.notice_widens_harm:
        return NoticeState.MAY_WAIT
    return NoticeState.SUBSTITUTE if facts.notice_difficult else NoticeState.DUE
