"""根拠 (provisions): each clause that a rule cites, defined once, and which row of a dated rule holds on a day.

A clause whose wording was seen only in secondary sources has `confirmed=False`; a page shows it with 「要確認」.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Provision:
    """根拠条項 (provision): one clause, as it is cited and where it can be read (None: no lasting address is known)."""

    id: str
    law: str
    article: str
    address: str | None
    confirmed: bool = True


class NotInForceError(LookupError):
    """適用前の日 (a day before the first row of a rule): nothing is known of what held then."""


class DatedRow(Protocol):
    """日付のある行 (dated row): holds from a day on, until a later row does."""

    @property
    def in_force_on(self) -> date: ...


_Row = TypeVar("_Row", bound=DatedRow)


def rows_in_force(rows: Sequence[_Row], *, on: date, rule: str) -> tuple[_Row, ...]:
    """Give the rows of the latest day that is not after `on`, in their order.

    `rule` is the Japanese name of the rule. Raises NotInForceError for a day before the first row.
    """
    days = [row.in_force_on for row in rows]
    latest = max((day for day in days if day <= on), default=None)
    if latest is None:
        first = min(days).isoformat()
        raise NotInForceError(
            f"{on.isoformat()}に適用される「{rule}」の定めは登録されていません。{first}以後の日を指定してください。"
        )
    return tuple(row for row in rows if row.in_force_on == latest)


class _Law(NamedTuple):
    key: str
    name: str
    short: str
    address: str | None
    confirmed: bool = True

    def clause(self, number: str, text: str) -> Provision:
        return Provision(f"{self.key}-{number}", self.name, f"{self.short}{text}", self.address, self.confirmed)


_NUMBER_ACT = _Law(
    "law",
    "行政手続における特定の個人を識別するための番号の利用等に関する法律",
    "番号法",
    "https://laws.e-gov.go.jp/law/425AC0000000027",
)
_ASSESSMENT_RULES = _Law(
    "rule", "特定個人情報保護評価に関する規則", "規則", "https://laws.e-gov.go.jp/law/426M60020000001"
)
_BREACH_RULES = _Law(
    "breach",
    "行政手続における特定の個人を識別するための番号の利用等に関する法律第二十九条の四第一項及び第二項に基づく"
    "特定個人情報の漏えい等に関する報告等に関する規則",
    "漏えい等報告規則",
    "https://laws.e-gov.go.jp/law/427M60020000005",
)
_PRIVACY_ACT = _Law("privacy", "個人情報の保護に関する法律", "個情法", "https://laws.e-gov.go.jp/law/415AC0000000057")
_PRIVACY_RULES = _Law(
    "privacy-rule",
    "個人情報の保護に関する法律施行規則",
    "個情法施行規則",
    "https://laws.e-gov.go.jp/law/428M60020000003",
)
_HANDLING_GUIDELINE = _Law(  # the text as amended in June 2025; where law or ordinance is newer, they win
    "handling",
    "特定個人情報の適正な取扱いに関するガイドライン（行政機関等編）",
    "特定個人情報ガイドライン",
    "https://www.ppc.go.jp/legal/policy/my_number_guideline_gyosei/",
)
_CLOSED_DAYS_ACT = _Law(
    "closed-days",
    "行政機関の休日に関する法律",
    "行政機関の休日に関する法律",
    "https://laws.e-gov.go.jp/law/363AC0000000091",
)
_GUIDELINE = _Law(  # the text itself could not be read
    "guideline", "特定個人情報保護評価指針", "指針", "https://www.ppc.go.jp/legal/assessment/", confirmed=False
)
_IMPROVEMENT_REPORT = _Law(
    "improvement",
    "公金受取口座の誤登録事案に関するデジタル庁における改善策の実施状況について",
    "改善策",
    None,
)

# 番号法
LAW_2_15 = _NUMBER_ACT.clause("2-15", "第2条第15項")  # 行政機関の長等
LAW_19_8 = _NUMBER_ACT.clause("19-8", "第19条第8号")  # 情報照会者・情報提供者
LAW_19_9 = _NUMBER_ACT.clause("19-9", "第19条第9号")  # 条例事務関係情報照会者・提供者
LAW_27_1 = _NUMBER_ACT.clause("27-1", "第27条第1項")  # 指針
LAW_28_1 = _NUMBER_ACT.clause("28-1", "第28条第1項")  # 全項目評価書の公示・意見聴取
LAW_28_2 = _NUMBER_ACT.clause("28-2", "第28条第2項")  # 見直し、委員会の承認を受けること
LAW_28_3 = _NUMBER_ACT.clause("28-3", "第28条第3項")  # 承認の要件
LAW_28_4 = _NUMBER_ACT.clause("28-4", "第28条第4項")  # 承認後の公表
LAW_28_5 = _NUMBER_ACT.clause("28-5", "第28条第5項")  # 事前通知とのみなし
LAW_28_6 = _NUMBER_ACT.clause("28-6", "第28条第6項")  # 公表前の情報連携の禁止
LAW_29_4_1 = _NUMBER_ACT.clause("29-4-1", "第29条の4第1項")  # 漏えい等の報告、委託元への通知
LAW_29_4_2 = _NUMBER_ACT.clause("29-4-2", "第29条の4第2項")  # 本人への通知

# 特定個人情報保護評価に関する規則
RULE_2_1 = _ASSESSMENT_RULES.clause("2-1", "第2条第1号")  # 基礎項目評価書
RULE_2_2 = _ASSESSMENT_RULES.clause("2-2", "第2条第2号")  # 重点項目評価書
RULE_2_3 = _ASSESSMENT_RULES.clause("2-3", "第2条第3号")  # 地方公共団体等
RULE_3 = _ASSESSMENT_RULES.clause("3", "第3条")  # 計画管理書を併せて提出
RULE_4_1 = _ASSESSMENT_RULES.clause("4-1", "第4条第1号")  # 専ら人事・給与・福利厚生
RULE_4_2 = _ASSESSMENT_RULES.clause("4-2", "第4条第2号")  # 手作業処理用ファイル
RULE_4_3 = _ASSESSMENT_RULES.clause("4-3", "第4条第3号")  # 事務の総数が千人未満
RULE_4_4 = _ASSESSMENT_RULES.clause("4-4", "第4条第4号")  # 健康保険組合
RULE_4_5 = _ASSESSMENT_RULES.clause("4-5", "第4条第5号")  # 共済組合等
RULE_4_6 = _ASSESSMENT_RULES.clause("4-6", "第4条第6号")  # 情報照会者・情報提供者等
RULE_4_7 = _ASSESSMENT_RULES.clause("4-7", "第4条第7号")  # 会計検査院
RULE_4_8 = _ASSESSMENT_RULES.clause("4-8", "第4条第8号")  # 基礎項目評価書の公表
RULE_4_8_A = _ASSESSMENT_RULES.clause("4-8-a", "第4条第8号イ")  # 千人以上一万人未満
RULE_4_8_B = _ASSESSMENT_RULES.clause("4-8-b", "第4条第8号ロ")  # 一万人以上十万人未満
RULE_4_9 = _ASSESSMENT_RULES.clause("4-9", "第4条第9号")  # 重点項目評価書の公表
RULE_4_10 = _ASSESSMENT_RULES.clause("4-10", "第4条第10号")  # 地方公共団体等の全項目評価書の公表
RULE_5_1 = _ASSESSMENT_RULES.clause("5-1", "第5条第1項")  # 基礎項目評価書の提出
RULE_5_2 = _ASSESSMENT_RULES.clause("5-2", "第5条第2項")  # その公表
RULE_6_1 = _ASSESSMENT_RULES.clause("6-1", "第6条第1項")  # 重点項目評価書の提出
RULE_6_1_1 = _ASSESSMENT_RULES.clause("6-1-1", "第6条第1項第1号")  # 一万人以上十万人未満
RULE_6_1_2 = _ASSESSMENT_RULES.clause("6-1-2", "第6条第1項第2号")  # 十万人以上三十万人未満
RULE_6_2 = _ASSESSMENT_RULES.clause("6-2", "第6条第2項")  # 重点項目評価への上昇
RULE_6_3 = _ASSESSMENT_RULES.clause("6-3", "第6条第3項")  # 重点項目評価書の公表
RULE_7_1 = _ASSESSMENT_RULES.clause("7-1", "第7条第1項")  # 地方公共団体等の公示・意見聴取
RULE_7_2 = _ASSESSMENT_RULES.clause("7-2", "第7条第2項")  # 全項目評価への上昇
RULE_7_3 = _ASSESSMENT_RULES.clause("7-3", "第7条第3項")  # 公示の特例の準用
RULE_7_4 = _ASSESSMENT_RULES.clause("7-4", "第7条第4項")  # 見直しと第三者点検
RULE_7_5 = _ASSESSMENT_RULES.clause("7-5", "第7条第5項")  # 点検後の提出
RULE_7_6 = _ASSESSMENT_RULES.clause("7-6", "第7条第6項")  # 提出後の公表
RULE_8 = _ASSESSMENT_RULES.clause("8", "第8条")  # 行政機関等の全項目評価への上昇
RULE_9_1 = _ASSESSMENT_RULES.clause("9-1", "第9条第1項")  # 公示・提出の時期
RULE_9_2 = _ASSESSMENT_RULES.clause("9-2", "第9条第2項")  # 緊急のとき
RULE_9_BIS = _ASSESSMENT_RULES.clause("9bis", "第9条の2")  # 公示の方法
RULE_10_1 = _ASSESSMENT_RULES.clause("10-1", "第10条第1項")  # 犯罪捜査等の特例
RULE_10_2 = _ASSESSMENT_RULES.clause("10-2", "第10条第2項")  # 適切な管理に支障がある部分
RULE_11 = _ASSESSMENT_RULES.clause("11", "第11条")  # 重要な変更
RULE_12 = _ASSESSMENT_RULES.clause("12", "第12条")  # 全項目評価書の記載事項
RULE_13 = _ASSESSMENT_RULES.clause("13", "第13条")  # 評価書の公表の特例
RULE_14_1 = _ASSESSMENT_RULES.clause("14-1", "第14条第1項")  # 一年ごとの見直し、修正と提出
RULE_14_2 = _ASSESSMENT_RULES.clause("14-2", "第14条第2項")  # 修正後の公表
RULE_14_3 = _ASSESSMENT_RULES.clause("14-3", "第14条第3項")  # 基礎・重点・地方の全項目への準用
RULE_15 = _ASSESSMENT_RULES.clause("15", "第15条")  # 一定期間経過後の再実施
RULE_16 = _ASSESSMENT_RULES.clause("16", "第16条")  # 事務をやめた旨の通知

# 漏えい等報告規則
BREACH_2_1 = _BREACH_RULES.clause("2-1", "第2条第1号")  # 情報提供ネットワークシステム等
BREACH_2_2 = _BREACH_RULES.clause("2-2", "第2条第2号")  # 不正の目的
BREACH_2_3 = _BREACH_RULES.clause("2-3", "第2条第3号")  # 不特定多数の閲覧
BREACH_2_4 = _BREACH_RULES.clause("2-4", "第2条第4号")  # 百人を超える本人
BREACH_3_1 = _BREACH_RULES.clause("3-1", "第3条第1項")  # 速報
BREACH_3_2 = _BREACH_RULES.clause("3-2", "第3条第2項")  # 確報
BREACH_3_3 = _BREACH_RULES.clause("3-3", "第3条第3項")  # 報告の方法、別記様式
BREACH_4 = _BREACH_RULES.clause("4", "第4条")  # 委託元への通知
BREACH_5 = _BREACH_RULES.clause("5", "第5条")  # 本人への通知

# 個情法、同施行規則
PRIVACY_68_1 = _PRIVACY_ACT.clause("68-1", "第68条第1項")  # 保有個人情報の漏えい等の報告
PRIVACY_68_2 = _PRIVACY_ACT.clause("68-2", "第68条第2項")  # 本人への通知
PRIVACY_RULE_43 = _PRIVACY_RULES.clause("43", "第43条")  # 報告を要する事態
PRIVACY_RULE_43_3 = _PRIVACY_RULES.clause("43-3", "第43条第3号")  # 不正の目的
PRIVACY_RULE_44 = _PRIVACY_RULES.clause("44", "第44条")  # 速報・確報
PRIVACY_RULE_45 = _PRIVACY_RULES.clause("45", "第45条")  # 本人への通知

# 特定個人情報ガイドライン 別添2
HANDLING_2_1 = _HANDLING_GUIDELINE.clause("2-1", "別添2の1")  # 漏えい等の意味
HANDLING_2_2 = _HANDLING_GUIDELINE.clause("2-2", "別添2の2")  # 漏えい等事案とその対応
HANDLING_2_3A = _HANDLING_GUIDELINE.clause("2-3a", "別添2の3A")  # 報告対象となる事態
HANDLING_2_3B = _HANDLING_GUIDELINE.clause("2-3b", "別添2の3B")  # それ以外の事案の報告
HANDLING_2_3C = _HANDLING_GUIDELINE.clause("2-3c", "別添2の3C")  # 報告義務の主体、委託
HANDLING_2_3D = _HANDLING_GUIDELINE.clause("2-3d", "別添2の3D")  # 速報
HANDLING_2_3E = _HANDLING_GUIDELINE.clause("2-3e", "別添2の3E")  # 確報
HANDLING_2_3F = _HANDLING_GUIDELINE.clause("2-3f", "別添2の3F")  # 委託元への通知
HANDLING_2_4A = _HANDLING_GUIDELINE.clause("2-4a", "別添2の4A")  # 本人への通知の主体
HANDLING_2_4B = _HANDLING_GUIDELINE.clause("2-4b", "別添2の4B")  # 本人への通知の時期
HANDLING_2_4C = _HANDLING_GUIDELINE.clause("2-4c", "別添2の4C")  # 本人への通知の内容
HANDLING_2_4E = _HANDLING_GUIDELINE.clause("2-4e", "別添2の4E")  # 通知に代わる措置

# 行政機関の休日に関する法律
CLOSED_DAYS_1 = _CLOSED_DAYS_ACT.clause("1", "第1条")  # 日曜日・土曜日、祝日、12月29日から1月3日まで
CLOSED_DAYS_2 = _CLOSED_DAYS_ACT.clause("2", "第2条")  # 期限が休日に当たるとき

# 指針
GUIDELINE_SERIOUS_INCIDENT = _GUIDELINE.clause("serious-incident", "（特定個人情報に関する重大事故の定義）")
GUIDELINE_VOLUNTARY = _GUIDELINE.clause("voluntary", "（任意の実施）")
GUIDELINE_5_3 = _GUIDELINE.clause("5-3", "第5の3")  # 意見聴取の期間、第三者点検
GUIDELINE_6_2_2 = _GUIDELINE.clause("6-2-2", "第6の2(2)")  # 重要な変更に当たらないもの
GUIDELINE_6_2_3 = _GUIDELINE.clause("6-2-3", "第6の2(3)")  # しきい値判断の結果の変更
GUIDELINE_6_2_4 = _GUIDELINE.clause("6-2-4", "第6の2(4)")  # 五年
FORM_INSTRUCTIONS_END = _GUIDELINE.clause(
    "instructions-end", "様式の記載要領（事務の終了）"
)  # 【○年○月○日 終了】、三年
FORM_INSTRUCTIONS_NUMBER = _GUIDELINE.clause(
    "instructions-number", "様式の記載要領（評価書番号）"
)  # 計画管理書の番号と同じ番号
GUIDELINE_APPENDIX = _GUIDELINE.clause("appendix", "別表")  # 重要な変更の対象となる項目

# 改善策の実施状況
IMPROVEMENT_5 = _IMPROVEMENT_REPORT.clause("5", "5")  # 両者の検討、年に一度の確認

_BY_ID = MappingProxyType({one.id: one for one in tuple(globals().values()) if isinstance(one, Provision)})


def all_provisions() -> tuple[Provision, ...]:
    """Give every clause, law by law, in the order of its articles."""
    return tuple(_BY_ID.values())


def provision(provision_id: str) -> Provision:
    """Find a clause by its id, such as `rule-14-1`. Raises LookupError naming the id when there is none."""
    try:
        return _BY_ID[provision_id]
    except KeyError:
        raise LookupError(f"根拠条項「{provision_id}」は登録されていません。") from None


def cited(provisions: Sequence[Provision]) -> str:
    """Give the clauses as they stand in a sentence, joined by 、."""
    return "、".join(one.article for one in provisions)
