"""漏えい等報告の要否 (is a breach reportable): which situations an event meets by what is known, and why.

Judged under 番号法29条の4, under 個情法68条 and under the guideline, side by side: one event can fall under several.
An answer that is not known leaves a situation undecided, and the judgement says which answer would decide it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from guideline.breach_situations import (
    BreachLaw,
    ExemptionRow,
    ExemptionScope,
    SituationRow,
    exemptions,
    situations,
)
from guideline.provisions import Provision, cited
from schemas.breach import BreachAccount, BreachFacts, Happening, Holder
from schemas.forms.wording import japanese_day
from schemas.reports import RiskEvent


class SituationState(StrEnum):
    """事態の該当 (state of a situation): whether an event meets it, by what is known."""

    MET = "met"  # 当たる
    NOT_MET = "not_met"  # 当たらない
    UNDECIDED = "undecided"  # 決まらない
    EXEMPTED = "exempted"  # 除かれる

    @property
    def label(self) -> str:
        """The state in Japanese."""
        return _STATES[self]


_STATES = {
    SituationState.MET: "当たる",
    SituationState.NOT_MET: "当たらない",
    SituationState.UNDECIDED: "決まらない",
    SituationState.EXEMPTED: "除かれる",
}


class Reportable(StrEnum):
    """報告の要否 (reportable): whether a report is due."""

    YES = "yes"  # 要する
    NO = "no"  # 要しない
    UNDECIDED = "undecided"  # 決まらない

    @property
    def label(self) -> str:
        """The answer in Japanese."""
        return _ANSWERS[self]


_ANSWERS = {Reportable.YES: "要する", Reportable.NO: "要しない", Reportable.UNDECIDED: "決まらない"}


@dataclass(frozen=True, slots=True)
class SituationFinding:
    """事態ごとの判断 (finding): the state of a situation, the questions that would decide it, and what takes it out.

    Of a situation that is met the questions are those whose answers may still take it out.
    """

    row: SituationRow
    state: SituationState
    questions: tuple[str, ...] = ()
    exemptions: tuple[ExemptionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LawVerdict:
    """根拠ごとの結論 (verdict): whether one law asks for a report, and why.

    `released_by` is what frees the holder although a situation is met: another reports it.
    """

    law: BreachLaw
    reportable: Reportable
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool
    released_by: ExemptionRow | None = None


@dataclass(frozen=True, slots=True)
class BreachJudgement:
    """漏えい等報告の要否の判断 (judgement): by what was known on a day.

    `reportable` speaks of the two laws; what only the guideline wants reported stands in its verdict.
    """

    on: date
    facts: BreachFacts
    findings: tuple[SituationFinding, ...]
    verdicts: tuple[LawVerdict, ...]
    reportable: Reportable
    questions: tuple[str, ...]
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool

    def of(self, state: SituationState, *, law: BreachLaw | None = None) -> tuple[SituationFinding, ...]:
        """Give the findings of one state, of one law or of all."""
        return tuple(one for one in self.findings if one.state is state and law in (None, one.row.law))

    @property
    def to_report(self) -> tuple[SituationFinding, ...]:
        """The situations that a report names; none of the guideline's beside the 番号法 (別添2の3B)."""
        asks = self.verdict(BreachLaw.GUIDELINE).reportable is Reportable.YES
        return tuple(one for one in self.of(SituationState.MET) if asks or one.row.law is not BreachLaw.GUIDELINE)

    def verdict(self, law: BreachLaw) -> LawVerdict:
        """Give what one law asks for."""
        return next(one for one in self.verdicts if one.law is law)


def judge_breach(facts: BreachFacts, *, on: date) -> BreachJudgement:
    """Say whether an event is to be reported to the Commission, by what is known of it (番号法29条の4, 個情法68条).

    Raises NotInForceError for a day before the first rows.
    """
    findings = tuple(_finding(row, facts, exemptions(on=on, law=row.law)) for row in situations(on=on))
    number_act = _number_act(findings, facts, on=on)
    privacy_act = _verdict(BreachLaw.PRIVACY_ACT, findings)
    guideline = _guideline(findings)
    verdicts = (number_act, privacy_act, guideline)
    answers = {number_act.reportable, privacy_act.reportable}
    return BreachJudgement(
        on=on,
        facts=facts,
        findings=findings,
        verdicts=verdicts,
        reportable=next(one for one in (Reportable.YES, Reportable.UNDECIDED, Reportable.NO) if one in answers),
        questions=tuple(dict.fromkeys(question for one in findings for question in one.questions)),
        reasons=tuple(reason for one in verdicts for reason in one.reasons),
        provisions=tuple(dict.fromkeys(clause for one in verdicts for clause in one.provisions)),
        confirmed=all(one.confirmed for one in verdicts),
    )


def _finding(row: SituationRow, facts: BreachFacts, known: tuple[ExemptionRow, ...]) -> SituationFinding:
    """Judge first as if nothing were taken out, so that what takes it out can be named."""
    established = [one for one in known if getattr(facts, one.field)]
    harm = [one for one in established if one.scope is ExemptionScope.HARM]
    data = tuple(one for one in established if one.scope is ExemptionScope.DATA)
    at_first = _holds(row, facts.model_copy(update=dict.fromkeys(one.field for one in harm)))
    if at_first is False:
        return SituationFinding(row, SituationState.NOT_MET)
    if data:
        return SituationFinding(row, SituationState.EXEMPTED, exemptions=data)
    holds = _holds(row, facts)
    if holds is None:
        # One of what happened is taken out, and the rest is open: what was feared is feared until that is answered.
        state = SituationState.MET if at_first else SituationState.UNDECIDED
        questions = (question for one in row.needs for question in one.open_questions(facts))
        return SituationFinding(row, state, tuple(dict.fromkeys(questions)))
    if holds:
        return SituationFinding(row, SituationState.MET)
    of_harm = tuple(one for one in harm if any(getattr(facts, what) is not Happening.NONE for what in one.of))
    return SituationFinding(row, SituationState.EXEMPTED, exemptions=of_harm)


def _holds(row: SituationRow, facts: BreachFacts) -> bool | None:
    answers = [one.holds(facts) for one in row.needs]
    return False if False in answers else None if None in answers else True


def _verdict(law: BreachLaw, findings: tuple[SituationFinding, ...]) -> LawVerdict:
    own = [one for one in findings if one.row.law is law]
    states = {one.state for one in own}
    if SituationState.MET in states:
        reportable = Reportable.YES
    elif SituationState.UNDECIDED in states:
        reportable = Reportable.UNDECIDED
    else:
        reportable = Reportable.NO
    decisive = [one for one in own if one.state is not SituationState.NOT_MET]
    used = [exemption for one in decisive for exemption in one.exemptions]
    clauses = [
        *(clause for one in decisive or own for clause in one.row.provisions),
        *(clause for one in used for clause in one.provisions),
    ]
    return LawVerdict(
        law=law,
        reportable=reportable,
        reasons=(
            *dict.fromkeys(reason for one in own for reason in _reasons(one)),
            f"{_conclusion(law, reportable)}。",
        ),
        provisions=tuple(dict.fromkeys(clauses)),
        confirmed=all(one.row.confirmed for one in own) and all(one.confirmed for one in used),
    )


def _reasons(finding: SituationFinding) -> Iterator[str]:
    row = finding.row
    doubt = "" if row.confirmed else "、要確認"
    asked = "".join(f"「{question}」" for question in finding.questions)
    match finding.state:
        case SituationState.MET:
            yield f"{row.name}に当たります: {row.sentence}（{cited(row.provisions)}{doubt}）。"
            if asked:
                yield f"{row.name}から除かれるかは、{asked}の答えで決まります。"
                yield f"それまでは、{row.name}に当たるおそれがあるものとして扱います。"
        case SituationState.UNDECIDED:
            clauses = cited(row.provisions)
            yield f"{row.name}に当たるかは、まだ決まりません。{asked}の答えで決まります（{clauses}{doubt}）。"
        case SituationState.EXEMPTED:
            for one in finding.exemptions:
                unsure = "" if one.confirmed else "、要確認"
                yield f"{row.name}から除かれます: {one.sentence}（{cited(one.provisions)}{unsure}）。"


def _conclusion(law: BreachLaw, reportable: Reportable) -> str:
    what = "個人情報保護委員会への報告"
    if reportable is Reportable.UNDECIDED:
        return f"{law.label}による{what}の要否は、まだ決まりません。「」で示した問いを確かめてください"
    if reportable is Reportable.YES:
        return f"{law.label}により、{what}を要します"
    return f"{law.label}による{what}は、今分かっている事実では要しません"


def _number_act(findings: tuple[SituationFinding, ...], facts: BreachFacts, *, on: date) -> LawVerdict:
    verdict = _verdict(BreachLaw.NUMBER_ACT, findings)
    met = [one.row for one in findings if one.state is SituationState.MET and one.row.law is BreachLaw.NUMBER_ACT]
    counted = [row.name for row in met if row.more_persons_than is not None]
    if len(counted) > 1:
        why = (
            f"本人の数を合わせて数えるか（{'、'.join(counted)}）は要確認です。安全側をとり、合わせた数で判断しました。"
        )
        verdict = replace(verdict, reasons=(*verdict.reasons, why), confirmed=False)
    release = _release(facts, on=on)
    if verdict.reportable is Reportable.NO or release is None:
        return verdict
    return replace(
        verdict,
        reportable=Reportable.NO,
        reasons=(*verdict.reasons, f"委託元に通知しています。{release.sentence}（{cited(release.provisions)}）。"),
        provisions=tuple(dict.fromkeys((*verdict.provisions, *release.provisions))),
        confirmed=verdict.confirmed and release.confirmed,
        released_by=release,
    )


def _release(facts: BreachFacts, *, on: date) -> ExemptionRow | None:
    """委託元への通知: what frees a contractor; only where the principal itself has the duty to report."""
    notified_on = facts.principal_notified_on
    if not is_contractor(facts) or not facts.principal_has_duty or notified_on is None or notified_on > on:
        return None
    known = exemptions(on=on, law=BreachLaw.NUMBER_ACT)
    return next(one for one in known if one.scope is ExemptionScope.DUTY)


def is_contractor(facts: BreachFacts) -> bool:
    """Say whether the holder is known to have handled the data for another."""
    return facts.as_contractor is True or facts.holder is Holder.CONTRACTOR_OF_PUBLIC_BODY


def _guideline(findings: tuple[SituationFinding, ...]) -> LawVerdict:
    """Ask for a report under the guideline only of what is not, or not yet, reported under the 番号法."""
    verdict = _verdict(BreachLaw.GUIDELINE, findings)
    of_number_act = {one.state for one in findings if one.row.law is BreachLaw.NUMBER_ACT}
    if SituationState.MET in of_number_act:
        why = "漏えい等報告規則第2条各号に当たる事態であり、その報告とは別の、ガイドラインによる報告は要しません。"
        return replace(verdict, reportable=Reportable.NO, reasons=(why,))
    if verdict.reportable is not Reportable.YES:
        return verdict
    at_least = "漏えい等報告規則第2条各号に当たるかが決まらなくても、少なくともこの報告の対象です。"
    why = f"{at_least if SituationState.UNDECIDED in of_number_act else ''}期限の定めはありません。"
    return replace(verdict, reasons=(*verdict.reasons, why))


class JudgementChange(NamedTuple):
    """判断の変化 (change of a judgement): what it is about (id of a situation or law), from what to what, and why.

    `facts` are the changed facts that made it; without one, the rules have changed.
    """

    about: str
    name: str
    before: str
    after: str
    facts: tuple[str, ...]
    rules: str

    @property
    def why(self) -> str:
        """What made it."""
        return _of_facts(self.facts) if self.facts else self.rules

    @property
    def sentence(self) -> str:
        """The change in words."""
        return f"{self.name}: 「{self.before}」から「{self.after}」に変わりました。{self.why}"


def changes_of(earlier: BreachJudgement, later: BreachJudgement) -> tuple[JudgementChange, ...]:
    """Say what changed between two judgements of one event, and which facts changed it; nothing where nothing did."""
    return (*_changed_situations(earlier, later), *_changed_verdicts(earlier, later))


def told_together(changes: tuple[JudgementChange, ...]) -> tuple[str, ...]:
    """Tell the changes in few lines: whether a report is due first, what changed alike in one, and each fact once."""
    laws = frozenset(one.value for one in BreachLaw)
    alike: dict[tuple[bool, str, str], list[str]] = {}
    for one in sorted(changes, key=lambda change: change.about not in laws):
        alike.setdefault((one.about in laws, one.before, one.after), []).append(one.name)
    facts = tuple(dict.fromkeys(fact for one in changes for fact in one.facts))
    return (
        *(f"{'、'.join(names)}: 「{was}」から「{now}」に変わりました。" for (_, was, now), names in alike.items()),
        *((_of_facts(facts),) if facts else ()),
        *dict.fromkeys(one.rules for one in changes if not one.facts),
    )


def _changed_situations(earlier: BreachJudgement, later: BreachJudgement) -> Iterator[JudgementChange]:
    before = {one.row.id: one.state for one in earlier.findings}
    for one in later.findings:
        was = before.get(one.row.id, SituationState.NOT_MET)
        if was is not one.state:
            yield _change(earlier, later, one.row.id, one.row.name, (was.label, one.state.label), one.row.fields)


_OF_RELEASE = ("holder", "as_contractor", "principal_has_duty", "principal_notified_on")


def _changed_verdicts(earlier: BreachJudgement, later: BreachJudgement) -> Iterator[JudgementChange]:
    for one in later.verdicts:
        was = earlier.verdict(one.law)
        if was.reportable is not one.reportable:
            # What the guideline asks for depends on the 番号法, so all that either reads may be the reason.
            laws = (one.law, BreachLaw.NUMBER_ACT) if one.law is BreachLaw.GUIDELINE else (one.law,)
            rows = [finding.row for finding in later.findings if finding.row.law in laws]
            fields = (*(field for row in rows for field in row.fields), *_OF_RELEASE)
            words = (was.reportable.label, one.reportable.label)
            yield _change(earlier, later, one.law.value, f"{one.law.label}による報告", words, fields)


def _change(  # noqa: PLR0913, PLR0917 # the two judgements, and what changed between them
    earlier: BreachJudgement,
    later: BreachJudgement,
    about: str,
    name: str,
    words: tuple[str, str],
    fields: tuple[str, ...],
) -> JudgementChange:
    facts = []
    for field in dict.fromkeys(fields):
        before, after = getattr(earlier.facts, field), getattr(later.facts, field)
        if before != after:
            facts.append(f"{BreachFacts.model_fields[field].title}（{_word(before)} → {_word(after)}）")
    rules = f"適用される定めが変わりました（{japanese_day(earlier.on)} → {japanese_day(later.on)}）。"
    return JudgementChange(about, name, *words, facts=tuple(facts), rules=rules)


def _of_facts(facts: tuple[str, ...]) -> str:
    return f"変わった事実: {'、'.join(facts)}。"


def _word(value: object) -> str:
    if isinstance(value, Happening | Holder):
        return value.label
    if isinstance(value, date):
        return japanese_day(value)
    words: dict[object, str] = {None: "不明", True: "はい", False: "いいえ"}
    return f"{value:,}人" if type(value) is int else words[value]


def facts_of_event(event: RiskEvent) -> BreachFacts:
    """Give what a reported risk event says of a breach; all that it does not ask for is not known."""
    purposes = {None: None, True: Happening.FEARED, False: Happening.NONE}
    return BreachFacts(
        happened_on=event.happened_on,
        known_on=event.known_on,
        improper_purpose=purposes[event.intentional],
        persons_confirmed=event.persons_affected,
        persons_at_most=event.persons_feared,
        account=BreachAccount(overview=event.facts, cause=event.cause),
    )
