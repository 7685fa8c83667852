"""誤りの伝え方 (failures): how each kind of error is told, and the exit status that it gives."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

from cli.exit_status import ExitStatus

if TYPE_CHECKING:
    from client.errors import CallerError


REGISTER_AWAY = (
    "台帳に、今つながりません。受け付けられたかどうかは、まだ分かりません。\n"
    "  すべきこと: データベースが動いているか、容量に空きがあるかを確かめ、同じ行為番号でもう一度行ってください。"
)

_OF_A_REFUSAL = {"act": "行為", "stage": "段階", "provision": "根拠"}


def tell(error: Exception, *, as_json: bool) -> ExitStatus | None:
    """Tell an error that a person can do something about, and give its exit status; None for a bug."""
    from client.errors import CallerError
    from client.register_away import RegisterAway
    from engine.errors import EngineError
    from settings import SettingsError

    if isinstance(error, SettingsError):
        sys.stderr.write(f"{error}\n")
        return ExitStatus.USAGE
    if isinstance(error, EngineError):
        sys.stderr.write(f"{error}\n")
        return ExitStatus.NOT_REACHABLE
    if isinstance(error, RegisterAway):
        sys.stderr.write(f"{REGISTER_AWAY}\n")
        return ExitStatus.NOT_REACHABLE
    if isinstance(error, CallerError):
        _tell_caller(error, as_json=as_json)
        return ExitStatus(error.exit_status)
    return None


def _tell_caller(error: CallerError, *, as_json: bool) -> None:
    if as_json:
        sys.stderr.write(json.dumps({"error": error.as_data()}, ensure_ascii=False) + "\n")
        return
    data = error.as_data()
    lines = [f"受け付けられません。{error.message}", f"  箇所: {error.where}"]
    lines += [f"  {title}: {data[name]}" for name, title in _OF_A_REFUSAL.items() if data.get(name)]
    faults = data.get("faults", ())
    if isinstance(faults, list):
        lines += [f"  - {fault}" for fault in faults]
    lines.append(f"  すべきこと: {error.remedy}")
    instead = data.get("instead")
    if isinstance(instead, list):
        lines += [f"  今できること: {one}" for one in instead]
    sys.stderr.write("\n".join(lines) + "\n")


_LIBRARY = (
    (r"Input should be greater than or equal to (\S+)", r"\1以上の数を指定してください。"),
    (r"Input should be less than or equal to (\S+)", r"\1以下の数を指定してください。"),
    (r"Input should be a valid (?:integer|number)\b.*", "数を指定してください。"),
    (r"Value error, '(.*)' does not match the formats?\b.*", r"「\1」は、日付（例 2026-06-01）で指定してください。"),
)
"""ライブラリの文: what the libraries say in English of a value, and the same in Japanese."""


def in_japanese(message: str) -> str:
    """Give what is wrong with the value of an option in Japanese; what is said in Japanese stays."""
    for pattern, sentence in _LIBRARY:
        message = re.sub(pattern, sentence, message)
    return message
