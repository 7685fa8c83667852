"""報告を要する事態 (reportable situations): limb by limb, with what takes an event out of them.

漏えい等報告規則2条 under 番号法29条の4, 施行規則43条 under 個情法68条, and what the guideline also wants reported. The
ordinance was read as in force since 令和7年10月; what held before was not read, and its rows are not confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guideline.breach_conditions import (
    FINANCIAL_HARM,
    HARM,
    IMPROPER_PROVISION,
    IMPROPER_PURPOSE,
    IMPROPER_USE,
    IN_FILE,
    INCIDENT,
    IS_SPECIFIC,
    NETWORK_SYSTEM,
    NUMBER_RELATED_SYSTEM,
    NUMBER_USE_SYSTEM,
    ORDINANCE_SENSITIVE,
    PUBLIC_BODY,
    PUBLIC_BODY_OR_CONTRACTOR,
    RETAINED,
    SEEN_BY_MANY,
    SENSITIVE,
    UNLAWFUL_PROVISION,
    UNLAWFUL_USE,
    Condition,
    more_persons_than,
)
from guideline.provisions import (
    BREACH_2_1,
    BREACH_2_2,
    BREACH_2_3,
    BREACH_2_4,
    BREACH_4,
    HANDLING_2_1,
    HANDLING_2_2,
    HANDLING_2_3A,
    HANDLING_2_3B,
    HANDLING_2_3C,
    LAW_29_4_1,
    PRIVACY_68_1,
    PRIVACY_RULE_43,
    PRIVACY_RULE_43_3,
    Provision,
    rows_in_force,
)


class BreachLaw(StrEnum):
    """根拠の別 (law of a report): under what a report to the Commission is made."""

    NUMBER_ACT = "number_act"  # 番号法
    PRIVACY_ACT = "privacy_act"  # 個情法
    GUIDELINE = "guideline"  # ガイドライン

    @property
    def label(self) -> str:
        """The law in Japanese."""
        return _LAWS[self]


_LAWS = {
    BreachLaw.NUMBER_ACT: "番号法第29条の4",
    BreachLaw.PRIVACY_ACT: "個情法第68条",
    BreachLaw.GUIDELINE: "特定個人情報ガイドライン",
}


@dataclass(frozen=True, slots=True)
class SituationRow:
    """報告を要する事態 (reportable situation): all of its conditions must hold; `name` is how it is cited.

    With a number it also asks for more persons than that: 100 are not enough, 101 are. `improper` ones have the longer
    period for the final report.
    """

    in_force_on: date
    id: str
    law: BreachLaw
    name: str
    sentence: str
    conditions: tuple[Condition, ...]
    provisions: tuple[Provision, ...]
    more_persons_than: int | None = None
    improper: bool = False
    confirmed: bool = True

    @property
    def needs(self) -> tuple[Condition, ...]:
        """All conditions, with that of the number."""
        if self.more_persons_than is None:
            return self.conditions
        return (*self.conditions, more_persons_than(self.more_persons_than))

    @property
    def fields(self) -> tuple[str, ...]:
        """The facts that decide it, with what may take it out."""
        return (*dict.fromkeys(field for one in self.needs for field in one.fields), "encrypted")


class ExemptionScope(StrEnum):
    """除かれる範囲 (scope of an exemption): what it takes out."""

    DATA = "data"  # 情報そのもの: no situation is met
    HARM = "harm"  # 発生したこと: it is no 漏えい, 滅失 or 毀損
    DUTY = "duty"  # 報告の義務: the situation is met, and another reports it

    @property
    def label(self) -> str:
        """The scope in Japanese."""
        return {"data": "情報", "harm": "漏えい等に当たるか", "duty": "報告の義務"}[self]


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    """報告を要しない場合 (exemption): the fact that establishes it, and what that takes out."""

    in_force_on: date
    id: str
    law: BreachLaw
    scope: ExemptionScope
    field: str
    sentence: str
    provisions: tuple[Provision, ...]
    of: tuple[str, ...] = ()
    confirmed: bool = True


_MANDATORY_SINCE = date(2022, 4, 1)
_READ_SINCE = date(2025, 10, 1)
_HUNDRED = 100


def _situations(since: date, *, confirmed: bool) -> tuple[SituationRow, ...]:
    def number_act(  # noqa: PLR0913 # the columns of the table
        limb: str,
        provision: Provision,
        mark: str,
        sentence: str,
        *conditions: Condition,
        more_persons_than: int | None = None,
        improper: bool = False,
    ) -> SituationRow:
        return SituationRow(
            since,
            f"breach-{limb}",
            BreachLaw.NUMBER_ACT,
            f"{provision.article}{mark}",
            sentence,
            (IN_FILE, *conditions),
            (LAW_29_4_1, provision),
            more_persons_than=more_persons_than,
            improper=improper,
            confirmed=confirmed,
        )

    def privacy_act(
        limb: str,
        sentence: str,
        *conditions: Condition,
        provision: Provision = PRIVACY_RULE_43,
        more_persons_than: int | None = None,
    ) -> SituationRow:
        return SituationRow(
            since,
            f"privacy-{limb}",
            BreachLaw.PRIVACY_ACT,
            f"{provision.article}（{_PRIVACY_NAMES[limb]}）",
            sentence,
            (RETAINED, PUBLIC_BODY, HARM, *conditions),
            (PRIVACY_68_1, provision),
            more_persons_than=more_persons_than,
            improper=provision is PRIVACY_RULE_43_3,
            confirmed=confirmed,
        )

    return (
        number_act(
            "2-1-a",
            BREACH_2_1,
            "イ",
            "情報提供ネットワークシステム又はこれに接続された電子計算機に記録された特定個人情報の漏えい等である",
            NETWORK_SYSTEM,
            HARM,
        ),
        number_act(
            "2-1-b",
            BREACH_2_1,
            "ロ",
            "個人番号利用事務を処理するための情報システムで管理される特定個人情報の漏えい等である",
            NUMBER_USE_SYSTEM,
            HARM,
        ),
        number_act(
            "2-1-c",
            BREACH_2_1,
            "ハ",
            "行政機関等又はその委託を受けた者が個人番号関係事務を処理するための情報システムで管理される特定個人情報の漏えい等である",
            NUMBER_RELATED_SYSTEM,
            PUBLIC_BODY_OR_CONTRACTOR,
            HARM,
        ),
        number_act(
            "2-2-a",
            BREACH_2_2,
            "イ",
            "不正の目的をもって行われたおそれがある特定個人情報の漏えい等である",
            IMPROPER_PURPOSE,
            HARM,
            improper=True,
        ),
        number_act(
            "2-2-b",
            BREACH_2_2,
            "ロ",
            "不正の目的をもって特定個人情報が利用され、又は利用されたおそれがある",
            IMPROPER_USE,
            improper=True,
        ),
        number_act(
            "2-2-c",
            BREACH_2_2,
            "ハ",
            "不正の目的をもって特定個人情報が提供され、又は提供されたおそれがある",
            IMPROPER_PROVISION,
            improper=True,
        ),
        number_act(
            "2-3",
            BREACH_2_3,
            "",
            "特定個人情報ファイルの特定個人情報が電磁的方法により不特定多数の者に閲覧され、又は閲覧されるおそれがある",
            SEEN_BY_MANY,
        ),
        number_act(
            "2-4-a",
            BREACH_2_4,
            "イ",
            "本人の数が百人を超える特定個人情報の漏えい等である",
            HARM,
            more_persons_than=_HUNDRED,
        ),
        number_act(
            "2-4-b",
            BREACH_2_4,
            "ロ",
            "本人の数が百人を超える個人番号が、番号法第9条の規定に反して利用され、又は利用されたおそれがある",
            UNLAWFUL_USE,
            more_persons_than=_HUNDRED,
        ),
        number_act(
            "2-4-c",
            BREACH_2_4,
            "ハ",
            "本人の数が百人を超える特定個人情報が、番号法第19条の規定に反して提供され、又は提供されたおそれがある",
            UNLAWFUL_PROVISION,
            more_persons_than=_HUNDRED,
        ),
        privacy_act("sensitive", "要配慮個人情報が含まれる保有個人情報の漏えい等である", SENSITIVE),
        privacy_act(
            "financial",
            "不正に利用されることにより財産的被害が生じるおそれがある保有個人情報の漏えい等である",
            FINANCIAL_HARM,
        ),
        privacy_act(
            "improper",
            "不正の目的をもって行われたおそれがある保有個人情報の漏えい等である",
            IMPROPER_PURPOSE,
            provision=PRIVACY_RULE_43_3,
        ),
        privacy_act("hundred", "本人の数が百人を超える保有個人情報の漏えい等である", more_persons_than=_HUNDRED),
        privacy_act("ordinance", "条例要配慮個人情報が含まれる保有個人情報の漏えい等である", ORDINANCE_SENSITIVE),
        SituationRow(
            since,
            "guideline-incident",
            BreachLaw.GUIDELINE,
            HANDLING_2_3B.article,
            "行政機関等における特定個人情報の漏えい等事案（漏えい等、その他の番号法違反、又はそれらのおそれ）である",
            (IS_SPECIFIC, PUBLIC_BODY_OR_CONTRACTOR, INCIDENT),
            (HANDLING_2_2, HANDLING_2_3B),
            confirmed=confirmed,
        ),
    )


_PRIVACY_NAMES = {
    "sensitive": "要配慮個人情報",
    "financial": "財産的被害のおそれ",
    "improper": "不正の目的",
    "hundred": "百人を超える本人",
    "ordinance": "条例要配慮個人情報",
}

SITUATIONS = (
    # The text before 令和7年10月 was not read. Of local bodies the general law holds a year later than the first day.
    *_situations(_MANDATORY_SINCE, confirmed=False),
    *_situations(_READ_SINCE, confirmed=True),
)
"""報告を要する事態: all rows, the oldest first, in the order of the ordinance. A released row is never edited."""


def _exemptions(since: date, *, confirmed: bool) -> tuple[ExemptionRow, ...]:
    encrypted = "高度な暗号化その他の個人の権利利益を保護するために必要な措置が講じられていた情報は、対象から除かれます"
    recovered = "第三者に閲覧される前に全てを回収したときは、漏えいに当たりません"
    kept = "同じ内容のデータが別に保管されているときは、滅失にも毀損にも当たりません"
    deleted = "合理的な理由により消去したときは、滅失に当たりません"

    def row(  # noqa: PLR0913 # the columns of the table
        law: BreachLaw,
        scope: ExemptionScope,
        field: str,
        sentence: str,
        *provisions: Provision,
        of: tuple[str, ...] = (),
        sure: bool = confirmed,
    ) -> ExemptionRow:
        name = f"{law.value}-{field}".replace("_", "-")
        return ExemptionRow(since, name, law, scope, field, sentence, provisions, of=of, confirmed=sure)

    number_act, privacy_act, guideline = BreachLaw
    data, harm, duty = ExemptionScope
    released = (
        "委託を受けた者は、報告義務を負う委託元に、事態を知った後速やかに通知したときは、報告を要しません。"
        "本人への通知も要しません"
    )
    return (
        row(number_act, data, "encrypted", encrypted, BREACH_2_1, HANDLING_2_3A),
        row(number_act, harm, "recovered_unseen", recovered, HANDLING_2_1, of=("leak",)),
        row(number_act, harm, "kept_elsewhere", kept, HANDLING_2_1, of=("loss", "damage")),
        row(number_act, harm, "deleted_for_cause", deleted, HANDLING_2_1, of=("loss",)),
        row(number_act, duty, "principal_notified_on", released, LAW_29_4_1, BREACH_4, HANDLING_2_3C),
        # Of the general law it is not said where these stand: they are taken to be the same.
        row(privacy_act, data, "encrypted", encrypted, PRIVACY_RULE_43, sure=False),
        row(privacy_act, harm, "recovered_unseen", recovered, PRIVACY_RULE_43, of=("leak",), sure=False),
        row(privacy_act, harm, "kept_elsewhere", kept, PRIVACY_RULE_43, of=("loss", "damage"), sure=False),
        row(privacy_act, harm, "deleted_for_cause", deleted, PRIVACY_RULE_43, of=("loss",), sure=False),
        row(guideline, data, "encrypted", encrypted, HANDLING_2_3B),
        row(guideline, harm, "recovered_unseen", recovered, HANDLING_2_1, of=("leak",)),
        row(guideline, harm, "kept_elsewhere", kept, HANDLING_2_1, of=("loss", "damage")),
        row(guideline, harm, "deleted_for_cause", deleted, HANDLING_2_1, of=("loss",)),
    )


EXEMPTIONS = (*_exemptions(_MANDATORY_SINCE, confirmed=False), *_exemptions(_READ_SINCE, confirmed=True))
"""報告を要しない場合: all rows, the oldest first."""


def situations(*, on: date) -> tuple[SituationRow, ...]:
    """Give the situations in force on that day. Raises NotInForceError before the first rows."""
    return rows_in_force(SITUATIONS, on=on, rule="漏えい等の報告を要する事態")


def exemptions(*, on: date, law: BreachLaw) -> tuple[ExemptionRow, ...]:
    """Give the exemptions of one law in force on that day. Raises NotInForceError before the first rows."""
    return tuple(row for row in rows_in_force(EXEMPTIONS, on=on, rule="漏えい等の報告を要しない場合") if row.law is law)
