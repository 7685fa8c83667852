"""監査とログ分析を受け付けない理由の文 (refusal texts of audits)."""

from __future__ import annotations

from types import MappingProxyType

from guideline.refusal_texts import Reason

_AUDITS = "改善策の実施状況 6（監査）"
_DUTIES = "職務の分離"

AUDIT_REASONS = MappingProxyType(
    {
        "not_answered": Reason(
            "提出物", "答えのない項目があります: {items}", "全ての項目について記してください。", _AUDITS
        ),
        "item_not_asked": Reason(
            "提出物", "項目にないものがあります: {items}", "示された項目のとおりに記してください。", _AUDITS
        ),
        "answered_twice": Reason("提出物", "二度答えた項目があります: {items}", "一度ずつ記してください。", _AUDITS),
        "audit_not_planned": Reason(
            "実施計画",
            "この監査には実施計画がありません。",
            "監査の日、監査する者、範囲、方法を先に定めてください。",
            _AUDITS,
        ),
        "not_of_the_auditors": Reason(
            "行為者", "この者は、実施計画で監査する者とされていません。", "{auditors}が報告してください。", _DUTIES
        ),
        "unknown_auditor": Reason(
            "監査する者",
            "職員「{given}」は、機関「{body}」の個人情報保護監査チームの者ではありません。",
            "監査チームの者の識別子を記してください。",
            _AUDITS,
        ),
        "auditor_of_the_department": Reason(
            "監査する者",
            "職員「{given}」は、監査を受ける部署「{department}」の者です。",
            "その部署に属さない監査チームの者を記してください。",
            _DUTIES,
        ),
        "not_inspected": Reason(
            "自己点検",
            "部署「{department}」の個人情報ファイル「{file}」の、この一年の自己点検の完了が確かめられていません。"
            "自己点検は{stands}。",
            "先に自己点検を行い、確認を受けてください。",
            _AUDITS,
        ),
        "finding_assessment": Reason(
            "見直しを要する評価書",
            "評価書「{given}」は、この機関の台帳にないか、見直すものがまだありません。",
            "公表済みの評価書の識別子を記してください。",
            _AUDITS,
        ),
        "log_period": Reason(
            "期間",
            "分析した期間 {given} は、求められた期間ではありません。",
            "{wanted}を記してください。",
            "改善策の実施状況 6（ログ分析）",
        ),
    }
)
"""監査とログ分析を受け付けない理由の文: by their codes."""
