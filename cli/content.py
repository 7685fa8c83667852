"""行為の内容 (content): what an act says, from a file or from the options of a command."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from cli.opening import read

FileOption = Annotated[str | None, typer.Option("--file", metavar="FILE", help="内容を書いた JSON（- は標準入力）")]
Reason = Annotated[str | None, typer.Option("--reason", help="理由")]
Evidence = Annotated[list[str] | None, typer.Option("--evidence", metavar="名称=SHA256", help="根拠資料（繰り返せる）")]


def content_of(file: str | None, **fields: Any) -> bytes:
    """Give the content of an act: from a file, or from what the options say."""
    said = {name: value for name, value in fields.items() if value is not None}
    if file is None:
        return json.dumps(said, ensure_ascii=False).encode()
    if said:
        raise typer.BadParameter("--file と、内容を書く他の選択肢は、同時に使えません。")
    return read(file)


def evidence_of(pairs: list[str] | None) -> list[dict[str, str]] | None:
    """Give the evidence that the options name, None where they name none."""
    return [dict(zip(("title", "sha256"), pair_of(one, "名称=SHA256"), strict=True)) for one in pairs or []] or None


def json_from(file: str) -> Any:
    """Read JSON from a file. Raises BadParameter when it is none."""
    try:
        return json.loads(read(file))
    except ValueError:
        raise typer.BadParameter(f"{file} を JSON として読めません。") from None


def object_from(file: str) -> dict[str, Any]:
    """Read a JSON object from a file. Raises BadParameter when it is none."""
    found = json_from(file)
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{file} は JSON のオブジェクトではありません。")
    return found


def notes_of(pairs: list[str]) -> list[dict[str, str]]:
    """Give the notes on items that the options name."""
    return [dict(zip(("item", "text"), pair_of(one, "項目=文"), strict=True)) for one in pairs]


def pair_of(text: str, shape: str) -> tuple[str, str]:
    """Split what an option says at its equals sign. Raises BadParameter, naming the shape, where it has none."""
    left, equals, right = text.partition("=")
    if not (left and equals and right):
        raise typer.BadParameter(f"「{text}」は「{shape}」の形で書いてください。")
    return left, right
