"""漏えい等報告書の記載の整合 (rules of a breach report): what must agree across its items, and with the facts.

What holds of the document alone is asked with the other forms (`guideline.form_rules.check`); what compares it with the
facts and their judgement, by `check_report`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from guideline.breach_report import BreachJudgement, SituationState
from guideline.breach_situations import situations
from guideline.form_answers import Answers, Breach, FormRule, broken
from schemas.breach import FORM, BreachFacts, ReportItem, ReportKind
from schemas.forms.catalogue import UnknownFormError
from schemas.forms.errors import FormError, Severity
from schemas.forms.wording import japanese_day

KIND = "/cover/kind"
REPORTED_ON = "/cover/reported_on"
PREVIOUS_ON = "/cover/previous_on"
HAPPENED_ON = "/cover/happened_on"
KNOWN_ON = "/cover/known_on"
SITUATIONS = "/cover/situations"
CONFIRMED_NUMBER = "/data_subjects/confirmed_number"
GREATEST_NUMBER = "/data_subjects/greatest_number"

_MAY_BE_UNKNOWN = tuple(item for item in ReportItem if item is not ReportItem.OTHER)
_COMPLETE = (ReportKind.FINAL, ReportKind.SUPPLEMENT)


def _unknown_has_reason(answers: Answers, _: date) -> Iterator[Breach]:
    kind = answers.choice(KIND)
    if kind not in _COMPLETE:
        return
    for item in _MAY_BE_UNKNOWN:
        if answers.choice(f"/{item}/state") not in ("unknown", "partly"):
            continue
        for key, what in (("unknown_reason", "不明である理由"), ("follow_up", "追完の予定")):
            if not answers.text(f"/{item}/{key}"):
                yield Breach(
                    f"/{item}/{key}",
                    f"{ReportKind(kind).label}で「{item.label}」を不明とするには、{what}が要ります。"
                    f"{what}を記入するか、判明した内容を記入してください。",
                )


def _days_in_order(answers: Answers, _: date) -> Iterator[Breach]:
    order = (HAPPENED_ON, KNOWN_ON, PREVIOUS_ON, REPORTED_ON)
    there = [(path, day) for path in order if (day := answers.day(path)) is not None]
    for (before, first), (after, second) in pairwise(there):
        if first > second:
            yield Breach(
                after,
                f"「{answers.item(after).title}」（{japanese_day(second)}）が、"
                f"「{answers.item(before).title}」（{japanese_day(first)}）より前です。どちらが正しいかを確かめてください。",
            )


def _counts_in_order(answers: Answers, _: date) -> Iterator[Breach]:
    confirmed, greatest = _number(answers, CONFIRMED_NUMBER), _number(answers, GREATEST_NUMBER)
    if confirmed is not None and greatest is not None and confirmed > greatest:
        yield Breach(
            GREATEST_NUMBER,
            f"おそれを含む最大の数（{greatest:,}人）が、判明している数（{confirmed:,}人）より少なくなっています。"
            "最大の数には、判明している本人も含めてください。",
        )


def _hundred_without_number(answers: Answers, on: date) -> Iterator[Breach]:
    greatest = _number(answers, GREATEST_NUMBER)
    confirmed = _number(answers, CONFIRMED_NUMBER) or 0
    chosen = answers.choices(SITUATIONS) or ()
    for row in situations(on=on):
        limit = row.more_persons_than
        if limit is not None and row.id in chosen and greatest is not None and max(greatest, confirmed) <= limit:
            yield Breach(
                SITUATIONS,
                f"{row.name}を選んでいますが、本人の数は最大{greatest:,}人で、{limit}人を超えません。"
                "本人の数を確かめるか、この事態を外してください。",
            )


def _number_without_hundred(answers: Answers, on: date) -> Iterator[Breach]:
    most = max(_number(answers, GREATEST_NUMBER) or 0, _number(answers, CONFIRMED_NUMBER) or 0)
    chosen = answers.choices(SITUATIONS) or ()
    counted = [row for row in situations(on=on) if row.more_persons_than is not None]
    if any(row.id in chosen for row in counted):
        return
    exceeded = [row for row in counted if most > (row.more_persons_than or 0)]
    if exceeded:
        names = "、".join(row.name for row in exceeded)
        yield Breach(
            SITUATIONS,
            f"本人の数が{most:,}人ですが、{names}のいずれも選んでいません。当たる事態がないかを確かめてください。",
        )


def _number(answers: Answers, path: str) -> int | None:
    written = answers.text(path)
    return int(written) if written.isascii() and written.isdigit() else None


BREACH_REPORT_RULES = (
    FormRule(
        id="breach_days_in_order",
        sentence="発生した日、知った日、前回の報告日、報告日は、この順である。",
        provision="漏えい等報告規則第3条第1項",
        find=_days_in_order,
    ),
    FormRule(
        id="breach_hundred_without_number",
        sentence="百人を超える本人の事態を選ぶのは、本人の数が百人を超えるときである。",
        provision="漏えい等報告規則第2条第4号",
        find=_hundred_without_number,
    ),
    FormRule(
        id="breach_number_without_hundred",
        sentence="本人の数が百人を超えるときは、百人を超える本人の事態を選ぶ。",
        provision="漏えい等報告規則第2条第4号",
        find=_number_without_hundred,
        severity=Severity.WARNING,
    ),
    FormRule(
        id="breach_counts_in_order",
        sentence="おそれを含む最大の本人の数は、判明している本人の数より少なくない。",
        provision="特定個人情報ガイドライン別添2の3A",
        find=_counts_in_order,
    ),
    FormRule(
        id="breach_unknown_has_reason",
        sentence="確報又は追完で不明とする事項には、不明である理由と、追完の予定を記す。",
        provision="漏えい等報告規則第3条第2項、特定個人情報ガイドライン別添2の3E",
        find=_unknown_has_reason,
    ),
)
"""漏えい等報告書の記載の整合: every rule of the document alone."""


@dataclass(frozen=True)
class ReportRule:
    """事実との整合の規則 (report rule): its id, its sentence, where it comes from, and what finds the breaches."""

    id: str
    sentence: str
    provision: str
    find: Callable[[Answers, BreachFacts, BreachJudgement], Iterable[Breach]]
    severity: Severity = Severity.ERROR

    def of(self, facts: BreachFacts, judgement: BreachJudgement) -> FormRule:
        """Give the rule for one event, to be held against a document."""
        return FormRule(
            self.id,
            self.sentence,
            self.provision,
            lambda answers, _: self.find(answers, facts, judgement),
            self.severity,
        )


def _known_on_agrees(answers: Answers, facts: BreachFacts, _: BreachJudgement) -> Iterator[Breach]:
    written = answers.day(KNOWN_ON)
    if facts.known_on is not None and written is not None and written != facts.known_on:
        yield Breach(
            KNOWN_ON,
            f"「{japanese_day(written)}」は、記録されている、いずれかの部署が最初に知った日"
            f"（{japanese_day(facts.known_on)}）と異なります。期限はその日から数えます。直してください。",
        )


def _situations_agree(answers: Answers, _: BreachFacts, judgement: BreachJudgement) -> Iterator[Breach]:
    chosen = set(answers.choices(SITUATIONS) or ())
    met = {one.row.id for one in judgement.of(SituationState.MET)}
    names = {one.row.id: one.row.name for one in judgement.findings}
    if missing := [one.row.name for one in judgement.to_report if one.row.id not in chosen]:
        yield Breach(SITUATIONS, f"判断では当たるとされた{'、'.join(missing)}がありません。選んでください。")
    if added := [name for one, name in names.items() if one in chosen and one not in met]:
        yield Breach(
            SITUATIONS,
            f"判断では当たるとされていない{'、'.join(added)}を選んでいます。外すか、事実を改めて判断してください。",
        )


def _numbers_agree(answers: Answers, facts: BreachFacts, _: BreachJudgement) -> Iterator[Breach]:
    for path, known in ((CONFIRMED_NUMBER, facts.persons_confirmed), (GREATEST_NUMBER, facts.persons_at_most)):
        written = _number(answers, path)
        if written is not None and written != known:
            recorded = "不明" if known is None else f"{known:,}人"
            yield Breach(
                path,
                f"「{written:,}人」は、記録されている事実（{recorded}）と異なります。どちらが正しいかを確かめ、揃えてください。",
            )


def _known_is_told(answers: Answers, facts: BreachFacts, _: BreachJudgement) -> Iterator[Breach]:
    for item in _MAY_BE_UNKNOWN:
        value = facts.persons_at_most if item is ReportItem.DATA_SUBJECTS else getattr(facts.account, item)
        if value is not None and answers.choice(f"/{item}/state") in ("unknown", "partly"):
            yield Breach(
                f"/{item}/state",
                f"「{item.label}」は、記録では分かっていますが、不明とされています。分かっている内容を記入してください。",
            )


REPORT_RULES = (
    ReportRule(
        id="breach_known_on_agrees",
        sentence="知った日は、いずれかの部署が最初に知った日である。",
        provision="特定個人情報ガイドライン別添2の3D",
        find=_known_on_agrees,
    ),
    ReportRule(
        id="breach_situations_agree",
        sentence="報告の対象となる事態は、事実による判断で当たるとされた事態である。",
        provision="漏えい等報告規則第2条",
        find=_situations_agree,
    ),
    ReportRule(
        id="breach_numbers_agree",
        sentence="本人の数は、記録された事実と同じである。",
        provision="漏えい等報告規則第3条第1項",
        find=_numbers_agree,
    ),
    ReportRule(
        id="breach_known_is_told",
        sentence="分かっている事項を、不明としない。",
        provision="漏えい等報告規則第3条第1項",
        find=_known_is_told,
        severity=Severity.WARNING,
    ),
)
"""事実との整合: every rule between a report, the facts and their judgement."""


def check_report(document: Mapping[str, object], *, judgement: BreachJudgement, on: date) -> tuple[FormError, ...]:
    """Hold a report against the facts that were judged; all errors and warnings, in the form's order.

    Raises NotInForceError for a day before the first rows. A document on another form has nothing to be held against.
    """
    try:
        answers = Answers(document)
    except UnknownFormError:
        return ()
    if answers.form != FORM:
        return ()
    rules = (*BREACH_REPORT_RULES, *(rule.of(judgement.facts, judgement) for rule in REPORT_RULES))
    return tuple(broken(rules, answers, on=on))


def contradictions(document: Mapping[str, object], *, judgement: BreachJudgement) -> tuple[FormError, ...]:
    """Give every item of a report on this form that contradicts the facts that were judged; no warnings."""
    rules = [rule.of(judgement.facts, judgement) for rule in REPORT_RULES if rule.severity is Severity.ERROR]
    return tuple(broken(rules, Answers(document), on=judgement.on))
