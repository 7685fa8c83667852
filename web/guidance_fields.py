"""指導の項目 (fields of a guidance): what is asked for when one is entered, and when a measure is added to it."""

import json
from collections.abc import Iterable
from typing import Any

from client.errors import InvalidInputError
from web.fields import Field, Kind, content_of
from web.posted import Posted

DOCUMENT, TEXT = "document", "text"
_ITEMS = "items"

Choices = Iterable[tuple[str, str]]

_ENTERED = (
    Field("subject", "事案", Kind.LINE, help="例 公金受取口座の誤登録事案"),
    Field("id", "指導の識別子", Kind.LINE, help="英小文字・数字・ハイフン。例 accounts-2023。番号に使われます。"),
    Field("guidance.authority", "指導をした機関", Kind.LINE, value="個人情報保護委員会"),
    Field("guidance.respondent", "報告する機関の名称", Kind.LINE),
    Field("guidance.number", "文書番号", Kind.LINE),
    Field("guidance.received_on", "指導の日", Kind.DAY),
    Field("guidance.report_due_on", "報告の期限", Kind.DAY),
    Field(_ITEMS, "指導事項", Kind.LINES, help="番号の順に、一行に一つ。「見出し | 文」と書きます。"),
)
_FROM_A_FILE = (
    Field(
        DOCUMENT, "又は、指導と改善策の文書のファイル", Kind.FILE, help="TOML 又は JSON。選ぶと、上の欄は使いません。"
    ),
    Field(TEXT, "又は、その文書の内容", help="ファイルを選ばないとき、ここに貼り付けます。上の欄は使いません。"),
)


def entering_fields(*, departments: Choices = (), people: Choices = (), own: str = "") -> tuple[Field, ...]:
    """Give the fields by which a guidance is entered; `own` is the department that reports unless another is chosen."""
    return (
        *_ENTERED,
        Field("department", "報告をとりまとめる部署", Kind.CHOICE, choices=tuple(departments), value=own),
        Field("owner", "担当者", Kind.CHOICE, choices=(("", "決めない（対策チームが行う）"), *people)),
        *_FROM_A_FILE,
    )


def measure_fields(*, items: Choices = (), departments: Choices = (), people: Choices = ()) -> tuple[Field, ...]:
    """Give the fields of a measure that is added."""
    return (
        Field("item", "指導事項", Kind.CHOICE, choices=tuple(items), required=True),
        Field(
            "id",
            "改善策の番号",
            Kind.LINE,
            help="指導事項の番号と、その中の順。例 2-9。英小文字・数字・ハイフン。",
            required=True,
        ),
        Field("heading", "見出し（■）", Kind.LINE),
        Field("text", "報告に載せる文", required=True),
        Field("department", "担当部署", Kind.CHOICE, choices=tuple(departments), required=True),
        Field("owner", "担当者", Kind.CHOICE, choices=(("", "決めない（起案者・保護管理者が行う）"), *people)),
        Field("when.said", "時期（文のとおり）", Kind.LINE, help="例 令和5年12月迄、令和5年度中", required=True),
        Field("when.latest_on", "その最も遅い日", Kind.DAY, help="この日が期限になります。", required=True),
        Field("when.assumed", "記載から日が定まらないとき、この日とした理由"),
        Field("order", "項目の中の順", Kind.NUMBER, help="空なら、その指導事項の最後。"),
    )


def entered_in(posted: Posted) -> bytes:
    """Give the document that was chosen, pasted, or made of what was typed. Raises InvalidInputError for nothing."""
    files = posted.files.get(DOCUMENT, [])
    content = files[0][1] if files else posted.text(TEXT).encode()
    if content:
        return content
    if not any(posted.text(one) for one in ("subject", "id", _ITEMS)):
        raise InvalidInputError(
            "文書がありません。",
            where="指導の文書",
            remedy="事案から指導事項までを書くか、ファイルを選ぶか、内容を貼り付けてください。",
            at={"subject": "何も書かれていません。"},
        )
    fields = (one for one in entering_fields() if one.name not in (DOCUMENT, TEXT))
    said: dict[str, Any] = json.loads(content_of(fields, posted))
    lines = said.pop(_ITEMS, [])
    about = {**said.pop("guidance", {}), "items": [_item(line, number) for number, line in enumerate(lines, start=1)]}
    return json.dumps({**said, "guidance": about}).encode()


def _item(line: str, number: int) -> dict[str, str]:
    heading, _, text = line.replace("｜", "|").partition("|")
    return {"number": str(number), "heading": heading.strip(), "text": text.strip() or heading.strip()}
