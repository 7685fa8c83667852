"""漏えい等の要件 (conditions of a breach): what a reportable situation asks for, as yes, no or not known yet.

Each is a question that a person can answer. A fear is a yes (おそれ); what would take the event out (encryption,
recovery) counts only once it is established, for until then there is the fear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schemas.breach import BreachFacts, Happening, Holder


@dataclass(frozen=True, slots=True)
class Condition:
    """要件 (condition): the facts that it reads, and the question whose answer decides it.

    With `parts` it is any of them. `holds` gives None where the answer is not known.
    """

    question: str
    fields: tuple[str, ...]
    holds: Callable[[BreachFacts], bool | None]
    parts: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        """Give the question, as pages show a row."""
        return self.question

    def open_questions(self, facts: BreachFacts) -> tuple[str, ...]:
        """Give the questions that are not answered yet; none where the condition is decided."""
        if self.holds(facts) is not None:
            return ()
        open_parts = tuple(question for part in self.parts for question in part.open_questions(facts))
        return open_parts or (self.question,)


def any_of(question: str, *parts: Condition) -> Condition:
    """Join conditions of which one suffices; not known only while none holds and one is open."""

    def holds(facts: BreachFacts) -> bool | None:
        answers = [part.holds(facts) for part in parts]
        return True if True in answers else None if None in answers else False

    return Condition(question, tuple(dict.fromkeys(field for part in parts for field in part.fields)), holds, parts)


def _said(field: str, question: str) -> Condition:
    def holds(facts: BreachFacts) -> bool | None:
        answer: bool | None = getattr(facts, field)
        return answer

    return Condition(question, (field,), holds)


def _happened(field: str, question: str, *, unless: tuple[str, ...] = ()) -> Condition:
    """Hold where it happened or is feared; never where one of `unless` is established."""

    def holds(facts: BreachFacts) -> bool | None:
        if any(getattr(facts, one) is True for one in unless):
            return False
        happening: Happening | None = getattr(facts, field)
        return None if happening is None else happening is not Happening.NONE

    return Condition(question, (field, *unless), holds)


LEAK = _happened("leak", "漏えいが発生し、又は発生したおそれがあるか", unless=("recovered_unseen",))
LOSS = _happened("loss", "滅失が発生し、又は発生したおそれがあるか", unless=("kept_elsewhere", "deleted_for_cause"))
DAMAGE = _happened("damage", "毀損が発生し、又は発生したおそれがあるか", unless=("kept_elsewhere",))
HARM = any_of("漏えい、滅失又は毀損が発生し、又は発生したおそれがあるか", LEAK, LOSS, DAMAGE)
"""漏えい等: any of the three, occurred or feared."""

IMPROPER_PURPOSE = _happened("improper_purpose", "漏えい等は、不正の目的をもって行われたおそれがあるか")
IMPROPER_USE = _happened("improper_use", "不正の目的をもって利用され、又は利用されたおそれがあるか")
IMPROPER_PROVISION = _happened("improper_provision", "不正の目的をもって提供され、又は提供されたおそれがあるか")
SEEN_BY_MANY = _happened("seen_by_many", "電磁的方法により不特定多数の者に閲覧され、又は閲覧されるおそれがあるか")
UNLAWFUL_USE = _happened("unlawful_use", "個人番号が番号法第9条の規定に反して利用され、又は利用されたおそれがあるか")
UNLAWFUL_PROVISION = _happened("unlawful_provision", "番号法第19条の規定に反して提供され、又は提供されたおそれがあるか")
OTHER_VIOLATION = _happened("other_violation", "その他の番号法違反があり、又はそのおそれがあるか")
INCIDENT = any_of(
    "漏えい等又はその他の番号法違反があり、又はそのおそれがあるか",
    HARM,
    IMPROPER_USE,
    IMPROPER_PROVISION,
    SEEN_BY_MANY,
    UNLAWFUL_USE,
    UNLAWFUL_PROVISION,
    OTHER_VIOLATION,
)
"""漏えい等事案: the word of the guideline, wider than 漏えい等."""

NETWORK_SYSTEM = _said("network_system", "情報提供ネットワークシステム又はこれに接続された電子計算機に記録されていたか")
NUMBER_USE_SYSTEM = _said("number_use_system", "個人番号利用事務を処理するための情報システムで管理されていたか")
NUMBER_RELATED_SYSTEM = _said("number_related_system", "個人番号関係事務を処理するための情報システムで管理されていたか")
RETAINED = _said("retained", "行政機関等の保有個人情報であるか")
SENSITIVE = _said("sensitive", "要配慮個人情報が含まれるか")
ORDINANCE_SENSITIVE = _said("ordinance_sensitive", "条例要配慮個人情報が含まれるか（条例に定めのある地方公共団体等）")
FINANCIAL_HARM = _said("financial_harm", "不正に利用されることにより財産的被害が生じるおそれがあるか")


def _in_file(facts: BreachFacts) -> bool | None:
    """Let what is said of the file go before what is said of the data: such a file holds nothing else."""
    return False if facts.in_file is None and facts.specific is False else facts.in_file


def _is_specific(facts: BreachFacts) -> bool | None:
    return True if facts.in_file else facts.specific


IN_FILE = Condition(
    "特定個人情報ファイルに記録された特定個人情報であるか",
    ("specific", "in_file"),
    _in_file,
)
IS_SPECIFIC = Condition("個人番号を含む（特定個人情報である）か", ("specific", "in_file"), _is_specific)


def _held_by(question: str, *holders: Holder) -> Condition:
    def holds(facts: BreachFacts) -> bool | None:
        return None if facts.holder is None else facts.holder in holders

    return Condition(question, ("holder",), holds)


PUBLIC_BODY = _held_by("取り扱っていたのは、行政機関等（地方公共団体を含む。）であるか", Holder.PUBLIC_BODY)
PUBLIC_BODY_OR_CONTRACTOR = _held_by(
    "取り扱っていたのは、行政機関等（地方公共団体を含む。）又はその委託を受けた者であるか",
    Holder.PUBLIC_BODY,
    Holder.CONTRACTOR_OF_PUBLIC_BODY,
)


def more_persons_than(number: int) -> Condition:
    """Ask for more persons than this: by the number known, or the greatest that is feared."""

    def holds(facts: BreachFacts) -> bool | None:
        if max(facts.persons_confirmed or 0, facts.persons_at_most or 0) > number:
            return True
        return None if facts.persons_at_most is None else False

    question = f"本人の数は、おそれを含めて最大で何人か（{number + 1}人以上なら当たり、{number}人以下なら当たりません）"
    return Condition(question, ("persons_confirmed", "persons_at_most"), holds)
