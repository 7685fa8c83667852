"""指導の文書の読取り (input of guidance): a document or a measure as TOML or JSON, and what opens its duties."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from client.errors import InvalidInputError
from client.input import message_from
from schemas.guidance import GuidanceDocument, Measure, MeasureEntry

WHERE = "指導の文書"

_BEGIN, _HEADING = 30, 120


def document_from(content: bytes) -> GuidanceDocument:
    """Read a guidance with its measures. Raises InvalidInputError with every fault."""
    return message_from(GuidanceDocument, as_json(content, where=WHERE), where=WHERE)


def as_json(content: bytes, *, where: str) -> bytes:
    """Give JSON as it is, and TOML as JSON."""
    if content.lstrip().startswith(b"{"):
        return content
    try:
        return json.dumps(tomllib.loads(content.decode("utf-8")), ensure_ascii=False, default=str).encode()
    except UnicodeDecodeError:
        raise InvalidInputError(
            "UTF-8 の文字列ではありません。", where=where, remedy="UTF-8 で保存してください。"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(
            f"TOML として読めません（{error}）。", where=where, remedy="示された行の書き方を直してください。"
        ) from None


def opening_of(document: GuidanceDocument) -> bytes:
    """Give what opens the duty of a guidance."""
    content: dict[str, Any] = {
        "department": document.department,
        "owner": document.owner,
        "title": document.subject,
        "due_on": str(document.guidance.report_due_on),
        "content": document.guidance.model_dump(mode="json"),
    }
    return to_json(content)


def content_of(one: MeasureEntry) -> dict[str, Any]:
    """Give what the duty of a measure is about."""
    return one.model_dump(mode="json", include=set(Measure.model_fields))


def title_of(one: MeasureEntry) -> str:
    """Call a measure by its heading and how it begins."""
    begin = one.text[:_BEGIN] + ("…" if len(one.text) > _BEGIN else "")
    return f"{one.heading[:_HEADING]}: {begin}" if one.heading else begin


def to_json(content: dict[str, Any]) -> bytes:
    """Write what is said, without what is not."""
    return json.dumps({name: value for name, value in content.items() if value is not None}).encode()


def faulty(faults: tuple[str, ...], *, where: str = WHERE) -> InvalidInputError:
    """Say every fault at once."""
    return InvalidInputError(
        f"{len(faults)}件の誤りがあります。", where=where, remedy="示された箇所を直してください。", faults=faults
    )
