"""義務の項目 (fields of duties): what the pages ask for of each kind; a kind that is not here is given as a file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from schemas.audit_papers import Grade
from schemas.duties import DutyKind
from web.fields import Field, Kind

_GRADES = tuple((one.value, one.label) for one in Grade)

CONTENT_FIELDS: Mapping[DutyKind, tuple[Field, ...]] = MappingProxyType(
    {
        DutyKind.MEASURE: (
            Field("content.item", "指導事項の番号", Kind.LINE, required=True),
            Field("content.heading", "見出し（■）", Kind.LINE),
            Field("content.text", "改善策の内容", required=True),
        ),
        DutyKind.STATUS_REPORT: (Field("content.on", "基準日", Kind.DAY, required=True),),
        DutyKind.PUBLICITY: (
            Field("content.rule", "周知する規程等の名称", Kind.LINE, required=True),
            Field("content.version", "版", Kind.LINE),
            Field("content.channel", "周知の方法", Kind.LINE, help="例: 庁内ポータルサイト", required=True),
        ),
        DutyKind.CIRCULAR: (
            Field("content.number", "文書番号", Kind.LINE),
            Field("content.dated_on", "文書の日付", Kind.DAY),
            Field("content.text", "要旨", required=True),
            Field("document", "事務連絡の文書", Kind.FILE, help="台帳に保存し、宛先はリンクのページから取り出せます。"),
            Field("content.reply_until", "受領の確認を求める日", Kind.DAY, help="空なら、義務の期限。"),
            Field("content.repeats", "改めて発出する元の事務連絡", Kind.LINE),
        ),
        DutyKind.ANSWER: (
            Field("content.asked_by", "照会した団体", Kind.LINE, required=True),
            Field("content.asked_on", "照会の日", Kind.DAY, required=True),
            Field("content.question", "照会の内容", required=True),
        ),
        DutyKind.TRAINING: (
            Field("content.material", "研修資料の名称", Kind.LINE, required=True),
            Field(
                "content.material_sha256",
                "研修資料のSHA-256",
                Kind.LINE,
                help="資料の中身の指紋（64字）。分からなければ、空のままで構いません。",
            ),
            Field("content.material_since", "研修資料を使い始めた日", Kind.DAY, help="これより前には受講できません。"),
            Field("content.topics", "研修の項目", Kind.LINES, help="一行に一つ。根拠は「項目 | 条項」と添えます。"),
        ),
        DutyKind.INSPECTION: (
            Field("content.files", "個人情報ファイル", Kind.LINES, help="一行に一つ", required=True),
            Field("content.questions", "点検項目", Kind.LINES, help="一行に一つ", required=True),
        ),
        DutyKind.AUDIT: (
            Field("content.file", "個人情報ファイル", Kind.LINE, required=True),
            Field("content.contractor", "委託先", Kind.LINE),
            Field("content.checklist", "監査項目", Kind.LINES, help="一行に一つ", required=True),
        ),
        DutyKind.CORRECTION: (
            Field("content.finding", "指摘", required=True),
            Field("content.grade", "程度", Kind.CHOICE, choices=_GRADES, required=True),
            Field("content.text", "是正の内容", required=True),
        ),
        DutyKind.LOG_ANALYSIS: (Field("content.system", "システムの名称", Kind.LINE, required=True),),
    }
)
"""種類ごとの内容の項目."""

PAPER_FIELDS: Mapping[DutyKind, tuple[Field, ...]] = MappingProxyType(
    {
        DutyKind.GUIDANCE: (
            Field("paper.reported_on", "報告した日", Kind.DAY, required=True),
            Field("paper.report_sha256", "報告書のSHA-256", Kind.LINE, required=True),
        ),
        DutyKind.MEASURE: (
            Field("paper.when.said", "実施した時期（報告の文のとおり）", Kind.LINE, help="例 令和5年12月20日"),
            Field("paper.when.latest_on", "その最も遅い日", Kind.DAY),
            Field("paper.when.assumed", "時期の記載から日が定まらないとき、この日とした理由"),
            Field("paper.text", "報告に載せる文", help="空なら、予定の文に実施した日を添えます。"),
        ),
        DutyKind.STATUS_REPORT: (Field("paper.report_sha256", "報告書のSHA-256", Kind.LINE, required=True),),
        DutyKind.ANSWER: (Field("paper.answer", "回答", required=True),),
        DutyKind.CORRECTION: (
            Field("paper.answer", "指摘への回答", help="指摘を認めるか、認めないならその理由。", required=True),
            Field("paper.action", "行った是正", required=True),
        ),
        DutyKind.LOG_ANALYSIS: (
            Field(
                "summary_file",
                "集計のファイル（CSV）",
                Kind.FILE,
                help="一行目を「日付,件数,異常」とし、期間の全ての日を一行ずつ。選べば、期間、件数、異常は書かなくてよい。",
            ),
            Field("paper.first_on", "期間の初日", Kind.DAY),
            Field("paper.last_on", "期間の末日", Kind.DAY),
            Field("paper.volume", "件数", Kind.NUMBER),
            Field("paper.method", "方法", required=True),
            Field("paper.anomalies", "異常", Kind.LINES, help="一行に一つ。なければ空のまま。"),
            Field("paper.conclusion", "結論", required=True),
        ),
    }
)
"""種類ごとの提出物の項目."""


def with_topics(content: dict[str, Any]) -> dict[str, Any]:
    """Give the content of a training, each topic that was typed on one line apart from its provision."""
    topics = content.get("topics")
    if not isinstance(topics, list):
        return content
    parts = [[part.strip() for part in str(one).replace("｜", "|").split("|", 1)] for one in topics]
    return {**content, "topics": [dict(zip(("title", "provision"), filter(None, one), strict=False)) for one in parts]}


def by_file(part: str, title: str) -> tuple[Field, ...]:
    """Give the field for a part (`content`, `paper`) of a kind whose page is not made of fields: a JSON file."""
    return (Field(f"{part}_file", f"{title}のファイル（JSON）", Kind.FILE, required=True),)
