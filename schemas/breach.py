"""漏えい等 (breach): what is known of an event in which personal data may have come to harm.

Unknown is an answer (None). The facts are judged by `guideline.breach_report`; nothing here says what is reportable.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Identifier, Line, Message, Text

FORM = "breach_report"
FORM_VERSION = "2025-10"


class Happening(StrEnum):
    """発生の有無 (happening): whether something happened, is feared to have happened, or did not."""

    OCCURRED = "occurred"  # 発生した
    FEARED = "feared"  # 発生したおそれがある
    NONE = "none"  # ない

    @property
    def label(self) -> str:
        """The happening in Japanese."""
        return _HAPPENINGS[self]


_HAPPENINGS = {Happening.OCCURRED: "発生した", Happening.FEARED: "発生したおそれがある", Happening.NONE: "ない"}


class Holder(StrEnum):
    """取り扱う者 (holder): who handled the data that came to harm."""

    PUBLIC_BODY = "public_body"  # 行政機関、地方公共団体、独立行政法人等、地方独立行政法人
    CONTRACTOR_OF_PUBLIC_BODY = "contractor_of_public_body"  # その委託を受けた者
    OTHER = "other"  # その他の個人番号利用事務等実施者

    @property
    def label(self) -> str:
        """The holder in Japanese."""
        return _HOLDERS[self]


_HOLDERS = {
    Holder.PUBLIC_BODY: "行政機関・地方公共団体・独立行政法人等・地方独立行政法人",
    Holder.CONTRACTOR_OF_PUBLIC_BODY: "行政機関等から委託を受けた者",
    Holder.OTHER: "その他の個人番号利用事務等実施者",
}


class ReportItem(StrEnum):
    """報告事項 (report item): the nine that a report to the Commission has (漏えい等報告規則3条1項各号)."""

    OVERVIEW = "overview"  # 概要
    DATA_ITEMS = "data_items"  # 特定個人情報の項目
    DATA_SUBJECTS = "data_subjects"  # 本人の数
    CAUSE = "cause"  # 原因
    SECONDARY_HARM = "secondary_harm"  # 二次被害又はそのおそれ
    RESPONSE = "response"  # 本人への対応の実施状況
    PUBLICATION = "publication"  # 公表の実施状況
    PREVENTION = "prevention"  # 再発防止のための措置
    OTHER = "other"  # その他参考となる事項

    @property
    def label(self) -> str:
        """The item in Japanese."""
        return _REPORT_ITEMS[self]


_REPORT_ITEMS = {
    ReportItem.OVERVIEW: "概要",
    ReportItem.DATA_ITEMS: "特定個人情報の項目",
    ReportItem.DATA_SUBJECTS: "特定個人情報に係る本人の数",
    ReportItem.CAUSE: "原因",
    ReportItem.SECONDARY_HARM: "二次被害又はそのおそれの有無及びその内容",
    ReportItem.RESPONSE: "本人への対応の実施状況",
    ReportItem.PUBLICATION: "公表の実施状況",
    ReportItem.PREVENTION: "再発防止のための措置",
    ReportItem.OTHER: "その他参考となる事項",
}


class ReportKind(StrEnum):
    """報告の区分 (kind of report): the first of what is known, the whole, and what is added later."""

    PRELIMINARY = "preliminary"  # 速報
    FINAL = "final"  # 確報
    SUPPLEMENT = "supplement"  # 追完

    @property
    def label(self) -> str:
        """The kind in Japanese."""
        return _REPORT_KINDS[self]


_REPORT_KINDS = {ReportKind.PRELIMINARY: "速報", ReportKind.FINAL: "確報", ReportKind.SUPPLEMENT: "追完"}


class UnknownItem(Message):
    """不明の事項 (unknown item): why a report can't tell one of the nine items, and when it will."""

    item: ReportItem = Field(title="報告事項")
    reason: Text = Field(title="不明である理由")
    follow_up: Line = Field(title="追完の予定")


class BreachAccount(Message):
    """報告の内容 (account): what the nine items say, as far as it is known."""

    overview: Text | None = Field(default=None, title="概要")
    data_items: Annotated[tuple[Line, ...], Field(min_length=1, max_length=100)] | None = Field(
        default=None, title="特定個人情報の項目"
    )
    cause: Text | None = Field(default=None, title="原因")
    secondary_harm: Happening | None = Field(default=None, title="二次被害又はそのおそれの有無")
    secondary_harm_detail: Text | None = Field(default=None, title="二次被害又はそのおそれの内容")
    response: Text | None = Field(default=None, title="本人への対応の実施状況")
    publication: Text | None = Field(default=None, title="公表の実施状況")
    prevention: Text | None = Field(default=None, title="再発防止のための措置")
    other: Text | None = Field(default=None, title="その他参考となる事項")
    unknown: Annotated[tuple[UnknownItem, ...], Field(max_length=9)] = Field(default=(), title="不明の事項")


class BreachFacts(Message):
    """漏えい等の事実 (facts of a breach): what is known on a day; what is left empty is not known yet.

    `persons_confirmed` are known to be concerned, `persons_at_most` is the greatest number that is feared.
    """

    body: Line | None = Field(default=None, title="報告する機関")
    department: Line | None = Field(default=None, title="担当部署")
    contact: Line | None = Field(default=None, title="連絡先")
    happened_on: date | None = Field(default=None, title="発生した日")
    known_on: date | None = Field(default=None, title="いずれかの部署が最初に知った日")

    leak: Happening | None = Field(default=None, title="漏えい")
    loss: Happening | None = Field(default=None, title="滅失")
    damage: Happening | None = Field(default=None, title="毀損")
    improper_purpose: Happening | None = Field(default=None, title="不正の目的をもって行われた漏えい等")
    improper_use: Happening | None = Field(default=None, title="不正の目的をもった利用")
    improper_provision: Happening | None = Field(default=None, title="不正の目的をもった提供")
    seen_by_many: Happening | None = Field(default=None, title="電磁的方法による不特定多数の者の閲覧")
    unlawful_use: Happening | None = Field(default=None, title="番号法第9条の規定に反する個人番号の利用")
    unlawful_provision: Happening | None = Field(default=None, title="番号法第19条の規定に反する提供")
    other_violation: Happening | None = Field(default=None, title="その他の番号法違反")

    holder: Holder | None = Field(default=None, title="情報を取り扱っていた者")
    specific: bool | None = Field(default=None, title="個人番号を含む（特定個人情報である）")
    in_file: bool | None = Field(default=None, title="特定個人情報ファイルに記録されていた")
    network_system: bool | None = Field(
        default=None, title="情報提供ネットワークシステム又はこれに接続された電子計算機に記録されていた"
    )
    number_use_system: bool | None = Field(default=None, title="個人番号利用事務の情報システムで管理されていた")
    number_related_system: bool | None = Field(default=None, title="個人番号関係事務の情報システムで管理されていた")
    persons_confirmed: int | None = Field(default=None, ge=0, le=200_000_000, title="判明している本人の数")
    persons_at_most: int | None = Field(default=None, ge=0, le=200_000_000, title="おそれを含む最大の本人の数")

    retained: bool | None = Field(default=None, title="保有個人情報である")
    sensitive: bool | None = Field(default=None, title="要配慮個人情報を含む")
    ordinance_sensitive: bool | None = Field(default=None, title="条例要配慮個人情報を含む")
    financial_harm: bool | None = Field(default=None, title="不正な利用により財産的被害が生じるおそれ")

    encrypted: bool | None = Field(default=None, title="高度な暗号化等の措置")
    recovered_unseen: bool | None = Field(default=None, title="第三者に閲覧される前の全部の回収")
    kept_elsewhere: bool | None = Field(default=None, title="同じ内容のデータの別の保管")
    deleted_for_cause: bool | None = Field(default=None, title="合理的な理由による消去")

    as_contractor: bool | None = Field(default=None, title="委託を受けて取り扱っていた")
    principal_has_duty: bool | None = Field(default=None, title="委託元の報告義務")
    principal_notified_on: date | None = Field(default=None, title="委託元に通知した日")

    notice_difficult: bool | None = Field(default=None, title="本人への通知の困難")
    notice_widens_harm: bool | None = Field(default=None, title="本人への通知による被害の拡大のおそれ")
    not_disclosable: bool | None = Field(default=None, title="個情法第78条第1項の不開示情報を含む")

    account: BreachAccount = Field(default=BreachAccount(), title="報告の内容")


class KnownBy(StrEnum):
    """知った経緯 (how it became known)."""

    DEPARTMENT = "department"  # 部署が知った
    CONTRACTOR_NOTICE = "contractor_notice"  # 委託先から通知を受けた

    @property
    def label(self) -> str:
        """How it became known, in Japanese."""
        return "部署が知った" if self is KnownBy.DEPARTMENT else "委託先から通知を受けた"


class Knowledge(Message):
    """把握 (knowledge): that a department knew on a day, by itself or by the notice of a contractor."""

    department: Identifier = Field(title="知った部署")
    known_on: date = Field(title="知った日")
    known_by: KnownBy = Field(default=KnownBy.DEPARTMENT, title="知った経緯")
